//! The total fold of one visit stream: takes any event, never refuses, keeps what it does not know.

use super::consent::Consent;
use super::events::{VISIT_SCHEMA, VisitEvent};
use super::facts::*;
use super::moving::{Aside, PackMove};
use crate::event::{Actor, Content, read_body, sha256_hex};
use crate::standard::active::Situation;
use crate::standard::{JobType, Milestone};
use crate::time::{Moment, Stamp};
use std::collections::BTreeMap;

/// A fact with the event that recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Event id.
    pub event: String,
    /// Real time of entry.
    pub at: Stamp,
    /// 补录
    pub claim: Option<Claim>,
    /// The fact.
    pub value: T,
}

impl<T> Recorded<T> {
    /// When it counts as having happened: the claimed time for 补录.
    #[must_use]
    pub fn when(&self) -> Moment {
        self.claim
            .as_ref()
            .map_or_else(|| self.at.moment(), |c| c.at)
    }
}

/// All versions of a fact; the last one is in force. An undone version is taken out (the log keeps it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T>(Vec<Recorded<T>>);

impl<T> Default for History<T> {
    fn default() -> Self {
        History(Vec::new())
    }
}

impl<T> History<T> {
    /// The version in force.
    #[must_use]
    pub fn current(&self) -> Option<&Recorded<T>> {
        self.0.last()
    }

    /// Every version, oldest first.
    #[must_use]
    pub fn all(&self) -> &[Recorded<T>] {
        &self.0
    }

    /// These versions and then those of `later`.
    pub(super) fn then(mut self, later: History<T>) -> History<T> {
        self.0.extend(later.0);
        self
    }

    fn push(&mut self, content: &Content, value: T, claim: Option<Claim>) {
        let event = content.id.clone();
        self.0.push(Recorded {
            event,
            at: content.at.clone(),
            claim,
            value,
        });
    }

    fn undo(&mut self, event: &str) {
        self.0.retain(|r| r.event != event);
    }
}

/// What `visit.opened` pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// `order/…`
    pub order: String,
    /// Job at that time.
    pub job: JobType,
    /// Pinned pack; after a move the one in force.
    pub pack: PackRef,
    /// Who.
    pub technician: Actor,
    /// The visit it goes on from.
    pub continues: Option<String>,
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Event id.
    pub event: String,
    /// 第 N 次提交
    pub n: u32,
    /// When.
    pub at: Stamp,
    /// Outcome.
    pub outcome: Outcome,
    /// Digest over the visit's events up to it.
    pub digest: String,
    /// The customer's signature in force then, by its event's id.
    pub signature: Option<String>,
    /// 无法补救: why what was sent back could not be mended.
    pub cannot_mend: Option<String>,
}

/// An event that 撤销 can take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tap {
    /// Event id.
    pub event: String,
    /// Kind.
    pub kind: String,
    /// Item it touched.
    pub item: Option<String>,
}

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitState {
    /// Stream name.
    pub stream: String,
    /// Pinned at the first touch.
    pub opened: Option<Opened>,
    /// When it was opened, ms.
    pub opened_at_ms: i64,
    /// Time of the newest event, ms.
    pub updated_ms: i64,
    /// Calls, oldest first.
    pub calls: Vec<Recorded<Call>>,
    /// Agreed times.
    pub appointments: History<Appointment>,
    /// Milestones.
    pub milestones: BTreeMap<Milestone, History<()>>,
    /// Answers by item; `None` = cleared.
    pub items: BTreeMap<String, History<Option<Answer>>>,
    /// Answered questions.
    pub facts: BTreeMap<String, History<bool>>,
    /// Rows in the order they were first written; `None` = removed.
    pub rows: Vec<(String, History<Option<RowData>>)>,
    /// 本次未收费
    pub no_fees: History<bool>,
    /// Photos, oldest first; removed ones are out (the log keeps them).
    pub photos: Vec<Recorded<Photo>>,
    /// 同行人
    pub companions: Vec<Actor>,
    /// 无人
    pub nobody_home: History<NobodyHome>,
    /// Outcome.
    pub outcome: History<Outcome>,
    /// The tablet is with the customer.
    pub in_handover: bool,
    /// The item whose statement the customer is reading; none: feedback and the signature at the end.
    pub handover_for: Option<String>,
    /// Statements that the customer signed or not, by item.
    pub consents: BTreeMap<String, History<Consent>>,
    /// Sealed feedback.
    pub feedback: Option<Recorded<Feedback>>,
    /// The customer's signature in force.
    pub customer_signature: Option<Recorded<CustomerSignature>>,
    /// The technician's signature in force.
    pub technician_signature: Option<Recorded<TechnicianSignature>>,
    /// Submissions, oldest first.
    pub submissions: Vec<Submission>,
    /// As it was submitted last, for telling what was mended since.
    pub frozen: Option<Box<VisitState>>,
    /// As it was when the customer signed again after that.
    pub resigned: Option<Box<VisitState>>,
    /// 无法补救, said since the last submission.
    pub cannot_mend: Option<String>,
    /// The newest delivery of the customer's copy.
    pub delivery: Option<Recorded<Delivery>>,
    /// Moves to other versions of the standard, oldest first.
    pub moves: Vec<Recorded<PackMove>>,
    /// What was recorded under versions that were left and does not stand in the next, by their hash.
    pub aside: BTreeMap<String, Aside>,
    /// Taps that can be taken back, oldest first.
    pub taps: Vec<Tap>,
    /// Running digest over every event of the stream.
    pub digest: String,
    /// Events kept but not understood.
    pub parked: u32,
}

