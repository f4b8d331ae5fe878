//! The last place on screen in each visit, so that reopening lands there.

use rusqlite::{Connection, OptionalExtension};

pub(crate) fn get(connection: &Connection, visit: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT place FROM cursor WHERE visit = ?1")?
        .query_row([visit], |r| r.get(0))
        .optional()
}

pub(crate) fn set(connection: &Connection, visit: &str, place: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO cursor (visit, place) VALUES (?1, ?2) ON CONFLICT (visit) DO UPDATE SET place = excluded.place";
    connection
        .prepare_cached(sql)?
        .execute([visit, place])
        .map(drop)
}
