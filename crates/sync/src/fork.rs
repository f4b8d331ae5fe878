//! This device is a copy: the hub's continuation of the own log is fetched, and the own one goes on under a new log id.

use crate::engine::{Engine, Env, Profile, Stop};
use crate::link::{Link, LinkError};
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::{Head, ProblemCode, WireEvent};
use doorstep_store::{StoreError, TakeBack};

/// Pages of an own log that are fetched for one pull-back; a log has some thousand events of some hundred bytes.
const PAGES: usize = 4096;

impl Engine {
    /// Fetches the hub's continuation of the own log and goes on under a new log id.
    pub(crate) fn pull_back(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        env: &mut Env<'_>,
    ) -> Result<(), Stop> {
        let push = profile.with(|store, _| store.unsent(0))??;
        let mut id = [0; 16];
        (env.random)(&mut id);
        let new_log_id = hex::encode(id);
        let mut after = push.base.seq;
        loop {
            let pulled = whole_log(link, &push.log_id, after)?;
            let done = profile.with(|store, _| store.take_back(after, &pulled, &new_log_id))?;
            match done {
                Ok(TakeBack::Done(told)) => {
                    tracing::warn!(
                        ?told,
                        "sync: this device is a copy, going on under a new log id"
                    );
                    self.state.forked = false;
                    self.state.trouble = None;
                    return Ok(());
                }
                // an empty answer does not tell whether the log is the same up to here
                Ok(TakeBack::AskFromStart) if after > 0 => after = 0,
                Ok(TakeBack::AskFromStart) | Err(StoreError::Unsound { .. }) => {
                    let why = "the own log does not chain".to_owned();
                    return Err(LinkError::Nonsense(why).into());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The hub's copy of a log that was given up here goes on: another copy of this device writes it. When it holds our end
    /// all is well. When it does not, it lost that end in a restore, and nobody can put it there any more.
    pub(crate) fn compare_retired(
        &mut self,
        link: &mut impl Link,
        profile: &impl Profile,
        log_id: &str,
        head: &Head,
    ) -> Result<(), Stop> {
        let theirs = match link.log_page(log_id, head.seq.saturating_sub(1)) {
            Ok(page) => page.events.into_iter().next(),
            Err(e) if not_shown(&e) => None,
            Err(e) => return Err(e.into()),
        };
        let same = |e: &WireEvent| e.seq == head.seq && sha256_hex(e.text.as_bytes()) == head.hash;
        if theirs.as_ref().is_some_and(same) {
            profile.with(|store, _| store.acknowledge_of(log_id, head.seq))??;
            self.probed.insert(log_id.to_owned());
        } else {
            tracing::warn!("sync: the hub holds another continuation of a retired log");
            self.settled.insert(log_id.to_owned());
        }
        Ok(())
    }
}

/// The log is another device's at the hub, or this one may not read any more.
fn not_shown(error: &LinkError) -> bool {
    matches!(
        error.code(),
        Some(ProblemCode::NotFound | ProblemCode::RoleForbids | ProblemCode::DeviceRevoked)
    )
}

/// All of an own log after a number. A log that the hub does not show to this device (it is another's there) is none.
fn whole_log(link: &mut impl Link, log_id: &str, after: u64) -> Result<Vec<WireEvent>, LinkError> {
    let mut events: Vec<WireEvent> = Vec::new();
    for _ in 0..PAGES {
        let from = events.last().map_or(after, |e| e.seq);
        let page = match link.log_page(log_id, from) {
            Ok(page) => page,
            Err(e) if not_shown(&e) => return Ok(Vec::new()),
            Err(e) => return Err(e),
        };
        if page.events.is_empty() {
            return Ok(events);
        }
        let whole = page.events.last().is_some_and(|e| e.seq >= page.head.seq);
        if page.events.first().is_none_or(|e| e.seq != from + 1) {
            return Err(LinkError::Nonsense(
                "a page of the own log has a gap".to_owned(),
            ));
        }
        events.extend(page.events);
        if whole {
            return Ok(events);
        }
    }
    Err(LinkError::Nonsense("the own log has no end".to_owned()))
}
