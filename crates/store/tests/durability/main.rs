//! Proof of durability. No test harness: the same program is the child that is killed or traced.
//!
//! `cargo test -p doorstep-store --test durability [name]`. Seeds are printed; `DOORSTEP_SEED=n` runs one again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod child;
#[path = "../common/mod.rs"]
mod common;
mod disk;
mod kill;
mod syscalls;
mod trace;

use std::hash::{BuildHasher, Hasher};

type Test = (&'static str, fn(u64));

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|a| a == child::FLAG) {
        return child::run(&args[2..]);
    }
    let wanted = args.iter().skip(1).find(|a| !a.starts_with('-'));
    let tests: [Test; 2] = [
        ("killed_a_hundred_times", kill::killed_a_hundred_times),
        (
            "unsynced_writes_are_dropped",
            trace::unsynced_writes_are_dropped,
        ),
    ];
    // std's own random keys: another seed each time, printed
    let random = std::hash::RandomState::new().build_hasher().finish();
    let seed = std::env::var("DOORSTEP_SEED").map_or(random, |s| s.parse().unwrap());
    for (name, test) in tests
        .into_iter()
        .filter(|(name, _)| wanted.is_none_or(|w| name.contains(w.as_str())))
    {
        println!("test {name} (DOORSTEP_SEED={seed})");
        test(seed);
        println!("test {name} ... ok");
    }
}
