//! 技能考核 and 员工卡: an exam that a lead runs with a technician, and what a lead notes of a person. Leads and admins only.

mod cards;
pub mod dto;
mod sheet;

use crate::desk::{lead_only as lead, team};
use crate::packs::broken;
use crate::{App, Outcome, Session};
use doorstep_domain::assess;
use doorstep_domain::assess::decide::{AssessCommand, NewSignature, begin, decide, sign};
use doorstep_domain::assess::events::AssessEvent;
use doorstep_domain::assess::form::Form;
use doorstep_domain::assess::load::{LoadedForm, load_form};
use doorstep_domain::assess::state::{AssessState, Ended};
use doorstep_domain::assess::view::{sheet_no, stage, view};
use doorstep_domain::code::Code;
use doorstep_domain::event::Actor;
use doorstep_domain::rows::StreamState;
use doorstep_domain::time::Stamp;
use dto::{AssessForm, AssessHome, AssessLine, AssessOpen, AssessSign};
use std::collections::BTreeMap;

/// Forms that the program brings along.
const FORMS: [(&str, &str); 1] = [(
    "jiangsu-s11.toml",
    include_str!("../../../../assets/standards/assessments/jiangsu-s11.toml"),
)];

impl App {
    /// The list of assessments, and what a new one needs.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], storage trouble.
    pub fn assess_home(&self) -> Outcome<AssessHome> {
        self.with(|session| {
            lead(session)?;
            let lang = session.settings.lang;
            let mut forms = Vec::new();
            for form in built_in()? {
                forms.push(AssessForm {
                    name: form.form.name.get(lang).to_owned(),
                    id: form.form.id,
                });
            }
            let lines = lines(session)?;
            Ok(AssessHome {
                forms,
                people: people(session, &lines)?,
                lines,
            })
        })
    }

    /// Begins an assessment; durable when it returns.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::AssessUnknown`] for an unknown form, a refusal of [`begin`], storage trouble.
    pub fn assess_begin(&self, form: &str, candidate: &Actor) -> Outcome<AssessOpen> {
        let now = self.now()?;
        self.with(|session| {
            lead(session)?;
            let forms = built_in()?;
            let form = forms.into_iter().find(|f| f.form.id == form);
            let form = form.ok_or(Code::AssessUnknown)?;
            let event = begin(&form, &session.technician, candidate)?;
            let id = assess::stream_of(&self.new_id(&now));
            self.write_assess(session, &now, &id, &event)
        })
    }

    /// An assessment.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::AssessUnknown`], storage trouble.
    pub fn assessment(&self, id: &str) -> Outcome<AssessOpen> {
        let now = self.now()?;
        self.with(|session| {
            lead(session)?;
            open(session, id, &now)
        })
    }

    /// Does one thing in an assessment; durable when it returns.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::AssessOfOther`], a refusal of [`decide`], storage trouble; nothing has changed then.
    pub fn assess_act(&self, id: &str, command: &AssessCommand) -> Outcome<AssessOpen> {
        let now = self.now()?;
        self.with(|session| {
            let (form, state) = own(session, id)?;
            let event = decide(&form, &state, command)?;
            self.write_assess(session, &now, id, &event)
        })
    }

    /// A signature of either side, bound to what was on the screen.
    ///
    /// # Errors
    /// As [`App::assess_act`], [`Code::InkEmpty`], a refusal of [`sign`]; nothing is signed then.
    pub fn assess_sign(&self, id: &str, request: &AssessSign) -> Outcome<AssessOpen> {
        let now = self.now()?;
        self.with(|session| {
            let (form, state) = own(session, id)?;
            let strokes = request.strokes.as_ref();
            if strokes.is_some_and(|s| !s.is_ink()) {
                return Err(Code::InkEmpty.into());
            }
            let ink = strokes.map(|s| self.keep_ink(session, id, s)).transpose()?;
            let new = NewSignature {
                side: request.side,
                ink,
                reason: request.reason.clone(),
                digest: request.digest.clone(),
            };
            let event = sign(&form, &state, new)?;
            self.write_assess(session, &now, id, &event)
        })
    }

