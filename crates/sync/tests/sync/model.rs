//! A hub in memory that keeps the contract of `domain::wire` to the letter, and nothing else. What it holds is durable
//! the moment it answers; a backup is a copy.

use crate::server::Server;
use doorstep_domain::event::{Actor, Content, Sealed, sha256_hex, write_body};
use doorstep_domain::order::OrderEvent;
use doorstep_domain::wire::{
    Delivery, EventFlag, FlagKind, Head, LogPage, LogVerdict, PROTO, Problem, ProblemCode, Role,
    StaffCard, SyncRequest, SyncResponse, WireEvent,
};
use doorstep_domain::{blob::blobs_of, time::Stamp};
use std::collections::{BTreeMap, BTreeSet};

/// A whole log of one device.
#[derive(Clone, Default)]
pub struct Log {
    pub device: String,
    pub events: Vec<WireEvent>,
    pub backed_up: u64,
}

/// Somebody with a device.
#[derive(Clone)]
pub struct Device {
    pub staff_no: String,
    pub role: Role,
    /// `Some(wipe)`
    pub revoked: Option<bool>,
}

#[derive(Clone, Default)]
pub struct Model {
    pub epoch: String,
    pub devices: BTreeMap<String, Device>,
    pub logs: BTreeMap<String, Log>,
    /// Content id → hash, of everything taken from devices.
    pub contents: BTreeMap<String, String>,
    pub flags: Vec<EventFlag>,
    queues: BTreeMap<String, Vec<WireEvent>>,
    own: Vec<WireEvent>,
    backups: Vec<Model>,
    restores: u64,
    named: BTreeSet<String>,
    uploads: BTreeMap<(String, String), (u64, Vec<u8>)>,
    pub blobs: BTreeMap<String, Vec<u8>>,
    /// No space.
    pub full: bool,
}

pub fn problem(code: ProblemCode) -> Problem {
    Problem {
        code,
        zh: "不行。".to_owned(),
        en: "No.".to_owned(),
        retry_after_s: None,
        wipe: false,
    }
}

fn hash(event: &WireEvent) -> String {
    sha256_hex(event.text.as_bytes())
}

impl Log {
    fn head(&self) -> Head {
        match self.events.last() {
            Some(event) => Head {
                seq: event.seq,
                hash: hash(event),
            },
            None => Head::default(),
        }
    }

    fn at(&self, seq: u64) -> Option<&WireEvent> {
        let index = usize::try_from(seq).unwrap().checked_sub(1)?;
        self.events.get(index)
    }
}

impl Model {
    pub fn new(epoch: &str) -> Model {
        Model {
            epoch: epoch.to_owned(),
            ..Model::default()
        }
    }

    fn round_trip(&mut self, device: &str, request: &SyncRequest) -> Result<SyncResponse, Problem> {
        let known = self.devices.get(device).cloned();
        let known = known.ok_or_else(|| problem(ProblemCode::TokenUnknown))?;
        if request.proto > PROTO {
            return Err(problem(ProblemCode::ProtocolUnknown));
        }
        if self.full {
            return Err(problem(ProblemCode::DiskFull));
        }
        let mut flags = Vec::new();
        let log = self.push(device, &known, request, &mut flags)?;
        let deliveries = match known.revoked {
            Some(_) => Vec::new(),
            None => self.page(&known.staff_no, request),
        };
        let (stored, rest): (Vec<_>, Vec<_>) = request
            .blobs
            .iter()
            .map(|b| b.sha256.clone())
            .partition(|sha256| self.blobs.contains_key(sha256));
        let wanted: Vec<String> = rest
            .into_iter()
            .filter(|s| self.named.contains(s))
            .collect();
        let level = matches!(log, LogVerdict::Accepted { acked } if acked == request.head.seq);
        let nothing_left = request.events.is_empty() && wanted.is_empty() && level;
        if let Some(wipe) = known.revoked
            && nothing_left
            && request.epoch == self.epoch
        {
            return Err(Problem {
                wipe,
                ..problem(ProblemCode::DeviceRevoked)
            });
        }
        let staff = StaffCard {
            actor: Actor {
                staff_no: known.staff_no.clone(),
                name: "某".to_owned(),
            },
            phone: String::new(),
            role: known.role,
            team: "一班".to_owned(),
        };
        Ok(SyncResponse {
            epoch: self.epoch.clone(),
            server_ms: 0,
            log,
            flags,
            deliveries,
            queued_through: self.queues.get(&known.staff_no).map_or(0, Vec::len) as u64,
            wanted,
            stored,
            backed_up_through: self.logs.get(&request.log_id).map_or(0, |l| l.backed_up),
            staff,
            team: None,
        })
    }

