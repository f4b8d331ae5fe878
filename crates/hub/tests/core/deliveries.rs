use crate::common::*;
use doorstep_domain::wire::*;
use doorstep_hub::{HORIZON_MS, Known, office};
use doorstep_orders::ImportReason;

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

#[test]
fn an_order_goes_to_its_technician_and_the_team_s_lead_and_to_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let mut colleague = Tablet::enrol(&mut hub, "3102", 3);
    let mut lead = Tablet::enrol(&mut hub, "1001", 5);
    let mut other_lead = Tablet::enrol(&mut hub, "1002", 7);
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    for tablet in [&mut one, &mut colleague, &mut lead, &mut other_lead] {
        tablet.sync(&mut hub, 20).unwrap();
    }
    let both = strings(&["order.received", "order.assigned"]);
    assert_eq!((one.kinds(), lead.kinds()), (both.clone(), both));
    assert_eq!((colleague.kinds(), other_lead.kinds()), (vec![], vec![]));

    one.open_visit("visit/1", &order);
    one.write("day/log/2026-11-22", "kit.unknown", serde_json::json!({}));
    one.sync(&mut hub, 21).unwrap();
    one.sync(&mut hub, 22).unwrap();
    lead.sync(&mut hub, 23).unwrap();
    colleague.sync(&mut hub, 24).unwrap();
    assert_eq!(one.received.len(), 2, "nobody gets their own events back");
    assert_eq!(lead.kinds()[2..], strings(&["visit.opened", "kit.unknown"]));
    assert_eq!(colleague.kinds(), Vec::<String>::new());
}

#[test]
fn a_reassigned_order_brings_its_history_along_and_falls_silent_for_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut before = Tablet::enrol(&mut hub, "3101", 1);
    let mut after = Tablet::enrol(&mut hub, "3201", 3);
    let mut old_lead = Tablet::enrol(&mut hub, "1001", 5);
    let mut new_lead = Tablet::enrol(&mut hub, "1002", 7);
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    before.open_visit("visit/1", &order);
    before.tap("visit/1");
    before.sync(&mut hub, 12).unwrap();

    hub.assign("A-1", "3201", &office(), &call(13)).unwrap();
    hub.assign("A-1", "3201", &office(), &call(14)).unwrap();
    hub.cancel("A-1", "客户取消", &office(), &call(15)).unwrap();
    before.tap("visit/1");
    before.sync(&mut hub, 16).unwrap();
    for tablet in [&mut before, &mut after, &mut old_lead, &mut new_lead] {
        tablet.sync(&mut hub, 17).unwrap();
    }
    let told = strings(&["order.received", "order.assigned", "order.assigned"]);
    assert_eq!(
        before.kinds(),
        told,
        "told that it went, and not what came of it"
    );
    let whole = strings(&[
        "order.received",
        "order.assigned",
        "order.assigned",
        "visit.opened",
        "phone.revealed",
        "order.cancelled",
        "phone.revealed",
    ]);
    assert_eq!((after.kinds(), new_lead.kinds()), (whole.clone(), whole));
    let own = strings(&["visit.opened", "phone.revealed", "phone.revealed"]);
    let visits: Vec<String> = old_lead
        .seen()
        .into_iter()
        .filter(|(stream, _)| stream == "visit/1")
        .map(|(_, kind)| kind)
        .collect();
    assert_eq!(visits, own, "the visit stays the old team's work");
    assert!(!old_lead.kinds().contains(&"order.cancelled".to_owned()));
}

#[test]
fn a_page_holds_what_was_asked_for_and_the_cursor_walks_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut lead = Tablet::enrol(&mut hub, "1001", 1);
    let mut tablet = Tablet::enrol(&mut hub, "3101", 3);
    (0..20).for_each(|_| tablet.tap("visit/1"));
    tablet.sync(&mut hub, 5).unwrap();
    let mut pages = 0;
    loop {
        let mut request = lead.request(0, 0);
        request.page_bytes = 1_000;
        let answer = hub.sync(&lead.caller(&hub), &request, &call(6)).unwrap();
        assert_eq!(answer.queued_through, 20);
        if answer.deliveries.is_empty() {
            break;
        }
        lead.take(&answer);
        pages += 1;
    }
    assert_eq!(lead.received.len(), 20);
    assert!((5..=20).contains(&pages), "{pages}");
    // a page too small for one event still brings one
    lead.cursor = 0;
    let mut request = lead.request(0, 0);
    request.page_bytes = 1;
    assert_eq!(
        hub.sync(&lead.caller(&hub), &request, &call(7))
            .unwrap()
            .deliveries
            .len(),
        1
    );
    // a cursor of another incarnation counts for nothing
    request.epoch = "another".to_owned();
    request.cursor = 15;
    assert_eq!(
        hub.sync(&lead.caller(&hub), &request, &call(8))
            .unwrap()
            .deliveries[0]
            .n,
        1
    );
}

