//! Signatures: the customer's binds exactly what was shown.

use super::*;

/// Checks a customer's signature before its strokes go to the vault.
///
/// # Errors
/// [`Code::InkEmpty`], [`Code::SignerMissing`], [`Code::ReasonMissing`], [`Code::CallbackMissing`],
/// [`Code::MarkPhotoMissing`], [`Code::ItemTooEarly`] before the fees are settled,
/// [`Code::ContentStale`] when the screen showed something else.
pub fn check_signature(
    ground: &Ground<'_>,
    request: &crate::visit::command::SignRequest,
) -> Result<(), Refusal> {
    let visit = ground.in_force();
    let ground = &ground.under(&visit);
    ground.open()?;
    if ground.visit.customer_signature.is_some() {
        return Err(Code::AlreadySigned.into());
    }
    words(
        &request.signer,
        Code::SignerMissing,
        request.outcome != SignOutcome::Refused,
    )?;
    if request.outcome != SignOutcome::Signed {
        words(
            request.reason.as_deref().unwrap_or_default(),
            Code::ReasonMissing,
            true,
        )?;
        let callback = request.callback.as_deref().unwrap_or_default();
        fits(Some(callback))?;
        if callback.chars().filter(char::is_ascii_digit).count() < 5 {
            return Err(Code::CallbackMissing.into());
        }
    }
    ground.ready_for_signature()?;
    let ink = request.strokes.as_ref().is_some_and(Strokes::is_ink);
    match request.outcome {
        SignOutcome::Signed | SignOutcome::Proxy => {
            if !ground.visit.in_handover {
                return Err(Code::NotInHandover.into());
            }
            if !ink {
                return Err(Code::InkEmpty.into());
            }
        }
        SignOutcome::Mark => {
            let photo = ground.visit.photos_of(&PhotoTarget::Mark).next().is_some();
            if !ink && !photo {
                return Err(Code::MarkPhotoMissing.into());
            }
        }
        SignOutcome::Cannot | SignOutcome::Refused => {}
    }
    ground.shown(&request.digest)
}

/// Checks the technician's ink: after the customer where the pack says so.
///
/// # Errors
/// [`Code::InkEmpty`], [`Code::CustomerFirst`], [`Code::AlreadySigned`].
pub fn check_technician_signature(ground: &Ground<'_>, strokes: &Strokes) -> Result<(), Refusal> {
    let visit = ground.in_force();
    let ground = &ground.under(&visit);
    ground.open()?;
    if ground.visit.in_handover {
        return Err(Code::InHandover.into());
    }
    if ground.visit.technician_signature.is_some() {
        return Err(Code::AlreadySigned.into());
    }
    let item = ground
        .pack
        .items()
        .find(|(_, i)| matches!(i.evidence, Evidence::TechnicianSignature));
    let entered = ground.visit.reached(Milestone::Entered).is_some();
    if entered && ground.visit.customer_signature.is_none() {
        return Err(Code::CustomerFirst.into());
    }
    if let Some((_, item)) =
        item.filter(|_| ground.visit.outcome_or_completed() == Outcome::Completed)
    {
        ground.comes_after(item)?;
    }
    if strokes.is_ink() {
        Ok(())
    } else {
        Err(Code::InkEmpty.into())
    }
}

impl Ground<'_> {
    /// What the pack puts before the customer's signature (the fees); work that ends unfinished waits for nothing.
    pub(super) fn ready_for_signature(&self) -> Result<(), Refusal> {
        let signature = |i: &Item| matches!(i.evidence, Evidence::CustomerSignature);
        match self.pack.items().find(|(_, i)| signature(i)) {
            Some((_, item)) if self.visit.outcome_or_completed() == Outcome::Completed => {
                self.comes_after(item)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn shown(&self, digest: &str) -> Result<(), Refusal> {
        use crate::text::Lang::{En, Zh};
        let same = |lang| attested(self.visit, self.order, self.pack, lang).digest() == digest;
        if same(Zh) || same(En) {
            Ok(())
        } else {
            Err(Code::ContentStale.into())
        }
    }

    pub(super) fn keeps_signed_content(&self, events: &[VisitEvent]) -> Result<(), Refusal> {
        let Some(signature) = &self.visit.customer_signature else {
            return Ok(());
        };
        if self.life() == Life::Mending {
            // what differs in the end asks for a new signature; see `mend`
            return Ok(());
        }
        let mut after = self.visit.clone();
        for event in events {
            after.preview(event, self.now);
        }
        let lang = signature.value.lang;
        let (was, is) = (
            attested(self.visit, self.order, self.pack, lang),
            attested(&after, self.order, self.pack, lang),
        );
        if was == is {
            Ok(())
        } else {
            Err(Code::SignedContent.into())
        }
    }
}
