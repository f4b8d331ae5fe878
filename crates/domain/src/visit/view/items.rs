//! Rows of the walk-through in one language.

use super::*;
use crate::day::{DayState, KitCheck};
use crate::gear::gear_views;
use crate::order::OrderState;
use crate::standard::{Chip, Evidence, Item, ReadingSpec};
use crate::text::Lang;
use crate::visit::consent::Consent;
use crate::visit::decide::Ground;
use crate::visit::duty;
use crate::visit::progress::{item_status, limits, within};
use crate::visit::state::{Recorded, VisitState};
use std::collections::BTreeSet;

pub(super) fn chips(list: &[Chip], lang: Lang) -> Vec<ChipView> {
    let one = |c: &Chip| ChipView {
        id: c.id.clone(),
        text: c.text.get(lang).to_owned(),
        customer: c.customer.as_ref().map(|t| t.get(lang).to_owned()),
        not_ours: c.not_ours,
    };
    list.iter().map(one).collect()
}

pub(super) fn photo_view(photo: &Recorded<Photo>) -> PhotoView {
    let p = &photo.value;
    PhotoView {
        id: p.id.clone(),
        target: p.target.clone(),
        sha256: p.sha256.clone(),
        thumb_sha256: p.thumb_sha256.clone(),
        width: p.width,
        height: p.height,
        at: photo.at.moment(),
    }
}

pub(super) fn item_view(ground: &Ground<'_>, item: &Item, frozen: bool, lang: Lang) -> ItemView {
    let visit = ground.visit;
    let status = item_status(item, visit, ground.order, ground.day);
    let blocker = if status.settled() {
        None
    } else {
        ground.blocker(item, &BTreeSet::new())
    };
    let target = PhotoTarget::Item {
        item: item.id.clone(),
    };
    ItemView {
        id: item.id.clone(),
        text: item.text.get(lang).to_owned(),
        note: item.note.as_ref().map(|t| t.get(lang).to_owned()),
        evidence: evidence_view(ground, item, lang),
        required: item.required,
        mismatch: item.mismatch,
        status,
        blocked_by: blocker.map(|b| b.text.get(lang).to_owned()),
        frozen,
        answer: visit.answer(&item.id).cloned(),
        at: item_time(visit, ground.day, &ground.pack.id, item),
        late: item_claim(visit, ground.day, &ground.pack.id, item).map(|(claim, _)| claim),
        photos: visit.photos_of(&target).map(photo_view).collect(),
        photo_rule: item.photos.as_ref().map(|r| PhotoRuleView {
            min: r.min,
            of: r.of.get(lang).to_owned(),
        }),
        na_reasons: chips(&item.na_reasons, lang),
        clauses: item.clauses.clone(),
    }
}

/// When an item was done: answered, or recorded by what proves it.
#[must_use]
pub fn item_time(
    visit: &VisitState,
    day: Option<&DayState>,
    pack: &str,
    item: &Item,
) -> Option<Moment> {
    match &item.evidence {
        Evidence::AutoCall => {
            let answered = |c: &&Recorded<Call>| c.value.result == CallResult::Answered;
            visit.calls.iter().rev().find(answered).map(Recorded::when)
        }
        Evidence::AutoAppointment => visit.appointment().map(|a| a.at.moment()),
        Evidence::AutoKit { kit } => kit_check(visit, day?, pack, kit).map(|c| c.at),
        Evidence::AutoMilestone { milestone } => visit.reached(*milestone).map(Recorded::when),
        Evidence::Feedback => visit.feedback.as_ref().map(Recorded::when),
        Evidence::CustomerSignature => visit.customer_signature.as_ref().map(Recorded::when),
        Evidence::TechnicianSignature => visit.technician_signature.as_ref().map(Recorded::when),
        Evidence::Consent { .. } => visit.consent(&item.id).map(Recorded::when),
        _ => visit.answered(&item.id).map(Recorded::when),
    }
}

/// The kit check that a visit rests on.
#[must_use]
pub fn kit_check<'a>(
    visit: &VisitState,
    day: &'a DayState,
    pack: &str,
    kit: &str,
) -> Option<&'a KitCheck> {
    match visit.reached(Milestone::Departed) {
        Some(departed) => day.kit_at(pack, kit, departed.when()),
        None => day.kit(pack, kit),
    }
}

