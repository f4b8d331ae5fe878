//! Wrapping the data key: XChaCha20-Poly1305 under a 32-byte secret; a passphrase becomes one by Argon2id.

use super::{DataKey, KeyError};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Fewest characters of a passphrase: it alone guards a lost tablet's customers.
pub const MIN_PASSPHRASE_CHARS: usize = 8;

pub(super) const NONCE_BYTES: usize = 24;
pub(super) const SALT_BYTES: usize = 16;

/// A secret of 32 bytes that wraps the data key.
pub(super) type WrappingKey = Zeroizing<[u8; 32]>;

/// Argon2id's figures as the envelope keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Argon {
    /// Memory, KiB.
    pub(super) m_kib: u32,
    /// Passes.
    pub(super) t: u32,
    /// Lanes.
    pub(super) p: u32,
    /// Hex.
    pub(super) salt: String,
}

impl Argon {
    /// The figures of this version with a fresh salt.
    pub(super) fn new(salt: [u8; SALT_BYTES]) -> Argon {
        Argon {
            m_kib: 65_536,
            t: 3,
            p: 1,
            salt: hex::encode(salt),
        }
    }

    /// Stretches a passphrase. The bounds keep a changed file from taking the machine down.
    pub(super) fn stretch(&self, passphrase: &str) -> Result<WrappingKey, KeyError> {
        let salt = hex::decode(&self.salt).map_err(|_| KeyError::EnvelopeDamaged)?;
        if self.m_kib > 1_048_576 || self.t > 32 || self.p > 16 {
            return Err(KeyError::EnvelopeDamaged);
        }
        let params = Params::new(self.m_kib, self.t, self.p, Some(32))
            .map_err(|_| KeyError::EnvelopeDamaged)?;
        let mut out = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &salt, out.as_mut())
            .map_err(|_| KeyError::EnvelopeDamaged)?;
        Ok(out)
    }
}

/// Wraps the data key; `bound` is what the wrap is tied to.
pub(super) fn wrap(
    key: &DataKey,
    with: &WrappingKey,
    nonce: [u8; NONCE_BYTES],
    bound: &str,
) -> Result<Vec<u8>, KeyError> {
    let payload = Payload {
        msg: key.bytes(),
        aad: bound.as_bytes(),
    };
    cipher(with)?
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| KeyError::EnvelopeDamaged)
}

/// Unwraps it; `None` when the secret is another one.
pub(super) fn unwrap(
    with: &WrappingKey,
    nonce: &str,
    wrapped: &str,
    bound: &str,
) -> Result<Option<DataKey>, KeyError> {
    let nonce: [u8; NONCE_BYTES] = bytes(nonce)?;
    let wrapped = hex::decode(wrapped).map_err(|_| KeyError::EnvelopeDamaged)?;
    let payload = Payload {
        msg: &wrapped,
        aad: bound.as_bytes(),
    };
    let Ok(plain) = cipher(with)?.decrypt(&XNonce::from(nonce), payload) else {
        return Ok(None);
    };
    let plain = Zeroizing::new(plain);
    let key: [u8; 32] = plain
        .as_slice()
        .try_into()
        .map_err(|_| KeyError::EnvelopeDamaged)?;
    Ok(Some(DataKey::from_bytes(key)))
}

/// Exactly `N` bytes of hex.
pub(super) fn bytes<const N: usize>(text: &str) -> Result<[u8; N], KeyError> {
    let bytes = Zeroizing::new(hex::decode(text).map_err(|_| KeyError::EnvelopeDamaged)?);
    bytes
        .as_slice()
        .try_into()
        .map_err(|_| KeyError::EnvelopeDamaged)
}

fn cipher(with: &WrappingKey) -> Result<XChaCha20Poly1305, KeyError> {
    XChaCha20Poly1305::new_from_slice(with.as_ref()).map_err(|_| KeyError::EnvelopeDamaged)
}
