//! What reviews leave open: after 退回补资料 the technician mends photos, readings, text, rows and answers and submits again; after
//! anything else a submitted visit stays as it was handed in.
//!
//! The customer is asked again only when something they attested is different from what stood when they signed. So a
//! blurry photo disturbs nobody, a wrong SN does, and putting the old SN back makes the old signature good again.

use super::attest::attested;
use super::command::Command;
use super::decide::Ground;
use super::events::{VISIT_SCHEMA, VisitEvent};
use super::facts::{Answer, Outcome, Photo, RowData};
use super::state::{History, Recorded, Submission, VisitState};
use crate::event::{Content, read_body};
use crate::order::OrderState;
use crate::review::{ReviewState, Verdict};
use crate::standard::Pack;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where a visit's life stands: what may still change in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Never submitted: everything.
    Open,
    /// Submitted; nobody judged the newest submission yet.
    Submitted,
    /// 退回补资料: what may be mended.
    Mending,
    /// 通过: nothing.
    Approved,
    /// 返工上门: nothing here; a new visit.
    Rework,
}

impl Life {
    /// By the newest submission and the verdict that stands on it.
    #[must_use]
    pub fn of(visit: &VisitState, review: Option<&ReviewState>) -> Life {
        let Some(last) = visit.submissions.last() else {
            return Life::Open;
        };
        match review.and_then(|r| r.standing(last.n)).map(|g| g.verdict) {
            None => Life::Submitted,
            Some(Verdict::Returned) => Life::Mending,
            Some(Verdict::Approved) => Life::Approved,
            Some(Verdict::Rework) => Life::Rework,
        }
    }

    /// Nothing of the work may change.
    #[must_use]
    pub fn closed(self) -> bool {
        !matches!(self, Life::Open | Life::Mending)
    }
}

/// The visit as it was when submission `n` was handed in, from its events in their order; none when there was no such one.
#[must_use]
pub fn as_submitted<'a>(
    events: impl IntoIterator<Item = &'a Content>,
    n: u32,
) -> Option<VisitState> {
    let mut visit = VisitState::default();
    for content in events {
        visit.apply(content);
        let submitted = read_body::<VisitEvent>(content, VISIT_SCHEMA);
        if matches!(submitted, Some(VisitEvent::Submitted { n: this, .. }) if this == n) {
            return Some(visit);
        }
    }
    None
}

/// Whether a command is one of mending, or of submitting what was mended.
pub(super) fn mends(command: &Command) -> bool {
    matches!(
        command,
        Command::Answer { .. }
            | Command::TickPhase { .. }
            | Command::Clear { .. }
            | Command::SetFact { .. }
            | Command::PutRow { .. }
            | Command::RemoveRow { .. }
            | Command::DeclareNoFees { .. }
            | Command::RemovePhoto { .. }
            | Command::CannotMend { .. }
            | Command::StartHandover
            | Command::EndHandover
            | Command::GiveFeedback { .. }
            | Command::Undo
            | Command::Submit
    )
}

impl<'a> Ground<'a> {
    /// Where the visit's life stands.
    #[must_use]
    pub fn life(&self) -> Life {
        Life::of(self.visit, self.review)
    }

    /// The visit as decisions and screens take it: while it is mended without the signatures that no longer count, and
    /// otherwise, once submitted, as it was handed in.
    #[must_use]
    pub fn in_force(&self) -> Cow<'a, VisitState> {
        match self.life() {
            Life::Open => Cow::Borrowed(self.visit),
            Life::Mending => Cow::Owned(self.visit.mended(self.order, self.pack)),
            Life::Submitted | Life::Approved | Life::Rework => self.visit.handed_in(),
        }
    }

    /// The same ground under another state of the visit.
    pub(super) fn under<'b>(&self, visit: &'b VisitState) -> Ground<'b>
    where
        'a: 'b,
    {
        Ground { visit, ..*self }
    }

    /// The customer signed, and has to sign again because something they attested is different now.
    #[must_use]
    pub fn customer_signs_again(&self) -> bool {
        let signed = |visit: &VisitState| visit.customer_signature.is_some();
        self.life() == Life::Mending
            && self.visit.frozen.as_deref().is_some_and(signed)
            && !signed(&self.in_force())
    }

    /// Something was mended, or said to be past mending, since the last submission.
    pub(super) fn was_mended(&self) -> bool {
        let visit = self.visit;
        let frozen = visit.frozen.as_deref();
        visit.cannot_mend.is_some() || frozen.is_none_or(|f| f.work() != visit.work())
    }
}

