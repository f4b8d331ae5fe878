//! Whether a condition can be answered and can ever hold.

use super::place::{Findings, Spot};
use crate::standard::active::Situation;
use crate::standard::{Condition, JobType, Pack, Question};
use std::collections::BTreeMap;

/// Facts looked at together when asking whether a condition can ever hold (2ⁿ cases).
const MAX_FACTS_TRIED: usize = 10;

/// A condition names questions that are there, has no empty lists, and can hold at all.
pub(super) fn check(
    pack: &Pack,
    known: &[Question],
    when: &Condition,
    spot: Spot<'_>,
    findings: &mut Findings,
) {
    let mut sound = true;
    each(when, &mut |part| match part {
        Condition::Fact(fact) if !known.iter().any(|q| q.id == *fact) => {
            sound = false;
            if pack.facts.iter().any(|q| q.id == *fact) {
                findings.report(
                    spot,
                    format!("条件里的「{fact}」：前面没有这个问题"),
                    format!("The condition names “{fact}”, but this question is not asked before"),
                );
            } else {
                findings.report(
                    spot,
                    format!("条件里的「{fact}」：没有这个问题"),
                    format!("The condition names “{fact}”, but there is no such question"),
                );
            }
        }
        Condition::All(parts) | Condition::Any(parts) if parts.is_empty() => {
            sound = false;
            findings.report(
                spot,
                "条件里的列表是空的",
                "A list in the condition is empty",
            );
        }
        _ => {}
    });
    if sound && !can_hold(pack, &[when]) {
        findings.report(
            spot,
            "这个条件永远不会成立",
            "This condition can never hold",
        );
    }
}

fn each<'c>(condition: &'c Condition, look: &mut impl FnMut(&'c Condition)) {
    look(condition);
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|c| each(c, look)),
        Condition::Not(inner) => each(inner, look),
        Condition::Fact(_) | Condition::Job(_) => {}
    }
}

/// Whether some job and some answers make every condition hold; `true` when there are too many to try.
pub(super) fn can_hold(pack: &Pack, conditions: &[&Condition]) -> bool {
    let mut facts: Vec<&str> = Vec::new();
    for condition in conditions {
        each(condition, &mut |part| {
            if let Condition::Fact(fact) = part
                && !facts.contains(&fact.as_str())
            {
                facts.push(fact);
            }
        });
    }
    if facts.len() > MAX_FACTS_TRIED {
        return true;
    }
    pack.job_types
        .iter()
        .any(|job| (0..1_u32 << facts.len()).any(|answers| hold(*job, &facts, answers, conditions)))
}

fn hold(job: JobType, names: &[&str], answers: u32, conditions: &[&Condition]) -> bool {
    let facts: BTreeMap<String, bool> = names
        .iter()
        .enumerate()
        .map(|(bit, name)| ((*name).to_owned(), answers >> bit & 1 == 1))
        .collect();
    let situation = Situation { job, facts: &facts };
    conditions.iter().all(|c| c.holds(&situation))
}
