//! Several threads open the first databases of a process at the same moment.
#![allow(clippy::unwrap_used, missing_docs)]

use doorstep_store::{DataKey, OpenEnv, Store};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;

/// Only a process's first moment is of interest, so there are many processes. Without the store's patience about one of twenty
/// failed on two cores.
const PROCESSES: usize = 100;
const THREADS: u8 = 8;

/// The program of the child.
#[test]
#[ignore = "the process of the other test"]
fn opens_on_many_threads() {
    // in memory where the system has it: it is not about the disk
    let memory = Path::new("/dev/shm");
    let dir = match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    };
    let start = Barrier::new(usize::from(THREADS));
    std::thread::scope(|scope| {
        for n in 0..THREADS {
            let home = dir.path().join(n.to_string());
            let start = &start;
            scope.spawn(move || {
                let env = OpenEnv {
                    now_ms: 1_795_327_200_000,
                    random: &mut |out: &mut [u8]| out.fill(n),
                };
                start.wait();
                Store::open(&home, &DataKey::from_bytes([n; 32]), env).unwrap();
            });
        }
    });
}

#[test]
fn the_first_databases_of_a_process_may_be_opened_at_once() {
    for n in 0..PROCESSES {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["opens_on_many_threads", "--exact", "--ignored"])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success(), "process {n}: {told}");
        assert!(told.contains("1 passed"), "process {n}: {told}");
    }
}
