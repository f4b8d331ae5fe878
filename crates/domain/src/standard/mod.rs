//! Service standards as data: the types of a pack. Reading and checking TOML is in [`load`],
//! which rows a visit shows is in [`active`].
//!
//! Where two standards conflict, each pack keeps its own rule; nothing is averaged.

pub mod active;
pub mod carried;
pub mod compare;
mod goods;
pub mod load;
mod rules;
#[cfg(feature = "schema")]
pub mod schema;

pub use goods::{Gear, Price};
pub use rules::{
    ArrivalRule, CallAheadRule, CallRule, ChangeNoticeRule, MissedRule, NoticeRule, Rules,
    ServiceHoursRule, ShortNotice, WaitRule, WarrantyRule,
};

use crate::text::Text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The kind of job an order asks for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum JobType {
    /// 新装
    Install,
    /// 移机
    Move,
    /// 修障
    Repair,
}

/// A whole standard.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Stable id, e.g. `cmcc-broadband`.
    pub id: String,
    /// Grows with every published change.
    pub version: u32,
    /// The standard's name.
    pub name: Text,
    /// The company whose standard it is, e.g. 中国移动.
    pub company: Text,
    /// The ticket's name: 施工单, 服务质量记录表 …
    pub form_name: Text,
    /// What the company calls the ID shown at the door: 工号牌, 工作证 …
    pub id_word: Text,
    /// The number the customer may call.
    pub hotline: String,
    /// Catalogue systems it comes from, e.g. `["S37", "S07"]`.
    pub systems: Vec<String>,
    /// Where the seed stops and what it continues with; shown to the lead.
    #[serde(default)]
    pub continues: Option<Text>,
    /// Words that orders use for this standard in the 规范 column (and the job's service), matched exactly.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Jobs it serves.
    pub job_types: Vec<JobType>,
    /// What is carried; checked once a day.
    pub kits: Vec<Kit>,
    /// Reasons for leaving without a complete kit.
    pub kit_reasons: Vec<Chip>,
    /// Questions that switch items on.
    #[serde(default)]
    pub facts: Vec<Question>,
    /// Phases in the pack's order.
    pub phases: Vec<Phase>,
    /// Figures.
    #[serde(default)]
    pub rules: Rules,
    /// Protective equipment of the technician's own, with its dates.
    #[serde(default)]
    pub gear: Vec<Gear>,
    /// What may be charged, told and agreed before the work.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// What the customer is asked, sealed when given.
    pub survey: Vec<SurveyQuestion>,
    /// Reasons for 未完工-挂起.
    pub suspend_reasons: Vec<Chip>,
    /// Reasons for 退单.
    pub return_reasons: Vec<Chip>,
    /// Reasons for changing an appointment.
    pub change_reasons: Vec<Chip>,
    /// Reasons for 无法签 and 拒签.
    pub unsigned_reasons: Vec<Chip>,
    /// Reasons for a reading out of limits.
    pub reading_reasons: Vec<Chip>,
    /// Sections of the ticket, in order.
    pub ticket: Vec<TicketSection>,
}

/// A set of things carried, e.g. 五个一.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// Stable id within the pack.
    pub id: String,
    /// 五个一, 五种资料, 工具包 …
    pub name: Text,
    /// Its members.
    pub members: Vec<KitMember>,
}

/// One member of a kit.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KitMember {
    /// Stable id, unique within the pack.
    pub id: String,
    /// 一双鞋套 …
    pub name: Text,
    /// Used up on visits, so asked again after one (shoe covers, bags).
    #[serde(default)]
    pub consumable: bool,
    /// Catalogue ids, e.g. `S37-01`.
    pub clauses: Vec<String>,
}

/// A reason that can be tapped; words may be added.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Chip {
    /// Stable id.
    pub id: String,
    /// What it says, in the technician's words; this is what is recorded and printed.
    pub text: Text,
    /// What the customer reads on the hand-over screen in its place (only `unsigned_reasons`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Text>,
    /// The cause is the customer's or a third party's, not ours (matters for 失约).
    #[serde(default)]
    pub not_ours: bool,
}

/// A question whose answer switches items on, e.g. 「动过客户的物品吗？」
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id, named by conditions.
    pub id: String,
    /// The question.
    pub text: Text,
    /// The phase it is asked in.
    pub phase: String,
    /// Must be answered before submission; otherwise it counts as "no" until answered.
    #[serde(default)]
    pub required: bool,
    /// Catalogue ids it stems from.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// Only asked when this holds.
    #[serde(default)]
    pub when: Option<Condition>,
}

