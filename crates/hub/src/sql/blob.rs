//! Blobs: which are whole, which events name them, which are on their way.

use crate::error::Outcome;
use rusqlite::{Connection, OptionalExtension, params};

/// Length of a blob that is whole and durable.
pub(crate) fn stored(c: &Connection, sha256: &str) -> Outcome<Option<u64>> {
    Ok(
        c.prepare_cached("SELECT bytes FROM blob WHERE sha256 = ?1")?
            .query_row([sha256], |r| r.get(0))
            .optional()?,
    )
}

pub(crate) fn store(c: &Connection, sha256: &str, bytes: u64, now_ms: i64) -> Outcome<()> {
    c.prepare_cached("INSERT OR IGNORE INTO blob (sha256, bytes, stored_ms) VALUES (?1, ?2, ?3)")?
        .execute(params![sha256, bytes, now_ms])?;
    c.prepare_cached("DELETE FROM upload WHERE sha256 = ?1")?
        .execute([sha256])?;
    Ok(())
}

pub(crate) fn all(c: &Connection) -> Outcome<Vec<(String, u64)>> {
    let mut statement = c.prepare("SELECT sha256, bytes FROM blob ORDER BY sha256")?;
    let rows: rusqlite::Result<Vec<_>> = statement
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect();
    Ok(rows?)
}

pub(crate) fn refer(
    c: &Connection,
    (log_id, seq): (&str, u64),
    sha256: &str,
    stream: &str,
) -> Outcome<()> {
    c.prepare_cached(
        "INSERT OR IGNORE INTO blob_ref (log_id, seq, sha256, stream) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![log_id, seq, sha256, stream])?;
    Ok(())
}

/// Notes the pack that a visit pins. No backup waits for it: what the visit proves does not lie in it.
pub(crate) fn pin(c: &Connection, sha256: &str, stream: &str) -> Outcome<()> {
    c.prepare_cached("INSERT OR IGNORE INTO pack_ref (sha256, stream) VALUES (?1, ?2)")?
        .execute([sha256, stream])?;
    Ok(())
}

/// Streams that name a blob or pin a pack.
pub(crate) fn named_by(c: &Connection, sha256: &str) -> Outcome<Vec<String>> {
    let mut statement = c.prepare_cached(
        "SELECT stream FROM blob_ref WHERE sha256 = ?1 UNION SELECT stream FROM pack_ref WHERE sha256 = ?1",
    )?;
    let rows: rusqlite::Result<Vec<String>> =
        statement.query_map([sha256], |r| r.get(0))?.collect();
    Ok(rows?)
}

/// The first event of a log that names a blob which is not stored.
pub(crate) fn first_lacking(c: &Connection, log_id: &str) -> Outcome<Option<u64>> {
    Ok(c.prepare_cached(
        "SELECT min(seq) FROM blob_ref WHERE log_id = ?1
         AND NOT EXISTS (SELECT 1 FROM blob WHERE blob.sha256 = blob_ref.sha256)",
    )?
    .query_row([log_id], |r| r.get(0))?)
}

/// An upload that was begun: its length and when it expires.
pub(crate) fn upload(c: &Connection, device: &str, sha256: &str) -> Outcome<Option<(u64, i64)>> {
    Ok(
        c.prepare_cached("SELECT bytes, expires_ms FROM upload WHERE device = ?1 AND sha256 = ?2")?
            .query_row([device, sha256], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?,
    )
}

pub(crate) fn begin_upload(
    c: &Connection,
    (device, sha256): (&str, &str),
    bytes: u64,
    expires_ms: i64,
) -> Outcome<()> {
    c.prepare_cached(
        "INSERT INTO upload (device, sha256, bytes, expires_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (device, sha256) DO UPDATE SET expires_ms = ?4",
    )?
    .execute(params![device, sha256, bytes, expires_ms])?;
    Ok(())
}

pub(crate) fn end_upload(c: &Connection, device: &str, sha256: &str) -> Outcome<bool> {
    let gone = c
        .prepare_cached("DELETE FROM upload WHERE device = ?1 AND sha256 = ?2")?
        .execute([device, sha256])?;
    Ok(gone > 0)
}

/// Uploads past their time.
pub(crate) fn expired(c: &Connection, now_ms: i64) -> Outcome<Vec<(String, String)>> {
    let mut statement =
        c.prepare_cached("SELECT device, sha256 FROM upload WHERE expires_ms <= ?1")?;
    let rows: rusqlite::Result<Vec<_>> = statement
        .query_map([now_ms], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect();
    Ok(rows?)
}
