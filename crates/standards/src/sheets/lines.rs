//! TOML line by line, each line with the cell that it came from: a mistake in a line is told of the cell.

use super::mistake::Place;
use std::fmt::Write as _;

/// The text of a pack as it grows.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: String,
    pub(super) places: Vec<Option<Place>>,
}

impl Lines {
    /// One line.
    pub(super) fn line(&mut self, line: &str, place: Option<Place>) {
        self.text.push_str(line);
        self.text.push('\n');
        self.places.push(place);
    }

    /// An empty line and the head of a table.
    pub(super) fn head(&mut self, head: &str, place: Place) {
        if !self.text.is_empty() {
            self.line("", None);
        }
        self.line(head, Some(place));
    }

    /// `key = value`; nothing without a value.
    pub(super) fn key(&mut self, key: &str, value: Option<(String, Place)>) {
        if let Some((value, place)) = value {
            self.line(&format!("{key} = {value}"), Some(place));
        }
    }

    /// A list over several lines, each of its own place.
    pub(super) fn list(&mut self, key: &str, values: Vec<(String, Place)>, place: Place) {
        if values.is_empty() {
            return self.line(&format!("{key} = []"), Some(place));
        }
        self.line(&format!("{key} = ["), Some(place));
        for (value, place) in values {
            self.line(&format!("  {value},"), Some(place));
        }
        self.line("]", None);
    }

    /// The place of a line, numbered from 1.
    pub(super) fn place(&self, line: usize) -> Option<&Place> {
        self.places.get(line.checked_sub(1)?)?.as_ref()
    }
}

/// Words in quotation marks on one line.
pub(super) fn quoted(words: &str) -> String {
    let mut quoted = String::from("\"");
    for c in words.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// `{ zh = "…", en = "…" }`
pub(super) fn both(zh: &str, en: &str) -> String {
    format!("{{ zh = {}, en = {} }}", quoted(zh), quoted(en))
}

/// `["a", "b"]`
pub(super) fn array(words: &[impl AsRef<str>]) -> String {
    let words: Vec<String> = words.iter().map(|w| quoted(w.as_ref())).collect();
    format!("[{}]", words.join(", "))
}
