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

    /// The file and the 1-based line.
    pub(super) fn place(self, sources: &Sources<'_>) -> (String, usize) {
        sources.place(self.start)
    }

    /// The words of a string.
    pub(super) fn text(self) -> Option<&'a str> {
        self.value.and_then(DeValue::as_str)
    }
}

/// The texts that a pack is made of, laid end to end: an offset tells the file and the line.
pub(super) struct Sources<'a> {
    files: Vec<(&'a str, &'a str, usize)>,
}

impl<'a> Sources<'a> {
    /// The pack's own file, from offset 0.
    pub(super) fn of(file: &'a str, source: &'a str) -> Sources<'a> {
        Sources {
            files: vec![(file, source, 0)],
        }
    }

    /// Lays another file behind the others; the offset where it begins.
    pub(super) fn add(&mut self, file: &'a str, source: &'a str) -> usize {
        let base = self
            .files
            .last()
            .map_or(0, |(_, s, base)| base + s.len() + 1);
        self.files.push((file, source, base));
        base
    }

    /// The file at `offset`: its name, its text, and where it begins.
    pub(super) fn at(&self, offset: usize) -> (&'a str, &'a str, usize) {
        let holds = |(_, _, base): &&(&str, &str, usize)| *base <= offset;
        self.files
            .iter()
            .rev()
            .find(holds)
            .copied()
            .unwrap_or(("", "", 0))
    }

    /// The file and the 1-based line at `offset`.
    fn place(&self, offset: usize) -> (String, usize) {
        let (file, source, base) = self.at(offset);
        (file.to_owned(), line_of(source, offset - base))
    }

    /// The name of the pack's own file.
    fn own(&self) -> &'a str {
        self.at(0).0
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

    /// A mistake at an offset, said in both languages.
    pub(super) fn report_at(&mut self, start: usize, zh: impl Into<String>, en: impl Into<String>) {
        self.found.push((Some(start), Text::new(zh, en)));
    }

    /// A mistake of the whole file, said in both languages.
    pub(super) fn report_whole(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.found.push((None, Text::new(zh, en)));
    }

    /// In file order, each once; those of the whole file first.
    pub(super) fn into_errors(mut self, sources: &Sources<'_>) -> Vec<PackError> {
        self.found
            .sort_by(|(a, left), (b, right)| (a, &left.zh).cmp(&(b, &right.zh)));
        self.found.dedup();
        let told = |(start, reason): (Option<usize>, Text)| {
            let (file, line) = match start {
                Some(start) => sources.place(start),
                None => (sources.own().to_owned(), 0),
            };
            PackError { file, line, reason }
        };
        self.found.into_iter().map(told).collect()
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
