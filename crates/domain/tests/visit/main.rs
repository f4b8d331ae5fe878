//! Visits told by the domain's own commands, on the two standards that ship.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod consent;
mod desk;
mod duties;
mod endings;
mod evidence;
mod fourteen;
mod install;
mod mending;
mod moving;
mod signing;
mod times;
mod verdicts;
