//! What a lead's device reaches back to, hears of the team, and gets or loses with another role or team.

use crate::common::*;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::*;
use doorstep_hub::{HORIZON_MS, Hub, KEYS_MS, office};
use serde_json::json;

const DAY: u64 = 24 * 60;
const DAY_MS: i64 = 24 * 3_600_000;

fn streams(tablet: &Tablet) -> Vec<String> {
    let mut streams: Vec<String> = tablet.seen().into_iter().map(|(s, _)| s).collect();
    streams.dedup();
    streams
}

/// Three finished visits of 3101, 100, 50 and 10 days before minute `now`.
fn history(hub: &mut Hub, tablet: &mut Tablet, now: u64) -> Vec<(String, String)> {
    let ages = [100, 50, 10];
    let visits = ages.map(|age| {
        let at = now - age * DAY;
        let order = dispatched(hub, &format!("A-{age}"), "3101", at);
        let visit = format!("visit/{age}");
        tablet.open_visit(&visit, &order);
        tablet.submit(&visit);
        tablet.sync(hub, at + 3).unwrap();
        (order, visit)
    });
    visits.to_vec()
}

fn earlier(hub: &mut Hub, lead: &Tablet, since_ms: i64, n: u64) -> Backlog {
    let caller = lead.caller(hub);
    hub.reach_back(&caller, BacklogRequest { since_ms }, &call(n))
        .unwrap()
}

#[test]
fn a_lead_reaches_back_further_and_asking_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let now = 120 * DAY;
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let visits = history(&mut hub, &mut tablet, now);
    let mut lead = Tablet::enrol(&mut hub, "1001", now);
    let told = lead.sync(&mut hub, now + 2).unwrap().team.unwrap();
    let (order, visit) = &visits[2];
    assert_eq!(streams(&lead), [order.clone(), visit.clone()]);
    let enrolled = call(now + 1).now_ms();
    assert_eq!(told.since_ms, enrolled - HORIZON_MS);

    let back = told.since_ms - 30 * DAY_MS;
    let first = earlier(&mut hub, &lead, back, now + 3);
    assert_eq!(
        (first.since_ms, first.queued_through),
        (back, 8),
        "four events of each visit"
    );
    let again = earlier(&mut hub, &lead, back, now + 4);
    let later = earlier(&mut hub, &lead, back + DAY_MS, now + 5);
    assert_eq!((&again, &later), (&first, &first));
    lead.sync(&mut hub, now + 6).unwrap();
    let (order, visit) = &visits[1];
    assert_eq!(streams(&lead)[2..], [order.clone(), visit.clone()]);

    // with the last of it there is nothing earlier, and that is told
    let all = earlier(&mut hub, &lead, back - 60 * DAY_MS, now + 7);
    assert_eq!((all.since_ms, all.queued_through), (0, 12));
    let told = lead.sync(&mut hub, now + 8).unwrap();
    assert_eq!(told.team.unwrap().since_ms, 0);
    assert_eq!(streams(&lead).len(), 6);
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn only_a_lead_reaches_back_and_only_into_the_own_team() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let now = 120 * DAY;
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    history(&mut hub, &mut tablet, now);
    let mut other = Tablet::enrol(&mut hub, "1002", now);
    assert_eq!(earlier(&mut hub, &other, 0, now + 1).queued_through, 0);
    other.sync(&mut hub, now + 2).unwrap();
    assert_eq!(other.received, []);
    let ask = BacklogRequest { since_ms: 0 };
    let refused = hub.reach_back(&tablet.caller(&hub), ask, &call(now + 3));
    assert_eq!(code(refused), ProblemCode::RoleForbids);
    hub.revoke(&other.device, false, &call(now + 4)).unwrap();
    let refused = hub.reach_back(&other.caller(&hub), ask, &call(now + 5));
    assert_eq!(code(refused), ProblemCode::DeviceRevoked);
}

#[test]
fn what_moves_again_after_long_comes_with_its_whole_history() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let now = 120 * DAY;
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let visits = history(&mut hub, &mut tablet, now);
    let mut lead = Tablet::enrol(&mut hub, "1001", now);
    lead.sync(&mut hub, now + 2).unwrap();
    assert_eq!(streams(&lead).len(), 2);
    let (order, visit) = &visits[0];
    tablet.tap(visit);
    tablet.sync(&mut hub, now + 3).unwrap();
    lead.sync(&mut hub, now + 4).unwrap();
    let came: Vec<(String, String)> = lead.seen().split_off(4);
    let of = |stream: &String, kind: &str| (stream.clone(), kind.to_owned());
    assert_eq!(
        came,
        [
            of(order, "order.received"),
            of(order, "order.assigned"),
            of(visit, "visit.opened"),
            of(visit, "visit.submitted"),
            of(visit, "phone.revealed"),
        ]
    );
    // fetching what is earlier brings nothing twice
    assert_eq!(earlier(&mut hub, &lead, 0, now + 5).queued_through, 13);
}