/// When an item or a question applies. Data, not an expression language.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Every one holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The fact was answered "yes".
    Fact(String),
    /// The order's job is one of these.
    Job(Vec<JobType>),
}

/// A phase of the visit: one entry of the rail.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Stable id.
    pub id: String,
    /// 预约, 出发前, 进门 …
    pub name: Text,
    /// One line beneath the title: 出示证件，说明来意.
    #[serde(default)]
    pub hint: Option<Text>,
    /// Which part of the visit's life it belongs to; decides the screen's own controls.
    pub stage: Stage,
    /// Rows, in order.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<schema::ItemAsWritten>"))]
    pub items: Vec<Item>,
    /// 怎么说: our own words, never a wall of text.
    #[serde(default)]
    pub say: Vec<Said>,
    /// 不要: prohibitions; no rows.
    #[serde(default)]
    pub dont: Vec<Advice>,
    /// Reminders; no rows.
    #[serde(default)]
    pub remind: Vec<Advice>,
}

/// Words to say, written `{ zh, en }`, or like an [`Advice`] where they carry clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SaidAsWritten")]
pub struct Said {
    /// The words.
    pub text: Text,
    /// Catalogue ids; mostly none.
    pub clauses: Vec<String>,
}

#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidAsWritten {
    zh: Option<String>,
    en: Option<String>,
    text: Option<Text>,
    #[serde(default)]
    clauses: Vec<String>,
}

impl TryFrom<SaidAsWritten> for Said {
    type Error = &'static str;

    fn try_from(written: SaidAsWritten) -> Result<Said, &'static str> {
        let SaidAsWritten {
            zh,
            en,
            text,
            clauses,
        } = written;
        match (text, zh, en) {
            (Some(text), None, None) => Ok(Said { text, clauses }),
            (None, Some(zh), Some(en)) => Ok(Said {
                text: Text { zh, en },
                clauses,
            }),
            // told in plain words by `load::explain`
            _ => Err("words to say want zh and en"),
        }
    }
}

/// A prohibition or reminder beside the step it belongs to.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// The words.
    pub text: Text,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// Parts of a visit's life that have controls of their own.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Stage {
    /// 预约: calls and the agreed time.
    Appointment,
    /// 出发前: kit and departure.
    Depart,
    /// 进门: downstairs, at the door, nobody home, entered.
    Door,
    /// In the home: plain rows.
    Inside,
    /// 签字: hand-over, signatures.
    SignOff,
    /// After leaving: goodbye, 报竣.
    After,
}

/// One row of the checklist.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stable id, unique within the pack, e.g. `badge-shown`.
    pub id: String,
    /// What to do, in our own words, short.
    pub text: Text,
    /// A second line.
    #[serde(default)]
    pub note: Option<Text>,
    /// Past-tense words for the customer's copy and the hand-over screen; rows without it are internal there.
    #[serde(default)]
    pub customer: Option<Text>,
    /// What proves it.
    pub evidence: Evidence,
    /// Photos beside the evidence.
    #[serde(default)]
    pub photos: Option<PhotoRule>,
    /// `false`: encouraged (O in the catalogue). Conditional items carry `when`.
    #[serde(default = "yes")]
    pub required: bool,
    /// Shows a 「有出入」 button: done, but what was found differs; words required.
    #[serde(default)]
    pub mismatch: bool,
    /// Applies only when this holds.
    #[serde(default)]
    pub when: Option<Condition>,
    /// Items that must be answered before this one (when they apply).
    #[serde(default)]
    pub after: Vec<String>,
    /// Reasons for 不适用 (tick-or-N/A).
    #[serde(default)]
    pub na_reasons: Vec<Chip>,
    /// Catalogue ids; several when duplicates were merged into one row.
    pub clauses: Vec<String>,
}

fn yes() -> bool {
    true
}

/// How many photos an item wants, and who asks.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PhotoRule {
    /// At least so many before the item counts as done; 0 is optional.
    pub min: u8,
    /// What to point the camera at: 设备标签, 仪表读数.
    pub of: Text,
    /// `true` when the seed itself asks for it, `false` when we do.
    #[serde(default)]
    pub seed: bool,
}

