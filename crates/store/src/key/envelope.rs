//! The versioned key envelope `key.json`. FROZEN format, version 1:
//!
//! ```json
//! {"format":"doorstep-key","version":1,
//!  "lock":{"kind":"passphrase","argon2id":{"m_kib":65536,"t":3,"p":1,"salt":"…"}},
//!  "nonce":"…","wrapped":"…","check":"…"}
//! ```
//! `lock` is `{"kind":"keystore","service":…,"account":…}`, `{"kind":"passphrase",…}` or `{"kind":"plain_demo"}`
//! (then `wrapped` is the bare key and `nonce` is empty). `check` is the SHA-256 of version, lock, nonce and
//! wrapped: it tells a damaged file from a wrong passphrase. Unknown fields are kept out of the check, so a later
//! version 1 writer may add some (the copy sealed to the organisation's key).

use super::wrap::{self, Argon, MIN_PASSPHRASE_CHARS, WrappingKey};
use super::{DataKey, KeyError, Keystore, KeystoreError};
use crate::error::StoreError;
use crate::files;
use doorstep_domain::event::sha256_hex;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::Path;
use zeroize::Zeroizing;

const FILE: &str = "key.json";
const FORMAT: &str = "doorstep-key";
const VERSION: u32 = 1;
const SERVICE: &str = "doorstep";

/// What kind of data the folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Made-up orders; never syncs.
    Demo,
    /// Real customers.
    Real,
}

/// How an envelope keeps the data key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Bare; demo profile only.
    PlainDemo,
    /// Under a secret in the operating system's keystore.
    Keystore,
    /// Under a passphrase.
    Passphrase,
}

