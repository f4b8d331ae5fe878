//! The store and the hub: what waits is told, what arrives is taken in once, what is confirmed may go.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    Log, NOW, agreed, answered, content, id, numbered, open, opened, order, received, vault,
};
use doorstep_domain::event::{MAX_CONTENT_BYTES, Sealed};
use doorstep_domain::order::OrderEvent;
use doorstep_domain::wire::{EventFlag, FlagKind, Head};
use doorstep_store::{AgendaFilter, AgendaQuery, Flag, Received, Store};

const ORDER: &str = "order/1";
const VISIT: &str = "visit/1";

fn hash(text: &str) -> String {
    doorstep_domain::event::sha256_hex(text.as_bytes())
}

/// A store with `n` own events in one visit.
fn filled(dir: &std::path::Path, n: u64) -> Store {
    let mut store = open(dir);
    let first = vec![received(1, ORDER, order(1)), opened(2, VISIT, ORDER)];
    store.append(first).unwrap();
    for i in 3..=n {
        let item = format!("item-{i}");
        store.append(vec![answered(i, VISIT, &item)]).unwrap();
    }
    store
}

fn sound(store: &mut Store, dir: &std::path::Path) {
    assert_eq!(store.verify(&vault(dir)).unwrap().problems, []);
    assert!(
        !store.rebuild().unwrap().changed,
        "derived rows are those of the log"
    );
}

fn customers(store: &Store) -> Vec<String> {
    let query = AgendaQuery {
        whose: None,
        search: None,
        filter: AgendaFilter::All,
        offset: 0,
        limit: 1000,
    };
    let rows = store.agenda(&query).unwrap().rows;
    rows.into_iter().map(|r| r.order.customer).collect()
}

#[test]
fn a_push_is_a_piece_of_the_log_and_an_acknowledgement_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 20);
    let all = store.unsent(usize::MAX).unwrap();
    assert_eq!((all.events.len(), all.base.clone()), (20, Head::default()));
    assert_eq!((all.head.seq, all.log_id.as_str()), (20, store.head().0));
    let mut before = Head::default();
    for event in &all.events {
        assert_eq!((event.seq, &event.prev), (before.seq + 1, &before.hash));
        before = Head {
            seq: event.seq,
            hash: hash(&event.text),
        };
    }
    assert_eq!(before, all.head);
    let written: Vec<String> = store
        .events(VISIT)
        .unwrap()
        .into_iter()
        .map(|e| e.text)
        .collect();
    let pushed: Vec<&String> = all.events[1..].iter().map(|e| &e.text).collect();
    assert_eq!(pushed, written.iter().collect::<Vec<_>>(), "word for word");

    store.acknowledge(7).unwrap();
    let rest = store.unsent(usize::MAX).unwrap();
    assert_eq!(rest.events, all.events[7..]);
    assert_eq!((rest.base.seq, &rest.base.hash), (7, &all.events[7].prev));
    let two = rest.events[0].text.len() + rest.events[1].text.len();
    assert_eq!(store.unsent(two).unwrap().events, all.events[7..9]);
    assert_eq!(store.unsent(two - 1).unwrap().events, all.events[7..8]);
    assert_eq!(
        store.unsent(0).unwrap().events,
        all.events[7..8],
        "never nothing"
    );
    let waiting = store.waiting(&vault(dir.path())).unwrap();
    let bytes: usize = rest.events.iter().map(|e| e.text.len()).sum();
    assert_eq!((waiting.events, waiting.event_bytes), (13, bytes as u64));

    drop(store);
    let mut store = open(dir.path());
    assert_eq!(store.unsent(usize::MAX).unwrap(), rest, "it is kept");
    store.acknowledge(3).unwrap();
    assert_eq!(
        store.unsent(usize::MAX).unwrap().events,
        all.events[3..],
        "the hub went back"
    );
    store.acknowledge(99).unwrap();
    let none = store.unsent(usize::MAX).unwrap();
    assert_eq!(
        (none.events.len(), &none.base),
        (0, &none.head),
        "no further than the log"
    );
    assert_eq!(store.events_waiting(), 0);
}

