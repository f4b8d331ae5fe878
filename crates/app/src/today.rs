//! Today's list: every order of the day and what was left over from before, each with one action.

use crate::dto::{
    Dispatch, GoneOrder, RowAction, RowState, StorageStatus, TodayPage, TodayQuery, TodayRow,
};
use crate::orders::order_state;
use crate::{App, Outcome, Session};
use doorstep_domain::rows::OrderRow;
use doorstep_domain::standard::Rules;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::view::short_no;
use doorstep_domain::visit::{VisitStage, timing};
use doorstep_domain::wire::Role;
use doorstep_store::{AgendaFilter, AgendaQuery, AgendaRow, AgendaState};

/// An appointment this near is 快到时间, minutes.
const SOON_MIN: i64 = 45;
/// Most rows a page takes.
const MOST_ROWS: u32 = 200;

impl App {
    /// A page of Today; with a search it looks through every day.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::NoProfile`], storage trouble.
    pub fn today(&self, query: &TodayQuery) -> Outcome<TodayPage> {
        let now = self.now()?.moment();
        self.with(|session| {
            let search = query.search.clone().filter(|s| !s.trim().is_empty());
            let (from_ms, to_ms) = day_bounds(now);
            let filter = match search {
                Some(_) => AgendaFilter::All,
                None => AgendaFilter::Day { from_ms, to_ms },
            };
            let (offset, limit) = (
                u64::from(query.offset),
                u64::from(query.limit.min(MOST_ROWS)),
            );
            let page = session.store.agenda(&AgendaQuery {
                search,
                whose: session
                    .office
                    .is_some()
                    .then(|| session.technician.staff_no.clone()),
                filter,
                offset,
                limit,
            })?;
            let me = technician(session);
            let row = |r: &AgendaRow| self.today_row(r, me.as_deref(), now);
            let rows: Vec<TodayRow> = page.rows.iter().map(row).collect();
            let count = |of: &dyn Fn(AgendaState) -> bool| {
                let sum = page
                    .counts
                    .iter()
                    .filter(|(s, _)| of(**s))
                    .map(|(_, n)| *n)
                    .sum::<u64>();
                u32::try_from(sum).unwrap_or(u32::MAX)
            };
            // after a restart the technician stands where they were, not before the next order by time
            let underway = page
                .rows
                .iter()
                .position(|r| r.state == AgendaState::Underway);
            let next = match underway {
                Some(at) => rows.get(at),
                None => rows.iter().find(|r| is_next(r.state)).or(rows.first()),
            };
            Ok(TodayPage {
                now,
                total: u32::try_from(page.total).unwrap_or(u32::MAX),
                completed: count(&|s| matches!(s, AgendaState::Done | AgendaState::Returned)),
                unfinished: count(&|s| {
                    matches!(
                        s,
                        AgendaState::Suspended
                            | AgendaState::NobodyHome
                            | AgendaState::Mending
                            | AgendaState::Rework
                    )
                }),
                waiting: count(&|s| {
                    matches!(
                        s,
                        AgendaState::New | AgendaState::Appointed | AgendaState::Underway
                    )
                }),
                deliveries_pending: u32::try_from(session.store.undelivered()?.len())
                    .unwrap_or(u32::MAX),
                next: next.map(|r| r.order.clone()),
                rows,
                unsent: unsent(session),
                gone: gone(session, me.as_deref(), filter)?,
            })
        })
    }

    /// One order's row as Today shows it.
    pub(crate) fn today_row_of(
        &self,
        session: &Session,
        order: &str,
        now: Moment,
    ) -> Outcome<Option<TodayRow>> {
        let Some(row) = session.store.order(order)? else {
            return Ok(None);
        };
        let visit = session.store.visits_of(order)?.pop();
        let review = match &visit {
            Some(visit) => session.store.review(&visit.stream)?,
            None => None,
        };
        let appointment = visit.as_ref().and_then(|v| v.appointment_ms);
        let agenda = AgendaRow {
            state: AgendaState::of(row.cancelled, visit.as_ref(), review.as_ref()),
            sort_ms: appointment.unwrap_or(row.promised_start_ms),
            order: row,
            visit,
        };
        Ok(Some(self.today_row(
            &agenda,
            technician(session).as_deref(),
            now,
        )))
    }

    fn today_row(&self, row: &AgendaRow, me: Option<&str>, now: Moment) -> TodayRow {
        let offset_min = row.order.offset_min;
        let moment = |ms: i64| Moment { ms, offset_min };
        let (visit, order) = (row.visit.as_ref(), &row.order);
        let appointment = visit.and_then(|v| v.appointment_ms);
        let at = moment(appointment.unwrap_or(order.promised_start_ms));
        let until = match visit {
            Some(v) if v.appointment_ms.is_some() => v.appointment_end_ms,
            _ => order.promised_end_ms,
        }
        .map(moment);
        let default_rules = Rules::default();
        let rules = self
            .packs
            .newest(&order.standard)
            .map_or(&default_rules, |(_, p)| &p.pack.rules);
        let stage = visit.map(|v| v.stage);
        let waiting = stage.is_none_or(|s| s < VisitStage::Downstairs);
        let (arrive_from, arrive_by) = timing::arrive_window(rules.arrival.as_ref(), at, until);
        let notice = rules
            .change_notice
            .as_ref()
            .map(|r| timing::notice_deadline(r, at, now).0);
        TodayRow {
            order: order.stream.clone(),
            visit: visit.map(|v| v.stream.clone()),
            short_no: short_no(&order.no),
            customer: order.customer.clone(),
            address: order.address.clone(),
            job: order.job,
            service: order.service.clone(),
            at,
            until,
            agreed: appointment.is_some(),
            stage,
            state: state(row, at, now),
            outcome: visit.and_then(|v| v.outcome),
            outcome_reason: visit.and_then(|v| v.outcome_reason.clone()),
            submitted_at: visit.and_then(|v| v.submitted_ms).map(moment),
            delivery_pending: visit.is_some_and(|v| v.delivery_pending),
            call_back_by: visit.and_then(|v| v.call_back_ms).map(moment),
            change_by: notice.filter(|_| waiting),
            arrive_from: arrive_from.filter(|_| waiting),
            arrive_by: waiting.then_some(arrive_by),
            action: action(row),
            dispatch: dispatch(&row.order, me),
        }
    }

