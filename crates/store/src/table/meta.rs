//! What the database knows about itself: `log_id`, `derived_version`.

use rusqlite::{Connection, OptionalExtension};

/// Random for each incarnation of a database.
pub(crate) const LOG_ID: &str = "log_id";
/// The version of the fold and of the tables that derived rows were written with.
pub(crate) const DERIVED_VERSION: &str = "derived_version";

pub(crate) fn get(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection
        .query_row("SELECT value FROM meta WHERE key = ?1", [key], |r| r.get(0))
        .optional()
}

pub(crate) fn set(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.execute(sql, [key, value]).map(drop)
}
