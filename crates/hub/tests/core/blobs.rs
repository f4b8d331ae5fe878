use crate::common::*;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::*;
use doorstep_hub::UPLOAD_MS;
use serde_json::json;

fn photo() -> (Vec<u8>, String) {
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    let hash = sha256_hex(&bytes);
    (bytes, hash)
}

#[test]
fn an_upload_goes_on_where_it_was_cut() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let (bytes, hash) = photo();
    let length = bytes.len() as u64;
    tablet.blobs = vec![BlobOffer {
        sha256: hash.clone(),
        bytes: length,
    }];
    assert_eq!(tablet.sync(&mut hub, 3).unwrap().wanted, vec![hash.clone()]);
    let caller = tablet.caller(&hub);
    let begun = hub.begin_upload(&caller, &hash, length, &call(4)).unwrap();
    assert_eq!((begun.offset, begun.length), (0, length));
    hub.take_part(&caller, &hash, 0, &bytes[..40_000], &call(5))
        .unwrap();
    let again = hub.begin_upload(&caller, &hash, length, &call(6)).unwrap();
    assert_eq!(again.offset, 40_000, "to begin again is to go on");
    let elsewhere = hub.take_part(&caller, &hash, 0, &bytes[..1], &call(7));
    assert_eq!(code(elsewhere), ProblemCode::Conflict);
    let longer = hub.begin_upload(&caller, &hash, length + 1, &call(7));
    assert_eq!(code(longer), ProblemCode::Conflict);
    let beyond = hub.take_part(&caller, &hash, 40_000, &bytes, &call(7));
    assert_eq!(code(beyond), ProblemCode::TooLarge);

    drop(hub);
    let mut hub = open(dir.path());
    let done = hub
        .take_part(&caller, &hash, 40_000, &bytes[40_000..], &call(8))
        .unwrap();
    assert_eq!((done.offset, done.expires_ms), (length, None));
    let answer = tablet.sync(&mut hub, 9).unwrap();
    assert_eq!((answer.wanted, answer.stored), (vec![], vec![hash.clone()]));
    assert_eq!(std::fs::read(hub.blobs().path(&hash)).unwrap(), bytes);
    assert_eq!(
        hub.upload(&caller, &hash, &call(10)).unwrap().offset,
        length
    );
}

#[test]
fn other_bytes_than_promised_never_become_the_blob() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let tablet = Tablet::enrol(&mut hub, "3101", 1);
    let caller = tablet.caller(&hub);
    let (mut bytes, hash) = photo();
    let length = bytes.len() as u64;
    hub.begin_upload(&caller, &hash, length, &call(2)).unwrap();
    bytes[77] ^= 1;
    assert_eq!(
        code(hub.take_part(&caller, &hash, 0, &bytes, &call(3))),
        ProblemCode::Conflict
    );
    assert!(!hub.blobs().path(&hash).exists());
    assert_eq!(
        hub.upload(&caller, &hash, &call(4)).unwrap().offset,
        0,
        "it starts again"
    );
    bytes[77] ^= 1;
    hub.take_part(&caller, &hash, 0, &bytes, &call(5)).unwrap();
}

#[test]
fn what_a_crash_left_behind_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let tablet = Tablet::enrol(&mut hub, "3101", 1);
    let caller = tablet.caller(&hub);
    let (bytes, hash) = photo();
    let length = bytes.len() as u64;
    // all bytes are there, and nobody had the time to look at them
    hub.begin_upload(&caller, &hash, length, &call(2)).unwrap();
    hub.blobs()
        .append(&caller.device, &hash, 0, &bytes)
        .unwrap();
    let upload = hub.upload(&caller, &hash, &call(3)).unwrap();
    assert_eq!((upload.offset, upload.expires_ms), (length, None));
    assert!(hub.blobs().path(&hash).exists());

    // moved to its place, and not noted
    let other = vec![5; 1000];
    let other_hash = sha256_hex(&other);
    hub.begin_upload(&caller, &other_hash, 1000, &call(4))
        .unwrap();
    hub.blobs()
        .append(&caller.device, &other_hash, 0, &other)
        .unwrap();
    hub.blobs().finish(&caller.device, &other_hash).unwrap();
    let again = hub
        .begin_upload(&caller, &other_hash, 1000, &call(5))
        .unwrap();
    assert_eq!((again.offset, again.expires_ms), (1000, None));
}

#[test]
fn a_photo_is_seen_by_those_who_receive_its_visit() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut tablet = Tablet::enrol(&mut hub, "3101", 1);
    let colleague = Tablet::enrol(&mut hub, "3102", 3);
    let lead = Tablet::enrol(&mut hub, "1001", 5);
    let other_lead = Tablet::enrol(&mut hub, "1002", 7);
    let desk = Tablet::enrol(&mut hub, "2001", 9);
    let (bytes, hash) = photo();
    let caller = tablet.caller(&hub);
    hub.begin_upload(&caller, &hash, bytes.len() as u64, &call(11))
        .unwrap();
    hub.take_part(&caller, &hash, 0, &bytes, &call(12)).unwrap();
    let unnamed = hub.readable_blob(&lead.caller(&hub), &hash);
    assert_eq!(
        code(unnamed),
        ProblemCode::NotFound,
        "no event names it yet"
    );
    tablet.write(
        "visit/1",
        "photo.of_tomorrow",
        json!({ "photo": { "sha256": hash } }),
    );
    tablet.sync(&mut hub, 13).unwrap();
    for who in [&tablet, &lead] {
        assert_eq!(
            hub.readable_blob(&who.caller(&hub), &hash).unwrap(),
            bytes.len() as u64
        );
    }
    for who in [&colleague, &other_lead] {
        assert_eq!(
            code(hub.readable_blob(&who.caller(&hub), &hash)),
            ProblemCode::NotFound
        );
    }
    assert_eq!(
        code(hub.readable_blob(&desk.caller(&hub), &hash)),
        ProblemCode::RoleForbids
    );
}

#[test]
fn unfinished_uploads_are_dropped_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let tablet = Tablet::enrol(&mut hub, "3101", 1);
    let caller = tablet.caller(&hub);
    let (bytes, hash) = photo();
    hub.begin_upload(&caller, &hash, bytes.len() as u64, &call(2))
        .unwrap();
    hub.take_part(&caller, &hash, 0, &bytes[..10], &call(3))
        .unwrap();
    assert_eq!(hub.sweep_uploads(&call(4)).unwrap(), 0);
    let later = call(2 + u64::try_from(UPLOAD_MS / 60_000).unwrap());
    assert_eq!(hub.sweep_uploads(&later).unwrap(), 1);
    assert_eq!(
        code(hub.upload(&caller, &hash, &later)),
        ProblemCode::NotFound
    );
    assert_eq!(hub.blobs().received(&caller.device, &hash).unwrap(), 0);
    assert_eq!(
        code(hub.begin_upload(&caller, "../x", 5, &later)),
        ProblemCode::BadRequest
    );
    assert_eq!(
        code(hub.begin_upload(&caller, &hash, u64::MAX, &later)),
        ProblemCode::TooLarge
    );
}
