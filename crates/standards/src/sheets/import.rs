//! A spreadsheet as a pack's TOML, and every mistake with sheet, row and column.

use super::book::{Book, Row};
use super::cells::{Cells, Written};
use super::form::{self, FIGURES, Figure, Kind};
use super::items::Items;
use super::lines::{Lines, array, quoted};
use super::mistake::{Mistake, Place};
use super::{number, words, workbook};
use doorstep_domain::standard::load::{LoadedPack, Modules, PackError, load_with};
use doorstep_domain::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A pack that came from a spreadsheet and passed every check.
#[derive(Debug)]
pub struct Imported {
    /// The file to write: rows that use modules are still such rows.
    pub source: String,
    /// The pack with its modules.
    pub pack: LoadedPack,
}

/// Reads a spreadsheet. `file` is the name that the TOML file will have.
///
/// # Errors
/// Every mistake of the cells; when the cells are right, every mistake that the checks of a pack find, told of the
/// cell that it came from. Never empty.
pub fn import(modules: &Modules, file: &str, bytes: &[u8]) -> Result<Imported, Vec<Mistake>> {
    let book = Book::of(workbook::read(bytes).map_err(|m| vec![m])?);
    let mut reader = Reader {
        book: &book,
        cells: Cells::default(),
        lines: Lines::default(),
    };
    reader.pack();
    let Reader { cells, lines, .. } = reader;
    let mut told = book.told;
    // a cell that cannot be read is no empty cell as well
    let told_before: Vec<Option<Place>> = told.iter().map(|m| m.place.clone()).collect();
    told.extend(
        cells
            .told
            .into_iter()
            .filter(|m| !told_before.contains(&m.place)),
    );
    if !told.is_empty() {
        return Err(told);
    }
    match load_with(modules, file, &lines.text) {
        Ok(pack) => Ok(Imported {
            source: lines.text,
            pack,
        }),
        Err(errors) => Err(errors.iter().map(|e| of_cell(e, file, &lines)).collect()),
    }
}

/// A mistake of a line as one of the cell that the line came from; one in a module stays there.
fn of_cell(error: &PackError, file: &str, lines: &Lines) -> Mistake {
    let place = lines.place(error.line).filter(|_| error.file == file);
    let Text { zh, en } = &error.reason;
    match place {
        Some(place) => Mistake::at(place.clone(), zh, en),
        None if error.file == file => Mistake::whole(zh, en),
        None => Mistake::whole(
            format!("{}:{}: {zh}", error.file, error.line),
            format!("{}:{}: {en}", error.file, error.line),
        ),
    }
}

pub(super) struct Reader<'b> {
    pub(super) book: &'b Book,
    pub(super) cells: Cells,
    pub(super) lines: Lines,
}

