//! One row an order: what lists need of it, joined with its newest visit. Derived: rebuilt from the log at any time.
//!
//! `visit`, `sort_ms` and `state` come from the newest visit and its review; they are kept here so that a list of
//! 10,000 orders is one walk along an index.

use super::{from_word, word};
use crate::agenda::AgendaState;
use crate::error::StoreError;
use doorstep_domain::review::ReviewRow;
use doorstep_domain::rows::{OrderRow, VisitRow};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE order_row (
        stream            TEXT PRIMARY KEY,
        no                TEXT NOT NULL,
        customer          TEXT NOT NULL,
        phone_masked      TEXT NOT NULL,
        address           TEXT NOT NULL,
        job               TEXT NOT NULL,
        service           TEXT NOT NULL,
        standard          TEXT NOT NULL,
        promised_start_ms INTEGER NOT NULL,
        promised_end_ms   INTEGER,
        deadline_ms       INTEGER,
        offset_min        INTEGER NOT NULL,
        cancelled         INTEGER NOT NULL,
        source            TEXT NOT NULL,
        search            TEXT NOT NULL,
        visit             TEXT,
        sort_ms           INTEGER NOT NULL,
        state             TEXT NOT NULL,
        assigned          TEXT,
        phone             TEXT NOT NULL
    ) STRICT;
    CREATE INDEX order_row_by_phone ON order_row (phone);
    CREATE INDEX order_row_by_no ON order_row (no, stream);
    CREATE INDEX order_row_by_time ON order_row (sort_ms, stream, state, assigned, visit);
";

/// The columns, in the order that [`read`] takes them, for `order_row AS o`.
pub(crate) const COLUMNS: &str = "o.stream, o.no, o.customer, o.phone_masked, o.address, o.job, o.service, \
    o.standard, o.promised_start_ms, o.promised_end_ms, o.deadline_ms, o.offset_min, o.cancelled, o.source, o.search, o.assigned, o.phone";
/// How many they are.
pub(crate) const COLUMN_COUNT: usize = 17;

/// Reads the columns from index 0 on.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    Ok(OrderRow {
        stream: row.get(0)?,
        no: row.get(1)?,
        customer: row.get(2)?,
        phone_masked: row.get(3)?,
        address: row.get(4)?,
        job: from_word(row.get(5)?)?,
        service: row.get(6)?,
        standard: row.get(7)?,
        promised_start_ms: row.get(8)?,
        promised_end_ms: row.get(9)?,
        deadline_ms: row.get(10)?,
        offset_min: row.get(11)?,
        cancelled: row.get(12)?,
        source: from_word(row.get(13)?)?,
        search: row.get(14)?,
        assigned: row.get(15)?,
        phone: row.get(16)?,
    })
}

/// Writes a row with the newest visit that stands for it in lists, and that visit's review.
pub(crate) fn put(
    connection: &Connection,
    row: &OrderRow,
    visit: Option<&VisitRow>,
    review: Option<&ReviewRow>,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO order_row (stream, no, customer, phone_masked, address, job, service, standard,
            promised_start_ms, promised_end_ms, deadline_ms, offset_min, cancelled, source, search, visit, sort_ms, state, assigned, phone)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";
    connection.prepare_cached(sql)?.execute(params![
        row.stream,
        row.no,
        row.customer,
        row.phone_masked,
        row.address,
        word(row.job)?,
        row.service,
        row.standard,
        row.promised_start_ms,
        row.promised_end_ms,
        row.deadline_ms,
        row.offset_min,
        row.cancelled,
        word(row.source)?,
        row.search,
        visit.map(|v| &v.stream),
        visit
            .and_then(|v| v.appointment_ms)
            .unwrap_or(row.promised_start_ms),
        AgendaState::of(row.cancelled, visit, review),
        row.assigned,
        row.phone,
    ])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, stream: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM order_row WHERE stream = ?1")?
        .execute([stream])
        .map(drop)
}

pub(crate) fn get(connection: &Connection, stream: &str) -> rusqlite::Result<Option<OrderRow>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM order_row AS o WHERE o.stream = ?1"
        ))?
        .query_row([stream], read)
        .optional()
}

/// The order of that number; of several, the one whose stream came first.
pub(crate) fn by_no(connection: &Connection, no: &str) -> rusqlite::Result<Option<OrderRow>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM order_row AS o WHERE o.no = ?1 ORDER BY o.stream LIMIT 1"
        ))?
        .query_row([no], read)
        .optional()
}