/// What proves an item. `Auto…` kinds are proved by what the visit already recorded.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Evidence {
    /// A tick.
    Tick,
    /// A tick, or 不适用 with a reason.
    TickOrNa,
    /// Photos only (how many: `photos.min`).
    Photo,
    /// Words.
    Text {
        /// Placeholder.
        #[serde(default)]
        hint: Option<Text>,
    },
    /// A number with unit, sign and limits; one slot or several (before / after).
    Reading(ReadingSpec),
    /// One of a few.
    Choice {
        /// The options.
        options: Vec<Chip>,
    },
    /// A time of day that the technician states (e.g. when the customer was told).
    Time,
    /// A calendar date that the technician states (the purchase); with [`Rules::warranty`] it tells the warranty.
    Date,
    /// The customer signs a statement before the rows that come `after` this one.
    Consent {
        /// What the customer declares.
        statement: Text,
    },
    /// Repeatable rows.
    Rows {
        /// Which list.
        list: RowList,
        /// At least so many rows; 0 means "may stay empty when declared so".
        #[serde(default)]
        min: u8,
    },
    /// Proved by a logged, answered call.
    AutoCall,
    /// Proved by an agreed appointment.
    AutoAppointment,
    /// Proved by today's kit check (of this kit).
    AutoKit {
        /// Kit id.
        kit: String,
    },
    /// Proved when every piece of gear is within its date, or going on without one has a reason.
    AutoGear,
    /// Proved by a milestone.
    AutoMilestone {
        /// Which.
        milestone: Milestone,
    },
    /// The customer's feedback, given in hand-over mode.
    Feedback,
    /// The customer's signature or its recorded outcome.
    CustomerSignature,
    /// The technician's signature.
    TechnicianSignature,
}

/// A measured value.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ReadingSpec {
    /// Unit as printed: `dBm`, `Mbps`, `V`, `℃`.
    pub unit: String,
    /// Fixed by the pack, so that a keypad without minus works.
    pub sign: Sign,
    /// Decimals allowed.
    pub decimals: u8,
    /// Company limit, inclusive.
    #[serde(default)]
    #[ts(type = "string | null")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::Figure>"))]
    pub min: Option<Decimal>,
    /// Company limit, inclusive.
    #[serde(default)]
    #[ts(type = "string | null")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::Figure>"))]
    pub max: Option<Decimal>,
    /// Instead of a fixed minimum: this percentage of the contracted rate.
    #[serde(default)]
    pub min_percent_of_contract: Option<u8>,
    /// Test point: 光猫入口.
    #[serde(default)]
    pub point: Option<Text>,
    /// Wavelength in nm.
    #[serde(default)]
    pub wavelength_nm: Option<u16>,
    /// Slots to fill; the last one is the one that must be filled.
    pub slots: Vec<Slot>,
}

/// Sign of a reading.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Sign {
    /// Always below zero.
    Negative,
    /// Never below zero.
    Positive,
    /// Either.
    Any,
}

/// One value of a reading: 装前, 装后.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Slot {
    /// Stable id: `before`, `after`.
    pub id: String,
    /// 装前, 装后.
    pub name: Text,
    /// Must be filled.
    #[serde(default)]
    pub required: bool,
}

/// The repeatable lists.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RowList {
    /// 设备
    Devices,
    /// 材料
    Materials,
    /// 费用
    Fees,
}

/// Points of a visit that have a time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Milestone {
    /// 出发
    Departed,
    /// 到楼下: waiting downstairs is not a breach.
    Downstairs,
    /// 到门口
    AtDoor,
    /// 进门
    Entered,
    /// 离开
    Left,
}

/// What the customer is asked.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SurveyQuestion {
    /// Stable id.
    pub id: String,
    /// 操作规范吗
    pub text: Text,
    /// Answers, best first.
    pub options: Vec<SurveyOption>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// One answer to a survey question.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SurveyOption {
    /// Stable id.
    pub id: String,
    /// 规范, 一般, 不规范.
    pub text: Text,
    /// The lead reads it first.
    #[serde(default)]
    pub dissatisfied: bool,
}

/// Sections a ticket can have.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketSection {
    /// 施工信息
    Work,
    /// 用户信息
    Customer,
    /// 时间与承诺
    Times,
    /// 检查项
    Checklist,
    /// 读数
    Readings,
    /// 设备
    Devices,
    /// 材料
    Materials,
    /// 费用
    Fees,
    /// 用户反馈意见
    Feedback,
    /// 照片
    Photos,
    /// 签字
    Signatures,
}

impl Pack {
    /// The item with `id` and its phase.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<(&Phase, &Item)> {
        self.phases
            .iter()
            .find_map(|p| p.items.iter().find(|i| i.id == id).map(|i| (p, i)))
    }

    /// Every item in the pack's order, with its phase.
    pub fn items(&self) -> impl Iterator<Item = (&Phase, &Item)> {
        self.phases
            .iter()
            .flat_map(|p| p.items.iter().map(move |i| (p, i)))
    }
}
