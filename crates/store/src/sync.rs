//! What the store and the hub owe each other: own events to push, deliveries to take in, receipts, flags.

use crate::desk;
use crate::error::StoreError;
use crate::store::Store;
use crate::table::event::{self, Place, RawRow};
use crate::table::flag::{self, Flag};
use crate::table::origin::{self, Own};
use crate::table::{pull, refused, run, upload};
use doorstep_domain::event::{Sealed, sha256_hex};
use doorstep_domain::wire::{Delivery, EventFlag, Head, WireEvent};
use rusqlite::{Connection, TransactionBehavior};
use std::collections::HashMap;

/// Own events on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// The log they were written to.
    pub log_id: String,
    /// Its newest event.
    pub head: Head,
    /// The event that the first of them follows.
    pub base: Head,
    /// Contiguous from `base.seq + 1`; empty when nothing waits.
    pub events: Vec<WireEvent>,
}

/// A log that this device wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLog {
    /// Its id.
    pub log_id: String,
    /// Its newest event here.
    pub head: Head,
    /// The hub holds it up to here.
    pub acked: u64,
    /// A backup of the hub's holds it up to here.
    pub backed_up_through: u64,
    /// It is the one that is written to. The others were given up when this device was found to be a copy.
    pub current: bool,
}

/// What became of a page of deliveries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Events that are new here.
    pub fresh: u64,
    /// Events that were here already.
    pub known: u64,
    /// Of the fresh ones: kept, but of a kind or schema that this version does not know.
    pub parked: u64,
    /// Contents put aside: not readable, or another content under an id that is taken.
    pub refused: u64,
    /// Deliveries left alone because one before them is missing; they come again.
    pub skipped: u64,
    /// The last delivery that is durable here.
    pub cursor: u64,
    /// The streams that changed.
    pub streams: Vec<String>,
}

/// What a content that arrives is to this store.
pub(crate) enum Arrival {
    /// New.
    Fresh(Box<Sealed>),
    /// Here already, word for word.
    Known(Box<Sealed>),
    /// Not to become an event, and why.
    Refused(&'static str),
}

/// Numbers from here on are no place in a log: the database counts in 63 bits.
const LAST_SEQ: u64 = i64::MAX.cast_unsigned();

/// Contents of one batch by id, so that a batch may name one twice.
pub(crate) type Batch = HashMap<String, String>;

impl Store {
    /// Own events that the hub has not acknowledged: the oldest, up to `max_bytes` of content, at least one when any waits.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn unsent(&self, max_bytes: usize) -> Result<Push, StoreError> {
        self.push(&self.own, max_bytes)
    }

    /// The same of any own log: after the hub came back from a backup it may miss some of a retired one.
    ///
    /// # Errors
    /// [`StoreError::Unsound`] for a log that is not this device's; as [`Store::unsent`].
    pub fn unsent_of(&self, log_id: &str, max_bytes: usize) -> Result<Push, StoreError> {
        self.push(&self.own_log(log_id)?, max_bytes)
    }

    fn push(&self, log: &Own, max_bytes: usize) -> Result<Push, StoreError> {
        let base = self.place(log, log.acked)?;
        let mut rows = Vec::new();
        let mut bytes = 0_usize;
        event::walk_own(&self.connection, log.n, log.acked, |row| {
            bytes = bytes.saturating_add(row.content.len());
            let takes = rows.is_empty() || bytes <= max_bytes;
            if takes {
                rows.push(row);
            }
            takes
        })?;
        let mut events: Vec<WireEvent> = Vec::with_capacity(rows.len());
        for row in rows {
            // of a log that was taken back, something may lie aside: it belongs to the chain
            let mut next = events.last().map_or(base.seq, |e| e.seq) + 1;
            while let Some(aside) = self.aside(log, next, row.seq)? {
                events.push(aside);
                next += 1;
            }
            if row.seq != next {
                break;
            }
            events.push(wire(row, &log.log_id));
        }
        Ok(Push {
            log_id: log.log_id.clone(),
            head: run::head(&self.connection, log.n)?,
            base,
            events,
        })
    }

    /// What was put aside from a place of an own log before number `until`, as it would travel.
    fn aside(&self, log: &Own, seq: u64, until: u64) -> Result<Option<WireEvent>, StoreError> {
        if seq >= until {
            return Ok(None);
        }
        let Some(text) = refused::get(&self.connection, &log.log_id, seq)? else {
            return Ok(None);
        };
        Ok(Some(WireEvent {
            log_id: log.log_id.clone(),
            seq,
            prev: self.place(log, seq - 1)?.hash,
            text,
        }))
    }

