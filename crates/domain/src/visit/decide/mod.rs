//! What may happen next: a command becomes events, or a typed refusal that changes nothing.

mod endings;
mod items;
mod rows;
mod signing;
mod way;

pub use rows::check_photo;
pub use signing::{check_signature, check_technician_signature};
pub use way::check_claim;

use super::attest::attested;
use super::command::Command;
use super::events::{ItemAnswer, VisitEvent};
use super::facts::*;
use super::mend::{Life, mends};
use super::progress::{item_status, missing, photos_wanted};
use super::state::VisitState;
use crate::code::{Code, Field, Refusal};
use crate::day::DayState;
use crate::event::Actor;
use crate::gear::GearState;
use crate::order::OrderState;
use crate::review::ReviewState;
use crate::standard::{Evidence, Item, Milestone, Pack, Phase, ReadingSpec, RowList, Sign, Stage};
use crate::time::{Day, Moment, Stamp};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Longest words a field takes, characters.
pub const MAX_WORDS: usize = 1000;

/// Everything a decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The visit.
    pub visit: &'a VisitState,
    /// Its order.
    pub order: &'a OrderState,
    /// Its pinned pack.
    pub pack: &'a Pack,
    /// The kit checks of the day of departure; before it, of today.
    pub day: Option<&'a DayState>,
    /// Its reviews; none where they do not matter, e.g. for an earlier submission as it was.
    pub review: Option<&'a ReviewState>,
    /// The technician's own gear; none on another's device.
    pub gear: Option<&'a GearState>,
    /// Now.
    pub now: &'a Stamp,
}

type Decision = Result<Vec<VisitEvent>, Refusal>;

/// Turns a command into events. `new_id` names a new row.
///
/// # Errors
/// A [`Refusal`] that says why not; the visit is then unchanged.
pub fn decide(ground: &Ground<'_>, command: &Command, new_id: &str) -> Decision {
    let visit = ground.in_force();
    let ground = ground.under(&visit);
    ground.allowed(command)?;
    let events = ground.translate(command, new_id)?;
    if !matches!(command, Command::ReopenSignature { .. }) {
        ground.keeps_signed_content(&events)?;
    }
    Ok(events)
}

