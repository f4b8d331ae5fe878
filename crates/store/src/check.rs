//! Trusting nothing: derived tables made again from the log, and a walk over everything that must hold together.

use crate::derived;
use crate::desk::{self, Shelf};
use crate::error::StoreError;
use crate::fold::Folded;
use crate::table::event::{self, RawRow};
use crate::table::run::{self, Run};
use crate::table::{meta, origin, refused, upload};
use crate::vault::Vault;
use doorstep_domain::blob::{blobs_of, thumbnails_of};
use doorstep_domain::event::{Content, Sealed};
use doorstep_domain::rows::StreamState;
use doorstep_domain::wire::Head;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::collections::{BTreeMap, BTreeSet};

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuildReport {
    /// Streams folded.
    pub streams: u64,
    /// The derived tables differ from what they were; always so after a change of their version.
    pub changed: bool,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Events read.
    pub events: u64,
    /// Blobs decrypted.
    pub blobs: u64,
    /// What does not hold together; empty is good.
    pub problems: Vec<Problem>,
}

/// Something that does not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// SQLite or SQLCipher says so of the file.
    File {
        /// Its words.
        what: String,
    },
    /// An own log is not contiguous from 1.
    Gap {
        /// Number expected.
        expected: u64,
        /// What was found in its place.
        at: Place,
    },
    /// `prev` is not the hash of the event before.
    Chain {
        /// Where.
        at: Place,
    },
    /// The content does not have its hash.
    Hash {
        /// Where.
        at: Place,
    },
    /// The content is not one.
    Unreadable {
        /// Where.
        at: Place,
    },
    /// Id, stream or kind beside the content are not the content's.
    Columns {
        /// Where.
        at: Place,
    },
    /// An own event does not lie where its number says.
    Misplaced {
        /// Where.
        at: Place,
    },
    /// A blob that an own event names is missing.
    BlobMissing {
        /// Where.
        at: Place,
        /// Hash of its plaintext.
        sha256: String,
    },
    /// A blob that an own event names is damaged.
    BlobDamaged {
        /// Where.
        at: Place,
        /// Hash of its plaintext.
        sha256: String,
    },
}

/// Which event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The log it was written to.
    pub log_id: String,
    /// Its number there.
    pub seq: u64,
}

pub(crate) fn rebuild(
    connection: &mut Connection,
    shelf: &Shelf,
) -> Result<RebuildReport, StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let current = meta::get(&tx, meta::DERIVED_VERSION)?.is_some_and(|v| v == derived::version());
    let before = if current {
        Some(derived::digest(&tx)?)
    } else {
        None
    };
    derived::recreate(&tx)?;
    let streams = event::streams(&tx)?;
    for stream in &streams {
        let mut folded = Folded::replay(&tx, stream)?;
        folded.write(&tx)?;
        // streams come by name: a visit's order, day and review stand already
        if matches!(folded.state, StreamState::Visit(_)) {
            desk::follow(&tx, shelf, &folded.state, true)?;
        }
    }
    let changed = before != Some(derived::digest(&tx)?);
    meta::set(&tx, meta::DERIVED_VERSION, &derived::version())?;
    tx.commit()?;
    Ok(RebuildReport {
        streams: streams.len() as u64,
        changed,
    })
}

pub(crate) fn verify(connection: &Connection, vault: &Vault) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::default();
    check_file(connection, &mut report)?;
    let mut walk = Walk {
        connection,
        logs: BTreeMap::new(),
        seen: BTreeSet::new(),
    };
    for (n, log_id, own) in origin::names(connection)? {
        let runs = run::after(connection, n, 0)?;
        let last = Head::default();
        walk.logs.insert(
            n,
            LogWalk {
                log_id,
                own,
                runs,
                last,
            },
        );
    }
    event::for_each(connection, |row| {
        report.events += 1;
        let at = walk.check_place(&row, &mut report.problems)?;
        if let Some(content) = check_row(&row, &at, &mut report.problems) {
            walk.check_blobs(vault, &content, &at, &mut report)?;
        }
        Ok::<(), StoreError>(())
    })?;
    Ok(report)
}

