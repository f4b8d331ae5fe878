//! One row a visit: what lists need of it. Derived: rebuilt from the log at any time.

use super::{from_word, word};
use crate::error::StoreError;
use doorstep_domain::rows::VisitRow;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE visit_row (
        stream           TEXT PRIMARY KEY,
        order_stream     TEXT NOT NULL,
        pack_hash        TEXT NOT NULL,
        stage            TEXT NOT NULL,
        appointment_ms   INTEGER,
        appointment_end_ms INTEGER,
        outcome          TEXT,
        outcome_reason   TEXT,
        opened_ms        INTEGER NOT NULL,
        submitted_ms     INTEGER,
        revision         INTEGER NOT NULL,
        delivery_pending INTEGER NOT NULL,
        updated_ms       INTEGER NOT NULL,
        call_back_ms     INTEGER,
        in_handover      INTEGER NOT NULL,
        missed           INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX visit_row_missed ON visit_row (order_stream, opened_ms) WHERE missed > 0;
    CREATE INDEX visit_row_by_order ON visit_row (order_stream, opened_ms, stream);
";

/// The columns, in the order that [`read`] takes them, for `visit_row AS v`.
pub(crate) const COLUMNS: &str = "v.stream, v.order_stream, v.pack_hash, v.stage, v.appointment_ms, v.outcome, \
    v.outcome_reason, v.opened_ms, v.submitted_ms, v.revision, v.delivery_pending, v.updated_ms, \
    v.appointment_end_ms, v.call_back_ms, v.in_handover, v.missed";

/// Reads the columns from index `at` on.
pub(crate) fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<VisitRow> {
    Ok(VisitRow {
        stream: row.get(at)?,
        order_stream: row.get(at + 1)?,
        pack_hash: row.get(at + 2)?,
        stage: from_word(row.get(at + 3)?)?,
        appointment_ms: row.get(at + 4)?,
        outcome: row
            .get::<_, Option<String>>(at + 5)?
            .map(from_word)
            .transpose()?,
        outcome_reason: row.get(at + 6)?,
        opened_ms: row.get(at + 7)?,
        submitted_ms: row.get(at + 8)?,
        revision: row.get(at + 9)?,
        delivery_pending: row.get(at + 10)?,
        updated_ms: row.get(at + 11)?,
        appointment_end_ms: row.get(at + 12)?,
        call_back_ms: row.get(at + 13)?,
        in_handover: row.get(at + 14)?,
        missed: row.get(at + 15)?,
    })
}

/// Visits for an order itself and for the other orders of its customer, whom the phone's digits tell.
const SAME_CUSTOMER: &str = "v.order_stream IN (SELECT ?1 UNION SELECT o.stream FROM order_row AS own \
    JOIN order_row AS o ON o.phone = own.phone WHERE own.stream = ?1 AND own.phone <> '')";

/// Appointments with the customer of an order that submitted visits, opened before this one, missed by our fault, as far as they
/// are here.
pub(crate) fn missed_before(
    connection: &Connection,
    order: &str,
    visit: &str,
    opened_ms: i64,
) -> rusqlite::Result<u32> {
    let sql = format!(
        "SELECT coalesce(sum(v.missed), 0) FROM visit_row AS v
         WHERE v.missed > 0 AND v.revision > 0 AND {SAME_CUSTOMER} AND (v.opened_ms, v.stream) < (?2, ?3)"
    );
    connection
        .prepare_cached(&sql)?
        .query_row(params![order, opened_ms, visit], |r| r.get(0))
}

/// Submitted visits to the customer of an order, all of them.
pub(crate) fn submitted_to(connection: &Connection, order: &str) -> rusqlite::Result<Vec<String>> {
    let sql = format!(
        "SELECT v.stream FROM visit_row AS v WHERE v.revision > 0 AND {SAME_CUSTOMER} ORDER BY v.stream"
    );
    let mut query = connection.prepare_cached(&sql)?;
    let rows = query.query_map([order], |r| r.get(0))?;
    rows.collect()
}

/// Writes a row; `before` is what was written last. An answer changes no indexed column, so its write stays on one page.
pub(crate) fn put(
    connection: &Connection,
    before: Option<&VisitRow>,
    row: &VisitRow,
) -> Result<(), StoreError> {
    let same_place = before
        .is_some_and(|b| (&b.order_stream, b.opened_ms) == (&row.order_stream, row.opened_ms));
    let sql = if same_place {
        "UPDATE visit_row SET pack_hash = ?3, stage = ?4, appointment_ms = ?5, outcome = ?6, outcome_reason = ?7,
            submitted_ms = ?9, revision = ?10, delivery_pending = ?11, updated_ms = ?12,
            appointment_end_ms = ?13, call_back_ms = ?14, in_handover = ?15, missed = ?16
         WHERE stream = ?1 AND order_stream = ?2 AND opened_ms = ?8"
    } else {
        "INSERT OR REPLACE INTO visit_row (stream, order_stream, pack_hash, stage, appointment_ms, outcome,
            outcome_reason, opened_ms, submitted_ms, revision, delivery_pending, updated_ms, appointment_end_ms,
            call_back_ms, in_handover, missed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    };
    connection.prepare_cached(sql)?.execute(params![
        row.stream,
        row.order_stream,
        row.pack_hash,
        word(row.stage)?,
        row.appointment_ms,
        row.outcome.map(word).transpose()?,
        row.outcome_reason,
        row.opened_ms,
        row.submitted_ms,
        row.revision,
        row.delivery_pending,
        row.updated_ms,
        row.appointment_end_ms,
        row.call_back_ms,
        row.in_handover,
        row.missed,
    ])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, stream: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM visit_row WHERE stream = ?1")?
        .execute([stream])
        .map(drop)
}

pub(crate) fn get(connection: &Connection, stream: &str) -> rusqlite::Result<Option<VisitRow>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM visit_row AS v WHERE v.stream = ?1"
        ))?
        .query_row([stream], |r| read(r, 0))
        .optional()
}

