//! What the technician's screens show of one visit: plain values in one language, no rules left to compute.

mod build;
mod items;
mod review;

pub use build::{Scene, kit_view, order_card, short_no, ticket_no, view};
pub use items::{item_claim, item_time, kit_check, reading_view};
pub use review::{ReviewView, RowReason, reason_title, row_reasons};

use super::attest::Attested;
use super::consent::{ConsentOutcome, Statement};
use super::facts::*;
use super::moving::PackOffer;
use super::progress::{ItemStatus, MissingCode};
use crate::event::Actor;
use crate::gear::GearView;
use crate::standard::{JobType, Milestone, RowList, Sign, Stage};
use crate::time::Moment;
use serde::Serialize;
use ts_rs::TS;

/// One visit, whole.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct VisitView {
    /// `visit/…`
    pub visit: String,
    /// The order.
    pub order: OrderCard,
    /// The standard.
    pub pack: PackCard,
    /// Another version of it that this visit could go to.
    pub pack_offer: Option<PackOffer>,
    /// Who does the visit.
    pub technician: Actor,
    /// The technician's number, left on leave-notes.
    pub own_phone: String,
    /// 同行人
    pub companions: Vec<Actor>,
    /// Where it stands.
    pub stage: VisitStage,
    /// The rail, in the pack's order.
    pub phases: Vec<PhaseView>,
    /// Required rows done.
    pub required_done: u32,
    /// Required rows in all.
    pub required_total: u32,
    /// The agreed time in force.
    pub appointment: Option<AppointmentView>,
    /// Earlier agreed times, oldest first.
    pub appointment_history: Vec<AppointmentView>,
    /// Arrival against the promise, once at the door or downstairs.
    pub arrival: Option<ArrivalView>,
    /// Deadlines ahead or just passed, nearest first.
    pub deadlines: Vec<DeadlineView>,
    /// Milestones reached.
    pub milestones: Vec<MilestoneView>,
    /// Calls, oldest first.
    pub calls: Vec<CallView>,
    /// Today's kits.
    pub kits: Vec<KitView>,
    /// Device rows.
    pub devices: Vec<RowView>,
    /// Material rows.
    pub materials: Vec<RowView>,
    /// Fee rows.
    pub fees: Vec<RowView>,
    /// 本次未收费 was declared.
    pub no_fees: bool,
    /// Sum of the fee rows, yuan, two decimals.
    pub fee_total: String,
    /// Photos that belong to no item or row: leave-note, paper, mark.
    pub other_photos: Vec<PhotoView>,
    /// 无人
    pub nobody_home: Option<NobodyHome>,
    /// Outcome once set.
    pub outcome: Option<Outcome>,
    /// The tablet is with the customer.
    pub in_handover: bool,
    /// The statement that the customer is reading; none: feedback and the signature at the end.
    pub statement: Option<Statement>,
    /// What the customer is shown and signs.
    pub attested: Attested,
    /// What the customer is asked.
    pub survey: Vec<SurveyView>,
    /// Feedback was given and sealed (its details are not for the technician).
    pub feedback_sealed: bool,
    /// The customer's signature in force.
    pub customer_signature: Option<SignatureView>,
    /// When the technician signed.
    pub technician_signed_at: Option<Moment>,
    /// What is missing before submission.
    pub missing: Vec<MissingView>,
    /// Optional rows still open, as one line each.
    pub optional_open: Vec<String>,
    /// Photos in all.
    pub photo_count: u32,
    /// Submissions, oldest first.
    pub submissions: Vec<SubmissionView>,
    /// The verdict that stands on the newest submission; none while nobody judged that one.
    pub review: Option<ReviewView>,
    /// Number on the ticket.
    pub ticket_no: String,
    /// How the customer's copy was delivered.
    pub delivery: Option<Delivery>,
    /// The customer's copy still has to be delivered.
    pub delivery_pending: bool,
    /// What 撤销 would take back.
    pub undo: Option<UndoView>,
    /// What earlier visits of this order recorded.
    pub prior: Vec<PriorVisit>,
    /// Reasons as chips.
    pub reasons: ReasonsView,
    /// Seconds to wait at the door before it counts as unanswered.
    pub door_wait_seconds: u32,
    /// Seconds after which to knock again; none: no figure.
    pub door_wait_most: Option<u32>,
    /// What may be charged.
    pub prices: Vec<PriceView>,
    /// Hours of service; outside only when the customer wants it.
    pub service_hours: Option<ServiceHoursView>,
    /// Appointments with this customer that we missed.
    pub missed: Option<MissedView>,
}

