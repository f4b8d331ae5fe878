use crate::common::*;
use crate::server::*;
use doorstep_domain::order::WorkOrder;
use doorstep_domain::wire::*;

#[test]
fn a_visit_travels_from_tablet_to_lead_over_the_wire() {
    let server = Server::start();
    let (mut tablet, mut lead) = (server.tablet("3101"), server.tablet("1001"));
    let desk = server.enrol("2001");
    let body = serde_json::to_vec(&order("A/1")).unwrap();
    let key = [("Idempotency-Key", "k1")];
    let made = server.send("POST", "/v1/work-orders", Some(&desk.token), &key, &body);
    assert_eq!(made.status, 201, "{made:?}");
    let again = server.send("POST", "/v1/work-orders", Some(&desk.token), &key, &body);
    let (first, second): (serde_json::Value, serde_json::Value) = (made.json(), again.json());
    assert_eq!(
        (again.status, &first),
        (201, &second),
        "the same answer to the same key"
    );
    let other = serde_json::to_vec(&order("A/2")).unwrap();
    let other = server.send("POST", "/v1/work-orders", Some(&desk.token), &key, &other);
    assert_eq!(
        (other.status, other.problem()),
        (409, ProblemCode::Conflict)
    );
    let to = br#"{"staff_no":"3101"}"#;
    let path = "/v1/work-orders/A%2F1/assign";
    assert_eq!(
        server.send("POST", path, Some(&desk.token), &[], to).status,
        204
    );

    server.sync(&mut tablet).unwrap();
    assert_eq!(tablet.kinds(), ["order.received", "order.assigned"]);
    let received: serde_json::Value = serde_json::from_str(&tablet.received[0].event.text).unwrap();
    let got: WorkOrder = serde_json::from_value(received["body"]["order"].clone()).unwrap();
    assert_eq!(got, order("A/1"));
    assert_eq!(received["actor"]["staff_no"], "2001", "who dispatched it");
    tablet.open_visit("visit/1", first["stream"].as_str().unwrap());
    tablet.submit("visit/1");
    let answer = server.sync(&mut tablet).unwrap();
    assert_eq!(answer.log, LogVerdict::Accepted { acked: 2 });
    server.sync(&mut lead).unwrap();
    // the tablets of these tests live in another time, and the lead hears so
    let kinds = ["visit.opened", "review.flagged", "visit.submitted"];
    assert_eq!(lead.kinds()[2..], kinds);

    let cancel = br#"{"reason":"customer moved"}"#;
    let cancelled = server.send(
        "POST",
        "/v1/work-orders/A%2F1/cancel",
        Some(&desk.token),
        &[],
        cancel,
    );
    assert_eq!(cancelled.status, 204);
    server.sync(&mut tablet).unwrap();
    assert_eq!(tablet.kinds().last().unwrap(), "order.cancelled");
}

#[test]
fn plain_json_is_understood_and_answered_plainly() {
    let server = Server::start();
    let mut tablet = server.tablet("3101");
    tablet.tap("visit/1");
    let body = serde_json::to_vec(&tablet.request(0, 1)).unwrap();
    let reply = server.send("POST", "/v1/sync", Some(&tablet.token), &[], &body);
    assert_eq!(
        (reply.status, reply.header("content-encoding")),
        (200, None)
    );
    assert_eq!(
        reply.json::<SyncResponse>().log,
        LogVerdict::Accepted { acked: 1 }
    );
    let log = format!("/v1/logs/{}?after=0", tablet.log_id);
    let page: LogPage = server
        .send("GET", &log, Some(&tablet.token), &[], b"")
        .json();
    assert_eq!(
        page.events[0].text, tablet.texts[0],
        "the text, letter by letter"
    );
}

