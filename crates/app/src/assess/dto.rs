//! What the pages of 技能考核 and 员工卡 show and ask for.

use doorstep_domain::assess::events::Side;
use doorstep_domain::assess::view::{AssessStage, AssessView};
use doorstep_domain::event::Actor;
use doorstep_domain::staff::ComplaintReach;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::Strokes;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The list of assessments.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssessHome {
    /// Forms to begin with.
    pub forms: Vec<AssessForm>,
    /// People that this device knows: whom to examine.
    pub people: Vec<Actor>,
    /// Assessments, newest first.
    pub lines: Vec<AssessLine>,
}

/// A form to choose.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssessForm {
    /// `jiangsu-s11`
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An assessment in a list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssessLine {
    /// `assess/…`
    pub id: String,
    /// What people quote.
    pub no: String,
    /// Name of the form.
    pub form: String,
    /// 被考人
    pub candidate: Actor,
    /// 考评员
    pub examiner: Actor,
    /// When it began.
    pub began: Moment,
    /// Where it stands.
    pub stage: AssessStage,
    /// Points out of 100, once it is closed.
    pub score: Option<u32>,
}

/// An assessment that lies open.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AssessOpen {
    /// Everything of it.
    pub view: AssessView,
    /// It is run on this device; others read it.
    pub mine: bool,
}

/// A signature, or why there is none.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct AssessSign {
    /// Whose.
    pub side: Side,
    /// What the pad hands over; none when the candidate would not sign.
    pub strokes: Option<Strokes>,
    /// Why not.
    pub reason: Option<String>,
    /// Digest of what was on the screen.
    pub digest: String,
}

/// The list of staff cards.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct StaffCards {
    /// People that this device knows, by number.
    pub lines: Vec<StaffLine>,
    /// Complaint cases of this month on these cards (S71-03 to 05).
    pub cases: u32,
    /// The rule of joint liability that this number falls under; none without a case.
    pub clause: Option<String>,
    /// One of them went to government, media or superiors (S71-07).
    pub public: bool,
}

/// A card in the list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct StaffLine {
    /// Whose.
    pub person: Actor,
    /// Stars in force; none = never rated.
    pub stars: Option<u8>,
    /// For which year.
    pub year: Option<i32>,
    /// Penalties on the card.
    pub penalties: u32,
    /// Score of the newest closed assessment.
    pub score: Option<u32>,
}

/// A staff card.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct StaffCardView {
    /// Whose.
    pub person: Actor,
    /// Stars, newest first.
    pub stars: Vec<StarLine>,
    /// Penalties, newest first.
    pub penalties: Vec<PenaltyLine>,
    /// Complaint cases of this month.
    pub cases: u32,
    /// Assessments, newest first.
    pub exams: Vec<AssessLine>,
    /// Stars may be awarded: none this year (S72-01).
    pub may_award: bool,
}

/// Stars that were awarded.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct StarLine {
    /// 1 to 3.
    pub stars: u8,
    /// For which year.
    pub year: i32,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// It is the rating in force.
    pub in_force: bool,
}

/// A penalty that was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PenaltyLine {
    /// Yuan.
    pub amount: String,
    /// For what.
    pub reason: String,
    /// Rules.
    pub clauses: Vec<String>,
    /// The customer's loss that the person bears, yuan.
    pub loss: Option<String>,
    /// A complaint came of it.
    pub complaint: Option<ComplaintReach>,
    /// What the person was taught, and how it was made good with the customer.
    pub remedy: Option<String>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Moment,
}
