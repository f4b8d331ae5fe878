//! 员工卡: penalties (S61) and stars (S72) of a person, and the cases that joint liability counts (S71). Stream `staff/<staff no>`.
//!
//! Every lead of the person's team may write, each on a device of their own: the fold takes events in any order and answers the same.

use crate::assess::decide::words;
use crate::code::{Code, Refusal};
use crate::event::{Actor, Content, read_body};
use crate::time::{Moment, Stamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Newest schema of staff bodies that this version reads.
pub const STAFF_SCHEMA: u32 = 1;

/// Least penalty, yuan (S61-02).
pub const LEAST_YUAN: u32 = 50;
/// Highest penalty, yuan (S61-02).
pub const MOST_YUAN: u32 = 500;
/// Most stars (S72-02).
pub const MOST_STARS: u8 = 3;

/// Where a complaint went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ComplaintReach {
    /// To us: it counts in the person's appraisal (S61-04) and as a case of the month (S71-03 to 05).
    Company,
    /// Justified, to government, media or superiors, with wide effect: the leader answers (S71-07).
    Public,
}

/// What can happen on a staff card. FROZEN kinds; bodies grow only by optional fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum StaffEvent {
    /// A penalty.
    #[serde(rename = "penalty.recorded")]
    PenaltyRecorded {
        /// Whose.
        person: Actor,
        /// Yuan, a decimal string.
        amount: String,
        /// For what.
        reason: String,
        /// Catalogue ids of the rule: what fixes the amount, and what was broken where that was named.
        clauses: Vec<String>,
        /// The customer's loss that the person bears (S61-03), yuan, a decimal string.
        #[serde(default)]
        loss: Option<String>,
        /// A complaint came of it.
        #[serde(default)]
        complaint: Option<ComplaintReach>,
        /// What the person was taught, and how it was made good with the customer (S61-01).
        #[serde(default)]
        remedy: Option<String>,
    },
    /// Stars for a year.
    #[serde(rename = "star.awarded")]
    StarAwarded {
        /// To whom.
        person: Actor,
        /// 1 to 3.
        stars: u8,
        /// For which year.
        year: i32,
        /// Why.
        reason: String,
        /// Catalogue ids of the rule.
        clauses: Vec<String>,
    },
}

/// A penalty as the card asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewPenalty {
    /// Yuan, as typed.
    pub amount: String,
    /// For what.
    pub reason: String,
    /// The rule that was broken, a catalogue id; none = not named.
    pub clause: Option<String>,
    /// The customer's loss, yuan, as typed; none = no loss.
    pub loss: Option<String>,
    /// A complaint came of it.
    pub complaint: Option<ComplaintReach>,
    /// What the person was taught, and how it was made good with the customer; none = not written down.
    pub remedy: Option<String>,
}

/// Stars as the card asks for them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewStars {
    /// 1 to 3.
    pub stars: u8,
    /// Why.
    pub reason: String,
}

/// A penalty that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// Event id.
    pub event: String,
    /// Yuan.
    pub amount: String,
    /// For what.
    pub reason: String,
    /// Rules.
    pub clauses: Vec<String>,
    /// The customer's loss, yuan.
    pub loss: Option<String>,
    /// A complaint came of it.
    pub complaint: Option<ComplaintReach>,
    /// What the person was taught, and how it was made good with the customer.
    pub remedy: Option<String>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Stamp,
}

/// Stars that were awarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stars {
    /// Event id.
    pub event: String,
    /// 1 to 3.
    pub stars: u8,
    /// For which year.
    pub year: i32,
    /// Why.
    pub reason: String,
    /// Rules.
    pub clauses: Vec<String>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Stamp,
}

/// By time and id: the same on every device, in whatever order events came.
type Turn = (i64, String);

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffState {
    /// Stream name.
    pub stream: String,
    names: BTreeMap<Turn, Actor>,
    penalties: BTreeMap<Turn, Penalty>,
    stars: BTreeMap<Turn, Stars>,
    /// Events kept but not understood.
    pub parked: u32,
}

/// The stream of a person's card.
#[must_use]
pub fn stream_of(staff_no: &str) -> String {
    format!("staff/{staff_no}")
}

/// Whose card a stream is; none when it is no card's name.
#[must_use]
pub fn person_of(stream: &str) -> Option<&str> {
    stream.strip_prefix("staff/").filter(|no| !no.is_empty())
}

