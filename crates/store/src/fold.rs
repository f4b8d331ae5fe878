//! Folds kept in memory: the streams in hand answer a tap without reading their history again.

use crate::derived;
use crate::desk::{self, Shelf};
use crate::error::StoreError;
use crate::table::event;
use doorstep_domain::event::{Content, Sealed};
use doorstep_domain::rows::{Row, StreamState};
use rusqlite::Connection;
use std::collections::HashMap;

/// Streams kept; a technician has a handful open.
const KEPT: usize = 32;

/// A stream folded up to its newest event, and the row that stands in the database for it.
pub(crate) struct Folded {
    pub(crate) stream: String,
    pub(crate) state: StreamState,
    row: Option<Row>,
}

impl Folded {
    /// A stream without events.
    pub(crate) fn empty(stream: &str) -> Folded {
        Folded {
            stream: stream.to_owned(),
            state: StreamState::for_stream(stream),
            row: None,
        }
    }

    /// Folds a stream from the log; the row written last is the row of that state.
    pub(crate) fn from_log(connection: &Connection, stream: &str) -> Result<Folded, StoreError> {
        let mut folded = Folded::replay(connection, stream)?;
        folded.row = folded.state.row();
        Ok(folded)
    }

    /// Folds a stream from the log whose row is not written yet.
    pub(crate) fn replay(connection: &Connection, stream: &str) -> Result<Folded, StoreError> {
        let mut folded = Folded::empty(stream);
        for text in event::contents(connection, stream)? {
            folded.apply(&read_content(text)?);
        }
        Ok(folded)
    }

    pub(crate) fn apply(&mut self, content: &Content) {
        self.state.apply(content);
    }

    /// Folds the stream from the log once more, whose order has changed; the row written last stays known.
    pub(crate) fn again(self, connection: &Connection) -> Result<Folded, StoreError> {
        let mut folded = Folded::replay(connection, &self.stream)?;
        folded.row = self.row;
        Ok(folded)
    }

    /// Events kept and not understood.
    fn parked(&self) -> u64 {
        match &self.state {
            StreamState::Order(s) => s.parked.into(),
            StreamState::Visit(s) => s.parked.into(),
            StreamState::Day(s) => s.parked.into(),
            StreamState::Review(s) => s.parked.into(),
            StreamState::Gear(s) => s.parked.into(),
            StreamState::Assess(s) => s.parked.into(),
            StreamState::Staff(s) => s.parked.into(),
            StreamState::Issue(s) => s.parked.into(),
            StreamState::Plan(s) => s.parked.into(),
            StreamState::Unknown => 0,
        }
    }

    /// Brings the stream's derived row to its state.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let now = self.state.row();
        derived::write(connection, self.row.as_ref(), now.as_ref())?;
        self.row = now;
        Ok(())
    }
}

/// The folds of the streams that one transaction changes, each loaded before it begins. Whoever loads them has taken
/// them out of the cache; they go back only when the transaction is durable.
#[derive(Default)]
pub(crate) struct Folds {
    index: HashMap<String, usize>,
    folds: Vec<Folded>,
    /// Events of streams that this version does not know.
    strange: u64,
    parked_before: u64,
}

impl Folds {
    /// Adds a stream's fold as it is before the transaction.
    pub(crate) fn add(&mut self, folded: Folded) {
        self.parked_before += folded.parked();
        self.index.insert(folded.stream.clone(), self.folds.len());
        self.folds.push(folded);
    }

    pub(crate) fn has(&self, stream: &str) -> bool {
        self.index.contains_key(stream)
    }

    pub(crate) fn apply(&mut self, content: &Content) {
        let at = self.index.get(content.stream.as_str());
        if let Some(folded) = at.and_then(|&i| self.folds.get_mut(i)) {
            folded.apply(content);
            self.strange += u64::from(folded.state == StreamState::Unknown);
        }
    }

    /// Brings every derived row to its state.
    pub(crate) fn write(
        &mut self,
        connection: &Connection,
        shelf: &Shelf,
    ) -> Result<(), StoreError> {
        self.folds
            .iter_mut()
            .try_for_each(|f| f.write(connection))?;
        let mut all = self.folds.iter();
        all.try_for_each(|f| desk::follow(connection, shelf, &f.state, false))
    }

    /// Folds every stream from the log once more and writes its row.
    pub(crate) fn write_again(
        self,
        connection: &Connection,
        shelf: &Shelf,
    ) -> Result<(), StoreError> {
        let mut all = Vec::with_capacity(self.folds.len());
        for folded in self.folds {
            let mut folded = folded.again(connection)?;
            folded.write(connection)?;
            all.push(folded);
        }
        let mut all = all.iter();
        all.try_for_each(|f| desk::follow(connection, shelf, &f.state, true))
    }

    /// Events applied here that this version does not understand.
    pub(crate) fn newly_parked(&self) -> u64 {
        let now: u64 = self.folds.iter().map(Folded::parked).sum();
        now.saturating_sub(self.parked_before) + self.strange
    }

    /// The names of the streams, in the order they were added.
    pub(crate) fn streams(&self) -> Vec<String> {
        self.folds.iter().map(|f| f.stream.clone()).collect()
    }

    pub(crate) fn keep_in(self, cache: &mut Cache) {
        for folded in self.folds {
            cache.keep(folded);
        }
    }
}

/// A content from the log, where every row was one when it was written.
pub(crate) fn read_content(text: String) -> Result<Content, StoreError> {
    match Sealed::parse(text) {
        Ok(sealed) => Ok(sealed.content),
        Err(error) => Err(StoreError::Damaged {
            what: format!("an event in the log is not readable: {error}"),
        }),
    }
}

/// The streams used last, newest at the end.
#[derive(Default)]
pub(crate) struct Cache(Vec<Folded>);

impl Cache {
    /// Takes a stream out: whoever changes it puts it back only when the change is durable.
    pub(crate) fn take(&mut self, stream: &str) -> Option<Folded> {
        let at = self.0.iter().position(|f| f.stream == stream)?;
        Some(self.0.remove(at))
    }

    pub(crate) fn keep(&mut self, folded: Folded) -> &StreamState {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(folded);
        // just pushed
        &self.0[self.0.len() - 1].state
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
