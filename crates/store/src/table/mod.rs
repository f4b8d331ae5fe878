//! One file a table: its SQL, its row, its reads and its writes.

pub(crate) mod cursor;
pub(crate) mod event;
pub(crate) mod flag;
pub(crate) mod follow_row;
pub(crate) mod meta;
pub(crate) mod order_row;
pub(crate) mod origin;
pub(crate) mod pack;
pub(crate) mod photo_print;
pub(crate) mod pull;
pub(crate) mod refused;
pub(crate) mod review_row;
pub(crate) mod run;
pub(crate) mod setting;
pub(crate) mod submission;
pub(crate) mod submission_text;
pub(crate) mod upload;
pub(crate) mod visit_row;

use crate::error::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A plain enum as the word it has in the bindings (`at_door`).
pub(crate) fn word<T: Serialize>(value: T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Damaged {
            what: "a derived value is not a word".to_owned(),
        }),
    }
}

/// The enum of a word, where this version knows it.
pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(e))
    })
}
