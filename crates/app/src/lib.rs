//! Use cases and DTOs: the one surface that the shell and the stories call.
//!
//! Synchronous. One [`App`] holds one open profile behind a lock, so there is one writer. Everything a use case
//! needs from the machine (clock, randomness, keystore, folders) comes through [`device::Device`].

pub mod assess;
mod demo;
pub mod desk;
pub mod device;
pub mod dto;
mod error;
pub mod follow;
mod gear;
mod import;
mod kits;
mod moving;
mod orders;
mod packs;
mod photos;
mod pin;
pub mod preview;
mod printing;
mod profile;
pub mod review;
mod signing;
pub mod sync;
mod ticket;
mod today;
mod visits;

pub use error::{AppError, Outcome};

use device::Device;
use doorstep_domain::code::Code;
use doorstep_domain::event::{Actor, BasedOn, Content, write_body};
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::time::Stamp;
use doorstep_store::{Store, Vault};
use packs::Packs;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The application core.
pub struct App {
    device: Arc<dyn Device>,
    root: PathBuf,
    packs: Packs,
    session: Arc<Mutex<Option<Session>>>,
    /// Held while a profile is being opened: two openings at once would lock each other out.
    opening: Mutex<()>,
    sync: sync::Sync,
    imports: Mutex<Option<import::Pending>>,
    /// The standard that is being written, as it was read last.
    draft: Mutex<Option<Arc<LoadedPack>>>,
    photo_fonts: OnceLock<doorstep_photo::Fonts>,
    ticket_fonts: OnceLock<doorstep_ticket::Fonts>,
}

/// One open profile.
struct Session {
    /// Tells this opening from any other: the sync of a profile that was closed must not touch the next.
    id: u64,
    store: Store,
    vault: Vault,
    technician: Actor,
    phone: String,
    demo: bool,
    settings: dto::Settings,
    /// The company's server; none before an enrolment.
    office: Option<sync::dto::Office>,
}

impl Drop for App {
    /// The sync's thread may be at work: it finds the profile closed, and the database is free at once.
    fn drop(&mut self) {
        self.sync.stop();
        *self.lock() = None;
    }
}

impl App {
    /// An app whose profiles live in `root`; opens none yet. Broken packs are noted, never fatal.
    #[must_use]
    pub fn new(root: PathBuf, device: Box<dyn Device>) -> App {
        let packs = Packs::load(&root.join("standards"));
        App {
            device: Arc::from(device),
            root,
            packs,
            session: Arc::default(),
            opening: Mutex::new(()),
            sync: sync::Sync::default(),
            imports: Mutex::new(None),
            draft: Mutex::new(None),
            photo_fonts: OnceLock::new(),
            ticket_fonts: OnceLock::new(),
        }
    }

    /// The session lock. A panic elsewhere must not take the technician's work away with it:
    /// the store itself is transactional, so a poisoned lock is entered all the same.
    fn lock(&self) -> MutexGuard<'_, Option<Session>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opening(&self) -> MutexGuard<'_, ()> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` with the open profile.
    fn with<T>(&self, work: impl FnOnce(&mut Session) -> Outcome<T>) -> Outcome<T> {
        let mut guard = self.lock();
        let session = guard
            .as_mut()
            .ok_or_else(|| AppError::from(Code::NoProfile))?;
        let before = session.store.head().1;
        let outcome = work(session);
        let written = session.store.head().1 != before;
        drop(guard);
        if written {
            self.sync.nudge();
        }
        outcome
    }

    /// Now; refuses a clock that stands before this version was made.
    fn now(&self) -> Outcome<Stamp> {
        let now = self.device.now();
        if now.wall_ms < device::EARLIEST_MS {
            Err(Code::ClockImplausible.into())
        } else {
            Ok(now)
        }
    }

    fn new_id(&self, now: &Stamp) -> String {
        let mut random = [0; 10];
        self.device.random(&mut random);
        let ms = u64::try_from(now.wall_ms).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(ms, &random)
            .into_uuid()
            .to_string()
    }

    fn content<E: Serialize>(
        &self,
        session: &Session,
        now: &Stamp,
        stream: &str,
        event: &E,
        based_on: Option<BasedOn>,
    ) -> Outcome<Content> {
        let (kind, body) = write_body(event).map_err(AppError::internal)?;
        Ok(Content {
            id: self.new_id(now),
            stream: stream.to_owned(),
            kind,
            schema_v: 1,
            actor: session.technician.clone(),
            at: now.clone(),
            based_on,
            body,
        })
    }
}
