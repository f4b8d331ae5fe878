//! Assessments and staff cards at the hub: who may write them, and who hears of them.

use crate::error::Outcome;
use crate::people::Caller;
use crate::routing;
use crate::sql::{event, people};
use doorstep_domain::assess::events::{ASSESS_SCHEMA, AssessEvent};
use doorstep_domain::event::{Content, read_body};
use doorstep_domain::staff::person_of;
use doorstep_domain::wire::Role;
use rusqlite::Transaction;

/// Whether the caller may not write there; none for streams of other kinds. Only leads write about people, each about their own team;
/// an assessment has one writer besides, a card has every lead of the team.
pub(crate) fn stranger(
    tx: &Transaction<'_>,
    caller: &Caller,
    content: &Content,
) -> Outcome<Option<bool>> {
    if let Some(staff_no) = person_of(&content.stream) {
        return Ok(Some(!leads(tx, caller, staff_no)?));
    }
    if !content.stream.starts_with("assess/") {
        return Ok(None);
    }
    match read_body::<AssessEvent>(content, ASSESS_SCHEMA) {
        Some(AssessEvent::Begun { candidate, .. }) if !leads(tx, caller, &candidate.staff_no)? => {
            Ok(Some(true))
        }
        _ if caller.staff.role != Role::Lead => Ok(Some(true)),
        // what was not begun is nobody's yet: the first event says whom it is about
        Some(AssessEvent::Begun { .. }) => Ok(None),
        _ => Ok(event::writer_of(tx, &content.stream)?
            .is_none()
            .then_some(true)),
    }
}

/// Whether the caller leads the team of a person.
fn leads(tx: &Transaction<'_>, caller: &Caller, staff_no: &str) -> Outcome<bool> {
    let lead = &caller.staff;
    let person = people::staff(tx, staff_no)?;
    Ok(lead.role == Role::Lead && person.is_some_and(|p| p.team == lead.team))
}

/// An assessment goes to the person it is about, beside the leads.
pub(crate) fn note(tx: &Transaction<'_>, stream: &str, event: &AssessEvent) -> Outcome<()> {
    match event {
        AssessEvent::Begun { candidate, .. } => admit(tx, stream, &candidate.staff_no),
        _ => Ok(()),
    }
}

/// A card goes to the person whose it is, beside the leads.
pub(crate) fn note_card(tx: &Transaction<'_>, stream: &str) -> Outcome<()> {
    match person_of(stream) {
        Some(staff_no) => admit(tx, stream, staff_no),
        None => Ok(()),
    }
}

fn admit(tx: &Transaction<'_>, stream: &str, staff_no: &str) -> Outcome<()> {
    match people::staff(tx, staff_no)? {
        Some(person) => routing::admit_with_leads(tx, stream, &person),
        None => Ok(()),
    }
}
