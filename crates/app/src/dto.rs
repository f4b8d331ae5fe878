//! What goes over the bridge beside [`doorstep_domain::visit::view::VisitView`] and
//! [`doorstep_domain::visit::command::Command`].

use crate::sync::dto::Office;
use doorstep_domain::event::Actor;
use doorstep_domain::standard::JobType;
use doorstep_domain::text::{Lang, Text};
use doorstep_domain::time::Moment;
use doorstep_domain::visit::{Call, OutcomeKind, VisitStage};
use doorstep_domain::wire::Role;
pub use doorstep_orders::{ImportError, ImportReason};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the app stands when the window opens.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Boot {
    /// What to show.
    pub state: BootState,
    /// Settings of the open profile, or the defaults.
    pub settings: Settings,
    /// Who works here; none before a profile is open.
    pub technician: Option<Actor>,
    /// The demo profile; its data never syncs.
    pub demo: bool,
    /// The company's server; none before an enrolment.
    pub office: Option<Office>,
    /// What this person may do there.
    pub role: Option<Role>,
    /// The visit whose tablet is with the customer: the window opens there.
    pub handover: Option<String>,
    /// Now, in the device's zone.
    pub now: Moment,
    /// Standards that were refused: file, line, reason. They never take the app down.
    pub broken_packs: Vec<BrokenPack>,
    /// Standards that can be chosen for an order.
    pub packs: Vec<PackChoice>,
    /// App version.
    pub version: String,
    /// What the first page shows, so that it need not ask; none when another page comes first.
    pub first: Option<FirstScreen>,
}

/// Today as it stands when the window opens.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct FirstScreen {
    /// The first rows.
    pub today: TodayPage,
    /// The order to go to next; none on an empty day.
    pub next: Option<OrderDetail>,
}

/// First screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BootState {
    /// No profile yet: 试用演示 or 开始使用.
    FirstStart,
    /// A real profile whose key needs the passphrase.
    Locked,
    /// Open.
    Ready,
}

/// A refused standard.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BrokenPack {
    /// File.
    pub file: String,
    /// 1-based line; 0 = no single place.
    pub line: u32,
    /// What is wrong and what to write instead.
    pub reason: Text,
}

/// A standard that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PackChoice {
    /// Pack id.
    pub id: String,
    /// Name, zh.
    pub name_zh: String,
    /// Name, en.
    pub name_en: String,
    /// Jobs it serves.
    pub jobs: Vec<JobType>,
}

/// 开始使用: who works here.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct NewProfile {
    /// Name as printed on tickets.
    pub name: String,
    /// Staff number.
    pub staff_no: String,
    /// Number left on leave-notes.
    pub phone: String,
    /// PIN of 4 to 8 digits that ends hand-over mode.
    pub pin: String,
    /// Needed when the device has no keystore; at least 8 characters.
    pub passphrase: Option<String>,
}

/// Settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Settings {
    /// Language.
    pub lang: Lang,
    /// `light`, `dark`, `outdoor`.
    pub theme: Theme,
    /// Font scale, percent: 100 to 150.
    pub scale: u32,
    /// Photos of delivered visits leave this tablet so many days after, once the server's backup has them; 0: never.
    #[serde(default = "keep_days")]
    pub keep_days: u32,
}

/// Long enough for a complaint, short enough for a small tablet.
pub(crate) fn keep_days() -> u32 {
    30
}

/// Themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Theme {
    /// 浅色
    Light,
    /// 深色
    Dark,
    /// 户外
    Outdoor,
}

/// What Today asks for.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct TodayQuery {
    /// Name, phone tail, address, order number.
    pub search: Option<String>,
    /// First row.
    pub offset: u32,
    /// Rows.
    pub limit: u32,
}

/// A page of Today.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct TodayPage {
    /// Now.
    pub now: Moment,
    /// Rows in all for this query.
    pub total: u32,
    /// Of today: done.
    pub completed: u32,
    /// Of today: unfinished.
    pub unfinished: u32,
    /// Of today: still to visit.
    pub waiting: u32,
    /// Customer copies not delivered yet.
    pub deliveries_pending: u32,
    /// Rows from `offset` on.
    pub rows: Vec<TodayRow>,
    /// The order to put on the right side: the nearest one still open.
    pub next: Option<String>,
    /// Everything recorded and not yet at the hub: events in this log.
    pub unsent: u32,
    /// Orders of the day that went to colleagues; they are not among the rows.
    pub gone: Vec<GoneOrder>,
}

/// How an order stands, in words the chip shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RowState {
    /// 待联系
    ToContact,
    /// 已预约
    Appointed,
    /// 快到时间
    Soon,
    /// 已超时
    Late,
    /// 进行中
    Underway,
    /// 未提交 (work done, not submitted)
    Unsubmitted,
    /// 完工
    Completed,
    /// 未完工
    Suspended,
    /// 退单
    Returned,
    /// 无人
    NobodyHome,
    /// 退回补资料: to be mended and submitted again.
    ReturnedForMending,
    /// 已取消
    Cancelled,
}

/// The one action of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RowAction {
    /// 联系客户
    Contact,
    /// 出发
    Depart,
    /// 到达 (downstairs / at the door)
    Arrive,
    /// 继续
    Continue,
    /// 再次上门
    Revisit,
    /// 查看
    Look,
}

