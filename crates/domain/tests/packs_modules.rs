//! Packs that use modules: what comes along, whose mistake is whose, and that the result needs no module any more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::standard::load::{LoadedPack, Modules, PackError, load_pack, load_with};
use doorstep_domain::standard::{Condition, JobType};

const MINIMAL: &str = include_str!("packs_minimal.toml");

const MODULE: &str = r#"id = "moved"
name = { zh = "挪动物品", en = "Moving things" }
systems = ["S07"]
dont = [{ text = { zh = "自己先动手", en = "Begin alone" }, clauses = ["S07-19"] }]
say = [{ zh = "我挪一下，好吗？", en = "May I move this?" }]

[[facts]]
id = "things"
text = { zh = "要挪东西吗？", en = "Must things be moved?" }
clauses = ["S07-18"]

[[items]]
id = "things-agreed"
text = { zh = "客户同意再挪", en = "Moved after the customer agreed" }
evidence = { kind = "tick" }
when = { fact = "things" }
clauses = ["S07-19"]

[[items]]
id = "things-back"
text = { zh = "放回原处", en = "Put back" }
evidence = { kind = "tick" }
when = { fact = "things" }
after = ["things-agreed"]
clauses = []

[[gear]]
id = "gloves"
name = { zh = "手套", en = "Gloves" }
months = 3
clauses = ["S07-19"]
"#;

fn modules(text: &str) -> Modules {
    let mut modules = Modules::default();
    modules.take("moved.toml", text.as_bytes()).unwrap();
    modules
}

/// The minimal pack with something before its survey, which ends its last phase.
fn with(rows: &str) -> String {
    MINIMAL.replacen("[[survey]]", &format!("{rows}\n[[survey]]"), 1)
}

fn load(source: &str) -> Result<LoadedPack, Vec<PackError>> {
    load_with(&modules(MODULE), "p.toml", source)
}

fn told(source: &str) -> Vec<String> {
    let errors = load(source).err().unwrap_or_default();
    let line = |e: &PackError| format!("{}:{}: {}", e.file, e.line, e.reason.zh);
    errors.iter().map(line).collect()
}

/// The line on which these words stand.
fn line_of(source: &str, words: &str) -> usize {
    source.lines().position(|l| l.contains(words)).unwrap() + 1
}

const USE: &str = "[[phases.items]]\nuse = \"moved\"\nclauses = { things-back = [\"S07-31\"] }\n";

#[test]
fn a_phase_takes_rows_questions_words_and_gear() {
    let loaded = load(&with(USE)).unwrap_or_else(|e| panic!("{e:#?}"));
    let pack = &loaded.pack;
    let (phase, row) = pack.item("things-back").unwrap();
    assert_eq!(row.clauses, ["S07-31"], "given by the use");
    assert_eq!(row.after, ["things-agreed"]);
    let asked = pack.facts.iter().find(|q| q.id == "things").unwrap();
    assert_eq!(asked.phase, phase.id);
    assert_eq!(phase.dont.last().unwrap().text.zh, "自己先动手");
    assert_eq!(phase.say.last().unwrap().text.zh, "我挪一下，好吗？");
    assert_eq!(pack.gear[0].id, "gloves");
    assert!(pack.systems.iter().any(|s| s == "S07"));
}

#[test]
fn the_result_is_a_pack_of_its_own() {
    let loaded = load(&with(USE)).unwrap();
    let again = load_pack("pinned.toml", &loaded.source).unwrap_or_else(|e| panic!("{e:#?}"));
    assert_eq!(again.pack, loaded.pack);
    assert_eq!(again.hash, loaded.hash, "what is pinned is what is sent");
    assert_eq!(
        load(&with(USE)).unwrap().source,
        loaded.source,
        "the same bytes every time"
    );
    let plain = load(MINIMAL).unwrap();
    assert_eq!(
        plain.source, MINIMAL,
        "a pack without modules is its own source"
    );
}