impl VisitState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        self.updated_ms = self.updated_ms.max(content.at.wall_ms);
        // the whole content: who, when and what; the ticket's code binds all of it
        let content_text = serde_json::to_string(content).unwrap_or_default();
        let line = format!("{}\n{content_text}", self.digest);
        self.digest = sha256_hex(line.as_bytes());
        match read_body::<VisitEvent>(content, VISIT_SCHEMA) {
            Some(event) => self.take(content, event),
            None => self.parked += 1,
        }
    }

    /// What the visit would be after `event`, for checks before anything is written.
    pub(super) fn preview(&mut self, event: &VisitEvent, now: &Stamp) {
        let content = Content {
            id: "preview".to_owned(),
            stream: self.stream.clone(),
            kind: String::new(),
            schema_v: VISIT_SCHEMA,
            actor: Actor {
                staff_no: String::new(),
                name: String::new(),
            },
            at: now.clone(),
            based_on: None,
            body: serde_json::Value::Null,
        };
        self.take(&content, event.clone());
    }

    fn take(&mut self, content: &Content, event: VisitEvent) {
        if let Some(item) = undoable(&event) {
            let (event, kind) = (content.id.clone(), content.kind.clone());
            self.taps.push(Tap { event, kind, item });
        }
        match event {
            VisitEvent::Opened {
                order,
                job,
                pack,
                technician,
                continues,
            } => {
                if self.opened.is_none() {
                    self.opened_at_ms = content.at.wall_ms;
                    self.opened = Some(Opened {
                        order,
                        job,
                        pack,
                        technician,
                        continues,
                    });
                }
            }
            VisitEvent::PhoneRevealed {} => {}
            VisitEvent::CallLogged { call } => self.calls.push(recorded(content, call)),
            VisitEvent::AppointmentAgreed { appointment } => {
                self.appointments.push(content, appointment, None);
            }
            VisitEvent::MilestoneReached { milestone, claim } => {
                self.milestones
                    .entry(milestone)
                    .or_default()
                    .push(content, (), claim);
            }
            VisitEvent::NobodyHomeRecorded { nobody_home } => {
                self.nobody_home.push(content, nobody_home, None);
            }
            VisitEvent::OutcomeSet { outcome } => self.outcome.push(content, outcome, None),
            VisitEvent::Submitted { n, outcome, digest } => {
                self.submit(content, n, outcome, digest);
            }
            VisitEvent::DeliveryRecorded { delivery } => {
                self.delivery = Some(recorded(content, delivery));
            }
            VisitEvent::PackMoved {
                pack,
                rows,
                questions,
            } => self.move_pack(content, pack, &rows, &questions),
            VisitEvent::CannotMend { reason } => self.cannot_mend = Some(reason),
            VisitEvent::Undone { target } => self.undo(&target),
            other => self.take_work(content, other),
        }
    }

    /// The work itself: answers, rows, photos, people, signatures.
    fn take_work(&mut self, content: &Content, event: VisitEvent) {
        match event {
            VisitEvent::ItemsAnswered { answers, claim, .. } => {
                for a in answers {
                    let history = self.items.entry(a.item).or_default();
                    history.push(content, Some(a.answer), claim.clone());
                }
            }
            VisitEvent::ItemCleared { item } => {
                self.items
                    .entry(item)
                    .or_default()
                    .push(content, None, None);
            }
            VisitEvent::FactSet { fact, value } => {
                self.facts
                    .entry(fact)
                    .or_default()
                    .push(content, value, None);
            }
            VisitEvent::RowPut { row_id, row } => {
                self.row_mut(&row_id).push(content, Some(row), None)
            }
            VisitEvent::RowRemoved { row_id, .. } => {
                self.row_mut(&row_id).push(content, None, None)
            }
            VisitEvent::NoFees { none } => self.no_fees.push(content, none, None),
            VisitEvent::PhotoAdded { photo } => self.photos.push(recorded(content, photo)),
            VisitEvent::PhotoRemoved { photo } => self.photos.retain(|p| p.value.id != photo),
            VisitEvent::CompanionAdded { companion } => {
                self.companions.retain(|c| c.staff_no != companion.staff_no);
                self.companions.push(companion);
            }
            VisitEvent::CompanionRemoved { staff_no } => {
                self.companions.retain(|c| c.staff_no != staff_no);
            }
            VisitEvent::HandoverStarted { consent } => {
                self.in_handover = true;
                self.handover_for = consent;
            }
            VisitEvent::HandoverEnded {} => {
                self.in_handover = false;
                self.handover_for = None;
            }
            VisitEvent::ConsentRecorded { consent } => {
                let history = self.consents.entry(consent.item.clone()).or_default();
                history.push(content, consent, None);
            }
            VisitEvent::FeedbackGiven { feedback } => {
                self.feedback.get_or_insert(recorded(content, feedback));
            }
            VisitEvent::CustomerSigned { signature } => {
                self.customer_signature = Some(recorded(content, signature));
                if self.submitted() {
                    // asked again: the technician's comes after it, and the customer gets a new copy
                    self.technician_signature = None;
                    self.delivery = None;
                    self.resigned = Some(self.snapshot());
                }
            }
            VisitEvent::SignatureReopened { .. } => {
                self.customer_signature = None;
                self.technician_signature = None;
            }
            VisitEvent::TechnicianSigned { signature } => {
                self.technician_signature = Some(recorded(content, signature));
            }
            _ => {}
        }
    }

    fn row_mut(&mut self, row_id: &str) -> &mut History<Option<RowData>> {
        let at = self
            .rows
            .iter()
            .position(|(id, _)| id == row_id)
            .unwrap_or_else(|| {
                self.rows.push((row_id.to_owned(), History::default()));
                self.rows.len() - 1
            });
        &mut self.rows[at].1
    }

    fn undo(&mut self, target: &str) {
        if !self.taps.iter().any(|t| t.event == target) {
            return;
        }
        self.taps.retain(|t| t.event != target);
        self.items.values_mut().for_each(|h| h.undo(target));
        self.facts.values_mut().for_each(|h| h.undo(target));
        self.rows.iter_mut().for_each(|(_, h)| h.undo(target));
        self.milestones.values_mut().for_each(|h| h.undo(target));
        self.no_fees.undo(target);
        self.outcome.undo(target);
        self.nobody_home.undo(target);
    }

    // --- questions that every screen asks

    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> VisitStage {
        if self.submitted() {
            VisitStage::Submitted
        } else if self.customer_signature.is_some() {
            VisitStage::CustomerSigned
        } else if self.nobody_home.current().is_some() {
            VisitStage::NobodyHome
        } else if self.reached(Milestone::Entered).is_some() {
            VisitStage::Inside
        } else if self.reached(Milestone::AtDoor).is_some() {
            VisitStage::AtDoor
        } else if self.reached(Milestone::Downstairs).is_some() {
            VisitStage::Downstairs
        } else if self.reached(Milestone::Departed).is_some() {
            VisitStage::Departed
        } else if self.appointments.current().is_some() {
            VisitStage::Appointed
        } else {
            VisitStage::Opened
        }
    }

    /// Frozen by a submission.
    #[must_use]
    pub fn submitted(&self) -> bool {
        !self.submissions.is_empty()
    }

    /// The agreed time in force.
    #[must_use]
    pub fn appointment(&self) -> Option<&Recorded<Appointment>> {
        self.appointments.current()
    }

    /// The outcome chosen so far.
    #[must_use]
    pub fn outcome(&self) -> Option<&Recorded<Outcome>> {
        self.outcome.current()
    }

    /// The outcome a submission would have now.
    #[must_use]
    pub fn outcome_or_completed(&self) -> Outcome {
        if self.nobody_home.current().is_some() {
            return Outcome::NobodyHome;
        }
        self.outcome
            .current()
            .map_or(Outcome::Completed, |r| r.value.clone())
    }

    /// When a milestone was reached.
    #[must_use]
    pub fn reached(&self, milestone: Milestone) -> Option<&Recorded<()>> {
        self.milestones.get(&milestone).and_then(History::current)
    }

    /// When the technician stood at the door.
    #[must_use]
    pub fn arrived_at(&self) -> Option<Moment> {
        self.reached(Milestone::AtDoor).map(Recorded::when)
    }

    /// The answer of an item in force.
    #[must_use]
    pub fn answer(&self, item: &str) -> Option<&Answer> {
        self.answered(item)?.value.as_ref()
    }

    /// The same with when and how it was recorded.
    #[must_use]
    pub fn answered(&self, item: &str) -> Option<&Recorded<Option<Answer>>> {
        self.items
            .get(item)?
            .current()
            .filter(|r| r.value.is_some())
    }

    /// What the customer said to the statement of an item, newest first in force.
    #[must_use]
    pub fn consent(&self, item: &str) -> Option<&Recorded<Consent>> {
        self.consents.get(item)?.current()
    }

    /// Answered questions.
    #[must_use]
    pub fn facts(&self) -> BTreeMap<String, bool> {
        let current = |(id, h): (&String, &History<bool>)| Some((id.clone(), h.current()?.value));
        self.facts.iter().filter_map(current).collect()
    }

    /// What conditions look at, over `facts`.
    #[must_use]
    pub fn situation<'a>(&self, facts: &'a BTreeMap<String, bool>) -> Situation<'a> {
        let job = self.opened.as_ref().map_or(JobType::Install, |o| o.job);
        Situation { job, facts }
    }

    /// Rows in force with their ids.
    #[must_use]
    pub fn rows(&self) -> Vec<(&str, &RowData)> {
        self.rows
            .iter()
            .filter_map(|(id, h)| Some((id.as_str(), h.current()?.value.as_ref()?)))
            .collect()
    }

    /// 本次未收费 in force.
    #[must_use]
    pub fn no_fees(&self) -> bool {
        self.no_fees.current().is_some_and(|r| r.value)
    }

    /// Photos of a target.
    pub fn photos_of<'a>(
        &'a self,
        target: &'a PhotoTarget,
    ) -> impl Iterator<Item = &'a Recorded<Photo>> {
        self.photos
            .iter()
            .filter(move |p| &p.value.target == target)
    }

    /// The customer's copy still has to be delivered: submitted with somebody at home.
    #[must_use]
    pub fn delivery_pending(&self) -> bool {
        let Some(last) = self.submissions.last() else {
            return false;
        };
        let delivered = self
            .delivery
            .as_ref()
            .is_some_and(|d| d.value.how != DeliveryHow::Pending);
        last.outcome.kind() != OutcomeKind::NobodyHome && !delivered
    }
}

fn recorded<T>(content: &Content, value: T) -> Recorded<T> {
    Recorded {
        event: content.id.clone(),
        at: content.at.clone(),
        claim: None,
        value,
    }
}

/// Taps that can be taken back, with the item they touched. Calls, times, photos, feedback and
/// signatures are not taps: they are changed by saying so.
fn undoable(event: &VisitEvent) -> Option<Option<String>> {
    match event {
        VisitEvent::ItemsAnswered { answers, .. } => Some(
            answers
                .first()
                .filter(|_| answers.len() == 1)
                .map(|a| a.item.clone()),
        ),
        VisitEvent::ItemCleared { item } => Some(Some(item.clone())),
        VisitEvent::FactSet { .. }
        | VisitEvent::RowPut { .. }
        | VisitEvent::RowRemoved { .. }
        | VisitEvent::NoFees { .. }
        | VisitEvent::MilestoneReached { .. }
        | VisitEvent::NobodyHomeRecorded { .. }
        | VisitEvent::OutcomeSet { .. } => Some(None),
        _ => None,
    }
}
