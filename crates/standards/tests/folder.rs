//! The folder that ships is sound, and the checker says what is wrong with one that is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_standards::catalogue::Catalogue;
use doorstep_standards::check::{Options, Report, check};
use doorstep_standards::coverage::{self, Entry};
use doorstep_standards::head::Head;
use doorstep_standards::{CATALOGUE, MODULES, PACKS, built_in, modules};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn catalogue() -> Catalogue {
    Catalogue::read(CATALOGUE).unwrap()
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/standards")
}

fn checked(folder: &Path, catalogue: &Catalogue, strict: bool) -> Report {
    check(folder, Options { catalogue, strict }).unwrap()
}

/// A folder with one sound pack and one module that it uses.
fn small() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (name, source) = PACKS
        .iter()
        .find(|(n, _)| *n == "cmcc-broadband.toml")
        .unwrap();
    std::fs::write(folder.path().join(name), source).unwrap();
    for (name, source) in MODULES {
        std::fs::create_dir_all(folder.path().join("modules")).unwrap();
        std::fs::write(folder.path().join("modules").join(name), source).unwrap();
    }
    folder
}

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has {from}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn says(report: &Report, words: &str) -> bool {
    report
        .mistakes
        .iter()
        .any(|m| m.to_string().contains(words))
}

#[test]
fn the_catalogue_is_whole() {
    let all = catalogue();
    let systems: BTreeSet<&str> = all.0.keys().map(|id| &id[..3]).collect();
    assert_eq!((all.0.len(), systems.len()), (752, 49));
}

#[test]
fn the_shipped_folder_is_sound_and_carries_the_core() {
    let report = checked(&shipped(), &catalogue(), true);
    let mistakes: Vec<String> = report.mistakes.iter().map(ToString::to_string).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    assert_eq!(
        report.packs.len(),
        PACKS.len(),
        "the program brings along what lies in the folder"
    );
    let (carried, core) = report.core.unwrap();
    assert!(
        core > 500 && carried * 100 >= core * 95,
        "{carried} of {core}"
    );
}

#[test]
fn every_module_and_pack_that_ships_is_read() {
    let modules = modules();
    assert_eq!(modules.all().len(), MODULES.len());
    for (file, pack) in built_in(&modules) {
        assert!(pack.is_ok(), "{file}: {pack:#?}");
    }
}

#[test]
fn the_head_of_a_file_is_that_of_its_pack() {
    for ((_, source), (file, pack)) in PACKS.iter().zip(built_in(&modules())) {
        assert_eq!(
            Head::read(source),
            Some(Head::from(&pack.unwrap().pack)),
            "{file}"
        );
    }
    assert_eq!(Head::read("id = 3"), None);
}

#[test]
fn an_id_that_is_not_in_the_catalogue_is_a_mistake_with_its_line() {
    let folder = small();
    edit(
        folder.path(),
        "cmcc-broadband.toml",
        "\"S37-01\"",
        "\"S37-99\"",
    );
    let report = checked(folder.path(), &catalogue(), false);
    let text = std::fs::read_to_string(folder.path().join("cmcc-broadband.toml")).unwrap();
    let line = text.lines().position(|l| l.contains("S37-99")).unwrap() + 1;
    assert!(says(
        &report,
        &format!("cmcc-broadband.toml:{line}: 目录里没有「S37-99」")
    ));
}

#[test]
fn coverage_is_held_against_the_packs() {
    let folder = small();
    let all = catalogue();
    let kept = all.0.keys().map(|id| {
        let why = doorstep_domain::text::Text::new("不在上门里", "Not on a visit");
        let why = Some(why);
        (
            id.clone(),
            Entry {
                why,
                ..Entry::default()
            },
        )
    });
    let kept: BTreeMap<String, Entry> = kept.collect();
    let report = checked(folder.path(), &all, false);
    let carried = coverage::of_packs(report.packs.iter().map(|(_, p)| &p.pack));
    let text = coverage::write(&all, &carried, &kept);
    let file = folder.path().join(coverage::FILE);
    std::fs::write(&file, &text).unwrap();
    let sound = checked(folder.path(), &all, false);
    assert!(sound.mistakes.is_empty(), "{:#?}", sound.mistakes);
    let (some, of) = sound.core.unwrap();
    assert!(some > 0 && some < of, "reasons do not count as carried");
    assert!(says(&checked(folder.path(), &all, true), "至少要 95%"));
    let again = coverage::write(&all, &carried, &coverage::read(&text).unwrap());
    assert_eq!(again, text, "writing again changes nothing");

    let broken = [
        ("[S37-12]", "[S37-98]", "目录里没有「S37-98」"),
        ("[S37-12]", "[S37-98]", "「S37-12」没有交代"),
        (
            "cmcc-broadband/rules.arrival",
            "cmcc-broadband/rules.nothing",
            "「cmcc-broadband/rules.nothing」没有引用",
        ),
        (
            "cmcc-broadband/rules.arrival",
            "cmcc-broadband/rules.nothing",
            "这里没写",
        ),
        (
            "why = ",
            "record = \"paper\"\nwhy = ",
            "没有「paper」这种记录",
        ),
        ("why = {", "why = [", "写法不对"),
        (
            "why = {",
            "same = \"S99-01\"\nwhy = {",
            "same 要写另一条的编号，「S99-01」不是",
        ),
    ];
    for (from, to, words) in broken {
        std::fs::write(&file, text.replacen(from, to, 1)).unwrap();
        let report = checked(folder.path(), &all, false);
        assert!(says(&report, words), "{words}: {:#?}", report.mistakes);
    }
}

