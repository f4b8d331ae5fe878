//! Thousands of seeds. A failing one prints itself and is replayed by `DOORSTEP_SEED=n`.

use crate::adversary::{FAULTS, Fault, Sabotage};
use crate::desk::Desk;
use crate::model::Model;
use crate::server::{Real, SPY, Server, Tokens, found};
use crate::verdict::Verdict;
use crate::world::World;
use doorstep_domain::wire::Role;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Fewer is a failure.
const SEEDS: u64 = 2_000;
/// Every kind of fault fires at least this often in all.
const LEAST_FIRED: u64 = 200;
/// The contract itself is checked with fewer.
const SEEDS_AT_THE_MODEL: u64 = 200;
/// A sabotage is caught by one of these at the latest.
const SEEDS_TO_CATCH: u64 = 300;
const STEPS: u32 = 60;
const TABLETS: usize = 3;
/// Fresh profiles for those whose tablet was wiped; one more takes a while to make.
const SPARES: u64 = 4;

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

/// Which hub stands on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// The one that ships, in this process.
    Real,
    /// The one in memory: quicker, and a second reading of the contract.
    Model,
}

/// Fresh profiles and a fresh hub, made once and copied for every seed: making them takes longer than a seed.
struct Blanks {
    crew: Vec<(String, String, PathBuf)>,
    spares: Vec<PathBuf>,
    hub: PathBuf,
    tokens: Tokens,
}

impl Blanks {
    fn new(dir: &Path) -> Blanks {
        let make = |i: usize| {
            let home = dir.join(format!("blank-{i}"));
            drop(Desk::open(home.clone(), i as u64 + 1));
            (format!("device-{i}"), format!("310{i}"), home)
        };
        let crew: Vec<_> = (0..TABLETS).map(make).collect();
        let spare = |n: u64| {
            let home = dir.join(format!("spare-{n}"));
            drop(Desk::open(home.clone(), 100 + n));
            home
        };
        let spares = (0..SPARES).map(spare).collect();
        let devices: Vec<_> = crew
            .iter()
            .zip([Role::Lead, Role::Technician, Role::Technician])
            .map(|((device, staff_no, _), role)| (device.clone(), staff_no.clone(), role))
            .collect();
        let hub = dir.join("blank-hub");
        let tokens = found(&hub, &devices);
        Blanks {
            crew,
            spares,
            hub,
            tokens,
        }
    }

    fn model(&self) -> Model {
        let mut model = Model::new("epoch-0");
        for (device, staff_no, _) in &self.crew {
            let role = if device == "device-0" {
                Role::Lead
            } else {
                Role::Technician
            };
            model.enrol(device, staff_no, role);
        }
        model.enrol(SPY.0, SPY.1, Role::Technician);
        model
    }
}

fn run(seed: u64, side: Side, blanks: &Blanks, defect: Option<Sabotage>) -> (Verdict, Fired) {
    let dir = scratch();
    let hub: Box<dyn Server> = match side {
        Side::Real => Box::new(Real::new(
            dir.path().join("hub"),
            &blanks.hub,
            &blanks.tokens,
        )),
        Side::Model => Box::new(blanks.model()),
    };
    let mut world = World::new(seed, dir.path(), &blanks.crew, &blanks.spares, hub);
    if let Some(defect) = defect {
        world.sabotage(defect);
    }
    for _ in 0..STEPS {
        world.step();
    }
    let verdict = world.heal();
    (verdict, world.faults.fired)
}

/// Runs seeds on all cores; answers what fired, and what failed in a form that can be replayed.
fn run_all(seeds: u64, side: Side) -> (Fired, Vec<String>) {
    let home = scratch();
    let blanks = Blanks::new(home.path());
    // DOORSTEP_FIRST_SEED=2000 looks at seeds that no run has looked at yet
    let first = std::env::var("DOORSTEP_FIRST_SEED").map_or(0, |n| n.parse().unwrap());
    let next = AtomicU64::new(first);
    let told: Mutex<(Fired, Vec<String>)> = Mutex::default();
    let one = |seed: u64| {
        let ended = catch_unwind(AssertUnwindSafe(|| run(seed, side, &blanks, None)));
        let mut told = told.lock().unwrap();
        match ended {
            Ok((verdict, fired)) => {
                for (fault, n) in fired {
                    *told.0.entry(fault).or_default() += n;
                }
                if !verdict.clean() {
                    told.1
                        .push(format!("DOORSTEP_SEED={seed} ({side:?}): {verdict:?}"));
                }
            }
            Err(_) => told
                .1
                .push(format!("DOORSTEP_SEED={seed} ({side:?}) panicked")),
        }
        told.1.len() < 6
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds || !one(seed) {
                        break;
                    }
                }
            });
        }
    });
    told.into_inner().unwrap()
}

/// `DOORSTEP_SEED=n` runs that seed alone and tells every step.
fn replayed(side: Side) -> bool {
    let Ok(seed) = std::env::var("DOORSTEP_SEED") else {
        return false;
    };
    let home = scratch();
    let blanks = Blanks::new(home.path());
    let (verdict, fired) = run(seed.parse().unwrap(), side, &blanks, None);
    println!("seed {seed}: {fired:?}");
    assert!(verdict.clean(), "seed {seed}: {verdict:?}");
    true
}

#[test]
fn nothing_is_lost_doubled_or_stuck_whatever_happens() {
    if replayed(Side::Real) {
        return;
    }
    let (fired, failed) = run_all(SEEDS, Side::Real);
    assert!(
        failed.is_empty(),
        "replay with one of\n{}",
        failed.join("\n")
    );
    println!("{SEEDS} seeds, faults fired: {fired:?}");
    for fault in FAULTS {
        let times = fired.get(&fault).copied().unwrap_or(0);
        assert!(times >= LEAST_FIRED, "{fault:?} fired only {times} times");
    }
}

#[test]
fn the_same_holds_at_a_hub_that_keeps_the_contract_to_the_letter() {
    if replayed(Side::Model) {
        return;
    }
    let (_, failed) = run_all(SEEDS_AT_THE_MODEL, Side::Model);
    assert!(
        failed.is_empty(),
        "replay with one of\n{}",
        failed.join("\n")
    );
}

/// A simulation that finds nothing proves nothing unless it would find something: with this defect of the real code switched
/// on, at the real hub and on real files, some seed must not come out clean.
fn is_caught(defect: Sabotage) {
    let home = scratch();
    let blanks = Blanks::new(home.path());
    let caught = (0..SEEDS_TO_CATCH).find_map(|seed| {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            run(seed, Side::Real, &blanks, Some(defect)).0
        }));
        match ended {
            Ok(verdict) if verdict.clean() => None,
            Ok(verdict) => Some((seed, format!("{verdict:?}"))),
            Err(_) => Some((seed, "a check inside broke".to_owned())),
        }
    });
    let (seed, how) = caught.unwrap_or_else(|| panic!("{defect:?} was not noticed"));
    println!("{defect:?} is caught by seed {seed}: {how}");
}

#[test]
fn a_tablet_that_forgets_the_acknowledgement_check_is_caught() {
    is_caught(Sabotage::ForgetsTheAcknowledgement);
}

#[test]
fn a_store_that_skips_one_flush_is_caught() {
    is_caught(Sabotage::SkipsAFlush);
}

#[test]
fn a_hub_that_drops_the_counter_lock_is_caught() {
    is_caught(Sabotage::DropsTheCounterLock);
}
