//! The lead's side of a review: what may be decided on a submission.

use super::decide::MAX_WORDS;
use super::state::VisitState;
use crate::code::{Code, Refusal};
use crate::review::{Given, NewVerdict, ReviewEvent, ReviewState, Score, Verdict, VerdictReason};
use std::collections::BTreeSet;

/// Most reasons of one verdict.
const MOST_REASONS: usize = 100;
/// Most characters of a verdict's reasons and note together: an event holds them whatever the script.
const MOST_CHARS: usize = 10_000;
/// Longest id that a reason can name, characters.
const ID_CHARS: usize = 100;

/// Turns a verdict into its event. Only the newest submission is judged; a verdict that stands is replaced by saying so, with a
/// reason (无法补救 is accepted this way), and an approval is final.
///
/// # Errors
/// [`Code::SubmissionUnknown`], [`Code::SubmissionReplaced`], [`Code::AlreadyApproved`], [`Code::AlreadyReviewed`],
/// [`Code::ReasonsMissing`], [`Code::TextTooLong`], [`Code::BadRequest`] for scores outside 1 to 5 or given twice.
pub fn give(
    visit: &VisitState,
    review: &ReviewState,
    new: &NewVerdict,
) -> Result<ReviewEvent, Refusal> {
    judged(visit, review, new.submission)?;
    let reasons = reasons(&new.reasons)?;
    let note = new.note.as_deref().map(str::trim).unwrap_or_default();
    check_length(&reasons, note)?;
    check_scores(&new.scores)?;
    let standing = review.standing(new.submission);
    if let Some(given) = standing.filter(|g| g.verdict == new.verdict) {
        return Err(already(Code::AlreadyReviewed, given));
    }
    if reasons.is_empty() && (new.verdict != Verdict::Approved || standing.is_some()) {
        return Err(Code::ReasonsMissing.into());
    }
    Ok(ReviewEvent::Given {
        visit: visit.stream.clone(),
        submission: new.submission,
        verdict: new.verdict,
        reasons,
        note: Some(note.to_owned()).filter(|n| !n.is_empty()),
        scores: new.scores.clone(),
        sampled: review.sampled(new.submission),
        together: false,
        instead_of: standing.map(|g| g.event.clone()),
    })
}

/// One of many submissions without flags that are approved together, or (`sample`) picked for a full read instead.
///
/// # Errors
/// As [`give`]; [`Code::AlreadyReviewed`] also for a submission that waits for its full read.
pub fn give_together(
    visit: &VisitState,
    review: &ReviewState,
    submission: u32,
    sample: bool,
) -> Result<ReviewEvent, Refusal> {
    judged(visit, review, submission)?;
    if let Some(given) = review.standing(submission) {
        return Err(already(Code::AlreadyReviewed, given));
    }
    if review.sampled(submission) {
        return Err(Code::AlreadyReviewed.into());
    }
    let visit = visit.stream.clone();
    Ok(match sample {
        true => ReviewEvent::Sampled { visit, submission },
        false => ReviewEvent::Given {
            visit,
            submission,
            verdict: Verdict::Approved,
            reasons: Vec::new(),
            note: None,
            scores: Vec::new(),
            sampled: false,
            together: true,
            instead_of: None,
        },
    })
}

/// The submission is there, is the newest, and is not approved.
fn judged(visit: &VisitState, review: &ReviewState, n: u32) -> Result<(), Refusal> {
    if !visit.submissions.iter().any(|s| s.n == n) {
        return Err(Code::SubmissionUnknown.into());
    }
    if visit.submissions.last().is_some_and(|s| s.n != n) {
        return Err(Code::SubmissionReplaced.into());
    }
    match review.standing(n) {
        Some(given) if given.verdict == Verdict::Approved => {
            Err(already(Code::AlreadyApproved, given))
        }
        _ => Ok(()),
    }
}

fn already(code: Code, given: &Given) -> Refusal {
    Refusal::new(code).with("by", &given.by.name)
}

fn reasons(given: &[VerdictReason]) -> Result<Vec<VerdictReason>, Refusal> {
    let mut all = Vec::with_capacity(given.len());
    for one in given {
        let reason = one.reason.trim().to_owned();
        if reason.is_empty() {
            return Err(Code::ReasonsMissing.into());
        }
        if reason.chars().count() > MAX_WORDS {
            return Err(Refusal::new(Code::TextTooLong).with("max", MAX_WORDS));
        }
        let item = one.item.clone().filter(|id| !id.is_empty());
        all.push(VerdictReason { item, reason });
    }
    Ok(all)
}

fn check_length(reasons: &[VerdictReason], note: &str) -> Result<(), Refusal> {
    let id = |r: &VerdictReason| r.item.as_ref().map_or(0, |id| id.chars().count());
    if reasons.len() > MOST_REASONS || reasons.iter().any(|r| id(r) > ID_CHARS) {
        return Err(Code::BadRequest.into());
    }
    if note.chars().count() > MAX_WORDS {
        return Err(Refusal::new(Code::TextTooLong).with("max", MAX_WORDS));
    }
    let words: usize = reasons.iter().map(|r| r.reason.chars().count()).sum();
    match words > MOST_CHARS {
        true => Err(Refusal::new(Code::TextTooLong).with("max", MOST_CHARS)),
        false => Ok(()),
    }
}

fn check_scores(scores: &[Score]) -> Result<(), Refusal> {
    let names: BTreeSet<_> = scores.iter().map(|s| s.name).collect();
    let sound = |s: &Score| (1..=5).contains(&s.points);
    match names.len() == scores.len() && scores.iter().all(sound) {
        true => Ok(()),
        false => Err(Code::BadRequest.into()),
    }
}
