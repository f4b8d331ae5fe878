//! Envelopes: what opens, what is refused and how it is called.
#![allow(clippy::unwrap_used)]

use super::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A keystore in memory; `answers` false is a desktop without one.
#[derive(Default)]
struct FakeKeystore {
    secrets: RefCell<BTreeMap<(String, String), Vec<u8>>>,
    silent: bool,
    forgetful: bool,
}

impl FakeKeystore {
    fn answer(&self) -> Result<(), KeystoreError> {
        if self.silent {
            Err(KeystoreError::Unavailable("no bus".to_owned()))
        } else {
            Ok(())
        }
    }
}

impl Keystore for FakeKeystore {
    fn get(&self, service: &str, account: &str) -> Result<Option<Vec<u8>>, KeystoreError> {
        self.answer()?;
        Ok(self
            .secrets
            .borrow()
            .get(&(service.to_owned(), account.to_owned()))
            .cloned())
    }
    fn set(&self, service: &str, account: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        self.answer()?;
        if !self.forgetful {
            self.secrets
                .borrow_mut()
                .insert((service.to_owned(), account.to_owned()), secret.to_vec());
        }
        Ok(())
    }
    fn delete(&self, service: &str, account: &str) -> Result<(), KeystoreError> {
        self.answer()?;
        self.secrets
            .borrow_mut()
            .remove(&(service.to_owned(), account.to_owned()));
        Ok(())
    }
}

/// Bytes that differ in every call.
fn counting() -> impl FnMut(&mut [u8]) {
    let mut n = 0_u8;
    move |out: &mut [u8]| {
        for byte in out {
            n = n.wrapping_mul(31).wrapping_add(7);
            *byte = n;
        }
    }
}

fn opened(
    dir: &Path,
    keystore: &FakeKeystore,
    passphrase: Option<&str>,
) -> Result<Vec<u8>, &'static str> {
    let opened = open_envelope(dir, Profile::Real, keystore, passphrase);
    opened.map(|o| o.key.bytes().to_vec()).map_err(|e| e.code())
}

#[test]
fn a_passphrase_opens_only_its_envelope() {
    let dir = tempfile::tempdir().unwrap();
    let none = FakeKeystore {
        silent: true,
        ..FakeKeystore::default()
    };
    assert_eq!(opened(dir.path(), &none, None), Err("key.none"));
    let short = create_envelope(
        dir.path(),
        Profile::Real,
        NewKey::Passphrase("上门服务师傅您"),
        &mut counting(),
    );
    assert_eq!(
        short.err().map(|e| e.code()),
        Some("key.passphrase_short"),
        "seven characters"
    );
    let how = NewKey::Passphrase("上门服务师傅您好");
    let key = create_envelope(dir.path(), Profile::Real, how, &mut counting())
        .ok()
        .unwrap();
    assert_eq!(
        opened(dir.path(), &none, Some("上门服务师傅您好")),
        Ok(key.bytes().to_vec())
    );
    assert_eq!(
        opened(dir.path(), &none, Some("上门服务师傅您好。")),
        Err("key.wrong_passphrase")
    );
    assert_eq!(opened(dir.path(), &none, None), Err("key.needs_passphrase"));
    let text = fs::read_to_string(dir.path().join(FILE)).unwrap();
    assert!(
        !text.contains(&hex::encode(key.bytes())),
        "the key is not in the file"
    );
    assert!(
        text.contains("\"m_kib\": 65536") && text.contains("\"t\": 3") && text.contains("\"p\": 1"),
        "{text}"
    );
}

#[test]
fn a_keystore_opens_it_and_its_loss_is_told_apart_from_its_silence() {
    let dir = tempfile::tempdir().unwrap();
    let mut keystore = FakeKeystore::default();
    let key = create_envelope(
        dir.path(),
        Profile::Real,
        NewKey::Keystore(&keystore),
        &mut counting(),
    )
    .ok()
    .unwrap();
    assert_eq!(
        opened(dir.path(), &keystore, None),
        Ok(key.bytes().to_vec())
    );
    let text = fs::read_to_string(dir.path().join(FILE)).unwrap();
    for secret in keystore.secrets.borrow().values() {
        assert!(
            !text.contains(&hex::encode(secret)),
            "the wrapping secret stays in the keystore"
        );
    }
    keystore.silent = true;
    assert_eq!(
        opened(dir.path(), &keystore, None),
        Err("key.keystore_unavailable")
    );
    keystore.silent = false;
    keystore
        .secrets
        .borrow_mut()
        .values_mut()
        .for_each(|s| s[0] ^= 1);
    assert_eq!(
        opened(dir.path(), &keystore, None),
        Err("key.keystore_secret_missing"),
        "another secret"
    );
    keystore.secrets.borrow_mut().clear();
    assert_eq!(
        opened(dir.path(), &keystore, None),
        Err("key.keystore_secret_missing")
    );
}

