//! A standard as a spreadsheet, because service managers have one: [`export`] writes it, [`import`] reads it back.
//!
//! One row an item; headers in Chinese with English in brackets, either is enough. What lies between the two is
//! TOML: the same text that packs are written in, so that a pack from a spreadsheet passes the same checks.
//! Remarks of the TOML file (`#`) are the only thing that a round trip loses.

mod book;
mod cells;
mod condition;
mod export;
mod form;
mod import;
mod items;
mod lines;
mod mistake;
mod number;
mod words;
mod workbook;

pub use export::export;
pub use import::{Imported, import};
pub use mistake::{Mistake, Place};

/// The largest spreadsheet that is read, bytes. A standard takes some tens of kilobytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
