//! Answers to the rows of the checklist.

use super::*;

impl Ground<'_> {
    pub(in crate::visit) fn active(&self, id: &str) -> Result<(&Phase, &Item), Refusal> {
        let (phase, item) = self
            .pack
            .item(id)
            .ok_or_else(|| Refusal::new(Code::ItemUnknown).with("item", id))?;
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        if item.when.as_ref().is_some_and(|c| !c.holds(&situation)) {
            return Err(Refusal::new(Code::ItemNotActive)
                .with("item", &item.text.zh)
                .with("item_en", &item.text.en));
        }
        if matches!(phase.stage, Stage::Inside | Stage::SignOff)
            && self.visit.reached(Milestone::Entered).is_none()
        {
            return Err(Code::NotEntered.into());
        }
        Ok((phase, item))
    }

    /// The first applicable item that must come before `item` and is not settled yet.
    pub(in crate::visit) fn blocker(
        &self,
        item: &Item,
        just_ticked: &BTreeSet<&str>,
    ) -> Option<&Item> {
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        item.after
            .iter()
            .filter_map(|id| self.pack.item(id))
            .map(|(_, i)| i)
            .find(|i| {
                let applies = i.applies(&situation);
                let done = item_status(i, self.visit, self.order, self.day).settled();
                applies && !done && !just_ticked.contains(i.id.as_str())
            })
    }

    pub(in crate::visit) fn comes_after(&self, item: &Item) -> Result<(), Refusal> {
        match self.blocker(item, &BTreeSet::new()) {
            Some(first) => Err(Refusal::new(Code::ItemTooEarly)
                .with("item", &first.text.zh)
                .with("item_en", &first.text.en)
                .with("id", &first.id)),
            None => Ok(()),
        }
    }

    pub(super) fn answer(&self, item_answer: ItemAnswer, claim: Option<Claim>) -> Decision {
        let (_, item) = self.active(&item_answer.item)?;
        self.comes_after(item)?;
        self.claim(claim.as_ref())?;
        let odd = Err(Code::AnswerMismatch.into());
        match (&item.evidence, &item_answer.answer) {
            (Evidence::TickOrNa, Answer::NotApplicable { reason }) => {
                words(reason, Code::ReasonMissing, true)?
            }
            (_, Answer::Mismatch { note }) if item.mismatch => {
                words(note, Code::TextMissing, true)?
            }
            (Evidence::Tick | Evidence::TickOrNa | Evidence::Photo, Answer::Tick) => {}
            (Evidence::Rows { min: 0, list }, Answer::Tick) if *list != RowList::Fees => {}
            (Evidence::Text { .. }, Answer::Text { text }) => words(text, Code::TextMissing, true)?,
            (Evidence::Choice { options }, Answer::Choice { option, note }) => {
                fits(note.as_deref())?;
                if !options.iter().any(|o| &o.id == option) {
                    return odd;
                }
            }
            (Evidence::Reading(spec), Answer::Reading { values }) => {
                if values.is_empty() {
                    return odd;
                }
                for (slot, value) in values {
                    reading_fits(spec, slot, value)?;
                }
            }
            (Evidence::Time, Answer::Time { at }) => self.not_future(*at)?,
            (Evidence::Date, Answer::Date { date }) => {
                let day = Day::parse(date).ok_or(Code::DateInvalid)?;
                if day > Day::of(self.now.moment()) {
                    return Err(Code::TimeImplausible.into());
                }
            }
            _ => return odd,
        }
        one(VisitEvent::ItemsAnswered {
            answers: vec![item_answer],
            via: Via::Tap,
            claim,
        })
    }

    /// Every piece of gear is within its date, or the technician says why it goes without.
    pub(super) fn check_gear(&self, item: &str, reason: Option<String>) -> Decision {
        let (_, item) = self.active(item)?;
        if item.evidence != Evidence::AutoGear {
            return Err(Code::AnswerMismatch.into());
        }
        self.comes_after(item)?;
        let none = GearState::default();
        let gear = self.gear.unwrap_or(&none);
        let now = self.now.moment();
        let pieces: Vec<GearFound> = self.pack.gear.iter().map(|g| gear.found(g, now)).collect();
        let bad = self.pack.gear.iter().zip(&pieces).filter(|(_, f)| !f.good);
        let bad: Vec<_> = bad.map(|(g, _)| &g.name).collect();
        let reason = reason
            .map(|r| r.trim().to_owned())
            .filter(|r| !r.is_empty());
        fits(reason.as_deref())?;
        if !bad.is_empty() && reason.is_none() {
            let zh: Vec<&str> = bad.iter().map(|n| n.zh.as_str()).collect();
            let en: Vec<&str> = bad.iter().map(|n| n.en.as_str()).collect();
            return Err(Refusal::new(Code::GearReasonMissing)
                .with("gear", zh.join("、"))
                .with("gear_en", en.join(", ")));
        }
        let reason = reason.filter(|_| !bad.is_empty());
        let answer = Answer::Gear { pieces, reason };
        one(VisitEvent::ItemsAnswered {
            answers: vec![ItemAnswer {
                item: item.id.clone(),
                answer,
            }],
            via: Via::Tap,
            claim: None,
        })
    }

    /// Items that 本步全部做到 ticks now: plain ticks that apply, are open, want no photo and whose
    /// predecessors are done or ticked along with them.
    #[must_use]
    pub fn tickable(&self, phase: &Phase) -> Vec<String> {
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        let needs_entry = matches!(phase.stage, Stage::Inside | Stage::SignOff);
        if needs_entry && self.visit.reached(Milestone::Entered).is_none() {
            return Vec::new();
        }
        let mut ticked = BTreeSet::new();
        for item in &phase.items {
            let plain = matches!(item.evidence, Evidence::Tick) && item.required;
            let applies = item.applies(&situation);
            let open =
                self.visit.answer(&item.id).is_none() && photos_wanted(item, self.visit) == 0;
            if plain && applies && open && self.blocker(item, &ticked).is_none() {
                ticked.insert(item.id.as_str());
            }
        }
        phase
            .items
            .iter()
            .filter(|i| ticked.contains(i.id.as_str()))
            .map(|i| i.id.clone())
            .collect()
    }

    pub(super) fn tick_phase(&self, phase: &str) -> Decision {
        let phase = self
            .pack
            .phases
            .iter()
            .find(|p| p.id == phase)
            .ok_or_else(|| Refusal::new(Code::ItemUnknown).with("item", phase))?;
        let items = self.tickable(phase);
        if items.is_empty() {
            return Err(Code::ItemNotActive.into());
        }
        let answers = items
            .into_iter()
            .map(|item| ItemAnswer {
                item,
                answer: Answer::Tick,
            })
            .collect();
        one(VisitEvent::ItemsAnswered {
            answers,
            via: Via::WholeStep,
            claim: None,
        })
    }
}

fn reading_fits(spec: &ReadingSpec, slot: &str, value: &ReadingValue) -> Result<(), Refusal> {
    fits(value.reason.as_deref())?;
    let v = value.value;
    let sign = match spec.sign {
        Sign::Negative => v <= Decimal::ZERO,
        Sign::Positive => v >= Decimal::ZERO,
        Sign::Any => true,
    };
    let known = spec.slots.iter().any(|s| s.id == slot);
    let plausible = v.abs() < Decimal::from(1_000_000) && v.scale() <= u32::from(spec.decimals);
    if known && sign && plausible {
        Ok(())
    } else {
        Err(Refusal::new(Code::ReadingInvalid)
            .with("decimals", spec.decimals)
            .with("unit", &spec.unit))
    }
}
