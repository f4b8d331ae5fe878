//! What may be asked for on an issue; an event or one refusal.

use super::{Handler, IssueEvent, IssueKind, IssueState, IssueStep, Promised};
use crate::code::{Code, Field, Refusal};
use crate::time::Moment;
use crate::visit::decide::MAX_WORDS;
use serde::Deserialize;
use ts_rs::TS;

/// Longest name, characters.
const MAX_NAME: usize = 100;
/// A phone number has at least so many digits.
const MIN_DIGITS: usize = 5;

/// An issue as the page asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewIssue {
    /// What about.
    pub kind: IssueKind,
    /// In words.
    pub content: String,
    /// Who raised it.
    pub customer: String,
    /// Number to reach them at; the order's is used where there is an order.
    pub phone: Option<String>,
    /// `order/…`
    pub order: Option<String>,
    /// Where it came up: `visit/…` or `follow/…`.
    pub source: Option<String>,
    /// When it was raised.
    pub heard_at: Moment,
    /// What the customer was promised.
    pub promise: Promised,
}

/// What can be done about an issue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
#[ts(export)]
pub enum IssueCommand {
    /// The customer was told how it stands.
    TellProgress {
        /// When.
        told_at: Moment,
        /// What was said.
        words: String,
        /// A new promise.
        promise: Option<Promised>,
    },
    /// It goes to somebody else.
    HandOn {
        /// To whom.
        to: Handler,
        /// What they are to do.
        words: Option<String>,
    },
    /// It is settled.
    Solve {
        /// How.
        result: String,
    },
    /// The customer is satisfied.
    Satisfied {
        /// When they said so.
        asked_at: Moment,
        /// Their words.
        words: Option<String>,
    },
    /// The customer is not satisfied.
    Reopen {
        /// Why.
        reason: String,
        /// What they were promised now.
        promise: Promised,
    },
    /// It is filed.
    Archive,
    /// The whole phone number is looked at.
    RevealPhone,
}

/// Raises an issue (S68-02, S68-03).
///
/// # Errors
/// [`Code::TextMissing`], [`Code::TextTooLong`], [`Code::RowInvalid`] for the customer, [`Code::TimeImplausible`] for a time ahead,
/// [`Code::PromiseIncomplete`] without name or phone, [`Code::PromisePast`].
pub fn raise(new: &NewIssue, now: Moment) -> Result<IssueEvent, Refusal> {
    past(new.heard_at, None, now)?;
    Ok(IssueEvent::Raised {
        issue: new.kind,
        content: needed(&new.content)?,
        customer: name(&new.customer).ok_or_else(|| Refusal::field(Field::Customer))?,
        phone: phone(new.phone.as_deref())?,
        order: new.order.clone(),
        source: new.source.clone(),
        heard_at: new.heard_at,
        promise: promised(&new.promise, now)?,
    })
}

/// Decides on a command.
///
/// # Errors
/// [`Code::IssueUnknown`], [`Code::IssueArchived`]; [`Code::IssueSolved`] for what belongs to an open issue, [`Code::IssueOpen`] for what
/// waits for its result, [`Code::NotSatisfied`] for filing before the customer is satisfied; beyond these as [`raise`].
pub fn decide(
    state: &IssueState,
    command: &IssueCommand,
    now: Moment,
) -> Result<IssueEvent, Refusal> {
    let case = state.case().ok_or(Code::IssueUnknown)?;
    allowed(case.step, command)?;
    let since = case.rounds.last().map(|r| r.from);
    Ok(match command {
        IssueCommand::TellProgress {
            told_at,
            words,
            promise,
        } => {
            past(*told_at, since, now)?;
            let promise = promise.as_ref().map(|p| promised(p, now)).transpose()?;
            IssueEvent::ProgressTold {
                told_at: *told_at,
                words: needed(words)?,
                promise,
            }
        }
        IssueCommand::HandOn { to, words } => IssueEvent::HandedOn {
            to: Handler {
                name: name(&to.name).ok_or_else(|| Refusal::field(Field::Name))?,
                staff_no: to.staff_no.as_deref().and_then(name),
                phone: phone(to.phone.as_deref())?,
            },
            words: wanted(words.as_deref())?,
        },
        IssueCommand::Solve { result } => IssueEvent::Solved {
            result: needed(result)?,
        },
        IssueCommand::Satisfied { asked_at, words } => {
            past(*asked_at, Some(case.since), now)?;
            IssueEvent::Satisfied {
                asked_at: *asked_at,
                words: wanted(words.as_deref())?,
            }
        }
        IssueCommand::Reopen { reason, promise } => IssueEvent::Reopened {
            reason: needed(reason)?,
            promise: promised(promise, now)?,
        },
        IssueCommand::Archive => IssueEvent::Archived {},
        IssueCommand::RevealPhone => IssueEvent::PhoneRevealed {},
    })
}

