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
    /// The same for whoever this is, without a device.
    fn log_of(&mut self, staff_no: &str, log_id: &str, after: u64) -> Result<LogPage, Problem>;
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
    /// Takes a device's rights and orders its wipe.
    fn revoke(&mut self, device: &str);
    /// Somebody types a code of the office: the device has a token from now on.
    fn enrol(&mut self, device: &str, staff_no: &str, role: Role);
    /// Puts the hub's defect in, where it has one.
    fn drop_the_counter_lock(&mut self) {}
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

/// A device of another team's that is never revoked and that every backup knows: the tests look through it.
pub const SPY: (&str, &str) = ("spy", "3999");

/// Every content of a log of this person's, id → hash.
pub fn contents(hub: &mut dyn Server, staff_no: &str, log_id: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut after = 0;
    while let Ok(page) = hub.log_of(staff_no, log_id, after) {
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
    open: Option<Open>,
    /// By the name that the simulation gave the device.
    tokens: Tokens,
    calls: u64,
    backups: Vec<PathBuf>,
    unlocked: bool,
}

/// Who writes in the hub's folder.
struct Open {
    server: Hub,
    /// The office's commands, which run beside the server.
    office: Hub,
}

impl Open {
    fn at(dir: &Path, call: &Call) -> Open {
        Open {
            server: Hub::open(dir, call).unwrap(),
            office: Hub::open(dir, call).unwrap(),
        }
    }
}

/// Tokens by the name of the device.
pub type Tokens = BTreeMap<String, String>;

fn card(staff_no: &str, role: Role, team: &str) -> StaffCard {
    StaffCard {
        actor: Actor {
            staff_no: staff_no.to_owned(),
            name: "王建国".to_owned(),
        },
        phone: "0571-88000000".to_owned(),
        role,
        team: team.to_owned(),
    }
}

/// Enrols the simulation's devices, and the spy's, into a new hub.
pub fn found(dir: &Path, devices: &[(String, String, Role)]) -> Tokens {
    let mut hub = Hub::open(dir, &call(0)).unwrap();
    let mut tokens = Tokens::new();
    for (n, (device, staff_no, role)) in (1..).zip(devices) {
        hub.put_staff(&card(staff_no, *role, "一班"), &call(0))
            .unwrap();
        tokens.insert(device.clone(), token(&mut hub, device, staff_no, &call(n)));
    }
    let (device, staff_no) = SPY;
    hub.put_staff(&card(staff_no, Role::Lead, "审计"), &call(0))
        .unwrap();
    let spy = token(&mut hub, device, staff_no, &call(99));
    tokens.insert(device.to_owned(), spy);
    tokens
}

/// Makes a device of somebody's.
fn token(hub: &mut Hub, device: &str, staff_no: &str, call: &Call) -> String {
    let request = EnrolRequest {
        proto: PROTO,
        code: hub.new_code(staff_no, call).unwrap(),
        device_name: device.to_owned(),
    };
    hub.enrol(&request, call).unwrap().token
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
    pub fn new(dir: PathBuf, blank: &Path, tokens: &Tokens) -> Real {
        copy(blank, &dir);
        let open = Some(Open::at(&dir, &call(0)));
        Real {
            dir,
            open,
            tokens: tokens.clone(),
            calls: 1_000,
            backups: Vec::new(),
            unlocked: false,
        }
    }

    fn both(&mut self) -> &mut Open {
        self.open.as_mut().unwrap()
    }

    fn ask<A>(
        &mut self,
        device: &str,
        ask: impl FnOnce(&mut Hub, &Caller, &Call) -> Result<A, HubError>,
    ) -> Result<A, Problem> {
        self.calls += 1;
        let call = call(self.calls);
        let hub = &mut self.open.as_mut().unwrap().server;
        let caller = hub.authenticate(&self.tokens[device]);
        caller.and_then(|c| ask(hub, &c, &call)).map_err(|e| {
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
        act(&mut self.both().office, &call).unwrap();
    }

    pub fn revoke_with(&mut self, device: &str, wipe: bool) {
        let token = self.tokens[device].clone();
        // a hub that came back from a backup may not know the device any more
        if let Ok(caller) = self.both().office.authenticate(&token) {
            self.act(|hub, call| hub.revoke(&caller.device, wipe, call));
        }
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

    fn log_of(&mut self, staff_no: &str, log_id: &str, after: u64) -> Result<LogPage, Problem> {
        let caller = Caller {
            device: String::new(),
            staff: card(staff_no, Role::Technician, "一班"),
            revoked: false,
            wipe: false,
        };
        let page = self.both().server.log_page(&caller, log_id, after);
        page.map_err(|e| e.problem())
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
        self.both().office.backup(&to).unwrap();
        self.backups.push(to);
        self.backups.len() - 1
    }

    fn restore(&mut self, backup: usize) {
        self.open = None;
        self.calls += 1;
        doorstep_hub::restore(&self.backups[backup], &self.dir, &call(self.calls)).unwrap();
        self.open = Some(Open::at(&self.dir, &call(self.calls)));
        if self.unlocked {
            self.drop_the_counter_lock();
        }
    }

    fn set_full(&mut self, full: bool) {
        let Open { server, office } = self.both();
        for hub in [server, office] {
            let size = hub.size().unwrap();
            hub.limit_size(full.then_some(size)).unwrap();
        }
    }

    fn revoke(&mut self, device: &str) {
        self.revoke_with(device, true);
    }

    fn enrol(&mut self, device: &str, staff_no: &str, _: Role) {
        self.calls += 1;
        let call = call(self.calls);
        let token = token(&mut self.both().server, device, staff_no, &call);
        self.tokens.insert(device.to_owned(), token);
    }

    fn drop_the_counter_lock(&mut self) {
        self.unlocked = true;
        self.both().server.drop_the_counter_lock().unwrap();
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
        let n = self.calls;
        self.calls += 1;
        let hub = &mut self.both().office;
        // on a full disk dispatch waits, too
        let took = hub.receive_order(&order, &no, &office(), &call(n));
        if took.is_ok() {
            drop(hub.assign(&no, staff_no, &office(), &call(n + 1)));
        }
    }

    fn epoch(&self) -> String {
        self.open.as_ref().unwrap().server.epoch().unwrap()
    }

    fn verify(&self) -> Vec<String> {
        self.open.as_ref().unwrap().server.verify().unwrap().faults
    }
}
