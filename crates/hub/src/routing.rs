//! Who receives what. A stream has an audience: people and the leads of teams; their devices have queues.

use crate::error::Outcome;
use crate::sql::delivery::{self, Audience};
use crate::sql::{order, people};
use doorstep_domain::review::{stream_of, visit_of};
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

/// Puts an event into the queues of all who receive its stream now. A device whose backlog did not reach back to the
/// stream gets what came before, too: no fold begins in the middle.
pub(crate) fn announce(tx: &Transaction<'_>, stream: &str, pos: i64) -> Outcome<()> {
    for device in delivery::devices_of(tx, stream)? {
        if delivery::lacks_before(tx, &device, stream, pos)? {
            catch_up(tx, &device, stream)?;
        }
        delivery::enqueue(tx, &device, pos)?;
    }
    Ok(())
}

/// The whole history of a stream, and of a visit its order's and its review's, as far as the device receives them.
fn catch_up(tx: &Transaction<'_>, device: &str, stream: &str) -> Outcome<()> {
    let visit = visit_of(stream).unwrap_or_else(|| stream.to_owned());
    let order = order::visit(tx, &visit)?.map(|v| v.order_stream);
    let review = stream_of(&visit);
    let mut positions = Vec::new();
    for stream in order.into_iter().chain([visit]).chain(review) {
        if delivery::devices_of(tx, &stream)?
            .iter()
            .any(|d| d == device)
        {
            positions.extend(delivery::positions(tx, &stream)?);
        }
    }
    enqueue_all(tx, device, positions)
}

/// A stream's order is the order of its positions.
fn enqueue_all(tx: &Transaction<'_>, device: &str, mut positions: Vec<i64>) -> Outcome<()> {
    positions.sort_unstable();
    positions.dedup();
    for pos in positions {
        delivery::enqueue(tx, device, pos)?;
    }
    Ok(())
}

/// Whose streams a person's devices receive: their own, and the team's when they lead it.
fn audiences_of(who: &StaffCard) -> Vec<Audience<'_>> {
    let team = (who.role == Role::Lead).then_some(Audience::Team(&who.team));
    let own = Audience::Staff(&who.actor.staff_no);
    [own].into_iter().chain(team).collect()
}

/// What a device starts with: when it is enrolled, and when its person gets another role or team.
pub(crate) fn start(
    tx: &Transaction<'_>,
    device: &str,
    who: &StaffCard,
    now_ms: i64,
) -> Outcome<()> {
    fill(tx, device, who, now_ms.saturating_sub(HORIZON_MS)).map(drop)
}

/// Puts what moved since `since_ms` into a device's queue, as far as it is not there. Answers from when on the device has
/// everything; 0 when there is nothing earlier.
pub(crate) fn fill(
    tx: &Transaction<'_>,
    device: &str,
    who: &StaffCard,
    since_ms: i64,
) -> Outcome<i64> {
    let mut positions = Vec::new();
    for audience in audiences_of(who) {
        positions.extend(delivery::backlog(tx, audience, since_ms)?);
    }
    enqueue_all(tx, device, positions)?;
    let mut since_ms = since_ms.max(0);
    if !lacks_any(tx, device, who)? {
        since_ms = 0;
    }
    people::set_since(tx, device, since_ms)?;
    Ok(since_ms)
}

fn lacks_any(tx: &Transaction<'_>, device: &str, who: &StaffCard) -> Outcome<bool> {
    for audience in audiences_of(who) {
        if delivery::lacks_any(tx, device, audience)? {
            return Ok(true);
        }
    }
    Ok(false)
}
