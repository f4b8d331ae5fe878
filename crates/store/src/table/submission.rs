//! One row a submitted visit: what the lead's queue lists, sorts, filters and searches. Derived: rebuilt from the log at any time.
//!
//! `flags` counts the entries of the submission's list: what the visit itself shows, photos elsewhere that its photos resemble, what
//! the hub found in it; `rank` puts complaints first. Every index holds what choosing a page needs, so that only the page's own
//! rows are read in full.

use super::{from_word, submission_text, word};
use crate::error::StoreError;
use doorstep_domain::desk::SubmissionRow;
use doorstep_domain::event::Actor;
use doorstep_domain::review::{ReviewRow, Verdict};
use doorstep_domain::text::Text;
use doorstep_domain::time::Moment;
use rusqlite::{Connection, OptionalExtension, Row, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE submission (
        id             INTEGER PRIMARY KEY,
        visit          TEXT NOT NULL UNIQUE,
        n              INTEGER NOT NULL,
        order_stream   TEXT NOT NULL,
        order_no       TEXT NOT NULL,
        customer       TEXT NOT NULL,
        address        TEXT NOT NULL,
        search         TEXT NOT NULL,
        staff_no       TEXT NOT NULL,
        technician     TEXT NOT NULL,
        pack_hash      TEXT NOT NULL,
        pack_zh        TEXT NOT NULL,
        pack_en        TEXT NOT NULL,
        assessed       INTEGER NOT NULL,
        job            TEXT NOT NULL,
        arrival_min    INTEGER,
        minutes        INTEGER,
        rating_zh      TEXT,
        rating_en      TEXT,
        rating_rank    INTEGER,
        dissatisfied   INTEGER NOT NULL,
        outcome        TEXT NOT NULL,
        outcome_reason TEXT,
        signature      TEXT,
        submitted_ms   INTEGER NOT NULL,
        offset_min     INTEGER NOT NULL,
        call_back_ms   INTEGER,
        own_flags      INTEGER NOT NULL,
        hub_flags      INTEGER NOT NULL DEFAULT 0,
        flags          INTEGER NOT NULL,
        complaint      INTEGER NOT NULL,
        rank           INTEGER NOT NULL,
        verdict        TEXT,
        given_ms       INTEGER,
        sampled        INTEGER NOT NULL,
        decided        INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX submission_by_flags ON submission (decided, rank DESC, submitted_ms, flags, sampled);
    CREATE INDEX submission_by_submitted ON submission (decided, submitted_ms, flags);
    CREATE INDEX submission_by_order ON submission (decided, order_no, submitted_ms, flags);
    CREATE INDEX submission_by_customer ON submission (decided, customer, submitted_ms, flags);
    CREATE INDEX submission_by_technician ON submission (decided, technician, submitted_ms, flags);
    CREATE INDEX submission_by_arrival ON submission (decided, arrival_min, submitted_ms, flags);
    CREATE INDEX submission_by_minutes ON submission (decided, minutes, submitted_ms, flags);
    CREATE INDEX submission_by_rating ON submission (decided, rating_rank, submitted_ms, flags);
    CREATE INDEX submission_by_stream ON submission (order_stream);
    CREATE INDEX submission_by_time ON submission (submitted_ms);
    CREATE INDEX submission_rework ON submission (given_ms) WHERE verdict = 'rework';
    CREATE INDEX submission_unassessed ON submission (pack_hash) WHERE assessed = 0;
";

/// A line of the queue with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// What was submitted; `flags` and `photos` of it are empty: see `flag_count`.
    pub row: SubmissionRow,
    /// Flags, those of look-alike photos counted.
    pub flag_count: u32,
    /// The verdict that stands on it.
    pub verdict: Option<Verdict>,
    /// It was picked for a full read.
    pub sampled: bool,
}

const COLUMNS: &str = "visit, n, order_stream, order_no, customer, address, search, staff_no, technician, pack_hash, \
    pack_zh, pack_en, assessed, job, arrival_min, minutes, rating_zh, rating_en, rating_rank, dissatisfied, outcome, \
    outcome_reason, signature, submitted_ms, offset_min, call_back_ms, complaint, flags, verdict, sampled";

fn read(r: &Row<'_>) -> rusqlite::Result<Submitted> {
    let offset_min = r.get("offset_min")?;
    let moment = |ms| Moment { ms, offset_min };
    let text = |zh: Option<String>, en: Option<String>| zh.zip(en).map(|(zh, en)| Text { zh, en });
    let maybe = |name: &str| r.get::<_, Option<String>>(name);
    let row = SubmissionRow {
        visit: r.get("visit")?,
        n: r.get("n")?,
        order_stream: r.get("order_stream")?,
        order_no: r.get("order_no")?,
        customer: r.get("customer")?,
        address: r.get("address")?,
        search: r.get("search")?,
        technician: Actor {
            staff_no: r.get("staff_no")?,
            name: r.get("technician")?,
        },
        pack_hash: r.get("pack_hash")?,
        pack: Text {
            zh: r.get("pack_zh")?,
            en: r.get("pack_en")?,
        },
        assessed: r.get("assessed")?,
        job: from_word(r.get("job")?)?,
        arrival_min: r.get("arrival_min")?,
        minutes: r.get("minutes")?,
        rating: text(maybe("rating_zh")?, maybe("rating_en")?),
        rating_rank: r.get("rating_rank")?,
        dissatisfied: r.get("dissatisfied")?,
        outcome: from_word(r.get("outcome")?)?,
        outcome_reason: r.get("outcome_reason")?,
        signature: maybe("signature")?.map(from_word).transpose()?,
        submitted: moment(r.get("submitted_ms")?),
        call_back: r.get::<_, Option<i64>>("call_back_ms")?.map(moment),
        flags: Vec::new(),
        complaint: r.get("complaint")?,
        photos: Vec::new(),
    };
    Ok(Submitted {
        row,
        flag_count: r.get("flags")?,
        verdict: maybe("verdict")?.map(from_word).transpose()?,
        sampled: r.get("sampled")?,
    })
}

/// Writes a row, with nothing known of verdicts and other visits' photos. Its id stays when the visit is submitted again.
pub(crate) fn put(connection: &Connection, row: &SubmissionRow) -> Result<(), StoreError> {
    let before: Option<String> = connection
        .prepare_cached("SELECT search FROM submission WHERE visit = ?1")?
        .query_row([&row.visit], |r| r.get(0))
        .optional()?;
    let id = put_row(connection, row)?;
    if before.as_ref() != Some(&row.search) {
        submission_text::put(connection, id, &row.search)?;
    }
    Ok(())
}

fn put_row(connection: &Connection, row: &SubmissionRow) -> Result<i64, StoreError> {
    let id = connection
        .prepare_cached(
            "INSERT INTO submission (visit, n, order_stream, order_no, customer, address, search, staff_no, technician,
                pack_hash, pack_zh, pack_en, assessed, job, arrival_min, minutes, rating_zh, rating_en, rating_rank,
                dissatisfied, outcome, outcome_reason, signature, submitted_ms, offset_min, call_back_ms, own_flags,
                flags, complaint, rank, verdict, given_ms, sampled, decided)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?26, ?27, ?27, ?28, ?28 * 1000 + ?27, NULL, NULL, 0, 0)
             ON CONFLICT (visit) DO UPDATE SET n = ?2, order_stream = ?3, order_no = ?4, customer = ?5, address = ?6,
                search = ?7, staff_no = ?8, technician = ?9, pack_hash = ?10, pack_zh = ?11, pack_en = ?12,
                assessed = ?13, job = ?14, arrival_min = ?15, minutes = ?16, rating_zh = ?17, rating_en = ?18,
                rating_rank = ?19, dissatisfied = ?20, outcome = ?21, outcome_reason = ?22, signature = ?23,
                submitted_ms = ?24, offset_min = ?25, call_back_ms = ?26, own_flags = ?27, flags = ?27,
                complaint = ?28, rank = ?28 * 1000 + ?27, verdict = NULL, given_ms = NULL, sampled = 0, decided = 0
             RETURNING id",
        )?
        .query_row(params![
            row.visit,
            row.n,
            row.order_stream,
            row.order_no,
            row.customer,
            row.address,
            row.search,
            row.technician.staff_no,
            row.technician.name,
            row.pack_hash,
            row.pack.zh,
            row.pack.en,
            row.assessed,
            word(row.job)?,
            row.arrival_min,
            row.minutes,
            row.rating.as_ref().map(|t| &t.zh),
            row.rating.as_ref().map(|t| &t.en),
            row.rating_rank,
            row.dissatisfied,
            word(row.outcome)?,
            row.outcome_reason,
            row.signature.map(word).transpose()?,
            row.submitted.ms,
            row.submitted.offset_min,
            row.call_back.map(|m| m.ms),
            i64::try_from(row.flags.len()).unwrap_or(i64::MAX),
            row.complaint,
        ], |r| r.get(0))?;
    Ok(id)
}

