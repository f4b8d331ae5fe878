//! What may happen next: a command becomes events, or a typed refusal that changes nothing.

use super::attest::attested;
use super::command::Command;
use super::events::{ItemAnswer, VisitEvent};
use super::facts::*;
use super::progress::{item_status, missing, photos_wanted};
use super::state::VisitState;
use crate::code::{Code, Refusal};
use crate::day::DayState;
use crate::event::Actor;
use crate::order::OrderState;
use crate::standard::{Evidence, Item, Milestone, Pack, Phase, ReadingSpec, RowList, Sign, Stage};
use crate::time::{Moment, Stamp};
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
    /// Today's kit checks.
    pub day: Option<&'a DayState>,
    /// Now.
    pub now: &'a Stamp,
}

type Decision = Result<Vec<VisitEvent>, Refusal>;

/// Turns a command into events. `new_id` names a new row.
///
/// # Errors
/// A [`Refusal`] that says why not; the visit is then unchanged.
pub fn decide(ground: &Ground<'_>, command: &Command, new_id: &str) -> Decision {
    ground.allowed(command)?;
    let events = ground.translate(command, new_id)?;
    ground.keeps_signed_content(command, &events)?;
    Ok(events)
}

/// Checks a customer's signature before its strokes go to the vault.
///
/// # Errors
/// [`Code::InkEmpty`], [`Code::SignerMissing`], [`Code::ReasonMissing`], [`Code::CallbackMissing`],
/// [`Code::MarkPhotoMissing`], [`Code::SignedContent`] when the screen showed something else.
pub fn check_signature(
    ground: &Ground<'_>,
    request: &super::command::SignRequest,
) -> Result<(), Refusal> {
    ground.open()?;
    if ground.visit.customer_signature.is_some() {
        return Err(Code::AlreadySigned.into());
    }
    words(
        &request.signer,
        Code::SignerMissing,
        request.outcome != SignOutcome::Refused,
    )?;
    if request.outcome != SignOutcome::Signed {
        words(
            request.reason.as_deref().unwrap_or_default(),
            Code::ReasonMissing,
            true,
        )?;
        let digits = request
            .callback
            .as_deref()
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_digit);
        if digits.count() < 5 {
            return Err(Code::CallbackMissing.into());
        }
    }
    let ink = request.strokes.as_ref().is_some_and(Strokes::is_ink);
    match request.outcome {
        SignOutcome::Signed | SignOutcome::Proxy => {
            if !ground.visit.in_handover {
                return Err(Code::NotInHandover.into());
            }
            if !ink {
                return Err(Code::InkEmpty.into());
            }
        }
        SignOutcome::Mark => {
            let photo = ground.visit.photos_of(&PhotoTarget::Mark).next().is_some();
            if !ink && !photo {
                return Err(Code::MarkPhotoMissing.into());
            }
        }
        SignOutcome::Cannot | SignOutcome::Refused => {}
    }
    ground.shown(&request.digest)
}

