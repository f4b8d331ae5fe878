//! One row a review: the newest submission that it speaks of, the verdict that stands on it, and the hub's flags. Derived: rebuilt from the log
//! at any time.

use super::{from_word, word};
use crate::error::StoreError;
use doorstep_domain::review::ReviewRow;
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) const CREATE: &str = "
    CREATE TABLE review_row (
        visit      TEXT PRIMARY KEY,
        stream     TEXT NOT NULL UNIQUE,
        submission INTEGER NOT NULL,
        verdict    TEXT,
        given_ms   INTEGER,
        sampled    INTEGER NOT NULL,
        flags      INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// Writes a row.
pub(crate) fn put(connection: &Connection, row: &ReviewRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO review_row (visit, stream, submission, verdict, given_ms, sampled, flags)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            row.visit,
            row.stream,
            row.submission,
            row.verdict.map(word).transpose()?,
            row.given_ms,
            row.sampled,
            row.flags,
        ])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection, stream: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM review_row WHERE stream = ?1")?
        .execute([stream])
        .map(drop)
}

/// The review of a visit; none while nobody looked at it.
pub(crate) fn of_visit(
    connection: &Connection,
    visit: &str,
) -> rusqlite::Result<Option<ReviewRow>> {
    connection
        .prepare_cached(
            "SELECT stream, visit, submission, verdict, given_ms, sampled, flags FROM review_row WHERE visit = ?1",
        )?
        .query_row([visit], |r| {
            Ok(ReviewRow {
                stream: r.get(0)?,
                visit: r.get(1)?,
                submission: r.get(2)?,
                verdict: r
                    .get::<_, Option<String>>(3)?
                    .map(from_word)
                    .transpose()?,
                given_ms: r.get(4)?,
                sampled: r.get(5)?,
                flags: r.get(6)?,
            })
        })
        .optional()
}
