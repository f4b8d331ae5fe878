//! Test-only: what the vault made durable, and a switch that takes a flush away, so that the simulation can show that it
//! would notice.
//!
//! It exists only where debug assertions do, and no release build has them. A cargo feature would not do: features unify, and
//! `cargo build --workspace --tests --bins` would build the app with what only a test asked for. In a debug build
//! nobody but a test makes a [`Watch`].

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Looks on while files are made durable.
#[derive(Debug, Default)]
pub struct Watch {
    /// The defect: a photo's bytes are not flushed before the file gets its name.
    pub skips_a_flush: AtomicBool,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Flushed under a name that may not be on the disk yet.
    bytes: BTreeSet<PathBuf>,
    /// Flushed with their names.
    whole: BTreeSet<PathBuf>,
}

impl Watch {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn flush(
        &self,
        path: &Path,
        flush: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        if self.skips_a_flush.load(Ordering::Relaxed) {
            return Ok(());
        }
        flush()?;
        self.kept().bytes.insert(path.to_owned());
        Ok(())
    }

    pub(crate) fn names_flushed(&self, dir: &Path) {
        let mut kept = self.kept();
        let inside: Vec<PathBuf> = kept
            .bytes
            .iter()
            .filter(|path| path.parent() == Some(dir))
            .cloned()
            .collect();
        for path in inside {
            kept.bytes.remove(&path);
            kept.whole.insert(path);
        }
    }

    /// Whether a file that was written under this watch would still be there, whole, after the power failed.
    #[must_use]
    pub fn survives(&self, path: &Path) -> bool {
        self.kept().whole.contains(path)
    }
}
