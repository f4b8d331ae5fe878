//! Every event that this device holds, in the order in which it came to know them; never changed but for its place
//! (see `take_back`).
//!
//! `pos` is that order: folds go by it. `origin` and `seq` are the place in the log the event was written to; `own` says
//! that this is a log of this device's, whose places `run` finds.

use super::run::{self, Run};
use doorstep_domain::event::Sealed;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A row as it lies on disk, before anything about it is believed.
pub(crate) struct RawRow {
    pub(crate) pos: i64,
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
    /// In a log of this device's.
    pub(crate) own: bool,
    pub(crate) origin: i64,
    pub(crate) seq: u64,
    /// Content hash of the event before it there.
    pub(crate) prev: &'a str,
}

const COLUMNS: &str = "pos, origin, seq, id, stream, kind, content, hash, prev";

fn raw(row: &Row<'_>) -> rusqlite::Result<RawRow> {
    Ok(RawRow {
        pos: row.get(0)?,
        origin: row.get(1)?,
        seq: row.get(2)?,
        id: row.get(3)?,
        stream: row.get(4)?,
        kind: row.get(5)?,
        content: row.get(6)?,
        hash: row.get(7)?,
        prev: row.get(8)?,
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
            "INSERT INTO event (pos, own, origin, seq, id, stream, kind, content, hash, prev)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            pos,
            place.own,
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
            "UPDATE event SET pos = ?2, own = ?3, origin = ?4, seq = ?5, prev = ?6 WHERE id = ?1",
        )?
        .execute(params![
            id,
            pos,
            place.own,
            place.origin,
            place.seq,
            place.prev
        ])
        .map(drop)
}

/// An event of an own log by its number.
pub(crate) fn own_at(
    connection: &Connection,
    origin: i64,
    seq: u64,
) -> rusqlite::Result<Option<RawRow>> {
    let Some(run) = run::after(connection, origin, seq.saturating_sub(1))?
        .first()
        .copied()
    else {
        return Ok(None);
    };
    if seq < run.seq {
        return Ok(None);
    }
    let sql = format!("SELECT {COLUMNS} FROM event WHERE pos = ?1 AND origin = ?2 AND seq = ?3");
    connection
        .prepare_cached(&sql)?
        .query_row(params![run.pos_of(seq), origin, seq], raw)
        .optional()
}

/// A received event by its place: its hash, and that of the one before it there.
pub(crate) fn received_at(
    connection: &Connection,
    origin: i64,
    seq: u64,
) -> rusqlite::Result<Option<(String, String)>> {
    connection
        .prepare_cached("SELECT hash, prev FROM event WHERE own = 0 AND origin = ?1 AND seq = ?2")?
        .query_row(params![origin, seq], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
}

/// Where the order of all events ends.
pub(crate) fn last_pos(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(pos), 0) FROM event", [], |r| r.get(0))
}

/// How many events there are, with `head` the newest number of the log that is written to. Counted from the stretches of own
/// logs and a small index: a start must not read a year of events.
pub(crate) fn count(connection: &Connection, head: u64) -> rusqlite::Result<u64> {
    let own: u64 = connection.query_row(
        "SELECT coalesce(sum(coalesce(last, ?1) - seq + 1), 0) FROM run",
        [head],
        |r| r.get(0),
    )?;
    let received: u64 = connection.query_row(
        "SELECT count(*) FROM event INDEXED BY event_received WHERE own = 0",
        [],
        |r| r.get(0),
    )?;
    Ok(own + received)
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

/// The names of the streams of a kind (`assess/…`), in their order.
pub(crate) fn streams_of(connection: &Connection, kind: &str) -> rusqlite::Result<Vec<String>> {
    // the character behind the slash ends the range in the index
    connection
        .prepare_cached(
            "SELECT DISTINCT stream FROM event WHERE stream >= ?1 || '/' AND stream < ?1 || '0'
             ORDER BY stream",
        )?
        .query_map([kind], |r| r.get(0))?
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

/// The events of an own log after `after`, in order, until `each` says `false`.
pub(crate) fn walk_own(
    connection: &Connection,
    origin: i64,
    after: u64,
    mut each: impl FnMut(RawRow) -> bool,
) -> rusqlite::Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos");
    let mut statement = connection.prepare_cached(&sql)?;
    for (from, to) in stretches(connection, origin, after)? {
        let mut rows = statement.query([from, to])?;
        while let Some(row) = rows.next()? {
            if !each(raw(row)?) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// From where to where the events of an own log after `after` lie.
fn stretches(
    connection: &Connection,
    origin: i64,
    after: u64,
) -> rusqlite::Result<Vec<(i64, i64)>> {
    let range = |run: Run| (run.pos_of(after.saturating_add(1)), run.end());
    Ok(run::after(connection, origin, after)?
        .into_iter()
        .map(range)
        .collect())
}

/// Number and bytes of an own log's events after `after`. Lengths are read from the rows' headers, not from their contents.
pub(crate) fn weigh(
    connection: &Connection,
    origin: i64,
    after: u64,
) -> rusqlite::Result<(u64, u64)> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*), coalesce(sum(octet_length(content)), 0) FROM event WHERE pos BETWEEN ?1 AND ?2",
    )?;
    let mut all = (0, 0);
    for (from, to) in stretches(connection, origin, after)? {
        let (events, bytes): (u64, u64) =
            statement.query_row([from, to], |r| Ok((r.get(0)?, r.get(1)?)))?;
        all = (all.0 + events, all.1 + bytes);
    }
    Ok(all)
}

/// The streams of an own log's events after `after`, in the order they are sent, with number and bytes of these events.
pub(crate) fn weigh_streams(
    connection: &Connection,
    origin: i64,
    after: u64,
) -> rusqlite::Result<Vec<(String, u64, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT stream, count(*), sum(octet_length(content)) FROM event WHERE pos BETWEEN ?1 AND ?2
         GROUP BY stream ORDER BY min(pos)",
    )?;
    let mut all = Vec::new();
    for (from, to) in stretches(connection, origin, after)? {
        let rows = statement.query_map([from, to], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        for row in rows {
            all.push(row?);
        }
    }
    Ok(all)
}

/// Every row: own ones in the order they came, then received ones log by log, each log in its order.
pub(crate) fn for_each<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut each: impl FnMut(RawRow) -> Result<(), E>,
) -> Result<(), E> {
    for (own, order) in [(1, "pos"), (0, "origin, seq")] {
        let sql = format!("SELECT {COLUMNS} FROM event WHERE own = {own} ORDER BY {order}");
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(raw(row)?)?;
        }
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

/// Whether a stream holds events of this device's.
pub(crate) fn is_own(connection: &Connection, stream: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM event WHERE stream = ?1 AND own = 1")?
        .exists([stream])
}

/// The log that a stream's first event was written to.
pub(crate) fn log_of(connection: &Connection, stream: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached(
            "SELECT o.log_id FROM event AS e JOIN origin AS o ON o.n = e.origin WHERE e.stream = ?1 ORDER BY e.pos LIMIT 1",
        )?
        .query_row([stream], |r| r.get(0))
        .optional()
}
