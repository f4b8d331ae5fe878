//! Every case of the Sync section of ARCHITECTURE.md by its name, at the real hub.

use crate::bench::{ANNA, BO, Bench, LEAD, Way};
use crate::server::{Server, stored};
use doorstep_domain::wire::{FlagKind, ProblemCode};
use doorstep_sync::engine::Turn;
use doorstep_sync::plan::Why;
use doorstep_sync::state::{BlobTrouble, TroubleKind};

pub fn why(turn: &Turn) -> Why {
    match turn {
        Turn::Wait { why, .. } => *why,
        other => panic!("{other:?}"),
    }
}

/// A visit with three answers, all at the hub.
pub fn a_day_at_work(bench: &mut Bench) -> String {
    let visit = bench.visit(ANNA);
    for _ in 0..3 {
        bench.answer(ANNA, &visit, 5);
    }
    bench.settle(ANNA);
    visit
}

#[test]
fn a_visit_reaches_the_hub_and_the_lead() {
    let mut bench = Bench::new();
    let visit = a_day_at_work(&mut bench);
    bench.check();
    assert_eq!(bench.at_hub(ANNA).len(), 4);
    assert_eq!(bench.seen(LEAD, &visit), bench.seen(ANNA, &visit));
    assert!(bench.seen(BO, &visit).is_empty(), "a colleague's customer");
}

#[test]
fn lost_acknowledgement() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    bench.way.push_back(Way::AnswerLost);
    bench.turn(ANNA);
    assert_eq!(
        bench.waiting(ANNA).0,
        1,
        "nothing was heard, nothing counts"
    );
    bench.settle(ANNA);
    bench.check();
    assert_eq!(bench.at_hub(ANNA).len(), 1);
    assert_eq!(bench.seen(LEAD, &visit).len(), 1, "once");
}

#[test]
fn duplicate() {
    let mut bench = Bench::new();
    bench.way.extend([Way::Twice, Way::Twice]);
    let visit = a_day_at_work(&mut bench);
    bench.check();
    assert_eq!(bench.seen(LEAD, &visit).len(), 4);
}

#[test]
fn reordering_an_old_question_arrives_after_newer_ones() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    let log = bench
        .desk(ANNA)
        .look(|store, _| store.unsent(1_000_000).unwrap());
    let old = doorstep_domain::wire::SyncRequest {
        proto: 1,
        log_id: log.log_id,
        head: log.head,
        base: log.base,
        events: log.events,
        blobs: Vec::new(),
        epoch: String::new(),
        cursor: 0,
        page_bytes: 1,
        now: bench.tablets[ANNA].now(0),
    };
    let visit = a_day_at_work(&mut bench);
    drop(bench.hub.sync("device-1", &old));
    bench.answer(ANNA, &visit, 1);
    bench.check();
    assert_eq!(bench.at_hub(ANNA).len(), 6);
    let logs = bench.desk(ANNA).look(|store, _| store.own_logs().unwrap());
    assert_eq!(logs.len(), 1, "no fork by an echo");
}

#[test]
fn partial_batch_the_push_grows_while_the_link_carries_it() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    for _ in 0..12 {
        // 9 KB each
        bench.answer(ANNA, &visit, 3_000);
    }
    bench.run(ANNA);
    let pushes: Vec<_> = bench
        .asked
        .iter()
        .filter(|a| a.starts_with("sync"))
        .cloned()
        .collect();
    assert_eq!(
        pushes,
        ["sync 2", "sync 3", "sync 6", "sync 2"],
        "16, 32, 64 KB, the rest"
    );
    bench.asked.clear();
    for _ in 0..12 {
        bench.answer(ANNA, &visit, 3_000);
    }
    bench
        .way
        .extend([Way::AnswerLost, Way::Lost, Way::AnswerLost]);
    bench.settle(ANNA);
    bench.check();
    assert_eq!(bench.at_hub(ANNA).len(), 25);
    assert_eq!(bench.seen(LEAD, &visit).len(), 25);
}

#[test]
fn cut_inside_a_photo_goes_on_where_it_broke() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    let photo = bench.photo(ANNA, &visit, 150_000);
    bench
        .way
        .extend([Way::Through, Way::Through, Way::CutAfter(40_000)]);
    bench.settle(ANNA);
    assert_eq!(
        bench.asked,
        [
            "sync 2",
            "open 150000",
            "cut 0+40000",
            "where",
            "piece 40000+32768",
            "piece 72768+65536",
            "piece 138304+11696",
        ]
    );
    assert_eq!(stored(&mut bench.hub, "device-1", &[photo]).len(), 1);
    bench.check();
}

#[test]
fn records_before_signatures_before_photos_and_new_records_in_between() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    bench.photo(ANNA, &visit, 100_000);
    bench.sign(ANNA, &visit);
    for _ in 0..4 {
        bench.turn(ANNA);
    }
    bench.answer(ANNA, &visit, 1);
    bench.settle(ANNA);
    assert_eq!(
        bench.asked,
        [
            "sync 3",
            "open 2000",
            "piece 0+2000",
            "open 100000",
            "piece 0+100000",
            "sync 1",
        ]
    );
    bench.check();
}

