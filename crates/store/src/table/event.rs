//! Every event that this device holds, in the order in which it came to know them; never changed but for its place
//! (see `take_back`).
//!
//! `pos` is that order: folds go by it. `origin` and `seq` are the place in the log the event was written to.

use doorstep_domain::event::Sealed;
use doorstep_domain::wire::Head;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A row as it lies on disk, before anything about it is believed.
pub(crate) struct RawRow {
    pub(crate) origin: i64,
    pub(crate) seq: u64,
    pub(crate) id: String,
    pub(crate) stream: String,
    pub(crate) kind: String,
    pub(crate) content: String,
    pub(crate) hash: String,
    pub(crate) prev: String,
}

/// A place in a log.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) origin: i64,
    pub(crate) seq: u64,
    /// Content hash of the event before it there.
    pub(crate) prev: &'a str,
}

const COLUMNS: &str = "origin, seq, id, stream, kind, content, hash, prev";

fn raw(row: &Row<'_>) -> rusqlite::Result<RawRow> {
    Ok(RawRow {
        origin: row.get(0)?,
        seq: row.get(1)?,
        id: row.get(2)?,
        stream: row.get(3)?,
        kind: row.get(4)?,
        content: row.get(5)?,
        hash: row.get(6)?,
        prev: row.get(7)?,
    })
}

/// Writes an event behind all others, or (`pos`) where it is told; answers its `pos`.
pub(crate) fn insert(
    connection: &Connection,
    pos: Option<i64>,
    place: Place<'_>,
    event: &Sealed,
) -> rusqlite::Result<i64> {
    let content = &event.content;
    connection
        .prepare_cached(
            "INSERT INTO event (pos, origin, seq, id, stream, kind, content, hash, prev)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            pos,
            place.origin,
            place.seq,
            content.id,
            content.stream,
            content.kind,
            event.text,
            event.hash,
            place.prev
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Gives an event another place and another turn. Its content stays what it is.
pub(crate) fn place_again(
    connection: &Connection,
    id: &str,
    pos: i64,
    place: Place<'_>,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE event SET pos = ?2, origin = ?3, seq = ?4, prev = ?5 WHERE id = ?1",
        )?
        .execute(params![id, pos, place.origin, place.seq, place.prev])
        .map(drop)
}

fn to_head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head {
        seq: row.get(0)?,
        hash: row.get(1)?,
    })
}

/// The newest event of a log.
pub(crate) fn head(connection: &Connection, origin: i64) -> rusqlite::Result<Head> {
    connection
        .prepare_cached("SELECT seq, hash FROM event WHERE origin = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([origin], to_head)
        .optional()
        .map(Option::unwrap_or_default)
}

/// The hash of a log's event and of the one before it, as noted there.
pub(crate) fn links(
    connection: &Connection,
    origin: i64,
    seq: u64,
) -> rusqlite::Result<Option<(String, String)>> {
    connection
        .prepare_cached("SELECT hash, prev FROM event WHERE origin = ?1 AND seq = ?2")?
        .query_row(params![origin, seq], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
}

/// Where the order of all events ends.
pub(crate) fn last_pos(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(pos), 0) FROM event", [], |r| r.get(0))
}

/// How many events there are.
pub(crate) fn count(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT count(*) FROM event", [], |r| r.get(0))
}

/// Content strings of one stream, oldest first.
pub(crate) fn contents(connection: &Connection, stream: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT content FROM event WHERE stream = ?1 ORDER BY pos")?
        .query_map([stream], |r| r.get(0))?
        .collect()
}

/// Every stream's name.
pub(crate) fn streams(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT DISTINCT stream FROM event ORDER BY stream")?
        .query_map([], |r| r.get(0))?
        .collect()
}

/// The hash of the content with this id.
pub(crate) fn hash_of(connection: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT hash FROM event WHERE id = ?1")?
        .query_row([id], |r| r.get(0))
        .optional()
}

/// The log and the number of the content with this id.
pub(crate) fn place_of(connection: &Connection, id: &str) -> rusqlite::Result<Option<(i64, u64)>> {
    connection
        .prepare_cached("SELECT origin, seq FROM event WHERE id = ?1")?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
}

/// Takes a log's events after `after` out of their places, for the moment of a transaction that gives each another.
pub(crate) fn lift(connection: &Connection, origin: i64, after: u64) -> rusqlite::Result<()> {
    connection
        .execute(
            "UPDATE event SET seq = -seq WHERE origin = ?1 AND seq > ?2",
            params![origin, after],
        )
        .map(drop)
}

/// The events of one log after `after`, in order, until `each` says `false`.
pub(crate) fn walk_log(
    connection: &Connection,
    origin: i64,
    after: u64,
    mut each: impl FnMut(RawRow) -> bool,
) -> rusqlite::Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE origin = ?1 AND seq > ?2 ORDER BY seq");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![origin, after])?;
    while let Some(row) = rows.next()? {
        if !each(raw(row)?) {
            break;
        }
    }
    Ok(())
}

/// Number and bytes of a log's events after `after`. Lengths are read from the rows' headers, not from their contents.
pub(crate) fn weigh(
    connection: &Connection,
    origin: i64,
    after: u64,
) -> rusqlite::Result<(u64, u64)> {
    connection
        .prepare_cached(
            "SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM event WHERE origin = ?1 AND seq > ?2",
        )?
        .query_row(params![origin, after], |r| Ok((r.get(0)?, r.get(1)?)))
}

/// Every row, log by log, each log in its order.
pub(crate) fn for_each<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut each: impl FnMut(RawRow) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!("SELECT {COLUMNS} FROM event ORDER BY origin, seq");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(raw(row)?)?;
    }
    Ok(())
}

/// Events of a stream, and how many of them the hub holds: received ones do come from there.
pub(crate) fn confirmed(connection: &Connection, stream: &str) -> rusqlite::Result<(u64, u64)> {
    connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE o.own = 0 OR e.seq <= o.acked)
             FROM event AS e JOIN origin AS o ON o.n = e.origin WHERE e.stream = ?1",
        )?
        .query_row([stream], |r| Ok((r.get(0)?, r.get(1)?)))
}
