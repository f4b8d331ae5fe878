use crate::common::*;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::*;
use serde_json::json;

const VISIT: &str = "visit/1";

fn accepted(acked: u64) -> LogVerdict {
    LogVerdict::Accepted { acked }
}

#[test]
fn what_is_acknowledged_stands_and_a_lost_acknowledgement_costs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    for _ in 0..5 {
        tablet.tap(VISIT);
    }
    let caller = tablet.caller(&hub);
    let first = hub.sync(&caller, &tablet.request(0, 3), &call(5)).unwrap();
    assert_eq!(first.log, accepted(3), "a part of the log is a whole push");
    // the answer is lost: the same again, and more
    let again = hub.sync(&caller, &tablet.request(0, 5), &call(6)).unwrap();
    assert_eq!(again.log, accepted(5));
    // an old request turns up late
    let mut late = tablet.request(0, 3);
    late.head = tablet.head(3);
    let late = hub.sync(&caller, &late, &call(7)).unwrap();
    assert!(
        matches!(late.log, LogVerdict::Forked { .. }),
        "it tells an older head"
    );
    let after = hub.sync(&caller, &tablet.request(5, 5), &call(8)).unwrap();
    assert_eq!(after.log, accepted(5), "and nothing came of it");
    let page = hub.log_page(&caller, &tablet.log_id, 0).unwrap();
    let texts: Vec<&String> = page.events.iter().map(|e| &e.text).collect();
    assert_eq!(texts, tablet.texts.iter().collect::<Vec<_>>());
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_gap_is_answered_with_where_the_hub_stands() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    for _ in 0..4 {
        tablet.tap(VISIT);
    }
    let caller = tablet.caller(&hub);
    let ahead = hub.sync(&caller, &tablet.request(2, 4), &call(5)).unwrap();
    assert_eq!(ahead.log, accepted(0), "nothing of it is taken");
    assert_eq!(hub.log_page(&caller, &tablet.log_id, 0).unwrap().events, []);
    assert_eq!(tablet.sync(&mut hub, 6).unwrap().log, accepted(4));
}

#[test]
fn a_push_that_is_no_stretch_of_one_log_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    (0..3).for_each(|_| tablet.tap(VISIT));
    let caller = tablet.caller(&hub);
    let mut reordered = tablet.request(0, 3);
    reordered.events.swap(1, 2);
    let mut altered = tablet.request(0, 3);
    altered.events[1].text.push(' ');
    let mut holed = tablet.request(0, 3);
    holed.events.remove(1);
    for broken in [reordered, altered, holed] {
        assert_eq!(
            code(hub.sync(&caller, &broken, &call(4))),
            ProblemCode::BadRequest
        );
    }
    let mut newer = tablet.request(0, 3);
    newer.proto = PROTO + 1;
    assert_eq!(
        code(hub.sync(&caller, &newer, &call(4))),
        ProblemCode::ProtocolUnknown
    );
}