impl Ground<'_> {
    /// Whether the kind of command fits the visit's life.
    fn allowed(&self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::RecordDelivery { .. } if self.visit.submitted() => return Ok(()),
            Command::RecordDelivery { .. } => return Err(Code::NotSubmitted.into()),
            Command::RevealPhone | Command::LogCall { .. } if self.visit.submitted() => {
                return Ok(());
            }
            // the tablet comes back from the customer even when the verdict has changed meanwhile
            Command::EndHandover if self.visit.in_handover => return Ok(()),
            _ => self.open()?,
        }
        if self.life() == Life::Mending && !mends(command) {
            return Err(Code::MendingOnly.into());
        }
        let customers = matches!(command, Command::EndHandover | Command::GiveFeedback { .. });
        match (self.visit.in_handover, customers) {
            (true, false) => Err(Code::InHandover.into()),
            (false, true) => Err(Code::NotInHandover.into()),
            _ => Ok(()),
        }
    }

    pub(in crate::visit) fn open(&self) -> Result<(), Refusal> {
        if self.visit.opened.is_none() {
            return Err(Code::VisitNotOpen.into());
        }
        match self.life() {
            Life::Open | Life::Mending => Ok(()),
            Life::Approved => Err(Code::AlreadyApproved.into()),
            Life::Submitted | Life::Rework => Err(Code::VisitSubmitted.into()),
        }
    }

    fn translate(&self, command: &Command, new_id: &str) -> Decision {
        match command.clone() {
            Command::RevealPhone => one(VisitEvent::PhoneRevealed {}),
            Command::LogCall { call } => {
                fits(call.note.as_deref())?;
                one(VisitEvent::CallLogged { call })
            }
            Command::AgreeAppointment {
                start,
                end,
                proposed_by,
                note,
            } => {
                // a second time is a change, and a change says why
                if self.visit.appointment().is_some() {
                    return Err(Code::ReasonMissing.into());
                }
                self.appoint(Appointment {
                    start,
                    end,
                    proposed_by,
                    note,
                    change: None,
                })
            }
            Command::ChangeAppointment {
                start,
                end,
                proposed_by,
                note,
                reason,
                cause,
                notified_at,
            } => {
                words(&reason, Code::ReasonMissing, true)?;
                self.not_future(notified_at)?;
                let was = self.promised_start()?;
                let change = Some(Change {
                    reason,
                    cause,
                    notified_at,
                    was,
                });
                self.appoint(Appointment {
                    start,
                    end,
                    proposed_by,
                    note,
                    change,
                })
            }
            Command::Reach { milestone, claim } => self.reach(milestone, claim),
            Command::Answer { item, claim } => self.answer(item, claim),
            Command::TickPhase { phase } => self.tick_phase(&phase),
            Command::Clear { item } => {
                self.active(&item)?;
                one(VisitEvent::ItemCleared { item })
            }
            Command::SetFact { fact, value } => {
                if !self.pack.facts.iter().any(|q| q.id == fact) {
                    return Err(Refusal::new(Code::ItemUnknown).with("item", fact));
                }
                one(VisitEvent::FactSet { fact, value })
            }
            Command::PutRow { row_id, row } => {
                self.put_row(row_id.as_deref().unwrap_or(new_id), row)
            }
            Command::RemoveRow { list, row_id } => {
                self.row(list, &row_id)?;
                one(VisitEvent::RowRemoved { list, row_id })
            }
            Command::DeclareNoFees { none } => {
                let fees = self
                    .visit
                    .rows()
                    .iter()
                    .any(|(_, r)| r.list() == RowList::Fees);
                if none && fees {
                    Err(Code::FeesContradict.into())
                } else {
                    one(VisitEvent::NoFees { none })
                }
            }
            other => self.translate_rest(other),
        }
    }

    fn translate_rest(&self, command: Command) -> Decision {
        match command {
            Command::RemovePhoto { photo } => {
                if !self.visit.photos.iter().any(|p| p.value.id == photo) {
                    return Err(Code::PhotoUnknown.into());
                }
                one(VisitEvent::PhotoRemoved { photo })
            }
            Command::AddCompanion { staff_no, name } => self.add_companion(&staff_no, &name),
            Command::RemoveCompanion { staff_no } => one(VisitEvent::CompanionRemoved { staff_no }),
            Command::NobodyHome {
                cause,
                contact,
                person,
                note,
            } => self.nobody_home(cause, &contact, &person, note),
            Command::SetOutcome { outcome } => self.set_outcome(outcome),
            Command::StartHandover => {
                if self.visit.customer_signature.is_some() {
                    return Err(Code::AlreadySigned.into());
                }
                self.ready_for_signature()?;
                one(VisitEvent::HandoverStarted { consent: None })
            }
            Command::StartConsent { item } => {
                self.consent_open(&item)?;
                one(VisitEvent::HandoverStarted {
                    consent: Some(item),
                })
            }
            Command::CheckGear { item, reason } => self.check_gear(&item, reason),
            Command::EndHandover => one(VisitEvent::HandoverEnded {}),
            Command::GiveFeedback { feedback } => self.give_feedback(feedback),
            Command::ReopenSignature { reason } => {
                words(&reason, Code::ReasonMissing, true)?;
                if self.visit.customer_signature.is_none() {
                    return Err(Code::NotSubmitted.into());
                }
                one(VisitEvent::SignatureReopened { reason })
            }
            Command::CannotMend { reason } => self.cannot_mend(reason),
            Command::Submit => self.submit(),
            Command::RecordDelivery { delivery } => {
                fits(delivery.note.as_deref())?;
                one(VisitEvent::DeliveryRecorded { delivery })
            }
            Command::Undo => {
                let last = self.visit.taps.last().ok_or(Code::NothingToUndo)?;
                one(VisitEvent::Undone {
                    target: last.event.clone(),
                })
            }
            _ => Err(Code::BadRequest.into()),
        }
    }
}

fn one(event: VisitEvent) -> Decision {
    Ok(vec![event])
}

pub(in crate::visit) fn fits(text: Option<&str>) -> Result<(), Refusal> {
    if text.is_some_and(|t| t.chars().count() > MAX_WORDS) {
        return Err(Refusal::new(Code::TextTooLong).with("max", MAX_WORDS));
    }
    Ok(())
}

pub(in crate::visit) fn words(text: &str, missing: Code, required: bool) -> Result<(), Refusal> {
    fits(Some(text))?;
    if required && text.trim().is_empty() {
        Err(missing.into())
    } else {
        Ok(())
    }
}
