//! What the desk asks for and what it shows. The rest of it is in `doorstep_domain::desk`.

use doorstep_domain::desk::{DeskChange, DeskFlag, TimelineEntry};
use doorstep_domain::event::Actor;
use doorstep_domain::review::{Score, Verdict};
use doorstep_domain::standard::JobType;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::OutcomeKind;
use doorstep_domain::visit::view::{RowReason, VisitView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The chips above the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeskView {
    /// 待审核
    Open,
    /// 有疑点
    Flagged,
    /// 今日返工
    ReworkToday,
    /// Judged.
    Decided,
}

/// The queue's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeskSort {
    /// 疑点: complaints, then the number of flags; equal ones oldest first when descending.
    Flags,
    /// When submitted.
    Submitted,
    /// 工单
    Order,
    /// 客户
    Customer,
    /// 师傅
    Technician,
    /// 到场
    Arrival,
    /// 用时
    Minutes,
    /// 评价, best first.
    Rating,
}

/// A question to the queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct DeskQuery {
    /// Which ones.
    pub view: DeskView,
    /// Words that must all occur in number, customer, phone, address or technician.
    pub search: Option<String>,
    /// By what.
    pub sort: DeskSort,
    /// Largest first.
    pub descending: bool,
    /// Rows to skip.
    pub offset: u32,
    /// Most rows to return; at most 200 come.
    pub limit: u32,
}

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeskPage {
    /// Submissions that match view and search.
    pub total: u32,
    /// The page.
    pub rows: Vec<DeskRow>,
    /// What waits, whatever is searched for.
    pub counts: DeskCounts,
    /// Its oldest submission here.
    pub since: Option<Moment>,
    /// How far back the team's records are here; none while the server has not told.
    pub reach: Option<DeskReach>,
}

/// How far back this desk reaches, and what is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DeskReach {
    /// From then on the team's records are here, or on their way; none: all there are.
    pub since: Option<Moment>,
    /// Records that were asked for and have not arrived yet.
    pub coming: u32,
}

/// What waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DeskCounts {
    /// 待审核
    pub open: u32,
    /// 有疑点
    pub flagged: u32,
    /// 今日返工
    pub rework_today: u32,
    /// 还没收到: technicians.
    pub not_received: u32,
    /// Open, without flags, not picked for a full read.
    pub unflagged: u32,
}

/// A line of the queue: a visit's newest submission.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeskRow {
    /// `visit/…`
    pub visit: String,
    /// 第 N 次提交
    pub submission: u32,
    /// `order/…`
    pub order: String,
    /// `20261122-0412`
    pub order_no: String,
    /// `0412`
    pub short_no: String,
    /// 林女士
    pub customer: String,
    /// Address.
    pub address: String,
    /// Who did the visit.
    pub technician: Actor,
    /// The standard's name.
    pub pack: String,
    /// Job.
    pub job: JobType,
    /// Minutes after the agreed time; negative = early.
    pub arrival_min: Option<i32>,
    /// Minutes inside the home.
    pub minutes: Option<i32>,
    /// The customer's word, as the pack names it.
    pub rating: Option<String>,
    /// The customer is dissatisfied with something.
    pub dissatisfied: bool,
    /// Outcome.
    pub outcome: OutcomeKind,
    /// Its reason.
    pub outcome_reason: Option<String>,
    /// `signed`, `on_behalf`, `mark`, `unable`, `refused`; empty when nobody was asked.
    pub signature: String,
    /// When.
    pub submitted_at: Moment,
    /// When the customer hears from us.
    pub call_back_by: Option<Moment>,
    /// How many flags.
    pub flags: u32,
    /// Reads first.
    pub complaint: bool,
    /// The verdict that stands.
    pub verdict: Option<Verdict>,
    /// Picked for a full read.
    pub sampled: bool,
}

/// One submission, whole.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeskSubmission {
    /// The visit's line in the queue, with number, time and verdict of this submission.
    pub row: DeskRow,
    /// The visit as it was when submitted.
    pub visit: VisitView,
    /// 疑点
    pub flags: Vec<DeskFlag>,
    /// 时间线
    pub timeline: Vec<TimelineEntry>,
    /// Every submission of the visit, oldest first.
    pub submissions: Vec<SubmissionBrief>,
    /// Against the submission before; empty for the first.
    pub changes: Vec<DeskChange>,
    /// Every verdict on the visit, oldest first.
    pub verdicts: Vec<VerdictView>,
}

/// One of the visit's submissions.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SubmissionBrief {
    /// 第 N 次提交
    pub n: u32,
    /// When.
    pub at: Moment,
    /// The verdict that stands on it.
    pub verdict: Option<Verdict>,
}

/// A verdict as it was given.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct VerdictView {
    /// On which submission.
    pub submission: u32,
    /// What.
    pub verdict: Verdict,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// Why.
    pub reasons: Vec<RowReason>,
    /// Words.
    pub note: Option<String>,
    /// 评分
    pub scores: Vec<Score>,
    /// It stands; `false` for a second lead's late one, or one that was replaced.
    pub stands: bool,
}

/// The lead's day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeskDay {
    /// Out: from departure to the signatures.
    pub out: Vec<DayLine>,
    /// Not begun and due within the hour, or overdue.
    pub due_soon: Vec<DayLine>,
    /// 未完工 and 无人: another visit is needed.
    pub unfinished: Vec<DayLine>,
    /// 还没收到: technicians with orders whose time has passed today and no submission here.
    pub not_received: Vec<NotReceived>,
}

/// One order of the day.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DayLine {
    /// `order/…`
    pub order: String,
    /// `0412`
    pub short_no: String,
    /// 林女士
    pub customer: String,
    /// Whose it is.
    pub technician: Actor,
    /// Where it stands.
    pub words: String,
    /// The time that counts for it.
    pub at: Option<Moment>,
}

/// A technician whose submissions are awaited.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NotReceived {
    /// Who.
    pub technician: Actor,
    /// The technician's tablets, the one heard of last first; empty while the server has not told of any.
    pub tablets: Vec<TabletContact>,
    /// How many orders.
    pub orders: u32,
}

/// When a tablet was last heard of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TabletContact {
    /// What the office calls it, `平板 07`.
    pub name: String,
    /// Its last contact with the server; none: never.
    pub last_contact: Option<Moment>,
}
