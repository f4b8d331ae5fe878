//! A tablet's whole day over a link: the app as it ships, the hub as a process of its own, a counting link between them. Visits are
//! made without a network; then it comes back, and everything that passes is counted, headers and retries included.
//!
//! `link HUB PHOTO clean|cut|slow [VISITS]`: `HUB` is the hub's program, `PHOTO` a JPEG from a camera. A JSON line: for `clean` and
//! `cut` the bytes both ways against the bytes of the pictures alone (the records count as overhead), for `slow` when the
//! last record and when the first photo stood at the hub.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]
#![allow(missing_docs, unreachable_pub)]

mod proxy;

use doorstep_app::sync::dto::EnrolProfile;
use doorstep_stories::{Desk, Ear, HEADER, line};
use proxy::{Link, Shape};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Photos of a visit.
const PHOTOS: u64 = 4;
const CUT_AFTER: u64 = 250_000;
/// 256 kbit/s and 200 ms there and back.
const SLOW: Shape = Shape::Slow {
    rate: 256_000 / 8,
    delay: Duration::from_millis(100),
};
/// No signature and no thumbnail is as large as this, and every photo is larger.
const A_PHOTO: u64 = 30_000;
const PATIENCE: Duration = Duration::from_secs(1800);

/// The hub's process and its folder.
struct Hub {
    program: PathBuf,
    data: tempfile::TempDir,
    child: Option<Child>,
}

impl Drop for Hub {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Hub {
    fn new(program: &str) -> Hub {
        let hub = Hub {
            program: PathBuf::from(program),
            data: tempfile::tempdir().unwrap(),
            child: None,
        };
        for (no, name, role) in [("3100", "王海燕", "lead"), ("3107", "周建国", "technician")]
        {
            hub.office(&["staff", "add", no, name, "--role", role, "--team", "一班"]);
        }
        hub
    }

    fn folder(&self) -> PathBuf {
        self.data.path().join("hub")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(self.folder());
        command
    }

    /// One of the office's commands; what it printed.
    fn office(&self, args: &[&str]) -> String {
        let done = self.command().args(args).output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{args:?}: {told}");
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// Gives out orders; their numbers.
    fn give_out(&self, visits: u32) {
        let numbers: Vec<String> = (0..visits).map(|n| format!("BENCH-{n:03}")).collect();
        let rows = numbers
            .iter()
            .map(|no| line(no, "林女士", "修障", "移动宽带"));
        let file = self.data.path().join("orders.csv");
        let text = rows.fold(format!("{HEADER}\n"), |text, row| text + &row + "\n");
        std::fs::write(&file, text).unwrap();
        self.office(&["import", file.to_str().unwrap()]);
        for no in &numbers {
            self.office(&["assign", no, "3107"]);
        }
    }

    fn serve(&mut self) -> SocketAddr {
        let mut child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut first).unwrap();
        self.child = Some(child);
        let (_, address) = first.trim().rsplit_once('/').unwrap();
        address.parse().unwrap()
    }

    /// Whether a photo lies whole in the hub's folder.
    fn has_a_photo(&self) -> bool {
        let shelves = std::fs::read_dir(self.folder().join("blobs")).unwrap();
        let mut files = shelves.flat_map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap());
        files.any(|file| file.unwrap().metadata().unwrap().len() >= A_PHOTO)
    }
}

