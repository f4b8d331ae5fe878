//! Some tablets, one hub, one adversary, one seed.

use crate::adversary::{Fault, Faults, Net, Sabotage};
use crate::desk::{Tablet, copy, fill};
use crate::server::{Server, contents, stored};
use crate::verdict::Verdict;
use doorstep_sync::engine::{Env, Turn};
use doorstep_sync::plan::Why;
use doorstep_sync::rng::Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Turns that everything may need to come to rest, once nothing goes wrong any more.
const TURNS_TO_REST: u32 = 3_000;

pub struct World {
    pub hub: Box<dyn Server>,
    full: bool,
    pub tablets: Vec<Tablet>,
    pub faults: Faults,
    pub rng: Rng,
    /// True time, ms.
    pub now_ms: u64,
    /// Content id → hash of everything that a technician saw saved and that no disaster took.
    pub written: BTreeMap<String, String>,
    pub blobs: BTreeSet<String>,
    backups: Vec<usize>,
    /// Every log that was ever written, with its device.
    logs: BTreeSet<(String, String)>,
    copies: Vec<(usize, PathBuf)>,
    ids: u64,
    dir: PathBuf,
    pub loud: bool,
}

impl World {
    /// A lead and technicians, each with a copy of a fresh profile, and a hub that knows their devices.
    pub fn new(
        seed: u64,
        dir: &Path,
        crew: &[(String, String, PathBuf)],
        hub: Box<dyn Server>,
    ) -> World {
        let mut rng = Rng::new(seed);
        let mut tablets = Vec::new();
        for (device, staff_no, blank) in crew {
            let home = dir.join(device);
            copy(blank, &home);
            tablets.push(Tablet::new(device, staff_no, home, rng.next_u64()));
        }
        let per_mille = [50, 150, 300][usize::try_from(rng.below(3)).unwrap()];
        let mut world = World {
            faults: Faults::new(rng.next_u64(), per_mille),
            hub,
            full: false,
            tablets,
            rng,
            now_ms: 0,
            written: BTreeMap::new(),
            blobs: BTreeSet::new(),
            backups: Vec::new(),
            logs: BTreeSet::new(),
            copies: Vec::new(),
            ids: 0,
            dir: dir.to_owned(),
            loud: std::env::var("DOORSTEP_SEED").is_ok(),
        };
        world.backups.push(world.hub.backup());
        world
    }

    pub fn id(&mut self) -> String {
        self.ids += 1;
        format!("019a0000-0000-7000-8000-{:012x}", self.ids)
    }

    /// Puts a defect in.
    pub fn sabotage(&mut self, what: Sabotage) {
        self.faults.sabotage = Some(what);
        for tablet in &self.tablets {
            tablet.desk.skips_a_flush.set(what == Sabotage::SkipsAFlush);
        }
    }

    fn any(&mut self, n: usize) -> usize {
        usize::try_from(self.rng.below(n as u64)).unwrap()
    }

    /// One thing happens.
    pub fn step(&mut self) {
        self.now_ms += self.rng.below(20_000);
        let i = self.any(self.tablets.len());
        match self.rng.below(100) {
            0..25 => self.technician_works(i),
            25..30 => self.dispatch(i),
            30..35 => self.faults.deliver_late(self.hub.as_mut()),
            35..43 => self.disaster(i),
            43..46 => self.tablets[i].engine.wake(),
            _ => {
                self.faults.beneath(&self.tablets[i].desk);
                let refuses = self.tablets[i].desk.full.get().is_some();
                for _ in 0..=self.rng.below(4) {
                    self.turn(i);
                }
                if refuses && self.tablets[i].desk.full.get().is_none() {
                    self.faults.fire(Fault::DeviceFull);
                }
            }
        }
        self.tell(i);
        self.revive(i);
    }

    /// With a seed replayed: where everybody stands.
    fn tell(&self, i: usize) {
        if !self.loud {
            return;
        }
        let tablet = &self.tablets[i];
        let desk = &tablet.desk;
        let logs =
            (!desk.dead()).then(|| desk.look(|s, _| (s.own_logs().unwrap(), s.pulled().unwrap())));
        println!(
            "{} tablet {i} {logs:?}\n   hub {} {:?}",
            self.now_ms,
            self.hub.epoch(),
            tablet.engine.state().trouble
        );
    }

    /// A dead process starts again, now and then with the machine.
    fn revive(&mut self, i: usize) {
        if self.tablets[i].desk.dead() {
            self.faults.fire(Fault::Crash);
            let boot = self.rng.below(3) == 0;
            self.tablets[i].restart(self.now_ms, boot);
        }
    }

