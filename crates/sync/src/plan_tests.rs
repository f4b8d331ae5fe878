//! The plan, state by state.
#![allow(clippy::unwrap_used, clippy::panic)]

use crate::link::LinkError;
use crate::plan::{Action, LONGEST_BACKOFF_MS, LONGEST_OBEYED_MS, POLL_MS, Why, plan};
use crate::rng::Rng;
use crate::state::{
    BlobTask, BlobTrouble, CHUNK_BYTES, LEAST_BATCH_BYTES, Standing, State, TroubleKind, Wish,
};
use doorstep_domain::blob::BlobKind;
use doorstep_domain::wire::{BlobOffer, FIRST_BATCH_BYTES, MAX_BATCH_BYTES, Problem, ProblemCode};
use doorstep_store::WaitingBlob;

const NOW: u64 = 10_000_000;

/// Enrolled, asked a moment ago, nothing to do.
fn idle() -> State {
    let mut state = State::new(Standing::Enrolled);
    state.woken = false;
    state.last_exchange_ms = Some(NOW);
    state
}

fn blob(name: &str, kind: BlobKind) -> BlobTask {
    BlobTask {
        wish: Wish::Wanted,
        ..unasked(name, kind)
    }
}

fn unasked(name: &str, kind: BlobKind) -> BlobTask {
    BlobTask::new(WaitingBlob {
        offer: BlobOffer {
            sha256: name.to_owned(),
            bytes: 400_000,
        },
        visit: "visit/1".to_owned(),
        kind,
    })
}

fn next(state: &State) -> Vec<Action> {
    plan(state, NOW, &mut Rng::new(1))
}

fn refused(code: ProblemCode) -> LinkError {
    LinkError::Refused(Problem {
        code,
        zh: String::new(),
        en: String::new(),
        retry_after_s: None,
        wipe: false,
    })
}

/// What is uploaded, in order.
fn uploads(actions: &[Action]) -> Vec<&str> {
    let name = |a: &'_ Action| matches!(a, Action::Upload { .. });
    let named = actions.iter().filter(|a| name(a));
    named
        .map(|a| match a {
            Action::Upload { sha256, .. } => sha256.as_str(),
            _ => "",
        })
        .collect()
}

