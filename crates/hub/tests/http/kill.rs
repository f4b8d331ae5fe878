//! The hub is killed again and again while tablets sync: what it acknowledged stands, once.

use crate::server::*;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::{LogPage, LogVerdict};
use std::collections::HashSet;

/// How often; `DOORSTEP_HUB_KILLS=100` for the long run.
fn kills() -> u32 {
    let asked = std::env::var("DOORSTEP_HUB_KILLS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(20)
}

#[test]
fn a_killed_hub_loses_nothing_it_acknowledged_and_doubles_nothing() {
    let mut server = Server::start();
    let mut tablets = [server.tablet("3101"), server.tablet("3102")];
    let mut lead = server.tablet("1001");
    let (mut cut, mut acknowledged) = (0, 0);
    for round in 0..kills() {
        // killed while pushes of one event each go on, at another moment every time
        let pid = server.child.id().to_string();
        let killer = std::thread::scope(|scope| {
            let (server, lead) = (&server, &mut lead);
            let pushing: Vec<_> = tablets
                .iter_mut()
                .map(|tablet| {
                    scope.spawn(move || {
                        let mut done = 0;
                        loop {
                            tablet.tap(&format!("visit/{}", tablet.device));
                            match server.sync(tablet) {
                                Some(answer) => {
                                    assert!(
                                        matches!(answer.log, LogVerdict::Accepted { .. }),
                                        "{answer:?}"
                                    );
                                    done += 1;
                                }
                                None => return done,
                            }
                        }
                    })
                })
                .collect();
            let pulling = scope.spawn(move || while server.sync(lead).is_some() {});
            let enough = u64::from(round % 7);
            wait_until("some pushes", || pushed(server) > enough);
            let killed = std::process::Command::new("kill")
                .args(["-KILL", &pid])
                .status()
                .unwrap();
            assert!(killed.success());
            pulling.join().unwrap();
            pushing
                .into_iter()
                .map(|p| p.join().unwrap())
                .collect::<Vec<u32>>()
        });
        acknowledged += killer.iter().sum::<u32>();
        cut += 1;
        server = server.kill_and_restart();
    }
    for tablet in &mut tablets {
        server.sync(tablet).unwrap();
        assert_eq!(tablet.acked, tablet.texts.len() as u64);
        let mut texts = Vec::new();
        loop {
            let log = format!("/v1/logs/{}?after={}", tablet.log_id, texts.len());
            let page: LogPage = server
                .send("GET", &log, Some(&tablet.token), &[], b"")
                .json();
            if page.events.is_empty() {
                break;
            }
            texts.extend(page.events.into_iter().map(|e| e.text));
        }
        assert_eq!(texts, tablet.texts, "0 lost, 0 twice, in order");
    }
    while server.sync(&mut lead).unwrap().queued_through > lead.cursor {}
    let written: HashSet<String> = tablets
        .iter()
        .flat_map(|t| &t.texts)
        .map(|t| sha256_hex(t.as_bytes()))
        .collect();
    let got: Vec<String> = lead
        .received
        .iter()
        .map(|d| sha256_hex(d.event.text.as_bytes()))
        .collect();
    assert_eq!(got.len(), written.len(), "the lead got each once");
    assert_eq!(got.into_iter().collect::<HashSet<_>>(), written);
    good(server.dir.path(), &["verify"]);
    assert_eq!(cut, kills());
    assert!(acknowledged > 0);
    println!("{cut} kills, {acknowledged} pushes acknowledged between them, 0 lost, 0 twice");
}

/// Events that the hub has logged as pushed, by its own metrics; 0 while it cannot be asked.
fn pushed(server: &Server) -> u64 {
    let metrics = server
        .try_send("GET", "/metrics", None, &[], b"")
        .map(|r| r.body)
        .unwrap_or_default();
    let text = String::from_utf8(metrics).unwrap_or_default();
    let answered = text
        .lines()
        .find_map(|l| l.strip_prefix("doorstep_hub_replies{status=\"2xx\"} "));
    answered.and_then(|n| n.parse().ok()).unwrap_or(0)
}
