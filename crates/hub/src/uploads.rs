//! Uploads as the database sees them. The bytes are [`crate::blobs::BlobFolder`]'s; a blob counts as stored only after its file is durable.

use crate::blobs::{Finished, MAX_BLOB_BYTES};
use crate::call::Call;
use crate::error::{HubError, Outcome};
use crate::hub::Hub;
use crate::people::Caller;
use crate::sql::{blob, delivery};
use crate::sync::SYNCING;
use doorstep_domain::blob::is_blob_name;
use doorstep_domain::wire::{ProblemCode, Role};

/// How long an unfinished upload is kept after its last part, ms.
pub const UPLOAD_MS: i64 = 7 * 24 * 3_600_000;

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Bytes that have arrived.
    pub offset: u64,
    /// Full length.
    pub length: u64,
    /// When it is dropped unless more arrives, ms since 1970; none once it is whole.
    pub expires_ms: Option<i64>,
}

impl Upload {
    fn whole(length: u64) -> Upload {
        Upload {
            offset: length,
            length,
            expires_ms: None,
        }
    }
}

impl Hub {
    /// Begins an upload, or finds the one that was begun: asking again costs nothing.
    ///
    /// # Errors
    /// [`ProblemCode::BadRequest`] for a name that is no hash, [`ProblemCode::TooLarge`], [`ProblemCode::Conflict`] for
    /// another length than before; storage trouble.
    pub fn begin_upload(
        &mut self,
        caller: &Caller,
        sha256: &str,
        length: u64,
        call: &Call,
    ) -> Outcome<Upload> {
        caller.must_drain_as(&SYNCING)?;
        if !is_blob_name(sha256) {
            return Err(HubError::refused(ProblemCode::BadRequest));
        }
        if length == 0 {
            return Err(HubError::refused(ProblemCode::BadRequest));
        }
        if length > MAX_BLOB_BYTES {
            return Err(HubError::refused(ProblemCode::TooLarge));
        }
        if let Some(upload) = self.settle(caller, sha256, call)? {
            same(upload.length, length)?;
            return Ok(upload);
        }
        let folder = self.blobs.clone();
        self.write(|tx| {
            if let Some((bytes, _)) = blob::upload(tx, &caller.device, sha256)? {
                same(bytes, length)?;
            }
            let expires_ms = call.now_ms().saturating_add(UPLOAD_MS);
            blob::begin_upload(tx, (&caller.device, sha256), length, expires_ms)?;
            Ok(Upload {
                offset: folder.received(&caller.device, sha256)?,
                length,
                expires_ms: Some(expires_ms),
            })
        })
    }

    /// Where an upload of the caller's stands.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; storage trouble.
    pub fn upload(&mut self, caller: &Caller, sha256: &str, call: &Call) -> Outcome<Upload> {
        caller.must_drain_as(&SYNCING)?;
        let missing = || HubError::refused(ProblemCode::NotFound);
        if !is_blob_name(sha256) {
            return Err(missing());
        }
        if let Some(upload) = self.settle(caller, sha256, call)? {
            return Ok(upload);
        }
        let begun = blob::upload(&self.connection, &caller.device, sha256)?;
        let (length, expires_ms) = begun.ok_or_else(missing)?;
        Ok(Upload {
            offset: self.blobs.received(&caller.device, sha256)?,
            length,
            expires_ms: Some(expires_ms),
        })
    }

    /// The blob when it is stored. Mends what a crash left: all bytes there, or even moved, but not noted.
    fn settle(&mut self, caller: &Caller, sha256: &str, call: &Call) -> Outcome<Option<Upload>> {
        if let Some(length) = blob::stored(&self.connection, sha256)? {
            return Ok(Some(Upload::whole(length)));
        }
        let Some((length, _)) = blob::upload(&self.connection, &caller.device, sha256)? else {
            return Ok(None);
        };
        let received = self.blobs.received(&caller.device, sha256)?;
        let whole = match received {
            0 => self.blobs.verify(sha256)?,
            n if n == length => self.blobs.finish(&caller.device, sha256)? == Finished::Whole,
            _ => false,
        };
        if !whole {
            return Ok(None);
        }
        self.write(|tx| blob::store(tx, sha256, length, call.now_ms()))?;
        Ok(Some(Upload::whole(length)))
    }

