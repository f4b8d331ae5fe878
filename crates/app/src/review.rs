//! Reviews: a lead's verdicts, many approvals at once, and a submission as it was. Who may give them is checked by whoever calls,
//! and again by the hub.

use crate::visits::{review_state, visit_state};
use crate::{App, AppError, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::event::{BasedOn, Content};
use doorstep_domain::review::{NewVerdict, ReviewEvent, stream_of};
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::mend::as_submitted;
use doorstep_domain::visit::state::VisitState;
use doorstep_domain::visit::verdict::{give, give_together};
use serde::Serialize;
use std::collections::BTreeSet;
use ts_rs::TS;

/// What became of approving many at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ApproveMany {
    /// Approved unread.
    pub approved: u32,
    /// Picked for a full read; they stay in the queue.
    pub sampled: u32,
}

impl App {
    /// Gives a verdict on a submission; durable when it returns.
    ///
    /// # Errors
    /// [`Code::VisitUnknown`], a refusal of [`give`], or storage trouble; nothing has changed then.
    pub fn give_verdict(&self, new: &NewVerdict) -> Outcome<()> {
        let now = self.now()?;
        self.with(|session| {
            let visit = visit_state(session, &new.visit)?;
            let review = review_state(session, &new.visit)?;
            let event = give(&visit, &review, new)?;
            let content = self.judgement(session, &now, &visit, new.submission, &event)?;
            session.store.append(vec![content])?;
            Ok(())
        })
    }

    /// Approves these submissions (`visit/…` and number, each without flags: that is the queue's to know) unread, and picks
    /// `percent_to_sample` of them, rounded up, for a full read instead. One transaction. What was judged or submitted
    /// again meanwhile, or waits for its full read already, is left as it is.
    ///
    /// # Errors
    /// [`Code::BadRequest`] above 100 percent, storage trouble; nothing has changed then.
    pub fn approve_many(
        &self,
        unflagged: &[(String, u32)],
        percent_to_sample: u32,
    ) -> Outcome<ApproveMany> {
        if percent_to_sample > 100 {
            return Err(Code::BadRequest.into());
        }
        let now = self.now()?;
        self.with(|session| {
            let mut open = Vec::new();
            let mut seen = BTreeSet::new();
            for (stream, n) in unflagged.iter().filter(|one| seen.insert(*one)) {
                let visit = visit_state(session, stream)?;
                let review = review_state(session, stream)?;
                if give_together(&visit, &review, *n, false).is_ok() {
                    open.push((visit, review, *n));
                }
            }
            let picked = self.pick(open.len(), percent_to_sample);
            let mut done = ApproveMany::default();
            let mut contents = Vec::with_capacity(open.len());
            for (i, (visit, review, n)) in open.iter().enumerate() {
                let sample = picked.contains(&i);
                let event = give_together(visit, review, *n, sample)?;
                contents.push(self.judgement(session, &now, visit, *n, &event)?);
                done.sampled += u32::from(sample);
                done.approved += u32::from(!sample);
            }
            session.store.append(contents)?;
            Ok(done)
        })
    }

    /// The visit as it was when submission `n` was handed in, for the desk and for telling what changed.
    ///
    /// # Errors
    /// [`Code::VisitUnknown`], [`Code::SubmissionUnknown`], storage trouble.
    pub fn submission_as_it_was(&self, visit: &str, n: u32) -> Outcome<VisitState> {
        self.with(|session| submission(session, visit, n))
    }

    /// Draws `percent` of `count` places, rounded up, each set of places as likely as another.
    fn pick(&self, count: usize, percent: u32) -> BTreeSet<usize> {
        let percent = usize::try_from(percent).unwrap_or(100);
        let wanted = count.saturating_mul(percent).div_ceil(100);
        let mut lots: Vec<([u8; 16], usize)> = (0..count)
            .map(|i| {
                let mut lot = [0; 16];
                self.device.random(&mut lot);
                (lot, i)
            })
            .collect();
        lots.sort_unstable();
        lots.into_iter().take(wanted).map(|(_, i)| i).collect()
    }

    /// A verdict as a content: it rests on the submission that it judges.
    fn judgement(
        &self,
        session: &Session,
        now: &Stamp,
        visit: &VisitState,
        n: u32,
        event: &ReviewEvent,
    ) -> Outcome<Content> {
        let stream = stream_of(&visit.stream).ok_or(Code::VisitUnknown)?;
        let submission = visit.submissions.iter().find(|s| s.n == n);
        let based_on = submission.map(|s| BasedOn {
            stream: visit.stream.clone(),
            event: s.event.clone(),
        });
        self.content(session, now, &stream, event, based_on)
    }
}

/// The visit as it was when submission `n` was handed in.
pub(crate) fn submission(session: &mut Session, visit: &str, n: u32) -> Outcome<VisitState> {
    let newest = visit_state(session, visit)?;
    if !newest.submissions.iter().any(|s| s.n == n) {
        return Err(Code::SubmissionUnknown.into());
    }
    let events = session.store.events(visit)?;
    as_submitted(events.iter().map(|e| &e.content), n)
        .ok_or_else(|| AppError::from(Code::SubmissionUnknown))
}
