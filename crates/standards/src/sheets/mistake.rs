//! Where in a spreadsheet something is wrong, and what.

use super::form::Sheet;
use doorstep_domain::text::Text;
use std::fmt;

/// A cell of a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sheet as the file calls it.
    pub sheet: String,
    /// The row as a spreadsheet shows it, from 1; 0: the sheet as a whole.
    pub row: u32,
    /// The column from 0 and its header, where one column is to blame.
    pub column: Option<(u32, String)>,
}

impl Place {
    /// A whole sheet.
    pub(super) fn sheet(sheet: &Sheet) -> Place {
        Place {
            sheet: sheet.name(),
            row: 0,
            column: None,
        }
    }
}

/// Letters of a column, `0` → `A`, `27` → `AB`.
fn letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        match column / 26 {
            0 => break,
            rest => column = rest - 1,
        }
    }
    letters.iter().rev().collect()
}

/// One mistake: in a cell, or in the whole file where there is no cell to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where; none: the whole file.
    pub place: Option<Place>,
    /// What is wrong and what to write instead, in plain words.
    pub reason: Text,
}

impl Mistake {
    /// A mistake of the file as a whole.
    pub(super) fn whole(zh: impl Into<String>, en: impl Into<String>) -> Mistake {
        Mistake {
            place: None,
            reason: Text::new(zh, en),
        }
    }

    /// A mistake in a place.
    pub(super) fn at(place: Place, zh: impl Into<String>, en: impl Into<String>) -> Mistake {
        Mistake {
            place: Some(place),
            reason: Text::new(zh, en),
        }
    }

    /// The whole sentence in Chinese and in English.
    #[must_use]
    pub fn told(&self) -> Text {
        let Text { zh, en } = &self.reason;
        let Some(Place { sheet, row, column }) = &self.place else {
            return self.reason.clone();
        };
        match (row, column) {
            (0, _) => Text::new(
                format!("工作表「{sheet}」：{zh}"),
                format!("Sheet “{sheet}”: {en}"),
            ),
            (_, None) => Text::new(
                format!("工作表「{sheet}」第 {row} 行：{zh}"),
                format!("Sheet “{sheet}”, row {row}: {en}"),
            ),
            (_, Some((column, header))) => {
                let letters = letters(*column);
                Text::new(
                    format!("工作表「{sheet}」第 {row} 行 {letters} 列「{header}」：{zh}"),
                    format!("Sheet “{sheet}”, row {row}, column {letters} “{header}”: {en}"),
                )
            }
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Text { zh, en } = self.told();
        write!(f, "{zh} / {en}")
    }
}

impl std::error::Error for Mistake {}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let all: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).into();
        assert_eq!(all, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