/// Writes what became of the submission, and what the hub found in the visit; a verdict on another submission says nothing of
/// this one. The flags are to be counted again after it.
pub(crate) fn judge(
    connection: &Connection,
    visit: &str,
    review: Option<&ReviewRow>,
) -> Result<(), StoreError> {
    let verdict = review.and_then(|r| r.verdict);
    connection
        .prepare_cached(
            "UPDATE submission SET verdict = iif(n = ?2, ?3, NULL), given_ms = iif(n = ?2, ?4, NULL),
                sampled = iif(n = ?2, ?5, 0), decided = iif(n = ?2, ?3 IS NOT NULL, 0), hub_flags = ?6
             WHERE visit = ?1",
        )?
        .execute(params![
            visit,
            review.map(|r| r.submission),
            verdict.map(word).transpose()?,
            review.and_then(|r| r.given_ms),
            review.is_some_and(|r| r.sampled),
            review.map_or(0, |r| r.flags),
        ])?;
    Ok(())
}

/// Counts the flags again: the visit's own, the earlier photos elsewhere that its photos resemble, the hub's.
pub(crate) fn count_flags(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "WITH now (flags) AS (SELECT own_flags + hub_flags
                + (SELECT count(*) FROM photo_alike WHERE later_submission = ?1)
                FROM submission WHERE id = ?1)
             UPDATE submission SET flags = now.flags, rank = complaint * 1000 + now.flags FROM now WHERE id = ?1",
        )?
        .execute([id])
        .map(drop)
}

