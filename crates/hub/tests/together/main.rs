//! The app's core and the hub, both real processes, killed again and again while one syncs with the other.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub
)]

#[path = "../common/mod.rs"]
mod common;
// the other tests use more of it
#[allow(dead_code)]
#[path = "../http/server.rs"]
mod server;

mod kill;
mod tablet;
