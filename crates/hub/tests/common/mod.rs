//! A hub with two teams, and tablets that keep a log and ask it questions.
#![allow(dead_code, clippy::unwrap_used, missing_docs, unreachable_pub)]

use doorstep_domain::event::{Actor, Content, sha256_hex, write_body};
use doorstep_domain::order::{OrderSource, WorkOrder};
use doorstep_domain::standard::JobType;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::wire::*;
use doorstep_hub::{Call, Caller, Hub, HubError, Outcome, office};
use std::path::Path;

pub const NOON: i64 = 1_795_320_000_000;

/// The call number `n`: a minute and other randomness each.
pub fn call(n: u64) -> Call {
    let mut entropy = [7; 32];
    entropy[..8].copy_from_slice(&n.to_le_bytes());
    Call {
        at: stamp(NOON + i64::try_from(n).unwrap() * 60_000),
        entropy,
    }
}

pub fn stamp(ms: i64) -> Stamp {
    Stamp {
        wall_ms: ms,
        offset_min: 480,
        zone: "Asia/Shanghai".to_owned(),
        mono_ms: u64::try_from(ms - NOON + 100_000_000).unwrap_or(0),
        boot_id: "boot".to_owned(),
    }
}

pub fn person(staff_no: &str, name: &str, role: Role, team: &str) -> StaffCard {
    StaffCard {
        actor: Actor {
            staff_no: staff_no.to_owned(),
            name: name.to_owned(),
        },
        phone: "0571-88000000".to_owned(),
        role,
        team: team.to_owned(),
    }
}

/// 一班: lead 1001, technicians 3101 and 3102. 二班: lead 1002, technician 3201. Dispatcher 2001, admin 9001.
pub fn staff() -> Vec<StaffCard> {
    vec![
        person("1001", "马班长", Role::Lead, "一班"),
        person("1002", "方班长", Role::Lead, "二班"),
        person("3101", "周建国", Role::Technician, "一班"),
        person("3102", "李强", Role::Technician, "一班"),
        person("3201", "孙伟", Role::Technician, "二班"),
        person("2001", "何调度", Role::Dispatcher, "调度室"),
        person("9001", "管理员", Role::Admin, "办公室"),
    ]
}

pub fn open(dir: &Path) -> Hub {
    let mut hub = Hub::open(dir, &call(0)).unwrap();
    for card in staff() {
        hub.put_staff(&card, &call(0)).unwrap();
    }
    hub
}

pub fn order(no: &str) -> WorkOrder {
    let start = Moment {
        ms: NOON,
        offset_min: 480,
    };
    WorkOrder {
        no: no.to_owned(),
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
        contracted_mbps: Some(1000),
        note: None,
        supplies: None,
        source: OrderSource::Hub,
    }
}

/// Hands an order in and gives it to somebody; its stream.
pub fn dispatched(hub: &mut Hub, no: &str, staff_no: &str, n: u64) -> String {
    let receipt = hub
        .receive_order(&order(no), &format!("key-{no}"), &office(), &call(n))
        .unwrap();
    hub.assign(no, staff_no, &office(), &call(n + 1)).unwrap();
    receipt.stream
}

/// A tablet: its log, its token, what it received.
#[derive(Clone)]
pub struct Tablet {
    pub token: String,
    pub device: String,
    pub actor: Actor,
    pub log_id: String,
    pub texts: Vec<String>,
    pub acked: u64,
    pub epoch: String,
    pub cursor: u64,
    pub received: Vec<Delivery>,
    pub ids: u64,
    pub blobs: Vec<BlobOffer>,
}

impl Tablet {
    pub fn enrol(hub: &mut Hub, staff_no: &str, n: u64) -> Tablet {
        let code = hub.new_code(staff_no, &call(n)).unwrap();
        let request = EnrolRequest {
            proto: PROTO,
            code,
            device_name: "平板".to_owned(),
        };
        let answer = hub.enrol(&request, &call(n + 1)).unwrap();
        Tablet {
            token: answer.token,
            device: answer.device.clone(),
            actor: answer.staff.actor,
            log_id: format!("log-{}", answer.device),
            texts: Vec::new(),
            acked: 0,
            epoch: answer.epoch,
            cursor: 0,
            received: Vec::new(),
            ids: 0,
            blobs: Vec::new(),
        }
    }

    pub fn caller(&self, hub: &Hub) -> Caller {
        hub.authenticate(&self.token).unwrap()
    }

