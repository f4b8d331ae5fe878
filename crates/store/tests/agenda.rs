//! Today's list, and the promise that derived rows do not depend on how streams were interleaved.
#![allow(clippy::unwrap_used)]

mod common;

use common::{
    HOUR, NOW, agreed, answered, concluded, content, open, opened, order, received, submitted,
};
use doorstep_domain::event::Content;
use doorstep_domain::order::OrderEvent;
use doorstep_domain::visit::Outcome;
use doorstep_store::{AgendaFilter, AgendaPage, AgendaQuery, AgendaState as S, Store};
use proptest::prelude::*;

fn ask(store: &Store, search: &str, filter: AgendaFilter) -> AgendaPage {
    let search = Some(search.to_owned());
    store
        .agenda(&AgendaQuery {
            whose: None,
            search,
            filter,
            offset: 0,
            limit: 100,
        })
        .unwrap()
}

fn streams(page: &AgendaPage) -> Vec<&str> {
    page.rows.iter().map(|r| r.order.stream.as_str()).collect()
}

/// Ten orders, a quarter of an hour apart; some visited.
fn ten_orders() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let mut events: Vec<Content> = (0..10)
        .map(|i| received(i, &format!("order/{i}"), order(i)))
        .collect();
    let suspended = Outcome::Suspended {
        reason: "无端口".to_owned(),
        next_step: "等扩容".to_owned(),
        call_back_by: None,
        not_ours: true,
    };
    events.extend([
        opened(20, "visit/1", "order/1"),
        agreed(21, "visit/1", NOW + 30 * HOUR),
        opened(30, "visit/2", "order/2"),
        concluded(31, "visit/2", Outcome::Completed),
        submitted(32, "visit/2", Outcome::Completed),
        opened(40, "visit/3", "order/3"),
        concluded(41, "visit/3", suspended.clone()),
        submitted(42, "visit/3", suspended),
        content(
            50,
            "order/4",
            &OrderEvent::Cancelled {
                reason: "客户取消".to_owned(),
            },
        ),
    ]);
    store.append(events).unwrap();
    (dir, store)
}

#[test]
fn orders_come_by_the_time_that_counts_with_their_newest_visit() {
    let (_dir, mut store) = ten_orders();
    let page = ask(&store, "", AgendaFilter::All);
    let expected = [0, 2, 3, 4, 5, 6, 7, 8, 9, 1].map(|i| format!("order/{i}"));
    assert_eq!(
        streams(&page),
        expected,
        "order 1 was moved to tomorrow evening"
    );
    assert_eq!(page.total, 10);
    let counts = [
        (S::New, 6),
        (S::Appointed, 1),
        (S::Suspended, 1),
        (S::Done, 1),
        (S::Cancelled, 1),
    ];
    assert_eq!(page.counts, counts.into_iter().collect());
    assert_eq!(
        page.rows[9].visit.as_ref().map(|v| v.stream.as_str()),
        Some("visit/1")
    );
    assert_eq!(page.rows[9].sort_ms, NOW + 30 * HOUR);
    assert_eq!(page.rows[0].visit, None);

    store
        .append(vec![opened(60, "visit/3b", "order/3")])
        .unwrap();
    let again = ask(&store, "", AgendaFilter::All);
    assert_eq!(
        again.rows[2].visit.as_ref().map(|v| v.stream.as_str()),
        Some("visit/3b"),
        "the newer visit stands"
    );
    assert_eq!(again.rows[2].state, S::New);
    assert!(!store.rebuild().unwrap().changed);
}

#[test]
fn filters_and_pages() {
    let (_dir, store) = ten_orders();
    assert_eq!(
        ask(&store, "", AgendaFilter::Open).total,
        8,
        "done and cancelled are not open"
    );
    assert_eq!(
        streams(&ask(&store, "", AgendaFilter::State(S::Suspended))),
        ["order/3"]
    );
    let day = AgendaFilter::Day {
        from_ms: NOW,
        to_ms: NOW + HOUR,
    };
    assert_eq!(
        streams(&ask(&store, "", day)),
        ["order/0", "order/2", "order/3"]
    );
    let page = |offset, limit| {
        let query = AgendaQuery {
            whose: None,
            search: None,
            filter: AgendaFilter::All,
            offset,
            limit,
        };
        let page = store.agenda(&query).unwrap();
        (page.total, streams(&page).join(" "))
    };
    assert_eq!(page(0, 2), (10, "order/0 order/2".to_owned()));
    assert_eq!(page(8, 5), (10, "order/9 order/1".to_owned()));
    assert_eq!(page(10, 5), (10, String::new()));
}

