//! This device is a copy: restored from a backup, or cloned. The hub holds other or more events of its log.
//!
//! What is the same stays. From the first difference on, the hub's events take their place in the old log, and the
//! own ones that the hub does not hold go on under a new log id, behind the hub's: that is the order in which
//! the hub will have them, so both fold to the same rows. Content texts and ids never change.

use crate::error::StoreError;
use crate::store::Store;
use crate::sync::{Arrival, Batch, arrival};
use crate::table::event::{self, Place};
use crate::table::origin::{self, Own};
use crate::table::run::{self, Run};
use crate::table::upload::{self, FileState};
use crate::table::{meta, refused};
use doorstep_domain::blob::blobs_of;
use doorstep_domain::event::{Sealed, sha256_hex};
use doorstep_domain::wire::{Head, WireEvent};
use rusqlite::{Transaction, TransactionBehavior};
use std::collections::BTreeSet;

/// What became of a log that was found to be a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakeBack {
    /// Done, or done before.
    Done(TakenBack),
    /// The hub's events do not follow the one after which they were asked for: ask again after 0. Nothing changed.
    AskFromStart,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Device and hub hold the same up to here.
    pub same_through: u64,
    /// Events of the hub's that are new here.
    pub received: u64,
    /// Own events that now wait under the new log id.
    pub moved: u64,
    /// Contents of the hub's that could not become events and were put aside.
    pub refused: u64,
}

/// An own event from the first difference on.
struct Tail {
    id: String,
    stream: String,
    hash: String,
}

/// An event of the hub's from the first difference on.
struct Pulled<'a> {
    wire: &'a WireEvent,
    what: Arrival,
}

impl Pulled<'_> {
    /// The content, unless it is put aside.
    fn sealed(&self) -> Option<&Sealed> {
        match &self.what {
            Arrival::Fresh(sealed) | Arrival::Known(sealed) => Some(sealed),
            Arrival::Refused(_) => None,
        }
    }
}

impl Store {
    /// Takes back the log that the hub holds: `pulled` is all of it after number `after`
    /// (the acknowledged one, or 0), in order. One transaction; repeating it changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Unsound`] when `pulled` is not one log or does not chain; [`StoreError::DiskFull`],
    /// [`StoreError::Damaged`], [`StoreError::Io`]. Then nothing has changed.
    pub fn take_back(
        &mut self,
        after: u64,
        pulled: &[WireEvent],
        new_log_id: &str,
    ) -> Result<TakeBack, StoreError> {
        let log_id = pulled.first().map_or(&self.own.log_id, |e| &e.log_id);
        if new_log_id == self.own.log_id || *log_id != self.own.log_id {
            return self.taken_before(log_id);
        }
        let hashes = chained(after, log_id, pulled)?;
        if after > 0 && !self.follows(after, pulled)? {
            return Ok(TakeBack::AskFromStart);
        }
        let same = self.same_through(after, &hashes)?;
        let done = self.fork(same, pulled, new_log_id);
        self.cache.clear();
        done.map(TakeBack::Done).map_err(|error| {
            self.look_again();
            error.probe(&self.dir)
        })
    }

    /// The answer was used before: its log is a retired one.
    fn taken_before(&self, log_id: &str) -> Result<TakeBack, StoreError> {
        match origin::get(&self.connection, log_id)? {
            Some(own) => Ok(TakeBack::Done(TakenBack {
                same_through: own.acked,
                ..TakenBack::default()
            })),
            None => Err(StoreError::Unsound {
                what: format!("log {log_id} is not this device's"),
            }),
        }
    }

    /// Whether the hub's events follow our own event `after`. None at all do not tell.
    fn follows(&self, after: u64, pulled: &[WireEvent]) -> Result<bool, StoreError> {
        let ours = event::own_at(&self.connection, self.own.n, after)?;
        let first = pulled.first();
        Ok(first.is_some_and(|first| ours.is_some_and(|ours| ours.hash == first.prev)))
    }

    /// The last number up to which both hold the same.
    fn same_through(&self, after: u64, hashes: &[String]) -> Result<u64, StoreError> {
        if hashes.is_empty() {
            // the hub shows nothing of it: what it acknowledged it has
            return Ok(self.own.acked);
        }
        let mut same = after;
        for hash in hashes {
            match event::own_at(&self.connection, self.own.n, same + 1)? {
                Some(ours) if ours.hash == *hash => same += 1,
                _ => break,
            }
        }
        Ok(same)
    }

