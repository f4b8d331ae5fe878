//! Folds kept in memory: the streams in hand answer a tap without reading their history again.

use crate::derived;
use crate::error::StoreError;
use crate::table::log;
use doorstep_domain::event::{Content, Sealed};
use doorstep_domain::rows::{Row, StreamState};
use rusqlite::Connection;

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
        for text in log::contents(connection, stream)? {
            folded.apply(&read_content(text)?);
        }
        Ok(folded)
    }

    pub(crate) fn apply(&mut self, content: &Content) {
        self.state.apply(content);
    }

    /// Brings the stream's derived row to its state.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let now = self.state.row();
        derived::write(connection, self.row.as_ref(), now.as_ref())?;
        self.row = now;
        Ok(())
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
