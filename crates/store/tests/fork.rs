//! A copied device: it takes its log back from the hub and goes on under a new log id; nothing is lost, nothing comes
//! twice, and its rows are those of whoever holds the same events in the hub's order.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    Log, agreed, answered, image, numbered, open, opened, order, photographed, received, vault,
};
use doorstep_domain::wire::WireEvent;
use doorstep_store::{Store, TakeBack, TakenBack};
use std::path::Path;

const ORDER: &str = "order/1";
const VISIT: &str = "visit/1";
const NEW: &str = "11111111111111111111111111111111";

/// The hub as far as it matters here: each log whole, in the order it came.
#[derive(Clone, Default)]
struct Hub(Vec<WireEvent>);

impl Hub {
    /// Takes what the store pushes, and tells it so.
    fn take(&mut self, store: &mut Store) {
        let push = store.unsent(usize::MAX).unwrap();
        for event in push.events {
            match self.log(&push.log_id, event.seq - 1).first() {
                Some(held) => assert_eq!(held, &event, "pushed before"),
                None => self.0.push(event),
            }
        }
        let head = self.head(&push.log_id);
        store.acknowledge(head).unwrap();
    }

    fn head(&self, log: &str) -> u64 {
        self.log(log, 0).last().map_or(0, |e| e.seq)
    }

    fn log(&self, log: &str, after: u64) -> Vec<WireEvent> {
        let of = self.0.iter().filter(|e| e.log_id == log && e.seq > after);
        of.cloned().collect()
    }
}

struct Device {
    dir: tempfile::TempDir,
    store: Store,
}

impl Device {
    fn new() -> Device {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        Device { dir, store }
    }

    /// What a backup of it, or the power failing now, would leave.
    fn copy(&self) -> Device {
        let dir = tempfile::tempdir().unwrap();
        image(self.dir.path(), dir.path());
        let store = open(dir.path());
        Device { dir, store }
    }

    fn answer(&mut self, n: u64) {
        let item = format!("item-{n}");
        self.store.append(vec![answered(n, VISIT, &item)]).unwrap();
    }

    fn sound(&mut self) {
        let report = self.store.verify(&vault(self.dir.path())).unwrap();
        assert_eq!(report.problems, []);
        assert!(
            !self.store.rebuild().unwrap().changed,
            "rows are those of the log"
        );
    }

    fn texts(&self) -> Vec<String> {
        let of = |stream| self.store.events(stream).unwrap();
        of(ORDER)
            .into_iter()
            .chain(of(VISIT))
            .map(|e| e.text)
            .collect()
    }
}

fn begun() -> Device {
    let mut device = Device::new();
    let first = vec![received(1, ORDER, order(1)), opened(2, VISIT, ORDER)];
    device.store.append(first).unwrap();
    (3..=6).for_each(|n| device.answer(n));
    device
}

fn done(told: TakeBack) -> TakenBack {
    match told {
        TakeBack::Done(told) => told,
        TakeBack::AskFromStart => panic!("the answer was enough"),
    }
}

/// The copy hears that it is one and takes its log back.
fn take_back(device: &mut Device, hub: &Hub) -> TakenBack {
    let (log, _) = device.store.head();
    let log = log.to_owned();
    let acked = device.store.own_logs().unwrap().last().unwrap().acked;
    match device
        .store
        .take_back(acked, &hub.log(&log, acked), NEW)
        .unwrap()
    {
        TakeBack::Done(told) => told,
        TakeBack::AskFromStart => done(device.store.take_back(0, &hub.log(&log, 0), NEW).unwrap()),
    }
}

/// Device and hub hold the same events; whoever reads the hub's from the start has the same rows.
fn converged(device: &mut Device, hub: &mut Hub) {
    hub.take(&mut device.store);
    device.sound();
    assert_eq!(device.store.events_waiting(), 0);
    let mut reader = Device::new();
    reader.store.receive("e1", &numbered(1, &hub.0)).unwrap();
    assert_eq!(
        reader.texts(),
        device.texts(),
        "the same events in the same order"
    );
    assert_eq!(device.store.event_count(), hub.0.len() as u64);
    assert_eq!(
        reader.store.visits_of(ORDER).unwrap(),
        device.store.visits_of(ORDER).unwrap()
    );
    let theirs = reader.store.state(VISIT).unwrap().clone();
    assert_eq!(device.store.state(VISIT).unwrap(), &theirs);
    reader.sound();
}

