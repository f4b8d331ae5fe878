//! Blobs: each waits from the event that names it to the hub's receipt, and is deleted only when nothing is lost by it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    HOUR, NOW, answered, handed_over, open, opened, order, photographed, received, signed,
    submitted, vault,
};
use doorstep_domain::blob::BlobKind;
use doorstep_domain::visit::Outcome;
use doorstep_store::{Store, Vault};
use std::path::Path;

const ORDER: &str = "order/1";
const VISIT: &str = "visit/1";
const LATER: i64 = NOW + 1000 * HOUR;

/// A finished visit: a photo with its thumbnail, a signature, the copy delivered. Answers the two hashes that travel.
fn finished(store: &mut Store, vault: &Vault) -> [String; 2] {
    let photo = vault.put(VISIT, &[7; 5000]).unwrap().sha256;
    let thumb = vault.put(VISIT, &[8; 500]).unwrap().sha256;
    let ink = vault.put(VISIT, b"[[1,2],[3,4]]").unwrap().sha256;
    let events = vec![
        received(1, ORDER, order(1)),
        opened(2, VISIT, ORDER),
        photographed(3, VISIT, &photo, &thumb),
        signed(4, VISIT, &ink),
        submitted(5, VISIT, Outcome::Completed),
        handed_over(6, VISIT),
    ];
    store.append(events).unwrap();
    [photo, ink]
}

fn names(store: &Store, vault: &Vault) -> Vec<String> {
    let waiting = store.blobs_waiting(vault, 100).unwrap();
    waiting.into_iter().map(|w| w.offer.sha256).collect()
}

fn confirm(store: &mut Store, blobs: &[String]) {
    let (log, head) = store.head();
    let log = log.to_owned();
    store.acknowledge(head).unwrap();
    store.set_backed_up_through(&log, head).unwrap();
    store.blobs_stored(blobs).unwrap();
}

#[test]
fn signatures_go_first_and_thumbnails_stay() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let [photo, ink] = finished(&mut store, &vault);
    let waiting = store.blobs_waiting(&vault, 100).unwrap();
    let told: Vec<_> = waiting
        .iter()
        .map(|w| {
            (
                w.offer.sha256.as_str(),
                w.offer.bytes,
                w.kind,
                w.visit.as_str(),
            )
        })
        .collect();
    let expected = [
        (ink.as_str(), 13, BlobKind::Ink, VISIT),
        (photo.as_str(), 5000, BlobKind::Photo, VISIT),
    ];
    assert_eq!(
        told, expected,
        "with the length that the vault gives, whatever the event says"
    );
    assert_eq!(store.blobs_waiting(&vault, 1).unwrap(), waiting[..1]);
    let counts = store.waiting(&vault).unwrap();
    assert_eq!(
        (counts.blobs, counts.blob_bytes, counts.lost_blobs),
        (2, 5013, 0)
    );

    store.acknowledge(4).unwrap();
    store.blobs_stored(&[ink.clone(), "ab".repeat(32)]).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(names(&store, &vault), [photo.as_str()]);
    let parts = store.parts_of(VISIT).unwrap();
    assert_eq!((parts.events, parts.confirmed), (5, 3));
    let blobs: Vec<_> = parts
        .blobs
        .iter()
        .map(|b| (&b.sha256, b.stored, b.deleted))
        .collect();
    assert_eq!(blobs, [(&photo, false, false), (&ink, true, false)]);
}

#[test]
fn a_picture_of_two_visits_travels_once_and_a_lost_one_holds_nothing_up() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let same = vault.put(VISIT, b"same").unwrap().sha256;
    vault.put("visit/2", b"same").unwrap();
    let last = vault.put(VISIT, b"last").unwrap().sha256;
    let lost = "ab".repeat(32);
    store
        .append(vec![
            photographed(1, VISIT, &lost, &lost),
            photographed(2, VISIT, &same, &same),
            photographed(3, "visit/2", &same, &same),
            photographed(4, VISIT, &last, &last),
            photographed(5, VISIT, &last, &last),
        ])
        .unwrap();
    assert_eq!(names(&store, &vault), [same.as_str(), last.as_str()]);
    let counts = store.waiting(&vault).unwrap();
    assert_eq!(
        (counts.blobs, counts.blob_bytes, counts.lost_blobs),
        (2, 8, 1)
    );
    store.blobs_stored(std::slice::from_ref(&same)).unwrap();
    assert_eq!(names(&store, &vault), [last.as_str()]);
    assert!(store.parts_of("visit/2").unwrap().blobs[0].stored);
}

