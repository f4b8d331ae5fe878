//! The lead's queue in a team's history of 100,000 visits, the last 2,000 of them not judged: the first page by every sort, the last
//! page, what has flags, the whole history, and searches. Each question is what the desk asks at once: page, counts and the day's orders.
//!
//! `desk [dir] [rounds] [visits]`: the questions take turns, a JSON line each; then submissions one by one. Size of the database, time to
//! fill it and to rebuild it go to stderr.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{HOUR, NOW, Rng, actor, content, order, received, submitted};
use doorstep_domain::event::{Actor, Content, sha256_hex};
use doorstep_domain::review::{ReviewEvent, Verdict};
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::{Feedback, Outcome, PackRef, Photo, PhotoTarget};
use doorstep_store::{QueueQuery, QueueSort, QueueView, Store};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Instant;

/// Submissions that wait for the lead: more than a busy fortnight's.
const OPEN: u64 = 2_000;

static PACK: LazyLock<String> = LazyLock::new(|| {
    let packs = doorstep_standards::packs().into_iter();
    let mut mobile = packs.filter(|p| p.pack.id == "cmcc-broadband");
    mobile.next().unwrap().source
});

/// One visit from the order to the submission; every tenth customer is less than satisfied, every fifth visit does not finish.
/// Every tenth visit has a photo: the queue's questions do not look at them, and comparing 100,000 with each other takes minutes.
fn visit(i: u64, rng: &mut Rng) -> Vec<Content> {
    let (of, stream) = (format!("order/{i:06}"), format!("visit/{i:06}"));
    let technicians = ["周建国", "李志强", "王海燕", "陈立", "赵敏"];
    let technician = Actor {
        staff_no: format!("31{:02}", i % 40),
        name: format!("{}{}", technicians[(i % 5) as usize], i % 40),
    };
    let pack = PackRef {
        id: "cmcc-broadband".to_owned(),
        version: 1,
        hash: sha256_hex(PACK.as_bytes()),
    };
    let opened = VisitEvent::Opened {
        order: of.clone(),
        job: JobType::Install,
        pack,
        technician,
        continues: None,
    };
    let reached = |milestone| VisitEvent::MilestoneReached {
        milestone,
        claim: None,
    };
    let grade = if i.is_multiple_of(10) { "bad" } else { "good" };
    let answers =
        ["operation", "conduct", "satisfaction"].map(|q| (q.to_owned(), grade.to_owned()));
    let feedback = Feedback {
        answers: answers.into_iter().collect(),
        words: None,
    };
    let sha256 = sha256_hex(format!("photo {i}").as_bytes());
    let photo = Photo {
        id: format!("photo-{i}"),
        target: PhotoTarget::Item {
            item: "cabling".to_owned(),
        },
        thumb_sha256: sha256.clone(),
        sha256,
        width: 2048,
        height: 1536,
        bytes: 400_000,
        band_top: 1400,
        phash: format!("{:016x}", rng.next()),
        crop_phashes: vec![
            format!("{:016x}", rng.next()),
            format!("{:016x}", rng.next()),
        ],
        source_sha256: String::new(),
        exif_at: None,
        exif_offset: None,
        exif_lat: None,
        exif_lon: None,
    };
    let outcome = match i % 5 {
        0 => Outcome::Returned {
            reason: "客户原因".to_owned(),
        },
        _ => Outcome::Completed,
    };
    let n = i * 10;
    let photos = i
        .is_multiple_of(10)
        .then(|| content(n + 4, &stream, &VisitEvent::PhotoAdded { photo }));
    let before = [
        received(n, &of, order(i)),
        content(n + 1, &stream, &opened),
        content(n + 2, &stream, &reached(Milestone::AtDoor)),
        content(n + 3, &stream, &reached(Milestone::Entered)),
    ];
    let after = [
        content(n + 5, &stream, &VisitEvent::FeedbackGiven { feedback }),
        submitted(n + 6, &stream, outcome),
    ];
    before.into_iter().chain(photos).chain(after).collect()
}

fn approved(i: u64) -> Content {
    let event = ReviewEvent::Given {
        visit: format!("visit/{i:06}"),
        submission: 1,
        verdict: Verdict::Approved,
        reasons: Vec::new(),
        note: None,
        scores: Vec::new(),
        sampled: false,
        together: false,
        instead_of: None,
    };
    content(i * 10 + 7, &format!("review/{i:06}"), &event)
}

