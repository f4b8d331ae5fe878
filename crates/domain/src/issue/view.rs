//! An issue as a screen shows it.

use super::{
    Case, DueKind, Handler, IssueEvent, IssueKind, IssueState, IssueStep, Promised, Standing, Term,
};
use crate::event::Actor;
use crate::text::mask_phone;
use crate::time::Moment;
use crate::told::Entry;
use serde::Serialize;
use ts_rs::TS;

/// An issue, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct IssueView {
    /// `issue/…`
    pub issue: String,
    /// Where it stands.
    pub step: IssueStep,
    /// Since when.
    pub since: Moment,
    /// What about.
    pub kind: IssueKind,
    /// In words.
    pub content: String,
    /// Who raised it.
    pub customer: String,
    /// Masked number.
    pub phone_masked: Option<String>,
    /// `order/…`
    pub order: Option<String>,
    /// Its number, where it is on this device.
    pub order_no: Option<String>,
    /// Where it came up.
    pub source: Option<String>,
    /// Who heard it first.
    pub receiver: Actor,
    /// When it was raised.
    pub heard_at: Moment,
    /// When that was entered.
    pub entered_at: Moment,
    /// What the customer was promised last.
    pub promise: Option<Promised>,
    /// Whom it was handed to.
    pub handler: Option<Handler>,
    /// How it was settled.
    pub result: Option<String>,
    /// How often the customer was not satisfied.
    pub reopened: u32,
    /// What is due next: the nearest term that still asks for something.
    pub due: Option<TermView>,
    /// What was not done in time, oldest first.
    pub breaches: Vec<TermView>,
    /// The one action.
    pub next: IssueNext,
    /// Everything that happened, oldest first.
    pub lines: Vec<IssueLine>,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TermView {
    /// What.
    pub kind: DueKind,
    /// Until when.
    pub due: Moment,
    /// When it was done.
    pub done: Option<Moment>,
    /// How it stands.
    pub standing: Standing,
    /// The clause it stands on.
    pub clause: String,
}

/// The one action of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IssueNext {
    /// 告诉客户进度: the customer has not heard anything yet.
    TellProgress,
    /// 写处理结果
    Solve,
    /// 回访客户: satisfied or not.
    AskCustomer,
    /// 归档
    Archive,
    /// Filed.
    Nothing,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[expect(missing_docs, reason = "they are the events' own names")]
pub enum IssueLineKind {
    Raised,
    ProgressTold,
    HandedOn,
    Solved,
    Satisfied,
    Reopened,
    Archived,
    PhoneRevealed,
}

/// One line of what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct IssueLine {
    /// What.
    pub kind: IssueLineKind,
    /// When it happened, as it was stated.
    pub at: Moment,
    /// When it was entered.
    pub entered_at: Moment,
    /// By whom.
    pub by: Actor,
    /// Words: what was said, done, whom it was handed to.
    pub words: Option<String>,
    /// What was promised with it.
    pub promise: Option<Promised>,
}

/// The view at `now`; `order` is number and phone of its order, where that is on this device.
#[must_use]
pub fn view(state: &IssueState, order: Option<(String, String)>, now: Moment) -> Option<IssueView> {
    let case = state.case()?;
    let terms = case.terms(now);
    let (order_no, order_phone) = order.unzip();
    let phone = case.phone.clone().or(order_phone);
    let asked = terms.iter().filter(|t| t.asks);
    let due = asked.min_by_key(|t| t.due.ms).map(TermView::of);
    let missed = terms.iter().filter(|t| t.standing == Standing::Missed);
    Some(IssueView {
        issue: state.stream.clone(),
        step: case.step,
        since: case.since,
        kind: case.kind,
        heard_at: case.rounds.first().map_or(case.since, |r| r.from),
        promise: case.promise().cloned(),
        next: next(&case),
        reopened: u32::try_from(case.rounds.len().saturating_sub(1)).unwrap_or(u32::MAX),
        breaches: missed.map(TermView::of).collect(),
        due,
        phone_masked: phone.map(|p| mask_phone(&p)),
        order_no,
        content: case.content,
        customer: case.customer,
        order: case.order,
        source: case.source,
        receiver: case.receiver.by,
        entered_at: case.receiver.entered_at,
        handler: case.handler,
        result: case.result,
        lines: state.entries().into_iter().map(line).collect(),
    })
}

impl TermView {
    fn of(term: &Term) -> TermView {
        TermView {
            kind: term.kind,
            due: term.due,
            done: term.done,
            standing: term.standing,
            clause: term.kind.clause().to_owned(),
        }
    }
}

fn next(case: &Case) -> IssueNext {
    let told = case.rounds.last().is_some_and(|r| r.told_at.is_some());
    match case.step {
        IssueStep::Open if told => IssueNext::Solve,
        IssueStep::Open => IssueNext::TellProgress,
        IssueStep::Solved => IssueNext::AskCustomer,
        IssueStep::Satisfied => IssueNext::Archive,
        IssueStep::Archived => IssueNext::Nothing,
    }
}

fn line(entry: &Entry<IssueEvent>) -> IssueLine {
    use IssueLineKind as K;
    let told = |kind, words: Option<&String>| (kind, entry.at, words.cloned(), None);
    let (kind, at, words, promise) = match &entry.event {
        IssueEvent::Raised {
            heard_at,
            content,
            promise,
            ..
        } => (
            K::Raised,
            *heard_at,
            Some(content.clone()),
            Some(promise.clone()),
        ),
        IssueEvent::ProgressTold {
            told_at,
            words,
            promise,
        } => (
            K::ProgressTold,
            *told_at,
            Some(words.clone()),
            promise.clone(),
        ),
        IssueEvent::HandedOn { to, words } => {
            let all = [Some(&to.name), to.phone.as_ref(), words.as_ref()];
            let said: Vec<&str> = all.into_iter().flatten().map(String::as_str).collect();
            (K::HandedOn, entry.at, Some(said.join(" · ")), None)
        }
        IssueEvent::Solved { result } => told(K::Solved, Some(result)),
        IssueEvent::Satisfied { asked_at, words } => (K::Satisfied, *asked_at, words.clone(), None),
        IssueEvent::Reopened { reason, promise } => (
            K::Reopened,
            entry.at,
            Some(reason.clone()),
            Some(promise.clone()),
        ),
        IssueEvent::Archived {} => told(K::Archived, None),
        IssueEvent::PhoneRevealed {} => told(K::PhoneRevealed, None),
    };
    IssueLine {
        kind,
        at,
        entered_at: entry.at,
        by: entry.by.clone(),
        words,
        promise,
    }
}
