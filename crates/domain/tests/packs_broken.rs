//! Broken packs: each is the minimal pack with one change, and the exact sentences a service manager gets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::standard::load::{
    LoadedPack, MAX_PACK_BYTES, PackError, load_pack, load_pack_bytes,
};
use proptest::prelude::*;
use std::fmt::Write as _;

const MINIMAL: &str = include_str!("packs_minimal.toml");
const CMCC: &str = include_str!("../../../assets/standards/cmcc-broadband.toml");

/// (what is replaced, by what, the errors).
const TABLE: &[(&str, &str, &[&str])] = &[
    // ---- TOML ----
    (
        "hotline = \"10000\"",
        "hotline = 一万",
        &["p.toml:7: 文字要放在英文引号里，如 \"…\""],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10000",
        &["p.toml:7: 引号没有配上，或引号里有不能用的字符"],
    ),
    (
        "hotline = \"10000\"",
        "热线 = \"10000\"",
        &["p.toml:7: 等号左边的名字只能用英文字母、数字、- 和 _"],
    ),
    (
        "version = 1",
        "version = 1\nversion = 2",
        &["p.toml:3: 同一处写了两遍同样的名字"],
    ),
    (
        "[[survey]]",
        "[[survey",
        &["p.toml:92: 左方括号 [ 没有配上 ]"],
    ),
    // ---- types ----
    (
        "version = 1",
        "version = \"一\"",
        &["p.toml:2: 这里要写不小于 0 的整数，现在写的是文字「一」"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = 10000",
        &["p.toml:7: 这里要写加引号的文字，现在写的是整数 10000"],
    ),
    (
        "hotline = \"10000\"\n",
        "",
        &["p.toml:0: 少写了「hotline」"],
    ),
    (", en = \"Mat\"", "", &["p.toml:49: 少写了「en」"]),
    (
        "phase = \"work\"",
        "phases = \"work\"",
        &["p.toml:26: 不认识「phases」，这里可以写：id、text、phase、required、clauses、when"],
    ),
    (
        "kind = \"tick_or_na\"",
        "kind = \"tik\"",
        &[
            "p.toml:50: 不认识「tik」，这里只能写：tick、tick_or_na、photo、text、reading、choice、time、rows、\
           auto_call、auto_appointment、auto_kit、auto_milestone、feedback、customer_signature、technician_signature",
        ],
    ),
    (
        "\"work\", \"signatures\"",
        "\"works\", \"signatures\"",
        &[
            "p.toml:10: 不认识「works」，这里只能写：work、customer、times、checklist、readings、devices、\
           materials、fees、feedback、photos、signatures",
        ],
    ),
    (
        "{ fact = \"moved\" }",
        "{ fact = \"moved\", job = [\"install\"] }",
        &["p.toml:44: 条件里只能写一种：all、any、not、fact 或 job"],
    ),
    (
        "min = \"-27\"",
        "min = -27.5",
        &["p.toml:65: 这里要写加引号的数（如 \"-27.0\"），现在写的是不加引号的小数 -27.5"],
    ),
    // ---- head ----
    ("version = 1", "version = 0", &["p.toml:2: 版本号从 1 开始"]),
    (
        "id = \"mini\"",
        "id = \"Mini 1\"",
        &["p.toml:1: 编号「Mini 1」只能用小写英文字母、数字、- 和 _，最长 64 个"],
    ),
    (
        "\"work\", \"signatures\"",
        "\"work\"",
        &["p.toml:10: 单据少了签字一栏（signatures）"],
    ),
    (
        "suspend_reasons = [{ id = \"r\", text = { zh = \"缺料\", en = \"Material\" } }]",
        "suspend_reasons = []",
        &["p.toml:12: 「suspend_reasons」至少写一个理由"],
    ),
    (
        "suspend_reasons = [{ id = \"r\", text",
        "suspend_reasons = [{ id = \"r\", customer = { zh = \"少东西\", en = \"Lacking\" }, text",
        &["p.toml:12: 客户看不到这个理由，customer 只写在 unsigned_reasons 里"],
    ),
    (
        "unsigned_reasons = [{ id = \"r\", text",
        "unsigned_reasons = [{ id = \"r\", customer = { zh = \"\", en = \"I disagree\" }, text",
        &["p.toml:15: 「zh」是空的，中文、英文都要写"],
    ),
    // ---- words and clauses ----
    (
        "zh = \"垫布\"",
        "zh = \" \"",
        &["p.toml:49: 「zh」是空的，中文、英文都要写"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = []",
        &["p.toml:53: 没有写出处；自己加的要求写 [\"OURS\"]"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = [\"S37.28\"]",
        &["p.toml:53: 出处「S37.28」应像 S37-12，自己加的写 OURS"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = [\"S07-13\"]",
        &["p.toml:53: 出处「S07-13」的 S07 没有列在 systems 里"],
    ),
    (
        "en = \"Covers\" }, clauses = [\"S37-01\"]",
        "en = \"Covers\" }, clauses = []",
        &["p.toml:21: 没有写出处；自己加的要求写 [\"OURS\"]"],
    ),
    // ---- names ----
    (
        "id = \"picture\"",
        "id = \"laid\"",
        &["p.toml:56: 编号「laid」用了两次"],
    ),
    (
        "id = \"b\", text",
        "id = \"a\", text",
        &["p.toml:75: 编号「a」用了两次"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ fact = \"mooved\" }",
        &["p.toml:44: 条件里的「mooved」：没有这个问题"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ any = [] }",
        &["p.toml:44: 条件里的列表是空的"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ job = [\"move\"] }",
        &["p.toml:44: 这个条件永远不会成立"],
    ),
    (
        "phase = \"work\"",
        "phase = \"wrok\"",
        &["p.toml:26: 没有「wrok」这个阶段"],
    ),
    (
        "phase = \"work\"",
        "phase = \"work\"\nwhen = { fact = \"moved\" }",
        &["p.toml:27: 条件里的「moved」：前面没有这个问题"],
    ),
    (
        "kit = \"bag\"",
        "kit = \"box\"",
        &["p.toml:37: 没有「box」这个套装"],
    ),
    // ---- order ----
    (
        "after = [\"asked\"]",
        "after = [\"ask\"]",
        &["p.toml:52: 「laid」要在「ask」之后，但没有这个检查项"],
    ),
    (
        "after = [\"asked\"]",
        "after = [\"picture\"]",
        &["p.toml:52: 「laid」要在「picture」之后，但「picture」排在后面"],
    ),
    (
        "after = [\"asked\"]",
        "after = [\"laid\"]",
        &["p.toml:52: 「laid」和「laid」互相等待，谁也做不了"],
    ),
    (
        "kind = \"photo\" }",
        "kind = \"photo\" }\nafter = [\"laid\"]\nwhen = { job = [\"repair\"] }",
        &[],
    ),
    (
        "after = [\"asked\"]",
        "after = [\"asked\"]\nwhen = { not = { fact = \"moved\" } }",
        &["p.toml:52: 「laid」要在「asked」之后，但两条不会同时出现"],
    ),
    (
        "when = { fact = \"moved\" }",
        "when = { fact = \"moved\" }\nafter = [\"laid\"]",
        &[
            "p.toml:45: 「asked」和「laid」互相等待，谁也做不了",
            "p.toml:53: 「laid」和「asked」互相等待，谁也做不了",
        ],
    ),
    // ---- evidence ----
    (
        "na_reasons = [{ id = \"none\", text = { zh = \"不用\", en = \"Not needed\" } }]\n",
        "",
        &["p.toml:50: 「laid」可以不适用，要写 na_reasons"],
    ),
    (
        "photos = { min = 1, of",
        "photos = { min = 0, of",
        &["p.toml:59: 「picture」靠照片证明，photos 里的 min 至少是 1"],
    ),
    (
        "kind = \"photo\" }",
        "kind = \"photo\", min = 2 }",
        &["p.toml:58: 不认识「min」，这种凭证只写 kind"],
    ),
    (
        "decimals = 1",
        "decimals = 9",
        &["p.toml:65: 小数最多 4 位"],
    ),
    (
        "min = \"-27\"",
        "min = \"-7\"",
        &["p.toml:65: 下限 -7 比上限 -8 大"],
    ),
    (
        "max = \"-8\"",
        "max = \"8\"",
        &["p.toml:65: 读数是负数（negative），限值却是 8"],
    ),
    (
        ", required = true },",
        " },",
        &["p.toml:66: 最后一格「after」要写 required = true"],
    ),
    (
        "  { id = \"b\", text = { zh = \"乙\", en = \"B\" } },\n",
        "",
        &["p.toml:73: 「chosen」至少要有两个选项"],
    ),
    // ---- sign-off and survey ----
    (
        "kind = \"customer_signature\"",
        "kind = \"tick\"",
        &["p.toml:0: 没有不带条件的客户签字（customer_signature）"],
    ),
    (
        "kind = \"technician_signature\" }",
        "kind = \"technician_signature\" }\nwhen = { fact = \"moved\" }",
        &["p.toml:0: 没有不带条件的师傅签字（technician_signature）"],
    ),
    (
        "options = [{ id = \"yes\", text = { zh = \"满意\", en = \"Yes\" } }, { id = \"no\", text = { zh = \"不满意\", en = \"No\" } }]",
        "options = []",
        &["p.toml:95: 问题「happy」至少要有两个选项"],
    ),
];

fn sentences(source: &str) -> Vec<String> {
    load_pack("p.toml", source)
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_minimal_pack_is_sound() {
    assert_eq!(sentences(MINIMAL), Vec::<String>::new());
}

#[test]
fn every_broken_pack_gets_its_line_and_reason() {
    let mut wrong = String::new();
    for (from, to, expected) in TABLE {
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
        gb18030[0].to_string(),
        "p.toml:2: 不是 UTF-8 文字，请另存为 UTF-8 编码"
    );
    for empty in ["", "\u{feff}", " \r\n\n"] {
        assert_eq!(sentences(empty), ["p.toml:1: 文件是空的"], "{empty:?}");
    }
    let deep = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(sentences(&deep), ["p.toml:1: 括号套得太深"]);
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
        assert!(
            errors
                .iter()
                .all(|e| e.file == file && !e.reason.is_empty() && e.line <= lines + 1)
        );
        assert!(errors.is_sorted_by_key(|e| e.line), "in file order");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn damage_never_panics(edits in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u8>()), 1..6), big in any::<bool>()) {
        let bytes = damaged(if big { CMCC } else { MINIMAL }, &edits);
        let lines = bytes.iter().filter(|b| **b == b'\n').count() + 1;
        told_properly("d.toml", load_pack_bytes("d.toml", &bytes), lines);
    }

    #[test]
    fn shuffled_lines_never_panic(edits in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..8), big in any::<bool>()) {
        let source = reordered(if big { CMCC } else { MINIMAL }, &edits);
        told_properly("d.toml", load_pack("d.toml", &source), source.lines().count());
    }
}
