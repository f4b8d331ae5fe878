//! What has to be true once everything has come to rest.

use crate::desk::Tablet;
use crate::server::queue;
use crate::world::World;
use doorstep_domain::rows::StreamState;
use doorstep_sync::state::Standing;
use std::collections::BTreeSet;

/// What is wrong at the end; all empty is good.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub lost: Vec<String>,
    pub duplicated: Vec<String>,
    pub stalled: Vec<String>,
    pub diverged: Vec<String>,
    pub broken: Vec<String>,
    /// No fault by itself, but the reason of one: see [`doorstep_sync::status::Status::given_up`].
    pub given_up: usize,
}

impl Verdict {
    /// Nothing is wrong.
    pub fn clean(&self) -> bool {
        let Verdict {
            lost,
            duplicated,
            stalled,
            diverged,
            broken,
            given_up: _,
        } = self;
        [lost, duplicated, stalled, diverged, broken]
            .iter()
            .all(|wrong| wrong.is_empty())
    }
}

impl World {
    pub fn judge(&mut self, verdict: &mut Verdict) {
        let short = |id: &String| id[24..].to_owned();
        let at_hub = self.at_hub();
        for (id, hash) in &self.written {
            match at_hub.get(id) {
                None => verdict.lost.push(short(id)),
                Some(held) if held != hash => verdict.diverged.push(short(id)),
                Some(_) => {}
            }
        }
        let blobs: Vec<String> = self.blobs.iter().cloned().collect();
        let there = self.at_hub_of(&blobs);
        let missing = blobs.iter().filter(|b| !there.contains(b));
        verdict
            .lost
            .extend(missing.map(|b| format!("blob {}", &b[..8])));
        let destroyed = self.destroyed.iter();
        verdict
            .lost
            .extend(destroyed.map(|what| format!("wiped: {what}")));
        verdict.broken.extend(self.hub.verify());
        let epoch = self.hub.epoch();
        for tablet in &self.tablets {
            verdict.given_up += tablet.engine.status().given_up;
            if matches!(tablet.engine.state().standing, Standing::Revoked { .. }) {
                let stalled = format!("{} was not wiped", tablet.device);
                verdict.stalled.push(stalled);
            }
            let ids = queue(self.hub.as_mut(), &tablet.device);
            let unique: BTreeSet<&String> = ids.iter().collect();
            if unique.len() != ids.len() {
                verdict
                    .duplicated
                    .push(format!("queue of {}", tablet.device));
            }
            tablet.desk.look(|store, vault| {
                let waiting = store.waiting(vault).unwrap();
                if (waiting.events, waiting.blobs) != (0, 0) {
                    verdict
                        .stalled
                        .push(format!("{}: {waiting:?}", tablet.device));
                }
                let report = store.verify(vault).unwrap();
                let problems = report
                    .problems
                    .iter()
                    .map(|p| format!("{}: {p:?}", tablet.device));
                verdict.broken.extend(problems);
                let cursor = store.pulled().unwrap();
                if cursor != (epoch.clone(), ids.len() as u64) {
                    verdict
                        .stalled
                        .push(format!("{}: {cursor:?} of {}", tablet.device, ids.len()));
                }
            });
        }
        self.compare_folds(verdict);
    }

    /// What the lead sees of a visit is what the technician who wrote it sees.
    fn compare_folds(&mut self, verdict: &mut Verdict) {
        let (lead, others) = self.tablets.split_first_mut().unwrap();
        // nobody gets their own events back
        let staff_no = lead.staff_no.clone();
        for tablet in others.iter_mut().filter(|t| t.staff_no != staff_no) {
            for stream in &tablet.visits {
                let ids = |t: &Tablet| {
                    let events = t.desk.look(|store, _| store.events(stream).unwrap());
                    events.into_iter().map(|e| e.content.id).collect::<Vec<_>>()
                };
                let (theirs, seen) = (ids(tablet), ids(lead));
                // a clone that was not there when the other went on does not know its later events
                let theirs_set: BTreeSet<&String> = theirs.iter().collect();
                if theirs.len() < seen.len() && seen.iter().any(|id| !theirs_set.contains(id)) {
                    continue;
                }
                let state = |t: &Tablet| -> StreamState {
                    t.desk.look(|store, _| store.state(stream).unwrap().clone())
                };
                if self.loud && theirs != seen {
                    println!("{stream}: {theirs:?} and {seen:?}");
                }
                if theirs.len() == seen.len() && state(tablet) != state(lead) {
                    verdict
                        .diverged
                        .push(format!("{stream} of {}", tablet.device));
                }
                if theirs.len() != seen.len() {
                    verdict
                        .diverged
                        .push(format!("{stream}: {} of {}", seen.len(), theirs.len()));
                }
            }
        }
    }
}
