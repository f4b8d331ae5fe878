//! Follow-up plans 回访计划: whom to contact again, by when, and what came of it. Stream `follow/<id>`.
//!
//! Three kinds of the catalogue: the month's five acts (S50), the three levels of return visits (S70), the call after a visit (S55).
//! What was missed is shown and stays. Several people may write: the fold is a set and takes events in any order.

mod decide;
mod state;
mod view;

pub use decide::{NewPlan, PlanCommand, decide, month_end, plan};
pub use state::{ActDone, ActStanding, Plan, PlanState};
pub use view::{ActView, PlanTry, PlanView, view};

use crate::event::Actor;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Newest schema of plan bodies that this version reads.
pub const FOLLOW_SCHEMA: u32 = 1;

/// What is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PlanKind {
    /// 每月五个一 (S50, D30): five contacts within the month.
    MonthlyFive,
    /// 三级回访 (S70): the levels come in any order.
    ThreeLevels,
    /// 电话回访 (S55)
    CallBack,
}

/// One contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Act {
    /// 消费告知
    SpendingNotice,
    /// 业务宣传
    ProductNotice,
    /// 维修预检
    LineCheck,
    /// 需求征询
    NeedsAsked,
    /// 满意评价
    Rating,
    /// 一级：走访
    LevelVisit,
    /// 二级：电话回访
    LevelPhone,
    /// 三级：服务督察回访
    LevelInspection,
    /// 满意度调查
    SurveyCall,
    /// 业务类回访
    BusinessCall,
}

impl Act {
    /// The clause it stands on.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Act::SpendingNotice => "S50-01",
            Act::ProductNotice => "S50-03",
            Act::LineCheck => "S50-04",
            Act::NeedsAsked => "S50-05",
            Act::Rating => "S50-06",
            Act::LevelVisit => "S70-01",
            Act::LevelPhone => "S70-02",
            Act::LevelInspection => "S70-03",
            Act::SurveyCall | Act::BusinessCall => "S55-02",
        }
    }

    /// The customer is asked whether they are satisfied (S50-06, S55-02).
    #[must_use]
    pub fn asks_satisfaction(self) -> bool {
        matches!(self, Act::Rating | Act::SurveyCall)
    }

    /// How it may be done, the usual way first: a spending notice by phone, SMS or visit (S50-01), a level its own way (S70).
    #[must_use]
    pub fn ways(self) -> &'static [Way] {
        match self {
            Act::SpendingNotice | Act::ProductNotice => &[Way::Phone, Way::Sms, Way::Visit],
            Act::LineCheck | Act::NeedsAsked | Act::Rating | Act::LevelInspection => {
                &[Way::Phone, Way::Visit]
            }
            Act::LevelVisit => &[Way::Visit],
            Act::LevelPhone | Act::SurveyCall | Act::BusinessCall => &[Way::Phone],
        }
    }
}

/// How somebody was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Way {
    /// 电话
    Phone,
    /// 短信
    Sms,
    /// 上门
    Visit,
}

/// A contact and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedAct {
    /// What.
    pub act: Act,
    /// By then.
    pub due: Moment,
}

/// What can happen to a plan. FROZEN kinds; bodies grow only by optional fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum PlanEvent {
    /// It was made.
    #[serde(rename = "follow.planned")]
    Planned {
        /// What kind.
        plan: PlanKind,
        /// Its contacts.
        acts: Vec<PlannedAct>,
        /// Whom.
        customer: String,
        /// Number to reach them at, where no order holds it.
        #[serde(default)]
        phone: Option<String>,
        /// `order/…`
        #[serde(default)]
        order: Option<String>,
        /// Who is to do it, when it is not who planned it.
        #[serde(default)]
        whose: Option<Actor>,
        /// Words.
        #[serde(default)]
        note: Option<String>,
    },
    /// A contact was made.
    #[serde(rename = "follow.done")]
    Done {
        /// Which.
        act: Act,
        /// When.
        done_at: Moment,
        /// How.
        way: Way,
        /// What came of it.
        result: String,
        /// Whether the customer is satisfied, where that is asked.
        #[serde(default)]
        satisfied: Option<bool>,
    },
    /// Nobody was reached.
    #[serde(rename = "follow.tried")]
    Tried {
        /// Which.
        act: Act,
        /// When.
        tried_at: Moment,
        /// How.
        way: Way,
    },
    /// Nothing more is to be done; it stays listed with the reason.
    #[serde(rename = "follow.dropped")]
    Dropped {
        /// Why.
        reason: String,
    },
    /// Somebody looked at the whole phone number.
    #[serde(rename = "follow.phone_revealed")]
    PhoneRevealed {},
}

impl PlanEvent {
    /// Staff number of whom it names to do it.
    #[must_use]
    pub fn handed_to(&self) -> Option<&str> {
        match self {
            PlanEvent::Planned { whose, .. } => whose.as_ref().map(|w| w.staff_no.as_str()),
            _ => None,
        }
    }
}
