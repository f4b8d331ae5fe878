//! Whether the order that `after` asks for can be kept.

use super::condition::can_hold;
use super::place::{Findings, Spot};
use crate::standard::{Item, Pack};
use crate::text::Text;
use std::collections::BTreeMap;

/// Checks every `after`: it names earlier items that can apply together with this one.
pub(super) fn check(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    let items: Vec<&Item> = pack.items().map(|(_, item)| item).collect();
    let mut rank = BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        rank.entry(item.id.as_str()).or_insert(i);
    }
    let ringed = in_rings(&items, &rank);
    let spots = root
        .key("phases")
        .elements()
        .flat_map(|p| p.key("items").elements());
    for (i, (item, spot)) in items.iter().zip(spots).enumerate() {
        for (n, before) in item.after.iter().enumerate() {
            let place = spot.key("after").at(n);
            let other = rank.get(before.as_str()).map(|j| (*j, items[*j]));
            if let Some(Text { zh, en }) = refused(pack, (i, item), before, other, &ringed) {
                findings.report(place, zh, en);
            }
        }
    }
}

fn refused(
    pack: &Pack,
    (i, item): (usize, &Item),
    before: &str,
    other: Option<(usize, &Item)>,
    ringed: &[bool],
) -> Option<Text> {
    let id = &item.id;
    let Some((j, other)) = other else {
        return Some(Text::new(
            format!("「{id}」要在「{before}」之后，但没有这个检查项"),
            format!("“{id}” comes after “{before}”, but there is no such item"),
        ));
    };
    if ringed[i] && ringed[j] {
        return Some(Text::new(
            format!("「{id}」和「{before}」互相等待，谁也做不了"),
            format!("“{id}” and “{before}” wait for each other, so neither can be done"),
        ));
    }
    if j > i {
        return Some(Text::new(
            format!("「{id}」要在「{before}」之后，但「{before}」排在后面"),
            format!("“{id}” comes after “{before}”, but “{before}” stands further down"),
        ));
    }
    let both: Vec<_> = item.when.iter().chain(&other.when).collect();
    // A condition that can never hold is reported where it stands.
    let each_alone = both.iter().all(|c| can_hold(pack, &[c]));
    if each_alone && !can_hold(pack, &both) {
        return Some(Text::new(
            format!("「{id}」要在「{before}」之后，但两条不会同时出现"),
            format!("“{id}” comes after “{before}”, but the two never apply together"),
        ));
    }
    None
}

/// Which items stand in a ring: take away whatever waits for nothing or is waited for by nothing.
fn in_rings(items: &[&Item], rank: &BTreeMap<&str, usize>) -> Vec<bool> {
    let waits: Vec<Vec<usize>> = items
        .iter()
        .map(|i| {
            i.after
                .iter()
                .filter_map(|b| rank.get(b.as_str()).copied())
                .collect()
        })
        .collect();
    let mut awaited = vec![Vec::new(); items.len()];
    for (i, befores) in waits.iter().enumerate() {
        befores.iter().for_each(|j| awaited[*j].push(i));
    }
    let mut left = vec![true; items.len()];
    peel(&waits, &awaited, &mut left);
    peel(&awaited, &waits, &mut left);
    left
}

/// Removes nodes without any `out` edge among those left, and then those that this frees.
fn peel(out: &[Vec<usize>], back: &[Vec<usize>], left: &mut [bool]) {
    let mut open: Vec<usize> = out
        .iter()
        .map(|o| o.iter().filter(|j| left[**j]).count())
        .collect();
    let mut free: Vec<usize> = (0..left.len())
        .filter(|i| left[*i] && open[*i] == 0)
        .collect();
    while let Some(i) = free.pop() {
        left[i] = false;
        for j in back[i]
            .iter()
            .copied()
            .filter(|j| left[*j])
            .collect::<Vec<_>>()
        {
            open[j] = open[j].saturating_sub(1);
            if open[j] == 0 {
                free.push(j);
            }
        }
    }
}
