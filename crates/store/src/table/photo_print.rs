//! The photos of submitted visits, to find the same or a similar one in another visit. Derived: rebuilt from the log at any time.
//!
//! `photo_key` holds four 16-bit keys of every perceptual hash (see `doorstep_domain::desk::keys`) beside the hash itself, so that the
//! very many that share a key and are far apart are passed over without a look at their photo. `photo_alike` holds the pairs that
//! were found: the later photo tells, whatever order the visits came in.

use doorstep_domain::desk::{NEAR, PhotoPrint, keys, near_keys, resemblance};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

pub(crate) const CREATE: &str = "
    CREATE TABLE photo_print (
        id         INTEGER PRIMARY KEY,
        submission INTEGER NOT NULL,
        sha256     TEXT NOT NULL,
        print      TEXT NOT NULL,
        at_ms      INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX photo_print_by_sha ON photo_print (sha256);
    CREATE INDEX photo_print_by_submission ON photo_print (submission);
    CREATE TABLE photo_key (
        key   INTEGER NOT NULL,
        whole INTEGER NOT NULL,
        photo INTEGER NOT NULL,
        hash  INTEGER NOT NULL,
        PRIMARY KEY (key, whole, photo, hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE photo_alike (
        later_submission   INTEGER NOT NULL,
        later              TEXT NOT NULL,
        earlier_submission INTEGER NOT NULL,
        earlier            TEXT NOT NULL,
        at_ms              INTEGER NOT NULL,
        percent            INTEGER NOT NULL,
        PRIMARY KEY (later_submission, later, earlier_submission, earlier)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX photo_alike_by_earlier ON photo_alike (earlier_submission);
";

/// An earlier photo of another visit that one of a visit's photos resembles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// SHA-256 of the photo of the visit that was asked for.
    pub sha256: String,
    /// `visit/…` of the earlier one.
    pub visit: String,
    /// SHA-256 of the earlier one.
    pub earlier: String,
    /// When the earlier one was taken in, ms.
    pub at_ms: i64,
    /// Likeness; 100 with an equal SHA-256 is the same picture.
    pub percent: u32,
}

struct Found {
    submission: i64,
    sha256: String,
    print: Vec<u64>,
    at_ms: i64,
}

fn print_text(print: &[u64]) -> String {
    let hashes: Vec<String> = print.iter().map(|h| format!("{h:016x}")).collect();
    hashes.join(" ")
}

fn print_of(text: &str) -> Vec<u64> {
    let read = |hash: &str| u64::from_str_radix(hash, 16).ok();
    text.split(' ').filter_map(read).collect()
}

/// Forgets the photos of a submission and every pair they are in; answers the other submissions of those pairs.
pub(crate) fn forget(connection: &Connection, submission: i64) -> rusqlite::Result<Vec<i64>> {
    let others: Vec<i64> = connection
        .prepare_cached(
            "SELECT DISTINCT later_submission FROM photo_alike WHERE earlier_submission = ?1",
        )?
        .query_map([submission], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    for sql in [
        "DELETE FROM photo_alike WHERE earlier_submission = ?1",
        "DELETE FROM photo_alike WHERE later_submission = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([submission])?;
    }
    let photos: Vec<(i64, String)> = connection
        .prepare_cached("SELECT id, print FROM photo_print WHERE submission = ?1")?
        .query_map([submission], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut delete = connection.prepare_cached(
        "DELETE FROM photo_key WHERE key = ?1 AND whole IN (0, 1) AND photo = ?2",
    )?;
    for (id, print) in photos {
        for key in print_of(&print).into_iter().flat_map(keys) {
            delete.execute(params![key, id])?;
        }
    }
    connection
        .prepare_cached("DELETE FROM photo_print WHERE submission = ?1")?
        .execute([submission])?;
    Ok(others)
}

/// Takes the photos of a submission in and pairs them; answers the other submissions whose photos came later than these.
pub(crate) fn add(
    connection: &Connection,
    submission: i64,
    photos: &[PhotoPrint],
) -> rusqlite::Result<Vec<i64>> {
    let mut others = Vec::new();
    for photo in photos {
        for found in candidates(connection, submission, photo)? {
            let same = found.sha256 == photo.sha256;
            let alike = resemblance(&photo.print, &found.print).map(|r| r.percent);
            let Some(percent) = same.then_some(100).or(alike) else {
                continue;
            };
            let here = (photo.at_ms, &photo.sha256, submission);
            let there = (found.at_ms, &found.sha256, found.submission);
            let (later, earlier) = if (here.0, here.1) >= (there.0, there.1) {
                (here, there)
            } else {
                others.push(found.submission);
                (there, here)
            };
            connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO photo_alike VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    later.2, later.1, earlier.2, earlier.1, earlier.0, percent
                ])?;
        }
    }
    for photo in photos {
        connection
            .prepare_cached("INSERT INTO photo_print (submission, sha256, print, at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![submission, photo.sha256, print_text(&photo.print), photo.at_ms])?;
        let id = connection.last_insert_rowid();
        let mut insert =
            connection.prepare_cached("INSERT OR IGNORE INTO photo_key VALUES (?1, ?2, ?3, ?4)")?;
        for (n, hash) in photo.print.iter().enumerate() {
            for key in keys(*hash) {
                insert.execute(params![key, n == 0, id, hash.cast_signed()])?;
            }
        }
    }
    Ok(others)
}

/// Photos of other submissions with the same SHA-256, or with a perceptual hash near enough to be looked at.
fn candidates(
    connection: &Connection,
    submission: i64,
    photo: &PhotoPrint,
) -> rusqlite::Result<Vec<Found>> {
    let ids = near_photos(connection, &photo.print)?;
    let mut statement = connection.prepare_cached(
        "SELECT submission, sha256, print, at_ms FROM photo_print
         WHERE submission <> ?1 AND id IN (
            SELECT id FROM photo_print WHERE sha256 = ?2 UNION SELECT value FROM json_each(?3))
         ORDER BY id",
    )?;
    let read = |r: &rusqlite::Row<'_>| {
        Ok(Found {
            submission: r.get(0)?,
            sha256: r.get(1)?,
            print: print_of(&r.get::<_, String>(2)?),
            at_ms: r.get(3)?,
        })
    };
    let ids: Vec<i64> = ids.into_iter().collect();
    statement
        .query_map(params![submission, photo.sha256, format!("{ids:?}")], read)?
        .collect()
}

/// Photos with a hash at most [`NEAR`] bits from one of `print`. Two crops are never compared, so crops only look among whole pictures.
fn near_photos(connection: &Connection, print: &[u64]) -> rusqlite::Result<BTreeSet<i64>> {
    let mut near = BTreeSet::new();
    for (n, hash) in print.iter().enumerate() {
        let mut statement = connection.prepare_cached(if n == 0 {
            "SELECT photo, hash FROM photo_key WHERE key = ?1"
        } else {
            "SELECT photo, hash FROM photo_key WHERE key = ?1 AND whole = 1"
        })?;
        for key in near_keys(*hash) {
            let mut rows = statement.query([key])?;
            while let Some(row) = rows.next()? {
                let there: i64 = row.get(1)?;
                if (hash ^ there.cast_unsigned()).count_ones() <= NEAR {
                    near.insert(row.get(0)?);
                }
            }
        }
    }
    Ok(near)
}

/// Earlier photos elsewhere that those of a visit resemble, the most alike first.
pub(crate) fn of_visit(connection: &Connection, visit: &str) -> rusqlite::Result<Vec<Alike>> {
    connection
        .prepare_cached(
            "SELECT a.later, e.visit, a.earlier, a.at_ms, a.percent
             FROM submission AS l JOIN photo_alike AS a ON a.later_submission = l.id
             JOIN submission AS e ON e.id = a.earlier_submission
             WHERE l.visit = ?1 ORDER BY a.percent DESC, a.at_ms, e.visit, a.later",
        )?
        .query_map([visit], |r| {
            Ok(Alike {
                sha256: r.get(0)?,
                visit: r.get(1)?,
                earlier: r.get(2)?,
                at_ms: r.get(3)?,
                percent: r.get(4)?,
            })
        })?
        .collect()
}
