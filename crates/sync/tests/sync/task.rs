//! The thread that syncs.

use crate::desk::{self, Tablet};
use crate::model::{Model, problem};
use crate::server::Server;
use doorstep_domain::time::Stamp;
use doorstep_domain::wire::{BlobOffer, LogPage, ProblemCode, Role, SyncRequest, SyncResponse};
use doorstep_store::{Store, Vault};
use doorstep_sync::engine::{Engine, Profile, Turn, Unavailable};
use doorstep_sync::link::{Link, LinkError};
use doorstep_sync::plan::Why;
use doorstep_sync::state::Standing;
use doorstep_sync::task::{Machine, Task};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longer than any turn: only a defect waits so long.
const DEADLOCK: Duration = Duration::from_secs(60);

struct Shared(Arc<Mutex<Option<Tablet>>>);

impl Profile for Shared {
    fn with<R>(&self, work: impl FnOnce(&mut Store, &Vault) -> R) -> Result<R, Unavailable> {
        match self.0.lock().unwrap().as_ref() {
            Some(tablet) => Ok(tablet.desk.look(work)),
            None => Err(Unavailable::Closed),
        }
    }
}

type First = Box<dyn Fn() -> LinkError + Send>;

/// The model, and what it does to the first exchanges.
struct Way {
    hub: Arc<Mutex<Model>>,
    first: Vec<First>,
}

impl Link for Way {
    fn exchange(&mut self, request: &SyncRequest) -> Result<SyncResponse, LinkError> {
        if let Some(error) = self.first.pop() {
            return Err(error());
        }
        let answer = self.hub.lock().unwrap().sync("device-0", request);
        answer.map_err(LinkError::Refused)
    }

    fn log_page(&mut self, _: &str, _: u64) -> Result<LogPage, LinkError> {
        Err(LinkError::Offline)
    }

    fn upload_open(&mut self, _: &BlobOffer) -> Result<u64, LinkError> {
        Err(LinkError::Offline)
    }

    fn upload_offset(&mut self, _: &str) -> Result<u64, LinkError> {
        Err(LinkError::Offline)
    }

    fn upload_append(&mut self, _: &str, _: u64, _: &[u8]) -> Result<u64, LinkError> {
        Err(LinkError::Offline)
    }
}

/// A clock that stands still: no rest ends by itself in a test.
struct Still;

impl Machine for Still {
    fn now(&self) -> Stamp {
        Stamp {
            wall_ms: desk::NOW,
            offset_min: 480,
            zone: "Asia/Shanghai".to_owned(),
            mono_ms: 0,
            boot_id: "boot".to_owned(),
        }
    }

    fn random(&self, out: &mut [u8]) {
        out.fill(7);
    }
}

struct Running {
    task: Task,
    tablet: Arc<Mutex<Option<Tablet>>>,
    hub: Arc<Mutex<Model>>,
    turns: Receiver<Turn>,
    _dir: tempfile::TempDir,
}

impl Running {
    fn new(first: Vec<First>) -> Running {
        let dir = tempfile::tempdir().unwrap();
        let mut hub = Model::new("epoch-0");
        hub.enrol("device-0", "3101", Role::Technician);
        let hub = Arc::new(Mutex::new(hub));
        let tablet = Tablet::new("device-0", "3101", dir.path().join("tablet"), 1);
        let tablet = Arc::new(Mutex::new(Some(tablet)));
        let way = Way {
            hub: Arc::clone(&hub),
            first,
        };
        let (told, turns) = channel();
        let tell = move |turn: &Turn, _: &_| told.send(turn.clone()).unwrap_or_default();
        let engine = Engine::new(Standing::Enrolled, 1);
        let profile = Shared(Arc::clone(&tablet));
        let task = Task::start(engine, way, profile, Still, tell).unwrap();
        Running {
            task,
            tablet,
            hub,
            turns,
            _dir: dir,
        }
    }

    fn write(&self, id: &str) {
        let mut tablet = self.tablet.lock().unwrap();
        let tablet = tablet.as_mut().unwrap();
        let content = tablet.opened(id, &format!("visit/{id}"), 0);
        tablet.append(content).unwrap();
    }

    /// The next turn that is not just work.
    fn rest(&self) -> Turn {
        loop {
            match self.turns.recv_timeout(DEADLOCK).unwrap() {
                Turn::Worked { .. } => {}
                turn => return turn,
            }
        }
    }

    fn idle(&self) {
        let turn = self.rest();
        assert!(
            matches!(turn, Turn::Wait { why: Why::Idle, .. }),
            "{turn:?}"
        );
    }
}

#[test]
fn new_events_go_out_when_it_is_nudged() {
    let running = Running::new(Vec::new());
    running.idle();
    for n in 1..=3 {
        running.write(&n.to_string());
        running.task.nudge();
        running.idle();
        assert_eq!(running.hub.lock().unwrap().contents.len(), n);
    }
}

#[test]
fn a_nudge_does_not_end_a_back_off_and_a_wake_up_does() {
    let running = Running::new(vec![Box::new(|| LinkError::Offline)]);
    let held = running.rest();
    assert!(matches!(
        held,
        Turn::Wait {
            why: Why::Trouble(_),
            ..
        }
    ));
    running.task.nudge();
    assert_eq!(running.rest(), held);
    running.task.wake();
    running.idle();
}

#[test]
fn without_a_token_it_rests_until_somebody_asks() {
    let forgotten = || LinkError::Refused(problem(ProblemCode::TokenUnknown));
    let running = Running::new(vec![Box::new(forgotten)]);
    assert_eq!(running.rest(), Turn::EnrolNeeded);
    running.task.wake();
    running.idle();
}

#[test]
fn a_defect_does_not_end_it() {
    let (told, broken) = channel();
    let defect = move || {
        told.send(()).unwrap();
        panic!("a defect in the link")
    };
    let running = Running::new(vec![Box::new(defect)]);
    running.write("1");
    broken.recv_timeout(DEADLOCK).unwrap();
    running.task.wake();
    running.idle();
    assert_eq!(running.hub.lock().unwrap().contents.len(), 1);
}

#[test]
fn it_ends_with_the_profile_and_when_it_is_dropped() {
    let running = Running::new(Vec::new());
    running.idle();
    *running.tablet.lock().unwrap() = None;
    running.task.nudge();
    assert_eq!(running.rest(), Turn::Closed);
    assert!(
        running.turns.recv_timeout(DEADLOCK).is_err(),
        "the thread is gone"
    );
    let running = Running::new(Vec::new());
    running.idle();
    let Running { task, turns, .. } = running;
    drop(task);
    assert!(turns.recv_timeout(DEADLOCK).is_err());
}
