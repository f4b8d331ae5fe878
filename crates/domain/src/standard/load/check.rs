//! What the types cannot say: names, references, clauses, and what every standard needs.

use super::place::{Findings, Spot};
use super::{condition, evidence, figures, order};
use crate::standard::{Chip, Evidence, Pack, TicketSection};

/// Rows that are always there; above this a technician ticks without reading.
const MAX_ROWS: usize = 40;

/// Every check, in any order; the findings sort themselves.
pub(super) fn check(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    head(pack, root, findings);
    texts(root, findings);
    clauses(pack, root, None, findings);
    lists(pack, root, findings);
    kits(pack, root, findings);
    questions(pack, root, findings);
    items(pack, root, findings);
    order::check(pack, root, findings);
    figures::check(pack, root, findings);
    sign_off(pack, findings);
}

fn head(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    id(&pack.id, root.key("id"), findings);
    if pack.version == 0 {
        findings.report(
            root.key("version"),
            "版本号从 1 开始",
            "Versions start at 1",
        );
    }
    if !pack.hotline.chars().any(|c| c.is_ascii_digit()) {
        findings.report(
            root.key("hotline"),
            "热线要写号码",
            "The hotline needs a number",
        );
    }
    for (i, system) in pack.systems.iter().enumerate() {
        if !is_system(system) {
            findings.report(
                root.key("systems").at(i),
                format!("「{system}」不是目录里的编号，应像 S37"),
                format!("“{system}” is no number of the catalogue; write it like S37"),
            );
        }
    }
    if pack.job_types.is_empty() {
        findings.report(
            root.key("job_types"),
            "至少写一种作业：install、move 或 repair",
            "Name at least one job: install, move or repair",
        );
    }
    if pack.phases.is_empty() {
        findings.report(
            root.key("phases"),
            "至少要有一个阶段",
            "There must be at least one phase",
        );
    }
    ticket(pack, root, findings);
}

fn ticket(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    for (i, section) in pack.ticket.iter().enumerate() {
        if pack.ticket[..i].contains(section) {
            findings.report(
                root.key("ticket").at(i),
                "单据的这一栏写了两遍",
                "This part of the ticket is named twice",
            );
        }
    }
    if !pack.ticket.contains(&TicketSection::Signatures) {
        findings.report(
            root.key("ticket"),
            "单据少了签字一栏（signatures）",
            "The ticket lacks the part for signatures",
        );
    }
}

/// Every `{ zh, en }` of the file says something in both languages.
fn texts(spot: Spot<'_>, findings: &mut Findings) {
    for (name, inner) in spot.entries() {
        if matches!(name, "zh" | "en") && inner.text().is_some_and(|t| t.trim().is_empty()) {
            findings.report(
                inner,
                format!("「{name}」是空的，中文、英文都要写"),
                format!("“{name}” is empty; write both Chinese and English"),
            );
        }
        texts(inner, findings);
    }
    spot.elements().for_each(|inner| texts(inner, findings));
}

/// Every list of clauses names clauses of the pack's systems; only a rule or a question may have none.
fn clauses(pack: &Pack, spot: Spot<'_>, section: Option<&str>, findings: &mut Findings) {
    for (name, inner) in spot.entries() {
        let section = section.unwrap_or(name);
        if name != "clauses" {
            clauses(pack, inner, Some(section), findings);
            continue;
        }
        if inner.elements().next().is_none() && !matches!(section, "rules" | "facts") {
            findings.report(
                inner,
                "没有写出处；自己加的要求写 [\"OURS\"]",
                "No clause is named; for a rule of your own write [\"OURS\"]",
            );
        }
        for (spot, clause) in inner.elements().filter_map(|e| e.text().map(|t| (e, t))) {
            one_clause(pack, spot, clause, findings);
        }
    }
    spot.elements()
        .for_each(|inner| clauses(pack, inner, section, findings));
}

fn one_clause(pack: &Pack, spot: Spot<'_>, clause: &str, findings: &mut Findings) {
    if clause == "OURS" {
        return;
    }
    let (system, number) = clause.split_once('-').unwrap_or((clause, ""));
    let numbered = number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit());
    if !numbered || !(is_system(system) || system == "G") {
        findings.report(
            spot,
            format!("出处「{clause}」应像 S37-12，自己加的写 OURS"),
            format!("Write the clause “{clause}” like S37-12, or OURS for a rule of your own"),
        );
    } else if system != "G" && !pack.systems.iter().any(|s| s == system) {
        findings.report(
            spot,
            format!("出处「{clause}」的 {system} 没有列在 systems 里"),
            format!("{system} of the clause “{clause}” is not listed in systems"),
        );
    }
}

