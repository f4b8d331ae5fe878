//! What a lead's device hears of the team, how far back its queue reaches, and what follows when somebody gets another role
//! or another team.

use crate::call::Call;
use crate::error::{HubError, Outcome};
use crate::hub::{self, Hub};
use crate::people::Caller;
use crate::routing;
use crate::sql::delivery::{self, Audience};
use crate::sql::people::Device;
use crate::sql::{order, people};
use doorstep_domain::wire::{Backlog, BacklogRequest, ProblemCode, Role, StaffCard, TeamNews};
use rusqlite::Transaction;

/// Who may ask for more of a team's history.
const LEADS: [Role; 1] = [Role::Lead];

impl Hub {
    /// `POST /v1/backlog`: puts the team's history from an earlier moment on into this device's queue. What is there
    /// already stays where it is, so that asking again changes nothing.
    ///
    /// # Errors
    /// [`ProblemCode::RoleForbids`] unless a lead asks, [`ProblemCode::DeviceRevoked`]; storage trouble.
    pub fn reach_back(
        &mut self,
        caller: &Caller,
        request: BacklogRequest,
        call: &Call,
    ) -> Outcome<Backlog> {
        caller.must_be(&LEADS)?;
        self.write(|tx| {
            people::seen(tx, &caller.device, call.now_ms())?;
            let before = device(tx, &caller.device)?.since_ms;
            let since_ms = match request.since_ms < before {
                true => routing::fill(tx, &caller.device, &caller.staff, request.since_ms)?,
                false => before,
            };
            Ok(Backlog {
                since_ms,
                epoch: hub::epoch(tx)?,
                queued_through: device(tx, &caller.device)?.queued,
            })
        })
    }
}

fn device(tx: &Transaction<'_>, id: &str) -> Outcome<Device> {
    people::device(tx, id)?.ok_or_else(|| HubError::refused(ProblemCode::TokenUnknown))
}

/// What a lead's device is told with every answer; nothing to anybody else, nor to a revoked one.
pub(crate) fn news(
    tx: &Transaction<'_>,
    caller: &Caller,
    device: &Device,
) -> Outcome<Option<TeamNews>> {
    if caller.staff.role != Role::Lead || device.revoked_ms.is_some() {
        return Ok(None);
    }
    Ok(Some(TeamNews {
        since_ms: device.since_ms,
        contacts: people::contacts(tx, &caller.staff.team)?,
    }))
}

/// Writes a person down. With another role or team, what the new leads have to read comes to them, and what is only begun
/// goes where the person went. What the old team's visits were stays the old team's.
pub(crate) fn put_staff(tx: &Transaction<'_>, card: &StaffCard, call: &Call) -> Outcome<()> {
    let before = people::staff(tx, &card.actor.staff_no)?;
    people::put_staff(tx, card)?;
    let Some(before) = before.filter(|b| (b.role, &b.team) != (card.role, &card.team)) else {
        return Ok(());
    };
    if before.team != card.team {
        orders_follow(tx, &before.team, card)?;
    }
    for device in people::devices_of(tx, &card.actor.staff_no)? {
        routing::start(tx, &device.id, card, call.now_ms())?;
    }
    Ok(())
}

/// Orders that are still to be done go to the leads of the new team, with their visits; those of the old one hear no more of
/// them.
fn orders_follow(tx: &Transaction<'_>, old_team: &str, card: &StaffCard) -> Outcome<()> {
    for stream in order::open_of(tx, &card.actor.staff_no)? {
        delivery::remove(tx, &stream, Audience::Team(old_team))?;
        routing::admit_with_leads(tx, &stream, card)?;
        for visit in order::visits_of(tx, &stream)? {
            routing::admit_with_leads(tx, &visit.stream, card)?;
            routing::admit_review(tx, &visit.stream, card)?;
        }
    }
    Ok(())
}
