//! Photos and strokes: content-addressed files, encrypted under per-visit keys.
//!
//! FROZEN file header, 37 bytes: magic `DSV1`, version (1), key id (8 bytes), nonce (24 bytes); the rest is
//! XChaCha20-Poly1305 with the header as associated data. The key id names the visit's key, which is
//! derived from the data key: the same picture in two visits is two files. The nonce is a keyed hash of the content:
//! the same picture gives the same file, two pictures never share a nonce, and no generator can fail.

use crate::error::StoreError;
use crate::files::{self, Disk};
use crate::key::DataKey;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use doorstep_domain::event::sha256_hex;
use hkdf::Hkdf;
use sha2::Sha256;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAGIC: [u8; 4] = *b"DSV1";
const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = MAGIC.len() + 1 + KEY_ID_BYTES + NONCE_BYTES;
/// What a file is longer than its plain bytes: the header and the cipher's seal.
const OVERHEAD_BYTES: u64 = 37 + 16;
const SALT: &[u8] = b"doorstep vault v1";

/// How the log names a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRef {
    /// Lower-case hex SHA-256 of the plaintext.
    pub sha256: String,
    /// Bytes of the plaintext.
    pub bytes: u64,
}

/// The folder of encrypted blobs. Shareable between threads: files appear whole or not at all.
pub struct Vault {
    dir: PathBuf,
    root: Hkdf<Sha256>,
    disk: Disk,
}

/// What one visit encrypts with.
struct VisitKey {
    id: [u8; KEY_ID_BYTES],
    cipher: XChaCha20Poly1305,
    nonces: Hkdf<Sha256>,
}

impl Vault {
    /// Opens (creates) the vault of a profile folder and removes leftovers of interrupted writes older than an hour.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn open(profile: &Path, key: &DataKey, now_ms: i64) -> Result<Vault, StoreError> {
        let dir = profile.join("vault");
        files::create_dir(&dir, "creating the photo folder")?;
        let vault = Vault {
            dir,
            root: Hkdf::new(Some(SALT), key.bytes()),
            disk: Disk::default(),
        };
        vault
            .sweep(now_ms)
            .map_err(|e| StoreError::io("tidying the photo folder", e))?;
        Ok(vault)
    }

    /// The same vault with a test looking on.
    #[cfg(debug_assertions)]
    #[doc(hidden)]
    #[must_use]
    pub fn watched(self, watch: std::sync::Arc<crate::sabotage::Watch>) -> Vault {
        let disk = Disk { watch: Some(watch) };
        Vault { disk, ..self }
    }

    fn sweep(&self, now_ms: i64) -> io::Result<()> {
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if path.is_dir() {
                files::sweep(&path, now_ms)?;
            }
        }
        Ok(())
    }

    /// Stores a blob of a visit (its stream name) and returns when it is durable. Storing it again is a no-op;
    /// a damaged file in its place is replaced.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::ReadOnly`], [`StoreError::Io`]: then no file of that name exists.
    pub fn put(&self, visit: &str, bytes: &[u8]) -> Result<BlobRef, StoreError> {
        let sha256 = sha256_hex(bytes);
        let key = self.visit_key(visit)?;
        let path = self.path(&key, &sha256);
        let folder = path.parent().unwrap_or(&self.dir);
        if read(&key, &path, &sha256).is_ok() {
            // an earlier put may have stopped between rename and flush
            let flushed = self.disk.flush_names(folder);
            flushed.map_err(|e| StoreError::io("storing a photo", e))?;
        } else {
            files::create_dir(folder, "storing a photo")?;
            let sealed = seal(&key, &sha256, bytes)?;
            self.disk.write(&path, &sealed, "storing a photo")?;
        }
        Ok(BlobRef {
            sha256,
            bytes: bytes.len() as u64,
        })
    }

    /// Reads a blob of a visit.
    ///
    /// # Errors
    /// [`StoreError::BlobMissing`]; [`StoreError::BlobDamaged`] when it does not decrypt to what its name says.
    pub fn get(&self, visit: &str, sha256: &str) -> Result<Vec<u8>, StoreError> {
        let key = self.visit_key(visit)?;
        read(&key, &self.path(&key, sha256), sha256)
    }

    /// Files kept and their bytes on disk, for the storage screen.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn usage(&self) -> Result<(u32, u64), StoreError> {
        let (mut files, mut bytes) = (0, 0);
        let mut look = || -> io::Result<()> {
            for folder in fs::read_dir(&self.dir)? {
                let folder = folder?.path();
                if folder.is_dir() {
                    for file in fs::read_dir(folder)? {
                        files += 1;
                        bytes += file?.metadata()?.len();
                    }
                }
            }
            Ok(())
        };
        look().map_err(|e| StoreError::io("measuring the photo folder", e))?;
        Ok((files, bytes))
    }

    /// Whether a file of that name is there (not whether it is whole).
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn exists(&self, visit: &str, sha256: &str) -> Result<bool, StoreError> {
        let path = self.path(&self.visit_key(visit)?, sha256);
        path.try_exists()
            .map_err(|e| StoreError::io("looking for a photo", e))
    }

    /// Length of a blob's plain bytes by its file; none when there is no such file.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn plain_len(&self, visit: &str, sha256: &str) -> Result<Option<u64>, StoreError> {
        match fs::metadata(self.path(&self.visit_key(visit)?, sha256)) {
            Ok(file) => Ok(Some(file.len().saturating_sub(OVERHEAD_BYTES))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(StoreError::io("looking for a photo", e)),
        }
    }

    /// Deletes a blob's file; `false` when there was none.
    pub(crate) fn remove(&self, visit: &str, sha256: &str) -> Result<bool, StoreError> {
        let path = self.path(&self.visit_key(visit)?, sha256);
        match fs::remove_file(&path) {
            Ok(()) => {
                let folder = path.parent().unwrap_or(&self.dir);
                files::sync_dir(folder).map_err(|e| StoreError::io("deleting a photo", e))?;
                Ok(true)
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(StoreError::io("deleting a photo", e)),
        }
    }

    /// `vault/ab/abcdef…-<key id>`: one file for each visit that holds the content.
    fn path(&self, key: &VisitKey, sha256: &str) -> PathBuf {
        let folder = sha256.get(..2).unwrap_or("xx");
        self.dir
            .join(folder)
            .join(format!("{sha256}-{}", hex::encode(key.id)))
    }

    fn visit_key(&self, visit: &str) -> Result<VisitKey, StoreError> {
        let mut secret = Zeroizing::new([0; 32]);
        let mut nonce_secret = Zeroizing::new([0; 32]);
        let mut id = [0; KEY_ID_BYTES];
        self.expand(&["key", visit], secret.as_mut())?;
        self.expand(&["nonce", visit], nonce_secret.as_mut())?;
        self.expand(&["id", visit], &mut id)?;
        let cipher =
            XChaCha20Poly1305::new_from_slice(secret.as_ref()).map_err(|_| wrong_length())?;
        Ok(VisitKey {
            id,
            cipher,
            nonces: Hkdf::new(None, nonce_secret.as_ref()),
        })
    }

    fn expand(&self, label: &[&str], out: &mut [u8]) -> Result<(), StoreError> {
        self.root
            .expand(label.join("\0").as_bytes(), out)
            .map_err(|_| wrong_length())
    }
}