    fn push(
        &mut self,
        device: &str,
        known: &Device,
        request: &SyncRequest,
        flags: &mut Vec<EventFlag>,
    ) -> Result<LogVerdict, Problem> {
        let log = self
            .logs
            .entry(request.log_id.clone())
            .or_insert_with(|| Log {
                device: device.to_owned(),
                ..Log::default()
            });
        let head = log.head();
        let base_differs = log
            .at(request.base.seq)
            .is_some_and(|e| hash(e) != request.base.hash);
        let other = |e: &WireEvent| log.at(e.seq).is_some_and(|mine| mine.text != e.text);
        if log.device != device
            || base_differs
            || head.seq > request.head.seq
            || request.events.iter().any(other)
        {
            return Ok(LogVerdict::Forked { head });
        }
        let stale = !request.epoch.is_empty() && request.epoch != self.epoch;
        if stale || request.base.seq > head.seq {
            return Ok(LogVerdict::Accepted { acked: head.seq });
        }
        let mut last = head;
        let mut taken = Vec::new();
        for event in &request.events {
            if event.seq <= last.seq {
                continue;
            }
            if event.seq != last.seq + 1 || event.prev != last.hash {
                return Err(problem(ProblemCode::BadRequest));
            }
            last = Head {
                seq: event.seq,
                hash: hash(event),
            };
            taken.push(event.clone());
        }
        log.events.extend(taken.iter().cloned());
        for event in taken {
            self.take(known, event, flags);
        }
        Ok(LogVerdict::Accepted { acked: last.seq })
    }

    /// Takes one event: content problems are flags, never refusals.
    fn take(&mut self, known: &Device, event: WireEvent, flags: &mut Vec<EventFlag>) {
        let flag = |kind, reason: &str| EventFlag {
            seq: event.seq,
            kind,
            reason: reason.to_owned(),
        };
        let Ok(sealed) = Sealed::parse(event.text.clone()) else {
            flags.push(flag(FlagKind::NeedsAttention, "unreadable"));
            self.flags.extend(flags.iter().cloned());
            return;
        };
        if sealed.content.kind.starts_with("future.") {
            flags.push(flag(FlagKind::Parked, "unknown_kind"));
        }
        if sealed.content.actor.staff_no != known.staff_no {
            flags.push(flag(FlagKind::NeedsAttention, "foreign_actor"));
        }
        match self.contents.get(&sealed.content.id) {
            Some(hash) if *hash == sealed.hash => return,
            Some(_) => {
                flags.push(flag(FlagKind::NeedsAttention, "other_content"));
                return;
            }
            None => {}
        }
        self.contents.insert(sealed.content.id.clone(), sealed.hash);
        self.named
            .extend(blobs_of(&sealed.content).into_iter().map(|b| b.sha256));
        let leads: Vec<String> = self
            .devices
            .values()
            .filter(|d| d.role == Role::Lead && d.staff_no != known.staff_no)
            .map(|d| d.staff_no.clone())
            .collect();
        for lead in BTreeSet::from_iter(leads) {
            self.queues.entry(lead).or_default().push(event.clone());
        }
    }

