//! A visit under way goes on under another version of its standard: what would change, whether it may, what the fold does.
//!
//! Nobody is made to: a visit keeps the version it began with until the technician has seen what differs. Answers stand where the row
//! is the same. The others are set aside under the version they were given to, and stand again should the visit go back to it.

use super::consent::Consent;
use super::decide::Ground;
use super::events::VisitEvent;
use super::facts::{Answer, PackRef, Photo, PhotoTarget};
use super::state::{History, Recorded, VisitState};
use crate::code::{Code, Refusal};
use crate::event::Content;
use crate::standard::compare::{Change, compare, questions_that_differ};
use crate::standard::{Item, Pack};
use crate::text::Lang;
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// What was recorded under a version of the standard that the visit left, of rows that are not the same in the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Answers by item.
    pub items: BTreeMap<String, History<Option<Answer>>>,
    /// Answered questions.
    pub facts: BTreeMap<String, History<bool>>,
    /// Statements by item.
    pub consents: BTreeMap<String, History<Consent>>,
    /// Photos of those rows.
    pub photos: Vec<Recorded<Photo>>,
}

impl Aside {
    fn is_empty(&self) -> bool {
        *self == Aside::default()
    }
}

/// One move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackMove {
    /// The version that was left.
    pub from: PackRef,
    /// The version in force since.
    pub to: PackRef,
    /// Rows whose answers were set aside.
    pub rows: Vec<String>,
}

impl VisitState {
    /// Takes the move. One that no tablet of ours writes (another standard, after a submission) changes nothing.
    pub(super) fn move_pack(
        &mut self,
        content: &Content,
        pack: PackRef,
        rows: &[String],
        questions: &[String],
    ) {
        let submitted = self.submitted();
        let Some(opened) = &mut self.opened else {
            return;
        };
        if submitted || opened.pack.id != pack.id || opened.pack.hash == pack.hash {
            return;
        }
        let from = std::mem::replace(&mut opened.pack, pack.clone());
        let aside = self.take_aside(rows, questions);
        if !aside.is_empty() {
            self.aside.insert(from.hash.clone(), aside);
        }
        if let Some(back) = self.aside.remove(&pack.hash) {
            self.put_back(back);
        }
        // what was tapped under the other version is not taken back under this one
        self.taps.clear();
        self.moves.push(Recorded {
            event: content.id.clone(),
            at: content.at.clone(),
            claim: None,
            value: PackMove {
                from,
                to: pack,
                rows: rows.to_vec(),
            },
        });
    }

    fn take_aside(&mut self, rows: &[String], questions: &[String]) -> Aside {
        let of_those = |p: &Recorded<Photo>| match &p.value.target {
            PhotoTarget::Item { item } => rows.contains(item),
            _ => false,
        };
        let (photos, kept) = std::mem::take(&mut self.photos)
            .into_iter()
            .partition(of_those);
        self.photos = kept;
        Aside {
            items: taken(&mut self.items, rows),
            facts: taken(&mut self.facts, questions),
            consents: taken(&mut self.consents, rows),
            photos,
        }
    }

    /// What is newer stays in force.
    fn put_back(&mut self, back: Aside) {
        merge(&mut self.items, back.items);
        merge(&mut self.facts, back.facts);
        merge(&mut self.consents, back.consents);
        self.photos.extend(back.photos);
        self.photos
            .sort_by(|a, b| (a.at.wall_ms, &a.event).cmp(&(b.at.wall_ms, &b.event)));
    }

    /// How many rows with something recorded stay with the version that a move left.
    #[must_use]
    pub fn left_behind(&self, moved: &PackMove) -> usize {
        let Some(aside) = self.aside.get(&moved.from.hash) else {
            return 0;
        };
        let of = |p: &Recorded<Photo>, row: &str| matches!(&p.value.target, PhotoTarget::Item { item } if item == row);
        let there = |row: &&String| {
            let answered = aside.items.get(*row).and_then(History::current);
            answered.is_some_and(|a| a.value.is_some())
                || aside.consents.contains_key(*row)
                || aside.photos.iter().any(|p| of(p, row))
        };
        moved.rows.iter().filter(there).count()
    }

    /// Whether the visit is, or ever was, under the version of this hash.
    #[must_use]
    pub fn been_under(&self, hash: &str) -> bool {
        let now = self.opened.as_ref().is_some_and(|o| o.pack.hash == hash);
        now || self.moves.iter().any(|m| m.value.from.hash == hash)
    }
}

fn taken<T>(
    all: &mut BTreeMap<String, History<T>>,
    names: &[String],
) -> BTreeMap<String, History<T>> {
    let take = |name: &String| Some((name.clone(), all.remove(name)?));
    names.iter().filter_map(take).collect()
}

fn merge<T>(all: &mut BTreeMap<String, History<T>>, back: BTreeMap<String, History<T>>) {
    for (name, earlier) in back {
        let later = all.remove(&name).unwrap_or_default();
        all.insert(name, earlier.then(later));
    }
}

