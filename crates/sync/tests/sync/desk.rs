//! A tablet: a real store and vault in a folder, an engine, clocks that may be wrong, and a fuse that ends it anywhere.

use crate::adversary::Sabotage;
use doorstep_domain::event::{Actor, Content, Sealed, write_body};
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::events::{ItemAnswer, VisitEvent};
use doorstep_domain::visit::{Answer, Ink, PackRef, Photo, PhotoTarget, TechnicianSignature, Via};
use doorstep_store::sabotage::Watch;
use doorstep_store::{Cause, DataKey, OpenEnv, Store, StoreError, Vault};
use doorstep_sync::engine::{Engine, Profile, Unavailable};
use doorstep_sync::rng::Rng;
use doorstep_sync::state::Standing;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// 2026-11-22 14:00 +08:00.
pub const NOW: i64 = 1_795_327_200_000;

/// The open profile of a tablet, with everything that may go wrong beneath it.
pub struct Desk {
    pub dir: PathBuf,
    open: RefCell<Option<(Store, Vault)>>,
    /// So many more accesses, then the process is dead; its disk stays as it is at that moment.
    pub fuse: Cell<Option<u32>>,
    /// The next access finds the disk full: before it did anything, or at the very end.
    pub full: Cell<Option<bool>>,
    image: RefCell<Option<PathBuf>>,
    disk: RefCell<Disk>,
    skips_a_flush: Cell<bool>,
}

/// What of the vault would be there after the power failed: what lay there at the start, and what was flushed since with its
/// name. The database is not modelled: SQLite flushes each commit below anything that could look on, and the store's
/// own tests replay its system calls.
#[derive(Default)]
struct Disk {
    before: BTreeSet<PathBuf>,
    watch: Arc<Watch>,
}

impl Disk {
    fn survives(&self, file: &Path) -> bool {
        self.before.contains(file) || self.watch.survives(file)
    }
}

/// Every file below a folder.
fn files(dir: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path)),
        }
    }
    found
}

pub fn key() -> DataKey {
    DataKey::from_bytes([42; 32])
}

fn open(dir: &Path, seed: u64) -> (Store, Vault) {
    let mut rng = Rng::new(seed);
    let mut random = |out: &mut [u8]| fill(&mut rng, out);
    let env = OpenEnv {
        now_ms: NOW,
        random: &mut random,
    };
    let store = Store::open(dir, &key(), env).unwrap();
    (store, Vault::open(dir, &key(), NOW).unwrap())
}

pub fn fill(rng: &mut Rng, out: &mut [u8]) {
    for chunk in out.chunks_mut(8) {
        chunk.copy_from_slice(&rng.next_u64().to_le_bytes()[..chunk.len()]);
    }
}

/// Copies a folder as it lies there now.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let into = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &into);
        } else {
            fs::copy(&path, &into).unwrap();
        }
    }
}

fn disk_full() -> StoreError {
    StoreError::DiskFull {
        doing: "testing",
        source: Cause::Os(io::Error::other("no space")),
    }
}

impl Desk {
    pub fn open(dir: PathBuf, seed: u64) -> Desk {
        let desk = Desk {
            dir,
            open: RefCell::new(None),
            fuse: Cell::new(None),
            full: Cell::new(None),
            image: RefCell::new(None),
            disk: RefCell::default(),
            skips_a_flush: Cell::new(false),
        };
        desk.open_with(seed);
        desk
    }

    fn open_with(&self, seed: u64) {
        let watch = Arc::new(Watch::default());
        let skips = self.skips_a_flush.get();
        watch.skips_a_flush.store(skips, Ordering::Relaxed);
        let (store, vault) = open(&self.dir, seed);
        *self.disk.borrow_mut() = Disk {
            before: files(&self.dir.join("vault")),
            watch: Arc::clone(&watch),
        };
        *self.open.borrow_mut() = Some((store, vault.watched(watch)));
    }

    /// Puts the store's defect in.
    pub fn skip_a_flush(&self) {
        self.skips_a_flush.set(true);
        let disk = self.disk.borrow();
        disk.watch.skips_a_flush.store(true, Ordering::Relaxed);
    }