#[test]
fn a_device_restored_from_its_backup_gets_what_it_had_written_since() {
    let (mut device, mut hub) = (begun(), Hub::default());
    hub.take(&mut device.store);
    let mut restored = device.copy();
    (7..=12).for_each(|n| device.answer(n));
    hub.take(&mut device.store);
    (20..=22).for_each(|n| restored.answer(n));

    let told = take_back(&mut restored, &hub);
    assert_eq!(
        (told.same_through, told.received, told.moved, told.refused),
        (6, 6, 3, 0)
    );
    assert_eq!(restored.store.head(), (NEW, 3));
    let push = restored.store.unsent(usize::MAX).unwrap();
    assert_eq!(
        (push.log_id.as_str(), push.base.seq, push.events.len()),
        (NEW, 0, 3)
    );
    assert_eq!(push.events[0].prev, "", "a new log begins");
    restored.answer(30);
    assert_eq!(restored.store.head(), (NEW, 4), "work goes on");
    converged(&mut restored, &mut hub);
    drop(restored.store);
    restored.store = open(restored.dir.path());
    assert_eq!(restored.store.head(), (NEW, 4), "after a restart too");
    converged(&mut restored, &mut hub);
}

#[test]
fn of_two_clones_the_second_to_speak_goes_on_under_a_new_id() {
    let (mut one, mut hub) = (begun(), Hub::default());
    let mut two = one.copy();
    one.answer(10);
    two.answer(20);
    two.store.append(vec![agreed(21, VISIT, 5)]).unwrap();
    hub.take(&mut one.store);
    // the second had been told nothing yet: six events are the same
    let told = take_back(&mut two, &hub);
    assert_eq!((told.same_through, told.received, told.moved), (6, 1, 2));
    converged(&mut two, &mut hub);
    one.answer(11);
    hub.take(&mut one.store);
    one.sound();
    assert_eq!(one.store.head().1, 8, "the first keeps the log");
}

#[test]
fn a_common_tail_is_acknowledged_not_repeated() {
    let (mut device, mut hub) = (begun(), Hub::default());
    device.store.acknowledge(0).unwrap();
    let mut copy = device.copy();
    copy.store.acknowledge(4).unwrap();
    device.answer(7);
    hub.take(&mut device.store);
    let told = take_back(&mut copy, &hub);
    assert_eq!((told.same_through, told.received, told.moved), (6, 1, 0));
    assert_eq!(copy.store.head(), (NEW, 0));
    let logs = copy.store.own_logs().unwrap();
    let told: Vec<_> = logs
        .iter()
        .map(|l| (l.current, l.head.seq, l.acked))
        .collect();
    assert_eq!(told, [(false, 7, 7), (true, 0, 0)]);
    converged(&mut copy, &mut hub);
}

#[test]
fn a_difference_below_the_acknowledgement_is_found_from_the_start() {
    let (mut device, mut hub) = (begun(), Hub::default());
    let mut copy = device.copy();
    copy.answer(20);
    hub.take(&mut copy.store);
    // the hub comes back from a backup with six of them, and the other one speaks first
    hub.0.truncate(6);
    (10..=13).for_each(|n| device.answer(n));
    hub.take(&mut device.store);
    let (log, _) = copy.store.head();
    let log = log.to_owned();
    let short = copy.store.take_back(7, &hub.log(&log, 7), NEW).unwrap();
    assert_eq!(short, TakeBack::AskFromStart);
    assert_eq!(copy.store.head().0, log, "nothing changed");
    let told = take_back(&mut copy, &hub);
    assert_eq!((told.same_through, told.received, told.moved), (6, 4, 1));
    converged(&mut copy, &mut hub);
}

#[test]
fn repeated_after_a_crash_it_changes_nothing() {
    let (mut device, mut hub) = (begun(), Hub::default());
    let mut copy = device.copy();
    device.answer(10);
    hub.take(&mut device.store);
    copy.answer(20);
    let (log, _) = copy.store.head();
    let pulled = hub.log(log, 0);
    let mut before = copy.copy();
    copy.store.take_back(0, &pulled, NEW).unwrap();
    let mut after = copy.copy();
    for device in [&mut before, &mut after] {
        device.store.take_back(0, &pulled, NEW).unwrap();
        assert_eq!(device.texts(), copy.texts());
        let again = done(device.store.take_back(0, &pulled, NEW).unwrap());
        assert_eq!((again.received, again.moved), (0, 0));
        let again = done(device.store.take_back(0, &pulled, "another").unwrap());
        assert_eq!(
            (again.received, again.moved, device.store.head().0),
            (0, 0, NEW)
        );
    }
    converged(&mut before, &mut hub.clone());
    converged(&mut after, &mut hub);
}

