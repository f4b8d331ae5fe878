//! Clock, disk, database, keystore and key file.

use crate::{Case, sentences, tried};
use doorstep_app::App;
use doorstep_domain::time::Moment;
use doorstep_stories::{Desk, code, events, profile, refusal};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

pub(crate) fn all() -> Vec<Case> {
    let mut cases = vec![clock(), nowhere_to_write(), nowhere_to_save(), full_disk()];
    cases.extend([twice_open(), from_the_future()]);
    cases.push(passphrase("钥匙：没有系统钥匙库", None));
    cases.push(passphrase("钥匙：口令不对", Some("别人的口令一二三四")));
    cases.push(unopened("钥匙：系统钥匙库没有回应", |desk| {
        desk.keys.silence()
    }));
    cases.push(unopened(
        "钥匙：系统钥匙库里的钥匙没了",
        |desk| desk.keys.forget(),
    ));
    cases.push(damaged("钥匙：文件写坏了", |main| {
        fs::write(main.join("key.json"), "{\"format\":\"doorstep-key\"").unwrap();
    }));
    cases.push(damaged("钥匙：更新的版本写的", |main| {
        let key = fs::read_to_string(main.join("key.json")).unwrap();
        fs::write(
            main.join("key.json"),
            key.replace("\"version\": 1", "\"version\": 2"),
        )
        .unwrap();
    }));
    cases.push(damaged("数据：文件被写成乱码", |main| {
        fs::write(main.join("doorstep.db"), vec![0x5a; 8192]).unwrap();
    }));
    cases.push(damaged("数据：换成别的平板的", |main| {
        // a tablet that has drawn other keys
        let other = Desk::new();
        other.app.start_demo().unwrap();
        other.app.leave_demo().unwrap();
        other.app.start_real(&profile(None)).unwrap();
        let other = other.restarted(|_| {});
        for name in ["doorstep.db", "doorstep.key-id"] {
            fs::copy(other.folder().join("main").join(name), main.join(name)).unwrap();
        }
    }));
    cases
}

fn clock() -> Case {
    let desk = Desk::at_work();
    let order = desk.order("20261122-0412", "修障").order.stream;
    let y2k = Moment {
        ms: 946_684_800_000,
        offset_min: 480,
    };
    desk.clock.set(y2k);
    tried("时钟：2000 年", &desk, |d| d.app.open_visit(&order))
}

/// A folder that nobody may write into, root included.
fn nowhere_to_write() -> Case {
    let desk = Desk::new();
    let there = Path::new("/sys/kernel/doorstep");
    let app = desk.beside(there);
    let sentence = sentences::of(&refusal(app.start_real(&profile(None))).refusal);
    assert!(!there.exists());
    Case {
        name: "磁盘：文件夹只读",
        sentence,
        before: 0,
        after: 0,
    }
}

fn nowhere_to_save() -> Case {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    desk.repair(&visit);
    desk.finish(&visit);
    fs::write(
        desk.folder().join("documents"),
        "a file where a folder should be",
    )
    .unwrap();
    tried("磁盘：工单存不进去", &desk, |d| {
        d.app.save_ticket(&visit)
    })
}

/// Where the inner run of [`full_disk`] finds its small disk.
const SMALL_DISK: &str = "DOORSTEP_SMALL_DISK";

