//! A profile that an earlier version wrote opens with everything in it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{
    Log, NOW, agreed, answered, id, numbered, open, opened, order, photographed, received, signed,
    vault,
};
use doorstep_domain::event::Sealed;
use doorstep_domain::wire::{Head, WireEvent};
use rusqlite::{Connection, params};
use std::path::Path;

/// The first version's schema, as it was published.
const V1: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE log (
        seq     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        stream  TEXT NOT NULL,
        kind    TEXT NOT NULL,
        content TEXT NOT NULL,
        hash    TEXT NOT NULL,
        prev    TEXT NOT NULL
    ) STRICT;
    CREATE INDEX log_by_stream ON log (stream, seq);
    CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE cursor (visit TEXT PRIMARY KEY, place TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE pack (hash TEXT PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL) STRICT;
    PRAGMA user_version = 1;
";
const LOG: &str = "0123456789abcdef0123456789abcdef";

/// A profile of the first version, and its events as they would travel.
fn of_the_first_version(dir: &Path) -> Vec<WireEvent> {
    let vault = vault(dir);
    let photo = vault.put("visit/1", &[1; 3000]).unwrap().sha256;
    let thumb = vault.put("visit/1", &[2; 300]).unwrap().sha256;
    let ink = vault.put("visit/1", b"[[1,2]]").unwrap().sha256;
    let mut contents = vec![
        received(1, "order/1", order(1)),
        opened(2, "visit/1", "order/1"),
        agreed(3, "visit/1", NOW),
        photographed(4, "visit/1", &photo, &thumb),
        signed(5, "visit/1", &ink),
        photographed(6, "visit/1", &photo, &thumb),
    ];
    contents.extend((7..60).map(|n| answered(n, "visit/1", &format!("item-{n}"))));
    let mut log = Log::new(LOG);
    let events: Vec<WireEvent> = contents.into_iter().map(|c| log.write(c)).collect();

    let raw = Connection::open(dir.join("doorstep.db")).unwrap();
    let key = format!("PRAGMA key = \"x'{}'\"", "2a".repeat(32));
    raw.execute_batch(&key).unwrap();
    raw.execute_batch(V1).unwrap();
    raw.execute("INSERT INTO meta VALUES ('log_id', ?1)", [LOG])
        .unwrap();
    raw.execute("INSERT INTO setting VALUES ('lang', 'en')", [])
        .unwrap();
    for event in &events {
        let e = Sealed::parse(event.text.clone()).unwrap();
        let row = params![
            event.seq,
            e.content.id,
            e.content.stream,
            e.content.kind,
            e.text,
            e.hash,
            event.prev
        ];
        raw.execute("INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", row)
            .unwrap();
    }
    events
}

#[test]
fn a_profile_of_the_first_version_opens_with_its_log_its_rows_and_its_photos_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let events = of_the_first_version(dir.path());
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    assert_eq!((store.head(), store.event_count()), ((LOG, 59), 59));
    let push = store.unsent(usize::MAX).unwrap();
    assert_eq!((push.base, push.log_id.as_str()), (Head::default(), LOG));
    assert_eq!(push.events, events, "word for word, in their places");
    assert_eq!(
        store.visits_of("order/1").unwrap()[0].appointment_ms,
        Some(NOW)
    );
    assert_eq!(store.setting("lang").unwrap().as_deref(), Some("en"));
    let waiting = store.blobs_waiting(&vault, 9).unwrap();
    let lengths: Vec<u64> = waiting.iter().map(|w| w.offer.bytes).collect();
    assert_eq!(
        lengths,
        [7, 3000],
        "the ink, then the photo, once; no thumbnail"
    );
    assert_eq!(
        store.parts_of("visit/1").unwrap().blobs[0].bytes,
        Some(400_000)
    );
    assert_eq!(store.verify(&vault).unwrap().problems, []);
    assert!(!store.rebuild().unwrap().changed);
    assert!(
        dir.path().join("doorstep.db.before-v2").exists(),
        "a copy is kept"
    );

    store
        .append(vec![answered(60, "visit/1", "after")])
        .unwrap();
    store
        .receive(
            "e1",
            &numbered(
                1,
                &[Log::new("hub").write(received(99, "order/2", order(2)))],
            ),
        )
        .unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!((store.head(), store.event_count()), ((LOG, 60), 61));
    assert_eq!(
        store.events("visit/1").unwrap().last().unwrap().content.id,
        id(60)
    );
    assert_eq!(store.verify(&vault).unwrap().problems, []);
}

#[test]
fn an_empty_profile_of_the_first_version_begins_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let raw = Connection::open(dir.path().join("doorstep.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"; {V1}", "2a".repeat(32)))
        .unwrap();
    drop(raw);
    let mut store = open(dir.path());
    store
        .append(vec![received(1, "order/1", order(1))])
        .unwrap();
    assert_eq!(store.unsent(0).unwrap().events.len(), 1);
}
