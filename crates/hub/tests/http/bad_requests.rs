use crate::common::*;
use crate::server::*;
use doorstep_domain::wire::*;

#[test]
fn every_bad_request_gets_its_answer_and_the_hub_s_mark() {
    let server = Server::start();
    let mut tablet = server.tablet("3101");
    let desk = server.enrol("2001");
    tablet.tap("visit/1");
    let good = tablet.request(0, 1);
    let json = |request: &SyncRequest| serde_json::to_vec(request).unwrap();
    let mut newer = good.clone();
    newer.proto = 99;
    let mut holed = good.clone();
    holed.events[0].seq = 2;
    let bomb = zstd::stream::encode_all(vec![b' '; 50_000_000].as_slice(), 19).unwrap();
    assert!(bomb.len() < 10_000, "a bomb is small");
    let big = vec![b' '; 3_000_000];
    let order = serde_json::to_vec(&order("B-1")).unwrap();
    let (mine, theirs) = (Some(tablet.token.as_str()), Some(desk.token.as_str()));
    let zstd: &[(&str, &str)] = &[("Content-Encoding", "zstd")];
    let none: &[(&str, &str)] = &[];
    let (sync, orders) = ("/v1/sync", "/v1/work-orders");
    use ProblemCode::*;
    type Case<'a> = (
        &'a str,
        &'a str,
        &'a str,
        Option<&'a str>,
        &'a [(&'a str, &'a str)],
        Vec<u8>,
        u16,
        ProblemCode,
    );
    let cases: [Case<'_>; 16] = [
        (
            "no token",
            "POST",
            sync,
            None,
            none,
            json(&good),
            401,
            TokenUnknown,
        ),
        (
            "another's word",
            "POST",
            sync,
            Some("abc"),
            none,
            json(&good),
            401,
            TokenUnknown,
        ),
        (
            "no JSON",
            "POST",
            sync,
            mine,
            none,
            b"{".to_vec(),
            400,
            BadRequest,
        ),
        (
            "not packed",
            "POST",
            sync,
            mine,
            zstd,
            json(&good),
            400,
            BadRequest,
        ),
        ("a bomb", "POST", sync, mine, zstd, bomb, 413, TooLarge),
        ("too large", "POST", sync, mine, none, big, 413, TooLarge),
        (
            "newer protocol",
            "POST",
            sync,
            mine,
            none,
            json(&newer),
            400,
            ProtocolUnknown,
        ),
        (
            "a hole",
            "POST",
            sync,
            mine,
            none,
            json(&holed),
            400,
            BadRequest,
        ),
        (
            "no such door",
            "GET",
            "/v2/sync",
            mine,
            none,
            vec![],
            404,
            NotFound,
        ),
        (
            "wrong method",
            "PUT",
            sync,
            mine,
            none,
            vec![],
            405,
            BadRequest,
        ),
        (
            "another's log",
            "GET",
            "/v1/logs/unknown?after=0",
            mine,
            none,
            vec![],
            404,
            NotFound,
        ),
        (
            "no number",
            "GET",
            "/v1/logs/unknown?after=x",
            mine,
            none,
            vec![],
            400,
            BadRequest,
        ),
        (
            "used code",
            "POST",
            "/v1/enrol",
            None,
            none,
            br#"{"proto":1,"code":"AAAA","device_name":""}"#.to_vec(),
            410,
            CodeExpired,
        ),
        (
            "no key", "POST", orders, theirs, none, order, 400, BadRequest,
        ),
        (
            "no order",
            "POST",
            "/v1/work-orders/X/assign",
            theirs,
            none,
            br#"{"staff_no":"3101"}"#.to_vec(),
            404,
            NotFound,
        ),
        (
            "no blob",
            "GET",
            "/v1/blobs/00",
            mine,
            none,
            vec![],
            404,
            NotFound,
        ),
    ];
    for (name, method, path, token, headers, body, status, code) in cases {
        let reply = server.send(method, path, token, headers, &body);
        assert_eq!((name, reply.status), (name, status), "{reply:?}");
        let problem: Problem = reply.json();
        assert_eq!((name, problem.code), (name, code));
        assert!(
            problem.zh.ends_with('。') && problem.en.ends_with('.'),
            "{problem:?}"
        );
        assert!(reply.header(MARKER).is_some(), "{name}: no mark");
    }
    server.sync(&mut tablet).unwrap();
    assert_eq!(tablet.acked, 1, "and the hub is well");
}

#[test]
fn strangers_are_slowed_down() {
    let server = Server::start();
    let tablet = server.tablet("3101");
    let refused = (0..300)
        .map(|_| server.send("GET", "/v1/logs/x", Some("guess"), &[], b""))
        .find(|reply| reply.status != 401)
        .unwrap();
    assert_eq!(
        (refused.status, refused.problem()),
        (429, ProblemCode::TooMany)
    );
    assert_eq!(refused.header("retry-after"), Some("5"));
    let known = server.send("GET", "/v1/logs/x", Some(&tablet.token), &[], b"");
    assert_eq!(known.status, 404, "those whom the hub knows go on");
}