#[test]
fn the_largest_event_travels_and_arrives() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let reason = |bytes| OrderEvent::Cancelled {
        reason: "x".repeat(bytes),
    };
    let frame = Sealed::new(content(1, ORDER, &reason(0)))
        .unwrap()
        .text
        .len();
    let largest = content(1, ORDER, &reason(MAX_CONTENT_BYTES - frame));
    store
        .append(vec![largest.clone(), answered(2, VISIT, "mat")])
        .unwrap();
    let push = store.unsent(16 * 1024).unwrap();
    assert_eq!(
        (push.events.len(), push.events[0].text.len()),
        (1, MAX_CONTENT_BYTES)
    );

    let other = tempfile::tempdir().unwrap();
    let mut store = open(other.path());
    let told = store.receive("e1", &numbered(1, &push.events)).unwrap();
    assert_eq!((told.fresh, told.cursor), (1, 1));
    let mut log = Log::new("hub");
    let over = log.write_text(push.events[0].text.replacen("xxx", "xxxx", 1));
    let told = store.receive("e1", &numbered(2, &[over])).unwrap();
    assert_eq!(
        (told.fresh, told.refused, told.cursor),
        (0, 1, 2),
        "one byte more is put aside"
    );
    sound(&mut store, other.path());
}

#[test]
fn deliveries_become_rows_and_come_twice_without_harm() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 5);
    let (mut hub, mut tablet) = (Log::new("hub"), Log::new("tablet"));
    let events = [
        hub.write(received(101, "order/9", order(9))),
        tablet.write(opened(201, "visit/9", "order/9")),
        tablet.write(agreed(202, "visit/9", NOW)),
        hub.write(content(
            102,
            ORDER,
            &OrderEvent::Cancelled {
                reason: "重复".to_owned(),
            },
        )),
    ];
    let page = numbered(1, &events);
    let told = store.receive("e1", &page[..3]).unwrap();
    let streams = vec!["order/9".to_owned(), "visit/9".to_owned()];
    let first = Received {
        fresh: 3,
        cursor: 3,
        streams,
        ..Received::default()
    };
    assert_eq!(told, first);
    assert_eq!(store.pulled().unwrap(), ("e1".to_owned(), 3));
    assert_eq!(
        store.visits_of("order/9").unwrap()[0].appointment_ms,
        Some(NOW)
    );
    let again = store.receive("e1", &page).unwrap();
    assert_eq!(
        (again.known, again.fresh, again.cursor),
        (3, 1, 4),
        "an overlap"
    );
    assert!(
        store.order(ORDER).unwrap().unwrap().cancelled,
        "an own stream takes what the hub says of it"
    );
    assert_eq!(store.receive("e1", &page).unwrap().fresh, 0);
    assert_eq!(customers(&store).len(), 2);
    let open_visits = store.open_visits().unwrap();
    let open_visits: Vec<&str> = open_visits.iter().map(|v| v.stream.as_str()).collect();
    assert_eq!(
        open_visits,
        [VISIT],
        "a colleague's visit is not this device's to finish"
    );
    assert!(store.writes(VISIT).unwrap() && !store.writes("visit/9").unwrap());
    // the own log did not notice
    assert_eq!((store.head().1, store.event_count()), (5, 9));
    assert_eq!(store.unsent(usize::MAX).unwrap().events.len(), 5);
    store.append(vec![answered(6, VISIT, "after")]).unwrap();
    let push = store.unsent(usize::MAX).unwrap();
    assert_eq!(push.events.len(), 6);
    assert_eq!(
        push.events[5].prev,
        hash(&push.events[4].text),
        "the chain is the own log's"
    );
    drop(store);
    let mut store = open(dir.path());
    assert_eq!((store.head().1, store.event_count()), (6, 10));
    assert_eq!(store.pulled().unwrap(), ("e1".to_owned(), 4));
    sound(&mut store, dir.path());
}

#[test]
fn a_missing_page_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let mut hub = Log::new("hub");
    let events: Vec<_> = (1..=4)
        .map(|i| hub.write(received(i, &format!("order/{i}"), order(i))))
        .collect();
    let page = numbered(1, &events);
    let late = store.receive("e1", &page[2..]).unwrap();
    assert_eq!((late.fresh, late.skipped, late.cursor), (0, 2, 0));
    let told = store.receive("e1", &page[..1]).unwrap();
    assert_eq!((told.fresh, told.cursor), (1, 1));
    assert_eq!(store.receive("e1", &page).unwrap().cursor, 4);
    assert_eq!(customers(&store).len(), 4);
}

