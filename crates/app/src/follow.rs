//! What follows a visit: open issues and follow-up plans, each one list.

use crate::dto::PhoneReveal;
use crate::orders::order_state;
use crate::visits::visit_state;
use crate::{App, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::event::{BasedOn, Content};
use doorstep_domain::follow::{NewPlan, PlanCommand, PlanState, PlanView};
use doorstep_domain::issue::{IssueCommand, IssueKind, IssueState, IssueView, NewIssue};
use doorstep_domain::rows::StreamState;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::told::FollowList;
use doorstep_domain::visit::Answer;
use doorstep_domain::{follow, issue};
use doorstep_store::FollowPage;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Most rows of a page: each is folded from its events, and the folds in memory are to stay those of the visits at hand.
const MOST_ROWS: u32 = 20;

/// A page of one of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct FollowQuery {
    /// What is done with, in place of what is open.
    pub closed: bool,
    /// First row.
    pub offset: u32,
    /// Rows, at most 20.
    pub limit: u32,
}

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FollowCounts {
    /// Open ones.
    pub open: u32,
    /// Of these: something was due before now.
    pub overdue: u32,
    /// Closed ones.
    pub closed: u32,
}

/// A page of the open issues 未了的事, what is due first on top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct IssuePage {
    /// Now.
    pub now: Moment,
    /// All.
    pub counts: FollowCounts,
    /// Rows.
    pub rows: Vec<IssueView>,
}

/// A page of the follow-up plans 回访计划, what is due first on top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlanPage {
    /// Now.
    pub now: Moment,
    /// All.
    pub counts: FollowCounts,
    /// Rows.
    pub rows: Vec<PlanView>,
}

/// Where an issue is raised from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct IssueSource {
    /// `visit/…`, `follow/…`, `order/…`; none for one that a customer phoned in.
    pub stream: Option<String>,
    /// The row of the visit whose words tell it.
    pub item: Option<String>,
}

/// What is known before a form is filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct IssueDraft {
    /// What about.
    pub kind: IssueKind,
    /// In words, as far as they stand already.
    pub content: String,
    /// Who raised it.
    pub customer: String,
    /// `order/…`
    pub order: Option<String>,
    /// Its number.
    pub order_no: Option<String>,
    /// Where it comes up.
    pub source: Option<String>,
    /// When it was raised, as far as that is known; else now.
    pub heard_at: Moment,
    /// Own name, for the promise.
    pub name: String,
    /// Own phone, for the promise.
    pub phone: String,
    /// What is open already of the same order.
    pub already: Vec<IssueView>,
}

impl App {
    /// A page of the open issues.
    ///
    /// # Errors
    /// [`Code::NoProfile`], storage trouble.
    pub fn issues(&self, query: &FollowQuery) -> Outcome<IssuePage> {
        let now = self.now()?.moment();
        self.with(|session| {
            let page = page(session, FollowList::Issues, query, now)?;
            let mut rows = Vec::with_capacity(page.rows.len());
            for row in &page.rows {
                rows.push(show_issue(session, &row.stream, now)?);
            }
            let counts = counts(&page);
            Ok(IssuePage { now, counts, rows })
        })
    }

    /// A page of the follow-up plans.
    ///
    /// # Errors
    /// [`Code::NoProfile`], storage trouble.
    pub fn plans(&self, query: &FollowQuery) -> Outcome<PlanPage> {
        let now = self.now()?.moment();
        self.with(|session| {
            let page = page(session, FollowList::Plans, query, now)?;
            let mut rows = Vec::with_capacity(page.rows.len());
            for row in &page.rows {
                rows.push(show_plan(session, &row.stream, now)?);
            }
            let counts = counts(&page);
            Ok(PlanPage { now, counts, rows })
        })
    }

