//! First start, opening, settings. Two profile folders: `demo` (made-up orders, never syncs) and `main`.

use crate::dto::{
    Boot, BootState, FirstScreen, NewProfile, Settings, Theme, TodayQuery, keep_days,
};
use crate::{App, AppError, Outcome, Session, demo, pin};
use doorstep_domain::code::Code;
use doorstep_domain::event::Actor;
use doorstep_domain::text::Lang;
use doorstep_domain::wire::Role;
use doorstep_store::{
    DataKey, KeyError, NewKey, OpenEnv, Profile, Store, Vault, create_envelope, open_envelope,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// PIN of the demo profile, told on its screen.
const DEMO_PIN: &str = "1234";
/// Rows of Today that come with the first answer: a page of the list (`PAGE` in `useToday.ts`).
const FIRST_ROWS: u32 = 50;

#[derive(Serialize, Deserialize)]
struct Person {
    name: String,
    staff_no: String,
    phone: String,
}

impl App {
    pub(crate) fn folder(&self, profile: Profile) -> PathBuf {
        self.root.join(match profile {
            Profile::Demo => "demo",
            Profile::Real => "main",
        })
    }

    /// Opens what can be opened without asking and tells which screen comes first.
    ///
    /// # Errors
    /// Damaged, newer, unreadable or already opened profiles, each with its own code.
    pub fn boot(&self) -> Outcome<Boot> {
        let state = self.open_profile()?;
        self.begin_sync()?;
        Ok(self.boot_as(state))
    }

    /// Opens what can be opened without asking; [`App::boot`] then finds it open.
    ///
    /// # Errors
    /// As [`App::boot`].
    pub fn open_profile(&self) -> Outcome<BootState> {
        let _one_at_a_time = self.opening();
        if self.lock().is_none() {
            for profile in [Profile::Real, Profile::Demo] {
                match self.open(profile, None) {
                    Ok(()) => break,
                    Err(NotOpened::Absent) => {}
                    Err(NotOpened::Ask) => return Ok(BootState::Locked),
                    Err(NotOpened::Failed(error)) => return Err(error),
                }
            }
        }
        let open = self.lock().is_some();
        Ok(if open {
            BootState::Ready
        } else {
            BootState::FirstStart
        })
    }

    pub(crate) fn boot_as(&self, state: BootState) -> Boot {
        let (handover, role) = self.lock().as_ref().map_or((None, None), |session| {
            (
                with_customer(session),
                session.office.as_ref().map(|o| o.role),
            )
        });
        // a lead's window opens at the desk
        let on_the_road = handover.is_none() && role != Some(Role::Lead);
        let first = (matches!(state, BootState::Ready) && on_the_road)
            .then(|| self.first_screen().ok())
            .flatten();
        let guard = self.lock();
        let session = guard.as_ref();
        Boot {
            state,
            settings: session.map_or_else(defaults, |s| s.settings.clone()),
            technician: session.map(|s| s.technician.clone()),
            demo: session.is_some_and(|s| s.demo),
            role,
            office: session.and_then(|s| s.office.clone()),
            handover,
            now: self.device.now().moment(),
            broken_packs: self.packs.broken.clone(),
            packs: self.packs.choices(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            first,
        }
    }

    /// One answer instead of three questions: each costs a frame at start-up. Trouble is told when the page asks.
    fn first_screen(&self) -> Outcome<FirstScreen> {
        let today = self.today(&TodayQuery {
            search: None,
            offset: 0,
            limit: FIRST_ROWS,
        })?;
        let next = match &today.next {
            Some(order) => Some(self.order_detail(order)?),
            None => None,
        };
        Ok(FirstScreen { today, next })
    }

    /// 试用演示: a profile with today's made-up orders.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn start_demo(&self) -> Outcome<Boot> {
        let now = self.now()?;
        let _one_at_a_time = self.opening();
        // a second tap while the first was still at work
        if self.lock().is_some() {
            return Ok(self.boot_as(BootState::Ready));
        }
        let folder = self.folder(Profile::Demo);
        let key = self.demo_key(&folder)?;
        let mut session = self.session(&folder, &key, true)?;
        session.technician = demo::technician();
        session.phone = demo::PHONE.to_owned();
        save_person(&mut session)?;
        self.set_pin(&mut session, DEMO_PIN)?;
        if session.store.event_count() == 0 {
            let orders = demo::orders(now.moment());
            self.receive(&mut session, &now, orders)?;
        }
        *self.lock() = Some(session);
        Ok(self.boot_as(BootState::Ready))
    }

    fn demo_key(&self, folder: &Path) -> Outcome<DataKey> {
        match open_envelope(folder, Profile::Demo, self.device.keystore(), None) {
            Ok(opened) => Ok(opened.key),
            Err(KeyError::NoEnvelope) => {
                let mut random = |bytes: &mut [u8]| self.device.random(bytes);
                Ok(create_envelope(
                    folder,
                    Profile::Demo,
                    NewKey::PlainDemo,
                    &mut random,
                )?)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Ends the demo and forgets its data.
    ///
    /// # Errors
    /// [`Code::NoProfile`] outside the demo; storage trouble.
    pub fn leave_demo(&self) -> Outcome<Boot> {
        let mut guard = self.lock();
        if !guard.as_ref().is_some_and(|s| s.demo) {
            return Err(Code::NoProfile.into());
        }
        *guard = None;
        drop(guard);
        std::fs::remove_dir_all(self.folder(Profile::Demo))
            .map_err(|e| AppError::caused(Code::Storage, e))?;
        self.boot()
    }

    /// 开始使用: the profile for real customers. Its key lies in the keystore, or under a passphrase where
    /// there is none.
    ///
    /// # Errors
    /// [`Code::ProfileInvalid`], [`Code::PinInvalid`], [`Code::PassphraseNeeded`], [`Code::PassphraseShort`],
    /// storage trouble. Nothing is left behind then.
    pub fn start_real(&self, new: &NewProfile) -> Outcome<Boot> {
        self.now()?;
        let person = Person {
            name: new.name.trim().to_owned(),
            staff_no: new.staff_no.trim().to_owned(),
            phone: new.phone.trim().to_owned(),
        };
        let sound = |text: &str, max: usize| !text.is_empty() && text.chars().count() <= max;
        if !sound(&person.name, 40) || !sound(&person.staff_no, 20) || !sound(&person.phone, 20) {
            return Err(Code::ProfileInvalid.into());
        }
        pin::check_shape(&new.pin)?;
        let _one_at_a_time = self.opening();
        if self.lock().is_some() {
            return Ok(self.boot_as(BootState::Ready));
        }
        let folder = self.folder(Profile::Real);
        let key = self.real_key(&folder, new.passphrase.as_deref())?;
        let mut session = self.session(&folder, &key, false)?;
        session.technician = Actor {
            staff_no: person.staff_no,
            name: person.name,
        };
        session.phone = person.phone;
        save_person(&mut session)?;
        self.set_pin(&mut session, &new.pin)?;
        *self.lock() = Some(session);
        Ok(self.boot_as(BootState::Ready))
    }

    pub(crate) fn real_key(&self, folder: &Path, passphrase: Option<&str>) -> Outcome<DataKey> {
        let mut random = |bytes: &mut [u8]| self.device.random(bytes);
        let passphrase = passphrase.filter(|p| !p.is_empty());
        let how = match passphrase {
            Some(passphrase) => NewKey::Passphrase(passphrase),
            None => NewKey::Keystore(self.device.keystore()),
        };
        match create_envelope(folder, Profile::Real, how, &mut random) {
            Ok(key) => Ok(key),
            // begun before and interrupted: go on with the same key
            Err(KeyError::AlreadyThere) => {
                Ok(open_envelope(folder, Profile::Real, self.device.keystore(), passphrase)?.key)
            }
            Err(error @ KeyError::KeystoreUnavailable(_)) => {
                Err(AppError::caused(Code::PassphraseNeeded, error))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a profile that lies under a passphrase.
    ///
    /// # Errors
    /// [`Code::PassphraseWrong`], storage trouble.
    pub fn unlock(&self, passphrase: &str) -> Outcome<Boot> {
        let _one_at_a_time = self.opening();
        if self.lock().is_some() {
            return Ok(self.boot_as(BootState::Ready));
        }
        match self.open(Profile::Real, Some(passphrase)) {
            Ok(()) => {
                self.begin_sync()?;
                Ok(self.boot_as(BootState::Ready))
            }
            Err(NotOpened::Absent) => Err(Code::NoProfile.into()),
            Err(NotOpened::Ask) => Err(Code::PassphraseNeeded.into()),
            Err(NotOpened::Failed(error)) => Err(error),
        }
    }

    fn open(&self, profile: Profile, passphrase: Option<&str>) -> Result<(), NotOpened> {
        let folder = self.folder(profile);
        let opened = open_envelope(&folder, profile, self.device.keystore(), passphrase);
        let key = opened.map_err(|error| match error {
            KeyError::NoEnvelope => NotOpened::Absent,
            KeyError::NeedsPassphrase => NotOpened::Ask,
            other => NotOpened::Failed(other.into()),
        })?;
        let session = self.session(&folder, &key.key, profile == Profile::Demo);
        let session = session.map_err(NotOpened::Failed)?;
        // a first start that was interrupted before the person was known starts over
        if session.technician.staff_no.is_empty() {
            return Err(NotOpened::Absent);
        }
        *self.lock() = Some(session);
        Ok(())
    }

    pub(crate) fn session(&self, folder: &Path, key: &DataKey, demo: bool) -> Outcome<Session> {
        let now_ms = self.device.now().wall_ms;
        let mut random = |bytes: &mut [u8]| self.device.random(bytes);
        let store = Store::open(
            folder,
            key,
            OpenEnv {
                now_ms,
                random: &mut random,
            },
        )?;
        let vault = Vault::open(folder, key, now_ms)?;
        let read = |name: &str| -> Outcome<Option<String>> { Ok(store.setting(name)?) };
        let person: Option<Person> = read("person")?.and_then(|t| serde_json::from_str(&t).ok());
        let settings = read("settings")?.and_then(|t| serde_json::from_str(&t).ok());
        let person = person.unwrap_or(Person {
            name: String::new(),
            staff_no: String::new(),
            phone: String::new(),
        });
        let office = crate::sync::read_office(&store)?;
        let mut id = [0; 8];
        self.device.random(&mut id);
        Ok(Session {
            id: u64::from_le_bytes(id),
            office,
            store,
            vault,
            technician: Actor {
                staff_no: person.staff_no,
                name: person.name,
            },
            phone: person.phone,
            demo,
            settings: settings.unwrap_or_else(defaults),
        })
    }

    /// Saves settings.
    ///
    /// # Errors
    /// [`Code::NoProfile`], storage trouble.
    pub fn save_settings(&self, settings: &Settings) -> Outcome<Settings> {
        let settings = Settings {
            scale: settings.scale.clamp(100, 150),
            ..settings.clone()
        };
        self.with(|session| {
            let text = serde_json::to_string(&settings).map_err(AppError::internal)?;
            session.store.set_setting("settings", &text)?;
            session.settings = settings.clone();
            Ok(settings)
        })
    }
}

/// How opening can end beside well.
enum NotOpened {
    /// No such profile.
    Absent,
    /// Its key needs the passphrase.
    Ask,
    /// Anything else.
    Failed(AppError),
}

pub(crate) fn save_person(session: &mut Session) -> Outcome<()> {
    let person = Person {
        name: session.technician.name.clone(),
        staff_no: session.technician.staff_no.clone(),
        phone: session.phone.clone(),
    };
    let text = serde_json::to_string(&person).map_err(AppError::internal)?;
    Ok(session.store.set_setting("person", &text)?)
}

/// The visit whose tablet is with the customer. Trouble reading it shows on the page that follows.
fn with_customer(session: &Session) -> Option<String> {
    let visits = session.store.open_visits().unwrap_or_default();
    visits.into_iter().find(|v| v.in_handover).map(|v| v.stream)
}

fn defaults() -> Settings {
    Settings {
        lang: Lang::Zh,
        theme: Theme::Light,
        scale: 100,
        keep_days: keep_days(),
    }
}
