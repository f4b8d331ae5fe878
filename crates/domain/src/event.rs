//! The log's two layers. FROZEN: content and envelope are what everything stands on.
//!
//! **Content** is what happened: hashed, signed later, and never re-serialised (it travels as the
//! string it was first written as, so fields that this version does not know survive).
//! **Envelope** is where it stands in one incarnation of a database: `log_id`, `seq`, `prev`.
//! `prev` chains content hashes, so a body may later be erased while the chain still verifies.

use crate::time::Stamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// The largest content the log takes, bytes. Pictures and strokes are blobs named by hash.
pub const MAX_CONTENT_BYTES: usize = 64 * 1024;

/// Who acted.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Actor {
    /// Staff number, e.g. `3107`.
    pub staff_no: String,
    /// Name as printed on the ticket.
    pub name: String,
}

/// What a fact in one stream rested on in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasedOn {
    /// The other stream, e.g. `order/0192…`.
    pub stream: String,
    /// Id of its newest event known at the time.
    pub event: String,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// UUIDv7.
    pub id: String,
    /// `order/…`, `visit/…`, `day/…`, `review/…`, `assess/…`, `staff/…`; most have one writer.
    pub stream: String,
    /// What happened, e.g. `item.answered`.
    pub kind: String,
    /// Version of the body's schema.
    pub schema_v: u32,
    /// Who acted.
    pub actor: Actor,
    /// When, by the device's clocks.
    pub at: Stamp,
    /// Cross-stream facts carry what they rested on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<BasedOn>,
    /// The facts themselves. Readings and money are decimal strings, never floats.
    pub body: serde_json::Value,
}

/// Where a content stands in one database's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Random for each incarnation of a database: a restored or cloned device cannot collide with itself.
    pub log_id: String,
    /// Contiguous from 1.
    pub seq: u64,
    /// Content hash of the event before this one; empty for the first.
    pub prev: String,
}

/// A content as it is carried: the exact string and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The content's JSON, never re-serialised.
    pub text: String,
    /// Lower-case hex SHA-256 of `text`.
    pub hash: String,
    /// The parsed content.
    pub content: Content,
}

/// Why a content string is refused.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// Longer than [`MAX_CONTENT_BYTES`].
    #[error("event content has {0} bytes, more than the log takes")]
    TooLarge(usize),
    /// Not a content at all.
    #[error("event content is not readable")]
    Unreadable(#[from] serde_json::Error),
}

impl Sealed {
    /// Writes a content for the first and only time.
    ///
    /// # Errors
    /// [`EventError::TooLarge`] above 64 KB.
    pub fn new(content: Content) -> Result<Sealed, EventError> {
        let text = serde_json::to_string(&content)?;
        Sealed::check(text, content)
    }

    /// Reads a content string back; unknown fields stay in `text`.
    ///
    /// # Errors
    /// [`EventError`] when it is too long or not a content.
    pub fn parse(text: String) -> Result<Sealed, EventError> {
        let content = serde_json::from_str(&text)?;
        Sealed::check(text, content)
    }

    fn check(text: String, content: Content) -> Result<Sealed, EventError> {
        if text.len() > MAX_CONTENT_BYTES {
            return Err(EventError::TooLarge(text.len()));
        }
        let hash = sha256_hex(text.as_bytes());
        Ok(Sealed {
            text,
            hash,
            content,
        })
    }
}

/// Lower-case hex SHA-256.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Reads a body as one of `T`'s kinds. `None` is a kind or schema this version does not know:
/// the event stays in the log and is skipped by the fold.
#[must_use]
pub fn read_body<T: DeserializeOwned>(content: &Content, newest_schema: u32) -> Option<T> {
    if content.schema_v > newest_schema {
        return None;
    }
    let tagged = serde_json::json!({ "kind": content.kind, "body": content.body });
    serde_json::from_value(tagged).ok()
}

/// Splits a tagged body into the kind and the body of a content.
///
/// # Errors
/// Only when `body` cannot be written as JSON at all.
pub fn write_body<T: Serialize>(body: &T) -> Result<(String, serde_json::Value), EventError> {
    #[derive(Deserialize)]
    struct Tagged {
        kind: String,
        #[serde(default)]
        body: serde_json::Value,
    }
    let tagged: Tagged = serde_json::from_value(serde_json::to_value(body)?)?;
    Ok((tagged.kind, tagged.body))
}