/// Decides on a move to `new`, whose reference is `to`.
///
/// # Errors
/// [`Code::VisitSubmitted`] and [`Code::AlreadyApproved`]: what was handed in stays under its version, also while it is mended.
/// [`Code::InHandover`], [`Code::SignedContent`] once the customer has given feedback or signed, [`Code::PackOther`] for another
/// standard, [`Code::PackNotNewer`] for a version that is no newer and that the visit never was under.
pub fn check_move(ground: &Ground<'_>, new: &Pack, to: &PackRef) -> Result<VisitEvent, Refusal> {
    movable(ground)?;
    let visit = ground.visit;
    let opened = visit.opened.as_ref().ok_or(Code::VisitNotOpen)?;
    if to.id != opened.pack.id {
        return Err(Code::PackOther.into());
    }
    let newer = to.version > opened.pack.version;
    if opened.pack.hash == to.hash || !(newer || visit.been_under(&to.hash)) {
        return Err(Code::PackNotNewer.into());
    }
    let changes = compare(ground.pack, new);
    let rows = changes.iter().filter(|c| c.old.is_some() && !c.kept);
    Ok(VisitEvent::PackMoved {
        pack: to.clone(),
        rows: rows.map(|c| c.id.to_owned()).collect(),
        questions: questions_that_differ(ground.pack, new),
    })
}

fn movable(ground: &Ground<'_>) -> Result<(), Refusal> {
    let visit = ground.visit;
    ground.open()?;
    if visit.submitted() {
        return Err(Code::VisitSubmitted.into());
    }
    if visit.in_handover {
        return Err(Code::InHandover.into());
    }
    if visit.customer_signature.is_some() || visit.feedback.is_some() {
        return Err(Code::SignedContent.into());
    }
    Ok(())
}

/// A move that the walk offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PackOffer {
    /// Back to the version that was just left, instead of on to a newer one.
    pub back: bool,
    /// The version to go to.
    pub version: u32,
}

/// What the walk offers: the newest version on this tablet; after a move, while nothing was tapped since, the way back.
#[must_use]
pub fn offer(ground: &Ground<'_>, newest: Option<u32>) -> Option<PackOffer> {
    movable(ground).ok()?;
    let visit = ground.visit;
    let version = visit.opened.as_ref()?.pack.version;
    if let Some(newest) = newest.filter(|n| *n > version) {
        return Some(PackOffer {
            back: false,
            version: newest,
        });
    }
    let last = visit.moves.last().filter(|_| visit.taps.is_empty())?;
    Some(PackOffer {
        back: true,
        version: last.value.from.version,
    })
}

/// What a move changes, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PackMoveView {
    /// Back to a version that the visit was under before.
    pub back: bool,
    /// The version in force.
    pub from: u32,
    /// The version to go to.
    pub to: u32,
    /// Its hash: exactly what was shown is what is moved to.
    pub hash: String,
    /// Rows that come.
    pub added: Vec<MovedRow>,
    /// Rows that differ.
    pub changed: Vec<MovedRow>,
    /// Rows that go.
    pub dropped: Vec<MovedRow>,
}

/// A row that is not the same in both versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MovedRow {
    /// Item id.
    pub id: String,
    /// Its words: the new ones, of a dropped row the old ones.
    pub text: String,
    /// The old words where they differ.
    pub was: Option<String>,
    /// It has an answer, a statement or photos now.
    pub answered: bool,
    /// What was answered stands after the move.
    pub kept: bool,
    /// An answer from before, given under that version, stands again.
    pub restored: bool,
}

/// Shows what a move to `new` changes.
#[must_use]
pub fn move_view(ground: &Ground<'_>, new: &Pack, to: &PackRef, lang: Lang) -> PackMoveView {
    let visit = ground.visit;
    let words = |item: &Item| item.text.get(lang).to_owned();
    let back = visit.aside.get(&to.hash);
    let (mut added, mut changed, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
    for row in compare(ground.pack, new) {
        let Some(shown) = row.new.or(row.old) else {
            continue;
        };
        let text = words(shown);
        let line = MovedRow {
            id: row.id.to_owned(),
            was: row.old.map(words).filter(|was| *was != text),
            text,
            answered: has_something(visit, row.id),
            kept: row.kept,
            restored: back.is_some_and(|a| a.items.contains_key(row.id)),
        };
        match row.change {
            Change::Added => added.push(line),
            Change::Changed => changed.push(line),
            Change::Dropped => dropped.push(line),
        }
    }
    PackMoveView {
        back: visit.been_under(&to.hash),
        from: visit.opened.as_ref().map_or(0, |o| o.pack.version),
        to: to.version,
        hash: to.hash.clone(),
        added,
        changed,
        dropped,
    }
}

fn has_something(visit: &VisitState, item: &str) -> bool {
    let of =
        |p: &Recorded<Photo>| matches!(&p.value.target, PhotoTarget::Item { item: i } if i == item);
    visit.answered(item).is_some() || visit.consent(item).is_some() || visit.photos.iter().any(of)
}
