//! A command against an assessment gives one event or one refusal. It reads, it never writes.

use super::events::{AssessEvent, FormText, Side};
use super::form::{Cost, Form};
use super::load::LoadedForm;
use super::score::{chosen_score, digest, lost_in_row};
use super::state::AssessState;
use crate::code::{Code, Refusal};
use crate::event::Actor;
use crate::visit::Ink;
use serde::Deserialize;
use ts_rs::TS;

/// Most characters of a note or a reason.
pub const MAX_WORDS: usize = 500;

/// What may be asked for while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "do", rename_all = "snake_case")]
#[ts(export)]
pub enum AssessCommand {
    /// Deducts points.
    Deduct {
        /// Row of the form.
        row: String,
        /// How many, where a row is worth several; none = one fault, or one point.
        points: Option<u32>,
    },
    /// Takes the newest deduction of a row back.
    TakeBack {
        /// Row of the form.
        row: String,
    },
    /// Starts the clock of a time limit.
    StartTimer {
        /// Time limit of the form.
        timer: String,
    },
    /// Stops it.
    StopTimer {
        /// Time limit of the form.
        timer: String,
    },
    /// How the points are counted.
    ChooseTotal {
        /// Total of the form.
        total: String,
        /// Why.
        note: String,
    },
    /// Words of the examiner's.
    Note {
        /// The words.
        text: String,
    },
    /// Something has to be put right: both sign again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// It does not count.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// It is over.
    Close,
}

/// A signature, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSignature {
    /// Whose.
    pub side: Side,
    /// The strokes.
    pub ink: Option<Ink>,
    /// Why not.
    pub reason: Option<String>,
    /// Digest of what was on the screen.
    pub digest: String,
}

/// Begins an assessment.
///
/// # Errors
/// [`Code::ProfileInvalid`] without number or name, [`Code::AssessSelf`].
pub fn begin(
    form: &LoadedForm,
    examiner: &Actor,
    candidate: &Actor,
) -> Result<AssessEvent, Refusal> {
    let candidate = person(candidate)?;
    if candidate.staff_no == examiner.staff_no {
        return Err(Code::AssessSelf.into());
    }
    Ok(AssessEvent::Begun {
        form: FormText {
            id: form.form.id.clone(),
            version: form.form.version,
            hash: form.hash.clone(),
            source: form.source.clone(),
        },
        candidate,
    })
}

/// Number and name, both there.
///
/// # Errors
/// [`Code::ProfileInvalid`]
pub fn person(actor: &Actor) -> Result<Actor, Refusal> {
    let actor = Actor {
        staff_no: actor.staff_no.trim().to_owned(),
        name: actor.name.trim().to_owned(),
    };
    let fits = |s: &String| !s.is_empty() && s.chars().count() <= 40 && !s.contains('/');
    match fits(&actor.staff_no) && fits(&actor.name) {
        true => Ok(actor),
        false => Err(Code::ProfileInvalid.into()),
    }
}

/// The event that a command asks for.
///
/// # Errors
/// [`Code::AssessUnknown`], [`Code::AssessEnded`], [`Code::AssessSigned`] and those of the command.
pub fn decide(
    form: &Form,
    state: &AssessState,
    command: &AssessCommand,
) -> Result<AssessEvent, Refusal> {
    open(state)?;
    let changes = !matches!(
        command,
        AssessCommand::Reopen { .. } | AssessCommand::Withdraw { .. } | AssessCommand::Close
    );
    if changes && !state.signed.is_empty() {
        return Err(Code::AssessSigned.into());
    }
    match command {
        AssessCommand::Deduct { row, points } => deduct(form, state, row, *points),
        AssessCommand::TakeBack { row } => match state.of_row(row).next_back() {
            Some(newest) => Ok(AssessEvent::TakenBack {
                deduction: newest.event.clone(),
            }),
            None => Err(Code::NothingToUndo.into()),
        },
        AssessCommand::StartTimer { timer } => {
            clock(form, state, timer, false)?;
            Ok(AssessEvent::TimerStarted {
                timer: timer.clone(),
            })
        }
        AssessCommand::StopTimer { timer } => {
            clock(form, state, timer, true)?;
            Ok(AssessEvent::TimerStopped {
                timer: timer.clone(),
            })
        }
        AssessCommand::ChooseTotal { total, note } => {
            form.total(total).ok_or(Code::ItemUnknown)?;
            Ok(AssessEvent::TotalChosen {
                total: total.clone(),
                note: words(note, Code::TextMissing)?,
            })
        }
        AssessCommand::Note { text } => Ok(AssessEvent::Noted {
            text: words(text, Code::TextMissing)?,
        }),
        AssessCommand::Reopen { reason } => match state.signed.is_empty() {
            true => Err(Code::NothingToUndo.into()),
            false => Ok(AssessEvent::Reopened {
                reason: words(reason, Code::ReasonMissing)?,
            }),
        },
        AssessCommand::Withdraw { reason } => Ok(AssessEvent::Withdrawn {
            reason: words(reason, Code::ReasonMissing)?,
        }),
        AssessCommand::Close => close(form, state),
    }
}