    /// What an issue's form begins with.
    ///
    /// # Errors
    /// [`Code::VisitUnknown`], [`Code::OrderUnknown`], [`Code::PlanUnknown`], storage trouble.
    pub fn issue_draft(&self, source: &IssueSource) -> Outcome<IssueDraft> {
        let now = self.now()?.moment();
        self.with(|session| {
            let mut draft = IssueDraft {
                kind: IssueKind::Complaint,
                content: String::new(),
                customer: String::new(),
                order: None,
                order_no: None,
                source: source.stream.clone(),
                heard_at: now,
                name: session.technician.name.clone(),
                phone: session.phone.clone(),
                already: Vec::new(),
            };
            let Some(stream) = &source.stream else {
                return Ok(draft);
            };
            match stream.split('/').next() {
                Some("visit") => from_visit(session, stream, source.item.as_deref(), &mut draft)?,
                Some("follow") => {
                    let plan = plan_state(session, stream)?
                        .plan()
                        .ok_or(Code::PlanUnknown)?;
                    draft.customer = plan.customer;
                    draft.order = plan.order;
                }
                Some("order") => draft.order = Some(stream.clone()),
                _ => return Err(Code::BadRequest.into()),
            }
            if let Some(order) = draft.order.clone() {
                let state = order_state(session, &order)?;
                draft.order_no = no_of(session, &order)?;
                for issue in session.store.issues_of(&order)? {
                    draft.already.push(show_issue(session, &issue, now)?);
                }
                draft.customer = state.order.map_or(draft.customer, |o| o.customer);
            }
            Ok(draft)
        })
    }

    /// Raises an issue; durable when it returns.
    ///
    /// # Errors
    /// A refusal of [`issue::raise`], [`Code::OrderUnknown`], or storage trouble; nothing has changed then.
    pub fn raise_issue(&self, new: &NewIssue) -> Outcome<IssueView> {
        let now = self.now()?;
        self.with(|session| {
            let event = issue::raise(new, now.moment())?;
            if let Some(order) = &new.order {
                order_state(session, order)?;
            }
            let stream = format!("issue/{}", self.new_id(&now));
            let content = self.content(session, &now, &stream, &event, None)?;
            session.store.append(vec![content])?;
            show_issue(session, &stream, now.moment())
        })
    }

    /// Does one thing about an issue; durable when it returns.
    ///
    /// # Errors
    /// A refusal of [`issue::decide`], or storage trouble; nothing has changed then.
    pub fn act_on_issue(&self, issue: &str, command: &IssueCommand) -> Outcome<IssueView> {
        let now = self.now()?;
        self.with(|session| {
            self.record_issue(session, &now, issue, command)?;
            show_issue(session, issue, now.moment())
        })
    }

    fn record_issue(
        &self,
        session: &mut Session,
        now: &Stamp,
        issue: &str,
        command: &IssueCommand,
    ) -> Outcome<()> {
        let state = issue_state(session, issue)?;
        let event = issue::decide(&state, command, now.moment())?;
        let content = self.content(session, now, issue, &event, after(issue, state.last()))?;
        session.store.append(vec![content])?;
        Ok(())
    }

    /// Makes a plan, for 每月五个一 one for each month; durable when it returns.
    ///
    /// # Errors
    /// A refusal of [`follow::plan`], [`Code::OrderUnknown`], or storage trouble; nothing has changed then.
    pub fn make_plan(&self, new: &NewPlan) -> Outcome<Vec<PlanView>> {
        let now = self.now()?;
        self.with(|session| {
            let events = follow::plan(new, now.moment())?;
            if let Some(order) = &new.order {
                order_state(session, order)?;
            }
            let mut contents: Vec<Content> = Vec::with_capacity(events.len());
            for event in &events {
                let stream = format!("follow/{}", self.new_id(&now));
                contents.push(self.content(session, &now, &stream, event, None)?);
            }
            let streams: Vec<String> = contents.iter().map(|c| c.stream.clone()).collect();
            session.store.append(contents)?;
            let shown = streams.iter().map(|s| show_plan(session, s, now.moment()));
            shown.collect()
        })
    }

    /// Does one thing about a plan; durable when it returns.
    ///
    /// # Errors
    /// A refusal of [`follow::decide`], or storage trouble; nothing has changed then.
    pub fn act_on_plan(&self, plan: &str, command: &PlanCommand) -> Outcome<PlanView> {
        let now = self.now()?;
        self.with(|session| {
            self.record_plan(session, &now, plan, command)?;
            show_plan(session, plan, now.moment())
        })
    }

    fn record_plan(
        &self,
        session: &mut Session,
        now: &Stamp,
        plan: &str,
        command: &PlanCommand,
    ) -> Outcome<()> {
        let state = plan_state(session, plan)?;
        let event = follow::decide(&state, command, now.moment())?;
        let content = self.content(session, now, plan, &event, after(plan, state.last()))?;
        session.store.append(vec![content])?;
        Ok(())
    }

