//! The spreadsheet file itself: cells in, cells out.

use super::book::{Found, Raw, RawSheet};
use super::export::Rows;
use super::form::{Column, HELP, Kind, SHEETS, Sheet};
use super::mistake::Mistake;
use super::words::{self, Words};
use calamine::{DataRef, Reader as _, Xlsx};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    Formula, Workbook, Worksheet, XlsxError,
};
use std::io::Cursor;

/// Rows that get a list to choose from.
const PREPARED_ROWS: u32 = 500;
/// More cells than any standard has.
const MAX_CELLS: usize = 200_000;

/// The file for these rows. The same rows are the same bytes.
pub(super) fn write(rows: &Rows) -> Result<Vec<u8>, Vec<Mistake>> {
    let failed = |e: XlsxError| {
        vec![Mistake::whole(
            format!("写不成表格：{e}"),
            format!("The spreadsheet cannot be written: {e}"),
        )]
    };
    filled(rows)
        .and_then(|mut book| book.save_to_buffer())
        .map_err(failed)
}

fn filled(rows: &Rows) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // one date for all, so that an export that changed nothing is the same file
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let none = Vec::new();
    for sheet in SHEETS {
        let page = book.add_worksheet();
        page.set_name(sheet.name())?;
        page.set_freeze_panes(1, sheet.frozen)?;
        for (at, column) in (0_u16..).zip(sheet.columns) {
            prepare(page, at, column)?;
        }
        for (line, row) in (1_u32..).zip(rows.get(sheet.key).unwrap_or(&none)) {
            for (at, column) in (0_u16..).zip(sheet.columns) {
                if let Some(cell) = row.get(column.key) {
                    fill(page, (line, at), column, cell)?;
                }
            }
        }
    }
    help(book.add_worksheet())?;
    Ok(book)
}

fn fill(
    page: &mut Worksheet,
    (line, at): (u32, u16),
    column: &Column,
    cell: &str,
) -> Result<(), XlsxError> {
    let number: Option<f64> = match column.kind {
        Kind::Number => cell.parse().ok().filter(|n: &f64| n.to_string() == cell),
        _ => None,
    };
    match number {
        Some(number) => page.write_number_with_format(line, at, number, &top(Format::new()))?,
        None => page.write_string_with_format(line, at, cell, &words_format())?,
    };
    Ok(())
}

fn top(format: Format) -> Format {
    format.set_align(FormatAlign::Top)
}

/// Cells for words are cells for words: what looks like a date or a formula stays as it was typed.
fn words_format() -> Format {
    top(Format::new().set_num_format("@").set_text_wrap())
}

fn prepare(page: &mut Worksheet, at: u16, column: &Column) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_background_color("#E8EEF4")
        .set_text_wrap();
    let width = match column.kind {
        Kind::Text => 32.0,
        Kind::Condition | Kind::Mixed => 24.0,
        Kind::Ids | Kind::Word(_) => 18.0,
        Kind::Number | Kind::Yes => 11.0,
    };
    let format = match column.kind {
        Kind::Number => top(Format::new()),
        _ => words_format(),
    };
    page.set_column_format(at, &format)?;
    page.set_column_width(at, width)?;
    page.write_string_with_format(0, at, column.header(), &head)?;
    let words = match column.kind {
        Kind::Word(words) => words,
        Kind::Yes => &words::YES,
        _ => return Ok(()),
    };
    if let Some(list) = choices(words) {
        // other words are read too, so a spreadsheet only warns
        let list = DataValidation::new()
            .allow_list_formula(list)
            .set_error_style(DataValidationErrorStyle::Warning);
        page.add_data_validation(1, at, PREPARED_ROWS, at, &list)?;
    }
    Ok(())
}

/// Where the help sheet lists these words.
fn choices(wanted: &Words) -> Option<Formula> {
    let (at, words) = words::EVERY
        .iter()
        .enumerate()
        .find(|(_, w)| w.zh == wanted.zh)?;
    let letter = char::from(b'A' + u8::try_from(at).ok()?);
    let last = words.all.len() + 1;
    Some(Formula::new(format!(
        "='{} ({})'!${letter}$2:${letter}${last}",
        HELP.0, HELP.1
    )))
}