#[test]
fn a_log_that_the_hub_does_not_show_leaves_what_was_acknowledged() {
    // the log is another device's at the hub: a copied profile that enrolled anew
    let mut copy = begun();
    copy.store.acknowledge(4).unwrap();
    assert_eq!(
        copy.store.take_back(4, &[], NEW).unwrap(),
        TakeBack::AskFromStart
    );
    let told = done(copy.store.take_back(0, &[], NEW).unwrap());
    assert_eq!((told.same_through, told.received, told.moved), (4, 0, 2));
    assert_eq!(copy.store.unsent(usize::MAX).unwrap().events.len(), 2);
    assert_eq!(copy.store.event_count(), 6);
    copy.sound();
}

#[test]
fn a_content_that_the_hub_has_elsewhere_or_that_came_as_a_delivery_keeps_one_place() {
    let mut device = begun();
    let mut copy = device.copy();
    let shared = answered(50, VISIT, "shared");
    device.answer(10);
    device.store.append(vec![shared.clone()]).unwrap();
    copy.store.append(vec![shared]).unwrap();
    copy.answer(20);
    let mut hub = Hub::default();
    hub.take(&mut device.store);
    // one of them had come as a delivery before
    copy.store
        .receive("e1", &numbered(1, &hub.0[6..7]))
        .unwrap();
    copy.sound();
    let told = take_back(&mut copy, &hub);
    assert_eq!(
        (told.same_through, told.received, told.moved, told.refused),
        (6, 0, 1, 0)
    );
    converged(&mut copy, &mut hub);
}

#[test]
fn what_cannot_be_an_event_is_put_aside_and_the_rest_taken_back() {
    let device = begun();
    let mut copy = device.copy();
    copy.answer(20);
    let own = copy.store.unsent(usize::MAX).unwrap();
    let mut log = Log::new(&own.log_id);
    let mut pulled = own.events[..6].to_vec();
    log.head.seq = 6;
    log.head.hash.clone_from(&own.events[6].prev);
    pulled.push(log.write_text("not json".to_owned()));
    pulled.push(log.write_text(own.events[6].text.replace("item-20", "item-x")));
    pulled.push(log.write(answered(30, VISIT, "theirs")));
    let told = done(copy.store.take_back(0, &pulled, NEW).unwrap());
    assert_eq!((told.received, told.moved, told.refused), (1, 1, 2));
    copy.sound();
    let texts: Vec<String> = copy.texts().split_off(6);
    assert_eq!(texts, [pulled[8].text.clone(), own.events[6].text.clone()]);
    assert_eq!(
        copy.store.waiting(&vault(copy.dir.path())).unwrap().refused,
        2
    );
    // a hub that came back from a backup gets the whole log again, also what only the hub could read
    for acked in [0, 6, 7, 8] {
        copy.store.acknowledge_of(&own.log_id, acked).unwrap();
        let push = copy.store.unsent_of(&own.log_id, usize::MAX).unwrap();
        let from = usize::try_from(acked).unwrap();
        assert_eq!(push.events, pulled[from..], "after {acked}");
    }
}

#[test]
fn an_answer_that_is_no_log_changes_nothing() {
    let device = begun();
    let mut copy = device.copy();
    let good = copy.store.unsent(usize::MAX).unwrap();
    let mut log = Log::new(&good.log_id);
    log.head.seq = 6;
    log.head.hash.clone_from(&good.head.hash);
    let more: Vec<WireEvent> = (0..3)
        .map(|n| log.write(answered(60 + n, VISIT, "more")))
        .collect();
    let with = |change: fn(&mut WireEvent)| {
        let mut events = more.clone();
        change(&mut events[1]);
        events
    };
    let bad = [
        (
            "another log between",
            with(|e| e.log_id = "other".to_owned()),
        ),
        ("a gap", with(|e| e.seq = 9)),
        ("a broken chain", with(|e| e.prev = "ab".repeat(32))),
        ("a changed text", with(|e| e.text.push(' '))),
    ];
    copy.store.acknowledge(6).unwrap();
    for (what, pulled) in bad {
        let error = copy.store.take_back(6, &pulled, NEW).unwrap_err();
        assert_eq!(error.code(), "store.unsound_answer", "{what}");
        assert_eq!(copy.store.head(), (good.log_id.as_str(), 6), "{what}");
    }
    let foreign = Log::new("foreign").write(answered(70, VISIT, "x"));
    assert_eq!(
        copy.store.take_back(0, &[foreign], NEW).unwrap_err().code(),
        "store.unsound_answer"
    );
    assert_eq!(copy.store.event_count(), 6);
    copy.sound();
}