/// 补录 of an item: why and when it is said to have been done, and when it was entered.
#[must_use]
pub fn item_claim(
    visit: &VisitState,
    day: Option<&DayState>,
    pack: &str,
    item: &Item,
) -> Option<(Claim, Moment)> {
    let recorded = |c: &Option<Claim>, entered: Moment| c.clone().map(|c| (c, entered));
    match &item.evidence {
        Evidence::AutoKit { kit } => {
            let check = kit_check(visit, day?, pack, kit)?;
            recorded(&check.claim, check.entered_at)
        }
        Evidence::AutoMilestone { milestone } => {
            let reached = visit.reached(*milestone)?;
            recorded(&reached.claim, reached.at.moment())
        }
        _ => {
            let answered = visit.answered(&item.id)?;
            recorded(&answered.claim, answered.at.moment())
        }
    }
}

fn evidence_view(ground: &Ground<'_>, item: &Item, lang: Lang) -> EvidenceView {
    match &item.evidence {
        Evidence::Tick => EvidenceView::Tick,
        Evidence::TickOrNa => EvidenceView::TickOrNa,
        Evidence::Photo => EvidenceView::Photo,
        Evidence::Text { hint } => EvidenceView::Text {
            hint: hint.as_ref().map(|t| t.get(lang).to_owned()),
        },
        Evidence::Reading(spec) => EvidenceView::Reading {
            spec: reading_view(spec, ground.visit.answer(&item.id), ground.order, lang),
        },
        Evidence::Choice { options } => EvidenceView::Choice {
            options: chips(options, lang),
        },
        Evidence::Time => EvidenceView::Time,
        Evidence::Date => EvidenceView::Date {
            warranty: duty::warranty_of(ground.visit, &item.id, &ground.pack.rules),
            latest: crate::time::Day::of(ground.now.moment()).to_string(),
        },
        Evidence::Consent { statement } => EvidenceView::Consent {
            statement: statement.get(lang).to_owned(),
            given: ground.visit.consent(&item.id).map(consent_view),
        },
        Evidence::AutoGear => EvidenceView::AutoGear {
            pieces: gear_views(
                ground.pack.gear.iter(),
                ground.gear,
                ground.now.moment(),
                lang,
            ),
        },
        Evidence::Rows { list, min } => EvidenceView::Rows {
            list: *list,
            min: *min,
        },
        Evidence::AutoCall => EvidenceView::AutoCall,
        Evidence::AutoAppointment => EvidenceView::AutoAppointment,
        Evidence::AutoKit { kit } => EvidenceView::AutoKit { kit: kit.clone() },
        Evidence::AutoMilestone { milestone } => EvidenceView::AutoMilestone {
            milestone: *milestone,
        },
        Evidence::Feedback => EvidenceView::Feedback,
        Evidence::CustomerSignature => EvidenceView::CustomerSignature,
        Evidence::TechnicianSignature => EvidenceView::TechnicianSignature,
    }
}

fn consent_view(consent: &Recorded<Consent>) -> ConsentView {
    ConsentView {
        outcome: consent.value.outcome,
        signer: consent.value.signer.clone(),
        relation: consent.value.relation,
        reason: consent.value.reason.clone(),
        at: consent.when(),
    }
}

/// A reading's specification and values in one language.
#[must_use]
pub fn reading_view(
    spec: &ReadingSpec,
    answer: Option<&Answer>,
    order: &OrderState,
    lang: Lang,
) -> ReadingView {
    let limits = limits(spec, order);
    let values = match answer {
        Some(Answer::Reading { values }) => Some(values),
        _ => None,
    };
    let slots = spec.slots.iter().map(|slot| {
        let value = values.and_then(|v| v.get(&slot.id));
        SlotView {
            id: slot.id.clone(),
            name: slot.name.get(lang).to_owned(),
            required: slot.required,
            value: value.map(|v| v.value.to_string()),
            reason: value.and_then(|v| v.reason.clone()),
            within: value.and_then(|v| within(v.value, limits)),
        }
    });
    ReadingView {
        unit: spec.unit.clone(),
        sign: spec.sign,
        decimals: spec.decimals,
        min: limits.0.map(|d| d.to_string()),
        max: limits.1.map(|d| d.to_string()),
        contract: spec
            .min_percent_of_contract
            .and_then(|_| order.order.as_ref().and_then(|o| o.contracted_mbps)),
        point: spec.point.as_ref().map(|t| t.get(lang).to_owned()),
        wavelength_nm: spec.wavelength_nm,
        slots: slots.collect(),
    }
}
