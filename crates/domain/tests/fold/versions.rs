//! A standard whose versions change under a visit at random: nothing that was recorded is lost, a refused move leaves nothing, and
//! every interleaving folds to the same.

use super::{fold, interleave, streams};
use crate::common::*;
use crate::moves::{Move, any_job, any_moves};
use doorstep_domain::event::Sealed;
use doorstep_domain::rows::StreamState;
use doorstep_domain::standard::JobType;
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::visit::state::VisitState;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The version that ships, one that changes rows and a question, one that drops rows and adds others.
static VERSIONS: LazyLock<[LoadedPack; 3]> = LazyLock::new(|| {
    let words = |zh: &str| {
        let mut text = toml::Table::new();
        text.insert("zh".to_owned(), zh.into());
        text.insert("en".to_owned(), "Other words".into());
        toml::Value::Table(text)
    };
    let second = next_version(&mobile(), |pack| {
        for row in rows_of(pack, "work").iter_mut().step_by(2) {
            row["text"] = words("换了说法");
        }
        for fact in pack["facts"].as_array_mut().unwrap().iter_mut().step_by(2) {
            fact["text"] = words("换了问法？");
        }
    });
    let third = next_version(&second, |pack| {
        rows_of(pack, "cleanup").retain(|r| r["id"].as_str() == Some("cleaned"));
        let rows = rows_of(pack, "teach");
        let mut new = rows[0].clone();
        new["id"] = "told-again".into();
        rows.push(new);
        for row in rows_of(pack, "work").iter_mut().step_by(2) {
            row["text"] = words("又换了说法");
        }
    });
    [mobile(), second, third]
});

/// What is tried: a move of work, or going on under one of the versions.
#[derive(Clone, Debug)]
enum Step {
    Work(Move),
    Version(usize),
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let version = (0..VERSIONS.len()).prop_map(Step::Version);
    (
        any_moves(),
        prop::collection::vec((any::<prop::sample::Index>(), version), 0..8),
    )
        .prop_map(|(moves, versions)| {
            let mut steps: Vec<Step> = moves.into_iter().map(Step::Work).collect();
            for (at, version) in versions {
                steps.insert(at.index(steps.len() + 1), version);
            }
            steps
        })
}

/// Plays them; a refused move must leave visit and log as they were.
fn play(job: JobType, steps: &[Step]) -> Desk {
    let mut desk = Desk::new(VERSIONS[0].clone(), job);
    desk.go_inside();
    for step in steps {
        match step {
            Step::Work(next) => next.make(&mut desk),
            Step::Version(n) => {
                let (before, lines) = (desk.visit.clone(), desk.log.len());
                match desk.try_move(&VERSIONS[*n]) {
                    Ok(()) => assert_eq!(desk.log.len(), lines + 1),
                    Err(_) => assert_eq!((&desk.visit, desk.log.len()), (&before, lines)),
                }
            }
        }
    }
    desk
}

/// Events whose answers the fold holds, in force, before that, or set aside.
fn held(visit: &VisitState) -> BTreeSet<String> {
    let aside = visit.aside.values().flat_map(|a| a.items.values());
    let all = visit.items.values().chain(aside);
    all.flat_map(|h| h.all()).map(|r| r.event.clone()).collect()
}

/// Answers in the log that nobody took back.
fn answered(log: &[String]) -> BTreeSet<String> {
    let all: Vec<_> = log
        .iter()
        .map(|t| Sealed::parse(t.clone()).unwrap().content)
        .collect();
    let undone: Vec<&str> = all
        .iter()
        .filter(|c| c.kind == "tap.undone")
        .filter_map(|c| c.body["target"].as_str())
        .collect();
    all.iter()
        .filter(|c| c.kind == "items.answered" && !undone.contains(&c.id.as_str()))
        .map(|c| c.id.clone())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_is_lost_whatever_versions_the_visit_goes_through(
        steps in any_steps(),
        job in any_job(),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let desk = play(job, &steps);
        prop_assert!(answered(&desk.log).is_subset(&held(&desk.visit)));
        let now = &desk.visit.opened.as_ref().unwrap().pack;
        prop_assert_eq!(now, &pinned(&desk.loaded));
        let mixed = interleave(&streams(&desk.log), &choices);
        let (one, other) = (fold(&desk.log), fold(&mixed));
        prop_assert_eq!(&one, &other);
        let StreamState::Visit(folded) = &one[VISIT] else { panic!("the visit is in the log") };
        prop_assert_eq!(folded.as_ref(), &desk.visit);
    }

    #[test]
    fn going_there_and_back_is_as_if_nothing_had_been(
        steps in any_steps(),
        job in any_job(),
        to in 0..3_usize,
    ) {
        let mut desk = play(job, &steps);
        let (from, before) = (desk.loaded.clone(), desk.visit.clone());
        if desk.try_move(&VERSIONS[to]).is_err() {
            return Ok(());
        }
        desk.try_move(&from).unwrap();
        let after = desk.visit.clone();
        let photos = |v: &VisitState| v.photos.iter().map(|p| p.event.clone()).collect::<BTreeSet<_>>();
        prop_assert!(photos(&after).is_superset(&photos(&before)));
        for (id, history) in &before.items {
            prop_assert_eq!(after.items[id].current(), history.current(), "{}", id);
        }
        if !before.been_under(&VERSIONS[to].hash) {
            // nothing was ever said under that version that could come back with it
            prop_assert_eq!((after.items, after.facts), (before.items, before.facts));
            prop_assert_eq!((after.consents, after.rows), (before.consents, before.rows));
            prop_assert_eq!((after.aside, after.photos.len()), (before.aside, before.photos.len()));
        }
    }
}
