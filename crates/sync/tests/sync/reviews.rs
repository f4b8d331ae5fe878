//! 审核 between real devices and the real hub: a verdict reaches the technician, two that were given offline end as the same on every
//! device, and a hub that forgot them all does no harm.

use crate::bench::{ANNA, BO, Bench, LEAD};
use crate::server::Server;
use doorstep_domain::review::{Place, ReviewEvent, ReviewState, Verdict, stream_of};
use doorstep_domain::rows::StreamState;
use doorstep_domain::visit::Outcome;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::wire::Role;

/// Anna's visit, submitted and known to both leads.
fn handed_in() -> (Bench, String) {
    let mut bench = Bench::with(Role::Lead);
    let visit = bench.visit(ANNA);
    submit(&mut bench, &visit, 1);
    bench.settle_all();
    (bench, visit)
}

fn submit(bench: &mut Bench, visit: &str, n: u32) {
    let id = bench.id();
    let event = VisitEvent::Submitted {
        n,
        outcome: Outcome::Completed,
        digest: "d".to_owned(),
    };
    let content = bench.tablets[ANNA].content(&id, visit, &event, bench.now_ms);
    bench.append(ANNA, content);
}

fn judge(bench: &mut Bench, who: usize, visit: &str, verdict: Verdict) -> String {
    let event = ReviewEvent::Given {
        visit: visit.to_owned(),
        submission: 1,
        verdict,
        reasons: Vec::new(),
        note: None,
        scores: Vec::new(),
        sampled: false,
        together: false,
        instead_of: None,
    };
    let id = bench.id();
    let stream = stream_of(visit).unwrap();
    let content = bench.tablets[who].content(&id, &stream, &event, bench.now_ms);
    bench.append(who, content);
    id
}

fn review(bench: &Bench, who: usize, visit: &str) -> ReviewState {
    let stream = stream_of(visit).unwrap();
    bench
        .desk(who)
        .look(|store, _| match store.state(&stream).unwrap() {
            StreamState::Review(state) => (**state).clone(),
            other => panic!("{other:?}"),
        })
}

/// The verdict in each device's own table.
fn told(bench: &Bench, visit: &str) -> [Option<Verdict>; 3] {
    [LEAD, ANNA, BO].map(|who| {
        let row = bench
            .desk(who)
            .look(|store, _| store.review(visit).unwrap());
        row.and_then(|r| r.verdict_on(1))
    })
}

fn flags(bench: &Bench, who: usize, visit: &str) -> Vec<String> {
    let stream = stream_of(visit).unwrap();
    let flags = bench
        .desk(who)
        .look(|store, _| store.flags_of(&stream).unwrap());
    flags.into_iter().map(|f| f.reason).collect()
}

/// Both leads judge offline; the deputy's is the later by the clock and the first at the hub.
fn two_verdicts(bench: &mut Bench, visit: &str) -> (String, String) {
    let early = judge(bench, LEAD, visit, Verdict::Returned);
    bench.now_ms += 60_000;
    let first = judge(bench, BO, visit, Verdict::Approved);
    bench.settle(BO);
    bench.settle(LEAD);
    bench.check();
    (early, first)
}

#[test]
fn a_verdict_reaches_the_technician_and_the_next_submission_the_leads() {
    let (mut bench, visit) = handed_in();
    judge(&mut bench, LEAD, &visit, Verdict::Returned);
    bench.check();
    assert_eq!(told(&bench, &visit), [Some(Verdict::Returned); 3]);
    submit(&mut bench, &visit, 2);
    bench.check();
    assert_eq!(bench.seen(LEAD, &visit), bench.seen(ANNA, &visit));
    let flags = bench
        .desk(ANNA)
        .look(|store, _| store.flags_of(&visit).unwrap());
    assert_eq!(flags, []);
}

#[test]
fn two_leads_who_judged_offline_see_the_same_in_the_end() {
    let (mut bench, visit) = handed_in();
    let (early, first) = two_verdicts(&mut bench, &visit);
    assert_eq!(told(&bench, &visit), [Some(Verdict::Approved); 3]);
    let states = [LEAD, ANNA, BO].map(|who| review(&bench, who, &visit));
    for state in &states {
        assert_eq!(state, &states[0]);
        assert_eq!(state.place(&first), Place::Stands);
        assert_eq!(state.place(&early), Place::Late, "told, not lost");
    }
    assert_eq!(flags(&bench, LEAD, &visit), ["second_verdict"]);
    assert_eq!(flags(&bench, BO, &visit), Vec::<String>::new());
}

#[test]
fn a_hub_that_forgot_the_verdicts_may_hear_them_the_other_way_round() {
    let (mut bench, visit) = handed_in();
    let before = bench.hub.backup();
    let (early, first) = two_verdicts(&mut bench, &visit);
    bench.hub.restore(before);
    bench.now_ms += 61_000;
    bench.settle(LEAD);
    bench.settle(BO);
    bench.check();
    let states = [LEAD, ANNA, BO].map(|who| review(&bench, who, &visit));
    for state in &states {
        assert_eq!(state.standing(1).map(|g| &g.event), Some(&early));
        assert_eq!(state.place(&first), Place::Late);
    }
    assert_eq!(told(&bench, &visit), [Some(Verdict::Returned); 3]);
}
