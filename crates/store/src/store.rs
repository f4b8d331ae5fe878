//! The store: one log, its derived tables, the local tables. Synchronous; one thread owns it.

use crate::agenda::{self, AgendaPage, AgendaQuery};
use crate::check::{self, RebuildReport, VerifyReport};
use crate::db::{self, ProfileLock};
use crate::derived;
use crate::desk::{self, Shelf};
use crate::error::StoreError;
use crate::files;
use crate::fold::{Cache, Folded, Folds, read_content};
use crate::key::DataKey;
use crate::migrations;
use crate::table::event::{self, Place};
use crate::table::origin::{self, Own};
use crate::table::pack::StoredPack;
use crate::table::run::{self, Run};
use crate::table::upload::{self, FileState};
use crate::table::{cursor, meta, order_row, pack, review_row, setting, submission, visit_row};
use crate::vault::Vault;
use doorstep_domain::blob::blobs_of;
use doorstep_domain::event::{Actor, Content, Sealed, sha256_hex};
use doorstep_domain::review::ReviewRow;
use doorstep_domain::rows::{OrderRow, StreamState, VisitRow};
use doorstep_domain::wire::Head;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// What opening needs from outside.
pub struct OpenEnv<'a> {
    /// Wall clock, ms since 1970.
    pub now_ms: i64,
    /// Fills a slice from the operating system's generator.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

/// A profile's open database.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) dir: PathBuf,
    /// The log that is written to.
    pub(crate) own: Own,
    pub(crate) head: Head,
    /// Nothing was received since the newest own event.
    pub(crate) run_open: bool,
    count: u64,
    pub(crate) cache: Cache,
    pub(crate) shelf: Shelf,
    // last, so that the profile stays locked until the database is closed
    _lock: ProfileLock,
}

impl Store {
    /// Opens the profile folder; creates what is missing. The database is taken exclusively, its durability
    /// settings are read back, missing migrations run (a copy is kept), and derived tables of another version
    /// are rebuilt.
    ///
    /// # Errors
    /// [`StoreError::AlreadyOpen`], [`StoreError::WrongKey`], [`StoreError::Damaged`], [`StoreError::FromFuture`],
    /// [`StoreError::ReadOnly`], [`StoreError::DiskFull`], [`StoreError::Unsafe`], [`StoreError::Io`].
    pub fn open(dir: &Path, key: &DataKey, env: OpenEnv<'_>) -> Result<Store, StoreError> {
        files::create_dir(dir, "creating the profile folder")?;
        let lock = db::lock(dir)?;
        files::sweep(dir, env.now_ms)
            .map_err(|e| StoreError::io("tidying the profile folder", e))?;
        let opened = db::connect(dir, key).and_then(|mut connection| {
            migrations::migrate(&mut connection, &dir.join(db::FILE), migrations::STEPS)?;
            let own = own_log(&mut connection, env.random)?;
            let head = run::head(&connection, own.n)?;
            let run_open = run::is_open(&connection)?;
            let count = event::count(&connection, head.seq)?;
            Ok(Store {
                connection,
                run_open,
                dir: dir.to_owned(),
                own,
                head,
                count,
                cache: Cache::default(),
                shelf: Shelf::default(),
                _lock: lock,
            })
        });
        let mut store = opened.map_err(|e| e.probe(dir))?;
        if meta::get(&store.connection, meta::DERIVED_VERSION)?.as_deref()
            != Some(&derived::version())
        {
            store.rebuild()?;
        }
        Ok(store)
    }

    /// Writes events and their derived rows in ONE transaction and returns when they are durable, in the order given.
    /// The blobs they name wait for the hub from then on.
    /// On failure nothing of them is in the log and everything before them is untouched.
    ///
    /// # Errors
    /// [`StoreError::Event`], [`StoreError::DuplicateEvent`], [`StoreError::DiskFull`], [`StoreError::Damaged`],
    /// [`StoreError::Io`].
    pub fn append(&mut self, contents: Vec<Content>) -> Result<Vec<Sealed>, StoreError> {
        let sealed: Vec<Sealed> = contents
            .into_iter()
            .map(Sealed::new)
            .collect::<Result<_, _>>()?;
        if sealed.is_empty() {
            return Ok(sealed);
        }
        match self.commit(&sealed) {
            Ok(()) => Ok(sealed),
            Err(error) => {
                self.look_again();
                Err(self.explain(error, &sealed))
            }
        }
    }

