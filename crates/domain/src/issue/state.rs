//! The total fold of one issue, and what of it is due when.

use super::{Handler, ISSUE_SCHEMA, IssueEvent, IssueKind, PROGRESS_MINUTES, Promised, Receiver};
use crate::event::{Content, read_body};
use crate::time::Moment;
use crate::told::{Entry, FollowList, FollowRow, Told};
use serde::Serialize;
use ts_rs::TS;

/// Where an issue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IssueStep {
    /// Not settled.
    Open,
    /// Settled, the customer not asked yet.
    Solved,
    /// The customer is satisfied.
    Satisfied,
    /// Filed.
    Archived,
}

/// From when it was raised, or raised again, until it was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Since when.
    pub from: Moment,
    /// When the customer was first told how it stands.
    pub told_at: Option<Moment>,
    /// When it was settled.
    pub solved_at: Option<Moment>,
    /// What was promised, each with the moment it was given at; the last one is in force.
    pub promises: Vec<(Promised, Moment)>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DueKind {
    /// The customer hears how it stands, 24 hours after raising it (S54-06).
    Progress,
    /// The customer hears the answer, as promised (S68-03).
    Promise,
}

impl DueKind {
    /// The clause it stands on.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            DueKind::Progress => "S54-06",
            DueKind::Promise => "S68-03",
        }
    }
}

/// How a term stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// Not done, still time; at the very minute it is still in time.
    Waiting,
    /// Done in time.
    Met,
    /// Not done in time: a breach, whether or not it was done later.
    Missed,
}

/// One term of an issue at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What.
    pub kind: DueKind,
    /// Until when.
    pub due: Moment,
    /// When it was done; none while it is not, and for a promise that was replaced.
    pub done: Option<Moment>,
    /// How it stands.
    pub standing: Standing,
    /// It still asks for something: not done, and not replaced by a later promise.
    pub asks: bool,
}

/// The issue as all events together tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What about.
    pub kind: IssueKind,
    /// In words.
    pub content: String,
    /// Who raised it.
    pub customer: String,
    /// Number to reach them at.
    pub phone: Option<String>,
    /// `order/…`
    pub order: Option<String>,
    /// Where it came up.
    pub source: Option<String>,
    /// Who heard it first.
    pub receiver: Receiver,
    /// Where it stands.
    pub step: IssueStep,
    /// Since when it stands there.
    pub since: Moment,
    /// Every time it was open; never empty.
    pub rounds: Vec<Round>,
    /// Whom it was handed to last.
    pub handler: Option<Handler>,
    /// How it was settled last.
    pub result: Option<String>,
}

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueState {
    /// Stream name.
    pub stream: String,
    told: Told<IssueEvent>,
    /// Events kept but not understood.
    pub parked: u32,
}

impl IssueState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        match read_body::<IssueEvent>(content, ISSUE_SCHEMA) {
            Some(event) => {
                let begins = matches!(event, IssueEvent::Raised { .. });
                self.told.take(content, begins, event);
            }
            None => self.parked = self.parked.saturating_add(1),
        }
    }

    /// Every event that was understood, in turn.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry<IssueEvent>> {
        self.told.entries()
    }

    /// Id of the last of them: what is written now rests on it.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        self.told.last()
    }

    /// The issue; none until a readable `issue.raised` came.
    #[must_use]
    pub fn case(&self) -> Option<Case> {
        let mut all = self.told.entries().into_iter();
        let mut case = all.next().and_then(begin)?;
        all.for_each(|entry| case.go_on(entry));
        Some(case)
    }

    /// The derived row.
    #[must_use]
    pub fn row(&self) -> Option<FollowRow> {
        let case = self.case()?;
        let term = case.next_due();
        let due = term.unwrap_or(case.since);
        Some(FollowRow {
            stream: self.stream.clone(),
            list: FollowList::Issues,
            order: case.order,
            due_ms: due.ms,
            term_ms: term.map(|t| t.ms),
            closed: case.step == IssueStep::Archived,
            updated_ms: self.told.newest_ms().unwrap_or(due.ms),
        })
    }
}

