//! Staff cards: penalties, stars, exams of a person.

use super::dto::{AssessLine, PenaltyLine, StaffCardView, StaffCards, StaffLine, StarLine};
use super::{lines, people};
use crate::desk::lead_only as lead;
use crate::{App, Outcome, Session};
use doorstep_domain::assess::decide::person as checked;
use doorstep_domain::code::Code;
use doorstep_domain::event::Actor;
use doorstep_domain::rows::StreamState;
use doorstep_domain::staff::{
    ComplaintReach, NewPenalty, NewStars, StaffEvent, StaffState, award, penalty, stream_of,
};
use doorstep_domain::time::{Moment, Stamp};

impl App {
    /// The list of staff cards.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], storage trouble.
    pub fn staff_cards(&self) -> Outcome<StaffCards> {
        let now = self.now()?.moment();
        self.with(|session| {
            lead(session)?;
            let exams = lines(session)?;
            let (mut cases, mut public, mut all) = (0_u32, false, Vec::new());
            for person in people(session, &exams)? {
                let card = card(session, &person.staff_no)?;
                cases = cases.saturating_add(card.cases_in_month(now));
                public |= card.penalties().any(|p| {
                    p.complaint == Some(ComplaintReach::Public) && same_month(p.at.moment(), now)
                });
                all.push(line(person, &card, &exams));
            }
            let clause = match cases {
                0 => None,
                1 => Some("S71-03"),
                2 => Some("S71-04"),
                _ => Some("S71-05"),
            };
            Ok(StaffCards {
                lines: all,
                cases,
                clause: clause.map(str::to_owned),
                public,
            })
        })
    }

    /// A person's card.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::ProfileInvalid`], storage trouble.
    pub fn staff_card(&self, person: &Actor) -> Outcome<StaffCardView> {
        let now = self.now()?;
        self.with(|session| {
            lead(session)?;
            show(session, &checked(person)?, now.moment())
        })
    }

    /// Records a penalty; durable when it returns.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::AssessSelf`], a refusal of [`penalty`], storage trouble; nothing has changed then.
    pub fn record_penalty(&self, person: &Actor, new: &NewPenalty) -> Outcome<StaffCardView> {
        let now = self.now()?;
        self.with(|session| {
            let person = other(session, person)?;
            let event = penalty(&person, new)?;
            self.write_card(session, &now, &person, &event)
        })
    }

    /// Awards stars for this year; durable when it returns.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::AssessSelf`], a refusal of [`award`], storage trouble; nothing has changed then.
    pub fn award_stars(&self, person: &Actor, new: &NewStars) -> Outcome<StaffCardView> {
        let now = self.now()?;
        self.with(|session| {
            let person = other(session, person)?;
            let card = card(session, &person.staff_no)?;
            let event = award(&person, &card, new, now.moment())?;
            self.write_card(session, &now, &person, &event)
        })
    }

    fn write_card(
        &self,
        session: &mut Session,
        now: &Stamp,
        person: &Actor,
        event: &StaffEvent,
    ) -> Outcome<StaffCardView> {
        let stream = stream_of(&person.staff_no);
        let content = self.content(session, now, &stream, event, None)?;
        session.store.append(vec![content])?;
        show(session, person, now.moment())
    }
}

/// Nobody writes on their own card.
fn other(session: &Session, person: &Actor) -> Outcome<Actor> {
    lead(session)?;
    let person = checked(person)?;
    match person.staff_no == session.technician.staff_no {
        true => Err(Code::AssessSelf.into()),
        false => Ok(person),
    }
}

/// The fold of a card; empty while nothing stands on it.
fn card(session: &mut Session, staff_no: &str) -> Outcome<StaffState> {
    match session.store.state(&stream_of(staff_no))? {
        StreamState::Staff(state) => Ok((**state).clone()),
        _ => Ok(StaffState::default()),
    }
}

/// People who have a card.
pub(super) fn carded(session: &mut Session) -> Outcome<Vec<Actor>> {
    let mut all = Vec::new();
    for stream in session.store.streams_of("staff")? {
        if let StreamState::Staff(state) = session.store.state(&stream)? {
            all.extend(state.person().cloned());
        }
    }
    Ok(all)
}

fn same_month(one: Moment, other: Moment) -> bool {
    one.date().get(..7) == other.date().get(..7)
}

fn of<'a>(exams: &'a [AssessLine], staff_no: &'a str) -> impl Iterator<Item = &'a AssessLine> {
    exams
        .iter()
        .filter(move |e| e.candidate.staff_no == staff_no)
}

fn line(person: Actor, card: &StaffState, exams: &[AssessLine]) -> StaffLine {
    let rating = card.rating();
    let score = of(exams, &person.staff_no).find_map(|e| e.score);
    StaffLine {
        stars: rating.map(|s| s.stars),
        year: rating.map(|s| s.year),
        penalties: u32::try_from(card.penalties().count()).unwrap_or(u32::MAX),
        score,
        person,
    }
}

fn show(session: &mut Session, person: &Actor, now: Moment) -> Outcome<StaffCardView> {
    let exams = lines(session)?;
    let card = card(session, &person.staff_no)?;
    let in_force = card.rating().map(|s| s.event.clone());
    let year = now.date().get(..4).and_then(|y| y.parse::<i32>().ok());
    let stars = card.stars().map(|s| StarLine {
        stars: s.stars,
        year: s.year,
        reason: s.reason.clone(),
        by: s.by.clone(),
        at: s.at.moment(),
        in_force: in_force.as_ref() == Some(&s.event),
    });
    let penalties = card.penalties().map(|p| PenaltyLine {
        amount: p.amount.clone(),
        reason: p.reason.clone(),
        clauses: p.clauses.clone(),
        loss: p.loss.clone(),
        complaint: p.complaint,
        remedy: p.remedy.clone(),
        by: p.by.clone(),
        at: p.at.moment(),
    });
    Ok(StaffCardView {
        stars: stars.collect(),
        penalties: penalties.collect(),
        cases: card.cases_in_month(now),
        exams: of(&exams, &person.staff_no).cloned().collect(),
        may_award: !card.stars().any(|s| Some(s.year) == year),
        person: person.clone(),
    })
}