#[test]
fn a_restored_tablet_is_told_apart_and_gets_its_own_events_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    (0..3).for_each(|_| tablet.tap(VISIT));
    tablet.sync(&mut hub, 5).unwrap();
    let copy = tablet.clone();
    (0..2).for_each(|_| tablet.tap(VISIT));
    tablet.sync(&mut hub, 6).unwrap();

    // restored: it pushes nothing, and its head tells
    let caller = copy.caller(&hub);
    let quiet = hub.sync(&caller, &copy.request(3, 3), &call(7)).unwrap();
    assert_eq!(
        quiet.log,
        LogVerdict::Forked {
            head: tablet.head(5)
        }
    );
    // restored, and went on: as long as the hub's log, other contents
    let mut other = copy.clone();
    other.ids = 100;
    (0..2).for_each(|_| other.tap(VISIT));
    let went_on = hub.sync(&caller, &other.request(3, 5), &call(8)).unwrap();
    assert_eq!(
        went_on.log,
        LogVerdict::Forked {
            head: tablet.head(5)
        }
    );
    other.tap(VISIT);
    let longer = hub.sync(&caller, &other.request(5, 6), &call(9)).unwrap();
    assert_eq!(
        longer.log,
        LogVerdict::Forked {
            head: tablet.head(5)
        },
        "its base is another"
    );

    let back = hub.log_page(&caller, &copy.log_id, 3).unwrap();
    assert_eq!(back.head, tablet.head(5));
    let texts: Vec<&String> = back.events.iter().map(|e| &e.text).collect();
    assert_eq!(texts, [&tablet.texts[3], &tablet.texts[4]]);
    // its unsent events go on under a new log
    other.log_id = "log-new".to_owned();
    other.texts.drain(..3);
    let moved = hub.sync(&caller, &other.request(0, 3), &call(10)).unwrap();
    assert_eq!((moved.log, moved.flags), (accepted(3), Vec::new()));
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn another_device_cannot_write_or_read_a_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut mine = Tablet::enrol(&mut hub, "3101", 1);
    mine.tap(VISIT);
    mine.sync(&mut hub, 3).unwrap();
    let mut theirs = Tablet::enrol(&mut hub, "3102", 4);
    theirs.log_id.clone_from(&mine.log_id);
    theirs.tap("visit/2");
    let answer = theirs.sync(&mut hub, 6).unwrap();
    assert_eq!(answer.log, LogVerdict::Forked { head: mine.head(1) });
    assert_eq!(
        code(hub.log_page(&theirs.caller(&hub), &mine.log_id, 0)),
        ProblemCode::NotFound
    );
    // a replacement of the same person's reads what the old one had sent
    let replacement = Tablet::enrol(&mut hub, "3101", 7);
    let page = hub
        .log_page(&replacement.caller(&hub), &mine.log_id, 0)
        .unwrap();
    assert_eq!(page.events.len(), 1);
}

#[test]
fn odd_contents_are_taken_flagged_and_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let stream = dispatched(&mut hub, "A-1", "3102", 1);
    let mut tablet = Tablet::enrol(&mut hub, "3101", 5);
    tablet.write(VISIT, "drone.landed", json!({}));
    tablet.write("garden/1", "tree.planted", json!({}));
    tablet.texts.push("not an event".to_owned());
    tablet.write(
        VISIT,
        "phone.revealed",
        json!({ "pad": "x".repeat(66_000) }),
    );
    let mut content = tablet.content(VISIT, "phone.revealed", json!({}));
    content.actor.staff_no = "3102".to_owned();
    tablet.keep(&content);
    tablet.write(&stream, "order.cancelled", json!({ "reason": "mine" }));
    tablet.open_visit(VISIT, &stream);
    tablet.open_visit("visit/2", &stream);
    let mut content = tablet.content(VISIT, "phone.revealed", json!({}));
    content.at.wall_ms += 10 * 365 * 24 * 3_600_000;
    tablet.keep(&content);
    let answer = tablet.sync(&mut hub, 9).unwrap();
    assert_eq!(answer.log, accepted(9), "nothing of it stops the rest");
    let told = |f: &EventFlag| (f.seq, f.kind, f.reason.clone());
    let flags: Vec<_> = answer.flags.iter().map(told).collect();
    let (parked, look) = (FlagKind::Parked, FlagKind::NeedsAttention);
    let expected = [
        (1, parked, "unknown_kind"),
        (2, parked, "unknown_kind"),
        (3, look, "unreadable"),
        (4, look, "too_large"),
        (5, look, "foreign_actor"),
        (6, look, "foreign_stream"),
        (7, look, "order_reassigned"),
        (8, look, "order_reassigned"),
        (8, look, "second_visit"),
        (9, look, "clock_jump"),
    ];
    assert_eq!(
        flags,
        expected.map(|(n, kind, why)| (n, kind, why.to_owned()))
    );
    // the answer was lost: the flags come again
    let again = hub
        .sync(&tablet.caller(&hub), &tablet.request(0, 9), &call(10))
        .unwrap();
    assert_eq!(again.flags, answer.flags);

    hub.cancel("A-1", "客户取消", &doorstep_hub::office(), &call(11))
        .unwrap();
    tablet.submit(VISIT);
    let flags = tablet.sync(&mut hub, 12).unwrap().flags;
    let reasons: Vec<&str> = flags.iter().map(|f| f.reason.as_str()).collect();
    assert_eq!(reasons, ["order_cancelled", "order_reassigned"]);
}

