//! Whether what proves an item can be given at all.

use super::check::{chip_ids, distinct};
use super::place::{Findings, Spot};
use crate::standard::{Evidence, Item, Pack, ReadingSpec, Sign};
use rust_decimal::Decimal;

/// More decimals than any instrument of the trade shows.
const MAX_DECIMALS: u8 = 4;

/// Checks the evidence of one item.
pub(super) fn check(pack: &Pack, item: &Item, spot: Spot<'_>, findings: &mut Findings) {
    let evidence = spot.key("evidence");
    match &item.evidence {
        Evidence::TickOrNa if item.na_reasons.is_empty() => {
            findings.report(
                evidence,
                format!("「{}」可以不适用，要写 na_reasons", item.id),
                format!("“{}” may not apply, so give it na_reasons", item.id),
            );
        }
        Evidence::Photo if item.photos.as_ref().is_none_or(|p| p.min == 0) => {
            findings.report(
                spot.key("photos"),
                format!("「{}」靠照片证明，photos 里的 min 至少是 1", item.id),
                format!(
                    "“{}” is proved by photos, so min in photos must be at least 1",
                    item.id
                ),
            );
        }
        Evidence::Choice { options } => {
            if options.len() < 2 {
                findings.report(
                    evidence,
                    format!("「{}」至少要有两个选项", item.id),
                    format!("“{}” needs at least two options", item.id),
                );
            }
            chip_ids(options, evidence.key("options"), findings);
        }
        Evidence::AutoKit { kit } if !pack.kits.iter().any(|k| k.id == *kit) => {
            findings.report(
                evidence,
                format!("没有「{kit}」这个套装"),
                format!("There is no kit “{kit}”"),
            );
        }
        Evidence::AutoGear if pack.gear.is_empty() => {
            findings.report(
                evidence,
                "没有写防护用品（[[gear]]），无从核对",
                "No gear is named ([[gear]]), so there is nothing to check",
            );
        }
        Evidence::Reading(reading) => check_reading(reading, evidence, findings),
        _ => {}
    }
    if !item.na_reasons.is_empty() && item.evidence != Evidence::TickOrNa {
        findings.report(
            spot.key("na_reasons"),
            "只有 tick_or_na 才写 na_reasons",
            "Only tick_or_na takes na_reasons",
        );
    }
    chip_ids(&item.na_reasons, spot.key("na_reasons"), findings);
    no_extras(&item.evidence, evidence, findings);
}

/// The parser lets kinds without settings pass with any; a forgotten setting must not vanish silently.
fn no_extras(evidence: &Evidence, spot: Spot<'_>, findings: &mut Findings) {
    let plain = matches!(
        evidence,
        Evidence::Tick
            | Evidence::TickOrNa
            | Evidence::Photo
            | Evidence::Time
            | Evidence::Date
            | Evidence::AutoCall
            | Evidence::AutoGear
            | Evidence::AutoAppointment
            | Evidence::Feedback
            | Evidence::CustomerSignature
            | Evidence::TechnicianSignature
    );
    for (name, extra) in spot.entries().filter(|(name, _)| plain && *name != "kind") {
        findings.report(
            extra,
            format!("不认识「{name}」，这种凭证只写 kind"),
            format!("“{name}” is not known; this evidence takes only kind"),
        );
    }
}

fn check_reading(reading: &ReadingSpec, spot: Spot<'_>, findings: &mut Findings) {
    if reading.unit.trim().is_empty() {
        findings.report(spot.key("unit"), "读数要写单位", "The reading needs a unit");
    }
    if reading.decimals > MAX_DECIMALS {
        findings.report(
            spot.key("decimals"),
            format!("小数最多 {MAX_DECIMALS} 位"),
            format!("At most {MAX_DECIMALS} decimals"),
        );
    }
    let slots = spot.key("slots");
    distinct(
        reading
            .slots
            .iter()
            .enumerate()
            .map(|(i, s)| (s.id.as_str(), slots.at(i))),
        findings,
    );
    match reading.slots.last() {
        None => findings.report(
            slots,
            "读数至少要有一格（slots）",
            "The reading needs at least one field (slots)",
        ),
        Some(last) if !last.required => {
            findings.report(
                slots.at(reading.slots.len() - 1),
                format!("最后一格「{}」要写 required = true", last.id),
                format!("The last field, “{}”, needs required = true", last.id),
            );
        }
        Some(_) => {}
    }
    limits(reading, spot, findings);
}

fn limits(reading: &ReadingSpec, spot: Spot<'_>, findings: &mut Findings) {
    if let (Some(min), Some(max)) = (reading.min, reading.max)
        && min > max
    {
        findings.report(
            spot.key("min"),
            format!("下限 {min} 比上限 {max} 大"),
            format!("The lower limit {min} is greater than the upper limit {max}"),
        );
    }
    for (name, limit) in [("min", reading.min), ("max", reading.max)] {
        let Some(limit) = limit else { continue };
        match reading.sign {
            Sign::Negative if limit >= Decimal::ZERO => findings.report(
                spot.key(name),
                format!("读数是负数（negative），限值却是 {limit}"),
                format!("The reading is negative, yet its limit is {limit}"),
            ),
            Sign::Positive if limit < Decimal::ZERO => findings.report(
                spot.key(name),
                format!("读数是正数（positive），限值却是 {limit}"),
                format!("The reading is positive, yet its limit is {limit}"),
            ),
            _ => {}
        }
    }
    if let Some(percent) = reading.min_percent_of_contract {
        let place = spot.key("min_percent_of_contract");
        if !(1..=100).contains(&percent) {
            findings.report(
                place,
                "签约速率的百分比应在 1 到 100 之间",
                "The percentage of the contracted speed must lie between 1 and 100",
            );
        }
        if reading.min.is_some() {
            findings.report(
                place,
                "下限只能写一种：min 或 min_percent_of_contract",
                "Write one lower limit only: min or min_percent_of_contract",
            );
        }
        if reading.sign == Sign::Negative {
            findings.report(
                place,
                "读数是负数（negative），不能按签约速率比",
                "The reading is negative, so it cannot be compared with the contracted speed",
            );
        }
    }
}
