//! The team lead's desk 审核: what a submission shows beside its checklist. Evidence and words, never a judgement.
//!
//! `flags` says what deserves a second look, `timeline` what happened when, `changes` what a submission changed,
//! `summary` what the queue lists, `print` which photos look alike. Pure: candidates from other visits are passed in.

mod changes;
mod duties;
mod flags;
mod print;
mod summary;
mod timeline;

pub use changes::changes;
pub use flags::{flags, photo_name};
pub use print::{NEAR, Print, Resemblance, keys, near_keys, print, resemblance};
pub use summary::{PhotoPrint, SubmissionRow, summary};
pub use timeline::timeline;

use crate::day::DayState;
use crate::event::Actor;
use crate::order::OrderState;
use crate::standard::Pack;
use crate::text::Lang;
use crate::time::Moment;
use crate::visit::state::VisitState;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a flag 疑点 is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum FlagKind {
    /// Arrival outside the standard's window.
    Late,
    /// A change of the appointment was told too late.
    NoticeBroken,
    /// Left with an incomplete kit, or without a check.
    KitMissing,
    /// Rows answered 不适用.
    NotApplicable,
    /// Several rows answered within one second.
    TapsAtOnce,
    /// 补录
    LateEntry,
    /// The outcome is not 完工.
    NotCompleted,
    /// The signature is not the customer's own.
    Signature,
    /// A reading out of limits.
    OutOfLimits,
    /// The very same picture in another visit.
    PhotoReused,
    /// A picture that resembles another visit's.
    PhotoAlike,
    /// The customer is dissatisfied.
    Dissatisfied,
    /// The hub found something in the visit's events.
    HubAttention,
    /// Another rule of time was not kept: first contact, call ahead, hours, missed appointments, progress.
    RuleBroken,
    /// A statement before the work was refused, or agreed to without a signature.
    Consent,
    /// Gear of the technician's own was out of date.
    GearExpired,
}

/// One flag with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DeskFlag {
    /// What about.
    pub kind: FlagKind,
    /// The fact in one line.
    pub title: String,
    /// The evidence.
    pub detail: String,
    /// Catalogue ids of the rule, when there is one.
    pub clause: Option<String>,
    /// Items that it is about.
    pub items: Vec<String>,
    /// Id of the photo that it is about.
    pub photo: Option<String>,
    /// The photo that it resembles.
    pub like: Option<PhotoLike>,
}

/// A photo of another visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PhotoLike {
    /// `visit/…`
    pub visit: String,
    /// Its order's short number.
    pub short_no: String,
    /// Who took it.
    pub technician: Actor,
    /// SHA-256 of the picture.
    pub photo: String,
    /// When it was taken in.
    pub at: Moment,
    /// Likeness, percent of the bits of the perceptual hash.
    pub percent: u32,
}

/// A photo of this submission and an earlier one of another visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Id of the photo here.
    pub photo: String,
    /// The earlier one; 100 percent with the same SHA-256 is the same picture.
    pub like: PhotoLike,
}

/// Colour and word of a line of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Tone {
    /// As it should be.
    Done,
    /// To be looked at.
    Soon,
    /// A rule was not kept.
    Breach,
    /// Neither.
    Idle,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TimelineEntry {
    /// When (the claimed time for 补录).
    pub at: Moment,
    /// What happened.
    pub words: String,
    /// How it stands against the rules.
    pub tone: Tone,
    /// Catalogue ids of the rule.
    pub clause: Option<String>,
    /// The figure beside it: 早 8 分钟.
    pub extra: Option<String>,
}

/// One difference against the submission before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DeskChange {
    /// Item or row id.
    pub item: Option<String>,
    /// What it is.
    pub title: String,
    /// As it was; none = it was not there.
    pub before: Option<String>,
    /// As it is; none = it is gone.
    pub after: Option<String>,
}

/// What the desk looks at.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The visit as it was submitted.
    pub visit: &'a VisitState,
    /// Its order.
    pub order: &'a OrderState,
    /// Its pinned pack; none while this device does not have it.
    pub pack: Option<&'a Pack>,
    /// The day of its departure; none while this device does not have it.
    pub day: Option<&'a DayState>,
    /// Appointments with this customer that earlier visits missed by our fault.
    pub missed_before: u32,
    /// Language of the words.
    pub lang: Lang,
}

impl Sight<'_> {
    /// `zh` or `en` by the language.
    pub(crate) fn say(&self, zh: String, en: String) -> String {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The words of an item; its id where the pack is not here.
    pub(crate) fn item(&self, id: &str) -> String {
        let found = self.pack.and_then(|p| p.item(id));
        found.map_or_else(|| id.to_owned(), |(_, i)| i.text.get(self.lang).to_owned())
    }
}

/// A figure with the typographic minus, as everywhere on the screens.
pub(crate) fn figure(value: rust_decimal::Decimal) -> String {
    value.to_string().replace('-', "−")
}

/// Catalogue ids as one text; none when there are none.
pub(crate) fn cite(clauses: &[String]) -> Option<String> {
    (!clauses.is_empty()).then(|| clauses.join(" · "))
}