/// Events that the hub holds, by its own metrics.
fn events(hub: SocketAddr) -> u64 {
    let mut stream = TcpStream::connect(hub).unwrap();
    let question = format!("GET /metrics HTTP/1.1\r\nhost: {hub}\r\nconnection: close\r\n\r\n");
    stream.write_all(question.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let count = answer
        .lines()
        .find_map(|l| l.strip_prefix("doorstep_hub_events "));
    count.unwrap().parse().unwrap()
}

/// A tablet with a day's work on it that nobody else has, and the link down.
struct Day {
    desk: Desk,
    ear: Ear,
    records: u64,
    picture_bytes: u64,
}

fn work(link: &Link, code: &str, visits: u32, photo: &[u8]) -> Day {
    let desk = Desk::new();
    desk.clock.run();
    let ear = Ear::on(&desk.app);
    let enrolment = EnrolProfile {
        address: format!("http://{}", link.address),
        code: code.to_owned(),
        device_name: "平板 07".to_owned(),
        pin: "4711".to_owned(),
        passphrase: None,
    };
    desk.app.start_enrolled(&enrolment).unwrap();
    desk.app.sync_now().unwrap();
    let orders = ear.until("the orders are here", || {
        let rows = desk.today().rows;
        let all = u32::try_from(rows.len()).unwrap() == visits;
        all.then(|| rows.into_iter().map(|row| row.order).collect::<Vec<_>>())
    });
    link.connect(false);
    for order in orders {
        let visit = desk.app.open_visit(&order).unwrap().visit;
        desk.go_inside(&visit);
        // its two photos are of one minute and one mark: one picture
        desk.repair_with(&visit, photo);
        for (item, at) in [
            ("optical", "14:31"),
            ("speed", "14:32"),
            ("optical", "14:33"),
        ] {
            // the mark on it tells the minute: another picture
            desk.clock.hm(at);
            desk.photo_of(&visit, item, photo);
        }
        desk.finish(&visit);
    }
    let panel = desk.app.sync_panel().unwrap();
    assert!(panel.photos >= PHOTOS * u64::from(visits), "{panel:?}");
    Day {
        desk,
        ear,
        records: panel.records,
        picture_bytes: panel.photo_bytes,
    }
}

fn bytes(what: &str, link: &Link, day: &Day) {
    let counts = &link.counts;
    let before = [&counts.up, &counts.down].map(|c| c.load(Ordering::SeqCst));
    link.connect(true);
    day.desk.hand_in(&day.ear);
    let [up, down] = [&counts.up, &counts.down].map(|c| c.load(Ordering::SeqCst));
    let (up, down) = (up - before[0], down - before[1]);
    let cuts = counts.cuts.load(Ordering::SeqCst);
    #[allow(clippy::cast_precision_loss)]
    let ratio = (up + down) as f64 / day.picture_bytes as f64;
    println!(
        r#"{{"what":"{what}","ratio":{ratio:.4},"up":{up},"down":{down},"pictures":{},"records":{},"cuts":{cuts}}}"#,
        day.picture_bytes, day.records
    );
}

fn order_of_arrival(hub: &Hub, address: SocketAddr, link: &Link, day: &Day) {
    let all = events(address) + day.records;
    let start = Instant::now();
    link.connect(true);
    day.desk.app.sync_now().unwrap();
    let (mut records, mut photo) = (None, None);
    while records.is_none() || photo.is_none() {
        assert!(start.elapsed() < PATIENCE, "it takes too long");
        let ms = start.elapsed().as_millis();
        if records.is_none() && events(address) >= all {
            records = Some(ms);
        }
        if photo.is_none() && hub.has_a_photo() {
            photo = Some(ms);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    println!(
        r#"{{"what":"slow","records_ms":{},"photo_ms":{},"records":{}}}"#,
        records.unwrap(),
        photo.unwrap(),
        day.records
    );
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [program, photo, what, rest @ ..] = args.as_slice() else {
        // `cargo bench` and `cargo test --benches` without a hub: nothing to measure
        println!("link HUB PHOTO clean|cut|slow [VISITS]");
        return;
    };
    let visits = rest.first().map_or(20, |n| n.parse().unwrap());
    let photo = std::fs::read(Path::new(photo)).unwrap();
    let mut hub = Hub::new(program);
    hub.give_out(visits);
    let code = hub.office(&["enrol", "3107"]);
    let address = hub.serve();
    let shape = match what.as_str() {
        "clean" => Shape::Clean,
        "cut" => Shape::Cuts(CUT_AFTER),
        "slow" => SLOW,
        other => panic!("no such link: {other}"),
    };
    let link = Link::to(address, shape);
    let day = work(&link, &code, visits, &photo);
    match what.as_str() {
        "slow" => order_of_arrival(&hub, address, &link, &day),
        _ => bytes(what, &link, &day),
    }
}
