//! Work orders from a file.

use doorstep_app::dto::{ImportReason, RowState};
use doorstep_domain::code::Code;
use doorstep_domain::standard::JobType;
use doorstep_stories::{Desk, HEADER, at, code, events, file, line};

fn two() -> String {
    file(&[
        line("20261122-0412", "林女士", "新装", "移动宽带"),
        line("20261122-0405", "欧阳𬱖", "修障", "电信十四步"),
    ])
}

#[test]
fn a_file_is_shown_first_and_imported_whole() {
    let desk = Desk::at_work();
    let preview = desk
        .app
        .import_preview("今天.csv", two().as_bytes())
        .unwrap();
    assert_eq!(
        (
            preview.encoding.as_str(),
            preview.ready.len(),
            preview.known
        ),
        ("UTF-8", 2, 0)
    );
    assert_eq!(preview.errors, []);
    let first = &preview.ready[0];
    assert_eq!(
        (first.line, first.job, first.at),
        (2, JobType::Install, at("14:00"))
    );
    assert_eq!(first.standard, "中国移动宽带装维");
    assert_eq!(events(&desk.app), 0, "a preview imports nothing");
    let done = desk.app.import_commit(&preview.token).unwrap();
    assert_eq!((done.imported, done.known, events(&desk.app)), (2, 0, 2));
    let names: Vec<_> = desk
        .today()
        .rows
        .into_iter()
        .map(|r| (r.customer, r.state))
        .collect();
    assert!(
        names.contains(&("欧阳𬱖".to_owned(), RowState::ToContact)),
        "{names:?}"
    );
    assert_eq!(
        code(desk.app.import_commit(&preview.token)),
        Code::ImportGone
    );
}

#[test]
fn the_same_file_twice_makes_nothing_twice() {
    let desk = Desk::at_work();
    desk.import(&two());
    let again = desk
        .app
        .import_preview("again.csv", two().as_bytes())
        .unwrap();
    assert_eq!(
        (again.ready.len(), again.known, again.errors.len()),
        (0, 2, 0)
    );
    let done = desk.app.import_commit(&again.token).unwrap();
    assert_eq!((done.imported, done.known, events(&desk.app)), (0, 2, 2));
    let more = format!(
        "{}{}\n",
        two(),
        line("20261122-0419", "吴先生", "移机", "移动宽带")
    );
    assert_eq!(desk.import(&more).len(), 1, "only what is new");
    assert_eq!(events(&desk.app), 3);
}

#[test]
fn three_encodings_of_the_same_file_are_the_same_file() {
    let desk = Desk::at_work();
    desk.import(&two());
    let bom = format!("\u{feff}{}", two());
    let text = two();
    let (gb, _, lost) = encoding_rs::GB18030.encode(&text);
    assert!(!lost, "GB18030 holds 𬱖");
    for (bytes, encoding) in [(bom.as_bytes(), "UTF-8"), (gb.as_ref(), "GB18030")] {
        let preview = desk.app.import_preview("x.csv", bytes).unwrap();
        assert_eq!((preview.encoding.as_str(), preview.known), (encoding, 2));
        assert_eq!(preview.errors, []);
    }
}

#[test]
fn one_wrong_row_keeps_the_whole_file_out() {
    let desk = Desk::at_work();
    let bad = line("20261122-0430", "韩女士", "新装", "移动宽带").replace("14:00", "下午两点");
    let preview = desk
        .app
        .import_preview("x.csv", format!("{}{bad}\n", two()).as_bytes())
        .unwrap();
    let wrong = &preview.errors[0];
    assert_eq!(
        (wrong.line, wrong.column.as_str(), wrong.reason),
        (4, "约定开始", ImportReason::BadTime)
    );
    assert_eq!(wrong.value, "2026-11-22 下午两点");
    assert_eq!(
        code(desk.app.import_commit(&preview.token)),
        Code::ImportRows
    );
    assert_eq!(
        (events(&desk.app), desk.today().total),
        (0, 0),
        "nothing half imported"
    );
}

#[test]
fn a_known_number_with_other_contents_is_named() {
    let desk = Desk::at_work();
    desk.import(&two());
    let moved = two().replace("林女士,13800001234", "林女士,13800009999");
    let preview = desk.app.import_preview("x.csv", moved.as_bytes()).unwrap();
    let wrong = &preview.errors[0];
    assert_eq!(
        (wrong.line, wrong.reason, preview.known),
        (2, ImportReason::Conflict, 1)
    );
    assert_eq!(
        code(desk.app.import_commit(&preview.token)),
        Code::ImportRows
    );
    assert_eq!(events(&desk.app), 2);
}

#[test]
fn a_spreadsheet_s_semicolons_english_headers_and_line_breaks_are_read() {
    let desk = Desk::at_work();
    let text = "order_no;customer;phone;address;job;standard;promised_start;note\n\
        A-1;林女士;13800001234;\"7 幢\n1203\";install;cmcc-broadband;2026-11-22T14:00;\"老人午睡;轻敲\"\n\
        A-2;吴先生;0571-88001234;梅园里 12 号;维修;CMCC;2026/11/22 15:30;\n";
    let preview = desk.app.import_preview("x.csv", text.as_bytes()).unwrap();
    assert_eq!(preview.errors, []);
    let rows: Vec<_> = preview.ready.iter().map(|r| (r.line, r.job)).collect();
    assert_eq!(
        rows,
        [(2, JobType::Install), (3, JobType::Repair)],
        "rows as a spreadsheet counts"
    );
    assert_eq!(preview.ready[0].address, "7 幢\n1203");
}

#[test]
fn a_quote_that_nothing_closes_swallows_no_orders() {
    let desk = Desk::at_work();
    let last = line("20261122-0412", "林女士", "新装", "移动宽带") + "\"皮线 30 m";
    let next = line("20261122-0405", "吴先生", "修障", "移动宽带");
    let refused = desk
        .app
        .import_preview("x.csv", file(&[last.clone(), next.clone()]).as_bytes());
    let refusal = doorstep_stories::refusal(refused).refusal;
    assert_eq!(
        (refusal.code, refusal.params["line"].as_str()),
        (Code::ImportFormat, "2")
    );
    let closed = file(&[format!("{last}，\"\"粗\"\"的\""), next]);
    let preview = desk.app.import_preview("x.csv", closed.as_bytes()).unwrap();
    assert_eq!((preview.ready.len(), preview.errors.len()), (2, 0));
}

#[test]
fn the_sample_beside_the_program_imports_cleanly() {
    let sample = include_bytes!("../../assets/demo/work-orders.csv");
    let header = String::from_utf8_lossy(sample);
    assert_eq!(
        header.lines().next(),
        Some(HEADER),
        "the sample shows every column"
    );
    let desk = Desk::at_work();
    let preview = desk.app.import_preview("work-orders.csv", sample).unwrap();
    assert_eq!(preview.errors, []);
    assert_eq!(
        (preview.ready.len(), preview.encoding.as_str()),
        (6, "UTF-8")
    );
    let jobs: std::collections::BTreeSet<_> = preview.ready.iter().map(|r| r.job).collect();
    let standards: std::collections::BTreeSet<_> =
        preview.ready.iter().map(|r| &r.standard).collect();
    assert_eq!(
        (jobs.len(), standards.len()),
        (3, 2),
        "every job and both standards"
    );
    assert_eq!(desk.app.import_commit(&preview.token).unwrap().imported, 6);
}
