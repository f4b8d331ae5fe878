//! The appointment and the way to the door.

use super::*;

fn not_future(at: Moment, now: &Stamp) -> Result<(), Refusal> {
    let slack_ms = 5 * 60_000;
    if at.ms > now.wall_ms.saturating_add(slack_ms) {
        Err(Code::TimeImplausible.into())
    } else {
        Ok(())
    }
}

/// Checks a 补录: a reason, and a time within the last month.
///
/// # Errors
/// [`Code::ReasonMissing`], [`Code::TextTooLong`], [`Code::TimeImplausible`].
pub fn check_claim(claim: &Claim, now: &Stamp) -> Result<(), Refusal> {
    words(&claim.reason, Code::ReasonMissing, true)?;
    not_future(claim.at, now)?;
    let days_back = claim.at.minutes_until(now.moment()) / (24 * 60);
    if days_back > 31 {
        Err(Code::TimeImplausible.into())
    } else {
        Ok(())
    }
}

impl Ground<'_> {
    pub(super) fn promised_start(&self) -> Result<Moment, Refusal> {
        crate::visit::timing::promised(self.visit, self.order)
            .map(|(start, _)| start)
            .ok_or_else(|| Code::OrderUnknown.into())
    }

    pub(super) fn appoint(&self, appointment: Appointment) -> Decision {
        fits(appointment.note.as_deref())?;
        if appointment
            .end
            .is_some_and(|end| end.ms <= appointment.start.ms)
        {
            return Err(Code::WindowReversed.into());
        }
        let year = 366 * 24 * 60;
        let ahead = self.now.moment().minutes_until(appointment.start);
        if !(-24 * 60..=year).contains(&ahead) {
            return Err(Code::TimeImplausible.into());
        }
        if self.visit.reached(Milestone::Entered).is_some() {
            return Err(
                Refusal::new(Code::MilestoneRecorded).with_word("milestone", Milestone::Entered)
            );
        }
        one(VisitEvent::AppointmentAgreed { appointment })
    }

    pub(super) fn not_future(&self, at: Moment) -> Result<(), Refusal> {
        not_future(at, self.now)
    }

    pub(super) fn claim(&self, claim: Option<&Claim>) -> Result<(), Refusal> {
        claim.map_or(Ok(()), |c| check_claim(c, self.now))
    }

    pub(super) fn reach(&self, milestone: Milestone, claim: Option<Claim>) -> Decision {
        self.claim(claim.as_ref())?;
        if self.visit.reached(milestone).is_some() {
            return Err(Refusal::new(Code::MilestoneRecorded).with_word("milestone", milestone));
        }
        if self.visit.nobody_home.current().is_some() {
            return Err(Code::VisitNotOpen.into());
        }
        let before = match milestone {
            Milestone::Departed => None,
            Milestone::Downstairs | Milestone::AtDoor => Some(Milestone::Departed),
            Milestone::Entered => Some(Milestone::AtDoor),
            Milestone::Left => Some(Milestone::Entered),
        };
        if let Some(before) = before.filter(|m| self.visit.reached(*m).is_none()) {
            return Err(Refusal::new(Code::MilestoneOrder).with_word("milestone", before));
        }
        if milestone == Milestone::Departed {
            // late or not: what was carried that day is asked for, and a paper check can be entered late too
            self.kits_settled()?;
        }
        let proved_by = |i: &Item| matches!(i.evidence, Evidence::AutoMilestone { milestone: m } if m == milestone);
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        if let Some((_, item)) = self
            .pack
            .active_items(&situation)
            .find(|(_, i)| proved_by(i))
        {
            self.comes_after(item)?;
        }
        one(VisitEvent::MilestoneReached { milestone, claim })
    }

    pub(super) fn kits_settled(&self) -> Result<(), Refusal> {
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        let asks =
            |i: &Item, kit: &str| matches!(&i.evidence, Evidence::AutoKit { kit: k } if k == kit);
        // a kit whose rows belong to other jobs stays in the depot
        let carried = |kit: &str| {
            let mut rows = self.pack.items().filter(|(_, i)| asks(i, kit)).peekable();
            rows.peek().is_none() || rows.any(|(_, i)| i.applies(&situation))
        };
        for kit in self.pack.kits.iter().filter(|k| carried(&k.id)) {
            let check = self.day.and_then(|d| d.kit(&self.pack.id, &kit.id));
            let refuse = |code| {
                Err(Refusal::new(code)
                    .with("kit", &kit.name.zh)
                    .with("kit_en", &kit.name.en))
            };
            match check {
                None => return refuse(Code::KitNotChecked),
                Some(c) if !c.used.is_empty() => return refuse(Code::KitNotChecked),
                Some(c) if !c.settled() => return refuse(Code::KitReasonMissing),
                Some(_) => {}
            }
        }
        Ok(())
    }
}