    pub fn content(&mut self, stream: &str, kind: &str, body: serde_json::Value) -> Content {
        self.ids += 1;
        Content {
            id: format!("{}-{}", self.log_id, self.ids),
            stream: stream.to_owned(),
            kind: kind.to_owned(),
            schema_v: 1,
            actor: self.actor.clone(),
            at: stamp(NOON),
            based_on: None,
            body,
        }
    }

    /// Writes an event of any kind; its text.
    pub fn write(&mut self, stream: &str, kind: &str, body: serde_json::Value) -> String {
        let content = self.content(stream, kind, body);
        self.keep(&content)
    }

    pub fn keep(&mut self, content: &Content) -> String {
        let text = serde_json::to_string(content).unwrap();
        self.texts.push(text.clone());
        text
    }

    pub fn open_visit(&mut self, visit: &str, order: &str) {
        self.open_visit_by(visit, order, &"0".repeat(64));
    }

    pub fn open_visit_by(&mut self, visit: &str, order: &str, pack: &str) {
        let (kind, body) = write_body(&VisitEvent::Opened {
            order: order.to_owned(),
            job: JobType::Install,
            pack: doorstep_domain::visit::PackRef {
                id: "cmcc-broadband".to_owned(),
                version: 1,
                hash: pack.to_owned(),
            },
            technician: self.actor.clone(),
            continues: None,
        })
        .unwrap();
        self.write(visit, &kind, body);
    }

    pub fn submit(&mut self, visit: &str) {
        let (kind, body) = write_body(&VisitEvent::Submitted {
            n: 1,
            outcome: doorstep_domain::visit::Outcome::Completed,
            digest: "d".to_owned(),
        })
        .unwrap();
        self.write(visit, &kind, body);
    }

    /// A small event without consequences.
    pub fn tap(&mut self, visit: &str) {
        self.write(visit, "phone.revealed", serde_json::json!({}));
    }

    pub fn head(&self, seq: usize) -> Head {
        match seq.checked_sub(1).and_then(|i| self.texts.get(i)) {
            Some(text) => Head {
                seq: seq as u64,
                hash: sha256_hex(text.as_bytes()),
            },
            None => Head::default(),
        }
    }

    /// A push of the events after `base` up to `to`.
    pub fn request(&self, base: usize, to: usize) -> SyncRequest {
        let event = |i: usize| WireEvent {
            log_id: self.log_id.clone(),
            seq: i as u64,
            prev: self.head(i - 1).hash,
            text: self.texts[i - 1].clone(),
        };
        SyncRequest {
            proto: PROTO,
            log_id: self.log_id.clone(),
            head: self.head(self.texts.len()),
            base: self.head(base),
            events: (base + 1..=to).map(event).collect(),
            blobs: self.blobs.clone(),
            epoch: self.epoch.clone(),
            cursor: self.cursor,
            page_bytes: 64 * 1024,
            now: stamp(NOON),
        }
    }

    /// Pushes all that is not acknowledged and takes what comes back.
    pub fn sync(&mut self, hub: &mut Hub, n: u64) -> Outcome<SyncResponse> {
        let mut request = self.request(usize::try_from(self.acked).unwrap(), self.texts.len());
        request.now = call(n).at;
        let answer = hub.sync(&self.caller(hub), &request, &call(n))?;
        self.take(&answer);
        Ok(answer)
    }

    pub fn take(&mut self, answer: &SyncResponse) {
        if let LogVerdict::Accepted { acked } = answer.log {
            self.acked = acked;
        }
        if answer.epoch != self.epoch {
            self.epoch.clone_from(&answer.epoch);
            self.cursor = 0;
        }
        for delivery in &answer.deliveries {
            assert_eq!(delivery.n, self.cursor + 1, "a queue has no gaps");
            self.cursor = delivery.n;
            self.received.push(delivery.clone());
        }
    }

    /// Kinds and streams received so far.
    pub fn seen(&self) -> Vec<(String, String)> {
        let read = |d: &Delivery| {
            let content: Content = serde_json::from_str(&d.event.text).unwrap();
            (content.stream, content.kind)
        };
        self.received.iter().map(read).collect()
    }

    pub fn kinds(&self) -> Vec<String> {
        self.seen().into_iter().map(|(_, kind)| kind).collect()
    }
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> ProblemCode {
    outcome.unwrap_err().problem().code
}

pub fn refused(error: &HubError) -> Problem {
    error.problem()
}
