//! The real program over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

#[path = "../common/mod.rs"]
mod common;

mod bad_requests;
mod commands;
mod kill;
mod roles;
mod server;
mod sync;
mod uploads;
