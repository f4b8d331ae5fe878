//! What the queue lists of a visit's newest submission.

use super::{FlagKind, Print, Sight, flags, print};
use crate::event::Actor;
use crate::standard::{JobType, Milestone, SurveyOption};
use crate::text::Text;
use crate::time::Moment;
use crate::visit::state::{Recorded, VisitState};
use crate::visit::{Outcome, OutcomeKind, SignOutcome, timing};

/// A photo for finding it again elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoPrint {
    /// SHA-256 of the picture.
    pub sha256: String,
    /// Perceptual hashes.
    pub print: Print,
    /// When it was taken in, ms.
    pub at_ms: i64,
}

/// One line of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionRow {
    /// `visit/…`
    pub visit: String,
    /// 第 N 次提交: the newest.
    pub n: u32,
    /// `order/…`
    pub order_stream: String,
    /// The company's number.
    pub order_no: String,
    /// Customer.
    pub customer: String,
    /// Address.
    pub address: String,
    /// Lower-case haystack: number, customer, phone digits, address, technician.
    pub search: String,
    /// Who did the visit.
    pub technician: Actor,
    /// Hash of the pinned pack.
    pub pack_hash: String,
    /// The pack's name; its id in both languages while the pack is not here.
    pub pack: Text,
    /// The pack was here when the row was written.
    pub assessed: bool,
    /// Job.
    pub job: JobType,
    /// Minutes after the agreed time; negative = early.
    pub arrival_min: Option<i32>,
    /// Minutes from entering to leaving (or handing in).
    pub minutes: Option<i32>,
    /// The customer's word, as the pack names it.
    pub rating: Option<Text>,
    /// Its place among the answers, 0 = best.
    pub rating_rank: Option<u32>,
    /// The customer is dissatisfied with something.
    pub dissatisfied: bool,
    /// Outcome.
    pub outcome: OutcomeKind,
    /// Its reason.
    pub outcome_reason: Option<String>,
    /// How signing ended; none = nobody was asked.
    pub signature: Option<SignOutcome>,
    /// When it was submitted.
    pub submitted: Moment,
    /// When the customer hears from us.
    pub call_back: Option<Moment>,
    /// Flags that rest on this visit alone, one for each entry of [`flags`]; photos of other visits are compared by the store,
    /// the hub's flags counted there.
    pub flags: Vec<FlagKind>,
    /// The customer complains: reads first.
    pub complaint: bool,
    /// Photos in force.
    pub photos: Vec<PhotoPrint>,
}

/// The line of a submitted visit; none for one that was never submitted. Looks at the visit as it was handed in last.
#[must_use]
pub fn summary(sight: &Sight<'_>) -> Option<SubmissionRow> {
    let now = sight.visit;
    let visit = now.frozen.as_deref().unwrap_or(now);
    let sight = Sight { visit, ..*sight };
    let (opened, last) = (visit.opened.as_ref()?, now.submissions.last()?);
    let order = sight.order.order.as_ref();
    let text =
        |f: fn(&crate::order::WorkOrder) -> &String| order.map(f).cloned().unwrap_or_default();
    let order_no = sight
        .order
        .linked_no
        .clone()
        .unwrap_or_else(|| text(|o| &o.no));
    let (customer, address) = (text(|o| &o.customer), text(|o| &o.address));
    let phone: String = text(|o| &o.phone)
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let technician = opened.technician.clone();
    let search = [
        &order_no,
        &customer,
        &phone,
        &address,
        &technician.name,
        &technician.staff_no,
    ]
    .map(|s| s.to_lowercase())
    .join("\n");
    let kinds: Vec<FlagKind> = flags(&sight, &[], &[]).iter().map(|f| f.kind).collect();
    let (rating, rating_rank) = rating(&sight).unzip();
    let signature = visit.customer_signature.as_ref().map(|s| s.value.outcome);
    let dissatisfied = kinds.contains(&FlagKind::Dissatisfied);
    let id = Text {
        zh: opened.pack.id.clone(),
        en: opened.pack.id.clone(),
    };
    Some(SubmissionRow {
        visit: visit.stream.clone(),
        n: last.n,
        order_stream: opened.order.clone(),
        order_no,
        customer,
        address,
        search,
        technician,
        pack_hash: opened.pack.hash.clone(),
        pack: sight.pack.map_or(id, |p| p.name.clone()),
        assessed: sight.pack.is_some(),
        job: opened.job,
        arrival_min: arrival_min(&sight),
        minutes: minutes_inside(visit, last.at.moment()),
        rating,
        rating_rank,
        dissatisfied,
        outcome: last.outcome.kind(),
        outcome_reason: last.outcome.reason().map(str::to_owned),
        signature,
        submitted: last.at.moment(),
        call_back: match &last.outcome {
            Outcome::Suspended { call_back_by, .. } => *call_back_by,
            _ => None,
        },
        // who is dissatisfied or refuses to sign complains: VISIT.md lets the lead read these first
        complaint: dissatisfied || signature == Some(SignOutcome::Refused),
        flags: kinds,
        photos: visit.photos.iter().map(photo_print).collect(),
    })
}

fn photo_print(photo: &Recorded<crate::visit::Photo>) -> PhotoPrint {
    PhotoPrint {
        sha256: photo.value.sha256.clone(),
        print: print(&photo.value.phash, &photo.value.crop_phashes),
        at_ms: photo.at.wall_ms,
    }
}

/// Minutes after the agreed time, by the pack's rule where there is one.
fn arrival_min(sight: &Sight<'_>) -> Option<i32> {
    let arrival = arrived(sight)?;
    i32::try_from(-arrival.minutes_early).ok()
}

fn minutes_inside(visit: &VisitState, submitted: Moment) -> Option<i32> {
    let entered = visit.reached(Milestone::Entered)?.when();
    let left = visit
        .reached(Milestone::Left)
        .map_or(submitted, Recorded::when);
    i32::try_from(entered.minutes_until(left)).ok()
}

/// The answer to the pack's last question (总的满意吗) and its place.
fn rating(sight: &Sight<'_>) -> Option<(Text, u32)> {
    let given = &sight.visit.feedback.as_ref()?.value.answers;
    let question = sight.pack?.survey.last()?;
    let answer = given.get(&question.id)?;
    let is = |o: &SurveyOption| &o.id == answer;
    let place = question.options.iter().position(is)?;
    let option = question.options.get(place)?;
    Some((option.text.clone(), u32::try_from(place).ok()?))
}

/// Promised start, slot and milestones against the rule, for flags and lists.
pub(super) fn arrived(sight: &Sight<'_>) -> Option<timing::Arrival> {
    let (start, end) = timing::promised(sight.visit, sight.order)?;
    let rule = sight.pack.and_then(|p| p.rules.arrival.as_ref());
    let when = |m| sight.visit.reached(m).map(Recorded::when);
    timing::arrival(
        rule,
        start,
        end,
        when(Milestone::Downstairs),
        when(Milestone::AtDoor),
    )
}
