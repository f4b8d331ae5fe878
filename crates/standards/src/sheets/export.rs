//! A pack's TOML as a spreadsheet. Every entry finds its column or is told; nothing is left out in silence.

use super::form::{FIGURES, Figure, Kind};
use super::mistake::Mistake;
use super::words::{self, Words};
use super::{condition, form, number, workbook};
use doorstep_domain::standard::Condition;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// The cells of one row by column.
pub(super) type Row = BTreeMap<&'static str, String>;
/// The rows of each sheet by its name in code.
pub(super) type Rows = BTreeMap<&'static str, Vec<Row>>;

/// Writes a pack as a spreadsheet; rows that use modules stay such rows.
///
/// # Errors
/// When the file is no TOML, or has entries that no column can hold; every one of them.
pub fn export(source: &str) -> Result<Vec<u8>, Vec<Mistake>> {
    let table: Table = source.parse().map_err(|e: toml::de::Error| {
        let line = e
            .span()
            .map_or(0, |s| source[..s.start].matches('\n').count() + 1);
        let (zh, en) = (
            format!("第 {line} 行：这里的写法不对，先用 check 改好"),
            format!("Line {line} is not written right; mend it first, with check"),
        );
        vec![Mistake::whole(zh, en)]
    })?;
    let mut writer = Writer::default();
    writer.pack(Taker::new("", table));
    match writer.told.is_empty() {
        true => workbook::write(&writer.rows),
        false => Err(writer.told),
    }
}

/// A table of the file that gives its entries away one by one.
struct Taker {
    path: String,
    table: Table,
}

impl Taker {
    fn new(path: impl Into<String>, table: Table) -> Taker {
        Taker {
            path: path.into(),
            table,
        }
    }

    /// Takes what `read` can make something of; anything else stays, and is told in the end.
    fn take<T>(&mut self, key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let read = read(self.table.get(key)?)?;
        self.table.remove(key);
        Some(read)
    }

    fn str(&mut self, key: &str) -> Option<String> {
        self.take(key, |v| v.as_str().map(str::to_owned))
    }

    fn word(&mut self, key: &str, words: &Words) -> Option<String> {
        self.str(key).map(|code| words.show(&code))
    }

    fn whole(&mut self, key: &str) -> Option<String> {
        self.take(key, Value::as_integer).map(|n| n.to_string())
    }

    fn yes(&mut self, key: &str) -> Option<String> {
        let yes = self.take(key, Value::as_bool)?;
        Some(words::YES.show(if yes { "yes" } else { "no" }))
    }

    fn list(&mut self, key: &str) -> Option<Vec<String>> {
        self.take(key, |v| {
            let words = v.as_array()?.iter().map(|w| w.as_str().map(str::to_owned));
            words.collect()
        })
    }

    fn ids(&mut self, key: &str) -> Option<String> {
        self.list(key).map(|list| list.join("、"))
    }

    fn words(&mut self, key: &str, words: &Words) -> Option<String> {
        let shown = |list: Vec<String>| list.iter().map(|w| words.show(w)).collect::<Vec<_>>();
        self.list(key).map(|list| shown(list).join("、"))
    }

    fn text(&mut self, key: &str) -> Option<(String, String)> {
        self.take(key, |v| {
            let table = v.as_table().filter(|t| t.len() == 2)?;
            let of = |lang| table.get(lang).and_then(Value::as_str).map(str::to_owned);
            Some((of("zh")?, of("en")?))
        })
    }

    fn condition(&mut self, key: &str) -> Option<String> {
        let read = |v: &Value| v.clone().try_into::<Condition>().ok();
        self.take(key, read).map(|c| condition::show(&c))
    }

    fn table(&mut self, key: &str) -> Option<Taker> {
        let table = self.take(key, |v| v.as_table().cloned())?;
        Some(Taker::new(self.child(key), table))
    }

    fn tables(&mut self, key: &str) -> Vec<Taker> {
        let read = |v: &Value| {
            let rows = v.as_array()?.iter().map(|row| row.as_table().cloned());
            rows.collect::<Option<Vec<Table>>>()
        };
        let rows = self
            .take(key, read)
            .unwrap_or_default()
            .into_iter()
            .enumerate();
        rows.map(|(i, row)| Taker::new(format!("{}[{}]", self.child(key), i + 1), row))
            .collect()
    }

