//! Derived rows: what lists and searches need, one row a stream, rebuilt from the log at any time.

use crate::assess::state::AssessState;
use crate::day::DayState;
use crate::event::Content;
use crate::follow::PlanState;
use crate::gear::GearState;
use crate::issue::IssueState;
use crate::order::{OrderSource, OrderState};
use crate::review::{ReviewRow, ReviewState};
use crate::staff::StaffState;
use crate::standard::JobType;
use crate::text::mask_phone;
use crate::told::FollowRow;
use crate::visit::duty;
use crate::visit::state::VisitState;
use crate::visit::{OutcomeKind, VisitStage};

/// Changes whenever the meaning of a derived row changes; the store then rebuilds.
pub const FOLD_VERSION: u32 = 2;

/// The fold of any stream, chosen by the stream's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamState {
    /// `order/…`
    Order(Box<OrderState>),
    /// `visit/…`
    Visit(Box<VisitState>),
    /// `day/…`
    Day(Box<DayState>),
    /// `review/…`
    Review(Box<ReviewState>),
    /// `gear/…`
    Gear(Box<GearState>),
    /// `assess/…`
    Assess(Box<AssessState>),
    /// `staff/…`
    Staff(Box<StaffState>),
    /// `issue/…`
    Issue(Box<IssueState>),
    /// `follow/…`
    Plan(Box<PlanState>),
    /// A kind of stream this version does not know; its events stay in the log.
    Unknown,
}

/// One derived row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// For the agenda and search.
    Order(Box<OrderRow>),
    /// For the agenda and the open visits.
    Visit(Box<VisitRow>),
    /// For what became of a submission.
    Review(Box<ReviewRow>),
    /// For the lists of what follows a visit.
    Follow(Box<FollowRow>),
}

/// What the lists need of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// `order/…`
    pub stream: String,
    /// The company's number.
    pub no: String,
    /// Customer.
    pub customer: String,
    /// Masked phone.
    pub phone_masked: String,
    /// Its digits: who a customer is, whatever the order. Empty when there is none.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Job.
    pub job: JobType,
    /// Service text.
    pub service: String,
    /// Pack id.
    pub standard: String,
    /// Promised start, ms.
    pub promised_start_ms: i64,
    /// Promised end, ms.
    pub promised_end_ms: Option<i64>,
    /// 竣工时限, ms.
    pub deadline_ms: Option<i64>,
    /// The site's offset, minutes.
    pub offset_min: i32,
    /// Cancelled by dispatch.
    pub cancelled: bool,
    /// Staff number of whom the hub gave it to; none for orders that no hub gave out.
    pub assigned: Option<String>,
    /// Where it came from.
    pub source: OrderSource,
    /// Lower-case haystack: number, customer, phone digits, address.
    pub search: String,
}

/// What the lists need of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// `visit/…`
    pub stream: String,
    /// The order it serves.
    pub order_stream: String,
    /// Pinned pack.
    pub pack_hash: String,
    /// Where it stands.
    pub stage: VisitStage,
    /// Agreed time in force, ms.
    pub appointment_ms: Option<i64>,
    /// End of the agreed slot, ms; none = a point.
    pub appointment_end_ms: Option<i64>,
    /// When the customer of an unfinished visit hears from us, ms.
    pub call_back_ms: Option<i64>,
    /// The tablet is with the customer.
    pub in_handover: bool,
    /// Outcome once set.
    pub outcome: Option<OutcomeKind>,
    /// Reason of the outcome, as shown.
    pub outcome_reason: Option<String>,
    /// When it was opened, ms: the newest visit of an order stands for it in lists.
    pub opened_ms: i64,
    /// When it was last submitted, ms.
    pub submitted_ms: Option<i64>,
    /// Number of submissions.
    pub revision: u32,
    /// The customer's copy still has to be delivered.
    pub delivery_pending: bool,
    /// Time of the newest event since the submission, ms; before it that of the opening, so that an answer writes no row.
    pub updated_ms: i64,
    /// Appointments that it missed by our fault.
    pub missed: u32,
}

