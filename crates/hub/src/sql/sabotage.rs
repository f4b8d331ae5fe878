//! Test-only: a defect, so that the simulation can show that it would notice.
//!
//! It exists only where debug assertions do, and no release build has them. A cargo feature would not do: features unify, and
//! one that a test asks for would be built into the hub that is built beside it.

use crate::error::Outcome;
use rusqlite::{Connection, params};

/// Drops the lock of the counters: this connection goes on from the numbers that it remembers, whatever another writer on the
/// same folder has taken since.
pub(crate) fn drop_the_counter_lock(c: &Connection) -> Outcome<()> {
    c.execute_batch(
        "CREATE TEMP TABLE counter (device TEXT PRIMARY KEY, queued INTEGER NOT NULL)",
    )?;
    Ok(())
}

/// Puts an event into a queue under the number that this connection remembers; false on a connection that is sound.
pub(crate) fn enqueue_unlocked(c: &Connection, device: &str, pos: i64) -> Outcome<bool> {
    let sound = "SELECT 1 FROM sqlite_temp_schema WHERE name = 'counter'";
    if !c.prepare_cached(sound)?.exists([])? {
        return Ok(false);
    }
    let n: u64 = c
        .prepare_cached(
            "INSERT INTO temp.counter (device, queued) SELECT id, queued + 1 FROM device WHERE id = ?1
             ON CONFLICT (device) DO UPDATE SET queued = queued + 1 RETURNING queued",
        )?
        .query_row([device], |r| r.get(0))?;
    c.prepare_cached("UPDATE device SET queued = ?2 WHERE id = ?1")?
        .execute(params![device, n])?;
    c.prepare_cached("INSERT OR REPLACE INTO delivery (device, n, pos) VALUES (?1, ?2, ?3)")?
        .execute(params![device, n, pos])?;
    Ok(true)
}
