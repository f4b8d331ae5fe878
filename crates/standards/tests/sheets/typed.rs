//! What spreadsheet programs make of what people type: numbers, dates, formulas, merged cells, blanks.

use crate::round_trip::{EVERYTHING, with_things};
use doorstep_domain::standard::load::load_with;
use doorstep_standards::sheets::import;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// A small sound spreadsheet with Chinese headers only; `edit` sees each sheet when it is written.
fn small(edit: impl Fn(&str, &mut Worksheet)) -> Vec<u8> {
    let sheets: [(&str, &[&[&str]]); 6] = [
        (
            "规范",
            &[
                &["项目", "内容", "英文"],
                &["编号", "ｓｍａｌｌ"],
                &["版本", "３"],
                &["名称", " 小规范　", "Small"],
                &["公司", "公司", "Company"],
                &["单据名称", "单子", "Form"],
                &["证件叫法", "工牌", "badge"],
                &["热线", "10000"],
                &["目录", "Ｓ０３"],
                &["作业", "新装/修障"],
                &["单据栏目", "签字"],
            ],
        ),
        (
            "阶段",
            &[
                &["编号", "名称", "英文名称", "环节"],
                &["work", "施工", "Work", "屋里"],
                &[],
                &["sign", "签字", "Sign", "sign_off"],
            ],
        ),
        (
            "检查项",
            &[
                &["阶段", "编号", "中文", "英文", "凭证", "出处"],
                &[
                    "work",
                    "mat",
                    "铺垫布",
                    "Mat",
                    "打勾",
                    "Ｓ０３－０１ S03-02，OURS",
                ],
                &[],
                &["sign", "customer", "客户签", "Customer", "客户签字", "OURS"],
                &[
                    "sign",
                    "technician",
                    "师傅签",
                    "Technician",
                    "师傅签字 (technician_signature)",
                    "ours",
                ],
            ],
        ),
        (
            "评价",
            &[
                &["id", "答案", "中文", "英文", "算不满意", "出处"],
                &["good", "", "满意吗", "Satisfied?", "", "OURS"],
                &["good", "yes", "满意", "Yes"],
                &["good", "no", "不满意", "No", "是"],
            ],
        ),
        (
            "理由",
            &[
                &["用在", "编号", "中文", "英文"],
                &["挂起", "any", "有事", "Something"],
                &["return_reasons", "any", "有事", "Something"],
                &["改约 (change_reasons)", "any", "有事", "Something"],
                &["没签成", "any", "有事", "Something"],
                &["读数超限", "any", "有事", "Something"],
                &["套装不齐", "any", "有事", "Something"],
            ],
        ),
        (
            "数字",
            &[
                &["rule", "figure", "value", "clauses"],
                &["保修", "years", "6"],
                &["warranty", "sold_from", "2005-01-01"],
                &["service_hours", "from", "09:00"],
                &["service_hours", "to", "18:00"],
            ],
        ),
    ];
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let page = book.add_worksheet();
        page.set_name(name).unwrap();
        for (r, row) in (0_u32..).zip(rows) {
            for (c, cell) in (0_u16..).zip(*row) {
                let cell = if *cell == "ours" { "OURS" } else { cell };
                page.write_string(r, c, cell).unwrap();
            }
        }
        edit(name, page);
    }
    book.save_to_buffer().unwrap()
}

