//! Builds [`VisitView`] from the fold. Pure; the app passes everything in.

use super::items::{chips, item_view, photo_view};
use super::review::review_view;
use super::*;
use crate::day::DayState;
use crate::order::OrderState;
use crate::standard::{Evidence, Item, Kit, Pack, Phase};
use crate::text::{Lang, mask_phone};
use crate::visit::attest::{attested, fee_amount, fee_total, signed};
use crate::visit::decide::Ground;
use crate::visit::mend::Life;
use crate::visit::progress::{self, Missing};
use crate::visit::state::{History, Recorded, VisitState};
use crate::visit::{duty, moving, timing};

/// What a view needs beside the ground of decisions.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Visit, order, pack, day, now.
    pub ground: Ground<'a>,
    /// Earlier visits of the order with their packs, oldest first.
    pub prior: &'a [(&'a VisitState, Option<&'a Pack>)],
    /// Language.
    pub lang: Lang,
    /// The technician's number, left on leave-notes.
    pub own_phone: &'a str,
    /// Appointments with this customer that earlier visits missed by our fault.
    pub missed_before: u32,
    /// The newest version of the standard on this tablet; none where the visit is only read.
    pub newest: Option<u32>,
}

/// Builds the view.
#[must_use]
pub fn view(scene: &Scene<'_>) -> VisitView {
    let visit = scene.ground.in_force();
    let ground = scene.ground.under(&visit);
    let again = scene.ground.customer_signs_again();
    VisitView {
        review: review_view(&ground, again, scene.lang),
        ..whole(&Scene { ground, ..*scene })
    }
}

fn whole(scene: &Scene<'_>) -> VisitView {
    let Ground {
        visit,
        order,
        pack,
        now,
        ..
    } = scene.ground;
    let lang = scene.lang;
    let opened = visit.opened.as_ref();
    let phases: Vec<PhaseView> = pack.phases.iter().map(|p| phase_view(scene, p)).collect();
    let rows = |list| row_views(visit, list);
    let other = |p: &&Recorded<Photo>| {
        !matches!(
            p.value.target,
            PhotoTarget::Item { .. } | PhotoTarget::Row { .. }
        )
    };
    VisitView {
        visit: visit.stream.clone(),
        order: order_card(order),
        pack: pack_card(pack, lang),
        pack_offer: moving::offer(&scene.ground, scene.newest),
        technician: opened.map_or_else(nobody, |o| o.technician.clone()),
        own_phone: scene.own_phone.to_owned(),
        companions: visit.companions.clone(),
        stage: visit.stage(),
        required_done: phases.iter().map(|p| p.done).sum(),
        required_total: phases.iter().map(|p| p.total).sum(),
        optional_open: optional_open(&phases),
        phases,
        appointment: visit.appointment().map(|a| appointment_view(a, pack)),
        appointment_history: earlier(&visit.appointments, pack),
        arrival: arrival_view(visit, order, pack),
        deadlines: timing::deadlines(visit, order, &pack.rules, now.moment()),
        milestones: milestone_views(visit),
        calls: visit
            .calls
            .iter()
            .map(|c| CallView {
                call: c.value.clone(),
                at: c.when(),
            })
            .collect(),
        kits: pack
            .kits
            .iter()
            .map(|k| kit_view(pack, k, scene.ground.day, lang))
            .collect(),
        devices: rows(RowList::Devices),
        materials: rows(RowList::Materials),
        fees: rows(RowList::Fees),
        no_fees: visit.no_fees(),
        fee_total: format!("{:.2}", fee_total(visit.rows().into_iter().map(|(_, r)| r))),
        other_photos: visit.photos.iter().filter(other).map(photo_view).collect(),
        nobody_home: visit.nobody_home.current().map(|r| r.value.clone()),
        outcome: visit.outcome().map(|r| r.value.clone()),
        in_handover: visit.in_handover,
        statement: visit
            .handover_for
            .as_ref()
            .and_then(|id| Statement::of(pack.item(id)?.1, order, lang)),
        attested: attested(visit, order, pack, lang),
        survey: survey_views(pack, lang),
        feedback_sealed: visit.feedback.is_some(),
        customer_signature: visit.customer_signature.as_ref().map(signature_view),
        technician_signed_at: visit.technician_signature.as_ref().map(Recorded::when),
        missing: missing_views(scene),
        photo_count: u32::try_from(visit.photos.len()).unwrap_or(u32::MAX),
        submissions: submission_views(visit),
        review: None,
        ticket_no: ticket_no(visit, order),
        delivery: visit.delivery.as_ref().map(|d| d.value.clone()),
        delivery_pending: visit.delivery_pending(),
        undo: undo_view(&scene.ground, lang),
        prior: scene
            .prior
            .iter()
            .map(|(v, p)| prior_visit(v, *p, lang))
            .collect(),
        reasons: ReasonsView {
            suspend: chips(&pack.suspend_reasons, lang),
            returned: chips(&pack.return_reasons, lang),
            change: chips(&pack.change_reasons, lang),
            unsigned: chips(&pack.unsigned_reasons, lang),
            reading: chips(&pack.reading_reasons, lang),
        },
        door_wait_seconds: pack.rules.door_wait.as_ref().map_or(30, |w| w.seconds),
        door_wait_most: pack.rules.door_wait.as_ref().and_then(|w| w.most),
        prices: pack.prices.iter().map(|p| price_view(p, lang)).collect(),
        service_hours: pack.rules.service_hours.as_ref().map(|r| ServiceHoursView {
            from: r.from.clone(),
            to: r.to.clone(),
            weekdays_only: r.weekdays_only,
            outside: visit
                .appointment()
                .is_some_and(|a| duty::outside_hours(r, a.value.start)),
        }),
        missed: pack.rules.missed.as_ref().map(|r| MissedView {
            count: duty::missed(visit).saturating_add(scene.missed_before),
            most: r.most,
        }),
    }
}