#[test]
fn hub_down_then_there_again() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench.way.extend([Way::Lost, Way::Lost, Way::Lost]);
    assert_eq!(why(&bench.run(ANNA)), Why::Trouble(TroubleKind::Offline));
    let again = bench.run(ANNA);
    assert_eq!(bench.asked.len(), 1, "waiting is not asking: {again:?}");
    bench.settle(ANNA);
    assert!(
        (5_000..60_000).contains(&bench.now_ms),
        "three back-offs: {}",
        bench.now_ms
    );
    bench.check();
}

#[test]
fn hub_slow_500_or_restarting_acknowledges_nothing() {
    let ways = [
        (Way::Slow, TroubleKind::Slow),
        (Way::Refused(ProblemCode::Internal), TroubleKind::HubFailed),
        (
            Way::Refused(ProblemCode::Unavailable),
            TroubleKind::HubFailed,
        ),
        (Way::Refused(ProblemCode::TooMany), TroubleKind::TooMany),
    ];
    for (way, kind) in ways {
        let mut bench = Bench::new();
        bench.visit(ANNA);
        bench.way.push_back(way);
        assert_eq!(why(&bench.run(ANNA)), Why::Trouble(kind));
        assert_eq!(bench.waiting(ANNA).0, 1);
        bench.settle(ANNA);
        bench.check();
    }
}

#[test]
fn a_wake_up_tries_at_once() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench
        .way
        .extend([Way::Lost, Way::Lost, Way::Lost, Way::Lost]);
    for _ in 0..4 {
        bench.run(ANNA);
        bench.tablets[ANNA].engine.wake();
    }
    bench.run(ANNA);
    assert_eq!(
        (bench.now_ms, bench.waiting(ANNA).0),
        (0, 0),
        "no clock moved"
    );
}

#[test]
fn captive_portal_counts_for_nothing() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    bench.photo(ANNA, &visit, 1_000);
    bench
        .way
        .extend([Way::Portal, Way::Through, Way::Through, Way::Portal]);
    assert_eq!(why(&bench.run(ANNA)), Why::Trouble(TroubleKind::Portal));
    assert_eq!(bench.waiting(ANNA), (2, 1));
    bench.settle(ANNA);
    bench.check();
}

#[test]
fn an_answer_that_acknowledges_too_much_counts_for_nothing() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench.way.push_back(Way::Lies);
    assert_eq!(
        why(&bench.run(ANNA)),
        Why::Trouble(TroubleKind::NotUnderstood)
    );
    assert_eq!(bench.waiting(ANNA).0, 1);
    bench.check();
}

#[test]
fn a_hub_that_never_takes_anything_is_not_hammered() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench.way.extend(vec![Way::TakesNothing; 100]);
    let turn = bench.run(ANNA);
    assert_eq!(why(&turn), Why::Trouble(TroubleKind::NotUnderstood));
    assert!(bench.asked.len() < 10, "{:?}", bench.asked);
    bench.check();
}

#[test]
fn two_tablets_on_one_order_are_both_kept_and_flagged() {
    let mut bench = Bench::new();
    let first = bench.visit(ANNA);
    let second = bench.visit(BO);
    bench.settle(ANNA);
    bench.settle(BO);
    bench.check();
    let flags = bench
        .desk(BO)
        .look(|store, _| store.flags_of(&second).unwrap());
    assert_eq!(flags.len(), 1, "{flags:?}");
    assert_eq!(
        (flags[0].kind, flags[0].reason.as_str()),
        (FlagKind::NeedsAttention, "second_visit")
    );
    for visit in [first, second] {
        assert_eq!(bench.seen(LEAD, &visit).len(), 1);
    }
}

#[test]
fn a_clock_ten_years_off_stops_nothing() {
    let ten_years = 10 * 365 * 86_400_000;
    for off in [ten_years, -ten_years] {
        let mut bench = Bench::new();
        bench.tablets[ANNA].wall_off_ms = off;
        let visit = bench.visit(ANNA);
        bench.way.push_back(Way::Lost);
        bench.run(ANNA);
        // the technician sets the clock while a back-off runs
        bench.tablets[ANNA].wall_off_ms = -off;
        bench.settle(ANNA);
        assert!(
            bench.now_ms < 60_000,
            "the back-off went by another clock: {}",
            bench.now_ms
        );
        let off_by = bench.tablets[ANNA].engine.status().clock_off_ms.unwrap();
        assert!((off_by - off).abs() < 86_400_000, "it is told: {off_by}");
        bench.check();
        let flags = bench
            .desk(ANNA)
            .look(|store, _| store.flags_of(&visit).unwrap());
        assert_eq!(flags.first().map(|f| f.reason.as_str()), Some("clock_jump"));
    }
}

