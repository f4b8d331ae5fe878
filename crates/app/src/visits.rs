//! The visit's use cases: open, look, act. A command becomes events in one transaction, or a refusal and nothing.

use crate::gear::gear_state;
use crate::kits::{day_state, day_stream};
use crate::moving::reference;
use crate::orders::order_state;
use crate::{App, AppError, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::day::{DayEvent, DayState};
use doorstep_domain::event::{BasedOn, Content};
use doorstep_domain::gear::GearState;
use doorstep_domain::order::OrderState;
use doorstep_domain::review::{ReviewState, Verdict, stream_of};
use doorstep_domain::rows::StreamState;
use doorstep_domain::standard::{Milestone, Pack};
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::decide::{Ground, check_claim, decide};
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::state::{Recorded, VisitState};
use doorstep_domain::visit::view::{KitView, Scene, VisitView, kit_view, view};
use doorstep_domain::visit::{Claim, OutcomeKind};
use std::sync::Arc;

/// Everything a decision on one visit needs, taken out of the store.
pub(crate) struct Held {
    pub(crate) visit: VisitState,
    pub(crate) order: OrderState,
    pub(crate) pack: Arc<Pack>,
    pub(crate) day: DayState,
    pub(crate) review: ReviewState,
    /// The technician's own gear.
    pub(crate) gear: GearState,
}

impl Held {
    pub(crate) fn ground<'a>(&'a self, now: &'a Stamp) -> Ground<'a> {
        Ground {
            visit: &self.visit,
            order: &self.order,
            pack: &self.pack,
            day: Some(&self.day),
            review: Some(&self.review),
            gear: Some(&self.gear),
            now,
        }
    }
}

impl App {
    pub(crate) fn hold(&self, session: &mut Session, visit: &str, now: &Stamp) -> Outcome<Held> {
        self.hold_on(session, visit, now.moment())
    }

    /// The same before a departure at `leaving`, which decides whose day's kit checks count.
    fn hold_on(&self, session: &mut Session, visit: &str, leaving: Moment) -> Outcome<Held> {
        let review = review_state(session, visit)?;
        let visit = visit_state(session, visit)?;
        let opened = visit.opened.as_ref().ok_or(Code::VisitUnknown)?;
        let order = order_state(session, &opened.order)?;
        let pack = self.packs.pinned(&session.store, &opened.pack.hash)?;
        let day = day_state(session, departure(&visit).unwrap_or(leaving))?;
        Ok(Held {
            visit,
            order,
            pack,
            day,
            review,
            gear: gear_state(session)?,
        })
    }

    /// The visit of an order: the open one, or a new one when there is none, or the last one ended unfinished or asks for
    /// 返工上门.
    ///
    /// # Errors
    /// [`Code::OrderUnknown`], [`Code::OrderCancelled`], [`Code::PackUnknown`], storage trouble.
    pub fn open_visit(&self, order: &str) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            let state = order_state(session, order)?;
            let last = session.store.visits_of(order)?.pop();
            let ended = |o: Option<OutcomeKind>| {
                matches!(o, Some(OutcomeKind::Suspended | OutcomeKind::NobodyHome))
            };
            let reviewed = match &last {
                Some(v) => session.store.review(&v.stream)?,
                None => None,
            };
            let rework = |n: u32| {
                let verdict = reviewed.as_ref().and_then(|r| r.verdict_on(n));
                verdict == Some(Verdict::Rework)
            };
            let visit = match last {
                // finished, by whoever: it is read
                Some(v)
                    if v.submitted_ms.is_some() && !(ended(v.outcome) || rework(v.revision)) =>
                {
                    v.stream
                }
                // a colleague's that is not finished is continued by a visit of one's own
                Some(v) if v.submitted_ms.is_none() && session.store.writes(&v.stream)? => v.stream,
                other => self.begin(session, &now, &state, other.map(|v| v.stream))?,
            };
            self.show(session, &visit, &now)
        })
    }

    fn begin(
        &self,
        session: &mut Session,
        now: &Stamp,
        order: &OrderState,
        continues: Option<String>,
    ) -> Outcome<String> {
        if order.cancelled.is_some() {
            return Err(Code::OrderCancelled.into());
        }
        let work = order.order.as_ref().ok_or(Code::OrderUnknown)?;
        let (file, loaded) = self.packs.newest(&work.standard)?;
        session.store.put_pack(&loaded.hash, &loaded.source, file)?;
        let pack = reference(&loaded.pack, &loaded.hash);
        let stream = format!("visit/{}", self.new_id(now));
        let event = VisitEvent::Opened {
            order: order.stream.clone(),
            job: work.job,
            pack,
            technician: session.technician.clone(),
            continues,
        };
        let based_on = order.head.clone().map(|event| BasedOn {
            stream: order.stream.clone(),
            event,
        });
        let content = self.content(session, now, &stream, &event, based_on)?;
        session.store.append(vec![content])?;
        Ok(stream)
    }

    /// A visit as the screens show it.
    ///
    /// # Errors
    /// [`Code::VisitUnknown`], storage trouble.
    pub fn visit(&self, visit: &str) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| self.show(session, visit, &now))
    }

    /// Does one thing; durable when it returns.
    ///
    /// # Errors
    /// A refusal of [`decide`], or storage trouble; nothing has changed then.
    pub fn act(&self, visit: &str, command: &Command) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            if matches!(command, Command::EndHandover) {
                // only `end_handover` knows the PIN
                return Err(Code::InHandover.into());
            }
            let held = self.record(session, visit, command, &now)?;
            self.show_again(session, visit, held, &now)
        })
    }

    /// Decides and writes; returns when durable. Public for the benchmark of exactly this.
    ///
    /// # Errors
    /// As [`App::act`].
    pub fn act_durably(&self, visit: &str, command: &Command) -> Outcome<()> {
        let now = self.now()?;
        self.with(|session| self.record(session, visit, command, &now).map(drop))
    }

    /// Takes the tablet back from the customer.
    ///
    /// # Errors
    /// [`Code::PinWrong`], [`Code::PinLocked`], [`Code::NotInHandover`], storage trouble.
    pub fn end_handover(&self, visit: &str, pin: &str) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            self.check_pin(session, pin, now.wall_ms)?;
            let held = self.record(session, visit, &Command::EndHandover, &now)?;
            self.show_again(session, visit, held, &now)
        })
    }

    /// Decides and writes, durably; answers what it decided on.
    fn record(
        &self,
        session: &mut Session,
        visit: &str,
        command: &Command,
        now: &Stamp,
    ) -> Outcome<Held> {
        own_visit(session, visit)?;
        let leaving = match command {
            Command::Reach {
                milestone: Milestone::Departed,
                claim: Some(claim),
            } => claim.at,
            _ => now.moment(),
        };
        let held = self.hold_on(session, visit, leaving)?;
        let events = decide(&held.ground(now), command, &self.new_id(now))?;
        let mut contents = self.contents(session, now, visit, &events)?;
        if events.iter().any(sets_out) {
            contents.extend(self.carried(session, now, leaving, &held.pack, &held.day)?);
        }
        if events
            .iter()
            .any(|e| matches!(e, VisitEvent::Submitted { n: 1, .. }))
        {
            // what is handed in again after mending used nothing up again
            contents.extend(self.used_up(session, now, &held)?);
        }
        session.store.append(contents)?;
        Ok(held)
    }

    /// Shows the visit after [`App::record`].
    fn show_again(
        &self,
        session: &mut Session,
        visit: &str,
        mut held: Held,
        now: &Stamp,
    ) -> Outcome<VisitView> {
        // order and pack were not written to; the day follows the departure, which may have come or gone
        held.visit = visit_state(session, visit)?;
        let day = departure(&held.visit).unwrap_or_else(|| now.moment());
        held.day = day_state(session, day)?;
        self.show_held(session, &held, now)
    }

    pub(crate) fn contents(
        &self,
        session: &Session,
        now: &Stamp,
        visit: &str,
        events: &[VisitEvent],
    ) -> Outcome<Vec<Content>> {
        events
            .iter()
            .map(|e| self.content(session, now, visit, e, None))
            .collect()
    }

    pub(crate) fn show(
        &self,
        session: &mut Session,
        visit: &str,
        now: &Stamp,
    ) -> Outcome<VisitView> {
        let held = self.hold(session, visit, now)?;
        self.show_held(session, &held, now)
    }

    pub(crate) fn show_held(
        &self,
        session: &mut Session,
        held: &Held,
        now: &Stamp,
    ) -> Outcome<VisitView> {
        let mut prior = Vec::new();
        let mut before = held.visit.opened.as_ref().and_then(|o| o.continues.clone());
        while let Some(stream) = before {
            let state = visit_state(session, &stream)?;
            let opened = state.opened.clone();
            let pack = opened
                .as_ref()
                .and_then(|o| self.packs.pinned(&session.store, &o.pack.hash).ok());
            before = opened.and_then(|o| o.continues);
            prior.push((state, pack));
        }
        prior.reverse();
        let prior: Vec<_> = prior.iter().map(|(v, p)| (v, p.as_deref())).collect();
        let lang = session.settings.lang;
        Ok(view(&Scene {
            ground: held.ground(now),
            prior: &prior,
            lang,
            own_phone: &session.phone,
            missed_before: session.store.missed_before(&held.visit)?,
            newest: self.newest_for(session, held)?,
        }))
    }

    /// Records a kit check of today; answers today's kits.
    ///
    /// # Errors
    /// [`Code::PackUnknown`], [`Code::ItemUnknown`], [`Code::KitReasonMissing`], storage trouble.
    pub fn check_kit(
        &self,
        pack: &str,
        kit: &str,
        present: &[String],
        missing: &[String],
        reason: Option<String>,
    ) -> Outcome<Vec<KitView>> {
        self.checked(pack, kit, present, missing, reason, None)
    }

    /// 补录 of a kit check that was made on paper; it belongs to the day it was made on. Answers that day's kits.
    ///
    /// # Errors
    /// As [`App::check_kit`], and those of [`check_claim`].
    pub fn check_kit_late(
        &self,
        pack: &str,
        kit: &str,
        present: &[String],
        missing: &[String],
        reason: Option<String>,
        claim: Claim,
    ) -> Outcome<Vec<KitView>> {
        self.checked(pack, kit, present, missing, reason, Some(claim))
    }

    fn checked(
        &self,
        pack: &str,
        kit: &str,
        present: &[String],
        missing: &[String],
        reason: Option<String>,
        claim: Option<Claim>,
    ) -> Outcome<Vec<KitView>> {
        let now = self.now()?;
        if let Some(claim) = &claim {
            check_claim(claim, &now)?;
        }
        let on = claim.as_ref().map_or_else(|| now.moment(), |c| c.at);
        self.with(|session| {
            let (_, loaded) = self.packs.newest(pack)?;
            let known = loaded
                .pack
                .kits
                .iter()
                .find(|k| k.id == kit)
                .ok_or(Code::ItemUnknown)?;
            let named = |id: &String| present.contains(id) != missing.contains(id);
            if !known.members.iter().all(|m| named(&m.id))
                || present.len() + missing.len() != known.members.len()
            {
                return Err(Code::BadRequest.into());
            }
            let reason = reason.filter(|r| !r.trim().is_empty());
            if !missing.is_empty() && reason.is_none() {
                return Err(Code::KitReasonMissing.into());
            }
            let event = DayEvent::KitChecked {
                pack: pack.to_owned(),
                kit: kit.to_owned(),
                present: present.to_vec(),
                missing: missing.to_vec(),
                reason: reason.filter(|_| !missing.is_empty()),
                claim,
                made_at: None,
            };
            let stream = day_stream(session, on);
            let content = self.content(session, &now, &stream, &event, None)?;
            session.store.append(vec![content])?;
            let day = day_state(session, on)?;
            let lang = session.settings.lang;
            Ok(loaded
                .pack
                .kits
                .iter()
                .map(|k| kit_view(&loaded.pack, k, Some(&day), lang))
                .collect())
        })
    }

    /// Where the technician was in a visit, for coming back to the same step.
    ///
    /// # Errors
    /// [`Code::NoProfile`], storage trouble.
    pub fn place(&self, visit: &str) -> Outcome<Option<String>> {
        self.with(|session| Ok(session.store.cursor(visit)?))
    }

    /// Remembers it.
    ///
    /// # Errors
    /// [`Code::BadRequest`] for an absurd place, storage trouble.
    pub fn remember_place(&self, visit: &str, place: &str) -> Outcome<()> {
        if place.len() > 200 {
            return Err(Code::BadRequest.into());
        }
        self.with(|session| Ok(session.store.set_cursor(visit, place)?))
    }
}