    fn technician_works(&mut self, i: usize) {
        for _ in 0..=self.rng.below(2) {
            let id = self.id();
            let now = self.now_ms;
            let draw = self.rng.below(20);
            let tablet = &mut self.tablets[i];
            let stream = match tablet.visit.clone() {
                Some(stream) if draw > 1 => stream,
                _ => {
                    let stream = format!("visit/{id}");
                    tablet.visit = Some(stream.clone());
                    tablet.visits.push(stream.clone());
                    let content = tablet.opened(&id, &stream, now);
                    self.append(i, content);
                    continue;
                }
            };
            let content = match draw {
                2..4 => {
                    let bytes = 17_000 + usize::try_from(self.rng.below(30_000)).unwrap();
                    self.tablets[i].photographed(&id, &stream, bytes, now)
                }
                4 => self.tablets[i].signed(&id, &stream, now),
                // 30 KB: three of them do not fit into a first batch
                5 => Some(self.tablets[i].answered(&id, &stream, 10_000, now)),
                6 => {
                    let mut content = self.tablets[i].answered(&id, &stream, 1, now);
                    content.kind = "future.kind".to_owned();
                    Some(content)
                }
                _ => Some(self.tablets[i].answered(&id, &stream, 4, now)),
            };
            if let Some(content) = content {
                self.append(i, content);
            }
        }
    }

    fn append(&mut self, i: usize, content: doorstep_domain::event::Content) {
        let named = doorstep_domain::blob::blobs_of(&content);
        if let Some(sealed) = self.tablets[i].append(content) {
            if self.loud {
                println!(
                    "tablet {i} wrote {} in {}",
                    sealed.content.id, sealed.content.stream
                );
            }
            self.written.insert(sealed.content.id, sealed.hash);
            self.blobs.extend(named.into_iter().map(|b| b.sha256));
            // what is there to send is sent at once, unless a trouble holds it
            self.tablets[i].rests_until = 0;
        }
    }

    fn dispatch(&mut self, i: usize) {
        self.ids += 1;
        let staff_no = self.tablets[i].staff_no.clone();
        self.hub.dispatch(&staff_no, self.ids);
    }

    fn set_full(&mut self, full: bool) {
        self.full = full;
        self.hub.set_full(full);
    }

    /// Rare things that strike one place as a whole.
    fn disaster(&mut self, i: usize) {
        let which = self.rng.below(8);
        if self.loud {
            println!("disaster {which} at {i}");
        }
        match which {
            0 => {
                self.faults.fire(Fault::ClockJumps);
                let ten_years: i64 = 10 * 365 * 86_400_000;
                let off = i64::try_from(self.rng.below(2 * ten_years as u64)).unwrap();
                self.tablets[i].wall_off_ms = off - ten_years;
            }
            1 => {
                self.set_full(false);
                let backup = self.hub.backup();
                self.backups.push(backup);
            }
            2 => self.restore_hub(),
            3 => {
                let at = self.dir.join(format!("copy-{}", self.copies.len()));
                self.tablets[i].snapshot(&at);
                self.copies.push((i, at));
            }
            4 => self.restore_tablet(),
            5 => self.clone_tablet(i),
            6 => {
                self.faults.fire(Fault::HubFull);
                self.set_full(true);
            }
            _ => self.set_full(false),
        }
    }

    fn restore_hub(&mut self) {
        self.faults.fire(Fault::HubRestored);
        let at = self.any(self.backups.len());
        let backup = self.backups[at];
        // a later backup has never been for this incarnation
        self.backups.truncate(at + 1);
        self.set_full(false);
        self.hub.restore(backup);
        self.mourn();
    }

    fn restore_tablet(&mut self) {
        if self.copies.is_empty() {
            return;
        }
        let at = self.any(self.copies.len());
        let (i, image) = self.copies[at].clone();
        let tablet = &mut self.tablets[i];
        if tablet.desk.dead() {
            return;
        }
        tablet.desk.become_copy_of(&image);
        tablet.visit = None;
        tablet.restart(self.now_ms, true);
        self.faults.fire(Fault::DeviceRestored);
        self.mourn();
    }

    fn clone_tablet(&mut self, i: usize) {
        if self.tablets.len() >= 5 || self.tablets[i].desk.dead() {
            return;
        }
        self.faults.fire(Fault::DeviceCloned);
        let home = self.dir.join(format!("clone-{}", self.tablets.len()));
        self.tablets[i].snapshot(&home);
        let seed = self.rng.next_u64();
        let original = &self.tablets[i];
        let (device, staff_no) = (original.device.clone(), original.staff_no.clone());
        let mut clone = Tablet::new(&device, &staff_no, home, seed);
        clone.booted_ms = self.now_ms;
        clone.visits = original.visits.clone();
        self.tablets.push(clone);
    }

