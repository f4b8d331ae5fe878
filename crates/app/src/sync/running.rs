//! The thread that syncs the open profile, and what it said last.

use super::dto::{Office, SyncNews, SyncStanding, SyncWhy};
use super::fetch::fetch_packs;
use super::{Access, Listener};
use crate::desk::keep_team;
use crate::device::Device;
use crate::{App, Session};
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::wire::{StaffCard, TeamNews};
use doorstep_store::{Store, Vault};
use doorstep_sync::engine::{Engine, Profile, Turn, Unavailable};
use doorstep_sync::http::HttpLink;
use doorstep_sync::plan::Why;
use doorstep_sync::state::{BlobTrouble, Standing, TroubleKind};
use doorstep_sync::status::Status;
use doorstep_sync::task::{Machine, Task};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Delivered visits are looked through for what may go this often, ms.
const TIDY_MS: u64 = 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// A running sync and what it said last.
pub(super) struct Running {
    /// Which opening of the profile it syncs.
    pub(super) id: u64,
    pub(super) task: Task,
    pub(super) seen: Arc<Mutex<Seen>>,
}

/// The last word of the thread.
#[derive(Clone, Default)]
pub(super) struct Seen {
    pub(super) status: Status,
    pub(super) working: bool,
    /// Since when there is trouble.
    pub(super) since: Option<Moment>,
    /// When it is tried next, by the wall clock.
    pub(super) next: Option<Moment>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The profile that was open when the thread began; another one is none of its business.
#[derive(Clone)]
pub(super) struct ThisProfile {
    pub(super) session: Arc<Mutex<Option<Session>>>,
    pub(super) id: u64,
}

impl ThisProfile {
    fn enter<R>(&self, work: impl FnOnce(&mut Session) -> R) -> Option<R> {
        let mut guard = lock(&self.session);
        let session = guard.as_mut().filter(|s| s.id == self.id)?;
        Some(work(session))
    }

    /// Name, team and role as the hub has them now.
    fn learn(&self, card: &StaffCard) {
        let told = self.enter(|session| {
            let Some(old) = session.office.clone() else {
                return Ok(());
            };
            let office = Office::new(&old.address, card);
            if office == old && session.phone == card.phone {
                return Ok(());
            }
            session.become_staff(office, &card.phone)
        });
        if let Some(Err(error)) = told {
            tracing::warn!(%error, "the staff card was not kept");
        }
    }

    /// Keeps what the hub tells of the team.
    fn learn_team(&self, team: Option<&TeamNews>) {
        let told = self.enter(|session| keep_team(&mut session.store, team));
        if let Some(Err(error)) = told {
            tracing::warn!(%error, "what the hub tells of the team was not kept");
        }
    }

    /// Fetches packs that are not here; which ones came, and whether none is missing any more.
    fn fetch_packs(&self, access: &Access) -> (Vec<String>, bool) {
        fetch_packs(access, &|work| {
            self.enter(|session| work(&mut session.store));
        })
    }

    /// Deletes photos of visits that are delivered, acknowledged and in a backup of the hub's, after the days of the setting.
    fn tidy(&self, now_ms: i64) {
        let days = self
            .enter(|session| session.settings.keep_days)
            .unwrap_or(0);
        if days == 0 {
            return;
        }
        let before = now_ms.saturating_sub(i64::from(days) * DAY_MS);
        let listed = self.enter(|session| session.store.deletable(before));
        for visit in listed.and_then(Result::ok).unwrap_or_default() {
            // one visit a time: a tap may come in between
            let gone = self.enter(|s| s.store.delete_visit_blobs(&s.vault, &visit, before));
            match gone {
                Some(Ok(files)) => tracing::info!(files, "photos left this device"),
                Some(Err(error)) => tracing::warn!(code = error.code(), "photos stay"),
                None => return,
            }
        }
    }

    /// The office ordered it, and has everything.
    fn wipe(&self, folder: &PathBuf) {
        let mut guard = lock(&self.session);
        if guard.as_ref().is_some_and(|s| s.id == self.id) {
            *guard = None;
            if let Err(error) = std::fs::remove_dir_all(folder) {
                tracing::error!(%error, "the profile was not deleted");
            }
        }
    }
}

impl Profile for ThisProfile {
    fn with<R>(&self, work: impl FnOnce(&mut Store, &Vault) -> R) -> Result<R, Unavailable> {
        self.enter(|session| work(&mut session.store, &session.vault))
            .ok_or(Unavailable::Closed)
    }
}

struct Clock(Arc<dyn Device>);

impl Machine for Clock {
    fn now(&self) -> Stamp {
        self.0.now()
    }

