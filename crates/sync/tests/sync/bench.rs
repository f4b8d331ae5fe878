//! One company for one case: a hub, tablets, and a way between them that does what the case says.

use crate::desk::{Desk, Tablet, fill};
use crate::model::problem;
use crate::server::{Real, Server, contents, found, queue};
use doorstep_domain::event::{Content, Sealed};
use doorstep_domain::wire::{BlobOffer, LogPage, ProblemCode, Role, SyncRequest, SyncResponse};
use doorstep_sync::engine::{Env, Turn};
use doorstep_sync::link::{Link, LinkError};
use doorstep_sync::plan::Why;
use std::collections::{BTreeMap, VecDeque};

pub const LEAD: usize = 0;
pub const ANNA: usize = 1;
pub const BO: usize = 2;

/// What happens to the next question.
#[derive(Clone, Debug)]
pub enum Way {
    Through,
    /// It does not arrive.
    Lost,
    /// It arrives, the answer does not.
    AnswerLost,
    /// It arrives twice.
    Twice,
    Slow,
    Portal,
    Refused(ProblemCode),
    /// Of a piece of a blob, so many bytes arrive.
    CutAfter(usize),
    /// The hub acknowledges one event more than it was told of.
    Lies,
    /// The hub answers, and says that it took nothing.
    TakesNothing,
}

pub struct Bench {
    pub hub: Real,
    pub tablets: Vec<Tablet>,
    pub now_ms: u64,
    /// What happens to the next questions; then everything goes through.
    pub way: VecDeque<Way>,
    /// What was asked, in order.
    pub asked: Vec<String>,
    ids: u64,
    pub dir: tempfile::TempDir,
}

/// The way of one tablet.
struct Road<'a> {
    hub: &'a mut Real,
    way: &'a mut VecDeque<Way>,
    asked: &'a mut Vec<String>,
    device: &'a str,
}

impl Road<'_> {
    fn go<A>(
        &mut self,
        what: String,
        mut ask: impl FnMut(&mut Real) -> Result<A, doorstep_domain::wire::Problem>,
    ) -> Result<A, LinkError> {
        self.asked.push(what);
        match self.way.pop_front().unwrap_or(Way::Through) {
            Way::Through | Way::CutAfter(_) | Way::Lies | Way::TakesNothing => {
                ask(self.hub).map_err(LinkError::Refused)
            }
            Way::Lost => Err(LinkError::Offline),
            Way::AnswerLost => {
                ask(self.hub).map_err(LinkError::Refused)?;
                Err(LinkError::Cut)
            }
            Way::Twice => {
                ask(self.hub).map_err(LinkError::Refused)?;
                ask(self.hub).map_err(LinkError::Refused)
            }
            Way::Slow => Err(LinkError::Slow),
            Way::Portal => Err(LinkError::Stranger),
            Way::Refused(code) => Err(LinkError::Refused(problem(code))),
        }
    }
}

