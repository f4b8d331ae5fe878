//! The standards that orders may name: those of this program, and `*.toml` in the hub's `standards`
//! folder, with the modules in its `modules`.

use doorstep_domain::standard::Pack;
use doorstep_domain::standard::load::{LoadedPack, PackError, Reader, utf8};
use doorstep_standards::folder::Folder;
use std::path::Path;

/// The newest version of every standard.
pub(crate) struct Standards(Vec<Pack>);

impl Standards {
    /// Reads what there is; a broken file is told to the log and left out.
    pub(crate) fn load(folder: &Path) -> Standards {
        let mut standards = Standards(Vec::new());
        let mut modules = doorstep_standards::modules();
        for (_, loaded) in doorstep_standards::built_in(&modules) {
            standards.take(loaded);
        }
        let files = Folder::list(folder).unwrap_or_else(|error| {
            tracing::warn!(%error, "the folder of standards cannot be read");
            Folder::default()
        });
        for (name, path) in &files.modules {
            match std::fs::read(path) {
                Ok(bytes) => tell(modules.take(name, &bytes).err()),
                Err(error) => tracing::warn!(file = %name, %error, "a module cannot be read"),
            }
        }
        let reader = Reader::new(&modules);
        for (name, path) in &files.packs {
            match std::fs::read(path) {
                Ok(bytes) => {
                    standards.take(utf8(name, &bytes).and_then(|text| reader.read(name, text)));
                }
                Err(error) => tracing::warn!(file = %name, %error, "a standard cannot be read"),
            }
        }
        standards
    }

    fn take(&mut self, loaded: Result<LoadedPack, Vec<PackError>>) {
        match loaded {
            Ok(loaded) => {
                let pack = loaded.pack;
                let newer = |p: &Pack| p.id == pack.id && p.version >= pack.version;
                if !self.0.iter().any(newer) {
                    self.0.retain(|p| p.id != pack.id);
                    self.0.push(pack);
                }
            }
            Err(errors) => tell(Some(errors)),
        }
    }

    /// The standard that some words name: its id, name or an alias.
    pub(crate) fn by_words(&self, words: &str) -> Option<&Pack> {
        let words = words.trim();
        self.0.iter().find(|p| {
            p.id == words
                || p.name.zh == words
                || p.name.en == words
                || p.aliases.iter().any(|a| a == words)
        })
    }
}

fn tell(errors: Option<Vec<PackError>>) {
    for e in errors.into_iter().flatten() {
        tracing::warn!("a standard is broken: {e}");
    }
}
