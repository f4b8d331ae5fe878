//! A plan as a screen shows it.

use super::{Act, ActStanding, PlanEvent, PlanKind, PlanState, Way};
use crate::event::Actor;
use crate::text::mask_phone;
use crate::time::Moment;
use crate::told::Entry;
use serde::Serialize;
use ts_rs::TS;

/// A plan, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlanView {
    /// `follow/…`
    pub plan: String,
    /// What kind.
    pub kind: PlanKind,
    /// Whom.
    pub customer: String,
    /// Masked number.
    pub phone_masked: Option<String>,
    /// `order/…`
    pub order: Option<String>,
    /// Its number, where it is on this device.
    pub order_no: Option<String>,
    /// Who is to do it.
    pub whose: Actor,
    /// Words.
    pub note: Option<String>,
    /// The contact to make next; none when there is nothing left to do.
    pub next: Option<Act>,
    /// When that is due; the last contact's, when there is nothing left to do.
    pub due: Option<Moment>,
    /// Contacts that are missed now.
    pub missed: u32,
    /// Contacts that were made.
    pub done: u32,
    /// All contacts.
    pub acts: Vec<ActView>,
    /// Why it was dropped.
    pub dropped: Option<String>,
    /// Tries that reached nobody, oldest first.
    pub tries: Vec<PlanTry>,
}

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ActView {
    /// What.
    pub act: Act,
    /// By then.
    pub due: Moment,
    /// How it stands.
    pub standing: ActStanding,
    /// When it was made.
    pub done_at: Option<Moment>,
    /// By whom.
    pub by: Option<Actor>,
    /// How.
    pub way: Option<Way>,
    /// How it may be made, the usual way first.
    pub ways: Vec<Way>,
    /// What came of it.
    pub result: Option<String>,
    /// Whether the customer is satisfied.
    pub satisfied: Option<bool>,
    /// The customer is asked that.
    pub asks_satisfaction: bool,
    /// The clause it stands on.
    pub clause: String,
}

/// A try that reached nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlanTry {
    /// Which contact.
    pub act: Act,
    /// When.
    pub at: Moment,
    /// How.
    pub way: Way,
    /// By whom.
    pub by: Actor,
}

/// The view at `now`; `order` is number and phone of its order, where that is on this device.
#[must_use]
pub fn view(state: &PlanState, order: Option<(String, String)>, now: Moment) -> Option<PlanView> {
    let plan = state.plan()?;
    let (order_no, order_phone) = order.unzip();
    let act_view = |(act, done): &(super::PlannedAct, Option<super::ActDone>)| ActView {
        act: act.act,
        due: act.due,
        standing: plan.standing(*act, done.as_ref(), now),
        done_at: done.as_ref().map(|d| d.at),
        by: done.as_ref().map(|d| d.by.clone()),
        way: done.as_ref().map(|d| d.way),
        ways: act.act.ways().to_vec(),
        result: done.as_ref().map(|d| d.result.clone()),
        satisfied: done.as_ref().and_then(|d| d.satisfied),
        asks_satisfaction: act.act.asks_satisfaction(),
        clause: act.act.clause().to_owned(),
    };
    let acts: Vec<ActView> = plan.acts.iter().map(act_view).collect();
    let count = |f: &dyn Fn(&ActView) -> bool| {
        u32::try_from(acts.iter().filter(|a| f(a)).count()).unwrap_or(u32::MAX)
    };
    let next = plan.next();
    let last = plan.acts.iter().map(|(a, _)| a.due).max_by_key(|d| d.ms);
    let phone = plan.phone.clone().or(order_phone);
    Some(PlanView {
        plan: state.stream.clone(),
        kind: plan.kind,
        next: next.map(|a| a.act),
        due: next.map(|a| a.due).or(last),
        missed: count(&|a| a.standing == ActStanding::Missed),
        done: count(&|a| a.done_at.is_some()),
        phone_masked: phone.map(|p| mask_phone(&p)),
        order_no,
        acts,
        dropped: plan.dropped.map(|(reason, _)| reason),
        customer: plan.customer,
        order: plan.order,
        whose: plan.whose,
        note: plan.note,
        tries: state.entries().into_iter().filter_map(line).collect(),
    })
}

fn line(entry: &Entry<PlanEvent>) -> Option<PlanTry> {
    match &entry.event {
        PlanEvent::Tried { act, tried_at, way } => Some(PlanTry {
            act: *act,
            at: *tried_at,
            way: *way,
            by: entry.by.clone(),
        }),
        _ => None,
    }
}
