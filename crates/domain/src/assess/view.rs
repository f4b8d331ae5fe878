//! Everything that the screens and the printed sheet show of an assessment, worded in one language.

use super::events::Side;
use super::form::{Cost, Form, Row, Words};
use super::score::{chosen_score, digest, left_on_sheet, lost_in_row, lost_in_section, score};
use super::state::{AssessState, Ended};
use crate::event::Actor;
use crate::text::{Lang, Text};
use crate::time::{Moment, Stamp};
use serde::Serialize;
use ts_rs::TS;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AssessStage {
    /// 考核中
    Running,
    /// Somebody signed already.
    Signing,
    /// 已完成
    Closed,
    /// 已作废
    Withdrawn,
}

/// An assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessView {
    /// `assess/…`
    pub id: String,
    /// What people quote: `KH-20261122-4f2a`.
    pub no: String,
    /// Name of the form.
    pub form: String,
    /// Whose form it is.
    pub company: String,
    /// What the sheet is called.
    pub sheet_name: String,
    /// 被考人
    pub candidate: Actor,
    /// 考评员
    pub examiner: Actor,
    /// When it began.
    pub began: Moment,
    /// Where it stands.
    pub stage: AssessStage,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Why it does not count.
    pub withdrawn: Option<String>,
    /// Points left, as they were chosen to be counted; none before that.
    pub score: Option<u32>,
    /// What is examined.
    pub sections: Vec<AssessSection>,
    /// Time limits.
    pub timers: Vec<AssessTimer>,
    /// Ways to count, to choose from.
    pub totals: Vec<AssessTotal>,
    /// Why there are several.
    pub total_note: String,
    /// Why the one was chosen.
    pub total_reason: Option<String>,
    /// What the examiner should know of the figures.
    pub hints: Vec<AssessWords>,
    /// What holds all the time.
    pub conduct: Vec<AssessWords>,
    /// Words of the examiner's.
    pub notes: Vec<String>,
    /// Signatures that count.
    pub signatures: Vec<AssessSignature>,
    /// SHA-256 of what is signed.
    pub digest: String,
}

/// A sentence with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessWords {
    /// The sentence.
    pub text: String,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A part of the exam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessSection {
    /// In the form.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Points that it has.
    pub points: u32,
    /// Points that are left.
    pub left: u32,
    /// What may be deducted.
    pub rows: Vec<AssessRow>,
}

/// Something that points are deducted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessRow {
    /// In the form.
    pub id: String,
    /// What is right.
    pub title: String,
    /// How it costs points.
    pub cost: Cost,
    /// The rule in words: `每根 2 分`.
    pub rule: String,
    /// Points of one deduction, or that the row is worth.
    pub points: u32,
    /// Deductions in force.
    pub times: u32,
    /// Points that they cost.
    pub lost: u32,
    /// The row can cost no more.
    pub full: bool,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A time limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessTimer {
    /// In the form.
    pub id: String,
    /// What is timed.
    pub title: String,
    /// The limit, minutes.
    pub minutes: u32,
    /// How long it ran up to now, ms.
    #[ts(type = "number")]
    pub ran_ms: u64,
    /// It runs.
    pub running: bool,
    /// Beyond the limit, ms; 0 = in time.
    #[ts(type = "number")]
    pub over_ms: u64,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// One way to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessTotal {
    /// In the form.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Points left if it is chosen.
    pub score: u32,
    /// It is the one.
    pub chosen: bool,
    /// The sheets.
    pub sheets: Vec<AssessSheet>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A sheet under one way to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessSheet {
    /// Its heading.
    pub title: String,
    /// Points it begins with.
    pub points: u32,
    /// Points that are left.
    pub left: u32,
}

/// A signature, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AssessSignature {
    /// Whose.
    pub side: Side,
    /// When.
    pub at: Moment,
    /// Why it was not given.
    pub declined: Option<String>,
}

/// The number that people quote.
#[must_use]
pub fn sheet_no(stream: &str, began: Moment) -> String {
    let tail: Vec<char> = stream.chars().rev().take(4).collect();
    let tail: String = tail.into_iter().rev().collect();
    format!("KH-{}-{tail}", began.date().replace('-', ""))
}

