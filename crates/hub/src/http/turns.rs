//! One writer an upload: the newest request takes over from one that is stuck on a dead connection.

use super::reply::Refused;
use crate::HubError;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::ProblemCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as Gate, OwnedMutexGuard, watch};

/// Above this many uploads the ended ones are forgotten.
const MANY: usize = 1024;

struct Slot {
    newest: watch::Sender<u64>,
    gate: Arc<Gate<()>>,
}

/// Whose turn it is at each upload.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<String, Arc<Slot>>>);

/// The right to touch one upload, until a newer request comes.
pub(super) struct Turn {
    _gate: OwnedMutexGuard<()>,
    newer: watch::Receiver<u64>,
    _slot: Arc<Slot>,
}

impl Turn {
    /// Done when somebody newer wants the upload.
    pub(super) async fn taken_over(&mut self) {
        // an error says that the slot is gone, which cannot be while a turn holds it
        self.newer.changed().await.ok();
    }
}

impl Turns {
    /// Waits for the turn at an upload of whoever has this token; who has it now is asked to flush and leave.
    ///
    /// To be called before anything else is awaited, even before the token is looked at: turns are in the order in which the
    /// requests were read, so no question where an upload stands overtakes bytes that were heard before it.
    pub(super) async fn take(&self, token: Option<&str>, sha256: &str) -> Turn {
        let holder = sha256_hex(token.unwrap_or_default().as_bytes());
        let slot = self.slot(format!("{holder}/{sha256}"));
        slot.newest.send_modify(|n| *n += 1);
        // subscribed after the own number: only newer ones are changes
        let newer = slot.newest.subscribe();
        // fair: who waits gets it in the order of asking, also when somebody newer waits already
        let gate = Arc::clone(&slot.gate).lock_owned().await;
        Turn {
            _gate: gate,
            newer,
            _slot: slot,
        }
    }

    fn slot(&self, key: String) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MANY {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let fresh = || {
            Arc::new(Slot {
                newest: watch::Sender::new(0),
                gate: Arc::default(),
            })
        };
        Arc::clone(slots.entry(key).or_insert_with(fresh))
    }

    /// Asks everybody to flush and leave.
    pub(super) fn interrupt_all(&self) {
        let slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.values() {
            slot.newest.send_modify(|n| *n += 1);
        }
    }
}

/// The refusal of a request that a newer one replaced.
pub(super) fn superseded() -> Refused {
    Refused::from(HubError::because(
        ProblemCode::Conflict,
        "同一个文件有更新的上传请求。",
        "A newer request goes on with this upload.",
    ))
}
