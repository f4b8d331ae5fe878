//! Disks that refuse.

use crate::common::{answered, open, opened, order, received, try_open, vault};
use doorstep_domain::rows::StreamState;
use doorstep_store::{NewKey, Profile, Vault, create_envelope};
use std::fs;
use std::path::Path;
use std::process::Command;

const VISIT: &str = "visit/1";

fn mount(dir: &Path, options: &str) {
    let status = Command::new("mount")
        .args(["-t", "tmpfs", "-o", options, "tmpfs"])
        .arg(dir)
        .status()
        .unwrap();
    assert!(status.success(), "mounting a small disk: {status}");
}

/// Fills what is left of the disk.
fn fill(path: &Path) {
    let mut file = fs::File::create(path).unwrap();
    let mut size = 1 << 20;
    while size > 0 {
        if std::io::Write::write_all(&mut file, &vec![0; size]).is_err() {
            size /= 2;
        }
    }
}

fn answers(store: &mut doorstep_store::Store) -> usize {
    match store.state(VISIT).unwrap() {
        StreamState::Visit(v) => v.items.len(),
        _ => 0,
    }
}

pub(crate) fn full_disk(dir: &Path) {
    mount(dir, "size=4m");
    let (profile, ballast) = (dir.join("profile"), dir.join("ballast"));
    let mut store = open(&profile);
    let vault = vault(&profile);
    let kept = vault.put(VISIT, &[1; 10_000]).unwrap();
    store
        .append(vec![
            received(1, "order/1", order(1)),
            opened(2, VISIT, "order/1"),
        ])
        .unwrap();
    fill(&ballast);

    let mut n = 3;
    let error = loop {
        match store.append(vec![answered(n, VISIT, &format!("item-{n}"))]) {
            Ok(_) => n += 1,
            Err(error) => break error,
        }
        assert!(n < 10_000, "a full disk must refuse at some point");
    };
    assert_eq!(error.code(), "store.disk_full", "{error:?}");
    let known = usize::try_from(n - 3).unwrap();
    assert_eq!(
        (store.event_count(), answers(&mut store)),
        (n - 1, known),
        "what was acknowledged reads as before"
    );
    assert_eq!(
        store
            .append(vec![answered(n, VISIT, "again")])
            .unwrap_err()
            .code(),
        "store.disk_full"
    );
    assert_eq!(
        store
            .set_setting("lang", &"x".repeat(9000))
            .unwrap_err()
            .code(),
        "store.disk_full"
    );
    assert_eq!(
        vault.put(VISIT, &[2; 300_000]).unwrap_err().code(),
        "store.disk_full"
    );
    assert_eq!(vault.get(VISIT, &kept.sha256).unwrap().len(), 10_000);
    assert_eq!(store.verify(&vault).unwrap().problems, []);
    drop(store);

    let mut store = open(&profile);
    assert_eq!(
        (store.event_count(), answers(&mut store)),
        (n - 1, known),
        "it opens and reads on a full disk"
    );
    let new = try_open(&dir.join("new")).err().map(|e| e.code());
    assert_eq!(new, Some("store.disk_full"), "a new profile has no room");

    fs::remove_file(ballast).unwrap();
    store
        .append(vec![answered(n, VISIT, "room again")])
        .unwrap();
    vault.put(VISIT, &[2; 300_000]).unwrap();
    drop(store);
    let mut store = open(&profile);
    assert_eq!((store.event_count(), answers(&mut store)), (n, known + 1));
    assert_eq!(store.verify(&vault).unwrap().problems, []);
    assert!(
        !store.rebuild().unwrap().changed,
        "log and derived rows did not part"
    );
    assert!(
        try_open(&dir.join("new")).is_ok(),
        "the new profile opens once there is room"
    );
}

pub(crate) fn used_up_quota(dir: &Path) {
    let error = try_open(&dir.join("profile")).err().map(|e| e.code());
    assert_eq!(
        error,
        Some("store.disk_full"),
        "the technician can free space, whatever the system calls it"
    );
}

pub(crate) fn read_only_folder(dir: &Path) {
    mount(dir, "size=4m");
    let profile = dir.join("profile");
    open(&profile)
        .append(vec![received(1, "order/1", order(1))])
        .unwrap();
    drop(vault(&profile));
    mount(dir, "remount,ro");
    assert_eq!(
        try_open(&profile).err().map(|e| e.code()),
        Some("store.read_only")
    );
    assert_eq!(
        try_open(&dir.join("new")).err().map(|e| e.code()),
        Some("store.read_only")
    );
    let sealed = Vault::open(&profile, &crate::common::key(), crate::common::NOW).unwrap();
    assert_eq!(
        sealed.put(VISIT, b"photo").unwrap_err().code(),
        "store.read_only"
    );
    let envelope = create_envelope(
        &dir.join("new"),
        Profile::Demo,
        NewKey::PlainDemo,
        &mut |_| {},
    );
    assert_eq!(envelope.err().map(|e| e.code()), Some("store.read_only"));
    mount(dir, "remount,rw");
    assert_eq!(open(&profile).event_count(), 1);
}
