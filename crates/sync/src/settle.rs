//! Writes what the hub answered into the store. Each step is durable by itself and harmless to repeat, so that a crash
//! between two of them only means asking again.

use crate::engine::{Engine, Profile, Stop};
use crate::state::{Standing, Wish};
use doorstep_domain::wire::{LogVerdict, SyncRequest, SyncResponse};
use doorstep_store::{Received, Store, StoreError};
use std::collections::BTreeSet;

/// Which log the question was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The one that is written to.
    Current,
    /// One that was given up.
    Retired,
}

/// Answers the streams that changed.
pub(crate) fn settle(
    engine: &mut Engine,
    profile: &impl Profile,
    asked: &Asked,
    request: &SyncRequest,
    response: &SyncResponse,
) -> Result<Vec<String>, Stop> {
    let new_hub = !request.epoch.is_empty() && request.epoch != response.epoch;
    if new_hub {
        engine.probed.clear();
        engine.settled.clear();
    }
    let acked = acknowledged(engine, request, response);
    let write = |store: &mut Store, _: &_| -> Result<Received, StoreError> {
        if new_hub {
            doubt_retired_logs(store)?;
        }
        take_verdict(store, request, response, acked)?;
        let offered: BTreeSet<&String> = request.blobs.iter().map(|b| &b.sha256).collect();
        let stored = response.stored.iter().filter(|s| offered.contains(s));
        let stored: Vec<String> = stored.cloned().collect();
        // the incarnation first: it takes back the receipts of the one before
        let received = store.receive(&response.epoch, &response.deliveries)?;
        store.blobs_stored(&stored)?;
        Ok(received)
    };
    let received = profile.with(write)??;
    match (asked, &response.log) {
        (Asked::Current, LogVerdict::Forked { .. }) => engine.state.forked = true,
        (Asked::Current, LogVerdict::Accepted { .. }) => engine.state.forked = false,
        (Asked::Retired, LogVerdict::Accepted { .. }) => {
            engine.probed.insert(request.log_id.clone());
        }
        // compared next, event for event
        (Asked::Retired, LogVerdict::Forked { .. }) => {}
    }
    let revoked = matches!(engine.state.standing, Standing::Revoked { .. });
    if revoked && (!response.deliveries.is_empty() || answers_one_in_order(request, response)) {
        // a revoked device is given nothing, and refused when nothing is left: this one is in order again
        engine.state.standing = Standing::Enrolled;
        engine.state.blobs_closed = false;
    }
    note_wishes(engine, request, response, new_hub);
    engine.state.more_queued = response.queued_through > received.cursor;
    Ok(received.streams)
}

/// A hub that came back from a backup may miss the end of logs that this device gave up long ago.
fn doubt_retired_logs(store: &mut Store) -> Result<(), StoreError> {
    for log in store.own_logs()?.into_iter().filter(|l| !l.current) {
        store.acknowledge_of(&log.log_id, 0)?;
        store.set_backed_up_through(&log.log_id, 0)?;
    }
    Ok(())
}

/// Up to where the hub says it holds the log; none when it holds another continuation.
fn acknowledged(engine: &Engine, request: &SyncRequest, response: &SyncResponse) -> Option<u64> {
    let LogVerdict::Accepted { acked } = response.log else {
        return None;
    };
    #[cfg(debug_assertions)]
    if engine.forgets_the_check {
        return Some(request.base.seq + request.events.len() as u64);
    }
    // only the defect looks at them
    let _ = (engine, request);
    Some(acked)
}

/// To a revoked device with nothing to send, a hub whose incarnation it knows would have refused this.
fn answers_one_in_order(request: &SyncRequest, response: &SyncResponse) -> bool {
    let level = matches!(response.log, LogVerdict::Accepted { acked } if acked == request.head.seq);
    request.epoch == response.epoch
        && request.events.is_empty()
        && response.wanted.is_empty()
        && level
}

fn take_verdict(
    store: &mut Store,
    request: &SyncRequest,
    response: &SyncResponse,
    acked: Option<u64>,
) -> Result<(), StoreError> {
    if let Some(acked) = acked {
        store.put_flags(&request.log_id, &response.flags)?;
        store.acknowledge_of(&request.log_id, acked)?;
        store.set_backed_up_through(&request.log_id, response.backed_up_through.min(acked))?;
    }
    Ok(())
}

fn note_wishes(engine: &mut Engine, request: &SyncRequest, response: &SyncResponse, new_hub: bool) {
    let wanted: BTreeSet<&String> = response.wanted.iter().collect();
    let offered: BTreeSet<&String> = request.blobs.iter().map(|b| &b.sha256).collect();
    for blob in &mut engine.state.blobs {
        if new_hub {
            // an upload that the old incarnation had begun is not there any more
            (blob.offset, blob.begun, blob.reached) = (None, false, 0);
            blob.wish = Wish::Unasked;
        }
        if offered.contains(&blob.sha256) {
            let wants = wanted.contains(&blob.sha256);
            blob.wish = if wants { Wish::Wanted } else { Wish::NotNow };
        }
    }
}
