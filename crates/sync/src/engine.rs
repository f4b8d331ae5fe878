//! Carries the plan out: one action a turn, over a link and the open profile.
//!
//! The profile is locked only for reading and writing, never while the hub is asked: a tap never waits for the network.
//! Nothing here is kept over a restart but what lies in the store; what was in flight is asked again.

use crate::link::{Link, LinkError};
use crate::plan::{Action, Why, plan};
use crate::rng::Rng;
use crate::settle::{Asked, settle};
use crate::state::{BlobTask, Standing, State, Trouble, Wish};
use crate::status::Status;
use crate::upload::Piece;
use doorstep_domain::time::Stamp;
use doorstep_domain::wire::{
    BlobOffer, LogVerdict, PROTO, ProblemCode, StaffCard, SyncRequest, SyncResponse,
};
use doorstep_store::{OwnLog, Store, StoreError, Vault};
use std::collections::BTreeSet;

/// So many exchanges without any effect, and the hub is left alone for a while.
const IN_VAIN: u32 = 4;
/// Blobs named to the hub in one exchange.
const OFFERS: usize = 64;

/// The open profile. Locked for the time of `work` only.
pub trait Profile {
    /// Runs `work` with the profile.
    ///
    /// # Errors
    /// [`Unavailable`].
    fn with<R>(&self, work: impl FnOnce(&mut Store, &Vault) -> R) -> Result<R, Unavailable>;
}

/// Why there is no profile to work with.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// It was closed; the sync ends.
    #[error("no profile is open")]
    Closed,
    /// Its disk does not do it now; it is tried again later.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a turn needs from the machine.
pub struct Env<'a> {
    /// All clocks. Waiting goes by the monotonic one: the wall clock may be ten years off.
    pub now: Stamp,
    /// Fills a slice from the operating system's generator.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

/// How a turn ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Something was done or tried; the next turn may follow at once.
    Worked {
        /// Streams that changed by what the hub sent.
        streams: Vec<String>,
    },
    /// Nothing to do before that moment, unless there are new events or a wake-up.
    Wait {
        /// Monotonic ms.
        until_ms: u64,
        /// Why.
        why: Why,
    },
    /// A code from the office is needed.
    EnrolNeeded,
    /// The hub ordered to delete the profile, and has everything.
    Wipe,
    /// The profile is not open.
    Closed,
}

/// The one that syncs.
pub struct Engine {
    pub(crate) state: State,
    rng: Rng,
    held: Option<(Trouble, u64)>,
    /// Retired logs whose place at the hub is known since its incarnation changed.
    pub(crate) probed: BTreeSet<String>,
    /// Retired logs that the hub goes on with in another way, or does not show to this device.
    pub(crate) settled: BTreeSet<String>,
    pub(crate) piece: Option<Piece>,
    pub(crate) status: Status,
    /// Exchanges in a row that the hub answered and that brought nothing further.
    fruitless: u32,
    /// Test-only, see [`Engine::forget_the_acknowledgement_check`].
    #[cfg(debug_assertions)]
    pub(crate) forgets_the_check: bool,
}

/// Stops a turn early.
pub(crate) enum Stop {
    /// The profile was closed.
    Closed,
    /// This device's disk.
    Store(StoreError),
    /// The hub, or the way to it.
    Link(LinkError),
}

