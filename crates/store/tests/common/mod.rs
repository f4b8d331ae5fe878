//! Builders shared by the store's tests and benches: made-up customers, a counted clock, a seeded generator.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use doorstep_domain::event::{Actor, Content, Sealed, write_body};
use doorstep_domain::order::{OrderEvent, OrderSource, WorkOrder};
use doorstep_domain::standard::JobType;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::visit::events::{ItemAnswer, VisitEvent};
use doorstep_domain::visit::{
    Answer, Appointment, Delivery as HandedOver, DeliveryHow, Ink, Outcome, PackRef, Photo,
    PhotoTarget, Proposer, TechnicianSignature, Via,
};
use doorstep_domain::wire::{Delivery, Head, WireEvent};
use doorstep_store::{DataKey, OpenEnv, Store, StoreError, Vault};
use serde::Serialize;
use std::path::Path;

/// 2026-11-22 14:00 +08:00.
pub const NOW: i64 = 1_795_327_200_000;
pub const HOUR: i64 = 3_600_000;

/// SplitMix64: small, seeded, the same everywhere.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.next().to_le_bytes()[0];
        }
    }
}

pub fn key() -> DataKey {
    DataKey::from_bytes([42; 32])
}

pub fn try_open(dir: &Path) -> Result<Store, StoreError> {
    let mut rng = Rng(7);
    let mut random = |out: &mut [u8]| rng.fill(out);
    Store::open(
        dir,
        &key(),
        OpenEnv {
            now_ms: NOW,
            random: &mut random,
        },
    )
}

pub fn open(dir: &Path) -> Store {
    try_open(dir).unwrap()
}

pub fn vault(dir: &Path) -> Vault {
    Vault::open(dir, &key(), NOW).unwrap()
}

pub fn actor() -> Actor {
    Actor {
        staff_no: "3107".to_owned(),
        name: "王建国".to_owned(),
    }
}

/// An id that no other test event of the same `n` has.
pub fn id(n: u64) -> String {
    format!(
        "019a0000-{:04x}-7000-8000-{:012x}",
        n >> 48,
        n & 0xffff_ffff_ffff
    )
}

pub fn at(ms: i64) -> Moment {
    Moment {
        ms,
        offset_min: 480,
    }
}

/// One content; `n` makes its id and its place in time.
pub fn content<T: Serialize>(n: u64, stream: &str, event: &T) -> Content {
    let (kind, body) = write_body(event).unwrap();
    let wall_ms = NOW + i64::try_from(n & 0xffff_ffff).unwrap() * 1000;
    let at = Stamp {
        wall_ms,
        offset_min: 480,
        zone: "Asia/Shanghai".to_owned(),
        mono_ms: n,
        boot_id: "boot-1".to_owned(),
    };
    Content {
        id: id(n),
        stream: stream.to_owned(),
        kind,
        schema_v: 1,
        actor: actor(),
        at,
        based_on: None,
        body,
    }
}

pub fn order(i: u64) -> WorkOrder {
    let surname = ["陈", "林", "黄", "张", "李", "王", "吴", "刘"][(i % 8) as usize];
    let street = ["文三路", "古墩路", "Baker Street", "莫干山路", "学院路"][(i % 5) as usize];
    WorkOrder {
        no: format!("20261122-{i:05}"),
        customer: format!("{surname}女士{i}"),
        phone: format!("1380013{:04}", i % 10_000),
        alternate_contact: None,
        address: format!("杭州市西湖区{street} {} 号 3 幢 1203", i % 300),
        site_note: None,
        service: "宽带 新装 1000M".to_owned(),
        job: JobType::Install,
        standard: "cmcc-broadband".to_owned(),
        promised_start: at(NOW + i64::try_from(i % 500).unwrap() * HOUR / 4),
        promised_end: None,
        deadline: Some(at(NOW + 48 * HOUR)),
        contracted_mbps: Some(1000),
        note: None,
        supplies: None,
        source: OrderSource::Import,
    }
}

pub fn received(n: u64, stream: &str, order: WorkOrder) -> Content {
    content(n, stream, &OrderEvent::Received { order })
}