    /// The whole number behind an issue or a plan, for the call; the look is logged there.
    ///
    /// # Errors
    /// [`Code::IssueUnknown`], [`Code::PlanUnknown`], [`Code::CallbackMissing`] where nobody left a number, storage trouble.
    pub fn follow_phone(&self, stream: &str) -> Outcome<PhoneReveal> {
        let now = self.now()?;
        self.with(|session| {
            let (phone, order) = if stream.starts_with("follow/") {
                let plan = plan_state(session, stream)?
                    .plan()
                    .ok_or(Code::PlanUnknown)?;
                (plan.phone, plan.order)
            } else {
                let case = issue_state(session, stream)?
                    .case()
                    .ok_or(Code::IssueUnknown)?;
                (case.phone, case.order)
            };
            let order = match order {
                Some(order) => work(session, &order)?,
                None => None,
            };
            let alternate_contact = order.as_ref().and_then(|o| o.alternate_contact.clone());
            let phone = phone
                .or(order.map(|o| o.phone))
                .ok_or(Code::CallbackMissing)?;
            if stream.starts_with("follow/") {
                self.record_plan(session, &now, stream, &PlanCommand::RevealPhone)?;
            } else {
                self.record_issue(session, &now, stream, &IssueCommand::RevealPhone)?;
            }
            Ok(PhoneReveal {
                phone,
                alternate_contact,
            })
        })
    }
}

/// What a visit tells of an issue: its order, and the words of the row.
fn from_visit(
    session: &mut Session,
    visit: &str,
    item: Option<&str>,
    draft: &mut IssueDraft,
) -> Outcome<()> {
    let state = visit_state(session, visit)?;
    draft.order = state.opened.as_ref().map(|o| o.order.clone());
    draft.kind = IssueKind::Request;
    let told = item.and_then(|item| state.answered(item));
    if let Some(told) = told
        && let Some(Answer::Text { text }) = &told.value
    {
        draft.content.clone_from(text);
        draft.heard_at = told.when();
    }
    Ok(())
}

/// What is written rests on the newest event known here.
fn after(stream: &str, last: Option<String>) -> Option<BasedOn> {
    last.map(|event| BasedOn {
        stream: stream.to_owned(),
        event,
    })
}

fn page(
    session: &Session,
    list: FollowList,
    query: &FollowQuery,
    now: Moment,
) -> Outcome<FollowPage> {
    let part = (query.offset, query.limit.min(MOST_ROWS));
    Ok(session.store.follow(list, query.closed, part, now.ms)?)
}

fn counts(page: &FollowPage) -> FollowCounts {
    FollowCounts {
        open: page.open,
        overdue: page.overdue,
        closed: page.closed,
    }
}

fn issue_state(session: &mut Session, issue: &str) -> Outcome<IssueState> {
    match session.store.state(issue)? {
        StreamState::Issue(state) => Ok((**state).clone()),
        _ => Err(Code::IssueUnknown.into()),
    }
}

fn plan_state(session: &mut Session, plan: &str) -> Outcome<PlanState> {
    match session.store.state(plan)? {
        StreamState::Plan(state) => Ok((**state).clone()),
        _ => Err(Code::PlanUnknown.into()),
    }
}

fn show_issue(session: &mut Session, stream: &str, now: Moment) -> Outcome<IssueView> {
    let state = issue_state(session, stream)?;
    let order = order_of(session, state.case().and_then(|c| c.order))?;
    issue::view(&state, order, now).ok_or_else(|| Code::IssueUnknown.into())
}

fn show_plan(session: &mut Session, stream: &str, now: Moment) -> Outcome<PlanView> {
    let state = plan_state(session, stream)?;
    let order = order_of(session, state.plan().and_then(|p| p.order))?;
    follow::view(&state, order, now).ok_or_else(|| Code::PlanUnknown.into())
}

/// Number and phone of an order, where it is on this device.
fn order_of(session: &mut Session, order: Option<String>) -> Outcome<Option<(String, String)>> {
    let Some(order) = order else {
        return Ok(None);
    };
    let no = no_of(session, &order)?;
    Ok(no.zip(work(session, &order)?.map(|o| o.phone)))
}

fn no_of(session: &Session, order: &str) -> Outcome<Option<String>> {
    Ok(session.store.order(order)?.map(|row| row.no))
}

/// The order; none when it is not on this device.
fn work(session: &mut Session, order: &str) -> Outcome<Option<doorstep_domain::order::WorkOrder>> {
    match session.store.state(order)? {
        StreamState::Order(state) => Ok(state.order.clone()),
        _ => Ok(None),
    }
}
