//! Both signatures as vectors, with times and the signer's relation, or what stands for them.

use super::Page;
use super::words::Words;
use crate::{AppError, Outcome};
use doorstep_domain::visit::consent::{Consent, ConsentOutcome};
use doorstep_domain::visit::state::Recorded;
use doorstep_domain::visit::{self, PhotoTarget, Strokes};
use doorstep_ticket::{Audience, Ink, InkPoint, Photo, SignatureBlock, SignatureLine};
use std::sync::Arc;

pub(super) fn customer(page: &Page<'_>) -> Outcome<Option<SignatureBlock>> {
    let Some(signed) = &page.held.visit.customer_signature else {
        return Ok(None);
    };
    let (s, w) = (&signed.value, page.words);
    let line = |label: &str, value: &Option<String>, audience| {
        value.clone().map(|value| SignatureLine {
            label: label.to_owned(),
            value,
            audience,
        })
    };
    let mark = match page.held.visit.photos_of(&PhotoTarget::Mark).last() {
        Some(photo) if s.outcome == visit::SignOutcome::Mark => {
            let jpeg = page.blob(&photo.value.sha256)?;
            jpeg.map(|jpeg| Photo {
                jpeg: Arc::from(jpeg),
                caption: String::new(),
            })
        }
        _ => None,
    };
    let lines = [
        line(w.pick("原因", "Reason"), &s.reason, Audience::CompanyOnly),
        line(
            w.pick("回访电话", "Call back"),
            &s.callback,
            Audience::CompanyOnly,
        ),
    ];
    Ok(Some(SignatureBlock {
        heading: w.pick("用户签字", "Customer").to_owned(),
        ink: match &s.ink {
            Some(i) => ink(page, i)?,
            None => None,
        },
        mark,
        name: s.signer.clone(),
        relation: Some(w.relation(s.relation).to_owned()),
        time: Some(signed.at.moment().date_hm()),
        outcome: w.signing(s.outcome).map(str::to_owned),
        lines: lines.into_iter().flatten().collect(),
    }))
}

/// The customer's last word on a statement; the company also reads what was answered before.
pub(super) fn consent(
    page: &Page<'_>,
    given: &Recorded<Consent>,
    before: &[Recorded<Consent>],
) -> Outcome<SignatureBlock> {
    let (c, w) = (&given.value, page.words);
    let company = |label: &str, value: String| SignatureLine {
        label: label.to_owned(),
        value,
        audience: Audience::CompanyOnly,
    };
    let reason = c.reason.clone();
    let reason = reason.map(|why| company(w.pick("原因", "Reason"), why));
    let earlier = before.iter().map(|earlier| {
        let said = unsigned(w, earlier.value.outcome);
        let said = said.unwrap_or_else(|| w.pick("签了字", "Signed"));
        let why = earlier.value.reason.as_deref();
        let why = why.map(|why| format!("{}{why}", w.pick("，", ", ")));
        let time = earlier.at.moment().date_hm();
        company(
            w.pick("之前", "Before"),
            format!("{time} {said}{}", why.unwrap_or_default()),
        )
    });
    let lines = reason.into_iter().chain(earlier).collect();
    Ok(SignatureBlock {
        heading: w.pick("用户签字", "Customer").to_owned(),
        ink: match &c.ink {
            Some(i) => ink(page, i)?,
            None => None,
        },
        name: c.signer.clone(),
        relation: Some(w.relation(c.relation).to_owned()),
        time: Some(given.at.moment().date_hm()),
        outcome: unsigned(w, c.outcome).map(str::to_owned),
        lines,
        ..SignatureBlock::default()
    })
}

fn unsigned(w: Words, outcome: ConsentOutcome) -> Option<&'static str> {
    match outcome {
        ConsentOutcome::Signed => None,
        ConsentOutcome::Unable => Some(w.pick("口头同意，没签", "Agreed, not signed")),
        ConsentOutcome::Refused => Some(w.pick("拒绝", "Refused")),
    }
}

pub(super) fn technician(page: &Page<'_>) -> Outcome<Option<SignatureBlock>> {
    let Some(signed) = &page.held.visit.technician_signature else {
        return Ok(None);
    };
    let who = page
        .held
        .visit
        .opened
        .as_ref()
        .map(|o| o.technician.clone());
    Ok(Some(SignatureBlock {
        heading: page.words.pick("装维人员签字", "Technician").to_owned(),
        ink: ink(page, &signed.value.ink)?,
        name: who.as_ref().map(|w| w.name.clone()).unwrap_or_default(),
        relation: who.map(|w| w.staff_no),
        time: Some(signed.at.moment().date_hm()),
        ..SignatureBlock::default()
    }))
}

fn ink(page: &Page<'_>, ink: &visit::Ink) -> Outcome<Option<Ink>> {
    let bytes = page.blob(&ink.sha256)?;
    bytes.map(|b| ink_of(&b)).transpose()
}

/// Strokes as they lie in the vault, for the paper.
pub(crate) fn ink_of(bytes: &[u8]) -> Outcome<Ink> {
    let strokes: Strokes = serde_json::from_slice(bytes).map_err(AppError::internal)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "pads are a few thousand units wide"
    )]
    let (width, height) = (strokes.width as f32, strokes.height as f32);
    #[expect(clippy::cast_precision_loss, reason = "a signature takes seconds")]
    let point = |p: &visit::InkPoint| InkPoint {
        x: p.x,
        y: p.y,
        t: p.t as f32,
        p: Some(p.p),
    };
    let strokes = strokes
        .strokes
        .iter()
        .map(|s| s.iter().map(point).collect())
        .collect();
    Ok(Ink {
        width,
        height,
        strokes,
    })
}