    fn write_assess(
        &self,
        session: &mut Session,
        now: &Stamp,
        id: &str,
        event: &AssessEvent,
    ) -> Outcome<AssessOpen> {
        let content = self.content(session, now, id, event, None)?;
        session.store.append(vec![content])?;
        open(session, id, now)
    }
}

fn built_in() -> Outcome<Vec<LoadedForm>> {
    let load = |(file, source): &(&str, &str)| load_form(file, source).map_err(|e| broken(&e));
    FORMS.iter().map(load).collect()
}

/// The fold of an assessment.
fn state(session: &mut Session, id: &str) -> Outcome<AssessState> {
    match session.store.state(id)? {
        StreamState::Assess(state) if state.begun.is_some() => Ok((**state).clone()),
        _ => Err(Code::AssessUnknown.into()),
    }
}

/// The form that an assessment carries.
fn form_of(state: &AssessState) -> Outcome<Form> {
    let begun = state.begun.as_ref().ok_or(Code::AssessUnknown)?;
    let loaded = load_form(&format!("{}.toml", begun.form.id), &begun.form.source);
    Ok(loaded.map_err(|errors| broken(&errors))?.form)
}

/// An assessment that this device may go on with.
fn own(session: &mut Session, id: &str) -> Outcome<(Form, AssessState)> {
    lead(session)?;
    let state = state(session, id)?;
    match session.store.writes(id)? {
        true => Ok((form_of(&state)?, state)),
        false => Err(Code::AssessOfOther.into()),
    }
}

fn open(session: &mut Session, id: &str, now: &Stamp) -> Outcome<AssessOpen> {
    let state = state(session, id)?;
    let form = form_of(&state)?;
    let view = view(&form, &state, now, session.settings.lang).ok_or(Code::AssessUnknown)?;
    Ok(AssessOpen {
        view,
        mine: session.store.writes(id)?,
    })
}

/// Every assessment on this device, newest first.
fn lines(session: &mut Session) -> Outcome<Vec<AssessLine>> {
    let lang = session.settings.lang;
    let names: BTreeMap<String, String> = built_in()?
        .into_iter()
        .map(|f| (f.form.id, f.form.name.get(lang).to_owned()))
        .collect();
    let mut lines = Vec::new();
    for id in session.store.streams_of("assess")? {
        let Ok(state) = state(session, &id) else {
            continue;
        };
        if let Some(begun) = &state.begun {
            let name = names.get(&begun.form.id).unwrap_or(&begun.form.id);
            lines.push(AssessLine {
                no: sheet_no(&id, begun.at.moment()),
                form: name.clone(),
                candidate: begun.candidate.clone(),
                examiner: begun.examiner.clone(),
                began: begun.at.moment(),
                stage: stage(&state),
                score: match &state.ended {
                    Some(Ended::Closed { score, .. }) => Some(*score),
                    _ => None,
                },
                id,
            });
        }
    }
    lines.sort_by(|a, b| (b.began.ms, &b.id).cmp(&(a.began.ms, &a.id)));
    Ok(lines)
}

/// People that this device knows, by number: the team as the hub tells of it, and from submissions, assessments and cards; not the lead.
fn people(session: &mut Session, lines: &[AssessLine]) -> Outcome<Vec<Actor>> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for person in cards::carded(session)? {
        known.insert(person.staff_no, person.name);
    }
    for line in lines.iter().rev() {
        known.insert(line.candidate.staff_no.clone(), line.candidate.name.clone());
    }
    let told = team(&session.store)?.map_or_else(Vec::new, |t| t.contacts);
    let told = told.into_iter().map(|contact| contact.staff);
    for person in session.store.technicians()?.into_iter().chain(told) {
        known.insert(person.staff_no, person.name);
    }
    known.remove(&session.technician.staff_no);
    let person = |(staff_no, name)| Actor { staff_no, name };
    Ok(known.into_iter().map(person).collect())
}
