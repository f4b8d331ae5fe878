//! The values that a visit's events carry. Readings and money are decimal strings.

use crate::standard::RowList;
use crate::time::Moment;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum VisitStage {
    /// Opened; no time agreed yet.
    Opened,
    /// 已预约
    Appointed,
    /// 已出发
    Departed,
    /// 到楼下
    Downstairs,
    /// 在门口
    AtDoor,
    /// 无人
    NobodyHome,
    /// 已进门
    Inside,
    /// Customer signed or declined.
    CustomerSigned,
    /// 已提交
    Submitted,
}

/// The pack a visit pins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PackRef {
    /// Pack id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Content hash; the visit always renders with exactly this.
    pub hash: String,
}

/// 补录: a step that was forgotten or recorded on paper, entered later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Claim {
    /// When it is said to have happened; the real time of entry is the event's.
    pub at: Moment,
    /// Why it was not recorded then.
    pub reason: String,
}

/// Why a call was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallPurpose {
    /// To agree a time.
    Appointment,
    /// Before leaving.
    BeforeLeaving,
    /// To change the time.
    Change,
    /// Standing at a closed door.
    AtDoor,
    /// Anything else.
    Other,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallResult {
    /// 接通
    Answered,
    /// 无人接听
    NoAnswer,
    /// 关机、停机、空号
    Unreachable,
    /// 忙线或挂断
    Busy,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Call {
    /// Why.
    pub purpose: CallPurpose,
    /// How it ended.
    pub result: CallResult,
    /// Words.
    #[serde(default)]
    pub note: Option<String>,
}

/// Who proposed a time (the customer has the first choice).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Proposer {
    /// 客户
    Customer,
    /// 师傅
    Technician,
    /// 派单
    Dispatch,
}

/// Whose cause a change or a missed visit was; two missed appointments count only when ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Cause {
    /// 我方
    Ours,
    /// 客户
    Customer,
    /// 第三方、天气
    Other,
}

/// An agreed time, a slot or a point, in the SITE's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Appointment {
    /// Start.
    pub start: Moment,
    /// End of a slot; none = a point.
    #[serde(default)]
    pub end: Option<Moment>,
    /// Who proposed it.
    pub proposed_by: Proposer,
    /// What the customer said (老人午睡，请轻敲门).
    #[serde(default)]
    pub note: Option<String>,
    /// Present when it replaces an earlier one.
    #[serde(default)]
    pub change: Option<Change>,
}

/// Why and when a time was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Change {
    /// Reason as shown.
    pub reason: String,
    /// Whose cause.
    pub cause: Cause,
    /// When the customer was told.
    pub notified_at: Moment,
    /// The time it replaces.
    pub was: Moment,
}

/// How an answer was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Via {
    /// Tapped itself.
    Tap,
    /// 本步全部做到; the lead sees it as a fact.
    WholeStep,
}

/// An answer to an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Answer {
    /// 做到
    Tick,
    /// 不适用
    NotApplicable {
        /// Chip text or words.
        reason: String,
    },
    /// 有出入
    Mismatch {
        /// What differs.
        note: String,
    },
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// One of the options.
    Choice {
        /// Option id.
        option: String,
        /// Words.
        #[serde(default)]
        note: Option<String>,
    },
    /// Values by slot id.
    Reading {
        /// Slot id → value.
        values: BTreeMap<String, ReadingValue>,
    },
    /// A stated time.
    Time {
        /// When.
        at: Moment,
    },
    /// A stated calendar day.
    Date {
        /// `2025-05-03`
        date: String,
    },
    /// What the technician's own gear was on that day.
    Gear {
        /// Every piece that the pack asks for.
        pieces: Vec<GearFound>,
        /// Why going on with one out of date or not recorded.
        #[serde(default)]
        reason: Option<String>,
    },
}

/// A piece of gear as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct GearFound {
    /// Piece id in the pack.
    pub id: String,
    /// The last day on which it may be used, `2027-05-03`; none: never recorded.
    #[serde(default)]
    pub due: Option<String>,
    /// Within its date that day.
    pub good: bool,
}

/// One measured value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ReadingValue {
    /// With its sign, e.g. `-21.6`.
    #[ts(type = "string")]
    pub value: Decimal,
    /// Why it is out of limits.
    #[serde(default)]
    pub reason: Option<String>,
}