impl Link for Road<'_> {
    fn exchange(&mut self, request: &SyncRequest) -> Result<SyncResponse, LinkError> {
        let lies = matches!(self.way.front(), Some(Way::Lies));
        let nothing = matches!(self.way.front(), Some(Way::TakesNothing));
        let device = self.device;
        let what = format!("sync {}", request.events.len());
        let mut answer = self.go(what, |hub| hub.sync(device, request))?;
        if nothing {
            let acked = request.base.seq;
            answer.log = doorstep_domain::wire::LogVerdict::Accepted { acked };
        }
        if lies {
            let acked = request.head.seq + 1;
            answer.log = doorstep_domain::wire::LogVerdict::Accepted { acked };
        }
        Ok(answer)
    }

    fn log_page(&mut self, log_id: &str, after: u64) -> Result<LogPage, LinkError> {
        let device = self.device;
        self.go("log".to_owned(), |hub| hub.log_page(device, log_id, after))
    }

    fn upload_open(&mut self, blob: &BlobOffer) -> Result<u64, LinkError> {
        let device = self.device;
        let what = format!("open {}", blob.bytes);
        self.go(what, |hub| hub.open(device, &blob.sha256, blob.bytes))
    }

    fn upload_offset(&mut self, sha256: &str) -> Result<u64, LinkError> {
        let device = self.device;
        self.go("where".to_owned(), |hub| hub.offset(device, sha256))
    }

    fn upload_append(&mut self, sha256: &str, offset: u64, chunk: &[u8]) -> Result<u64, LinkError> {
        let device = self.device;
        if let Some(Way::CutAfter(arrive)) = self.way.front().cloned() {
            self.way.pop_front();
            self.asked.push(format!("cut {offset}+{arrive}"));
            self.hub
                .append(device, sha256, offset, &chunk[..arrive])
                .unwrap();
            return Err(LinkError::Cut);
        }
        let what = format!("piece {offset}+{}", chunk.len());
        self.go(what, |hub| hub.append(device, sha256, offset, chunk))
    }
}

impl Bench {
    /// A lead and two technicians of one team.
    pub fn new() -> Bench {
        Bench::with(Role::Technician)
    }

    /// A lead, a technician, and somebody of one team.
    pub fn with(bo: Role) -> Bench {
        let dir = tempfile::tempdir().unwrap();
        let crew = [
            (Role::Lead, "3100"),
            (Role::Technician, "3101"),
            (bo, "3102"),
        ];
        let mut devices = Vec::new();
        let mut tablets = Vec::new();
        for (i, (role, staff_no)) in crew.into_iter().enumerate() {
            let device = format!("device-{i}");
            let home = dir.path().join(&device);
            tablets.push(Tablet::new(&device, staff_no, home, i as u64 + 1));
            devices.push((device, staff_no.to_owned(), role));
        }
        let blank = dir.path().join("blank");
        let tokens = found(&blank, &devices);
        let hub = Real::new(dir.path().join("hub"), &blank, &tokens);
        Bench {
            hub,
            tablets,
            now_ms: 0,
            way: VecDeque::new(),
            asked: Vec::new(),
            ids: 0,
            dir,
        }
    }

    pub fn id(&mut self) -> String {
        self.ids += 1;
        format!("019a0000-0000-7000-8000-{:012x}", self.ids)
    }

    pub fn append(&mut self, i: usize, content: Content) -> Sealed {
        self.tablets[i].append(content).unwrap()
    }

    /// A visit is opened; answers its stream.
    pub fn visit(&mut self, i: usize) -> String {
        let id = self.id();
        let stream = format!("visit/{id}");
        let content = self.tablets[i].opened(&id, &stream, self.now_ms);
        self.append(i, content);
        stream
    }

    /// An answer of so many characters.
    pub fn answer(&mut self, i: usize, stream: &str, words: usize) -> Sealed {
        let id = self.id();
        let content = self.tablets[i].answered(&id, stream, words, self.now_ms);
        self.append(i, content)
    }

    pub fn photo(&mut self, i: usize, stream: &str, bytes: usize) -> String {
        let id = self.id();
        let now = self.now_ms;
        let content = self.tablets[i]
            .photographed(&id, stream, bytes, now)
            .unwrap();
        let sha256 = content.body["photo"]["sha256"].as_str().unwrap().to_owned();
        self.append(i, content);
        sha256
    }

    pub fn sign(&mut self, i: usize, stream: &str) {
        let id = self.id();
        let now = self.now_ms;
        let content = self.tablets[i].signed(&id, stream, now).unwrap();
        self.append(i, content);
    }

    /// One turn.
    pub fn turn(&mut self, i: usize) -> Turn {
        let tablet = &mut self.tablets[i];
        let now = tablet.now(self.now_ms);
        let mut road = Road {
            hub: &mut self.hub,
            way: &mut self.way,
            asked: &mut self.asked,
            device: &tablet.device,
        };
        let random = &mut tablet.random;
        let mut env = Env {
            now,
            random: &mut |out: &mut [u8]| fill(random, out),
        };
        tablet.engine.turn(&mut road, &tablet.desk, &mut env)
    }

