//! Wrong keys, broken files, a second window, and what a thief may read.
#![allow(clippy::unwrap_used)]

mod common;

use common::{NOW, Rng, answered, open, opened, order, photographed, received, try_open, vault};
use doorstep_store::{DataKey, OpenEnv, Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

fn filled(dir: &Path) -> Store {
    let mut store = open(dir);
    store
        .append(vec![
            received(1, "order/1", order(1)),
            opened(2, "visit/1", "order/1"),
        ])
        .unwrap();
    for i in 3..60 {
        store
            .append(vec![answered(i, "visit/1", &format!("item-{i}"))])
            .unwrap();
    }
    store
}

fn refused(dir: &Path) -> &'static str {
    try_open(dir).err().map_or("opened", |e| e.code())
}

#[test]
fn another_key_is_a_wrong_key_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let mut random = |_: &mut [u8]| {};
    let other = DataKey::from_bytes([43; 32]);
    let opened = Store::open(
        dir.path(),
        &other,
        OpenEnv {
            now_ms: NOW,
            random: &mut random,
        },
    );
    assert!(matches!(opened.err(), Some(StoreError::WrongKey)));
    assert_eq!(open(dir.path()).event_count(), 59);
}

#[test]
fn broken_files_are_called_damaged_and_left_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let path = dir.path().join("doorstep.db");
    let whole = fs::read(&path).unwrap();
    let mut garbage = vec![0; whole.len()];
    Rng(1).fill(&mut garbage);
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    for (what, bytes) in [
        ("garbage", &garbage[..]),
        ("first page cut", &whole[..1000]),
        ("first page flipped", &flipped[..]),
        ("a text", "这不是数据库".as_bytes()),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(refused(dir.path()), "store.damaged", "{what}");
        assert_eq!(
            fs::read(&path).unwrap(),
            bytes,
            "{what}: kept for whoever can repair it"
        );
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(
        open(dir.path()).event_count(),
        59,
        "with the file back, all is back"
    );
}

#[test]
fn a_page_damaged_in_the_middle_is_found_and_never_shown_as_data() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let path = dir.path().join("doorstep.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 8, "the log has several pages: {pages}");
    for page in 1..pages {
        let mut flipped = whole.clone();
        flipped[page * 4096 + 77] ^= 0x10;
        fs::write(&path, &flipped).unwrap();
        let noticed = match try_open(dir.path()) {
            Err(error) => error.code() == "store.damaged",
            Ok(store) => match store.verify(&vault(dir.path())) {
                Err(error) => error.code() == "store.damaged",
                Ok(report) => !report.problems.is_empty(),
            },
        };
        assert!(noticed, "page {page}");
    }
}

#[test]
fn a_database_from_the_future_is_refused_politely() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(dir.path()));
    let raw = rusqlite::Connection::open(dir.path().join("doorstep.db")).unwrap();
    raw.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; PRAGMA user_version = 900",
        "2a".repeat(32)
    ))
    .unwrap();
    drop(raw);
    assert_eq!(refused(dir.path()), "store.from_future");
}

#[test]
fn a_second_window_is_told_so_and_the_first_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path());
    assert_eq!(refused(dir.path()), "store.already_open");
    store
        .append(vec![answered(70, "visit/1", "after")])
        .unwrap();
    drop(store);
    assert_eq!(
        open(dir.path()).event_count(),
        60,
        "closing gives the profile free"
    );
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn no_plaintext_is_ever_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let mut secret = order(1);
    secret.customer = "ZZ-MARKER-钱秘密".to_owned();
    let photo = vault
        .put("visit/1", "ZZ-MARKER".repeat(999).as_bytes())
        .unwrap();
    store
        .append(vec![
            received(1, "order/1", secret),
            opened(2, "visit/1", "order/1"),
        ])
        .unwrap();
    store
        .append(vec![photographed(
            3,
            "visit/1",
            &photo.sha256,
            &photo.sha256,
        )])
        .unwrap();
    store.set_cursor("visit/1", "ZZ-MARKER").unwrap();
    let shows = || {
        let files = files(dir.path());
        assert!(files.len() >= 4, "{files:?}");
        let marks = ["ZZ-MARKER", "钱秘密", "CREATE TABLE", "SQLite format"];
        let shows = |bytes: &[u8]| {
            marks
                .iter()
                .any(|m| bytes.windows(m.len()).any(|w| w == m.as_bytes()))
        };
        files
            .into_iter()
            .filter(|f| shows(&fs::read(f).unwrap()))
            .collect::<Vec<_>>()
    };
    assert!(
        dir.path().join("doorstep.db-wal").exists(),
        "the write-ahead log is looked at too"
    );
    assert_eq!(shows(), Vec::<PathBuf>::new());
    drop(store);
    assert_eq!(shows(), Vec::<PathBuf>::new(), "after closing");
    let raw = hex::encode(key_bytes());
    let text = |f: &PathBuf| String::from_utf8_lossy(&fs::read(f).unwrap()).contains(&raw);
    assert!(!files(dir.path()).iter().any(text), "nor is the key");
}

fn key_bytes() -> [u8; 32] {
    [42; 32]
}
