//! How a visit ends: nobody home, outcome, feedback, submission.

use super::*;

impl Ground<'_> {
    pub(super) fn nobody_home(
        &self,
        cause: Cause,
        contact: &str,
        person: &str,
        note: Option<String>,
    ) -> Decision {
        let arrived = self.visit.reached(Milestone::AtDoor).ok_or_else(|| {
            Refusal::new(Code::MilestoneOrder).with_word("milestone", Milestone::AtDoor)
        })?;
        if self.visit.reached(Milestone::Entered).is_some() {
            return Err(
                Refusal::new(Code::MilestoneRecorded).with_word("milestone", Milestone::Entered)
            );
        }
        let rang = |c: &crate::visit::state::Recorded<Call>| {
            c.at.wall_ms >= arrived.when().ms && c.value.result != CallResult::Answered
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

    pub(super) fn set_outcome(&self, outcome: Outcome) -> Decision {
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

    pub(super) fn give_feedback(&self, feedback: Feedback) -> Decision {
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

    pub(super) fn cannot_mend(&self, reason: String) -> Decision {
        if self.life() != Life::Mending {
            return Err(Code::NotSentBack.into());
        }
        words(&reason, Code::ReasonMissing, true)?;
        one(VisitEvent::CannotMend { reason })
    }

    pub(super) fn submit(&self) -> Decision {
        if self.life() == Life::Mending && !self.was_mended() {
            return Err(Code::NothingMended.into());
        }
        let count = missing(self.visit, self.order, self.pack, self.day).len();
        if count > 0 {
            return Err(Refusal::new(Code::SubmissionBlocked).with("count", count));
        }
        let outcome = self.visit.outcome_or_completed();
        one(VisitEvent::Submitted {
            n: self
                .visit
                .submissions
                .last()
                .map_or(1, |s| s.n.saturating_add(1)),
            outcome,
            digest: self.visit.digest.clone(),
        })
    }
}
