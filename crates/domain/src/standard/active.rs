//! Which rows of a pack a visit shows: conditions over facts and job.

use super::{Condition, Item, JobType, Pack, Phase, Question};
use std::collections::BTreeMap;

/// What conditions look at.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The order's job.
    pub job: JobType,
    /// Answered facts; a fact without an answer counts as "no".
    pub facts: &'a BTreeMap<String, bool>,
}

impl Condition {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, situation: &Situation<'_>) -> bool {
        match self {
            Condition::All(all) => all.iter().all(|c| c.holds(situation)),
            Condition::Any(any) => any.iter().any(|c| c.holds(situation)),
            Condition::Not(inner) => !inner.holds(situation),
            Condition::Fact(id) => situation.facts.get(id).copied().unwrap_or(false),
            Condition::Job(jobs) => jobs.contains(&situation.job),
        }
    }
}

impl Item {
    /// Whether the row belongs to this visit.
    #[must_use]
    pub fn applies(&self, situation: &Situation<'_>) -> bool {
        self.when.as_ref().is_none_or(|c| c.holds(situation))
    }
}

impl Question {
    /// Whether the question is asked in this visit.
    #[must_use]
    pub fn applies(&self, situation: &Situation<'_>) -> bool {
        self.when.as_ref().is_none_or(|c| c.holds(situation))
    }
}

impl Pack {
    /// The rows that apply, in the pack's order.
    pub fn active_items<'a>(
        &'a self,
        situation: &'a Situation<'a>,
    ) -> impl Iterator<Item = (&'a Phase, &'a Item)> {
        self.items().filter(|(_, i)| i.applies(situation))
    }

    /// The questions that apply in `phase`.
    pub fn active_questions<'a>(
        &'a self,
        phase: &'a str,
        situation: &'a Situation<'a>,
    ) -> impl Iterator<Item = &'a Question> {
        self.facts
            .iter()
            .filter(move |q| q.phase == phase && q.applies(situation))
    }
}
