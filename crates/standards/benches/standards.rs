//! Every standard that ships: the heads, which is what a start reads; all of them with modules resolved and checked; the
//! largest one alone, which is what the first visit of the day waits for.
//!
//! `standards [rounds]`: the three take turns, a JSON line each.
#![allow(clippy::print_stdout)]

use doorstep_domain::standard::load::load_with;
use doorstep_standards::head::Head;
use doorstep_standards::{PACKS, modules, packs};
use std::hint::black_box;
use std::time::Instant;

fn main() -> Result<(), std::num::ParseIntError> {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let rounds: u32 = args.next().map_or(Ok(50), |n| n.parse())?;
    let shared = modules();
    let largest = PACKS.iter().max_by_key(|(_, source)| source.len());
    let heads = || PACKS.iter().filter_map(|(_, s)| Head::read(s)).count();
    let whole = || packs().len();
    let one = || {
        let read = largest.map(|(file, source)| load_with(&shared, file, source));
        usize::from(read.is_some_and(|r| r.is_ok()))
    };
    let questions: [(&str, &dyn Fn() -> usize); 3] =
        [("heads", &heads), ("all", &whole), ("largest", &one)];
    for _ in 0..rounds {
        for (what, read) in questions {
            let start = Instant::now();
            let count = black_box(read());
            let ms = start.elapsed().as_secs_f64() * 1e3;
            println!(r#"{{"bench":"standards","what":"{what}","ms":{ms:.3},"packs":{count}}}"#);
        }
    }
    Ok(())
}
