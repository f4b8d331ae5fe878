//! Whatever happens in whatever order, crashes included: chains hold, nothing is lost or doubled, rows are the log's.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Log, answered, image, numbered, open, opened, order, received, vault};
use doorstep_domain::wire::{Delivery, WireEvent};
use doorstep_store::{Store, TakeBack};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// One step of a device's life.
#[derive(Clone, Debug)]
enum Step {
    /// Own events in one batch.
    Append(u8),
    /// The hub queues events for it.
    Queue(u8),
    /// A page comes, beginning at or before the cursor (a repetition) or behind it (one before it was lost).
    Page { back: u8, size: u8, ahead: bool },
    /// The hub takes a push of so many bytes; its answer may be lost.
    Push { bytes: u16, heard: bool },
    /// The hub comes back from a backup: a share of the log is gone there.
    HubRestored(u8),
    /// The power fails: what is on disk goes on.
    Crash,
    /// The window is closed and opened.
    Reopen,
    /// The device is found to be a copy.
    Fork,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..4_u8).prop_map(Step::Append),
        2 => (1..5_u8).prop_map(Step::Queue),
        4 => (0..4_u8, 0..6_u8, prop::bool::weighted(0.2))
            .prop_map(|(back, size, ahead)| Step::Page { back, size, ahead }),
        3 => (any::<u16>(), any::<bool>()).prop_map(|(bytes, heard)| Step::Push { bytes, heard }),
        1 => any::<u8>().prop_map(Step::HubRestored),
        2 => Just(Step::Crash),
        1 => Just(Step::Reopen),
        1 => Just(Step::Fork),
    ]
}