#[test]
fn a_use_chooses_words_rows_and_jobs() {
    let rows = "[[phases.items]]\nuse = \"moved\"\nonly = [\"things-back\"]\nfacts = false\n\
        clauses = { things-back = [\"S07-31\", \"S07-31\"] }\n\
        text = { things-back = { zh = \"归位\", en = \"Back in place\" } }\n\
        when = { job = [\"install\"] }\n";
    let asks = "[[facts]]\nid = \"things\"\ntext = { zh = \"挪吗？\", en = \"Move?\" }\nphase = \"work\"\n\n";
    let source = with(rows).replacen("[[phases]]", &format!("{asks}[[phases]]"), 1);
    let loaded = load(&source).unwrap_or_else(|e| panic!("{e:#?}"));
    let (_, row) = loaded.pack.item("things-back").unwrap();
    assert_eq!((row.text.zh.as_str(), row.clauses.len()), ("归位", 1));
    assert!(row.after.is_empty(), "the row it waited for was left out");
    assert!(loaded.pack.item("things-agreed").is_none());
    let both = [
        Condition::Job(vec![JobType::Install]),
        Condition::Fact("things".to_owned()),
    ];
    assert_eq!(row.when, Some(Condition::All(both.to_vec())));
    let asked = loaded
        .pack
        .facts
        .iter()
        .filter(|q| q.id == "things")
        .count();
    assert_eq!(asked, 1, "the module's own question is not asked");
}

#[test]
fn the_head_takes_lists_but_no_rows() {
    let source = MINIMAL.replacen("version = 1\n", "version = 1\nuse = [\"moved\"]\n", 1);
    let pack = load(&source).unwrap_or_else(|e| panic!("{e:#?}")).pack;
    assert_eq!(pack.gear.len(), 1);
    assert!(pack.item("things-back").is_none() && pack.facts.iter().all(|q| q.id != "things"));
    let twice = with(USE).replacen("version = 1\n", "version = 1\nuse = [\"moved\"]\n", 1);
    assert_eq!(
        load(&twice).unwrap().pack.gear.len(),
        1,
        "brought along once"
    );
}

#[test]
fn a_mistake_in_the_use_names_the_pack() {
    let of = |rows: &str, words: &str| {
        let source = with(rows);
        (told(&source), line_of(&source, words))
    };
    let (got, line) = of("[[phases.items]]\nuse = \"nothing\"\n", "use = \"nothing\"");
    let wanted = format!("p.toml:{line}: 没有「nothing」这个模块（modules/nothing.toml）");
    assert_eq!(got, [wanted]);
    let rows = "[[phases.items]]\nuse = \"moved\"\nonly = [\"other\"]\n";
    let (got, line) = of(rows, "only = ");
    assert_eq!(
        got[0],
        format!("p.toml:{line}: 模块「moved」里没有「other」")
    );
    let rows = "[[phases.items]]\nuse = \"moved\"\nwhenever = true\n";
    let (got, line) = of(rows, "whenever");
    assert!(
        got[0].starts_with(&format!("p.toml:{line}: 不认识「whenever」")),
        "{got:?}"
    );
    let (got, _) = of("[[phases.items]]\nuse = \"moved\"\n", "use = \"moved\"");
    let source = with("[[phases.items]]\nuse = \"moved\"\n");
    let line = line_of(&source, "use = \"moved\"") - 1;
    let wanted = format!("p.toml:{line}: 没有写出处；自己加的要求写 [\"OURS\"]");
    assert_eq!(got, [wanted], "the clauses that this use should have given");
}

#[test]
fn a_mistake_inside_a_module_names_the_module() {
    let broken = MODULE.replacen("months = 3", "months = \"drei\"", 1);
    let mut modules = Modules::default();
    let errors = modules.take("moved.toml", broken.as_bytes()).unwrap_err();
    let line = line_of(&broken, "months");
    assert_eq!(
        (errors[0].file.as_str(), errors[0].line),
        ("modules/moved.toml", line)
    );
    let using = load_with(&modules, "p.toml", &with(USE)).unwrap_err();
    assert_eq!(using[0].reason.zh, "模块「moved」里有错，先改好它");
    let odd = MODULE.replacen("months = 3", "months = 0", 1);
    let mut modules = Modules::default();
    modules.take("moved.toml", odd.as_bytes()).unwrap();
    let errors = load_with(&modules, "p.toml", &with(USE)).unwrap_err();
    let line = line_of(&odd, "months");
    assert_eq!(
        (errors[0].file.as_str(), errors[0].line),
        ("modules/moved.toml", line)
    );
    let other = Modules::default()
        .take("else.toml", MODULE.as_bytes())
        .unwrap_err();
    assert_eq!(other[0].reason.zh, "编号「moved」要和文件名「else」一样");
}
