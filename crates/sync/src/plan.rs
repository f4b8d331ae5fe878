//! What to do next. Pure: a state, a moment and a seed give a list of actions.

use crate::rng::Rng;
use crate::state::{BlobTask, BlobTrouble, Standing, State, Trouble, TroubleKind, Wish};

/// Without anything to send, the hub is asked this often, ms.
pub const POLL_MS: u64 = 60_000;
/// The first back-off, ms.
pub const FIRST_BACKOFF_MS: u64 = 2_000;
/// No back-off is longer, ms.
pub const LONGEST_BACKOFF_MS: u64 = 300_000;
/// What the hub asks for is obeyed up to here, ms: a defect there must not silence a tablet for a day.
pub const LONGEST_OBEYED_MS: u64 = 900_000;
/// How many uploads a plan names; after each the plan is made anew.
const UPLOADS_AHEAD: usize = 8;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Push, pull and offer blobs.
    Exchange {
        /// Most bytes of event texts, either way.
        max_bytes: usize,
    },
    /// Push only: the device was revoked.
    Drain {
        /// Most bytes of event texts.
        max_bytes: usize,
    },
    /// Fetch the own events that the hub holds and this database does not, and go on under a new log id.
    PullBack,
    /// Send the next piece of a blob.
    Upload {
        /// Which.
        sha256: String,
        /// From where; none: ask the hub first.
        from: Option<u64>,
        /// Most bytes of the piece.
        chunk: usize,
    },
    /// Nothing before that moment, unless something wakes the sync up.
    Wait {
        /// Monotonic ms.
        until_ms: u64,
        /// Why.
        why: Why,
    },
    /// A code from the office is needed.
    EnrolNeeded,
    /// Delete this profile's data: the hub ordered it and has everything.
    Wipe,
}

/// Why the sync waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing to send; the hub is asked now and then.
    Idle,
    /// The last tries failed.
    Trouble(TroubleKind),
    /// Only blobs are left, and each of them failed before.
    Blob(BlobTrouble),
}

/// What to do now, in this order; the first action is always right, the later ones as far as nothing changes.
/// Records come before signatures and tickets, those before photos; when new records are there after a piece of a
/// photo, they go first. A blob that stepped back holds up no other.
#[must_use]
pub fn plan(state: &State, now_ms: u64, rng: &mut Rng) -> Vec<Action> {
    if state.standing == Standing::Stranger && !state.woken {
        return vec![Action::EnrolNeeded];
    }
    if let Some((until_ms, kind)) = held(state.trouble, state.woken, now_ms, rng) {
        let why = Why::Trouble(kind);
        return vec![Action::Wait { until_ms, why }];
    }
    let blobs_held = held(state.blob_trouble, state.woken, now_ms, rng);
    if state.forked {
        return vec![Action::PullBack];
    }
    match state.standing {
        Standing::Revoked { wipe } => drain(state, wipe, now_ms, blobs_held),
        Standing::Enrolled | Standing::Stranger => work(state, now_ms, blobs_held),
    }
}

fn work(state: &State, now_ms: u64, blobs_held: Option<(u64, TroubleKind)>) -> Vec<Action> {
    let poll_at = state
        .last_exchange_ms
        .map_or(0, |ms| ms.saturating_add(POLL_MS));
    let unasked = state.blobs.iter().any(|b| b.wish == Wish::Unasked);
    let due =
        state.woken || state.unsent_events > 0 || state.more_queued || unasked || now_ms >= poll_at;
    let mut actions = Vec::new();
    if due {
        let max_bytes = state.batch;
        actions.push(Action::Exchange { max_bytes });
    }
    if blobs_held.is_none() {
        actions.extend(uploads(state, now_ms, |b| b.wish == Wish::Wanted));
    }
    if actions.is_empty() {
        actions.push(rest(state, now_ms, poll_at, blobs_held));
    }
    actions
}

