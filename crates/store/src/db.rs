//! Opening the database: the key, and the settings that durability and secrecy stand on, each read back.

use crate::error::StoreError;
use crate::files;
use crate::key::DataKey;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// Name of the database in the profile folder.
pub(crate) const FILE: &str = "doorstep.db";
/// Which data key the database was made with; tells a wrong key from a damaged file.
const KEY_ID_FILE: &str = "doorstep.key-id";
const LOCK_FILE: &str = "doorstep.lock";
/// The cipher's own start takes some milliseconds, once a process; so long is waited for it, so many times.
const CIPHER_START: Duration = Duration::from_millis(5);
const CIPHER_STARTS: u32 = 200;

/// The settings every connection runs with: name, value, what it reads back as. In this order.
///
/// `locking_mode` is exclusive because one process owns a profile, and because the write-ahead log then (it must come first) needs
/// no shared-memory file: a tablet whose disk is full can still open and read. `synchronous=FULL` flushes every
/// commit. The cache holds a year of orders.
pub const PRAGMAS: &[(&str, &str, &str)] = &[
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    // sorting never spills plaintext beside the database
    ("temp_store", "MEMORY", "2"),
    ("cache_size", "-16000", "-16000"),
    ("trusted_schema", "OFF", "0"),
];

/// Holds the profile for this process until dropped.
pub(crate) struct ProfileLock {
    _file: File,
}

/// Takes the profile for this process.
pub(crate) fn lock(dir: &Path) -> Result<ProfileLock, StoreError> {
    let doing = "opening the profile folder";
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join(LOCK_FILE));
    let file = file.map_err(|e| StoreError::io(doing, e))?;
    match file.try_lock() {
        Ok(()) => Ok(ProfileLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::AlreadyOpen),
        Err(TryLockError::Error(e)) => Err(StoreError::io(doing, e)),
    }
}

/// Opens (creates) the encrypted database.
pub(crate) fn connect(dir: &Path, key: &DataKey) -> Result<Connection, StoreError> {
    let right_key = check_key_id(dir, key)?;
    let path = dir.join(FILE);
    let connection = open(&path, key).map_err(|error| match error {
        StoreError::Damaged { .. } if !right_key => StoreError::WrongKey,
        other => other,
    })?;
    // SQLite makes its log's name durable, not the database's own
    files::sync_dir(dir).map_err(|e| StoreError::io("creating the database", e))?;
    Ok(connection)
}

fn open(path: &Path, key: &DataKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // plain SQLite would take the key, ignore it and write everything in clear
    let cipher: Option<String> = connection
        .query_row("PRAGMA cipher_version", [], |r| r.get(0))
        .ok();
    if cipher.is_none_or(|v| v.is_empty()) {
        return Err(StoreError::Unsafe("cipher_version".to_owned()));
    }
    // what it finds comes back as typed errors; its own words belong on no console
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let hex = Zeroizing::new(hex::encode(key.bytes()));
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\"", hex.as_str()));
    unlock(&connection, &pragma)?;
    // journal_mode is the first to read the file: it fails when key or file is wrong
    for (name, value, expected) in PRAGMAS {
        set(&connection, name, value, expected)?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Gives the key.
///
/// SQLite calls itself initialised before SQLCipher's own start is through: it runs `SQLITE_EXTRA_INIT` after it has let other
/// threads go on. Where several threads open the first databases of a process at once, one may meet a cipher that is
/// not there yet. It is told "PRAGMA key requires a key", nothing has happened, and a moment later the key is taken.
fn unlock(connection: &Connection, pragma: &str) -> Result<(), StoreError> {
    for _ in 0..CIPHER_STARTS {
        match connection.execute_batch(pragma) {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::Unknown) => {
                std::thread::sleep(CIPHER_START);
            }
            done => return Ok(done?),
        }
    }
    Ok(connection.execute_batch(pragma)?)
}

/// Sets one PRAGMA and reads it back: some are silently refused on some file systems.
fn set(connection: &Connection, name: &str, value: &str, expected: &str) -> Result<(), StoreError> {
    connection.execute_batch(&format!("PRAGMA {name} = {value}"))?;
    let now = read_pragma(connection, name)?;
    if now == expected {
        Ok(())
    } else {
        Err(StoreError::Unsafe(format!("{name} is {now}")))
    }
}

/// A PRAGMA's value as text.
pub(crate) fn read_pragma(connection: &Connection, name: &str) -> Result<String, StoreError> {
    let value: rusqlite::types::Value =
        connection.query_row(&format!("PRAGMA {name}"), [], |r| r.get(0))?;
    Ok(match value {
        rusqlite::types::Value::Integer(n) => n.to_string(),
        rusqlite::types::Value::Text(t) => t,
        other => format!("{other:?}"),
    })
}

/// Whether the database was made with this key; notes it for a new one.
fn check_key_id(dir: &Path, key: &DataKey) -> Result<bool, StoreError> {
    let ours = key
        .fingerprint()
        .ok_or_else(|| StoreError::Unsafe("key length".to_owned()))?;
    let path = dir.join(KEY_ID_FILE);
    match fs::read_to_string(&path) {
        Ok(theirs) => Ok(theirs.trim() == ours),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            if !dir.join(FILE).exists() {
                files::write_durably(&path, ours.as_bytes(), "creating the database")?;
            }
            Ok(true)
        }
        // not text any more: damaged, which is no reason to refuse a key that works
        Err(e) if e.kind() == io::ErrorKind::InvalidData => Ok(true),
        Err(e) => Err(StoreError::io("opening the database", e)),
    }
}