fn price_view(price: &crate::standard::Price, lang: Lang) -> PriceView {
    PriceView {
        id: price.id.clone(),
        name: price.name.get(lang).to_owned(),
        unit: price.unit.get(lang).to_owned(),
        unit_price: format!("{:.2}", price.yuan()),
    }
}

fn nobody() -> Actor {
    Actor {
        staff_no: String::new(),
        name: String::new(),
    }
}

/// The order's card; empty texts until the order's own event was read.
#[must_use]
pub fn order_card(state: &OrderState) -> OrderCard {
    let o = state.order.as_ref();
    let text = |f: fn(&crate::order::WorkOrder) -> &String| o.map(f).cloned().unwrap_or_default();
    let no = state.linked_no.clone().unwrap_or_else(|| text(|o| &o.no));
    OrderCard {
        stream: state.stream.clone(),
        short_no: short_no(&no),
        no,
        customer: text(|o| &o.customer),
        phone_masked: mask_phone(&text(|o| &o.phone)),
        alternate_contact: o.and_then(|o| o.alternate_contact.clone()),
        address: text(|o| &o.address),
        site_note: o.and_then(|o| o.site_note.clone()),
        service: text(|o| &o.service),
        job: o.map_or(JobType::Install, |o| o.job),
        note: o.and_then(|o| o.note.clone()),
        supplies: o.and_then(|o| o.supplies.clone()),
        contracted_mbps: o.and_then(|o| o.contracted_mbps),
        promised_start: o.map_or(
            Moment {
                ms: 0,
                offset_min: 0,
            },
            |o| o.promised_start,
        ),
        promised_end: o.and_then(|o| o.promised_end),
        deadline: o.and_then(|o| o.deadline),
        cancelled: state.cancelled.clone(),
        temporary: o.is_some_and(|o| o.source == crate::order::OrderSource::Temporary)
            && state.linked_no.is_none(),
    }
}

