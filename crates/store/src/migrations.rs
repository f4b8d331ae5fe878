//! The schema's history. Append-only: a published step is never edited. Only the log and the local tables
//! migrate; derived tables are dropped and rebuilt (see `derived`).

use crate::error::StoreError;
use crate::files;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// One step: the SQL that takes the schema from its index to its index + 1.
pub(crate) type Step = &'static str;

/// Every step, oldest first; `user_version` counts those taken.
pub(crate) const STEPS: &[Step] = &["
    CREATE TABLE meta (
        key   TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE log (
        seq     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        stream  TEXT NOT NULL,
        kind    TEXT NOT NULL,
        content TEXT NOT NULL,
        hash    TEXT NOT NULL,
        prev    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX log_by_stream ON log (stream, seq);

    CREATE TABLE setting (
        key   TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE cursor (
        visit TEXT PRIMARY KEY,
        place TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE pack (
        hash   TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        file   TEXT NOT NULL
    ) STRICT;
",
    // the log learns other origins than this device; what was in it came from this device alone
    "
    CREATE TABLE origin (
        n         INTEGER PRIMARY KEY,
        log_id    TEXT NOT NULL,
        fork      INTEGER NOT NULL,
        own       INTEGER NOT NULL,
        acked     INTEGER NOT NULL DEFAULT 0,
        backed_up INTEGER NOT NULL DEFAULT 0,
        UNIQUE (log_id, fork)
    ) STRICT;
    INSERT INTO origin (n, log_id, fork, own) SELECT 1, value, 0, 1 FROM meta WHERE key = 'log_id';

    CREATE TABLE event (
        pos     INTEGER PRIMARY KEY,
        own     INTEGER NOT NULL,
        origin  INTEGER NOT NULL,
        seq     INTEGER NOT NULL,
        id      TEXT NOT NULL UNIQUE,
        stream  TEXT NOT NULL,
        kind    TEXT NOT NULL,
        content TEXT NOT NULL,
        hash    TEXT NOT NULL,
        prev    TEXT NOT NULL
    ) STRICT;
    INSERT INTO event (pos, own, origin, seq, id, stream, kind, content, hash, prev)
        SELECT seq, 1, 1, seq, id, stream, kind, content, hash, prev FROM log ORDER BY seq;
    CREATE INDEX event_by_stream ON event (stream);
    CREATE UNIQUE INDEX event_received ON event (origin, seq) WHERE own = 0;

    CREATE TABLE run (
        pos    INTEGER PRIMARY KEY,
        origin INTEGER NOT NULL,
        seq    INTEGER NOT NULL,
        last   INTEGER
    ) STRICT;
    INSERT INTO run (pos, origin, seq, last) SELECT 1, 1, 1, NULL FROM log LIMIT 1;
    DROP TABLE log;

    CREATE TABLE pull (
        hub    INTEGER PRIMARY KEY CHECK (hub = 1),
        epoch  TEXT NOT NULL,
        cursor INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE upload (
        sha256 TEXT NOT NULL,
        visit  TEXT NOT NULL,
        kind   TEXT NOT NULL,
        bytes  INTEGER,
        pos    INTEGER NOT NULL,
        stored INTEGER NOT NULL,
        file   INTEGER NOT NULL,
        PRIMARY KEY (sha256, visit)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX upload_by_visit ON upload (visit);
    CREATE INDEX upload_waiting ON upload (kind, pos) WHERE stored = 0;
    INSERT OR IGNORE INTO upload (sha256, visit, kind, bytes, pos, stored, file)
        SELECT t.value, e.stream,
            CASE WHEN json_extract(e.content, t.path || '.strokes') IS NULL THEN 'photo' ELSE 'ink' END,
            json_extract(e.content, t.path || '.bytes'), e.pos, 0, 0
        FROM event AS e, json_tree(iif(json_valid(e.content), e.content, '{}'), '$.body') AS t
        WHERE t.key = 'sha256' AND t.type = 'text' AND length(t.value) = 64
        ORDER BY e.pos;

    CREATE TABLE refused (
        log_id  TEXT NOT NULL,
        seq     INTEGER NOT NULL,
        hash    TEXT NOT NULL,
        reason  TEXT NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (log_id, seq, hash)
    ) STRICT;

    CREATE TABLE flag (
        event  TEXT NOT NULL,
        kind   TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (event, kind, reason)
    ) STRICT, WITHOUT ROWID;
",
    // pinned packs travel: each waits for the hub's receipt under one name for all visits
    "
    INSERT OR IGNORE INTO upload (sha256, visit, kind, bytes, pos, stored, file)
        SELECT hash, 'packs', 'pack', length(CAST(source AS BLOB)), 0, 0, 0 FROM pack;
",
];

/// Takes the steps that are missing, each in its own transaction. A copy of the database (`<name>.before-v<n>`)
/// is kept before the first of them when it holds anything.
///
/// # Errors
/// [`StoreError::FromFuture`]; any failure leaves the database at the last whole step.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: &Path,
    steps: &[Step],
) -> Result<(), StoreError> {
    let newest = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let found: u32 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > newest {
        return Err(StoreError::FromFuture { found, newest });
    }
    if found > 0 && found < newest {
        keep_copy(connection, path, found + 1)?;
    }
    for (version, step) in (1..=newest).zip(steps).skip(found as usize) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", version)?;
        tx.commit()?;
    }
    Ok(())
}

/// Where the copy taken before step `version` lies.
pub(crate) fn copy_path(path: &Path, version: u32) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".before-v{version}"));
    path.with_file_name(name)
}

/// The copy is the file itself: it stays encrypted with the same key.
fn keep_copy(connection: &Connection, path: &Path, version: u32) -> Result<(), StoreError> {
    let (busy, log, done): (i64, i64, i64) =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?;
    if busy != 0 || log != done {
        return Err(StoreError::Unsafe(
            "the write-ahead log is not empty".to_owned(),
        ));
    }
    files::copy_durably(
        path,
        &copy_path(path, version),
        "keeping a copy of the database",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::db;
    use crate::key::DataKey;

    fn open(dir: &Path) -> Connection {
        db::connect(dir, &DataKey::from_bytes([1; 32])).unwrap()
    }

    fn tables(connection: &Connection) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let mut statement = connection.prepare(sql).unwrap();
        statement
            .query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    #[test]
    fn the_schema_is_published() {
        // a published step is never edited: the hash of each stands here for ever
        let published: Vec<String> = STEPS
            .iter()
            .map(|s| doorstep_domain::event::sha256_hex(s.as_bytes()))
            .collect();
        assert_eq!(
            published,
            [
                "2dc724d40bcbcd1316cd048a7e6b385753765555e80a7a05bace62e8d054b45e",
                "c253f9295da2531cd0fc08301d4b45afff88fcadbd7702a693500036a72b8692",
                "83282505fc6bbd423fc36530932c3498654bc6cdecb03cc6cd98e679c098410c"
            ]
        );
        let dir = tempfile::tempdir().unwrap();
        let mut connection = open(dir.path());
        migrate(&mut connection, &dir.path().join(db::FILE), STEPS).unwrap();
        assert_eq!(
            tables(&connection),
            [
                "cursor", "event", "flag", "meta", "origin", "pack", "pull", "refused", "run",
                "setting", "upload"
            ]
        );
        assert!(
            !copy_path(&dir.path().join(db::FILE), 1).exists(),
            "an empty database needs no copy"
        );
    }

    const FIRST: Step = "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('before')";
    const SECOND: Step = "UPDATE a SET x = 'after'; CREATE TABLE b (x TEXT) STRICT";
    const BROKEN: Step =
        "CREATE TABLE c (x TEXT) STRICT; UPDATE a SET x = 'half'; INSERT INTO missing VALUES (1)";

    fn value(connection: &Connection) -> String {
        connection
            .query_row("SELECT x FROM a", [], |r| r.get(0))
            .unwrap()
    }

    #[test]
    fn a_failing_step_leaves_nothing_and_the_copy_holds_what_was_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(db::FILE);
        let mut connection = open(dir.path());
        migrate(&mut connection, &path, &[FIRST]).unwrap();
        migrate(&mut connection, &path, &[FIRST, SECOND, BROKEN]).unwrap_err();
        assert_eq!(
            tables(&connection),
            ["a", "b"],
            "the step before stays, the broken one left no table"
        );
        assert_eq!(value(&connection), "after");
        assert_eq!(db::read_pragma(&connection, "user_version").unwrap(), "2");
        drop(connection);

        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(copy_path(&path, 2), copy.path().join(db::FILE)).unwrap();
        assert_eq!(value(&open(copy.path())), "before");
    }

    #[test]
    fn a_database_from_the_future_is_refused_and_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(db::FILE);
        let mut connection = open(dir.path());
        migrate(&mut connection, &path, &[FIRST, SECOND]).unwrap();
        let error = migrate(&mut connection, &path, &[FIRST]).unwrap_err();
        assert!(
            matches!(
                error,
                StoreError::FromFuture {
                    found: 2,
                    newest: 1
                }
            ),
            "{error}"
        );
        assert_eq!(tables(&connection), ["a", "b"]);
    }
}
