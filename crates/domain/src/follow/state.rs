//! The total fold of one plan, and how each contact stands.

use super::{Act, FOLLOW_SCHEMA, PlanEvent, PlanKind, PlannedAct, Way};
use crate::event::{Actor, Content, read_body};
use crate::time::Moment;
use crate::told::{Entry, FollowList, FollowRow, Told};
use serde::Serialize;
use ts_rs::TS;

/// How a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ActStanding {
    /// Still time; at the very minute it is still in time.
    Waiting,
    /// Done in time.
    Done,
    /// Done after it was due.
    DoneLate,
    /// Not done, and no time left.
    Missed,
    /// Not done, and the plan was dropped.
    Dropped,
}

/// A contact that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActDone {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Actor,
    /// How.
    pub way: Way,
    /// What came of it.
    pub result: String,
    /// Whether the customer is satisfied.
    pub satisfied: Option<bool>,
}

/// The plan as all events together tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What kind.
    pub kind: PlanKind,
    /// Its contacts, each with what came of it.
    pub acts: Vec<(PlannedAct, Option<ActDone>)>,
    /// Whom.
    pub customer: String,
    /// Number to reach them at.
    pub phone: Option<String>,
    /// `order/…`
    pub order: Option<String>,
    /// Who is to do it.
    pub whose: Actor,
    /// Words.
    pub note: Option<String>,
    /// Why and when it was dropped.
    pub dropped: Option<(String, Moment)>,
}

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanState {
    /// Stream name.
    pub stream: String,
    told: Told<PlanEvent>,
    /// Events kept but not understood.
    pub parked: u32,
}

impl PlanState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        match read_body::<PlanEvent>(content, FOLLOW_SCHEMA) {
            Some(event) => {
                let begins = matches!(event, PlanEvent::Planned { .. });
                self.told.take(content, begins, event);
            }
            None => self.parked = self.parked.saturating_add(1),
        }
    }

    /// Every event that was understood, in turn.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry<PlanEvent>> {
        self.told.entries()
    }

    /// Id of the last of them: what is written now rests on it.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        self.told.last()
    }

    /// The plan; none until a readable `follow.planned` came.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        let mut all = self.told.entries().into_iter();
        let mut plan = all.next().and_then(begin)?;
        all.for_each(|entry| plan.go_on(entry));
        Some(plan)
    }

    /// The derived row.
    #[must_use]
    pub fn row(&self) -> Option<FollowRow> {
        let plan = self.plan()?;
        let newest = self.told.newest_ms().unwrap_or_default();
        let due = plan.next().map(|a| a.due.ms);
        Some(FollowRow {
            stream: self.stream.clone(),
            list: FollowList::Plans,
            closed: due.is_none(),
            due_ms: due.unwrap_or(newest),
            term_ms: due,
            order: plan.order,
            updated_ms: newest,
        })
    }
}

/// The first event of a stream, when it makes a plan.
fn begin(entry: &Entry<PlanEvent>) -> Option<Plan> {
    let PlanEvent::Planned {
        plan,
        acts,
        customer,
        phone,
        order,
        whose,
        note,
    } = entry.event.clone()
    else {
        return None;
    };
    Some(Plan {
        kind: plan,
        acts: acts.into_iter().map(|a| (a, None)).collect(),
        customer,
        phone,
        order,
        whose: whose.unwrap_or_else(|| entry.by.clone()),
        note,
        dropped: None,
    })
}

impl Plan {
    /// What came next; a contact that was made twice counts as it was entered first.
    fn go_on(&mut self, entry: &Entry<PlanEvent>) {
        match &entry.event {
            PlanEvent::Done {
                act,
                done_at,
                way,
                result,
                satisfied,
            } => {
                let open = self
                    .acts
                    .iter_mut()
                    .find(|(a, d)| a.act == *act && d.is_none());
                if let Some((_, done)) = open {
                    *done = Some(ActDone {
                        at: *done_at,
                        by: entry.by.clone(),
                        way: *way,
                        result: result.clone(),
                        satisfied: *satisfied,
                    });
                }
            }
            PlanEvent::Dropped { reason } => {
                self.dropped.get_or_insert((reason.clone(), entry.at));
            }
            PlanEvent::Planned { .. } | PlanEvent::Tried { .. } | PlanEvent::PhoneRevealed {} => {}
        }
    }

    /// The contact to make next: of those not made the one due first; none when the plan is through or was dropped.
    #[must_use]
    pub fn next(&self) -> Option<PlannedAct> {
        let open = self.acts.iter().filter(|(_, done)| done.is_none());
        let first = open.map(|(act, _)| *act).min_by_key(|a| a.due.ms);
        first.filter(|_| self.dropped.is_none())
    }

    /// How a contact stands at `now`.
    #[must_use]
    pub fn standing(&self, act: PlannedAct, done: Option<&ActDone>, now: Moment) -> ActStanding {
        match (done, &self.dropped) {
            (Some(done), _) if done.at.ms <= act.due.ms => ActStanding::Done,
            (Some(_), _) => ActStanding::DoneLate,
            // what ran out before it was dropped stays missed
            (None, Some((_, at))) if at.ms <= act.due.ms => ActStanding::Dropped,
            (None, None) if now.ms <= act.due.ms => ActStanding::Waiting,
            _ => ActStanding::Missed,
        }
    }

    /// Whether this contact is planned.
    #[must_use]
    pub fn holds(&self, act: Act) -> bool {
        self.acts.iter().any(|(a, _)| a.act == act)
    }
}
