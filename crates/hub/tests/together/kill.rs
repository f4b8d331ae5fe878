//! A hundred kills of each while they talk: what was shown as kept is at the hub, once.

use crate::common::order;
use crate::server::{Server, good};
use crate::tablet::{FOLDER, INVITATION};
use doorstep_domain::event::Sealed;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A line of the tablet's that does not come for so long means that it hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often each of the two is killed: a hundred times, or what `DOORSTEP_TOGETHER_KILLS` says.
fn kills() -> u32 {
    let asked = std::env::var("DOORSTEP_TOGETHER_KILLS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(100)
}

/// The tablet's process, and what it says.
struct Tablet {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

impl Tablet {
    fn start(folder: &Path, invitation: &str) -> Tablet {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["tablet::tablet", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .env(INVITATION, invitation)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Tablet {
            stdin: child.stdin.take().unwrap(),
            child,
            lines,
        }
    }

    fn tell(&mut self, word: &str) {
        writeln!(self.stdin, "{word}").unwrap();
    }

    /// Listens until it has synced in the meantime and written `records` more; collects what it says is durable.
    fn until_synced(&self, records: u64, did: &mut Vec<u64>) {
        let (mut synced, enough) = (false, did.len() as u64 + records);
        while !synced || (did.len() as u64) < enough {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|e| panic!("the tablet says nothing: {e}"));
            synced |= line == "syncing";
            take(&line, did);
        }
    }

    /// Killed as a battery that runs out: nothing is flushed, nothing is told.
    fn kill(mut self, did: &mut Vec<u64>) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        // what it said before it died counts
        while let Ok(line) = self.lines.recv() {
            take(&line, did);
        }
    }
}

fn take(line: &str, did: &mut Vec<u64>) {
    if let Some(n) = line.strip_prefix("did ") {
        did.push(n.parse().unwrap());
    }
}

#[test]
fn a_hundred_kills_of_each_lose_nothing_and_double_nothing() {
    let mut server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let work_order = serde_json::to_vec(&order("LOOP-1")).unwrap();
    let dispatcher = server.enrol("2001").token;
    let key = [
        ("Idempotency-Key", "loop"),
        ("Content-Type", "application/json"),
    ];
    let taken = server.send(
        "POST",
        "/v1/work-orders",
        Some(&dispatcher),
        &key,
        &work_order,
    );
    assert!(taken.status < 300, "{taken:?}");
    let given = br#"{"staff_no":"3101"}"#;
    let path = "/v1/work-orders/LOOP-1/assign";
    let taken = server.send("POST", path, Some(&dispatcher), &key[1..], given);
    assert!(taken.status < 300, "{taken:?}");
    let code = good(server.dir.path(), &["enrol", "3101"]);
    let invitation = format!("http://{} {}", server.address, code.trim());

    let mut did = Vec::new();
    for round in 0..kills() {
        let mut tablet = Tablet::start(folder.path(), &invitation);
        tablet.until_synced(u64::from(round % 5), &mut did);
        server = server.kill_and_restart();
        // the tablet steps back from a hub that is gone; somebody taps 现在重试
        tablet.tell("now");
        tablet.until_synced(u64::from(round % 3), &mut did);
        tablet.kill(&mut did);
    }
    let mut last = Tablet::start(folder.path(), &invitation);
    last.tell("finish");
    let finished = loop {
        let line = last.lines.recv_timeout(PATIENCE).unwrap();
        take(&line, &mut did);
        if let Some(counts) = line.strip_prefix("finished ") {
            break counts.to_owned();
        }
    };
    assert!(last.child.wait().unwrap().success());

    let mut lead = server.tablet("1001");
    while server.sync(&mut lead).unwrap().queued_through > lead.cursor {}
    let mut held: BTreeMap<u64, u32> = BTreeMap::new();
    for delivery in &lead.received {
        let content = Sealed::parse(delivery.event.text.clone()).unwrap().content;
        let note = content.body.pointer("/call/note").and_then(|n| n.as_str());
        if let Some(n) = note.and_then(|n| n.parse().ok()) {
            *held.entry(n).or_default() += 1;
        }
    }
    let lost: Vec<_> = did.iter().filter(|n| !held.contains_key(n)).collect();
    let doubled: Vec<_> = held.iter().filter(|(_, times)| **times > 1).collect();
    assert!(
        lost.is_empty(),
        "acknowledged to the technician and not at the hub: {lost:?}"
    );
    assert!(doubled.is_empty(), "{doubled:?}");
    let verified = good(server.dir.path(), &["verify"]);
    println!(
        "{} kills of each, {} records shown as kept, {} at the hub, 0 lost, 0 twice; {finished} records and photos; {}",
        kills(),
        did.len(),
        held.len(),
        verified.trim()
    );
}