/// The part of an order number that crews say: what follows the last dash, else the last four characters.
#[must_use]
pub fn short_no(no: &str) -> String {
    match no.rsplit_once('-') {
        Some((_, tail)) if !tail.is_empty() => tail.to_owned(),
        _ => no
            .chars()
            .skip(no.chars().count().saturating_sub(4))
            .collect(),
    }
}

/// Number on the ticket: the order's and the first eight hex digits of the visit's id end.
#[must_use]
pub fn ticket_no(visit: &VisitState, order: &OrderState) -> String {
    let tail: String = visit
        .stream
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect();
    let tail = &tail[tail.len().saturating_sub(6)..];
    let no = order
        .linked_no
        .clone()
        .or_else(|| order.order.as_ref().map(|o| o.no.clone()));
    format!("{}-{}", no.unwrap_or_default(), tail.to_uppercase())
}

fn pack_card(pack: &Pack, lang: Lang) -> PackCard {
    PackCard {
        id: pack.id.clone(),
        version: pack.version,
        name: pack.name.get(lang).to_owned(),
        company: pack.company.get(lang).to_owned(),
        form_name: pack.form_name.get(lang).to_owned(),
        id_word: pack.id_word.get(lang).to_owned(),
        hotline: pack.hotline.clone(),
        continues: pack.continues.as_ref().map(|t| t.get(lang).to_owned()),
    }
}

/// What stands on the hand-over screen: rows with words for the customer, and every list.
fn shown_to_customer(item: &Item) -> bool {
    item.customer.is_some() || matches!(item.evidence, Evidence::Rows { .. })
}

fn phase_view(scene: &Scene<'_>, phase: &Phase) -> PhaseView {
    let Ground { visit, pack, .. } = scene.ground;
    let lang = scene.lang;
    let facts = visit.facts();
    let situation = visit.situation(&facts);
    let signed_at = pack
        .items()
        .position(|(_, i)| matches!(i.evidence, Evidence::CustomerSignature));
    let signed = visit.customer_signature.is_some();
    let life = scene.ground.life();
    let frozen = |id: &str| {
        let place = pack.items().position(|(_, i)| i.id == id);
        life.closed()
            || (life == Life::Open
                && signed
                && place < signed_at
                && pack.item(id).is_some_and(|(_, i)| shown_to_customer(i)))
    };
    let active = phase.items.iter().filter(|i| i.applies(&situation));
    let items: Vec<ItemView> = active
        .map(|i| item_view(&scene.ground, i, frozen(&i.id), lang))
        .collect();
    let required = items.iter().filter(|i| i.required);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let questions = pack
        .active_questions(&phase.id, &situation)
        .map(|q| QuestionView {
            id: q.id.clone(),
            text: q.text.get(lang).to_owned(),
            required: q.required,
            value: facts.get(&q.id).copied(),
        });
    PhaseView {
        id: phase.id.clone(),
        name: phase.name.get(lang).to_owned(),
        hint: phase.hint.as_ref().map(|t| t.get(lang).to_owned()),
        stage: phase.stage,
        done: count(required.clone().filter(|i| i.status.settled()).count()),
        total: count(required.count()),
        questions: questions.collect(),
        say: phase
            .say
            .iter()
            .map(|s| s.text.get(lang).to_owned())
            .collect(),
        dont: phase
            .dont
            .iter()
            .map(|a| a.text.get(lang).to_owned())
            .collect(),
        remind: phase
            .remind
            .iter()
            .map(|a| a.text.get(lang).to_owned())
            .collect(),
        tickable: count(scene.ground.tickable(phase).len()),
        items,
    }
}

fn optional_open(phases: &[PhaseView]) -> Vec<String> {
    let open = |i: &&ItemView| !i.required && !i.status.settled();
    phases
        .iter()
        .flat_map(|p| p.items.iter().filter(open))
        .map(|i| i.text.clone())
        .collect()
}

