//! What stands between tablet and hub, and what it does to them. Every fault is counted when it really happened.

use crate::desk::Desk;
use crate::model::problem;
use crate::server::Server;
use doorstep_domain::wire::{BlobOffer, LogPage, Problem, ProblemCode, SyncRequest, SyncResponse};
use doorstep_sync::link::{Link, LinkError};
use doorstep_sync::rng::Rng;
use std::collections::BTreeMap;

/// Every kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The question never arrives.
    DropQuestion,
    /// It arrives, the answer does not: a lost acknowledgement.
    DropAnswer,
    /// It arrives twice.
    Duplicate,
    /// It arrives long after later ones.
    Reorder,
    /// The tablet waits in vain; it arrives a little later.
    Delay,
    /// The connection breaks inside a photo.
    CutInPhoto,
    /// A portal answers.
    Portal,
    /// 500, before or after the hub did its work.
    HubError,
    /// 503: the hub restarts.
    HubRestarts,
    /// 507
    HubFull,
    /// The process dies between two steps, on real files.
    Crash,
    /// The power fails with it: of the photos there is what was flushed.
    PowerCut,
    /// The tablet's disk refuses.
    DeviceFull,
    /// The wall clock jumps by up to ten years.
    ClockJumps,
    /// The hub comes back from an older backup.
    HubRestored,
    /// The tablet comes back from an older copy of its disk.
    DeviceRestored,
    /// Two tablets go on from one disk.
    DeviceCloned,
    /// The office takes the device's rights and orders its wipe.
    Revoked,
    /// A revoked tablet has handed everything in and is wiped; its holder gets a new one.
    Wiped,
    /// The hub came back from a backup that does not know the device; its holder types a new code.
    Forgotten,
}

/// Those that must fire often. [`Fault::Forgotten`] follows now and then from two of them, and is only counted.
pub const FAULTS: [Fault; 19] = [
    Fault::DropQuestion,
    Fault::DropAnswer,
    Fault::Duplicate,
    Fault::Reorder,
    Fault::Delay,
    Fault::CutInPhoto,
    Fault::Portal,
    Fault::HubError,
    Fault::HubRestarts,
    Fault::HubFull,
    Fault::Crash,
    Fault::PowerCut,
    Fault::DeviceFull,
    Fault::ClockJumps,
    Fault::HubRestored,
    Fault::DeviceRestored,
    Fault::DeviceCloned,
    Fault::Revoked,
    Fault::Wiped,
];

/// A defect of the real code, switched on to see that the simulation would find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// `sync`: what was pushed is taken for acknowledged, without reading up to where the hub says it has it.
    ForgetsTheAcknowledgement,
    /// `store`: a photo's file gets its name before its bytes are flushed.
    SkipsAFlush,
    /// `hub`: server and office count the same queue at once, two deliveries get one number, and one of them is never seen.
    DropsTheCounterLock,
}

/// A question that is still on its way when the tablet has given up on it.
pub enum Late {
    Sync(String, Box<SyncRequest>),
    Piece(String, String, u64, Vec<u8>),
}

pub struct Faults {
    pub rng: Rng,
    /// Of 1000 calls, this many go wrong; 0 heals the world.
    pub per_mille: u64,
    pub fired: BTreeMap<Fault, u64>,
    late: Vec<Late>,
}

impl Faults {
    pub fn new(seed: u64, per_mille: u64) -> Faults {
        Faults {
            rng: Rng::new(seed),
            per_mille,
            fired: BTreeMap::new(),
            late: Vec::new(),
        }
    }

    pub fn strikes(&mut self) -> bool {
        self.rng.below(1000) < self.per_mille
    }

    pub fn fire(&mut self, fault: Fault) {
        *self.fired.entry(fault).or_default() += 1;
    }

    fn pick(&mut self, of: &[Fault]) -> Option<Fault> {
        if !self.strikes() {
            return None;
        }
        let at = usize::try_from(self.rng.below(of.len() as u64)).unwrap();
        Some(of[at])
    }

    fn draw(&mut self, of: &[Fault]) -> Option<Fault> {
        let fault = self.pick(of)?;
        self.fire(fault);
        Some(fault)
    }

    /// Lets late questions arrive.
    pub fn deliver_late(&mut self, hub: &mut dyn Server) {
        while !self.late.is_empty() {
            let at = usize::try_from(self.rng.below(self.late.len() as u64)).unwrap();
            // whatever the hub says now, nobody hears it
            match self.late.swap_remove(at) {
                Late::Sync(device, request) => drop(hub.sync(&device, &request)),
                Late::Piece(device, sha256, offset, bytes) => {
                    drop(hub.append(&device, &sha256, offset, &bytes));
                }
            }
        }
    }