#[test]
fn a_new_tablet_starts_with_open_orders_and_the_last_month() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut old = Tablet::enrol(&mut hub, "3101", 1);
    let open_order = dispatched(&mut hub, "OPEN", "3101", 10);
    let done_order = dispatched(&mut hub, "DONE", "3101", 12);
    old.open_visit("visit/open", &open_order);
    old.open_visit("visit/done", &done_order);
    old.submit("visit/done");
    old.sync(&mut hub, 14).unwrap();

    let month = u64::try_from(HORIZON_MS / 60_000).unwrap();
    let mut soon = Tablet::enrol(&mut hub, "3101", 20);
    soon.sync(&mut hub, 22).unwrap();
    assert_eq!(
        soon.received.len(),
        7,
        "a second tablet gets the person's own visits, too"
    );
    let mut later = Tablet::enrol(&mut hub, "3101", 30 + month);
    later.sync(&mut hub, 32 + month).unwrap();
    let mut streams: Vec<String> = later.seen().into_iter().map(|(s, _)| s).collect();
    streams.dedup();
    assert_eq!(streams, [open_order, "visit/open".to_owned()]);
}

#[test]
fn orders_come_from_a_file_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let sample = include_bytes!("../../../../assets/demo/work-orders.csv");
    let done = hub
        .import_orders(sample, 480, Known::Keep, &office(), &call(1))
        .unwrap();
    assert_eq!((done.new, done.known, done.errors.len()), (6, 0, 0));
    let again = hub
        .import_orders(sample, 480, Known::Keep, &office(), &call(2))
        .unwrap();
    assert_eq!((again.new, again.known), (0, 6));

    let moved = String::from_utf8(sample.to_vec())
        .unwrap()
        .replace("听雨苑 3 幢", "听雨苑 4 幢");
    let conflict = hub
        .import_orders(moved.as_bytes(), 480, Known::Keep, &office(), &call(3))
        .unwrap();
    assert_eq!(
        (conflict.errors[0].line, conflict.errors[0].reason),
        (2, ImportReason::Conflict)
    );
    let updated = hub
        .import_orders(moved.as_bytes(), 480, Known::Update, &office(), &call(4))
        .unwrap();
    assert_eq!((updated.new, updated.updated, updated.known), (0, 1, 5));

    let bad = format!(
        "{moved}X-1,何女士,13800010599,,某路 1 号,,,新装,移动宽带,明天,,,,,\nX-2,何女士,13800010599,,某路 1 号,,,新装,移动宽带,2026-11-23 09:00,,,,,\n"
    );
    let bad = hub
        .import_orders(bad.as_bytes(), 480, Known::Keep, &office(), &call(5))
        .unwrap();
    assert_eq!(
        (bad.errors[0].line, bad.errors[0].reason),
        (8, ImportReason::BadTime)
    );
    let none = hub.assign("X-2", "3101", &office(), &call(6));
    assert_eq!(
        code(none),
        ProblemCode::NotFound,
        "a wrong row keeps the whole file out"
    );
}

#[test]
fn an_order_from_another_system_may_be_sent_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let by = office();
    let first = hub
        .receive_order(&order("B-1"), "k1", &by, &call(1))
        .unwrap();
    let again = hub
        .receive_order(&order("B-1"), "k1", &by, &call(2))
        .unwrap();
    assert_eq!((first.new, &again), (true, &first), "the same answer");
    let other = hub.receive_order(&order("B-2"), "k1", &by, &call(3));
    assert_eq!(code(other), ProblemCode::Conflict);
    let known = hub
        .receive_order(&order("B-1"), "k2", &by, &call(4))
        .unwrap();
    assert!(!known.new);
    let mut changed = order("B-1");
    changed.address = "别处".to_owned();
    assert_eq!(
        code(hub.receive_order(&changed, "k3", &by, &call(5))),
        ProblemCode::Conflict
    );
    let mut wrong = order("B-3");
    wrong.standard = "no-such".to_owned();
    assert_eq!(
        code(hub.receive_order(&wrong, "k4", &by, &call(6))),
        ProblemCode::BadRequest
    );
}