fn appointment_view(a: &Recorded<Appointment>, pack: &Pack) -> AppointmentView {
    let change = a.value.change.clone();
    let notice = change.as_ref().map(|c| c.notified_at.minutes_until(c.was));
    let rule = pack.rules.change_notice.as_ref();
    AppointmentView {
        start: a.value.start,
        end: a.value.end,
        proposed_by: a.value.proposed_by,
        note: a.value.note.clone(),
        agreed_at: a.at.moment(),
        notice_minutes: notice.map(clamp),
        notice_kept: change
            .as_ref()
            .zip(rule)
            .map(|(c, r)| timing::notice_kept(r, c, a.value.start)),
        change,
    }
}

fn clamp(minutes: i64) -> i32 {
    i32::try_from(minutes.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or(0)
}

fn earlier(history: &History<Appointment>, pack: &Pack) -> Vec<AppointmentView> {
    let all = history.all();
    all[..all.len().saturating_sub(1)]
        .iter()
        .map(|a| appointment_view(a, pack))
        .collect()
}

fn arrival_view(visit: &VisitState, order: &OrderState, pack: &Pack) -> Option<ArrivalView> {
    let (start, end) = timing::promised(visit, order)?;
    let rule = pack.rules.arrival.as_ref();
    let when = |m| visit.reached(m).map(Recorded::when);
    let a = timing::arrival(
        rule,
        start,
        end,
        when(Milestone::Downstairs),
        when(Milestone::AtDoor),
    )?;
    let figure =
        |f: fn(&crate::standard::ArrivalRule) -> i64| rule.map(f).filter(|m| *m > 0).map(clamp);
    Some(ArrivalView {
        at: a.at,
        minutes_early: clamp(a.minutes_early),
        kept: a.kept,
        least_early: figure(|r| r.latest_early),
        most_early: figure(|r| r.earliest_early),
    })
}

fn milestone_views(visit: &VisitState) -> Vec<MilestoneView> {
    let view = |(m, h): (&Milestone, &History<()>)| {
        let r = h.current()?;
        Some(MilestoneView {
            milestone: *m,
            at: r.when(),
            claim: r.claim.clone(),
        })
    };
    visit.milestones.iter().filter_map(view).collect()
}

/// A kit with today's check.
#[must_use]
pub fn kit_view(pack: &Pack, kit: &Kit, day: Option<&DayState>, lang: Lang) -> KitView {
    let check = day.and_then(|d| d.kit(&pack.id, &kit.id));
    let member = |m: &crate::standard::KitMember| {
        let used = check.is_some_and(|c| c.used.contains(&m.id));
        KitMemberView {
            id: m.id.clone(),
            name: m.name.get(lang).to_owned(),
            present: check.filter(|_| !used).map(|c| c.present.contains(&m.id)),
            used,
        }
    };
    KitView {
        pack: pack.id.clone(),
        kit: kit.id.clone(),
        name: kit.name.get(lang).to_owned(),
        members: kit.members.iter().map(member).collect(),
        checked_at: check.map(|c| c.at),
        reason: check.and_then(|c| c.reason.clone()),
        settled: check.is_some_and(crate::day::KitCheck::settled),
        reasons: chips(&pack.kit_reasons, lang),
    }
}

fn row_views(visit: &VisitState, list: RowList) -> Vec<RowView> {
    let view = |(id, row): (&str, &RowData)| {
        let target = PhotoTarget::Row { row: id.to_owned() };
        RowView {
            row_id: id.to_owned(),
            row: row.clone(),
            photos: visit.photos_of(&target).map(photo_view).collect(),
            total: fee_amount(row).map(|d| format!("{d:.2}")),
        }
    };
    visit
        .rows()
        .into_iter()
        .filter(|(_, r)| r.list() == list)
        .map(view)
        .collect()
}

fn survey_views(pack: &Pack, lang: Lang) -> Vec<SurveyView> {
    let option = |o: &crate::standard::SurveyOption| ChipView {
        id: o.id.clone(),
        text: o.text.get(lang).to_owned(),
        customer: None,
        not_ours: false,
    };
    let one = |q: &crate::standard::SurveyQuestion| SurveyView {
        id: q.id.clone(),
        text: q.text.get(lang).to_owned(),
        options: q.options.iter().map(option).collect(),
    };
    pack.survey.iter().map(one).collect()
}

fn signature_view(s: &Recorded<CustomerSignature>) -> SignatureView {
    SignatureView {
        outcome: s.value.outcome,
        signer: s.value.signer.clone(),
        relation: s.value.relation,
        reason: s.value.reason.clone(),
        at: s.when(),
        digest: s.value.digest.clone(),
    }
}

fn missing_views(scene: &Scene<'_>) -> Vec<MissingView> {
    let Ground {
        visit,
        order,
        pack,
        day,
        ..
    } = scene.ground;
    if scene.ground.life().closed() {
        return Vec::new();
    }
    let lang = scene.lang;
    let view = |m: Missing<'_>| MissingView {
        code: m.code,
        phase: m.phase.map(|p| p.id.clone()),
        phase_name: m.phase.map(|p| p.name.get(lang).to_owned()),
        item: m.item.map(|i| i.id.clone()),
        text: match (m.item, m.question) {
            (Some(i), _) => i.text.get(lang).to_owned(),
            (None, Some(q)) => q.text.get(lang).to_owned(),
            (None, None) => String::new(),
        },
        count: m.count,
    };
    progress::missing(visit, order, pack, day)
        .into_iter()
        .map(view)
        .collect()
}

