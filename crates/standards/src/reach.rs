//! Whether a visit can ever come to a row: its questions must be asked before they can be answered.

use doorstep_domain::standard::active::Situation;
use doorstep_domain::standard::{Condition, Item, Pack};
use std::collections::{BTreeMap, BTreeSet};

/// Questions tried together; beyond it a row counts as reachable (2ⁿ cases).
const MAX_TRIED: usize = 12;

/// Whether some job and some answers to questions that are then really asked bring the row up.
#[must_use]
pub fn reachable(pack: &Pack, item: &Item) -> bool {
    let Some(when) = &item.when else { return true };
    let names = named(pack, when);
    if names.len() > MAX_TRIED {
        return true;
    }
    pack.job_types.iter().any(|job| {
        (0..1_u32 << names.len()).any(|answers| {
            let facts: BTreeMap<String, bool> = names
                .iter()
                .enumerate()
                .map(|(bit, name)| ((*name).to_owned(), answers >> bit & 1 == 1))
                .collect();
            let situation = Situation {
                job: *job,
                facts: &facts,
            };
            item.applies(&situation) && asked(pack, &situation)
        })
    })
}

/// Every question answered "yes" is one that is asked.
fn asked(pack: &Pack, situation: &Situation<'_>) -> bool {
    let yes = |q: &&doorstep_domain::standard::Question| situation.facts.get(&q.id) == Some(&true);
    pack.facts.iter().filter(yes).all(|q| q.applies(situation))
}

/// The questions that a condition rests on, and those that these rest on.
fn named<'p>(pack: &'p Pack, when: &'p Condition) -> BTreeSet<&'p str> {
    let mut names = BTreeSet::new();
    let mut open = vec![when];
    while let Some(condition) = open.pop() {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => open.extend(parts),
            Condition::Not(inner) => open.push(inner),
            Condition::Fact(fact) => {
                if names.insert(fact.as_str()) {
                    let asked = pack.facts.iter().filter(|q| q.id == *fact);
                    open.extend(asked.filter_map(|q| q.when.as_ref()));
                }
            }
            Condition::Job(_) => {}
        }
    }
    names
}
