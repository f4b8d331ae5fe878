//! The company's server: enrolling, the thread that syncs, and what the chip and the panel say of it.
//!
//! What goes out and comes in is decided in `doorstep-sync`; here it gets the open profile, the token and a listener.

pub mod dto;
mod enrol;
mod fetch;
mod panel;
mod running;

use crate::{App, AppError, Outcome, Session};
use doorstep_domain::event::Actor;
use dto::{Office, SyncNews};
pub(crate) use fetch::asked_hub;
use running::{Running, Start, lock};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

/// Who hears of news; called on the sync's own thread.
pub(crate) type Listener = Box<dyn Fn(&SyncNews) + Send>;

/// Names in the setting table; the database is encrypted.
const ACCESS: &str = "hub";
const OFFICE: &str = "office";

/// What the enrolment gave.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Access {
    address: String,
    hub: String,
    device: String,
    token: String,
}

/// The sync of this app: one thread, while an enrolled profile is open.
#[derive(Default)]
pub(crate) struct Sync {
    running: Mutex<Option<Running>>,
    listener: Arc<Mutex<Option<Listener>>>,
}

impl Sync {
    /// There are new events.
    pub(crate) fn nudge(&self) {
        if let Some(running) = lock(&self.running).as_ref() {
            running.task.nudge();
        }
    }

    /// Ends the thread; what is on its way is let through first.
    pub(crate) fn stop(&self) {
        *lock(&self.running) = None;
    }
}

impl App {
    /// Calls `listener` whenever what waits, why, or what this tablet holds has changed by the sync.
    pub fn on_sync(&self, listener: impl Fn(&SyncNews) + Send + 'static) {
        *lock(&self.sync.listener) = Some(Box::new(listener));
    }

    /// Begins to sync the open profile, when it is enrolled and no thread does so yet.
    ///
    /// # Errors
    /// Storage trouble.
    pub(crate) fn begin_sync(&self) -> Outcome<()> {
        let mut running = lock(&self.sync.running);
        let found = match self.lock().as_ref() {
            Some(session) if !session.demo => (session.id, session.access()?),
            _ => return Ok(()),
        };
        if running.as_ref().is_some_and(|r| r.id == found.0) {
            return Ok(());
        }
        if let (id, Some(access)) = found {
            let start = Start {
                profile: self.this_profile(id),
                device: Arc::clone(&self.device),
                folder: self.folder(doorstep_store::Profile::Real),
                listener: Arc::clone(&self.sync.listener),
            };
            *running = apart(|| start.go(&access))?;
        }
        Ok(())
    }
}

/// Runs `work` on a thread of its own: the shell calls from threads of an async runtime, where the HTTP client must not wait.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Outcome<T> {
    std::thread::scope(|scope| scope.spawn(work).join())
        .map_err(|_| AppError::internal(anyhow::anyhow!("a thread of the sync ended early")))
}

impl Session {
    pub(crate) fn access(&self) -> Outcome<Option<Access>> {
        let text = self.store.setting(ACCESS)?;
        text.map(|t| serde_json::from_str(&t).map_err(AppError::internal))
            .transpose()
    }

    /// Takes on what the hub says of the person who works here.
    fn become_staff(&mut self, office: Office, phone: &str) -> Outcome<()> {
        let text = serde_json::to_string(&office).map_err(AppError::internal)?;
        self.store.set_setting(OFFICE, &text)?;
        self.technician = Actor {
            staff_no: office.staff.staff_no.clone(),
            name: office.staff.name.clone(),
        };
        phone.clone_into(&mut self.phone);
        self.office = Some(office);
        crate::profile::save_person(self)
    }
}

/// The office as it was when it was last heard of.
pub(crate) fn read_office(store: &doorstep_store::Store) -> Outcome<Option<Office>> {
    Ok(store
        .setting(OFFICE)?
        .and_then(|text| serde_json::from_str(&text).ok()))
}