    fn child(&self, key: &str) -> String {
        match self.path.is_empty() {
            true => key.to_owned(),
            false => format!("{}.{key}", self.path),
        }
    }
}

/// A row as it fills.
#[derive(Default)]
struct Filling(Row);

impl Filling {
    fn put(mut self, key: &'static str, cell: Option<String>) -> Filling {
        if let Some(cell) = cell.filter(|c| !c.is_empty()) {
            self.0.insert(key, cell);
        }
        self
    }

    fn both(self, zh: &'static str, en: &'static str, text: Option<(String, String)>) -> Filling {
        let (z, e) = text.unzip();
        self.put(zh, z).put(en, e)
    }
}

#[derive(Default)]
struct Writer {
    rows: Rows,
    told: Vec<Mistake>,
}

impl Writer {
    fn add(&mut self, sheet: &form::Sheet, row: Filling) {
        self.rows.entry(sheet.key).or_default().push(row.0);
    }

    /// Tells of what no column took.
    fn finish(&mut self, taker: Taker) {
        for key in taker.table.keys() {
            let path = taker.child(key);
            let (zh, en) = (
                format!("表格里没有地方写「{path}」，先用 check 改好"),
                format!("No column can hold “{path}”; mend it first, with check"),
            );
            self.told.push(Mistake::whole(zh, en));
        }
    }

    fn pack(&mut self, mut pack: Taker) {
        self.head(&mut pack);
        for phase in pack.tables("phases") {
            self.phase(phase);
        }
        for mut fact in pack.tables("facts") {
            let row = Filling::default()
                .put("phase", fact.str("phase"))
                .put("id", fact.str("id"))
                .both("text", "text_en", fact.text("text"))
                .put("required", fact.yes("required"))
                .put("when", fact.condition("when"))
                .put("clauses", fact.ids("clauses"));
            self.add(&form::FACTS, row);
            self.finish(fact);
        }
        for kit in pack.tables("kits") {
            self.kit(kit);
        }
        for (list, _) in &words::REASONS.all[..6] {
            self.chips(&mut pack, list, list, None);
        }
        for question in pack.tables("survey") {
            self.question(question);
        }
        if let Some(rules) = pack.table("rules") {
            self.rules(rules);
        }
        self.goods(&mut pack);
        self.finish(pack);
    }

    fn head(&mut self, pack: &mut Taker) {
        for (field, zh, kind) in &form::FIELDS {
            let (value, en) = match (*field, kind) {
                ("aliases", _) => (self.aliases(pack), None),
                ("hotline", _) => (pack.str(field), None),
                (_, Kind::Text) => pack.text(field).unzip(),
                (_, Kind::Number) => (pack.whole(field), None),
                (_, Kind::Word(words)) => (pack.words(field, words), None),
                ("id", _) => (pack.str(field), None),
                _ => (pack.ids(field), None),
            };
            let row = Filling::default()
                .put("field", Some(format!("{zh} ({field})")))
                .put("value", value)
                .put("value_en", en);
            self.add(&form::HEAD, row);
        }
    }

    /// Other names, one a line, as they may have commas in them.
    fn aliases(&mut self, pack: &mut Taker) -> Option<String> {
        pack.list("aliases").map(|all| all.join("\n"))
    }

    fn phase(&mut self, mut phase: Taker) {
        let id = phase.str("id");
        let row = Filling::default()
            .put("id", id.clone())
            .both("name", "name_en", phase.text("name"))
            .both("hint", "hint_en", phase.text("hint"))
            .put("stage", phase.word("stage", &words::STAGES));
        self.add(&form::PHASES, row);
        for item in phase.tables("items") {
            match item.table.contains_key("use") {
                true => self.uses(item, id.as_ref()),
                false => self.item(item, id.as_ref()),
            }
        }
        for (kind, _) in words::ADVICE.all {
            for mut said in phase.tables(kind) {
                let text = match said.table.contains_key("text") {
                    true => said.text("text"),
                    false => said.str("zh").zip(said.str("en")),
                };
                let row = Filling::default()
                    .put("phase", id.clone())
                    .put("kind", Some(words::ADVICE.show(kind)))
                    .both("text", "text_en", text)
                    .put("clauses", said.ids("clauses"));
                self.add(&form::ADVICE, row);
                self.finish(said);
            }
        }
        self.finish(phase);
    }

