//! What waits for the hub, and what may be deleted once the hub and its backup have it.

use crate::error::StoreError;
use crate::fold::read_content;
use crate::store::Store;
use crate::table::upload::{FileState, Upload};
use crate::table::{event, origin, refused, upload, visit_row};
use crate::vault::Vault;
use doorstep_domain::blob::{BlobKind, blobs_of, thumbnails_of};
use doorstep_domain::wire::BlobOffer;
use rusqlite::TransactionBehavior;
use std::collections::BTreeSet;

/// A blob without the hub's receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingBlob {
    /// Name and length, as the hub is asked about it.
    pub offer: BlobOffer,
    /// The visit (its stream) under whose key the file lies; of a pack the word `packs`.
    pub visit: String,
    /// What it holds.
    pub kind: BlobKind,
}

/// What waits for the hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Own events without an acknowledgement.
    pub events: u64,
    /// Their bytes.
    pub event_bytes: u64,
    /// Blobs without a receipt.
    pub blobs: u64,
    /// Their bytes.
    pub blob_bytes: u64,
    /// Blobs that an own event names and whose file is gone: they cannot be sent.
    pub lost_blobs: u64,
    /// Contents of the hub's that were put aside.
    pub refused: u64,
    /// Lines that a list of it has: one for the records of each visit, one for all other records, one for the blobs of each visit.
    pub lines: u64,
}

/// Own events of one stream without an acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingStream {
    /// The stream.
    pub stream: String,
    /// How many.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl WaitingStream {
    /// The visit that it is; none for what belongs to no visit.
    #[must_use]
    pub fn visit(&self) -> Option<&str> {
        self.stream.starts_with("visit/").then_some(&self.stream)
    }
}

/// A visit's parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitParts {
    /// Events here.
    pub events: u64,
    /// Of these: the hub holds them.
    pub confirmed: u64,
    /// Its blobs, in the order they were named; only those that this device sends.
    pub blobs: Vec<BlobPart>,
}

/// A blob of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobPart {
    /// Lower-case hex SHA-256 of the plain bytes.
    pub sha256: String,
    /// What it holds.
    pub kind: BlobKind,
    /// Plain length in bytes, where the event tells it.
    pub bytes: Option<u64>,
    /// The hub has it, whole and durable.
    pub stored: bool,
    /// It was deleted here after the receipt.
    pub deleted: bool,
}

