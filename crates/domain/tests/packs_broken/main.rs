//! Broken packs: each is the minimal pack with one change, and the exact sentences a service manager gets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contents;
mod english;
mod writing;

use contents::CONTENTS;
use doorstep_domain::standard::load::{
    LoadedPack, MAX_PACK_BYTES, PackError, load_pack, load_pack_bytes,
};
use english::{names_the_same, the_english};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;
use writing::WRITING;

const MINIMAL: &str = include_str!("../packs_minimal.toml");
/// The longest standard that ships, to be broken.
static BIG: LazyLock<String> = LazyLock::new(|| {
    let all = doorstep_standards::packs().into_iter().map(|p| p.source);
    all.max_by_key(String::len).unwrap()
});

/// What is wrong with a pack.
fn mistakes(source: &str) -> Vec<PackError> {
    load_pack("p.toml", source).err().unwrap_or_default()
}

/// The Chinese sentences; the English beside each must say the same.
fn sentences(source: &str) -> Vec<String> {
    mistakes(source).iter().map(in_chinese).collect()
}

fn in_chinese(error: &PackError) -> String {
    names_the_same(&error.reason);
    format!("{}:{}: {}", error.file, error.line, error.reason.zh)
}

#[test]
fn the_minimal_pack_is_sound() {
    assert_eq!(sentences(MINIMAL), Vec::<String>::new());
}