    /// Takes a part of an upload, flushed when this returns; where it stands now.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::Conflict`] when `offset` is not where it ends or its bytes have another
    /// hash, [`ProblemCode::TooLarge`] beyond its length; storage trouble.
    pub fn take_part(
        &mut self,
        caller: &Caller,
        sha256: &str,
        offset: u64,
        bytes: &[u8],
        call: &Call,
    ) -> Outcome<Upload> {
        let upload = self.upload(caller, sha256, call)?;
        check_part(&upload, offset, bytes.len() as u64)?;
        let folder = self.blobs.clone();
        let end = folder.append(&caller.device, sha256, offset, bytes)?;
        folder.flush(&caller.device, sha256)?;
        if end < upload.length {
            return Ok(Upload {
                offset: end,
                ..upload
            });
        }
        let finished = folder.finish(&caller.device, sha256)?;
        self.finished(sha256, upload.length, finished, call)
    }

    /// Notes what became of a part of full length.
    ///
    /// # Errors
    /// [`ProblemCode::Conflict`] when its bytes have another hash: it starts again; storage trouble.
    pub fn finished(
        &mut self,
        sha256: &str,
        length: u64,
        finished: Finished,
        call: &Call,
    ) -> Outcome<Upload> {
        match finished {
            Finished::Whole => {
                self.write(|tx| blob::store(tx, sha256, length, call.now_ms()))?;
                Ok(Upload::whole(length))
            }
            Finished::Mismatch => Err(HubError::because(
                ProblemCode::Conflict,
                "收到的文件和校验值不符，请从头上传。",
                "The bytes do not have the promised hash. The upload starts again.",
            )),
        }
    }

    /// Ends an upload that is not wanted any more.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; storage trouble.
    pub fn end_upload(&mut self, caller: &Caller, sha256: &str) -> Outcome<()> {
        caller.must_drain_as(&SYNCING)?;
        if !self.write(|tx| blob::end_upload(tx, &caller.device, sha256))? {
            return Err(HubError::refused(ProblemCode::NotFound));
        }
        self.blobs.discard(&caller.device, sha256)
    }

    /// Drops uploads that nobody went on with; how many.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn sweep_uploads(&mut self, call: &Call) -> Outcome<usize> {
        let gone = self.write(|tx| {
            let gone = blob::expired(tx, call.now_ms())?;
            for (device, sha256) in &gone {
                blob::end_upload(tx, device, sha256)?;
            }
            Ok(gone)
        })?;
        for (device, sha256) in &gone {
            self.blobs.discard(device, sha256)?;
        }
        Ok(gone.len())
    }

    /// Length of a blob that the caller may see: of a stream that comes to them, or to their team if they lead it.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`] where there is none or it is not theirs to see; storage trouble.
    pub fn readable_blob(&self, caller: &Caller, sha256: &str) -> Outcome<u64> {
        caller.must_be(&SYNCING)?;
        let missing = || HubError::refused(ProblemCode::NotFound);
        let bytes = blob::stored(&self.connection, sha256)?.ok_or_else(missing)?;
        let staff = &caller.staff;
        let team = (staff.role == Role::Lead).then_some(staff.team.as_str());
        for stream in blob::named_by(&self.connection, sha256)? {
            if delivery::may_see(&self.connection, &stream, &staff.actor.staff_no, team)? {
                return Ok(bytes);
            }
        }
        Err(missing())
    }
}

/// Holds a part to its place.
pub(crate) fn check_part(upload: &Upload, offset: u64, bytes: u64) -> Outcome<()> {
    if offset != upload.offset {
        return Err(HubError::because(
            ProblemCode::Conflict,
            "续传位置不对。",
            "The upload does not end at this offset.",
        ));
    }
    match offset
        .checked_add(bytes)
        .is_some_and(|end| end <= upload.length)
    {
        true => Ok(()),
        false => Err(HubError::refused(ProblemCode::TooLarge)),
    }
}

fn same(known: u64, length: u64) -> Outcome<()> {
    match known == length {
        true => Ok(()),
        false => Err(HubError::because(
            ProblemCode::Conflict,
            "同一个文件的长度前后不一致。",
            "The length differs from what it was before.",
        )),
    }
}