impl Store {
    /// Blobs without a receipt that are here: signatures first, then pinned packs, then pictures, each kind oldest first.
    /// A content that several visits hold is listed once.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn blobs_waiting(
        &self,
        vault: &Vault,
        limit: usize,
    ) -> Result<Vec<WaitingBlob>, StoreError> {
        let (mut waiting, mut seen) = (Vec::new(), BTreeSet::new());
        upload::walk_waiting(&self.connection, |row| {
            if waiting.len() >= limit {
                return Ok(false);
            }
            if let Some(bytes) = length(vault, &row)?
                && seen.insert(row.sha256.clone())
            {
                waiting.push(WaitingBlob {
                    offer: BlobOffer {
                        sha256: row.sha256,
                        bytes,
                    },
                    visit: row.visit,
                    kind: row.kind,
                });
            }
            Ok::<bool, StoreError>(true)
        })?;
        Ok(waiting)
    }

    /// The hub's receipts: it has these, whole and durable.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn blobs_stored(&mut self, sha256s: &[String]) -> Result<(), StoreError> {
        if sha256s.is_empty() {
            return Ok(());
        }
        let mut write = || {
            let tx = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            for sha256 in sha256s {
                upload::set_stored(&tx, sha256)?;
            }
            Ok(tx.commit()?)
        };
        write().map_err(|e: StoreError| e.probe(&self.dir))
    }

    /// What waits, for the chip and for planning.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn waiting(&self, vault: &Vault) -> Result<Waiting, StoreError> {
        let (events, event_bytes) = event::weigh(&self.connection, self.own.n, self.own.acked)?;
        let mut waiting = Waiting {
            events,
            event_bytes,
            refused: refused::count(&self.connection)?,
            ..Waiting::default()
        };
        let streams = self.streams_waiting()?;
        let records: BTreeSet<Option<&str>> = streams.iter().map(WaitingStream::visit).collect();
        let (mut seen, mut visits) = (BTreeSet::new(), BTreeSet::new());
        upload::walk_waiting(&self.connection, |row| {
            match length(vault, &row)? {
                Some(bytes) if seen.insert(row.sha256) => {
                    waiting.blobs += 1;
                    waiting.blob_bytes += bytes;
                    visits.insert(row.visit);
                }
                None if row.file == FileState::Here => waiting.lost_blobs += 1,
                _ => {}
            }
            Ok::<bool, StoreError>(true)
        })?;
        waiting.lines = u64::try_from(records.len() + visits.len()).unwrap_or(u64::MAX);
        Ok(waiting)
    }

    /// Whose events wait, in the order they are sent; a stream may be listed more than once.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn streams_waiting(&self) -> Result<Vec<WaitingStream>, StoreError> {
        let mut all = Vec::new();
        for log in origin::all_own(&self.connection)? {
            let streams = event::weigh_streams(&self.connection, log.n, log.acked)?;
            all.extend(
                streams
                    .into_iter()
                    .map(|(stream, events, bytes)| WaitingStream {
                        stream,
                        events,
                        bytes,
                    }),
            );
        }
        Ok(all)
    }

    /// Own events that the hub has not acknowledged; known without reading anything.
    #[must_use]
    pub fn events_waiting(&self) -> u64 {
        self.head.seq.saturating_sub(self.own.acked)
    }

    /// What a visit consists of, and what of it the hub has confirmed.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn parts_of(&self, visit: &str) -> Result<VisitParts, StoreError> {
        let part = |row: Upload| BlobPart {
            deleted: matches!(row.file, FileState::Leaving | FileState::Gone),
            sha256: row.sha256,
            kind: row.kind,
            bytes: row.bytes,
            stored: row.stored,
        };
        let (events, confirmed) = event::confirmed(&self.connection, visit)?;
        let blobs = upload::of_visit(&self.connection, visit)?;
        Ok(VisitParts {
            events,
            confirmed,
            blobs: blobs.into_iter().map(part).collect(),
        })
    }

    /// Visits whose blobs may be deleted here: submitted, the customer's copy delivered, nothing new since `before_ms`, every
    /// event acknowledged and in a backup of the hub's, every blob with a receipt.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn deletable(&self, before_ms: i64) -> Result<Vec<String>, StoreError> {
        Ok(visit_row::deletable(&self.connection, before_ms, None)?)
    }

    /// Whether [`Store::deletable`] lists this visit.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn is_deletable(&self, visit: &str, before_ms: i64) -> Result<bool, StoreError> {
        let listed = visit_row::deletable(&self.connection, before_ms, Some(visit))?;
        Ok(!listed.is_empty())
    }

    /// Deletes the files of a visit that [`Store::deletable`] lists, thumbnails too; the events stay.
    /// Answers how many files it was. Stopped half-way, it is listed again.
    ///
    /// # Errors
    /// [`StoreError::NotDeletable`] (looked at again here: only a receipt makes deleting safe), [`StoreError::Io`].
    pub fn delete_visit_blobs(
        &mut self,
        vault: &Vault,
        visit: &str,
        before_ms: i64,
    ) -> Result<u64, StoreError> {
        if !self.is_deletable(visit, before_ms)? {
            return Err(StoreError::NotDeletable {
                visit: visit.to_owned(),
            });
        }
        let mut files = BTreeSet::new();
        for text in event::contents(&self.connection, visit)? {
            let content = read_content(text)?;
            files.extend(blobs_of(&content).into_iter().map(|b| b.sha256));
            files.extend(thumbnails_of(&content));
        }
        // first the database knows that the files may be missing, then they go
        let note = |file| upload::set_file(&self.connection, visit, file);
        note(FileState::Leaving).map_err(|e| StoreError::from(e).probe(&self.dir))?;
        let mut removed = 0;
        for sha256 in &files {
            removed += u64::from(vault.remove(visit, sha256)?);
        }
        note(FileState::Gone).map_err(|e| StoreError::from(e).probe(&self.dir))?;
        Ok(removed)
    }
}

/// The plain length of a blob that is here. A pack never leaves its table; all others lie in the vault.
fn length(vault: &Vault, row: &Upload) -> Result<Option<u64>, StoreError> {
    match row.kind {
        BlobKind::Pack => Ok(row.bytes),
        BlobKind::Ink | BlobKind::Photo => vault.plain_len(&row.visit, &row.sha256),
    }
}
