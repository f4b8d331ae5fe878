//! Thousands of seeds. A failing one prints itself and is replayed by `DOORSTEP_SEED=n`.

use crate::adversary::{FAULTS, Fault};
use crate::desk::Desk;
use crate::world::{Verdict, World};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Fewer is a failure.
const SEEDS: u64 = 2_000;
/// Every kind of fault fires at least this often in all.
const LEAST_FIRED: u64 = 200;
const STEPS: u32 = 60;
const TABLETS: usize = 3;

type Fired = BTreeMap<Fault, u64>;

/// Memory-backed where the system has it: durability on a real disk is proved in the store's own tests.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// Fresh profiles, made once and copied for every seed: making one takes longer than a seed.
fn blanks(dir: &Path) -> Vec<PathBuf> {
    let make = |i: usize| {
        let home = dir.join(format!("blank-{i}"));
        drop(Desk::open(home.clone(), i as u64 + 1));
        home
    };
    (0..TABLETS).map(make).collect()
}

fn run(seed: u64, blanks: &[PathBuf]) -> (Verdict, Fired) {
    let dir = scratch();
    let mut world = World::new(seed, dir.path(), blanks);
    for _ in 0..STEPS {
        world.step();
    }
    let verdict = world.heal();
    (verdict, world.faults.fired)
}

#[test]
fn nothing_is_lost_doubled_or_stuck_whatever_happens() {
    let home = scratch();
    let blanks = blanks(home.path());
    if let Ok(seed) = std::env::var("DOORSTEP_SEED") {
        let (verdict, fired) = run(seed.parse().unwrap(), &blanks);
        println!("seed {seed}: {fired:?}");
        assert_eq!(verdict, Verdict::default(), "seed {seed}");
        return;
    }
    let next = AtomicU64::new(0);
    let fired: Mutex<Fired> = Mutex::new(BTreeMap::new());
    let failed: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let done = AtomicU64::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= SEEDS || failed.lock().unwrap().len() > 5 {
                        break;
                    }
                    match catch_unwind(AssertUnwindSafe(|| run(seed, &blanks))) {
                        Ok((verdict, counted)) => {
                            if verdict != Verdict::default() {
                                failed
                                    .lock()
                                    .unwrap()
                                    .push(format!("DOORSTEP_SEED={seed}: {verdict:?}"));
                            }
                            let mut fired = fired.lock().unwrap();
                            for (fault, n) in counted {
                                *fired.entry(fault).or_default() += n;
                            }
                        }
                        Err(_) => failed
                            .lock()
                            .unwrap()
                            .push(format!("DOORSTEP_SEED={seed} panicked")),
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(
        failed.is_empty(),
        "replay with one of\n{}",
        failed.join("\n")
    );
    assert_eq!(done.into_inner(), SEEDS);
    let fired = fired.into_inner().unwrap();
    println!("{SEEDS} seeds, faults fired: {fired:?}");
    for fault in FAULTS {
        let times = fired.get(&fault).copied().unwrap_or(0);
        assert!(times >= LEAST_FIRED, "{fault:?} fired only {times} times");
    }
}
