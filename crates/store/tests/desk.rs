//! The lead's queue: what is submitted stands in it, whatever order it came in, and a rebuild changes nothing.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{NOW, actor, content, open, order, received, submitted};
use doorstep_domain::event::{Content, sha256_hex};
use doorstep_domain::review::{ReviewEvent, Verdict};
use doorstep_domain::standard::JobType;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::{Outcome, PackRef, Photo, PhotoTarget};
use doorstep_domain::wire::{EventFlag, FlagKind};
use doorstep_store::{QueuePage, QueueQuery, QueueSort, QueueView, Store};

const PACK: &str = include_str!("../../../assets/standards/cmcc-broadband.toml");
const HASH: u64 = 0x0f1e_2d3c_4b5a_6978;

fn pin(store: &mut Store) {
    store
        .put_pack(&sha256_hex(PACK.as_bytes()), PACK, "cmcc-broadband.toml")
        .unwrap();
}

fn opened(i: u64) -> Content {
    let pack = PackRef {
        id: "cmcc-broadband".to_owned(),
        version: 1,
        hash: sha256_hex(PACK.as_bytes()),
    };
    let event = VisitEvent::Opened {
        order: format!("order/{i}"),
        job: JobType::Install,
        pack,
        technician: actor(),
        continues: None,
    };
    content(i * 10 + 1, &format!("visit/{i}"), &event)
}

/// A photo of visit `i` with this perceptual hash.
fn photo(i: u64, sha256: &str, phash: u64) -> Content {
    let photo = Photo {
        id: format!("photo-{i}"),
        target: PhotoTarget::Item {
            item: "cabling".to_owned(),
        },
        sha256: sha256.to_owned(),
        thumb_sha256: sha256.to_owned(),
        width: 2048,
        height: 1536,
        bytes: 1,
        band_top: 1400,
        phash: format!("{phash:016x}"),
        crop_phashes: Vec::new(),
        source_sha256: String::new(),
        exif_at: None,
        exif_offset: None,
        exif_lat: None,
        exif_lon: None,
    };
    content(
        i * 10 + 2,
        &format!("visit/{i}"),
        &VisitEvent::PhotoAdded { photo },
    )
}

fn visit(i: u64, sha256: &str, phash: u64) -> Vec<Content> {
    let stream = format!("visit/{i}");
    vec![
        received(i * 10, &format!("order/{i}"), order(i)),
        opened(i),
        photo(i, sha256, phash),
        submitted(i * 10 + 3, &stream, Outcome::Completed),
    ]
}

fn verdict(i: u64, verdict: Verdict) -> Content {
    let event = ReviewEvent::Given {
        visit: format!("visit/{i}"),
        submission: 1,
        verdict,
        reasons: Vec::new(),
        note: None,
        scores: Vec::new(),
        sampled: false,
        together: false,
        instead_of: None,
    };
    content(i * 10 + 5, &format!("review/{i}"), &event)
}

fn ask(
    store: &Store,
    view: QueueView,
    sort: QueueSort,
    descending: bool,
    search: Option<&str>,
) -> QueuePage {
    let query = QueueQuery {
        view,
        search: search.map(str::to_owned),
        sort,
        descending,
        offset: 0,
        limit: 50,
    };
    store.queue(&query).unwrap()
}

fn names(page: &QueuePage) -> Vec<&str> {
    page.rows.iter().map(|r| r.row.visit.as_str()).collect()
}

#[test]
fn a_photo_alike_is_told_on_the_later_one_whatever_came_first() {
    // ten bits apart, eleven bits apart, and the same picture
    let ten = HASH ^ 0x0003_0003_0003_000f;
    let visits = [
        visit(1, "a", HASH),
        visit(2, "b", ten),
        visit(3, "c", HASH ^ 0x0007_0003_0007_0007),
        visit(4, "a", 0),
    ];
    assert_eq!((ten ^ HASH).count_ones(), 10);
    assert_eq!(0x0007_0003_0007_0007_u64.count_ones(), 11);
    let mut digests = Vec::new();
    for turn in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        pin(&mut store);
        for i in turn {
            store.append(visits[i].clone()).unwrap();
        }
        let of = |i: u64| -> Vec<(String, u32)> {
            let found = store.alike(&format!("visit/{i}")).unwrap();
            found.into_iter().map(|a| (a.visit, a.percent)).collect()
        };
        assert_eq!(of(1), [], "{turn:?}: it was the first");
        assert_eq!(of(2), [("visit/1".to_owned(), 84)], "{turn:?}");
        assert!(
            !of(3).iter().any(|(v, _)| v == "visit/1"),
            "{turn:?}: eleven bits"
        );
        assert_eq!(of(4), [("visit/1".to_owned(), 100)], "{turn:?}");
        let listed: Vec<usize> = (1..=4).map(|i| of(i).len()).collect();
        let flags: Vec<u32> = (1..=4)
            .map(|i| {
                store
                    .queued(&format!("visit/{i}"))
                    .unwrap()
                    .unwrap()
                    .flag_count
            })
            .collect();
        for i in 1..4 {
            let alike = u32::try_from(listed[i]).unwrap();
            assert_eq!(flags[0] + alike, flags[i], "{turn:?}: one for each entry");
        }
        assert!(!store.rebuild().unwrap().changed, "{turn:?}");
        digests.push(flags);
    }
    digests.dedup();
    assert_eq!(
        digests.len(),
        1,
        "every order of arrival counts the same flags"
    );
}