impl StreamState {
    /// The empty fold for a stream.
    #[must_use]
    pub fn for_stream(stream: &str) -> StreamState {
        match stream.split('/').next() {
            Some("order") => StreamState::Order(Box::default()),
            Some("visit") => StreamState::Visit(Box::default()),
            Some("day") => StreamState::Day(Box::default()),
            Some("review") => StreamState::Review(Box::default()),
            Some("gear") => StreamState::Gear(Box::default()),
            Some("assess") => StreamState::Assess(Box::default()),
            Some("staff") => StreamState::Staff(Box::default()),
            Some("issue") => StreamState::Issue(Box::default()),
            Some("follow") => StreamState::Plan(Box::default()),
            _ => StreamState::Unknown,
        }
    }

    /// Takes one event of this stream; never refuses.
    pub fn apply(&mut self, content: &Content) {
        match self {
            StreamState::Order(s) => s.apply(content),
            StreamState::Visit(s) => s.apply(content),
            StreamState::Day(s) => s.apply(content),
            StreamState::Review(s) => s.apply(content),
            StreamState::Gear(s) => s.apply(content),
            StreamState::Assess(s) => s.apply(content),
            StreamState::Staff(s) => s.apply(content),
            StreamState::Issue(s) => s.apply(content),
            StreamState::Plan(s) => s.apply(content),
            StreamState::Unknown => {}
        }
    }

    /// The derived row, when the stream has one.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        match self {
            StreamState::Order(s) => order_row(s).map(|r| Row::Order(Box::new(r))),
            StreamState::Visit(s) => visit_row(s).map(|r| Row::Visit(Box::new(r))),
            StreamState::Review(s) => s.row().map(|r| Row::Review(Box::new(r))),
            StreamState::Issue(s) => s.row().map(|r| Row::Follow(Box::new(r))),
            StreamState::Plan(s) => s.row().map(|r| Row::Follow(Box::new(r))),
            StreamState::Day(_)
            | StreamState::Gear(_)
            | StreamState::Assess(_)
            | StreamState::Staff(_)
            | StreamState::Unknown => None,
        }
    }
}

fn order_row(state: &OrderState) -> Option<OrderRow> {
    let o = state.order.as_ref()?;
    let no = state.linked_no.as_ref().unwrap_or(&o.no);
    let digits: String = o.phone.chars().filter(char::is_ascii_digit).collect();
    Some(OrderRow {
        stream: state.stream.clone(),
        no: no.clone(),
        customer: o.customer.clone(),
        phone_masked: mask_phone(&o.phone),
        address: o.address.clone(),
        job: o.job,
        service: o.service.clone(),
        standard: o.standard.clone(),
        promised_start_ms: o.promised_start.ms,
        promised_end_ms: o.promised_end.map(|m| m.ms),
        deadline_ms: o.deadline.map(|m| m.ms),
        offset_min: o.promised_start.offset_min,
        cancelled: state.cancelled.is_some(),
        assigned: state.assigned.as_ref().map(|a| a.staff_no.clone()),
        source: o.source,
        search: format!("{no}\n{}\n{digits}\n{}", o.customer, o.address).to_lowercase(),
        phone: digits,
    })
}

fn visit_row(state: &VisitState) -> Option<VisitRow> {
    let opened = state.opened.as_ref()?;
    let submitted = state.submissions.last().map(|s| s.outcome.clone());
    let outcome = submitted.or_else(|| state.outcome().map(|o| o.value.clone()));
    Some(VisitRow {
        stream: state.stream.clone(),
        order_stream: opened.order.clone(),
        pack_hash: opened.pack.hash.clone(),
        stage: state.stage(),
        appointment_ms: state.appointment().map(|a| a.value.start.ms),
        appointment_end_ms: state.appointment().and_then(|a| a.value.end.map(|m| m.ms)),
        call_back_ms: match &outcome {
            Some(crate::visit::Outcome::Suspended { call_back_by, .. }) => {
                call_back_by.map(|m| m.ms)
            }
            _ => None,
        },
        in_handover: state.in_handover,
        outcome: outcome.as_ref().map(crate::visit::Outcome::kind),
        outcome_reason: outcome.as_ref().and_then(|o| o.reason().map(str::to_owned)),
        opened_ms: state.opened_at_ms,
        submitted_ms: state.submissions.last().map(|s| s.at.wall_ms),
        revision: u32::try_from(state.submissions.len()).unwrap_or(u32::MAX),
        delivery_pending: state.delivery_pending(),
        updated_ms: match state.submitted() {
            true => state.updated_ms,
            false => state.opened_at_ms,
        },
        missed: duty::missed(state),
    })
}