/// `cipher_integrity_check` lists pages whose seal is broken, `quick_check` says "ok".
fn check_file(connection: &Connection, report: &mut VerifyReport) -> Result<(), StoreError> {
    for sql in ["PRAGMA cipher_integrity_check", "PRAGMA quick_check(1)"] {
        let said: Option<String> = connection.query_row(sql, [], |r| r.get(0)).optional()?;
        report.problems.extend(
            said.filter(|s| s != "ok")
                .map(|what| Problem::File { what }),
        );
    }
    Ok(())
}

/// A walk through every log.
struct Walk<'a> {
    connection: &'a Connection,
    logs: BTreeMap<i64, LogWalk>,
    seen: BTreeSet<(String, String)>,
}

/// How far one log was walked.
#[derive(Default)]
struct LogWalk {
    log_id: String,
    own: bool,
    runs: Vec<Run>,
    last: Head,
}

impl LogWalk {
    /// Whether an own event is found by its number.
    fn finds(&self, row: &RawRow) -> bool {
        let next = self.runs.partition_point(|run| run.seq <= row.seq);
        let run = next.checked_sub(1).and_then(|i| self.runs.get(i));
        run.is_some_and(|run| run.pos_of(row.seq) == row.pos && row.pos <= run.end())
    }
}

impl Walk<'_> {
    /// An own log is whole, but for what was put aside. Of another's a part is here: neighbours must chain.
    fn check_place(
        &mut self,
        row: &RawRow,
        problems: &mut Vec<Problem>,
    ) -> Result<Place, StoreError> {
        let log = self.logs.entry(row.origin).or_default();
        let last = std::mem::replace(
            &mut log.last,
            Head {
                seq: row.seq,
                hash: row.hash.clone(),
            },
        );
        let at = Place {
            log_id: log.log_id.clone(),
            seq: row.seq,
        };
        let expected = last.seq + 1;
        let mut chains = log.own || row.seq == expected;
        if log.own && !log.finds(row) {
            problems.push(Problem::Misplaced { at: at.clone() });
        }
        if log.own && row.seq != expected {
            let aside = |seq| Ok(refused::get(self.connection, &at.log_id, seq)?.is_some());
            if expected < row.seq && all(expected..row.seq, aside)? {
                chains = false;
            } else {
                let at = at.clone();
                problems.push(Problem::Gap { expected, at });
            }
        }
        if chains && row.prev != last.hash {
            problems.push(Problem::Chain { at: at.clone() });
        }
        Ok(at)
    }

    fn check_blobs(
        &mut self,
        vault: &Vault,
        content: &Content,
        at: &Place,
        report: &mut VerifyReport,
    ) -> Result<(), StoreError> {
        let visit = &content.stream;
        let named: Vec<String> = blobs_of(content).into_iter().map(|b| b.sha256).collect();
        let must = |sha256: &String| upload::must_be_here(self.connection, sha256, visit);
        // received ones may never have been here, and deleted ones went with their thumbnails
        for sha256 in &named {
            if !must(sha256)? {
                return Ok(());
            }
        }
        for sha256 in named.into_iter().chain(thumbnails_of(content)) {
            if !self.seen.insert((visit.clone(), sha256.clone())) {
                continue;
            }
            report.blobs += 1;
            let at = at.clone();
            match vault.get(visit, &sha256) {
                Ok(_) => {}
                Err(StoreError::BlobMissing { sha256 }) => {
                    report.problems.push(Problem::BlobMissing { at, sha256 });
                }
                Err(StoreError::BlobDamaged { sha256 }) => {
                    report.problems.push(Problem::BlobDamaged { at, sha256 });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn all(
    seqs: std::ops::Range<u64>,
    mut holds: impl FnMut(u64) -> rusqlite::Result<bool>,
) -> rusqlite::Result<bool> {
    for seq in seqs {
        if !holds(seq)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn check_row(row: &RawRow, at: &Place, problems: &mut Vec<Problem>) -> Option<Content> {
    let Ok(sealed) = Sealed::parse(row.content.clone()) else {
        problems.push(Problem::Unreadable { at: at.clone() });
        return None;
    };
    if sealed.hash != row.hash {
        problems.push(Problem::Hash { at: at.clone() });
    }
    let content = sealed.content;
    if (&content.id, &content.stream, &content.kind) != (&row.id, &row.stream, &row.kind) {
        problems.push(Problem::Columns { at: at.clone() });
    }
    Some(content)
}
