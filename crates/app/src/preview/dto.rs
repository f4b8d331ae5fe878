//! What the pages of a preview ask for and get.

use crate::dto::BrokenPack;
use doorstep_domain::standard::JobType;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::Strokes;
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::consent::ConsentRequest;
use doorstep_domain::visit::view::VisitView;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A standard in a list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PackBrief {
    /// Pack id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// The company whose standard it is.
    pub company: String,
    /// Its file.
    pub file: String,
    /// Phases.
    pub phases: u32,
    /// Rows that are always there.
    pub always: u32,
    /// Rows in all.
    pub rows: u32,
    /// Rows that have no English.
    pub without_english: u32,
    /// Jobs it serves.
    pub jobs: Vec<JobType>,
}

/// The standards on this tablet.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PackShelf {
    /// Those that can be used, by id.
    pub packs: Vec<PackBrief>,
    /// Mistakes of the files that were refused.
    pub broken: Vec<BrokenPack>,
}

/// A file that somebody writes.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DraftPack {
    /// Its name.
    pub file: String,
    /// The standard in it; none while there are mistakes.
    pub pack: Option<PackBrief>,
    /// Every mistake, in the file's order.
    pub mistakes: Vec<BrokenPack>,
    /// What is odd though not wrong.
    pub hints: Vec<BrokenPack>,
}

/// Which standard is looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case")]
#[ts(export)]
pub enum PreviewOf {
    /// One on this tablet, its newest version.
    Shelf {
        /// Pack id.
        id: String,
    },
    /// The file that was read last.
    Draft,
}

/// Where the made-up visit stands before anything is tapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PreviewStage {
    /// Just opened: the appointment comes first.
    Start,
    /// Inside the home.
    Inside,
    /// Everything that taps settle is done, nothing was charged: the hand-over comes next.
    SignOff,
}

/// What was done in a preview: what a visit's pages ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "tap", rename_all = "snake_case")]
#[ts(export)]
pub enum PreviewTap {
    /// A command of the technician's or of the customer's; taking the tablet back asks for no PIN here.
    Act {
        /// Which.
        command: Command,
    },
    /// The customer's signature, or what stands for it.
    CustomerSign {
        /// As the hand-over sends it.
        request: SignRequest,
    },
    /// The customer's answer to a statement.
    ConsentSign {
        /// As the hand-over sends it.
        request: ConsentRequest,
    },
    /// The technician's signature.
    TechnicianSign {
        /// The ink.
        strokes: Strokes,
    },
}

impl PreviewTap {
    /// It answers a question of the standard.
    pub(super) fn is_answer(&self) -> bool {
        let PreviewTap::Act { command } = self else {
            return false;
        };
        matches!(command, Command::SetFact { .. })
    }
}

/// One look at a standard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PreviewAsk {
    /// Which one.
    pub of: PreviewOf,
    /// The job of the made-up order; none: the first that the standard serves.
    pub job: Option<JobType>,
    /// Where the visit begins.
    pub stage: PreviewStage,
    /// When it began, as the first answer told: its clock stands still from there on, or what a customer read would be another
    /// arrival by the time of the signature. None: now.
    pub began: Option<Moment>,
    /// The customer agreed to every statement.
    pub signed: bool,
    /// What was tapped since, oldest first.
    pub taps: Vec<PreviewTap>,
}

/// The made-up visit.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PreviewView {
    /// Exactly what the walk shows.
    pub visit: VisitView,
    /// When it began; belongs into the next question.
    pub began: Moment,
    /// Jobs that the standard serves.
    pub jobs: Vec<JobType>,
    /// Every question of the standard, asked or not.
    pub facts: Vec<PreviewFact>,
    /// Statements that customers sign before the work.
    pub statements: Vec<PreviewStatement>,
}

/// A question that switches rows on.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PreviewFact {
    /// Fact id.
    pub id: String,
    /// The question.
    pub text: String,
    /// The answer in force; none: not answered.
    pub value: Option<bool>,
    /// It is asked in this situation.
    pub asked: bool,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PreviewStatement {
    /// The row that asks for it.
    pub title: String,
    /// What the customer declares.
    pub words: String,
}
