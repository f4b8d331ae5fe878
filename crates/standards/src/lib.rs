//! The standards that ship with the program, and what tells whether a folder of standards is sound and whole.
//!
//! Adding a file to `assets/standards` is all it takes: no list is kept by hand.

pub mod catalogue;
pub mod check;
pub mod coverage;
pub mod folder;
pub mod head;
pub mod reach;
#[cfg(feature = "sheets")]
pub mod sheets;

use doorstep_domain::standard::load::{LoadedPack, Modules, PackError, Reader};
use std::num::NonZero;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The ids of the catalogue that packs may cite, as they ship.
pub const CATALOGUE: &str = include_str!("../../../assets/standards/catalogue.txt");

/// The shared parts that ship. A broken one is left out (a test sees that none is).
#[must_use]
pub fn modules() -> Modules {
    let mut modules = Modules::default();
    for (name, source) in MODULES {
        // the packs that use it are told
        let _ = modules.take(name, source.as_bytes());
    }
    modules
}

/// Every standard that ships, with its file name: the pack, or why it is refused. All cores read.
#[must_use]
pub fn built_in(modules: &Modules) -> Vec<(&'static str, Result<LoadedPack, Vec<PackError>>)> {
    let read: Vec<_> = PACKS.iter().map(|_| OnceLock::new()).collect();
    let reader = Reader::new(modules);
    let queue = Mutex::new(PACKS.iter().zip(&read));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some(((file, source), slot)) = next() {
            let _ = slot.set((*file, reader.read(file, source)));
        }
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 1..cores {
            // where no thread is to be had, this one reads them all
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    read.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// The standards that ship, without their file names; a broken one is left out.
#[must_use]
pub fn packs() -> Vec<LoadedPack> {
    let modules = modules();
    let all = built_in(&modules).into_iter();
    all.filter_map(|(_, pack)| pack.ok()).collect()
}
