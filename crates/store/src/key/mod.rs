//! The data key and what keeps it: one random key opens the database and the vault;
//! the envelope file holds it wrapped, never bare (but for the demo profile, which holds no real data).

mod envelope;
mod keystore;
mod wrap;

pub use envelope::{KeyKind, NewKey, Opened, Profile, create_envelope, open_envelope};
pub use keystore::{Keystore, KeystoreError, OsKeystore};
pub use wrap::MIN_PASSPHRASE_CHARS;

use crate::error::StoreError;
use doorstep_domain::code::Code;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The secret that opens one profile. Wiped from memory when dropped; never printed.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> DataKey {
        DataKey(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// Says which key this is without saying anything about it, 8 bytes hex.
    pub(crate) fn fingerprint(&self) -> Option<String> {
        let mut id = [0; 8];
        Hkdf::<Sha256>::new(Some(b"doorstep data key id v1"), self.bytes())
            .expand(b"", &mut id)
            .ok()?;
        Some(hex::encode(id))
    }
}

/// Why a profile's key cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The folder has no envelope: a new profile.
    #[error("the folder holds no key yet")]
    NoEnvelope,
    /// The folder has one already; it is never overwritten.
    #[error("the folder holds a key already")]
    AlreadyThere,
    /// The folder holds a database but no key: a new key would only hide that it is lost.
    #[error("the folder holds data whose key is gone")]
    DataWithoutKey,
    /// Only the demo profile may keep a plain key.
    #[error("a plain key is for the demo profile only")]
    PlainRefused,
    /// The envelope is wrapped by a passphrase and none was given.
    #[error("a passphrase is needed")]
    NeedsPassphrase,
    /// It does not unwrap.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Fewer than `min` characters.
    #[error("the passphrase needs {min} characters")]
    PassphraseShort {
        /// Fewest characters.
        min: usize,
    },
    /// The operating system's keystore does not answer, is locked, or none was given.
    #[error("the keystore does not answer")]
    KeystoreUnavailable(#[source] KeystoreError),
    /// The keystore answers but holds no such secret, or another one.
    #[error("the keystore does not hold this profile's secret")]
    KeystoreSecretMissing,
    /// The envelope is not readable or was changed.
    #[error("the key file is damaged")]
    EnvelopeDamaged,
    /// Written by a newer Doorstep.
    #[error("the key file has version {found}")]
    EnvelopeFromFuture {
        /// Version found.
        found: u32,
    },
    /// The file itself.
    #[error(transparent)]
    File(#[from] StoreError),
}

impl KeyError {
    /// Stable word for logs and tests. FROZEN.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            KeyError::NoEnvelope => "key.none",
            KeyError::AlreadyThere => "key.already_there",
            KeyError::DataWithoutKey => "key.data_without_key",
            KeyError::PlainRefused => "key.plain_refused",
            KeyError::NeedsPassphrase => "key.needs_passphrase",
            KeyError::WrongPassphrase => "key.wrong_passphrase",
            KeyError::PassphraseShort { .. } => "key.passphrase_short",
            KeyError::KeystoreUnavailable(_) => "key.keystore_unavailable",
            KeyError::KeystoreSecretMissing => "key.keystore_secret_missing",
            KeyError::EnvelopeDamaged => "key.damaged",
            KeyError::EnvelopeFromFuture { .. } => "key.from_future",
            KeyError::File(error) => error.code(),
        }
    }

    /// The code whose sentence the technician reads.
    #[must_use]
    pub fn domain_code(&self) -> Code {
        match self {
            KeyError::NoEnvelope => Code::NoProfile,
            KeyError::AlreadyThere | KeyError::PlainRefused => Code::Internal,
            KeyError::NeedsPassphrase => Code::PassphraseNeeded,
            KeyError::WrongPassphrase => Code::PassphraseWrong,
            KeyError::PassphraseShort { .. } => Code::PassphraseShort,
            KeyError::KeystoreUnavailable(_) => Code::KeystoreUnavailable,
            KeyError::KeystoreSecretMissing => Code::KeystoreSecretMissing,
            KeyError::EnvelopeDamaged | KeyError::DataWithoutKey => Code::KeyDamaged,
            KeyError::EnvelopeFromFuture { .. } => Code::KeyFromFuture,
            KeyError::File(error) => error.domain_code(),
        }
    }
}
