//! The kit checks of a day. They lie in the log that this device writes; what was checked in a log that it has given up since
//! (the tablet was found to be a copy) counts on, so that nobody is asked twice on one day.

use crate::visits::{Held, departure};
use crate::{App, Outcome, Session};
use doorstep_domain::day::{DayEvent, DayState, KitCheck, kit_key};
use doorstep_domain::event::Content;
use doorstep_domain::rows::StreamState;
use doorstep_domain::standard::{Milestone, Pack};
use doorstep_domain::time::{Moment, Stamp};

/// One stream has one writer: a technician with two tablets checks the kit on each.
pub(crate) fn day_stream(session: &Session, on: Moment) -> String {
    stream_in(session.store.head().0, on)
}

fn stream_in(log: &str, on: Moment) -> String {
    format!("day/{log}/{}", on.date())
}

/// The kit checks of a day: those of the logs that this device gave up, then those of the one it writes.
pub(crate) fn day_state(session: &mut Session, on: Moment) -> Outcome<DayState> {
    let mut day = DayState::default();
    // oldest first, the open one last
    for log in session.store.own_logs()? {
        let of_log = fold(session, &stream_in(&log.log_id, on))?;
        for (kit, checks) in of_log.kits {
            day.kits.entry(kit).or_default().extend(checks);
        }
        day.parked += of_log.parked;
    }
    if !day.kits.is_empty() {
        day.stream = day_stream(session, on);
    }
    Ok(day)
}

fn fold(session: &mut Session, stream: &str) -> Outcome<DayState> {
    Ok(match session.store.state(stream)? {
        StreamState::Day(state) => (**state).clone(),
        _ => DayState::default(),
    })
}

impl App {
    /// Checks that a departure or a submission rests on and that lie in a log given up since: written again into the open log, as of
    /// when they were made. The lead's device finds them beside the visit, and knows nothing of this tablet's copies.
    pub(crate) fn carried(
        &self,
        session: &mut Session,
        now: &Stamp,
        on: Moment,
        pack: &Pack,
        day: &DayState,
    ) -> Outcome<Vec<Content>> {
        let stream = day_stream(session, on);
        let here = fold(session, &stream)?;
        let mut contents = Vec::new();
        for kit in &pack.kits {
            let made = match day.kit(&pack.id, &kit.id) {
                Some(made) if !here.kits.contains_key(&kit_key(&pack.id, &kit.id)) => made,
                _ => continue,
            };
            let event = again(&pack.id, &kit.id, made);
            contents.push(self.content(session, now, &stream, &event, None)?);
        }
        Ok(contents)
    }

    /// Consumables of a kit are used up by a visit that went inside; the next departure asks for them again.
    pub(crate) fn used_up(
        &self,
        session: &mut Session,
        now: &Stamp,
        held: &Held,
    ) -> Outcome<Vec<Content>> {
        let (Some(departed), true) = (
            departure(&held.visit),
            held.visit.reached(Milestone::Entered).is_some(),
        ) else {
            return Ok(Vec::new());
        };
        let mut contents = self.carried(session, now, departed, &held.pack, &held.day)?;
        let stream = day_stream(session, departed);
        for kit in &held.pack.kits {
            let consumable = kit.members.iter().filter(|m| m.consumable);
            let members: Vec<String> = consumable.map(|m| m.id.clone()).collect();
            if members.is_empty() || held.day.kit(&held.pack.id, &kit.id).is_none() {
                continue;
            }
            let event = DayEvent::KitUsed {
                pack: held.pack.id.clone(),
                kit: kit.id.clone(),
                members,
                visit: held.visit.stream.clone(),
            };
            contents.push(self.content(session, now, &stream, &event, None)?);
        }
        Ok(contents)
    }
}

fn again(pack: &str, kit: &str, made: &KitCheck) -> DayEvent {
    DayEvent::KitChecked {
        pack: pack.to_owned(),
        kit: kit.to_owned(),
        present: made.present.clone(),
        missing: made.missing.clone(),
        reason: made.reason.clone(),
        claim: made.claim.clone(),
        made_at: Some(made.entered_at),
    }
}