/// What a review may send back.
type Work<'a> = (
    &'a BTreeMap<String, History<Option<Answer>>>,
    &'a BTreeMap<String, History<bool>>,
    &'a Vec<(String, History<Option<RowData>>)>,
    &'a History<bool>,
    &'a Vec<Recorded<Photo>>,
);

impl VisitState {
    /// Takes a submission: what stands now is what it handed in.
    pub(super) fn submit(&mut self, content: &Content, n: u32, outcome: Outcome, digest: String) {
        self.taps.clear();
        self.submissions.push(Submission {
            event: content.id.clone(),
            n,
            at: content.at.clone(),
            outcome,
            digest,
            signature: self.customer_signature.as_ref().map(|s| s.event.clone()),
            cannot_mend: self.cannot_mend.take(),
        });
        self.resigned = None;
        self.frozen = Some(self.snapshot());
    }

    /// What was recorded so far, without what only the running fold needs.
    pub(super) fn snapshot(&self) -> Box<VisitState> {
        Box::new(VisitState {
            frozen: None,
            resigned: None,
            taps: Vec::new(),
            digest: String::new(),
            parked: 0,
            updated_ms: 0,
            ..self.clone()
        })
    }

    fn work(&self) -> Work<'_> {
        let (items, facts) = (&self.items, &self.facts);
        (items, facts, &self.rows, &self.no_fees, &self.photos)
    }

    /// The visit as it was submitted last, with the calls and the delivery of later: the ticket of that submission. The
    /// same visit while nothing was mended, and before the first submission.
    #[must_use]
    pub fn handed_in(&self) -> Cow<'_, VisitState> {
        let signatures = |v: &VisitState| {
            let customer = v.customer_signature.as_ref().map(|s| s.event.clone());
            let technician = v.technician_signature.as_ref().map(|s| s.event.clone());
            (customer, technician, v.cannot_mend.is_some())
        };
        let same = |f: &VisitState| f.work() == self.work() && signatures(f) == signatures(self);
        match self.frozen.as_deref() {
            Some(frozen) if !same(frozen) => Cow::Owned(VisitState {
                calls: self.calls.clone(),
                in_handover: self.in_handover,
                delivery: self.delivery.clone().or_else(|| frozen.delivery.clone()),
                digest: self.digest.clone(),
                updated_ms: self.updated_ms,
                parked: self.parked,
                ..frozen.clone()
            }),
            _ => Cow::Borrowed(self),
        }
    }

    /// The visit while it is mended: without the technician's signature of the last submission, and without the customer's when it
    /// covers something else than what stands now.
    fn mended(&self, order: &OrderState, pack: &Pack) -> VisitState {
        let mut visit = self.clone();
        let Some(frozen) = self.frozen.as_deref() else {
            return visit;
        };
        let stale = |mine: &Option<Recorded<_>>, then: &Option<Recorded<_>>| {
            mine.as_ref().map(|s| &s.event) == then.as_ref().map(|s| &s.event)
        };
        if stale(&self.technician_signature, &frozen.technician_signature) {
            visit.technician_signature = None;
        }
        if let Some(signature) = &self.customer_signature {
            let signed = self.resigned.as_deref().unwrap_or(frozen);
            let shown = |v: &VisitState| attested(v, order, pack, signature.value.lang);
            if shown(signed) != shown(self) {
                visit.customer_signature = None;
                visit.technician_signature = None;
            }
        }
        visit
    }
}