    fn item(&mut self, mut item: Taker, phase: Option<&String>) {
        let id = item.str("id").unwrap_or_default();
        let mut row = Filling::default()
            .put("phase", phase.cloned())
            .put("id", Some(id.clone()))
            .both("text", "text_en", item.text("text"))
            .both("note", "note_en", item.text("note"))
            .both("customer", "customer_en", item.text("customer"));
        if let Some(mut photos) = item.table("photos") {
            row = row
                .put("photos_min", photos.whole("min"))
                .both("photos_of", "photos_of_en", photos.text("of"))
                .put("photos_seed", photos.yes("seed"));
            self.finish(photos);
        }
        if let Some(evidence) = item.table("evidence") {
            row = self.evidence(row, evidence, &id);
        }
        let row = row
            .put("required", item.yes("required"))
            .put("mismatch", item.yes("mismatch"))
            .put("when", item.condition("when"))
            .put("after", item.ids("after"))
            .put("clauses", item.ids("clauses"));
        self.add(&form::ITEMS, row);
        self.chips(&mut item, "na_reasons", "na_reasons", Some(&id));
        self.finish(item);
    }

    fn evidence(&mut self, row: Filling, mut evidence: Taker, id: &str) -> Filling {
        let kind = evidence.str("kind").unwrap_or_default();
        let mut row = row.put("evidence", Some(words::EVIDENCE.show(&kind)));
        match kind.as_str() {
            "text" => row = row.both("words", "words_en", evidence.text("hint")),
            "consent" => row = row.both("words", "words_en", evidence.text("statement")),
            "choice" => self.chips(&mut evidence, "options", "options", Some(id)),
            "rows" => {
                let list = evidence.word("list", &words::ROW_LISTS);
                row = row.put("setting", list).put("least", evidence.whole("min"));
            }
            "auto_kit" => row = row.put("setting", evidence.str("kit")),
            "auto_milestone" => {
                row = row.put("setting", evidence.word("milestone", &words::MILESTONES))
            }
            "reading" => self.reading(&mut evidence, id),
            _ => {}
        }
        self.finish(evidence);
        row
    }

    fn reading(&mut self, reading: &mut Taker, id: &str) {
        let mut row = Filling::default()
            .put("item", Some(id.to_owned()))
            .both("name", "name_en", reading.text("point"))
            .put("unit", reading.str("unit"))
            .put("sign", reading.word("sign", &words::SIGNS));
        for key in ["min", "max"] {
            row = row.put(key, reading.str(key));
        }
        for key in ["decimals", "min_percent_of_contract", "wavelength_nm"] {
            row = row.put(key, reading.whole(key));
        }
        self.add(&form::READINGS, row);
        for mut slot in reading.tables("slots") {
            let row = Filling::default()
                .put("item", Some(id.to_owned()))
                .put("slot", slot.str("id"))
                .both("name", "name_en", slot.text("name"))
                .put("required", slot.yes("required"));
            self.add(&form::READINGS, row);
            self.finish(slot);
        }
    }

    /// A row that stands for a module's rows; beneath it, what is said or cited otherwise.
    fn uses(&mut self, mut entry: Taker, phase: Option<&String>) {
        let module = entry.str("use");
        let row = Filling::default()
            .put("phase", phase.cloned())
            .put("use", module.clone())
            .put(
                "only",
                entry.list("only").map(|only| {
                    if only.is_empty() {
                        form::NONE.to_owned()
                    } else {
                        only.join("、")
                    }
                }),
            )
            .put("facts", entry.yes("facts"))
            .put("when", entry.condition("when"));
        self.add(&form::ITEMS, row);
        let mut changed: BTreeMap<String, Filling> = BTreeMap::new();
        if let Some(mut texts) = entry.table("text") {
            let ids: Vec<String> = texts.table.keys().cloned().collect();
            for id in ids {
                let row = changed.remove(&id).unwrap_or_default().both(
                    "text",
                    "text_en",
                    texts.text(&id),
                );
                changed.insert(id, row);
            }
            self.finish(texts);
        }
        if let Some(mut cited) = entry.table("clauses") {
            let ids: Vec<String> = cited.table.keys().cloned().collect();
            for id in ids {
                let row = changed
                    .remove(&id)
                    .unwrap_or_default()
                    .put("clauses", cited.ids(&id));
                changed.insert(id, row);
            }
            self.finish(cited);
        }
        for (id, row) in changed.into_iter().filter(|(_, row)| !row.0.is_empty()) {
            let row = row
                .put("phase", phase.cloned())
                .put("use", module.clone())
                .put("id", Some(id));
            self.add(&form::ITEMS, row);
        }
        self.finish(entry);
    }

