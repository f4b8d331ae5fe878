use crate::common::*;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::*;
use doorstep_hub::{HubError, office, restore};
use serde_json::json;

#[test]
fn a_restored_hub_gets_back_what_it_forgot() {
    let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let mut lead = Tablet::enrol(&mut hub, "1001", 3);
    let order = dispatched(&mut hub, "A-1", "3101", 5);
    tablet.open_visit("visit/1", &order);
    tablet.sync(&mut hub, 7).unwrap();
    assert_eq!(tablet.sync(&mut hub, 8).unwrap().backed_up_through, 0);
    hub.backup(backup.path()).unwrap();
    assert_eq!(tablet.sync(&mut hub, 9).unwrap().backed_up_through, 1);
    (0..4).for_each(|_| tablet.tap("visit/1"));
    assert_eq!(
        tablet.sync(&mut hub, 10).unwrap().log,
        LogVerdict::Accepted { acked: 5 }
    );
    lead.sync(&mut hub, 11).unwrap();
    let (id, epoch) = (hub.id().to_owned(), hub.epoch().unwrap());

    let busy = restore(backup.path(), dir.path(), &call(12));
    assert!(
        matches!(busy, Err(HubError::InUse)),
        "a hub runs on that folder"
    );
    drop(hub);
    restore(backup.path(), dir.path(), &call(12)).unwrap();
    let mut hub = open(dir.path());
    assert_eq!(hub.id(), id);
    assert_ne!(hub.epoch().unwrap(), epoch);

    let back = tablet.sync(&mut hub, 13).unwrap();
    assert_eq!(
        back.log,
        LogVerdict::Accepted { acked: 1 },
        "the acknowledged head went back"
    );
    assert_eq!(back.backed_up_through, 1);
    assert_eq!(
        tablet.sync(&mut hub, 14).unwrap().log,
        LogVerdict::Accepted { acked: 5 }
    );
    lead.received.clear();
    lead.sync(&mut hub, 15).unwrap();
    let visits = lead
        .kinds()
        .iter()
        .filter(|k| *k == "phone.revealed")
        .count();
    assert_eq!(
        (visits, lead.received.len()),
        (4, 7),
        "the queue starts at 1 again"
    );
    // the order is known again by its number, in the same stream, though the import is repeated
    let again = hub
        .receive_order(&order_of("A-1"), "another key", &office(), &call(16))
        .unwrap();
    assert_eq!((again.stream, again.new), (order, false));
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}

fn order_of(no: &str) -> doorstep_domain::order::WorkOrder {
    order(no)
}

#[test]
fn an_event_is_safe_only_with_its_photos() {
    let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let bytes = b"a photo".to_vec();
    let hash = sha256_hex(&bytes);
    tablet.tap("visit/1");
    tablet.write("visit/1", "photo.of_tomorrow", json!({ "sha256": hash }));
    tablet.tap("visit/1");
    tablet.sync(&mut hub, 3).unwrap();
    let found = hub.backup(backup.path()).unwrap();
    assert_eq!((found.events, found.awaited), (3, 1));
    assert_eq!(tablet.sync(&mut hub, 4).unwrap().backed_up_through, 1);
    let caller = tablet.caller(&hub);
    hub.begin_upload(&caller, &hash, 7, &call(5)).unwrap();
    hub.take_part(&caller, &hash, 0, &bytes, &call(6)).unwrap();
    hub.backup(backup.path()).unwrap();
    assert_eq!(tablet.sync(&mut hub, 7).unwrap().backed_up_through, 3);
    drop(hub);
    let elsewhere = tempfile::tempdir().unwrap();
    restore(backup.path(), elsewhere.path(), &call(8)).unwrap();
    let hub = open(elsewhere.path());
    assert_eq!(std::fs::read(hub.blobs().path(&hash)).unwrap(), bytes);
}

#[test]
fn damage_is_found_and_never_backed_up() {
    let (dir, backup) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let bytes = b"a photo".to_vec();
    let hash = sha256_hex(&bytes);
    (0..3).for_each(|_| tablet.tap("visit/1"));
    tablet.sync(&mut hub, 3).unwrap();
    let caller = tablet.caller(&hub);
    hub.begin_upload(&caller, &hash, 7, &call(5)).unwrap();
    hub.take_part(&caller, &hash, 0, &bytes, &call(6)).unwrap();
    let found = hub.verify().unwrap();
    assert_eq!((found.events, found.blobs, found.faults.len()), (3, 1, 0));

    std::fs::write(hub.blobs().path(&hash), b"a phoney").unwrap();
    assert_eq!(
        hub.verify().unwrap().faults,
        [format!("blob {hash} is missing or damaged")]
    );
    assert!(matches!(
        hub.backup(backup.path()),
        Err(HubError::Damaged(_))
    ));
    std::fs::write(hub.blobs().path(&hash), &bytes).unwrap();

    // the letters of one tap lie in the file as they came; another hand changes one
    drop(hub);
    let path = dir.path().join("hub.db");
    let mut file = std::fs::read(&path).unwrap();
    let needle = format!("\"id\":\"{}-2\"", tablet.log_id);
    let text_at = file
        .windows(needle.len())
        .position(|w| w == needle.as_bytes())
        .unwrap();
    file[text_at + needle.len() - 2] = b'9';
    std::fs::write(&path, file).unwrap();
    let hub = open(dir.path());
    let faults = hub.verify().unwrap().faults;
    let expected = format!(
        "log {} event 2: its text is not what was received",
        tablet.log_id
    );
    assert_eq!(faults, [expected]);
}

#[test]
fn the_export_names_visits_and_tames_formulas() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let mut wild = order("A-1");
    wild.customer = "=HYPERLINK(\"x\")".to_owned();
    let by = office();
    let stream = hub.receive_order(&wild, "k", &by, &call(3)).unwrap().stream;
    hub.assign("A-1", "3101", &by, &call(4)).unwrap();
    tablet.open_visit("visit/1", &stream);
    tablet.submit("visit/1");
    tablet.sync(&mut hub, 5).unwrap();
    let csv = String::from_utf8(hub.export_visits(NOON - 1, NOON + 1, 480).unwrap()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("\u{feff}工单号,"), "{csv}");
    assert_eq!(
        lines[1],
        "A-1,\"'=HYPERLINK(\"\"x\"\")\",翠湖花园 7 幢,移动宽带,3101,周建国,一班,2026-11-22 12:00,2026-11-22 12:00,完工"
    );
    assert_eq!(lines.len(), 2);
    let none = hub.export_visits(NOON + 1, NOON + 2, 480).unwrap();
    assert_eq!(String::from_utf8(none).unwrap().lines().count(), 1);
}
