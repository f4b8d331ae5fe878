//! Signatures: strokes go to the vault first, then the event names them.

use crate::visits::own_visit;
use crate::{App, AppError, Outcome, Session};
use doorstep_domain::text::Lang;
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::command::SignRequest;
use doorstep_domain::visit::consent::{Consent, ConsentOutcome, ConsentRequest, check_consent};
use doorstep_domain::visit::decide::{Ground, check_signature, check_technician_signature};
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::view::VisitView;
use doorstep_domain::visit::{CustomerSignature, Ink, Strokes, TechnicianSignature};

impl App {
    /// The customer's signature or what stands for it; bound to the digest of what was on the screen.
    ///
    /// # Errors
    /// A refusal of [`check_signature`], or storage trouble; nothing is signed then.
    pub fn customer_sign(&self, visit: &str, request: &SignRequest) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            own_visit(session, visit)?;
            let held = self.hold(session, visit, &now)?;
            let lang = session.settings.lang;
            let keep = |s: &Strokes| self.keep_ink(session, visit, s);
            let event = customer_signed(&held.ground(&now), request, lang, keep)?;
            self.write_signature(session, visit, &now, event)
        })
    }

    /// The technician's signature.
    ///
    /// # Errors
    /// A refusal of [`check_technician_signature`], or storage trouble; nothing is signed then.
    pub fn technician_sign(&self, visit: &str, strokes: &Strokes) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            own_visit(session, visit)?;
            let held = self.hold(session, visit, &now)?;
            let keep = |s: &Strokes| self.keep_ink(session, visit, s);
            let event = technician_signed(&held.ground(&now), strokes, keep)?;
            self.write_signature(session, visit, &now, event)
        })
    }

    /// The customer's answer to the statement of one item, before the work; bound to the digest of what was on the screen.
    ///
    /// # Errors
    /// A refusal of [`check_consent`], or storage trouble; nothing is signed then.
    pub fn consent_sign(&self, visit: &str, request: &ConsentRequest) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            own_visit(session, visit)?;
            let held = self.hold(session, visit, &now)?;
            let keep = |s: &Strokes| self.keep_ink(session, visit, s);
            let event = consent_answered(&held.ground(&now), request, keep)?;
            self.write_signature(session, visit, &now, event)
        })
    }

    fn write_signature(
        &self,
        session: &mut Session,
        visit: &str,
        now: &Stamp,
        event: VisitEvent,
    ) -> Outcome<VisitView> {
        let contents = self.contents(session, now, visit, &[event])?;
        session.store.append(contents)?;
        self.show(session, visit, now)
    }

    pub(crate) fn keep_ink(
        &self,
        session: &Session,
        visit: &str,
        strokes: &Strokes,
    ) -> Outcome<Ink> {
        let text = serde_json::to_vec(strokes).map_err(AppError::internal)?;
        let blob = session.vault.put(visit, &text)?;
        Ok(ink(strokes, blob.sha256))
    }
}

/// Strokes as events carry them: their name and their extent.
pub(crate) fn ink(strokes: &Strokes, sha256: String) -> Ink {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ink {
        sha256,
        width: strokes.width,
        height: strokes.height,
        strokes: count(strokes.strokes.len()),
        points: count(strokes.strokes.iter().map(Vec::len).sum()),
    }
}

/// The customer's signature; `keep` puts the ink away, after everything was checked.
///
/// # Errors
/// A refusal of [`check_signature`], or what `keep` fails with.
pub(crate) fn customer_signed(
    ground: &Ground<'_>,
    request: &SignRequest,
    lang: Lang,
    keep: impl FnOnce(&Strokes) -> Outcome<Ink>,
) -> Outcome<VisitEvent> {
    check_signature(ground, request)?;
    let ink = request.strokes.as_ref().filter(|s| s.is_ink());
    let ink = ink.map(keep).transpose()?;
    let trimmed = |text: &Option<String>| {
        text.as_ref()
            .map(|t| t.trim().to_owned())
            .filter(|t| !t.is_empty())
    };
    let signature = CustomerSignature {
        outcome: request.outcome,
        signer: request.signer.trim().to_owned(),
        relation: request.relation,
        ink,
        reason: trimmed(&request.reason),
        callback: trimmed(&request.callback),
        lang,
        digest: request.digest.clone(),
    };
    Ok(VisitEvent::CustomerSigned { signature })
}

/// The technician's signature, in the same way.
///
/// # Errors
/// A refusal of [`check_technician_signature`], or what `keep` fails with.
pub(crate) fn technician_signed(
    ground: &Ground<'_>,
    strokes: &Strokes,
    keep: impl FnOnce(&Strokes) -> Outcome<Ink>,
) -> Outcome<VisitEvent> {
    check_technician_signature(ground, strokes)?;
    let ink = keep(strokes)?;
    let signature = TechnicianSignature { ink };
    Ok(VisitEvent::TechnicianSigned { signature })
}

/// The customer's answer to a statement, in the same way.
///
/// # Errors
/// A refusal of [`check_consent`], or what `keep` fails with.
pub(crate) fn consent_answered(
    ground: &Ground<'_>,
    request: &ConsentRequest,
    keep: impl FnOnce(&Strokes) -> Outcome<Ink>,
) -> Outcome<VisitEvent> {
    let shown = check_consent(ground, request)?;
    let signed = request.outcome == ConsentOutcome::Signed;
    let ink = request.strokes.as_ref().filter(|s| signed && s.is_ink());
    let ink = ink.map(keep).transpose()?;
    let reason = request.reason.as_ref().map(|r| r.trim().to_owned());
    let consent = Consent {
        item: request.item.clone(),
        outcome: request.outcome,
        signer: request.signer.trim().to_owned(),
        relation: request.relation,
        ink,
        reason: reason.filter(|r| !signed && !r.is_empty()),
        lang: shown.lang,
        statement: shown.text,
        digest: request.digest.clone(),
    };
    Ok(VisitEvent::ConsentRecorded { consent })
}
