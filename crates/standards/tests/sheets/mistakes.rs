//! Bad spreadsheets, each with the exact sentence.

use crate::round_trip::{EVERYTHING, with_things};
use calamine::{Data, Range, Reader, Xlsx};
use doorstep_standards::sheets::{export, import};
use rust_xlsxwriter::Workbook;
use std::io::Cursor;

/// Every cell of the good spreadsheet, changed by `edit`, as a file again.
pub(crate) fn changed(edit: impl Fn(&str, &mut Vec<Vec<String>>)) -> Vec<u8> {
    let bytes = export(EVERYTHING).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut out = Workbook::new();
    for name in book.sheet_names() {
        let range: Range<Data> = book.worksheet_range(&name).unwrap();
        let mut rows: Vec<Vec<String>> = range
            .rows()
            .map(|row| row.iter().map(ToString::to_string).collect())
            .collect();
        edit(name.split(' ').next().unwrap(), &mut rows);
        let page = out.add_worksheet();
        page.set_name(&name).unwrap();
        for (r, row) in (0_u32..).zip(&rows) {
            for (c, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                page.write_string(r, c, cell).unwrap();
            }
        }
    }
    out.save_to_buffer().unwrap()
}

fn told(bytes: &[u8]) -> Vec<String> {
    let mistakes = import(&with_things(), "everything.toml", bytes).unwrap_err();
    mistakes.iter().map(ToString::to_string).collect()
}

/// The row (from 1) whose cells have `id`, and the column of a header.
fn find(rows: &[Vec<String>], id: &str, header: &str) -> (usize, usize) {
    let row = rows
        .iter()
        .position(|r| r.iter().any(|c| c == id))
        .unwrap_or_else(|| panic!("{id}"));
    let head = format!("({header})");
    (
        row,
        rows[0]
            .iter()
            .position(|c| c.ends_with(&head))
            .unwrap_or_else(|| panic!("{header}")),
    )
}

/// One cell changed: sheet, a cell of its row, its column, what to write, what is told.
const CELLS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "规范",
        "版本 (version)",
        "value",
        "两",
        "工作表「规范 (head)」第 3 行 B 列「内容 (value)」：「两」要写成 1 到 4294967295 的整数 / Sheet “规范 (head)”, row 3, column B “内容 (value)”: “两” must be a whole number from 1 to 4294967295",
    ),
    (
        "规范",
        "名称 (name)",
        "value_en",
        "",
        "C 列「英文 (value_en)」：有中文没有英文，两样都要写",
    ),
    (
        "规范",
        "作业 (job_types)",
        "value",
        "新装、拆机",
        "「拆机」，只能写：新装 (install)、移机 (move)、修障 (repair)",
    ),
    (
        "规范",
        "热线 (hotline)",
        "value",
        "",
        "第 8 行 B 列「内容 (value)」：这一格没有写",
    ),
    (
        "规范",
        "热线 (hotline)",
        "field",
        "电话",
        "不认识这一项，可以有：编号、版本、名称",
    ),
    (
        "阶段",
        "prepare",
        "stage",
        "门口",
        "F 列「环节 (stage)」：不认识「门口」，只能写：预约 (appointment)",
    ),
    (
        "检查项",
        "call",
        "phase",
        "prepaer",
        "A 列「阶段 (phase)」：没有「prepaer」这个阶段",
    ),
    (
        "检查项",
        "call",
        "evidence",
        "打电话",
        "I 列「凭证 (evidence)」：不认识「打电话」",
    ),
    (
        "检查项",
        "call",
        "setting",
        "bag",
        "J 列「凭证设置 (setting)」：这种凭证不写这一格",
    ),
    (
        "检查项",
        "call",
        "required",
        "也许",
        "R 列「必做 (required)」：「也许」要写成 是 或 否",
    ),
    (
        "检查项",
        "call",
        "when",
        "high 且 and 或",
        "「条件 (when)」",
    ),
    (
        "检查项",
        "agreed",
        "after",
        "cal",
        "U 列「在这些之后 (after)」：「agreed」要在「cal」之后，但没有这个检查项",
    ),
    (
        "检查项",
        "agreed",
        "clauses",
        "S03-1",
        "V 列「出处 (clauses)」：出处「S03-1」应像 S37-12，自己加的写 OURS",
    ),
    (
        "检查项",
        "agreed",
        "clauses",
        "",
        "V 列「出处 (clauses)」：没有写出处",
    ),
    (
        "检查项",
        "agreed",
        "id",
        "call",
        "B 列「编号 (id)」：编号「call」用了两次",
    ),
    (
        "检查项",
        "都放回去",
        "use",
        "other",
        "上面要先有一行只写模块「other」",
    ),
    ("检查项", "gear", "facts", "是", "这一列只写在模块那一行"),
    (
        "检查项",
        "shown",
        "photos_min",
        "300",
        "N 列「最少几张照片 (photos_min)」：「300」要写成 0 到 255 的整数",
    ),
    (
        "读数",
        "light",
        "item",
        "lihgt",
        "没有这个检查项，或它的凭证不是读数",
    ),
    (
        "读数",
        "light",
        "min",
        "很低",
        "I 列「下限 (min)」：「很低」要写成数，如 -27 或 0.5",
    ),
    (
        "读数",
        "light",
        "max",
        "3",
        "J 列「上限 (max)」：读数是负数（negative），限值却是 3",
    ),
    (
        "套装",
        "tape",
        "kit",
        "bog",
        "「bog」先写一行它自己，再写这一行",
    ),
    (
        "话术",
        "您好",
        "kind",
        "说",
        "B 列「种类 (kind)」：不认识「说」",
    ),
    (
        "理由",
        "rain",
        "list",
        "",
        "A 列「用在 (list)」：这一格没有写",
    ),
    ("理由", "a", "item", "call", "没有这样凭证的检查项"),
    (
        "数字",
        "earliest_early",
        "figure",
        "earliest",
        "这条规则没有「earliest」，可以写：latest_early、earliest_early",
    ),
    (
        "数字",
        "earliest_early",
        "figure",
        "latest_early",
        "这一项写了两遍",
    ),
    (
        "数字",
        "sold_from",
        "value",
        "2005年",
        "C 列「数值 (value)」：日期写成 2005-01-01 这样",
    ),
    (
        "价格",
        "pipe",
        "yuan",
        "一百",
        "F 列「单价元 (yuan)」：「一百」要写成元，最多两位小数",
    ),
    (
        "装备",
        "helmet",
        "months",
        "0",
        "「0」要写成 1 到 600 的整数",
    ),
];

