//! The standards on this tablet: those in the program and those in the `standards` folder of the app's data.

use crate::dto::{BrokenPack, PackChoice};
use crate::{AppError, Outcome};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::standard::load::{
    LoadedPack, Modules, PackError, load_pack_bytes, load_with, utf8,
};
use doorstep_domain::standard::{Gear, Pack};
use doorstep_domain::text::Text;
use doorstep_standards::folder::Folder;
use doorstep_standards::head::Head;
use doorstep_store::Store;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The newest of every standard, and those that were refused.
pub(crate) struct Packs {
    newest: Vec<Standard>,
    /// The shared parts that ship, for the standards that ship.
    modules: OnceLock<Modules>,
    /// The same with those of the folder; none when the folder has none.
    folder_modules: Option<Modules>,
    pub(crate) broken: Vec<BrokenPack>,
    pinned: Mutex<HashMap<String, Arc<Pack>>>,
}

/// One standard. Those that ship are read when they are first needed: a start needs their heads only.
struct Standard {
    file: String,
    head: Head,
    /// The file that ships; the folder's are read at the start, as their mistakes are told.
    shipped: &'static str,
    loaded: OnceLock<Option<Arc<LoadedPack>>>,
}

impl Packs {
    /// Lists the built-in packs and reads every `*.toml` of `folder`; a later version of the same id wins. A module in
    /// `folder/modules` stands in for the built-in one of the same name, for the packs of the folder.
    pub(crate) fn load(folder: &Path) -> Packs {
        let mut packs = Packs {
            newest: Vec::new(),
            modules: OnceLock::new(),
            folder_modules: None,
            broken: Vec::new(),
            pinned: Mutex::default(),
        };
        for (file, source) in doorstep_standards::PACKS {
            // a test reads every head
            packs.newest.extend(Head::read(source).map(|head| Standard {
                file: (*file).to_owned(),
                head,
                shipped: source,
                loaded: OnceLock::new(),
            }));
        }
        packs.take_folder(folder);
        packs
    }

    fn take_folder(&mut self, folder: &Path) {
        let files = Folder::list(folder).unwrap_or_else(|error| {
            tracing::warn!(%error, "the folder of standards cannot be read");
            Folder::default()
        });
        if files.packs.is_empty() && files.modules.is_empty() {
            return;
        }
        let mut modules = self.modules().clone();
        for (name, path) in &files.modules {
            if let Some(bytes) = self.read(name, path)
                && let Err(errors) = modules.take(name, &bytes)
            {
                errors.iter().for_each(|e| self.refuse(e));
            }
        }
        for (name, path) in &files.packs {
            if let Some(bytes) = self.read(name, path) {
                self.take(name, own(&modules, name, &bytes));
            }
        }
        self.folder_modules = Some(modules);
    }

    /// The modules that a pack of the folder may use.
    pub(crate) fn for_drafts(&self) -> &Modules {
        self.folder_modules
            .as_ref()
            .unwrap_or_else(|| self.modules())
    }

    /// Reads a pack as if it lay in the folder.
    pub(crate) fn draft(&self, name: &str, bytes: &[u8]) -> Result<LoadedPack, Vec<PackError>> {
        own(self.for_drafts(), name, bytes)
    }

    fn modules(&self) -> &Modules {
        self.modules.get_or_init(doorstep_standards::modules)
    }

