//! The log and its fold under random work: order between streams does not matter, refusals leave nothing,
//! what this version does not know survives, and no content makes the fold stop.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod moves;
mod reviews;
mod unknown;
mod versions;

use common::*;
use doorstep_domain::event::{Actor, Content, EventError, MAX_CONTENT_BYTES, Sealed};
use doorstep_domain::rows::{Row, StreamState};
use doorstep_domain::standard::JobType;
use moves::{Move, any_job, any_moves, play};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Folded = BTreeMap<String, StreamState>;

/// Folds content strings as they come.
fn fold<'a>(log: impl IntoIterator<Item = &'a String>) -> Folded {
    let mut states = Folded::new();
    for text in log {
        let sealed = Sealed::parse(text.clone()).unwrap();
        let stream = sealed.content.stream.clone();
        let state = states.entry(stream.clone());
        state
            .or_insert_with(|| StreamState::for_stream(&stream))
            .apply(&sealed.content);
    }
    states
}

fn rows(states: &Folded) -> Vec<Option<Row>> {
    states.values().map(StreamState::row).collect()
}

/// A log as its streams, each in its own order.
fn streams(log: &[String]) -> Vec<Vec<String>> {
    let mut by_name = BTreeMap::<String, Vec<String>>::new();
    for text in log {
        let stream = Sealed::parse(text.clone()).unwrap().content.stream;
        by_name.entry(stream).or_default().push(text.clone());
    }
    by_name.into_values().collect()
}

/// Takes the next of a stream again and again; `choices` says which stream.
fn interleave(streams: &[Vec<String>], choices: &[prop::sample::Index]) -> Vec<String> {
    let mut rest: Vec<_> = streams.iter().map(|s| s.iter()).collect();
    let mut log = Vec::new();
    let mut choices = choices.iter().cycle();
    while !rest.is_empty() {
        let at = choices.next().map_or(0, |c| c.index(rest.len()));
        match rest[at].next() {
            Some(text) => log.push(text.clone()),
            None => drop(rest.remove(at)),
        }
    }
    log
}

/// Two visits on two orders with two technicians' days, played at random.
fn two_visits(first: &[Move], second: &[Move], jobs: (JobType, JobType)) -> Vec<String> {
    let mut log = play(mobile(), jobs.0, first).log;
    let other = play(telecom(), jobs.1, second).log;
    log.extend(other.into_iter().map(|text| {
        text.replace(VISIT, "visit/019a00000405")
            .replace(ORDER, "order/0405")
            .replace(DAY, "day/3110/2026-11-22")
    }));
    log
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_interleaving_of_the_streams_folds_to_the_same(
        first in any_moves(),
        second in any_moves(),
        jobs in (any_job(), any_job()),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..200),
    ) {
        let log = two_visits(&first, &second, jobs);
        let mixed = interleave(&streams(&log), &choices);
        prop_assert_eq!(mixed.len(), log.len());
        let (one, other) = (fold(&log), fold(&mixed));
        prop_assert_eq!(one.len(), 6);
        prop_assert_eq!(rows(&one), rows(&other));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_refused_command_changes_nothing_and_a_taken_one_folds_from_its_strings(
        moves in any_moves(),
        job in any_job(),
    ) {
        for pack in [mobile(), telecom()] {
            // `play` compares the visit before and after each refusal
            let desk = play(pack, job, &moves);
            let Some(StreamState::Visit(folded)) = fold(&desk.log).remove(VISIT) else {
                panic!("the visit is in the log");
            };
            prop_assert_eq!(*folded, desk.visit);
        }
    }

    #[test]
    fn deciding_twice_answers_the_same(moves in any_moves(), job in any_job()) {
        let mut desk = play(mobile(), job, &moves);
        for next in &moves {
            let Some(command) = next.command(&desk) else { continue };
            let once = desk.on(|g| doorstep_domain::visit::decide::decide(g, &command, "row"));
            let twice = desk.on(|g| doorstep_domain::visit::decide::decide(g, &command, "row"));
            prop_assert_eq!(once, twice);
            next.make(&mut desk);
        }
    }

    #[test]
    fn undo_takes_back_exactly_the_last_tap(moves in any_moves(), job in any_job()) {
        for pack in [mobile(), telecom()] {
            let mut desk = play(pack, job, &[]);
            for next in &moves {
                next.wait(&mut desk);
                let before = (desk.view(), desk.visit.taps.clone());
                next.make_now(&mut desk);
                let tapped = desk.visit.taps.len() == before.1.len() + 1;
                if tapped && desk.try_act(&doorstep_domain::visit::command::Command::Undo).is_ok() {
                    let back = (desk.view(), desk.visit.taps.clone()) == before;
                    prop_assert!(back, "{:?} is not taken back exactly", next);
                    next.make_now(&mut desk);
                }
            }
        }
    }
}

fn content(body: serde_json::Value) -> Content {
    Content {
        id: "019a9c1e-6a00-7000-8000-000000000001".to_owned(),
        stream: VISIT.to_owned(),
        kind: "call.logged".to_owned(),
        schema_v: 1,
        actor: Actor {
            staff_no: "3107".to_owned(),
            name: "周建国".to_owned(),
        },
        at: stamp(at("13:52")),
        based_on: None,
        body,
    }
}

#[test]
fn the_written_form_of_a_content_is_frozen() {
    let body = serde_json::json!({ "call": { "purpose": "at_door", "result": "no_answer" } });
    let sealed = Sealed::new(content(body)).unwrap();
    let frozen = concat!(
        r#"{"id":"019a9c1e-6a00-7000-8000-000000000001","stream":"visit/019a00000412","#,
        r#""kind":"call.logged","schema_v":1,"actor":{"staff_no":"3107","name":"周建国"},"#,
        r#""at":{"wall_ms":1795326720000,"offset_min":480,"zone":"Asia/Shanghai","mono_ms":0,"boot_id":"boot-1"},"#,
        r#""body":{"call":{"purpose":"at_door","result":"no_answer"}}}"#,
    );
    assert_eq!(sealed.text, frozen);
    assert_eq!(
        sealed.hash, "6e12f7bbc279eb1b701746b998b87ec5565dc14bf5c519a27d03c7d3b50e6cc5",
        "the chain stands on this hash"
    );
}

#[test]
fn content_over_64_kb_is_refused_written_or_read() {
    let filled = |n: usize| content(serde_json::Value::String("a".repeat(n)));
    let rest = MAX_CONTENT_BYTES - Sealed::new(filled(0)).unwrap().text.len();
    let full = Sealed::new(filled(rest)).unwrap();
    assert_eq!(full.text.len(), 65_536);
    assert!(Sealed::parse(full.text.clone()).is_ok());
    let over = Sealed::new(filled(rest + 1));
    assert!(
        matches!(over, Err(EventError::TooLarge(65_537))),
        "{over:?}"
    );
    let read = Sealed::parse(format!("{} ", full.text));
    assert!(
        matches!(read, Err(EventError::TooLarge(65_537))),
        "{read:?}"
    );
    let half = Sealed::parse(full.text[..1000].to_owned());
    assert!(matches!(half, Err(EventError::Unreadable(_))), "{half:?}");
}

#[test]
fn a_stream_of_an_unknown_kind_is_kept_and_shown_nowhere() {
    let mut state = StreamState::for_stream("recall/019a");
    state.apply(&content(serde_json::Value::Null));
    assert_eq!((state.row(), state), (None, StreamState::Unknown));
}