/// A price in one language.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PriceView {
    /// Price id.
    pub id: String,
    /// 加长连接管
    pub name: String,
    /// 米
    pub unit: String,
    /// For one unit, yuan, two decimals.
    pub unit_price: String,
}

/// Hours of service.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ServiceHoursView {
    /// `09:00`
    pub from: String,
    /// `18:00`
    pub to: String,
    /// Saturday and Sunday are outside.
    pub weekdays_only: bool,
    /// The agreed time lies outside.
    pub outside: bool,
}

/// Missed appointments, our cause only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MissedView {
    /// So many.
    pub count: u32,
    /// So many at most.
    pub most: u32,
}

/// What the customer said to a statement.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ConsentView {
    /// How it ended.
    pub outcome: ConsentOutcome,
    /// Name.
    pub signer: String,
    /// Who.
    pub relation: Relation,
    /// Why not signed.
    pub reason: Option<String>,
    /// When.
    pub at: Moment,
}

/// Whether the warranty holds for a date of purchase.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct WarrantyView {
    /// It holds.
    pub holds: bool,
    /// Its last day, `2031-05-03`; none when what was sold then never had it.
    pub until: Option<String>,
    /// The first day of sale that it covers.
    pub sold_from: Option<String>,
    /// Its years.
    pub years: u32,
}

/// The order beside a visit. The phone is masked; the call screen asks for the whole number.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OrderCard {
    /// `order/…`
    pub stream: String,
    /// `20261122-0412`
    pub no: String,
    /// `0412`
    pub short_no: String,
    /// 林女士
    pub customer: String,
    /// 138****1234
    pub phone_masked: String,
    /// Neighbour or village contact.
    pub alternate_contact: Option<String>,
    /// Address.
    pub address: String,
    /// How to get there.
    pub site_note: Option<String>,
    /// Service text.
    pub service: String,
    /// Job.
    pub job: JobType,
    /// What the customer said.
    pub note: Option<String>,
    /// Devices and materials handed out.
    pub supplies: Option<String>,
    /// Contracted rate, Mbps.
    pub contracted_mbps: Option<u32>,
    /// Promised start.
    pub promised_start: Moment,
    /// Promised end.
    pub promised_end: Option<Moment>,
    /// 竣工时限
    pub deadline: Option<Moment>,
    /// Why dispatch cancelled it.
    pub cancelled: Option<String>,
    /// 临时工单
    pub temporary: bool,
}

/// The standard beside a visit.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PackCard {
    /// Pack id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// 中国移动宽带装维
    pub name: String,
    /// 中国移动
    pub company: String,
    /// 服务质量记录表
    pub form_name: String,
    /// 工号牌
    pub id_word: String,
    /// 10086
    pub hotline: String,
    /// Where the seed stops and what continues it.
    pub continues: Option<String>,
}

/// One entry of the rail.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PhaseView {
    /// Phase id.
    pub id: String,
    /// 进门
    pub name: String,
    /// 出示证件，说明来意
    pub hint: Option<String>,
    /// Which controls its screen has.
    pub stage: Stage,
    /// Required rows done.
    pub done: u32,
    /// Required rows.
    pub total: u32,
    /// Rows, in order.
    pub items: Vec<ItemView>,
    /// Questions that switch rows on.
    pub questions: Vec<QuestionView>,
    /// 怎么说
    pub say: Vec<String>,
    /// 不要
    pub dont: Vec<String>,
    /// 提醒
    pub remind: Vec<String>,
    /// Rows that 本步全部做到 would tick.
    pub tickable: u32,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ItemView {
    /// Item id.
    pub id: String,
    /// What to do.
    pub text: String,
    /// Second line.
    pub note: Option<String>,
    /// What proves it.
    pub evidence: EvidenceView,
    /// Must be done.
    pub required: bool,
    /// Offers 有出入.
    pub mismatch: bool,
    /// Where it stands.
    pub status: ItemStatus,
    /// Text of the item that must come first.
    pub blocked_by: Option<String>,
    /// Frozen by the customer's signature or the submission.
    pub frozen: bool,
    /// The answer in force.
    pub answer: Option<Answer>,
    /// When it was answered (the claimed time for 补录).
    pub at: Option<Moment>,
    /// 补录: why it was entered later.
    pub late: Option<Claim>,
    /// Photos.
    pub photos: Vec<PhotoView>,
    /// How many photos are wanted, and of what.
    pub photo_rule: Option<PhotoRuleView>,
    /// Reasons for 不适用.
    pub na_reasons: Vec<ChipView>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// What proves a row.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum EvidenceView {
    /// A tick.
    Tick,
    /// A tick or 不适用.
    TickOrNa,
    /// Photos.
    Photo,
    /// Words.
    Text {
        /// Placeholder.
        hint: Option<String>,
    },
    /// A number.
    Reading {
        /// Its specification.
        spec: ReadingView,
    },
    /// One of a few.
    Choice {
        /// Options.
        options: Vec<ChipView>,
    },
    /// A stated time.
    Time,
    /// A calendar day.
    Date {
        /// Whether the warranty holds; none without a rule or an answer.
        warranty: Option<WarrantyView>,
        /// The latest day that can be meant: today.
        latest: String,
    },
    /// A statement that the customer signs.
    Consent {
        /// The statement.
        statement: String,
        /// What the customer said to it.
        given: Option<ConsentView>,
    },
    /// The technician's own gear.
    AutoGear {
        /// Every piece, as it stands now.
        pieces: Vec<GearView>,
    },
    /// Repeatable rows.
    Rows {
        /// Which list.
        list: RowList,
        /// At least so many.
        min: u8,
    },
    /// A logged, answered call.
    AutoCall,
    /// An agreed appointment.
    AutoAppointment,
    /// Today's kit check.
    AutoKit {
        /// Kit id.
        kit: String,
    },
    /// A milestone.
    AutoMilestone {
        /// Which.
        milestone: Milestone,
    },
    /// The customer's feedback.
    Feedback,
    /// The customer's signature.
    CustomerSignature,
    /// The technician's signature.
    TechnicianSignature,
}