/// The visit that stands for an order in lists.
pub(crate) fn newest(connection: &Connection, order: &str) -> rusqlite::Result<Option<VisitRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM visit_row AS v WHERE v.order_stream = ?1 ORDER BY v.opened_ms DESC, v.stream DESC LIMIT 1"
    );
    connection
        .prepare_cached(&sql)?
        .query_row([order], |r| read(r, 0))
        .optional()
}

/// Visits of an order, oldest first.
pub(crate) fn of_order(connection: &Connection, order: &str) -> rusqlite::Result<Vec<VisitRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM visit_row AS v WHERE v.order_stream = ?1 ORDER BY v.opened_ms, v.stream"
    );
    connection
        .prepare_cached(&sql)?
        .query_map([order], |r| read(r, 0))?
        .collect()
}

/// Visits that this device writes: others came from the hub to be read.
const OWN: &str = "EXISTS (SELECT 1 FROM event AS e WHERE e.stream = v.stream AND e.own = 1)";

/// Own visits not submitted yet, the one opened last first; also one that is mended while the customer holds the tablet.
pub(crate) fn open(connection: &Connection) -> rusqlite::Result<Vec<VisitRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM visit_row AS v WHERE (v.stage <> 'submitted' OR v.in_handover = 1) AND {OWN} ORDER BY v.opened_ms DESC, v.stream"
    );
    connection
        .prepare_cached(&sql)?
        .query_map([], |r| read(r, 0))?
        .collect()
}

/// Own submitted visits whose customer still waits for a copy, oldest first.
pub(crate) fn undelivered(connection: &Connection) -> rusqlite::Result<Vec<VisitRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM visit_row AS v WHERE v.delivery_pending = 1 AND {OWN} ORDER BY v.submitted_ms, v.stream"
    );
    connection
        .prepare_cached(&sql)?
        .query_map([], |r| read(r, 0))?
        .collect()
}

/// Visits (or the one) whose files the hub and its backup hold, and that nobody needs here any more; see `Store::deletable`.
pub(crate) fn deletable(
    connection: &Connection,
    before_ms: i64,
    only: Option<&str>,
) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(
            "SELECT v.stream FROM visit_row AS v
             WHERE v.stage = 'submitted' AND v.delivery_pending = 0 AND v.updated_ms < ?1
               AND v.stream = coalesce(?2, v.stream)
               AND EXISTS (SELECT 1 FROM upload AS u WHERE u.visit = v.stream AND u.file <> 3)
               AND NOT EXISTS (SELECT 1 FROM upload AS u WHERE u.visit = v.stream AND u.stored = 0)
               AND NOT EXISTS (SELECT 1 FROM review_row AS r
                    WHERE r.visit = v.stream AND r.submission = v.revision AND r.verdict = 'returned')
               AND NOT EXISTS (SELECT 1 FROM event AS e JOIN origin AS o ON o.n = e.origin
                    WHERE e.stream = v.stream AND o.own = 1 AND e.seq > min(o.acked, o.backed_up))
             ORDER BY v.updated_ms, v.stream",
        )?
        .query_map(params![before_ms, only], |r| r.get(0))?
        .collect()
}

/// Packs that visits pin and that are not here.
pub(crate) fn packs_missing(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(
            "SELECT DISTINCT pack_hash FROM visit_row WHERE pack_hash NOT IN (SELECT hash FROM pack)",
        )?
        .query_map([], |r| r.get(0))?
        .collect()
}
