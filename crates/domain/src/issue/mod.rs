//! Open issues 未了的事: what a customer raised and nobody could settle on the spot (S68, S54). Stream `issue/<id>`.
//!
//! Whoever heard it first stays responsible (S68-01); the team's leads and whom it was handed to may write too, each offline.
//! The fold is therefore a set and takes events in any order.

mod decide;
mod state;
mod view;

pub use decide::{IssueCommand, NewIssue, decide, raise};
pub(crate) use decide::{needed, phone, wanted};
pub use state::{Case, DueKind, IssueState, IssueStep, Round, Standing, Term};
pub use view::{IssueLine, IssueLineKind, IssueNext, IssueView, TermView, view};

use crate::event::Actor;
use crate::time::Moment;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// Newest schema of issue bodies that this version reads.
pub const ISSUE_SCHEMA: u32 = 1;

/// Not settled after so many minutes: the customer is told how it stands (S54-06, D27). The figure is the catalogue's and is in
/// code because an issue belongs to no pack.
pub const PROGRESS_MINUTES: i64 = 24 * 60;

/// What was raised (S68-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IssueKind {
    /// 咨询
    Enquiry,
    /// 投诉
    Complaint,
    /// 故障申告
    Fault,
    /// 要求: asked for on a visit and not done there.
    Request,
    /// Anything else; also a kind that this version does not know.
    Other,
}

/// When the customer hears from us, and from whom (S68-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Promised {
    /// By then.
    pub by: Moment,
    /// Own name, as it was left with the customer.
    pub name: String,
    /// Own phone, as it was left with the customer.
    pub phone: String,
}

/// Whom an issue was handed to (S68-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Handler {
    /// Person or department.
    pub name: String,
    /// Staff number: then their devices receive the issue.
    #[serde(default)]
    pub staff_no: Option<String>,
    /// Their phone.
    #[serde(default)]
    pub phone: Option<String>,
}

/// What can happen to an issue. FROZEN kinds; bodies grow only by optional fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum IssueEvent {
    /// A customer raised it; the writer is its first receiver.
    #[serde(rename = "issue.raised")]
    Raised {
        /// What about.
        #[serde(deserialize_with = "known_kind")]
        issue: IssueKind,
        /// In words.
        content: String,
        /// Who raised it.
        customer: String,
        /// Number to reach them at, where no order holds it.
        #[serde(default)]
        phone: Option<String>,
        /// `order/…`
        #[serde(default)]
        order: Option<String>,
        /// Where it came up: `visit/…` or `follow/…`.
        #[serde(default)]
        source: Option<String>,
        /// When it was raised: the 24 hours run from here.
        heard_at: Moment,
        /// What the customer was promised.
        promise: Promised,
    },
    /// The customer was told how it stands (S54-06).
    #[serde(rename = "issue.progress_told")]
    ProgressTold {
        /// When.
        told_at: Moment,
        /// What was said.
        words: String,
        /// A new promise, where the old one cannot be kept.
        #[serde(default)]
        promise: Option<Promised>,
    },
    /// Handed on (S68-04); the first receiver goes on watching it (S68-05).
    #[serde(rename = "issue.handed_on")]
    HandedOn {
        /// To whom.
        to: Handler,
        /// What they are to do.
        #[serde(default)]
        words: Option<String>,
    },
    /// Settled; the customer is asked next (S54-08).
    #[serde(rename = "issue.solved")]
    Solved {
        /// How.
        result: String,
    },
    /// The customer is satisfied with the result (S68-06).
    #[serde(rename = "issue.satisfied")]
    Satisfied {
        /// When they said so.
        asked_at: Moment,
        /// Their words.
        #[serde(default)]
        words: Option<String>,
    },
    /// The customer is not satisfied: it is open again (S54-09), and so are the 24 hours.
    #[serde(rename = "issue.reopened")]
    Reopened {
        /// Why.
        reason: String,
        /// What the customer was promised now.
        promise: Promised,
    },
    /// Filed (S54-10): nothing follows.
    #[serde(rename = "issue.archived")]
    Archived {},
    /// Somebody looked at the whole phone number.
    #[serde(rename = "issue.phone_revealed")]
    PhoneRevealed {},
}

impl IssueEvent {
    /// Staff number of whom it hands the issue to.
    #[must_use]
    pub fn handed_to(&self) -> Option<&str> {
        match self {
            IssueEvent::HandedOn { to, .. } => to.staff_no.as_deref(),
            _ => None,
        }
    }
}

/// A kind of a later version must not hide the issue.
fn known_kind<'de, D: Deserializer<'de>>(reader: D) -> Result<IssueKind, D::Error> {
    let word = serde_json::Value::deserialize(reader)?;
    Ok(serde_json::from_value(word).unwrap_or(IssueKind::Other))
}

/// Who heard it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// Who.
    pub by: Actor,
    /// When it was entered.
    pub entered_at: Moment,
}