fn submission_views(visit: &VisitState) -> Vec<SubmissionView> {
    let one = |s: &crate::visit::state::Submission| SubmissionView {
        n: s.n,
        at: s.at.moment(),
        outcome: s.outcome.clone(),
        digest: s.digest.clone(),
        cannot_mend: s.cannot_mend.clone(),
    };
    visit.submissions.iter().map(one).collect()
}

fn undo_view(ground: &Ground<'_>, lang: Lang) -> Option<UndoView> {
    let tap = ground.visit.taps.last()?;
    if ground.life().closed() {
        return None;
    }
    let item = tap.item.as_ref().and_then(|id| ground.pack.item(id));
    Some(UndoView {
        kind: tap.kind.clone(),
        text: item.map(|(_, i)| i.text.get(lang).to_owned()),
    })
}

fn prior_visit(visit: &VisitState, pack: Option<&Pack>, lang: Lang) -> PriorVisit {
    let rows = |list| -> Vec<RowData> {
        visit
            .rows()
            .into_iter()
            .filter(|(_, r)| r.list() == list)
            .map(|(_, r)| r.clone())
            .collect()
    };
    PriorVisit {
        visit: visit.stream.clone(),
        technician: visit
            .opened
            .as_ref()
            .map_or_else(nobody, |o| o.technician.clone()),
        at: visit.submissions.last().map(|s| s.at.moment()),
        outcome: visit.submissions.last().map(|s| s.outcome.clone()),
        readings: pack
            .map(|p| readings_of(visit, p, lang))
            .unwrap_or_default(),
        devices: rows(RowList::Devices),
        materials: rows(RowList::Materials),
    }
}

fn readings_of(visit: &VisitState, pack: &Pack, lang: Lang) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for (_, item) in pack.items() {
        let (Evidence::Reading(spec), Some(Answer::Reading { values })) =
            (&item.evidence, visit.answer(&item.id))
        else {
            continue;
        };
        for slot in &spec.slots {
            if let Some(v) = values.get(&slot.id) {
                let name = format!("{} {}", item.text.get(lang), slot.name.get(lang));
                lines.push((name, format!("{} {}", signed(v.value), spec.unit)));
            }
        }
    }
    lines
}
