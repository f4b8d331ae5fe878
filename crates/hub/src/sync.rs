//! One round trip: what a device pushes is judged and kept, what waits for it is handed out.

use crate::call::Call;
use crate::error::{HubError, Outcome};
use crate::hub::{self, Hub};
use crate::intake::{self, Pushed};
use crate::people::Caller;
use crate::sql::{blob, delivery, event, people};
use crate::team;
use doorstep_domain::blob::is_blob_name;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::{
    EventFlag, Head, LogPage, LogVerdict, MAX_BATCH_BYTES, PROTO, ProblemCode, Role, SyncRequest,
    SyncResponse,
};
use rusqlite::Transaction;

/// Who syncs: those who work with visits.
pub const SYNCING: [Role; 2] = [Role::Technician, Role::Lead];

/// Most events of one push.
const MAX_EVENTS: usize = 4096;
/// Most blobs offered at once.
const MAX_OFFERS: usize = 1024;

impl Hub {
    /// `POST /v1/sync`. Everything the answer acknowledges is durable.
    ///
    /// # Errors
    /// [`ProblemCode::ProtocolUnknown`], [`ProblemCode::BadRequest`] for a push that is no stretch of a log,
    /// [`ProblemCode::RoleForbids`], [`ProblemCode::DeviceRevoked`] once a revoked device has nothing left to send;
    /// storage trouble.
    pub fn sync(
        &mut self,
        caller: &Caller,
        request: &SyncRequest,
        call: &Call,
    ) -> Outcome<SyncResponse> {
        caller.must_drain_as(&SYNCING)?;
        let hashes = check(request)?;
        self.write(|tx| {
            let log = push(tx, caller, request, &hashes, call)?;
            people::seen(tx, &caller.device, call.now_ms())?;
            answer(tx, caller, request, log, call)
        })
    }

    /// `GET /v1/logs/{log_id}?after=`: a page of an own log as the hub holds it.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`] for an unknown log and for another person's; storage trouble.
    pub fn log_page(&self, caller: &Caller, log_id: &str, after: u64) -> Outcome<LogPage> {
        caller.must_drain_as(&SYNCING)?;
        let missing = || HubError::refused(ProblemCode::NotFound);
        let c = &self.connection;
        let log = event::log(c, log_id)?.ok_or_else(missing)?;
        match delivery::owner(c, &log)? {
            Some(owner) if owner == caller.staff.actor.staff_no => Ok(LogPage {
                events: event::page(c, log_id, after, MAX_BATCH_BYTES)?,
                head: log.head,
            }),
            _ => Err(missing()),
        }
    }
}

/// Holds a push to the form of a log; the hashes of its events.
fn check(request: &SyncRequest) -> Outcome<Vec<String>> {
    if request.proto > PROTO {
        return Err(HubError::refused(ProblemCode::ProtocolUnknown));
    }
    let name_fits = !request.log_id.is_empty() && request.log_id.len() <= 64;
    let base = &request.base;
    if !name_fits
        || request.events.len() > MAX_EVENTS
        || request.blobs.len() > MAX_OFFERS
        || (base.seq == 0) != base.hash.is_empty()
    {
        return Err(HubError::refused(ProblemCode::BadRequest));
    }
    let mut before = base.clone();
    let mut hashes = Vec::with_capacity(request.events.len());
    for event in &request.events {
        let next = event.log_id == request.log_id
            && before.seq.checked_add(1) == Some(event.seq)
            && event.prev == before.hash;
        if !next {
            return Err(HubError::because(
                ProblemCode::BadRequest,
                "推送的记录接不上。",
                "The pushed events are no stretch of one log.",
            ));
        }
        let hash = sha256_hex(event.text.as_bytes());
        before = Head {
            seq: event.seq,
            hash: hash.clone(),
        };
        hashes.push(hash);
    }
    Ok(hashes)
}