    /// Puts a fault beneath a tablet's next accesses to its disk. It is counted when it strikes.
    pub fn beneath(&mut self, desk: &Desk) {
        match self.pick(&[Fault::Crash, Fault::DeviceFull]) {
            Some(Fault::Crash) => {
                let steps = u32::try_from(self.rng.below(5)).unwrap();
                desk.fuse.set(Some(steps));
            }
            Some(_) => desk.full.set(Some(self.rng.below(2) == 0)),
            None => {}
        }
    }
}

/// The way from one tablet to the hub.
pub struct Net<'a> {
    pub hub: &'a mut dyn Server,
    pub faults: &'a mut Faults,
    pub device: &'a str,
}

const ON_THE_WAY: [Fault; 8] = [
    Fault::DropQuestion,
    Fault::DropAnswer,
    Fault::Duplicate,
    Fault::Reorder,
    Fault::Delay,
    Fault::Portal,
    Fault::HubError,
    Fault::HubRestarts,
];

impl Net<'_> {
    /// Puts one question through whatever happens on the way. `late`: what arrives when it arrives late.
    fn ask<A>(
        &mut self,
        mut question: impl FnMut(&mut dyn Server) -> Result<A, Problem>,
        late: impl FnOnce() -> Option<Late>,
    ) -> Result<A, LinkError> {
        let internal = || Err(LinkError::Refused(problem(ProblemCode::Internal)));
        let fault = self.faults.draw(&ON_THE_WAY);
        let after = self.faults.rng.below(2) == 0;
        match fault {
            None => question(self.hub).map_err(LinkError::Refused),
            Some(Fault::DropQuestion) if after => Err(LinkError::Offline),
            Some(Fault::DropQuestion) => Err(LinkError::Slow),
            Some(Fault::DropAnswer) => {
                drop(question(self.hub));
                Err(if after {
                    LinkError::Cut
                } else {
                    LinkError::Slow
                })
            }
            Some(Fault::Duplicate) => {
                let (first, second) = (question(self.hub), question(self.hub));
                (if after { first } else { second }).map_err(LinkError::Refused)
            }
            Some(Fault::Reorder) => {
                self.faults.late.extend(late());
                Err(LinkError::Slow)
            }
            Some(Fault::Delay) => {
                self.faults.late.extend(late());
                self.faults.deliver_late(self.hub);
                Err(LinkError::Cut)
            }
            Some(Fault::Portal) => Err(LinkError::Stranger),
            Some(Fault::HubError) => {
                if after {
                    drop(question(self.hub));
                }
                internal()
            }
            Some(_) => Err(LinkError::Refused(problem(ProblemCode::Unavailable))),
        }
    }
}

impl Link for Net<'_> {
    fn exchange(&mut self, request: &SyncRequest) -> Result<SyncResponse, LinkError> {
        let device = self.device;
        self.ask(
            |hub| hub.sync(device, request),
            || Some(Late::Sync(device.to_owned(), Box::new(request.clone()))),
        )
    }

    fn log_page(&mut self, log_id: &str, after: u64) -> Result<LogPage, LinkError> {
        let device = self.device;
        self.ask(|hub| hub.log_page(device, log_id, after), || None)
    }

    fn upload_open(&mut self, blob: &BlobOffer) -> Result<u64, LinkError> {
        let device = self.device;
        self.ask(|hub| hub.open(device, &blob.sha256, blob.bytes), || None)
    }

    fn upload_offset(&mut self, sha256: &str) -> Result<u64, LinkError> {
        let device = self.device;
        self.ask(|hub| hub.offset(device, sha256), || None)
    }

    fn upload_append(&mut self, sha256: &str, offset: u64, chunk: &[u8]) -> Result<u64, LinkError> {
        let device = self.device;
        if self.faults.draw(&[Fault::CutInPhoto]).is_some() {
            let arrived = usize::try_from(self.faults.rng.below(chunk.len() as u64)).unwrap();
            drop(self.hub.append(device, sha256, offset, &chunk[..arrived]));
            return Err(LinkError::Cut);
        }
        let late = || Late::Piece(device.to_owned(), sha256.to_owned(), offset, chunk.to_vec());
        self.ask(
            |hub| hub.append(device, sha256, offset, chunk),
            || Some(late()),
        )
    }
}
