//! What all handlers share: the hub behind a lock, the clock, limits and counters.

use super::limits::{Limits, Rates};
use super::reply::Refused;
use super::turns::Turns;
use crate::blobs::BlobFolder;
use crate::{Call, Caller, Hub, HubError, Outcome};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use doorstep_domain::wire::ProblemCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Gives every request its time and randomness.
pub type Clock = Arc<dyn Fn() -> Call + Send + Sync>;

/// The handlers' common ground.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    hub: Mutex<Hub>,
    hub_id: String,
    blobs: BlobFolder,
    clock: Clock,
    limits: Limits,
    head: Duration,
    turns: Turns,
    /// Replies by the hundreds of their status: 1xx to 5xx.
    replies: [AtomicU64; 5],
}

impl Shared {
    /// A hub to serve.
    #[must_use]
    pub fn new(hub: Hub, clock: Clock, rates: Rates) -> Shared {
        Shared(Arc::new(Inner {
            hub_id: hub.id().to_owned(),
            blobs: hub.blobs().clone(),
            hub: Mutex::new(hub),
            clock,
            limits: Limits::new(rates),
            head: rates.head,
            turns: Turns::default(),
            replies: Default::default(),
        }))
    }

    pub(super) fn hub_id(&self) -> &str {
        &self.0.hub_id
    }

    pub(super) fn blobs(&self) -> &BlobFolder {
        &self.0.blobs
    }

    pub(super) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// How long the head of a request may take.
    pub(super) fn head(&self) -> Duration {
        self.0.head
    }

    pub(super) fn call(&self) -> Call {
        (self.0.clock)()
    }

    pub(super) fn count(&self, status: u16) {
        let hundreds = usize::from(status / 100).clamp(1, 5) - 1;
        self.0.replies[hundreds].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn replies(&self) -> [u64; 5] {
        std::array::from_fn(|i| self.0.replies[i].load(Ordering::Relaxed))
    }

    /// Asks the hub on a thread that may wait for the disk. Goes on when the client is gone: what was begun is finished.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Hub, &Call) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let shared = self.clone();
        blocking(move || {
            let call = shared.call();
            let mut hub = shared.0.hub.lock().unwrap_or_else(PoisonError::into_inner);
            f(&mut hub, &call)
        })
        .await
    }

    /// The same in the name of whoever the token belongs to, held to their rate.
    pub(super) async fn ask_as<T: Send + 'static>(
        &self,
        headers: &HeaderMap,
        f: impl FnOnce(&mut Hub, &Caller, &Call) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Refused> {
        let shared = self.clone();
        let token = bearer(headers).map(str::to_owned);
        let done = self.ask(move |hub, call| {
            let unknown = || HubError::refused(ProblemCode::TokenUnknown);
            let known = token.ok_or_else(unknown).and_then(|t| hub.authenticate(&t));
            let who = known.as_ref().map_or("", |caller| caller.device.as_str());
            shared.limits().admit(who, call.at.mono_ms)?;
            f(hub, &known?, call)
        });
        Ok(done.await?)
    }

    /// Who calls.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refused> {
        self.ask_as(headers, |_, caller, _| Ok(caller.clone()))
            .await
    }
}

/// Runs what waits for the disk away from the threads that serve the network.
pub(super) async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    match tokio::task::spawn_blocking(f).await {
        Ok(done) => done,
        Err(broken) => Err(HubError::Damaged(format!("a task ended early: {broken}"))),
    }
}

/// The token of `Authorization: Bearer …`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