#[test]
fn disk_full_at_the_hub() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    for _ in 0..20 {
        bench.answer(ANNA, &visit, 5_000);
    }
    bench.hub.set_full(true);
    assert_eq!(why(&bench.run(ANNA)), Why::Trouble(TroubleKind::HubFull));
    bench.hub.set_full(false);
    bench.tablets[ANNA].engine.wake();
    bench.settle(ANNA);
    bench.check();
    assert_eq!(bench.at_hub(ANNA).len(), 21);
}

#[test]
fn disk_full_on_the_tablet() {
    for after in [false, true] {
        let mut bench = Bench::new();
        let visit = a_day_at_work(&mut bench);
        bench.answer(ANNA, &visit, 1);
        // the second access of a turn: what the hub said cannot be written
        bench.desk(ANNA).fuse.set(None);
        bench.desk(ANNA).full.set(Some(after));
        assert_eq!(why(&bench.run(ANNA)), Why::Trouble(TroubleKind::Device));
        bench.settle(ANNA);
        bench.check();
        assert_eq!(bench.at_hub(ANNA).len(), 5);
    }
}

#[test]
fn dead_between_any_two_steps() {
    for steps in 0..12 {
        let mut bench = Bench::new();
        bench.hub.dispatch("3101", 1);
        let visit = bench.visit(ANNA);
        bench.photo(ANNA, &visit, 1_000);
        bench.desk(ANNA).fuse.set(Some(steps));
        assert!(matches!(bench.run(ANNA), Turn::Closed | Turn::Wait { .. }));
        let now = bench.now_ms;
        bench.tablets[ANNA].restart(now, steps % 2 == 0);
        bench.check();
        assert_eq!(bench.at_hub(ANNA).len(), 2, "after {steps} steps");
        assert_eq!(bench.seen(LEAD, &visit).len(), 2);
    }
}

#[test]
fn unknown_kinds_are_parked_and_broken_rules_need_attention_and_nothing_wedges() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    let (later, foreign) = (bench.id(), bench.id());
    let mut content = bench.tablets[ANNA].answered(&later, &visit, 1, 0);
    content.kind = "item.dreamt".to_owned();
    bench.append(ANNA, content);
    let mut content = bench.tablets[ANNA].answered(&foreign, &visit, 1, 0);
    content.actor.staff_no = "9999".to_owned();
    bench.append(ANNA, content);
    bench.answer(ANNA, &visit, 1);
    bench.settle(ANNA);
    let flags = bench
        .desk(ANNA)
        .look(|store, _| store.flags_of(&visit).unwrap());
    let told: Vec<_> = flags.iter().map(|f| (f.kind, f.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (FlagKind::Parked, "unknown_kind"),
            (FlagKind::NeedsAttention, "foreign_actor")
        ]
    );
    bench.check();
    assert_eq!(
        bench.seen(LEAD, &visit).len(),
        4,
        "kept and delivered all the same"
    );
}

#[test]
fn one_bad_photo_never_holds_up_the_rest() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    let bad = bench.photo(ANNA, &visit, 30_000);
    let good = bench.photo(ANNA, &visit, 40_000);
    damage(&bench, &bad);
    let turn = bench.run(ANNA);
    assert_eq!(why(&turn), Why::Blob(BlobTrouble::Vanished));
    assert_eq!(
        stored(&mut bench.hub, "device-1", &[bad, good.clone()]),
        [good]
    );
    bench.answer(ANNA, &visit, 1);
    bench.run(ANNA);
    assert_eq!(
        bench.waiting(ANNA),
        (0, 1),
        "records go on; the one photo is still told"
    );
}

/// Flips a byte of a blob's file.
fn damage(bench: &Bench, sha256: &str) {
    let folder = bench.desk(ANNA).dir.join("vault").join(&sha256[..2]);
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path());
    let mut files = files.filter(|f| f.file_name().unwrap().to_string_lossy().starts_with(sha256));
    let path = files.next().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn cancelled_and_reassigned_while_offline_is_kept_and_told() {
    let mut bench = Bench::new();
    bench.hub.dispatch("3101", 1);
    bench.settle(ANNA);
    let order = bench
        .desk(ANNA)
        .look(|store, _| store.order_by_no("20261122-1").unwrap().unwrap());
    bench.hub.assign("20261122-1", "3102");
    let id = bench.id();
    let stream = format!("visit/{id}");
    let content = bench.tablets[ANNA].opened_for(&order.stream, &id, &stream, 0);
    bench.append(ANNA, content);
    bench.settle(ANNA);
    bench.hub.cancel("20261122-1");
    bench.check();
    let flags = bench
        .desk(ANNA)
        .look(|store, _| store.flags_of(&stream).unwrap());
    assert_eq!(
        flags.first().map(|f| f.reason.as_str()),
        Some("order_reassigned")
    );
    assert_eq!(
        bench.seen(LEAD, &stream).len(),
        1,
        "kept, and the lead sees it"
    );
    assert_eq!(
        bench.seen(BO, &stream).len(),
        1,
        "so does who has the order now"
    );
    let told = bench
        .desk(BO)
        .look(|store, _| store.order(&order.stream).unwrap().unwrap());
    assert!(told.cancelled);
}