    /// After a disk or the hub came back older: what lies in no place any more is lost by the disaster, not by us.
    fn mourn(&mut self) {
        let full = self.full;
        self.set_full(false);
        let mut alive: BTreeSet<String> = self.at_hub().into_keys().collect();
        let blobs: Vec<String> = self.blobs.iter().cloned().collect();
        let device = self.tablets[0].device.clone();
        let mut files: BTreeSet<String> = stored(self.hub.as_mut(), &device, &blobs)
            .into_iter()
            .collect();
        self.set_full(full);
        for tablet in &self.tablets {
            tablet.desk.look(|store, vault| {
                for stream in &tablet.visits {
                    for sealed in store.events(stream).unwrap() {
                        for blob in doorstep_domain::blob::blobs_of(&sealed.content) {
                            if vault.exists(stream, &blob.sha256).unwrap() {
                                files.insert(blob.sha256);
                            }
                        }
                        alive.insert(sealed.content.id);
                    }
                }
            });
        }
        self.written.retain(|id, _| alive.contains(id));
        self.blobs.retain(|sha256| files.contains(sha256));
    }

    /// Everything of the tablets' that the hub holds.
    pub fn at_hub(&mut self) -> BTreeMap<String, String> {
        for tablet in &self.tablets {
            let logs = tablet.desk.look(|store, _| store.own_logs().unwrap());
            let named = logs.into_iter().map(|l| (tablet.device.clone(), l.log_id));
            self.logs.extend(named);
        }
        let hub = self.hub.as_mut();
        let logs = self.logs.iter();
        logs.flat_map(|(device, log_id)| contents(hub, device, log_id))
            .collect()
    }

    /// One turn of a tablet's sync, unless it rests.
    fn turn(&mut self, i: usize) {
        let tablet = &mut self.tablets[i];
        let now = tablet.now(self.now_ms);
        let mut net = Net {
            hub: self.hub.as_mut(),
            faults: &mut self.faults,
            device: &tablet.device,
        };
        let random = &mut tablet.random;
        let mut env = Env {
            now,
            random: &mut |out: &mut [u8]| fill(random, out),
        };
        let turn = tablet.engine.turn(&mut net, &tablet.desk, &mut env);
        if let Turn::Wait { until_ms, .. } = turn {
            tablet.rests_until = until_ms + tablet.booted_ms;
        }
    }

    /// Nothing goes wrong any more; everything comes to rest.
    pub fn heal(&mut self) -> Verdict {
        self.faults.per_mille = 0;
        self.set_full(false);
        self.faults.deliver_late(self.hub.as_mut());
        for i in 0..self.tablets.len() {
            self.tablets[i].desk.fuse.set(None);
            self.tablets[i].desk.full.set(None);
            self.revive(i);
        }
        let mut verdict = Verdict::default();
        let mut turns = 0;
        let mut quiet = 0;
        // twice round without a change: nobody makes work for another any more
        while quiet < 2 && verdict.stalled.is_empty() {
            let before = self.extent();
            for i in 0..self.tablets.len() {
                while !self.rests(i) && verdict.stalled.is_empty() {
                    turns += 1;
                    if turns > TURNS_TO_REST {
                        let state = self.tablets[i].engine.state();
                        verdict.stalled.push(format!("tablet {i}: {state:?}"));
                    }
                }
            }
            quiet = if before == self.extent() {
                quiet + 1
            } else {
                0
            };
            self.now_ms += 61_000;
        }
        self.judge(&mut verdict);
        verdict
    }

    /// Changes whenever anything gets anywhere.
    fn extent(&self) -> Vec<(String, [u64; 5])> {
        let tablets = self.tablets.iter();
        let seen = tablets.map(|t| {
            t.desk.look(|store, vault| {
                let waiting = store.waiting(vault).unwrap();
                let (epoch, n) = store.pulled().unwrap();
                let extent = [
                    waiting.events,
                    waiting.blobs,
                    n,
                    store.head().1,
                    store.event_count(),
                ];
                (format!("{epoch} {}", store.head().0), extent)
            })
        });
        seen.collect()
    }

    /// Takes a turn; true when there is nothing left but to ask now and then.
    fn rests(&mut self, i: usize) -> bool {
        let tablet = &mut self.tablets[i];
        let now = tablet.now(self.now_ms);
        let mut net = Net {
            hub: self.hub.as_mut(),
            faults: &mut self.faults,
            device: &tablet.device,
        };
        let random = &mut tablet.random;
        let mut env = Env {
            now,
            random: &mut |out: &mut [u8]| fill(random, out),
        };
        match tablet.engine.turn(&mut net, &tablet.desk, &mut env) {
            Turn::Wait { why: Why::Idle, .. } => true,
            Turn::Wait { until_ms, .. } => {
                self.now_ms = self.now_ms.max(until_ms + tablet.booted_ms);
                false
            }
            _ => false,
        }
    }
}