    /// A place in an own log by its number.
    fn place(&self, log: &Own, seq: u64) -> Result<Head, StoreError> {
        if seq == 0 {
            return Ok(Head::default());
        }
        let hash = match event::own_at(&self.connection, log.n, seq)? {
            Some(row) => Some(row.hash),
            None => refused::get(&self.connection, &log.log_id, seq)?
                .map(|text| sha256_hex(text.as_bytes())),
        };
        let hash = hash.ok_or_else(|| StoreError::Damaged {
            what: format!("event {seq} was acknowledged and is not in the log"),
        })?;
        Ok(Head { seq, hash })
    }

    /// Every log that this device wrote, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn own_logs(&self) -> Result<Vec<OwnLog>, StoreError> {
        let all = origin::all_own(&self.connection)?;
        let full = |own: Own| {
            Ok(OwnLog {
                head: run::head(&self.connection, own.n)?,
                acked: own.acked,
                backed_up_through: own.backed_up,
                current: own.n == self.own.n,
                log_id: own.log_id,
            })
        };
        all.into_iter().map(full).collect()
    }

    fn own_log(&self, log_id: &str) -> Result<Own, StoreError> {
        origin::get(&self.connection, log_id)?.ok_or_else(|| StoreError::Unsound {
            what: format!("log {log_id} is not this device's"),
        })
    }

    /// The hub holds the log that is written to up to `acked`. Lower than before: the hub came back from a backup, and
    /// those events wait again. Higher than the log: as far as the log goes.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn acknowledge(&mut self, acked: u64) -> Result<(), StoreError> {
        let backed_up = self.own.backed_up;
        self.confirm(self.own.clone(), acked, backed_up)
    }

    /// The same for any own log.
    ///
    /// # Errors
    /// [`StoreError::Unsound`] for a log that is not this device's; as [`Store::acknowledge`].
    pub fn acknowledge_of(&mut self, log_id: &str, acked: u64) -> Result<(), StoreError> {
        let own = self.own_log(log_id)?;
        let backed_up = own.backed_up;
        self.confirm(own, acked, backed_up)
    }

    /// A backup of the hub's holds the log up to here, as the hub tells it now: only what lies below may be deleted.
    ///
    /// # Errors
    /// [`StoreError::Unsound`] for a log that is not this device's; [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn set_backed_up_through(&mut self, log_id: &str, seq: u64) -> Result<(), StoreError> {
        let own = self.own_log(log_id)?;
        let acked = own.acked;
        self.confirm(own, acked, seq)
    }

    fn confirm(&mut self, log: Own, acked: u64, backed_up: u64) -> Result<(), StoreError> {
        let head = run::head(&self.connection, log.n)?.seq;
        let (acked, backed_up) = (acked.min(head), backed_up.min(head));
        if (log.acked, log.backed_up) == (acked, backed_up) {
            // a reply that tells nothing new costs no flush
            return Ok(());
        }
        origin::confirm(&self.connection, log.n, acked, backed_up)
            .map_err(|e| StoreError::from(e).probe(&self.dir))?;
        if log.n == self.own.n {
            (self.own.acked, self.own.backed_up) = (acked, backed_up);
        }
        Ok(())
    }

    /// The hub's incarnation that deliveries come from, and the last that is durable here; `("", 0)` before the first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn pulled(&self) -> Result<(String, u64), StoreError> {
        Ok(pull::get(&self.connection)?)
    }

    /// Takes a page of deliveries in, in ONE transaction with the cursor and the derived rows. What is here already is
    /// known by its content id; what cannot become an event is put aside, so that the queue goes on. After the hub's incarnation
    /// has changed the cursor starts again, and the blobs that the old one had confirmed are offered again.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Damaged`], [`StoreError::Io`]; then nothing of the page is here, and the
    /// cursor stands where it stood.
    pub fn receive(
        &mut self,
        epoch: &str,
        deliveries: &[Delivery],
    ) -> Result<Received, StoreError> {
        self.take_in(epoch, deliveries).map_err(|error| {
            self.look_again();
            error.probe(&self.dir)
        })
    }

    fn take_in(&mut self, epoch: &str, deliveries: &[Delivery]) -> Result<Received, StoreError> {
        let (old_epoch, old_cursor) = pull::get(&self.connection)?;
        let mut told = Received {
            cursor: if epoch == old_epoch { old_cursor } else { 0 },
            ..Received::default()
        };
        let (mut fresh, mut aside, mut batch) = (Vec::new(), Vec::new(), Batch::new());
        for delivery in deliveries {
            if delivery.n > told.cursor + 1 {
                told.skipped += 1;
                continue;
            }
            told.cursor = told.cursor.max(delivery.n);
            match arrival(&self.connection, &delivery.event, &mut batch)? {
                Arrival::Fresh(sealed) => fresh.push((&delivery.event, sealed)),
                Arrival::Known(_) => told.known += 1,
                Arrival::Refused(why) => aside.push((&delivery.event, why)),
            }
        }
        if (epoch, told.cursor) == (&old_epoch, old_cursor) && fresh.is_empty() && aside.is_empty()
        {
            return Ok(told);
        }
        told.fresh = fresh.len() as u64;
        told.refused = aside.len() as u64;
        let mut folds = self.folds(fresh.iter().map(|(_, e)| e.content.stream.as_str()))?;
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        if self.run_open && !fresh.is_empty() {
            run::close(&tx, self.head.seq)?;
        }
        for (wire, sealed) in &fresh {
            let origin = foreign_place(&tx, wire, &sealed.hash)?;
            let place = Place {
                own: false,
                origin,
                seq: wire.seq,
                prev: &wire.prev,
            };
            event::insert(&tx, None, place, sealed)?;
            folds.apply(&sealed.content);
        }
        folds.write(&tx, &self.shelf)?;
        for (wire, why) in aside {
            refused::put(&tx, wire, why)?;
        }
        if epoch != old_epoch && !old_epoch.is_empty() {
            upload::forget_receipts(&tx)?;
        }
        pull::set(&tx, epoch, told.cursor)?;
        tx.commit()?;
        self.run_open = self.run_open && told.fresh == 0;
        self.added(told.fresh);
        told.parked = folds.newly_parked();
        told.streams = folds.streams();
        folds.keep_in(&mut self.cache);
        Ok(told)
    }

    /// Whether this device writes a stream: a visit that was received may be read here, not continued.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn writes(&self, stream: &str) -> Result<bool, StoreError> {
        Ok(event::is_own(&self.connection, stream)?)
    }

    /// Notes the hub's flags on pushed events. To be called before they are acknowledged, so that none is lost between.
    ///
    /// # Errors
    /// [`StoreError::Unsound`] for a log that is not this device's; [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn put_flags(&mut self, log_id: &str, flags: &[EventFlag]) -> Result<(), StoreError> {
        if flags.is_empty() {
            return Ok(());
        }
        let own = self.own_log(log_id)?;
        let mut write = || {
            let tx = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            for told in flags {
                if let Some(row) = event::own_at(&tx, own.n, told.seq)? {
                    flag::put(&tx, &row.id, told.kind, &told.reason)?;
                    desk::flagged(&tx, &row.stream)?;
                }
            }
            Ok(tx.commit()?)
        };
        write().map_err(|e: StoreError| e.probe(&self.dir))
    }

    /// The hub's flags on a stream's events, in the order of the events.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn flags_of(&self, stream: &str) -> Result<Vec<Flag>, StoreError> {
        Ok(flag::of_stream(&self.connection, stream)?)
    }
}