#[test]
fn a_lead_hears_when_each_tablet_of_the_team_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    Tablet::enrol(&mut hub, "3101", 3);
    Tablet::enrol(&mut hub, "3201", 5);
    let mut lead = Tablet::enrol(&mut hub, "1001", 7);
    let lost = Tablet::enrol(&mut hub, "3102", 9);
    hub.revoke(&lost.device, true, &call(11)).unwrap();
    assert_eq!(one.sync(&mut hub, 12).unwrap().team, None);
    let told = lead.sync(&mut hub, 13).unwrap().team.unwrap();
    let seen: Vec<_> = told
        .contacts
        .iter()
        .map(|c| (c.staff.name.as_str(), c.device.as_str(), c.seen_ms))
        .collect();
    assert_eq!(
        seen,
        [
            ("周建国", "平板", Some(call(12).now_ms())),
            ("周建国", "平板", None),
            ("李强", "", None),
        ]
    );
}

#[test]
fn a_lead_hears_once_what_broke_a_rule_also_of_what_never_arrives() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let mut colleague = Tablet::enrol(&mut hub, "3102", 3);
    let mut lead = Tablet::enrol(&mut hub, "1001", 5);
    let mut other_lead = Tablet::enrol(&mut hub, "1002", 7);
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    hub.cancel("A-1", "客户取消", &office(), &call(12)).unwrap();
    one.open_visit("visit/1", &order);
    one.submit("visit/1");
    let flags = one.sync(&mut hub, 13).unwrap().flags;
    assert_eq!(flags.len(), 2, "{flags:?}");
    // a stranger writes into the visit: kept apart, delivered to nobody
    colleague.tap("visit/1");
    colleague.tap("visit/1");
    let flags = colleague.sync(&mut hub, 14).unwrap().flags;
    assert!(flags.iter().all(|f| f.reason == "foreign_stream"));
    for tablet in [&mut one, &mut colleague, &mut lead, &mut other_lead] {
        tablet.sync(&mut hub, 15).unwrap();
    }
    let told = |tablet: &Tablet| -> Vec<(String, String)> {
        let read =
            |d: &Delivery| -> serde_json::Value { serde_json::from_str(&d.event.text).unwrap() };
        let all = tablet.received.iter().map(read);
        all.filter(|c| c["kind"] == "review.flagged")
            .map(|c| {
                let word = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
                (word(&c["stream"]), word(&c["body"]["reason"]))
            })
            .collect()
    };
    let one_each = ["order_cancelled", "foreign_stream"]
        .map(|reason| ("review/1".to_owned(), reason.to_owned()));
    assert_eq!(told(&lead), one_each);
    assert_eq!(told(&one), one_each);
    assert_eq!((told(&colleague), told(&other_lead)), (vec![], vec![]));
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_technician_cannot_raise_the_hub_s_flags() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut lead = Tablet::enrol(&mut hub, "1001", 1);
    let mut one = Tablet::enrol(&mut hub, "3101", 3);
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    one.open_visit("visit/1", &order);
    let body = json!({ "visit": "visit/1", "event": "x", "reason": "second_visit" });
    one.write("review/1", "review.flagged", body.clone());
    one.sync(&mut hub, 12).unwrap();
    lead.write("review/1", "review.flagged", body);
    let flags = lead.sync(&mut hub, 13).unwrap().flags;
    assert_eq!(flags[0].reason, "foreign_stream");
    lead.sync(&mut hub, 14).unwrap();
    let reasons: Vec<bool> = lead
        .received
        .iter()
        .filter(|d| d.event.text.contains("review.flagged"))
        .map(|d| d.event.text.contains("\"foreign_stream\""))
        .collect();
    assert_eq!(
        reasons,
        [true],
        "the hub's own word on it, and nobody else's"
    );
}

#[test]
fn who_may_read_a_visit_may_fetch_the_pack_it_pins() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let lead = Tablet::enrol(&mut hub, "1001", 3);
    let other_lead = Tablet::enrol(&mut hub, "1002", 5);
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    let pack = b"id = \"a-pack\"".to_vec();
    let hash = sha256_hex(&pack);
    one.open_visit_by("visit/1", &order, &hash);
    one.blobs.push(BlobOffer {
        sha256: hash.clone(),
        bytes: pack.len() as u64,
    });
    assert_eq!(one.sync(&mut hub, 12).unwrap().wanted, [hash.clone()]);
    let caller = one.caller(&hub);
    hub.begin_upload(&caller, &hash, pack.len() as u64, &call(13))
        .unwrap();
    let wrong = hub.take_part(&caller, &hash, 0, &vec![b'x'; pack.len()], &call(14));
    assert_eq!(code(wrong), ProblemCode::Conflict, "the hash is held to");
    assert_eq!(
        code(hub.readable_blob(&lead.caller(&hub), &hash)),
        ProblemCode::NotFound
    );
    hub.begin_upload(&caller, &hash, pack.len() as u64, &call(15))
        .unwrap();
    hub.take_part(&caller, &hash, 0, &pack, &call(16)).unwrap();
    assert_eq!(one.sync(&mut hub, 17).unwrap().stored, [hash.clone()]);
    let length = hub.readable_blob(&lead.caller(&hub), &hash).unwrap();
    assert_eq!(length, pack.len() as u64);
    assert_eq!(
        code(hub.readable_blob(&other_lead.caller(&hub), &hash)),
        ProblemCode::NotFound
    );
}

