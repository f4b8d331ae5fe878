//! The log: what is appended is there, whole, in order, after any restart; what fails leaves nothing.
#![allow(clippy::unwrap_used)]

mod common;

use common::{agreed, answered, content, id, open, opened, order, photographed, received, vault};
use doorstep_domain::day::DayEvent;
use doorstep_domain::event::{MAX_CONTENT_BYTES, Sealed};
use doorstep_domain::order::OrderEvent;
use doorstep_domain::rows::StreamState;
use doorstep_store::{PRAGMAS, Place, Problem, Store};
use rusqlite::Connection;
use std::path::Path;

const ORDER: &str = "order/1";
const VISIT: &str = "visit/1";

/// The database itself, for what a disk or a person may do to it.
fn raw(dir: &Path) -> Connection {
    let raw = Connection::open(dir.join("doorstep.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "2a".repeat(32)))
        .unwrap();
    raw
}

fn items(store: &mut Store, visit: &str) -> usize {
    match store.state(visit).unwrap() {
        StreamState::Visit(v) => v.items.len(),
        _ => 0,
    }
}

#[test]
fn what_was_appended_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let (log_id, seq) = store.head();
    assert_eq!((log_id.len(), seq), (32, 0));
    let log_id = log_id.to_owned();
    let written = store
        .append(vec![received(1, ORDER, order(1)), opened(2, VISIT, ORDER)])
        .unwrap();
    let more = store
        .append(vec![answered(3, VISIT, "mat"), answered(4, VISIT, "shoes")])
        .unwrap();
    assert_eq!(store.event_count(), 4);
    drop(store);

    let mut store = open(dir.path());
    assert_eq!(
        store.head(),
        (log_id.as_str(), 4),
        "the same incarnation of the log"
    );
    let visit: Vec<Sealed> = written[1..].iter().chain(&more).cloned().collect();
    assert_eq!(
        store.events(VISIT).unwrap(),
        visit,
        "the exact strings, in order"
    );
    assert_eq!(items(&mut store, VISIT), 2);
    assert_eq!(
        store
            .order_by_no("20261122-00001")
            .unwrap()
            .map(|o| o.stream)
            .as_deref(),
        Some(ORDER)
    );
    let visits = store.visits_of(ORDER).unwrap();
    assert_eq!(
        visits.iter().map(|v| v.stream.as_str()).collect::<Vec<_>>(),
        [VISIT]
    );
    assert_eq!(store.open_visits().unwrap(), visits);
    assert!(
        !store.rebuild().unwrap().changed,
        "rows written one by one are the rows of the whole log"
    );
    assert_eq!(store.verify(&vault(dir.path())).unwrap().problems, []);
}

#[test]
fn a_failing_event_takes_its_whole_batch_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store
        .append(vec![
            received(1, ORDER, order(1)),
            opened(2, VISIT, ORDER),
            answered(3, VISIT, "mat"),
        ])
        .unwrap();
    let before = (
        store.events(VISIT).unwrap(),
        store.visits_of(ORDER).unwrap(),
    );

    let twice = store.append(vec![
        agreed(4, VISIT, 5),
        answered(5, VISIT, "shoes"),
        answered(5, VISIT, "bag"),
    ]);
    assert_eq!(twice.unwrap_err().code(), "store.duplicate_event");
    let known = store
        .append(vec![answered(6, VISIT, "shoes"), answered(3, VISIT, "mat")])
        .unwrap_err();
    assert!(
        known.to_string().contains(&id(3)),
        "it names the event: {known}"
    );
    let long = "长".repeat(MAX_CONTENT_BYTES / 3);
    let long = content(7, ORDER, &OrderEvent::Cancelled { reason: long });
    assert_eq!(
        store
            .append(vec![answered(6, VISIT, "shoes"), long])
            .unwrap_err()
            .code(),
        "store.event_refused"
    );

    assert_eq!(
        (
            store.events(VISIT).unwrap(),
            store.visits_of(ORDER).unwrap()
        ),
        before
    );
    assert_eq!(
        (store.event_count(), items(&mut store, VISIT)),
        (3, 1),
        "neither log nor memory kept a part"
    );
    store.append(vec![answered(5, VISIT, "shoes")]).unwrap();
    assert_eq!(
        (store.event_count(), items(&mut store, VISIT)),
        (4, 2),
        "the next answer works"
    );
    assert_eq!(store.verify(&vault(dir.path())).unwrap().problems, []);
}