    fn fork(
        &mut self,
        same: u64,
        pulled: &[WireEvent],
        new_log_id: &str,
    ) -> Result<TakenBack, StoreError> {
        let pulled = self.judge(same, pulled)?;
        let theirs: BTreeSet<&str> = pulled
            .iter()
            .filter_map(|p| p.sealed().map(|s| s.content.id.as_str()))
            .collect();
        let mut tail = self.tail(same)?;
        // a content that the hub holds at another place of the log needs no second one
        tail.retain(|e| !theirs.contains(e.id.as_str()));
        let theirs = pulled.iter().filter_map(Pulled::sealed);
        let streams = theirs.map(|s| s.content.stream.as_str());
        let folds = self.folds(tail.iter().map(|e| e.stream.as_str()).chain(streams))?;

        let old = self.own.clone();
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let own = origin::begin(&tx, new_log_id)?;
        let mut pos = event::last_pos(&tx)?;
        run::cut(&tx, old.n, same)?;
        let mut told = TakenBack {
            same_through: same,
            moved: tail.len() as u64,
            ..TakenBack::default()
        };
        put_pulled(&tx, &old, &pulled, &mut pos, &mut told)?;
        let head = put_tail(&tx, &own, &tail, &mut pos)?;
        folds.write_again(&tx, &self.shelf)?;
        let acked = run::head(&tx, old.n)?.seq;
        origin::confirm(&tx, old.n, acked, old.backed_up.min(same))?;
        meta::set(&tx, meta::LOG_ID, new_log_id)?;
        tx.commit()?;
        self.added(told.received);
        self.own = own;
        self.head = head;
        self.run_open = !tail.is_empty();
        Ok(told)
    }

    /// What each event of the hub's after `same` is to this store.
    fn judge<'a>(&self, same: u64, pulled: &'a [WireEvent]) -> Result<Vec<Pulled<'a>>, StoreError> {
        let (mut batch, mut seen) = (Batch::new(), BTreeSet::new());
        let mut judged = Vec::new();
        for wire in pulled.iter().filter(|e| e.seq > same) {
            let mut what = arrival(&self.connection, wire, &mut batch)?;
            if let Arrival::Fresh(sealed) | Arrival::Known(sealed) = &what {
                let stays = event::place_of(&self.connection, &sealed.content.id)?
                    .is_some_and(|(origin, seq)| origin == self.own.n && seq <= same);
                if stays || !seen.insert(sealed.content.id.clone()) {
                    what = Arrival::Refused("twice");
                }
            }
            judged.push(Pulled { wire, what });
        }
        Ok(judged)
    }

    fn tail(&self, after: u64) -> Result<Vec<Tail>, StoreError> {
        let mut tail = Vec::new();
        event::walk_own(&self.connection, self.own.n, after, |row| {
            tail.push(Tail {
                id: row.id,
                stream: row.stream,
                hash: row.hash,
            });
            true
        })?;
        Ok(tail)
    }
}

/// The hub's events take their places in the old log.
fn put_pulled(
    tx: &Transaction<'_>,
    old: &Own,
    pulled: &[Pulled<'_>],
    pos: &mut i64,
    told: &mut TakenBack,
) -> Result<(), StoreError> {
    let mut run: Option<Run> = None;
    for Pulled { wire, what } in pulled {
        let place = Place {
            own: true,
            origin: old.n,
            seq: wire.seq,
            prev: &wire.prev,
        };
        *pos += 1;
        match what {
            Arrival::Fresh(sealed) => {
                event::insert(tx, Some(*pos), place, sealed)?;
                for blob in blobs_of(&sealed.content) {
                    // whoever wrote the event had the file; this copy of the vault may
                    let visit = &sealed.content.stream;
                    upload::add(tx, &blob, visit, *pos, FileState::Unsure)?;
                }
                told.received += 1;
            }
            Arrival::Known(sealed) => event::place_again(tx, &sealed.content.id, *pos, place)?,
            Arrival::Refused(why) => {
                refused::put(tx, wire, why)?;
                told.refused += 1;
                end(tx, run.take())?;
                continue;
            }
        }
        let run = run.get_or_insert(Run::begin(*pos, place));
        run.last = Some(wire.seq);
    }
    Ok(end(tx, run)?)
}

/// Notes a stretch that is over.
fn end(tx: &Transaction<'_>, run: Option<Run>) -> rusqlite::Result<()> {
    run.map_or(Ok(()), |run| run::put(tx, run))
}

/// The own events that the hub does not hold begin the new log; answers its head.
fn put_tail(
    tx: &Transaction<'_>,
    own: &Own,
    tail: &[Tail],
    pos: &mut i64,
) -> Result<Head, StoreError> {
    let mut head = Head::default();
    for event in tail {
        *pos += 1;
        let place = Place {
            own: true,
            origin: own.n,
            seq: head.seq + 1,
            prev: &head.hash,
        };
        if head.seq == 0 {
            run::put(tx, Run::begin(*pos, place))?;
        }
        event::place_again(tx, &event.id, *pos, place)?;
        head = Head {
            seq: head.seq + 1,
            hash: event.hash.clone(),
        };
    }
    Ok(head)
}

/// Checks that these are the log's events after `after`, one following the other; answers their hashes.
fn chained(after: u64, log_id: &str, pulled: &[WireEvent]) -> Result<Vec<String>, StoreError> {
    let mut hashes: Vec<String> = Vec::with_capacity(pulled.len());
    for (seq, event) in (after + 1..).zip(pulled) {
        let follows = hashes.last().is_none_or(|before| *before == event.prev)
            && (seq > 1 || event.prev.is_empty());
        if event.log_id != log_id || event.seq != seq || !follows {
            return Err(StoreError::Unsound {
                what: format!(
                    "event {} of log {} where {seq} of {log_id} follows",
                    event.seq, event.log_id
                ),
            });
        }
        hashes.push(sha256_hex(event.text.as_bytes()));
    }
    Ok(hashes)
}
