//! Both standards as lists that a person can hold against the catalogue: rows, order, evidence, condition, clauses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::standard::{Advice, Condition, Evidence, Item, Pack, Phase, Stage};
use std::fmt::Write as _;

fn golden(pack: &Pack) -> String {
    let mut out = format!("{} {} · {}\n", pack.id, pack.version, pack.name.zh);
    for kit in &pack.kits {
        writeln!(out, "\n[{}] {}", kit.id, kit.name.zh).unwrap();
        for m in &kit.members {
            let used_up = if m.consumable { " (used up)" } else { "" };
            writeln!(
                out,
                "  {} · {}{used_up} · {}",
                m.id,
                m.name.zh,
                m.clauses.join(" ")
            )
            .unwrap();
        }
    }
    rule_lines(&mut out, pack);
    goods(&mut out, pack);
    for phase in &pack.phases {
        phase_lines(&mut out, pack, phase);
    }
    writeln!(out, "\n[unsigned_reasons] recorded · read by the customer").unwrap();
    for reason in &pack.unsigned_reasons {
        let read = reason.customer.as_ref().map_or("", |t| t.zh.as_str());
        writeln!(out, "  {} · {} · {read}", reason.id, reason.text.zh).unwrap();
    }
    out
}

fn rule_lines(out: &mut String, pack: &Pack) {
    let rules = &pack.rules;
    writeln!(out, "\n[rules]").unwrap();
    if let Some(r) = &rules.arrival {
        writeln!(
            out,
            "  arrive {}–{} min early | {}",
            r.latest_early,
            r.earliest_early,
            r.clauses.join(" ")
        )
        .unwrap();
    }
    if let Some(r) = &rules.change_notice {
        writeln!(
            out,
            "  change notice {} min | {}",
            r.minutes,
            r.clauses.join(" ")
        )
        .unwrap();
        if let Some(s) = &r.short {
            let (minutes, upto, clauses) = (s.minutes, s.delay_up_to, s.clauses.join(" "));
            writeln!(
                out,
                "  change notice {minutes} min up to {upto} min later | {clauses}"
            )
            .unwrap();
        }
    }
    for (name, rule) in [
        ("hand in within", &rules.hand_in),
        ("first contact within", &rules.first_contact),
        ("progress told within", &rules.progress),
    ] {
        if let Some(r) = rule {
            writeln!(out, "  {name} {} min | {}", r.minutes, r.clauses.join(" ")).unwrap();
        }
    }
    other_rules(out, rules);
    if let Some(r) = &rules.door_wait {
        writeln!(
            out,
            "  wait at the door {}{} s | {}",
            r.seconds,
            r.most.map_or_else(String::new, |m| format!("–{m}")),
            r.clauses.join(" ")
        )
        .unwrap();
    }
    if let Some(r) = &rules.call_before_leaving {
        writeln!(
            out,
            "  call before leaving {:?} | {}",
            r.jobs,
            r.clauses.join(" ")
        )
        .unwrap();
    }
}

fn other_rules(out: &mut String, rules: &doorstep_domain::standard::Rules) {
    if let Some(r) = &rules.call_ahead {
        let (jobs, clauses) = (&r.jobs, r.clauses.join(" "));
        writeln!(
            out,
            "  call {}–{} min ahead {jobs:?} | {clauses}",
            r.latest, r.earliest
        )
        .unwrap();
    }
    if let Some(r) = &rules.missed {
        writeln!(out, "  missed at most {} | {}", r.most, r.clauses.join(" ")).unwrap();
    }
    if let Some(r) = &rules.service_hours {
        let days = if r.weekdays_only { " on weekdays" } else { "" };
        writeln!(
            out,
            "  hours {}–{}{days} | {}",
            r.from,
            r.to,
            r.clauses.join(" ")
        )
        .unwrap();
    }
    if let Some(r) = &rules.warranty {
        let from = r.sold_from.as_deref().unwrap_or("any day");
        writeln!(
            out,
            "  warranty {} years, sold from {from} | {}",
            r.years,
            r.clauses.join(" ")
        )
        .unwrap();
    }
}

fn goods(out: &mut String, pack: &Pack) {
    for g in &pack.gear {
        writeln!(
            out,
            "  [gear] {} {} {} months | {}",
            g.id,
            g.name.zh,
            g.months,
            g.clauses.join(" ")
        )
        .unwrap();
    }
    for p in &pack.prices {
        let (unit, yuan) = (&p.unit.zh, p.yuan());
        writeln!(
            out,
            "  [price] {} {} {yuan}/{unit} | {}",
            p.id,
            p.name.zh,
            p.clauses.join(" ")
        )
        .unwrap();
    }
}