#[test]
fn after_the_hub_came_back_from_a_backup_a_retired_log_is_pushed_again() {
    let (mut device, mut hub) = (begun(), Hub::default());
    let mut copy = device.copy();
    device.answer(10);
    hub.take(&mut device.store);
    copy.answer(20);
    take_back(&mut copy, &hub);
    let retired = copy.store.own_logs().unwrap()[0].clone();
    assert_eq!((retired.acked, retired.current), (7, false));
    copy.store.acknowledge_of(&retired.log_id, 5).unwrap();
    let push = copy.store.unsent_of(&retired.log_id, usize::MAX).unwrap();
    assert_eq!(
        push.events,
        hub.log(&retired.log_id, 5),
        "its own part and what it took back"
    );
    assert_eq!(
        copy.store.unsent_of("foreign", 1).unwrap_err().code(),
        "store.unsound_answer"
    );
}

#[test]
fn photos_of_moved_events_still_wait_and_those_taken_back_only_when_their_file_is_here() {
    let (mut device, mut hub) = (begun(), Hub::default());
    let photo = |device: &mut Device, n: u64, bytes: &[u8]| {
        let vault = vault(device.dir.path());
        let sha = vault.put(VISIT, bytes).unwrap().sha256;
        device
            .store
            .append(vec![photographed(n, VISIT, &sha, &sha)])
            .unwrap();
        sha
    };
    let mut copy = device.copy();
    let theirs = photo(&mut device, 10, b"theirs");
    let both = photo(&mut device, 11, b"both");
    hub.take(&mut device.store);
    let ours = photo(&mut copy, 20, b"ours");
    // the folder of photos was restored from a later copy than the database
    vault(copy.dir.path()).put(VISIT, b"both").unwrap();
    take_back(&mut copy, &hub);
    let vault = vault(copy.dir.path());
    let mut names: Vec<String> = copy
        .store
        .blobs_waiting(&vault, 9)
        .unwrap()
        .into_iter()
        .map(|w| w.offer.sha256)
        .collect();
    names.sort();
    let mut expected = vec![ours, both];
    expected.sort();
    assert_eq!(names, expected);
    assert_eq!(copy.store.waiting(&vault).unwrap().lost_blobs, 0);
    assert!(!names.contains(&theirs));
    copy.sound();
}

#[test]
fn a_disk_that_refuses_in_the_middle_leaves_the_old_log() {
    let (mut device, mut hub) = (begun(), Hub::default());
    let mut copy = device.copy();
    device.answer(10);
    hub.take(&mut device.store);
    copy.answer(20);
    let texts = copy.texts();
    let (log, _) = copy.store.head();
    let log = log.to_owned();
    drop(copy.store);
    broken(
        copy.dir.path(),
        "CREATE TRIGGER broken BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    copy.store = open(copy.dir.path());
    copy.store.take_back(0, &hub.log(&log, 0), NEW).unwrap_err();
    assert_eq!(
        (copy.store.head(), copy.texts()),
        ((log.as_str(), 7), texts)
    );
    let on_disk = state_after_restart(&copy);
    assert_eq!(copy.store.state(VISIT).unwrap(), &on_disk);
    drop(copy.store);
    broken(copy.dir.path(), "DROP TRIGGER broken");
    copy.store = open(copy.dir.path());
    take_back(&mut copy, &hub);
    converged(&mut copy, &mut hub);
}

/// The visit as a fresh start would fold it.
fn state_after_restart(device: &Device) -> doorstep_domain::rows::StreamState {
    device.copy().store.state(VISIT).unwrap().clone()
}

fn broken(dir: &Path, sql: &str) {
    let raw = rusqlite::Connection::open(dir.join("doorstep.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"; {sql}", "2a".repeat(32)))
        .unwrap();
}
