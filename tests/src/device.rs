//! A machine whose clock is set by hand, whose randomness counts and whose keystore is a map.

use doorstep_app::App;
use doorstep_app::device::Device;
use doorstep_app::dto::NewProfile;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_store::{Keystore, KeystoreError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

/// The clock of a [`Desk`].
#[derive(Clone, Default)]
pub struct Clock(Arc<AtomicI64>, Arc<OnceLock<Instant>>);

impl Clock {
    /// Sets it.
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.ms, Ordering::SeqCst);
    }

    /// Lets the time since the start run on: back-offs of the sync go by it.
    pub fn run(&self) {
        self.1.get_or_init(Instant::now);
    }

    fn mono_ms(&self) -> u64 {
        let running = self.1.get().map(|since| since.elapsed().as_millis());
        running.map_or(0, |ms| u64::try_from(ms).unwrap_or(u64::MAX))
    }

    /// What it shows, ms since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Sets it to a time of the stories' day.
    pub fn hm(&self, hm: &str) {
        self.set(crate::at(hm));
    }
}

/// Secrets by service and account.
pub type Secrets = BTreeMap<(String, String), Vec<u8>>;

/// A keystore in memory that can fall silent.
#[derive(Clone, Default)]
pub struct Keys {
    secrets: Arc<Mutex<Secrets>>,
    silent: Arc<AtomicBool>,
}

impl Keys {
    /// No keystore answers any more.
    pub fn silence(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    /// The keystore loses everything.
    pub fn forget(&self) {
        self.secrets.lock().expect("keys").clear();
    }

    /// Everything it keeps.
    #[must_use]
    pub fn kept(&self) -> Secrets {
        self.secrets.lock().expect("keys").clone()
    }

    /// Answers again, with what it kept.
    pub fn restore(&self, kept: Secrets) {
        *self.secrets.lock().expect("keys") = kept;
        self.silent.store(false, Ordering::SeqCst);
    }

    fn answer(&self) -> Result<(), KeystoreError> {
        if self.silent.load(Ordering::SeqCst) {
            return Err(KeystoreError::Unavailable("no bus".to_owned()));
        }
        Ok(())
    }
}

impl Keystore for Keys {
    fn get(&self, service: &str, account: &str) -> Result<Option<Vec<u8>>, KeystoreError> {
        self.answer()?;
        let name = (service.to_owned(), account.to_owned());
        Ok(self.secrets.lock().expect("keys").get(&name).cloned())
    }

    fn set(&self, service: &str, account: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        self.answer()?;
        let name = (service.to_owned(), account.to_owned());
        self.secrets
            .lock()
            .expect("keys")
            .insert(name, secret.to_vec());
        Ok(())
    }

    fn delete(&self, service: &str, account: &str) -> Result<(), KeystoreError> {
        self.answer()?;
        let name = (service.to_owned(), account.to_owned());
        self.secrets.lock().expect("keys").remove(&name);
        Ok(())
    }
}

struct FixedDevice {
    clock: Clock,
    keys: Keys,
    counter: Arc<AtomicU64>,
    documents: PathBuf,
}

impl Device for FixedDevice {
    fn now(&self) -> Stamp {
        Stamp {
            wall_ms: self.clock.0.load(Ordering::SeqCst),
            offset_min: 480,
            zone: "Asia/Shanghai".to_owned(),
            mono_ms: self.clock.mono_ms(),
            boot_id: "boot-1".to_owned(),
        }
    }

    /// Differs in every call, and is the same in every run.
    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes.chunks_mut(8) {
            let n = self.counter.fetch_add(1, Ordering::SeqCst) + 1;
            let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ n;
            byte.copy_from_slice(&mixed.to_be_bytes()[..byte.len()]);
        }
    }

    fn keystore(&self) -> &dyn Keystore {
        &self.keys
    }

    fn documents(&self) -> PathBuf {
        self.documents.clone()
    }
}

/// A tablet: folders, a clock, a keystore, and the app as it was last started.
pub struct Desk {
    /// The app.
    pub app: App,
    /// Its clock.
    pub clock: Clock,
    /// Its keystore.
    pub keys: Keys,
    counter: Arc<AtomicU64>,
    folder: tempfile::TempDir,
}

impl Default for Desk {
    fn default() -> Desk {
        Desk::new()
    }
}

impl Desk {
    /// A fresh tablet at 09:00; nothing was started on it.
    #[must_use]
    pub fn new() -> Desk {
        Desk::with(|_| {})
    }

    /// A fresh tablet whose folder is prepared before the app first starts.
    #[must_use]
    pub fn with(prepare: impl FnOnce(&Path)) -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        prepare(folder.path());
        let (clock, keys, counter) = (Clock::default(), Keys::default(), Arc::default());
        clock.hm("09:00");
        let app = start(folder.path(), &clock, &keys, &counter);
        Desk {
            app,
            clock,
            keys,
            counter,
            folder,
        }
    }

    /// Its randomness begins elsewhere than that of other tablets.
    #[must_use]
    pub(crate) fn seeded(self, seed: u64) -> Desk {
        self.counter.store(seed << 32, Ordering::SeqCst);
        self
    }

    /// The tablet of 周建国, with a keystore and an open profile.
    #[must_use]
    pub fn at_work() -> Desk {
        let desk = Desk::new();
        desk.app.start_real(&profile(None)).expect("a profile");
        desk
    }

    /// The window is closed and opened again; the folder may be changed in between.
    #[must_use]
    pub fn restarted(self, between: impl FnOnce(&Path)) -> Desk {
        let Desk {
            app,
            clock,
            keys,
            counter,
            folder,
        } = self;
        drop(app);
        between(folder.path());
        let app = start(folder.path(), &clock, &keys, &counter);
        Desk {
            app,
            clock,
            keys,
            counter,
            folder,
        }
    }

    /// The battery is empty: nothing is told to the app, and what stands on the disk at this moment is all there is.
    #[must_use]
    pub fn battery_dies(self) -> Desk {
        self.cloned()
    }

    /// A copy of the tablet as its disk is at this moment; both go on, with one clock.
    #[must_use]
    pub fn cloned(&self) -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        copy(self.folder.path(), folder.path());
        let (clock, keys, counter) = (
            self.clock.clone(),
            self.keys.clone(),
            Arc::clone(&self.counter),
        );
        let app = start(folder.path(), &clock, &keys, &counter);
        Desk {
            app,
            clock,
            keys,
            counter,
            folder,
        }
    }

    /// Another window on the same machine, over `root`.
    #[must_use]
    pub fn beside(&self, root: &Path) -> App {
        start(root, &self.clock, &self.keys, &self.counter)
    }

    /// The app's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there);
        } else {
            std::fs::copy(entry.path(), there).expect("a copy");
        }
    }
}

fn start(root: &Path, clock: &Clock, keys: &Keys, counter: &Arc<AtomicU64>) -> App {
    let device = FixedDevice {
        clock: clock.clone(),
        keys: keys.clone(),
        counter: Arc::clone(counter),
        documents: root.join("documents"),
    };
    App::new(root.to_owned(), Box::new(device))
}

/// 周建国, with or without a passphrase. PIN 4711.
#[must_use]
pub fn profile(passphrase: Option<&str>) -> NewProfile {
    NewProfile {
        name: "周建国".to_owned(),
        staff_no: "3107".to_owned(),
        phone: "0571-88000000".to_owned(),
        pin: "4711".to_owned(),
        passphrase: passphrase.map(str::to_owned),
    }
}
