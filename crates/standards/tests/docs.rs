//! The tables of `docs/STANDARDS.md` say what lies in the folder. `UPDATE_GOLDEN=1` writes them anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::standard::carried::Kind;
use doorstep_domain::standard::{Evidence, Pack};
use doorstep_standards::{MODULES, PACKS, built_in, modules};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use toml::{Table, Value};

const BEGIN: &str =
    "<!-- 从这里到「写到这里」由测试写：UPDATE_GOLDEN=1 cargo test --workspace --test docs -->\n";
const END: &str = "<!-- 写到这里 -->";

/// Words for what proves a row, in the order of the table.
fn proof(evidence: &Evidence) -> (u8, &'static str) {
    match evidence {
        Evidence::Tick | Evidence::TickOrNa => (0, "勾"),
        Evidence::Photo => (1, "照片"),
        Evidence::Text { .. } => (2, "文字"),
        Evidence::Reading(_) => (3, "读数"),
        Evidence::Choice { .. } => (4, "选一个"),
        Evidence::Time | Evidence::Date => (5, "时间日期"),
        Evidence::Rows { .. } => (6, "明细"),
        Evidence::Consent { .. } => (7, "声明"),
        Evidence::AutoCall
        | Evidence::AutoAppointment
        | Evidence::AutoKit { .. }
        | Evidence::AutoGear
        | Evidence::AutoMilestone { .. } => (8, "自动"),
        Evidence::Feedback => (9, "评价"),
        Evidence::CustomerSignature | Evidence::TechnicianSignature => (10, "签字"),
    }
}

fn proofs(pack: &Pack) -> String {
    let mut counts: BTreeMap<(u8, &str), usize> = BTreeMap::new();
    for (_, item) in pack.items() {
        *counts.entry(proof(&item.evidence)).or_default() += 1;
    }
    let words = counts.iter().map(|((_, word), n)| format!("{word} {n}"));
    words.collect::<Vec<_>>().join("、")
}

fn figures(pack: &Pack) -> String {
    let places = pack.carried();
    let rules = places.iter().filter(|p| p.kind == Kind::Rule);
    let names: BTreeSet<String> = rules
        .map(|p| format!("`{}`", p.name.trim_start_matches("rules.")))
        .collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

fn pack_rows(out: &mut String) {
    out.push_str(
        "| 文件 | 规范 | 出处 | 阶段 | 每次都有 | 全部 | 问题 | 凭证 | 怎么说 | 不要 | 提醒 | 套装 | 数字 |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (file, loaded) in built_in(&modules()) {
        let pack = loaded.unwrap().pack;
        let always = pack.items().filter(|(_, i)| i.when.is_none()).count();
        let phases = pack.phases.iter();
        let said: usize = phases.clone().map(|p| p.say.len()).sum();
        let dont: usize = phases.clone().map(|p| p.dont.len()).sum();
        let remind: usize = phases.map(|p| p.remind.len()).sum();
        let kits: Vec<&str> = pack.kits.iter().map(|k| k.name.zh.as_str()).collect();
        let (name, systems) = (&pack.name.zh, pack.systems.join(" "));
        let (n, all, asked) = (pack.phases.len(), pack.items().count(), pack.facts.len());
        let (proofs, kits, figures) = (proofs(&pack), kits.join("；"), figures(&pack));
        writeln!(
            out,
            "| `{file}` | {name} | {systems} | {n} | {always} | {all} | {asked} | {proofs} | {said} | {dont} | {remind} | {kits} | {figures} |"
        )
        .unwrap();
    }
}

/// Names that a pack's file uses.
fn used(source: &str) -> BTreeSet<String> {
    let table: Table = source.parse().unwrap();
    let named = |v: &Value| v.as_str().map(str::to_owned);
    let head = table
        .get("use")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let phases = table["phases"].as_array().unwrap().iter();
    let items = phases.filter_map(|p| p.get("items")?.as_array()).flatten();
    let places = items.filter_map(|i| i.get("use"));
    head.chain(places).filter_map(named).collect()
}

fn module_rows(out: &mut String) {
    out.push_str("\n| 模块 | 里面是什么 | 出处 | 用它的规范 |\n|---|---|---|---|\n");
    for (file, source) in MODULES {
        let id = file.trim_end_matches(".toml");
        let table: Table = source.parse().unwrap();
        let name = table["name"]["zh"].as_str().unwrap().to_owned();
        let systems = table["systems"].as_array().unwrap().iter();
        let systems: Vec<&str> = systems.filter_map(Value::as_str).collect();
        let by = PACKS.iter().filter(|(_, s)| used(s).contains(id));
        let by: Vec<&str> = by.map(|(f, _)| f.trim_end_matches(".toml")).collect();
        assert!(!by.is_empty(), "{id} is used by none");
        let (systems, by) = (systems.join(" "), by.join("、"));
        writeln!(out, "| `{id}` | {name} | {systems} | {by} |").unwrap();
    }
}

#[test]
fn the_documents_tables_are_those_of_the_folder() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/STANDARDS.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("where the tables begin");
    let (tables, after) = rest.split_once(END).expect("where they end");
    let mut now = String::new();
    pack_rows(&mut now);
    module_rows(&mut now);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{now}{END}{after}")).unwrap();
    } else {
        assert!(
            tables == now,
            "UPDATE_GOLDEN=1 writes the tables of docs/STANDARDS.md anew"
        );
    }
}
