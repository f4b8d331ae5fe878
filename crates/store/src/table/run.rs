//! Where the events of own logs lie: stretches of neighbours in `seq` that are neighbours in `pos`.
//!
//! An index by log and number would cost every tap one more page on its way to disk. Own events are written one
//! behind the other, so a stretch lasts until something is received, and a number's `pos` is counted from its beginning.

use super::event::Place;
use doorstep_domain::wire::Head;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A stretch of an own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Where its first event lies.
    pub(crate) pos: i64,
    pub(crate) origin: i64,
    /// Its first number.
    pub(crate) seq: u64,
    /// Its last number; none while it is written to: then its last event is the last of all.
    pub(crate) last: Option<u64>,
}

impl Run {
    /// One that an event just written at `pos` begins.
    pub(crate) fn begin(pos: i64, place: Place<'_>) -> Run {
        Run {
            pos,
            origin: place.origin,
            seq: place.seq,
            last: None,
        }
    }

    /// Where a number lies that is not before this stretch.
    pub(crate) fn pos_of(&self, seq: u64) -> i64 {
        let offset = i64::try_from(seq.saturating_sub(self.seq)).unwrap_or(i64::MAX);
        self.pos.saturating_add(offset)
    }

    /// Where it ends.
    pub(crate) fn end(&self) -> i64 {
        self.last.map_or(i64::MAX, |last| self.pos_of(last))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        pos: row.get(0)?,
        origin: row.get(1)?,
        seq: row.get(2)?,
        last: row.get(3)?,
    })
}

pub(crate) fn put(connection: &Connection, run: Run) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO run (pos, origin, seq, last) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![run.pos, run.origin, run.seq, run.last])
        .map(drop)
}

/// Whether the last event of all is the newest own one.
pub(crate) fn is_open(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM run WHERE last IS NULL")?
        .exists([])
}

/// Other events follow the newest own one, which has this number.
pub(crate) fn close(connection: &Connection, seq: u64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE run SET last = ?1 WHERE last IS NULL")?
        .execute([seq])
        .map(drop)
}

/// A log ends with this number.
pub(crate) fn cut(connection: &Connection, origin: i64, last: u64) -> rusqlite::Result<()> {
    connection.execute(
        "DELETE FROM run WHERE origin = ?1 AND seq > ?2",
        params![origin, last],
    )?;
    connection
        .execute(
            "UPDATE run SET last = ?2 WHERE origin = ?1 AND (last IS NULL OR last > ?2)",
            params![origin, last],
        )
        .map(drop)
}

/// The stretches of a log that hold numbers after `after`, in order.
pub(crate) fn after(
    connection: &Connection,
    origin: i64,
    after: u64,
) -> rusqlite::Result<Vec<Run>> {
    // what is asked for lies at the end: walked from there, and no further than needed
    let mut statement = connection.prepare_cached(
        "SELECT pos, origin, seq, last FROM run WHERE origin = ?1 ORDER BY pos DESC",
    )?;
    let mut rows = statement.query([origin])?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next()? {
        let run = read(row)?;
        if run.last.is_some_and(|last| last <= after) {
            break;
        }
        runs.push(run);
    }
    runs.reverse();
    Ok(runs)
}

/// The newest event of an own log.
pub(crate) fn head(connection: &Connection, origin: i64) -> rusqlite::Result<Head> {
    let newest = connection
        .prepare_cached(
            "SELECT pos, origin, seq, last FROM run WHERE origin = ?1 ORDER BY pos DESC LIMIT 1",
        )?
        .query_row([origin], read)
        .optional()?;
    let Some(run) = newest else {
        return Ok(Head::default());
    };
    connection
        .prepare_cached(
            "SELECT seq, hash FROM event WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos DESC LIMIT 1",
        )?
        .query_row([run.pos, run.end()], |r| {
            Ok(Head {
                seq: r.get(0)?,
                hash: r.get(1)?,
            })
        })
        .optional()
        .map(Option::unwrap_or_default)
}