    fn die(&self) -> Unavailable {
        let image = self.dir.with_extension("image");
        copy(&self.dir, &image);
        *self.image.borrow_mut() = Some(image);
        Unavailable::Closed
    }

    /// The power failed when the process died: what was not flushed is a name with nothing behind it.
    pub fn lose_power(&self) {
        let image = self.image.borrow();
        let image = image.as_ref().unwrap();
        for file in files(&image.join("vault")) {
            let there = self.dir.join(file.strip_prefix(image).unwrap());
            if !self.disk.borrow().survives(&there) {
                fs::write(file, "").unwrap();
            }
        }
    }

    pub fn dead(&self) -> bool {
        self.image.borrow().is_some()
    }

    /// Starts again with the disk as it was when the process died, or as it is.
    pub fn reopen(&self) {
        let image = self.image.borrow_mut().take();
        match image {
            Some(image) => {
                self.become_copy_of(&image);
                fs::remove_dir_all(image).unwrap();
            }
            None => {
                self.open.borrow_mut().take();
                self.open_with(0);
            }
        }
        self.fuse.set(None);
        self.full.set(None);
    }

    /// Its disk is replaced by another's copy.
    pub fn become_copy_of(&self, image: &Path) {
        // the profile is locked until the old connection is gone
        self.open.borrow_mut().take();
        fs::remove_dir_all(&self.dir).unwrap();
        copy(image, &self.dir);
        self.open_with(0);
    }

    /// Looks at the store without any fault.
    pub fn look<R>(&self, look: impl FnOnce(&mut Store, &Vault) -> R) -> R {
        let mut open = self.open.borrow_mut();
        let (store, vault) = open.as_mut().unwrap();
        look(store, vault)
    }
}

impl Profile for Desk {
    fn with<R>(&self, work: impl FnOnce(&mut Store, &Vault) -> R) -> Result<R, Unavailable> {
        if self.dead() {
            return Err(Unavailable::Closed);
        }
        let burnt = match self.fuse.get() {
            Some(0) => return Err(self.die()),
            Some(left) => {
                self.fuse.set(Some(left - 1));
                left == 1
            }
            None => false,
        };
        match self.full.take() {
            Some(false) => return Err(disk_full().into()),
            Some(true) => {
                self.look(work);
                return Err(disk_full().into());
            }
            None => {}
        }
        let result = self.look(work);
        if burnt {
            return Err(self.die());
        }
        Ok(result)
    }
}

/// A tablet with its holder.
pub struct Tablet {
    pub device: String,
    pub staff_no: String,
    pub desk: Desk,
    pub engine: Engine,
    /// True time of its last boot.
    pub booted_ms: u64,
    /// What its wall clock is off by.
    pub wall_off_ms: i64,
    /// True time before which the engine sees no reason to do anything.
    pub rests_until: u64,
    pub visit: Option<String>,
    pub visits: Vec<String>,
    /// Which writers' events its disk holds as its own: clones and restored copies share one.
    pub lineages: BTreeSet<u32>,
    /// A defect of the code that it runs.
    pub defect: Option<Sabotage>,
    boots: u32,
    pub random: Rng,
}

impl Tablet {
    pub fn new(device: &str, staff_no: &str, dir: PathBuf, seed: u64) -> Tablet {
        Tablet {
            device: device.to_owned(),
            staff_no: staff_no.to_owned(),
            desk: Desk::open(dir, seed),
            engine: Engine::new(Standing::Enrolled, seed),
            booted_ms: 0,
            wall_off_ms: 0,
            rests_until: 0,
            visit: None,
            visits: Vec::new(),
            lineages: BTreeSet::new(),
            defect: None,
            boots: 1,
            random: Rng::new(seed ^ 0x5eed),
        }
    }

    pub fn now(&self, true_ms: u64) -> Stamp {
        Stamp {
            wall_ms: NOW + i64::try_from(true_ms).unwrap() + self.wall_off_ms,
            offset_min: 480,
            zone: "Asia/Shanghai".to_owned(),
            mono_ms: true_ms - self.booted_ms,
            boot_id: format!("boot-{}", self.boots),
        }
    }

    /// The app starts again; with `boot` the machine too.
    pub fn restart(&mut self, true_ms: u64, boot: bool) {
        self.desk.reopen();
        self.engine = Engine::new(Standing::Enrolled, self.random.next_u64());
        self.sabotage();
        self.rests_until = true_ms;
        if boot {
            self.booted_ms = true_ms;
            self.boots += 1;
        }
    }

