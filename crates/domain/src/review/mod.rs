//! Reviews 审核: a lead's verdicts on the submissions of one visit. Stream `review/<visit id>`.
//!
//! Several leads may write to one stream, each on a device of their own, so no order between their events is known to
//! everybody. The fold therefore takes events in any order and always answers the same; the hub, which all events pass, says which
//! verdict came too late ([`ReviewEvent::Late`]).

mod state;

pub use state::{Given, Place, ReviewRow, ReviewState};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Newest schema of review bodies that this version reads.
pub const REVIEW_SCHEMA: u32 = 1;

/// What a lead decides on a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Verdict {
    /// 通过
    Approved,
    /// 退回补资料: the technician mends and submits again; the customer is not disturbed.
    Returned,
    /// 返工上门: a new visit.
    Rework,
}

/// Why, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct VerdictReason {
    /// Id of an item, a photo or a row of the visit; none = the submission as a whole.
    #[serde(default)]
    pub item: Option<String>,
    /// Chip text or words.
    pub reason: String,
}

/// What a score is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ScoreName {
    /// 规范
    Standard,
    /// 整洁
    Tidy,
    /// 照片
    Photos,
}

/// One score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Score {
    /// What about.
    pub name: ScoreName,
    /// 1 to 5.
    pub points: u8,
}

/// A verdict as the desk asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewVerdict {
    /// `visit/…`
    pub visit: String,
    /// 第 N 次提交
    pub submission: u32,
    /// What.
    pub verdict: Verdict,
    /// Why: at least one for 退回补资料 and 返工上门, and for replacing a verdict that stands (无法补救).
    pub reasons: Vec<VerdictReason>,
    /// Words.
    pub note: Option<String>,
    /// At most one for each name.
    pub scores: Vec<Score>,
}

/// What can happen in a review. FROZEN kinds; bodies grow only by optional fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum ReviewEvent {
    /// A lead gave a verdict.
    #[serde(rename = "review.given")]
    Given {
        /// `visit/…`
        visit: String,
        /// On which submission.
        submission: u32,
        /// What.
        verdict: Verdict,
        /// Why.
        reasons: Vec<VerdictReason>,
        /// Words.
        #[serde(default)]
        note: Option<String>,
        /// Scores; those that a later version may add are left out.
        #[serde(default, deserialize_with = "known_scores")]
        scores: Vec<Score>,
        /// The submission had been picked for a full read.
        #[serde(default)]
        sampled: bool,
        /// Approved together with others, unread.
        #[serde(default)]
        together: bool,
        /// Id of the verdict that this one knowingly replaces.
        #[serde(default)]
        instead_of: Option<String>,
    },
    /// A submission without flags was picked for a full read when the others were approved together.
    #[serde(rename = "review.sampled")]
    Sampled {
        /// `visit/…`
        visit: String,
        /// Which submission.
        submission: u32,
    },
    /// The hub's word: a verdict arrived when another one stood already. Written by the hub only.
    #[serde(rename = "review.late")]
    Late {
        /// `visit/…`
        visit: String,
        /// Which submission.
        submission: u32,
        /// Id of the verdict that came too late.
        given: String,
        /// Id of the verdict that stood then.
        stands: String,
    },
    /// The hub's word: an event about this visit broke a rule. It was kept all the same; a person has to look at it. Written by
    /// the hub only, once for each rule.
    #[serde(rename = "review.flagged")]
    Flagged {
        /// `visit/…`
        visit: String,
        /// Id of the first event that broke it; nobody but the hub may have that event.
        event: String,
        /// Which rule, as [`crate::wire::EventFlag::reason`].
        reason: String,
    },
}

/// A score of a name that this version does not know must not hide the verdict.
fn known_scores<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<Score>, D::Error> {
    let all = Vec::<Value>::deserialize(reader)?;
    let known = |value: Value| serde_json::from_value(value).ok();
    Ok(all.into_iter().filter_map(known).collect())
}

/// The review stream of a visit; none when this is not a visit's name.
#[must_use]
pub fn stream_of(visit: &str) -> Option<String> {
    visit
        .strip_prefix("visit/")
        .map(|id| format!("review/{id}"))
}

/// The visit that a review stream is about; none when this is not a review's name.
#[must_use]
pub fn visit_of(stream: &str) -> Option<String> {
    stream
        .strip_prefix("review/")
        .map(|id| format!("visit/{id}"))
}
