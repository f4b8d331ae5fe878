//! The total fold of an assessment: takes any event, never refuses.

use super::events::{ASSESS_SCHEMA, AssessEvent, FormText, Side};
use crate::event::{Actor, Content, read_body};
use crate::time::Stamp;
use crate::visit::Ink;
use std::collections::BTreeMap;

/// Points that were deducted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// Event id.
    pub event: String,
    /// Row of the form.
    pub row: String,
    /// How many points.
    pub points: u32,
    /// When.
    pub at: Stamp,
}

/// A stretch in which a clock ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// From.
    pub from: Stamp,
    /// To; none while it runs.
    pub to: Option<Stamp>,
}

impl Stretch {
    /// How long it ran, ms, by the wall clock, which also counts while the device sleeps. Was that set back meanwhile, the monotonic
    /// clock of the same boot counts.
    #[must_use]
    pub fn ms(&self, now: &Stamp) -> u64 {
        let to = self.to.as_ref().unwrap_or(now);
        match u64::try_from(to.wall_ms.saturating_sub(self.from.wall_ms)) {
            Ok(ms) => ms,
            Err(_) if to.boot_id == self.from.boot_id => {
                to.mono_ms.saturating_sub(self.from.mono_ms)
            }
            Err(_) => 0,
        }
    }
}

/// How the points are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Total of the form.
    pub total: String,
    /// Why.
    pub note: String,
}

/// A signature, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The strokes.
    pub ink: Option<Ink>,
    /// Why not.
    pub reason: Option<String>,
    /// Digest of what was signed.
    pub digest: String,
    /// When.
    pub at: Stamp,
}

/// How it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The form as it was then.
    pub form: FormText,
    /// Who is examined.
    pub candidate: Actor,
    /// By whom.
    pub examiner: Actor,
    /// When.
    pub at: Stamp,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// 完成
    Closed {
        /// Points out of 100.
        score: u32,
        /// When.
        at: Stamp,
    },
    /// 作废
    Withdrawn {
        /// Why.
        reason: String,
        /// When.
        at: Stamp,
    },
}

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssessState {
    /// Stream name.
    pub stream: String,
    /// How it began; what comes before that is kept and ignored.
    pub begun: Option<Begun>,
    /// Deductions in force, oldest first.
    pub deductions: Vec<Deduction>,
    /// Stretches by time limit.
    pub timers: BTreeMap<String, Vec<Stretch>>,
    /// How the points are counted.
    pub choice: Option<Choice>,
    /// Words of the examiner's.
    pub notes: Vec<String>,
    /// Signatures that count.
    pub signed: BTreeMap<Side, Signed>,
    /// How it ended; later events change nothing.
    pub ended: Option<Ended>,
    /// Events kept but not understood.
    pub parked: u32,
}

impl AssessState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        let Some(event) = read_body::<AssessEvent>(content, ASSESS_SCHEMA) else {
            self.parked = self.parked.saturating_add(1);
            return;
        };
        if self.ended.is_some() {
            return;
        }
        match event {
            AssessEvent::Begun { form, candidate } if self.begun.is_none() => {
                self.begun = Some(Begun {
                    form,
                    candidate,
                    examiner: content.actor.clone(),
                    at: content.at.clone(),
                });
            }
            AssessEvent::Begun { .. } => {}
            _ if self.begun.is_none() => {}
            event => self.take(content, event),
        }
    }

    fn take(&mut self, content: &Content, event: AssessEvent) {
        let at = content.at.clone();
        match event {
            AssessEvent::Begun { .. } => {}
            AssessEvent::Deducted { row, points } => self.deductions.push(Deduction {
                event: content.id.clone(),
                row,
                points,
                at,
            }),
            AssessEvent::TakenBack { deduction } => {
                self.deductions.retain(|d| d.event != deduction);
            }
            AssessEvent::TimerStarted { timer } => {
                let all = self.timers.entry(timer).or_default();
                if all.last().is_none_or(|s| s.to.is_some()) {
                    all.push(Stretch { from: at, to: None });
                }
            }
            AssessEvent::TimerStopped { timer } => {
                let last = self.timers.get_mut(&timer).and_then(|all| all.last_mut());
                if let Some(stretch) = last.filter(|s| s.to.is_none()) {
                    stretch.to = Some(at);
                }
            }
            AssessEvent::TotalChosen { total, note } => self.choice = Some(Choice { total, note }),
            AssessEvent::Noted { text } => self.notes.push(text),
            AssessEvent::Signed {
                side,
                ink,
                reason,
                digest,
            } => {
                let signed = Signed {
                    ink,
                    reason,
                    digest,
                    at,
                };
                self.signed.insert(side, signed);
            }
            AssessEvent::Reopened { .. } => self.signed.clear(),
            AssessEvent::Withdrawn { reason } => self.ended = Some(Ended::Withdrawn { reason, at }),
            AssessEvent::Closed { score, .. } => self.ended = Some(Ended::Closed { score, at }),
        }
    }

    /// Whether the clock of a time limit runs.
    #[must_use]
    pub fn running(&self, timer: &str) -> bool {
        let last = self.timers.get(timer).and_then(|all| all.last());
        last.is_some_and(|s| s.to.is_none())
    }

    /// How long the clock of a time limit ran in all, ms.
    #[must_use]
    pub fn ran_ms(&self, timer: &str, now: &Stamp) -> u64 {
        let all = self.timers.get(timer).map_or(&[][..], Vec::as_slice);
        all.iter().fold(0, |n, s| n.saturating_add(s.ms(now)))
    }

    /// The deductions of a row.
    pub fn of_row<'a>(&'a self, row: &'a str) -> impl DoubleEndedIterator<Item = &'a Deduction> {
        self.deductions.iter().filter(move |d| d.row == row)
    }
}
