//! Contents from the hub that could not become events: kept as they came, so that the queue goes on and a person can look.

use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::WireEvent;
use rusqlite::{Connection, OptionalExtension, params};

/// Keeps a content aside; the same one twice is one.
pub(crate) fn put(
    connection: &Connection,
    event: &WireEvent,
    reason: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO refused (hash, log_id, seq, reason, content) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            sha256_hex(event.text.as_bytes()),
            event.log_id,
            i64::try_from(event.seq).unwrap_or(i64::MAX),
            reason,
            event.text
        ])
        .map(drop)
}

/// What was put aside from a place in a log.
pub(crate) fn get(
    connection: &Connection,
    log_id: &str,
    seq: u64,
) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT content FROM refused WHERE log_id = ?1 AND seq = ?2 LIMIT 1")?
        .query_row(params![log_id, seq], |r| r.get(0))
        .optional()
}

pub(crate) fn count(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM refused")?
        .query_row([], |r| r.get(0))
}