/// One order of Today.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct TodayRow {
    /// `order/…`
    pub order: String,
    /// Newest visit.
    pub visit: Option<String>,
    /// `0412`
    pub short_no: String,
    /// Customer.
    pub customer: String,
    /// Address, never truncated.
    pub address: String,
    /// Job.
    pub job: JobType,
    /// Service.
    pub service: String,
    /// Agreed time, or the promised one.
    pub at: Moment,
    /// End of the window.
    pub until: Option<Moment>,
    /// The time was agreed with the customer.
    pub agreed: bool,
    /// Where the visit stands.
    pub stage: Option<VisitStage>,
    /// State chip.
    pub state: RowState,
    /// Outcome.
    pub outcome: Option<OutcomeKind>,
    /// Reason of the outcome.
    pub outcome_reason: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Moment>,
    /// The customer's copy is not delivered yet.
    pub delivery_pending: bool,
    /// When the customer of an unfinished visit hears from us.
    pub call_back_by: Option<Moment>,
    /// Change must be told before; none once departed or without a rule.
    pub change_by: Option<Moment>,
    /// Earliest arrival the standard asks for.
    pub arrive_from: Option<Moment>,
    /// Latest arrival the standard asks for.
    pub arrive_by: Option<Moment>,
    /// The one action.
    pub action: RowAction,
    /// What dispatch did with it since; none as long as it is this technician's.
    pub dispatch: Option<Dispatch>,
}

/// What dispatch did with an order that this technician had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Dispatch {
    /// It is off.
    Cancelled,
    /// A colleague has it.
    Reassigned,
}

/// What this technician has done on an order so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OwnWork {
    /// Nothing.
    None,
    /// A visit is begun and not submitted; it is kept and goes to the office.
    Begun,
    /// The visit was submitted.
    HandedIn,
}

/// What dispatch did with an order, and what becomes of the work on it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DispatchNews {
    /// What.
    pub what: Dispatch,
    /// When, by the server's clock.
    pub at: Option<Moment>,
    /// Whose it is now, where it went to a colleague.
    pub to: Option<String>,
    /// Why it was cancelled; may be empty.
    pub reason: String,
    /// What was done on this tablet.
    pub work: OwnWork,
}

/// An order of the day that went to a colleague before anything was done on it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct GoneOrder {
    /// `order/…`
    pub order: String,
    /// `0412`
    pub short_no: String,
    /// Customer.
    pub customer: String,
    /// Who has it now.
    pub to: String,
}

/// The whole number, shown on the call screen only.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PhoneReveal {
    /// Number.
    pub phone: String,
    /// Neighbour or village contact.
    pub alternate_contact: Option<String>,
}

/// 临时工单
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct TemporaryOrder {
    /// Customer.
    pub customer: String,
    /// Phone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Job.
    pub job: JobType,
    /// Pack id.
    pub standard: String,
    /// Service text.
    pub service: String,
    /// When.
    pub start: Moment,
    /// Words.
    pub note: Option<String>,
}

/// A work-order file, read but not yet imported.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ImportPreview {
    /// Hand this back to import.
    pub token: String,
    /// File name.
    pub file: String,
    /// `UTF-8` or `GB18030`.
    pub encoding: String,
    /// Rows that can be imported.
    pub ready: Vec<ImportRow>,
    /// Rows that are on this tablet already, unchanged.
    pub known: u32,
    /// Rows that are wrong: nothing is imported while there is one.
    pub errors: Vec<ImportError>,
}

/// A row to import.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ImportRow {
    /// Row number as a spreadsheet shows it.
    pub line: u32,
    /// Order number.
    pub no: String,
    /// Customer.
    pub customer: String,
    /// Address.
    pub address: String,
    /// Promised time.
    pub at: Moment,
    /// Job.
    pub job: JobType,
    /// Standard's name.
    pub standard: String,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ImportDone {
    /// New orders.
    pub imported: u32,
    /// Known already.
    pub known: u32,
}

/// Order without (or before) a visit, for the right side of Today.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OrderDetail {
    /// Card.
    pub card: doorstep_domain::visit::view::OrderCard,
    /// Standard's name.
    pub standard: String,
    /// Newest visit.
    pub visit: Option<String>,
    /// All visits of it, oldest first.
    pub visits: Vec<VisitBrief>,
    /// Last call of the newest visit.
    pub last_call: Option<(Call, Moment)>,
    /// Row as Today shows it.
    pub row: TodayRow,
    /// Today's kits of its standard.
    pub kits: Vec<doorstep_domain::visit::view::KitView>,
    /// It was cancelled, or a colleague has it now.
    pub dispatch: Option<DispatchNews>,
}

/// One visit in a list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct VisitBrief {
    /// `visit/…`
    pub visit: String,
    /// Where it stands.
    pub stage: VisitStage,
    /// Outcome.
    pub outcome: Option<OutcomeKind>,
    /// Opened.
    pub opened_at: Moment,
    /// Submitted.
    pub submitted_at: Option<Moment>,
}

/// A rendered ticket.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct TicketFile {
    /// File name to suggest.
    pub name: String,
    /// Pages in all.
    pub pages: u32,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Characters no font has; printed as 〓.
    pub missing: Vec<String>,
    /// The PDF, base64.
    pub pdf_base64: String,
}

/// What lies on this tablet; the files are counted one by one.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct StorageStatus {
    /// Records that were written on this tablet, whether the server has them or not.
    pub records: u32,
    /// Files of photos, their thumbnails and signatures on this tablet.
    pub photos: u32,
    /// Bytes of these files.
    #[ts(type = "number")]
    pub photo_bytes: u64,
    /// Demo data never leaves the tablet.
    pub demo: bool,
}