fn help(page: &mut Worksheet) -> Result<(), XlsxError> {
    page.set_name(format!("{} ({})", HELP.0, HELP.1))?;
    for (at, words) in (0_u16..).zip(words::EVERY) {
        page.set_column_width(at, 26.0)?;
        page.write_string_with_format(0, at, words.zh, &Format::new().set_bold())?;
        for (line, (code, _)) in (1_u32..).zip(words.all) {
            page.write_string(line, at, words.show(code))?;
        }
    }
    let notes = [
        "条件写成：moved 且 作业=新装、移机；可以用 且、或、非 和括号。几个编号之间用顿号。",
        "模块：一行只写「模块」，就把那个模块的检查项放在这里；下面再写一行「模块」加「编号」，给其中一条换说法、加出处。",
        "套装、评价、读数：第一行是它自己，下面每行是其中的一样、一个答案、一格。",
        "Conditions: moved and job=install, move; use and, or, not and brackets. Ids are parted by commas.",
        "Modules: a row with “use” alone puts the module's rows here; rows beneath with “use” and “id” change words or add clauses.",
        "Kits, survey, readings: the first row is the thing itself; each row beneath is one member, answer or field of it.",
    ];
    for (line, note) in (20_u32..).zip(notes) {
        page.write_string(line, 0, note)?;
    }
    Ok(())
}

/// Every sheet of a file with its cells; the help sheet is left out.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<RawSheet>, Mistake> {
    if bytes.len() > super::MAX_BYTES {
        let most = super::MAX_BYTES / 1024 / 1024;
        return Err(Mistake::whole(
            format!("表格太大，最多 {most} MB"),
            format!("The spreadsheet is too large; at most {most} MB"),
        ));
    }
    let broken = |_| {
        Mistake::whole(
            "这不是能读的 xlsx 表格，请另存为 .xlsx（不加密码）",
            "This is no xlsx spreadsheet that can be read; save it as .xlsx without a password",
        )
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        if super::form::names(&name, HELP.0, HELP.1) {
            continue;
        }
        let mut sheet = RawSheet::new(&name);
        let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
        while let Some(cell) = cells.next_cell_with_formula().map_err(broken)? {
            let (row, column) = cell.pos;
            let raw = match cell.formula.is_some_and(|f| !f.is_empty()) {
                true => Raw::Formula,
                false => raw(&cell.value),
            };
            if raw != Raw::Empty {
                sheet.cells.push(Found { row, column, raw });
            }
            if sheet.cells.len() > MAX_CELLS {
                return Err(Mistake::whole(
                    "表格里的格子太多",
                    "The spreadsheet has too many cells",
                ));
            }
        }
        drop(cells);
        let merged = book.merge_cells_by_sheet_name(&name).map_err(broken)?;
        sheet.merged = merged.iter().map(|m| (m.start, m.end)).collect();
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn raw(value: &DataRef<'_>) -> Raw {
    match value {
        DataRef::Empty => Raw::Empty,
        DataRef::String(s) => words(s),
        DataRef::SharedString(s) => words(s),
        DataRef::Int(n) => Raw::Words(n.to_string()),
        DataRef::Float(f) => Raw::Words(number(*f)),
        DataRef::Bool(b) => Raw::Words(b.to_string()),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            match at.as_f64() {
                n if n < 1.0 => Raw::Clock(format!("{hour:02}:{minute:02}")),
                n if n.fract() == 0.0 => Raw::Day(format!("{year:04}-{month:02}-{day:02}")),
                _ => Raw::Moment,
            }
        }
        DataRef::DateTimeIso(day) if day.len() == 10 => Raw::Day(day.clone()),
        DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Raw::Moment,
        DataRef::Error(e) => Raw::Error(e.to_string()),
    }
}

fn words(words: &str) -> Raw {
    match words.trim() {
        "" => Raw::Empty,
        words => Raw::Words(words.replace("\r\n", "\n")),
    }
}

/// A number as people see it: no `.0`, no exponent.
fn number(f: f64) -> String {
    // fifteen digits are what a spreadsheet keeps
    let shown = format!("{f:.9}");
    shown.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The sheet of the form with this name.
pub(super) fn known(name: &str) -> Option<&'static Sheet> {
    SHEETS
        .into_iter()
        .find(|s| super::form::names(name, s.zh, s.key))
}
