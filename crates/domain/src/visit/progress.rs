//! What is done, and what is missing before submission.

use super::facts::*;
use super::state::VisitState;
use crate::day::DayState;
use crate::order::OrderState;
use crate::standard::{Evidence, Item, Pack, Phase, ReadingSpec, RowList};
use rust_decimal::Decimal;
use serde::Serialize;
use ts_rs::TS;

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ItemStatus {
    /// Nothing yet.
    Open,
    /// Begun: a photo, a slot or a reason is still missing.
    Partial,
    /// Done.
    Done,
    /// 不适用
    NotApplicable,
}

impl ItemStatus {
    /// Nothing more to do.
    #[must_use]
    pub fn settled(self) -> bool {
        matches!(self, ItemStatus::Done | ItemStatus::NotApplicable)
    }
}

/// Where an item stands. `day`, the day of departure or today, is needed only for kit items; without it they
/// count as open.
#[must_use]
pub fn item_status(
    item: &Item,
    visit: &VisitState,
    order: &OrderState,
    day: Option<&DayState>,
) -> ItemStatus {
    let answer = visit.answer(&item.id);
    if matches!(answer, Some(Answer::NotApplicable { .. })) {
        return ItemStatus::NotApplicable;
    }
    let proved = match &item.evidence {
        Evidence::Tick
        | Evidence::TickOrNa
        | Evidence::Text { .. }
        | Evidence::Choice { .. }
        | Evidence::Time
        | Evidence::Date
        | Evidence::AutoGear => status(answer.is_some()),
        Evidence::Consent { .. } => match visit.consent(&item.id) {
            Some(c) if c.value.given() => ItemStatus::Done,
            // refused: what waits for it stays closed
            Some(_) => ItemStatus::Partial,
            None => ItemStatus::Open,
        },
        Evidence::Photo => ItemStatus::Done,
        Evidence::Reading(spec) => reading_status(spec, answer, order),
        Evidence::Rows { list, min } => rows_status(*list, *min, visit, answer.is_some()),
        Evidence::AutoCall => status(
            visit
                .calls
                .iter()
                .any(|c| c.value.result == CallResult::Answered),
        ),
        Evidence::AutoAppointment => status(visit.appointment().is_some()),
        Evidence::AutoKit { kit } => kit_status(kit, visit, day),
        Evidence::AutoMilestone { milestone } => status(visit.reached(*milestone).is_some()),
        Evidence::Feedback => status(
            visit.feedback.is_some()
                || visit
                    .customer_signature
                    .as_ref()
                    .is_some_and(|s| s.value.outcome != SignOutcome::Signed),
        ),
        Evidence::CustomerSignature => status(visit.customer_signature.is_some()),
        Evidence::TechnicianSignature => status(visit.technician_signature.is_some()),
    };
    with_photos(item, visit, proved)
}

fn status(done: bool) -> ItemStatus {
    if done {
        ItemStatus::Done
    } else {
        ItemStatus::Open
    }
}

/// How many photos an item still wants. Device rows carry their own label photos.
#[must_use]
pub fn photos_wanted(item: &Item, visit: &VisitState) -> u32 {
    let Some(rule) = &item.photos else { return 0 };
    let own = visit
        .photos_of(&PhotoTarget::Item {
            item: item.id.clone(),
        })
        .count();
    let rows = match &item.evidence {
        Evidence::Rows { list, .. } => visit
            .rows()
            .iter()
            .filter(|(_, r)| r.list() == *list)
            .map(|(id, _)| {
                visit
                    .photos_of(&PhotoTarget::Row {
                        row: (*id).to_owned(),
                    })
                    .count()
            })
            .sum(),
        _ => 0,
    };
    u32::from(rule.min).saturating_sub(u32::try_from(own + rows).unwrap_or(u32::MAX))
}

fn with_photos(item: &Item, visit: &VisitState, proved: ItemStatus) -> ItemStatus {
    let own = visit
        .photos_of(&PhotoTarget::Item {
            item: item.id.clone(),
        })
        .next()
        .is_some();
    let wanted = photos_wanted(item, visit);
    match (&item.evidence, proved, wanted) {
        (Evidence::Photo, _, 0) => {
            let optional = item.photos.as_ref().is_none_or(|r| r.min == 0);
            if optional && !own && visit.answer(&item.id).is_none() {
                ItemStatus::Open
            } else {
                ItemStatus::Done
            }
        }
        (Evidence::Photo, _, _) if own => ItemStatus::Partial,
        (Evidence::Photo, _, _) => ItemStatus::Open,
        (_, ItemStatus::Done, 1..) => ItemStatus::Partial,
        (_, ItemStatus::Open, _) if own => ItemStatus::Partial,
        (_, proved, _) => proved,
    }
}

