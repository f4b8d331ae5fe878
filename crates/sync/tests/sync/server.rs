//! A hub as the simulation asks it: the real one in this process, or the model that keeps the contract to the letter.

use crate::desk::{NOW, copy};
use doorstep_domain::event::{Actor, Sealed};
use doorstep_domain::order::{OrderSource, WorkOrder};
use doorstep_domain::standard::JobType;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::wire::{
    BlobOffer, EnrolRequest, Head, LogPage, PROTO, Problem, Role, StaffCard, SyncRequest,
    SyncResponse,
};
use doorstep_hub::{Call, Caller, Hub, HubError, office};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One company's server.
pub trait Server {
    fn sync(&mut self, device: &str, request: &SyncRequest) -> Result<SyncResponse, Problem>;
    fn log_page(&mut self, device: &str, log_id: &str, after: u64) -> Result<LogPage, Problem>;
    fn open(&mut self, device: &str, sha256: &str, bytes: u64) -> Result<u64, Problem>;
    fn offset(&mut self, device: &str, sha256: &str) -> Result<u64, Problem>;
    fn append(&mut self, device: &str, sha256: &str, at: u64, bytes: &[u8])
    -> Result<u64, Problem>;
    /// Backs up; answers the backup's name.
    fn backup(&mut self) -> usize;
    /// Comes back as it was then, under a new incarnation.
    fn restore(&mut self, backup: usize);
    fn set_full(&mut self, full: bool);
    /// Writes and assigns an order.
    fn dispatch(&mut self, staff_no: &str, n: u64);
    fn epoch(&self) -> String;
    /// What is wrong with all that is stored.
    fn verify(&self) -> Vec<String>;
}

fn question(log_id: &str, head: Head) -> SyncRequest {
    SyncRequest {
        proto: PROTO,
        log_id: log_id.to_owned(),
        base: head.clone(),
        head,
        events: Vec::new(),
        blobs: Vec::new(),
        epoch: String::new(),
        cursor: 0,
        page_bytes: 256 * 1024,
        now: stamp(0),
    }
}

fn stamp(n: u64) -> Stamp {
    Stamp {
        wall_ms: NOW + i64::try_from(n).unwrap(),
        offset_min: 480,
        zone: "Asia/Shanghai".to_owned(),
        mono_ms: n,
        boot_id: "hub".to_owned(),
    }
}

/// Every content of a log of this device, id → hash.
pub fn contents(hub: &mut dyn Server, device: &str, log_id: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut after = 0;
    while let Ok(page) = hub.log_page(device, log_id, after) {
        let Some(last) = page.events.last() else {
            break;
        };
        after = last.seq;
        for event in page.events {
            if let Ok(sealed) = Sealed::parse(event.text) {
                found.insert(sealed.content.id, sealed.hash);
            }
        }
    }
    found
}

/// The blobs among these that the hub has whole.
pub fn stored(hub: &mut dyn Server, device: &str, blobs: &[String]) -> Vec<String> {
    let mut request = question("spy", Head::default());
    request.blobs = blobs
        .iter()
        .map(|sha256| BlobOffer {
            sha256: sha256.clone(),
            bytes: 1,
        })
        .collect();
    hub.sync(device, &request).unwrap().stored
}

/// What lies in a device's queue, in order.
pub fn queue(hub: &mut dyn Server, device: &str) -> Vec<String> {
    let mut request = question("spy", Head::default());
    request.epoch = hub.epoch();
    let mut ids = Vec::new();
    loop {
        let answer = hub.sync(device, &request).unwrap();
        let Some(last) = answer.deliveries.last() else {
            return ids;
        };
        request.cursor = last.n;
        for delivery in answer.deliveries {
            ids.push(
                Sealed::parse(delivery.event.text)
                    .map_or_else(|_| "?".to_owned(), |s| s.content.id),
            );
        }
    }
}

/// The hub that ships, in a folder.
pub struct Real {
    dir: PathBuf,
    hub: Option<Hub>,
    /// By the name that the simulation gave the device.
    callers: BTreeMap<String, Caller>,
    calls: u64,
    backups: Vec<PathBuf>,
}

/// Enrols the simulation's devices into a new hub and answers who they are there.
pub fn found(dir: &Path, devices: &[(String, String, Role)]) -> BTreeMap<String, Caller> {
    let mut hub = Hub::open(dir, &call(0)).unwrap();
    let mut callers = BTreeMap::new();
    for (n, (device, staff_no, role)) in (1..).zip(devices) {
        let card = StaffCard {
            actor: Actor {
                staff_no: staff_no.clone(),
                name: "王建国".to_owned(),
            },
            phone: "0571-88000000".to_owned(),
            role: *role,
            team: "一班".to_owned(),
        };
        hub.put_staff(&card, &call(0)).unwrap();
        let code = hub.new_code(staff_no, &call(n)).unwrap();
        let request = EnrolRequest {
            proto: PROTO,
            code,
            device_name: device.clone(),
        };
        let token = hub.enrol(&request, &call(n)).unwrap().token;
        callers.insert(device.clone(), hub.authenticate(&token).unwrap());
    }
    callers
}

/// The hub's time and randomness at its `n`th call.
pub fn call(n: u64) -> Call {
    let mut entropy = [7; 32];
    entropy[..8].copy_from_slice(&n.to_le_bytes());
    Call {
        at: stamp(n),
        entropy,
    }
}

