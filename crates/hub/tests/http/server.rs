//! The hub as a process, and the smallest client that can speak to it.

use crate::common::{Tablet, staff};
use doorstep_domain::wire::*;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_doorstep-hub");

pub struct Server {
    pub child: Child,
    pub address: String,
    pub dir: TempDir,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = |(n, _): &&(String, String)| n.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(same)
            .map(|(_, value)| value.as_str())
    }

    pub fn offset(&self) -> u64 {
        self.header("upload-offset").unwrap().parse().unwrap()
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn problem(&self) -> ProblemCode {
        self.json::<Problem>().code
    }
}

impl Server {
    /// A hub with the usual staff.
    pub fn start() -> Server {
        let dir = tempfile::tempdir().unwrap();
        for card in staff() {
            let role = serde_json::to_value(card.role).unwrap();
            let role = role.as_str().unwrap();
            let no = card.actor.staff_no.as_str();
            let add = [
                "staff",
                "add",
                no,
                &card.actor.name,
                "--role",
                role,
                "--team",
                &card.team,
            ];
            good(dir.path(), &add);
        }
        Server::on(dir, "127.0.0.1:0")
    }

    /// The program on a folder.
    pub fn on(dir: TempDir, listen: &str) -> Server {
        let log = File::options()
            .create(true)
            .append(true)
            .open(dir.path().join("stderr.log"))
            .unwrap();
        let mut child = Command::new(PROGRAM)
            .args(["--data", dir.path().join("data").to_str().unwrap()])
            .args(["serve", "--listen", listen])
            .env("RUST_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit("//").next().unwrap().to_owned();
        Server {
            child,
            address,
            dir,
        }
    }

    /// Kills the process as a power cut would, and starts it again at the same address.
    pub fn kill_and_restart(mut self) -> Server {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let dir = std::mem::replace(&mut self.dir, tempfile::tempdir().unwrap());
        Server::on(dir, &self.address.clone())
    }

    /// Asks it to stop; whether it ended well.
    pub fn terminate(&mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().success()
    }

    /// Where a growing blob lies.
    pub fn part(&self, device: &str, sha256: &str) -> PathBuf {
        let name = format!("{device}-{sha256}");
        self.dir.path().join("data/uploads").join(name)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("stderr.log")).unwrap()
    }

    /// A token and the rest of an enrolment of a person's.
    pub fn enrol(&self, staff_no: &str) -> EnrolResponse {
        let code = good(self.dir.path(), &["enrol", staff_no]);
        let request = EnrolRequest {
            proto: PROTO,
            code: code.trim().to_owned(),
            device_name: "平板".to_owned(),
        };
        let body = serde_json::to_vec(&request).unwrap();
        let reply = self.send("POST", "/v1/enrol", None, &[], &body);
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// A tablet of a person's, with nothing in it.
    pub fn tablet(&self, staff_no: &str) -> Tablet {
        let enrolled = self.enrol(staff_no);
        Tablet {
            log_id: format!("log-{}", enrolled.device),
            token: enrolled.token,
            device: enrolled.device,
            actor: enrolled.staff.actor,
            texts: Vec::new(),
            acked: 0,
            epoch: enrolled.epoch,
            cursor: 0,
            received: Vec::new(),
            ids: 0,
            blobs: Vec::new(),
        }
    }

    /// Pushes what a tablet has not got acknowledged; the answer, or none when the hub went away in between.
    pub fn sync(&self, tablet: &mut Tablet) -> Option<SyncResponse> {
        let request = tablet.request(usize::try_from(tablet.acked).unwrap(), tablet.texts.len());
        let json = serde_json::to_vec(&request).unwrap();
        let packed = zstd::stream::encode_all(json.as_slice(), 3).unwrap();
        let zstd = [("Content-Encoding", "zstd")];
        let reply = self.try_send("POST", "/v1/sync", Some(&tablet.token), &zstd, &packed)?;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.header("content-encoding"), Some("zstd"));
        let json = zstd::stream::decode_all(reply.body.as_slice()).unwrap();
        let answer = serde_json::from_slice(&json).unwrap();
        tablet.take(&answer);
        Some(answer)
    }

    /// The beginning of a request: a connection that has sent the head and these bytes of a body.
    pub fn begin(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        length: usize,
        sent: &[u8],
    ) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
            .write_all(head(&self.address, method, path, token, headers, length).as_bytes())
            .unwrap();
        stream.write_all(sent).unwrap();
        stream
    }

    pub fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Reply {
        self.try_send(method, path, token, headers, body).unwrap()
    }

    /// The reply, or none when the connection broke.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Reply> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
            .write_all(head(&self.address, method, path, token, headers, body.len()).as_bytes())
            .ok()?;
        // the hub may have answered before it had read everything
        stream.write_all(body).ok();
        read_reply(stream)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn head(
    host: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    length: usize,
) -> String {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n"
    );
    if let Some(token) = token {
        head += &format!("Authorization: Bearer {token}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head + "\r\n"
}

/// Reads to the end of the connection.
pub fn read_reply(mut stream: TcpStream) -> Option<Reply> {
    let mut bytes = Vec::new();
    // a reset after the answer is no matter
    let end = stream.read_to_end(&mut bytes);
    let split = bytes.windows(4).position(|w| w == b"\r\n\r\n");
    if end.is_err() && split.is_none() {
        return None;
    }
    let split = split?;
    let text = String::from_utf8(bytes[..split].to_vec()).unwrap();
    let mut lines = text.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    };
    let reply = Reply {
        status,
        headers: lines.map(pair).collect(),
        body: bytes[split + 4..].to_vec(),
    };
    let whole = reply
        .header("content-length")
        .is_none_or(|n| n == reply.body.len().to_string());
    // the reply of a HEAD tells a length and has no body
    (whole || reply.body.is_empty()).then_some(reply)
}

/// Runs one of the office's commands.
pub fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(["--data", dir.join("data").to_str().unwrap()])
        .args(args)
        .output()
        .unwrap()
}

/// Runs one that must succeed; what it printed.
pub fn good(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs one that must fail; its sentence.
pub fn bad(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert!(!output.status.success(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Waits until something is so. Fails after a minute.
pub fn wait_until(what: &str, so: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !so() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{what}: not in a minute"
        );
        std::thread::yield_now();
    }
}
