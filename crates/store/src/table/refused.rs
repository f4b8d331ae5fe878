//! Contents from the hub that could not become events: kept as they came, so that the queue goes on and a person can look.

use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::WireEvent;
use rusqlite::{Connection, params};

/// Keeps a content aside; the same one twice is one.
pub(crate) fn put(
    connection: &Connection,
    event: &WireEvent,
    reason: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO refused (hash, log_id, seq, reason, content) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (hash) DO NOTHING",
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

/// Whether a place in a log is empty because of this.
pub(crate) fn holds(connection: &Connection, log_id: &str, seq: u64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM refused WHERE log_id = ?1 AND seq = ?2")?
        .exists(params![log_id, seq])
}

pub(crate) fn count(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM refused")?
        .query_row([], |r| r.get(0))
}
