//! What can happen in a visit. FROZEN kinds; bodies grow only by optional fields.

use super::consent::Consent;
use super::facts::*;
use crate::event::Actor;
use crate::standard::{JobType, Milestone, RowList};
use serde::{Deserialize, Serialize};

/// Newest schema of visit bodies that this version reads.
pub const VISIT_SCHEMA: u32 = 1;

/// An item and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct ItemAnswer {
    /// Item id.
    pub item: String,
    /// The answer.
    pub answer: Answer,
}

/// The events of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
#[expect(missing_docs, reason = "fields repeat the facts' own documentation")]
pub enum VisitEvent {
    /// First touch: pins order, pack and technician.
    #[serde(rename = "visit.opened")]
    Opened {
        order: String,
        job: JobType,
        pack: PackRef,
        technician: Actor,
        #[serde(default)]
        continues: Option<String>,
    },
    /// The full phone number was shown.
    #[serde(rename = "phone.revealed")]
    PhoneRevealed {},
    /// A call.
    #[serde(rename = "call.logged")]
    CallLogged { call: Call },
    /// A time was agreed or changed.
    #[serde(rename = "appointment.agreed")]
    AppointmentAgreed { appointment: Appointment },
    /// Departed, downstairs, at the door, entered, left.
    #[serde(rename = "milestone.reached")]
    MilestoneReached {
        milestone: Milestone,
        #[serde(default)]
        claim: Option<Claim>,
    },
    /// One tap: one answer, or 本步全部做到.
    #[serde(rename = "items.answered")]
    ItemsAnswered {
        answers: Vec<ItemAnswer>,
        via: Via,
        #[serde(default)]
        claim: Option<Claim>,
    },
    /// An answer was taken back.
    #[serde(rename = "item.cleared")]
    ItemCleared { item: String },
    /// A question was answered.
    #[serde(rename = "fact.set")]
    FactSet { fact: String, value: bool },
    /// A row was written (again).
    #[serde(rename = "row.put")]
    RowPut { row_id: String, row: RowData },
    /// A row was taken away; it stays in the log.
    #[serde(rename = "row.removed")]
    RowRemoved { list: RowList, row_id: String },
    /// 本次未收费
    #[serde(rename = "fees.none")]
    NoFees { none: bool },
    /// A photo was taken.
    #[serde(rename = "photo.added")]
    PhotoAdded { photo: Photo },
    /// A photo was deleted before submission; the trace stays.
    #[serde(rename = "photo.removed")]
    PhotoRemoved { photo: String },
    /// 同行人
    #[serde(rename = "companion.added")]
    CompanionAdded { companion: Actor },
    /// 同行人 taken back.
    #[serde(rename = "companion.removed")]
    CompanionRemoved { staff_no: String },
    /// 无人
    #[serde(rename = "nobody_home.recorded")]
    NobodyHomeRecorded { nobody_home: NobodyHome },
    /// 完工 / 挂起 / 退单
    #[serde(rename = "outcome.set")]
    OutcomeSet { outcome: Outcome },
    /// The tablet went to the customer.
    #[serde(rename = "handover.started")]
    HandoverStarted {
        /// The item whose statement is to be signed; none: feedback and the signature at the end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consent: Option<String>,
    },
    /// The technician took it back.
    #[serde(rename = "handover.ended")]
    HandoverEnded {},
    /// Sealed.
    #[serde(rename = "feedback.given")]
    FeedbackGiven { feedback: Feedback },
    /// The customer signed a statement before the work, or why not.
    #[serde(rename = "consent.recorded")]
    ConsentRecorded { consent: Consent },
    /// The customer signed, or why not.
    #[serde(rename = "customer.signed")]
    CustomerSigned { signature: CustomerSignature },
    /// The customer is asked again because something attested changes.
    #[serde(rename = "signature.reopened")]
    SignatureReopened { reason: String },
    /// The technician signed.
    #[serde(rename = "technician.signed")]
    TechnicianSigned { signature: TechnicianSignature },
    /// Frozen as submission `n`.
    #[serde(rename = "visit.submitted")]
    Submitted {
        n: u32,
        outcome: Outcome,
        digest: String,
    },
    /// The customer's copy.
    #[serde(rename = "delivery.recorded")]
    DeliveryRecorded { delivery: Delivery },
    /// Sent back for mending, and the technician cannot mend it: why. Goes with the next submission.
    #[serde(rename = "mending.impossible")]
    CannotMend { reason: String },
    /// The visit goes on under another version of its standard, by [`super::moving::check_move`].
    #[serde(rename = "pack.moved")]
    PackMoved {
        /// The version in force from here on.
        pack: PackRef,
        /// Rows that are not the same there: their answers, statements and photos are set aside, not lost.
        #[serde(default)]
        rows: Vec<String>,
        /// Questions that are not the same there.
        #[serde(default)]
        questions: Vec<String>,
    },
    /// The last tap was taken back.
    #[serde(rename = "tap.undone")]
    Undone { target: String },
}