    fn commit(&mut self, sealed: &[Sealed]) -> Result<(), StoreError> {
        let mut folds = self.folds(sealed.iter().map(|e| e.content.stream.as_str()))?;
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut head = self.head.clone();
        for event in sealed {
            let place = Place {
                own: true,
                origin: self.own.n,
                seq: head.seq + 1,
                prev: &head.hash,
            };
            let pos = event::insert(&tx, None, place, event)?;
            if !self.run_open && head.seq == self.head.seq {
                run::put(&tx, Run::begin(pos, place))?;
            }
            for blob in blobs_of(&event.content) {
                upload::add(&tx, &blob, &event.content.stream, pos, FileState::Here)?;
            }
            folds.apply(&event.content);
            head = Head {
                seq: head.seq + 1,
                hash: event.hash.clone(),
            };
        }
        folds.write(&tx, &self.shelf)?;
        tx.commit()?;
        self.head = head;
        self.run_open = true;
        self.added(sealed.len() as u64);
        folds.keep_in(&mut self.cache);
        Ok(())
    }

    /// A commit whose flush failed may or may not stand: what the database says counts. Folds in memory were taken out.
    pub(crate) fn look_again(&mut self) {
        if let Ok(head) = run::head(&self.connection, self.own.n) {
            self.head = head;
        }
        if let Ok(open) = run::is_open(&self.connection) {
            self.run_open = open;
        }
        if let Ok(count) = event::count(&self.connection, self.head.seq) {
            self.count = count;
        }
    }

    /// So many events more are durable.
    pub(crate) fn added(&mut self, events: u64) {
        self.count += events;
    }

