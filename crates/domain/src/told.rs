//! Streams that several people write to: their events as a set. Whoever heard them, in whatever order, holds the same.

use crate::event::{Actor, Content};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One event of such a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<E> {
    /// Who wrote it.
    pub by: Actor,
    /// When it was entered.
    pub at: Moment,
    /// What happened.
    pub event: E,
    /// It opens the stream.
    begins: bool,
    /// Id of the newest event of the stream that its writer knew.
    after: Option<String>,
}

/// The events by their ids. What is entered twice counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<E>(BTreeMap<String, Entry<E>>);

impl<E> Default for Told<E> {
    fn default() -> Told<E> {
        Told(BTreeMap::new())
    }
}

impl<E> Told<E> {
    /// Takes one; `begins` for the kind that opens the stream.
    pub fn take(&mut self, content: &Content, begins: bool, event: E) {
        let based_on = content.based_on.as_ref();
        let here = based_on.filter(|b| b.stream == content.stream);
        let entry = Entry {
            by: content.actor.clone(),
            at: content.at.moment(),
            event,
            begins,
            after: here.map(|b| b.event.clone()),
        };
        self.0.insert(content.id.clone(), entry);
    }

    /// All of them in turn: what opens the stream, then by their clocks; but what was written in the knowledge of another comes after
    /// it, also from a device whose clock was set back.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry<E>> {
        self.turns().into_iter().map(|(_, entry)| entry).collect()
    }

    /// Id of the last one in turn: what is written now knows of it.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        self.turns().pop().map(|(id, _)| id.clone())
    }

    /// When the newest was entered, ms.
    #[must_use]
    pub fn newest_ms(&self) -> Option<i64> {
        self.0.values().map(|e| e.at.ms).max()
    }

    fn turns(&self) -> Vec<(&String, &Entry<E>)> {
        let mut turn: BTreeMap<&str, i64> = BTreeMap::new();
        // once for each link of the longest chain; events that name each other in a ring (nobody writes them) stop it too
        for _ in 0..self.0.len() {
            let mut moved = false;
            for (id, entry) in &self.0 {
                let known = entry.after.as_deref().and_then(|a| turn.get(a));
                let after = known.map_or(i64::MIN, |t| t.saturating_add(1));
                let now = entry.at.ms.max(after);
                moved |= turn.insert(id, now) != Some(now);
            }
            if !moved {
                break;
            }
        }
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(id, entry)| (!entry.begins, turn.get(id.as_str()).copied(), id.as_str()));
        all
    }
}

/// The two lists of what follows a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowList {
    /// 未了的事
    Issues,
    /// 回访计划
    Plans,
}

/// What the two lists need of an issue or a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowRow {
    /// `issue/…` or `follow/…`
    pub stream: String,
    /// In which list.
    pub list: FollowList,
    /// `order/…`
    pub order: Option<String>,
    /// By what it is sorted: what is due first, ms; since when it stands there, where no term runs.
    pub due_ms: i64,
    /// When the first term runs out that still asks for something, ms; none while none runs.
    pub term_ms: Option<i64>,
    /// Nothing is asked for any more.
    pub closed: bool,
    /// When the newest event was entered, ms.
    pub updated_ms: i64,
}
