use crate::common::*;
use crate::server::*;
use base64::Engine;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::ProblemCode;
use std::net::Shutdown;

const TUS: (&str, &str) = ("Tus-Resumable", "1.0.0");
const OCTETS: (&str, &str) = ("Content-Type", "application/offset+octet-stream");

fn photo(seed: u32, length: u32) -> Vec<u8> {
    (0..length)
        .map(|n| ((n ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

fn create(server: &Server, tablet: &Tablet, sha256: &str, length: usize) -> Reply {
    let coded = base64::engine::general_purpose::STANDARD.encode(sha256);
    let (length, metadata) = (length.to_string(), format!("filename eA==,sha256 {coded}"));
    let headers = [
        TUS,
        ("Upload-Length", length.as_str()),
        ("Upload-Metadata", metadata.as_str()),
    ];
    server.send("POST", "/v1/uploads", Some(&tablet.token), &headers, b"")
}

fn head(server: &Server, tablet: &Tablet, path: &str) -> Reply {
    server.send("HEAD", path, Some(&tablet.token), &[TUS], b"")
}

fn patch(server: &Server, tablet: &Tablet, path: &str, offset: usize, bytes: &[u8]) -> Reply {
    let offset = offset.to_string();
    let headers = [TUS, OCTETS, ("Upload-Offset", offset.as_str())];
    server.send("PATCH", path, Some(&tablet.token), &headers, bytes)
}

/// Uploads a blob in one go.
pub fn upload(server: &Server, tablet: &Tablet, bytes: &[u8]) {
    let made = create(server, tablet, &sha256_hex(bytes), bytes.len());
    let path = made.header("location").unwrap();
    assert_eq!(patch(server, tablet, path, 0, bytes).status, 204);
}

#[test]
fn tus_is_spoken_as_written() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let bytes = photo(1, 300_000);
    let hash = sha256_hex(&bytes);
    let options = server.send("OPTIONS", "/v1/uploads", None, &[], b"");
    assert_eq!(
        (options.status, options.header("tus-version")),
        (204, Some("1.0.0"))
    );
    let extensions = options.header("tus-extension").unwrap();
    assert_eq!(
        extensions,
        "creation,creation-with-upload,expiration,termination"
    );

    let made = create(&server, &tablet, &hash, bytes.len());
    let path = format!("/v1/uploads/{hash}");
    assert_eq!(
        (made.status, made.header("location"), made.offset()),
        (201, Some(path.as_str()), 0)
    );
    assert!(made.header("upload-expires").unwrap().ends_with(" GMT"));
    assert_eq!(
        patch(&server, &tablet, &path, 0, &bytes[..100_000]).offset(),
        100_000
    );
    // the reply was lost: the same creation costs nothing
    assert_eq!(
        create(&server, &tablet, &hash, bytes.len()).offset(),
        100_000
    );
    let place = head(&server, &tablet, &path);
    assert_eq!(
        (place.status, place.offset(), place.header("upload-length")),
        (200, 100_000, Some("300000"))
    );
    assert_eq!(place.header("cache-control"), Some("no-store"));
    assert_eq!(patch(&server, &tablet, &path, 5, &bytes[5..9]).status, 409);
    assert_eq!(
        patch(&server, &tablet, &path, 100_000, &photo(2, 250_000)).status,
        413,
        "longer than told"
    );
    let at = usize::try_from(head(&server, &tablet, &path).offset()).unwrap();
    // what came before the excess counts as arrived; it is other bytes than promised, and found out at the end
    let last = patch(&server, &tablet, &path, at, &bytes[at..]);
    match at {
        100_000 => assert_eq!(last.status, 204),
        _ => {
            assert_eq!((last.status, last.problem()), (460, ProblemCode::Conflict));
            assert_eq!(head(&server, &tablet, &path).offset(), 0, "it starts again");
            assert_eq!(patch(&server, &tablet, &path, 0, &bytes).status, 204);
        }
    }
    assert_eq!(head(&server, &tablet, &path).offset(), 300_000);
    assert_eq!(
        create(&server, &tablet, &hash, bytes.len()).offset(),
        300_000,
        "whole is whole"
    );

    let wrong_type = [TUS, ("Upload-Offset", "0"), ("Content-Type", "text/plain")];
    let reply = server.send("PATCH", &path, Some(&tablet.token), &wrong_type, b"x");
    assert_eq!(reply.status, 415);
    let old = server.send(
        "HEAD",
        &path,
        Some(&tablet.token),
        &[("Tus-Resumable", "0.2.2")],
        b"",
    );
    assert_eq!(
        (old.status, old.header("tus-version")),
        (412, Some("1.0.0"))
    );
}

#[test]
fn a_creation_may_bring_the_bytes_along() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let bytes = photo(3, 5_000);
    let hash = sha256_hex(&bytes);
    let metadata = format!(
        "sha256 {}",
        base64::engine::general_purpose::STANDARD.encode(&hash)
    );
    let headers = [
        TUS,
        OCTETS,
        ("Upload-Length", "5000"),
        ("Upload-Metadata", metadata.as_str()),
    ];
    for _ in 0..2 {
        let made = server.send("POST", "/v1/uploads", Some(&tablet.token), &headers, &bytes);
        assert_eq!((made.status, made.offset()), (201, 5_000));
    }
    // another tablet of the same company has the same photo: it is here already
    let other = server.tablet("3102");
    assert_eq!(create(&server, &other, &hash, 5_000).offset(), 5_000);
}

#[test]
fn other_bytes_than_promised_are_refused_at_the_end() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let bytes = photo(4, 10_000);
    let path = format!("/v1/uploads/{}", sha256_hex(&bytes));
    create(&server, &tablet, &sha256_hex(&bytes), bytes.len());
    let refused = patch(&server, &tablet, &path, 0, &photo(5, 10_000));
    assert_eq!(
        (refused.status, refused.problem()),
        (460, ProblemCode::Conflict)
    );
    assert_eq!(head(&server, &tablet, &path).offset(), 0);
    assert_eq!(patch(&server, &tablet, &path, 0, &bytes).status, 204);
}

#[test]
fn what_arrived_before_the_cut_counts() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let bytes = photo(6, 400_000);
    let hash = sha256_hex(&bytes);
    let path = format!("/v1/uploads/{hash}");
    create(&server, &tablet, &hash, bytes.len());
    let part = server.part(&tablet.device, &hash);
    let mut at = 0;
    while at < bytes.len() {
        let to = (at + 90_000).min(bytes.len());
        let offset = at.to_string();
        let headers = [TUS, OCTETS, ("Upload-Offset", offset.as_str())];
        let rest = bytes.len() - at;
        let stream = server.begin(
            "PATCH",
            &path,
            Some(&tablet.token),
            &headers,
            rest,
            &bytes[at..to],
        );
        stream.shutdown(Shutdown::Both).unwrap();
        if to < bytes.len() {
            let arrived = || std::fs::metadata(&part).is_ok_and(|m| m.len() == to as u64);
            wait_until("the part has arrived", arrived);
        } else {
            wait_until("the last part makes it whole", || !part.exists());
        }
        let offset = head(&server, &tablet, &path).offset();
        assert_eq!(offset, to as u64);
        at = to;
    }
    let stored = server
        .dir
        .path()
        .join("data/blobs")
        .join(&hash[..2])
        .join(&hash);
    assert_eq!(std::fs::read(stored).unwrap(), bytes);
}

