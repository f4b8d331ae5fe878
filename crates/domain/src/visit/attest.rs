//! What the customer is shown and signs: exactly this content, bound by its digest.

use super::facts::RowData;
use super::progress::{ItemStatus, item_status};
use super::state::VisitState;
use crate::event::sha256_hex;
use crate::order::OrderState;
use crate::standard::{Evidence, Pack, ReadingSpec};
use crate::text::Lang;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The facts on the hand-over screen, in the language shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Attested {
    /// Language shown.
    pub lang: Lang,
    /// Order number.
    pub order_no: String,
    /// Customer.
    pub customer: String,
    /// Address.
    pub address: String,
    /// Service.
    pub service: String,
    /// Arrival at the door, `2026-11-22 13:52`.
    pub arrived: Option<String>,
    /// What was done, the customer's words of each row done before the signature.
    pub done: Vec<AttestedLine>,
    /// Devices: name, SN.
    pub devices: Vec<AttestedLine>,
    /// Materials: name, quantity.
    pub materials: Vec<AttestedLine>,
    /// Fees: name, amount.
    pub fees: Vec<AttestedLine>,
    /// Total, yuan, two decimals; none when nothing was declared yet.
    pub fee_total: Option<String>,
    /// 本次未收费
    pub no_fees: bool,
    /// Why the work is not finished.
    pub unfinished: Option<String>,
    /// What happens next.
    pub next_step: Option<String>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AttestedLine {
    /// The words.
    pub text: String,
    /// Value, number or amount.
    pub detail: Option<String>,
}

impl Attested {
    /// Hex SHA-256 that the signature binds.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }
}

/// Works out what the customer is shown now.
#[must_use]
pub fn attested(visit: &VisitState, order: &OrderState, pack: &Pack, lang: Lang) -> Attested {
    let o = order.order.as_ref();
    let text = |f: fn(&crate::order::WorkOrder) -> &String| o.map(f).cloned().unwrap_or_default();
    let (unfinished, next_step) = match visit.outcome().map(|r| &r.value) {
        Some(super::Outcome::Suspended {
            reason, next_step, ..
        }) => (Some(reason.clone()), Some(next_step.clone())),
        Some(super::Outcome::Returned { reason }) => (Some(reason.clone()), None),
        _ => (None, None),
    };
    let rows = visit.rows();
    let fees: Vec<AttestedLine> = rows.iter().filter_map(|(_, r)| fee_line(r)).collect();
    let total = fee_total(rows.iter().map(|(_, r)| *r));
    let no_fees = visit.no_fees();
    Attested {
        lang,
        order_no: order.linked_no.clone().unwrap_or_else(|| text(|o| &o.no)),
        customer: text(|o| &o.customer),
        address: text(|o| &o.address),
        service: text(|o| &o.service),
        arrived: visit.arrived_at().map(crate::time::Moment::date_hm),
        done: done_lines(visit, order, pack, lang),
        devices: rows
            .iter()
            .filter_map(|(_, r)| device_line(r, lang))
            .collect(),
        materials: rows.iter().filter_map(|(_, r)| material_line(r)).collect(),
        fee_total: (no_fees || !fees.is_empty()).then(|| format!("{total:.2}")),
        fees,
        no_fees,
        unfinished,
        next_step,
    }
}

/// Sum of the fee rows, yuan.
pub fn fee_total<'a>(rows: impl Iterator<Item = &'a RowData>) -> Decimal {
    rows.filter_map(fee_amount)
        .fold(Decimal::ZERO, |sum, fee| sum.saturating_add(fee))
}

/// Unit price × quantity of a fee row, yuan, rounded to the cent: the lines on a ticket add up to its total.
#[must_use]
pub fn fee_amount(row: &RowData) -> Option<Decimal> {
    match row {
        RowData::Fees {
            unit_price,
            quantity,
            ..
        } => {
            let exact = unit_price.saturating_mul(*quantity);
            Some(exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
        }
        _ => None,
    }
}

/// Rows with words for the customer that were done before the signature's place in the pack.
fn done_lines(
    visit: &VisitState,
    order: &OrderState,
    pack: &Pack,
    lang: Lang,
) -> Vec<AttestedLine> {
    let facts = visit.facts();
    let situation = visit.situation(&facts);
    pack.active_items(&situation)
        .take_while(|(_, i)| !matches!(i.evidence, Evidence::CustomerSignature))
        .filter_map(|(_, item)| {
            let words = item.customer.as_ref()?;
            let status = item_status(item, visit, order, None);
            matches!(status, ItemStatus::Done).then(|| AttestedLine {
                text: words.get(lang).to_owned(),
                detail: match &item.evidence {
                    Evidence::Reading(spec) => reading_detail(visit, &item.id, spec),
                    Evidence::Date => match visit.answer(&item.id) {
                        Some(super::Answer::Date { date }) => Some(date.clone()),
                        _ => None,
                    },
                    _ => None,
                },
            })
        })
        .collect()
}

fn reading_detail(visit: &VisitState, item: &str, spec: &ReadingSpec) -> Option<String> {
    let Some(super::Answer::Reading { values }) = visit.answer(item) else {
        return None;
    };
    let slot = spec.slots.iter().rev().find_map(|s| values.get(&s.id))?;
    Some(format!("{} {}", signed(slot.value), spec.unit))
}

/// A value with the typographic minus.
#[must_use]
pub fn signed(value: Decimal) -> String {
    value.to_string().replace('-', "\u{2212}")
}

fn device_line(row: &RowData, lang: Lang) -> Option<AttestedLine> {
    let RowData::Devices {
        name, sn, action, ..
    } = row
    else {
        return None;
    };
    let verb = match (action, lang) {
        (super::DeviceAction::Installed, Lang::Zh) => "新装",
        (super::DeviceAction::Replaced, Lang::Zh) => "更换",
        (super::DeviceAction::Recovered, Lang::Zh) => "回收",
        (super::DeviceAction::Installed, Lang::En) => "Installed",
        (super::DeviceAction::Replaced, Lang::En) => "Replaced",
        (super::DeviceAction::Recovered, Lang::En) => "Taken back",
    };
    Some(AttestedLine {
        text: format!("{verb} {name}"),
        detail: Some(format!("SN {sn}")),
    })
}

fn material_line(row: &RowData) -> Option<AttestedLine> {
    let RowData::Materials {
        name,
        quantity,
        unit,
    } = row
    else {
        return None;
    };
    Some(AttestedLine {
        text: name.clone(),
        detail: Some(format!("{quantity} {unit}")),
    })
}

fn fee_line(row: &RowData) -> Option<AttestedLine> {
    let RowData::Fees { name, .. } = row else {
        return None;
    };
    let amount = fee_amount(row)?;
    Some(AttestedLine {
        text: name.clone(),
        detail: Some(format!("{amount:.2}")),
    })
}