impl Reader<'_> {
    fn pack(&mut self) {
        let book = self.book;
        self.head(book.rows(&form::HEAD));
        let empty = [("kits", &form::KITS), ("survey", &form::SURVEY)];
        for (key, sheet) in empty
            .into_iter()
            .filter(|(_, sheet)| book.rows(sheet).is_empty())
        {
            self.lines
                .key(key, Some(("[]".to_owned(), Place::sheet(sheet))));
        }
        self.reasons();
        self.kits();
        self.rules();
        self.facts();
        Items::of(self).write();
        self.survey();
        self.goods();
    }

    fn head(&mut self, rows: &[Row]) {
        let mut fields: BTreeMap<&str, &Row> = BTreeMap::new();
        for row in rows {
            let Some((name, place)) = row.get("field") else {
                self.cells.missing(row, "field");
                continue;
            };
            let known = form::FIELDS
                .iter()
                .find(|(key, zh, _)| form::names(name, zh, key));
            match known {
                Some((key, _, _)) => {
                    if fields.insert(key, row).is_some() {
                        self.cells.tell(
                            place.clone(),
                            "这一项写了两遍",
                            "This entry is there twice",
                        );
                    }
                }
                None => {
                    let all: Vec<&str> = form::FIELDS.iter().map(|(_, zh, _)| *zh).collect();
                    let keys: Vec<&str> = form::FIELDS.iter().map(|(key, _, _)| *key).collect();
                    let (zh, en) = (
                        format!("不认识这一项，可以有：{}", all.join("、")),
                        format!("This entry is not known; possible: {}", keys.join(", ")),
                    );
                    self.cells.tell(place.clone(), zh, en);
                }
            }
        }
        for (key, zh, kind) in &form::FIELDS {
            let optional = matches!(*key, "use" | "aliases" | "continues");
            let row = fields.get(key).copied();
            if row.is_none() && !optional && !rows.is_empty() {
                let (zh, en) = (
                    format!("少了「{zh} ({key})」这一项"),
                    format!("The entry “{key}” is missing"),
                );
                self.cells.tell(Place::sheet(&form::HEAD), zh, en);
            }
            let Some(row) = row else { continue };
            let value = self.field(row, key, *kind);
            let value = match optional || matches!(kind, Kind::Text) && *key != "hotline" {
                true => value,
                false => self.cells.must(row, "value", value),
            };
            self.lines.key(key, value);
        }
    }

    fn field(&mut self, row: &Row, key: &str, kind: Kind) -> Written {
        let plural = matches!(key, "systems" | "use");
        let two = matches!(kind, Kind::Text) && !matches!(key, "hotline" | "aliases");
        if !two && row.has("value_en") {
            self.cells.tell(
                row.place("value_en"),
                "这一项不写英文",
                "This entry has no English",
            );
        }
        match kind {
            Kind::Ids if plural => self.cells.ids(row, "value"),
            Kind::Ids => self
                .cells
                .id(row, "value")
                .map(|(id, place)| (quoted(&id), place)),
            Kind::Number => self.cells.whole(row, "value", 1, i64::from(u32::MAX)),
            Kind::Word(words) => self.cells.several(row, "value", words),
            _ if key == "aliases" => {
                let (names, place) = row.get("value")?;
                let names: Vec<&str> = names
                    .lines()
                    .map(str::trim)
                    .filter(|n| !n.is_empty())
                    .collect();
                Some((array(&names), place.clone()))
            }
            _ if key == "hotline" => self.cells.words(row, "value"),
            _ if key == "continues" => self.cells.both(row, "value", "value_en"),
            _ => self.cells.must_both(row, "value", "value_en"),
        }
    }

    /// `reasons` of the pack, each list under its own name; those of rows are with the rows.
    fn reasons(&mut self) {
        let book = self.book;
        let mut lists: BTreeMap<&str, Vec<(String, Place)>> = BTreeMap::new();
        for row in book.rows(&form::REASONS) {
            let Some((list, _)) = self.cells.word(row, "list", &words::REASONS) else {
                if !row.has("list") {
                    self.cells.missing(row, "list");
                }
                continue;
            };
            if matches!(list, "na_reasons" | "options") {
                continue;
            }
            if row.has("item") {
                let (zh, en) = ("这种理由不写检查项", "This list names no row");
                self.cells.tell(row.place("item"), zh, en);
            }
            let chip = self.chip(row);
            lists.entry(list).or_default().extend(chip);
        }
        for (list, _) in &words::REASONS.all[..6] {
            let chips = lists.remove(list).unwrap_or_default();
            self.lines.list(list, chips, Place::sheet(&form::REASONS));
        }
    }

    /// A reason or an option on one line.
    pub(super) fn chip(&mut self, row: &Row) -> Option<(String, Place)> {
        let id = self.cells.must_id(row, "id");
        let text = self.cells.must_both(row, "text", "text_en");
        let customer = self.cells.both(row, "customer", "customer_en");
        let not_ours = self.cells.yes(row, "not_ours");
        let (id, place) = id?;
        let mut chip = format!("{{ id = {}, text = {}", quoted(&id), text?.0);
        for (key, value) in [("customer", customer), ("not_ours", not_ours)] {
            if let Some((value, _)) = value {
                chip.push_str(&format!(", {key} = {value}"));
            }
        }
        Some((chip + " }", place))
    }

    fn kits(&mut self) {
        let book = self.book;
        for (first, rest) in self.groups(book.rows(&form::KITS), "kit", "id") {
            let Some((id, place)) = self.cells.id(first, "kit") else {
                continue;
            };
            let name = self.cells.must_both(first, "name", "name_en");
            let (zh, en) = (
                "这一行是套装自己，东西写在下面各行",
                "This row is the kit itself; its things stand in rows beneath",
            );
            self.cells.only(first, &["kit", "name", "name_en"], zh, en);
            self.lines.head("[[kits]]", place.clone());
            self.lines.key("id", Some((quoted(&id), place.clone())));
            self.lines.key("name", name);
            if rest.is_empty() {
                self.lines.key("members", Some(("[]".to_owned(), place)));
            }
            for row in rest {
                let Some((id, place)) = self.cells.id(row, "id") else {
                    continue;
                };
                self.lines.head("[[kits.members]]", place.clone());
                self.lines.key("id", Some((quoted(&id), place)));
                let name = self.cells.must_both(row, "name", "name_en");
                self.lines.key("name", name);
                let consumable = self.cells.yes(row, "consumable");
                self.lines.key("consumable", consumable);
                let clauses = self.cells.clauses(row);
                self.lines.key("clauses", clauses);
            }
        }
    }

    /// Rows in groups: one without `part`, and those beneath with it, all of the same `whole`.
    pub(super) fn groups<'r>(
        &mut self,
        rows: &'r [Row],
        whole: &str,
        part: &str,
    ) -> Vec<(&'r Row, Vec<&'r Row>)> {
        let mut groups: Vec<(String, &Row, Vec<&Row>)> = Vec::new();
        for row in rows {
            let Some((id, _)) = self.cells.must_id(row, whole) else {
                continue;
            };
            let known = groups.iter().position(|(known, _, _)| *known == id);
            match (known, row.has(part)) {
                (Some(at), true) => groups[at].2.push(row),
                (None, false) => groups.push((id, row, Vec::new())),
                (None, true) => {
                    let (zh, en) = (
                        format!("「{id}」先写一行它自己，再写这一行"),
                        format!("Write a row for “{id}” itself first, then this one"),
                    );
                    self.cells.tell(row.place(part), zh, en);
                }
                (Some(_), false) => {
                    let (zh, en) = (
                        format!("「{id}」写了两遍"),
                        format!("“{id}” is there twice"),
                    );
                    self.cells.tell(row.place(whole), zh, en);
                }
            }
        }
        groups
            .into_iter()
            .map(|(_, first, rest)| (first, rest))
            .collect()
    }

    /// Figures of one rule, those of `short.` apart, each list with its clauses.
    fn rules(&mut self) {
        let book = self.book;
        let mut rules: BTreeMap<(&str, bool), Vec<&Row>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for row in book.rows(&form::RULES) {
            let rule = self.cells.word(row, "rule", &words::RULES);
            if !row.has("rule") {
                self.cells.missing(row, "rule");
            }
            let figure = self.cells.must_id(row, "figure");
            let (Some((rule, _)), Some((figure, place))) = (rule, figure) else {
                continue;
            };
            let known = FIGURES.iter().find(|(r, f, _)| *r == rule && *f == figure);
            match known {
                None => {
                    let of = FIGURES
                        .iter()
                        .filter(|(r, _, _)| *r == rule)
                        .map(|(_, f, _)| *f);
                    let of: Vec<&str> = of.collect();
                    let (zh, en) = (
                        format!("这条规则没有「{figure}」，可以写：{}", of.join("、")),
                        format!("This rule has no “{figure}”; possible: {}", of.join(", ")),
                    );
                    self.cells.tell(place, zh, en);
                }
                Some((rule, figure, _)) if !seen.insert((*rule, *figure)) => {
                    self.cells
                        .tell(place, "这一项写了两遍", "This entry is there twice");
                }
                Some((rule, figure, _)) => {
                    rules
                        .entry((rule, figure.starts_with("short.")))
                        .or_default()
                        .push(row);
                }
            }
        }
        for ((rule, short), rows) in rules {
            self.rule(rule, short, &rows);
        }
    }

    fn rule(&mut self, rule: &str, short: bool, rows: &[&Row]) {
        let Some(first) = rows.first() else { return };
        let table = if short {
            format!("[rules.{rule}.short]")
        } else {
            format!("[rules.{rule}]")
        };
        self.lines.head(&table, first.place("rule"));
        let mut clauses: Vec<String> = Vec::new();
        for row in rows {
            let figure = self
                .cells
                .id(row, "figure")
                .map(|(f, _)| f)
                .unwrap_or_default();
            let known = FIGURES.iter().find(|(r, f, _)| *r == rule && *f == figure);
            let value = known.and_then(|(_, _, kind)| self.figure(row, *kind));
            self.lines.key(figure.trim_start_matches("short."), value);
            let more = row
                .get("clauses")
                .map(|(ids, _)| number::ids(ids))
                .unwrap_or_default();
            clauses.extend(
                more.into_iter()
                    .filter(|c| !clauses.contains(c))
                    .collect::<Vec<_>>(),
            );
        }
        self.lines
            .key("clauses", Some((array(&clauses), first.place("clauses"))));
    }

    fn figure(&mut self, row: &Row, kind: Figure) -> Written {
        let value = match kind {
            Figure::Whole => self.cells.whole(row, "value", 0, i64::from(u32::MAX)),
            Figure::Yes => self.cells.yes(row, "value"),
            Figure::Clock | Figure::Day => self
                .cells
                .id(row, "value")
                .map(|(v, place)| (quoted(&v), place)),
            Figure::Jobs => {
                let none = Some(("[]".to_owned(), row.place("value")));
                return self.cells.several(row, "value", &words::JOBS).or(none);
            }
        };
        self.cells.must(row, "value", value)
    }

    fn facts(&mut self) {
        let book = self.book;
        for row in book.rows(&form::FACTS) {
            let place = row.place("id");
            self.lines.head("[[facts]]", place);
            let id = self
                .cells
                .must_id(row, "id")
                .map(|(id, place)| (quoted(&id), place));
            self.lines.key("id", id);
            let text = self.cells.must_both(row, "text", "text_en");
            self.lines.key("text", text);
            let phase = self
                .cells
                .must_id(row, "phase")
                .map(|(id, place)| (quoted(&id), place));
            self.lines.key("phase", phase);
            let required = self.cells.yes(row, "required");
            self.lines.key("required", required);
            let clauses = self.cells.clauses(row);
            self.lines.key("clauses", clauses);
            let when = self.cells.condition(row, "when");
            self.lines.key("when", when);
        }
    }

    fn survey(&mut self) {
        let book = self.book;
        for (first, rest) in self.groups(book.rows(&form::SURVEY), "id", "option") {
            let Some((id, place)) = self.cells.id(first, "id") else {
                continue;
            };
            self.lines.head("[[survey]]", place.clone());
            self.lines.key("id", Some((quoted(&id), place.clone())));
            let text = self.cells.must_both(first, "text", "text_en");
            self.lines.key("text", text);
            let clauses = self.cells.clauses(first);
            self.lines.key("clauses", clauses);
            if first.has("dissatisfied") {
                let (zh, en) = (
                    "这一格写在答案那一行",
                    "This belongs to the row of an answer",
                );
                self.cells.tell(first.place("dissatisfied"), zh, en);
            }
            let options = rest
                .into_iter()
                .filter_map(|row| self.option(row))
                .collect();
            self.lines.list("options", options, place);
        }
    }

    fn option(&mut self, row: &Row) -> Option<(String, Place)> {
        let (zh, en) = (
            "出处写在问题那一行",
            "Clauses belong to the row of the question",
        );
        self.cells.only(
            row,
            &["id", "option", "text", "text_en", "dissatisfied"],
            zh,
            en,
        );
        let text = self.cells.must_both(row, "text", "text_en");
        let bad = self.cells.yes(row, "dissatisfied");
        let (id, place) = self.cells.id(row, "option")?;
        let bad = bad
            .map(|(bad, _)| format!(", dissatisfied = {bad}"))
            .unwrap_or_default();
        Some((
            format!("{{ id = {}, text = {}{bad} }}", quoted(&id), text?.0),
            place,
        ))
    }

    fn goods(&mut self) {
        let book = self.book;
        for row in book.rows(&form::PRICES) {
            self.named("[[prices]]", row);
            let unit = self.cells.must_both(row, "unit", "unit_en");
            self.lines.key("unit", unit);
            let cents = self.cells.cents(row, "yuan");
            let cents = self.cells.must(row, "yuan", cents);
            self.lines.key("cents", cents);
            let clauses = self.cells.clauses(row);
            self.lines.key("clauses", clauses);
        }
        for row in book.rows(&form::GEAR) {
            self.named("[[gear]]", row);
            let months = self.cells.whole(row, "months", 1, 600);
            let months = self.cells.must(row, "months", months);
            self.lines.key("months", months);
            let clauses = self.cells.clauses(row);
            self.lines.key("clauses", clauses);
        }
    }

    fn named(&mut self, head: &str, row: &Row) {
        self.lines.head(head, row.place("id"));
        let id = self
            .cells
            .must_id(row, "id")
            .map(|(id, place)| (quoted(&id), place));
        self.lines.key("id", id);
        let name = self.cells.must_both(row, "name", "name_en");
        self.lines.key("name", name);
    }
}