fn waits(actions: &[Action]) -> (u64, Why) {
    match actions {
        [Action::Wait { until_ms, why }] => (*until_ms, *why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_token_only_a_code_helps() {
    let state = State::new(Standing::Stranger);
    assert_eq!(next(&state), [Action::EnrolNeeded]);
    let mut state = idle();
    state.failed(&refused(ProblemCode::TokenUnknown), NOW);
    assert_eq!(
        next(&state),
        [Action::EnrolNeeded],
        "the hub forgot it: no hammering"
    );
    state.wake();
    assert!(
        matches!(next(&state)[..], [Action::Exchange { .. }]),
        "somebody asks to try again"
    );
}

#[test]
fn idle_asks_once_a_minute_and_at_once_when_there_is_something() {
    let (until, why) = waits(&next(&idle()));
    assert_eq!((until, why), (NOW + POLL_MS, Why::Idle));
    let later = plan(&idle(), NOW + POLL_MS, &mut Rng::new(1));
    assert!(matches!(later[..], [Action::Exchange { .. }]));
    let mut reasons = [idle(), idle(), idle(), idle()];
    reasons[0].unsent_events = 1;
    reasons[1].more_queued = true;
    reasons[2].woken = true;
    reasons[3].blobs.push(unasked("new", BlobKind::Photo));
    for state in &reasons {
        assert!(
            matches!(next(state)[..], [Action::Exchange { .. }]),
            "{state:?}"
        );
    }
}

#[test]
fn records_then_signatures_then_photos() {
    let mut state = idle();
    state.blobs = vec![
        blob("photo 1", BlobKind::Photo),
        blob("ink", BlobKind::Ink),
        blob("photo 2", BlobKind::Photo),
    ];
    assert_eq!(uploads(&next(&state)), ["ink", "photo 1", "photo 2"]);
    // a photo half through is finished before another is begun, and new records go in between
    state.blobs[2].offset = Some(65_536);
    state.unsent_events = 3;
    let actions = next(&state);
    assert!(matches!(actions[0], Action::Exchange { .. }));
    assert_eq!(uploads(&actions), ["ink", "photo 2", "photo 1"]);
}

#[test]
fn only_what_the_hub_wants_is_sent() {
    let mut state = idle();
    state.blobs = vec![blob("a", BlobKind::Photo), blob("b", BlobKind::Photo)];
    state.blobs[0].wish = Wish::NotNow;
    assert_eq!(uploads(&next(&state)), ["b"]);
}

#[test]
fn one_bad_photo_never_holds_up_the_rest() {
    for trouble in [
        BlobTrouble::Vanished,
        BlobTrouble::Rejected,
        BlobTrouble::Failing,
    ] {
        let mut state = idle();
        state.blobs = vec![blob("bad", BlobKind::Ink), blob("good", BlobKind::Photo)];
        state.blob_steps_back("bad", trouble, NOW);
        assert_eq!(uploads(&next(&state)), ["good"]);
        state.blobs.pop();
        let (until, why) = waits(&next(&state));
        assert_eq!((until, why), (NOW + 30_000, Why::Blob(trouble)));
        let later = plan(&state, until, &mut Rng::new(1));
        assert_eq!(uploads(&later), ["bad"], "its turn comes again");
    }
}

#[test]
fn a_bad_photo_steps_back_further_each_time_and_a_wake_up_brings_it_back() {
    let mut state = idle();
    state.blobs = vec![blob("bad", BlobKind::Photo)];
    let mut waited = Vec::new();
    for _ in 0..10 {
        state.blob_steps_back("bad", BlobTrouble::Rejected, NOW);
        waited.push((state.blobs[0].not_before_ms - NOW) / 1000);
    }
    assert_eq!(waited, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    state.wake();
    assert_eq!(uploads(&next(&state)), ["bad"]);
}

#[test]
fn back_off_doubles_from_two_seconds_to_five_minutes_with_jitter() {
    let mut state = idle();
    state.unsent_events = 1;
    let mut bounds = Vec::new();
    for _ in 0..12 {
        state.failed(&LinkError::Offline, NOW);
        let drawn: Vec<u64> = (0..200)
            .map(|seed| waits(&plan(&state, NOW, &mut Rng::new(seed))).0 - NOW)
            .collect();
        let (least, most) = (*drawn.iter().min().unwrap(), *drawn.iter().max().unwrap());
        assert!(
            least >= 2_000 && most <= LONGEST_BACKOFF_MS,
            "{least} {most}"
        );
        assert!(most > least + least / 4, "jitter: {least} … {most}");
        bounds.push(least);
    }
    assert!(bounds.windows(2).all(|w| w[0] <= w[1]), "{bounds:?}");
    assert!(bounds[11] >= 200_000, "it reaches minutes: {bounds:?}");
    state.exchanged(NOW);
    state.failed(&LinkError::Offline, NOW);
    let again = waits(&next(&state)).0 - NOW;
    assert!(again <= 3_000, "a success resets it: {again}");
}

#[test]
fn a_wake_up_ends_a_back_off_but_not_what_the_hub_asked_for() {
    let mut state = idle();
    for _ in 0..9 {
        state.failed(&LinkError::Offline, NOW);
    }
    state.wake();
    assert!(matches!(next(&state)[..], [Action::Exchange { .. }]));
    let mut limit = Problem {
        code: ProblemCode::TooMany,
        zh: String::new(),
        en: String::new(),
        retry_after_s: Some(40),
        wipe: false,
    };
    state.failed(&LinkError::Refused(limit.clone()), NOW);
    state.wake();
    assert_eq!(
        waits(&next(&state)),
        (NOW + 40_000, Why::Trouble(TroubleKind::TooMany))
    );
    limit.retry_after_s = Some(86_400);
    state.failed(&LinkError::Refused(limit), NOW);
    state.wake();
    assert_eq!(
        waits(&next(&state)).0,
        NOW + LONGEST_OBEYED_MS,
        "not for a day"
    );
}

#[test]
fn every_failure_has_its_word_and_none_is_forgotten() {
    use TroubleKind as K;
    let table = [
        (LinkError::Offline, K::Offline),
        (LinkError::Cut, K::Cut),
        (LinkError::Slow, K::Slow),
        (LinkError::Stranger, K::Portal),
        (LinkError::Nonsense(String::new()), K::NotUnderstood),
        (refused(ProblemCode::TooMany), K::TooMany),
        (refused(ProblemCode::Internal), K::HubFailed),
        (refused(ProblemCode::Unavailable), K::HubFailed),
        (refused(ProblemCode::DiskFull), K::HubFull),
        (refused(ProblemCode::ProtocolUnknown), K::NotUnderstood),
        (refused(ProblemCode::BadRequest), K::NotUnderstood),
    ];
    for (error, kind) in table {
        let mut state = idle();
        state.unsent_events = 1;
        state.failed(&error, NOW);
        assert_eq!(waits(&next(&state)).1, Why::Trouble(kind), "{error}");
        assert_eq!(state.standing, Standing::Enrolled);
    }
}

#[test]
fn the_batch_grows_while_the_link_carries_it_and_halves_after_a_cut() {
    let mut state = idle();
    let mut sizes = vec![state.batch];
    for _ in 0..5 {
        state.exchanged(NOW);
        sizes.push(state.batch);
    }
    let k = 1024;
    assert_eq!(sizes, [16 * k, 32 * k, 64 * k, 128 * k, 256 * k, 256 * k]);
    assert_eq!((sizes[0], sizes[5]), (FIRST_BATCH_BYTES, MAX_BATCH_BYTES));
    for error in [LinkError::Cut, LinkError::Slow] {
        let before = state.batch;
        state.failed(&error, NOW);
        assert_eq!(state.batch, before / 2);
    }
    state.failed(&refused(ProblemCode::Internal), NOW);
    assert_eq!(
        state.batch,
        64 * k,
        "a defect of the hub's is not about size"
    );
    for _ in 0..9 {
        state.failed(&LinkError::Cut, NOW);
    }
    assert_eq!(
        (state.batch, state.chunk),
        (LEAST_BATCH_BYTES, CHUNK_BYTES.0)
    );
}

#[test]
fn a_fork_is_mended_before_anything_is_sent() {
    let mut state = idle();
    state.forked = true;
    state.unsent_events = 5;
    assert_eq!(next(&state), [Action::PullBack]);
    state.standing = Standing::Revoked { wipe: true };
    assert_eq!(next(&state), [Action::PullBack], "a revoked copy, too");
}

#[test]
fn a_cut_inside_a_photo_asks_at_once_where_it_stands() {
    let mut state = idle();
    state.blobs = vec![blob("a", BlobKind::Photo)];
    state.blob_at("a", 65_536, true);
    state.blob_broke("a", &LinkError::Cut, NOW);
    match &next(&state)[..] {
        [Action::Upload { from: None, .. }] => {}
        other => panic!("{other:?}"),
    }
    state.blob_at("a", 100_000, false);
    state.blob_broke("a", &LinkError::Cut, NOW);
    assert_eq!(state.trouble, None, "it went on: no back-off");
    state.blob_broke("a", &LinkError::Cut, NOW);
    assert_eq!(
        waits(&next(&state)).1,
        Why::Trouble(TroubleKind::Cut),
        "no progress"
    );
    state.blob_broke("a", &LinkError::Cut, NOW);
    state.blob_broke("a", &LinkError::Cut, NOW);
    assert_eq!(
        state.blobs[0].trouble,
        Some(BlobTrouble::Failing),
        "and others pass it"
    );
}

#[test]
fn a_full_hub_stops_photos_and_not_records() {
    let mut state = idle();
    state.blobs = vec![blob("a", BlobKind::Photo)];
    state.blobs_refused(&refused(ProblemCode::DiskFull), NOW);
    assert_eq!(waits(&next(&state)).1, Why::Trouble(TroubleKind::HubFull));
    state.unsent_events = 1;
    assert!(matches!(next(&state)[..], [Action::Exchange { .. }]));
}

#[test]
fn a_revoked_device_drains_then_is_wiped_on_order() {
    let mut order = Problem {
        code: ProblemCode::DeviceRevoked,
        zh: String::new(),
        en: String::new(),
        retry_after_s: None,
        wipe: false,
    };
    let mut state = idle();
    state.unsent_events = 2;
    state.blobs = vec![blob("ink", BlobKind::Ink), blob("gone", BlobKind::Photo)];
    state.blobs[1].wish = Wish::Unasked;
    state.failed(&LinkError::Refused(order.clone()), NOW);
    let actions = next(&state);
    assert!(matches!(actions[0], Action::Drain { .. }), "{actions:?}");
    assert_eq!(uploads(&actions), ["ink", "gone"]);
    order.wipe = true;
    state.failed(&LinkError::Refused(order), NOW);
    assert!(
        !next(&state).contains(&Action::Wipe),
        "not before everything is through"
    );
    state.unsent_events = 0;
    state.blobs.remove(0);
    assert_eq!(uploads(&next(&state)), ["gone"]);
    state.blob_steps_back("gone", BlobTrouble::Failing, NOW);
    assert_eq!(
        waits(&next(&state)).1,
        Why::Blob(BlobTrouble::Failing),
        "still unsent work"
    );
    state.blob_steps_back("gone", BlobTrouble::Vanished, NOW);
    assert!(
        matches!(next(&state)[..], [Action::Wait { .. }]),
        "the hub has the last word"
    );
    state.drained = true;
    assert_eq!(
        next(&state),
        [Action::Wipe],
        "a file that is gone keeps nothing alive"
    );
    state.standing = Standing::Revoked { wipe: false };
    assert!(
        matches!(next(&state)[..], [Action::Wait { .. }]),
        "no order, no wipe"
    );
}

#[test]
fn any_state_gives_something_to_do_and_records_first() {
    let mut rng = Rng::new(7);
    for _ in 0..20_000 {
        let state = any_state(&mut rng);
        let actions = plan(&state, NOW, &mut rng);
        assert!(!actions.is_empty(), "{state:?}");
        let alone = |a: &Action| {
            !matches!(
                a,
                Action::Exchange { .. } | Action::Drain { .. } | Action::Upload { .. }
            )
        };
        assert!(
            actions.len() == 1 || !actions.iter().any(alone),
            "{actions:?}"
        );
        for action in &actions {
            match action {
                Action::Wait { until_ms, .. } => {
                    assert!(*until_ms > NOW, "{state:?}");
                    assert!(*until_ms <= NOW + LONGEST_OBEYED_MS, "{state:?}");
                }
                Action::Wipe => {
                    assert_eq!(state.unsent_events, 0, "unsent work is never destroyed")
                }
                Action::Upload { .. } if state.unsent_events > 0 => {
                    let first = &actions[0];
                    assert!(matches!(
                        first,
                        Action::Exchange { .. } | Action::Drain { .. }
                    ));
                }
                _ => {}
            }
        }
    }
}

fn any_state(rng: &mut Rng) -> State {
    let mut state = idle();
    state.standing = match rng.below(4) {
        0 => Standing::Stranger,
        1 => Standing::Revoked {
            wipe: rng.below(2) == 0,
        },
        _ => Standing::Enrolled,
    };
    state.unsent_events = rng.below(3);
    state.more_queued = rng.below(4) == 0;
    state.forked = rng.below(8) == 0;
    state.blobs_closed = rng.below(8) == 0;
    state.drained = rng.below(2) == 0;
    for i in 0..rng.below(4) {
        let kind = if rng.below(2) == 0 {
            BlobKind::Ink
        } else {
            BlobKind::Photo
        };
        let mut blob = blob(&i.to_string(), kind);
        blob.wish =
            [Wish::Wanted, Wish::Unasked, Wish::NotNow][usize::try_from(rng.below(3)).unwrap()];
        state.blobs.push(blob);
        if rng.below(3) == 0 {
            state.blob_steps_back(&i.to_string(), BlobTrouble::Failing, NOW);
        }
    }
    for _ in 0..rng.below(6) {
        state.failed(&LinkError::Cut, NOW - rng.below(400_000));
    }
    if rng.below(4) == 0 {
        state.blobs_refused(&refused(ProblemCode::DiskFull), NOW - rng.below(400_000));
    }
    if rng.below(4) == 0 {
        state.wake();
    }
    state
}
