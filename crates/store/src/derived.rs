//! Derived tables: written in the event's own transaction, dropped and rebuilt when their meaning changes.

use crate::error::StoreError;
use crate::table::{
    follow_row, order_row, photo_print, review_row, submission, submission_text, visit_row,
};
use doorstep_domain::event::sha256_hex;
use doorstep_domain::rows::{FOLD_VERSION, OrderRow, Row, VisitRow};
use rusqlite::Connection;

/// Changes whenever a derived table's columns or the meaning of the list columns change.
const TABLES_VERSION: u32 = 12;

/// What derived rows must have been written with.
pub(crate) fn version() -> String {
    format!("{FOLD_VERSION}.{TABLES_VERSION}")
}

/// Drops the derived tables and makes them anew, empty.
pub(crate) fn recreate(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DROP TABLE IF EXISTS order_row; DROP TABLE IF EXISTS visit_row; DROP TABLE IF EXISTS review_row;
         DROP TABLE IF EXISTS submission; DROP TABLE IF EXISTS submission_text; DROP TABLE IF EXISTS photo_print;
         DROP TABLE IF EXISTS photo_key; DROP TABLE IF EXISTS photo_alike; DROP TABLE IF EXISTS follow_row",
    )?;
    connection.execute_batch(review_row::CREATE)?;
    connection.execute_batch(follow_row::CREATE)?;
    connection.execute_batch(submission::CREATE)?;
    connection.execute_batch(submission_text::CREATE)?;
    connection.execute_batch(photo_print::CREATE)?;
    connection.execute_batch(order_row::CREATE)?;
    connection.execute_batch(visit_row::CREATE)
}

/// Writes what changed between the row written last and the row now.
pub(crate) fn write(
    connection: &Connection,
    before: Option<&Row>,
    now: Option<&Row>,
) -> Result<(), StoreError> {
    match (before, now) {
        (before, now) if before == now => Ok(()),
        (_, Some(Row::Order(order))) => list(connection, order),
        (Some(Row::Order(order)), _) => Ok(order_row::delete(connection, &order.stream)?),
        (Some(Row::Visit(before)), None) => {
            visit_row::delete(connection, &before.stream)?;
            list_again(connection, &before.order_stream)
        }
        (before, Some(Row::Visit(visit))) => {
            let before = match before {
                Some(Row::Visit(before)) => Some(before.as_ref()),
                _ => None,
            };
            write_visit(connection, before, visit)
        }
        (_, Some(Row::Review(review))) => {
            review_row::put(connection, review)?;
            list_visited(connection, &review.visit)
        }
        (Some(Row::Review(before)), None) => {
            review_row::delete(connection, &before.stream)?;
            list_visited(connection, &before.visit)
        }
        (_, Some(Row::Follow(follow))) => follow_row::put(connection, follow),
        (Some(Row::Follow(before)), None) => Ok(follow_row::delete(connection, &before.stream)?),
        (None, None) => Ok(()),
    }
}

fn write_visit(
    connection: &Connection,
    before: Option<&VisitRow>,
    now: &VisitRow,
) -> Result<(), StoreError> {
    visit_row::put(connection, before, now)?;
    let listed = |v: &VisitRow| {
        (
            v.order_stream.clone(),
            v.stage,
            v.outcome,
            v.appointment_ms,
            v.opened_ms,
            v.revision,
        )
    };
    if before.is_some_and(|before| listed(before) == listed(now)) {
        return Ok(());
    }
    if let Some(before) = before.filter(|b| b.order_stream != now.order_stream) {
        list_again(connection, &before.order_stream)?;
    }
    list_again(connection, &now.order_stream)
}

/// Writes an order with the visit that stands for it.
fn list(connection: &Connection, order: &OrderRow) -> Result<(), StoreError> {
    let visit = visit_row::newest(connection, &order.stream)?;
    let review = match &visit {
        Some(visit) => review_row::of_visit(connection, &visit.stream)?,
        None => None,
    };
    order_row::put(connection, order, visit.as_ref(), review.as_ref())
}

/// What the list shows of the order of a visit changed. The visit may not have come yet.
fn list_visited(connection: &Connection, visit: &str) -> Result<(), StoreError> {
    match visit_row::get(connection, visit)? {
        Some(visit) => list_again(connection, &visit.order_stream),
        None => Ok(()),
    }
}

/// A visit changed what the list shows of its order. The order may not have come yet.
fn list_again(connection: &Connection, order: &str) -> Result<(), StoreError> {
    match order_row::get(connection, order)? {
        Some(order) => list(connection, &order),
        None => Ok(()),
    }
}

/// What the digest is of: every derived row, but for numbers that only tell in which order rows were written. Of the photos it
/// holds the pairs that were found. The index of words stands behind them.
const DIGESTED: [(&str, &str); 6] = [
    ("follow_row", "SELECT * FROM follow_row ORDER BY stream"),
    ("order_row", "SELECT * FROM order_row ORDER BY stream"),
    ("review_row", "SELECT * FROM review_row ORDER BY stream"),
    ("visit_row", "SELECT * FROM visit_row ORDER BY stream"),
    (
        "submission",
        "SELECT visit, n, order_stream, order_no, customer, address, search, staff_no, technician, pack_hash, pack_zh,
            pack_en, assessed, job, arrival_min, minutes, rating_zh, rating_en, rating_rank, dissatisfied, outcome,
            outcome_reason, signature, submitted_ms, offset_min, call_back_ms, own_flags, flags, complaint, rank,
            verdict, given_ms, sampled, decided FROM submission ORDER BY visit",
    ),
    (
        "photo_alike",
        "SELECT l.visit, a.later, e.visit, a.earlier, a.at_ms, a.percent FROM photo_alike AS a
            JOIN submission AS l ON l.id = a.later_submission JOIN submission AS e ON e.id = a.earlier_submission
            ORDER BY l.visit, a.later, e.visit, a.earlier",
    ),
];

/// A hash of every derived row, in a fixed order: equal tables, equal hash.
pub(crate) fn digest(connection: &Connection) -> Result<String, StoreError> {
    let mut all = String::new();
    for (table, sql) in DIGESTED {
        let mut statement = connection.prepare(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut lines = table.to_owned();
        while let Some(row) = rows.next()? {
            for i in 0..columns {
                lines.push_str(&format!(
                    "{:?}\u{1f}",
                    row.get::<_, rusqlite::types::Value>(i)?
                ));
            }
            lines.push('\n');
        }
        // folded in table by table so that a large store does not have to stand in memory twice
        all.push_str(&sha256_hex(lines.as_bytes()));
    }
    let text = submission_text::lines(connection)?.join("\n");
    all.push_str(&sha256_hex(text.as_bytes()));
    Ok(sha256_hex(all.as_bytes()))
}
