//! What a ticket says, already worded: every value is a text as it should appear on paper.
//!
//! The caller maps a visit to this; nothing here knows where the facts come from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The language of the few words that the layout adds itself, such as page numbers and column heads.
#[derive(Debug, Clone, std::marker::Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese, simplified.
    Zh,
    /// English.
    En,
}

/// Which of the two copies (一式二联) a page belongs to.
#[derive(Debug, Clone, std::marker::Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copy {
    /// 用户联: without clause ids, breaches and internal reasons.
    Customer,
    /// 公司联: everything.
    Company,
    /// 存档联: a sheet of the office's own, such as a score sheet; everything.
    File,
}

/// On which copies a part is printed.
#[derive(Debug, Clone, std::marker::Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// On both copies.
    #[default]
    Both,
    /// Only on the customer's copy.
    CustomerOnly,
    /// Only on the company's copy.
    CompanyOnly,
}

impl Audience {
    /// Whether a part for this audience is printed on `copy`.
    pub fn sees(self, copy: Copy) -> bool {
        match self {
            Self::Both => true,
            Self::CustomerOnly => copy == Copy::Customer,
            Self::CompanyOnly => copy != Copy::Customer,
        }
    }
}

/// One submission of one visit, ready to be printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketDoc {
    /// Language of the words added by the layout.
    pub lang: Lang,
    /// The form's name from the pack: 施工单, 服务质量记录表, …
    pub title: String,
    /// The company that did the work.
    pub company: String,
    /// The number people quote on the phone.
    pub ticket_id: String,
    /// SHA-256 of the submission's content, in hex; printed as a QR code together with `ticket_id`.
    pub digest: String,
    /// Which submission this is, from 1; 0 = the document is no submission, and none is printed.
    pub submission: u32,
    /// One line that says which submission the customer's signature covers. Empty prints nothing.
    pub signature_covers: String,
    /// When the document was made, RFC 3339 with an offset. It becomes the PDF's creation date, so the same
    /// document always gives the same bytes.
    pub created: String,
    /// The company's phone number for the footer. Empty prints nothing.
    pub hotline: String,
    /// The body, in the pack's order.
    pub sections: Vec<Section>,
    /// The customer's sign-off, also when it was refused.
    pub customer_signature: Option<SignatureBlock>,
    /// The technician's sign-off.
    pub technician_signature: Option<SignatureBlock>,
}

/// A titled part of the ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The section's name from the pack.
    pub title: String,
    /// On which copies it is printed.
    #[serde(default)]
    pub audience: Audience,
    /// What it says.
    pub body: Body,
}

/// The kinds of sections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "of")]
pub enum Body {
    /// Key and value pairs, two side by side where they fit.
    Facts(Vec<Fact>),
    /// Times against what was promised.
    Times(Vec<TimeRow>),
    /// The customer's opinion.
    Feedback(Feedback),
    /// What was done, item by item.
    Checklist(Vec<CheckRow>),
    /// Instrument readings.
    Readings(Vec<ReadingRow>),
    /// Devices installed, replaced or taken back.
    Devices(Vec<DeviceRow>),
    /// Materials used.
    Materials(Vec<MaterialRow>),
    /// What the customer paid.
    Fees(Fees),
    /// Photos, two a row.
    Photos(Vec<Photo>),
    /// Points that were deducted.
    Scores(Vec<ScoreRow>),
    /// Plain paragraphs.
    Text(Vec<String>),
    /// What the customer signed before the work.
    Statements(Vec<Statement>),
}

/// A statement with its own signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// What it is about.
    pub title: String,
    /// The statement as the customer read it.
    pub text: String,
    /// Who signed, or what stands for it.
    pub signature: SignatureBlock,
}

/// One line of a score sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScoreRow {
    /// What was examined; with an empty `rule` the line is a sum and printed bold.
    pub item: String,
    /// How it costs points.
    pub rule: String,
    /// How often; empty prints nothing.
    pub times: String,
    /// The points.
    pub points: String,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What was recorded.
    pub value: String,
}

/// One time and what was promised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimeRow {
    /// Which moment: 预约上门, 到达楼下, …
    pub label: String,
    /// What was promised.
    pub promised: Option<String>,
    /// What happened.
    pub actual: String,
    /// The comparison, for both copies: 准时, 早到 5 分钟, …
    pub verdict: Option<String>,
    /// The breach, for the company's copy only.
    pub breach: Option<String>,
    /// 补录: the time is a claim.
    pub late: Option<Late>,
}

/// 补录: something was entered later than it is said to have happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Late {
    /// When it was entered.
    pub entered: String,
    /// Why, for the company's copy only.
    pub reason: String,
}