impl Real {
    /// A copy of a hub that was made by [`found`].
    pub fn new(dir: PathBuf, blank: &Path, callers: &BTreeMap<String, Caller>) -> Real {
        copy(blank, &dir);
        let hub = Some(Hub::open(&dir, &call(0)).unwrap());
        Real {
            dir,
            hub,
            callers: callers.clone(),
            calls: 1_000,
            backups: Vec::new(),
        }
    }

    fn ask<A>(
        &mut self,
        device: &str,
        ask: impl FnOnce(&mut Hub, &Caller, &Call) -> Result<A, HubError>,
    ) -> Result<A, Problem> {
        self.calls += 1;
        let call = call(self.calls);
        let hub = self.hub.as_mut().unwrap();
        ask(hub, &self.callers[device], &call).map_err(|e| {
            let problem = e.problem();
            assert!(
                problem.code != doorstep_domain::wire::ProblemCode::Internal,
                "the hub has a defect: {e:?}"
            );
            problem
        })
    }
}

impl Real {
    fn act(&mut self, act: impl FnOnce(&mut Hub, &Call) -> Result<(), HubError>) {
        self.calls += 1;
        let call = call(self.calls);
        act(self.hub.as_mut().unwrap(), &call).unwrap();
    }

    pub fn revoke(&mut self, device: &str, wipe: bool) {
        let id = self.callers[device].device.clone();
        self.act(|hub, call| hub.revoke(&id, wipe, call));
        let caller = self.callers.get_mut(device).unwrap();
        (caller.revoked, caller.wipe) = (true, wipe);
    }

    pub fn assign(&mut self, no: &str, staff_no: &str) {
        self.act(|hub, call| hub.assign(no, staff_no, &office(), call));
    }

    pub fn cancel(&mut self, no: &str) {
        self.act(|hub, call| hub.cancel(no, "客户取消", &office(), call));
    }
}

impl Server for Real {
    fn sync(&mut self, device: &str, request: &SyncRequest) -> Result<SyncResponse, Problem> {
        self.ask(device, |hub, caller, call| hub.sync(caller, request, call))
    }

    fn log_page(&mut self, device: &str, log_id: &str, after: u64) -> Result<LogPage, Problem> {
        self.ask(device, |hub, caller, _| hub.log_page(caller, log_id, after))
    }

    fn open(&mut self, device: &str, sha256: &str, bytes: u64) -> Result<u64, Problem> {
        let begin = |hub: &mut Hub, caller: &Caller, call: &Call| {
            hub.begin_upload(caller, sha256, bytes, call)
        };
        Ok(self.ask(device, begin)?.offset)
    }

    fn offset(&mut self, device: &str, sha256: &str) -> Result<u64, Problem> {
        let look = |hub: &mut Hub, caller: &Caller, call: &Call| hub.upload(caller, sha256, call);
        Ok(self.ask(device, look)?.offset)
    }

    fn append(
        &mut self,
        device: &str,
        sha256: &str,
        at: u64,
        bytes: &[u8],
    ) -> Result<u64, Problem> {
        let take = |hub: &mut Hub, caller: &Caller, call: &Call| {
            hub.take_part(caller, sha256, at, bytes, call)
        };
        Ok(self.ask(device, take)?.offset)
    }

    fn backup(&mut self) -> usize {
        let to = self
            .dir
            .with_extension(format!("backup-{}", self.backups.len()));
        self.hub.as_mut().unwrap().backup(&to).unwrap();
        self.backups.push(to);
        self.backups.len() - 1
    }

    fn restore(&mut self, backup: usize) {
        self.hub = None;
        self.calls += 1;
        doorstep_hub::restore(&self.backups[backup], &self.dir, &call(self.calls)).unwrap();
        self.hub = Some(Hub::open(&self.dir, &call(self.calls)).unwrap());
    }

    fn set_full(&mut self, full: bool) {
        let hub = self.hub.as_mut().unwrap();
        let size = hub.size().unwrap();
        hub.limit_size(full.then_some(size)).unwrap();
    }

    fn dispatch(&mut self, staff_no: &str, n: u64) {
        self.calls += 1;
        let start = Moment {
            ms: NOW,
            offset_min: 480,
        };
        let no = format!("20261122-{n}");
        let order = WorkOrder {
            no: no.clone(),
            customer: "林女士".to_owned(),
            phone: "13800001234".to_owned(),
            alternate_contact: None,
            address: "翠湖花园 7 幢".to_owned(),
            site_note: None,
            service: "移动宽带".to_owned(),
            job: JobType::Install,
            standard: "cmcc-broadband".to_owned(),
            promised_start: start,
            promised_end: None,
            deadline: None,
            contracted_mbps: None,
            note: None,
            supplies: None,
            source: OrderSource::Hub,
        };
        let hub = self.hub.as_mut().unwrap();
        // on a full disk dispatch waits, too
        let took = hub.receive_order(&order, &no, &office(), &call(self.calls));
        if took.is_ok() {
            self.calls += 1;
            drop(hub.assign(&no, staff_no, &office(), &call(self.calls)));
        }
    }

    fn epoch(&self) -> String {
        self.hub.as_ref().unwrap().epoch().unwrap()
    }

    fn verify(&self) -> Vec<String> {
        self.hub.as_ref().unwrap().verify().unwrap().faults
    }
}