    fn page(&self, staff_no: &str, request: &SyncRequest) -> Vec<Delivery> {
        let cursor = if request.epoch == self.epoch {
            request.cursor
        } else {
            0
        };
        let mut left = i64::from(request.page_bytes);
        let queue = self.queues.get(staff_no).into_iter().flatten();
        let mut page = Vec::new();
        for (n, event) in (1..).zip(queue).skip(usize::try_from(cursor).unwrap()) {
            let bytes = i64::try_from(event.text.len()).unwrap();
            if request.page_bytes == 0 || (!page.is_empty() && bytes > left) {
                break;
            }
            left -= bytes;
            let event = event.clone();
            page.push(Delivery { n, event });
        }
        page
    }

    /// Dispatch writes to an order's stream, for one person.
    pub fn write(&mut self, to: &str, id: &str, stream: &str, event: &OrderEvent, at: &Stamp) {
        let (kind, body) = write_body(event).unwrap();
        let content = Content {
            id: id.to_owned(),
            stream: stream.to_owned(),
            kind,
            schema_v: 1,
            actor: Actor {
                staff_no: "hub".to_owned(),
                name: "调度".to_owned(),
            },
            at: at.clone(),
            based_on: None,
            body,
        };
        let event = WireEvent {
            log_id: "hub".to_owned(),
            seq: self.own.len() as u64 + 1,
            prev: self.own.last().map(hash).unwrap_or_default(),
            text: Sealed::new(content).unwrap().text,
        };
        self.own.push(event.clone());
        self.queues.entry(to.to_owned()).or_default().push(event);
    }

    fn page_of_log(&self, staff_no: &str, log_id: &str, after: u64) -> Result<LogPage, Problem> {
        let theirs = |l: &&Log| {
            let writer = self.devices.get(&l.device);
            writer.is_some_and(|d| d.staff_no == staff_no)
        };
        let log = self.logs.get(log_id).filter(theirs);
        let log = log.ok_or_else(|| problem(ProblemCode::NotFound))?;
        let after = usize::try_from(after).unwrap();
        Ok(LogPage {
            // small pages, so that every pull-back has several
            events: log.events.iter().skip(after).take(3).cloned().collect(),
            head: log.head(),
        })
    }

    fn begin(&mut self, device: &str, sha256: &str, bytes: u64) -> Result<u64, Problem> {
        if !self.devices.contains_key(device) {
            return Err(problem(ProblemCode::TokenUnknown));
        }
        if self.full {
            return Err(problem(ProblemCode::DiskFull));
        }
        if self.blobs.contains_key(sha256) {
            return Ok(bytes);
        }
        let key = (device.to_owned(), sha256.to_owned());
        let (_, held) = self.uploads.entry(key).or_insert((bytes, Vec::new()));
        Ok(held.len() as u64)
    }

    fn held(&self, device: &str, sha256: &str) -> Result<u64, Problem> {
        if !self.devices.contains_key(device) {
            return Err(problem(ProblemCode::TokenUnknown));
        }
        if let Some(blob) = self.blobs.get(sha256) {
            return Ok(blob.len() as u64);
        }
        let key = (device.to_owned(), sha256.to_owned());
        let held = self
            .uploads
            .get(&key)
            .ok_or_else(|| problem(ProblemCode::NotFound))?;
        Ok(held.1.len() as u64)
    }

    /// Takes what arrived, even when the connection breaks after it.
    fn take_part(
        &mut self,
        device: &str,
        sha256: &str,
        offset: u64,
        bytes: &[u8],
    ) -> Result<u64, Problem> {
        if self.held(device, sha256)? != offset {
            return Err(problem(ProblemCode::Conflict));
        }
        if self.full {
            return Err(problem(ProblemCode::DiskFull));
        }
        let key = (device.to_owned(), sha256.to_owned());
        let Some((whole, held)) = self.uploads.get_mut(&key) else {
            return Ok(offset);
        };
        held.extend_from_slice(bytes);
        let reached = held.len() as u64;
        if reached >= *whole {
            let held = std::mem::take(held);
            self.uploads.remove(&key);
            if sha256_hex(&held) != sha256 {
                return Err(problem(ProblemCode::Conflict));
            }
            self.blobs.insert(sha256.to_owned(), held);
        }
        Ok(reached)
    }