fn is_system(text: &str) -> bool {
    matches!(text.as_bytes(), [b'S', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
}

fn lists(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    for (name, chips) in [
        ("kit_reasons", &pack.kit_reasons),
        ("suspend_reasons", &pack.suspend_reasons),
        ("return_reasons", &pack.return_reasons),
        ("change_reasons", &pack.change_reasons),
        ("unsigned_reasons", &pack.unsigned_reasons),
        ("reading_reasons", &pack.reading_reasons),
    ] {
        if chips.is_empty() {
            findings.report(
                root.key(name),
                format!("「{name}」至少写一个理由"),
                format!("“{name}” needs at least one reason"),
            );
        }
        chip_ids(chips, root.key(name), findings);
        if name != "unsigned_reasons" {
            unseen(chips, root.key(name), findings);
        }
    }
    survey(pack, root.key("survey"), findings);
}

fn survey(pack: &Pack, survey: Spot<'_>, findings: &mut Findings) {
    if pack.survey.is_empty() {
        findings.report(
            survey,
            "至少问客户一个问题",
            "Ask the customer at least one question",
        );
    }
    distinct(
        pack.survey
            .iter()
            .enumerate()
            .map(|(i, q)| (q.id.as_str(), survey.at(i))),
        findings,
    );
    for (i, question) in pack.survey.iter().enumerate() {
        let options = survey.at(i).key("options");
        if question.options.len() < 2 {
            findings.report(
                options,
                format!("问题「{}」至少要有两个选项", question.id),
                format!("The question “{}” needs at least two options", question.id),
            );
        }
        distinct(
            question
                .options
                .iter()
                .enumerate()
                .map(|(i, o)| (o.id.as_str(), options.at(i))),
            findings,
        );
    }
}

fn kits(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    let kits = root.key("kits");
    distinct(
        pack.kits
            .iter()
            .enumerate()
            .map(|(i, k)| (k.id.as_str(), kits.at(i))),
        findings,
    );
    let members = pack.kits.iter().enumerate().flat_map(|(k, kit)| {
        let members = kits.at(k).key("members");
        kit.members
            .iter()
            .enumerate()
            .map(move |(i, m)| (m.id.as_str(), members.at(i)))
    });
    distinct(members, findings);
    for (i, kit) in pack
        .kits
        .iter()
        .enumerate()
        .filter(|(_, kit)| kit.members.is_empty())
    {
        findings.report(
            kits.at(i),
            format!("套装「{}」里没有东西", kit.id),
            format!("The kit “{}” has nothing in it", kit.id),
        );
    }
}

fn questions(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    let facts = root.key("facts");
    distinct(
        pack.facts
            .iter()
            .enumerate()
            .map(|(i, q)| (q.id.as_str(), facts.at(i))),
        findings,
    );
    for (i, question) in pack.facts.iter().enumerate() {
        let spot = facts.at(i);
        if !pack.phases.iter().any(|p| p.id == question.phase) {
            findings.report(
                spot.key("phase"),
                format!("没有「{}」这个阶段", question.phase),
                format!("There is no phase “{}”", question.phase),
            );
        }
        if let Some(when) = &question.when {
            // Only earlier questions: no question can then wait for itself, even in a ring.
            condition::check(pack, &pack.facts[..i], when, spot.key("when"), findings);
        }
    }
}

fn items(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    let phases = root.key("phases");
    distinct(
        pack.phases
            .iter()
            .enumerate()
            .map(|(i, p)| (p.id.as_str(), phases.at(i))),
        findings,
    );
    let all = pack.phases.iter().enumerate().flat_map(|(p, phase)| {
        let rows = phases.at(p).key("items");
        phase
            .items
            .iter()
            .enumerate()
            .map(move |(i, item)| (item, rows.at(i)))
    });
    distinct(
        all.clone().map(|(item, spot)| (item.id.as_str(), spot)),
        findings,
    );
    for (item, spot) in all {
        if let Some(when) = &item.when {
            condition::check(pack, &pack.facts, when, spot.key("when"), findings);
        }
        evidence::check(pack, item, spot, findings);
    }
}

fn sign_off(pack: &Pack, findings: &mut Findings) {
    let always: Vec<&Evidence> = pack
        .items()
        .filter(|(_, i)| i.when.is_none())
        .map(|(_, i)| &i.evidence)
        .collect();
    if !always.contains(&&Evidence::CustomerSignature) {
        findings.report_whole(
            "没有不带条件的客户签字（customer_signature）",
            "No item without a condition is the customer's signature (customer_signature)",
        );
    }
    if !always.contains(&&Evidence::TechnicianSignature) {
        findings.report_whole(
            "没有不带条件的师傅签字（technician_signature）",
            "No item without a condition is the technician's signature (technician_signature)",
        );
    }
    if always.len() > MAX_ROWS {
        let rows = always.len();
        findings.report_whole(
            format!("每次都出现的检查项有 {rows} 条，最多 {MAX_ROWS} 条（25 条左右为宜）"),
            format!("{rows} items are always there; at most {MAX_ROWS} (about 25 is good)"),
        );
    }
}

/// Only reasons for not signing stand on the customer's screen: words for the customer elsewhere would be lost.
pub(super) fn unseen(chips: &[Chip], spot: Spot<'_>, findings: &mut Findings) {
    for (i, _) in chips
        .iter()
        .enumerate()
        .filter(|(_, c)| c.customer.is_some())
    {
        findings.report(
            spot.at(i).key("customer"),
            "客户看不到这个理由，customer 只写在 unsigned_reasons 里",
            "The customer never sees this reason; customer stands only in unsigned_reasons",
        );
    }
}

/// Reasons and options have ids of their own within their list.
pub(super) fn chip_ids(chips: &[Chip], spot: Spot<'_>, findings: &mut Findings) {
    distinct(
        chips
            .iter()
            .enumerate()
            .map(|(i, c)| (c.id.as_str(), spot.at(i))),
        findings,
    );
}

/// Ids are well formed and each is used once.
pub(super) fn distinct<'p>(
    ids: impl Iterator<Item = (&'p str, Spot<'p>)>,
    findings: &mut Findings,
) {
    let mut seen = std::collections::BTreeSet::new();
    for (text, spot) in ids {
        id(text, spot.key("id"), findings);
        if !seen.insert(text) {
            findings.report(
                spot.key("id"),
                format!("编号「{text}」用了两次"),
                format!("The id “{text}” is used twice"),
            );
        }
    }
}

/// Ids stand in events for ever: plain ASCII, no spaces.
fn id(text: &str, spot: Spot<'_>, findings: &mut Findings) {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
        findings.report(
            spot,
            format!("编号「{text}」只能用小写英文字母、数字、- 和 _，最长 64 个"),
            format!(
                "The id “{text}” may have only small letters a to z, digits, - and _, at most 64"
            ),
        );
    }
}
