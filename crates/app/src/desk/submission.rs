//! One submission with its evidence.

use super::dto::{DeskSubmission, SubmissionBrief, VerdictView};
use super::queue::desk_row;
use super::{lead_only, pack_travels};
use crate::orders::order_state;
use crate::review::submission;
use crate::visits::{review_state, visit_state};
use crate::{App, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::day::DayState;
use doorstep_domain::desk::{Candidate, PhotoLike, Sight, changes, flags, timeline};
use doorstep_domain::review::NewVerdict;
use doorstep_domain::review::{Place, ReviewState};
use doorstep_domain::rows::StreamState;
use doorstep_domain::standard::Pack;
use doorstep_domain::text::Lang;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::decide::Ground;
use doorstep_domain::visit::state::VisitState;
use doorstep_domain::visit::view::{Scene, row_reasons, short_no, view};
use std::collections::BTreeMap;

impl App {
    /// Gives a verdict, durably, and shows the submission as it stands then: a second lead's late one is among its verdicts.
    ///
    /// # Errors
    /// [`Code::LeadOnly`]; as [`App::give_verdict`] and [`App::desk_submission`].
    pub fn judge(&self, new: &NewVerdict) -> Outcome<DeskSubmission> {
        self.with(|session| lead_only(session))?;
        self.give_verdict(new)?;
        self.desk_submission(&new.visit, new.submission)
    }

    /// Submission `n` of a visit as it was handed in, with flags, timeline, differences and verdicts.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::VisitUnknown`], [`Code::SubmissionUnknown`], storage trouble; [`Code::PackTravels`] while its pack
    /// is not here.
    pub fn desk_submission(&self, visit: &str, n: u32) -> Outcome<DeskSubmission> {
        let now = self.now()?;
        self.with(|session| {
            lead_only(session)?;
            let newest = visit_state(session, visit)?;
            let then = submission(session, visit, n)?;
            let opened = then.opened.clone().ok_or(Code::VisitUnknown)?;
            let order = order_state(session, &opened.order)?;
            let pack = self.packs.pinned(&session.store, &opened.pack.hash);
            let pack = pack.map_err(pack_travels)?;
            let day = day_of(session, &then)?;
            let review = review_state(session, visit)?;
            let lang = session.settings.lang;
            let sight = Sight {
                visit: &then,
                order: &order,
                pack: Some(&pack),
                day: day.as_ref(),
                missed_before: session.store.missed_before(&then)?,
                lang,
            };
            let alike = alike(session, &then)?;
            let hub: Vec<String> = review.flags().map(str::to_owned).collect();
            let before = match n {
                0 | 1 => None,
                _ => submission(session, visit, n - 1).ok(),
            };
            let ground = Ground {
                visit: &then,
                order: &order,
                pack: &pack,
                day: day.as_ref(),
                review: Some(&review),
                gear: None,
                now: &now,
            };
            let shown = view(&Scene {
                ground,
                prior: &[],
                lang,
                own_phone: "",
                missed_before: session.store.missed_before(&then)?,
                newest: None,
            });
            let row = session
                .store
                .queued(visit)?
                .ok_or(Code::SubmissionUnknown)?;
            let mut row = desk_row(&row, lang);
            row.submission = n;
            row.verdict = review.standing(n).map(|g| g.verdict);
            row.sampled = review.sampled(n);
            if let Some(submitted) = then.submissions.last() {
                row.submitted_at = submitted.at.moment();
            }
            let verdicts = verdicts(session, &newest, &review, &pack, lang);
            Ok(DeskSubmission {
                row,
                visit: shown,
                flags: flags(&sight, &alike, &hub),
                timeline: timeline(&sight, &alike),
                submissions: briefs(&newest, &review),
                changes: before.map_or_else(Vec::new, |b| changes(&b, &sight)),
                verdicts,
            })
        })
    }
}

/// The kit checks of the departure's day; none when they are not here.
pub(super) fn day_of(session: &mut Session, visit: &VisitState) -> Outcome<Option<DayState>> {
    let Some(stream) = session.store.day_of(visit)? else {
        return Ok(None);
    };
    Ok(match session.store.state(&stream)? {
        StreamState::Day(day) if !day.stream.is_empty() => Some((**day).clone()),
        _ => None,
    })
}

/// Earlier photos of other visits that those of this submission resemble.
fn alike(session: &mut Session, visit: &VisitState) -> Outcome<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for found in session.store.alike(&visit.stream)? {
        let here = visit.photos.iter().find(|p| p.value.sha256 == found.sha256);
        let other = session.store.queued(&found.visit)?;
        if let (Some(here), Some(other)) = (here, other) {
            let at = Moment {
                ms: found.at_ms,
                offset_min: other.row.submitted.offset_min,
            };
            let like = PhotoLike {
                visit: found.visit,
                short_no: short_no(&other.row.order_no),
                technician: other.row.technician,
                photo: found.earlier,
                at,
                percent: found.percent,
            };
            let photo = here.value.id.clone();
            candidates.push(Candidate { photo, like });
        }
    }
    Ok(candidates)
}

fn briefs(visit: &VisitState, review: &ReviewState) -> Vec<SubmissionBrief> {
    let brief = |s: &doorstep_domain::visit::state::Submission| SubmissionBrief {
        n: s.n,
        at: s.at.moment(),
        verdict: review.standing(s.n).map(|g| g.verdict),
    };
    visit.submissions.iter().map(brief).collect()
}

/// Every verdict, its reasons worded by what stood in the submission that it judges: a number that was corrected since is not put
/// beside the words about the wrong one.
fn verdicts(
    session: &mut Session,
    newest: &VisitState,
    review: &ReviewState,
    pack: &Pack,
    lang: Lang,
) -> Vec<VerdictView> {
    let mut judged: BTreeMap<u32, VisitState> = BTreeMap::new();
    let mut all = Vec::new();
    for given in review.verdicts() {
        let n = given.submission;
        if !judged.contains_key(&n)
            && let Ok(then) = submission(session, &newest.stream, n)
        {
            judged.insert(n, then);
        }
        // one whose submission has not come yet is worded by what is here
        let then = judged.get(&n).unwrap_or(newest);
        all.push(VerdictView {
            submission: n,
            verdict: given.verdict,
            by: given.by.clone(),
            at: given.at.moment(),
            reasons: row_reasons(given, then, pack, lang),
            note: given.note.clone(),
            scores: given.scores.clone(),
            stands: review.place(&given.event) == Place::Stands,
        });
    }
    all
}
