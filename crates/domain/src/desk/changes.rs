//! What one submission changed against the one before.

use super::{DeskChange, Sight};
use crate::standard::Evidence;
use crate::visit::state::VisitState;
use crate::visit::{Answer, RowData};
use std::collections::BTreeSet;

/// Differences between two folds of a visit: answers, rows, fees declared, photos and the outcome. `sight` looks at the later one.
#[must_use]
pub fn changes(before: &VisitState, sight: &Sight<'_>) -> Vec<DeskChange> {
    let after = sight.visit;
    let mut all = Vec::new();
    let ids: BTreeSet<&String> = before.items.keys().chain(after.items.keys()).collect();
    for id in ids {
        let words = |v: &VisitState| v.answer(id).map(|a| answer_words(sight, id, a));
        differ(
            &mut all,
            Some(id),
            sight.item(id),
            words(before),
            words(after),
        );
    }
    let (old, new) = (before.rows(), after.rows());
    let rows: BTreeSet<&str> = old.iter().chain(&new).map(|(id, _)| *id).collect();
    for id in rows {
        let of = |rows: &[(&str, &RowData)]| {
            rows.iter()
                .find(|(row, _)| *row == id)
                .map(|(_, r)| row_words(sight, r))
        };
        let title = sight.say(
            "设备、材料、费用".to_owned(),
            "Devices, materials, fees".to_owned(),
        );
        differ(&mut all, Some(id), title, of(&old), of(&new));
    }
    let free = |v: &VisitState| {
        v.no_fees()
            .then(|| sight.say("是".to_owned(), "yes".to_owned()))
    };
    let title = sight.say("本次未收费".to_owned(), "No fees".to_owned());
    differ(&mut all, None, title, free(before), free(after));
    photos(before, sight, &mut all);
    all
}

fn photos(before: &VisitState, sight: &Sight<'_>, all: &mut Vec<DeskChange>) {
    let has = |v: &VisitState, id: &str| v.photos.iter().any(|p| p.value.id == id);
    let line = |name: String, id: &str, before: Option<String>, after: Option<String>| DeskChange {
        item: Some(id.to_owned()),
        title: name,
        before,
        after,
    };
    let at = |p: &crate::visit::state::Recorded<crate::visit::Photo>| {
        sight.say(
            format!("照片 {}", p.when().hm()),
            format!("photo {}", p.when().hm()),
        )
    };
    for p in before
        .photos
        .iter()
        .filter(|p| !has(sight.visit, &p.value.id))
    {
        let then = Sight {
            visit: before,
            ..*sight
        };
        all.push(line(
            super::photo_name(&then, &p.value),
            &p.value.id,
            Some(at(p)),
            None,
        ));
    }
    for p in sight
        .visit
        .photos
        .iter()
        .filter(|p| !has(before, &p.value.id))
    {
        all.push(line(
            super::photo_name(sight, &p.value),
            &p.value.id,
            None,
            Some(at(p)),
        ));
    }
}

fn differ(
    all: &mut Vec<DeskChange>,
    item: Option<&str>,
    title: String,
    before: Option<String>,
    after: Option<String>,
) {
    if before != after {
        let item = item.map(str::to_owned);
        all.push(DeskChange {
            item,
            title,
            before,
            after,
        });
    }
}

/// An answer in words.
pub(super) fn answer_words(sight: &Sight<'_>, id: &str, answer: &Answer) -> String {
    let evidence = sight
        .pack
        .and_then(|p| p.item(id))
        .map(|(_, i)| &i.evidence);
    match answer {
        Answer::Tick => sight.say("做到".to_owned(), "done".to_owned()),
        Answer::NotApplicable { reason } => sight.say(
            format!("不适用：{reason}"),
            format!("not applicable: {reason}"),
        ),
        Answer::Mismatch { note } => {
            sight.say(format!("有出入：{note}"), format!("differs: {note}"))
        }
        Answer::Text { text } => text.clone(),
        Answer::Choice { option, note } => {
            let chip = match evidence {
                Some(Evidence::Choice { options }) => options.iter().find(|o| &o.id == option),
                _ => None,
            };
            let chosen = chip.map_or(option.as_str(), |c| c.text.get(sight.lang));
            match note {
                Some(note) => format!("{chosen} · {note}"),
                None => chosen.to_owned(),
            }
        }
        Answer::Reading { values } => {
            let unit = match evidence {
                Some(Evidence::Reading(spec)) => spec.unit.as_str(),
                _ => "",
            };
            let one = |v: &crate::visit::ReadingValue| match &v.reason {
                Some(reason) => format!("{} {unit} · {reason}", super::figure(v.value)),
                None => format!("{} {unit}", super::figure(v.value)),
            };
            values.values().map(one).collect::<Vec<_>>().join(" / ")
        }
        Answer::Time { at } => at.hm(),
    }
}

/// A row in words.
pub(super) fn row_words(sight: &Sight<'_>, row: &RowData) -> String {
    match row {
        RowData::Devices { name, sn, mac, .. } if mac.is_empty() => format!("{name} SN {sn}"),
        RowData::Devices { name, sn, mac, .. } => format!("{name} SN {sn} MAC {mac}"),
        RowData::Materials {
            name,
            quantity,
            unit,
        } => format!("{name} {quantity} {unit}"),
        RowData::Fees {
            name,
            unit_price,
            quantity,
            ..
        } => sight.say(
            format!("{name} {unit_price} 元 × {quantity}"),
            format!("{name} ¥{unit_price} × {quantity}"),
        ),
    }
}
