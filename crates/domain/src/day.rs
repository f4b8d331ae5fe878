//! The kit check, once a day at the depot. Stream `day/<log id>/<date>`: a stream has one writer,
//! so a second tablet of the same technician has its own.

use crate::event::{Content, read_body};
use crate::time::Moment;
use crate::visit::Claim;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Newest schema of day bodies that this version reads.
pub const DAY_SCHEMA: u32 = 1;

/// What can happen on a day outside any visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum DayEvent {
    /// A kit was checked (again).
    #[serde(rename = "kit.checked")]
    KitChecked {
        /// Pack the kit belongs to.
        pack: String,
        /// Kit id.
        kit: String,
        /// Member ids that are there.
        present: Vec<String>,
        /// Member ids that are missing, named.
        missing: Vec<String>,
        /// Why the technician leaves without them; the lead will see it.
        reason: Option<String>,
        /// 补录: checked on paper, entered later. The stream is that of the day it was checked on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<Claim>,
        /// Written again: the check was made then, in a log that the device has given up since. None: it is made now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made_at: Option<Moment>,
    },
    /// A visit used consumables up; they are asked again before the next one.
    #[serde(rename = "kit.used")]
    KitUsed {
        /// Pack the kit belongs to.
        pack: String,
        /// Kit id.
        kit: String,
        /// Member ids.
        members: Vec<String>,
        /// The visit.
        visit: String,
    },
}

/// One check of one kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KitCheck {
    /// When it was checked (the claimed time for 补录).
    pub at: Moment,
    /// When it was entered.
    pub entered_at: Moment,
    /// 补录
    #[serde(default)]
    pub claim: Option<Claim>,
    /// Member ids there.
    pub present: Vec<String>,
    /// Member ids missing.
    pub missing: Vec<String>,
    /// Why leaving without.
    pub reason: Option<String>,
    /// Members used up since; to be confirmed before the next visit.
    pub used: Vec<String>,
}

impl KitCheck {
    /// Complete, or incomplete with a reason, and nothing used up since.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.used.is_empty() && (self.missing.is_empty() || self.reason.is_some())
    }
}

/// The fold of one day stream: kit checks by `pack/kit`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayState {
    /// Stream name.
    pub stream: String,
    /// Checks by `pack/kit`, in the order they were entered; the last one is in force.
    pub kits: BTreeMap<String, Vec<KitCheck>>,
    /// Events kept but not understood.
    pub parked: u32,
}

/// Key of a kit within a day.
#[must_use]
pub fn kit_key(pack: &str, kit: &str) -> String {
    format!("{pack}/{kit}")
}

impl DayState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        match read_body::<DayEvent>(content, DAY_SCHEMA) {
            Some(DayEvent::KitChecked {
                pack,
                kit,
                present,
                missing,
                reason,
                claim,
                made_at,
            }) => {
                let entered_at = made_at.unwrap_or_else(|| content.at.moment());
                let check = KitCheck {
                    at: claim.as_ref().map_or(entered_at, |c| c.at),
                    entered_at,
                    claim,
                    present,
                    missing,
                    reason,
                    used: Vec::new(),
                };
                self.kits
                    .entry(kit_key(&pack, &kit))
                    .or_default()
                    .push(check);
            }
            Some(DayEvent::KitUsed {
                pack, kit, members, ..
            }) => {
                let checks = self.kits.get_mut(&kit_key(&pack, &kit));
                if let Some(check) = checks.and_then(|c| c.last_mut()) {
                    check
                        .used
                        .extend(members.into_iter().filter(|m| check.present.contains(m)));
                    check.used.sort();
                    check.used.dedup();
                }
            }
            None => self.parked += 1,
        }
    }

    /// The newest check of a kit on this day.
    #[must_use]
    pub fn kit(&self, pack: &str, kit: &str) -> Option<&KitCheck> {
        self.checks(pack, kit).last()
    }

    /// The check that a departure rests on: the newest one made before it, else the first one, which was
    /// entered after it. Later checks of the day are another visit's.
    #[must_use]
    pub fn kit_at(&self, pack: &str, kit: &str, departed: Moment) -> Option<&KitCheck> {
        let checks = self.checks(pack, kit);
        let before = checks.iter().rev().find(|c| c.at.ms <= departed.ms);
        before.or_else(|| checks.first())
    }

    fn checks(&self, pack: &str, kit: &str) -> &[KitCheck] {
        self.kits
            .get(&kit_key(pack, kit))
            .map_or(&[], Vec::as_slice)
    }
}