#[test]
fn unknown_streams_kinds_and_fields_stay_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let mut later = received(1, ORDER, order(1));
    later.body["order"]["robot"] = serde_json::json!({ "needed": true });
    let mut unheard = received(2, "fleet/1", order(1));
    unheard.kind = "van.refuelled".to_owned();
    let mut newer = answered(3, VISIT, "mat");
    newer.schema_v = 99;
    store.append(vec![later, unheard, newer]).unwrap();
    assert!(store.events(ORDER).unwrap()[0].text.contains("robot"));
    assert_eq!(store.state("fleet/1").unwrap(), &StreamState::Unknown);
    assert_eq!(
        items(&mut store, VISIT),
        0,
        "a newer schema is kept, not guessed"
    );
    assert!(store.order_by_no("20261122-00001").unwrap().is_some());
    assert!(!store.rebuild().unwrap().changed);
}

#[test]
fn more_streams_than_memory_keeps_answer_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let visit = |v: u64| format!("visit/{v}");
    for round in 0..3 {
        let batch = (0..70).map(|v| match round {
            0 => opened(v, &visit(v), ORDER),
            _ => answered(round * 100 + v, &visit(v), &format!("item-{round}")),
        });
        store.append(batch.collect()).unwrap();
    }
    for v in [0, 35, 69] {
        assert_eq!(items(&mut store, &visit(v)), 2, "visit {v}");
    }
    assert_eq!(store.visits_of(ORDER).unwrap().len(), 70);
    assert!(!store.rebuild().unwrap().changed);
}

#[test]
fn a_day_has_a_state_and_no_row() {
    let dir = tempfile::tempdir().unwrap();
    let day = "day/3107/2026-11-22";
    let (pack, kit) = ("cmcc-broadband".to_owned(), "five".to_owned());
    let checked = DayEvent::KitChecked {
        claim: None,
        made_at: None,
        pack,
        kit,
        present: vec!["mat".to_owned()],
        missing: vec![],
        reason: None,
    };
    open(dir.path())
        .append(vec![content(1, day, &checked)])
        .unwrap();
    let mut store = open(dir.path());
    let StreamState::Day(state) = store.state(day).unwrap() else {
        unreachable!("a day folds to a day")
    };
    assert!(
        state
            .kit("cmcc-broadband", "five")
            .is_some_and(|k| k.settled())
    );
}

#[test]
fn local_tables_keep_what_they_are_given() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let source = "id = \"cmcc\"";
    let hash = doorstep_domain::event::sha256_hex(source.as_bytes());
    store.put_pack(&hash, source, "cmcc.toml").unwrap();
    store.put_pack(&hash, source, "again.toml").unwrap();
    assert_eq!(
        store
            .put_pack(&hash, "id = \"other\"", "x.toml")
            .unwrap_err()
            .code(),
        "store.pack_mismatch"
    );
    store.set_setting("lang", "zh").unwrap();
    store.set_setting("lang", "en").unwrap();
    store.set_setting("gone", "1").unwrap();
    store.remove_setting("gone").unwrap();
    store.set_cursor(VISIT, "step/3").unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.setting("lang").unwrap().as_deref(), Some("en"));
    assert_eq!(store.setting("gone").unwrap(), None);
    assert_eq!(store.cursor(VISIT).unwrap().as_deref(), Some("step/3"));
    assert_eq!(store.cursor("visit/2").unwrap(), None);
    let packs = store.packs().unwrap();
    assert_eq!(
        (
            packs.len(),
            packs[0].file.as_str(),
            packs[0].source.as_str()
        ),
        (1, "cmcc.toml", source)
    );
    assert_eq!(store.pack(&hash).unwrap().as_ref(), packs.first());
}