/// Judges the push, and takes what is new.
fn push(
    tx: &Transaction<'_>,
    caller: &Caller,
    request: &SyncRequest,
    hashes: &[String],
    call: &Call,
) -> Outcome<LogVerdict> {
    let log = match event::log(tx, &request.log_id)? {
        Some(log) => log,
        None => {
            event::new_log(tx, &request.log_id, &caller.device)?;
            event::Log {
                id: request.log_id.clone(),
                device: caller.device.clone(),
                head: Head::default(),
                backed_up: 0,
            }
        }
    };
    if log.device != caller.device || forked(tx, &log, request, hashes)? {
        return Ok(LogVerdict::Forked { head: log.head });
    }
    let mut acked = log.head.seq;
    if request.base.seq > acked {
        return Ok(LogVerdict::Accepted { acked });
    }
    for (event, hash) in request.events.iter().zip(hashes) {
        if event.seq <= log.head.seq {
            continue;
        }
        let pushed = Pushed {
            event,
            hash,
            device_now: &request.now,
        };
        intake::take(tx, caller, &pushed, call)?;
        acked = event.seq;
    }
    Ok(LogVerdict::Accepted { acked })
}

/// Whether what the device tells of its log contradicts what the hub holds of it.
fn forked(
    tx: &Transaction<'_>,
    log: &event::Log,
    request: &SyncRequest,
    hashes: &[String],
) -> Outcome<bool> {
    if log.head.seq > request.head.seq {
        return Ok(true);
    }
    let mut known = vec![(request.base.seq, &request.base.hash)];
    known.push((request.head.seq, &request.head.hash));
    known.extend(request.events.iter().map(|e| e.seq).zip(hashes));
    for (seq, hash) in known {
        if seq == 0 || seq > log.head.seq {
            continue;
        }
        if event::hash_at(tx, &log.id, seq)?.as_ref() != Some(hash) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn answer(
    tx: &Transaction<'_>,
    caller: &Caller,
    request: &SyncRequest,
    log: LogVerdict,
    call: &Call,
) -> Outcome<SyncResponse> {
    let (mut wanted, mut stored) = (Vec::new(), Vec::new());
    for offer in request.blobs.iter().filter(|o| is_blob_name(&o.sha256)) {
        match blob::stored(tx, &offer.sha256)? {
            Some(_) => stored.push(offer.sha256.clone()),
            None => wanted.push(offer.sha256.clone()),
        }
    }
    let device = people::device(tx, &caller.device)?
        .ok_or_else(|| HubError::refused(ProblemCode::TokenUnknown))?;
    let revoked = device.revoked_ms.is_some();
    let epoch = hub::epoch(tx)?;
    // one that does not know of this incarnation is told first: it may hold again what a restore has lost
    if revoked && request.epoch == epoch && drained(request, &log, &wanted) {
        return Err(Caller {
            wipe: device.wipe,
            ..caller.clone()
        }
        .refused_as_revoked());
    }
    let cursor = if request.epoch == epoch {
        request.cursor
    } else {
        0
    };
    let page_bytes = (request.page_bytes as usize).clamp(1, MAX_BATCH_BYTES);
    let deliveries = match revoked {
        true => Vec::new(),
        false => delivery::page(tx, &caller.device, cursor, page_bytes)?,
    };
    let held = event::log(tx, &request.log_id)?;
    Ok(SyncResponse {
        epoch,
        server_ms: call.now_ms(),
        flags: flags(tx, request, &log)?,
        log,
        deliveries,
        queued_through: if revoked { cursor } else { device.queued },
        wanted,
        stored,
        backed_up_through: held
            .filter(|l| l.device == caller.device)
            .map_or(0, |l| l.backed_up),
        staff: caller.staff.clone(),
        team: team::news(tx, caller, &device)?,
    })
}

/// A revoked device has sent all it holds: nothing pushed, nothing wanted, and the heads are equal.
fn drained(request: &SyncRequest, log: &LogVerdict, wanted: &[String]) -> bool {
    let level = matches!(log, LogVerdict::Accepted { acked } if *acked == request.head.seq);
    request.events.is_empty() && wanted.is_empty() && level
}

/// Flags on what was pushed, also when it had been taken before: the first answer may have been lost.
fn flags(tx: &Transaction<'_>, request: &SyncRequest, log: &LogVerdict) -> Outcome<Vec<EventFlag>> {
    match (log, request.events.first(), request.events.last()) {
        (LogVerdict::Accepted { acked }, Some(first), Some(last)) => {
            event::flags(tx, &request.log_id, first.seq, last.seq.min(*acked))
        }
        _ => Ok(Vec::new()),
    }
}
