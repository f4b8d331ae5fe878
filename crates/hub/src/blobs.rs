//! The blob folder: files that are whole, durable and named by their hash, and parts that are still growing.
//! No database: these calls may run beside it.

use crate::error::{HubError, Outcome};
use doorstep_domain::blob::is_blob_name;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Largest blob, bytes: far above any photo that leaves the camera's intake.
pub const MAX_BLOB_BYTES: u64 = 64 * 1024 * 1024;

/// Folders of whole and of growing blobs.
#[derive(Clone, Debug)]
pub struct BlobFolder {
    whole: PathBuf,
    growing: PathBuf,
}

/// What became of a part that has its full length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// Its bytes have the promised hash, and it is durable under its name.
    Whole,
    /// They have not; the part is gone, and the upload starts again.
    Mismatch,
}

impl BlobFolder {
    pub(crate) fn open(dir: &Path) -> Outcome<BlobFolder> {
        let folder = BlobFolder {
            whole: dir.join("blobs"),
            growing: dir.join("uploads"),
        };
        for dir in [&folder.whole, &folder.growing] {
            fs::create_dir_all(dir).map_err(|e| HubError::io("creating the blob folder", e))?;
        }
        sync_dir(dir)?;
        Ok(folder)
    }

    /// Where a whole blob lies. `sha256` is lower-case hex.
    #[must_use]
    pub fn path(&self, sha256: &str) -> PathBuf {
        let shelf = sha256.get(..2).unwrap_or("00");
        self.whole.join(shelf).join(sha256)
    }

    fn part(&self, device: &str, sha256: &str) -> Outcome<PathBuf> {
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        match is_blob_name(sha256) && plain(device) {
            true => Ok(self.growing.join(format!("{device}-{sha256}"))),
            false => Err(HubError::Damaged("a blob's name".to_owned())),
        }
    }

    /// Bytes of a growing blob that have arrived.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn received(&self, device: &str, sha256: &str) -> Outcome<u64> {
        match fs::metadata(self.part(device, sha256)?) {
            Ok(meta) => Ok(meta.len()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(e) => Err(HubError::io("reading an upload", e)),
        }
    }

    /// Writes bytes at `offset`, which must be where the part ends; where it ends now.
    /// They count once [`BlobFolder::flush`] returned.
    ///
    /// # Errors
    /// [`HubError::DiskFull`]; storage trouble.
    pub fn append(&self, device: &str, sha256: &str, offset: u64, bytes: &[u8]) -> Outcome<u64> {
        let doing = "writing an upload";
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.part(device, sha256)?)
            .map_err(|e| HubError::io(doing, e))?;
        let end = file.metadata().map_err(|e| HubError::io(doing, e))?.len();
        if end != offset {
            return Err(HubError::Damaged("an upload ends elsewhere".to_owned()));
        }
        let written = file
            .seek(SeekFrom::Start(offset))
            .and_then(|_| file.write_all(bytes));
        written.map_err(|e| HubError::io(doing, e))?;
        Ok(offset + bytes.len() as u64)
    }

    /// Makes what arrived durable.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn flush(&self, device: &str, sha256: &str) -> Outcome<()> {
        match File::open(self.part(device, sha256)?) {
            Ok(file) => file
                .sync_data()
                .map_err(|e| HubError::io("flushing an upload", e)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(HubError::io("flushing an upload", e)),
        }
    }

    /// Takes a part of full length among the whole blobs, if its bytes are what its name says.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn finish(&self, device: &str, sha256: &str) -> Outcome<Finished> {
        let doing = "finishing an upload";
        let part = self.part(device, sha256)?;
        if hash_of(&part).map_err(|e| HubError::io(doing, e))? != sha256 {
            fs::remove_file(&part).map_err(|e| HubError::io(doing, e))?;
            return Ok(Finished::Mismatch);
        }
        self.adopt(&part, sha256)?;
        Ok(Finished::Whole)
    }

    /// Moves a checked file to its name: flushed, renamed, both folders flushed.
    fn adopt(&self, from: &Path, sha256: &str) -> Outcome<()> {
        let doing = "storing a blob";
        let target = self.path(sha256);
        let shelf = target.parent().unwrap_or(&self.whole);
        let moved = fs::create_dir_all(shelf)
            .and_then(|()| File::open(from)?.sync_all())
            .and_then(|()| fs::rename(from, &target));
        moved.map_err(|e| HubError::io(doing, e))?;
        sync_dir(shelf)?;
        sync_dir(&self.whole)
    }

    /// Copies a whole blob into another folder, checked; whether its bytes were what its name says.
    pub(crate) fn copy_to(&self, sha256: &str, other: &BlobFolder) -> Outcome<bool> {
        let doing = "copying a blob";
        let target = other.path(sha256);
        let held = |path: &Path| hash_of(path).is_ok_and(|h| h == sha256);
        if held(&target) {
            return Ok(true);
        }
        let temp = other.growing.join(format!("copy-{sha256}"));
        match fs::copy(self.path(sha256), &temp) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(e) => return Err(HubError::io(doing, e)),
        }
        if !held(&temp) {
            fs::remove_file(&temp).map_err(|e| HubError::io(doing, e))?;
            return Ok(false);
        }
        other.adopt(&temp, sha256)?;
        Ok(true)
    }

    /// Whether a whole blob is there with the right bytes.
    pub(crate) fn verify(&self, sha256: &str) -> Outcome<bool> {
        match hash_of(&self.path(sha256)) {
            Ok(hash) => Ok(hash == sha256),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(HubError::io("reading a blob", e)),
        }
    }

    /// Drops a growing blob.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn discard(&self, device: &str, sha256: &str) -> Outcome<()> {
        match fs::remove_file(self.part(device, sha256)?) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(HubError::io("dropping an upload", e)),
        }
    }
}

/// Hash of a file's bytes, lower-case hex.
fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..n]);
    }
}

/// Makes names in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> Outcome<()> {
    // other systems have no handle for this and journal names themselves
    if cfg!(unix) {
        let synced = File::open(dir).and_then(|d| d.sync_all());
        return synced.map_err(|e| HubError::io("flushing a folder", e));
    }
    Ok(())
}
