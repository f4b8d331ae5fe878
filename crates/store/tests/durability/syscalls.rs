//! Reading what strace wrote: one system call a line, strings in hex (`-xx`).

/// A call that concerns files, with what it returned.
#[derive(Debug)]
pub(crate) enum Call {
    Open {
        path: String,
        create: bool,
        truncate: bool,
        fd: i64,
    },
    Close {
        fd: i64,
    },
    Seek {
        fd: i64,
        at: usize,
    },
    Write {
        fd: i64,
        data: Vec<u8>,
        at: Option<usize>,
    },
    Truncate {
        fd: i64,
        len: usize,
    },
    Sync {
        fd: i64,
    },
    Rename {
        from: String,
        to: String,
    },
    Unlink {
        path: String,
    },
    MakeDir {
        path: String,
    },
}

/// Every successful call of the trace, in order.
pub(crate) fn parse(trace: &str) -> Vec<Call> {
    // `+++ exited` and the like are no calls
    let calls = trace
        .lines()
        .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()));
    calls
        .filter_map(succeeded)
        .map(|(line, result)| call(line, result).unwrap_or_else(|| panic!("{line}")))
        .collect()
}

/// The call before its result; `None` for one that failed.
fn succeeded(line: &str) -> Option<(&str, i64)> {
    let (call, result) = line
        .rsplit_once(" = ")
        .unwrap_or_else(|| panic!("not a whole call: {line}"));
    let result: i64 = result.split(' ').next()?.parse().ok()?;
    (result >= 0).then_some((call.trim_end().strip_suffix(')')?, result))
}

fn call(line: &str, result: i64) -> Option<Call> {
    let (name, args) = line.split_once('(')?;
    let args: Vec<&str> = args.split(", ").collect();
    let number = |i: usize| args.get(i)?.trim_end().parse::<i64>().ok();
    let size = |i: usize| usize::try_from(number(i)?).ok();
    let data = |i: usize| args.get(i).map(|a| bytes(a));
    let path = |i: usize| String::from_utf8(data(i)?).ok();
    let written = |mut data: Vec<u8>| {
        data.truncate(usize::try_from(result).unwrap());
        data
    };
    // one call a name: a name that is traced and not understood must not pass silently
    Some(match name.trim() {
        "openat" | "open" => {
            let first = usize::from(name == "openat");
            let flags = args.get(first + 1)?;
            let (create, truncate) = (flags.contains("O_CREAT"), flags.contains("O_TRUNC"));
            Call::Open {
                path: path(first)?,
                create,
                truncate,
                fd: result,
            }
        }
        "close" => Call::Close { fd: number(0)? },
        "lseek" => Call::Seek {
            fd: number(0)?,
            at: usize::try_from(result).ok()?,
        },
        "write" => Call::Write {
            fd: number(0)?,
            data: written(data(1)?),
            at: None,
        },
        "pwrite64" => Call::Write {
            fd: number(0)?,
            data: written(data(1)?),
            at: Some(size(3)?),
        },
        "ftruncate" => Call::Truncate {
            fd: number(0)?,
            len: size(1)?,
        },
        "fsync" | "fdatasync" => Call::Sync { fd: number(0)? },
        "rename" => Call::Rename {
            from: path(0)?,
            to: path(1)?,
        },
        "renameat" | "renameat2" => Call::Rename {
            from: path(1)?,
            to: path(3)?,
        },
        "unlink" => Call::Unlink { path: path(0)? },
        "unlinkat" => Call::Unlink { path: path(1)? },
        "mkdir" => Call::MakeDir { path: path(0)? },
        "mkdirat" => Call::MakeDir { path: path(1)? },
        other => panic!("a traced call that the model does not know: {other}"),
    })
}

/// `"\x61\x62"` as bytes.
fn bytes(text: &str) -> Vec<u8> {
    let hex = text.trim_matches('"');
    assert!(text.ends_with('"'), "strace cut a string: raise -s");
    hex.split("\\x")
        .skip(1)
        .map(|h| u8::from_str_radix(h, 16).unwrap())
        .collect()
}
