//! The team lead's desk: the queue, one submission, the day. Whoever calls checks that the role is a lead's; it comes from the hub.

mod day;
pub mod dto;
mod export;
mod queue;
mod submission;

use crate::Session;
use doorstep_domain::event::Actor;
use doorstep_domain::order::OrderState;
use doorstep_domain::time::Moment;

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