/// The customer's opinion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Feedback {
    /// Question and answer.
    pub rows: Vec<Fact>,
    /// The customer's own words.
    pub words: Option<String>,
    /// When set, this sentence alone is printed in place of the answers (客户已当面评价并封存).
    pub sealed: Option<String>,
    /// A small line below.
    pub note: Option<String>,
}

/// How an item ended.
#[derive(Debug, Clone, std::marker::Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Done: a ticked box.
    Done,
    /// Not applicable: a struck box; its reason stands in [`CheckRow::reason`].
    NotApplicable,
    /// Not done: an empty box.
    Missing,
}

/// One item of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRow {
    /// The phase or step it belongs to. A heading is printed where it changes; empty prints none.
    #[serde(default)]
    pub group: String,
    /// What had to be done.
    pub text: String,
    /// How it ended.
    pub mark: Mark,
    /// What was recorded: a value with its unit, a reading, a choice.
    #[serde(default)]
    pub detail: Option<String>,
    /// Why it does not apply, in words for both copies.
    #[serde(default)]
    pub reason: Option<String>,
    /// A reason for the company's copy only.
    #[serde(default)]
    pub internal_reason: Option<String>,
    /// Catalogue ids, for the company's copy only.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// When it was answered.
    #[serde(default)]
    pub at: Option<String>,
    /// 补录
    #[serde(default)]
    pub late: Option<Late>,
}

/// One quantity measured with an instrument. Values carry their unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadingRow {
    /// What was measured.
    pub name: String,
    /// Where: the test point.
    pub point: Option<String>,
    /// At which wavelength.
    pub wavelength: Option<String>,
    /// Before the work.
    pub before: Option<String>,
    /// After the work.
    pub after: Option<String>,
    /// The company's limits.
    pub limits: Option<String>,
    /// Inside or outside, and why.
    pub verdict: Option<String>,
}

/// One device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceRow {
    /// Type or model.
    pub kind: String,
    /// Serial number.
    pub sn: Option<String>,
    /// Network address.
    pub mac: Option<String>,
    /// 新装, 更换, 回收.
    pub action: String,
}

/// One material.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaterialRow {
    /// What.
    pub name: String,
    /// How much.
    pub quantity: String,
    /// In which unit.
    pub unit: String,
}

/// What the customer paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fees {
    /// 本次未收费, stated by the technician.
    NotCharged,
    /// At least one fee.
    Charged {
        /// The fees.
        rows: Vec<FeeRow>,
        /// The sum, with its currency.
        total: String,
        /// How it was paid.
        payment: Option<String>,
    },
}

/// One fee.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeeRow {
    /// For what.
    pub item: String,
    /// Price of one.
    pub unit_price: String,
    /// How many.
    pub quantity: String,
    /// The product of both.
    pub amount: String,
    /// When the customer was told, and agreed.
    pub agreed: Option<String>,
}

/// A photo with its line of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// An upright JPEG, embedded as it is. PDF ignores the EXIF orientation.
    #[serde(with = "base64_bytes")]
    pub jpeg: Arc<[u8]>,
    /// What it shows.
    pub caption: String,
}

/// One side's sign-off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignatureBlock {
    /// Who signs: 用户签字, 装维人员签字.
    pub heading: String,
    /// The signature, where there is one.
    pub ink: Option<Ink>,
    /// A photo of the fingerprint or mark instead of a signature.
    pub mark: Option<Photo>,
    /// The signer's name.
    pub name: String,
    /// 本人, 家属, 租客, 经办人, or the staff number.
    pub relation: Option<String>,
    /// When.
    pub time: Option<String>,
    /// What happened when it is not a plain signature: 拒签, 代签, 按手印, …
    pub outcome: Option<String>,
    /// Further lines: the reason, the call-back number.
    pub lines: Vec<SignatureLine>,
}

/// A labelled line below a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureLine {
    /// What it is.
    pub label: String,
    /// What was recorded.
    pub value: String,
    /// On which copies.
    #[serde(default)]
    pub audience: Audience,
}

/// A signature as it was written, in the pad's own coordinates, y downwards.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ink {
    /// Width of the pad, in the unit of the points.
    pub width: f32,
    /// Height of the pad, in the unit of the points.
    pub height: f32,
    /// One list of points for each time the pen was down.
    pub strokes: Vec<Vec<InkPoint>>,
}

/// One sample of the pen.
#[derive(Debug, Clone, std::marker::Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct InkPoint {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
    /// Milliseconds since the first sample; kept, not printed.
    #[serde(default)]
    pub t: f32,
    /// Pressure from 0 to 1, where the pen reports it.
    #[serde(default)]
    pub p: Option<f32>,
}

/// JPEG bytes travel as base64 in JSON.
mod base64_bytes {
    use std::sync::Arc;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &Arc<[u8]>, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<[u8]>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD
            .decode(text)
            .map(Arc::from)
            .map_err(D::Error::custom)
    }
}
