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

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|a| a == child::FLAG) {
        return child::run(&args[2..]);
    }
    let wanted = args.iter().skip(1).find(|a| !a.starts_with('-'));
    let tests: [(&str, fn(u64)); 2] = [
        ("killed_a_hundred_times", kill::killed_a_hundred_times),
        (
            "unsynced_writes_are_dropped",
            trace::unsynced_writes_are_dropped,
        ),
    ];
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let seed = std::env::var("DOORSTEP_SEED")
        .map_or(u64::from(now.subsec_nanos()), |s| s.parse().unwrap());
    for (name, test) in tests
        .into_iter()
        .filter(|(name, _)| wanted.is_none_or(|w| name.contains(w.as_str())))
    {
        println!("test {name} (DOORSTEP_SEED={seed})");
        test(seed);
        println!("test {name} ... ok");
    }
}
