//! The operating system's keystore: on Linux the Secret Service (GNOME Keyring, KWallet).

/// Why a keystore did not do it.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// Nothing answers on the session bus.
    #[error("no keystore answers: {0}")]
    Unavailable(String),
    /// It answers, but stays locked or the prompt was dismissed.
    #[error("the keystore stays locked: {0}")]
    Locked(String),
    /// It keeps something else than it was given.
    #[error("the keystore does not keep what it was given")]
    Unreliable,
}

/// Where a wrapping secret is kept, by service and account.
pub trait Keystore {
    /// The secret; `None` when there is none.
    ///
    /// # Errors
    /// [`KeystoreError`] when the keystore does not answer or stays locked.
    fn get(&self, service: &str, account: &str) -> Result<Option<Vec<u8>>, KeystoreError>;

    /// Stores (replaces) the secret.
    ///
    /// # Errors
    /// As [`Keystore::get`].
    fn set(&self, service: &str, account: &str, secret: &[u8]) -> Result<(), KeystoreError>;

    /// Removes the secret; nothing to remove is fine.
    ///
    /// # Errors
    /// As [`Keystore::get`].
    fn delete(&self, service: &str, account: &str) -> Result<(), KeystoreError>;
}

/// The keystore of this operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeystore;

#[cfg(target_os = "linux")]
mod secret_service {
    use super::{Keystore, KeystoreError, OsKeystore};
    use dbus_secret_service::{Collection, EncryptionType, Error, Item, SecretService};
    use std::collections::HashMap;

    /// Longest wait for the person at the screen to unlock the keyring, seconds.
    const PROMPT_SECONDS: u64 = 120;
    /// Secrets travel as text because KWallet keeps nothing else.
    const MIME: &str = "text/plain";

    impl From<Error> for KeystoreError {
        fn from(error: Error) -> KeystoreError {
            match error {
                Error::Locked | Error::Prompt => KeystoreError::Locked(error.to_string()),
                _ => KeystoreError::Unavailable(error.to_string()),
            }
        }
    }

    fn connect() -> Result<SecretService, KeystoreError> {
        Ok(SecretService::connect_with_max_prompt_timeout(
            EncryptionType::Plain,
            PROMPT_SECONDS,
        )?)
    }

    fn attributes<'a>(service: &'a str, account: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::from([
            ("service", service),
            ("username", account),
            ("application", "doorstep"),
        ])
    }

    /// The items of that name, unlocked.
    fn items<'a>(
        keyring: &'a SecretService,
        service: &str,
        account: &str,
    ) -> Result<Vec<Item<'a>>, KeystoreError> {
        let found = keyring.search_items(attributes(service, account))?;
        let mut items = found.unlocked;
        for item in found.locked {
            item.ensure_unlocked()?;
            items.push(item);
        }
        Ok(items)
    }

    fn open_collection(keyring: &SecretService) -> Result<Collection<'_>, KeystoreError> {
        let collection = match keyring.get_default_collection() {
            // a desktop that never used its keyring has none yet; creating one asks for its password
            Err(Error::NoResult) => keyring.create_collection("Login", "default")?,
            other => other?,
        };
        collection.ensure_unlocked()?;
        Ok(collection)
    }

    impl Keystore for OsKeystore {
        fn get(&self, service: &str, account: &str) -> Result<Option<Vec<u8>>, KeystoreError> {
            let keyring = connect()?;
            let Some(item) = items(&keyring, service, account)?.into_iter().next() else {
                return Ok(None);
            };
            // unreadable text is another program's: as good as missing
            Ok(hex::decode(item.get_secret()?).ok())
        }

        fn set(&self, service: &str, account: &str, secret: &[u8]) -> Result<(), KeystoreError> {
            let keyring = connect()?;
            let collection = open_collection(&keyring)?;
            let text = zeroize::Zeroizing::new(hex::encode(secret));
            let label = "Doorstep 上门";
            collection.create_item(
                label,
                attributes(service, account),
                text.as_bytes(),
                true,
                MIME,
            )?;
            Ok(())
        }

        fn delete(&self, service: &str, account: &str) -> Result<(), KeystoreError> {
            let keyring = connect()?;
            for item in items(&keyring, service, account)? {
                item.delete()?;
            }
            Ok(())
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod none_yet {
    use super::{Keystore, KeystoreError, OsKeystore};

    fn unavailable<T>() -> Result<T, KeystoreError> {
        Err(KeystoreError::Unavailable(
            "only Linux's Secret Service is supported so far".to_owned(),
        ))
    }

    impl Keystore for OsKeystore {
        fn get(&self, _: &str, _: &str) -> Result<Option<Vec<u8>>, KeystoreError> {
            unavailable()
        }
        fn set(&self, _: &str, _: &str, _: &[u8]) -> Result<(), KeystoreError> {
            unavailable()
        }
        fn delete(&self, _: &str, _: &str) -> Result<(), KeystoreError> {
            unavailable()
        }
    }
}