#[test]
fn search_finds_number_name_phone_tail_and_address_whatever_the_case() {
    let (_dir, store) = ten_orders();
    let found = |text: &str| streams(&ask(&store, text, AgendaFilter::All)).join(" ");
    assert_eq!(found("1122-00007"), "order/7");
    assert_eq!(found("林女士"), "order/9 order/1");
    assert_eq!(found("0006"), "order/6", "phone tail and number");
    assert_eq!(found("BAKER street"), "order/2 order/7");
    assert_eq!(found("  baker  黄 "), "order/2", "every word must occur");
    assert_eq!(found("100%' OR _"), "");
    let page = ask(&store, "baker", AgendaFilter::Open);
    assert_eq!(
        (page.total, page.counts.len()),
        (1, 2),
        "counts cover the search, whatever the filter"
    );
}

#[test]
fn a_visit_under_way_is_shown_on_any_day_even_when_dispatch_cancelled() {
    let (_dir, mut store) = ten_orders();
    let cancel = content(
        70,
        "order/9",
        &OrderEvent::Cancelled {
            reason: "重复派单".to_owned(),
        },
    );
    let milestone = serde_json::json!({ "milestone": "departed" });
    let mut departed = answered(72, "visit/9", "x");
    (departed.kind, departed.body) = ("milestone.reached".to_owned(), milestone);
    store
        .append(vec![opened(71, "visit/9", "order/9"), departed, cancel])
        .unwrap();
    let day = AgendaFilter::Day {
        from_ms: NOW,
        to_ms: NOW + HOUR / 8,
    };
    let page = ask(&store, "", day);
    assert_eq!(streams(&page), ["order/0", "order/9"]);
    assert_eq!(page.rows[1].state, S::Underway);
    assert!(page.rows[1].order.cancelled, "flagged, never hidden");
}

/// Two visits of one order and the order itself, each a stream with its own writer.
fn histories() -> [Vec<Content>; 3] {
    let of = "order/1";
    let mut linked = order(1);
    linked.customer = "改名".to_owned();
    [
        vec![
            received(1, of, order(1)),
            content(4, of, &OrderEvent::Updated { order: linked }),
            content(
                9,
                of,
                &OrderEvent::Cancelled {
                    reason: "改派".to_owned(),
                },
            ),
        ],
        vec![
            opened(2, "visit/a", of),
            agreed(5, "visit/a", NOW + HOUR),
            answered(6, "visit/a", "mat"),
            submitted(7, "visit/a", Outcome::NobodyHome),
        ],
        vec![
            opened(3, "visit/b", of),
            agreed(8, "visit/b", NOW - HOUR),
            answered(10, "visit/b", "mat"),
        ],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Any interleaving that keeps each stream's order, cut into any batches, ends in the same tables.
    #[test]
    fn interleavings_give_equal_rows(picks in prop::collection::vec((0_usize..3, any::<bool>()), 10)) {
        let ends = |picks: &[(usize, bool)]| {
            let dir = tempfile::tempdir().unwrap();
            let mut store = open(dir.path());
            let mut left = histories().map(std::collections::VecDeque::from);
            let mut batch = Vec::new();
            let whole = [(0, false); 10];
            for (stream, cut) in picks.iter().chain(&whole) {
                let next = (0..3).map(|i| (stream + i) % 3).find(|&i| !left[i].is_empty());
                batch.extend(next.and_then(|i| left[i].pop_front()));
                if *cut {
                    store.append(std::mem::take(&mut batch)).unwrap();
                }
            }
            store.append(batch).unwrap();
            assert_eq!(store.event_count(), 10);
            let changed = store.rebuild().unwrap().changed;
            assert!(!changed, "rows written on the way are the rows of the log");
            (ask(&store, "", AgendaFilter::All), store.visits_of("order/1").unwrap())
        };
        prop_assert_eq!(ends(&picks), ends(&[]));
    }
}
