//! One piece of one blob.

use crate::engine::{Engine, Profile, Stop};
use crate::link::{Link, LinkError};
use crate::state::BlobTrouble;
use doorstep_domain::blob::BlobKind;
use doorstep_domain::wire::{BlobOffer, ProblemCode};
use doorstep_store::{Store, StoreError};

/// The blob in hand, decrypted once for all its pieces.
pub(crate) struct Piece {
    sha256: String,
    bytes: Vec<u8>,
}

/// A pinned pack's text is what travels.
fn pack(store: &Store, sha256: &str) -> Result<Vec<u8>, StoreError> {
    let missing = || StoreError::BlobMissing {
        sha256: sha256.to_owned(),
    };
    let stored = store.pack(sha256)?.ok_or_else(missing)?;
    Ok(stored.source.into_bytes())
}

impl Engine {
    pub(crate) fn upload(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        sha256: &str,
        chunk: usize,
        now_ms: u64,
    ) -> Result<(), Stop> {
        let Some(bytes) = self.take_piece(profile, sha256)? else {
            self.state
                .blob_steps_back(sha256, BlobTrouble::Vanished, now_ms);
            return Ok(());
        };
        let sent = self.send(link, sha256, &bytes, chunk);
        self.piece = Some(Piece {
            sha256: sha256.to_owned(),
            bytes,
        });
        match sent {
            Ok(true) => {
                let names = [sha256.to_owned()];
                profile.with(|store, _| store.blobs_stored(&names))??;
                self.state.blobs.retain(|b| b.sha256 != sha256);
                self.piece = None;
                Ok(())
            }
            Ok(false) => Ok(()),
            Err(error) => self.send_failed(sha256, error, now_ms),
        }
    }

    /// The plain bytes; none when the file is gone or damaged.
    fn take_piece(
        &mut self,
        profile: &impl Profile,
        sha256: &str,
    ) -> Result<Option<Vec<u8>>, Stop> {
        if let Some(piece) = self.piece.take().filter(|p| p.sha256 == sha256) {
            return Ok(Some(piece.bytes));
        }
        let Some(task) = self.state.blob_mut(sha256) else {
            return Ok(None);
        };
        let read = profile.with(|store, vault| match task.kind {
            BlobKind::Pack => pack(store, sha256),
            BlobKind::Ink | BlobKind::Photo => vault.get(&task.visit, sha256),
        });
        match read? {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StoreError::BlobMissing { .. } | StoreError::BlobDamaged { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Answers whether the hub has all of it.
    fn send(
        &mut self,
        link: &mut impl Link,
        sha256: &str,
        bytes: &[u8],
        chunk: usize,
    ) -> Result<bool, LinkError> {
        let whole = bytes.len() as u64;
        let (begun, known) = match self.state.blob_mut(sha256) {
            Some(task) => (task.begun, task.offset),
            None => (false, None),
        };
        let offset = match known {
            Some(offset) => offset,
            None if begun => link.upload_offset(sha256)?,
            None => {
                let offer = BlobOffer {
                    sha256: sha256.to_owned(),
                    bytes: whole,
                };
                link.upload_open(&offer)?
            }
        };
        self.state.blob_at(sha256, offset, false);
        if offset == whole {
            return Ok(true);
        }
        let from = usize::try_from(offset)
            .ok()
            .and_then(|from| bytes.get(from..));
        let rest =
            from.ok_or_else(|| LinkError::Nonsense("it holds more than there is".to_owned()))?;
        let piece = rest.get(..chunk.min(rest.len())).unwrap_or(rest);
        let reached = link.upload_append(sha256, offset, piece)?;
        if reached != offset + piece.len() as u64 {
            return Err(LinkError::Nonsense("the offset does not fit".to_owned()));
        }
        self.state.blob_at(sha256, reached, true);
        Ok(reached == whole)
    }

    fn send_failed(&mut self, sha256: &str, error: LinkError, now_ms: u64) -> Result<(), Stop> {
        tracing::info!(%error, "sync: a blob waits");
        match &error {
            LinkError::Cut | LinkError::Slow => self.state.blob_broke(sha256, &error, now_ms),
            LinkError::Offline | LinkError::Stranger => return Err(error.into()),
            LinkError::Nonsense(_) => {
                self.state
                    .blob_steps_back(sha256, BlobTrouble::Failing, now_ms);
            }
            LinkError::Refused(problem) => match problem.code {
                ProblemCode::TokenUnknown => return Err(error.into()),
                ProblemCode::DeviceRevoked => self.revoked(&error, now_ms),
                ProblemCode::TooMany | ProblemCode::DiskFull | ProblemCode::Unavailable => {
                    self.state.blobs_refused(&error, now_ms);
                }
                ProblemCode::Conflict | ProblemCode::NotFound => self.begin_again(sha256, now_ms),
                ProblemCode::Internal => {
                    self.state
                        .blob_steps_back(sha256, BlobTrouble::Failing, now_ms);
                }
                _ => self
                    .state
                    .blob_steps_back(sha256, BlobTrouble::Rejected, now_ms),
            },
        }
        Ok(())
    }

    /// The hub stands elsewhere: ask where, once at once. When it comes to that again without progress, the bytes
    /// do not become what the hash says.
    fn begin_again(&mut self, sha256: &str, now_ms: u64) {
        let Some(task) = self.state.blob_mut(sha256) else {
            return;
        };
        task.begun = false;
        task.offset = None;
        task.breaks += 1;
        if task.breaks >= 2 {
            self.state
                .blob_steps_back(sha256, BlobTrouble::Rejected, now_ms);
        }
    }

    /// A hub that takes a revoked device's records but not its pictures: then those will never be sent.
    fn revoked(&mut self, error: &LinkError, now_ms: u64) {
        self.state.failed(error, now_ms);
        self.state.blobs_closed = true;
    }
}