/// How a new envelope is to keep the data key.
pub enum NewKey<'a> {
    /// Bare; demo profile only.
    PlainDemo,
    /// Under a secret in this keystore.
    Keystore(&'a dyn Keystore),
    /// Under this passphrase.
    Passphrase(&'a str),
}

/// An opened envelope.
pub struct Opened {
    /// The data key.
    pub key: DataKey,
    /// How it was kept.
    pub kind: KeyKind,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Lock {
    PlainDemo,
    Keystore { service: String, account: String },
    Passphrase { argon2id: Argon },
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u32,
    lock: Lock,
    nonce: String,
    wrapped: Zeroizing<String>,
    check: String,
}

/// Makes a new data key and its envelope in `dir`; durable when it returns. `random` fills a slice with
/// bytes from the operating system's generator.
///
/// # Errors
/// [`KeyError::AlreadyThere`], [`KeyError::DataWithoutKey`], [`KeyError::PlainRefused`],
/// [`KeyError::PassphraseShort`], [`KeyError::KeystoreUnavailable`], [`KeyError::File`].
pub fn create_envelope(
    dir: &Path,
    profile: Profile,
    how: NewKey<'_>,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<DataKey, KeyError> {
    refuse_to_overwrite(dir)?;
    let mut secret = Zeroizing::new([0; 32]);
    random(secret.as_mut());
    let key = DataKey(secret);
    let (lock, with) = match how {
        NewKey::PlainDemo if profile == Profile::Demo => (Lock::PlainDemo, None),
        NewKey::PlainDemo => return Err(KeyError::PlainRefused),
        NewKey::Keystore(keystore) => new_keystore_lock(keystore, random)?,
        NewKey::Passphrase(passphrase) => new_passphrase_lock(passphrase, random)?,
    };
    let (nonce, wrapped) = match &with {
        None => (String::new(), hex::encode(key.bytes())),
        Some(with) => {
            let mut nonce = [0; wrap::NONCE_BYTES];
            random(&mut nonce);
            (
                hex::encode(nonce),
                hex::encode(wrap::wrap(&key, with, nonce, &lock.bound()?)?),
            )
        }
    };
    let mut envelope = Envelope {
        format: FORMAT.to_owned(),
        version: VERSION,
        lock,
        nonce,
        wrapped: Zeroizing::new(wrapped),
        check: String::new(),
    };
    envelope.check = envelope.sum()?;
    let text = Zeroizing::new(
        serde_json::to_vec_pretty(&envelope).map_err(|_| KeyError::EnvelopeDamaged)?,
    );
    files::create_dir(dir, "creating the profile folder")?;
    files::write_durably(&dir.join(FILE), &text, "writing the key file")?;
    Ok(key)
}

fn refuse_to_overwrite(dir: &Path) -> Result<(), KeyError> {
    let there = |name: &str| {
        dir.join(name)
            .try_exists()
            .map_err(|e| StoreError::io("looking for the key file", e))
    };
    if there(FILE)? {
        return Err(KeyError::AlreadyThere);
    }
    if there(crate::db::FILE)? {
        return Err(KeyError::DataWithoutKey);
    }
    Ok(())
}

type NewLock = (Lock, Option<WrappingKey>);

/// The account is random: a second profile never overwrites the first one's secret.
fn new_keystore_lock(
    keystore: &dyn Keystore,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<NewLock, KeyError> {
    let mut account = [0; 8];
    random(&mut account);
    let account = format!("profile-{}", hex::encode(account));
    let mut secret = WrappingKey::new([0; 32]);
    random(secret.as_mut());
    keystore
        .set(SERVICE, &account, secret.as_ref())
        .map_err(KeyError::KeystoreUnavailable)?;
    // a keystore that answers but does not keep would lose the profile at the next start
    let kept = keystore
        .get(SERVICE, &account)
        .map_err(KeyError::KeystoreUnavailable)?
        .map(Zeroizing::new);
    if kept.is_none_or(|kept| kept.as_slice() != secret.as_slice()) {
        return Err(KeyError::KeystoreUnavailable(KeystoreError::Unreliable));
    }
    Ok((
        Lock::Keystore {
            service: SERVICE.to_owned(),
            account,
        },
        Some(secret),
    ))
}

fn new_passphrase_lock(
    passphrase: &str,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<NewLock, KeyError> {
    if passphrase.chars().count() < MIN_PASSPHRASE_CHARS {
        return Err(KeyError::PassphraseShort {
            min: MIN_PASSPHRASE_CHARS,
        });
    }
    let mut salt = [0; wrap::SALT_BYTES];
    random(&mut salt);
    let argon2id = Argon::new(salt);
    let with = argon2id.stretch(passphrase)?;
    Ok((Lock::Passphrase { argon2id }, Some(with)))
}

/// Opens the envelope of `dir`.
///
/// # Errors
/// [`KeyError::NoEnvelope`], [`KeyError::NeedsPassphrase`], [`KeyError::WrongPassphrase`],
/// [`KeyError::KeystoreUnavailable`], [`KeyError::KeystoreSecretMissing`], [`KeyError::EnvelopeDamaged`],
/// [`KeyError::EnvelopeFromFuture`], [`KeyError::PlainRefused`], [`KeyError::File`].
pub fn open_envelope(
    dir: &Path,
    profile: Profile,
    keystore: &dyn Keystore,
    passphrase: Option<&str>,
) -> Result<Opened, KeyError> {
    let envelope = read(dir)?;
    let key = match &envelope.lock {
        Lock::PlainDemo if profile == Profile::Demo => {
            DataKey::from_bytes(wrap::bytes(&envelope.wrapped)?)
        }
        Lock::PlainDemo => return Err(KeyError::PlainRefused),
        Lock::Passphrase { argon2id } => {
            let with = argon2id.stretch(passphrase.ok_or(KeyError::NeedsPassphrase)?)?;
            envelope.unwrap(&with)?.ok_or(KeyError::WrongPassphrase)?
        }
        Lock::Keystore { service, account } => {
            let secret = keystore
                .get(service, account)
                .map_err(KeyError::KeystoreUnavailable)?;
            let secret = Zeroizing::new(secret.ok_or(KeyError::KeystoreSecretMissing)?);
            let with: [u8; 32] = secret
                .as_slice()
                .try_into()
                .map_err(|_| KeyError::KeystoreSecretMissing)?;
            envelope
                .unwrap(&WrappingKey::new(with))?
                .ok_or(KeyError::KeystoreSecretMissing)?
        }
    };
    let kind = match envelope.lock {
        Lock::PlainDemo => KeyKind::PlainDemo,
        Lock::Keystore { .. } => KeyKind::Keystore,
        Lock::Passphrase { .. } => KeyKind::Passphrase,
    };
    Ok(Opened { key, kind })
}

/// What is asked of an envelope before its version is known.
#[derive(Deserialize)]
struct Versioned {
    format: String,
    version: u32,
}

fn read(dir: &Path) -> Result<Envelope, KeyError> {
    let text = fs::read(dir.join(FILE)).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => KeyError::NoEnvelope,
        _ => StoreError::io("reading the key file", e).into(),
    })?;
    let text = Zeroizing::new(text);
    let head: Versioned = serde_json::from_slice(&text).map_err(|_| KeyError::EnvelopeDamaged)?;
    if head.format != FORMAT {
        return Err(KeyError::EnvelopeDamaged);
    }
    if head.version > VERSION {
        return Err(KeyError::EnvelopeFromFuture {
            found: head.version,
        });
    }
    let envelope: Envelope =
        serde_json::from_slice(&text).map_err(|_| KeyError::EnvelopeDamaged)?;
    if envelope.sum()? == envelope.check {
        Ok(envelope)
    } else {
        Err(KeyError::EnvelopeDamaged)
    }
}

impl Lock {
    /// The lock as text: what the wrap is tied to.
    fn bound(&self) -> Result<String, KeyError> {
        let lock = serde_json::to_string(self).map_err(|_| KeyError::EnvelopeDamaged)?;
        Ok(format!("{FORMAT}\n{VERSION}\n{lock}"))
    }
}

impl Envelope {
    fn sum(&self) -> Result<String, KeyError> {
        let whole = Zeroizing::new(format!(
            "{}\n{}\n{}",
            self.lock.bound()?,
            self.nonce,
            self.wrapped.as_str()
        ));
        Ok(sha256_hex(whole.as_bytes()))
    }

    fn unwrap(&self, with: &WrappingKey) -> Result<Option<DataKey>, KeyError> {
        wrap::unwrap(with, &self.nonce, &self.wrapped, &self.lock.bound()?)
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
