//! What the hub found in this device's events. By event, not by place: a place may change.

use super::{from_word, word};
use crate::error::StoreError;
use doorstep_domain::wire::FlagKind;
use rusqlite::{Connection, params};

/// A flag of the hub's on an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Id of the event's content.
    pub event: String,
    /// Kept unread, or to be looked at.
    pub kind: FlagKind,
    /// Which rule, as [`doorstep_domain::wire::EventFlag::reason`].
    pub reason: String,
}

/// Notes a flag on an event; the same twice is one.
pub(crate) fn put(
    connection: &Connection,
    event: &str,
    kind: FlagKind,
    reason: &str,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO flag (event, kind, reason) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![event, word(kind)?, reason])?;
    Ok(())
}

/// The flags on a stream's events, in the order of the events.
pub(crate) fn of_stream(connection: &Connection, stream: &str) -> rusqlite::Result<Vec<Flag>> {
    connection
        .prepare_cached(
            "SELECT f.event, f.kind, f.reason FROM event AS e JOIN flag AS f ON f.event = e.id
             WHERE e.stream = ?1 ORDER BY e.pos, f.kind, f.reason",
        )?
        .query_map([stream], |r| {
            Ok(Flag {
                event: r.get(0)?,
                kind: from_word(r.get(1)?)?,
                reason: r.get(2)?,
            })
        })?
        .collect()
}