/// A row as it travels.
fn wire(row: RawRow, log_id: &str) -> WireEvent {
    WireEvent {
        log_id: log_id.to_owned(),
        seq: row.seq,
        prev: row.prev,
        text: row.content,
    }
}

/// What a content is to this store, and to what came before it in the same batch.
pub(crate) fn arrival(
    connection: &Connection,
    event: &WireEvent,
    batch: &mut Batch,
) -> Result<Arrival, StoreError> {
    let Ok(sealed) = Sealed::parse(event.text.clone()) else {
        return Ok(Arrival::Refused("unreadable"));
    };
    if !(1..LAST_SEQ).contains(&event.seq) {
        return Ok(Arrival::Refused("no_place"));
    }
    let held = match batch.get(&sealed.content.id) {
        Some(hash) => Some(hash.clone()),
        None => event::hash_of(connection, &sealed.content.id)?,
    };
    Ok(match held {
        Some(hash) if hash == sealed.hash => Arrival::Known(Box::new(sealed)),
        Some(_) => Arrival::Refused("other_content"),
        None => {
            batch.insert(sealed.content.id.clone(), sealed.hash.clone());
            Arrival::Fresh(Box::new(sealed))
        }
    })
}

/// The row of its log where an event fits between the neighbours that are here; begun when there is none.
fn foreign_place(connection: &Connection, event: &WireEvent, hash: &str) -> rusqlite::Result<i64> {
    for origin in origin::foreign(connection, &event.log_id)? {
        let at = |seq| event::received_at(connection, origin, seq);
        let free = at(event.seq)?.is_none();
        let follows = match event.seq.checked_sub(1) {
            Some(before) => at(before)?.is_none_or(|(h, _)| h == event.prev),
            None => true,
        };
        if free && follows && at(event.seq + 1)?.is_none_or(|(_, prev)| prev == hash) {
            return Ok(origin);
        }
    }
    origin::add_foreign(connection, &event.log_id)
}
