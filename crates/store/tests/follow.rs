//! The two lists of what follows a visit, in the store: what is due first on top, the same after a rebuild, whatever came first.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use doorstep_domain::event::Content;
use doorstep_domain::follow::{Act, PlanEvent, PlanKind, PlannedAct, Way};
use doorstep_domain::issue::{IssueEvent, IssueKind, Promised};
use doorstep_domain::told::FollowList;
use doorstep_store::Store;
use proptest::prelude::*;

fn raised(n: u64, stream: &str, heard_ms: i64) -> Content {
    content(
        n,
        stream,
        &IssueEvent::Raised {
            issue: IssueKind::Complaint,
            content: "网速慢".to_owned(),
            customer: "林女士".to_owned(),
            phone: None,
            order: Some("order/1".to_owned()),
            source: None,
            heard_at: at(heard_ms),
            promise: Promised {
                by: at(heard_ms + 72 * HOUR),
                name: "王建国".to_owned(),
                phone: "0571-88000000".to_owned(),
            },
        },
    )
}

fn solved(n: u64, stream: &str) -> Content {
    let result = "换了水晶头".to_owned();
    content(n, stream, &IssueEvent::Solved { result })
}

fn satisfied(n: u64, stream: &str) -> Content {
    let asked_at = at(NOW);
    let words = None;
    content(n, stream, &IssueEvent::Satisfied { asked_at, words })
}

fn planned(n: u64, stream: &str, due_ms: i64) -> Content {
    content(
        n,
        stream,
        &PlanEvent::Planned {
            plan: PlanKind::CallBack,
            acts: vec![PlannedAct {
                act: Act::SurveyCall,
                due: at(due_ms),
            }],
            customer: "陈先生".to_owned(),
            phone: None,
            order: None,
            whose: None,
            note: None,
        },
    )
}

fn called(n: u64, stream: &str) -> Content {
    content(
        n,
        stream,
        &PlanEvent::Done {
            act: Act::SurveyCall,
            done_at: at(NOW),
            way: Way::Phone,
            result: "满意".to_owned(),
            satisfied: Some(true),
        },
    )
}

fn listed(store: &Store, list: FollowList, closed: bool) -> Vec<String> {
    let page = store.follow(list, closed, (0, 20), NOW).unwrap();
    page.rows.into_iter().map(|r| r.stream).collect()
}

#[test]
fn the_lists_follow_the_events_and_a_rebuild_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let steps = [
        vec![
            raised(1, "issue/1", NOW),
            raised(2, "issue/2", NOW - 30 * HOUR),
        ],
        vec![
            planned(3, "follow/1", NOW + HOUR),
            planned(4, "follow/2", NOW - HOUR),
        ],
        vec![solved(5, "issue/2")],
        vec![satisfied(6, "issue/2")],
        vec![content(7, "issue/2", &IssueEvent::Archived {})],
        vec![called(8, "follow/2")],
    ];
    for step in steps {
        store.append(step).unwrap();
        assert!(!store.rebuild().unwrap().changed);
    }
    assert_eq!(listed(&store, FollowList::Issues, false), ["issue/1"]);
    assert_eq!(listed(&store, FollowList::Issues, true), ["issue/2"]);
    assert_eq!(listed(&store, FollowList::Plans, false), ["follow/1"]);
    assert_eq!(listed(&store, FollowList::Plans, true), ["follow/2"]);
}

#[test]
fn what_is_due_first_stands_on_top_and_what_was_due_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let all = [3, 1, 2].map(|i| {
        let heard = NOW - 25 * HOUR + i64::try_from(i).unwrap() * HOUR;
        raised(i, &format!("issue/{i}"), heard)
    });
    store.append(all.into()).unwrap();
    assert_eq!(
        listed(&store, FollowList::Issues, false),
        ["issue/1", "issue/2", "issue/3"]
    );
    let page = |store: &Store, at_ms| {
        store
            .follow(FollowList::Issues, false, (1, 1), at_ms)
            .unwrap()
    };
    let one = page(&store, NOW);
    assert_eq!((one.open, one.closed, one.overdue), (3, 0, 0));
    assert_eq!(one.rows.len(), 1, "one row from the second on");
    assert_eq!(page(&store, NOW + 1).overdue, 1, "its 24 hours are over");
    store.append(vec![solved(4, "issue/1")]).unwrap();
    let settled = page(&store, NOW + HOUR);
    assert_eq!(
        (settled.open, settled.overdue),
        (3, 0),
        "nothing runs while the customer is asked"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Several people write to one issue: their events arrive in any order.
    #[test]
    fn rows_do_not_depend_on_what_came_first(
        turns in Just((0..5).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let events = [
            raised(1, "issue/1", NOW),
            solved(2, "issue/1"),
            satisfied(3, "issue/1"),
            planned(4, "follow/1", NOW + HOUR),
            called(5, "follow/1"),
        ];
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        for turn in turns {
            store.append(vec![events[turn].clone()]).unwrap();
        }
        let page = store.follow(FollowList::Issues, false, (0, 20), NOW).unwrap();
        prop_assert_eq!(page.rows[0].due_ms, NOW + 3000, "solved, and then satisfied");
        prop_assert_eq!(listed(&store, FollowList::Plans, true), ["follow/1"]);
        prop_assert!(!store.rebuild().unwrap().changed);
    }
}
