//! Some tablets, one hub, one adversary, one seed.

mod disaster;

use crate::adversary::{Fault, Faults, Net, Sabotage};
use crate::desk::{Tablet, copy, fill};
use crate::server::{Server, contents};
use crate::verdict::Verdict;
use disaster::DiskCopy;
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
    /// Content id → which writer's it is, see [`Tablet::lineages`].
    lineage_of: BTreeMap<String, u32>,
    pub blobs: BTreeSet<String>,
    backups: Vec<usize>,
    /// Every log that was ever written, with whose it is.
    logs: BTreeSet<(String, String)>,
    copies: Vec<DiskCopy>,
    /// Folders of fresh profiles, for those who lose theirs.
    spares: Vec<PathBuf>,
    /// What a wipe took although the hub did not have it.
    pub destroyed: Vec<String>,
    defect: Option<Sabotage>,
    ids: u64,
    dir: PathBuf,
    pub loud: bool,
}

/// A tablet's turn, as far as the world has to do something about it.
enum Told {
    Idle,
    Waits(u64),
    Goes,
    Wipe,
    EnrolNeeded,
}

impl World {
    /// A lead and technicians, each with a copy of a fresh profile, and a hub that knows their devices.
    pub fn new(
        seed: u64,
        dir: &Path,
        crew: &[(String, String, PathBuf)],
        spares: &[PathBuf],
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
            lineage_of: BTreeMap::new(),
            blobs: BTreeSet::new(),
            backups: Vec::new(),
            logs: BTreeSet::new(),
            copies: Vec::new(),
            spares: spares.to_vec(),
            destroyed: Vec::new(),
            defect: None,
            ids: 0,
            dir: dir.to_owned(),
            loud: std::env::var("DOORSTEP_SEED").is_ok(),
        };
        for i in 0..world.tablets.len() {
            world.begins_a_lineage(i);
        }
        world.backups.push(world.hub.backup());
        world
    }

    pub fn id(&mut self) -> String {
        self.ids += 1;
        format!("019a0000-0000-7000-8000-{:012x}", self.ids)
    }

    /// Switches a defect on, in all that runs and will run.
    pub fn sabotage(&mut self, what: Sabotage) {
        self.defect = Some(what);
        if what == Sabotage::DropsTheCounterLock {
            self.hub.drop_the_counter_lock();
        }
        for tablet in &mut self.tablets {
            tablet.defect = Some(what);
            tablet.sabotage();
        }
    }

    /// What this tablet writes from now on is held as own by itself and its copies only.
    fn begins_a_lineage(&mut self, i: usize) {
        self.ids += 1;
        let lineage = u32::try_from(self.ids).unwrap();
        self.tablets[i].lineages.insert(lineage);
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
            if boot {
                self.faults.fire(Fault::PowerCut);
                self.tablets[i].desk.lose_power();
            }
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
            let lineage = *self.tablets[i].lineages.last().unwrap();
            self.lineage_of.insert(sealed.content.id.clone(), lineage);
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

    /// Everything of the tablets' that the hub holds.
    pub fn at_hub(&mut self) -> BTreeMap<String, String> {
        for tablet in &self.tablets {
            let logs = tablet.desk.look(|store, _| store.own_logs().unwrap());
            let named = logs
                .into_iter()
                .map(|l| (tablet.staff_no.clone(), l.log_id));
            self.logs.extend(named);
        }
        let hub = self.hub.as_mut();
        let logs = self.logs.iter();
        logs.flat_map(|(staff_no, log_id)| contents(hub, staff_no, log_id))
            .collect()
    }

    /// One turn of a tablet's sync, and what follows from it.
    fn turn(&mut self, i: usize) -> Told {
        let told = self.take_turn(i);
        match told {
            Told::Wipe => self.wipe(i),
            Told::EnrolNeeded => {
                self.faults.fire(Fault::Forgotten);
                self.enrol(i);
            }
            Told::Waits(until_ms) => self.tablets[i].rests_until = until_ms,
            Told::Idle | Told::Goes => {}
        }
        told
    }

    fn take_turn(&mut self, i: usize) -> Told {
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
            Turn::Wait { why: Why::Idle, .. } => Told::Idle,
            Turn::Wait { until_ms, .. } => Told::Waits(until_ms + tablet.booted_ms),
            Turn::Wipe => Told::Wipe,
            Turn::EnrolNeeded => Told::EnrolNeeded,
            Turn::Worked { .. } | Turn::Closed => Told::Goes,
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
        match self.turn(i) {
            Told::Idle => true,
            Told::Waits(until_ms) => {
                self.now_ms = self.now_ms.max(until_ms);
                false
            }
            Told::Goes | Told::Wipe | Told::EnrolNeeded => false,
        }
    }
}