    /// Turns until it says something else than that it worked.
    pub fn run(&mut self, i: usize) -> Turn {
        for _ in 0..500 {
            match self.turn(i) {
                Turn::Worked { .. } => {}
                turn => return turn,
            }
        }
        panic!("no end: {:?}", self.asked);
    }

    /// Waits out every back-off until there is nothing left to do.
    pub fn settle(&mut self, i: usize) {
        for _ in 0..100 {
            match self.run(i) {
                Turn::Wait { why: Why::Idle, .. } => return,
                Turn::Wait { until_ms, .. } => {
                    self.now_ms = until_ms + self.tablets[i].booted_ms;
                }
                turn => panic!("{turn:?}"),
            }
        }
        panic!("it never comes to rest: {:?}", self.asked);
    }

    /// A minute later everybody asks again.
    pub fn settle_all(&mut self) {
        for _ in 0..2 {
            self.now_ms += 61_000;
            for i in 0..self.tablets.len() {
                self.settle(i);
            }
        }
    }

    /// Contents of all logs that a tablet ever wrote, as the hub has them.
    pub fn at_hub(&mut self, i: usize) -> BTreeMap<String, String> {
        let logs = self.tablets[i]
            .desk
            .look(|store, _| store.own_logs().unwrap());
        let staff_no = self.tablets[i].staff_no.clone();
        let logs = logs.into_iter();
        logs.flat_map(|log| contents(&mut self.hub, &staff_no, &log.log_id))
            .collect()
    }

    /// Ids of a stream as a tablet has it, in order.
    pub fn seen(&self, i: usize, stream: &str) -> Vec<String> {
        let events = self.tablets[i]
            .desk
            .look(|store, _| store.events(stream).unwrap());
        events.into_iter().map(|e| e.content.id).collect()
    }

    pub fn queue(&mut self, i: usize) -> Vec<String> {
        let device = self.tablets[i].device.clone();
        queue(&mut self.hub, &device)
    }

    /// Events and blobs that wait.
    pub fn waiting(&self, i: usize) -> (u64, u64) {
        let look = |store: &mut doorstep_store::Store, vault: &_| store.waiting(vault).unwrap();
        let waiting = self.tablets[i].desk.look(look);
        (waiting.events, waiting.blobs)
    }

    /// Another tablet that goes on from a copy of this one's disk.
    pub fn clone_of(&mut self, i: usize) -> usize {
        let home = self
            .dir
            .path()
            .join(format!("clone-{}", self.tablets.len()));
        self.tablets[i].snapshot(&home);
        let original = &self.tablets[i];
        let mut clone = Tablet::new(&original.device, &original.staff_no, home, 77);
        clone.booted_ms = self.now_ms;
        self.tablets.push(clone);
        self.tablets.len() - 1
    }

    /// Nothing lies crooked anywhere, and nothing waits.
    pub fn check(&mut self) {
        self.way.clear();
        self.settle_all();
        assert_eq!(self.hub.verify(), Vec::<String>::new());
        for i in 0..self.tablets.len() {
            assert_eq!(self.waiting(i), (0, 0), "tablet {i}");
            let report =
                |store: &mut doorstep_store::Store, vault: &_| store.verify(vault).unwrap();
            assert_eq!(self.tablets[i].desk.look(report).problems, [], "tablet {i}");
            let ids = self.queue(i);
            let unique: std::collections::BTreeSet<_> = ids.iter().collect();
            assert_eq!(unique.len(), ids.len(), "nothing twice in the queue of {i}");
        }
    }

    pub fn desk(&self, i: usize) -> &Desk {
        &self.tablets[i].desk
    }
}
