//! Sync against a hub: every case by name, and thousands of seeds of everything at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    unreachable_pub
)]

#[cfg(not(debug_assertions))]
compile_error!("the defects that the simulation switches on exist in debug builds only");

mod adversary;
mod bench;
mod cases;
mod desk;
mod http;
mod model;
mod reviews;
mod server;
mod simulation;
mod standing;
mod task;
mod verdict;
mod world;