pub(crate) fn delete(connection: &Connection, visit: &str) -> rusqlite::Result<()> {
    let id: Option<i64> = connection
        .prepare_cached("DELETE FROM submission WHERE visit = ?1 RETURNING id")?
        .query_row([visit], |r| r.get(0))
        .optional()?;
    id.map_or(Ok(()), |id| submission_text::delete(connection, id))
}

/// Technicians by number, each with the name of the newest submission.
pub(crate) fn technicians(connection: &Connection) -> rusqlite::Result<Vec<Actor>> {
    // beside max() the other columns are those of its row
    connection
        .prepare_cached(
            "SELECT staff_no, technician, max(submitted_ms) FROM submission
             GROUP BY staff_no ORDER BY staff_no",
        )?
        .query_map([], |r| {
            Ok(Actor {
                staff_no: r.get(0)?,
                name: r.get(1)?,
            })
        })?
        .collect()
}

/// The row's id and which submission it is of.
pub(crate) fn place(connection: &Connection, visit: &str) -> rusqlite::Result<Option<(i64, u32)>> {
    connection
        .prepare_cached("SELECT id, n FROM submission WHERE visit = ?1")?
        .query_row([visit], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
}

pub(crate) fn get(connection: &Connection, visit: &str) -> rusqlite::Result<Option<Submitted>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM submission WHERE visit = ?1"
        ))?
        .query_row([visit], read)
        .optional()
}

/// The rows with these ids, in this order.
pub(crate) fn by_ids(connection: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<Submitted>> {
    let sql = format!("SELECT {COLUMNS} FROM submission WHERE id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    ids.iter()
        .map(|id| statement.query_row([id], read))
        .collect()
}

fn visits(connection: &Connection, sql: &str, of: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(sql)?
        .query_map([of], |r| r.get(0))?
        .collect()
}

/// Submitted visits that waited for this pack.
pub(crate) fn waiting_for(connection: &Connection, pack: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT visit FROM submission WHERE pack_hash = ?1 AND assessed = 0 ORDER BY visit";
    visits(connection, sql, pack)
}

/// Packs that submitted visits wait for.
pub(crate) fn packs_wanted(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT DISTINCT pack_hash FROM submission WHERE assessed = 0")?
        .query_map([], |r| r.get(0))?
        .collect()
}
