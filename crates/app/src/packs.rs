//! The standards on this tablet: those in the program and those in the `standards` folder of the app's data.

use crate::dto::{BrokenPack, PackChoice};
use crate::{AppError, Outcome};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::standard::Pack;
use doorstep_domain::standard::load::{LoadedPack, PackError, load_pack_bytes};
use doorstep_domain::text::Text;
use doorstep_store::Store;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

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

/// The newest of every standard, and those that were refused.
pub(crate) struct Packs {
    newest: Vec<(String, Arc<LoadedPack>)>,
    pub(crate) broken: Vec<BrokenPack>,
    pinned: Mutex<HashMap<String, Arc<Pack>>>,
}

impl Packs {
    /// Reads the built-in packs and every `*.toml` of `folder`; a later version of the same id wins.
    pub(crate) fn load(folder: &Path) -> Packs {
        let mut packs = Packs {
            newest: Vec::new(),
            broken: Vec::new(),
            pinned: Mutex::default(),
        };
        for (file, source) in BUILT_IN {
            packs.take(file, source.as_bytes());
        }
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .map(|d| d.filter_map(|e| e.ok().map(|e| e.path())).collect())
            .unwrap_or_default();
        files.retain(|p: &std::path::PathBuf| p.extension().is_some_and(|e| e == "toml"));
        files.sort();
        for path in files {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            match std::fs::read(&path) {
                Ok(bytes) => packs.take(&name, &bytes),
                Err(error) => {
                    tracing::warn!(file = %name, %error, "a standard cannot be read");
                    packs.refuse(&unreadable(name));
                }
            }
        }
        packs
    }

    fn take(&mut self, file: &str, bytes: &[u8]) {
        match load_pack_bytes(file, bytes) {
            Ok(loaded) => {
                let same = |(_, p): &(String, Arc<LoadedPack>)| p.pack.id == loaded.pack.id;
                let newer =
                    |(_, p): &(String, Arc<LoadedPack>)| p.pack.version >= loaded.pack.version;
                if self.newest.iter().any(|p| same(p) && newer(p)) {
                    return;
                }
                self.newest.retain(|p| !same(p));
                self.newest.push((file.to_owned(), Arc::new(loaded)));
            }
            Err(errors) => errors.iter().for_each(|e| self.refuse(e)),
        }
    }

    fn refuse(&mut self, error: &PackError) {
        let line = u32::try_from(error.line).unwrap_or(0);
        self.broken.push(BrokenPack {
            file: error.file.clone(),
            line,
            reason: error.reason.clone(),
        });
    }

    /// The newest version of a standard, with its file name.
    pub(crate) fn newest(&self, id: &str) -> Outcome<(&str, &Arc<LoadedPack>)> {
        let found = self.newest.iter().find(|(_, p)| p.pack.id == id);
        found
            .map(|(file, p)| (file.as_str(), p))
            .ok_or_else(|| Refusal::new(Code::PackUnknown).with("standard", id).into())
    }

    /// A pack that this program brings along, with its file name.
    pub(crate) fn by_hash(&self, hash: &str) -> Option<(&str, &Arc<LoadedPack>)> {
        let found = self.newest.iter().find(|(_, p)| p.hash == hash);
        found.map(|(file, p)| (file.as_str(), p))
    }

    /// The standard an order's words name: its id, name or an alias.
    pub(crate) fn by_words(&self, words: &str) -> Option<&Pack> {
        let words = words.trim();
        self.newest.iter().map(|(_, p)| &p.pack).find(|p| {
            p.id == words
                || p.name.zh == words
                || p.name.en == words
                || p.aliases.iter().any(|a| a == words)
        })
    }

    /// The pack a visit pinned, whatever this program has now.
    pub(crate) fn pinned(&self, store: &Store, hash: &str) -> Outcome<Arc<Pack>> {
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pack) = pinned.get(hash) {
            return Ok(Arc::clone(pack));
        }
        let pack = match self.newest.iter().find(|(_, p)| p.hash == hash) {
            Some((_, loaded)) => Arc::new(loaded.pack.clone()),
            None => {
                let missing =
                    || AppError::from(Refusal::new(Code::PackUnknown).with("standard", hash));
                let stored = store.pack(hash)?.ok_or_else(missing)?;
                let loaded = load_pack_bytes(&stored.file, stored.source.as_bytes());
                Arc::new(loaded.map_err(|errors| broken(&errors))?.pack)
            }
        };
        pinned.insert(hash.to_owned(), Arc::clone(&pack));
        Ok(pack)
    }

    /// Standards to choose from.
    pub(crate) fn choices(&self) -> Vec<PackChoice> {
        let choice = |p: &Pack| PackChoice {
            id: p.id.clone(),
            name_zh: p.name.zh.clone(),
            name_en: p.name.en.clone(),
            jobs: p.job_types.clone(),
        };
        self.newest.iter().map(|(_, p)| choice(&p.pack)).collect()
    }
}

/// The system does not hand out the file: no permission, a folder of that name, a bad disk.
fn unreadable(file: String) -> PackError {
    PackError {
        file,
        line: 0,
        reason: Text::new(
            "这个文件打不开，请确认它是文件、而且允许读取",
            "This file cannot be opened; check that it is a file and may be read",
        ),
    }
}

/// The first mistake, as the window's sentence needs it: `reason`, and `reason_en` for the English screens.
pub(crate) fn broken(errors: &[PackError]) -> AppError {
    let refusal = Refusal::new(Code::PackBroken);
    match errors.first() {
        Some(e) => refusal
            .with("file", &e.file)
            .with("line", e.line)
            .with("reason", &e.reason.zh)
            .with("reason_en", &e.reason.en)
            .into(),
        None => refusal.into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_file_says_why_in_both_languages() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.toml"), "version = \"一\"").unwrap();
        std::fs::create_dir(folder.path().join("b.toml")).unwrap();
        let packs = Packs::load(folder.path());
        let told: Vec<_> = packs
            .broken
            .iter()
            .map(|b| (b.file.as_str(), b.line, b.reason.clone()))
            .collect();
        let number = Text::new(
            "这里要写不小于 0 的整数，现在写的是文字「一」",
            "Write a whole number not below 0 here; now it is the words “一”",
        );
        let closed = Text::new(
            "这个文件打不开，请确认它是文件、而且允许读取",
            "This file cannot be opened; check that it is a file and may be read",
        );
        assert_eq!(told, [("a.toml", 1, number), ("b.toml", 0, closed)]);
        assert_eq!(packs.choices().len(), 2, "the others are there");
    }

    #[test]
    fn a_refusal_carries_both_sentences() {
        let errors = load_pack_bytes("a.toml", b"").unwrap_err();
        let params = broken(&errors).refusal.params;
        let of = |name: &str| params.get(name).map(String::as_str);
        assert_eq!(of("reason"), Some("文件是空的"));
        assert_eq!(of("reason_en"), Some("The file is empty"));
        assert_eq!((of("file"), of("line")), (Some("a.toml"), Some("1")));
    }
}
