//! The log: every event, in the order it was written, never changed.

use doorstep_domain::event::Sealed;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A row as it lies on disk, before anything about it is believed.
pub(crate) struct RawRow {
    pub(crate) seq: u64,
    pub(crate) id: String,
    pub(crate) stream: String,
    pub(crate) kind: String,
    pub(crate) content: String,
    pub(crate) hash: String,
    pub(crate) prev: String,
}

/// Where the log ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) hash: String,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<RawRow> {
    Ok(RawRow {
        seq: row.get(0)?,
        id: row.get(1)?,
        stream: row.get(2)?,
        kind: row.get(3)?,
        content: row.get(4)?,
        hash: row.get(5)?,
        prev: row.get(6)?,
    })
}

pub(crate) fn insert(
    connection: &Connection,
    head: &Head,
    event: &Sealed,
) -> rusqlite::Result<Head> {
    let seq = head.seq + 1;
    let content = &event.content;
    connection
        .prepare_cached(
            "INSERT INTO log (seq, id, stream, kind, content, hash, prev) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![seq, content.id, content.stream, content.kind, event.text, event.hash, head.hash])?;
    Ok(Head {
        seq,
        hash: event.hash.clone(),
    })
}

pub(crate) fn head(connection: &Connection) -> rusqlite::Result<Head> {
    connection
        .query_row(
            "SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1",
            [],
            |r| {
                Ok(Head {
                    seq: r.get(0)?,
                    hash: r.get(1)?,
                })
            },
        )
        .optional()
        .map(Option::unwrap_or_default)
}

/// Content strings of one stream, oldest first.
pub(crate) fn contents(connection: &Connection, stream: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT content FROM log WHERE stream = ?1 ORDER BY seq")?
        .query_map([stream], |r| r.get(0))?
        .collect()
}

/// Every stream's name.
pub(crate) fn streams(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT DISTINCT stream FROM log ORDER BY stream")?
        .query_map([], |r| r.get(0))?
        .collect()
}

pub(crate) fn holds(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM log WHERE id = ?1")?
        .exists([id])
}

/// Every row, oldest first.
pub(crate) fn for_each<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut each: impl FnMut(RawRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = connection
        .prepare("SELECT seq, id, stream, kind, content, hash, prev FROM log ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(raw(row)?)?;
    }
    Ok(())
}
