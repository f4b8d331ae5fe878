//! Packs that a visit pins, by content hash. Never deleted: a visit always renders with its own.

use rusqlite::{Connection, OptionalExtension, Row};

/// A stored pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPack {
    /// Lower-case hex SHA-256 of `source`.
    pub hash: String,
    /// The TOML as it was read.
    pub source: String,
    /// File name it came from.
    pub file: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredPack> {
    Ok(StoredPack {
        hash: row.get(0)?,
        source: row.get(1)?,
        file: row.get(2)?,
    })
}

/// Same hash, same text: the first file name stays.
pub(crate) fn put(connection: &Connection, pack: &StoredPack) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO pack (hash, source, file) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING";
    connection
        .prepare_cached(sql)?
        .execute([&pack.hash, &pack.source, &pack.file])
        .map(drop)
}

pub(crate) fn get(connection: &Connection, hash: &str) -> rusqlite::Result<Option<StoredPack>> {
    connection
        .prepare_cached("SELECT hash, source, file FROM pack WHERE hash = ?1")?
        .query_row([hash], read)
        .optional()
}

/// In the order they came.
pub(crate) fn all(connection: &Connection) -> rusqlite::Result<Vec<StoredPack>> {
    connection
        .prepare_cached("SELECT hash, source, file FROM pack ORDER BY rowid")?
        .query_map([], read)?
        .collect()
}