/// A reading's specification with its limits worked out.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ReadingView {
    /// `dBm`
    pub unit: String,
    /// Sign.
    pub sign: Sign,
    /// Decimals allowed.
    pub decimals: u8,
    /// Lower limit, e.g. `-27`.
    pub min: Option<String>,
    /// Upper limit, e.g. `-8`.
    pub max: Option<String>,
    /// Contracted rate the limit was worked out from, Mbps.
    pub contract: Option<u32>,
    /// Test point.
    pub point: Option<String>,
    /// nm
    pub wavelength_nm: Option<u16>,
    /// Slots.
    pub slots: Vec<SlotView>,
}

/// One slot of a reading.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SlotView {
    /// Slot id.
    pub id: String,
    /// 装后
    pub name: String,
    /// Must be filled.
    pub required: bool,
    /// The value, with its sign.
    pub value: Option<String>,
    /// Why it is out of limits.
    pub reason: Option<String>,
    /// Inside the limits; none without a value or limits.
    pub within: Option<bool>,
}

/// A chip in one language.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ChipView {
    /// Id.
    pub id: String,
    /// Words, as they are recorded.
    pub text: String,
    /// What the customer reads in their place on the hand-over screen.
    pub customer: Option<String>,
    /// The cause is not ours.
    pub not_ours: bool,
}

/// Wanted photos.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PhotoRuleView {
    /// At least so many.
    pub min: u8,
    /// Of what.
    pub of: String,
}

/// A photo.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PhotoView {
    /// Photo id.
    pub id: String,
    /// What it belongs to.
    pub target: PhotoTarget,
    /// Hash of the picture; the UI loads it through the backend.
    pub sha256: String,
    /// Hash of the thumbnail.
    pub thumb_sha256: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// When it was taken in.
    pub at: Moment,
}

/// A question that switches rows on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct QuestionView {
    /// Fact id.
    pub id: String,
    /// The question.
    pub text: String,
    /// Must be answered.
    pub required: bool,
    /// The answer.
    pub value: Option<bool>,
}

/// An agreed time.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AppointmentView {
    /// Start.
    pub start: Moment,
    /// End.
    pub end: Option<Moment>,
    /// Who proposed it.
    pub proposed_by: Proposer,
    /// Words.
    pub note: Option<String>,
    /// When it was agreed.
    pub agreed_at: Moment,
    /// When it replaced another one: reason, cause, notice.
    pub change: Option<Change>,
    /// Minutes of notice given; none for the first appointment.
    pub notice_minutes: Option<i32>,
    /// The notice kept the rule; none without a rule.
    pub notice_kept: Option<bool>,
}

/// Arrival against the promise.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ArrivalView {
    /// When (downstairs counts as waiting).
    pub at: Moment,
    /// Minutes before the agreed time; negative = late.
    pub minutes_early: i32,
    /// Inside the standard's window.
    pub kept: bool,
    /// Least minutes early the standard asks for; none = "on time".
    pub least_early: Option<i32>,
    /// Most minutes early the standard asks for; none = no figure.
    pub most_early: Option<i32>,
}