impl From<Unavailable> for Stop {
    fn from(error: Unavailable) -> Stop {
        match error {
            Unavailable::Closed => Stop::Closed,
            Unavailable::Store(error) => Stop::Store(error),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Stop {
        Stop::Store(error)
    }
}

impl From<LinkError> for Stop {
    fn from(error: LinkError) -> Stop {
        Stop::Link(error)
    }
}

impl Engine {
    /// An engine at app start; `seed` spreads the tablets' back-offs.
    #[must_use]
    pub fn new(standing: Standing, seed: u64) -> Engine {
        Engine {
            state: State::new(standing),
            rng: Rng::new(seed),
            held: None,
            probed: BTreeSet::new(),
            settled: BTreeSet::new(),
            piece: None,
            status: Status::default(),
            fruitless: 0,
            #[cfg(debug_assertions)]
            forgets_the_check: false,
        }
    }

    /// Test-only: a defect, so that the simulation can show that it would notice. From now on all that was pushed is taken for
    /// acknowledged, whatever the hub says it holds.
    ///
    /// It exists only where debug assertions do, and no release build has them; a cargo feature would leak, by unification,
    /// into the app that is built in one go with the tests.
    #[cfg(debug_assertions)]
    #[doc(hidden)]
    pub fn forget_the_acknowledgement_check(&mut self) {
        self.forgets_the_check = true;
    }

    /// Network change, app start, 现在重试: back-offs end.
    pub fn wake(&mut self) {
        self.state.wake();
    }

    /// The device has a new token.
    pub fn enrolled(&mut self) {
        self.state.standing = Standing::Enrolled;
        self.state.trouble = None;
        self.state.blobs_closed = false;
        self.wake();
    }

    /// What waits, why, and when it is tried next.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// What the engine goes by.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Who the hub said this is, in its last answer.
    #[must_use]
    pub fn staff(&self) -> Option<&StaffCard> {
        self.status.staff.as_ref()
    }

    /// Does the next thing, or tells until when there is none.
    pub fn turn(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        env: &mut Env<'_>,
    ) -> Turn {
        let now_ms = env.now.mono_ms;
        match self.work(link, profile, env) {
            Ok(turn) => {
                self.status.look(&self.state, &turn);
                turn
            }
            Err(Stop::Closed) => Turn::Closed,
            Err(stop) => {
                self.stopped(stop, now_ms);
                let turn = match self.wipes_now(profile, now_ms) {
                    true => Turn::Wipe,
                    false => Turn::Worked {
                        streams: Vec::new(),
                    },
                };
                self.status.look(&self.state, &turn);
                turn
            }
        }
    }

    fn stopped(&mut self, stop: Stop, now_ms: u64) {
        match stop {
            Stop::Link(error) => {
                tracing::info!(%error, "sync: waiting");
                self.state.failed(&error, now_ms);
            }
            Stop::Store(error) => {
                tracing::warn!(code = error.code(), "sync: the device's disk");
                self.state.device_failed(now_ms);
            }
            Stop::Closed => {}
        }
    }

    fn work(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        env: &mut Env<'_>,
    ) -> Result<Turn, Stop> {
        let now_ms = env.now.mono_ms;
        self.look(profile)?;
        if let Some(wait) = self.still_held(now_ms) {
            return Ok(wait);
        }
        let action = plan(&self.state, now_ms, &mut self.rng).into_iter().next();
        let streams = match action {
            Some(Action::Exchange { max_bytes }) => {
                self.exchange(link, profile, env, max_bytes, false)?
            }
            Some(Action::Drain { max_bytes }) => {
                self.exchange(link, profile, env, max_bytes, true)?
            }
            Some(Action::PullBack) => {
                self.pull_back(link, profile, env)?;
                Vec::new()
            }
            Some(Action::Upload { sha256, chunk, .. }) => {
                self.upload(link, profile, &sha256, chunk, now_ms)?;
                Vec::new()
            }
            Some(Action::Wait { until_ms, why }) => {
                let trouble = self
                    .state
                    .trouble
                    .filter(|_| matches!(why, Why::Trouble(_)));
                self.held = trouble.map(|t| (t, until_ms));
                return Ok(Turn::Wait { until_ms, why });
            }
            Some(Action::EnrolNeeded) | None => return Ok(Turn::EnrolNeeded),
            Some(Action::Wipe) => return Ok(Turn::Wipe),
        };
        Ok(Turn::Worked { streams })
    }

    /// The hub has just said that it holds everything, and ordered the wipe. It is carried out in the same turn: a
    /// moment later it could be another hub, back from a backup, that lacks what is deleted here.
    fn wipes_now(&mut self, profile: &impl Profile, now_ms: u64) -> bool {
        self.state.drained
            && self.look(profile).is_ok()
            && plan(&self.state, now_ms, &mut self.rng).first() == Some(&Action::Wipe)
    }

    /// A back-off is drawn once, however often somebody looks.
    fn still_held(&mut self, now_ms: u64) -> Option<Turn> {
        let (trouble, until_ms) = self.held?;
        let same = self.state.trouble == Some(trouble) && !self.state.woken;
        if same && now_ms < until_ms && now_ms >= trouble.at_ms {
            let why = Why::Trouble(trouble.kind);
            return Some(Turn::Wait { until_ms, why });
        }
        self.held = None;
        None
    }

    /// Reads what waits.
    fn look(&mut self, profile: &impl Profile) -> Result<(), Stop> {
        // what stepped back or is not wanted stays listed, and must not hide the rest
        let hidden = self
            .state
            .blobs
            .iter()
            .filter(|b| b.wish == Wish::NotNow || b.trouble.is_some());
        let limit = OFFERS + hidden.count();
        let (waiting, logs, blobs) = profile.with(|store, vault| {
            let blobs = store.blobs_waiting(vault, limit)?;
            Ok::<_, StoreError>((store.waiting(vault)?, store.own_logs()?, blobs))
        })??;
        let retired = logs
            .iter()
            .filter(|l| !l.current && !self.settled.contains(&l.log_id));
        let retired: u64 = retired.map(|l| l.head.seq.saturating_sub(l.acked)).sum();
        let lost = |l: &&OwnLog| l.acked < l.head.seq && self.settled.contains(&l.log_id);
        self.status.given_up = logs.iter().filter(lost).count();
        self.state.unsent_events = waiting.events + retired;
        self.state.unsent_bytes = waiting.event_bytes;
        self.status.waiting = waiting;
        let mut known = std::mem::take(&mut self.state.blobs);
        self.state.blobs = blobs
            .into_iter()
            .map(
                |b| match known.iter().position(|k| k.sha256 == b.offer.sha256) {
                    Some(at) => known.swap_remove(at),
                    None => BlobTask::new(b),
                },
            )
            .collect();
        Ok(())
    }

    fn exchange(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        env: &Env<'_>,
        max_bytes: usize,
        drain: bool,
    ) -> Result<Vec<String>, Stop> {
        self.ask_as_a_former_copy(link, profile, env)?;
        let (asked, request) = self.ask(profile, env, max_bytes, drain)?;
        self.round_trip(link, profile, env, asked, &request)
    }

    fn round_trip(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        env: &Env<'_>,
        asked: Asked,
        request: &SyncRequest,
    ) -> Result<Vec<String>, Stop> {
        let response = match link.exchange(request) {
            Ok(response) => response,
            Err(error) => {
                if error.code() == Some(ProblemCode::DeviceRevoked) {
                    self.status.heard(env.now.wall_ms);
                    if !request.events.is_empty() {
                        self.state.failed(&error, env.now.mono_ms);
                        let why = "it refuses what a revoked device may push".to_owned();
                        return Err(LinkError::Nonsense(why).into());
                    }
                    self.state.drained = asked == Asked::Current;
                }
                return Err(error.into());
            }
        };
        believable(request, &response)?;
        let streams = settle(self, profile, &asked, request, &response)?;
        if asked == Asked::Retired && matches!(response.log, LogVerdict::Forked { .. }) {
            self.compare_retired(link, profile, &request.log_id, &request.head)?;
        }
        if asked == Asked::Current || !request.events.is_empty() {
            self.watch_for_circles(request, &response)?;
        }
        self.state.exchanged(env.now.mono_ms);
        self.status.answered(&response, &env.now);
        Ok(streams)
    }

    fn is_revoked(&self) -> bool {
        matches!(self.state.standing, Standing::Revoked { .. })
    }

    /// A hub that answers and never takes or gives what it should is treated as one that fails: no tablet turns in circles.
    fn watch_for_circles(
        &mut self,
        request: &SyncRequest,
        response: &SyncResponse,
    ) -> Result<(), LinkError> {
        let pushed_in_vain = match response.log {
            LogVerdict::Accepted { acked } => {
                !request.events.is_empty() && acked <= request.base.seq
            }
            LogVerdict::Forked { .. } => true,
        };
        let asked_in_vain =
            request.page_bytes > 0 && self.state.more_queued && response.deliveries.is_empty();
        if !pushed_in_vain && !asked_in_vain {
            self.fruitless = 0;
            return Ok(());
        }
        self.fruitless += 1;
        if self.fruitless < IN_VAIN {
            return Ok(());
        }
        Err(LinkError::Nonsense("it gets nowhere".to_owned()))
    }

    /// A device that has given up a log asks how much of it the hub holds before it pushes more of the present one: a hub
    /// that came back from a backup may miss its end, and must get that first, or a visit's events would stand there
    /// in another order than here.
    fn ask_as_a_former_copy(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        env: &Env<'_>,
    ) -> Result<(), Stop> {
        // to a revoked device the hub says no more than that: it just sends, oldest first
        if self.state.unsent_events == 0 || self.is_revoked() {
            return Ok(());
        }
        let logs = profile.with(|store, _| store.own_logs())??;
        let retired = logs
            .into_iter()
            .filter(|l| !l.current && l.head.seq > 0 && !self.settled.contains(&l.log_id));
        for log in retired
            .filter(|l| l.acked == l.head.seq)
            .collect::<Vec<_>>()
        {
            let (epoch, cursor) = profile.with(|store, _| store.pulled())??;
            let request = SyncRequest {
                proto: PROTO,
                log_id: log.log_id,
                base: log.head.clone(),
                head: log.head,
                events: Vec::new(),
                blobs: Vec::new(),
                epoch,
                cursor,
                page_bytes: 0,
                now: env.now.clone(),
            };
            self.round_trip(link, profile, env, Asked::Retired, &request)?;
        }
        Ok(())
    }

    /// The oldest log first: what a restored hub misses of a retired one comes before what was written since.
    fn ask(
        &self,
        profile: &impl Profile,
        env: &Env<'_>,
        max_bytes: usize,
        drain: bool,
    ) -> Result<(Asked, SyncRequest), Stop> {
        let read = |store: &mut Store, _: &Vault| {
            let pulled = store.pulled()?;
            let behind = store
                .own_logs()?
                .into_iter()
                .find(|l| !l.current && l.acked < l.head.seq && !self.settled.contains(&l.log_id));
            let Some(log) = behind else {
                return Ok((Asked::Current, store.unsent(max_bytes)?, pulled));
            };
            let mut push = store.unsent_of(&log.log_id, max_bytes)?;
            if !self.probed.contains(&log.log_id) && !self.is_revoked() {
                push.events.clear();
                push.base = push.head.clone();
            }
            Ok::<_, StoreError>((Asked::Retired, push, pulled))
        };
        let (asked, push, (epoch, cursor)) = profile.with(read)??;
        let offers = self.state.blobs.iter().filter(|b| b.wish != Wish::Wanted);
        let offer = |b: &BlobTask| BlobOffer {
            sha256: b.sha256.clone(),
            bytes: b.bytes,
        };
        let request = SyncRequest {
            proto: PROTO,
            log_id: push.log_id,
            head: push.head,
            base: push.base,
            events: push.events,
            blobs: offers.take(OFFERS).map(offer).collect(),
            epoch,
            cursor,
            page_bytes: if drain {
                0
            } else {
                u32::try_from(max_bytes).unwrap_or(u32::MAX)
            },
            now: env.now.clone(),
        };
        Ok((asked, request))
    }
}

/// An answer that contradicts its question acknowledges nothing.
fn believable(request: &SyncRequest, response: &SyncResponse) -> Result<(), LinkError> {
    let nonsense = |what: &str| Err(LinkError::Nonsense(what.to_owned()));
    if let LogVerdict::Accepted { acked } = response.log
        && acked > request.head.seq
    {
        return nonsense("it acknowledges events that were never written");
    }
    if response.epoch.is_empty() {
        return nonsense("it has no incarnation");
    }
    let mut last = None;
    for delivery in &response.deliveries {
        if last.is_some_and(|n| delivery.n != n + 1) {
            return nonsense("its deliveries have a gap");
        }
        last = Some(delivery.n);
    }
    let cursor = if response.epoch == request.epoch {
        request.cursor
    } else {
        0
    };
    if response
        .deliveries
        .first()
        .is_some_and(|d| d.n > cursor + 1)
    {
        return nonsense("a delivery is missing");
    }
    Ok(())
}