    /// Puts its defect into what runs now.
    pub fn sabotage(&mut self) {
        match self.defect {
            Some(Sabotage::ForgetsTheAcknowledgement) => {
                self.engine.forget_the_acknowledgement_check();
            }
            Some(Sabotage::SkipsAFlush) => self.desk.skip_a_flush(),
            Some(Sabotage::DropsTheCounterLock) | None => {}
        }
    }

    pub fn content<E: Serialize>(
        &self,
        id: &str,
        stream: &str,
        event: &E,
        true_ms: u64,
    ) -> Content {
        let (kind, body) = write_body(event).unwrap();
        Content {
            id: id.to_owned(),
            stream: stream.to_owned(),
            kind,
            schema_v: 1,
            actor: Actor {
                staff_no: self.staff_no.clone(),
                name: "王建国".to_owned(),
            },
            at: self.now(true_ms),
            based_on: None,
            body,
        }
    }

    /// Appends as the app does; what was shown to the technician is answered.
    pub fn append(&mut self, content: Content) -> Option<Sealed> {
        let done = self.desk.with(|store, _| store.append(vec![content]));
        done.ok()?.ok()?.pop()
    }

    pub fn opened(&self, id: &str, stream: &str, true_ms: u64) -> Content {
        self.opened_for("order/1", id, stream, true_ms)
    }

    pub fn opened_for(&self, order: &str, id: &str, stream: &str, true_ms: u64) -> Content {
        let event = VisitEvent::Opened {
            order: order.to_owned(),
            job: doorstep_domain::standard::JobType::Install,
            pack: PackRef::default(),
            technician: Actor {
                staff_no: self.staff_no.clone(),
                name: "王建国".to_owned(),
            },
            continues: None,
        };
        self.content(id, stream, &event, true_ms)
    }

    pub fn answered(&self, id: &str, stream: &str, words: usize, true_ms: u64) -> Content {
        let answers = vec![ItemAnswer {
            item: format!("item-{id}"),
            answer: Answer::Text {
                text: "字".repeat(words),
            },
        }];
        let via = Via::Tap;
        let event = VisitEvent::ItemsAnswered {
            answers,
            via,
            claim: None,
        };
        self.content(id, stream, &event, true_ms)
    }

    /// A photo of so many bytes, its file stored first.
    pub fn photographed(
        &mut self,
        id: &str,
        stream: &str,
        bytes: usize,
        true_ms: u64,
    ) -> Option<Content> {
        let mut picture = vec![0; bytes];
        fill(&mut self.random, &mut picture);
        let put = self
            .desk
            .with(|_, vault| vault.put(stream, &picture))
            .ok()?
            .ok()?;
        let photo = Photo {
            id: id.to_owned(),
            target: PhotoTarget::Paper,
            sha256: put.sha256,
            thumb_sha256: String::new(),
            width: 2048,
            height: 1536,
            bytes: put.bytes,
            band_top: 1400,
            phash: String::new(),
            crop_phashes: Vec::new(),
            source_sha256: String::new(),
            exif_at: None,
            exif_offset: None,
            exif_lat: None,
            exif_lon: None,
        };
        Some(self.content(id, stream, &VisitEvent::PhotoAdded { photo }, true_ms))
    }

    /// A signature, its strokes stored first.
    pub fn signed(&mut self, id: &str, stream: &str, true_ms: u64) -> Option<Content> {
        let mut strokes = vec![0; 2000];
        fill(&mut self.random, &mut strokes);
        let put = self
            .desk
            .with(|_, vault| vault.put(stream, &strokes))
            .ok()?
            .ok()?;
        let ink = Ink {
            sha256: put.sha256,
            width: 800,
            height: 300,
            strokes: 3,
            points: 90,
        };
        let signature = TechnicianSignature { ink };
        Some(self.content(
            id,
            stream,
            &VisitEvent::TechnicianSigned { signature },
            true_ms,
        ))
    }

    /// A profile folder like this one's, with the faults of the moment.
    pub fn snapshot(&self, to: &Path) {
        copy(&self.desk.dir, to);
    }
}
