//! Blobs that events name, and how far each is on its way: written with the event, in its transaction.

use super::{from_word, word};
use crate::error::StoreError;
use doorstep_domain::blob::{BlobKind, NamedBlob};
use rusqlite::{Connection, Row, params};

/// Where a blob's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileState {
    /// In the vault, by the rule that no event names a blob before it is there.
    Here,
    /// Perhaps in the vault: the event came back from the hub, and another incarnation of this device put the file.
    Unsure,
    /// Being deleted after the hub's receipt.
    Leaving,
    /// Deleted after the hub's receipt.
    Gone,
}

impl FileState {
    /// As it stands in the database.
    fn code(self) -> i64 {
        match self {
            FileState::Here => 0,
            FileState::Unsure => 1,
            FileState::Leaving => 2,
            FileState::Gone => 3,
        }
    }

    fn of(code: i64) -> FileState {
        match code {
            0 => FileState::Here,
            2 => FileState::Leaving,
            3 => FileState::Gone,
            _ => FileState::Unsure,
        }
    }
}

/// A blob of a visit.
pub(crate) struct Upload {
    pub(crate) sha256: String,
    pub(crate) visit: String,
    pub(crate) kind: BlobKind,
    pub(crate) bytes: Option<u64>,
    pub(crate) stored: bool,
    pub(crate) file: FileState,
}

const COLUMNS: &str = "sha256, visit, kind, bytes, stored, file";

fn read(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        sha256: row.get(0)?,
        visit: row.get(1)?,
        kind: from_word(row.get(2)?)?,
        bytes: row.get(3)?,
        stored: row.get(4)?,
        file: FileState::of(row.get(5)?),
    })
}

/// Notes a blob that an event of this stream names. Named before: the first stands.
pub(crate) fn add(
    connection: &Connection,
    blob: &NamedBlob,
    visit: &str,
    pos: i64,
    file: FileState,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO upload (sha256, visit, kind, bytes, pos, stored, file) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            blob.sha256,
            visit,
            word(blob.kind)?,
            blob.bytes,
            pos,
            file.code()
        ])?;
    Ok(())
}

/// What stands in place of a visit for packs: one is sent once, however many visits pin it.
const PACKS: &str = "packs";

/// Notes a pinned pack; its bytes are its text, in the table of packs.
pub(crate) fn add_pack(
    connection: &Connection,
    sha256: &str,
    bytes: u64,
) -> Result<(), StoreError> {
    let pack = NamedBlob {
        sha256: sha256.to_owned(),
        bytes: Some(bytes),
        kind: BlobKind::Pack,
    };
    add(connection, &pack, PACKS, 0, FileState::Here)
}

/// Those without the hub's receipt: signatures first, then packs, then pictures, each kind oldest first; until `each` says `false`.
pub(crate) fn walk_waiting<E: From<rusqlite::Error>>(
    connection: &Connection,
    mut each: impl FnMut(Upload) -> Result<bool, E>,
) -> Result<(), E> {
    let sql = format!("SELECT {COLUMNS} FROM upload WHERE stored = 0 ORDER BY kind, pos, sha256");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !each(read(row)?)? {
            break;
        }
    }
    Ok(())
}

/// A visit's blobs, in the order they were named.
pub(crate) fn of_visit(connection: &Connection, visit: &str) -> rusqlite::Result<Vec<Upload>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM upload WHERE visit = ?1 ORDER BY pos, sha256"
        ))?
        .query_map([visit], read)?
        .collect()
}

/// The hub's receipt for a content, whichever visits name it.
pub(crate) fn set_stored(connection: &Connection, sha256: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE upload SET stored = 1 WHERE sha256 = ?1 AND stored = 0")?
        .execute([sha256])
        .map(drop)
}

/// The receipts came from an incarnation of the hub that is no more: what can still be sent is offered again.
pub(crate) fn forget_receipts(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .execute(
            "UPDATE upload SET stored = 0 WHERE stored = 1 AND file < 2",
            [],
        )
        .map(drop)
}

/// Notes where the files of a visit are.
pub(crate) fn set_file(
    connection: &Connection,
    visit: &str,
    file: FileState,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE upload SET file = ?2 WHERE visit = ?1")?
        .execute(params![visit, file.code()])
        .map(drop)
}

/// Whether a blob's file must be in the vault.
pub(crate) fn must_be_here(
    connection: &Connection,
    sha256: &str,
    visit: &str,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM upload WHERE sha256 = ?1 AND visit = ?2 AND file = 0")?
        .exists([sha256, visit])
}
