//! Sync: what the tablet tells the hub, and when.
//!
//! [`plan::plan`] is pure: a [`state::State`], a moment and a seed give a list of actions. The [`engine::Engine`]
//! carries them out over a [`link::Link`] and the store; [`http::HttpLink`] is the link that ships, and [`task::Task`] the
//! thread that goes on turn after turn. No clock and no generator of its own: both are passed in.

pub mod engine;
mod fork;
pub mod http;
pub mod link;
pub mod plan;
pub mod rng;
mod settle;
pub mod state;
pub mod status;
pub mod task;
mod upload;

#[cfg(test)]
mod plan_tests;