fn kit_status(kit: &str, visit: &VisitState, day: Option<&DayState>) -> ItemStatus {
    let pack = visit
        .opened
        .as_ref()
        .map(|o| o.pack.id.as_str())
        .unwrap_or_default();
    // Once departed, the check that let the technician leave stands, whatever was used up since.
    let departed = visit.reached(crate::standard::Milestone::Departed);
    match day.and_then(|d| d.kit(pack, kit)) {
        Some(check) if departed.is_some() || check.settled() => ItemStatus::Done,
        Some(_) => ItemStatus::Partial,
        None => ItemStatus::Open,
    }
}

fn rows_status(list: RowList, min: u8, visit: &VisitState, declared: bool) -> ItemStatus {
    let rows: Vec<_> = visit
        .rows()
        .into_iter()
        .filter(|(_, r)| r.list() == list)
        .collect();
    let enough = rows.len() >= usize::from(min.max(1));
    match list {
        RowList::Fees if rows.is_empty() => status(visit.no_fees()),
        RowList::Fees => {
            let agreed = |r: &RowData| {
                matches!(
                    r,
                    RowData::Fees {
                        told_at: Some(_),
                        agreed_at: Some(_),
                        ..
                    }
                )
            };
            if rows.iter().all(|(_, r)| agreed(r)) {
                ItemStatus::Done
            } else {
                ItemStatus::Partial
            }
        }
        _ if enough || (min == 0 && declared) => ItemStatus::Done,
        _ if rows.is_empty() => ItemStatus::Open,
        _ => ItemStatus::Partial,
    }
}

/// The limits of a reading, with the contracted rate worked in.
#[must_use]
pub fn limits(spec: &ReadingSpec, order: &OrderState) -> (Option<Decimal>, Option<Decimal>) {
    let contract = order.order.as_ref().and_then(|o| o.contracted_mbps);
    let share = spec
        .min_percent_of_contract
        .zip(contract)
        .map(|(percent, mbps)| Decimal::from(mbps) * Decimal::from(percent) / Decimal::ONE_HUNDRED);
    (share.map(|d| d.normalize()).or(spec.min), spec.max)
}

/// Whether a value lies inside the limits; none when there are none.
#[must_use]
pub fn within(value: Decimal, limits: (Option<Decimal>, Option<Decimal>)) -> Option<bool> {
    match limits {
        (None, None) => None,
        (min, max) => Some(min.is_none_or(|m| value >= m) && max.is_none_or(|m| value <= m)),
    }
}

fn reading_status(spec: &ReadingSpec, answer: Option<&Answer>, order: &OrderState) -> ItemStatus {
    let Some(Answer::Reading { values }) = answer else {
        return ItemStatus::Open;
    };
    let limits = limits(spec, order);
    let said = |v: &ReadingValue| v.reason.as_ref().is_some_and(|r| !r.trim().is_empty());
    let explained = |v: &ReadingValue| within(v.value, limits) != Some(false) || said(v);
    let last = spec.slots.last().map(|s| s.id.as_str());
    let settled = spec.slots.iter().all(|slot| match values.get(&slot.id) {
        // a value "before" the work may be bad: that is why somebody came
        Some(value) => Some(slot.id.as_str()) != last || explained(value),
        None => !slot.required,
    });
    match (settled && !values.is_empty(), values.is_empty()) {
        (true, _) => ItemStatus::Done,
        (false, true) => ItemStatus::Open,
        (false, false) => ItemStatus::Partial,
    }
}

/// What kind of thing is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MissingCode {
    /// A row is open.
    Item,
    /// Photos are missing (`count`).
    Photos,
    /// A required value of a reading is missing.
    Reading,
    /// A reading is out of limits and has no reason.
    ReadingReason,
    /// 有没有收费还没选
    Fees,
    /// A fee was not told or agreed.
    FeeAgreement,
    /// A device, or another row list, is empty.
    Rows,
    /// A question is unanswered.
    Question,
    /// The customer has not signed, nor is there a reason.
    CustomerSignature,
    /// The customer has not been asked for feedback.
    Feedback,
    /// The technician has not signed.
    TechnicianSignature,
    /// A milestone was not recorded (补录 possible).
    Milestone,
    /// No call or agreed time recorded.
    Appointment,
    /// The kit was not checked.
    Kit,
    /// The technician's own gear was not looked at.
    Gear,
    /// The statement was not signed, or was refused.
    Consent,
    /// Leave-note photo.
    LeaveNotePhoto,
    /// The tablet is still with the customer.
    Handover,
}

/// One missing thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing<'a> {
    /// What kind.
    pub code: MissingCode,
    /// Where.
    pub phase: Option<&'a Phase>,
    /// Which row.
    pub item: Option<&'a Item>,
    /// Which question.
    pub question: Option<&'a crate::standard::Question>,
    /// How many photos.
    pub count: u32,
}

impl<'a> Missing<'a> {
    fn plain(code: MissingCode) -> Missing<'a> {
        Missing {
            code,
            phase: None,
            item: None,
            question: None,
            count: 0,
        }
    }
}