    /// What lies on this tablet.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::NoProfile`], storage trouble.
    pub fn storage_status(&self) -> Outcome<StorageStatus> {
        self.with(|session| {
            let (photos, photo_bytes) = session.vault.usage()?;
            Ok(StorageStatus {
                records: written(session)?,
                photos,
                photo_bytes,
                demo: session.demo,
            })
        })
    }
}

/// The staff number of a technician with a server; leads have everybody's orders, and without a server nobody gives any out.
pub(crate) fn technician(session: &Session) -> Option<String> {
    let office = session.office.as_ref()?;
    (office.role == Role::Technician).then(|| session.technician.staff_no.clone())
}

/// What dispatch did with an order of `me`.
fn dispatch(order: &OrderRow, me: Option<&str>) -> Option<Dispatch> {
    let me = me?;
    if order.cancelled {
        return Some(Dispatch::Cancelled);
    }
    let elsewhere = order.assigned.as_deref().is_some_and(|a| a != me);
    elsewhere.then_some(Dispatch::Reassigned)
}

/// Orders of the day that went to colleagues before they were begun here.
fn gone(session: &mut Session, me: Option<&str>, filter: AgendaFilter) -> Outcome<Vec<GoneOrder>> {
    let (Some(me), AgendaFilter::Day { from_ms, to_ms }) = (me, filter) else {
        return Ok(Vec::new());
    };
    let mut gone = Vec::new();
    for order in session.store.given_away(from_ms, to_ms, me)? {
        let to = order_state(session, &order.stream)?.assigned;
        gone.push(GoneOrder {
            order: order.stream,
            short_no: short_no(&order.no),
            customer: order.customer,
            to: to.map(|a| a.name).unwrap_or_default(),
        });
    }
    Ok(gone)
}

fn unsent(session: &Session) -> u32 {
    u32::try_from(session.store.events_waiting()).unwrap_or(u32::MAX)
}

/// Records that were written on this tablet.
fn written(session: &Session) -> Outcome<u32> {
    let logs = session.store.own_logs()?;
    let records = logs.iter().map(|log| log.head.seq).sum::<u64>();
    Ok(u32::try_from(records).unwrap_or(u32::MAX))
}

fn day_bounds(now: Moment) -> (i64, i64) {
    let start =
        Moment::parse_local(&format!("{} 00:00", now.date()), now.offset_min).unwrap_or(now);
    (start.ms, start.plus_minutes(24 * 60).ms)
}

fn is_next(state: RowState) -> bool {
    !matches!(
        state,
        RowState::Completed
            | RowState::Suspended
            | RowState::Returned
            | RowState::NobodyHome
            | RowState::ReturnedForMending
            | RowState::Cancelled
    )
}

fn state(row: &AgendaRow, at: Moment, now: Moment) -> RowState {
    let left = now.minutes_until(at);
    match row.state {
        AgendaState::Cancelled => RowState::Cancelled,
        AgendaState::Done => RowState::Completed,
        AgendaState::Mending => RowState::ReturnedForMending,
        // a new time is to be agreed; the old one is no promise any more
        AgendaState::Rework => RowState::ToContact,
        AgendaState::Suspended => RowState::Suspended,
        AgendaState::Returned => RowState::Returned,
        AgendaState::NobodyHome if row.visit.as_ref().is_some_and(|v| v.revision == 0) => {
            RowState::Unsubmitted
        }
        AgendaState::NobodyHome => RowState::NobodyHome,
        AgendaState::Underway => match row.visit.as_ref().map(|v| v.stage) {
            Some(VisitStage::CustomerSigned) => RowState::Unsubmitted,
            Some(VisitStage::Departed) if now.ms > at.ms => RowState::Late,
            _ => RowState::Underway,
        },
        _ if now.ms > at.ms => RowState::Late,
        AgendaState::New => RowState::ToContact,
        AgendaState::Appointed if left <= SOON_MIN => RowState::Soon,
        AgendaState::Appointed => RowState::Appointed,
    }
}

fn action(row: &AgendaRow) -> RowAction {
    match row.state {
        AgendaState::New => RowAction::Contact,
        AgendaState::Appointed => RowAction::Depart,
        AgendaState::Done | AgendaState::Returned | AgendaState::Cancelled => RowAction::Look,
        AgendaState::Suspended | AgendaState::Rework => RowAction::Revisit,
        AgendaState::Mending => RowAction::Continue,
        AgendaState::NobodyHome if row.visit.as_ref().is_some_and(|v| v.revision > 0) => {
            RowAction::Revisit
        }
        AgendaState::NobodyHome => RowAction::Continue,
        AgendaState::Underway => match row.visit.as_ref().map(|v| v.stage) {
            Some(VisitStage::Departed | VisitStage::Downstairs) => RowAction::Arrive,
            _ => RowAction::Continue,
        },
    }
}
