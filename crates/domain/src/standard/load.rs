//! Reading a pack from TOML and checking it; every mistake names file, line and reason.
//!
//! Packs are written by service managers, so the reasons are plain Chinese and English and say what to write instead.
//! Three passes: TOML itself, the types, then what types cannot say (references, figures, clauses).

mod check;
mod condition;
mod evidence;
mod explain;
mod figures;
mod flat;
mod merge;
mod module;
mod order;
mod place;

#[cfg(feature = "schema")]
pub(super) use merge::Use;
#[cfg(feature = "schema")]
pub(super) use module::Written;
pub use module::{Module, Modules, Reader};

use super::Pack;
use crate::event::sha256_hex;
use crate::text::Text;
use place::{Findings, Sources, Spot};
use serde::Deserialize as _;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// The largest pack that is read, bytes. A whole standard is some tens of kilobytes.
pub const MAX_PACK_BYTES: usize = 1_048_576;

/// A pack that passed every check, with the bytes that a visit pins.
#[derive(Clone, Debug)]
pub struct LoadedPack {
    /// The pack.
    pub pack: Pack,
    /// Lower-case hex SHA-256 of `source`; a visit pins it and always renders with it.
    pub hash: String,
    /// The TOML as it was read; where modules were used, one self-contained TOML with them in it.
    pub source: String,
}

/// One mistake in a pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {} / {}", .reason.zh, .reason.en)]
pub struct PackError {
    /// File name as given.
    pub file: String,
    /// 1-based line; 0 when the mistake has no single place.
    pub line: usize,
    /// What is wrong and what to write instead, in plain words.
    pub reason: Text,
}

/// Reads and checks a pack that uses no modules. A leading byte order mark is tolerated.
///
/// # Errors
/// Every mistake found, in file order; never empty. A mistake in the TOML or in a type hides later ones.
pub fn load_pack(file: &str, source: &str) -> Result<LoadedPack, Vec<PackError>> {
    load_with(&Modules::default(), file, source)
}

/// Reads and checks a pack with the modules that it may use; for several packs a [`Reader`] does it faster.
///
/// # Errors
/// As [`Reader::read`].
pub fn load_with(
    modules: &Modules,
    file: &str,
    source: &str,
) -> Result<LoadedPack, Vec<PackError>> {
    Reader::new(modules).read(file, source)
}

impl Reader<'_> {
    /// Reads and checks a pack. One without `use` is its own source, byte for byte.
    ///
    /// # Errors
    /// Every mistake found, those of the pack's file first; one inside a module names the module's file. Never empty.
    pub fn read(&self, file: &str, source: &str) -> Result<LoadedPack, Vec<PackError>> {
        readable(file, source)?;
        let own = Sources::of(file, source);
        let table = DeTable::parse(source).map_err(|e| vec![explain::explain(&own, &e)])?;
        let merged = merge::merge(table, own, self)?;
        let de = toml::Deserializer::from(merged.table.clone());
        let pack =
            Pack::deserialize(de).map_err(|e| vec![explain::explain(&merged.sources, &e)])?;
        let source = match merged.used {
            true => flat::flat(merged.table.get_ref()),
            false => source.to_owned(),
        };
        let root = DeValue::Table(merged.table.into_inner());
        let mut findings = Findings::default();
        check::check(&pack, Spot::root(&root), &mut findings);
        let found = findings.into_errors(&merged.sources);
        if !found.is_empty() {
            return Err(found);
        }
        Ok(LoadedPack {
            pack,
            hash: sha256_hex(source.as_bytes()),
            source,
        })
    }

    /// Where each row of a pack stands, by its id; empty for a text that is no pack.
    #[must_use]
    pub fn row_places(&self, file: &str, source: &str) -> RowPlaces {
        let own = Sources::of(file, source);
        let merged = DeTable::parse(source).ok();
        let merged = merged.and_then(|table| merge::merge(table, own, self).ok());
        let Some(merged) = merged else {
            return RowPlaces::new();
        };
        let root = DeValue::Table(merged.table.into_inner());
        let items = Spot::root(&root).key("phases").elements();
        let items = items.flat_map(|phase| phase.key("items").elements());
        let place = |item: Spot<'_>| {
            let id = item.key("id");
            Some((id.text()?.to_owned(), id.place(&merged.sources)))
        };
        items.filter_map(place).collect()
    }
}

/// Where a row stands: the pack's file or a module's, and the line of its id.
pub type RowPlaces = BTreeMap<String, (String, usize)>;

/// What the parser says of a file that stands alone, in plain words.
pub(crate) fn explain_one(file: &str, source: &str, error: &toml::de::Error) -> PackError {
    explain::explain(&Sources::of(file, source), error)
}

/// Neither too large nor empty.
fn readable(file: &str, source: &str) -> Result<(), Vec<PackError>> {
    let one = |line, reason| {
        let file = file.to_owned();
        Err(vec![PackError { file, line, reason }])
    };
    let size = source.len();
    if size > MAX_PACK_BYTES {
        return one(
            0,
            Text::new(
                format!("文件有 {size} 字节，最多 {MAX_PACK_BYTES} 字节（1 MB）"),
                format!("The file has {size} bytes; at most {MAX_PACK_BYTES} bytes (1 MB)"),
            ),
        );
    }
    let blank = ['\u{feff}', ' ', '\t', '\r', '\n'];
    if source.trim_matches(blank).is_empty() {
        return one(1, Text::new("文件是空的", "The file is empty"));
    }
    Ok(())
}

/// Reads and checks a pack without modules as it lies on a disk.
///
/// # Errors
/// As [`load_pack`]; also when the bytes are not UTF-8.
pub fn load_pack_bytes(file: &str, bytes: &[u8]) -> Result<LoadedPack, Vec<PackError>> {
    load_pack(file, utf8(file, bytes)?)
}

/// The text of a file.
///
/// # Errors
/// When the bytes are not UTF-8, with the line.
pub fn utf8<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, Vec<PackError>> {
    std::str::from_utf8(bytes).map_err(|e| {
        let before = &bytes[..e.valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let reason = Text::new(
            "不是 UTF-8 文字，请另存为 UTF-8 编码",
            "The text is not UTF-8; save the file again in the encoding UTF-8",
        );
        vec![PackError {
            file: file.to_owned(),
            line,
            reason,
        }]
    })
}
