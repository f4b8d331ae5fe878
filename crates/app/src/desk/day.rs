//! The lead's day: who is out, what is due, what is unfinished, who is still awaited.

use super::dto::{DayLine, DeskDay, NotReceived, TabletContact};
use super::reach::team;
use super::{bounds, lead_only, whose};
use crate::orders::order_state;
use crate::{App, Outcome, Session};
use doorstep_domain::event::Actor;
use doorstep_domain::text::Lang;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::VisitStage;
use doorstep_domain::visit::view::short_no;
use doorstep_domain::wire::Contact;
use doorstep_store::{AgendaRow, AgendaState};
use std::collections::BTreeMap;

/// Due within so many minutes is 快到时间.
const SOON_MIN: i64 = 60;

impl App {
    /// The lead's day.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::LeadOnly`], [`doorstep_domain::code::Code::NoProfile`], storage trouble.
    pub fn desk_day(&self) -> Outcome<DeskDay> {
        let now = self.now()?.moment();
        self.with(|session| {
            lead_only(session)?;
            self.day(session, now)
        })
    }

    /// The orders whose agreed or promised time lies on this day.
    pub(super) fn day(&self, session: &mut Session, now: Moment) -> Outcome<DeskDay> {
        let (from, to) = bounds(now);
        let lang = session.settings.lang;
        let mut day = DeskDay::default();
        let mut awaited: BTreeMap<String, (Actor, u32)> = BTreeMap::new();
        for row in session.store.agenda_between(from, to)? {
            let order = order_state(session, &row.order.stream)?;
            let who = whose(session, &order);
            if row.state != AgendaState::Cancelled && submissions(&row) == 0 && row.sort_ms < now.ms
            {
                let entry = awaited
                    .entry(who.staff_no.clone())
                    .or_insert((who.clone(), 0));
                entry.1 += 1;
            }
            let line = line(&row, who, lang);
            match row.state {
                AgendaState::Underway => day.out.push(line),
                AgendaState::Suspended | AgendaState::NobodyHome => day.unfinished.push(line),
                AgendaState::New | AgendaState::Appointed if soon(row.sort_ms, now) => {
                    day.due_soon.push(line)
                }
                _ => {}
            }
        }
        let contacts = team(&session.store)?.map_or_else(Vec::new, |t| t.contacts);
        let not_received = |(technician, orders): (Actor, u32)| NotReceived {
            tablets: tablets(&contacts, &technician, now),
            technician,
            orders,
        };
        day.not_received = awaited.into_values().map(not_received).collect();
        Ok(day)
    }
}

/// A technician's tablets, the one heard of last first.
fn tablets(contacts: &[Contact], technician: &Actor, now: Moment) -> Vec<TabletContact> {
    let of = |c: &&Contact| c.staff.staff_no == technician.staff_no && !c.device.is_empty();
    let mut own: Vec<&Contact> = contacts.iter().filter(of).collect();
    own.sort_by_key(|c| std::cmp::Reverse(c.seen_ms));
    let tablet = |c: &Contact| TabletContact {
        name: c.device.clone(),
        last_contact: c.seen_ms.map(|ms| Moment {
            ms,
            offset_min: now.offset_min,
        }),
    };
    own.into_iter().map(tablet).collect()
}

fn submissions(row: &AgendaRow) -> u32 {
    row.visit.as_ref().map_or(0, |v| v.revision)
}

fn soon(at_ms: i64, now: Moment) -> bool {
    let at = Moment {
        ms: at_ms,
        offset_min: now.offset_min,
    };
    now.minutes_until(at) <= SOON_MIN
}

fn line(row: &AgendaRow, technician: Actor, lang: Lang) -> DayLine {
    let visit = row.visit.as_ref();
    let at = match row.state {
        AgendaState::Suspended => visit.and_then(|v| v.call_back_ms),
        _ => Some(row.sort_ms),
    };
    DayLine {
        order: row.order.stream.clone(),
        short_no: short_no(&row.order.no),
        customer: row.order.customer.clone(),
        technician,
        words: words(row, lang),
        at: at.map(|ms| Moment {
            ms,
            offset_min: row.order.offset_min,
        }),
    }
}

fn words(row: &AgendaRow, lang: Lang) -> String {
    let visit = row.visit.as_ref();
    let (zh, en) = match (row.state, visit.map(|v| v.stage)) {
        (AgendaState::New, _) => ("还没约好", "No time agreed"),
        (AgendaState::Appointed, _) => ("还没出发", "Not left yet"),
        (AgendaState::NobodyHome, _) => ("无人", "Nobody home"),
        (AgendaState::Suspended, _) => ("挂起", "Suspended"),
        (_, Some(VisitStage::Departed)) => ("路上", "On the way"),
        (_, Some(VisitStage::Downstairs)) => ("楼下", "Downstairs"),
        (_, Some(VisitStage::AtDoor)) => ("在门口", "At the door"),
        (_, Some(VisitStage::CustomerSigned)) => ("客户已签字", "Customer signed"),
        _ => ("在客户家", "In the home"),
    };
    let word = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    match visit.and_then(|v| v.outcome_reason.as_deref()) {
        Some(reason) => format!("{word} · {reason}"),
        None => word.to_owned(),
    }
}
