//! The standards that orders may name: those of this program, and `*.toml` in the hub's `standards` folder.

use doorstep_domain::standard::Pack;
use doorstep_domain::standard::load::load_pack_bytes;
use std::path::Path;

const BUILT_IN: [(&str, &str); 2] = [
    (
        "cmcc-broadband.toml",
        include_str!("../../../assets/standards/cmcc-broadband.toml"),
    ),
    (
        "ct-fourteen-steps.toml",
        include_str!("../../../assets/standards/ct-fourteen-steps.toml"),
    ),
];

/// The newest version of every standard.
pub(crate) struct Standards(Vec<Pack>);

impl Standards {
    /// Reads what there is; a broken file is told to the log and left out.
    pub(crate) fn load(folder: &Path) -> Standards {
        let mut standards = Standards(Vec::new());
        for (file, source) in BUILT_IN {
            standards.take(file, source.as_bytes());
        }
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .map(|d| d.filter_map(|e| e.ok().map(|e| e.path())).collect())
            .unwrap_or_default();
        files.retain(|p: &std::path::PathBuf| p.extension().is_some_and(|e| e == "toml"));
        files.sort();
        for path in files {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match std::fs::read(&path) {
                Ok(bytes) => standards.take(&name, &bytes),
                Err(error) => tracing::warn!(file = %name, %error, "a standard cannot be read"),
            }
        }
        standards
    }

    fn take(&mut self, file: &str, bytes: &[u8]) {
        match load_pack_bytes(file, bytes) {
            Ok(loaded) => {
                let pack = loaded.pack;
                let newer = |p: &Pack| p.id == pack.id && p.version >= pack.version;
                if !self.0.iter().any(newer) {
                    self.0.retain(|p| p.id != pack.id);
                    self.0.push(pack);
                }
            }
            Err(errors) => {
                for e in errors {
                    tracing::warn!("a standard is broken: {e}");
                }
            }
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
