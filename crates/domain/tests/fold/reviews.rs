//! Reviews written by several leads at once, and mending played at random.

use crate::common::*;
use crate::moves::{Move, any_moves};
use doorstep_domain::event::{Actor, Content, Sealed, write_body};
use doorstep_domain::review::{Place, ReviewEvent, ReviewState, Verdict};
use doorstep_domain::visit::SignOutcome;
use doorstep_domain::visit::attest::attested;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::mend::{Life, as_submitted};
use doorstep_domain::visit::state::VisitState;
use proptest::prelude::*;
use proptest::sample::Index;

fn content(id: &str, wall_ms: i64, body: serde_json::Value, kind: &str) -> Content {
    let mut at = stamp(at("15:00"));
    at.wall_ms += wall_ms;
    Content {
        id: id.to_owned(),
        stream: REVIEW.to_owned(),
        kind: kind.to_owned(),
        schema_v: 1,
        actor: Actor {
            staff_no: "1001".to_owned(),
            name: "马班长".to_owned(),
        },
        at,
        based_on: None,
        body,
    }
}

fn written(id: &str, wall_ms: i64, event: &ReviewEvent) -> Content {
    let (kind, body) = write_body(event).unwrap();
    content(id, wall_ms, body, &kind)
}

fn given(submission: u32, verdict: Verdict, instead_of: Option<&str>) -> ReviewEvent {
    ReviewEvent::Given {
        visit: VISIT.to_owned(),
        submission,
        verdict,
        reasons: Vec::new(),
        note: None,
        scores: Vec::new(),
        sampled: false,
        together: false,
        instead_of: instead_of.map(str::to_owned),
    }
}

fn late(given: &str, stands: &str) -> ReviewEvent {
    ReviewEvent::Late {
        visit: VISIT.to_owned(),
        submission: 1,
        given: given.to_owned(),
        stands: stands.to_owned(),
    }
}

fn fold<'a>(events: impl IntoIterator<Item = &'a Content>) -> ReviewState {
    let mut state = ReviewState::default();
    events.into_iter().for_each(|c| state.apply(c));
    state
}

