//! The hub without a network.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

#[path = "../common/mod.rs"]
mod common;

mod blobs;
mod deliveries;
mod exams;
mod follow;
mod people;
mod push;
mod reviews;
mod team;
mod together;
mod upkeep;
