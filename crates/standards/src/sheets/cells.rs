//! Cells as values of the file, each with its place; what cannot be read is told.

use super::book::Row;
use super::lines::{array, both, quoted};
use super::mistake::{Mistake, Place};
use super::words::{self, Words};
use super::{condition, number};
use doorstep_domain::text::Text;

/// A value as TOML writes it, and its place.
pub(super) type Written = Option<(String, Place)>;

/// Reads cells and keeps what is wrong with them.
#[derive(Default)]
pub(super) struct Cells {
    pub(super) told: Vec<Mistake>,
}

impl Cells {
    /// Tells of a mistake.
    pub(super) fn tell(&mut self, place: Place, zh: impl Into<String>, en: impl Into<String>) {
        self.told.push(Mistake::at(place, zh, en));
    }

    fn or_told<T>(&mut self, read: Result<T, Text>, place: &Place) -> Option<T> {
        read.map_err(|Text { zh, en }| self.tell(place.clone(), zh, en))
            .ok()
    }

    /// An empty cell that must say something.
    pub(super) fn missing(&mut self, row: &Row, key: &str) {
        self.tell(row.place(key), "这一格没有写", "This cell is empty");
    }

    /// Something, or it is told that there is nothing.
    pub(super) fn must(&mut self, row: &Row, key: &str, written: Written) -> Written {
        if written.is_none() && !row.has(key) {
            self.missing(row, key);
        }
        written
    }

    /// Words.
    pub(super) fn words(&self, row: &Row, key: &str) -> Written {
        row.get(key)
            .map(|(words, place)| (quoted(words), place.clone()))
    }

    /// An id as plain characters.
    pub(super) fn id(&self, row: &Row, key: &str) -> Option<(String, Place)> {
        row.get(key)
            .map(|(id, place)| (number::plain(id), place.clone()))
    }

    /// An id that must be there.
    pub(super) fn must_id(&mut self, row: &Row, key: &str) -> Option<(String, Place)> {
        let id = self.id(row, key);
        if id.is_none() {
            self.missing(row, key);
        }
        id
    }

    /// Both languages; one without the other is told.
    pub(super) fn both(&mut self, row: &Row, zh: &str, en: &str) -> Written {
        match (row.get(zh), row.get(en)) {
            (Some((z, place)), Some((e, _))) => Some((both(z, e), place.clone())),
            (None, None) => None,
            (None, Some(_)) => {
                self.tell(
                    row.place(zh),
                    "有英文没有中文，两样都要写",
                    "There is English without Chinese; write both",
                );
                None
            }
            (Some(_), None) => {
                self.tell(
                    row.place(en),
                    "有中文没有英文，两样都要写",
                    "There is Chinese without English; write both",
                );
                None
            }
        }
    }

    /// Both languages, and they must be there.
    pub(super) fn must_both(&mut self, row: &Row, zh: &str, en: &str) -> Written {
        let written = self.both(row, zh, en);
        if !row.has(zh) && !row.has(en) {
            self.missing(row, zh);
        }
        written
    }

    /// Clauses; none is an empty list, which the checks refuse where it is a mistake.
    pub(super) fn clauses(&mut self, row: &Row) -> Written {
        let written = row
            .get("clauses")
            .map(|(ids, place)| (array(&number::ids(ids)), place.clone()));
        written.or_else(|| Some(("[]".to_owned(), row.place("clauses"))))
    }

    /// A list of ids where there is one.
    pub(super) fn ids(&self, row: &Row, key: &str) -> Written {
        row.get(key)
            .map(|(ids, place)| (array(&number::ids(ids)), place.clone()))
    }

    /// A whole number.
    pub(super) fn whole(&mut self, row: &Row, key: &str, least: i64, most: i64) -> Written {
        let (cell, place) = row.get(key)?;
        let read = number::whole(cell, least, most);
        Some((self.or_told(read, place)?.to_string(), place.clone()))
    }

    /// A decimal number in quotation marks.
    pub(super) fn decimal(&mut self, row: &Row, key: &str) -> Written {
        let (cell, place) = row.get(key)?;
        let read = number::decimal(cell);
        Some((quoted(&self.or_told(read, place)?), place.clone()))
    }

    /// Yuan, written in cents.
    pub(super) fn cents(&mut self, row: &Row, key: &str) -> Written {
        let (cell, place) = row.get(key)?;
        let read = number::cents(cell);
        Some((self.or_told(read, place)?.to_string(), place.clone()))
    }

    /// Yes or no.
    pub(super) fn yes(&mut self, row: &Row, key: &str) -> Written {
        let (cell, place) = row.get(key)?;
        let read = words::yes(cell).ok_or_else(|| {
            Text::new(
                format!("「{cell}」要写成 是 或 否"),
                format!("“{cell}” must be yes or no"),
            )
        });
        Some((self.or_told(read, place)?.to_string(), place.clone()))
    }

    /// One of a list, as the file's word.
    pub(super) fn word(
        &mut self,
        row: &Row,
        key: &str,
        words: &Words,
    ) -> Option<(&'static str, Place)> {
        let (cell, place) = row.get(key)?;
        let read = words.read(cell).ok_or_else(|| unknown(cell, words));
        Some((self.or_told(read, place)?, place.clone()))
    }

    /// One of a list, in quotation marks.
    pub(super) fn quoted_word(&mut self, row: &Row, key: &str, words: &Words) -> Written {
        let (word, place) = self.word(row, key, words)?;
        Some((quoted(word), place))
    }

    /// Several of a list.
    pub(super) fn several(&mut self, row: &Row, key: &str, words: &Words) -> Written {
        let (cell, place) = row.get(key)?;
        let mut known = Vec::new();
        for one in number::list(&cell.replace(['/', '／'], "、")) {
            let read = words.read(&one).ok_or_else(|| unknown(&one, words));
            known.extend(self.or_told(read, place));
        }
        Some((array(&known), place.clone()))
    }

    /// A condition.
    pub(super) fn condition(&mut self, row: &Row, key: &str) -> Written {
        let (cell, place) = row.get(key)?;
        let read = condition::read(cell);
        Some((condition::toml(&self.or_told(read, place)?), place.clone()))
    }

    /// Tells of every filled column that is not among these.
    pub(super) fn only(&mut self, row: &Row, wanted: &[&str], zh: &str, en: &str) {
        let extra: Vec<&str> = row.filled().filter(|key| !wanted.contains(key)).collect();
        for key in extra {
            self.tell(row.place(key), zh, en);
        }
    }
}

fn unknown(cell: &str, words: &Words) -> Text {
    Text::new(
        format!("不认识「{cell}」，只能写：{}", words.choices("、")),
        format!("“{cell}” is not known; only these: {}", words.choices(", ")),
    )
}
