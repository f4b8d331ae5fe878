//! What keeps the hub trustworthy: the check of all that is stored, the backup, the way back from one.

use crate::blobs::{BlobFolder, sync_dir};
use crate::call::Call;
use crate::error::{HubError, Outcome};
use crate::hub::{self, Hub};
use crate::sql::{self, blob, delivery, event, people};
use doorstep_domain::event::{Sealed, sha256_hex};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A copy on its way to becoming the database.
const NEW: &str = "hub.db.new";

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Logs walked.
    pub logs: u64,
    /// Events whose chain and hash were recomputed.
    pub events: u64,
    /// Deliveries counted.
    pub deliveries: u64,
    /// Blobs re-hashed.
    pub blobs: u64,
    /// Blobs that an event names and that have not arrived yet: on their way, no fault.
    pub awaited: u64,
    /// What is wrong, a sentence each.
    pub faults: Vec<String>,
}

impl Hub {
    /// Checks everything stored: SQLite's own check, chains, hashes, heads, flags of receipt, queues, blobs.
    ///
    /// # Errors
    /// Storage trouble; what is wrong with the data is in the answer.
    pub fn verify(&self) -> Outcome<Verified> {
        verify(&self.connection, &self.blobs)
    }

    /// Writes a checked backup into `to` while the hub runs, and notes how far each log is safe there. A later backup
    /// into the same folder replaces the database and adds the new blobs.
    ///
    /// # Errors
    /// [`HubError::Damaged`] when the copy does not verify: then nothing is noted; storage trouble.
    pub fn backup(&mut self, to: &Path) -> Outcome<Verified> {
        let doing = "writing the backup";
        fs::create_dir_all(to).map_err(|e| HubError::io(doing, e))?;
        let fresh = to.join(NEW);
        clear(&fresh)?;
        sql::copy_to(&self.connection, &fresh)?;
        let folder = BlobFolder::open(to)?;
        let copy = sql::open(&fresh)?;
        for (sha256, _) in blob::all(&copy)? {
            if !self.blobs.copy_to(&sha256, &folder)? {
                return Err(HubError::Damaged(format!("blob {sha256}")));
            }
        }
        let found = verify(&copy, &folder)?;
        if let Some(fault) = found.faults.first() {
            return Err(HubError::Damaged(fault.clone()));
        }
        let safe = safe_heads(&copy)?;
        settle(copy)?;
        let file = fs::File::open(&fresh).and_then(|f| f.sync_all());
        file.and_then(|()| fs::rename(&fresh, to.join(sql::FILE)))
            .map_err(|e| HubError::io(doing, e))?;
        sync_dir(to)?;
        self.write(|tx| {
            safe.iter()
                .try_for_each(|(log, seq)| event::set_backed_up(tx, log, *seq))
        })?;
        Ok(found)
    }
}

/// Puts a backup in place of the hub in `dir`, which no program may have open. What was there is kept beside it.
///
/// # Errors
/// [`HubError::InUse`], [`HubError::Damaged`] for a backup that does not verify: then nothing was changed; storage trouble.
pub fn restore(from: &Path, dir: &Path, call: &Call) -> Outcome<Verified> {
    let doing = "restoring the backup";
    if !from.join(sql::FILE).is_file() {
        return Err(HubError::Damaged(
            "there is no backup in that folder".to_owned(),
        ));
    }
    fs::create_dir_all(dir).map_err(|e| HubError::io(doing, e))?;
    let _alone = hub::lock_alone(dir)?;
    let fresh = dir.join(NEW);
    clear(&fresh)?;
    fs::copy(from.join(sql::FILE), &fresh).map_err(|e| HubError::io(doing, e))?;
    let (source, folder) = (BlobFolder::open(from)?, BlobFolder::open(dir)?);
    let mut copy = sql::open(&fresh)?;
    for (sha256, _) in blob::all(&copy)? {
        if !source.copy_to(&sha256, &folder)? {
            return Err(HubError::Damaged(format!("blob {sha256}")));
        }
    }
    let found = verify(&copy, &folder)?;
    if let Some(fault) = found.faults.first() {
        return Err(HubError::Damaged(fault.clone()));
    }
    let safe = safe_heads(&copy)?;
    hub::write(&mut copy, |tx| {
        for (log, seq) in &safe {
            event::set_backed_up(tx, log, *seq)?;
        }
        hub::reborn(tx, call)
    })?;
    settle(copy)?;
    let synced = fs::File::open(&fresh).and_then(|f| f.sync_all());
    synced.map_err(|e| HubError::io(doing, e))?;
    keep_old(dir, call)?;
    fs::rename(&fresh, dir.join(sql::FILE)).map_err(|e| HubError::io(doing, e))?;
    sync_dir(dir)?;
    Ok(found)
}