/// The view; none before it began.
#[must_use]
pub fn view(form: &Form, state: &AssessState, now: &Stamp, lang: Lang) -> Option<AssessView> {
    let begun = state.begun.as_ref()?;
    let say = |t: &Text| t.get(lang).to_owned();
    let say_all = |all: &[Words]| {
        let one = |w: &Words| AssessWords {
            text: say(&w.text),
            clauses: w.clauses.clone(),
        };
        all.iter().map(one).collect()
    };
    let (ended, withdrawn) = match &state.ended {
        Some(Ended::Closed { at, .. }) => (Some(at.moment()), None),
        Some(Ended::Withdrawn { at, reason }) => (Some(at.moment()), Some(reason.clone())),
        None => (None, None),
    };
    Some(AssessView {
        id: state.stream.clone(),
        no: sheet_no(&state.stream, begun.at.moment()),
        form: say(&form.name),
        company: say(&form.company),
        sheet_name: say(&form.sheet_name),
        candidate: begun.candidate.clone(),
        examiner: begun.examiner.clone(),
        began: begun.at.moment(),
        stage: stage(state),
        ended,
        withdrawn,
        score: chosen_score(form, state),
        sections: sections(form, state, lang),
        timers: timers(form, state, now, lang),
        totals: totals(form, state, lang),
        total_note: say(&form.total_note),
        total_reason: state.choice.as_ref().map(|c| c.note.clone()),
        hints: say_all(&form.notes),
        conduct: say_all(&form.conduct),
        notes: state.notes.clone(),
        signatures: state
            .signed
            .iter()
            .map(|(side, s)| AssessSignature {
                side: *side,
                at: s.at.moment(),
                declined: s.reason.clone(),
            })
            .collect(),
        digest: digest(form, state).unwrap_or_default(),
    })
}

/// Where an assessment stands.
#[must_use]
pub fn stage(state: &AssessState) -> AssessStage {
    match &state.ended {
        Some(Ended::Closed { .. }) => AssessStage::Closed,
        Some(Ended::Withdrawn { .. }) => AssessStage::Withdrawn,
        None if state.signed.is_empty() => AssessStage::Running,
        None => AssessStage::Signing,
    }
}

fn sections(form: &Form, state: &AssessState, lang: Lang) -> Vec<AssessSection> {
    let one = |s: &super::form::Section| AssessSection {
        id: s.id.clone(),
        title: s.title.get(lang).to_owned(),
        points: s.points,
        left: s.points.saturating_sub(lost_in_section(state, s)),
        rows: s.rows.iter().map(|r| row(state, r, lang)).collect(),
    };
    form.sections.iter().map(one).collect()
}

fn row(state: &AssessState, row: &Row, lang: Lang) -> AssessRow {
    let lost = lost_in_row(state, row);
    AssessRow {
        id: row.id.clone(),
        title: row.title.get(lang).to_owned(),
        cost: row.cost,
        rule: rule(row, lang),
        points: row.points,
        times: u32::try_from(state.of_row(&row.id).count()).unwrap_or(u32::MAX),
        lost,
        full: row.limit().is_some_and(|most| lost >= most),
        clauses: row.clauses.clone(),
    }
}

/// How a row costs points, in words.
fn rule(row: &Row, lang: Lang) -> String {
    let n = row.points;
    let unit = row.unit.as_ref().map_or("", |u| u.get(lang));
    match (row.cost, lang) {
        (Cost::Once, Lang::Zh) => format!("没做到扣 {n} 分"),
        (Cost::Once, Lang::En) => format!("−{n} if not"),
        (Cost::Each, Lang::Zh) => format!("每{unit}扣 {n} 分"),
        (Cost::Each, Lang::En) => format!("−{n} per {unit}"),
        (Cost::Worth, Lang::Zh) => format!("{n} 分"),
        (Cost::Worth, Lang::En) => format!("worth {n}"),
    }
}

fn timers(form: &Form, state: &AssessState, now: &Stamp, lang: Lang) -> Vec<AssessTimer> {
    let one = |t: &super::form::Timer| {
        let ran_ms = state.ran_ms(&t.id, now);
        AssessTimer {
            id: t.id.clone(),
            title: t.title.get(lang).to_owned(),
            minutes: t.minutes,
            ran_ms,
            running: state.running(&t.id),
            over_ms: ran_ms.saturating_sub(u64::from(t.minutes).saturating_mul(60_000)),
            clauses: t.clauses.clone(),
        }
    };
    form.timers.iter().map(one).collect()
}

fn totals(form: &Form, state: &AssessState, lang: Lang) -> Vec<AssessTotal> {
    let one = |t: &super::form::Total| AssessTotal {
        id: t.id.clone(),
        title: t.title.get(lang).to_owned(),
        score: score(form, state, t),
        chosen: state.choice.as_ref().is_some_and(|c| c.total == t.id),
        sheets: form
            .sheets
            .iter()
            .map(|s| AssessSheet {
                title: s.title.get(lang).to_owned(),
                points: t.points.get(&s.id).copied().unwrap_or(0),
                left: left_on_sheet(form, state, t, &s.id),
            })
            .collect(),
        clauses: t.clauses.clone(),
    };
    form.totals.iter().map(one).collect()
}
