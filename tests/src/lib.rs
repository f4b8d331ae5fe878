//! Stories across the crates: builders, a fixed clock, and tests that tell what happened to whom.
//!
//! Helpers stop at the first surprise: they serve tests only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod device;
mod office;
mod walk;

pub use device::{Clock, Desk, Keys, Secrets, profile};
pub use office::{Ear, Office, open_queue, verdict};
pub use walk::*;

use doorstep_app::{App, AppError};
use doorstep_domain::code::Code;
use doorstep_domain::time::Moment;

/// `13:52` on 2026-11-22, in Hangzhou.
#[must_use]
pub fn at(hm: &str) -> Moment {
    Moment::parse_local(&format!("2026-11-22 {hm}"), 480).expect("a time of day")
}

/// The refusal of a use case; fails when it went well.
#[track_caller]
pub fn refusal<T>(result: Result<T, AppError>) -> AppError {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error,
    }
}

/// Its code.
#[track_caller]
pub fn code<T>(result: Result<T, AppError>) -> Code {
    refusal(result).refusal.code
}

/// Everything recorded: the number of events in the open profile's log.
#[must_use]
pub fn events(app: &App) -> u32 {
    app.storage_status()
        .map(|s| s.records)
        .expect("an open profile")
}

/// A photo of a wall socket, drawn by us.
pub static PHOTO: &[u8] = include_bytes!("../fixtures/socket.jpg");