    /// Every log chains from 1 on, and every blob has its hash.
    pub fn faults(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (log_id, log) in &self.logs {
            let mut last = Head::default();
            for event in &log.events {
                if event.seq != last.seq + 1 || event.prev != last.hash {
                    wrong.push(format!("{log_id} breaks at {}", event.seq));
                }
                last = Head {
                    seq: event.seq,
                    hash: hash(event),
                };
            }
        }
        for (sha256, bytes) in &self.blobs {
            if sha256_hex(bytes) != *sha256 {
                wrong.push(format!("blob {sha256} is damaged"));
            }
        }
        wrong
    }
}

impl Server for Model {
    fn sync(&mut self, device: &str, request: &SyncRequest) -> Result<SyncResponse, Problem> {
        self.round_trip(device, request)
    }

    fn log_page(&mut self, device: &str, log_id: &str, after: u64) -> Result<LogPage, Problem> {
        let known = self.devices.get(device);
        let known = known.ok_or_else(|| problem(ProblemCode::TokenUnknown))?;
        self.page_of_log(&known.staff_no, log_id, after)
    }

    fn log_of(&mut self, staff_no: &str, log_id: &str, after: u64) -> Result<LogPage, Problem> {
        self.page_of_log(staff_no, log_id, after)
    }

    fn revoke(&mut self, device: &str) {
        if let Some(known) = self.devices.get_mut(device) {
            known.revoked = Some(true);
        }
    }

    fn enrol(&mut self, device: &str, staff_no: &str, role: Role) {
        let known = Device {
            staff_no: staff_no.to_owned(),
            role,
            revoked: None,
        };
        self.devices.insert(device.to_owned(), known);
    }

    fn open(&mut self, device: &str, sha256: &str, bytes: u64) -> Result<u64, Problem> {
        self.begin(device, sha256, bytes)
    }

    fn offset(&mut self, device: &str, sha256: &str) -> Result<u64, Problem> {
        self.held(device, sha256)
    }

    fn append(
        &mut self,
        device: &str,
        sha256: &str,
        at: u64,
        bytes: &[u8],
    ) -> Result<u64, Problem> {
        self.take_part(device, sha256, at, bytes)
    }

    fn backup(&mut self) -> usize {
        for log in self.logs.values_mut() {
            log.backed_up = log.head().seq;
        }
        let backups = std::mem::take(&mut self.backups);
        let copy = self.clone();
        self.backups = backups;
        self.backups.push(copy);
        self.backups.len() - 1
    }

    fn restore(&mut self, backup: usize) {
        let backups = std::mem::take(&mut self.backups);
        let restores = self.restores + 1;
        *self = Model {
            epoch: format!("epoch-{restores}"),
            restores,
            ..backups[backup].clone()
        };
        self.backups = backups;
    }

    fn set_full(&mut self, full: bool) {
        self.full = full;
    }

    fn dispatch(&mut self, staff_no: &str, n: u64) {
        let stream = format!("order/{n}");
        let event = OrderEvent::Cancelled {
            reason: "客户取消".to_owned(),
        };
        let at = Stamp {
            wall_ms: 0,
            offset_min: 480,
            zone: "Asia/Shanghai".to_owned(),
            mono_ms: 0,
            boot_id: "hub".to_owned(),
        };
        let id = format!("019b0000-0000-7000-8000-{:012x}", n + (self.restores << 32));
        self.write(staff_no, &id, &stream, &event, &at);
    }

    fn epoch(&self) -> String {
        self.epoch.clone()
    }

    fn verify(&self) -> Vec<String> {
        self.faults()
    }
}
