//! What a technician can ask for. The UI sends these; [`super::decide`] answers with events or a refusal.

use super::events::ItemAnswer;
use super::facts::*;
use crate::standard::{Milestone, RowList};
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One action on a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
#[ts(export)]
#[expect(missing_docs, reason = "fields repeat the facts' own documentation")]
pub enum Command {
    /// Show the full number; logged.
    RevealPhone,
    /// Log a call.
    LogCall { call: Call },
    /// Agree the first time.
    AgreeAppointment {
        start: Moment,
        end: Option<Moment>,
        proposed_by: Proposer,
        note: Option<String>,
    },
    /// Change the agreed time.
    ChangeAppointment {
        start: Moment,
        end: Option<Moment>,
        proposed_by: Proposer,
        note: Option<String>,
        reason: String,
        cause: Cause,
        notified_at: Moment,
    },
    /// Reach a milestone, now or as 补录.
    Reach {
        milestone: Milestone,
        claim: Option<Claim>,
    },
    /// Answer one item, now or as 补录.
    Answer {
        item: ItemAnswer,
        claim: Option<Claim>,
    },
    /// 本步全部做到
    TickPhase { phase: String },
    /// Take an answer back.
    Clear { item: String },
    /// Answer a question.
    SetFact { fact: String, value: bool },
    /// Write a row; `row_id` none makes a new one.
    PutRow {
        row_id: Option<String>,
        row: RowData,
    },
    /// Take a row away.
    RemoveRow { list: RowList, row_id: String },
    /// 本次未收费, or no longer.
    DeclareNoFees { none: bool },
    /// Delete a photo; the trace stays.
    RemovePhoto { photo: String },
    /// 同行人
    AddCompanion { staff_no: String, name: String },
    /// 同行人 taken back.
    RemoveCompanion { staff_no: String },
    /// 无人, with the leave-note's facts (arrival is the recorded one).
    NobodyHome {
        cause: Cause,
        contact: String,
        person: String,
        note: Option<String>,
    },
    /// 完工 / 挂起 / 退单
    SetOutcome { outcome: Outcome },
    /// Give the tablet to the customer.
    StartHandover,
    /// Give it to the customer for the statement of one item.
    StartConsent { item: String },
    /// Look at the technician's own gear; the reason is needed when a piece is out of date.
    CheckGear {
        item: String,
        reason: Option<String>,
    },
    /// Take it back; the app has checked the PIN.
    EndHandover,
    /// The customer's feedback; sealed.
    GiveFeedback { feedback: Feedback },
    /// Ask the customer again.
    ReopenSignature { reason: String },
    /// 无法补救: what was sent back cannot be mended, and why.
    CannotMend { reason: String },
    /// Submit; again after mending.
    Submit,
    /// Record how the customer's copy was delivered.
    RecordDelivery { delivery: Delivery },
    /// Take the last tap back.
    Undo,
}

/// A customer's signature as the hand-over screen sends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SignRequest {
    /// How it ended.
    pub outcome: SignOutcome,
    /// Name.
    pub signer: String,
    /// Who.
    pub relation: Relation,
    /// Ink, when there is some.
    pub strokes: Option<Strokes>,
    /// Why.
    pub reason: Option<String>,
    /// Number to call back.
    pub callback: Option<String>,
    /// Digest of the content that was on the screen.
    pub digest: String,
}
