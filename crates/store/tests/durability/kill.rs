//! kill -9 at random moments.

use crate::child;
use crate::common::{self, Rng};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;

const ROUNDS: u64 = 100;
/// Fewest kills that must land between `begin` and `ack`.
const INSIDE: usize = 30;

/// What one child said before it died.
#[derive(Default)]
struct Heard {
    begun: u64,
    acked: Vec<String>,
    inside: bool,
}

impl Heard {
    fn take(&mut self, line: &str) {
        match line.split_once(' ') {
            Some(("begin", _)) => (self.begun, self.inside) = (self.begun + 1, true),
            Some(("ack", id)) => {
                self.acked.push(id.to_owned());
                self.inside = false;
            }
            _ => {}
        }
    }
}

fn run_and_kill(dir: &Path, round: u64, rng: &mut Rng) -> Heard {
    let mut child = child::command(None, dir, round, rng.next(), u64::MAX)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = BufReader::new(child.stdout.take().unwrap());
    let (tell, lines) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in pipe.lines() {
            // the last line may be cut off: then it was not said
            let Ok(line) = line else { return };
            tell.send(line).unwrap();
        }
    });
    let mut heard = Heard::default();
    // even: after a `begin`, odd: anywhere
    for _ in 0..=rng.below(60) {
        heard.take(
            &lines
                .recv()
                .unwrap_or_else(|_| panic!("the child of round {round} died by itself")),
        );
    }
    for _ in 0..rng.below(200_000) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    lines.iter().for_each(|line| heard.take(&line));
    heard
}

pub(crate) fn killed_a_hundred_times(seed: u64) {
    let dir = tempfile::tempdir().unwrap();
    let mut rng = Rng(seed);
    let mut rounds: Vec<Heard> = Vec::new();
    let (mut blobs, mut received) = (0, 0);
    for round in 0..ROUNDS {
        rounds.push(run_and_kill(dir.path(), round, &mut rng));

        let mut store = common::open(dir.path());
        let report = store.verify(&common::vault(dir.path())).unwrap();
        assert_eq!(
            report.problems,
            [],
            "round {round}: chains hold and no row is without its file"
        );
        assert!(
            !store.rebuild().unwrap().changed,
            "round {round}: derived rows are those of the log"
        );
        received = store.event_count() - store.head().1;
        assert_eq!(
            store.pulled().unwrap().1,
            received,
            "round {round}: the cursor stands where the received events end"
        );
        for (round, heard) in (0..).zip(&rounds) {
            let there: BTreeSet<String> = store
                .events(&child::visit(round))
                .unwrap()
                .into_iter()
                .map(|e| e.content.id)
                .collect();
            let lost: Vec<&String> = heard
                .acked
                .iter()
                .filter(|id| !there.contains(*id))
                .collect();
            assert!(
                lost.is_empty(),
                "round {round}: acknowledged and lost: {lost:?}"
            );
            assert!(
                there.len() as u64 <= heard.begun,
                "round {round}: nothing is there that was not begun"
            );
        }
        blobs = report.blobs;
    }
    let inside = rounds.iter().filter(|h| h.inside).count();
    let acked: usize = rounds.iter().map(|h| h.acked.len()).sum();
    println!(
        "  {ROUNDS} kills, {inside} inside a write, {acked} acknowledged writes, {blobs} photos, {received} received: all there"
    );
    assert!(
        inside >= INSIDE,
        "only {inside} kills landed inside a write"
    );
    assert!(blobs > 100, "photographs were among them: {blobs}");
    assert!(received > 100, "deliveries were among them: {received}");
}