/// What a deadline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeadlineKind {
    /// 改约须在此前通知客户
    ChangeNotice,
    /// 到门口的时间窗
    Arrive,
    /// 竣工时限
    Completion,
    /// 交单时限
    HandIn,
    /// 给客户回话
    CallBack,
    /// 首次联系客户（派单约定时间未确认）
    FirstContact,
    /// 上门前打电话
    CallAhead,
    /// 告知进展
    Progress,
}

/// How near a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Nearness {
    /// More than an hour.
    Ahead,
    /// An hour or less.
    Soon,
    /// Passed.
    Passed,
}

/// A deadline.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeadlineView {
    /// What about.
    pub kind: DeadlineKind,
    /// From (for a window).
    pub from: Option<Moment>,
    /// By when.
    pub at: Moment,
    /// Minutes left; negative when passed.
    pub minutes_left: i32,
    /// How near.
    pub nearness: Nearness,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A milestone reached.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct MilestoneView {
    /// Which.
    pub milestone: Milestone,
    /// When (the claimed time for 补录).
    pub at: Moment,
    /// 补录
    pub claim: Option<Claim>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct CallView {
    /// The call.
    pub call: Call,
    /// When.
    pub at: Moment,
}

/// A kit and its newest check today.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct KitView {
    /// Pack id.
    pub pack: String,
    /// Kit id.
    pub kit: String,
    /// 五个一
    pub name: String,
    /// Members.
    pub members: Vec<KitMemberView>,
    /// When it was checked today.
    pub checked_at: Option<Moment>,
    /// Why leaving incomplete.
    pub reason: Option<String>,
    /// Nothing to ask: complete or reasoned, nothing used up since.
    pub settled: bool,
    /// Reasons as chips.
    pub reasons: Vec<ChipView>,
}

/// A member of a kit.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct KitMemberView {
    /// Id.
    pub id: String,
    /// 一双鞋套
    pub name: String,
    /// Present at the newest check; none before one or when used up since.
    pub present: Option<bool>,
    /// Used up on a visit since.
    pub used: bool,
}

/// A device, material or fee row.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RowView {
    /// Row id.
    pub row_id: String,
    /// The row.
    pub row: RowData,
    /// Photos of it.
    pub photos: Vec<PhotoView>,
    /// Line total of a fee, yuan.
    pub total: Option<String>,
}

/// A survey question in one language.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SurveyView {
    /// Question id.
    pub id: String,
    /// The question.
    pub text: String,
    /// Options, best first.
    pub options: Vec<ChipView>,
}

/// The customer's signature as the technician may see it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SignatureView {
    /// How it ended.
    pub outcome: SignOutcome,
    /// Name.
    pub signer: String,
    /// Who.
    pub relation: Relation,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Moment,
    /// Digest of the content shown.
    pub digest: String,
}

/// One missing thing, one tap away.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct MissingView {
    /// What kind of thing.
    pub code: MissingCode,
    /// Phase to jump to.
    pub phase: Option<String>,
    /// Its name.
    pub phase_name: Option<String>,
    /// Item to jump to.
    pub item: Option<String>,
    /// Text of the item or question.
    pub text: String,
    /// How many photos are missing.
    pub count: u32,
}

/// A submission.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SubmissionView {
    /// 第 N 次提交
    pub n: u32,
    /// When.
    pub at: Moment,
    /// Outcome.
    pub outcome: Outcome,
    /// Digest in the QR code.
    pub digest: String,
    /// 无法补救: why what was sent back could not be mended.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cannot_mend: Option<String>,
}

/// What 撤销 takes back.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct UndoView {
    /// Kind of the event, e.g. `items.answered`.
    pub kind: String,
    /// Text of the item, when there is one.
    pub text: Option<String>,
}

/// What an earlier visit of the same order recorded.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PriorVisit {
    /// `visit/…`
    pub visit: String,
    /// Who.
    pub technician: Actor,
    /// When it was submitted.
    pub at: Option<Moment>,
    /// Outcome.
    pub outcome: Option<Outcome>,
    /// Readings: item text, slot, value with unit.
    pub readings: Vec<(String, String)>,
    /// Devices.
    pub devices: Vec<RowData>,
    /// Materials.
    pub materials: Vec<RowData>,
}

/// Reasons as chips.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ReasonsView {
    /// 挂起
    pub suspend: Vec<ChipView>,
    /// 退单
    pub returned: Vec<ChipView>,
    /// 改约
    pub change: Vec<ChipView>,
    /// 无法签、拒签
    pub unsigned: Vec<ChipView>,
    /// 读数超限
    pub reading: Vec<ChipView>,
}