/// 新装 / 更换 / 回收
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeviceAction {
    /// 新装
    Installed,
    /// 更换
    Replaced,
    /// 回收
    Recovered,
}

/// A repeatable row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "list", rename_all = "snake_case")]
#[ts(export)]
pub enum RowData {
    /// 设备
    Devices {
        /// 光猫 G-2101
        name: String,
        /// Serial number.
        sn: String,
        /// MAC address, may be empty.
        mac: String,
        /// What was done with it.
        action: DeviceAction,
    },
    /// 材料
    Materials {
        /// 皮线
        name: String,
        /// How much.
        #[ts(type = "string")]
        quantity: Decimal,
        /// m, 个
        unit: String,
    },
    /// 费用
    Fees {
        /// 加长皮线
        name: String,
        /// Yuan.
        #[ts(type = "string")]
        unit_price: Decimal,
        /// How many.
        #[ts(type = "string")]
        quantity: Decimal,
        /// When the customer was told, before the work.
        told_at: Option<Moment>,
        /// When the customer agreed.
        agreed_at: Option<Moment>,
        /// 微信, 现金, 记账单 …
        channel: Option<String>,
        /// Id of the pack's price that it follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        price: Option<String>,
        /// 米, 个, 次
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        unit: Option<String>,
    },
}

impl RowData {
    /// The list it belongs to.
    #[must_use]
    pub fn list(&self) -> RowList {
        match self {
            RowData::Devices { .. } => RowList::Devices,
            RowData::Materials { .. } => RowList::Materials,
            RowData::Fees { .. } => RowList::Fees,
        }
    }
}

/// What a photo belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "to", rename_all = "snake_case")]
#[ts(export)]
pub enum PhotoTarget {
    /// An item.
    Item {
        /// Item id.
        item: String,
    },
    /// A device row (its label).
    Row {
        /// Row id.
        row: String,
    },
    /// 到访留言 at the door.
    LeaveNote,
    /// A paper ticket written when the tablet was dead.
    Paper,
    /// 按手印: the fingerprint.
    Mark,
}

/// A photo as the log names it; the picture is in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Photo {
    /// UUIDv7 of this photo in this visit.
    pub id: String,
    /// What it shows.
    pub target: PhotoTarget,
    /// SHA-256 of the JPEG in the vault.
    pub sha256: String,
    /// SHA-256 of its thumbnail in the vault.
    pub thumb_sha256: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes of the JPEG.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Row where the watermark band begins.
    pub band_top: u32,
    /// Perceptual hash above the band.
    pub phash: String,
    /// The same of centre crops.
    pub crop_phashes: Vec<String>,
    /// SHA-256 of the camera's file.
    pub source_sha256: String,
    /// EXIF time, local as the camera wrote it.
    #[serde(default)]
    pub exif_at: Option<String>,
    /// EXIF offset.
    #[serde(default)]
    pub exif_offset: Option<String>,
    /// EXIF latitude, decimal degrees.
    #[serde(default)]
    pub exif_lat: Option<String>,
    /// EXIF longitude, decimal degrees.
    #[serde(default)]
    pub exif_lon: Option<String>,
}

impl Photo {
    /// A photo that is not taken yet: for seeing what a visit would be with it.
    pub(super) fn planned(target: PhotoTarget) -> Photo {
        let none = String::new;
        Photo {
            id: none(),
            target,
            sha256: none(),
            thumb_sha256: none(),
            width: 0,
            height: 0,
            bytes: 0,
            band_top: 0,
            phash: none(),
            crop_phashes: Vec::new(),
            source_sha256: none(),
            exif_at: None,
            exif_offset: None,
            exif_lat: None,
            exif_lon: None,
        }
    }
}

/// 无人
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NobodyHome {
    /// Whose fault; two missed appointments count only when ours.
    pub cause: Cause,
    /// Leave-note: contact number.
    pub contact: String,
    /// Leave-note: person.
    pub person: String,
    /// Leave-note: arrival.
    pub arrived_at: Moment,
    /// Leave-note: leaving.
    pub leaving_at: Moment,
    /// Words, e.g. only a minor was at home.
    #[serde(default)]
    pub note: Option<String>,
}

/// Outcome of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Outcome {
    /// 完工
    Completed,
    /// 未完工-挂起
    Suspended {
        /// Chip text or words.
        reason: String,
        /// What happens next, and who does it.
        next_step: String,
        /// When the customer hears from us.
        #[serde(default)]
        call_back_by: Option<Moment>,
        /// The cause is not ours.
        not_ours: bool,
    },
    /// 退单
    Returned {
        /// Chip text or words.
        reason: String,
    },
    /// 无人
    NobodyHome,
}