#[test]
fn a_keystore_that_does_not_keep_is_refused_before_there_is_data() {
    for keystore in [
        FakeKeystore {
            silent: true,
            ..FakeKeystore::default()
        },
        FakeKeystore {
            forgetful: true,
            ..FakeKeystore::default()
        },
    ] {
        let dir = tempfile::tempdir().unwrap();
        let made = create_envelope(
            dir.path(),
            Profile::Real,
            NewKey::Keystore(&keystore),
            &mut counting(),
        );
        assert_eq!(
            made.err().map(|e| e.code()),
            Some("key.keystore_unavailable")
        );
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            0,
            "nothing is left behind"
        );
    }
}

#[test]
fn only_the_demo_profile_may_keep_a_plain_key() {
    let dir = tempfile::tempdir().unwrap();
    let keystore = FakeKeystore::default();
    let refused = create_envelope(
        dir.path(),
        Profile::Real,
        NewKey::PlainDemo,
        &mut counting(),
    );
    assert_eq!(refused.err().map(|e| e.code()), Some("key.plain_refused"));
    let key = create_envelope(
        dir.path(),
        Profile::Demo,
        NewKey::PlainDemo,
        &mut counting(),
    )
    .ok()
    .unwrap();
    let demo = open_envelope(dir.path(), Profile::Demo, &keystore, None)
        .ok()
        .unwrap();
    assert_eq!(
        (demo.key.bytes(), demo.kind),
        (key.bytes(), KeyKind::PlainDemo)
    );
    assert_eq!(
        opened(dir.path(), &keystore, None),
        Err("key.plain_refused"),
        "a demo key never opens a real profile"
    );
}

#[test]
fn an_envelope_is_never_overwritten_and_never_made_beside_data() {
    let dir = tempfile::tempdir().unwrap();
    let again = |how| {
        create_envelope(dir.path(), Profile::Demo, how, &mut counting())
            .err()
            .map(|e| e.code())
    };
    assert_eq!(again(NewKey::PlainDemo), None);
    assert_eq!(again(NewKey::PlainDemo), Some("key.already_there"));
    fs::rename(dir.path().join(FILE), dir.path().join(crate::db::FILE)).unwrap();
    assert_eq!(again(NewKey::PlainDemo), Some("key.data_without_key"));
}

#[test]
fn damage_and_the_future_have_their_own_names() {
    let dir = tempfile::tempdir().unwrap();
    let none = FakeKeystore::default();
    let pass = "correct horse";
    create_envelope(
        dir.path(),
        Profile::Real,
        NewKey::Passphrase(pass),
        &mut counting(),
    )
    .ok()
    .unwrap();
    let path = dir.path().join(FILE);
    let text = fs::read_to_string(&path).unwrap();
    let check = |text: &str| {
        fs::write(&path, text).unwrap();
        opened(dir.path(), &none, Some(pass)).map(drop)
    };
    assert_eq!(
        check(&text.replace("\"version\": 1", "\"version\": 2")),
        Err("key.from_future")
    );
    assert_eq!(
        check(&text.replace("\"t\": 3", "\"t\": 1")),
        Err("key.damaged"),
        "weakened figures"
    );
    assert_eq!(
        check(&text.replace("doorstep-key", "other-key")),
        Err("key.damaged")
    );
    assert_eq!(check(&text[..text.len() / 2]), Err("key.damaged"));
    assert_eq!(check(""), Err("key.damaged"));
    assert_eq!(
        check(&text.replacen('{', "{\"recovery\": {\"later\": true},", 1)),
        Ok(()),
        "later fields are left alone"
    );
}

#[cfg(unix)]
#[test]
fn only_the_user_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let profile = dir.path().join("profile");
    create_envelope(&profile, Profile::Demo, NewKey::PlainDemo, &mut counting())
        .ok()
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&profile), mode(&profile.join(FILE))), (0o700, 0o600));
}