/// A revoked device sends what it has. The hub's wish list is not known then, so every blob is sent.
fn drain(
    state: &State,
    wipe: bool,
    now_ms: u64,
    blobs_held: Option<(u64, TroubleKind)>,
) -> Vec<Action> {
    let max_bytes = state.batch;
    let poll_at = state
        .last_exchange_ms
        .map_or(0, |ms| ms.saturating_add(POLL_MS));
    let mut actions = Vec::new();
    if state.unsent_events > 0 {
        actions.push(Action::Drain { max_bytes });
    }
    if blobs_held.is_none() && !state.blobs_closed {
        actions.extend(uploads(state, now_ms, |_| true));
    }
    if !actions.is_empty() {
        return actions;
    }
    // a blob whose file is gone will never be sent; it must not keep a customer's data on a lost tablet
    let can_go = |b: &BlobTask| b.trouble != Some(BlobTrouble::Vanished);
    let left = !state.blobs_closed && state.blobs.iter().any(can_go);
    // the order counts as the hub's last word only: one that came back from a backup in between may need what is here
    if wipe && !left && state.drained {
        return vec![Action::Wipe];
    }
    if state.woken || now_ms >= poll_at {
        return vec![Action::Drain { max_bytes }];
    }
    vec![rest(state, now_ms, poll_at, blobs_held)]
}

fn uploads<'a>(
    state: &'a State,
    now_ms: u64,
    may: impl Fn(&BlobTask) -> bool + 'a,
) -> impl Iterator<Item = Action> + 'a {
    let mut ready: Vec<&BlobTask> = state
        .blobs
        .iter()
        .filter(|b| may(b) && b.not_before_ms <= now_ms)
        .collect();
    // stable: the oldest first among equals; what was begun is finished first
    ready.sort_by_key(|b| (b.kind, b.offset.is_none()));
    ready
        .into_iter()
        .take(UPLOADS_AHEAD)
        .map(|b| Action::Upload {
            sha256: b.sha256.clone(),
            from: b.offset,
            chunk: state.chunk,
        })
}

fn rest(
    state: &State,
    now_ms: u64,
    poll_at: u64,
    blobs_held: Option<(u64, TroubleKind)>,
) -> Action {
    let stepped_back = state
        .blobs
        .iter()
        .filter(|b| b.not_before_ms > now_ms)
        .filter_map(|b| Some((b.not_before_ms, Why::Blob(b.trouble?))))
        .min_by_key(|(at, _)| *at);
    let held = blobs_held.map(|(at, kind)| (at, Why::Trouble(kind)));
    let (until_ms, why) = match (held, stepped_back) {
        (Some(held), _) if !state.blobs.is_empty() => (held.0.min(poll_at), held.1),
        (_, Some((at, why))) => (at.min(poll_at), why),
        _ => (poll_at, Why::Idle),
    };
    Action::Wait { until_ms, why }
}

/// Until when a trouble holds things back; none: not any more.
fn held(
    trouble: Option<Trouble>,
    woken: bool,
    now_ms: u64,
    rng: &mut Rng,
) -> Option<(u64, TroubleKind)> {
    let trouble = trouble?;
    // somebody who taps 现在重试 knows more than a back-off; but what the hub asked for is kept
    if woken && trouble.retry_after_ms.is_none() {
        return None;
    }
    let asked = trouble.retry_after_ms.unwrap_or(0).min(LONGEST_OBEYED_MS);
    let own = if woken { 0 } else { backoff(&trouble, rng) };
    // a monotonic clock that lies behind the failure is not the one that measured it
    let since = trouble.at_ms.min(now_ms);
    let until = since.saturating_add(asked.max(own));
    (until > now_ms).then_some((until, trouble.kind))
}

/// From 2 s, doubled with every failure in a row, at most 5 min; half of it again at random, so that a village of
/// tablets does not come back in one second.
fn backoff(trouble: &Trouble, rng: &mut Rng) -> u64 {
    // what cannot be understood will not be understood in two seconds either
    let slower = if trouble.kind == TroubleKind::NotUnderstood {
        5
    } else {
        0
    };
    let doublings = trouble
        .in_a_row
        .saturating_sub(1)
        .saturating_add(slower)
        .min(16);
    let base = (FIRST_BACKOFF_MS << doublings).min(LONGEST_BACKOFF_MS * 2 / 3);
    base + rng.below(base / 2 + 1)
}