#[test]
fn derived_tables_of_another_version_are_made_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store
        .append(vec![received(1, ORDER, order(1)), opened(2, VISIT, ORDER)])
        .unwrap();
    let before = store.visits_of(ORDER).unwrap();
    drop(store);
    raw(dir.path())
        .execute_batch(
            "DROP TABLE visit_row; UPDATE meta SET value = '0.0' WHERE key = 'derived_version'",
        )
        .unwrap();
    let mut store = open(dir.path());
    assert_eq!(store.visits_of(ORDER).unwrap(), before);
    drop(store);
    raw(dir.path())
        .execute_batch("UPDATE order_row SET customer = '别人'")
        .unwrap();
    store = open(dir.path());
    assert!(
        store.rebuild().unwrap().changed,
        "a row that is not the log's is noticed"
    );
    assert!(!store.rebuild().unwrap().changed);
}

#[test]
fn every_tampering_is_reported_by_name() {
    // the seeded generator gives every test the same log id
    let log_id = {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).head().0.to_owned()
    };
    let at = |seq| Place {
        log_id: log_id.clone(),
        seq,
    };
    let tamper: [(&str, &str, Problem); 6] = [
        (
            "a changed word",
            "UPDATE event SET content = replace(content, 'mat', 'hat') WHERE seq = 3",
            Problem::Hash { at: at(3) },
        ),
        (
            "a missing event",
            "DELETE FROM event WHERE seq = 2",
            Problem::Gap {
                expected: 2,
                at: at(3),
            },
        ),
        (
            "a broken chain",
            "UPDATE event SET prev = hash WHERE seq = 3",
            Problem::Chain { at: at(3) },
        ),
        (
            "a moved event",
            "UPDATE event SET stream = 'visit/2' WHERE seq = 3",
            Problem::Columns { at: at(3) },
        ),
        (
            "a stretch that begins elsewhere",
            "UPDATE run SET pos = pos - 1",
            Problem::Misplaced { at: at(3) },
        ),
        (
            "not an event",
            "UPDATE event SET content = '{}' WHERE seq = 3",
            Problem::Unreadable { at: at(3) },
        ),
    ];
    for (what, sql, problem) in tamper {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        let first = vec![
            received(1, ORDER, order(1)),
            opened(2, VISIT, ORDER),
            answered(3, VISIT, "mat"),
        ];
        store.append(first).unwrap();
        drop(store);
        raw(dir.path()).execute_batch(sql).unwrap();
        let found = open(dir.path())
            .verify(&vault(dir.path()))
            .unwrap()
            .problems;
        assert!(found.contains(&problem), "{what}: {found:?}");
    }
}

#[test]
fn a_named_blob_must_be_there_and_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let photo = vault.put(VISIT, b"a photo").unwrap();
    let thumb = vault.put(VISIT, b"its thumbnail").unwrap();
    store
        .append(vec![
            opened(1, VISIT, ORDER),
            photographed(2, VISIT, &photo.sha256, &thumb.sha256),
        ])
        .unwrap();
    let report = store.verify(&vault).unwrap();
    assert_eq!(
        (report.events, report.blobs, report.problems),
        (2, 2, vec![])
    );
    let folder = |sha: &str| dir.path().join("vault").join(&sha[..2]);
    let file = std::fs::read_dir(folder(&photo.sha256))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::write(&file, b"DSV1 but no more").unwrap();
    std::fs::remove_dir_all(folder(&thumb.sha256)).unwrap();
    let problems = store.verify(&vault).unwrap().problems;
    let at = Place {
        log_id: store.head().0.to_owned(),
        seq: 2,
    };
    assert!(
        problems.contains(&Problem::BlobDamaged {
            at: at.clone(),
            sha256: photo.sha256
        }),
        "{problems:?}"
    );
    assert!(
        problems.contains(&Problem::BlobMissing {
            at,
            sha256: thumb.sha256
        }),
        "{problems:?}"
    );
}

#[test]
fn the_settings_that_durability_stands_on_are_these() {
    let durable: Vec<_> = PRAGMAS
        .iter()
        .filter(|p| ["journal_mode", "synchronous"].contains(&p.0))
        .collect();
    assert_eq!(
        durable,
        [
            &("journal_mode", "WAL", "wal"),
            &("synchronous", "FULL", "2")
        ]
    );
    let dir = tempfile::tempdir().unwrap();
    open(dir.path());
    let bytes = std::fs::read(dir.path().join("doorstep.db")).unwrap();
    // a SQLCipher file begins with its salt; plain SQLite would begin with its name
    assert!(!bytes.starts_with(b"SQLite format 3"));
}