/// Checks the technician's ink: after the customer where the pack says so.
///
/// # Errors
/// [`Code::InkEmpty`], [`Code::CustomerFirst`], [`Code::AlreadySigned`].
pub fn check_technician_signature(ground: &Ground<'_>, strokes: &Strokes) -> Result<(), Refusal> {
    ground.open()?;
    if ground.visit.in_handover {
        return Err(Code::InHandover.into());
    }
    if ground.visit.technician_signature.is_some() {
        return Err(Code::AlreadySigned.into());
    }
    let item = ground
        .pack
        .items()
        .find(|(_, i)| matches!(i.evidence, Evidence::TechnicianSignature));
    let entered = ground.visit.reached(Milestone::Entered).is_some();
    if entered && ground.visit.customer_signature.is_none() {
        return Err(Code::CustomerFirst.into());
    }
    if let Some((_, item)) =
        item.filter(|_| ground.visit.outcome_or_completed() == Outcome::Completed)
    {
        ground.comes_after(item)?;
    }
    if strokes.is_ink() {
        Ok(())
    } else {
        Err(Code::InkEmpty.into())
    }
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
            _ => self.open()?,
        }
        let customers = matches!(command, Command::EndHandover | Command::GiveFeedback { .. });
        match (self.visit.in_handover, customers) {
            (true, false) => Err(Code::InHandover.into()),
            (false, true) => Err(Code::NotInHandover.into()),
            _ => Ok(()),
        }
    }

    fn open(&self) -> Result<(), Refusal> {
        if self.visit.opened.is_none() {
            return Err(Code::VisitNotOpen.into());
        }
        if self.visit.submitted() {
            Err(Code::VisitSubmitted.into())
        } else {
            Ok(())
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
            } => self.appoint(Appointment {
                start,
                end,
                proposed_by,
                note,
                change: None,
            }),
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
                one(VisitEvent::HandoverStarted {})
            }
            Command::EndHandover => one(VisitEvent::HandoverEnded {}),
            Command::GiveFeedback { feedback } => self.give_feedback(feedback),
            Command::ReopenSignature { reason } => {
                words(&reason, Code::ReasonMissing, true)?;
                if self.visit.customer_signature.is_none() {
                    return Err(Code::NotSubmitted.into());
                }
                one(VisitEvent::SignatureReopened { reason })
            }
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

    // --- appointment and way

    fn promised_start(&self) -> Result<Moment, Refusal> {
        super::timing::promised(self.visit, self.order)
            .map(|(start, _)| start)
            .ok_or_else(|| Code::OrderUnknown.into())
    }

    fn appoint(&self, appointment: Appointment) -> Decision {
        fits(appointment.note.as_deref())?;
        if appointment
            .end
            .is_some_and(|end| end.ms <= appointment.start.ms)
        {
            return Err(Code::WindowReversed.into());
        }
        let year = 366 * 24 * 60;
        let ahead = self.now.moment().minutes_until(appointment.start);
        if !(-24 * 60..=year).contains(&ahead) {
            return Err(Code::TimeImplausible.into());
        }
        if self.visit.reached(Milestone::Entered).is_some() {
            return Err(Refusal::new(Code::MilestoneRecorded).with("milestone", "entered"));
        }
        one(VisitEvent::AppointmentAgreed { appointment })
    }

    fn not_future(&self, at: Moment) -> Result<(), Refusal> {
        let slack_ms = 5 * 60_000;
        if at.ms > self.now.wall_ms.saturating_add(slack_ms) {
            Err(Code::TimeImplausible.into())
        } else {
            Ok(())
        }
    }

    fn claim(&self, claim: Option<&Claim>) -> Result<(), Refusal> {
        let Some(claim) = claim else { return Ok(()) };
        words(&claim.reason, Code::ReasonMissing, true)?;
        self.not_future(claim.at)?;
        let days_back = claim.at.minutes_until(self.now.moment()) / (24 * 60);
        if days_back > 31 {
            Err(Code::TimeImplausible.into())
        } else {
            Ok(())
        }
    }

    fn reach(&self, milestone: Milestone, claim: Option<Claim>) -> Decision {
        self.claim(claim.as_ref())?;
        let name = |m: Milestone| format!("{m:?}").to_lowercase();
        if self.visit.reached(milestone).is_some() {
            return Err(Refusal::new(Code::MilestoneRecorded).with("milestone", name(milestone)));
        }
        if self.visit.nobody_home.current().is_some() {
            return Err(Code::VisitNotOpen.into());
        }
        let before = match milestone {
            Milestone::Departed => None,
            Milestone::Downstairs | Milestone::AtDoor => Some(Milestone::Departed),
            Milestone::Entered => Some(Milestone::AtDoor),
            Milestone::Left => Some(Milestone::Entered),
        };
        if let Some(before) = before.filter(|m| self.visit.reached(*m).is_none()) {
            return Err(Refusal::new(Code::MilestoneOrder).with("milestone", name(before)));
        }
        if milestone == Milestone::Departed && claim.is_none() {
            self.kits_settled()?;
        }
        let proved_by = |i: &Item| matches!(i.evidence, Evidence::AutoMilestone { milestone: m } if m == milestone);
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        if let Some((_, item)) = self
            .pack
            .active_items(&situation)
            .find(|(_, i)| proved_by(i))
        {
            self.comes_after(item)?;
        }
        one(VisitEvent::MilestoneReached { milestone, claim })
    }

    fn kits_settled(&self) -> Result<(), Refusal> {
        for kit in &self.pack.kits {
            let check = self.day.and_then(|d| d.kit(&self.pack.id, &kit.id));
            let refuse = |code| {
                Err(Refusal::new(code)
                    .with("kit", &kit.name.zh)
                    .with("kit_en", &kit.name.en))
            };
            match check {
                None => return refuse(Code::KitNotChecked),
                Some(c) if !c.used.is_empty() => return refuse(Code::KitNotChecked),
                Some(c) if !c.settled() => return refuse(Code::KitReasonMissing),
                Some(_) => {}
            }
        }
        Ok(())
    }

    // --- items

    fn active(&self, id: &str) -> Result<(&Phase, &Item), Refusal> {
        let (phase, item) = self
            .pack
            .item(id)
            .ok_or_else(|| Refusal::new(Code::ItemUnknown).with("item", id))?;
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        if item.when.as_ref().is_some_and(|c| !c.holds(&situation)) {
            return Err(Refusal::new(Code::ItemNotActive)
                .with("item", &item.text.zh)
                .with("item_en", &item.text.en));
        }
        if matches!(phase.stage, Stage::Inside | Stage::SignOff)
            && self.visit.reached(Milestone::Entered).is_none()
        {
            return Err(Code::NotEntered.into());
        }
        Ok((phase, item))
    }

    /// The first applicable item that must come before `item` and is not settled yet.
    pub(super) fn blocker(&self, item: &Item, just_ticked: &BTreeSet<&str>) -> Option<&Item> {
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        item.after
            .iter()
            .filter_map(|id| self.pack.item(id))
            .map(|(_, i)| i)
            .find(|i| {
                let applies = i.when.as_ref().is_none_or(|c| c.holds(&situation));
                let done = item_status(i, self.visit, self.order, self.day).settled();
                applies && !done && !just_ticked.contains(i.id.as_str())
            })
    }

    fn comes_after(&self, item: &Item) -> Result<(), Refusal> {
        match self.blocker(item, &BTreeSet::new()) {
            Some(first) => Err(Refusal::new(Code::ItemTooEarly)
                .with("item", &first.text.zh)
                .with("item_en", &first.text.en)
                .with("id", &first.id)),
            None => Ok(()),
        }
    }

    fn answer(&self, item_answer: ItemAnswer, claim: Option<Claim>) -> Decision {
        let (_, item) = self.active(&item_answer.item)?;
        self.comes_after(item)?;
        self.claim(claim.as_ref())?;
        let odd = Err(Code::AnswerMismatch.into());
        match (&item.evidence, &item_answer.answer) {
            (Evidence::TickOrNa, Answer::NotApplicable { reason }) => {
                words(reason, Code::ReasonMissing, true)?
            }
            (_, Answer::Mismatch { note }) if item.mismatch => {
                words(note, Code::TextMissing, true)?
            }
            (Evidence::Tick | Evidence::TickOrNa | Evidence::Photo, Answer::Tick) => {}
            (Evidence::Rows { min: 0, list }, Answer::Tick) if *list != RowList::Fees => {}
            (Evidence::Text { .. }, Answer::Text { text }) => words(text, Code::TextMissing, true)?,
            (Evidence::Choice { options }, Answer::Choice { option, note }) => {
                fits(note.as_deref())?;
                if !options.iter().any(|o| &o.id == option) {
                    return odd;
                }
            }
            (Evidence::Reading(spec), Answer::Reading { values }) => {
                if values.is_empty() {
                    return odd;
                }
                for (slot, value) in values {
                    reading_fits(spec, slot, value)?;
                }
            }
            (Evidence::Time, Answer::Time { at }) => self.not_future(*at)?,
            _ => return odd,
        }
        one(VisitEvent::ItemsAnswered {
            answers: vec![item_answer],
            via: Via::Tap,
            claim,
        })
    }

    /// Items that 本步全部做到 ticks now: plain ticks that apply, are open, want no photo and whose
    /// predecessors are done or ticked along with them.
    #[must_use]
    pub fn tickable(&self, phase: &Phase) -> Vec<String> {
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        let needs_entry = matches!(phase.stage, Stage::Inside | Stage::SignOff);
        if needs_entry && self.visit.reached(Milestone::Entered).is_none() {
            return Vec::new();
        }
        let mut ticked = BTreeSet::new();
        for item in &phase.items {
            let plain = matches!(item.evidence, Evidence::Tick) && item.required;
            let applies = item.when.as_ref().is_none_or(|c| c.holds(&situation));
            let open =
                self.visit.answer(&item.id).is_none() && photos_wanted(item, self.visit) == 0;
            if plain && applies && open && self.blocker(item, &ticked).is_none() {
                ticked.insert(item.id.as_str());
            }
        }
        phase
            .items
            .iter()
            .filter(|i| ticked.contains(i.id.as_str()))
            .map(|i| i.id.clone())
            .collect()
    }

    fn tick_phase(&self, phase: &str) -> Decision {
        let phase = self
            .pack
            .phases
            .iter()
            .find(|p| p.id == phase)
            .ok_or_else(|| Refusal::new(Code::ItemUnknown).with("item", phase))?;
        let items = self.tickable(phase);
        if items.is_empty() {
            return Err(Code::ItemNotActive.into());
        }
        let answers = items
            .into_iter()
            .map(|item| ItemAnswer {
                item,
                answer: Answer::Tick,
            })
            .collect();
        one(VisitEvent::ItemsAnswered {
            answers,
            via: Via::WholeStep,
            claim: None,
        })
    }

    // --- rows and people

    fn row(&self, list: RowList, row_id: &str) -> Result<(), Refusal> {
        let there = self
            .visit
            .rows()
            .iter()
            .any(|(id, r)| *id == row_id && r.list() == list);
        if there {
            Ok(())
        } else {
            Err(Refusal::new(Code::RowInvalid).with("field", "row"))
        }
    }

    fn put_row(&self, row_id: &str, row: RowData) -> Decision {
        if self.visit.reached(Milestone::Entered).is_none() {
            return Err(Code::NotEntered.into());
        }
        let bad = |field: &str| Refusal::new(Code::RowInvalid).with("field", field);
        let filled = |text: &str, field: &str| {
            if text.trim().is_empty() || text.chars().count() > 100 {
                Err(bad(field))
            } else {
                Ok(())
            }
        };
        match &row {
            RowData::Devices { name, sn, mac, .. } => {
                filled(name, "name")?;
                filled(sn, "sn")?;
                if !mac.is_empty() && mac.chars().filter(char::is_ascii_hexdigit).count() != 12 {
                    return Err(bad("mac"));
                }
            }
            RowData::Materials {
                name,
                quantity,
                unit,
            } => {
                filled(name, "name")?;
                filled(unit, "unit")?;
                positive(*quantity).ok_or_else(|| bad("quantity"))?;
            }
            RowData::Fees {
                name,
                unit_price,
                quantity,
                told_at,
                agreed_at,
                ..
            } => {
                filled(name, "name")?;
                positive(*unit_price).ok_or_else(|| bad("unit_price"))?;
                positive(*quantity).ok_or_else(|| bad("quantity"))?;
                let (Some(told), Some(agreed)) = (told_at, agreed_at) else {
                    return Err(Code::FeeNotAgreed.into());
                };
                self.not_future(*told)?;
                self.not_future(*agreed)?;
                if agreed.ms < told.ms {
                    return Err(Code::WindowReversed.into());
                }
                if self.visit.no_fees() {
                    return Err(Code::FeesContradict.into());
                }
            }
        }
        one(VisitEvent::RowPut {
            row_id: row_id.to_owned(),
            row,
        })
    }

    fn add_companion(&self, staff_no: &str, name: &str) -> Decision {
        let (staff_no, name) = (staff_no.trim().to_owned(), name.trim().to_owned());
        let own = self
            .visit
            .opened
            .as_ref()
            .is_some_and(|o| o.technician.staff_no == staff_no);
        let known = self.visit.companions.iter().any(|c| c.staff_no == staff_no);
        let short =
            staff_no.is_empty() || name.is_empty() || staff_no.len() > 40 || name.len() > 120;
        if own || known || short {
            return Err(Code::CompanionInvalid.into());
        }
        one(VisitEvent::CompanionAdded {
            companion: Actor { staff_no, name },
        })
    }

    // --- endings

    fn nobody_home(
        &self,
        cause: Cause,
        contact: &str,
        person: &str,
        note: Option<String>,
    ) -> Decision {
        let arrived = self
            .visit
            .reached(Milestone::AtDoor)
            .ok_or_else(|| Refusal::new(Code::MilestoneOrder).with("milestone", "atdoor"))?;
        if self.visit.reached(Milestone::Entered).is_some() {
            return Err(Refusal::new(Code::MilestoneRecorded).with("milestone", "entered"));
        }
        let rang = |c: &super::state::Recorded<Call>| {
            c.at.wall_ms >= arrived.at.wall_ms && c.value.result != CallResult::Answered
        };
        if !self.visit.calls.iter().any(rang) {
            return Err(Code::CallFirst.into());
        }
        words(contact, Code::CallbackMissing, true)?;
        words(person, Code::SignerMissing, true)?;
        fits(note.as_deref())?;
        let nobody_home = NobodyHome {
            cause,
            contact: contact.trim().to_owned(),
            person: person.trim().to_owned(),
            arrived_at: arrived.when(),
            leaving_at: self.now.moment(),
            note,
        };
        one(VisitEvent::NobodyHomeRecorded { nobody_home })
    }

    fn set_outcome(&self, outcome: Outcome) -> Decision {
        match &outcome {
            Outcome::Completed => {}
            Outcome::Suspended {
                reason, next_step, ..
            } => {
                words(reason, Code::ReasonMissing, true)?;
                words(next_step, Code::NextStepMissing, true)?;
            }
            Outcome::Returned { reason } => words(reason, Code::ReasonMissing, true)?,
            Outcome::NobodyHome => return Err(Code::BadRequest.into()),
        }
        one(VisitEvent::OutcomeSet { outcome })
    }

    fn give_feedback(&self, feedback: Feedback) -> Decision {
        if self.visit.feedback.is_some() {
            return Err(Code::FeedbackSealed.into());
        }
        fits(feedback.words.as_deref())?;
        let answered = self.pack.survey.iter().all(|q| {
            feedback
                .answers
                .get(&q.id)
                .is_some_and(|a| q.options.iter().any(|o| &o.id == a))
        });
        if !answered || feedback.answers.len() != self.pack.survey.len() {
            return Err(Code::FeedbackIncomplete.into());
        }
        one(VisitEvent::FeedbackGiven { feedback })
    }

    fn submit(&self) -> Decision {
        let count = missing(self.visit, self.order, self.pack, self.day).len();
        if count > 0 {
            return Err(Refusal::new(Code::SubmissionBlocked).with("count", count));
        }
        let outcome = self.visit.outcome_or_completed();
        one(VisitEvent::Submitted {
            n: 1,
            outcome,
            digest: self.visit.digest.clone(),
        })
    }

    // --- the customer's signature binds exactly what was shown

    fn shown(&self, digest: &str) -> Result<(), Refusal> {
        use crate::text::Lang::{En, Zh};
        let same = |lang| attested(self.visit, self.order, self.pack, lang).digest() == digest;
        if same(Zh) || same(En) {
            Ok(())
        } else {
            Err(Code::SignedContent.into())
        }
    }

    fn keeps_signed_content(
        &self,
        command: &Command,
        events: &[VisitEvent],
    ) -> Result<(), Refusal> {
        let Some(signature) = &self.visit.customer_signature else {
            return Ok(());
        };
        if matches!(command, Command::ReopenSignature { .. }) {
            return Ok(());
        }
        let mut after = self.visit.clone();
        for event in events {
            after.preview(event, self.now);
        }
        let lang = signature.value.lang;
        let (was, is) = (
            attested(self.visit, self.order, self.pack, lang),
            attested(&after, self.order, self.pack, lang),
        );
        if was == is {
            Ok(())
        } else {
            Err(Code::SignedContent.into())
        }
    }
}