#[test]
fn every_broken_pack_gets_its_line_and_reason() {
    let mut wrong = String::new();
    for (from, to, expected) in WRITING.iter().chain(CONTENTS) {
        assert!(
            MINIMAL.contains(from),
            "the table must change something: {from}"
        );
        let got = sentences(&MINIMAL.replacen(from, to, 1));
        if got != *expected {
            writeln!(
                wrong,
                "{from:?} → {to:?}\n  wanted {expected:?}\n  got    {got:?}"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_mistake_has_an_english_sentence_of_its_own() {
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for (from, to, _) in WRITING.iter().chain(CONTENTS) {
        for PackError { reason, .. } in mistakes(&MINIMAL.replacen(from, to, 1)) {
            let before = told.insert(reason.en.clone(), reason.zh.clone());
            assert!(
                before.as_ref().is_none_or(|zh| *zh == reason.zh),
                "{:?} stands for {before:?} and {:?}",
                reason.en,
                reason.zh
            );
        }
    }
}

#[test]
fn an_error_prints_file_line_chinese_and_english() {
    let told = |from: &str, to: &str| mistakes(&MINIMAL.replacen(from, to, 1))[0].to_string();
    let wanted = "p.toml:65: 读数是负数（negative），限值却是 8 / The reading is negative, yet its limit is 8";
    assert_eq!(told("max = \"-8\"", "max = \"8\""), wanted);
    let wanted = "p.toml:2: 这里要写不小于 0 的整数，现在写的是文字「一」 / Write a whole number not below 0 here; now it is the words “一”";
    assert_eq!(told("version = 1", "version = \"一\""), wanted);
    let wanted = "p.toml:52: 「laid」要在「picture」之后，但「picture」排在后面 / “laid” comes after “picture”, but “picture” stands further down";
    assert_eq!(told("after = [\"asked\"]", "after = [\"picture\"]"), wanted);
}

#[test]
fn all_mistakes_are_told_at_once_in_file_order() {
    let source = MINIMAL
        .replacen("version = 1", "version = 0", 1)
        .replacen("kit = \"bag\"", "kit = \"box\"", 1)
        .replacen("decimals = 1", "decimals = 5", 1);
    let wanted = [
        "p.toml:2: 版本号从 1 开始",
        "p.toml:37: 没有「box」这个套装",
        "p.toml:65: 小数最多 4 位",
    ];
    assert_eq!(sentences(&source), wanted);
}

#[test]
fn a_pack_without_work_or_questions_is_refused() {
    let (before, survey) = MINIMAL.split_once("[[survey]]").unwrap();
    let unasked = before.replacen("[[kits]]", "survey = []\n\n[[kits]]", 1);
    assert_eq!(sentences(&unasked), ["p.toml:18: 至少问客户一个问题"]);
    let (before, _) = MINIMAL.split_once("[[facts]]").unwrap();
    let before = before.replacen("[[kits]]", "facts = []\nphases = []\n\n[[kits]]", 1);
    let idle = format!("{before}[[survey]]{survey}");
    let wanted = [
        "p.toml:0: 没有不带条件的客户签字（customer_signature）",
        "p.toml:0: 没有不带条件的师傅签字（technician_signature）",
        "p.toml:19: 至少要有一个阶段",
    ];
    assert_eq!(sentences(&idle), wanted);
}

#[test]
fn a_checklist_that_nobody_reads_is_refused() {
    let row = |i: usize| {
        format!(
            "[[phases.items]]\nid = \"more-{i}\"\ntext = {{ zh = \"做\", en = \"Do\" }}\nevidence = {{ kind = \"tick\" }}\nclauses = [\"OURS\"]\n\n"
        )
    };
    // The minimal pack has seven rows that are always there.
    let with = |more: usize| {
        let rows: String = (0..more).map(row).collect();
        sentences(&MINIMAL.replacen("[[survey]]", &format!("{rows}[[survey]]"), 1))
    };
    assert_eq!(with(33), Vec::<String>::new(), "40 rows pass");
    assert_eq!(
        with(34),
        ["p.toml:0: 每次都出现的检查项有 41 条，最多 40 条（25 条左右为宜）"]
    );
}

#[test]
fn files_that_are_no_packs_are_refused_politely() {
    let huge = format!("{MINIMAL}#{}", " ".repeat(MAX_PACK_BYTES));
    let size = huge.len();
    assert_eq!(
        sentences(&huge),
        [format!(
            "p.toml:0: 文件有 {size} 字节，最多 1048576 字节（1 MB）"
        )]
    );
    let gb18030 = load_pack_bytes("p.toml", b"id = \"x\"\nname = \"\xd6\xd0\"").unwrap_err();
    assert_eq!(
        in_chinese(&gb18030[0]),
        "p.toml:2: 不是 UTF-8 文字，请另存为 UTF-8 编码"
    );
    for empty in ["", "\u{feff}", " \r\n\n"] {
        assert_eq!(sentences(empty), ["p.toml:1: 文件是空的"], "{empty:?}");
    }
    let deep = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(sentences(&deep), ["p.toml:1: 括号套得太深"]);
    let deep = format!("{}a = 1", "a.".repeat(5_000));
    assert_eq!(sentences(&deep), ["p.toml:0: 名字套得太深"]);
}

#[test]
fn a_byte_order_mark_changes_nothing_but_the_hash() {
    let marked = format!("\u{feff}{MINIMAL}");
    let plain = load_pack("p.toml", MINIMAL).unwrap();
    let with_mark = load_pack_bytes("p.toml", marked.as_bytes()).unwrap();
    assert_eq!(with_mark.pack, plain.pack);
    assert_eq!(
        with_mark.source, marked,
        "the visit pins the bytes as they were read"
    );
    assert_ne!(with_mark.hash, plain.hash);
    let broken = marked.replacen("version = 1", "version = 0", 1);
    assert_eq!(
        sentences(&broken),
        ["p.toml:2: 版本号从 1 开始"],
        "lines still count from the first"
    );
}

/// Cuts, swaps and splices at arbitrary bytes; the result may be no UTF-8 any more.
fn damaged(source: &str, edits: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut bytes = source.as_bytes().to_vec();
    for (at, how, with) in edits {
        let at = at % bytes.len().max(1);
        match how % 4 {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = *with,
            2 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.insert(at.min(bytes.len()), *with),
        }
    }
    bytes
}

/// A line of the file taken out, doubled or put elsewhere: still TOML more often than not.
fn reordered(source: &str, edits: &[(usize, usize, u8)]) -> String {
    let mut lines: Vec<&str> = source.lines().collect();
    for (from, to, how) in edits {
        let (from, to) = (from % lines.len(), to % lines.len());
        let line = lines[from];
        match how % 3 {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, line),
            _ => lines.swap(from, to),
        }
    }
    lines.join("\n")
}

fn told_properly(file: &str, outcome: Result<LoadedPack, Vec<PackError>>, lines: usize) {
    if let Err(errors) = outcome {
        assert!(!errors.is_empty(), "a refusal has a reason");
        assert!(errors.iter().all(|e| e.file == file && e.line <= lines + 1));
        errors.iter().for_each(|e| the_english(&e.reason));
        assert!(errors.is_sorted_by_key(|e| e.line), "in file order");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn damage_never_panics(edits in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..6), big in any::<bool>()) {
        let bytes = damaged(if big { &BIG } else { MINIMAL }, &edits);
        let lines = bytes.iter().filter(|b| **b == b'\n').count() + 1;
        told_properly("d.toml", load_pack_bytes("d.toml", &bytes), lines);
    }

    #[test]
    fn shuffled_lines_never_panic(edits in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..8), big in any::<bool>()) {
        let source = reordered(if big { &BIG } else { MINIMAL }, &edits);
        told_properly("d.toml", load_pack("d.toml", &source), source.lines().count());
    }
}
