//! Stories through the app's whole surface: a folder, a keystore, a clock, and what happened.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod customers;
mod exams;
mod follow;
mod frozen;
mod hard_days;
mod imports;
mod kits;
mod moving;
mod office;
mod packs;
mod preview;
mod profiles;
mod quiet;
mod reviews;
mod team;
mod visits;