    fn random(&self, out: &mut [u8]) {
        self.0.random(out);
    }
}

/// What the thread takes along.
pub(super) struct Start {
    pub(super) profile: ThisProfile,
    pub(super) device: Arc<dyn Device>,
    pub(super) folder: PathBuf,
    pub(super) listener: Arc<Mutex<Option<Listener>>>,
}

impl Start {
    /// Begins to sync. Without a link there is nothing to do, and the panel says so.
    pub(super) fn go(self, access: &Access) -> Option<Running> {
        let id = self.profile.id;
        let link = HttpLink::new(&access.address, Some(&access.token), Some(&access.hub));
        let link = link.inspect_err(|error| tracing::error!(%error, "no link to the hub"));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut seed = [0; 8];
        self.device.random(&mut seed);
        let engine = Engine::new(Standing::Enrolled, u64::from_le_bytes(seed));
        let (profile, machine) = (self.profile.clone(), Clock(Arc::clone(&self.device)));
        let tell = self.teller(Arc::clone(&seen), access.clone());
        let task = Task::start(engine, link.ok()?, profile, machine, tell);
        let task = task.inspect_err(|error| tracing::error!(%error, "no thread for the sync"));
        Some(Running {
            id,
            task: task.ok()?,
            seen,
        })
    }

    fn teller(
        self,
        seen: Arc<Mutex<Seen>>,
        access: Access,
    ) -> impl FnMut(&Turn, &Status) + Send + 'static {
        let mut last = SyncNews::default();
        let mut tidied = None;
        let mut team = None;
        // a pack may be missing since before this thread began
        let mut packs_due = true;
        move |turn, status| {
            let now = self.device.now();
            if let Some(card) = &status.staff {
                self.profile.learn(card);
                if team.as_ref() != Some(&status.team) {
                    self.profile.learn_team(status.team.as_ref());
                    team = Some(status.team.clone());
                }
            }
            let mut news = {
                let mut seen = lock(&seen);
                seen.take(turn, status, &now);
                seen.news(turn)
            };
            let idle = matches!(turn, Turn::Wait { why: Why::Idle, .. });
            if idle && tidied.is_none_or(|at| now.mono_ms.saturating_sub(at) >= TIDY_MS) {
                tidied = Some(now.mono_ms);
                self.profile.tidy(now.wall_ms);
            }
            packs_due |= news.streams.iter().any(|s| s.starts_with("visit/"));
            if idle && packs_due {
                let (came, all) = self.profile.fetch_packs(&access);
                packs_due = !all;
                news.streams
                    .extend(came.into_iter().map(|hash| format!("pack/{hash}")));
            }
            if matches!(turn, Turn::Wipe) {
                self.profile.wipe(&self.folder);
            }
            if news != last || !news.streams.is_empty() {
                if let Some(listener) = lock(&self.listener).as_ref() {
                    listener(&news);
                }
                last = news;
            }
        }
    }
}

impl Seen {
    fn take(&mut self, turn: &Turn, status: &Status, now: &Stamp) {
        let answered = status.last_success_ms != self.status.last_success_ms;
        self.status = status.clone();
        self.working = matches!(turn, Turn::Worked { .. }) && answered;
        self.next = status.next_ms.map(|ms| {
            let left = i64::try_from(ms.saturating_sub(now.mono_ms)).unwrap_or(i64::MAX);
            Moment {
                ms: now.wall_ms.saturating_add(left),
                offset_min: now.offset_min,
            }
        });
        match (self.why(), turn) {
            (Some(_), _) => {
                self.since.get_or_insert(now.moment());
            }
            (None, Turn::Worked { .. }) if !answered => {}
            (None, _) => self.since = None,
        }
    }

    /// Why nothing is sent.
    pub(super) fn why(&self) -> Option<SyncWhy> {
        match self.status.why? {
            Why::Idle => None,
            Why::Trouble(kind) => Some(of_trouble(kind)),
            Why::Blob(BlobTrouble::Failing) => Some(SyncWhy::PhotoFailing),
            Why::Blob(BlobTrouble::Rejected) => Some(SyncWhy::PhotoRejected),
            Why::Blob(BlobTrouble::Vanished) => Some(SyncWhy::PhotoVanished),
        }
    }

    pub(super) fn standing(&self) -> SyncStanding {
        match self.status.standing {
            Standing::Enrolled => SyncStanding::Enrolled,
            Standing::Stranger => SyncStanding::Stranger,
            Standing::Revoked { .. } => SyncStanding::Revoked,
        }
    }

    fn news(&self, turn: &Turn) -> SyncNews {
        SyncNews {
            // what only stays here waits, too: the chip must not say that all is sent
            waiting: self.status.waiting.lines.max(self.status.given_up as u64),
            working: self.working,
            trouble: self.why(),
            standing: self.standing(),
            streams: match turn {
                Turn::Worked { streams } => streams.clone(),
                _ => Vec::new(),
            },
            wiped: matches!(turn, Turn::Wipe),
        }
    }
}

fn of_trouble(kind: TroubleKind) -> SyncWhy {
    match kind {
        TroubleKind::Offline => SyncWhy::Offline,
        TroubleKind::Cut => SyncWhy::Cut,
        TroubleKind::Slow => SyncWhy::Slow,
        TroubleKind::Portal => SyncWhy::Portal,
        TroubleKind::TooMany => SyncWhy::TooMany,
        TroubleKind::HubFailed => SyncWhy::HubFailed,
        TroubleKind::HubFull => SyncWhy::HubFull,
        TroubleKind::NotUnderstood => SyncWhy::NotUnderstood,
        TroubleKind::Device => SyncWhy::Device,
    }
}

impl App {
    /// The open profile as the thread sees it.
    pub(super) fn this_profile(&self, id: u64) -> ThisProfile {
        ThisProfile {
            session: Arc::clone(&self.session),
            id,
        }
    }
}
