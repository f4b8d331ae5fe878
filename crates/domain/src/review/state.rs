//! The total fold of one review stream: takes any event in any order, never refuses, keeps every verdict.

use super::{REVIEW_SCHEMA, ReviewEvent, Score, Verdict, VerdictReason, visit_of};
use crate::event::{Actor, Content, read_body};
use crate::time::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// A verdict as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Event id.
    pub event: String,
    /// On which submission.
    pub submission: u32,
    /// What.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<VerdictReason>,
    /// Words.
    pub note: Option<String>,
    /// Scores.
    pub scores: Vec<Score>,
    /// The submission had been picked for a full read.
    pub sampled: bool,
    /// Approved together with others, unread.
    pub together: bool,
    /// The verdict that it knowingly replaces, by event id.
    pub instead_of: Option<String>,
    /// Who.
    pub by: Actor,
    /// When, by the lead's device.
    pub at: Stamp,
}

/// What became of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It stands.
    Stands,
    /// It stood until it was knowingly replaced.
    Replaced,
    /// Another one stood when it came: kept and told, without effect.
    Late,
}

/// The hub's word that a verdict came too late: when, and the event's id. The newest word counts.
type Mark = (i64, String);

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewState {
    /// Stream name.
    pub stream: String,
    given: BTreeMap<String, Given>,
    late: BTreeMap<String, Mark>,
    sampled: BTreeSet<u32>,
    flagged: BTreeSet<String>,
    /// Events kept but not understood.
    pub parked: u32,
}

/// What lists need of a review: the newest submission that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// `review/…`
    pub stream: String,
    /// `visit/…`
    pub visit: String,
    /// Which submission; 0: none, there are only flags.
    pub submission: u32,
    /// The verdict that stands; none when it was only picked for a full read.
    pub verdict: Option<Verdict>,
    /// When that was given, ms.
    pub given_ms: Option<i64>,
    /// It was picked for a full read.
    pub sampled: bool,
    /// Rules that the hub found broken in the visit.
    pub flags: u32,
}

impl ReviewRow {
    /// The verdict that stands on a submission, when the row speaks of it.
    #[must_use]
    pub fn verdict_on(&self, submission: u32) -> Option<Verdict> {
        self.verdict.filter(|_| self.submission == submission)
    }
}

impl ReviewState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        match read_body::<ReviewEvent>(content, REVIEW_SCHEMA) {
            Some(ReviewEvent::Late { given, .. }) => {
                let mark = (content.at.wall_ms, content.id.clone());
                let newest = self.late.entry(given).or_insert_with(|| mark.clone());
                if *newest < mark {
                    *newest = mark;
                }
            }
            Some(ReviewEvent::Sampled { submission, .. }) => {
                self.sampled.insert(submission);
            }
            Some(ReviewEvent::Flagged { reason, .. }) => {
                self.flagged.insert(reason);
            }
            Some(given @ ReviewEvent::Given { .. }) => self.take(content, given),
            None => self.parked = self.parked.saturating_add(1),
        }
    }

    fn take(&mut self, content: &Content, event: ReviewEvent) {
        let ReviewEvent::Given {
            submission,
            verdict,
            reasons,
            note,
            scores,
            sampled,
            together,
            instead_of,
            ..
        } = event
        else {
            return;
        };
        let given = Given {
            event: content.id.clone(),
            submission,
            verdict,
            reasons,
            note,
            scores,
            sampled,
            together,
            instead_of,
            by: content.actor.clone(),
            at: content.at.clone(),
        };
        self.given.insert(content.id.clone(), given);
    }

    /// Every verdict, by submission and then by time.
    #[must_use]
    pub fn verdicts(&self) -> Vec<&Given> {
        let mut all: Vec<&Given> = self.given.values().collect();
        all.sort_by_key(|g| (g.submission, g.at.wall_ms, g.event.as_str()));
        all
    }

    /// The verdict that stands on a submission. The first that the hub took stands, until somebody knowingly replaces it.
    /// While the hub has not spoken (offline), the earliest by its own time is taken for the first.
    #[must_use]
    pub fn standing(&self, submission: u32) -> Option<&Given> {
        self.chain(submission).pop()
    }

    /// What became of a verdict; [`Place::Late`] for one that is not of this review.
    #[must_use]
    pub fn place(&self, event: &str) -> Place {
        let Some(given) = self.given.get(event) else {
            return Place::Late;
        };
        let chain = self.chain(given.submission);
        match chain.iter().position(|g| g.event == event) {
            None => Place::Late,
            Some(at) if at + 1 == chain.len() => Place::Stands,
            Some(_) => Place::Replaced,
        }
    }

    /// Whether a submission was picked for a full read.
    #[must_use]
    pub fn sampled(&self, submission: u32) -> bool {
        self.sampled.contains(&submission)
    }

    /// The rules that the hub found broken in the visit's events, by their words.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        self.flagged.iter().map(String::as_str)
    }

    /// The verdicts that stood on a submission one after the other; the last one stands.
    fn chain(&self, submission: u32) -> Vec<&Given> {
        let on = || self.given.values().filter(|g| g.submission == submission);
        let known = |id: &&String| on().any(|g| &g.event == *id);
        // a verdict that replaces one which is not here is taken as one of its own
        let before = |g: &Given| g.instead_of.as_ref().filter(known).cloned();
        let mut chain: Vec<&Given> = Vec::new();
        loop {
            let last = chain.last().map(|g| g.event.clone());
            let next = on()
                .filter(|g| before(g) == last && !chain.iter().any(|c| c.event == g.event))
                .min_by_key(|g| self.turn(g));
            match next {
                Some(given) => chain.push(given),
                None => return chain,
            }
        }
    }

    /// Of several verdicts in the same place: one that no hub called late, then the one that was called so the longest time ago
    /// (a hub that came back from a backup may see another one come first), then the earliest.
    fn turn<'a>(&'a self, given: &'a Given) -> (Option<&'a Mark>, i64, &'a str) {
        let mark = self.late.get(&given.event);
        (mark, given.at.wall_ms, given.event.as_str())
    }

    /// The derived row; none while there is nothing to tell.
    #[must_use]
    pub fn row(&self) -> Option<ReviewRow> {
        let spoken = self.given.values().map(|g| g.submission);
        let newest = spoken.chain(self.sampled.iter().copied()).max();
        // a flag is about the visit, and about no submission of it
        let submission = newest.or((!self.flagged.is_empty()).then_some(0))?;
        let standing = self.standing(submission);
        Some(ReviewRow {
            visit: visit_of(&self.stream)?,
            stream: self.stream.clone(),
            submission,
            verdict: standing.map(|g| g.verdict),
            given_ms: standing.map(|g| g.at.wall_ms),
            sampled: self.sampled(submission),
            flags: u32::try_from(self.flagged.len()).unwrap_or(u32::MAX),
        })
    }
}
