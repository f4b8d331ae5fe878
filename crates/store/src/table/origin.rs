//! The logs that events come from. One of the own ones is written to; the others are retired: this device wrote them
//! before it was found to be a copy.
//!
//! A foreign log that was written twice from the same place (its writer came back from a copy) is told apart by
//! `fork`: within a row, a number has one event, and neighbours chain.

use rusqlite::{Connection, OptionalExtension, Row, params};

/// A log that this device wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) n: i64,
    pub(crate) log_id: String,
    /// The hub holds it up to here.
    pub(crate) acked: u64,
    /// A backup of the hub's holds it up to here.
    pub(crate) backed_up: u64,
}

const COLUMNS: &str = "n, log_id, acked, backed_up";

fn own(row: &Row<'_>) -> rusqlite::Result<Own> {
    Ok(Own {
        n: row.get(0)?,
        log_id: row.get(1)?,
        acked: row.get(2)?,
        backed_up: row.get(3)?,
    })
}

/// Begins a log of this device's.
pub(crate) fn begin(connection: &Connection, log_id: &str) -> rusqlite::Result<Own> {
    let n = add(connection, log_id, true)?;
    Ok(Own {
        n,
        log_id: log_id.to_owned(),
        acked: 0,
        backed_up: 0,
    })
}

/// Begins (one more row of) another device's log.
pub(crate) fn add_foreign(connection: &Connection, log_id: &str) -> rusqlite::Result<i64> {
    add(connection, log_id, false)
}

fn add(connection: &Connection, log_id: &str, own: bool) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO origin (log_id, fork, own)
             VALUES (?1, (SELECT coalesce(max(fork) + 1, 0) FROM origin WHERE log_id = ?1), ?2)",
        )?
        .execute(params![log_id, own])?;
    Ok(connection.last_insert_rowid())
}

/// An own log.
pub(crate) fn get(connection: &Connection, log_id: &str) -> rusqlite::Result<Option<Own>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM origin WHERE log_id = ?1 AND own = 1"
        ))?
        .query_row([log_id], own)
        .optional()
}

/// Every own log, oldest first.
pub(crate) fn all_own(connection: &Connection) -> rusqlite::Result<Vec<Own>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM origin WHERE own = 1 ORDER BY n"
        ))?
        .query_map([], own)?
        .collect()
}

/// The rows of another device's log, in the order they were begun.
pub(crate) fn foreign(connection: &Connection, log_id: &str) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached("SELECT n FROM origin WHERE log_id = ?1 AND own = 0 ORDER BY fork")?
        .query_map([log_id], |r| r.get(0))?
        .collect()
}

/// What the reports call a row: its log.
pub(crate) fn names(connection: &Connection) -> rusqlite::Result<Vec<(i64, String, bool)>> {
    connection
        .prepare("SELECT n, log_id, own FROM origin")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect()
}

/// Notes how far the hub and its backup hold an own log.
pub(crate) fn confirm(
    connection: &Connection,
    n: i64,
    acked: u64,
    backed_up: u64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE origin SET acked = ?2, backed_up = ?3 WHERE n = ?1")?
        .execute(params![n, acked, backed_up])
        .map(drop)
}