fn phase_lines(out: &mut String, pack: &Pack, phase: &Phase) {
    writeln!(
        out,
        "\n== {} {} ({})",
        phase.id,
        phase.name.zh,
        stage(phase.stage)
    )
    .unwrap();
    for question in pack.facts.iter().filter(|q| q.phase == phase.id) {
        let when = question
            .when
            .as_ref()
            .map(|w| format!(" | if {}", words(w)))
            .unwrap_or_default();
        let must = if question.required { " | required" } else { "" };
        writeln!(
            out,
            "  ? {} {}{when}{must} | {}",
            question.id,
            question.text.zh,
            question.clauses.join(" ")
        )
        .unwrap();
    }
    for (n, item) in phase.items.iter().enumerate() {
        item_line(out, n + 1, item);
    }
    for s in phase.say.iter().filter(|s| !s.clauses.is_empty()) {
        writeln!(out, "  “ {} | {}", s.text.zh, s.clauses.join(" ")).unwrap();
    }
    let mut advice = |mark: &str, list: &[Advice]| {
        for a in list {
            writeln!(out, "  {mark} {} | {}", a.text.zh, a.clauses.join(" ")).unwrap();
        }
    };
    advice("✗", &phase.dont);
    advice("!", &phase.remind);
}

fn item_line(out: &mut String, n: usize, item: &Item) {
    write!(
        out,
        "  {n}. {} {} | {}",
        item.id,
        item.text.zh,
        proof(&item.evidence)
    )
    .unwrap();
    if let Some(photos) = &item.photos {
        write!(out, " + photo≥{} of {}", photos.min, photos.of.zh).unwrap();
    }
    if item.mismatch {
        write!(out, " + mismatch").unwrap();
    }
    if let Some(when) = &item.when {
        write!(out, " | if {}", words(when)).unwrap();
    }
    if !item.after.is_empty() {
        write!(out, " | after {}", item.after.join(" ")).unwrap();
    }
    writeln!(out, " | {}", item.clauses.join(" ")).unwrap();
}

fn stage(stage: Stage) -> String {
    serde_json::to_value(stage)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

fn words(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => format!(
            "all({})",
            parts.iter().map(words).collect::<Vec<_>>().join(", ")
        ),
        Condition::Any(parts) => format!(
            "any({})",
            parts.iter().map(words).collect::<Vec<_>>().join(", ")
        ),
        Condition::Not(inner) => format!("not({})", words(inner)),
        Condition::Fact(fact) => fact.clone(),
        Condition::Job(jobs) => format!("{jobs:?}").to_lowercase(),
    }
}

fn proof(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Reading(r) => {
            let limit =
                |d: Option<rust_decimal::Decimal>| d.map_or_else(String::new, |d| d.to_string());
            let percent = r
                .min_percent_of_contract
                .map_or_else(String::new, |p| format!("≥{p}% of contract"));
            let slots: Vec<_> = r.slots.iter().map(|s| s.name.zh.as_str()).collect();
            format!(
                "reading {} {}…{}{percent} [{}]",
                r.unit,
                limit(r.min),
                limit(r.max),
                slots.join(" ")
            )
        }
        Evidence::Rows { list, min } => format!("rows {list:?}≥{min}").to_lowercase(),
        Evidence::Consent { statement } => format!("consent 「{}」", statement.zh),
        Evidence::AutoKit { kit } => format!("auto_kit {kit}"),
        Evidence::AutoMilestone { milestone } => {
            format!("auto_milestone {milestone:?}").to_lowercase()
        }
        other => serde_json::to_value(other).unwrap()["kind"]
            .as_str()
            .unwrap()
            .to_owned(),
    }
}

/// `UPDATE_GOLDEN=1 cargo test -p doorstep-domain --test packs_golden` rewrites the lists; read the diff before committing.
#[test]
fn the_packs_are_as_they_were_reviewed() {
    let modules = doorstep_standards::modules();
    for (file, loaded) in doorstep_standards::built_in(&modules) {
        let pack = loaded.unwrap_or_else(|e| panic!("{file}: {e:#?}")).pack;
        let path = format!(
            "{}/tests/golden/{}.txt",
            env!("CARGO_MANIFEST_DIR"),
            pack.id
        );
        let now = golden(&pack);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            now == reviewed,
            "{path} differs; UPDATE_GOLDEN=1 rewrites it, then read the diff"
        );
    }
}
