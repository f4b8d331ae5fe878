//! The Secret Service as GNOME Keyring gives it, and a desktop without any.

use crate::common::Rng;
use doorstep_store::{
    KeyError, Keystore, NewKey, Opened, OsKeystore, Profile, create_envelope, open_envelope,
};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Starts the keyring of this session, unlocked.
fn unlock_keyring() {
    let mut keyring = Command::new("gnome-keyring-daemon");
    keyring
        .args(["--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut keyring = keyring
        .spawn()
        .unwrap_or_else(|e| panic!("gnome-keyring-daemon is needed: {e}"));
    keyring
        .stdin
        .take()
        .unwrap()
        .write_all(b"a login password")
        .unwrap();
    assert!(keyring.wait().unwrap().success());
}

fn create(dir: &Path, seed: u64) -> Result<(), &'static str> {
    let mut rng = Rng(seed);
    let made = create_envelope(
        dir,
        Profile::Real,
        NewKey::Keystore(&OsKeystore),
        &mut |out: &mut [u8]| rng.fill(out),
    );
    made.map(drop).map_err(|e| e.code())
}

fn open(dir: &Path) -> Result<Opened, KeyError> {
    open_envelope(dir, Profile::Real, &OsKeystore, None)
}

pub(crate) fn keystore_of_the_desktop(dir: &Path) {
    unlock_keyring();
    let (first, second) = (dir.join("first"), dir.join("second"));

    let keystore = OsKeystore;
    assert_eq!(keystore.get("doorstep", "nobody").unwrap(), None);
    keystore.set("doorstep", "a", &[0, 255, 10]).unwrap();
    keystore.set("doorstep", "b", b"other").unwrap();
    keystore.set("doorstep", "a", &[1, 0, 254]).unwrap();
    assert_eq!(
        keystore.get("doorstep", "a").unwrap(),
        Some(vec![1, 0, 254]),
        "any bytes; the newest counts"
    );
    keystore.delete("doorstep", "a").unwrap();
    keystore.delete("doorstep", "a").unwrap();
    assert_eq!(keystore.get("doorstep", "a").unwrap(), None);
    assert_eq!(
        keystore.get("doorstep", "b").unwrap(),
        Some(b"other".to_vec())
    );

    assert_eq!(create(&first, 1), Ok(()));
    assert_eq!(create(&second, 2), Ok(()));
    assert!(
        open(&first).is_ok() && open(&second).is_ok(),
        "two profiles keep two secrets"
    );
    let text = std::fs::read_to_string(first.join("key.json")).unwrap();
    let account = text.split('"').find(|w| w.starts_with("profile-")).unwrap();
    keystore.delete("doorstep", account).unwrap();
    assert_eq!(
        open(&first).err().map(|e| e.code()),
        Some("key.keystore_secret_missing")
    );
    assert!(open(&second).is_ok(), "the other profile is untouched");
}

pub(crate) fn desktop_without_keystore(dir: &Path) {
    assert_eq!(create(dir, 1), Err("key.keystore_unavailable"));
    assert!(!dir.join("key.json").exists(), "nothing is left behind");
    let mut rng = Rng(1);
    let how = NewKey::Passphrase("用口令也能开始工作");
    assert!(create_envelope(dir, Profile::Real, how, &mut |out: &mut [u8]| rng.fill(out)).is_ok());
    let opened = open_envelope(dir, Profile::Real, &OsKeystore, Some("用口令也能开始工作"));
    assert!(opened.is_ok(), "a passphrase needs no keystore");
}
