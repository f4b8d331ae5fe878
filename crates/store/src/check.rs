//! Trusting nothing: derived tables made again from the log, and a walk over everything that must hold together.

use crate::derived;
use crate::error::StoreError;
use crate::fold::Folded;
use crate::table::log::{self, RawRow};
use crate::table::meta;
use crate::vault::Vault;
use doorstep_domain::event::{Content, Sealed};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use serde_json::Value;
use std::collections::BTreeSet;

/// Body fields that name a blob of the event's own stream in the vault.
const BLOB_FIELDS: [&str; 2] = ["sha256", "thumb_sha256"];

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
    /// The sequence is not contiguous from 1.
    Gap {
        /// Sequence number expected.
        expected: u64,
        /// Sequence number found.
        found: u64,
    },
    /// `prev` is not the hash of the event before.
    Chain {
        /// Sequence number.
        seq: u64,
    },
    /// The content does not have its hash.
    Hash {
        /// Sequence number.
        seq: u64,
    },
    /// The content is not one.
    Unreadable {
        /// Sequence number.
        seq: u64,
    },
    /// Id, stream or kind beside the content are not the content's.
    Columns {
        /// Sequence number.
        seq: u64,
    },
    /// A blob that an event names is missing.
    BlobMissing {
        /// Sequence number.
        seq: u64,
        /// Hash of its plaintext.
        sha256: String,
    },
    /// A blob that an event names is damaged.
    BlobDamaged {
        /// Sequence number.
        seq: u64,
        /// Hash of its plaintext.
        sha256: String,
    },
}

pub(crate) fn rebuild(connection: &mut Connection) -> Result<RebuildReport, StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let current = meta::get(&tx, meta::DERIVED_VERSION)?.is_some_and(|v| v == derived::version());
    let before = if current {
        Some(derived::digest(&tx)?)
    } else {
        None
    };
    derived::recreate(&tx)?;
    let streams = log::streams(&tx)?;
    for stream in &streams {
        Folded::replay(&tx, stream)?.write(&tx)?;
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
    let mut last = log::Head::default();
    let mut seen = BTreeSet::new();
    log::for_each(connection, |row| {
        report.events += 1;
        let content = check_row(&row, &last, &mut report.problems);
        if let Some(content) = content {
            check_blobs(vault, &row, &content, &mut seen, &mut report)?;
        }
        last = log::Head {
            seq: row.seq,
            hash: row.hash,
        };
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

fn check_row(row: &RawRow, last: &log::Head, problems: &mut Vec<Problem>) -> Option<Content> {
    let seq = row.seq;
    if seq != last.seq + 1 {
        problems.push(Problem::Gap {
            expected: last.seq + 1,
            found: seq,
        });
    }
    if row.prev != last.hash {
        problems.push(Problem::Chain { seq });
    }
    let Ok(sealed) = Sealed::parse(row.content.clone()) else {
        problems.push(Problem::Unreadable { seq });
        return None;
    };
    if sealed.hash != row.hash {
        problems.push(Problem::Hash { seq });
    }
    let content = sealed.content;
    if (&content.id, &content.stream, &content.kind) != (&row.id, &row.stream, &row.kind) {
        problems.push(Problem::Columns { seq });
    }
    Some(content)
}

fn check_blobs(
    vault: &Vault,
    row: &RawRow,
    content: &Content,
    seen: &mut BTreeSet<(String, String)>,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let mut named = Vec::new();
    blobs_of(&content.body, &mut named);
    for sha256 in named {
        if !seen.insert((row.stream.clone(), sha256.clone())) {
            continue;
        }
        report.blobs += 1;
        match vault.get(&row.stream, &sha256) {
            Ok(_) => {}
            Err(StoreError::BlobMissing { sha256 }) => {
                report.problems.push(Problem::BlobMissing {
                    seq: row.seq,
                    sha256,
                });
            }
            Err(StoreError::BlobDamaged { sha256 }) => {
                report.problems.push(Problem::BlobDamaged {
                    seq: row.seq,
                    sha256,
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Blobs by field name, wherever they stand: also those of kinds that this version does not know.
fn blobs_of(body: &Value, named: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(sha256) if BLOB_FIELDS.contains(&name.as_str()) => {
                        named.push(sha256.clone())
                    }
                    other => blobs_of(other, named),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| blobs_of(item, named)),
        _ => {}
    }
}
