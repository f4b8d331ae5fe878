//! How far the hub's queue for this device was taken in.

use rusqlite::{Connection, OptionalExtension, params};

/// The hub's incarnation and the number of the last delivery; before the first, `("", 0)`.
pub(crate) fn get(connection: &Connection) -> rusqlite::Result<(String, u64)> {
    connection
        .prepare_cached("SELECT epoch, cursor FROM pull")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()
        .map(Option::unwrap_or_default)
}

pub(crate) fn set(connection: &Connection, epoch: &str, cursor: u64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO pull (hub, epoch, cursor) VALUES (1, ?1, ?2)
             ON CONFLICT (hub) DO UPDATE SET epoch = excluded.epoch, cursor = excluded.cursor",
        )?
        .execute(params![epoch, cursor])
        .map(drop)
}