/// Gives the database that was there a second name and moves its write-ahead log aside. The name `hub.db` is never
/// missing: a hub that was started in between would take the folder for a new one.
fn keep_old(dir: &Path, call: &Call) -> Outcome<()> {
    let doing = "keeping the old database";
    let aside = dir.join(format!("before-restore-{}", call.now_ms()));
    for end in ["", "-wal", "-shm"] {
        let old = with_end(&dir.join(sql::FILE), end);
        let kept = with_end(&aside, end);
        let done = match (old.exists(), end) {
            (false, _) => Ok(()),
            (true, "") => fs::hard_link(&old, &kept).or_else(|_| fs::copy(&old, &kept).map(drop)),
            (true, _) => fs::rename(&old, &kept),
        };
        done.map_err(|e| HubError::io(doing, e))?;
    }
    sync_dir(dir)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Takes away what an interrupted backup or restore left. A write-ahead log that stayed behind would be played into the
/// next database of that name.
fn clear(path: &Path) -> Outcome<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(with_end(path, end)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                return Err(HubError::io("clearing an old copy", e));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Brings a copy into one file: nothing is left in a write-ahead log beside it.
fn settle(copy: Connection) -> Outcome<()> {
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    copy.close().map_err(|(_, e)| HubError::from(e))
}

/// How far each log is safe in this database: up to the first event whose blobs are not all here.
fn safe_heads(c: &Connection) -> Outcome<Vec<(String, u64)>> {
    event::all_logs(c)?
        .into_iter()
        .map(|log| {
            let lacking = blob::first_lacking(c, &log.id)?;
            let safe = lacking.map_or(log.head.seq, |seq| seq.saturating_sub(1));
            Ok((log.id, safe))
        })
        .collect()
}

fn verify(c: &Connection, folder: &BlobFolder) -> Outcome<Verified> {
    let mut found = Verified::default();
    let integrity = sql::integrity(c)?;
    if integrity != "ok" {
        found.faults.push(format!("SQLite: {integrity}"));
    }
    let mut awaited = std::collections::BTreeSet::new();
    for log in event::all_logs(c)? {
        found.logs += 1;
        walk_log(c, &log, &mut found, &mut awaited)?;
    }
    for device in people::all_devices(c)? {
        let (count, last) = delivery::extent(c, &device.id)?;
        found.deliveries += count;
        if count != last || last != device.queued {
            let fault = format!(
                "queue of device {}: {count} deliveries, last {last}, counter {}",
                device.id, device.queued
            );
            found.faults.push(fault);
        }
    }
    for (sha256, _) in blob::all(c)? {
        found.blobs += 1;
        if !folder.verify(&sha256)? {
            found
                .faults
                .push(format!("blob {sha256} is missing or damaged"));
        }
    }
    found.awaited = awaited.len() as u64;
    Ok(found)
}

fn walk_log(
    c: &Connection,
    log: &event::Log,
    found: &mut Verified,
    awaited: &mut std::collections::BTreeSet<String>,
) -> Outcome<()> {
    let (mut seq, mut hash) = (0_u64, String::new());
    event::walk::<HubError>(c, &log.id, |e, stored| {
        found.events += 1;
        seq += 1;
        let mut wrong = |what: &str| {
            found
                .faults
                .push(format!("log {} event {}: {what}", log.id, e.seq));
        };
        if e.seq != seq {
            wrong("a number is missing before it");
            seq = e.seq;
        }
        if e.prev != hash {
            wrong("does not follow the event before it");
        }
        if stored != sha256_hex(e.text.as_bytes()) {
            wrong("its text is not what was received");
        }
        if let Ok(sealed) = Sealed::parse(e.text) {
            for named in doorstep_domain::blob::blobs_of(&sealed.content) {
                if blob::stored(c, &named.sha256)?.is_none() {
                    awaited.insert(named.sha256);
                }
            }
        }
        hash = stored;
        Ok(())
    })?;
    if (log.head.seq, &log.head.hash) != (seq, &hash) {
        found
            .faults
            .push(format!("log {}: its head is not its last event", log.id));
    }
    Ok(())
}