/// A visit has one writer: a colleague's is read here, not continued.
pub(crate) fn own_visit(session: &Session, visit: &str) -> Outcome<()> {
    match session.store.writes(visit)? || session.store.visit(visit)?.is_none() {
        true => Ok(()),
        false => Err(Code::VisitOfOther.into()),
    }
}

/// The fold of a visit.
pub(crate) fn visit_state(session: &mut Session, visit: &str) -> Outcome<VisitState> {
    match session.store.state(visit)? {
        StreamState::Visit(state) if state.opened.is_some() => Ok((**state).clone()),
        _ => Err(AppError::from(Code::VisitUnknown)),
    }
}

/// The fold of a visit's review; empty while nobody looked at it.
pub(crate) fn review_state(session: &mut Session, visit: &str) -> Outcome<ReviewState> {
    let stream = stream_of(visit).ok_or(Code::VisitUnknown)?;
    match session.store.state(&stream)? {
        StreamState::Review(state) => Ok((**state).clone()),
        _ => Ok(ReviewState::default()),
    }
}

fn sets_out(event: &VisitEvent) -> bool {
    matches!(
        event,
        VisitEvent::MilestoneReached {
            milestone: Milestone::Departed,
            ..
        }
    )
}

/// When the technician set out.
pub(crate) fn departure(visit: &VisitState) -> Option<Moment> {
    visit.reached(Milestone::Departed).map(Recorded::when)
}
