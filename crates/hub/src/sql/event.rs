//! Logs and their events, as they came.

use crate::error::Outcome;
use doorstep_domain::wire::{EventFlag, FlagKind, Head, WireEvent};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A log's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) id: String,
    /// Empty for the hub's own logs.
    pub(crate) device: String,
    pub(crate) head: Head,
    pub(crate) backed_up: u64,
}

/// What the hub knows of an event beside its text.
pub(crate) struct Facts<'a> {
    pub(crate) hash: &'a str,
    /// None when the text cannot be read.
    pub(crate) id: Option<&'a str>,
    pub(crate) stream: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    /// The first event with this content.
    pub(crate) fresh: bool,
    pub(crate) received_ms: i64,
}

fn log_row(row: &Row<'_>) -> rusqlite::Result<Log> {
    Ok(Log {
        id: row.get(0)?,
        device: row.get(1)?,
        head: Head {
            seq: row.get(2)?,
            hash: row.get(3)?,
        },
        backed_up: row.get(4)?,
    })
}

pub(crate) fn log(c: &Connection, log_id: &str) -> Outcome<Option<Log>> {
    Ok(
        c.prepare_cached("SELECT log_id, device, seq, hash, backed_up FROM log WHERE log_id = ?1")?
            .query_row([log_id], log_row)
            .optional()?,
    )
}

pub(crate) fn all_logs(c: &Connection) -> Outcome<Vec<Log>> {
    let mut statement =
        c.prepare("SELECT log_id, device, seq, hash, backed_up FROM log ORDER BY log_id")?;
    let rows: rusqlite::Result<Vec<_>> = statement.query_map([], log_row)?.collect();
    Ok(rows?)
}

pub(crate) fn new_log(c: &Connection, log_id: &str, device: &str) -> Outcome<()> {
    c.prepare_cached("INSERT INTO log (log_id, device, seq, hash) VALUES (?1, ?2, 0, '')")?
        .execute([log_id, device])?;
    Ok(())
}

pub(crate) fn set_backed_up(c: &Connection, log_id: &str, through: u64) -> Outcome<()> {
    c.prepare_cached("UPDATE log SET backed_up = max(backed_up, ?2) WHERE log_id = ?1")?
        .execute(params![log_id, through])?;
    Ok(())
}

/// Appends an event and moves the log's head; its position.
pub(crate) fn append(c: &Connection, event: &WireEvent, facts: &Facts<'_>) -> Outcome<i64> {
    c.prepare_cached(
        "INSERT INTO event (log_id, seq, prev, hash, id, stream, kind, text, received_ms, fresh)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        event.log_id,
        event.seq,
        event.prev,
        facts.hash,
        facts.id,
        facts.stream,
        facts.kind,
        event.text,
        facts.received_ms,
        facts.fresh
    ])?;
    let pos = c.last_insert_rowid();
    c.prepare_cached("UPDATE log SET seq = ?2, hash = ?3 WHERE log_id = ?1")?
        .execute(params![event.log_id, event.seq, facts.hash])?;
    Ok(pos)
}

/// Hash of one event of a log.
pub(crate) fn hash_at(c: &Connection, log_id: &str, seq: u64) -> Outcome<Option<String>> {
    Ok(
        c.prepare_cached("SELECT hash FROM event WHERE log_id = ?1 AND seq = ?2")?
            .query_row(params![log_id, seq], |r| r.get(0))
            .optional()?,
    )
}

/// Texts of a stream's events as its recipients have them, in the order in which the hub took them.
pub(crate) fn texts(c: &Connection, stream: &str) -> Outcome<Vec<String>> {
    let mut statement =
        c.prepare_cached("SELECT text FROM event WHERE stream = ?1 AND fresh = 1 ORDER BY pos")?;
    let rows: rusqlite::Result<Vec<String>> =
        statement.query_map([stream], |r| r.get(0))?.collect();
    Ok(rows?)
}

/// Hash of the first content with this id, wherever it came from.
pub(crate) fn hash_of_id(c: &Connection, id: &str) -> Outcome<Option<String>> {
    Ok(
        c.prepare_cached("SELECT hash FROM event WHERE id = ?1 ORDER BY pos LIMIT 1")?
            .query_row([id], |r| r.get(0))
            .optional()?,
    )
}

/// The device whose log first held an event of this stream; empty for the hub's.
pub(crate) fn writer_of(c: &Connection, stream: &str) -> Outcome<Option<String>> {
    Ok(c.prepare_cached(
        "SELECT log.device FROM event JOIN log USING (log_id) WHERE stream = ?1 ORDER BY pos LIMIT 1",
    )?
    .query_row([stream], |r| r.get(0))
    .optional()?)
}

fn wire(row: &Row<'_>) -> rusqlite::Result<WireEvent> {
    Ok(WireEvent {
        log_id: row.get(0)?,
        seq: row.get(1)?,
        prev: row.get(2)?,
        text: row.get(3)?,
    })
}

/// A page of a log: at most `bytes` of texts, but at least one event where there is one.
pub(crate) fn page(
    c: &Connection,
    log_id: &str,
    after: u64,
    bytes: usize,
) -> Outcome<Vec<WireEvent>> {
    let mut statement = c.prepare_cached(
        "SELECT log_id, seq, prev, text FROM event WHERE log_id = ?1 AND seq > ?2 ORDER BY seq",
    )?;
    let mut rows = statement.query(params![log_id, after])?;
    let (mut events, mut used) = (Vec::new(), 0_usize);
    while let Some(row) = rows.next()? {
        let event = wire(row)?;
        used = used.saturating_add(event.text.len());
        if used > bytes && !events.is_empty() {
            break;
        }
        events.push(event);
    }
    Ok(events)
}

pub(crate) fn put_flag(
    c: &Connection,
    log_id: &str,
    seq: u64,
    kind: FlagKind,
    reason: &str,
) -> Outcome<()> {
    c.prepare_cached(
        "INSERT OR IGNORE INTO flag (log_id, seq, reason, kind) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![log_id, seq, reason, flag_word(kind)])?;
    Ok(())
}

fn flag_word(kind: FlagKind) -> &'static str {
    match kind {
        FlagKind::Parked => "parked",
        FlagKind::NeedsAttention => "needs_attention",
    }
}

/// Flags of a stretch of a log, both ends included.
pub(crate) fn flags(c: &Connection, log_id: &str, from: u64, to: u64) -> Outcome<Vec<EventFlag>> {
    let mut statement = c.prepare_cached(
        "SELECT seq, kind, reason FROM flag WHERE log_id = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq, reason",
    )?;
    let rows: rusqlite::Result<Vec<EventFlag>> = statement
        .query_map(params![log_id, from, to], |r| {
            let kind: String = r.get(1)?;
            Ok(EventFlag {
                seq: r.get(0)?,
                kind: match kind.as_str() {
                    "parked" => FlagKind::Parked,
                    _ => FlagKind::NeedsAttention,
                },
                reason: r.get(2)?,
            })
        })?
        .collect();
    Ok(rows?)
}

/// Every event of a log in order, with its stored hash, for the check.
pub(crate) fn walk<E: From<rusqlite::Error>>(
    c: &Connection,
    log_id: &str,
    mut each: impl FnMut(WireEvent, String) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = c.prepare(
        "SELECT log_id, seq, prev, text, hash FROM event WHERE log_id = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([log_id])?;
    while let Some(row) = rows.next()? {
        each(wire(row)?, row.get(4)?)?;
    }
    Ok(())
}
