//! The kit check, once a day at the depot. Stream `day/<log id>/<date>`: a stream has one writer,
//! so a second tablet of the same technician has its own.

use crate::event::{Content, read_body};
use crate::time::Moment;
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

/// The newest check of one kit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KitCheck {
    /// When.
    pub at: Moment,
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
    /// Newest check by `pack/kit`.
    pub kits: BTreeMap<String, KitCheck>,
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
            }) => {
                let at = content.at.moment();
                let check = KitCheck {
                    at,
                    present,
                    missing,
                    reason,
                    used: Vec::new(),
                };
                self.kits.insert(kit_key(&pack, &kit), check);
            }
            Some(DayEvent::KitUsed {
                pack, kit, members, ..
            }) => {
                if let Some(check) = self.kits.get_mut(&kit_key(&pack, &kit)) {
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

    /// The newest check of a kit today.
    #[must_use]
    pub fn kit(&self, pack: &str, kit: &str) -> Option<&KitCheck> {
        self.kits.get(&kit_key(pack, kit))
    }
}
