//! The ticket of one submission, as the desk shows it.

use super::submission::day_of;
use super::{lead_only, pack_travels};
use crate::dto::TicketFile;
use crate::review::submission;
use crate::{App, Outcome, Session};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorstep_domain::visit::state::VisitState;
use std::collections::BTreeSet;

impl App {
    /// Pictures and signatures of a submission that its ticket prints and that are not on this device. Each can be fetched with
    /// [`App::fetch_picture`].
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::LeadOnly`], [`doorstep_domain::code::Code::VisitUnknown`],
    /// [`doorstep_domain::code::Code::SubmissionUnknown`], storage trouble.
    pub fn desk_ticket_missing(&self, visit: &str, n: u32) -> Outcome<Vec<String>> {
        self.with(|session| {
            lead_only(session)?;
            let then = submission(session, visit, n)?;
            Ok(missing(session, &then)?.into_iter().collect())
        })
    }

    /// Both copies of the ticket of submission `n`, as it was handed in. Pictures and signatures that are not on this device are left
    /// out, and the ticket says so.
    ///
    /// # Errors
    /// As [`App::desk_ticket_missing`], and [`doorstep_domain::code::Code::TicketFailed`].
    pub fn desk_ticket(&self, visit: &str, n: u32) -> Outcome<TicketFile> {
        let now = self.now()?;
        let (held, absent) = self.with(|session| {
            lead_only(session)?;
            let mut held = self.hold(session, visit, &now).map_err(pack_travels)?;
            held.visit = submission(session, visit, n)?;
            // the kit checks of who did the visit, not of who reads it
            held.day = day_of(session, &held.visit)?.unwrap_or_default();
            let absent = missing(session, &held.visit)?;
            Ok((held, absent))
        })?;
        let (mut file, pdf) = self.render_held(&held, &absent)?;
        file.pdf_base64 = STANDARD.encode(pdf);
        Ok(file)
    }
}

/// Names of the pictures and the ink of a submission that are not in the vault.
fn missing(session: &Session, visit: &VisitState) -> Outcome<BTreeSet<String>> {
    let photos = visit.photos.iter().map(|p| p.value.sha256.clone());
    let customer = visit.customer_signature.as_ref();
    let customer = customer.and_then(|s| s.value.ink.as_ref());
    let technician = visit.technician_signature.as_ref();
    let technician = technician.map(|s| &s.value.ink);
    let ink = customer.into_iter().chain(technician);
    let mut missing = BTreeSet::new();
    for sha256 in photos.chain(ink.map(|i| i.sha256.clone())) {
        if !session.vault.exists(&visit.stream, &sha256)? {
            missing.insert(sha256);
        }
    }
    Ok(missing)
}
