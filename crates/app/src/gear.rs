//! 我的装备: the technician's own protective equipment and its dates.

use crate::{App, Outcome, Session};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::gear::{GearEvent, GearState, GearView, gear_views};
use doorstep_domain::rows::StreamState;
use doorstep_domain::time::{Day, Stamp};

impl App {
    /// Every piece that a standard on this tablet asks for, as it stands today.
    ///
    /// # Errors
    /// [`Code::NoProfile`], storage trouble.
    pub fn gear(&self) -> Outcome<Vec<GearView>> {
        let now = self.now()?;
        self.with(|session| self.shown_gear(session, &now))
    }

    /// Takes a piece into use, replaces or tests it: its time counts from `since`, `2026-05-03`.
    ///
    /// # Errors
    /// [`Code::ItemUnknown`], [`Code::DateInvalid`], [`Code::TimeImplausible`] for a day to come, storage trouble.
    pub fn record_gear(&self, piece: &str, since: &str) -> Outcome<Vec<GearView>> {
        let now = self.now()?;
        self.with(|session| {
            if !self.packs.gear().iter().any(|g| g.id == piece) {
                return Err(Refusal::new(Code::ItemUnknown).with("item", piece).into());
            }
            let day = Day::parse(since).ok_or(Code::DateInvalid)?;
            if day > Day::of(now.moment()) {
                return Err(Code::TimeImplausible.into());
            }
            let event = GearEvent::Recorded {
                piece: piece.to_owned(),
                since: day.to_string(),
            };
            let stream = stream(session);
            let content = self.content(session, &now, &stream, &event, None)?;
            session.store.append(vec![content])?;
            self.shown_gear(session, &now)
        })
    }

    fn shown_gear(&self, session: &mut Session, now: &Stamp) -> Outcome<Vec<GearView>> {
        let state = gear_state(session)?;
        let (pieces, lang) = (self.packs.gear(), session.settings.lang);
        Ok(gear_views(pieces.iter(), Some(&state), now.moment(), lang))
    }
}

/// One stream has one writer.
fn stream(session: &Session) -> String {
    format!("gear/{}", session.store.head().0)
}

/// The gear of whoever works with this tablet: what was recorded in the logs that it gave up since (it was found to be a copy, or
/// pulled its records back), then in the one it writes. A helmet is as old as it is, whatever became of the tablet.
pub(crate) fn gear_state(session: &mut Session) -> Outcome<GearState> {
    let mut gear = GearState::default();
    // oldest first, the open one last
    for log in session.store.own_logs()? {
        let of_log = format!("gear/{}", log.log_id);
        if let StreamState::Gear(state) = session.store.state(&of_log)? {
            gear.since.extend(state.since.clone());
            gear.parked += state.parked;
        }
    }
    gear.stream = stream(session);
    Ok(gear)
}
