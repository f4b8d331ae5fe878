//! The power fails right after an acknowledgement: every call of a child is recorded with strace and played
//! onto a model disk that keeps only what was flushed.

use crate::child;
use crate::common::{self, Rng};
use crate::disk::Disk;
use crate::syscalls::{self, Call};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const STEPS: u64 = 330;
const CALLS: &str = "trace=?open,openat,close,lseek,write,pwrite64,ftruncate,fsync,fdatasync,\
    ?rename,renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat";

fn record(dir: &Path, out: &Path, seed: u64) -> Vec<Call> {
    let mut strace = Command::new("strace");
    strace
        .args([
            "-xx",
            "-s",
            "1000000",
            "-e",
            CALLS,
            "-e",
            "signal=none",
            "-o",
        ])
        .arg(out);
    let child = child::command(Some(strace), dir, 0, seed, STEPS)
        .stdout(Stdio::null())
        .status();
    let status =
        child.unwrap_or_else(|e| panic!("strace is needed (`make test` installs it): {e}"));
    assert!(status.success(), "the traced child failed: {status}");
    syscalls::parse(&std::fs::read_to_string(out).unwrap())
}

/// What the child says on its pipe.
fn said(call: &Call) -> Option<(String, String)> {
    let Call::Write { fd: 1, data, .. } = call else {
        return None;
    };
    let line = String::from_utf8(data.clone()).unwrap();
    line.trim()
        .split_once(' ')
        .map(|(word, id)| (word.to_owned(), id.to_owned()))
}

/// What happened between a `begin` and its `ack`, in the order that counts.
#[derive(Default)]
struct Order {
    unsynced_log: bool,
    log_syncs: u32,
    unsynced_files: Vec<i64>,
    unsynced_folders: Vec<PathBuf>,
    photos: u32,
}

impl Order {
    fn take(&mut self, disk: &Disk, call: &Call) {
        let log = |fd: i64| {
            disk.path(fd)
                .is_some_and(|p| p.to_string_lossy().ends_with("-wal"))
        };
        let temp = |fd: i64| {
            disk.path(fd)
                .is_some_and(|p| p.to_string_lossy().contains("/.tmp-"))
        };
        match call {
            Call::Write { fd, .. } if log(*fd) => {
                let ready = self.unsynced_files.is_empty() && self.unsynced_folders.is_empty();
                assert!(
                    ready,
                    "the log names a photo whose file or name is not flushed: {:?}",
                    self.unsynced_folders
                );
                self.unsynced_log = true;
            }
            Call::Write { fd, .. } if temp(*fd) => self.unsynced_files.push(*fd),
            Call::Sync { fd } if log(*fd) => {
                (self.unsynced_log, self.log_syncs) = (false, self.log_syncs + 1)
            }
            Call::Sync { fd } if self.unsynced_files.contains(fd) => {
                self.unsynced_files.retain(|f| f != fd)
            }
            Call::Sync { fd } => self
                .unsynced_folders
                .retain(|folder| disk.path(*fd) != Some(folder)),
            Call::Rename { to, .. } => {
                assert!(
                    self.unsynced_files.is_empty(),
                    "a photo gets its name before its bytes are flushed"
                );
                self.unsynced_folders
                    .extend(Path::new(to).parent().map(Path::to_owned));
                self.photos += 1;
            }
            _ => {}
        }
    }
}

pub(crate) fn unsynced_writes_are_dropped(seed: u64) {
    let base = tempfile::tempdir().unwrap();
    let root = std::fs::canonicalize(base.path()).unwrap().join("profile");
    std::fs::create_dir(&root).unwrap();
    let calls = record(&root, &base.path().join("trace"), seed);
    let mut rng = Rng(seed);
    let (mut disk, mut order) = (Disk::new(&root), Order::default());
    let (mut acked, mut photos, mut looked, mut checkpoints): (Vec<String>, u32, u32, u32) =
        (vec![], 0, 0, 0);
    for call in &calls {
        match said(call) {
            Some((word, _)) if word == "begin" => order = Order::default(),
            Some((word, id)) if word == "ack" => {
                assert!(
                    order.log_syncs > 0,
                    "{id}: no flush of the write-ahead log before the acknowledgement"
                );
                assert!(
                    !order.unsynced_log,
                    "{id}: acknowledged before the write-ahead log was flushed"
                );
                photos += order.photos;
                acked.push(id);
                if acked.len() < 8 || rng.below(12) == 0 || acked.len() as u64 == STEPS {
                    check(&disk, &root, &acked, &mut rng);
                    looked += 1;
                }
            }
            _ => order.take(&disk, call),
        }
        let database = |fd: i64| disk.path(fd).is_some_and(|p| p.ends_with("doorstep.db"));
        checkpoints +=
            u32::from(!acked.is_empty() && matches!(call, Call::Sync { fd } if database(*fd)));
        disk.play(call);
    }
    println!(
        "  {} acknowledged writes, {photos} files in the vault, {checkpoints} checkpoints; {looked} power losses, \
         each once with nothing unflushed and once with a random half of it: all there",
        acked.len()
    );
    assert_eq!(acked.len() as u64, STEPS);
    assert!(
        photos > 50 && checkpoints > 0,
        "photographs and a checkpoint are in the trace"
    );
}

/// After a power loss at this moment everything acknowledged is there.
fn check(disk: &Disk, root: &Path, acked: &[String], rng: &mut Rng) {
    for luck in [false, true] {
        let shadow = tempfile::tempdir().unwrap();
        disk.after_power_loss(root, shadow.path(), luck.then_some(&mut *rng));
        let mut store = common::open(shadow.path());
        let there = store.events(&child::visit(0)).unwrap();
        let there: Vec<&str> = there.iter().map(|e| e.content.id.as_str()).collect();
        assert!(
            there.len() >= acked.len(),
            "{} of {} acknowledged are there",
            there.len(),
            acked.len()
        );
        assert_eq!(there[..acked.len()], acked[..], "in their order");
        assert_eq!(
            store
                .verify(&common::vault(shadow.path()))
                .unwrap()
                .problems,
            []
        );
        assert!(
            !store.rebuild().unwrap().changed,
            "derived rows are those of the log"
        );
    }
}
