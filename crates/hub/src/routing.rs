//! Who receives what. A stream has an audience: people and the leads of teams; their devices have queues.

use crate::error::Outcome;
use crate::sql::delivery::{self, Audience};
use doorstep_domain::review::stream_of;
use doorstep_domain::wire::{Role, StaffCard};
use rusqlite::Transaction;

/// How far back a new device's first deliveries reach, beside the orders that are still to be done.
pub const HORIZON_MS: i64 = 30 * 24 * 3_600_000;

/// Adds a recipient to a stream; a new one receives its whole history.
pub(crate) fn admit(tx: &Transaction<'_>, stream: &str, audience: Audience<'_>) -> Outcome<()> {
    if !delivery::add(tx, stream, audience)? {
        return Ok(());
    }
    let positions = delivery::positions(tx, stream)?;
    for device in delivery::devices_in(tx, audience)? {
        for pos in &positions {
            delivery::enqueue(tx, &device, *pos)?;
        }
    }
    Ok(())
}

/// A stream goes to a person and to the leads of that person's team.
pub(crate) fn admit_with_leads(tx: &Transaction<'_>, stream: &str, who: &StaffCard) -> Outcome<()> {
    admit(tx, stream, Audience::Staff(&who.actor.staff_no))?;
    admit(tx, stream, Audience::Team(&who.team))
}

/// A stream goes to all who receive another one now.
pub(crate) fn admit_like(tx: &Transaction<'_>, stream: &str, other: &str) -> Outcome<()> {
    let (people, teams) = delivery::audiences(tx, other)?;
    for staff_no in &people {
        admit(tx, stream, Audience::Staff(staff_no))?;
    }
    for team in &teams {
        admit(tx, stream, Audience::Team(team))?;
    }
    Ok(())
}

/// What is said of a visit goes to the same person and the same leads as the visit.
pub(crate) fn admit_review(tx: &Transaction<'_>, visit: &str, who: &StaffCard) -> Outcome<()> {
    match stream_of(visit) {
        Some(review) => admit_with_leads(tx, &review, who),
        None => Ok(()),
    }
}

/// Whether a stream is this person's business: they receive it, or their team's leads do.
pub(crate) fn concerns(tx: &Transaction<'_>, stream: &str, who: &StaffCard) -> Outcome<bool> {
    delivery::may_see(tx, stream, &who.actor.staff_no, Some(&who.team))
}

/// Puts an event into the queues of all who receive its stream now.
pub(crate) fn announce(tx: &Transaction<'_>, stream: &str, pos: i64) -> Outcome<()> {
    for device in delivery::devices_of(tx, stream)? {
        delivery::enqueue(tx, &device, pos)?;
    }
    Ok(())
}

/// What a newly enrolled device starts with.
pub(crate) fn start(
    tx: &Transaction<'_>,
    device: &str,
    who: &StaffCard,
    now_ms: i64,
) -> Outcome<()> {
    let since = now_ms.saturating_sub(HORIZON_MS);
    let mut positions = delivery::backlog(tx, Audience::Staff(&who.actor.staff_no), since)?;
    if who.role == Role::Lead {
        positions.extend(delivery::backlog(tx, Audience::Team(&who.team), since)?);
    }
    // a stream's order is the order of its positions
    positions.sort_unstable();
    positions.dedup();
    for pos in positions {
        delivery::enqueue(tx, device, pos)?;
    }
    Ok(())
}
