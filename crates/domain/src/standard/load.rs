//! Reading a pack from TOML and checking it; every mistake names file, line and reason.
//!
//! Packs are written by service managers, so the reasons are plain Chinese and English and say what to write instead.
//! Three passes: TOML itself, the types, then what types cannot say (references, figures, clauses).

mod check;
mod condition;
mod evidence;
mod explain;
mod order;
mod place;

pub(crate) use explain::explain;

use super::Pack;
use crate::event::sha256_hex;
use crate::text::Text;
use place::{Findings, Spot};
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
    /// The TOML as it was read.
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

/// Reads and checks a pack. A leading byte order mark is tolerated.
///
/// # Errors
/// Every mistake found, in file order; never empty. A mistake in the TOML or in a type hides later ones.
pub fn load_pack(file: &str, source: &str) -> Result<LoadedPack, Vec<PackError>> {
    let one = |line, reason| {
        vec![PackError {
            file: file.to_owned(),
            line,
            reason,
        }]
    };
    let size = source.len();
    if size > MAX_PACK_BYTES {
        return Err(one(
            0,
            Text::new(
                format!("文件有 {size} 字节，最多 {MAX_PACK_BYTES} 字节（1 MB）"),
                format!("The file has {size} bytes; at most {MAX_PACK_BYTES} bytes (1 MB)"),
            ),
        ));
    }
    if source
        .trim_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
        .is_empty()
    {
        return Err(one(1, Text::new("文件是空的", "The file is empty")));
    }
    let unreadable = |e: &toml::de::Error| {
        let (line, reason) = explain::explain(source, e);
        one(line, reason)
    };
    let table = DeTable::parse(source).map_err(|e| unreadable(&e))?;
    let pack: Pack = toml::from_str(source).map_err(|e| unreadable(&e))?;
    let root = DeValue::Table(table.into_inner());
    let mut findings = Findings::default();
    check::check(&pack, Spot::root(&root), &mut findings);
    let found = findings.into_errors(file, source);
    if !found.is_empty() {
        return Err(found);
    }
    Ok(LoadedPack {
        pack,
        hash: sha256_hex(source.as_bytes()),
        source: source.to_owned(),
    })
}

/// Reads and checks a pack as it lies on a disk.
///
/// # Errors
/// As [`load_pack`]; also when the bytes are not UTF-8.
pub fn load_pack_bytes(file: &str, bytes: &[u8]) -> Result<LoadedPack, Vec<PackError>> {
    match std::str::from_utf8(bytes) {
        Ok(source) => load_pack(file, source),
        Err(e) => {
            let line = bytes[..e.valid_up_to()]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            let reason = Text::new(
                "不是 UTF-8 文字，请另存为 UTF-8 编码",
                "The text is not UTF-8; save the file again in the encoding UTF-8",
            );
            Err(vec![PackError {
                file: file.to_owned(),
                line,
                reason,
            }])
        }
    }
}
