use crate::common::*;
use doorstep_domain::wire::*;
use doorstep_hub::CODE_MS;

fn request(code: &str) -> EnrolRequest {
    EnrolRequest {
        proto: PROTO,
        code: code.to_owned(),
        device_name: "平板 07".to_owned(),
    }
}

#[test]
fn a_code_works_once_and_for_a_day() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let typed = hub
        .new_code("3101", &call(1))
        .unwrap()
        .replace('-', " ")
        .to_lowercase();
    let answer = hub.enrol(&request(&typed), &call(2)).unwrap();
    assert_eq!(
        (answer.staff.actor.staff_no.as_str(), answer.token.len()),
        ("3101", 64)
    );
    assert_eq!(
        code(hub.enrol(&request(&typed), &call(3))),
        ProblemCode::CodeExpired
    );

    let old = hub.new_code("3101", &call(4)).unwrap();
    let minutes = u64::try_from(CODE_MS / 60_000).unwrap();
    assert_eq!(
        code(hub.enrol(&request(&old), &call(4 + minutes))),
        ProblemCode::CodeExpired
    );
    let good = hub.new_code("3101", &call(5)).unwrap();
    hub.enrol(&request(&good), &call(4 + minutes)).unwrap();
    assert_eq!(
        code(hub.enrol(&request("AAAA-AAAA-AAAA"), &call(6))),
        ProblemCode::CodeExpired
    );
    assert_eq!(code(hub.new_code("0000", &call(7))), ProblemCode::NotFound);
}

#[test]
fn tokens_and_codes_are_nowhere_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let enrolment = hub.new_code("3101", &call(1)).unwrap();
    let tablet = hub.enrol(&request(&enrolment), &call(2)).unwrap();
    drop(hub);
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let path = file.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in [&tablet.token, &enrolment, &enrolment.replace('-', "")] {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{} holds a secret", path.display());
        }
    }
}

#[test]
fn a_revoked_tablet_sends_what_it_holds_and_then_is_told_to_wipe() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut lost = Tablet::enrol(&mut hub, "3101", 1);
    (0..3).for_each(|_| lost.tap("visit/1"));
    let photo = "c".repeat(64);
    lost.blobs = vec![BlobOffer {
        sha256: photo.clone(),
        bytes: 5,
    }];
    hub.revoke(&lost.device, true, &call(3)).unwrap();
    dispatched(&mut hub, "A-1", "3101", 4);

    let drained = lost.sync(&mut hub, 6).unwrap();
    assert_eq!(drained.log, LogVerdict::Accepted { acked: 3 });
    assert_eq!(
        (drained.deliveries, drained.queued_through),
        (vec![], 0),
        "it receives nothing"
    );
    let waiting = lost.sync(&mut hub, 7).unwrap();
    assert_eq!(
        waiting.wanted,
        [photo],
        "a photo is work, too: no wipe before it is here"
    );
    lost.blobs.clear();
    let known = std::mem::take(&mut lost.epoch);
    let answer = lost.sync(&mut hub, 8).unwrap();
    assert_eq!(
        (answer.epoch, answer.deliveries),
        (known, vec![]),
        "one that does not know this incarnation hears of it first: it may have to send again"
    );
    let problem = lost.sync(&mut hub, 8).unwrap_err().problem();
    assert_eq!(
        (problem.code, problem.wipe),
        (ProblemCode::DeviceRevoked, true)
    );
    assert_eq!(
        code(hub.authenticate("no such token")),
        ProblemCode::TokenUnknown
    );
    assert_eq!(
        code(hub.revoke("no such device", false, &call(9))),
        ProblemCode::NotFound
    );
}

#[test]
fn the_office_does_not_sync() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    for (n, staff_no) in [(1, "2001"), (3, "9001")] {
        let mut desk = Tablet::enrol(&mut hub, staff_no, n);
        assert_eq!(code(desk.sync(&mut hub, 5)), ProblemCode::RoleForbids);
    }
}
