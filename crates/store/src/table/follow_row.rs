//! One row an issue or a follow-up plan, for the two lists of what follows a visit. Derived: rebuilt from the log at any time.

use super::{from_word, word};
use crate::error::StoreError;
use doorstep_domain::told::{FollowList, FollowRow};
use rusqlite::{Connection, Row, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE follow_row (
        stream       TEXT PRIMARY KEY,
        list         TEXT NOT NULL,
        order_stream TEXT,
        due_ms       INTEGER NOT NULL,
        term_ms      INTEGER,
        closed       INTEGER NOT NULL,
        updated_ms   INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX follow_row_due ON follow_row (list, closed, due_ms);
    CREATE INDEX follow_row_by_order ON follow_row (order_stream);
";

/// Writes a row.
pub(crate) fn put(connection: &Connection, row: &FollowRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO follow_row (stream, list, order_stream, due_ms, term_ms, closed, updated_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            row.stream,
            word(row.list)?,
            row.order,
            row.due_ms,
            row.term_ms,
            row.closed,
            row.updated_ms,
        ])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, stream: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM follow_row WHERE stream = ?1")?
        .execute([stream])
        .map(drop)
}

/// A page of a list: what is open by when it is due, what is closed the newest first.
pub(crate) fn page(
    connection: &Connection,
    list: FollowList,
    closed: bool,
    offset: u32,
    limit: u32,
) -> Result<Vec<FollowRow>, StoreError> {
    let sql = match closed {
        false => {
            "SELECT stream, list, order_stream, due_ms, term_ms, closed, updated_ms FROM follow_row
             WHERE list = ?1 AND closed = 0 ORDER BY due_ms, stream LIMIT ?2 OFFSET ?3"
        }
        true => {
            "SELECT stream, list, order_stream, due_ms, term_ms, closed, updated_ms FROM follow_row
             WHERE list = ?1 AND closed = 1 ORDER BY due_ms DESC, stream LIMIT ?2 OFFSET ?3"
        }
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![word(list)?, limit, offset], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The issues of an order that are not filed, by when something is due.
pub(crate) fn issues_of(connection: &Connection, order: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT stream FROM follow_row WHERE order_stream = ?1 AND list = ?2 AND closed = 0 ORDER BY due_ms, stream",
    )?;
    let rows = statement.query_map(params![order, word(FollowList::Issues)?], |r| r.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many are open and how many closed; of the open ones, how many have a term that ran out before `now_ms`.
pub(crate) fn counts(
    connection: &Connection,
    list: FollowList,
    now_ms: i64,
) -> Result<(u32, u32, u32), StoreError> {
    let sql = "SELECT count(*) FILTER (WHERE closed = 0), count(*) FILTER (WHERE closed = 1),
                 count(*) FILTER (WHERE closed = 0 AND term_ms < ?2) FROM follow_row WHERE list = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let of = |r: &Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    Ok(statement.query_row(params![word(list)?, now_ms], of)?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<FollowRow> {
    Ok(FollowRow {
        stream: row.get(0)?,
        list: from_word(row.get(1)?)?,
        order: row.get(2)?,
        due_ms: row.get(3)?,
        term_ms: row.get(4)?,
        closed: row.get(5)?,
        updated_ms: row.get(6)?,
    })
}
