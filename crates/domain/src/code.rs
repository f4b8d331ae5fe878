//! The closed set of error codes. FROZEN: a code is added when the UI does something different for it,
//! never renamed. Texts in zh-CN and en are typed over the generated union.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Everything the UI may have to say "no" about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Code {
    // --- refused preconditions: you may not do that now
    /// A colleague's visit may be read, not continued.
    VisitOfOther,
    /// The visit was submitted; it is frozen.
    VisitSubmitted,
    /// The visit ended with nobody home or was not opened yet.
    VisitNotOpen,
    /// The item is not in this visit's standard.
    ItemUnknown,
    /// The item does not apply to this visit.
    ItemNotActive,
    /// The kind of answer does not fit the item.
    AnswerMismatch,
    /// Another item must come first (`item`).
    ItemTooEarly,
    /// Inside items wait for 进门.
    NotEntered,
    /// The kit was not checked today.
    KitNotChecked,
    /// Members are missing and no reason was given.
    KitReasonMissing,
    /// The milestone is recorded already.
    MilestoneRecorded,
    /// An earlier milestone is missing (`milestone`).
    MilestoneOrder,
    /// A reason is needed.
    ReasonMissing,
    /// Words are needed.
    TextMissing,
    /// Too long (`max`).
    TextTooLong,
    /// The reading is not a number the pack allows (`decimals`).
    ReadingInvalid,
    /// The time lies in the future or before the visit.
    TimeImplausible,
    /// The end lies before the start.
    WindowReversed,
    /// A field is missing or wrong (`field`, a [`Field`]).
    RowInvalid,
    /// 本次未收费 cannot be declared beside fee rows.
    FeesContradict,
    /// No fee row beside a declared 本次未收费.
    FeesDeclaredNone,
    /// Fees must be told and agreed.
    FeeNotAgreed,
    /// The customer signed this content; ask for a new signature to change it.
    SignedContent,
    /// The content changed after it was shown; show it again, then sign.
    ContentStale,
    /// Only in hand-over mode.
    NotInHandover,
    /// Not while the tablet is with the customer.
    InHandover,
    /// The feedback is sealed.
    FeedbackSealed,
    /// A survey answer is missing or unknown.
    FeedbackIncomplete,
    /// Ink is empty or one dot.
    InkEmpty,
    /// Signer's name is missing.
    SignerMissing,
    /// A number to call back is needed.
    CallbackMissing,
    /// Signed already.
    AlreadySigned,
    /// The customer comes first.
    CustomerFirst,
    /// Things are missing before submission.
    SubmissionBlocked,
    /// Nothing to undo.
    NothingToUndo,
    /// Log an unanswered call first.
    CallFirst,
    /// No photo with this id.
    PhotoUnknown,
    /// The mark's photo is missing.
    MarkPhotoMissing,
    /// Next step of an unfinished visit is missing.
    NextStepMissing,
    /// Not submitted yet.
    NotSubmitted,
    /// Staff number is missing or already there.
    CompanionInvalid,
    /// Not a calendar day.
    DateInvalid,
    /// The price list says another price (`name`, `name_en`, `price`).
    PriceDiffers,
    /// Gear is out of date or not recorded (`gear`, `gear_en`): going on needs a reason.
    GearReasonMissing,
    // --- reviews
    /// The visit has no such submission.
    SubmissionUnknown,
    /// A newer submission is there; that one is to be judged.
    SubmissionReplaced,
    /// 退回补资料, 返工上门 and a change of verdict say why.
    ReasonsMissing,
    /// Approved: neither judged again nor changed.
    AlreadyApproved,
    /// The same verdict stands already (`by`).
    AlreadyReviewed,
    /// Sent back for mending: only photos, readings, text, rows and answers may change.
    MendingOnly,
    /// Nothing was mended since the submission that was sent back.
    NothingMended,
    /// Not sent back, so there is nothing to mend.
    NotSentBack,
    /// Only a team lead may do this, by the hub's word on who this is.
    LeadOnly,
    // --- assessments and staff cards
    /// No such assessment.
    AssessUnknown,
    /// Another lead's assessment, or another device's: it may be read, not continued.
    AssessOfOther,
    /// Nobody examines themselves.
    AssessSelf,
    /// It is closed or withdrawn.
    AssessEnded,
    /// Somebody signed; it must be opened again first.
    AssessSigned,
    /// The row can cost no more (`max`, points).
    AssessRowFull,
    /// A clock runs; stop it first.
    AssessTimerRuns,
    /// That clock does not run.
    AssessTimerStands,
    /// It is not said yet how the points are counted.
    AssessTotalMissing,
    /// Both sign what stands there now.
    AssessSignatures,
    /// The amount is no sum of money between `min` and `max` yuan.
    PenaltyAmount,
    /// Stars go from 1 to 3.
    StarsInvalid,
    /// Stars were awarded for that year already (`year`).
    StarsThisYear,
    // --- issues and follow-up plans
    /// No such issue.
    IssueUnknown,
    /// Filed: nothing follows.
    IssueArchived,
    /// Not settled yet.
    IssueOpen,
    /// Settled already; the customer is asked next.
    IssueSolved,
    /// Not to be filed before the customer is satisfied.
    NotSatisfied,
    /// A promise without name or phone (`field`, a [`Field`]).
    PromiseIncomplete,
    /// What is promised lies in the past.
    PromisePast,
    /// No such plan.
    PlanUnknown,
    /// The contact was made, or the plan is through.
    PlanClosed,
    // --- orders, packs, import
    /// No such order.
    OrderUnknown,
    /// Cancelled by dispatch.
    OrderCancelled,
    /// No such visit.
    VisitUnknown,
    /// The pack that the order names is not on this tablet.
    PackUnknown,
    /// The pack that somebody else's visit pins has not arrived yet; it comes by itself.
    PackTravels,
    /// A visit goes on under its own standard only.
    PackOther,
    /// That version is no newer than the one in force.
    PackNotNewer,
    /// A preview hands nothing over and keeps nothing.
    PreviewOnly,
    /// A pack was refused (`file`, `line`, `reason`).
    PackBroken,
    /// The file is empty.
    ImportEmpty,
    /// Neither UTF-8 nor GB18030.
    ImportEncoding,
    /// Header lacks columns (`columns`).
    ImportHeader,
    /// Not a CSV (`line`).
    ImportFormat,
    /// Larger than the import takes (`max_mb`).
    ImportTooLarge,
    /// Rows are wrong; nothing was imported.
    ImportRows,
    /// The preview is gone; choose the file again.
    ImportGone,
    // --- photos
    /// Empty file.
    PhotoEmpty,
    /// Not a picture.
    PhotoNotAnImage,
    /// HEIC.
    PhotoHeic,
    /// Damaged or cut off.
    PhotoDamaged,
    /// Too many pixels.
    PhotoTooManyPixels,
    /// File too large.
    PhotoTooLarge,
    /// A picture format that is not taken.
    PhotoUnsupported,
    // --- storage and keys
    /// Disk full.
    DiskFull,
    /// Folder cannot be written.
    ReadOnly,
    /// Database damaged.
    DatabaseDamaged,
    /// Database of a newer version.
    DatabaseFromFuture,
    /// Another Doorstep has it open.
    AlreadyOpen,
    /// Any other I/O trouble.
    Storage,
    /// A stored photo is missing.
    BlobMissing,
    /// A stored photo is damaged.
    BlobDamaged,
    /// The key does not open the database.
    WrongKey,
    /// No keystore: a passphrase is needed.
    PassphraseNeeded,
    /// Wrong passphrase.
    PassphraseWrong,
    /// Passphrase too short (`min`).
    PassphraseShort,
    /// Keystore does not answer.
    KeystoreUnavailable,
    /// Keystore lost the secret.
    KeystoreSecretMissing,
    /// Key file damaged.
    KeyDamaged,
    /// Key file of a newer version.
    KeyFromFuture,
    /// The device's clock is implausible.
    ClockImplausible,
    // --- the company's server
    /// Not the address of a server.
    EnrolAddress,
    /// The code is wrong, used or too old.
    EnrolCode,
    /// The code was given for somebody else (`name`).
    EnrolOtherPerson,
    /// Nobody answers there.
    HubUnreachable,
    /// Somebody answers, but not a Doorstep server: a portal, another page.
    HubNotDoorstep,
    /// The server refuses (`zh`, `en`: its own words).
    HubRefused,
    // --- session
    /// No profile is open.
    NoProfile,
    /// Staff number or name missing.
    ProfileInvalid,
    /// PIN must have 4 to 8 digits.
    PinInvalid,
    /// Wrong PIN (`left`).
    PinWrong,
    /// Too many wrong PINs; wait (`seconds`).
    PinLocked,
    /// The ticket could not be made.
    TicketFailed,
    /// The file could not be saved there.
    SaveFailed,
    /// No printer.
    PrintFailed,
    /// The request itself was malformed.
    BadRequest,
    /// A defect of ours.
    Internal,
}

/// Fields that a refusal can name. The UI has words for each, typed over the generated union.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[expect(missing_docs, reason = "they are the fields' own names")]
pub enum Field {
    Name,
    Sn,
    Mac,
    Quantity,
    Unit,
    UnitPrice,
    Channel,
    Row,
    Customer,
    Phone,
    Address,
    Job,
}

/// A typed "no": what, and the values its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, TS)]
#[error("{code:?} {params:?}")]
#[ts(export)]
pub struct Refusal {
    /// What.
    pub code: Code,
    /// Values for the sentence, by name.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}

impl Refusal {
    /// A refusal without values.
    #[must_use]
    pub fn new(code: Code) -> Refusal {
        Refusal {
            code,
            params: BTreeMap::new(),
        }
    }

    /// A field that is missing or wrong.
    #[must_use]
    pub fn field(field: Field) -> Refusal {
        Refusal::new(Code::RowInvalid).with_word("field", field)
    }

    /// The same with one more value, the word that the UI knows for it.
    #[must_use]
    pub fn with_word(self, name: &str, value: impl Serialize) -> Refusal {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(word)) => self.with(name, word),
            _ => self,
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Refusal {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Refusal {
        Refusal::new(code)
    }
}
