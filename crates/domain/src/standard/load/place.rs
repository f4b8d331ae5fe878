//! Where in the file something stands.

use super::PackError;
use crate::text::Text;
use toml::de::DeValue;

/// A value of the file together with its place. Walks in step with the typed pack; a part that the
/// file leaves out keeps the place of what should hold it.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    value: Option<&'a DeValue<'a>>,
    start: usize,
}

impl<'a> Spot<'a> {
    /// The whole file.
    pub(super) fn root(value: &'a DeValue<'a>) -> Spot<'a> {
        Spot {
            value: Some(value),
            start: 0,
        }
    }

    /// The value under `name`.
    pub(super) fn key(self, name: &str) -> Spot<'a> {
        self.entries().find(|(k, _)| *k == name).map_or(
            Spot {
                value: None,
                ..self
            },
            |(_, spot)| spot,
        )
    }

    /// The `index`th value of a list.
    pub(super) fn at(self, index: usize) -> Spot<'a> {
        self.elements().nth(index).unwrap_or(Spot {
            value: None,
            ..self
        })
    }

    /// Names and values of a table; nothing for anything else.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Spot<'a>)> {
        let table = self.value.and_then(DeValue::as_table);
        table.into_iter().flat_map(|t| t.iter()).map(|(k, v)| {
            let key: &str = k.get_ref();
            (
                key,
                Spot {
                    value: Some(v.get_ref()),
                    start: k.span().start,
                },
            )
        })
    }

    /// Values of a list; nothing for anything else.
    pub(super) fn elements(self) -> impl Iterator<Item = Spot<'a>> {
        let array = self.value.and_then(DeValue::as_array);
        array.into_iter().flat_map(|a| a.iter()).map(|v| Spot {
            value: Some(v.get_ref()),
            start: v.span().start,
        })
    }

    /// The words of a string.
    pub(super) fn text(self) -> Option<&'a str> {
        self.value.and_then(DeValue::as_str)
    }
}

/// Mistakes as they are found.
#[derive(Default)]
pub(super) struct Findings {
    found: Vec<(Option<usize>, Text)>,
}

impl Findings {
    /// A mistake at `spot`, said in both languages.
    pub(super) fn report(&mut self, spot: Spot<'_>, zh: impl Into<String>, en: impl Into<String>) {
        self.found.push((Some(spot.start), Text::new(zh, en)));
    }

    /// A mistake of the whole file, said in both languages.
    pub(super) fn report_whole(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.found.push((None, Text::new(zh, en)));
    }

    /// In file order, each once; those of the whole file first.
    pub(super) fn into_errors(mut self, file: &str, source: &str) -> Vec<PackError> {
        self.found
            .sort_by(|(a, left), (b, right)| (a, &left.zh).cmp(&(b, &right.zh)));
        self.found.dedup();
        let lines = |start: usize| line_of(source, start);
        self.found
            .into_iter()
            .map(|(start, reason)| PackError {
                file: file.to_owned(),
                line: start.map_or(0, lines),
                reason,
            })
            .collect()
    }
}

/// The 1-based line of a byte offset.
pub(super) fn line_of(source: &str, offset: usize) -> usize {
    let end = offset.min(source.len());
    source.as_bytes()[..end]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}
