//! Orders and visits: what the hub has to know of them to route and to judge, derived from the events.

use crate::error::Outcome;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// An order of the hub's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderRow {
    pub(crate) stream: String,
    /// The order's JSON as it is now.
    pub(crate) body: String,
    /// Whose it is.
    pub(crate) staff_no: Option<String>,
    pub(crate) cancelled: bool,
}

/// A visit that some device opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VisitRow {
    pub(crate) stream: String,
    pub(crate) order_stream: String,
    pub(crate) device: String,
    pub(crate) staff_no: String,
    pub(crate) opened_ms: i64,
    pub(crate) submitted_ms: Option<i64>,
    pub(crate) submissions: u32,
    pub(crate) outcome: Option<String>,
}

const ORDER: &str = "SELECT stream, body, staff_no, cancelled FROM work_order";

fn order_row(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    Ok(OrderRow {
        stream: row.get(0)?,
        body: row.get(1)?,
        staff_no: row.get(2)?,
        cancelled: row.get(3)?,
    })
}

pub(crate) fn by_no(c: &Connection, no: &str) -> Outcome<Option<OrderRow>> {
    Ok(c.prepare_cached(&format!("{ORDER} WHERE no = ?1"))?
        .query_row([no], order_row)
        .optional()?)
}

pub(crate) fn by_stream(c: &Connection, stream: &str) -> Outcome<Option<OrderRow>> {
    Ok(c.prepare_cached(&format!("{ORDER} WHERE stream = ?1"))?
        .query_row([stream], order_row)
        .optional()?)
}

pub(crate) fn put(c: &Connection, stream: &str, no: &str, body: &str) -> Outcome<()> {
    c.prepare_cached(
        "INSERT INTO work_order (stream, no, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (stream) DO UPDATE SET body = ?3",
    )?
    .execute([stream, no, body])?;
    Ok(())
}

pub(crate) fn assign(c: &Connection, stream: &str, staff_no: &str) -> Outcome<()> {
    c.prepare_cached("UPDATE work_order SET staff_no = ?2 WHERE stream = ?1")?
        .execute([stream, staff_no])?;
    Ok(())
}

pub(crate) fn cancel(c: &Connection, stream: &str) -> Outcome<()> {
    c.prepare_cached("UPDATE work_order SET cancelled = 1 WHERE stream = ?1")?
        .execute([stream])?;
    Ok(())
}

pub(crate) fn done(c: &Connection, stream: &str) -> Outcome<()> {
    c.prepare_cached("UPDATE work_order SET done = 1 WHERE stream = ?1")?
        .execute([stream])?;
    Ok(())
}

/// Streams of a person's orders that are still to be done.
pub(crate) fn open_of(c: &Connection, staff_no: &str) -> Outcome<Vec<String>> {
    let mut statement = c.prepare_cached(
        "SELECT stream FROM work_order WHERE staff_no = ?1 AND cancelled = 0 AND done = 0 ORDER BY no",
    )?;
    let rows: rusqlite::Result<Vec<String>> =
        statement.query_map([staff_no], |r| r.get(0))?.collect();
    Ok(rows?)
}

const VISIT: &str = "SELECT stream, order_stream, device, staff_no, opened_ms, submitted_ms, submissions, outcome FROM visit";

fn visit_row(row: &Row<'_>) -> rusqlite::Result<VisitRow> {
    Ok(VisitRow {
        stream: row.get(0)?,
        order_stream: row.get(1)?,
        device: row.get(2)?,
        staff_no: row.get(3)?,
        opened_ms: row.get(4)?,
        submitted_ms: row.get(5)?,
        submissions: row.get(6)?,
        outcome: row.get(7)?,
    })
}

/// Notes an opened visit; the first opening counts.
pub(crate) fn open_visit(c: &Connection, visit: &VisitRow) -> Outcome<()> {
    c.prepare_cached(
        "INSERT OR IGNORE INTO visit (stream, order_stream, device, staff_no, opened_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        visit.stream,
        visit.order_stream,
        visit.device,
        visit.staff_no,
        visit.opened_ms
    ])?;
    Ok(())
}

pub(crate) fn submit_visit(
    c: &Connection,
    stream: &str,
    n: u32,
    at_ms: i64,
    outcome: &str,
) -> Outcome<()> {
    c.prepare_cached(
        "UPDATE visit SET submitted_ms = ?3, submissions = max(submissions, ?2), outcome = ?4 WHERE stream = ?1",
    )?
    .execute(params![stream, n, at_ms, outcome])?;
    Ok(())
}

pub(crate) fn visit(c: &Connection, stream: &str) -> Outcome<Option<VisitRow>> {
    Ok(c.prepare_cached(&format!("{VISIT} WHERE stream = ?1"))?
        .query_row([stream], visit_row)
        .optional()?)
}

pub(crate) fn visits_of(c: &Connection, order_stream: &str) -> Outcome<Vec<VisitRow>> {
    let mut statement = c.prepare_cached(&format!(
        "{VISIT} WHERE order_stream = ?1 ORDER BY opened_ms, stream"
    ))?;
    let rows: rusqlite::Result<Vec<_>> = statement.query_map([order_stream], visit_row)?.collect();
    Ok(rows?)
}

/// Visits opened in `[from_ms, to_ms)`, oldest first.
pub(crate) fn visits_between(c: &Connection, from_ms: i64, to_ms: i64) -> Outcome<Vec<VisitRow>> {
    let mut statement = c.prepare_cached(&format!(
        "{VISIT} WHERE opened_ms >= ?1 AND opened_ms < ?2 ORDER BY opened_ms, stream"
    ))?;
    let rows: rusqlite::Result<Vec<_>> =
        statement.query_map([from_ms, to_ms], visit_row)?.collect();
    Ok(rows?)
}
