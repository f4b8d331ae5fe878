//! What can happen in an assessment. FROZEN kinds; bodies grow only by optional fields.

use crate::event::Actor;
use crate::visit::Ink;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Newest schema of assessment bodies that this version reads.
pub const ASSESS_SCHEMA: u32 = 1;

/// The form as it was when the assessment began: it travels along, so every device can show and print it for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormText {
    /// `jiangsu-s11`
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Lower-case hex SHA-256 of `source`.
    pub hash: String,
    /// The TOML.
    pub source: String,
}

/// Whose signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "AssessSide")]
pub enum Side {
    /// 考评员
    Examiner,
    /// 被考人
    Candidate,
}

/// What can happen in an assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum AssessEvent {
    /// It began; who writes this is the examiner.
    #[serde(rename = "assess.begun")]
    Begun {
        /// With this form.
        form: FormText,
        /// Who is examined.
        candidate: Actor,
    },
    /// Points were deducted.
    #[serde(rename = "assess.deducted")]
    Deducted {
        /// Row of the form.
        row: String,
        /// How many.
        points: u32,
    },
    /// A deduction was a mistake.
    #[serde(rename = "assess.taken_back")]
    TakenBack {
        /// Id of the event that deducted.
        deduction: String,
    },
    /// The clock of a time limit runs.
    #[serde(rename = "assess.timer_started")]
    TimerStarted {
        /// Time limit of the form.
        timer: String,
    },
    /// It stands again.
    #[serde(rename = "assess.timer_stopped")]
    TimerStopped {
        /// Time limit of the form.
        timer: String,
    },
    /// How the points are counted.
    #[serde(rename = "assess.total_chosen")]
    TotalChosen {
        /// Total of the form.
        total: String,
        /// Why.
        note: String,
    },
    /// Words of the examiner's.
    #[serde(rename = "assess.noted")]
    Noted {
        /// The words.
        text: String,
    },
    /// One side signed, or would not and said why.
    #[serde(rename = "assess.signed")]
    Signed {
        /// Which side.
        side: Side,
        /// The strokes; none when it would not sign.
        #[serde(default)]
        ink: Option<Ink>,
        /// Why not.
        #[serde(default)]
        reason: Option<String>,
        /// Digest of what was signed.
        digest: String,
    },
    /// Something has to be put right: the signatures do not count any more.
    #[serde(rename = "assess.reopened")]
    Reopened {
        /// Why.
        reason: String,
    },
    /// It does not count: the wrong person, broken off.
    #[serde(rename = "assess.withdrawn")]
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// It is over.
    #[serde(rename = "assess.closed")]
    Closed {
        /// Points out of 100.
        score: u32,
        /// Digest of what was signed.
        digest: String,
    },
}
