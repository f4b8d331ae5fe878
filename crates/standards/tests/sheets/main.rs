//! The spreadsheet road: a round trip loses nothing, and a mistake names sheet, row and column.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod mistakes;
mod round_trip;
mod typed;