#[test]
fn a_restored_hub_is_offered_everything_again_that_is_still_here() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let blobs = finished(&mut store, &vault);
    store.receive("e1", &[]).unwrap();
    store.blobs_stored(&blobs).unwrap();
    store.receive("e1", &[]).unwrap();
    assert_eq!(names(&store, &vault).len(), 0);
    store.receive("e2", &[]).unwrap();
    assert_eq!(names(&store, &vault).len(), 2);

    confirm(&mut store, &blobs);
    store.delete_visit_blobs(&vault, VISIT, LATER).unwrap();
    store.receive("e3", &[]).unwrap();
    assert_eq!(
        names(&store, &vault).len(),
        0,
        "what was deleted cannot be offered"
    );
    assert_eq!(store.waiting(&vault).unwrap().lost_blobs, 0);
}

type Undo = fn(&mut Store, &Vault);

#[test]
fn each_missing_receipt_alone_keeps_a_visit_from_being_deleted() {
    let undoing: [(&str, Undo); 6] = [
        ("an event is not acknowledged", |s, _| {
            s.acknowledge(5).unwrap()
        }),
        ("the hub went back", |s, _| s.acknowledge(0).unwrap()),
        ("an event is in no backup", |s, _| {
            let log = s.head().0.to_owned();
            s.set_backed_up_through(&log, 5).unwrap();
        }),
        ("the hub is another incarnation", |s, _| {
            drop(s.receive("e2", &[]).unwrap())
        }),
        ("something new happened", |s, _| {
            drop(s.append(vec![answered(7, VISIT, "mat")]).unwrap());
        }),
        ("a photo more", |s, v| {
            let more = v.put(VISIT, b"more").unwrap().sha256;
            s.append(vec![photographed(7, VISIT, &more, &more)])
                .unwrap();
            confirm(s, &[]);
        }),
    ];
    for (why, undo) in undoing {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, vault) = (open(dir.path()), vault(dir.path()));
        let blobs = finished(&mut store, &vault);
        store.receive("e1", &[]).unwrap();
        assert_eq!(store.deletable(LATER).unwrap(), [""; 0]);
        confirm(&mut store, &blobs);
        assert_eq!(store.deletable(LATER).unwrap(), [VISIT]);
        assert_eq!(store.deletable(NOW).unwrap(), [""; 0], "not yet old");
        undo(&mut store, &vault);
        assert_eq!(store.deletable(LATER).unwrap(), [""; 0], "{why}");
        let refused = store.delete_visit_blobs(&vault, VISIT, LATER).unwrap_err();
        assert_eq!(refused.code(), "store.not_deletable", "{why}");
        assert!(vault.usage().unwrap().0 >= 3, "{why}: nothing went");
    }
}

#[test]
fn deleting_takes_the_files_and_leaves_the_events() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let blobs = finished(&mut store, &vault);
    let other = vault.put("visit/2", &[7; 5000]).unwrap().sha256;
    store
        .append(vec![photographed(9, "visit/2", &other, &other)])
        .unwrap();
    confirm(&mut store, &blobs);
    let before = store.events(VISIT).unwrap();
    assert_eq!(store.delete_visit_blobs(&vault, VISIT, LATER).unwrap(), 3);
    assert_eq!(vault.usage().unwrap().0, 1, "the other visit's stays");
    assert_eq!(store.events(VISIT).unwrap(), before);
    assert_eq!(store.deletable(LATER).unwrap(), [""; 0]);
    assert!(
        store
            .parts_of(VISIT)
            .unwrap()
            .blobs
            .iter()
            .all(|b| b.deleted && b.stored)
    );
    assert_eq!(
        store.verify(&vault).unwrap().problems,
        [],
        "nobody misses them"
    );
}

#[test]
fn deleting_that_was_stopped_is_finished_the_next_time() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, vault) = (open(dir.path()), vault(dir.path()));
    let blobs = finished(&mut store, &vault);
    confirm(&mut store, &blobs);
    // one file cannot be deleted: a folder stands in its place
    let name = |sha: &str| {
        let folder = dir.path().join("vault").join(&sha[..2]);
        let mut files = std::fs::read_dir(folder)
            .unwrap()
            .map(|f| f.unwrap().path());
        files
            .find(|f| f.file_name().unwrap().to_string_lossy().starts_with(sha))
            .unwrap()
    };
    let stuck = blobs.iter().max().map(|sha| name(sha)).unwrap();
    swap_for_folder(&stuck);
    let error = store.delete_visit_blobs(&vault, VISIT, LATER).unwrap_err();
    assert_eq!(error.code(), "store.io");
    drop(store);
    let mut store = open(dir.path());
    assert_eq!(store.deletable(LATER).unwrap(), [VISIT], "listed again");
    std::fs::remove_dir(&stuck).unwrap();
    store.delete_visit_blobs(&vault, VISIT, LATER).unwrap();
    assert_eq!(store.deletable(LATER).unwrap(), [""; 0]);
    assert_eq!(store.verify(&vault).unwrap().problems, []);
}

fn swap_for_folder(path: &Path) {
    std::fs::remove_file(path).unwrap();
    std::fs::create_dir(path).unwrap();
}