/// A disk that fills up while a visit is worked on: this program once more, on a small disk of its own.
fn full_disk() -> Case {
    let (disk, answer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let script = "mount -t tmpfs -o size=6m tmpfs \"$TMPDIR\" && exec \"$@\"";
    let status = std::process::Command::new("unshare")
        .arg(if root { "-m" } else { "-Urm" })
        .args(["sh", "-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["machine::on_a_full_disk", "--exact", "--ignored"])
        .env("TMPDIR", disk.path())
        .env(SMALL_DISK, answer.path())
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "on the small disk: {status}");
    let told = fs::read_to_string(answer.path().join("case")).unwrap();
    let [sentence, before, after] = told.lines().collect::<Vec<_>>()[..] else {
        panic!("{told}");
    };
    Case {
        name: "磁盘：存满了",
        sentence: sentence.to_owned(),
        before: before.parse().unwrap(),
        after: after.parse().unwrap(),
    }
}

/// The inner run: works on a visit until the disk is full, and once there is room again goes on.
#[test]
#[ignore = "runs inside full_disk, on a disk of its own"]
fn on_a_full_disk() {
    let answer = std::env::var_os(SMALL_DISK).unwrap();
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    let ballast = desk.folder().join("ballast");
    fill(&ballast);
    let command = doorstep_stories::answer("form-shown", doorstep_domain::visit::Answer::Tick);
    // what the database still has room for inside its own files is taken
    let refused = (0..10_000).find_map(|_| {
        let before = events(&desk.app);
        desk.app.act(&visit, &command).err().map(|e| (before, e))
    });
    let (before, error) = refused.unwrap();
    let after = events(&desk.app);
    fs::remove_file(ballast).unwrap();
    desk.act(&visit, [command]);
    assert_eq!(
        events(&desk.app),
        after + 1,
        "it goes on once there is room"
    );
    let sentence = sentences::of(&error.refusal);
    // how much still found room depends on the file system: the table counts from the eleven before
    fs::write(
        Path::new(&answer).join("case"),
        format!("{sentence}\n11\n{}\n", 11 + after - before),
    )
    .unwrap();
}

/// Fills what is left of the disk.
fn fill(path: &Path) {
    let mut file = fs::File::create(path).unwrap();
    let mut size = 1 << 20;
    while size > 0 {
        if file.write_all(&vec![0; size]).is_err() {
            size /= 2;
        }
    }
}

/// A database that a newer version has migrated; the demo's, whose key lies open.
fn from_the_future() -> Case {
    let desk = Desk::new();
    desk.app.start_demo().unwrap();
    let before = events(&desk.app);
    let version = |root: &Path, change: &dyn Fn(u32) -> u32| {
        let folder = root.join("demo");
        let text = fs::read_to_string(folder.join("key.json")).unwrap();
        let key: serde_json::Value = serde_json::from_str(&text).unwrap();
        let raw = rusqlite::Connection::open(folder.join("doorstep.db")).unwrap();
        let unlock = format!("PRAGMA key = \"x'{}'\"", key["wrapped"].as_str().unwrap());
        raw.execute_batch(&unlock).unwrap();
        let now: u32 = raw
            .query_row("PRAGMA user_version", [], |r| r.get(0))
            .unwrap();
        raw.pragma_update(None, "user_version", change(now))
            .unwrap();
    };
    let desk = desk.restarted(|root| version(root, &|v| v + 900));
    let sentence = sentences::of(&refusal(desk.app.boot()).refusal);
    let desk = desk.restarted(|root| version(root, &|v| v - 900));
    desk.app.boot().unwrap();
    Case {
        name: "数据：更新的版本写的",
        sentence,
        before,
        after: events(&desk.app),
    }
}

fn twice_open() -> Case {
    let desk = Desk::at_work();
    desk.order("20261122-0412", "修障");
    let second: App = desk.beside(desk.folder());
    tried("数据：开了两个窗口", &desk, |_| second.boot())
}

/// A tablet without a keystore: at the first start, and with somebody else's passphrase.
fn passphrase(name: &'static str, wrong: Option<&str>) -> Case {
    let desk = Desk::new();
    desk.keys.silence();
    let Some(wrong) = wrong else {
        let sentence = sentences::of(&refusal(desk.app.start_real(&profile(None))).refusal);
        return Case {
            name,
            sentence,
            before: 0,
            after: 0,
        };
    };
    let right = "上门服务师傅您好";
    desk.app.start_real(&profile(Some(right))).unwrap();
    desk.order("20261122-0412", "修障");
    let before = events(&desk.app);
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();
    let sentence = sentences::of(&refusal(desk.app.unlock(wrong)).refusal);
    desk.app.unlock(right).unwrap();
    Case {
        name,
        sentence,
        before,
        after: events(&desk.app),
    }
}

/// A keystore that fails at the next start: the data stays as it was.
fn unopened(name: &'static str, trouble: impl FnOnce(&Desk)) -> Case {
    let desk = Desk::at_work();
    desk.order("20261122-0412", "修障");
    let before = events(&desk.app);
    let desk = desk.restarted(|_| {});
    let kept = desk.keys.kept();
    trouble(&desk);
    let sentence = sentences::of(&refusal(desk.app.boot()).refusal);
    desk.keys.restore(kept);
    desk.app.boot().unwrap();
    Case {
        name,
        sentence,
        before,
        after: events(&desk.app),
    }
}

/// A file of the profile that is damaged while the window is closed, and put back afterwards.
fn damaged(name: &'static str, wound: impl FnOnce(&Path)) -> Case {
    let desk = Desk::at_work();
    desk.order("20261122-0412", "修障");
    let before = events(&desk.app);
    let backup = tempfile::tempdir().unwrap();
    let copy = |from: &Path, to: &Path| {
        for entry in fs::read_dir(from)
            .unwrap()
            .flatten()
            .filter(|e| e.path().is_file())
        {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    };
    let desk = desk.restarted(|root| {
        copy(&root.join("main"), backup.path());
        wound(&root.join("main"));
    });
    let sentence = sentences::of(&refusal(desk.app.boot()).refusal);
    let again = code(desk.app.boot());
    let desk = desk.restarted(|root| copy(backup.path(), &root.join("main")));
    desk.app
        .boot()
        .unwrap_or_else(|e| panic!("{name}: put back, {again:?}: {e}"));
    Case {
        name,
        sentence,
        before,
        after: events(&desk.app),
    }
}
