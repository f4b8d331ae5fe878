//! 技能考核: an exam that a lead runs with a technician, point by point, from a form that is data. Stream `assess/<id>`.
//!
//! `form` (what may be deducted) and `load` (reading and checking it) ← `events` ← `state` (the fold) ← `score` (what is left of the
//! points) ← `decide` (events or a refusal) and `view` (what the screens show).

pub mod decide;
pub mod events;
pub mod form;
pub mod load;
pub mod score;
pub mod state;
pub mod view;

/// The stream of an assessment by its id.
#[must_use]
pub fn stream_of(id: &str) -> String {
    format!("assess/{id}")
}
