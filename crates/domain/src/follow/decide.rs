//! What may be asked for on a plan; an event or one refusal.

use super::{Act, PlanEvent, PlanKind, PlanState, PlannedAct, Way};
use crate::code::{Code, Field, Refusal};
use crate::event::Actor;
use crate::issue::{needed, phone, wanted};
use crate::time::Moment;
use chrono::Datelike;
use serde::Deserialize;
use ts_rs::TS;

/// Longest name, characters.
const MAX_NAME: usize = 100;
/// Most months that are planned at once.
const MAX_MONTHS: u8 = 12;
/// The last minute of a day, in minutes.
const LAST_MINUTE: i64 = 24 * 60 - 1;

/// A plan as the page asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewPlan {
    /// What kind.
    pub kind: PlanKind,
    /// Which call, for 电话回访: 满意度调查 or 业务类回访.
    pub call: Option<Act>,
    /// Whom.
    pub customer: String,
    /// Number to reach them at; the order's is used where there is an order.
    pub phone: Option<String>,
    /// `order/…`
    pub order: Option<String>,
    /// By then; 每月五个一 runs to the end of that month.
    pub due: Moment,
    /// 每月五个一: so many months from there, one plan each; 1 for the others.
    pub months: u8,
    /// Who is to do it, when it is somebody else.
    pub whose: Option<Actor>,
    /// Words.
    pub note: Option<String>,
}

/// What can be done about a plan.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
#[ts(export)]
pub enum PlanCommand {
    /// A contact was made.
    Done {
        /// Which.
        act: Act,
        /// When.
        done_at: Moment,
        /// How.
        way: Way,
        /// What came of it.
        result: String,
        /// Whether the customer is satisfied.
        satisfied: Option<bool>,
    },
    /// Nobody was reached.
    Tried {
        /// Which.
        act: Act,
        /// When.
        tried_at: Moment,
        /// How.
        way: Way,
    },
    /// Nothing more is to be done.
    Drop {
        /// Why.
        reason: String,
    },
    /// The whole phone number is looked at.
    RevealPhone,
}

/// The last minute of the month that lies `months` after the one of `at`, in its own offset; none outside the calendar.
#[must_use]
pub fn month_end(at: Moment, months: u32) -> Option<Moment> {
    let first = at.local().date_naive().with_day(1)?;
    let after = first.checked_add_months(chrono::Months::new(months.checked_add(1)?))?;
    let midnight = after.pred_opt()?.and_hms_opt(0, 0, 0)?.and_utc();
    let offset = i64::from(at.offset_min);
    let start = Moment {
        ms: midnight.timestamp_millis(),
        offset_min: at.offset_min,
    };
    Some(start.plus_minutes(LAST_MINUTE.saturating_sub(offset)))
}

/// Makes a plan, one event for each month.
///
/// # Errors
/// [`Code::RowInvalid`] for customer, phone or whose it is, [`Code::TimeImplausible`] for a time that has passed, [`Code::TextTooLong`],
/// [`Code::BadRequest`] for a call that is none and for no months or more than twelve.
pub fn plan(new: &NewPlan, now: Moment) -> Result<Vec<PlanEvent>, Refusal> {
    let customer = new.customer.trim();
    if customer.is_empty() || customer.chars().count() > MAX_NAME {
        return Err(Refusal::field(Field::Customer));
    }
    let blank = |a: &Actor| a.name.trim().is_empty() || a.staff_no.trim().is_empty();
    if new.whose.as_ref().is_some_and(blank) {
        return Err(Refusal::field(Field::Name));
    }
    let most = match new.kind {
        PlanKind::MonthlyFive => MAX_MONTHS,
        PlanKind::ThreeLevels | PlanKind::CallBack => 1,
    };
    if new.months == 0 || new.months > most {
        return Err(Code::BadRequest.into());
    }
    let (phone, note) = (phone(new.phone.as_deref())?, wanted(new.note.as_deref())?);
    let acts = acts(new)?;
    let planned = |month: u8| {
        let due = match new.kind {
            PlanKind::MonthlyFive => month_end(new.due, month.into()),
            PlanKind::ThreeLevels | PlanKind::CallBack => Some(new.due),
        };
        let ahead = due.filter(|due| due.ms > now.ms);
        let due = ahead.ok_or(Code::TimeImplausible)?;
        Ok(PlanEvent::Planned {
            plan: new.kind,
            acts: acts
                .iter()
                .map(|act| PlannedAct { act: *act, due })
                .collect(),
            customer: customer.to_owned(),
            phone: phone.clone(),
            order: new.order.clone(),
            whose: new.whose.clone(),
            note: note.clone(),
        })
    };
    (0..new.months).map(planned).collect()
}