#[test]
fn the_queue_goes_on_past_what_cannot_be_an_event() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 3);
    let own = store.unsent(usize::MAX).unwrap().events[2].clone();
    let mut hub = Log::new("hub");
    let mut unheard = received(20, "recall/1", order(1));
    unheard.kind = "recall.made".to_owned();
    let mut newer = received(21, "order/9", order(9));
    newer.schema_v = 99;
    let mut far = hub.clone().write(received(24, "order/8", order(8)));
    far.seq = u64::MAX;
    let events = [
        hub.write_text("not json".to_owned()),
        hub.write_text(own.text.replace("item-3", "item-x")),
        hub.write(unheard),
        hub.write(newer),
        far,
        hub.write(received(22, "order/7", order(7))),
    ];
    let told = store.receive("e1", &numbered(1, &events)).unwrap();
    assert_eq!(
        (told.fresh, told.refused, told.parked, told.cursor),
        (3, 3, 2, 6)
    );
    assert!(store.order("order/7").unwrap().is_some());
    assert_eq!(
        store.events("recall/1").unwrap().len(),
        1,
        "kept for a version that knows it"
    );
    assert_eq!(
        store.events(VISIT).unwrap()[1].text,
        own.text,
        "the first content stands"
    );
    assert_eq!(store.waiting(&vault(dir.path())).unwrap().refused, 3);
    let again = store.receive("e1", &numbered(1, &events)).unwrap();
    assert_eq!((again.known, again.cursor), (3, 6));
    assert_eq!(
        store.waiting(&vault(dir.path())).unwrap().refused,
        3,
        "the same ones are not kept twice"
    );
    sound(&mut store, dir.path());
}

#[test]
fn a_new_incarnation_of_the_hub_starts_the_cursor_again_and_repeats_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let mut hub = Log::new("hub");
    let mut events: Vec<_> = (1..=3)
        .map(|i| hub.write(received(i, &format!("order/{i}"), order(i))))
        .collect();
    store.receive("e1", &numbered(1, &events)).unwrap();
    // it came back from a backup that held two of them, and numbers its own log on from there
    let mut restored = Log::new("hub");
    restored.head = Head {
        seq: 2,
        hash: hash(&events[1].text),
    };
    events.truncate(2);
    events.push(restored.write(received(9, "order/9", order(9))));
    events.push(restored.write(received(10, "order/10", order(10))));
    let told = store.receive("e2", &numbered(1, &events)).unwrap();
    assert_eq!((told.known, told.fresh, told.refused), (2, 2, 0));
    assert_eq!(store.pulled().unwrap(), ("e2".to_owned(), 4));
    assert_eq!(
        customers(&store).len(),
        5,
        "two orders of the same number in the hub's log, both kept"
    );
    let empty = store.receive("e3", &[]).unwrap();
    assert_eq!(
        (empty.cursor, store.pulled().unwrap()),
        (0, ("e3".to_owned(), 0))
    );
    sound(&mut store, dir.path());
}

#[test]
fn flags_stay_with_their_events() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 5);
    let log = store.head().0.to_owned();
    let flag = |seq, kind, reason: &str| EventFlag {
        seq,
        kind,
        reason: reason.to_owned(),
    };
    let told = [
        flag(4, FlagKind::NeedsAttention, "order_cancelled"),
        flag(2, FlagKind::Parked, "unknown_kind"),
        flag(99, FlagKind::Parked, "unknown_kind"),
    ];
    store.put_flags(&log, &told).unwrap();
    store.put_flags(&log, &told).unwrap();
    drop(store);
    let mut store = open(dir.path());
    let of = |n, kind, reason: &str| Flag {
        event: id(n),
        kind,
        reason: reason.to_owned(),
    };
    let expected = [
        of(2, FlagKind::Parked, "unknown_kind"),
        of(4, FlagKind::NeedsAttention, "order_cancelled"),
    ];
    assert_eq!(store.flags_of(VISIT).unwrap(), expected);
    assert_eq!(store.flags_of(ORDER).unwrap(), []);
    assert_eq!(
        store.put_flags("another", &told).unwrap_err().code(),
        "store.unsound_answer"
    );
}

#[test]
fn a_page_that_fails_leaves_neither_events_nor_cursor() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = filled(dir.path(), 3);
    let mut hub = Log::new("hub");
    let events = [
        hub.write(received(11, "order/5", order(5))),
        hub.write(received(12, "order/6", order(6))),
    ];
    drop(store);
    // the second insert of the page fails, as it would on a broken disk
    let raw = rusqlite::Connection::open(dir.path().join("doorstep.db")).unwrap();
    raw.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; CREATE TRIGGER broken BEFORE INSERT ON event WHEN new.stream = 'order/6'
         BEGIN SELECT RAISE(ABORT, 'broken'); END",
        "2a".repeat(32)
    ))
    .unwrap();
    drop(raw);
    store = open(dir.path());
    store.receive("e1", &numbered(1, &events)).unwrap_err();
    assert_eq!(store.pulled().unwrap(), (String::new(), 0));
    assert_eq!(
        (store.event_count(), store.order("order/5").unwrap()),
        (3, None)
    );
    let told = store.receive("e1", &numbered(1, &events[..1])).unwrap();
    assert_eq!(told.fresh, 1);
    sound(&mut store, dir.path());
}
