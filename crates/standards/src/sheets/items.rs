//! Phases with their rows: what stands in the sheets of phases, rows, readings, words and options, put together.

use super::book::Row;
use super::cells::Written;
use super::form;
use super::import::Reader;
use super::lines::quoted;
use super::mistake::Place;
use super::words;
use std::collections::{BTreeMap, BTreeSet};

/// A row of the checklist, or a module in its place with the rows that change it.
enum Entry<'r> {
    Item(&'r Row),
    Use(&'r Row, Vec<&'r Row>),
}

/// Chips of rows: by list and row.
type Chips<'r> = BTreeMap<(&'static str, String), Vec<&'r Row>>;
/// Readings: the reading itself and its fields.
type Readings<'r> = BTreeMap<String, (&'r Row, Vec<&'r Row>)>;

/// Writes phases.
pub(super) struct Items<'a, 'b> {
    reader: &'a mut Reader<'b>,
    chips: Chips<'b>,
    readings: Readings<'b>,
}

impl<'a, 'b> Items<'a, 'b> {
    /// Gathers what belongs to rows.
    pub(super) fn of(reader: &'a mut Reader<'b>) -> Items<'a, 'b> {
        let book = reader.book;
        let mut chips = Chips::new();
        for row in book.rows(&form::REASONS) {
            let list = row
                .get("list")
                .and_then(|(list, _)| words::REASONS.read(list));
            let Some(list @ ("na_reasons" | "options")) = list else {
                continue;
            };
            if let Some((item, _)) = reader.cells.must_id(row, "item") {
                chips.entry((list, item)).or_default().push(row);
            }
        }
        let mut readings = Readings::new();
        for (first, rest) in reader.groups(book.rows(&form::READINGS), "item", "slot") {
            if let Some((item, _)) = reader.cells.id(first, "item") {
                readings.insert(item, (first, rest));
            }
        }
        Items {
            reader,
            chips,
            readings,
        }
    }

    /// Writes every phase; then tells of what belongs to none.
    pub(super) fn write(mut self) {
        let book = self.reader.book;
        let mut entries = self.entries(book.rows(&form::ITEMS));
        let mut known = BTreeSet::new();
        for row in book.rows(&form::PHASES) {
            let Some((id, place)) = self.reader.cells.must_id(row, "id") else {
                continue;
            };
            let own = entries.remove(&id).unwrap_or_default();
            self.phase(row, (&id, place), own);
            known.insert(id);
        }
        let elsewhere = [&form::ITEMS, &form::ADVICE, &form::FACTS];
        for row in elsewhere.iter().flat_map(|sheet| book.rows(sheet)) {
            let Some((phase, place)) = self.reader.cells.id(row, "phase") else {
                continue;
            };
            if !known.contains(&phase) {
                let (zh, en) = (
                    format!("没有「{phase}」这个阶段"),
                    format!("There is no phase “{phase}”"),
                );
                self.reader.cells.tell(place, zh, en);
            }
        }
        self.left_over();
    }

    fn left_over(&mut self) {
        let chips = std::mem::take(&mut self.chips);
        for row in chips.values().flatten() {
            let (zh, en) = (
                "没有这样凭证的检查项：选项给 choice，不适用给 tick_or_na",
                "No row of such evidence: options are for choice, n/a reasons for tick_or_na",
            );
            self.reader.cells.tell(row.place("item"), zh, en);
        }
        let readings = std::mem::take(&mut self.readings);
        for (row, _) in readings.values() {
            let (zh, en) = (
                "没有这个检查项，或它的凭证不是读数（reading）",
                "There is no such row, or its evidence is no reading",
            );
            self.reader.cells.tell(row.place("item"), zh, en);
        }
    }

