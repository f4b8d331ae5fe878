use crate::server::*;
use std::fs;

#[test]
fn every_command_explains_itself() {
    let dir = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 17] = [
        &[],
        &["serve"],
        &["staff"],
        &["staff", "add"],
        &["staff", "list"],
        &["enrol"],
        &["device"],
        &["device", "list"],
        &["device", "revoke"],
        &["import"],
        &["assign"],
        &["cancel"],
        &["export", "visits"],
        &["verify"],
        &["backup"],
        &["restore"],
        &["demo"],
    ];
    for command in commands {
        let help = good(dir.path(), &[command, &["--help"]].concat());
        assert!(help.contains("Usage:"), "{command:?}: {help}");
        let chinese = help.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c));
        assert!(chinese, "{command:?} is not explained in Chinese: {help}");
    }
}

#[test]
fn the_office_works_beside_the_running_server() {
    let server = Server::start();
    let dir = server.dir.path();
    let sample = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../assets/demo/work-orders.csv"
    ))
    .unwrap();
    let file = dir.join("orders.csv");
    // as the office's spreadsheet saves it
    let (gb, _, _) = encoding_rs::GB18030.encode(&sample);
    fs::write(&file, gb).unwrap();
    let path = file.to_str().unwrap();
    assert!(good(dir, &["import", path]).starts_with("新增 6，更新 0，已有 0。"));
    assert!(good(dir, &["import", path]).starts_with("新增 0，更新 0，已有 6。"));
    fs::write(&file, sample.replace("2026-11-22 11:00", "明天")).unwrap();
    let wrong = run(dir, &["import", path]);
    let told = String::from_utf8(wrong.stdout).unwrap();
    assert!(!wrong.status.success());
    assert!(
        told.starts_with("第 3 行 约定开始「明天」：时间要写成"),
        "{told}"
    );

    let mut tablet = server.tablet("3101");
    good(dir, &["assign", "YD20261122-0501", "3101"]);
    server.sync(&mut tablet).unwrap();
    let (stream, _) = tablet.seen()[0].clone();
    tablet.open_visit("visit/1", &stream);
    tablet.submit("visit/1");
    server.sync(&mut tablet).unwrap();
    good(dir, &["cancel", "YD20261122-0501", "--reason", "客户取消"]);
    server.sync(&mut tablet).unwrap();
    assert_eq!(
        tablet.kinds(),
        [
            "order.received",
            "order.assigned",
            // the tablets of these tests live in another time
            "review.flagged",
            "order.cancelled"
        ]
    );
    let csv = good(
        dir,
        &[
            "export",
            "visits",
            "--from",
            "2026-11-22",
            "--to",
            "2026-11-22",
        ],
    );
    assert!(
        csv.lines()
            .nth(1)
            .unwrap()
            .starts_with("YD20261122-0501,沈女士,"),
        "{csv}"
    );
    let devices = good(dir, &["device", "list"]);
    assert!(
        devices.contains(&tablet.device) && devices.contains("在用"),
        "{devices}"
    );
    good(dir, &["device", "revoke", &tablet.device, "--wipe"]);
    assert!(good(dir, &["device", "list"]).contains("已停用并清除"));
    assert!(good(dir, &["staff", "list"]).contains("3101\t周建国\t师傅"));
    good(dir, &["verify"]);
}

#[test]
fn a_command_that_cannot_says_so_in_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let backup = dir.path().join("empty");
    let cases: [(&[&str], &str); 7] = [
        (&["enrol", "0000"], "没有工号 0000。"),
        (&["assign", "X-1", "0000"], "没有工单 X-1。"),
        (&["cancel", "X-1", "--reason", ""], "没有工单 X-1。"),
        (&["import", "no-such-file.csv"], "工单文件打不开。"),
        (&["device", "revoke", "x"], "没有这台设备。"),
        (
            &["staff", "add", "", "", "--role", "lead", "--team", ""],
            "工号、姓名、班组不能空着",
        ),
        (&["restore", backup.to_str().unwrap()], "数据已损坏。"),
    ];
    for (args, sentence) in cases {
        let told = bad(dir.path(), args);
        assert!(told.starts_with(sentence), "{args:?}: {told}");
        assert!(
            told.lines().nth(1).is_some_and(|l| l.is_ascii()),
            "English second: {told}"
        );
    }
}

#[test]
fn an_address_in_use_is_told() {
    let server = Server::start();
    let told = bad(server.dir.path(), &["serve", "--listen", &server.address]);
    assert!(told.contains("可能已被占用"), "{told}");
}

#[test]
fn a_hub_that_is_told_to_stop_flushes_what_it_has() {
    let mut server = Server::start();
    let tablet = server.tablet("3101");
    let hash = "a".repeat(64);
    let coded = format!(
        "sha256 {}",
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &hash)
    );
    let made = [
        ("Tus-Resumable", "1.0.0"),
        ("Upload-Length", "1000000"),
        ("Upload-Metadata", coded.as_str()),
    ];
    assert_eq!(
        server
            .send("POST", "/v1/uploads", Some(&tablet.token), &made, b"")
            .status,
        201
    );
    let part = [
        ("Tus-Resumable", "1.0.0"),
        ("Upload-Offset", "0"),
        ("Content-Type", "application/offset+octet-stream"),
    ];
    let path = format!("/v1/uploads/{hash}");
    let bytes = vec![7; 200_000];
    let open = server.begin(
        "PATCH",
        &path,
        Some(&tablet.token),
        &part,
        1_000_000,
        &bytes,
    );
    let file = server.part(&tablet.device, &hash);
    // enough has come for a first write: the request is under way
    wait_until("the first bytes", || {
        fs::metadata(&file).is_ok_and(|m| m.len() > 0)
    });
    assert!(
        server.terminate(),
        "it ends, though a tablet is still sending"
    );
    let told = read_reply(open).unwrap();
    assert_eq!(told.status, 409);
    assert!(fs::metadata(&file).unwrap().len() > 0);
}
