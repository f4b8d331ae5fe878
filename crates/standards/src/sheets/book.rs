//! A spreadsheet's cells as rows with named columns, and what is wrong with its shape.

use super::form::{SHEETS, Sheet};
use super::mistake::{Mistake, Place};
use super::workbook;
use std::collections::{BTreeMap, BTreeSet};

/// The header stands within so many rows.
const HEADER_WITHIN: u32 = 10;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Empty,
    Words(String),
    /// A date, `2005-01-01`.
    Day(String),
    /// A time of day, `09:00`.
    Clock(String),
    /// A date with a time of day, or a length of time.
    Moment,
    Formula,
    /// `#N/A` and the like.
    Error(String),
}

/// A cell that is not empty.
pub(super) struct Found {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) raw: Raw,
}

/// A sheet as it lies in the file; rows and columns from 0.
pub(super) struct RawSheet {
    pub(super) name: String,
    pub(super) cells: Vec<Found>,
    pub(super) merged: Vec<((u32, u32), (u32, u32))>,
}

impl RawSheet {
    pub(super) fn new(name: &str) -> RawSheet {
        RawSheet {
            name: name.to_owned(),
            cells: Vec::new(),
            merged: Vec::new(),
        }
    }
}

/// One row under the header.
pub(super) struct Row {
    /// What it holds, by column.
    cells: BTreeMap<&'static str, (String, Place)>,
    /// Where the columns are, empty ones too.
    columns: BTreeMap<&'static str, (u32, String)>,
    /// The row without a column.
    place: Place,
}

impl Row {
    /// The words of a cell and its place.
    pub(super) fn get(&self, key: &str) -> Option<(&str, &Place)> {
        self.cells
            .get(key)
            .map(|(words, place)| (words.as_str(), place))
    }

    /// Whether a cell says something.
    pub(super) fn has(&self, key: &str) -> bool {
        self.cells.contains_key(key)
    }

    /// The place of a cell, empty or not.
    pub(super) fn place(&self, key: &str) -> Place {
        let column = self.columns.get(key).cloned();
        Place {
            column,
            ..self.place.clone()
        }
    }

    /// The columns that say something.
    pub(super) fn filled(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.cells.keys().copied()
    }
}

/// The rows of every sheet by its name in code.
#[derive(Default)]
pub(super) struct Book {
    rows: BTreeMap<&'static str, Vec<Row>>,
    /// What is wrong with the shape of the file.
    pub(super) told: Vec<Mistake>,
}

impl Book {
    /// The rows of a sheet.
    pub(super) fn rows(&self, sheet: &Sheet) -> &[Row] {
        self.rows.get(sheet.key).map_or(&[], Vec::as_slice)
    }

    /// Finds sheets, headers and rows.
    pub(super) fn of(sheets: Vec<RawSheet>) -> Book {
        let mut book = Book::default();
        let mut seen = BTreeSet::new();
        for raw in sheets.into_iter().filter(|s| !s.cells.is_empty()) {
            match workbook::known(&raw.name) {
                Some(sheet) if seen.insert(sheet.key) => book.sheet(sheet, raw),
                Some(_) => book.told.push(Mistake::at(
                    whole(&raw.name),
                    "这个工作表有两份",
                    "This sheet is there twice",
                )),
                None => {
                    let names: Vec<String> = SHEETS.iter().map(|s| s.name()).collect();
                    book.told.push(Mistake::at(
                        whole(&raw.name),
                        format!("不认识这个工作表，可以有：{}", names.join("、")),
                        format!("This sheet is not known; possible: {}", names.join(", ")),
                    ));
                }
            }
        }
        for sheet in [
            &super::form::HEAD,
            &super::form::PHASES,
            &super::form::ITEMS,
        ] {
            if !seen.contains(sheet.key) {
                book.told.push(Mistake::at(
                    Place::sheet(sheet),
                    "少了这个工作表，或是空的",
                    "This sheet is missing or empty",
                ));
            }
        }
        book
    }