#[test]
fn a_folder_without_coverage_is_not_strictly_sound() {
    let folder = small();
    let all = catalogue();
    assert!(checked(folder.path(), &all, false).mistakes.is_empty());
    assert!(says(&checked(folder.path(), &all, true), "没有这个文件"));
}

#[test]
fn what_is_odd_is_told_without_refusing() {
    let folder = small();
    edit(
        folder.path(),
        "cmcc-broadband.toml",
        "clauses = [\"S37-25\", \"S07-12\"]",
        "clauses = [\"S37-25\", \"S07-12\", \"S37-26\", \"S37-27\", \"S37-28\"]",
    );
    std::fs::create_dir_all(folder.path().join("modules")).unwrap();
    let idle = "id = \"idle\"\nname = { zh = \"闲\", en = \"Idle\" }\nsystems = [\"S07\"]\n";
    std::fs::write(folder.path().join("modules/idle.toml"), idle).unwrap();
    let report = checked(folder.path(), &catalogue(), false);
    assert!(report.mistakes.is_empty(), "{:#?}", report.mistakes);
    let warned = |words: &str| {
        report
            .warnings
            .iter()
            .any(|w| w.to_string().contains(words))
    };
    assert!(warned("「covers-on」一条带了 5 个编号"));
    assert!(warned("modules/idle.toml:1: 没有规范用到这个模块"));
}

#[test]
fn a_row_with_many_ids_needs_items_that_say_the_same() {
    let folder = small();
    let (from, to) = (
        "clauses = [\"S37-25\", \"S07-12\"]",
        "clauses = [\"S37-25\", \"S07-12\", \"S37-26\", \"S37-27\", \"S37-28\"]",
    );
    edit(folder.path(), "cmcc-broadband.toml", from, to);
    let all = catalogue();
    let report = checked(folder.path(), &all, false);
    let carried = coverage::of_packs(report.packs.iter().map(|(_, p)| &p.pack));
    let file = folder.path().join(coverage::FILE);
    let words = "「covers-on」一条带了 5 个编号";
    let mut kept = BTreeMap::new();
    std::fs::write(&file, coverage::write(&all, &carried, &kept)).unwrap();
    assert!(says(&checked(folder.path(), &all, true), words));
    let same = Some("S37-25".to_owned());
    kept.insert(
        "S07-12".to_owned(),
        Entry {
            same,
            ..Entry::default()
        },
    );
    let text = coverage::write(&all, &carried, &kept);
    assert!(
        text.contains("same = \"S37-25\""),
        "kept when written again"
    );
    std::fs::write(&file, text).unwrap();
    assert!(!says(&checked(folder.path(), &all, true), words));
}

#[test]
fn a_row_of_a_kit_leaves_its_members_ids_to_them() {
    let report = checked(&shipped(), &catalogue(), true);
    let mobile = &report
        .packs
        .iter()
        .find(|(n, _)| n == "cmcc-broadband.toml")
        .unwrap()
        .1;
    let (_, row) = mobile.pack.item("kit-five-ones").unwrap();
    assert!(row.clauses.len() > 4, "it cites each of the five");
    assert!(!says(&report, "「kit-five-ones」"));
}

#[test]
fn two_standards_cannot_answer_to_the_same_word() {
    let folder = small();
    let (name, source) = PACKS
        .iter()
        .find(|(n, _)| *n == "hebei-telecom.toml")
        .unwrap();
    std::fs::write(folder.path().join(name), source).unwrap();
    edit(
        folder.path(),
        name,
        "aliases = [",
        "aliases = [\"中国移动\", ",
    );
    let report = checked(folder.path(), &catalogue(), false);
    assert!(says(
        &report,
        "hebei-telecom.toml:0: 「中国移动」在 cmcc-broadband.toml 里也有"
    ));
}

#[test]
fn a_warning_names_the_line_of_its_row_also_in_a_module() {
    let folder = small();
    let own = ("cmcc-broadband.toml", "mat-laid");
    let shared = ("modules/telecom-floor.toml", "agent-told");
    edit(
        folder.path(),
        own.0,
        "Lay the mat, then put tools down",
        "先铺垫布",
    );
    edit(
        folder.path(),
        shared.0,
        "Tell the customer unasked that you come from an agent",
        "主动告诉客户",
    );
    let report = checked(folder.path(), &catalogue(), false);
    let place = |(file, id): (&str, &str)| {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let line = text.lines().position(|l| l == format!("id = \"{id}\""));
        (file.to_owned(), line.unwrap() + 1)
    };
    let told: BTreeSet<(String, usize)> = report
        .warnings
        .iter()
        .filter(|w| w.reason.zh.contains("没有英文"))
        .map(|w| (w.file.clone(), w.line))
        .collect();
    assert_eq!(told, BTreeSet::from([place(own), place(shared)]));
    let unplaced = report.warnings.iter().find(|w| w.line == 0);
    assert!(unplaced.is_none(), "{unplaced:?}");
}
