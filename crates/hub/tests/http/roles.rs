//! docs/ROLES.md, cell by cell: the table below is the document's, and every cell is tried with that role's token.

use crate::common::*;
use crate::server::*;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::ProblemCode;

/// A door, and who may: technician, lead, dispatcher, admin, revoked technician.
pub struct Row {
    pub door: &'static str,
    may: [bool; 5],
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
}

const ROLES: [&str; 4] = ["3101", "1001", "2001", "9001"];
const FIELD: [bool; 5] = [true, true, false, false, false];
const DRAIN: [bool; 5] = [true, true, false, false, true];
const LEAD: [bool; 5] = [false, true, false, false, false];
const DISPATCH: [bool; 5] = [false, false, true, false, false];
const ADMIN: [bool; 5] = [false, false, false, true, false];
const TUS: &[(&str, &str)] = &[("Tus-Resumable", "1.0.0")];

const fn row(door: &'static str, may: [bool; 5], body: &'static str) -> Row {
    Row {
        door,
        may,
        headers: &[],
        body,
    }
}

pub const TABLE: [Row; 16] = [
    row("POST /v1/sync", DRAIN, "sync"),
    row("GET /v1/logs/{log_id}", DRAIN, ""),
    row("POST /v1/backlog", LEAD, r#"{"since_ms":0}"#),
    Row {
        headers: &[
            ("Tus-Resumable", "1.0.0"),
            ("Upload-Length", "5"),
            // 64 times the letter e, as base64
            (
                "Upload-Metadata",
                "sha256 ZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZQ==",
            ),
        ],
        ..row("POST /v1/uploads", DRAIN, "")
    },
    Row {
        headers: TUS,
        ..row("HEAD /v1/uploads/{sha256}", DRAIN, "")
    },
    Row {
        headers: &[
            ("Tus-Resumable", "1.0.0"),
            ("Upload-Offset", "0"),
            ("Content-Type", "application/offset+octet-stream"),
        ],
        ..row("PATCH /v1/uploads/{sha256}", DRAIN, "x")
    },
    Row {
        headers: TUS,
        ..row("DELETE /v1/uploads/{sha256}", DRAIN, "")
    },
    row("GET /v1/blobs/{sha256}", FIELD, ""),
    Row {
        headers: &[("Idempotency-Key", "key")],
        ..row("POST /v1/work-orders", DISPATCH, "order")
    },
    row(
        "POST /v1/work-orders/{no}/assign",
        DISPATCH,
        r#"{"staff_no":"3101"}"#,
    ),
    row(
        "POST /v1/work-orders/{no}/cancel",
        DISPATCH,
        r#"{"reason":"off"}"#,
    ),
    row("GET /v1/staff", ADMIN, ""),
    row("POST /v1/staff", ADMIN, "staff"),
    row("POST /v1/staff/{staff_no}/codes", ADMIN, ""),
    row("GET /v1/devices", ADMIN, ""),
    row("POST /v1/devices/{id}/revoke", ADMIN, r#"{"wipe":false}"#),
];

/// The table as the document has it.
fn written() -> String {
    let cell = |may: &bool| if *may { "✓" } else { "403" };
    let mut text = "| | technician 师傅 | lead 班组长 | dispatcher 调度 | admin 管理员 | revoked 已停用 | no token |\n|---|---|---|---|---|---|---|\n".to_owned();
    for row in &TABLE {
        let cells: Vec<&str> = row.may.iter().map(cell).collect();
        text += &format!("| `{}` | {} | 401 |\n", row.door, cells.join(" | "));
    }
    text
}

#[test]
fn the_document_is_this_table() {
    let document =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ROLES.md"))
            .unwrap();
    assert!(
        document.contains(&written()),
        "docs/ROLES.md should hold:\n{}",
        written()
    );
}

#[test]
fn every_cell_is_held() {
    let server = Server::start();
    let mut revoked = server.tablet("3102");
    revoked.tap("visit/1");
    let id = revoked.device.clone();
    good(server.dir.path(), &["device", "revoke", &id]);
    let tablets: Vec<Tablet> = ROLES
        .iter()
        .map(|no| server.tablet(no))
        .chain([revoked])
        .collect();
    for row in &TABLE {
        let stranger = knock(&server, row, &tablets[0], None);
        assert_eq!(stranger, 401, "{} without a token", row.door);
        for (tablet, may) in tablets.iter().zip(row.may) {
            let status = knock(&server, row, tablet, Some(&tablet.token));
            let name = format!("{} as {}", row.door, tablet.actor.name);
            match may {
                // what it asks for may not be there; that it may ask is told
                true => assert!(![401, 403].contains(&status), "{name}: {status}"),
                false => assert_eq!(status, 403, "{name}"),
            }
        }
    }
}

fn knock(server: &Server, row: &Row, tablet: &Tablet, token: Option<&str>) -> u16 {
    let (method, path) = row.door.split_once(' ').unwrap();
    let path = path
        .replace("{log_id}", &tablet.log_id)
        .replace("{sha256}", &"e".repeat(64))
        .replace("{no}", "nothing")
        .replace("{staff_no}", "3101")
        .replace("{id}", "nothing");
    let body = match row.body {
        "sync" => serde_json::to_vec(&tablet.request(0, tablet.texts.len())).unwrap(),
        "order" => serde_json::to_vec(&order("R-1")).unwrap(),
        "staff" => serde_json::to_vec(&staff()[0]).unwrap(),
        plain => plain.as_bytes().to_vec(),
    };
    let reply = server.send(method, &path, token, row.headers, &body);
    if reply.status == 403 && !reply.body.is_empty() {
        assert!(matches!(
            reply.problem(),
            ProblemCode::RoleForbids | ProblemCode::DeviceRevoked
        ));
    }
    reply.status
}

#[test]
fn a_person_of_one_team_sees_nothing_of_another_s() {
    let server = Server::start();
    let mut mine = server.tablet("3101");
    let bytes = b"a photo".to_vec();
    let hash = sha256_hex(&bytes);
    crate::uploads::upload(&server, &mine, &bytes);
    mine.write(
        "visit/1",
        "photo.of_tomorrow",
        serde_json::json!({ "sha256": hash }),
    );
    server.sync(&mut mine).unwrap();
    let (colleague, lead, other_lead) = (
        server.tablet("3102"),
        server.tablet("1001"),
        server.tablet("1002"),
    );
    let blob = format!("/v1/blobs/{hash}");
    let log = format!("/v1/logs/{}", mine.log_id);
    for (who, may_see, may_read) in [
        (&mine, 200, 200),
        (&lead, 200, 404),
        (&colleague, 404, 404),
        (&other_lead, 404, 404),
    ] {
        assert_eq!(
            server.send("GET", &blob, Some(&who.token), &[], b"").status,
            may_see
        );
        assert_eq!(
            server.send("GET", &log, Some(&who.token), &[], b"").status,
            may_read
        );
    }
    for mut other in [colleague, other_lead] {
        server.sync(&mut other).unwrap();
        assert_eq!(other.received, []);
    }
}
