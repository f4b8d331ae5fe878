//! Reviews in the store: what they change in the list, in every order of arrival, and what they keep from being deleted.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use doorstep_domain::event::Content;
use doorstep_domain::review::{ReviewEvent, Verdict};
use doorstep_domain::visit::Outcome;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_store::{AgendaFilter, AgendaQuery, AgendaState as S, Store};
use proptest::prelude::*;

const ORDER: &str = "order/1";
const VISIT: &str = "visit/1";
const REVIEW: &str = "review/1";

fn given(n: u64, submission: u32, verdict: Verdict, instead_of: Option<u64>) -> Content {
    content(
        n,
        REVIEW,
        &ReviewEvent::Given {
            visit: VISIT.to_owned(),
            submission,
            verdict,
            reasons: Vec::new(),
            note: None,
            scores: Vec::new(),
            sampled: false,
            together: false,
            instead_of: instead_of.map(id),
        },
    )
}

fn submitted_again(n: u64, times: u32) -> Content {
    content(
        n,
        VISIT,
        &VisitEvent::Submitted {
            n: times,
            outcome: Outcome::Completed,
            digest: "cd".repeat(32),
        },
    )
}

fn visited() -> Vec<Content> {
    vec![
        received(1, ORDER, order(1)),
        opened(2, VISIT, ORDER),
        submitted_again(3, 1),
    ]
}

fn state(store: &Store) -> S {
    let query = AgendaQuery {
        whose: None,
        search: None,
        filter: AgendaFilter::All,
        offset: 0,
        limit: 10,
    };
    store.agenda(&query).unwrap().rows[0].state
}

#[test]
fn the_list_follows_the_verdict_on_the_newest_submission() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.append(visited()).unwrap();
    assert_eq!(
        (state(&store), store.review(VISIT).unwrap()),
        (S::Done, None)
    );
    let steps = [
        (given(10, 1, Verdict::Returned, None), S::Mending),
        (answered(11, VISIT, "label"), S::Mending),
        (given(12, 1, Verdict::Rework, Some(10)), S::Rework),
        (given(13, 1, Verdict::Returned, Some(12)), S::Mending),
        (submitted_again(14, 2), S::Done),
        (given(15, 2, Verdict::Returned, None), S::Mending),
        (submitted_again(16, 3), S::Done),
        (given(17, 3, Verdict::Approved, None), S::Done),
        (given(18, 3, Verdict::Rework, None), S::Done),
        (opened(19, "visit/2", ORDER), S::New),
    ];
    for (event, expected) in steps {
        let kind = event.kind.clone();
        store.append(vec![event]).unwrap();
        assert_eq!(state(&store), expected, "{kind}");
        assert!(!store.rebuild().unwrap().changed, "{kind}");
    }
    let row = store.review(VISIT).unwrap().unwrap();
    assert_eq!((row.submission, row.verdict), (3, Some(Verdict::Approved)));
    assert_eq!(
        (row.verdict_on(3), row.verdict_on(2)),
        (Some(Verdict::Approved), None)
    );
}

#[test]
fn a_day_shows_what_was_sent_back_whenever_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.append(visited()).unwrap();
    let tomorrow = AgendaQuery {
        whose: None,
        search: None,
        filter: AgendaFilter::Day {
            from_ms: NOW + 240 * HOUR,
            to_ms: NOW + 264 * HOUR,
        },
        offset: 0,
        limit: 10,
    };
    assert_eq!(store.agenda(&tomorrow).unwrap().total, 0);
    store
        .append(vec![given(10, 1, Verdict::Returned, None)])
        .unwrap();
    assert_eq!(store.agenda(&tomorrow).unwrap().total, 1);
}

#[test]
fn a_sample_is_told_before_anybody_judged_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.append(visited()).unwrap();
    let picked = ReviewEvent::Sampled {
        visit: VISIT.to_owned(),
        submission: 1,
    };
    store.append(vec![content(10, REVIEW, &picked)]).unwrap();
    let row = store.review(VISIT).unwrap().unwrap();
    assert_eq!(
        (row.sampled, row.verdict, state(&store)),
        (true, None, S::Done)
    );
}

#[test]
fn what_is_to_be_mended_keeps_its_photos() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let blob = vault.put(VISIT, b"a label").unwrap();
    let thumb = vault.put(VISIT, b"a small label").unwrap();
    let mut events = visited();
    events.insert(2, photographed(4, VISIT, &blob.sha256, &thumb.sha256));
    events.push(handed_over(5, VISIT));
    store.append(events).unwrap();
    let all_safe = |store: &mut Store| {
        let (log, seq) = store.head();
        let log = log.to_owned();
        store.acknowledge(seq).unwrap();
        store.set_backed_up_through(&log, seq).unwrap();
        store
            .blobs_stored(std::slice::from_ref(&blob.sha256))
            .unwrap();
    };
    all_safe(&mut store);
    let later = NOW + 2400 * HOUR;
    assert_eq!(store.deletable(later).unwrap(), [VISIT]);
    store
        .append(vec![given(10, 1, Verdict::Returned, None)])
        .unwrap();
    all_safe(&mut store);
    assert_eq!(store.deletable(later).unwrap(), Vec::<String>::new());
    store.append(vec![submitted_again(11, 2)]).unwrap();
    all_safe(&mut store);
    assert_eq!(store.deletable(later).unwrap(), [VISIT]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The streams of one order arrive in any order between them.
    #[test]
    fn derived_rows_do_not_depend_on_which_stream_came_first(
        turns in Just(vec![0, 1, 1, 1, 1, 2, 2, 2]).prop_shuffle(),
    ) {
        let streams = [
            vec![received(1, ORDER, order(1))],
            vec![
                opened(2, VISIT, ORDER),
                submitted_again(3, 1),
                answered(4, VISIT, "label"),
                submitted_again(5, 2),
            ],
            vec![
                given(10, 1, Verdict::Returned, None),
                given(11, 2, Verdict::Approved, None),
                given(12, 2, Verdict::Returned, Some(11)),
            ],
        ];
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        let mut rest = streams.map(Vec::into_iter);
        for turn in turns {
            store.append(rest[turn].next().into_iter().collect()).unwrap();
        }
        prop_assert_eq!(state(&store), S::Mending);
        let row = store.review(VISIT).unwrap().unwrap();
        prop_assert_eq!((row.submission, row.verdict), (2, Some(Verdict::Returned)));
        prop_assert!(!store.rebuild().unwrap().changed);
    }
}