fn one(event: VisitEvent) -> Decision {
    Ok(vec![event])
}

fn fits(text: Option<&str>) -> Result<(), Refusal> {
    if text.is_some_and(|t| t.chars().count() > MAX_WORDS) {
        return Err(Refusal::new(Code::TextTooLong).with("max", MAX_WORDS));
    }
    Ok(())
}

fn words(text: &str, missing: Code, required: bool) -> Result<(), Refusal> {
    fits(Some(text))?;
    if required && text.trim().is_empty() {
        Err(missing.into())
    } else {
        Ok(())
    }
}

fn positive(value: Decimal) -> Option<Decimal> {
    (value > Decimal::ZERO && value <= Decimal::from(1_000_000)).then_some(value)
}

fn reading_fits(spec: &ReadingSpec, slot: &str, value: &ReadingValue) -> Result<(), Refusal> {
    fits(value.reason.as_deref())?;
    let v = value.value;
    let sign = match spec.sign {
        Sign::Negative => v <= Decimal::ZERO,
        Sign::Positive => v >= Decimal::ZERO,
        Sign::Any => true,
    };
    let known = spec.slots.iter().any(|s| s.id == slot);
    let plausible = v.abs() < Decimal::from(1_000_000) && v.scale() <= u32::from(spec.decimals);
    if known && sign && plausible {
        Ok(())
    } else {
        Err(Refusal::new(Code::ReadingInvalid)
            .with("decimals", spec.decimals)
            .with("unit", &spec.unit))
    }
}

/// Checks where a photo would go before it is taken in.
///
/// # Errors
/// [`Code::VisitSubmitted`], [`Code::InHandover`], [`Code::ItemUnknown`], [`Code::ItemNotActive`],
/// [`Code::NotEntered`], [`Code::RowInvalid`].
pub fn check_photo(ground: &Ground<'_>, target: &PhotoTarget) -> Result<(), Refusal> {
    ground.open()?;
    if ground.visit.in_handover && *target != PhotoTarget::Mark {
        return Err(Code::InHandover.into());
    }
    match target {
        PhotoTarget::Item { item } => ground.active(item).map(|_| ()),
        PhotoTarget::Row { row } => {
            let there = ground.visit.rows().iter().any(|(id, _)| id == row);
            if there {
                Ok(())
            } else {
                Err(Refusal::new(Code::RowInvalid).with("field", "row"))
            }
        }
        PhotoTarget::LeaveNote | PhotoTarget::Paper | PhotoTarget::Mark => Ok(()),
    }
}
