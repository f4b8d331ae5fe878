//! Statements that the customer signs before the work: disk data, drilling, fees, a machine taken away.

use super::decide::{Ground, fits, words};
use super::facts::{Ink, Relation, Strokes};
use crate::code::{Code, Refusal};
use crate::event::sha256_hex;
use crate::order::OrderState;
use crate::standard::{Evidence, Item};
use crate::text::Lang;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ConsentOutcome {
    /// Signed.
    Signed,
    /// Agreed in words, and could not sign; the reason says why.
    Unable,
    /// Refused: what comes after it stays closed.
    Refused,
}

/// What the customer said to one statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Consent {
    /// Item id.
    pub item: String,
    /// How it ended.
    pub outcome: ConsentOutcome,
    /// Name of the person at the tablet.
    pub signer: String,
    /// Who that is.
    pub relation: Relation,
    /// The ink, when signed.
    #[serde(default)]
    pub ink: Option<Ink>,
    /// Why, when not signed.
    #[serde(default)]
    pub reason: Option<String>,
    /// Language the statement was shown in.
    pub lang: Lang,
    /// The statement as it was shown.
    pub statement: String,
    /// SHA-256 of exactly what was shown ([`Statement::digest`]).
    pub digest: String,
}

impl Consent {
    /// Whether the work that waits for it may begin.
    #[must_use]
    pub fn given(&self) -> bool {
        self.outcome != ConsentOutcome::Refused
    }
}

/// What stands on the screen when a statement is signed. The order of the fields is part of the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Statement {
    /// Language shown.
    pub lang: Lang,
    /// Order number.
    pub order_no: String,
    /// Customer.
    pub customer: String,
    /// Address.
    pub address: String,
    /// Item id.
    pub item: String,
    /// What the item is about.
    pub title: String,
    /// The statement.
    pub text: String,
}

impl Statement {
    /// The statement of an item; none when the item is not one.
    #[must_use]
    pub fn of(item: &Item, order: &OrderState, lang: Lang) -> Option<Statement> {
        let Evidence::Consent { statement } = &item.evidence else {
            return None;
        };
        let o = order.order.as_ref();
        let text = |f: fn(&crate::order::WorkOrder) -> &String| o.map(f).cloned();
        let no = order.linked_no.clone().or_else(|| text(|o| &o.no));
        Some(Statement {
            lang,
            order_no: no.unwrap_or_default(),
            customer: text(|o| &o.customer).unwrap_or_default(),
            address: text(|o| &o.address).unwrap_or_default(),
            item: item.id.clone(),
            title: item.text.get(lang).to_owned(),
            text: statement.get(lang).to_owned(),
        })
    }

    /// Hex SHA-256 that the signature binds.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }
}

/// The customer's answer to a statement, as the hand-over screen sends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ConsentRequest {
    /// Item id.
    pub item: String,
    /// How it ended.
    pub outcome: ConsentOutcome,
    /// Name.
    pub signer: String,
    /// Who.
    pub relation: Relation,
    /// Ink, when there is some.
    pub strokes: Option<Strokes>,
    /// Why, when not signed.
    pub reason: Option<String>,
    /// Digest of the statement that was on the screen.
    pub digest: String,
}

/// Checks an answer to a statement before its strokes go to the vault; the statement as it was shown.
///
/// # Errors
/// [`Code::NotInHandover`] when the tablet is not with the customer for this statement, [`Code::AlreadySigned`],
/// [`Code::SignerMissing`], [`Code::ReasonMissing`], [`Code::InkEmpty`], [`Code::ContentStale`].
pub fn check_consent(ground: &Ground<'_>, request: &ConsentRequest) -> Result<Statement, Refusal> {
    let visit = ground.in_force();
    let ground = &ground.under(&visit);
    let item = ground.consent_open(&request.item)?;
    if ground.visit.handover_for.as_deref() != Some(item.id.as_str()) {
        return Err(Code::NotInHandover.into());
    }
    let named = request.outcome != ConsentOutcome::Refused;
    words(&request.signer, Code::SignerMissing, named)?;
    if request.outcome == ConsentOutcome::Signed {
        if !request.strokes.as_ref().is_some_and(Strokes::is_ink) {
            return Err(Code::InkEmpty.into());
        }
    } else {
        let reason = request.reason.as_deref().unwrap_or_default();
        words(reason, Code::ReasonMissing, true)?;
    }
    fits(request.reason.as_deref())?;
    [Lang::Zh, Lang::En]
        .into_iter()
        .filter_map(|lang| Statement::of(item, ground.order, lang))
        .find(|s| s.digest() == request.digest)
        .ok_or_else(|| Code::ContentStale.into())
}

impl Ground<'_> {
    /// The item whose statement may be put to the customer now.
    pub(super) fn consent_open(&self, item: &str) -> Result<&Item, Refusal> {
        self.open()?;
        let (_, item) = self.active(item)?;
        if !matches!(item.evidence, Evidence::Consent { .. }) {
            return Err(Code::AnswerMismatch.into());
        }
        self.comes_after(item)?;
        let signed = self.visit.consent(&item.id);
        if signed.is_some_and(|c| c.value.outcome == ConsentOutcome::Signed) {
            return Err(Code::AlreadySigned.into());
        }
        Ok(item)
    }
}