/// What an issue takes where it stands.
fn allowed(step: IssueStep, command: &IssueCommand) -> Result<(), Refusal> {
    use IssueCommand as C;
    use IssueStep as S;
    match (command, step) {
        (C::RevealPhone, _)
        | (C::TellProgress { .. } | C::HandOn { .. } | C::Solve { .. }, S::Open)
        | (C::Satisfied { .. }, S::Solved)
        | (C::Reopen { .. }, S::Solved | S::Satisfied)
        | (C::Archive, S::Satisfied) => Ok(()),
        (_, S::Archived) => Err(Code::IssueArchived.into()),
        (C::Archive, _) => Err(Code::NotSatisfied.into()),
        (C::Satisfied { .. } | C::Reopen { .. }, S::Open) => Err(Code::IssueOpen.into()),
        _ => Err(Code::IssueSolved.into()),
    }
}

/// A promise names a time ahead, a person and a number (S68-03).
fn promised(promise: &Promised, now: Moment) -> Result<Promised, Refusal> {
    let lacks = |field: Field| Refusal::new(Code::PromiseIncomplete).with_word("field", field);
    let name = name(&promise.name).ok_or_else(|| lacks(Field::Name))?;
    let number = promise.phone.trim();
    if !is_phone(number) {
        return Err(lacks(Field::Phone));
    }
    if promise.by.ms <= now.ms {
        return Err(Code::PromisePast.into());
    }
    Ok(Promised {
        by: promise.by,
        name,
        phone: number.to_owned(),
    })
}

/// A time that has passed, and not before the minute of `since`: times are typed to the minute.
fn past(at: Moment, since: Option<Moment>, now: Moment) -> Result<(), Refusal> {
    let minute = |m: Moment| m.ms.div_euclid(60_000);
    let early = since.is_some_and(|since| minute(at) < minute(since));
    if at.ms > now.ms || early {
        return Err(Code::TimeImplausible.into());
    }
    Ok(())
}

fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= MAX_NAME;
    fits.then(|| text.to_owned())
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= MIN_DIGITS && text.chars().count() <= MAX_NAME
}

/// A number to call, where one is given.
pub(crate) fn phone(text: Option<&str>) -> Result<Option<String>, Refusal> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        Some(number) if is_phone(number) => Ok(Some(number.to_owned())),
        Some(_) => Err(Refusal::field(Field::Phone)),
        None => Ok(None),
    }
}

/// Words that must be there.
pub(crate) fn needed(text: &str) -> Result<String, Refusal> {
    wanted(Some(text))?.ok_or_else(|| Code::TextMissing.into())
}

/// Words where there are any.
pub(crate) fn wanted(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let text = text.map(str::trim).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > MAX_WORDS) {
        return Err(Refusal::new(Code::TextTooLong).with("max", MAX_WORDS));
    }
    Ok(text.map(str::to_owned))
}