    fn kit(&mut self, mut kit: Taker) {
        let id = kit.str("id");
        let row =
            Filling::default()
                .put("kit", id.clone())
                .both("name", "name_en", kit.text("name"));
        self.add(&form::KITS, row);
        for mut member in kit.tables("members") {
            let row = Filling::default()
                .put("kit", id.clone())
                .put("id", member.str("id"))
                .both("name", "name_en", member.text("name"))
                .put("consumable", member.yes("consumable"))
                .put("clauses", member.ids("clauses"));
            self.add(&form::KITS, row);
            self.finish(member);
        }
        self.finish(kit);
    }

    fn chips(&mut self, from: &mut Taker, key: &str, list: &str, item: Option<&str>) {
        for mut chip in from.tables(key) {
            let row = Filling::default()
                .put("list", Some(words::REASONS.show(list)))
                .put("item", item.map(str::to_owned))
                .put("id", chip.str("id"))
                .both("text", "text_en", chip.text("text"))
                .both("customer", "customer_en", chip.text("customer"))
                .put("not_ours", chip.yes("not_ours"));
            self.add(&form::REASONS, row);
            self.finish(chip);
        }
    }

    fn question(&mut self, mut question: Taker) {
        let id = question.str("id");
        let row = Filling::default()
            .put("id", id.clone())
            .both("text", "text_en", question.text("text"))
            .put("clauses", question.ids("clauses"));
        self.add(&form::SURVEY, row);
        for mut option in question.tables("options") {
            let row = Filling::default()
                .put("id", id.clone())
                .put("option", option.str("id"))
                .both("text", "text_en", option.text("text"))
                .put("dissatisfied", option.yes("dissatisfied"));
            self.add(&form::SURVEY, row);
            self.finish(option);
        }
        self.finish(question);
    }

    fn rules(&mut self, mut rules: Taker) {
        for (rule, zh) in words::RULES.all {
            let Some(mut table) = rules.table(rule) else {
                continue;
            };
            let short = table.table("short");
            let figures = || FIGURES.iter().filter(|(r, _, _)| r == rule);
            let mut clauses = table.ids("clauses");
            let shown = format!("{zh} ({rule})");
            for (_, name, figure) in figures().filter(|(_, n, _)| !n.starts_with("short.")) {
                self.figure(&mut table, &shown, (name, name), *figure, &mut clauses);
            }
            self.finish(table);
            let Some(mut short) = short else { continue };
            let mut clauses = short.ids("clauses");
            for (_, name, figure) in figures() {
                if let Some(key) = name.strip_prefix("short.") {
                    self.figure(&mut short, &shown, (name, key), *figure, &mut clauses);
                }
            }
            self.finish(short);
        }
        self.finish(rules);
    }

    /// One figure; the clauses stand beside the first of a rule.
    fn figure(
        &mut self,
        table: &mut Taker,
        rule: &str,
        (name, key): (&str, &str),
        figure: Figure,
        clauses: &mut Option<String>,
    ) {
        let value = match figure {
            Figure::Whole => table.whole(key),
            Figure::Yes => table.yes(key),
            Figure::Clock | Figure::Day => table.str(key),
            Figure::Jobs => table.words(key, &words::JOBS),
        };
        if value.is_some() {
            let row = Filling::default()
                .put("rule", Some(rule.to_owned()))
                .put("figure", Some(name.to_owned()))
                .put("value", value)
                .put("clauses", clauses.take());
            self.add(&form::RULES, row);
        }
    }

    fn goods(&mut self, pack: &mut Taker) {
        for mut price in pack.tables("prices") {
            let cents = price.take("cents", Value::as_integer);
            let row = Filling::default()
                .put("id", price.str("id"))
                .both("name", "name_en", price.text("name"))
                .both("unit", "unit_en", price.text("unit"))
                .put("yuan", cents.map(number::yuan))
                .put("clauses", price.ids("clauses"));
            self.add(&form::PRICES, row);
            self.finish(price);
        }
        for mut gear in pack.tables("gear") {
            let row = Filling::default()
                .put("id", gear.str("id"))
                .both("name", "name_en", gear.text("name"))
                .put("months", gear.whole("months"))
                .put("clauses", gear.ids("clauses"));
            self.add(&form::GEAR, row);
            self.finish(gear);
        }
    }
}
