//! What is left of the points, and what the signatures bind.

use super::form::{Form, Row, Section, Total};
use super::state::AssessState;
use crate::event::{Actor, sha256_hex};
use serde::Serialize;

/// Points that a row has cost: what was deducted, no more than the row can cost.
#[must_use]
pub fn lost_in_row(state: &AssessState, row: &Row) -> u32 {
    let all = state
        .of_row(&row.id)
        .fold(0_u32, |n, d| n.saturating_add(d.points));
    row.limit().map_or(all, |most| all.min(most))
}

/// Points that a section has cost: never more than it has.
#[must_use]
pub fn lost_in_section(state: &AssessState, section: &Section) -> u32 {
    lost_on(state, section, |_| true)
}

fn lost_on(state: &AssessState, section: &Section, counts: impl Fn(&Row) -> bool) -> u32 {
    let rows = section.rows.iter().filter(|r| counts(r));
    let all = rows.fold(0_u32, |n, r| n.saturating_add(lost_in_row(state, r)));
    all.min(section.points)
}

/// What is left of a sheet under one way to count: never below 0.
#[must_use]
pub fn left_on_sheet(form: &Form, state: &AssessState, total: &Total, sheet: &str) -> u32 {
    let sections = form.sections.iter();
    let lost = sections.fold(0_u32, |n, s| {
        n.saturating_add(lost_on(state, s, |r| r.sheet == sheet))
    });
    let begins = total.points.get(sheet).copied().unwrap_or(0);
    begins.saturating_sub(lost)
}

/// The score under one way to count, 0 to 100.
#[must_use]
pub fn score(form: &Form, state: &AssessState, total: &Total) -> u32 {
    let sheets = form.sheets.iter();
    sheets.fold(0, |n, s| {
        n.saturating_add(left_on_sheet(form, state, total, &s.id))
    })
}

/// The score under the way that was chosen.
#[must_use]
pub fn chosen_score(form: &Form, state: &AssessState) -> Option<u32> {
    let total = form.total(&state.choice.as_ref()?.total)?;
    Some(score(form, state, total))
}

/// What both sign. **The order of the fields is part of the digest.**
#[derive(Serialize)]
struct Bound<'a> {
    stream: &'a str,
    form: &'a str,
    candidate: &'a Actor,
    examiner: &'a Actor,
    total: Option<&'a str>,
    why: Option<&'a str>,
    score: Option<u32>,
    lost: Vec<(&'a str, u32, u32)>,
    timers: Vec<(&'a str, u64)>,
    notes: &'a [String],
}

/// SHA-256 of what both sign; none before it began. Clocks must stand, or it would change by itself.
#[must_use]
pub fn digest(form: &Form, state: &AssessState) -> Option<String> {
    let begun = state.begun.as_ref()?;
    let stand = |id: &str| state.ran_ms(id, &begun.at);
    let bound = Bound {
        stream: &state.stream,
        form: &begun.form.hash,
        candidate: &begun.candidate,
        examiner: &begun.examiner,
        total: state.choice.as_ref().map(|c| c.total.as_str()),
        why: state.choice.as_ref().map(|c| c.note.as_str()),
        score: chosen_score(form, state),
        lost: form
            .rows()
            .map(|r| {
                let times = u32::try_from(state.of_row(&r.id).count()).unwrap_or(u32::MAX);
                (r.id.as_str(), times, lost_in_row(state, r))
            })
            .filter(|(_, times, _)| *times > 0)
            .collect(),
        timers: form
            .timers
            .iter()
            .map(|t| (t.id.as_str(), stand(&t.id)))
            .collect(),
        notes: &state.notes,
    };
    let text = serde_json::to_vec(&bound).ok()?;
    Some(sha256_hex(&text))
}
