//! What Doorstep knows about the trade: work orders, visits, service standards, timing rules,
//! the events that record them and the total fold that turns events into what the screens show.
//!
//! Pure: no I/O, no async, no clock, no randomness. Time and ids are arguments.
//! Modules depend one way: `text`, `time`, `code` ← `event` ← `blob`, `standard`, `review` ← `order`, `day` ← `visit` ← `assess`, `staff`, `issue` ← `follow`.

pub mod assess;
pub mod blob;
pub mod code;
pub mod day;
pub mod desk;
pub mod event;
pub mod follow;
pub mod gear;
pub mod issue;
pub mod order;
pub mod review;
pub mod rows;
pub mod staff;
pub mod standard;
pub mod text;
pub mod time;
pub mod told;
pub mod visit;
pub mod wire;