#[test]
fn the_newest_request_takes_over_from_a_stuck_one() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let bytes = photo(7, 400_000);
    let hash = sha256_hex(&bytes);
    let path = format!("/v1/uploads/{hash}");
    create(&server, &tablet, &hash, bytes.len());
    let headers = [TUS, OCTETS, ("Upload-Offset", "0")];
    // it has sent a part, says nothing more, and its connection stays open
    let (token, sent) = (Some(tablet.token.as_str()), &bytes[..200_000]);
    let stuck = server.begin("PATCH", &path, token, &headers, bytes.len(), sent);
    let part = server.part(&tablet.device, &hash);
    wait_until("it is under way", || {
        std::fs::metadata(&part).is_ok_and(|m| m.len() > 0)
    });
    let at = usize::try_from(head(&server, &tablet, &path).offset()).unwrap();
    assert!((1..=200_000).contains(&at), "{at}: what came of it counts");
    let told = read_reply(stuck).unwrap();
    assert_eq!((told.status, told.problem()), (409, ProblemCode::Conflict));
    assert_eq!(patch(&server, &tablet, &path, at, &bytes[at..]).status, 204);
    assert_eq!(head(&server, &tablet, &path).offset(), 400_000);
}

#[test]
fn an_upload_can_be_dropped() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let hash = "d".repeat(64);
    let path = format!("/v1/uploads/{hash}");
    create(&server, &tablet, &hash, 10);
    assert_eq!(patch(&server, &tablet, &path, 0, b"12345").offset(), 5);
    let drop = || {
        server
            .send("DELETE", &path, Some(&tablet.token), &[TUS], b"")
            .status
    };
    assert_eq!((drop(), drop()), (204, 404));
    assert_eq!(head(&server, &tablet, &path).status, 404);
    assert_eq!(create(&server, &tablet, &hash, 10).offset(), 0);
}

#[test]
fn a_blob_comes_whole_or_in_ranges() {
    let server = Server::start();
    let mut tablet = server.tablet("3101");
    let bytes = photo(8, 50_000);
    let hash = sha256_hex(&bytes);
    upload(&server, &tablet, &bytes);
    tablet.write(
        "visit/1",
        "photo.of_tomorrow",
        serde_json::json!({ "sha256": hash }),
    );
    server.sync(&mut tablet).unwrap();
    let path = format!("/v1/blobs/{hash}");
    let get =
        |range: &str| server.send("GET", &path, Some(&tablet.token), &[("Range", range)], b"");
    let whole = server.send("GET", &path, Some(&tablet.token), &[], b"");
    assert_eq!((whole.status, whole.body), (200, bytes.clone()));
    let part = get("bytes=100-199");
    assert_eq!(
        (part.status, part.header("content-range")),
        (206, Some("bytes 100-199/50000"))
    );
    assert_eq!(part.body, bytes[100..200]);
    assert_eq!(get("bytes=49990-").body, bytes[49_990..]);
    let outside = get("bytes=50000-");
    assert_eq!(
        (outside.status, outside.header("content-range")),
        (416, Some("bytes */50000"))
    );
}