#[test]
fn a_wrong_clock_is_told_however_it_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let year = 365 * 24 * 3_600_000;
    // (what the event's clock said, what the clock says at the push), beside the hub's noon
    let cases = [
        ("right", 0, 0, 0),
        ("fast", year, year, 1),
        ("slow", -year, -year, 1),
        ("set right since", -year, 0, 1),
        ("set wrong since", 0, -year, 1),
    ];
    for (name, then, now, flags) in cases {
        let mut content = tablet.content(VISIT, "phone.revealed", json!({}));
        content.at.wall_ms += then;
        tablet.keep(&content);
        let n = tablet.texts.len();
        let mut request = tablet.request(n - 1, n);
        request.now.wall_ms += now;
        let answer = hub.sync(&tablet.caller(&hub), &request, &call(3)).unwrap();
        let told: Vec<&str> = answer.flags.iter().map(|f| f.reason.as_str()).collect();
        assert_eq!((name, told), (name, vec!["clock_jump"; flags]));
    }
    // yesterday's event of another boot is no news
    let mut content = tablet.content(VISIT, "phone.revealed", json!({}));
    content.at.wall_ms -= 24 * 3_600_000;
    content.at.boot_id = "boot of yesterday".to_owned();
    tablet.keep(&content);
    assert_eq!(
        hub.sync(&tablet.caller(&hub), &tablet.request(5, 6), &call(4))
            .unwrap()
            .flags,
        []
    );
}

#[test]
fn the_first_of_two_contents_with_one_id_counts() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut lead = Tablet::enrol(&mut hub, "1001", 1);
    let mut tablet = Tablet::enrol(&mut hub, "3101", 3);
    let first = tablet.content(VISIT, "phone.revealed", json!({}));
    tablet.keep(&first);
    // the same again in one log: silent; another text with that id: flagged
    tablet.keep(&first);
    let mut second = first.clone();
    second.kind = "handover.started".to_owned();
    tablet.keep(&second);
    let answer = tablet.sync(&mut hub, 5).unwrap();
    assert_eq!(answer.log, accepted(3), "the log is kept whole");
    let flag = EventFlag {
        seq: 3,
        kind: FlagKind::NeedsAttention,
        reason: "id_reused".to_owned(),
    };
    assert_eq!(answer.flags, [flag]);
    lead.sync(&mut hub, 6).unwrap();
    let got: Vec<String> = lead
        .received
        .iter()
        .map(|d| sha256_hex(d.event.text.as_bytes()))
        .collect();
    assert_eq!(got, [tablet.head(1).hash], "only the first travels on");
}

#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    tablet.tap(VISIT);
    tablet.sync(&mut hub, 3).unwrap();
    hub.limit_size(Some(hub.size().unwrap())).unwrap();
    for _ in 0..10 {
        tablet.write(
            VISIT,
            "phone.revealed",
            json!({ "pad": "x".repeat(20_000) }),
        );
    }
    assert_eq!(code(tablet.sync(&mut hub, 4)), ProblemCode::DiskFull);
    let held = hub
        .log_page(&tablet.caller(&hub), &tablet.log_id, 0)
        .unwrap();
    assert_eq!(held.head, tablet.head(1), "a push is whole or not at all");
    hub.limit_size(None).unwrap();
    assert_eq!(tablet.sync(&mut hub, 5).unwrap().log, accepted(11));
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}
