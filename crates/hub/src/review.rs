//! Reviews at the hub: who may write them, which verdict came second, and who hears of it.
//!
//! Leads give verdicts offline and on several devices. The first that arrives here stands; whoever comes later without having
//! seen it is flagged `second_verdict`, and an event of the hub's own says so to everybody, so that every fold agrees.

use crate::call::Call;
use crate::error::Outcome;
use crate::hub;
use crate::orders::office;
use crate::people::Caller;
use crate::routing;
use crate::sql::{delivery, event, order};
use doorstep_domain::event::{Content, Sealed};
use doorstep_domain::review::{
    REVIEW_SCHEMA, ReviewEvent, ReviewState, Verdict, stream_of, visit_of,
};
use doorstep_domain::wire::Role;
use rusqlite::Transaction;

/// Whether this event may not be in a review: only leads whose team receives the visit write there, and what came late or
/// broke a rule is said by the hub alone.
pub(crate) fn foreign(
    tx: &Transaction<'_>,
    caller: &Caller,
    content: &Content,
    event: &ReviewEvent,
) -> Outcome<bool> {
    let hubs_own = matches!(
        event,
        ReviewEvent::Late { .. } | ReviewEvent::Flagged { .. }
    );
    Ok(hubs_own || stranger(tx, caller, &content.stream)?)
}

/// Whether the caller may not write to a review at all. Of a visit that the hub does not know (it came back from a backup) any
/// lead may speak; nobody but that lead's team hears of it before the visit is there.
pub(crate) fn stranger(tx: &Transaction<'_>, caller: &Caller, stream: &str) -> Outcome<bool> {
    let staff = &caller.staff;
    let Some(visit) = visit_of(stream).filter(|_| staff.role == Role::Lead) else {
        return Ok(true);
    };
    Ok(match order::visit(tx, &visit)? {
        Some(_) => !delivery::led_by(tx, &visit, &staff.team)?,
        None => false,
    })
}

/// Rules that a person has to look at when they are broken.
pub(crate) fn judge(
    tx: &Transaction<'_>,
    stream: &str,
    event: &ReviewEvent,
) -> Outcome<Option<&'static str>> {
    let submission = match event {
        ReviewEvent::Given { submission, .. } | ReviewEvent::Sampled { submission, .. } => {
            *submission
        }
        ReviewEvent::Late { .. } | ReviewEvent::Flagged { .. } => return Ok(None),
    };
    let visit = order::visit(tx, &visit_of(stream).unwrap_or_default())?;
    let known = visit.is_some_and(|v| (1..=v.submissions).contains(&submission));
    Ok((!known).then_some("submission_unknown"))
}

/// The verdict that stands already, when a new one does not know of it. To be asked before the new one is in.
pub(crate) fn second(
    tx: &Transaction<'_>,
    content: &Content,
    event: &ReviewEvent,
) -> Outcome<Option<String>> {
    let ReviewEvent::Given {
        submission,
        instead_of,
        ..
    } = event
    else {
        return Ok(None);
    };
    let review = state(tx, &content.stream)?;
    let stands = review.standing(*submission).map(|g| g.event.clone());
    Ok(stands.filter(|id| Some(id) != instead_of.as_ref()))
}

/// Says to everybody that a verdict came too late, before they hear the verdict itself.
pub(crate) fn tell_late(
    tx: &Transaction<'_>,
    call: &Call,
    content: &Content,
    stands: &str,
) -> Outcome<()> {
    let submission = content.body.get("submission").and_then(|n| n.as_u64());
    let late = ReviewEvent::Late {
        visit: visit_of(&content.stream).unwrap_or_default(),
        submission: submission.and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        given: content.id.clone(),
        stands: stands.to_owned(),
    };
    let place = (content.stream.as_str(), REVIEW_SCHEMA);
    let pos = hub::append_own(tx, call, &office(), place, &late)?;
    routing::announce(tx, &content.stream, pos)
}

/// Says to everybody who receives a visit that an event about it broke a rule; once for each rule.
pub(crate) fn tell_flag(
    tx: &Transaction<'_>,
    call: &Call,
    content: &Content,
    reason: &str,
) -> Outcome<()> {
    let about = visit_of(&content.stream).unwrap_or_else(|| content.stream.clone());
    let Some(stream) = stream_of(&about) else {
        // an order or a day: no visit to flag
        return Ok(());
    };
    if state(tx, &stream)?.flags().any(|told| told == reason) {
        return Ok(());
    }
    let flagged = ReviewEvent::Flagged {
        visit: about,
        event: content.id.clone(),
        reason: reason.to_owned(),
    };
    let pos = hub::append_own(tx, call, &office(), (&stream, REVIEW_SCHEMA), &flagged)?;
    routing::announce(tx, &stream, pos)
}

/// Whether a submission was sent back for mending.
pub(crate) fn sent_back(tx: &Transaction<'_>, visit: &str, submission: u32) -> Outcome<bool> {
    let review = state(tx, &stream_of(visit).unwrap_or_default())?;
    let standing = review.standing(submission).map(|g| g.verdict);
    Ok(standing == Some(Verdict::Returned))
}

/// The fold of a review as the hub knows it.
fn state(tx: &Transaction<'_>, stream: &str) -> Outcome<ReviewState> {
    let mut state = ReviewState::default();
    for text in event::texts(tx, stream)? {
        // every text here was read when it was taken
        if let Ok(sealed) = Sealed::parse(text) {
            state.apply(&sealed.content);
        }
    }
    Ok(state)
}