    /// The folds of these streams, taken out of the cache or read from the log.
    pub(crate) fn folds<'a>(
        &mut self,
        streams: impl Iterator<Item = &'a str>,
    ) -> Result<Folds, StoreError> {
        let mut folds = Folds::default();
        for stream in streams {
            if !folds.has(stream) {
                folds.add(self.fold(stream)?);
            }
        }
        Ok(folds)
    }

    fn fold(&mut self, stream: &str) -> Result<Folded, StoreError> {
        match self.cache.take(stream) {
            Some(folded) => Ok(folded),
            None => Folded::from_log(&self.connection, stream),
        }
    }

    fn explain(&self, error: StoreError, sealed: &[Sealed]) -> StoreError {
        if let StoreError::Sql(sql) = &error
            && sql.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
        {
            let mut ids: Vec<&String> = sealed.iter().map(|s| &s.content.id).collect();
            ids.sort();
            let twice = ids
                .windows(2)
                .find(|w| w.first() == w.last())
                .and_then(|w| w.first().copied());
            let known = || {
                ids.iter()
                    .find(|id| event::hash_of(&self.connection, id).is_ok_and(|h| h.is_some()))
                    .copied()
            };
            if let Some(id) = twice.or_else(known) {
                return StoreError::DuplicateEvent { id: id.clone() };
            }
        }
        error.probe(&self.dir)
    }

    /// The fold of a stream; empty for a stream without events.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn state(&mut self, stream: &str) -> Result<&StreamState, StoreError> {
        let folded = self.fold(stream)?;
        Ok(self.cache.keep(folded))
    }

    /// The events of a stream, oldest first: own ones and received ones.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn events(&self, stream: &str) -> Result<Vec<Sealed>, StoreError> {
        let read = |text: String| {
            let content = read_content(text.clone())?;
            Ok(Sealed {
                hash: sha256_hex(text.as_bytes()),
                text,
                content,
            })
        };
        event::contents(&self.connection, stream)?
            .into_iter()
            .map(read)
            .collect()
    }

    /// The streams of a kind, `assess` or `staff`, by name.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn streams_of(&self, kind: &str) -> Result<Vec<String>, StoreError> {
        Ok(event::streams_of(&self.connection, kind)?)
    }

    /// Technicians whose submissions lie here, by number: whom a lead knows already.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn technicians(&self) -> Result<Vec<Actor>, StoreError> {
        Ok(submission::technicians(&self.connection)?)
    }

    /// Events that this device holds: its own and those it received.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.count
    }

    /// The log that is written to, and its newest sequence number (0 when empty).
    #[must_use]
    pub fn head(&self) -> (&str, u64) {
        (&self.own.log_id, self.head.seq)
    }

    /// Drops the derived tables and writes them again from the log, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::DiskFull`], [`StoreError::Io`]; then the old tables stand.
    pub fn rebuild(&mut self) -> Result<RebuildReport, StoreError> {
        self.cache.clear();
        check::rebuild(&mut self.connection, &self.shelf).map_err(|e| e.probe(&self.dir))
    }

    /// Reads everything and tells what does not hold together; changes nothing.
    ///
    /// # Errors
    /// Only what keeps it from looking: [`StoreError::Io`]. What it finds is in the report.
    pub fn verify(&self, vault: &Vault) -> Result<VerifyReport, StoreError> {
        check::verify(&self.connection, vault)
    }

    /// A page of the list of orders.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn agenda(&self, query: &AgendaQuery) -> Result<AgendaPage, StoreError> {
        agenda::page(&self.connection, query)
    }

    /// Orders whose time lies in `from_ms..to_ms` that went to somebody else than `whose` before anything was done on them here.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn given_away(
        &self,
        from_ms: i64,
        to_ms: i64,
        whose: &str,
    ) -> Result<Vec<OrderRow>, StoreError> {
        agenda::given_away(&self.connection, (from_ms, to_ms), whose)
    }

    /// An order's row by its stream.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn order(&self, stream: &str) -> Result<Option<OrderRow>, StoreError> {
        Ok(order_row::get(&self.connection, stream)?)
    }

    /// An order's row by the company's number.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn order_by_no(&self, no: &str) -> Result<Option<OrderRow>, StoreError> {
        Ok(order_row::by_no(&self.connection, no)?)
    }

    /// A visit's row by its stream.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn visit(&self, stream: &str) -> Result<Option<VisitRow>, StoreError> {
        Ok(visit_row::get(&self.connection, stream)?)
    }

    /// The visits of an order, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn visits_of(&self, order_stream: &str) -> Result<Vec<VisitRow>, StoreError> {
        Ok(visit_row::of_order(&self.connection, order_stream)?)
    }

    /// What a review says of a visit's newest submission that it speaks of; none while nobody looked at it.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn review(&self, visit: &str) -> Result<Option<ReviewRow>, StoreError> {
        Ok(review_row::of_visit(&self.connection, visit)?)
    }

    /// This device's visits that are not submitted yet, the one touched last first; also one that is mended while the
    /// customer holds the tablet.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn open_visits(&self) -> Result<Vec<VisitRow>, StoreError> {
        Ok(visit_row::open(&self.connection)?)
    }

    /// This device's visits whose customer still waits for a copy of the ticket, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn undelivered(&self) -> Result<Vec<VisitRow>, StoreError> {
        Ok(visit_row::undelivered(&self.connection)?)
    }

    /// A setting of this device.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(setting::get(&self.connection, key)?)
    }

    /// Writes a setting; durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        setting::set(&self.connection, key, value).map_err(|e| StoreError::from(e).probe(&self.dir))
    }

    /// Removes a setting; none is fine.
    ///
    /// # Errors
    /// As [`Store::set_setting`].
    pub fn remove_setting(&mut self, key: &str) -> Result<(), StoreError> {
        setting::remove(&self.connection, key).map_err(|e| StoreError::from(e).probe(&self.dir))
    }

    /// The last place on screen in a visit.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn cursor(&self, visit: &str) -> Result<Option<String>, StoreError> {
        Ok(cursor::get(&self.connection, visit)?)
    }

    /// Notes the last place on screen in a visit.
    ///
    /// # Errors
    /// As [`Store::set_setting`].
    pub fn set_cursor(&mut self, visit: &str, place: &str) -> Result<(), StoreError> {
        cursor::set(&self.connection, visit, place)
            .map_err(|e| StoreError::from(e).probe(&self.dir))
    }

    /// Pins a pack under the hash of its text, and lets it wait for the hub. Packs are never deleted; the same one twice is
    /// fine.
    ///
    /// # Errors
    /// [`StoreError::PackMismatch`], [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn put_pack(&mut self, hash: &str, source: &str, file: &str) -> Result<(), StoreError> {
        if sha256_hex(source.as_bytes()) != hash {
            return Err(StoreError::PackMismatch {
                hash: hash.to_owned(),
            });
        }
        let row = StoredPack {
            hash: hash.to_owned(),
            source: source.to_owned(),
            file: file.to_owned(),
        };
        let put = |tx: &Connection| {
            pack::put(tx, &row)?;
            upload::add_pack(tx, hash, row.source.len() as u64)?;
            desk::pack_came(tx, &self.shelf, hash)
        };
        let tx = self.connection.unchecked_transaction()?;
        let done = put(&tx).and_then(|()| Ok(tx.commit()?));
        done.map_err(|e| e.probe(&self.dir))
    }

    /// A pinned pack.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn pack(&self, hash: &str) -> Result<Option<StoredPack>, StoreError> {
        Ok(pack::get(&self.connection, hash)?)
    }

    /// Every pinned pack, in the order they came.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn packs(&self) -> Result<Vec<StoredPack>, StoreError> {
        Ok(pack::all(&self.connection)?)
    }
}

/// The log that is written to; begun when the database is new.
fn own_log(
    connection: &mut Connection,
    random: &mut dyn FnMut(&mut [u8]),
) -> Result<Own, StoreError> {
    if let Some(id) = meta::get(connection, meta::LOG_ID)? {
        return origin::get(connection, &id)?.ok_or_else(|| StoreError::Damaged {
            what: "the log that is written to is not listed".to_owned(),
        });
    }
    let mut id = [0; 16];
    random(&mut id);
    let id = hex::encode(id);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let own = origin::begin(&tx, &id)?;
    meta::set(&tx, meta::LOG_ID, &id)?;
    tx.commit()?;
    Ok(own)
}
