//! What the machine around may do: no space, no right to write, no keystore. No test harness: the same program
//! runs again inside a mount namespace or under a session bus of its own.
//!
//! `cargo test -p doorstep-store --test environment [name]`; needs `unshare`, `mount`, `dbus-run-session` and
//! `gnome-keyring-daemon`, which `make test` installs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../common/mod.rs"]
mod common;
mod disk;
mod keystore;

use std::path::Path;
use std::process::Command;

/// First argument that makes this program the inner one.
const FLAG: &str = "--inner";

type Test = (&'static str, fn(&Path) -> Command, fn(&Path));

fn main() {
    let tests: [Test; 5] = [
        ("full_disk", mounts, disk::full_disk),
        ("used_up_quota", small_files, disk::used_up_quota),
        ("read_only_folder", mounts, disk::read_only_folder),
        (
            "keystore_of_the_desktop",
            session_bus,
            keystore::keystore_of_the_desktop,
        ),
        (
            "desktop_without_keystore",
            no_bus,
            keystore::desktop_without_keystore,
        ),
    ];
    let args: Vec<String> = std::env::args().collect();
    if let [_, flag, name, dir] = args.as_slice()
        && flag == FLAG
    {
        let (_, _, test) = tests.iter().find(|(n, _, _)| n == name).unwrap();
        return test(Path::new(dir));
    }
    let wanted = args.iter().skip(1).find(|a| !a.starts_with('-'));
    for (name, wrapper, _) in tests
        .iter()
        .filter(|(n, _, _)| wanted.is_none_or(|w| n.contains(w.as_str())))
    {
        let dir = tempfile::tempdir().unwrap();
        let mut command = wrapper(dir.path());
        command
            .arg(std::env::current_exe().unwrap())
            .args([FLAG, name])
            .arg(dir.path());
        let status = command
            .status()
            .unwrap_or_else(|e| panic!("{name} cannot run {command:?}: {e}"));
        assert!(status.success(), "test {name} failed: {status}");
        println!("test {name} ... ok");
    }
}

/// A mount namespace of its own; a user who is not root also gets a user namespace.
fn mounts(_: &Path) -> Command {
    let me = Command::new("id").arg("-u").output().unwrap().stdout;
    let mut command = Command::new("unshare");
    command.arg(if me.trim_ascii() == b"0" {
        "-m"
    } else {
        "-Urm"
    });
    command
}

/// No file may grow past 48 KB: the write fails as with a used-up quota, with another error than "no space".
fn small_files(_: &Path) -> Command {
    let mut command = Command::new("bash");
    command.args([
        "-c",
        "trap '' XFSZ; ulimit -f 48; exec \"$@\"",
        "small_files",
    ]);
    command
}

/// A session bus and a home of its own.
fn session_bus(dir: &Path) -> Command {
    let mut command = Command::new("dbus-run-session");
    command
        .arg("--")
        .env("HOME", dir)
        .env("XDG_DATA_HOME", dir)
        .env("XDG_RUNTIME_DIR", dir);
    command
}

fn no_bus(dir: &Path) -> Command {
    let mut command = Command::new("env");
    let nowhere = format!(
        "DBUS_SESSION_BUS_ADDRESS=unix:path={}",
        dir.join("nobody").display()
    );
    command.args(["-u", "DISPLAY", &nowhere]);
    command
}