fn told(bytes: &[u8]) -> Vec<String> {
    let mistakes = import(&with_things(), "small.toml", bytes).unwrap_err();
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn chinese_headers_blank_rows_and_full_width_characters_are_read() {
    let done = import(&with_things(), "small.toml", &small(|_, _| {}))
        .unwrap_or_else(|e| panic!("{e:#?}"));
    let pack = &done.pack.pack;
    assert_eq!(
        (pack.id.as_str(), pack.version, pack.name.zh.as_str()),
        ("small", 3, "小规范")
    );
    assert_eq!(pack.systems, ["S03"]);
    assert_eq!(pack.job_types.len(), 2);
    assert_eq!(
        pack.phases[0].items[0].clauses,
        ["S03-01", "S03-02", "OURS"]
    );
    // what was imported is an ordinary pack of its own
    assert_eq!(
        load_with(&with_things(), "small.toml", &done.source)
            .unwrap()
            .pack,
        *pack
    );
    assert_ne!(done.source, EVERYTHING);
}

#[test]
fn numbers_dates_and_times_of_a_spreadsheet_are_figures() {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let clock = Format::new().set_num_format("hh:mm");
    let bytes = small(|name, page| match name {
        "规范" => {
            page.write_number(2, 1, 3).unwrap();
            page.write_number(7, 1, 10_086).unwrap();
        }
        "数字" => {
            page.write_number(1, 2, 6).unwrap();
            let sold = ExcelDateTime::from_ymd(2005, 1, 1).unwrap();
            page.write_datetime_with_format(2, 2, &sold, &day).unwrap();
            let nine = ExcelDateTime::from_hms(8, 30, 0).unwrap();
            page.write_datetime_with_format(3, 2, &nine, &clock)
                .unwrap();
        }
        _ => {}
    });
    let done = import(&with_things(), "small.toml", &bytes).unwrap_or_else(|e| panic!("{e:#?}"));
    let rules = &done.pack.pack.rules;
    assert_eq!(done.pack.pack.hotline, "10086");
    assert_eq!(
        rules.warranty.as_ref().unwrap().sold_from.as_deref(),
        Some("2005-01-01")
    );
    assert_eq!(rules.service_hours.as_ref().unwrap().from, "08:30");
}

#[test]
fn a_date_where_words_belong_a_formula_and_an_error_are_told() {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = small(|name, page| {
        if name == "检查项" {
            let slip = ExcelDateTime::from_ymd(2026, 3, 1).unwrap();
            page.write_datetime_with_format(1, 5, &slip, &day).unwrap();
            page.write_formula(
                3,
                2,
                Formula::new("=CONCAT(\"客户\",\"签\")").set_result("客户签"),
            )
            .unwrap();
        }
    });
    let told = told(&bytes);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("工作表「检查项」第 2 行 F 列「出处」：表格软件把这一格当成了日期或时间，请把格式改成文本再写"));
    assert!(
        told[1].starts_with("工作表「检查项」第 4 行 C 列「中文」：这一格是公式，请改成写好的内容")
    );
}

#[test]
fn cells_merged_downwards_hold_for_each_row_and_sideways_are_told() {
    let plain = Format::new();
    let bytes = small(|name, page| {
        if name == "检查项" {
            page.merge_range(3, 0, 4, 0, "sign", &plain).unwrap();
        }
    });
    let done = import(&with_things(), "small.toml", &bytes).unwrap_or_else(|e| panic!("{e:#?}"));
    assert_eq!(done.pack.pack.phases[1].items.len(), 2);
    let bytes = small(|name, page| {
        if name == "检查项" {
            page.merge_range(3, 2, 3, 3, "客户签", &plain).unwrap();
        }
    });
    assert!(told(&bytes).iter().any(|t| {
        t.starts_with("工作表「检查项」第 4 行 C 列「中文」：合并单元格跨了几列，请取消合并")
    }));
}

#[test]
fn a_title_above_the_header_is_no_header() {
    let bytes = small(|name, page| {
        if name == "数字" {
            page.write_string(0, 0, "保修和时间").unwrap();
            for c in 1..4 {
                page.write_blank(0, c, &Format::new()).unwrap();
            }
            for (c, head) in (0_u16..).zip(["规则", "项", "数值", "出处"]) {
                page.write_string(1, c, head).unwrap();
            }
        }
    });
    // the header took the place of the years, so only they are missing
    let told = told(&bytes);
    assert!(told.iter().all(|t| t.contains("years")), "{told:#?}");
}