#[test]
fn every_bad_cell_is_told_with_sheet_row_and_column() {
    for (sheet, row, column, to, words) in CELLS {
        let bytes = changed(|name, rows| {
            if name == *sheet {
                let (r, c) = find(rows, row, column);
                rows[r][c] = (*to).to_owned();
            }
        });
        let told = told(&bytes);
        assert!(
            told.iter()
                .any(|t| t.contains(words) && t.contains(&format!("工作表「{sheet} ("))),
            "{words}: {told:#?}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let bytes = changed(|name, rows| {
        if name == "检查项" {
            for (id, column, to) in [
                ("call", "evidence", "?"),
                ("agreed", "required", "?"),
                ("gear", "when", "?"),
            ] {
                let (r, c) = find(rows, id, column);
                rows[r][c] = to.to_owned();
            }
        }
    });
    assert_eq!(told(&bytes).len(), 3);
    let bytes = changed(|name, rows| {
        if name == "检查项" {
            for (id, column, to) in [
                ("agreed", "after", "x"),
                ("gear", "clauses", "x"),
                ("kind", "when", "moved and x"),
            ] {
                let (r, c) = find(rows, id, column);
                rows[r][c] = to.to_owned();
            }
        }
    });
    assert_eq!(told(&bytes).len(), 3, "{:#?}", told(&bytes));
}

#[test]
fn a_spreadsheet_of_another_shape_is_told() {
    let without = changed(|name, rows| {
        if name == "阶段" {
            rows.clear();
        }
    });
    assert!(told(&without)[0].starts_with("工作表「阶段 (phases)」：少了这个工作表，或是空的"));
    let headless = changed(|name, rows| {
        if name == "装备" {
            rows.remove(0);
        }
    });
    assert!(
        told(&headless)[0].starts_with("工作表「装备 (gear)」：没有表头，第一行要写：编号 (id)")
    );
    let other = changed(|name, rows| {
        if name == "装备" {
            rows[0][3] = "月".to_owned();
        }
    });
    assert!(
        told(&other)[0].starts_with(
            "工作表「装备 (gear)」第 1 行 D 列「月」：不认识这一列，可以有：编号 (id)"
        )
    );
    let nothing = import(&with_things(), "x.toml", b"PK not a zip").unwrap_err();
    assert!(nothing[0].to_string().starts_with("这不是能读的 xlsx 表格"));
}