/// Eight events whose ids, times and references come from a small set, so that they meet in every way.
fn any_events() -> impl Strategy<Value = Vec<Content>> {
    let one = (0_u8..4, 0_i64..4, 1_u32..3, any::<Index>(), any::<bool>());
    prop::collection::vec(one, 0..10).prop_map(|all| {
        let make = |(i, (what, minute, submission, pick, refers)): (usize, _)| {
            let (pick, refers): (Index, bool) = (pick, refers);
            let other = format!("e{}", pick.index(10));
            let verdict = [Verdict::Approved, Verdict::Returned, Verdict::Rework][pick.index(3)];
            let event = match what {
                0 => late(&other, "e0"),
                1 => ReviewEvent::Sampled {
                    visit: VISIT.to_owned(),
                    submission,
                },
                _ => given(submission, verdict, refers.then_some(other.as_str())),
            };
            let id = format!("e{i}");
            let strange = refers && what == 1;
            let mut content = written(&id, minute * 60_000, &event);
            if strange {
                content.kind = "review.sung".to_owned();
            }
            content
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn every_device_answers_the_same_whatever_the_order_it_heard_in(
        events in any_events(),
        order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let mixed: Vec<&Content> = order.iter().filter_map(|i| events.get(*i)).collect();
        prop_assert_eq!(mixed.len(), events.len());
        let (one, other) = (fold(&events), fold(mixed));
        prop_assert_eq!(one.row(), other.row());
        for n in 1..3 {
            let ids = |s: &ReviewState| s.standing(n).map(|g| g.event.clone());
            prop_assert_eq!(ids(&one), ids(&other));
        }
        prop_assert_eq!(&one, &other);
        // at most one stands, and none is lost
        let told = one.verdicts();
        let written = events.iter().filter(|c| c.kind == "review.given").count();
        prop_assert_eq!(told.len(), written);
        for n in 1..3 {
            let on = told.iter().filter(|g| g.submission == n);
            let stand = on.filter(|g| one.place(&g.event) == Place::Stands).count();
            prop_assert_eq!(stand, usize::from(one.standing(n).is_some()));
        }
    }
}

#[test]
fn the_hub_s_word_counts_more_than_the_clocks_of_the_leads() {
    // a is earlier by its clock, b was at the hub first
    let a = written("a", 0, &given(1, Verdict::Returned, None));
    let b = written("b", 60_000, &given(1, Verdict::Approved, None));
    let alone = fold([&a, &b]);
    assert_eq!(
        alone.standing(1).unwrap().event,
        "a",
        "while nobody knows better"
    );
    let word = written("w", 120_000, &late("a", "b"));
    let told = fold([&a, &b, &word]);
    assert_eq!(told.standing(1).unwrap().event, "b");
    assert_eq!(
        (told.place("a"), told.place("b")),
        (Place::Late, Place::Stands)
    );
    assert_eq!(told.verdicts().len(), 2, "kept and told");

    // the hub came back from a backup and saw them come the other way round
    let later = written("x", 180_000, &late("b", "a"));
    let turned = fold([&a, &b, &word, &later]);
    assert_eq!(turned.standing(1).unwrap().event, "a", "its last word");
    assert_eq!(turned.standing(1), fold([&a, &b, &later]).standing(1));
}

#[test]
fn a_late_verdict_that_replaces_a_replaced_one_stays_late() {
    let first = written("a", 0, &given(1, Verdict::Returned, None));
    let second = written("b", 1, &given(1, Verdict::Approved, Some("a")));
    let late_one = written("c", 2, &given(1, Verdict::Rework, Some("a")));
    let word = written("w", 3, &late("c", "b"));
    let state = fold([&late_one, &word, &second, &first]);
    let places = ["a", "b", "c"].map(|id| state.place(id));
    assert_eq!(places, [Place::Replaced, Place::Stands, Place::Late]);
    assert_eq!(state.place("nobody"), Place::Late);
}

#[test]
fn a_score_of_a_later_version_does_not_hide_the_verdict() {
    let (_, mut body) = write_body(&given(1, Verdict::Returned, None)).unwrap();
    body["scores"] = serde_json::json!([
        { "name": "tidy", "points": 4 },
        { "name": "punctuality", "points": 5 },
    ]);
    body["mood"] = serde_json::json!("mild");
    let state = fold([&content("a", 0, body, "review.given")]);
    let standing = state.standing(1).unwrap();
    assert_eq!((standing.scores.len(), state.parked), (1, 0));
    let strange = content(
        "b",
        0,
        serde_json::json!({ "verdict": "sung" }),
        "review.given",
    );
    assert_eq!(fold([&strange]).parked, 1);
}

/// Signs whatever has to be signed and submits, where that is possible.
fn hand_again(desk: &mut Desk) {
    if desk.visit.in_handover {
        desk.act(Command::EndHandover);
    }
    if desk.on(|g| g.customer_signs_again()) && desk.try_act(&Command::StartHandover).is_ok() {
        desk.sign(SignOutcome::Signed);
        desk.act(Command::EndHandover);
    }
    let _signed = desk.try_technician_sign();
    let _submitted = desk.try_act(&Command::Submit);
}

/// One step of mending: a move of the technician's, or a verdict.
fn step(desk: &mut Desk, next: &Move, judge: Option<Verdict>) {
    match judge {
        Some(verdict) => {
            let before = desk.review.clone();
            if desk.try_judge(verdict, &[("optical", "看不清")]).is_err() {
                assert_eq!(desk.review, before);
            }
        }
        None => next.make(desk),
    }
}

fn contents(desk: &Desk) -> Vec<Content> {
    let read = |t: &String| Sealed::parse(t.clone()).unwrap().content;
    let all = desk.log.iter().map(read);
    all.filter(|c| c.stream == VISIT).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn mending_keeps_every_submission_and_asks_the_customer_only_for_what_differs(
        moves in any_moves(),
        verdicts in prop::collection::vec(prop::option::weighted(0.1, 0_usize..3), 60),
        again in prop::collection::vec(prop::bool::weighted(0.2), 60),
    ) {
        let (mut desk, _) = Desk::repaired();
        desk.judge(Verdict::Returned, &[("optical", "看不清")]);
        let mut handed: Vec<VisitState> = vec![as_submitted(&contents(&desk), 1).unwrap()];
        for ((next, verdict), again) in moves.iter().zip(verdicts).zip(again) {
            let judge = verdict.map(|v| [Verdict::Approved, Verdict::Returned, Verdict::Rework][v]);
            let life = desk.on(|g| g.life());
            let before = contents(&desk).len();
            step(&mut desk, next, judge);
            if again && life == Life::Mending {
                hand_again(&mut desk);
            }
            if life.closed() && contents(&desk).len() > before {
                // calls and the like only
                prop_assert!(desk.visit.handed_in().rows() == handed.last().unwrap().rows());
            }
            if desk.visit.submissions.len() > handed.len() {
                prop_assert_eq!(life, Life::Mending);
                if judge.is_none() && desk.visit.submissions.len() % 2 == 0 {
                    desk.judge(Verdict::Returned, &[("speed", "还差一张")]);
                }
                handed.push(desk.visit.clone());
            }
            if desk.on(|g| g.life()) == Life::Mending {
                let signature = desk.visit.customer_signature.as_ref().unwrap();
                let lang = signature.value.lang;
                let now = attested(&desk.visit, &desk.order, &desk.loaded.pack, lang).digest();
                let counts = desk.on(|g| g.in_force().customer_signature.is_some());
                prop_assert_eq!(counts, now == signature.value.digest);
            }
        }
        let all = contents(&desk);
        for (n, state) in (1_u32..).zip(&handed) {
            let again = as_submitted(&all, n);
            prop_assert_eq!(again.as_ref(), Some(state));
        }
        prop_assert_eq!(desk.view().submissions.len(), handed.len());
    }
}
