//! Everything the hub knows of SQL. One file a table or a group of tables that change together.

pub(crate) mod blob;
pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod order;
pub(crate) mod people;
#[cfg(debug_assertions)]
pub(crate) mod sabotage;

use crate::error::{HubError, Outcome};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// Name of the database in the hub's folder.
pub(crate) const FILE: &str = "hub.db";

/// Settings every connection runs with: name, value, what it reads back as. WAL lets the office's commands run beside
/// the server; FULL flushes every commit, so that an acknowledgement is a promise.
const PRAGMAS: &[(&str, &str, &str)] = &[
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cache_size", "-32000", "-32000"),
];

/// How long a writer waits for another process's commit.
const BUSY: Duration = Duration::from_secs(10);

/// The schema's history; a published step is never edited.
const STEPS: &[&str] = &[
    "
    CREATE TABLE meta (
        key   TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE staff (
        staff_no TEXT PRIMARY KEY,
        name     TEXT NOT NULL,
        phone    TEXT NOT NULL,
        role     TEXT NOT NULL,
        team     TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX staff_by_team ON staff (team, role);

    CREATE TABLE enrol_code (
        code_hash  TEXT PRIMARY KEY,
        staff_no   TEXT NOT NULL REFERENCES staff,
        expires_ms INTEGER NOT NULL,
        used_ms    INTEGER
    ) STRICT, WITHOUT ROWID;

    -- queued is the recipient's counter: it rises inside the transaction that writes a delivery
    CREATE TABLE device (
        id          TEXT PRIMARY KEY,
        staff_no    TEXT NOT NULL REFERENCES staff,
        name        TEXT NOT NULL,
        token_hash  TEXT NOT NULL UNIQUE,
        enrolled_ms INTEGER NOT NULL,
        revoked_ms  INTEGER,
        wipe        INTEGER NOT NULL DEFAULT 0,
        seen_ms     INTEGER NOT NULL DEFAULT 0,
        queued      INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX device_by_staff ON device (staff_no);

    -- device is empty for the logs that the hub itself writes
    CREATE TABLE log (
        log_id    TEXT PRIMARY KEY,
        device    TEXT NOT NULL,
        seq       INTEGER NOT NULL,
        hash      TEXT NOT NULL,
        backed_up INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;

    -- pos is the order in which the hub took them; fresh is 0 for a content that came before in another log
    CREATE TABLE event (
        pos         INTEGER PRIMARY KEY,
        log_id      TEXT NOT NULL REFERENCES log,
        seq         INTEGER NOT NULL,
        prev        TEXT NOT NULL,
        hash        TEXT NOT NULL,
        id          TEXT,
        stream      TEXT,
        kind        TEXT,
        text        TEXT NOT NULL,
        received_ms INTEGER NOT NULL,
        fresh       INTEGER NOT NULL,
        UNIQUE (log_id, seq)
    ) STRICT;
    CREATE INDEX event_by_id ON event (id);
    CREATE INDEX event_by_stream ON event (stream, pos);

    CREATE TABLE flag (
        log_id TEXT NOT NULL,
        seq    INTEGER NOT NULL,
        reason TEXT NOT NULL,
        kind   TEXT NOT NULL,
        PRIMARY KEY (log_id, seq, reason)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE work_order (
        stream    TEXT PRIMARY KEY,
        no        TEXT NOT NULL UNIQUE,
        body      TEXT NOT NULL,
        staff_no  TEXT,
        cancelled INTEGER NOT NULL DEFAULT 0,
        done      INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_by_staff ON work_order (staff_no);

    CREATE TABLE visit (
        stream       TEXT PRIMARY KEY,
        order_stream TEXT NOT NULL,
        device       TEXT NOT NULL,
        staff_no     TEXT NOT NULL,
        opened_ms    INTEGER NOT NULL,
        submitted_ms INTEGER,
        submissions  INTEGER NOT NULL DEFAULT 0,
        outcome      TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX visit_by_order ON visit (order_stream);
    CREATE INDEX visit_by_opened ON visit (opened_ms);

    -- who receives a stream: kind is staff (who = staff number) or team (who = team; its leads)
    CREATE TABLE audience (
        stream TEXT NOT NULL,
        kind   TEXT NOT NULL,
        who    TEXT NOT NULL,
        PRIMARY KEY (stream, kind, who)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX audience_by_who ON audience (kind, who);

    CREATE TABLE delivery (
        device TEXT NOT NULL REFERENCES device,
        n      INTEGER NOT NULL,
        pos    INTEGER NOT NULL REFERENCES event,
        PRIMARY KEY (device, n)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX delivery_once ON delivery (device, pos);

    CREATE TABLE blob (
        sha256    TEXT PRIMARY KEY,
        bytes     INTEGER NOT NULL,
        stored_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE blob_ref (
        log_id TEXT NOT NULL,
        seq    INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        stream TEXT NOT NULL,
        PRIMARY KEY (log_id, seq, sha256)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX blob_ref_by_hash ON blob_ref (sha256);

    CREATE TABLE upload (
        device     TEXT NOT NULL,
        sha256     TEXT NOT NULL,
        bytes      INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        PRIMARY KEY (device, sha256)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE idempotency (
        who       TEXT NOT NULL,
        key       TEXT NOT NULL,
        body_hash TEXT NOT NULL,
        answer    TEXT NOT NULL,
        at_ms     INTEGER NOT NULL,
        PRIMARY KEY (who, key)
    ) STRICT, WITHOUT ROWID;
",
    // how far back a device's queue reaches; which visits pin which pack; answers are forgotten in time
    "
    ALTER TABLE device ADD COLUMN since_ms INTEGER NOT NULL DEFAULT 0;
    UPDATE device SET since_ms = max(0, enrolled_ms - 2592000000);

    CREATE TABLE pack_ref (
        sha256 TEXT NOT NULL,
        stream TEXT NOT NULL,
        PRIMARY KEY (sha256, stream)
    ) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO pack_ref (sha256, stream)
        SELECT json_extract(text, '$.body.pack.hash'), stream FROM event
        WHERE kind = 'visit.opened' AND json_valid(text) AND json_type(text, '$.body.pack.hash') = 'text';

    CREATE INDEX idempotency_by_time ON idempotency (at_ms);
",
    // visits may move to a newer version of their standard: what came before this hub knew of it
    "
    INSERT OR IGNORE INTO pack_ref (sha256, stream)
        SELECT json_extract(text, '$.body.pack.hash'), stream FROM event
        WHERE kind = 'pack.moved' AND json_valid(text) AND json_type(text, '$.body.pack.hash') = 'text';
",
];

/// Opens (creates) the database and brings it to the newest schema.
pub(crate) fn open(path: &Path) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    for (name, value, expected) in PRAGMAS {
        connection.execute_batch(&format!("PRAGMA {name} = {value}"))?;
        let now = read_pragma(&connection, name)?;
        if now != *expected {
            return Err(HubError::Unsafe(format!("{name} is {now}")));
        }
    }
    connection.set_prepared_statement_cache_capacity(96);
    migrate(&mut connection)?;
    Ok(connection)
}

fn read_pragma(connection: &Connection, name: &str) -> Outcome<String> {
    let value: rusqlite::types::Value =
        connection.query_row(&format!("PRAGMA {name}"), [], |r| r.get(0))?;
    Ok(match value {
        rusqlite::types::Value::Integer(n) => n.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    })
}

fn migrate(connection: &mut Connection) -> Outcome<()> {
    let newest = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    // two processes may open a new folder at once: the version is read under the lock
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = tx.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > newest {
        return Err(HubError::FromFuture { found, newest });
    }
    for step in STEPS.iter().skip(found as usize) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", newest)?;
    tx.commit()?;
    Ok(())
}

/// Lets the database grow to this many bytes, or without limit.
pub(crate) fn limit(connection: &Connection, bytes: Option<u64>) -> Outcome<()> {
    let page: u64 = connection.query_row("PRAGMA page_size", [], |r| r.get(0))?;
    let pages = bytes.map_or(4_294_967_294, |b| b / page.max(1));
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    Ok(())
}

/// Bytes that the database has now.
pub(crate) fn size(connection: &Connection) -> Outcome<u64> {
    let pages: u64 = connection.query_row("PRAGMA page_count", [], |r| r.get(0))?;
    let page: u64 = connection.query_row("PRAGMA page_size", [], |r| r.get(0))?;
    Ok(pages * page)
}

/// A fact about the hub itself.
pub(crate) fn meta(connection: &Connection, key: &str) -> Outcome<Option<String>> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |r| r.get(0))
        .optional()?)
}

pub(crate) fn set_meta(connection: &Connection, key: &str, value: &str) -> Outcome<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?
        .execute([key, value])?;
    Ok(())
}

/// Writes a whole, checked copy beside the running hub.
pub(crate) fn copy_to(connection: &Connection, path: &Path) -> Outcome<()> {
    connection.execute("VACUUM INTO ?1", [path.to_string_lossy()])?;
    Ok(())
}

/// SQLite's own check of the file; `ok` when nothing is wrong.
pub(crate) fn integrity(connection: &Connection) -> Outcome<String> {
    Ok(connection.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?)
}

/// What the metrics tell; no query walks a table that grows with every tap.
pub(crate) fn counts(connection: &Connection) -> Outcome<Vec<(&'static str, u64)>> {
    const ASKED: [(&str, &str); 6] = [
        ("events", "SELECT coalesce(max(pos), 0) FROM event"),
        ("deliveries", "SELECT coalesce(sum(queued), 0) FROM device"),
        (
            "devices",
            "SELECT count(*) FROM device WHERE revoked_ms IS NULL",
        ),
        ("work_orders", "SELECT count(*) FROM work_order"),
        ("visits", "SELECT count(*) FROM visit"),
        ("blobs", "SELECT count(*) FROM blob"),
    ];
    ASKED
        .iter()
        .map(|(name, sql)| Ok((*name, connection.query_row(sql, [], |r| r.get(0))?)))
        .collect()
}

/// An answer that was given to a key before: the body's hash and the answer.
pub(crate) fn answered(c: &Connection, who: &str, key: &str) -> Outcome<Option<(String, String)>> {
    Ok(
        c.prepare_cached("SELECT body_hash, answer FROM idempotency WHERE who = ?1 AND key = ?2")?
            .query_row([who, key], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?,
    )
}

pub(crate) fn remember_answer(
    c: &Connection,
    (who, key): (&str, &str),
    body_hash: &str,
    answer: &str,
    at_ms: i64,
) -> Outcome<()> {
    c.prepare_cached(
        "INSERT INTO idempotency (who, key, body_hash, answer, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(rusqlite::params![who, key, body_hash, answer, at_ms])?;
    Ok(())
}

/// Forgets answers that were given before a moment; how many.
pub(crate) fn forget_answers(c: &Connection, before_ms: i64) -> Outcome<usize> {
    Ok(
        c.prepare_cached("DELETE FROM idempotency WHERE at_ms < ?1")?
            .execute([before_ms])?,
    )
}