#[test]
fn what_the_hub_tells_is_counted_once_and_survives_a_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    pin(&mut store);
    store.append(visit(1, "p", 0)).unwrap();
    let log = store.head().0.to_owned();
    let flag = |seq: u64, reason: &str| EventFlag {
        seq,
        kind: FlagKind::NeedsAttention,
        reason: reason.to_owned(),
    };
    let count = |s: &Store| s.queued("visit/1").unwrap().unwrap().flag_count;
    assert_eq!(count(&store), 0);
    // the order's event is none of the visit's
    let told = [flag(1, "order_cancelled"), flag(4, "order_cancelled")];
    store.put_flags(&log, &told).unwrap();
    store.put_flags(&log, &told).unwrap();
    assert_eq!(count(&store), 1);
    assert_eq!(store.unflagged().unwrap(), [], "somebody has to look at it");
    assert!(!store.rebuild().unwrap().changed);
}

#[test]
fn a_verdict_takes_a_submission_out_of_the_queue() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    pin(&mut store);
    for i in 1..=3 {
        store.append(visit(i, &format!("p{i}"), 0)).unwrap();
    }
    let open =
        |s: &Store| names(&ask(s, QueueView::Open, QueueSort::Submitted, false, None)).join(" ");
    assert_eq!(open(&store), "visit/1 visit/2 visit/3");
    store
        .append(vec![
            verdict(2, Verdict::Rework),
            verdict(3, Verdict::Returned),
        ])
        .unwrap();
    assert_eq!(open(&store), "visit/1");
    let given = NOW + 25_000;
    let rework = |from| {
        ask(
            &store,
            QueueView::ReworkSince(from),
            QueueSort::Flags,
            true,
            None,
        )
        .total
    };
    assert_eq!(
        (rework(given), rework(given + 1)),
        (1, 0),
        "both sides of the first moment of the day"
    );
    assert_eq!(store.queue_counts(given).unwrap().rework, 1);
    assert_eq!(
        ask(&store, QueueView::Decided, QueueSort::Submitted, true, None).total,
        2
    );
    let again = VisitEvent::Submitted {
        n: 2,
        outcome: Outcome::Completed,
        digest: String::new(),
    };
    store.append(vec![content(36, "visit/3", &again)]).unwrap();
    assert_eq!(open(&store), "visit/1 visit/3", "handed in again");
    assert!(!store.rebuild().unwrap().changed);
}

#[test]
fn the_queue_is_searched_sorted_and_paged() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    pin(&mut store);
    for i in 1..=9 {
        store.append(visit(i, &format!("p{i}"), 0)).unwrap();
    }
    for sort in [
        QueueSort::Flags,
        QueueSort::Submitted,
        QueueSort::Order,
        QueueSort::Customer,
        QueueSort::Technician,
        QueueSort::Arrival,
        QueueSort::Minutes,
        QueueSort::Rating,
    ] {
        let (up, down) = (
            ask(&store, QueueView::Open, sort, false, None),
            ask(&store, QueueView::Open, sort, true, None),
        );
        let mut turned = names(&down);
        turned.reverse();
        assert_eq!((names(&up), up.total), (turned, 9), "{sort:?}");
    }
    let search =
        |words: &str| ask(&store, QueueView::Open, QueueSort::Flags, true, Some(words)).total;
    assert_eq!(search("20261122-00004"), 1, "number");
    assert_eq!(search("0007"), 1, "phone tail");
    assert_eq!(search("林女士"), 2, "customer");
    assert_eq!(search("baker street"), 2, "address, whatever the case");
    assert_eq!(search("王建国 女士4"), 1, "technician and customer");
    assert_eq!(search("没有这个人"), 0);
    let query = QueueQuery {
        view: QueueView::Open,
        search: None,
        sort: QueueSort::Submitted,
        descending: false,
        offset: 7,
        limit: 5,
    };
    let page = store.queue(&query).unwrap();
    assert_eq!((names(&page), page.total), (vec!["visit/8", "visit/9"], 9));
}

#[test]
fn a_pack_that_comes_later_and_an_order_that_changes_are_caught_up_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    store.append(visit(1, "p", 0)).unwrap();
    let row = |s: &Store| s.queued("visit/1").unwrap().unwrap().row;
    assert_eq!(
        (row(&store).assessed, row(&store).pack.zh),
        (false, "cmcc-broadband".to_owned())
    );
    assert!(
        store.unflagged().unwrap().is_empty(),
        "nobody approves what was not looked through"
    );
    assert_eq!(store.packs_wanted().unwrap(), [sha256_hex(PACK.as_bytes())]);
    pin(&mut store);
    assert!(row(&store).assessed);
    assert_eq!(store.packs_wanted().unwrap(), Vec::<String>::new());
    assert_eq!(store.unflagged().unwrap(), [("visit/1".to_owned(), 1)]);
    let mut changed = order(1);
    changed.customer = "赵先生".to_owned();
    store
        .append(vec![content(
            9,
            "order/1",
            &doorstep_domain::order::OrderEvent::Updated { order: changed },
        )])
        .unwrap();
    assert_eq!(row(&store).customer, "赵先生");
    assert!(!store.rebuild().unwrap().changed);
}
