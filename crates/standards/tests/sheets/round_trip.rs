//! Pack → spreadsheet → pack, for every pack that ships and for one that has everything.

use doorstep_domain::standard::load::{Modules, load_with};
use doorstep_standards::sheets::{Imported, export, import};
use doorstep_standards::{PACKS, modules};

/// There and back; the same pack, and the same text when it goes once more.
pub(crate) fn there_and_back(modules: &Modules, file: &str, source: &str) -> Imported {
    let before = load_with(modules, file, source).unwrap_or_else(|e| panic!("{file}: {e:#?}"));
    let sheet = export(source).unwrap_or_else(|e| panic!("{file}: {e:#?}"));
    let after = import(modules, file, &sheet).unwrap_or_else(|e| panic!("{file}: {e:#?}"));
    assert_eq!(after.pack.pack, before.pack, "{file}");
    let again = export(&after.source).unwrap();
    assert_eq!(
        again, sheet,
        "{file}: the spreadsheet of what came back is the same file"
    );
    after
}

/// How many rows stand for modules.
fn uses(source: &str) -> usize {
    let table: toml::Table = source.parse().unwrap();
    let phases = table["phases"].as_array().unwrap().iter();
    let items = phases.filter_map(|p| p.get("items")?.as_array()).flatten();
    items.filter(|i| i.get("use").is_some()).count()
}

#[test]
fn every_standard_that_ships_survives_a_spreadsheet() {
    let modules = modules();
    for (file, source) in PACKS {
        let after = there_and_back(&modules, file, source);
        assert_eq!(
            uses(&after.source),
            uses(source),
            "{file}: rows that use modules stay such rows"
        );
    }
}

const MODULE: &str = r#"
id = "things"
name = { zh = "东西", en = "Things" }
systems = ["S07"]
[[facts]]
id = "moved"
text = { zh = "挪动东西吗？", en = "Is anything moved?" }
[[items]]
id = "moved-consent"
text = { zh = "客户点头", en = "Customer agrees" }
evidence = { kind = "tick" }
when = { fact = "moved" }
clauses = ["S07-19"]
[[items]]
id = "moved-back"
text = { zh = "放回原处", en = "Put back" }
evidence = { kind = "tick" }
clauses = []
"#;

/// A pack with one of everything that a pack can say.
pub(crate) const EVERYTHING: &str = include_str!("everything.toml");

pub(crate) fn with_things() -> Modules {
    let mut modules = Modules::default();
    modules.take("things.toml", MODULE.as_bytes()).unwrap();
    modules
}

#[test]
fn everything_that_a_pack_can_say_survives() {
    let after = there_and_back(&with_things(), "everything.toml", EVERYTHING);
    assert_eq!(uses(&after.source), 3);
    // none named is something else than all
    assert!(after.source.contains("only = []"));
}

#[test]
fn an_entry_without_a_column_is_told_and_not_lost() {
    let odd = EVERYTHING.replacen("hotline =", "colour = \"red\"\nhotline =", 1);
    let odd = odd.replacen(
        "stage = \"appointment\"",
        "stage = \"appointment\"\ncolour = \"blue\"",
        1,
    );
    let told: Vec<String> = export(&odd)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(
        told[0].contains("「phases[1].colour」") && told[1].contains("「colour」"),
        "{told:#?}"
    );
    let broken = export("id = \nversion = 1").unwrap_err();
    assert_eq!(
        broken[0].reason.zh,
        "第 1 行：这里的写法不对，先用 check 改好"
    );
}