/// Lengths here are constants; this only keeps the types honest.
fn wrong_length() -> StoreError {
    StoreError::Unsafe("key length".to_owned())
}

fn seal(key: &VisitKey, sha256: &str, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut nonce = [0; NONCE_BYTES];
    key.nonces
        .expand(sha256.as_bytes(), &mut nonce)
        .map_err(|_| wrong_length())?;
    let mut file = Vec::with_capacity(HEADER_BYTES + bytes.len() + 16);
    file.extend_from_slice(&MAGIC);
    file.push(VERSION);
    file.extend_from_slice(&key.id);
    file.extend_from_slice(&nonce);
    let payload = Payload {
        msg: bytes,
        aad: &file,
    };
    let sealed = key
        .cipher
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| wrong_length())?;
    file.extend_from_slice(&sealed);
    Ok(file)
}

fn read(key: &VisitKey, path: &Path, sha256: &str) -> Result<Vec<u8>, StoreError> {
    let file = fs::read(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => StoreError::BlobMissing {
            sha256: sha256.to_owned(),
        },
        _ => StoreError::io("reading a photo", e),
    })?;
    open(key, &file, sha256).ok_or_else(|| StoreError::BlobDamaged {
        sha256: sha256.to_owned(),
    })
}

fn open(key: &VisitKey, file: &[u8], sha256: &str) -> Option<Vec<u8>> {
    let (header, sealed) = file.split_at_checked(HEADER_BYTES)?;
    let (magic, rest) = header.split_at_checked(MAGIC.len())?;
    let (version, rest) = rest.split_first()?;
    let (id, nonce) = rest.split_at_checked(KEY_ID_BYTES)?;
    if magic != MAGIC || *version != VERSION || id != key.id {
        return None;
    }
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    let bytes = key
        .cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: sealed,
                aad: header,
            },
        )
        .ok()?;
    (sha256_hex(&bytes) == sha256).then_some(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: i64 = 1_795_327_200_000;

    fn vault(dir: &Path) -> Vault {
        Vault::open(dir, &DataKey::from_bytes([7; 32]), NOW).unwrap()
    }

    fn the_file(dir: &Path) -> PathBuf {
        let folders = fs::read_dir(dir.join("vault")).unwrap();
        let mut found: Vec<PathBuf> = folders
            .flat_map(|f| fs::read_dir(f.unwrap().path()).unwrap())
            .map(|f| f.unwrap().path())
            .collect();
        assert_eq!(found.len(), 1, "exactly one file, no leftovers");
        found.remove(0)
    }

    #[test]
    fn a_blob_comes_back_and_its_file_shows_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let photo = b"MARKER of a photo".repeat(100);
        let put = vault(dir.path()).put("visit/1", &photo).unwrap();
        assert_eq!(
            put,
            BlobRef {
                sha256: sha256_hex(&photo),
                bytes: 1700
            }
        );
        assert_eq!(
            vault(dir.path()).get("visit/1", &put.sha256).unwrap(),
            photo,
            "another session reads it"
        );
        let file = fs::read(the_file(dir.path())).unwrap();
        assert!(
            !file.windows(6).any(|w| w == b"MARKER"),
            "the file is encrypted"
        );
    }

    #[test]
    fn the_header_is_frozen() {
        let dir = tempfile::tempdir().unwrap();
        vault(dir.path()).put("visit/1", b"photo").unwrap();
        let path = the_file(dir.path());
        let file = fs::read(&path).unwrap();
        assert_eq!(file.len(), 37 + 5 + 16);
        // a change here makes every photo in the field unreadable
        assert_eq!(
            sha256_hex(&file),
            "a72ac95a268eb341092d52835e76163b62922ee0f5c0ea7f390c9d7c50e2ce0b"
        );
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(
            name,
            format!("{}-{}", sha256_hex(b"photo"), hex::encode(&file[5..13]))
        );
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_noticed_and_repaired_by_putting_again() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path());
        let put = vault.put("visit/1", b"photo").unwrap();
        let path = the_file(dir.path());
        let whole = fs::read(&path).unwrap();
        for i in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[i] ^= 1;
            for damaged in [&flipped[..], &whole[..i]] {
                fs::write(&path, damaged).unwrap();
                let error = vault.get("visit/1", &put.sha256).unwrap_err();
                assert_eq!(error.code(), "vault.damaged", "byte {i}");
            }
        }
        vault.put("visit/1", b"photo").unwrap();
        assert_eq!(vault.get("visit/1", &put.sha256).unwrap(), b"photo");
    }

    #[test]
    fn the_same_picture_in_two_visits_stays_under_two_keys() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path());
        let put = vault.put("visit/1", b"photo").unwrap();
        let file = fs::read(the_file(dir.path())).unwrap();
        assert!(!vault.exists("visit/2", &put.sha256).unwrap());
        assert_eq!(
            vault.get("visit/2", &put.sha256).unwrap_err().code(),
            "vault.missing"
        );
        vault.put("visit/2", b"photo").unwrap();
        let key = vault.visit_key("visit/2").unwrap();
        assert_ne!(
            fs::read(vault.path(&key, &put.sha256)).unwrap()[5..],
            file[5..],
            "key id, nonce and text differ"
        );
        let other = Vault::open(dir.path(), &DataKey::from_bytes([8; 32]), NOW).unwrap();
        assert_eq!(
            other.get("visit/1", &put.sha256).unwrap_err().code(),
            "vault.missing",
            "another profile's key"
        );
    }

    #[test]
    fn old_leftovers_go_and_fresh_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        vault(dir.path()).put("visit/1", b"photo").unwrap();
        let folder = the_file(dir.path()).parent().unwrap().to_owned();
        fs::write(folder.join(".tmp-1-1"), b"half").unwrap();
        let written = fs::metadata(folder.join(".tmp-1-1"))
            .unwrap()
            .modified()
            .unwrap();
        let written = i64::try_from(
            written
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap()
                .as_millis(),
        )
        .unwrap();
        for (later, left) in [(60_000, 2), (3_700_000, 1)] {
            Vault::open(dir.path(), &DataKey::from_bytes([7; 32]), written + later).unwrap();
            assert_eq!(fs::read_dir(&folder).unwrap().count(), left);
        }
    }
}
