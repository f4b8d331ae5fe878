//! The team lead's desk: the queue, one submission, its ticket, the day, earlier records. For leads only; the role comes from the
//! hub.

mod day;
pub mod dto;
mod export;
mod queue;
mod reach;
mod submission;
mod ticket;

pub(crate) use reach::{keep_team, team};

use crate::{AppError, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::event::Actor;
use doorstep_domain::order::OrderState;
use doorstep_domain::time::Moment;
use doorstep_domain::wire::Role;

/// First and last millisecond of the lead's day, the last one exclusive.
fn bounds(now: Moment) -> (i64, i64) {
    let midnight = Moment::parse_local(&format!("{} 00:00", now.date()), now.offset_min);
    let start = midnight.unwrap_or(now);
    (start.ms, start.plus_minutes(24 * 60).ms)
}

/// Whose an order is: by the hub's word, else this device's own technician.
fn whose(session: &Session, order: &OrderState) -> Actor {
    let assigned = order.assigned.clone();
    assigned.unwrap_or_else(|| session.technician.clone())
}

/// Only who leads a team, or looks after the company, sits at the desk: nobody without an office, and no technician.
pub(crate) fn lead_only(session: &Session) -> Outcome<()> {
    match session.office.as_ref().map(|o| o.role) {
        Some(Role::Lead | Role::Admin) => Ok(()),
        Some(Role::Technician | Role::Dispatcher) | None => Err(Code::LeadOnly.into()),
    }
}

/// What somebody else's visit pins is on its way by itself; nobody need do anything.
fn pack_travels(error: AppError) -> AppError {
    match error.refusal.code {
        Code::PackUnknown => AppError {
            refusal: Code::PackTravels.into(),
            ..error
        },
        _ => error,
    }
}