/// The first event of a stream, when it raises an issue.
fn begin(entry: &Entry<IssueEvent>) -> Option<Case> {
    let IssueEvent::Raised {
        issue,
        content,
        customer,
        phone,
        order,
        source,
        heard_at,
        promise,
    } = entry.event.clone()
    else {
        return None;
    };
    Some(Case {
        kind: issue,
        content,
        customer,
        phone,
        order,
        source,
        receiver: Receiver {
            by: entry.by.clone(),
            entered_at: entry.at,
        },
        step: IssueStep::Open,
        since: heard_at,
        rounds: vec![Round {
            from: heard_at,
            told_at: None,
            solved_at: None,
            promises: vec![(promise, heard_at)],
        }],
        handler: None,
        result: None,
    })
}

impl Case {
    /// What came next. What does not fit where the issue stands (somebody else filed it meanwhile) is told and changes nothing.
    fn go_on(&mut self, entry: &Entry<IssueEvent>) {
        use IssueStep::{Archived, Open, Satisfied, Solved};
        match (&entry.event, self.step) {
            (IssueEvent::HandedOn { to, .. }, step) if step != Archived => {
                self.handler = Some(to.clone());
            }
            (
                IssueEvent::ProgressTold {
                    told_at, promise, ..
                },
                Open,
            ) => self.told(*told_at, promise.clone(), entry.at),
            (IssueEvent::Solved { result }, Open) => {
                self.result = Some(result.clone());
                if let Some(round) = self.rounds.last_mut() {
                    round.solved_at = Some(entry.at);
                }
                self.stand(Solved, entry.at);
            }
            (IssueEvent::Satisfied { .. }, Solved) => self.stand(Satisfied, entry.at),
            (IssueEvent::Reopened { promise, .. }, Solved | Satisfied) => {
                self.rounds.push(Round {
                    from: entry.at,
                    told_at: None,
                    solved_at: None,
                    promises: vec![(promise.clone(), entry.at)],
                });
                self.stand(Open, entry.at);
            }
            (IssueEvent::Archived {}, Satisfied) => self.stand(Archived, entry.at),
            _ => {}
        }
    }

    fn stand(&mut self, step: IssueStep, at: Moment) {
        self.step = step;
        self.since = at;
    }

    fn told(&mut self, told_at: Moment, promise: Option<Promised>, at: Moment) {
        let Some(round) = self.rounds.last_mut() else {
            return;
        };
        let first = round.told_at.map_or(told_at, |before| before.min(told_at));
        round.told_at = Some(first);
        round.promises.extend(promise.map(|p| (p, at)));
    }

    /// Every term of every round at `now`, oldest round first.
    #[must_use]
    pub fn terms(&self, now: Moment) -> Vec<Term> {
        self.rounds.iter().flat_map(|r| r.terms(now)).collect()
    }

    /// The promise in force.
    #[must_use]
    pub fn promise(&self) -> Option<&Promised> {
        let last = self.rounds.last().and_then(|r| r.promises.last());
        last.map(|(promise, _)| promise)
    }

    /// When the issue asks for something next; none once it is settled, until it is opened again.
    fn next_due(&self) -> Option<Moment> {
        let asked = self.terms(self.since).into_iter().filter(|t| t.asks);
        asked.map(|t| t.due).min()
    }
}

impl Round {
    fn terms(&self, now: Moment) -> Vec<Term> {
        let told = [self.told_at, self.solved_at].into_iter().flatten().min();
        let due = self.from.plus_minutes(PROGRESS_MINUTES);
        let mut terms = vec![term(DueKind::Progress, due, told, now)];
        for (i, (promise, _)) in self.promises.iter().enumerate() {
            match self.promises.get(i.saturating_add(1)) {
                None => terms.push(term(DueKind::Promise, promise.by, self.solved_at, now)),
                // given up in time: the customer had a new promise before the old one ran out
                Some((_, given)) if given.ms <= promise.by.ms => {}
                Some(_) => terms.push(Term {
                    kind: DueKind::Promise,
                    due: promise.by,
                    done: None,
                    standing: Standing::Missed,
                    asks: false,
                }),
            }
        }
        terms
    }
}

/// How a term stands at `now`; what is done or due at the very millisecond is in time.
fn term(kind: DueKind, due: Moment, done: Option<Moment>, now: Moment) -> Term {
    let standing = match done {
        Some(at) if at.ms <= due.ms => Standing::Met,
        None if now.ms <= due.ms => Standing::Waiting,
        _ => Standing::Missed,
    };
    Term {
        kind,
        due,
        done,
        standing,
        asks: done.is_none(),
    }
}