    fn sheet(&mut self, sheet: &'static Sheet, raw: RawSheet) {
        let Some((header, columns)) = header(sheet, &raw, &mut self.told) else {
            let first: Vec<String> = sheet
                .columns
                .iter()
                .take(3)
                .map(super::form::Column::header)
                .collect();
            self.told.push(Mistake::at(
                whole(&raw.name),
                format!("没有表头，第一行要写：{}……", first.join("、")),
                format!(
                    "There is no header; the first row has: {} …",
                    first.join(", ")
                ),
            ));
            return;
        };
        let place = |row: u32, column: Option<(u32, String)>| Place {
            sheet: raw.name.clone(),
            row: row + 1,
            column,
        };
        let by_key: BTreeMap<&'static str, (u32, String)> = columns
            .iter()
            .map(|(at, (key, title))| (*key, (*at, title.clone())))
            .collect();
        let mut rows: BTreeMap<u32, BTreeMap<&'static str, (String, Place)>> = BTreeMap::new();
        let below = raw.cells.iter().filter(|c| c.row > header);
        for Found {
            row,
            column,
            raw: value,
        } in below
        {
            let Some((key, title)) = columns.get(column) else {
                let (zh, en) = ("这一列没有表头", "This column has no header");
                self.told.push(Mistake::at(
                    place(*row, Some((*column, String::new()))),
                    zh,
                    en,
                ));
                continue;
            };
            if key.is_empty() {
                continue;
            }
            let place = place(*row, Some((*column, title.clone())));
            match said(value, key) {
                Ok(words) => {
                    rows.entry(*row).or_default().insert(key, (words, place));
                }
                Err((zh, en)) => self.told.push(Mistake::at(place, zh, en)),
            }
        }
        for (from, to) in raw.merged.iter().filter(|(from, _)| from.0 > header) {
            if to.1 > from.1 {
                let column = columns
                    .get(&from.1)
                    .map(|(_, title)| (from.1, title.clone()));
                let (zh, en) = (
                    "合并单元格跨了几列，请取消合并",
                    "Cells of several columns are merged; unmerge them",
                );
                self.told.push(Mistake::at(place(from.0, column), zh, en));
            } else if let Some((key, title)) = columns.get(&from.1) {
                // one value over several rows holds for each of them
                let words = rows
                    .get(&from.0)
                    .and_then(|r| r.get(key))
                    .map(|(words, _)| words.clone());
                for row in from.0 + 1..=to.0.min(from.0 + 10_000) {
                    if let (Some(words), Some(cells)) = (&words, rows.get_mut(&row)) {
                        let place = place(row, Some((from.1, title.clone())));
                        cells.entry(key).or_insert((words.clone(), place));
                    }
                }
            }
        }
        let rows = rows.into_iter().map(|(row, cells)| Row {
            cells,
            columns: by_key.clone(),
            place: place(row, None),
        });
        self.rows.insert(sheet.key, rows.collect());
    }
}

fn whole(name: &str) -> Place {
    Place {
        sheet: name.to_owned(),
        row: 0,
        column: None,
    }
}

/// The words of a cell; dates only where figures stand.
fn said(raw: &Raw, key: &str) -> Result<String, (String, String)> {
    match raw {
        Raw::Words(words) => Ok(words.trim().to_owned()),
        Raw::Day(at) | Raw::Clock(at) if key == "value" => Ok(at.clone()),
        Raw::Day(_) | Raw::Clock(_) | Raw::Moment => Err((
            "表格软件把这一格当成了日期或时间，请把格式改成文本再写".to_owned(),
            "The spreadsheet took this cell for a date or time; set its format to text and write it again".to_owned(),
        )),
        Raw::Formula => Err((
            "这一格是公式，请改成写好的内容".to_owned(),
            "This cell is a formula; write what it should say".to_owned(),
        )),
        Raw::Error(e) => Err((format!("这一格是错误值 {e}"), format!("This cell is an error, {e}"))),
        Raw::Empty => Ok(String::new()),
    }
}

/// The columns of a sheet by their number.
type Columns = BTreeMap<u32, (&'static str, String)>;

/// The row of the header and its columns: the first row that names two of them.
fn header(
    sheet: &'static Sheet,
    raw: &RawSheet,
    told: &mut Vec<Mistake>,
) -> Option<(u32, Columns)> {
    let name = |cell: &Found| match &cell.raw {
        Raw::Words(title) => sheet
            .columns
            .iter()
            .find(|c| super::form::names(title, c.zh, c.key))
            .map(|c| (c.key, title.clone())),
        _ => None,
    };
    let row = (0..HEADER_WITHIN).find(|row| {
        let cells = raw.cells.iter().filter(|c| c.row == *row);
        cells.filter_map(name).count() >= 2
    })?;
    let mut columns = Columns::new();
    for cell in raw.cells.iter().filter(|c| c.row == row) {
        let title = match &cell.raw {
            Raw::Words(title) => title.clone(),
            _ => String::new(),
        };
        let place = Place {
            sheet: raw.name.clone(),
            row: row + 1,
            column: Some((cell.column, title.clone())),
        };
        match name(cell) {
            Some((key, _)) if columns.values().any(|(k, _)| *k == key) => {
                told.push(Mistake::at(
                    place,
                    "这一列有两份",
                    "This column is there twice",
                ));
            }
            Some(known) => {
                columns.insert(cell.column, known);
            }
            None => {
                let all: Vec<String> = sheet
                    .columns
                    .iter()
                    .map(super::form::Column::header)
                    .collect();
                told.push(Mistake::at(
                    place,
                    format!("不认识这一列，可以有：{}", all.join("、")),
                    format!("This column is not known; possible: {}", all.join(", ")),
                ));
                // its cells were told with it
                columns.insert(cell.column, ("", title));
            }
        }
    }
    Some((row, columns))
}