/// The contacts of a kind of plan.
fn acts(new: &NewPlan) -> Result<Vec<Act>, Refusal> {
    match (new.kind, new.call) {
        (PlanKind::MonthlyFive, None) => Ok(vec![
            Act::SpendingNotice,
            Act::ProductNotice,
            Act::LineCheck,
            Act::NeedsAsked,
            Act::Rating,
        ]),
        (PlanKind::ThreeLevels, None) => {
            Ok(vec![Act::LevelVisit, Act::LevelPhone, Act::LevelInspection])
        }
        (PlanKind::CallBack, Some(call @ (Act::SurveyCall | Act::BusinessCall))) => Ok(vec![call]),
        _ => Err(Code::BadRequest.into()),
    }
}

/// Decides on a command.
///
/// # Errors
/// [`Code::PlanUnknown`], [`Code::PlanClosed`] for a contact that was made, or a plan that is through or was dropped,
/// [`Code::FeedbackIncomplete`] where the customer's satisfaction is asked and missing, [`Code::TextMissing`], [`Code::TextTooLong`],
/// [`Code::TimeImplausible`] for a time ahead, [`Code::BadRequest`] for a contact that is not planned or a way that it does not have.
pub fn decide(state: &PlanState, command: &PlanCommand, now: Moment) -> Result<PlanEvent, Refusal> {
    let plan = state.plan().ok_or(Code::PlanUnknown)?;
    if matches!(command, PlanCommand::RevealPhone) {
        return Ok(PlanEvent::PhoneRevealed {});
    }
    if plan.next().is_none() {
        return Err(Code::PlanClosed.into());
    }
    let contact = |act: Act, way: Way, at: Moment| -> Result<(), Refusal> {
        if !plan.holds(act) || !act.ways().contains(&way) {
            return Err(Code::BadRequest.into());
        }
        let made = plan.acts.iter().any(|(a, d)| a.act == act && d.is_some());
        if made {
            return Err(Code::PlanClosed.into());
        }
        match at.ms > now.ms {
            true => Err(Code::TimeImplausible.into()),
            false => Ok(()),
        }
    };
    match command {
        PlanCommand::Done {
            act,
            done_at,
            way,
            result,
            satisfied,
        } => {
            contact(*act, *way, *done_at)?;
            if act.asks_satisfaction() && satisfied.is_none() {
                return Err(Code::FeedbackIncomplete.into());
            }
            Ok(PlanEvent::Done {
                act: *act,
                done_at: *done_at,
                way: *way,
                result: needed(result)?,
                satisfied: *satisfied,
            })
        }
        PlanCommand::Tried { act, tried_at, way } => {
            contact(*act, *way, *tried_at)?;
            Ok(PlanEvent::Tried {
                act: *act,
                tried_at: *tried_at,
                way: *way,
            })
        }
        PlanCommand::Drop { reason } => Ok(PlanEvent::Dropped {
            reason: needed(reason)?,
        }),
        PlanCommand::RevealPhone => Ok(PlanEvent::PhoneRevealed {}),
    }
}