impl StaffState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        let turn: Turn = (content.at.wall_ms, content.id.clone());
        let (event, by, at) = (
            content.id.clone(),
            content.actor.clone(),
            content.at.clone(),
        );
        match read_body::<StaffEvent>(content, STAFF_SCHEMA) {
            Some(StaffEvent::PenaltyRecorded {
                person,
                amount,
                reason,
                clauses,
                loss,
                complaint,
                remedy,
            }) => {
                self.names.insert(turn.clone(), person);
                let penalty = Penalty {
                    event,
                    amount,
                    reason,
                    clauses,
                    loss,
                    complaint,
                    remedy,
                    by,
                    at,
                };
                self.penalties.insert(turn, penalty);
            }
            Some(StaffEvent::StarAwarded {
                person,
                stars,
                year,
                reason,
                clauses,
            }) => {
                self.names.insert(turn.clone(), person);
                let stars = Stars {
                    event,
                    stars,
                    year,
                    reason,
                    clauses,
                    by,
                    at,
                };
                self.stars.insert(turn, stars);
            }
            None => self.parked = self.parked.saturating_add(1),
        }
    }

    /// Whose card it is, as last written.
    #[must_use]
    pub fn person(&self) -> Option<&Actor> {
        self.names.values().next_back()
    }

    /// Penalties, newest first.
    pub fn penalties(&self) -> impl Iterator<Item = &Penalty> {
        self.penalties.values().rev()
    }

    /// Stars, newest first.
    pub fn stars(&self) -> impl Iterator<Item = &Stars> {
        self.stars.values().rev()
    }

    /// The stars in force: the first award of the newest year. A second one of the same year (two leads, offline) stays on the card
    /// without effect (S72-01: once a year).
    #[must_use]
    pub fn rating(&self) -> Option<&Stars> {
        let year = self.stars.values().map(|s| s.year).max()?;
        self.stars.values().find(|s| s.year == year)
    }

    /// Complaint cases in the month of `now`, by the clocks of who recorded them.
    #[must_use]
    pub fn cases_in_month(&self, now: Moment) -> u32 {
        let month = |m: Moment| m.date().chars().take(7).collect::<String>();
        let this = month(now);
        let cases = self
            .penalties
            .values()
            .filter(|p| p.complaint.is_some() && month(p.at.moment()) == this);
        u32::try_from(cases.count()).unwrap_or(u32::MAX)
    }
}

/// A penalty as an event.
///
/// # Errors
/// [`Code::PenaltyAmount`] outside 50 to 500 yuan (S61-02), [`Code::RowInvalid`] for a loss that is no sum of money,
/// [`Code::ReasonMissing`], [`Code::TextTooLong`].
pub fn penalty(person: &Actor, new: &NewPenalty) -> Result<StaffEvent, Refusal> {
    let limits = || {
        Refusal::new(Code::PenaltyAmount)
            .with("min", LEAST_YUAN)
            .with("max", MOST_YUAN)
    };
    let amount = yuan(&new.amount)
        .filter(|a| (Decimal::from(LEAST_YUAN)..=Decimal::from(MOST_YUAN)).contains(a))
        .ok_or_else(limits)?;
    let loss = match typed(new.loss.as_deref()) {
        None => None,
        Some(text) => Some(
            yuan(text)
                .filter(|a| *a > Decimal::ZERO)
                .ok_or_else(|| Refusal::field(crate::code::Field::UnitPrice))?,
        ),
    };
    let some = |text: Option<&str>| {
        typed(text)
            .map(|text| words(text, Code::TextMissing))
            .transpose()
    };
    let remedy = some(new.remedy.as_deref())?;
    let mut clauses = vec!["S61-02".to_owned()];
    clauses.extend(remedy.is_some().then(|| "S61-01".to_owned()));
    clauses.extend(some(new.clause.as_deref())?);
    Ok(StaffEvent::PenaltyRecorded {
        person: person.clone(),
        amount: amount.to_string(),
        reason: words(&new.reason, Code::ReasonMissing)?,
        clauses,
        loss: loss.map(|l| l.to_string()),
        complaint: new.complaint,
        remedy,
    })
}

/// What stands in a field that may stay empty.
fn typed(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// A sum of money: digits, at most two behind the point.
fn yuan(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let amount: Decimal = text.parse().ok().filter(|_| plain)?;
    (amount.scale() <= 2).then(|| amount.normalize())
}

/// Stars for the year of `now` as an event.
///
/// # Errors
/// [`Code::StarsInvalid`] outside 1 to 3 (S72-02), [`Code::StarsThisYear`] (S72-01), [`Code::ReasonMissing`].
pub fn award(
    person: &Actor,
    state: &StaffState,
    new: &NewStars,
    now: Moment,
) -> Result<StaffEvent, Refusal> {
    if !(1..=MOST_STARS).contains(&new.stars) {
        return Err(Code::StarsInvalid.into());
    }
    let year = chrono::Datelike::year(&now.local());
    if state.stars.values().any(|s| s.year == year) {
        return Err(Refusal::new(Code::StarsThisYear).with("year", year));
    }
    Ok(StaffEvent::StarAwarded {
        person: person.clone(),
        stars: new.stars,
        year,
        reason: words(&new.reason, Code::ReasonMissing)?,
        clauses: vec!["S72-01".to_owned(), "S72-02".to_owned()],
    })
}