/// The device and, beside it, what must be true of it.
struct World {
    dirs: Vec<tempfile::TempDir>,
    store: Option<Store>,
    next: u64,
    own: Vec<String>,
    taken: BTreeSet<String>,
    epoch: u64,
    queue: Vec<WireEvent>,
    cursor: u64,
    office: Log,
    tablet: Log,
    hub: Vec<WireEvent>,
    forks: u64,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        World {
            store: Some(open(dir.path())),
            dirs: vec![dir],
            next: 0,
            own: Vec::new(),
            taken: BTreeSet::new(),
            epoch: 1,
            queue: Vec::new(),
            cursor: 0,
            office: Log::new("office"),
            tablet: Log::new("tablet"),
            hub: Vec::new(),
            forks: 0,
        }
    }

    fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    fn dir(&self) -> &std::path::Path {
        self.dirs.last().unwrap().path()
    }

    fn n(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn log_id(&mut self) -> String {
        self.store().head().0.to_owned()
    }

    /// What the hub holds of the log that is written to.
    fn hub_log(&mut self, after: u64) -> Vec<WireEvent> {
        let log = self.log_id();
        let of = self.hub.iter().filter(|e| e.log_id == log && e.seq > after);
        of.cloned().collect()
    }

    fn epoch(&self) -> String {
        format!("epoch-{}", self.epoch)
    }

    fn go(&mut self, step: &Step) {
        match *step {
            Step::Append(count) => self.append(count),
            Step::Queue(count) => self.enqueue(count),
            Step::Page { back, size, ahead } => self.page(back, size, ahead),
            Step::Push { bytes, heard } => self.push(bytes, heard),
            Step::HubRestored(share) => self.restore_hub(share),
            Step::Crash => {
                let dir = tempfile::tempdir().unwrap();
                image(self.dir(), dir.path());
                self.store = None;
                self.store = Some(open(dir.path()));
                self.dirs.push(dir);
            }
            Step::Reopen => {
                self.store = None;
                self.store = Some(open(self.dir()));
            }
            Step::Fork => self.fork(),
        }
    }

    fn append(&mut self, count: u8) {
        let mut batch = Vec::new();
        for _ in 0..count {
            let n = self.n();
            batch.push(match n % 5 {
                0 => received(n, &format!("order/own-{n}"), order(n)),
                1 => opened(n, &format!("visit/own-{n}"), "order/1"),
                _ => answered(n, "visit/own", &format!("item-{n}")),
            });
        }
        let written = self.store().append(batch).unwrap();
        self.own.extend(written.into_iter().map(|e| e.text));
    }

    fn enqueue(&mut self, count: u8) {
        for _ in 0..count {
            let n = self.n();
            let event = match n % 3 {
                0 => self
                    .office
                    .write(received(n, &format!("order/{n}"), order(n))),
                1 => self
                    .tablet
                    .write(opened(n, &format!("visit/{n}"), "order/1")),
                _ => self
                    .tablet
                    .write(answered(n, "visit/theirs", &format!("item-{n}"))),
            };
            self.queue.push(event);
        }
    }

    fn page(&mut self, back: u8, size: u8, ahead: bool) {
        let from = self.cursor.saturating_sub(back.into()) + 2 * u64::from(ahead);
        let all = numbered(1, &self.queue);
        let page: Vec<Delivery> = all
            .into_iter()
            .filter(|d| d.n > from)
            .take(size.into())
            .collect();
        let epoch = self.epoch();
        let told = self.store().receive(&epoch, &page).unwrap();
        for delivery in &page {
            if delivery.n <= self.cursor + 1 {
                self.cursor = self.cursor.max(delivery.n);
                self.taken.insert(delivery.event.text.clone());
            }
        }
        assert_eq!((told.cursor, told.refused), (self.cursor, 0));
        assert_eq!(told.fresh + told.known + told.skipped, page.len() as u64);
    }

    fn push(&mut self, bytes: u16, heard: bool) {
        let push = self.store().unsent(bytes.into()).unwrap();
        for event in push.events {
            // pushed before, and the answer was lost
            match self.hub_log(event.seq - 1).first() {
                Some(held) => assert_eq!(held, &event),
                None => self.hub.push(event),
            }
        }
        let acked = self.hub_log(0).len() as u64;
        if heard {
            self.store().acknowledge(acked).unwrap();
        }
    }

    fn restore_hub(&mut self, share: u8) {
        let log = self.log_id();
        let keep = self.hub_log(0).len() as u64 * u64::from(share) / 255;
        self.hub.retain(|e| e.log_id != log || e.seq <= keep);
        self.store().acknowledge(keep).unwrap();
        (self.epoch, self.cursor) = (self.epoch + 1, 0);
        let epoch = self.epoch();
        self.store().receive(&epoch, &[]).unwrap();
    }

    /// Somebody else wrote to the log at the hub, from some point on.
    fn fork(&mut self) {
        let acked = self.store().own_logs().unwrap().last().unwrap().acked;
        let mut other = Log::new(&self.log_id());
        if let Some(last) = self.hub_log(0).last() {
            other.head.seq = last.seq;
            other.head.hash = doorstep_domain::event::sha256_hex(last.text.as_bytes());
        }
        let n = self.n();
        let event = other.write(answered(n, "visit/own", &format!("item-{n}")));
        self.taken.insert(event.text.clone());
        self.hub.push(event);
        self.forks += 1;
        let new = format!("fork-{}", self.forks);
        let pulled = self.hub_log(acked);
        match self.store().take_back(acked, &pulled, &new).unwrap() {
            TakeBack::Done(told) => assert_eq!(told.refused, 0),
            TakeBack::AskFromStart => panic!("the hub's log follows what it acknowledged"),
        }
    }

    /// Everything that must be true now.
    fn check(&mut self) {
        let vault = vault(self.dir());
        let report = self.store().verify(&vault).unwrap();
        assert_eq!(report.problems, []);
        let held: BTreeSet<String> = self.own.iter().chain(&self.taken).cloned().collect();
        assert_eq!(
            report.events,
            held.len() as u64,
            "nothing lost, nothing twice"
        );
        let count = self.store().event_count();
        assert_eq!(count, report.events);
        let logs = self.store().own_logs().unwrap();
        let waiting = self.store().unsent(usize::MAX).unwrap();
        let current = logs.last().unwrap();
        assert_eq!(
            waiting.events.len() as u64,
            current.head.seq - current.acked
        );
        for (seq, event) in (current.acked + 1..).zip(&waiting.events) {
            assert_eq!(event.seq, seq);
            assert!(held.contains(&event.text));
        }
        // every own event is at the hub or waits
        let waits: BTreeSet<&String> = waiting.events.iter().map(|e| &e.text).collect();
        let at_hub: BTreeSet<&String> = self.hub.iter().map(|e| &e.text).collect();
        for text in &self.own {
            assert!(
                waits.contains(text) || at_hub.contains(text),
                "lost on the way: {text}"
            );
        }
        assert!(!self.store().rebuild().unwrap().changed);
        let (epoch, cursor) = self.store().pulled().unwrap();
        let expected = if epoch == self.epoch() {
            self.cursor
        } else {
            0
        };
        assert_eq!(cursor, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_keeps_its_promises(steps in prop::collection::vec(step(), 1..24)) {
        let mut world = World::new();
        for step in &steps {
            world.go(step);
        }
        world.check();
        world.go(&Step::Crash);
        world.check();
    }
}