fn filled(dir: &std::path::Path, visits: u64) -> Store {
    let mut store = common::open(dir);
    store
        .put_pack(&sha256_hex(PACK.as_bytes()), &PACK, "cmcc-broadband.toml")
        .unwrap();
    let mut rng = Rng(11);
    for first in (0..visits).step_by(500) {
        let last = (first + 500).min(visits);
        let events = (first..last).flat_map(|i| visit(i, &mut rng)).collect();
        store.append(events).unwrap();
        let judged = (first..last.min(visits.saturating_sub(OPEN))).map(approved);
        store.append(judged.collect()).unwrap();
    }
    store
}

/// Bytes of the database and of its write-ahead log.
fn size(dir: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    let ours = files.filter(|f| f.file_name().to_string_lossy().starts_with("doorstep.db"));
    ours.map(|f| f.metadata().unwrap().len()).sum()
}

/// One submission more, by itself in its transaction: ms until it is durable.
fn submit(store: &mut Store, i: u64, rng: &mut Rng) -> f64 {
    let mut events = visit(i, rng);
    let last = events.pop().unwrap();
    store.append(events).unwrap();
    let start = Instant::now();
    store.append(vec![last]).unwrap();
    start.elapsed().as_secs_f64() * 1e3
}

fn main() {
    // cargo bench adds --bench
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let base = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let rounds: u64 = args.next().map_or(100, |n| n.parse().unwrap());
    let visits: u64 = args.next().map_or(100_000, |n| n.parse().unwrap());
    let dir = tempfile::tempdir_in(base).unwrap();
    let start = Instant::now();
    let mut store = filled(dir.path(), visits);
    let (filled_in, bytes) = (start.elapsed(), size(dir.path()));
    let who = actor().name;
    eprintln!("{visits} visits of {who} in {filled_in:?}, {bytes} bytes");
    let (open, judged) = (QueueView::Open, QueueView::Decided);
    let end = visits.saturating_sub(OPEN + 50);
    let questions = [
        ("first", open, QueueSort::Flags, None, 0),
        ("submitted", open, QueueSort::Submitted, None, 0),
        ("order", open, QueueSort::Order, None, 0),
        ("customer", open, QueueSort::Customer, None, 0),
        ("technician", open, QueueSort::Technician, None, 0),
        ("arrival", open, QueueSort::Arrival, None, 0),
        ("minutes", open, QueueSort::Minutes, None, 0),
        ("rating", open, QueueSort::Rating, None, 0),
        ("history", judged, QueueSort::Submitted, None, 0),
        ("history_last", judged, QueueSort::Submitted, None, end),
        ("flagged", QueueView::Flagged, QueueSort::Customer, None, 0),
        (
            "search_one",
            judged,
            QueueSort::Flags,
            Some("20261122-09876"),
            0,
        ),
        (
            "search_many",
            judged,
            QueueSort::Customer,
            Some("文三路 陈"),
            0,
        ),
        (
            "search_all",
            judged,
            QueueSort::Submitted,
            Some("杭州市西湖区"),
            0,
        ),
        ("search_char", judged, QueueSort::Flags, Some("陈"), 0),
        ("search_open", open, QueueSort::Flags, Some("杭州 陈"), 0),
    ];
    for _ in 0..rounds {
        for (what, view, sort, search, offset) in &questions {
            let query = QueueQuery {
                view: *view,
                search: search.map(str::to_owned),
                sort: *sort,
                descending: true,
                offset: *offset,
                limit: 50,
            };
            let start = Instant::now();
            let page = store.queue(&query).unwrap();
            let counts = store.queue_counts(NOW).unwrap();
            store.agenda_between(NOW, NOW + HOUR / 8).unwrap();
            let ms = start.elapsed().as_secs_f64() * 1e3;
            let (total, rows, open) = (page.total, page.rows.len(), counts.open);
            println!(
                r#"{{"bench":"desk","what":"{what}","ms":{ms:.3},"total":{total},"rows":{rows},"open":{open}}}"#
            );
        }
    }
    let mut rng = Rng(12);
    for i in visits..visits + rounds {
        let ms = submit(&mut store, i, &mut rng);
        println!(r#"{{"bench":"desk","what":"submit","ms":{ms:.3}}}"#);
    }
    let start = Instant::now();
    let report = store.rebuild().unwrap();
    eprintln!(
        "{} streams rebuilt in {:?}",
        report.streams,
        start.elapsed()
    );
    assert!(!report.changed);
}
