//! A standard as the technician will see it: the walk's own view of a made-up visit. Nothing of it is ever stored: the visit is folded
//! anew for every question out of what was tapped so far, and forgotten with the answer.

mod dto;
mod made_up;

pub use dto::{
    DraftPack, PackBrief, PackShelf, PreviewAsk, PreviewFact, PreviewOf, PreviewStage,
    PreviewStatement, PreviewTap, PreviewView,
};

use crate::dto::BrokenPack;
use crate::{App, Outcome};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::standard::JobType;
use doorstep_domain::standard::load::{LoadedPack, PackError};
use doorstep_domain::text::Lang;
use doorstep_standards::check::{is_english, odd_rows};
use made_up::MadeUp;
use std::sync::{Arc, PoisonError};

impl App {
    /// Every standard on this tablet, by name, and the files that were refused.
    ///
    /// # Errors
    /// [`Code::NoProfile`].
    pub fn pack_shelf(&self) -> Outcome<PackShelf> {
        self.with(|session| {
            let lang = session.settings.lang;
            let brief = |(file, pack): (&str, &Arc<LoadedPack>)| brief(file, pack, lang);
            let mut packs: Vec<PackBrief> = self.packs.all().map(brief).collect();
            packs.sort_by(|a, b| a.id.cmp(&b.id));
            let broken = self.packs.broken.clone();
            Ok(PackShelf { packs, broken })
        })
    }

    /// Reads a standard that is being written. A sound one can be previewed until the next file is read; of one that is not,
    /// every mistake is told. It is not put among the tablet's standards.
    ///
    /// # Errors
    /// [`Code::NoProfile`].
    pub fn read_draft(&self, file: &str, bytes: &[u8]) -> Outcome<DraftPack> {
        let lang = self.with(|session| Ok(session.settings.lang))?;
        let read = self.packs.draft(file, bytes);
        let mut kept = self.draft.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = None;
        Ok(match read {
            Ok(loaded) => {
                let source = String::from_utf8_lossy(bytes);
                let hints = odd_rows(self.packs.for_drafts(), file, &source, &loaded.pack);
                let pack = brief(file, &loaded, lang);
                *kept = Some(Arc::new(loaded));
                DraftPack {
                    file: file.to_owned(),
                    pack: Some(pack),
                    mistakes: Vec::new(),
                    hints: told(&hints),
                }
            }
            Err(mistakes) => DraftPack {
                file: file.to_owned(),
                pack: None,
                mistakes: told(&mistakes),
                hints: Vec::new(),
            },
        })
    }

    /// The made-up visit after what was tapped.
    ///
    /// # Errors
    /// What the last tap was refused with, as in a real visit; earlier ones that no longer fit (another job) are left out.
    /// [`Code::PreviewOnly`] for what only a real visit does: the submission. [`Code::PackUnknown`] when the standard is not here.
    pub fn preview(&self, ask: &PreviewAsk) -> Outcome<PreviewView> {
        let mut now = self.now()?;
        if let Some(began) = ask.began {
            (now.wall_ms, now.offset_min) = (began.ms, began.offset_min);
        }
        let loaded = self.previewed(&ask.of)?;
        let first = loaded.pack.job_types.first().copied();
        let job = ask.job.or(first).unwrap_or(JobType::Install);
        self.with(|session| {
            let who = session.technician.clone();
            let lang = session.settings.lang;
            let mut made_up = MadeUp::new(&loaded, job, who, &now)?;
            walk(&mut made_up, ask, lang)?;
            Ok(made_up.view(lang))
        })
    }

    fn previewed(&self, of: &PreviewOf) -> Outcome<Arc<LoadedPack>> {
        match of {
            PreviewOf::Shelf { id } => Ok(Arc::clone(self.packs.newest(id)?.1)),
            PreviewOf::Draft => {
                let kept = self.draft.lock().unwrap_or_else(PoisonError::into_inner);
                let gone = || Refusal::new(Code::PackUnknown).with("standard", "").into();
                kept.clone().ok_or_else(gone)
            }
        }
    }
}

/// Questions that were answered first switch on rows of what is done already; the rest is tapped after the beginning.
fn walk(made_up: &mut MadeUp<'_>, ask: &PreviewAsk, lang: Lang) -> Outcome<()> {
    let answers = ask.taps.iter().take_while(|t| t.is_answer()).count();
    let count = ask.taps.len();
    for i in 0..=count {
        if i == answers {
            made_up.go_to(ask.stage, ask.signed)?;
        }
        let Some(tap) = ask.taps.get(i) else { break };
        match made_up.tapped(tap, &format!("made-up-row-{i}"), lang) {
            Err(refusal) if i + 1 == count => return Err(refusal),
            _ => {}
        }
    }
    Ok(())
}

fn told(errors: &[PackError]) -> Vec<BrokenPack> {
    errors.iter().map(BrokenPack::from).collect()
}

fn brief(file: &str, loaded: &LoadedPack, lang: Lang) -> PackBrief {
    let pack = &loaded.pack;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let rows = pack.items().count();
    PackBrief {
        id: pack.id.clone(),
        version: pack.version,
        name: pack.name.get(lang).to_owned(),
        company: pack.company.get(lang).to_owned(),
        file: file.to_owned(),
        phases: count(pack.phases.len()),
        always: count(pack.items().filter(|(_, i)| i.when.is_none()).count()),
        rows: count(rows),
        without_english: count(pack.items().filter(|(_, i)| !is_english(&i.text)).count()),
        jobs: pack.job_types.clone(),
    }
}
