//! What strikes a place as a whole: disks and hubs that come back older, clones, lost devices.

use super::World;
use crate::adversary::Fault;
use crate::desk::{Desk, Tablet, copy};
use crate::server::{SPY, stored};
use doorstep_domain::wire::Role;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A copy of a tablet's disk, token included.
#[derive(Clone)]
pub(super) struct DiskCopy {
    tablet: usize,
    image: PathBuf,
    device: String,
    visits: Vec<String>,
    lineages: BTreeSet<u32>,
}

impl World {
    /// Rare things that strike one place as a whole.
    pub(super) fn disaster(&mut self, i: usize) {
        let which = self.rng.below(9);
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
                let tablet = &self.tablets[i];
                tablet.snapshot(&at);
                self.copies.push(DiskCopy {
                    tablet: i,
                    image: at,
                    device: tablet.device.clone(),
                    visits: tablet.visits.clone(),
                    lineages: tablet.lineages.clone(),
                });
            }
            4 => self.restore_tablet(),
            5 => self.clone_tablet(i),
            6 => {
                self.faults.fire(Fault::HubFull);
                self.set_full(true);
            }
            7 => {
                self.faults.fire(Fault::Revoked);
                self.set_full(false);
                self.hub.revoke(&self.tablets[i].device);
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
        let copy = self.copies[at].clone();
        let i = copy.tablet;
        let tablet = &mut self.tablets[i];
        if tablet.desk.dead() {
            return;
        }
        tablet.desk.become_copy_of(&copy.image);
        if tablet.device != copy.device {
            // its token is the copy's again, and so is what it once wrote
            (tablet.device, tablet.visits) = (copy.device, copy.visits);
        }
        tablet.lineages = copy.lineages;
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
        clone.lineages = original.lineages.clone();
        clone.defect = self.defect;
        clone.sabotage();
        self.tablets.push(clone);
    }

    /// The tablet carries the office's order out: all it had must be at the hub. Its holder gets a new one.
    pub(super) fn wipe(&mut self, i: usize) {
        self.faults.fire(Fault::Wiped);
        let left = self.only_here(i);
        self.destroyed.extend(left);
        let home = self.dir.join(format!("fresh-{}", self.ids));
        match self.spares.pop() {
            Some(spare) => copy(&spare, &home),
            None => drop(Desk::open(home.clone(), self.rng.next_u64())),
        }
        let seed = self.rng.next_u64();
        let old = &self.tablets[i];
        let mut fresh = Tablet::new(&old.device, &old.staff_no, home, seed);
        fresh.booted_ms = self.now_ms;
        fresh.defect = self.defect;
        fresh.sabotage();
        self.tablets[i] = fresh;
        self.enrol(i);
    }

    /// What the hub does not have of that which this tablet wrote.
    fn only_here(&mut self, i: usize) -> Vec<String> {
        let at_hub = self.at_hub();
        let (own, files) = self.holds(&self.tablets[i]);
        let mine = |id: &&String| self.written.contains_key(*id) && !at_hub.contains_key(*id);
        let mut left: Vec<String> = own.iter().filter(mine).cloned().collect();
        let files: Vec<String> = files.intersection(&self.blobs).cloned().collect();
        let there = self.at_hub_of(&files);
        left.extend(files.into_iter().filter(|f| !there.contains(f)));
        left
    }

    /// A code from the office makes it another device.
    pub(super) fn enrol(&mut self, i: usize) {
        let full = self.full;
        self.set_full(false);
        self.begins_a_lineage(i);
        let tablet = &mut self.tablets[i];
        let role = match tablet.staff_no.as_str() {
            "3100" => Role::Lead,
            _ => Role::Technician,
        };
        tablet.device = format!("{}-{}", tablet.staff_no, self.ids);
        tablet.engine.enrolled();
        self.hub.enrol(&tablet.device, &tablet.staff_no, role);
        self.set_full(full);
    }

    /// After a disk or the hub came back older: what lies in no place any more is lost by the disaster, not by us.
    fn mourn(&mut self) {
        let mut alive: BTreeSet<String> = self.at_hub().into_keys().collect();
        let blobs: Vec<String> = self.blobs.iter().cloned().collect();
        let mut files: BTreeSet<String> = self.at_hub_of(&blobs).into_iter().collect();
        for tablet in &self.tablets {
            let (own, pictures) = self.holds(tablet);
            alive.extend(own);
            files.extend(pictures);
        }
        self.written.retain(|id, _| alive.contains(id));
        self.blobs.retain(|sha256| files.contains(sha256));
    }

    /// Contents that a tablet holds as its own, and their files that lie on it. What it received is another's to send.
    fn holds(&self, tablet: &Tablet) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut own, mut files) = (BTreeSet::new(), BTreeSet::new());
        tablet.desk.look(|store, vault| {
            for stream in &tablet.visits {
                for sealed in store.events(stream).unwrap() {
                    let lineage = self.lineage_of.get(&sealed.content.id);
                    if !lineage.is_some_and(|l| tablet.lineages.contains(l)) {
                        continue;
                    }
                    for blob in doorstep_domain::blob::blobs_of(&sealed.content) {
                        if vault.exists(stream, &blob.sha256).unwrap() {
                            files.insert(blob.sha256);
                        }
                    }
                    own.insert(sealed.content.id);
                }
            }
        });
        (own, files)
    }

    /// The blobs among these that the hub has whole.
    pub fn at_hub_of(&mut self, blobs: &[String]) -> Vec<String> {
        let full = self.full;
        self.set_full(false);
        let there = stored(self.hub.as_mut(), SPY.0, blobs);
        self.set_full(full);
        there
    }
}
