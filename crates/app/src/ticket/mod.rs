//! Maps a submitted visit to the ticket's words and renders it. The pack names the form and its sections.

mod sections;
mod signatures;
mod words;

use crate::dto::TicketFile;
use crate::visits::Held;
use crate::{App, AppError, Outcome, Session};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorstep_domain::code::Code;
use doorstep_domain::text::Lang;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::SignOutcome;
use doorstep_domain::visit::view::ticket_no;
use doorstep_ticket::{Copy, Fonts, TicketDoc, TicketError, render};
pub(crate) use signatures::ink_of;
use std::collections::BTreeSet;
use words::Words;

static REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/NotoSansSC-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../../assets/fonts/NotoSansSC-Bold-GB2312.ttf");
static EXTENSION: &[u8] = include_bytes!("../../../../assets/fonts/DoorstepHanExt.ttf");

/// What the sections read.
struct Page<'a> {
    session: &'a Session,
    held: &'a Held,
    lang: Lang,
    words: Words,
    /// Pictures and ink that are known not to be on this device: they are left out, and the ticket says so.
    absent: &'a BTreeSet<String>,
}

impl Page<'_> {
    /// A picture or ink of the visit; none when it is to be left out.
    fn blob(&self, sha256: &str) -> Outcome<Option<Vec<u8>>> {
        match self.absent.contains(sha256) {
            true => Ok(None),
            false => Ok(Some(
                self.session.vault.get(&self.held.visit.stream, sha256)?,
            )),
        }
    }
}

impl App {
    /// Both copies of the ticket of the newest submission. The feedback is printed as sealed: the technician
    /// does not read it (S49-05); the lead's rendering carries it.
    ///
    /// # Errors
    /// [`Code::NotSubmitted`], [`Code::TicketFailed`], missing or damaged photos.
    pub fn ticket(&self, visit: &str) -> Outcome<TicketFile> {
        let (mut file, pdf) = self.render(visit)?;
        file.pdf_base64 = STANDARD.encode(pdf);
        Ok(file)
    }

    pub(crate) fn render(&self, visit: &str) -> Outcome<(TicketFile, Vec<u8>)> {
        let now = self.now()?;
        let held = self.with(|session| {
            let mut held = self.hold(session, visit, &now)?;
            // what is being mended is not handed in yet
            held.visit = held.visit.handed_in().into_owned();
            Ok(held)
        })?;
        self.render_held(&held, &BTreeSet::new())
    }

    /// The ticket of a visit as it is held, without what is `absent` from this device.
    pub(crate) fn render_held(
        &self,
        held: &Held,
        absent: &BTreeSet<String>,
    ) -> Outcome<(TicketFile, Vec<u8>)> {
        let doc = self.with(|session| {
            let lang = session.settings.lang;
            document(&Page {
                session,
                held,
                lang,
                words: Words(lang),
                absent,
            })
        })?;
        let rendered = render(
            &doc,
            &[Copy::Customer, Copy::Company],
            self.fonts_for_tickets()?,
        )
        .map_err(failed)?;
        let file = TicketFile {
            name: file_name(&format!("{}-{}.pdf", doc.title, doc.ticket_id)),
            pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
            bytes: rendered.pdf.len() as u64,
            missing: rendered.missing.iter().map(char::to_string).collect(),
            pdf_base64: String::new(),
        };
        Ok((file, rendered.pdf))
    }

    pub(crate) fn fonts_for_tickets(&self) -> Outcome<&Fonts> {
        if let Some(fonts) = self.ticket_fonts.get() {
            return Ok(fonts);
        }
        let fonts = Fonts::new(REGULAR, BOLD, EXTENSION).map_err(failed)?;
        Ok(self.ticket_fonts.get_or_init(|| fonts))
    }
}

/// Order numbers may hold what a file's name may not (`2026/11/22-0412`).
pub(crate) fn file_name(text: &str) -> String {
    let safe = |c: char| {
        if c.is_control() || r#"/\:*?"<>|"#.contains(c) {
            '-'
        } else {
            c
        }
    };
    text.chars().map(safe).collect()
}

pub(crate) fn failed(error: TicketError) -> AppError {
    AppError::caused(Code::TicketFailed, error)
}

fn document(page: &Page<'_>) -> Outcome<TicketDoc> {
    let Held {
        visit, order, pack, ..
    } = page.held;
    let submission = visit.submissions.last().ok_or(Code::NotSubmitted)?;
    let declined = |s: SignOutcome| matches!(s, SignOutcome::Cannot | SignOutcome::Refused);
    let signed = visit
        .customer_signature
        .as_ref()
        .is_some_and(|s| !declined(s.value.outcome));
    // mending what the customer did not attest leaves the signature where it was given
    let first = visit
        .submissions
        .iter()
        .find(|s| s.signature == submission.signature);
    let covers = if signed {
        page.words.covers(first.map_or(submission.n, |s| s.n))
    } else {
        String::new()
    };
    let sections = pack
        .ticket
        .iter()
        .filter_map(|s| sections::section(page, *s).transpose());
    let mut sections = sections.collect::<Outcome<Vec<_>>>()?;
    sections.extend(sections::statements(page)?);
    sections.extend(sections::ending(page));
    Ok(TicketDoc {
        lang: page.words.ticket_lang(),
        title: pack.form_name.get(page.lang).to_owned(),
        company: pack.company.get(page.lang).to_owned(),
        ticket_id: ticket_no(visit, order),
        digest: submission.digest.clone(),
        submission: submission.n,
        signature_covers: covers,
        created: rfc3339(submission.at.moment()),
        hotline: pack.hotline.clone(),
        sections,
        customer_signature: signatures::customer(page)?,
        technician_signature: signatures::technician(page)?,
    })
}

pub(crate) fn rfc3339(at: Moment) -> String {
    at.local().to_rfc3339()
}
