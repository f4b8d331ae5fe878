//! The queue: one page, its counts, and approving what shows nothing.

use super::dto::{DeskCounts, DeskPage, DeskQuery, DeskRow, DeskSort, DeskView};
use super::reach::reach;
use super::{bounds, lead_only};
use crate::review::ApproveMany;
use crate::{App, Outcome, Session};
use doorstep_domain::text::Lang;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::SignOutcome;
use doorstep_domain::visit::view::short_no;
use doorstep_store::{QueueQuery, QueueSort, QueueView, Submitted};

/// Most rows a page takes.
pub(super) const MOST_ROWS: u32 = 200;

impl App {
    /// A page of the queue.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::LeadOnly`], [`doorstep_domain::code::Code::NoProfile`], storage trouble.
    pub fn desk(&self, query: &DeskQuery) -> Outcome<DeskPage> {
        let now = self.now()?.moment();
        self.with(|session| {
            lead_only(session)?;
            self.bring_packs(session)?;
            let (today, tomorrow) = bounds(now);
            let page = session.store.queue(&asked(query, today))?;
            let counts = session.store.queue_counts(today)?;
            let own = &session.technician.staff_no;
            let not_received = session.store.awaited(today, now.ms.min(tomorrow), own)?;
            let lang = session.settings.lang;
            let moment = |ms| Moment {
                ms,
                offset_min: now.offset_min,
            };
            Ok(DeskPage {
                total: u32::try_from(page.total).unwrap_or(u32::MAX),
                rows: page.rows.iter().map(|r| desk_row(r, lang)).collect(),
                counts: DeskCounts {
                    open: u32::try_from(counts.open).unwrap_or(u32::MAX),
                    flagged: u32::try_from(counts.flagged).unwrap_or(u32::MAX),
                    rework_today: u32::try_from(counts.rework).unwrap_or(u32::MAX),
                    not_received: u32::try_from(not_received).unwrap_or(u32::MAX),
                    unflagged: u32::try_from(counts.unflagged).unwrap_or(u32::MAX),
                },
                since: counts.since_ms.map(moment),
                reach: reach(session, now)?,
            })
        })
    }

    /// Approves every open submission without flags, but for `percent_to_sample` of them, rounded up, which are picked for a full
    /// read and stay. One whose pack is not here was not looked through and stays too.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::LeadOnly`]; as [`App::approve_many`].
    pub fn approve_unflagged(&self, percent_to_sample: u32) -> Outcome<ApproveMany> {
        let unflagged = self.with(|session| {
            lead_only(session)?;
            self.bring_packs(session)?;
            Ok(session.store.unflagged()?)
        })?;
        self.approve_many(&unflagged, percent_to_sample)
    }

    /// Pins the packs of received visits that this program brings along; their submissions are then looked through.
    pub(super) fn bring_packs(&self, session: &mut Session) -> Outcome<()> {
        for hash in session.store.packs_wanted()? {
            if let Some((file, loaded)) = self.packs.by_hash(&hash) {
                session.store.put_pack(&hash, &loaded.source, file)?;
            }
        }
        Ok(())
    }
}

pub(super) fn asked(query: &DeskQuery, today: i64) -> QueueQuery {
    QueueQuery {
        view: match query.view {
            DeskView::Open => QueueView::Open,
            DeskView::Flagged => QueueView::Flagged,
            DeskView::ReworkToday => QueueView::ReworkSince(today),
            DeskView::Decided => QueueView::Decided,
        },
        search: query.search.clone(),
        sort: match query.sort {
            DeskSort::Flags => QueueSort::Flags,
            DeskSort::Submitted => QueueSort::Submitted,
            DeskSort::Order => QueueSort::Order,
            DeskSort::Customer => QueueSort::Customer,
            DeskSort::Technician => QueueSort::Technician,
            DeskSort::Arrival => QueueSort::Arrival,
            DeskSort::Minutes => QueueSort::Minutes,
            DeskSort::Rating => QueueSort::Rating,
        },
        descending: query.descending,
        offset: query.offset.into(),
        limit: query.limit.min(MOST_ROWS).into(),
    }
}

/// A line in words.
pub(super) fn desk_row(submitted: &Submitted, lang: Lang) -> DeskRow {
    let row = &submitted.row;
    DeskRow {
        visit: row.visit.clone(),
        submission: row.n,
        order: row.order_stream.clone(),
        order_no: row.order_no.clone(),
        short_no: short_no(&row.order_no),
        customer: row.customer.clone(),
        address: row.address.clone(),
        technician: row.technician.clone(),
        pack: row.pack.get(lang).to_owned(),
        job: row.job,
        arrival_min: row.arrival_min,
        minutes: row.minutes,
        rating: row.rating.as_ref().map(|r| r.get(lang).to_owned()),
        dissatisfied: row.dissatisfied,
        outcome: row.outcome,
        outcome_reason: row.outcome_reason.clone(),
        signature: signature(row.signature).to_owned(),
        submitted_at: row.submitted,
        call_back_by: row.call_back,
        flags: submitted.flag_count,
        complaint: row.complaint,
        verdict: submitted.verdict,
        sampled: submitted.sampled,
    }
}

fn signature(outcome: Option<SignOutcome>) -> &'static str {
    match outcome {
        None => "",
        Some(SignOutcome::Signed) => "signed",
        Some(SignOutcome::Proxy) => "on_behalf",
        Some(SignOutcome::Mark) => "mark",
        Some(SignOutcome::Cannot) => "unable",
        Some(SignOutcome::Refused) => "refused",
    }
}