    /// The standard with its rows. One that ships is sound (a test sees to it).
    fn whole<'s>(&self, standard: &'s Standard) -> Option<&'s Arc<LoadedPack>> {
        let read = || {
            let read = load_with(self.modules(), &standard.file, standard.shipped);
            read.ok().map(Arc::new)
        };
        standard.loaded.get_or_init(read).as_ref()
    }

    /// Every standard with its rows.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Arc<LoadedPack>)> {
        let all = self.newest.iter();
        all.filter_map(|s| Some((s.file.as_str(), self.whole(s)?)))
    }

    fn read(&mut self, name: &str, path: &Path) -> Option<Vec<u8>> {
        let read = std::fs::read(path);
        if let Err(error) = &read {
            tracing::warn!(file = %name, %error, "a standard cannot be read");
            self.refuse(&unreadable(name.to_owned()));
        }
        read.ok()
    }

    fn take(&mut self, file: &str, loaded: Result<LoadedPack, Vec<PackError>>) {
        match loaded {
            Ok(loaded) => {
                let head = Head::from(&loaded.pack);
                let same = |s: &Standard| s.head.id == head.id;
                if self
                    .newest
                    .iter()
                    .any(|s| same(s) && s.head.version >= head.version)
                {
                    return;
                }
                self.newest.retain(|s| !same(s));
                self.newest.push(Standard {
                    file: file.to_owned(),
                    head,
                    shipped: "",
                    loaded: OnceLock::from(Some(Arc::new(loaded))),
                });
            }
            Err(errors) => errors.iter().for_each(|e| self.refuse(e)),
        }
    }

    fn refuse(&mut self, error: &PackError) {
        self.broken.push(BrokenPack::from(error));
    }

    /// The newest version of a standard, with its file name.
    pub(crate) fn newest(&self, id: &str) -> Outcome<(&str, &Arc<LoadedPack>)> {
        let found = self.newest.iter().find(|s| s.head.id == id);
        found
            .and_then(|s| Some((s.file.as_str(), self.whole(s)?)))
            .ok_or_else(|| Refusal::new(Code::PackUnknown).with("standard", id).into())
    }

    /// The version of the newest one; none when the standard is not here.
    pub(crate) fn newest_version(&self, id: &str) -> Option<u32> {
        let found = self.newest.iter().find(|s| s.head.id == id);
        found.map(|s| s.head.version)
    }

    /// A pack that this program brings along, with its file name.
    pub(crate) fn by_hash(&self, hash: &str) -> Option<(&str, &Arc<LoadedPack>)> {
        self.all().find(|(_, p)| p.hash == hash)
    }

    /// The standard an order's words name: its id, name or an alias.
    pub(crate) fn by_words(&self, words: &str) -> Option<&Pack> {
        let words = words.trim();
        let named = self.newest.iter().find(|s| s.head.is_named(words))?;
        self.whole(named).map(|p| &p.pack)
    }

    /// The pack a visit pinned, whatever this program has now.
    pub(crate) fn pinned(&self, store: &Store, hash: &str) -> Outcome<Arc<Pack>> {
        let mut pinned = self.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pack) = pinned.get(hash) {
            return Ok(Arc::clone(pack));
        }
        // a visit begun here put its pack into the store; a colleague's may be one that ships
        let pack = match store.pack(hash)? {
            Some(stored) => {
                let loaded = load_pack_bytes(&stored.file, stored.source.as_bytes());
                Arc::new(loaded.map_err(|errors| broken(&errors))?.pack)
            }
            None => {
                let missing =
                    || AppError::from(Refusal::new(Code::PackUnknown).with("standard", hash));
                let (_, loaded) = self.by_hash(hash).ok_or_else(missing)?;
                Arc::new(loaded.pack.clone())
            }
        };
        pinned.insert(hash.to_owned(), Arc::clone(&pack));
        Ok(pack)
    }

    /// Every piece of protective equipment that a standard asks for, each once.
    pub(crate) fn gear(&self) -> Vec<Gear> {
        let mut gear: Vec<Gear> = Vec::new();
        for piece in self.all().flat_map(|(_, p)| &p.pack.gear) {
            if !gear.iter().any(|g| g.id == piece.id) {
                gear.push(piece.clone());
            }
        }
        gear
    }

    /// Standards to choose from.
    pub(crate) fn choices(&self) -> Vec<PackChoice> {
        let choice = |head: &Head| PackChoice {
            id: head.id.clone(),
            name_zh: head.name.zh.clone(),
            name_en: head.name.en.clone(),
            aliases: head.aliases.clone(),
            jobs: head.job_types.clone(),
        };
        self.newest.iter().map(|s| choice(&s.head)).collect()
    }
}

impl From<&PackError> for BrokenPack {
    fn from(error: &PackError) -> BrokenPack {
        BrokenPack {
            file: error.file.clone(),
            line: u32::try_from(error.line).unwrap_or(0),
            reason: error.reason.clone(),
        }
    }
}

/// A pack of the folder.
fn own(modules: &Modules, name: &str, bytes: &[u8]) -> Result<LoadedPack, Vec<PackError>> {
    load_with(modules, name, utf8(name, bytes)?)
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
        assert_eq!(
            packs.choices().len(),
            doorstep_standards::PACKS.len(),
            "the others are there"
        );
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