#[test]
fn a_backup_does_not_wait_for_a_pack() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    one.open_visit("visit/1", &order);
    one.sync(&mut hub, 12).unwrap();
    let to = tempfile::tempdir().unwrap();
    hub.backup(&to.path().join("copy")).unwrap();
    assert_eq!(one.sync(&mut hub, 14).unwrap().backed_up_through, 1);
}

#[test]
fn another_team_brings_its_work_and_ends_the_old_one_s() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let mut other = Tablet::enrol(&mut hub, "3201", 3);
    let mut lead = Tablet::enrol(&mut hub, "1001", 5);
    let first = dispatched(&mut hub, "A-1", "3101", 10);
    let second = dispatched(&mut hub, "B-1", "3201", 12);
    one.open_visit("visit/1", &first);
    other.open_visit("visit/2", &second);
    one.sync(&mut hub, 14).unwrap();
    other.sync(&mut hub, 15).unwrap();
    lead.sync(&mut hub, 16).unwrap();
    assert_eq!(streams(&lead), [first, "visit/1".to_owned()]);

    let moved = person("1001", "马班长", Role::Lead, "二班");
    hub.put_staff(&moved, &call(17)).unwrap();
    one.tap("visit/1");
    one.sync(&mut hub, 18).unwrap();
    other.tap("visit/2");
    other.sync(&mut hub, 19).unwrap();
    let told = lead.sync(&mut hub, 20).unwrap();
    assert_eq!(streams(&lead)[2..], [second, "visit/2".to_owned()]);
    let staff: Vec<String> = told
        .team
        .unwrap()
        .contacts
        .into_iter()
        .map(|c| c.staff.name)
        .collect();
    assert_eq!(staff, ["孙伟"]);

    // no lead any more: nothing further, and the same card again changes nothing
    let before = lead.received.len();
    let down = person("1001", "马班长", Role::Technician, "二班");
    hub.put_staff(&down, &call(21)).unwrap();
    hub.put_staff(&down, &call(22)).unwrap();
    other.tap("visit/2");
    other.sync(&mut hub, 23).unwrap();
    let told = lead.sync(&mut hub, 24).unwrap();
    assert_eq!((lead.received.len(), told.team), (before, None));
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_technician_who_changes_teams_takes_the_open_orders_along() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let mut old_lead = Tablet::enrol(&mut hub, "1001", 3);
    let mut new_lead = Tablet::enrol(&mut hub, "1002", 5);
    let done = dispatched(&mut hub, "DONE", "3101", 10);
    let open_order = dispatched(&mut hub, "OPEN", "3101", 12);
    one.open_visit("visit/done", &done);
    one.submit("visit/done");
    one.open_visit("visit/open", &open_order);
    one.sync(&mut hub, 14).unwrap();
    old_lead.sync(&mut hub, 15).unwrap();
    let before = old_lead.received.len();

    let card = person("3101", "周建国", Role::Technician, "二班");
    hub.put_staff(&card, &call(16)).unwrap();
    hub.cancel("OPEN", "客户取消", &office(), &call(17))
        .unwrap();
    new_lead.sync(&mut hub, 18).unwrap();
    assert_eq!(
        new_lead.kinds(),
        [
            "order.received",
            "order.assigned",
            "visit.opened",
            "order.cancelled"
        ]
    );
    old_lead.sync(&mut hub, 19).unwrap();
    assert_eq!(old_lead.received.len(), before, "told nothing more of it");
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

#[test]
fn an_idempotency_key_is_forgotten_after_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let by = office();
    hub.receive_order(&order("B-1"), "old", &by, &call(1))
        .unwrap();
    let days = u64::try_from(KEYS_MS / 60_000).unwrap();
    hub.receive_order(&order("B-2"), "new", &by, &call(days))
        .unwrap();
    assert_eq!(hub.sweep_keys(&call(days + 1)).unwrap(), 0, "just in time");
    assert_eq!(hub.sweep_keys(&call(days + 2)).unwrap(), 1);
    assert_eq!(hub.sweep_keys(&call(days + 3)).unwrap(), 0);
    let reused = hub.receive_order(&order("B-3"), "new", &by, &call(days + 4));
    assert_eq!(code(reused), ProblemCode::Conflict);
    hub.receive_order(&order("B-3"), "old", &by, &call(days + 5))
        .unwrap();
}