#[test]
fn a_restored_hub_is_pushed_to_again_over_the_wire() {
    let mut server = Server::start();
    let mut tablet = server.tablet("3101");
    tablet.tap("visit/1");
    server.sync(&mut tablet).unwrap();
    let backup = server.dir.path().join("backup");
    let backup = backup.to_str().unwrap();
    good(server.dir.path(), &["backup", backup]);
    (0..5).for_each(|_| tablet.tap("visit/1"));
    let before = server.sync(&mut tablet).unwrap();
    assert_eq!(
        (before.log, before.backed_up_through),
        (LogVerdict::Accepted { acked: 6 }, 1)
    );
    let sentence = bad(server.dir.path(), &["restore", backup]);
    assert!(sentence.starts_with("这个目录正在使用"), "{sentence}");
    assert!(server.terminate(), "it stops when it is asked to");
    good(server.dir.path(), &["restore", backup]);
    let server = server.kill_and_restart();
    let after = server.sync(&mut tablet).unwrap();
    assert_ne!(after.epoch, before.epoch);
    assert_eq!(after.log, LogVerdict::Accepted { acked: 1 });
    let again = server.sync(&mut tablet).unwrap();
    assert_eq!(again.log, LogVerdict::Accepted { acked: 6 });
    good(server.dir.path(), &["verify"]);
}

#[test]
fn no_log_line_holds_anything_of_a_customer_s() {
    let server = Server::start();
    let (mut tablet, desk) = (server.tablet("3101"), server.enrol("2001"));
    let body = serde_json::to_vec(&order("A-7788")).unwrap();
    let key = [("Idempotency-Key", "k1")];
    server.send("POST", "/v1/work-orders", Some(&desk.token), &key, &body);
    let to = br#"{"staff_no":"3101"}"#;
    server.send(
        "POST",
        "/v1/work-orders/A-7788/assign",
        Some(&desk.token),
        &[],
        to,
    );
    server.send(
        "POST",
        "/v1/work-orders/A-7788/assign",
        Some(&desk.token),
        &[],
        b"{",
    );
    server.send(
        "POST",
        "/v1/work-orders",
        Some(&desk.token),
        &key,
        b"{\"customer\":\"\xe6\x9e\x97\"",
    );
    server.sync(&mut tablet).unwrap();
    tablet.write(
        "visit/1",
        "note.added",
        serde_json::json!({ "words": "林女士在家" }),
    );
    server.sync(&mut tablet).unwrap();
    let log = server.log();
    assert!(
        log.contains("/v1/work-orders") && log.contains("/v1/sync"),
        "it does log: {log}"
    );
    for secret in [
        "林",
        "13800001234",
        "翠湖",
        "A-7788",
        &tablet.token,
        &desk.token,
        "周建国",
    ] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
}

#[test]
fn the_description_names_every_door_and_its_refusals() {
    let server = Server::start();
    let description: serde_json::Value = server.send("GET", "/openapi.json", None, &[], b"").json();
    let paths = description["paths"].as_object().unwrap();
    let mut doors: Vec<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |m| format!("{} {path}", m.to_uppercase()))
        })
        .collect();
    doors.sort();
    let mut expected: Vec<String> = crate::roles::TABLE
        .iter()
        .map(|row| row.door.to_owned())
        .collect();
    expected.extend(["GET /healthz", "GET /metrics", "POST /v1/enrol"].map(str::to_owned));
    expected.sort();
    assert_eq!(doors, expected);
    for door in doors {
        let (method, path) = door.split_once(' ').unwrap();
        let replies = &paths[path][method.to_lowercase()]["responses"];
        for status in [
            "400", "401", "403", "404", "409", "410", "413", "429", "500", "503", "507",
        ] {
            assert!(replies[status].is_object(), "{door} does not tell {status}");
        }
    }
    let schemas = &description["components"]["schemas"];
    for name in [
        "SyncRequest",
        "SyncResponse",
        "Problem",
        "ProblemCode",
        "WorkOrder",
        "EventFlag",
    ] {
        assert!(schemas[name].is_object(), "{name} is not described");
    }
}

#[test]
fn health_and_metrics_tell_numbers() {
    let server = Server::start();
    let mut tablet = server.tablet("3101");
    tablet.tap("visit/1");
    server.sync(&mut tablet).unwrap();
    assert_eq!(server.send("GET", "/healthz", None, &[], b"").body, b"ok\n");
    let metrics = server.send("GET", "/metrics", None, &[], b"").body;
    let metrics = String::from_utf8(metrics).unwrap();
    for line in [
        // the event, and the hub's word that its tablet lives in another time
        "doorstep_hub_events 2",
        "doorstep_hub_devices 1",
        "doorstep_hub_replies{status=\"2xx\"} 3",
    ] {
        assert!(
            metrics.lines().any(|l| l == line),
            "{line} is not in {metrics}"
        );
    }
}