/// Everything that keeps a visit from being submitted, in the pack's order. A visit can always be
/// submitted in the end: a signature may be replaced by its outcome and a reason.
#[must_use]
pub fn missing<'a>(
    visit: &VisitState,
    order: &OrderState,
    pack: &'a Pack,
    day: Option<&DayState>,
) -> Vec<Missing<'a>> {
    let outcome = visit.outcome_or_completed().kind();
    let mut list: Vec<Missing<'a>> = match outcome {
        OutcomeKind::NobodyHome => {
            let note = visit.photos_of(&PhotoTarget::LeaveNote).next().is_some();
            return if note {
                Vec::new()
            } else {
                vec![Missing::plain(MissingCode::LeaveNotePhoto)]
            };
        }
        OutcomeKind::Completed => missing_rows(visit, order, pack, day),
        OutcomeKind::Suspended | OutcomeKind::Returned => {
            missing_signatures(visit, order, pack, day)
        }
    };
    if visit.in_handover {
        list.push(Missing::plain(MissingCode::Handover));
    }
    list
}

fn missing_rows<'a>(
    visit: &VisitState,
    order: &OrderState,
    pack: &'a Pack,
    day: Option<&DayState>,
) -> Vec<Missing<'a>> {
    let facts = visit.facts();
    let situation = visit.situation(&facts);
    let mut list = Vec::new();
    for phase in &pack.phases {
        let asked = pack
            .facts
            .iter()
            .filter(|q| q.phase == phase.id && q.required);
        for q in asked.filter(|q| q.applies(&situation)) {
            if !facts.contains_key(&q.id) {
                let m = Missing {
                    phase: Some(phase),
                    question: Some(q),
                    ..Missing::plain(MissingCode::Question)
                };
                list.push(m);
            }
        }
        let items = phase.items.iter().filter(|i| i.applies(&situation));
        list.extend(items.filter_map(|i| missing_item(phase, i, visit, order, day)));
    }
    list
}

/// 挂起 and 退单 need no finished checklist, but who was let in asks for acknowledgement.
fn missing_signatures<'a>(
    visit: &VisitState,
    order: &OrderState,
    pack: &'a Pack,
    day: Option<&DayState>,
) -> Vec<Missing<'a>> {
    let entered = visit.reached(crate::standard::Milestone::Entered).is_some();
    let wanted = |i: &Item| match i.evidence {
        Evidence::CustomerSignature => entered,
        Evidence::TechnicianSignature => true,
        _ => false,
    };
    pack.items()
        .filter(|(_, i)| wanted(i))
        .filter_map(|(p, i)| missing_item(p, i, visit, order, day))
        .collect()
}

fn missing_item<'a>(
    phase: &'a Phase,
    item: &'a Item,
    visit: &VisitState,
    order: &OrderState,
    day: Option<&DayState>,
) -> Option<Missing<'a>> {
    let status = item_status(item, visit, order, day);
    if status.settled() || (!item.required && status == ItemStatus::Open) {
        return None;
    }
    let count = photos_wanted(item, visit);
    let partial = status == ItemStatus::Partial;
    let code = match &item.evidence {
        Evidence::Photo => MissingCode::Photos,
        Evidence::Rows {
            list: RowList::Fees,
            ..
        } if partial => MissingCode::FeeAgreement,
        Evidence::Rows {
            list: RowList::Fees,
            ..
        } => MissingCode::Fees,
        Evidence::Rows { .. } if partial && count > 0 => MissingCode::Photos,
        Evidence::Rows { .. } => MissingCode::Rows,
        Evidence::Reading(spec) => match visit.answer(&item.id) {
            answer @ Some(Answer::Reading { values }) => {
                let filled = spec
                    .slots
                    .iter()
                    .all(|s| !s.required || values.contains_key(&s.id));
                let explained = reading_status(spec, answer, order).settled();
                match (filled, explained) {
                    (true, true) => MissingCode::Photos,
                    (true, false) => MissingCode::ReadingReason,
                    (false, _) => MissingCode::Reading,
                }
            }
            _ => MissingCode::Reading,
        },
        Evidence::AutoCall | Evidence::AutoAppointment => MissingCode::Appointment,
        Evidence::AutoKit { .. } => MissingCode::Kit,
        Evidence::AutoGear => MissingCode::Gear,
        Evidence::Consent { .. } if visit.consent(&item.id).is_none_or(|c| !c.value.given()) => {
            MissingCode::Consent
        }
        Evidence::AutoMilestone { .. } => MissingCode::Milestone,
        Evidence::Feedback => MissingCode::Feedback,
        Evidence::CustomerSignature => MissingCode::CustomerSignature,
        Evidence::TechnicianSignature => MissingCode::TechnicianSignature,
        _ if partial && count > 0 && visit.answer(&item.id).is_some() => MissingCode::Photos,
        _ => MissingCode::Item,
    };
    Some(Missing {
        phase: Some(phase),
        item: Some(item),
        count,
        ..Missing::plain(code)
    })
}
