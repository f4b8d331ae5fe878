//! Stories through the app's whole surface: a folder, a keystore, a clock, and what happened.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod follow;
mod frozen;
mod imports;
mod kits;
mod office;
mod profiles;
mod quiet;
mod reviews;
mod visits;
