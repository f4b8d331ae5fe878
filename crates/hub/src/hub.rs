//! The hub over one folder: a database, a folder of blobs, a lock.

use crate::blobs::BlobFolder;
use crate::call::Call;
use crate::error::{HubError, Outcome};
use crate::sql;
use crate::standards::Standards;
use doorstep_domain::event::{Actor, Content, Sealed, write_body};
use doorstep_domain::wire::WireEvent;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

const LOCK_FILE: &str = "hub.lock";

/// The company's server, without a network around it: plain calls that take the time and randomness as arguments.
///
/// Nothing of the database is kept in memory, so the office's commands may run on the same folder beside it.
pub struct Hub {
    pub(crate) connection: Connection,
    pub(crate) blobs: BlobFolder,
    pub(crate) standards: Standards,
    id: String,
    _lock: File,
}

impl Hub {
    /// Opens (creates) the hub in `dir`.
    ///
    /// # Errors
    /// [`HubError::InUse`] during a restore; storage trouble.
    pub fn open(dir: &Path, call: &Call) -> Outcome<Hub> {
        fs::create_dir_all(dir).map_err(|e| HubError::io("creating the hub's folder", e))?;
        let lock = lock_shared(dir)?;
        let mut connection = sql::open(&dir.join(sql::FILE))?;
        let blobs = BlobFolder::open(dir)?;
        // SQLite makes its log's name durable, not the database's own
        crate::blobs::sync_dir(dir)?;
        let id = write(&mut connection, |tx| christen(tx, call))?;
        Ok(Hub {
            connection,
            blobs,
            standards: Standards::load(&dir.join("standards")),
            id,
            _lock: lock,
        })
    }

    /// The hub's id: it outlives restores.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The hub's incarnation: another one after every restore.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn epoch(&self) -> Outcome<String> {
        epoch(&self.connection)
    }

    /// The blob folder: its calls need no database.
    #[must_use]
    pub fn blobs(&self) -> &BlobFolder {
        &self.blobs
    }

    /// Lets the database grow to this many bytes; beyond, calls are refused with [`HubError::DiskFull`].
    ///
    /// # Errors
    /// Storage trouble.
    pub fn limit_size(&self, bytes: Option<u64>) -> Outcome<()> {
        sql::limit(&self.connection, bytes)
    }

    /// Bytes of the database.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn size(&self) -> Outcome<u64> {
        sql::size(&self.connection)
    }

    /// Test-only: the defect of `sql::sabotage`. Compiled where debug assertions are, so in no release build.
    ///
    /// # Errors
    /// Storage trouble.
    #[cfg(debug_assertions)]
    #[doc(hidden)]
    pub fn drop_the_counter_lock(&self) -> Outcome<()> {
        sql::sabotage::drop_the_counter_lock(&self.connection)
    }

    /// What the metrics tell: names and numbers, nothing of any customer's.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn counts(&self) -> Outcome<Vec<(&'static str, u64)>> {
        sql::counts(&self.connection)
    }

    pub(crate) fn write<T>(
        &mut self,
        f: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        write(&mut self.connection, f)
    }
}

/// Runs in one transaction that holds the write lock from its start; whole or not at all.
pub(crate) fn write<T>(
    connection: &mut Connection,
    f: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
) -> Outcome<T> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = f(&tx)?;
    tx.commit()?;
    Ok(done)
}

fn lock_shared(dir: &Path) -> Outcome<File> {
    let file = lock_file(dir)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(HubError::InUse),
        Err(TryLockError::Error(e)) => Err(HubError::io("locking the hub's folder", e)),
    }
}

/// Takes the folder for this process alone.
pub(crate) fn lock_alone(dir: &Path) -> Outcome<File> {
    let file = lock_file(dir)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(HubError::InUse),
        Err(TryLockError::Error(e)) => Err(HubError::io("locking the hub's folder", e)),
    }
}

fn lock_file(dir: &Path) -> Outcome<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join(LOCK_FILE))
        .map_err(|e| HubError::io("locking the hub's folder", e))
}

pub(crate) fn epoch(c: &Connection) -> Outcome<String> {
    sql::meta(c, "epoch")?.ok_or_else(|| HubError::Damaged("the hub has no epoch".to_owned()))
}

/// Gives a new hub its id, its incarnation and its log; the id of any hub.
fn christen(tx: &Transaction<'_>, call: &Call) -> Outcome<String> {
    if let Some(id) = sql::meta(tx, "hub_id")? {
        return Ok(id);
    }
    let id = call.id("hub", 0);
    sql::set_meta(tx, "hub_id", &id)?;
    reborn(tx, call)?;
    Ok(id)
}

/// A new incarnation: what was handed out under the old one may be forgotten here, so neither its epoch nor the
/// numbers of its log may come again.
pub(crate) fn reborn(tx: &Transaction<'_>, call: &Call) -> Outcome<()> {
    let log_id = call.id("log", 0);
    sql::set_meta(tx, "epoch", &call.id("epoch", 0))?;
    sql::set_meta(tx, "log_id", &log_id)?;
    sql::event::new_log(tx, &log_id, "")
}

/// Writes an event of the hub's own; its position.
pub(crate) fn append_own<T: Serialize>(
    tx: &Transaction<'_>,
    call: &Call,
    actor: &Actor,
    (stream, schema_v): (&str, u32),
    body: &T,
) -> Outcome<i64> {
    let lost = || HubError::Damaged("the hub has no log".to_owned());
    let log_id = sql::meta(tx, "log_id")?.ok_or_else(lost)?;
    let log = sql::event::log(tx, &log_id)?.ok_or_else(lost)?;
    let (kind, body) = write_body(body)?;
    let seq = log.head.seq + 1;
    let sealed = Sealed::new(Content {
        id: call.id("event", seq),
        stream: stream.to_owned(),
        kind,
        schema_v,
        actor: actor.clone(),
        at: call.at.clone(),
        based_on: None,
        body,
    })?;
    let event = WireEvent {
        log_id,
        seq,
        prev: log.head.hash,
        text: sealed.text.clone(),
    };
    let facts = sql::event::Facts {
        hash: &sealed.hash,
        id: Some(&sealed.content.id),
        stream: Some(&sealed.content.stream),
        kind: Some(&sealed.content.kind),
        fresh: true,
        received_ms: call.now_ms(),
    };
    sql::event::append(tx, &event, &facts)
}