/// A signature, bound to what was on the screen.
///
/// # Errors
/// [`Code::AssessTimerRuns`], [`Code::AssessTotalMissing`], [`Code::ContentStale`], [`Code::AlreadySigned`], [`Code::ReasonMissing`]
/// without ink, for the examiner [`Code::InkEmpty`]; see [`decide`].
pub fn sign(form: &Form, state: &AssessState, new: NewSignature) -> Result<AssessEvent, Refusal> {
    open(state)?;
    let bound = settled(form, state)?;
    if bound != new.digest {
        return Err(Code::ContentStale.into());
    }
    if state.signed.contains_key(&new.side) {
        return Err(Code::AlreadySigned.into());
    }
    let reason = match (&new.ink, new.side) {
        (Some(_), _) => None,
        (None, Side::Examiner) => return Err(Code::InkEmpty.into()),
        (None, Side::Candidate) => Some(words(
            new.reason.as_deref().unwrap_or_default(),
            Code::ReasonMissing,
        )?),
    };
    Ok(AssessEvent::Signed {
        side: new.side,
        ink: new.ink,
        reason,
        digest: bound,
    })
}

fn open(state: &AssessState) -> Result<(), Refusal> {
    match (&state.begun, &state.ended) {
        (None, _) => Err(Code::AssessUnknown.into()),
        (_, Some(_)) => Err(Code::AssessEnded.into()),
        _ => Ok(()),
    }
}

/// Digest of what can be signed: no clock runs and it is said how the points are counted.
fn settled(form: &Form, state: &AssessState) -> Result<String, Refusal> {
    if form.timers.iter().any(|t| state.running(&t.id)) {
        return Err(Code::AssessTimerRuns.into());
    }
    if chosen_score(form, state).is_none() {
        return Err(Code::AssessTotalMissing.into());
    }
    digest(form, state).ok_or_else(|| Code::AssessUnknown.into())
}

fn close(form: &Form, state: &AssessState) -> Result<AssessEvent, Refusal> {
    let bound = settled(form, state)?;
    let signed = |side| state.signed.get(&side).is_some_and(|s| s.digest == bound);
    if !(signed(Side::Examiner) && signed(Side::Candidate)) {
        return Err(Code::AssessSignatures.into());
    }
    Ok(AssessEvent::Closed {
        score: chosen_score(form, state).ok_or(Code::AssessTotalMissing)?,
        digest: bound,
    })
}

fn deduct(
    form: &Form,
    state: &AssessState,
    id: &str,
    points: Option<u32>,
) -> Result<AssessEvent, Refusal> {
    let row = form.row(id).ok_or(Code::ItemUnknown)?;
    let points = match (row.cost, points) {
        (Cost::Worth, n) => n.unwrap_or(1),
        (_, None) => row.points,
        (_, Some(_)) => return Err(Code::BadRequest.into()),
    };
    let after = lost_in_row(state, row).checked_add(points);
    let fits = |n: u32| row.limit().is_none_or(|most| n <= most);
    if points == 0 {
        return Err(Code::BadRequest.into());
    }
    if !after.is_some_and(fits) {
        let most = row.limit().unwrap_or(u32::MAX);
        return Err(Refusal::new(Code::AssessRowFull).with("max", most));
    }
    Ok(AssessEvent::Deducted {
        row: id.to_owned(),
        points,
    })
}

fn clock(form: &Form, state: &AssessState, timer: &str, runs: bool) -> Result<(), Refusal> {
    form.timer(timer).ok_or(Code::ItemUnknown)?;
    match (state.running(timer), runs) {
        (true, false) => Err(Code::AssessTimerRuns.into()),
        (false, true) => Err(Code::AssessTimerStands.into()),
        _ => Ok(()),
    }
}

/// Words that are there and not too long.
pub(crate) fn words(text: &str, missing: Code) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(missing.into());
    }
    if text.chars().count() > MAX_WORDS {
        return Err(Refusal::new(Code::TextTooLong).with("max", MAX_WORDS));
    }
    Ok(text.to_owned())
}
