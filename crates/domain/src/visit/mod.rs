//! A visit 上门: one attendance for a work order. Stream `visit/<id>`, written by the device that opened it.
//!
//! `facts` are the values events carry, `events` the events, `state` the total fold,
//! `progress` what is done and missing, `timing` the promises, `duty` which of them were broken, `consent` statements signed before
//! the work, `attest` what the customer signs,
//! `command`/`decide` what may happen next, `mend` what a review leaves open, `moving` going on under a newer version
//! of the standard, `verdict` the lead's side of it,
//! `view` what the screens show.

pub mod attest;
pub mod command;
pub mod consent;
pub mod decide;
pub mod duty;
pub mod events;
pub mod facts;
pub mod mend;
pub mod moving;
pub mod progress;
pub mod state;
pub mod timing;
pub mod verdict;
pub mod view;

pub use facts::*;