pub fn opened(n: u64, stream: &str, order: &str) -> Content {
    let pack = PackRef {
        id: "cmcc-broadband".to_owned(),
        version: 1,
        hash: "ab".repeat(32),
    };
    let order = order.to_owned();
    let job = JobType::Install;
    content(
        n,
        stream,
        &VisitEvent::Opened {
            order,
            job,
            pack,
            technician: actor(),
            continues: None,
        },
    )
}

pub fn agreed(n: u64, stream: &str, start_ms: i64) -> Content {
    let appointment = Appointment {
        start: at(start_ms),
        end: None,
        proposed_by: Proposer::Customer,
        note: None,
        change: None,
    };
    content(n, stream, &VisitEvent::AppointmentAgreed { appointment })
}

pub fn answered(n: u64, stream: &str, item: &str) -> Content {
    let answers = vec![ItemAnswer {
        item: item.to_owned(),
        answer: Answer::Tick,
    }];
    content(
        n,
        stream,
        &VisitEvent::ItemsAnswered {
            answers,
            via: Via::Tap,
            claim: None,
        },
    )
}

pub fn concluded(n: u64, stream: &str, outcome: Outcome) -> Content {
    content(n, stream, &VisitEvent::OutcomeSet { outcome })
}

pub fn submitted(n: u64, stream: &str, outcome: Outcome) -> Content {
    content(
        n,
        stream,
        &VisitEvent::Submitted {
            n: 1,
            outcome,
            digest: "cd".repeat(32),
        },
    )
}

/// A photo whose picture and thumbnail lie in the vault under these hashes.
pub fn photographed(n: u64, stream: &str, sha256: &str, thumb_sha256: &str) -> Content {
    let photo = Photo {
        id: id(n),
        target: PhotoTarget::Item {
            item: "label".to_owned(),
        },
        sha256: sha256.to_owned(),
        thumb_sha256: thumb_sha256.to_owned(),
        width: 2048,
        height: 1536,
        bytes: 400_000,
        band_top: 1400,
        phash: "0123456789abcdef".to_owned(),
        crop_phashes: Vec::new(),
        source_sha256: "ef".repeat(32),
        exif_at: None,
        exif_offset: None,
        exif_lat: None,
        exif_lon: None,
    };
    content(n, stream, &VisitEvent::PhotoAdded { photo })
}

/// A signature whose strokes lie in the vault under this hash.
pub fn signed(n: u64, stream: &str, sha256: &str) -> Content {
    let ink = Ink {
        sha256: sha256.to_owned(),
        width: 800,
        height: 300,
        strokes: 3,
        points: 90,
    };
    let signature = TechnicianSignature { ink };
    content(n, stream, &VisitEvent::TechnicianSigned { signature })
}

/// The customer got the copy.
pub fn handed_over(n: u64, stream: &str) -> Content {
    let delivery = HandedOver {
        how: DeliveryHow::Printed,
        note: None,
    };
    content(n, stream, &VisitEvent::DeliveryRecorded { delivery })
}

/// A log somewhere else: another tablet's, or the hub's.
#[derive(Clone)]
pub struct Log {
    pub id: String,
    pub head: Head,
}

impl Log {
    pub fn new(id: &str) -> Log {
        Log {
            id: id.to_owned(),
            head: Head::default(),
        }
    }

    pub fn write(&mut self, content: Content) -> WireEvent {
        self.write_text(Sealed::new(content).unwrap().text)
    }

    /// Whatever the text is.
    pub fn write_text(&mut self, text: String) -> WireEvent {
        let hash = doorstep_domain::event::sha256_hex(text.as_bytes());
        let seq = self.head.seq + 1;
        let before = std::mem::replace(&mut self.head, Head { seq, hash });
        WireEvent {
            log_id: self.id.clone(),
            seq,
            prev: before.hash,
            text,
        }
    }
}

/// Deliveries numbered from `first`.
pub fn numbered(first: u64, events: &[WireEvent]) -> Vec<Delivery> {
    let number = |(n, event): (u64, &WireEvent)| Delivery {
        n,
        event: event.clone(),
    };
    (first..).zip(events).map(number).collect()
}

/// The profile as it lies on disk this moment, elsewhere: what a crash leaves, or a backup takes.
pub fn image(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            image(&entry.path(), &target);
        } else if entry.file_name() != "doorstep.lock" {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