    fn entries<'r>(&mut self, rows: &'r [Row]) -> BTreeMap<String, Vec<Entry<'r>>> {
        let cells = &mut self.reader.cells;
        let mut phases: BTreeMap<String, Vec<Entry<'r>>> = BTreeMap::new();
        for row in rows {
            let Some((phase, _)) = cells.must_id(row, "phase") else {
                continue;
            };
            let entries = phases.entry(phase).or_default();
            let Some((module, place)) = cells.id(row, "use") else {
                entries.push(Entry::Item(row));
                continue;
            };
            if !row.has("id") {
                entries.push(Entry::Use(row, Vec::new()));
                continue;
            }
            match entries.last_mut() {
                Some(Entry::Use(first, changes))
                    if cells.id(first, "use").is_some_and(|(m, _)| m == module) =>
                {
                    changes.push(row);
                }
                _ => {
                    let (zh, en) = (
                        format!("上面要先有一行只写模块「{module}」"),
                        format!("A row with nothing but the module “{module}” must stand above"),
                    );
                    cells.tell(place, zh, en);
                }
            }
        }
        phases
    }

    fn phase(&mut self, row: &Row, (id, place): (&str, Place), entries: Vec<Entry<'_>>) {
        let Reader { cells, lines, .. } = &mut *self.reader;
        lines.head("[[phases]]", place.clone());
        lines.key("id", Some((quoted(id), place.clone())));
        let name = cells.must_both(row, "name", "name_en");
        lines.key("name", name);
        let hint = cells.both(row, "hint", "hint_en");
        lines.key("hint", hint);
        let stage = cells.quoted_word(row, "stage", &words::STAGES);
        let stage = cells.must(row, "stage", stage);
        lines.key("stage", stage);
        self.advice(id, place.clone());
        if entries.is_empty() {
            self.reader
                .lines
                .key("items", Some(("[]".to_owned(), place)));
        }
        for entry in entries {
            match entry {
                Entry::Item(row) => self.item(row),
                Entry::Use(row, changes) => self.uses(row, &changes),
            }
        }
    }

    fn advice(&mut self, phase: &str, place: Place) {
        let book = self.reader.book;
        let first = book.rows(&form::PHASES).first().map(|r| r.place("id"));
        for (kind, _) in words::ADVICE.all {
            let mut said = Vec::new();
            for row in book.rows(&form::ADVICE) {
                let cells = &mut self.reader.cells;
                let of = cells.id(row, "phase").map(|(p, _)| p);
                let is = row.get("kind").and_then(|(k, _)| words::ADVICE.read(k));
                // what cannot be told apart is told once, with the first phase
                if is.is_none() && *kind == "say" && first.as_ref() == Some(&place) {
                    let read = cells.quoted_word(row, "kind", &words::ADVICE);
                    cells.must(row, "kind", read);
                }
                if of.is_none() && *kind == "say" && first.as_ref() == Some(&place) {
                    cells.missing(row, "phase");
                }
                if of.as_deref() == Some(phase) && is == Some(*kind) {
                    said.extend(self.said(row, kind));
                }
            }
            if !said.is_empty() {
                self.reader.lines.list(kind, said, place.clone());
            }
        }
    }

    fn said(&mut self, row: &Row, kind: &str) -> Option<(String, Place)> {
        let cells = &mut self.reader.cells;
        let (text, place) = cells.must_both(row, "text", "text_en")?;
        let clauses = cells.clauses(row).map(|(ids, _)| ids)?;
        let said = match kind == "say" && !row.has("clauses") {
            true => text,
            false => format!("{{ text = {text}, clauses = {clauses} }}"),
        };
        Some((said, place))
    }

    fn uses(&mut self, row: &Row, changes: &[&Row]) {
        let Reader { cells, lines, .. } = &mut *self.reader;
        let (zh, en) = (
            "这一行把模块放在这里；换说法、加出处，写在下面有编号的行",
            "This row puts a module here; words and clauses belong to rows beneath, with an id",
        );
        cells.only(row, &["phase", "use", "only", "facts", "when"], zh, en);
        lines.head("[[phases.items]]", row.place("use"));
        let module = cells.id(row, "use").map(|(id, place)| (quoted(&id), place));
        lines.key("use", module);
        let only = match row.get("only") {
            Some((cell, place)) if form::names(cell, "无", "none") => {
                Some(("[]".to_owned(), place.clone()))
            }
            _ => cells.ids(row, "only"),
        };
        lines.key("only", only);
        let facts = cells.yes(row, "facts");
        lines.key("facts", facts);
        let when = cells.condition(row, "when");
        lines.key("when", when);
        let mut seen = BTreeSet::new();
        for change in changes {
            let (zh, en) = (
                "模块的一条只能换说法、加出处",
                "Of a module's row only words and clauses can be changed",
            );
            cells.only(
                change,
                &["phase", "use", "id", "text", "text_en", "clauses"],
                zh,
                en,
            );
            let Some((id, place)) = cells.id(change, "id") else {
                continue;
            };
            if !seen.insert(id.clone()) {
                cells.tell(
                    place,
                    format!("「{id}」写了两遍"),
                    format!("“{id}” is there twice"),
                );
                continue;
            }
            let text = cells.both(change, "text", "text_en");
            lines.key(&format!("text.{}", quoted(&id)), text);
            let clauses = cells.ids(change, "clauses");
            lines.key(&format!("clauses.{}", quoted(&id)), clauses);
        }
    }

    fn item(&mut self, row: &Row) {
        let Reader { cells, lines, .. } = &mut *self.reader;
        lines.head("[[phases.items]]", row.place("id"));
        let id = cells.must_id(row, "id");
        lines.key(
            "id",
            id.as_ref().map(|(id, place)| (quoted(id), place.clone())),
        );
        let text = cells.must_both(row, "text", "text_en");
        lines.key("text", text);
        for (key, zh, en) in [
            ("note", "note", "note_en"),
            ("customer", "customer", "customer_en"),
        ] {
            let words = cells.both(row, zh, en);
            lines.key(key, words);
        }
        for key in ["only", "facts"].into_iter().filter(|key| row.has(key)) {
            let (zh, en) = (
                "这一列只写在模块那一行",
                "This column is for rows with a module",
            );
            cells.tell(row.place(key), zh, en);
        }
        for key in ["required", "mismatch"] {
            let yes = cells.yes(row, key);
            lines.key(key, yes);
        }
        let when = cells.condition(row, "when");
        lines.key("when", when);
        let after = cells.ids(row, "after");
        lines.key("after", after);
        let clauses = cells.clauses(row);
        lines.key("clauses", clauses);
        self.photos(row);
        let id = id.map(|(id, _)| id).unwrap_or_default();
        self.chips("na_reasons", &id, row);
        self.evidence(row, &id);
    }

    fn photos(&mut self, row: &Row) {
        let Reader { cells, lines, .. } = &mut *self.reader;
        if !["photos_min", "photos_of", "photos_of_en", "photos_seed"]
            .iter()
            .any(|key| row.has(key))
        {
            return;
        }
        let min = cells.whole(row, "photos_min", 0, 255);
        let min = cells.must(row, "photos_min", min);
        let of = cells.must_both(row, "photos_of", "photos_of_en");
        let seed = cells.yes(row, "photos_seed");
        if let (Some((min, place)), Some((of, _))) = (min, of) {
            let seed = seed
                .map(|(seed, _)| format!(", seed = {seed}"))
                .unwrap_or_default();
            lines.key(
                "photos",
                Some((format!("{{ min = {min}, of = {of}{seed} }}"), place)),
            );
        }
    }

    /// Writes a row's reasons or options, where it has any.
    fn chips(&mut self, list: &'static str, id: &str, row: &Row) {
        let Some(rows) = self.chips.remove(&(list, id.to_owned())) else {
            return;
        };
        let chips = rows
            .into_iter()
            .filter_map(|row| self.reader.chip(row))
            .collect();
        self.reader.lines.list(list, chips, row.place("evidence"));
    }

    /// The evidence, last in a row because its entries may need lines of their own.
    fn evidence(&mut self, row: &Row, id: &str) {
        let cells = &mut self.reader.cells;
        let kind = cells.word(row, "evidence", &words::EVIDENCE);
        let Some((kind, place)) = kind else {
            if !row.has("evidence") {
                cells.missing(row, "evidence");
            }
            return;
        };
        self.spare(row, kind);
        let lines = &mut self.reader.lines;
        lines.line("[phases.items.evidence]", Some(place.clone()));
        lines.key("kind", Some((quoted(kind), place)));
        for (key, value) in self.settings(row, kind) {
            self.reader.lines.key(key, value);
        }
        match kind {
            "choice" => {
                if !self.chips.contains_key(&("options", id.to_owned())) {
                    self.reader
                        .lines
                        .list("options", Vec::new(), row.place("evidence"));
                }
                self.chips("options", id, row);
            }
            "reading" => self.reading(row, id),
            _ => {}
        }
    }

    /// Settings that this evidence does not have.
    fn spare(&mut self, row: &Row, kind: &str) {
        let takes = match kind {
            "rows" => &["setting", "least"][..],
            "auto_kit" | "auto_milestone" => &["setting"],
            "text" | "consent" => &["words", "words_en"],
            _ => &[],
        };
        for key in ["setting", "least", "words", "words_en"] {
            if row.has(key) && !takes.contains(&key) {
                let (zh, en) = ("这种凭证不写这一格", "This evidence has nothing here");
                self.reader.cells.tell(row.place(key), zh, en);
            }
        }
    }

    fn settings(&mut self, row: &Row, kind: &str) -> Vec<(&'static str, Written)> {
        let cells = &mut self.reader.cells;
        match kind {
            "text" => vec![("hint", cells.both(row, "words", "words_en"))],
            "consent" => vec![("statement", cells.must_both(row, "words", "words_en"))],
            "auto_kit" => {
                let kit = cells
                    .must_id(row, "setting")
                    .map(|(id, place)| (quoted(&id), place));
                vec![("kit", kit)]
            }
            "auto_milestone" => {
                let milestone = cells.quoted_word(row, "setting", &words::MILESTONES);
                vec![("milestone", cells.must(row, "setting", milestone))]
            }
            "rows" => {
                let list = cells.quoted_word(row, "setting", &words::ROW_LISTS);
                let list = cells.must(row, "setting", list);
                vec![("list", list), ("min", cells.whole(row, "least", 0, 255))]
            }
            _ => Vec::new(),
        }
    }

    fn reading(&mut self, row: &Row, id: &str) {
        let Some((first, slots)) = self.readings.remove(id) else {
            let (zh, en) = (
                format!(
                    "「{id}」是读数，要在工作表「{}」里写单位和格",
                    form::READINGS.name()
                ),
                format!(
                    "“{id}” is a reading; give its unit and fields in the sheet “{}”",
                    form::READINGS.name()
                ),
            );
            return self.reader.cells.tell(row.place("evidence"), zh, en);
        };
        let Reader { cells, lines, .. } = &mut *self.reader;
        if first.has("required") {
            let (zh, en) = ("必做写在格那一行", "This belongs to the row of a field");
            cells.tell(first.place("required"), zh, en);
        }
        let point = cells.both(first, "name", "name_en");
        lines.key("point", point);
        let unit = cells.words(first, "unit");
        let unit = cells.must(first, "unit", unit);
        lines.key("unit", unit);
        let sign = cells.quoted_word(first, "sign", &words::SIGNS);
        let sign = cells.must(first, "sign", sign);
        lines.key("sign", sign);
        let decimals = cells.whole(first, "decimals", 0, 4);
        let decimals = cells.must(first, "decimals", decimals);
        lines.key("decimals", decimals);
        for key in ["min", "max"] {
            let limit = cells.decimal(first, key);
            lines.key(key, limit);
        }
        let percent = cells.whole(first, "min_percent_of_contract", 1, 100);
        lines.key("min_percent_of_contract", percent);
        let wavelength = cells.whole(first, "wavelength_nm", 0, 65_535);
        lines.key("wavelength_nm", wavelength);
        let slots = slots
            .into_iter()
            .filter_map(|slot| self.slot(slot))
            .collect();
        self.reader.lines.list("slots", slots, first.place("item"));
    }

    fn slot(&mut self, row: &Row) -> Option<(String, Place)> {
        let cells = &mut self.reader.cells;
        let (zh, en) = (
            "这一格写在读数自己那一行",
            "This belongs to the row of the reading itself",
        );
        cells.only(
            row,
            &["item", "slot", "name", "name_en", "required"],
            zh,
            en,
        );
        let name = cells.must_both(row, "name", "name_en");
        let required = cells.yes(row, "required");
        let (id, place) = cells.id(row, "slot")?;
        let required = required
            .map(|(yes, _)| format!(", required = {yes}"))
            .unwrap_or_default();
        Some((
            format!("{{ id = {}, name = {}{required} }}", quoted(&id), name?.0),
            place,
        ))
    }
}
