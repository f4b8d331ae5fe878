//! What waits, visit by visit, and what the server has confirmed.

use super::dto::{
    PartKind, PartPhoto, SyncItem, SyncItemKind, SyncPanel, SyncStanding, VisitParts,
};
use super::running::{Seen, lock};
use crate::{App, Outcome, Session};
use doorstep_domain::blob::BlobKind;
use doorstep_domain::time::Moment;
use doorstep_store::{BlobPart, WaitingBlob};
use doorstep_sync::state::BlobTask;

const MINUTE_MS: i64 = 60_000;

impl App {
    /// What waits, why, and when it is tried next.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::NoProfile`], storage trouble.
    pub fn sync_panel(&self) -> Outcome<SyncPanel> {
        let seen = lock(&self.sync.running)
            .as_ref()
            .map(|r| lock(&r.seen).clone());
        let now = self.device.now().moment();
        self.with(|session| {
            let standing = match &seen {
                _ if session.demo => SyncStanding::Demo,
                None => SyncStanding::Alone,
                Some(seen) => seen.standing(),
            };
            let seen = match seen {
                Some(seen) if !session.demo => seen,
                _ => return Ok(nothing_waits(standing)),
            };
            let waiting = session.store.waiting(&session.vault)?;
            let blobs = session.store.blobs_waiting(&session.vault, usize::MAX)?;
            let items = self.items(session, &seen, &blobs, now)?;
            let off = seen.status.clock_off_ms.map(|ms| ms / MINUTE_MS);
            Ok(SyncPanel {
                standing,
                working: seen.working,
                why: seen.why(),
                since: seen.since,
                next: seen.next,
                last_success: seen.status.last_success_ms.map(|ms| Moment {
                    ms,
                    offset_min: now.offset_min,
                }),
                records: waiting.events,
                record_bytes: waiting.event_bytes,
                photos: waiting.blobs,
                photo_bytes: waiting.blob_bytes,
                photo_sent: items.iter().map(|i| i.sent).sum(),
                waiting: items,
                lost_photos: waiting.lost_blobs,
                given_up: u32::try_from(seen.status.given_up).unwrap_or(u32::MAX),
                clock_off_min: off.filter(|min| *min != 0),
            })
        })
    }

    /// 现在重试: tries now. Answers the panel as it stands; news come to the listener.
    ///
    /// # Errors
    /// As [`App::sync_panel`].
    pub fn sync_now(&self) -> Outcome<SyncPanel> {
        self.begin_sync()?;
        if let Some(running) = lock(&self.sync.running).as_ref() {
            running.task.wake();
        }
        self.sync_panel()
    }

    /// The device says that there is a network again.
    pub fn network_is_back(&self) {
        if let Some(running) = lock(&self.sync.running).as_ref() {
            running.task.wake();
        }
    }

    /// A visit's parts and which of them the server has.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::NoProfile`], storage trouble.
    pub fn visit_parts(&self, visit: &str) -> Outcome<VisitParts> {
        self.with(|session| {
            let parts = session.store.parts_of(visit)?;
            Ok(VisitParts {
                records: parts.events,
                records_confirmed: parts.confirmed,
                photos: parts
                    .blobs
                    .into_iter()
                    .filter_map(|b| {
                        Some(PartPhoto {
                            kind: part_kind(b.kind)?,
                            sha256: b.sha256,
                            bytes: b.bytes,
                            stored: b.stored,
                            deleted: b.deleted,
                        })
                    })
                    .collect(),
                deletable: session.store.is_deletable(visit, i64::MAX)?,
            })
        })
    }

    /// Records first, then photos, each in the order they are sent.
    fn items(
        &self,
        session: &Session,
        seen: &Seen,
        blobs: &[WaitingBlob],
        now: Moment,
    ) -> Outcome<Vec<SyncItem>> {
        let mut items: Vec<SyncItem> = Vec::new();
        for stream in session.store.streams_waiting()? {
            let visit = stream.visit().map(str::to_owned);
            let known = items.iter_mut().find(|i| i.visit == visit);
            if let Some(item) = known {
                item.records += stream.events;
                item.bytes += stream.bytes;
                continue;
            }
            let mut item = self.item(session, SyncItemKind::Records, visit, now)?;
            item.records = stream.events;
            item.bytes = stream.bytes;
            items.push(item);
        }
        let first_photo = items.len();
        for blob in blobs {
            // a standard belongs to no one visit
            let (kind, visit) = match blob.kind {
                BlobKind::Pack => (SyncItemKind::Standards, None),
                BlobKind::Ink | BlobKind::Photo => (SyncItemKind::Photos, Some(blob.visit.clone())),
            };
            let at = items
                .iter()
                .skip(first_photo)
                .position(|i| i.kind == kind && i.visit == visit);
            let at = match at {
                Some(at) => first_photo + at,
                None => {
                    items.push(self.item(session, kind, visit, now)?);
                    items.len() - 1
                }
            };
            if let Some(item) = items.get_mut(at) {
                item.photos += u32::from(kind == SyncItemKind::Standards);
                item.bytes += blob.offer.bytes;
                item.sent += held(seen, blob);
            }
        }
        Ok(items)
    }

    fn item(
        &self,
        session: &Session,
        kind: SyncItemKind,
        visit: Option<String>,
        now: Moment,
    ) -> Outcome<SyncItem> {
        let row = match &visit {
            Some(visit) => session.store.visit(visit)?,
            None => None,
        };
        let today = match &row {
            Some(row) => self.today_row_of(session, &row.order_stream, now)?,
            None => None,
        };
        let blobs = match &visit {
            Some(visit) => session.store.parts_of(visit)?.blobs,
            None => Vec::new(),
        };
        let count = |which: &dyn Fn(&BlobPart) -> bool| {
            u32::try_from(blobs.iter().filter(|b| which(b)).count()).unwrap_or(u32::MAX)
        };
        Ok(SyncItem {
            kind,
            visit,
            customer: today.as_ref().map(|t| t.customer.clone()),
            short_no: today.as_ref().map(|t| t.short_no.clone()),
            state: today.map(|t| t.state),
            records: 0,
            photos: count(&|b| b.kind == BlobKind::Photo),
            photos_sent: count(&|b| b.kind == BlobKind::Photo && b.stored),
            signatures: count(&|b| b.kind == BlobKind::Ink && !b.stored),
            bytes: 0,
            sent: 0,
        })
    }
}

/// Without a server nothing waits for one.
fn nothing_waits(standing: SyncStanding) -> SyncPanel {
    SyncPanel {
        standing,
        working: false,
        why: None,
        since: None,
        next: None,
        last_success: None,
        waiting: Vec::new(),
        records: 0,
        record_bytes: 0,
        photos: 0,
        photo_bytes: 0,
        photo_sent: 0,
        lost_photos: 0,
        given_up: 0,
        clock_off_min: None,
    }
}

/// How much of a blob the hub holds, as far as that is known.
fn held(seen: &Seen, blob: &WaitingBlob) -> u64 {
    let task = seen
        .status
        .blobs
        .iter()
        .find(|t| t.sha256 == blob.offer.sha256);
    task.map_or(0, |t: &BlobTask| t.offset.unwrap_or(t.reached).min(t.bytes))
}

/// What a part of a visit is called; a standard is none.
fn part_kind(kind: BlobKind) -> Option<PartKind> {
    match kind {
        BlobKind::Photo => Some(PartKind::Photo),
        BlobKind::Ink => Some(PartKind::Signature),
        BlobKind::Pack => None,
    }
}