/// Outcome without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OutcomeKind {
    /// 完工
    Completed,
    /// 未完工-挂起
    Suspended,
    /// 退单
    Returned,
    /// 无人
    NobodyHome,
}

impl Outcome {
    /// Without words.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Outcome::Completed => OutcomeKind::Completed,
            Outcome::Suspended { .. } => OutcomeKind::Suspended,
            Outcome::Returned { .. } => OutcomeKind::Returned,
            Outcome::NobodyHome => OutcomeKind::NobodyHome,
        }
    }

    /// The reason, where there is one.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Outcome::Suspended { reason, .. } | Outcome::Returned { reason } => Some(reason),
            Outcome::Completed | Outcome::NobodyHome => None,
        }
    }
}

/// The customer's words, sealed when given: no screen of the technician shows them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Feedback {
    /// Question id → option id.
    pub answers: BTreeMap<String, String>,
    /// Words.
    #[serde(default)]
    pub words: Option<String>,
}

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Relation {
    /// 本人
    Customer,
    /// 家属
    Family,
    /// 租客
    Tenant,
    /// 经办人
    Agent,
}

/// How signing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SignOutcome {
    /// 已签
    Signed,
    /// 代签
    Proxy,
    /// 按手印或画押
    Mark,
    /// 无法签
    Cannot,
    /// 拒签
    Refused,
}

/// Strokes in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Ink {
    /// SHA-256 of the strokes' JSON in the vault.
    pub sha256: String,
    /// Width of the pad in model units.
    pub width: u32,
    /// Height of the pad in model units.
    pub height: u32,
    /// Number of strokes.
    pub strokes: u32,
    /// Number of points.
    pub points: u32,
}

/// One point of a stroke in model coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct InkPoint {
    /// 0 … width.
    pub x: f32,
    /// 0 … height.
    pub y: f32,
    /// Milliseconds since the first point.
    pub t: u32,
    /// 0 … 1; 0.5 where the device has none.
    pub p: f32,
}

/// What the pad hands over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Strokes {
    /// Width of the pad in model units.
    pub width: u32,
    /// Height of the pad in model units.
    pub height: u32,
    /// Strokes, each a list of points.
    pub strokes: Vec<Vec<InkPoint>>,
}

impl Strokes {
    /// Whether this is ink at all: at least six points that travel 5 % of the pad's width in all.
    #[must_use]
    pub fn is_ink(&self) -> bool {
        let points: usize = self.strokes.iter().map(Vec::len).sum();
        let travel: f32 = self
            .strokes
            .iter()
            .flat_map(|s| s.windows(2))
            .map(|w| match w {
                [a, b] => (a.x - b.x).hypot(a.y - b.y),
                _ => 0.0,
            })
            .filter(|d| d.is_finite())
            .sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "pads are a few thousand units wide"
        )]
        let least = self.width as f32 * 0.05;
        points >= 6 && self.width > 0 && travel >= least
    }
}

/// The customer's signature or what stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CustomerSignature {
    /// How it ended.
    pub outcome: SignOutcome,
    /// Name of the person at the tablet.
    pub signer: String,
    /// Who that is.
    pub relation: Relation,
    /// The ink, when there is some.
    #[serde(default)]
    pub ink: Option<Ink>,
    /// Why, for all but 已签.
    #[serde(default)]
    pub reason: Option<String>,
    /// Number to call back, for all but 已签.
    #[serde(default)]
    pub callback: Option<String>,
    /// Language the content was shown in.
    pub lang: crate::text::Lang,
    /// SHA-256 of exactly the content that was shown.
    pub digest: String,
}

/// The technician's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TechnicianSignature {
    /// The ink.
    pub ink: Ink,
}

/// How the customer's copy reached the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeliveryHow {
    /// Printed on the spot.
    Printed,
    /// Given on paper.
    Paper,
    /// Copied to the customer's device on the spot.
    Copied,
    /// Not yet; stays visible until done.
    Pending,
}

/// A delivery of the customer's copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Delivery {
    /// How.
    pub how: DeliveryHow,
    /// Words.
    #[serde(default)]
    pub note: Option<String>,
}
