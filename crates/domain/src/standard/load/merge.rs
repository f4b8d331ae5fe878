//! Puts modules into a pack, as TOML with places: what follows sees one pack, and every mistake its own file and line.

use super::module::{Module, Reader};
use super::place::{Findings, Sources};
use super::{PackError, explain};
use crate::standard::Condition;
use crate::text::Text;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

type Value<'a> = Spanned<DeValue<'a>>;

/// Lists that a module adds to.
const ADDED: [&str; 3] = ["kits", "gear", "prices"];
/// Lists that a module gives when the pack has none of its own.
const GIVEN: [&str; 7] = [
    "kit_reasons",
    "suspend_reasons",
    "return_reasons",
    "change_reasons",
    "unsigned_reasons",
    "reading_reasons",
    "survey",
];
/// Words beside a step.
const ADVICE: [&str; 3] = ["say", "dont", "remind"];

/// A pack with its modules in it.
pub(super) struct Merged<'a> {
    pub(super) table: Spanned<DeTable<'a>>,
    pub(super) sources: Sources<'a>,
    /// Whether any module was used at all.
    pub(super) used: bool,
}

/// How a phase uses a module.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::standard) struct Use {
    r#use: String,
    #[serde(default)]
    only: Option<Vec<String>>,
    #[serde(default = "yes")]
    facts: bool,
    #[serde(default)]
    clauses: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    text: BTreeMap<String, Text>,
    #[serde(default)]
    when: Option<Condition>,
}

fn yes() -> bool {
    true
}

/// Resolves every `use`.
///
/// # Errors
/// Modules that are not there or broken, rows that a module does not have, and misspelt uses.
pub(super) fn merge<'a, 'm: 'a>(
    table: Spanned<DeTable<'a>>,
    sources: Sources<'a>,
    reader: &'a Reader<'m>,
) -> Result<Merged<'a>, Vec<PackError>> {
    let whole = table.span();
    let mut merge = Merge {
        root: table.into_inner(),
        sources,
        reader,
        used: BTreeMap::new(),
        advised: BTreeSet::new(),
        asked: BTreeSet::new(),
        rows: BTreeMap::new(),
        findings: Findings::default(),
        mistakes: Vec::new(),
    };
    merge.head();
    merge.phases();
    merge.waits();
    let mut mistakes = merge.mistakes;
    mistakes.extend(merge.findings.into_errors(&merge.sources));
    if !mistakes.is_empty() {
        mistakes.sort_by_key(|m| m.line);
        return Err(mistakes);
    }
    Ok(Merged {
        table: Spanned::new(whole, merge.root),
        sources: merge.sources,
        used: !merge.used.is_empty(),
    })
}

struct Merge<'a, 'm> {
    root: DeTable<'a>,
    sources: Sources<'a>,
    reader: &'a Reader<'m>,
    /// Modules read so far, with places behind the pack's own.
    used: BTreeMap<&'a str, DeTable<'a>>,
    /// Modules whose words already stand beside a step.
    advised: BTreeSet<&'a str>,
    /// Modules whose questions are already asked.
    asked: BTreeSet<&'a str>,
    /// Ids of all rows of the modules used.
    rows: BTreeMap<&'a str, BTreeSet<String>>,
    findings: Findings,
    mistakes: Vec<PackError>,
}

impl<'a, 'm: 'a> Merge<'a, 'm> {
    /// `use = ["reasons-home", …]` at the top: everything but questions, rows and words.
    fn head(&mut self) {
        let Some(list) = self.root.remove("use") else {
            return;
        };
        let start = list.span().start;
        let names: Option<Vec<(String, usize)>> = list.get_ref().as_array().and_then(|names| {
            let name = |v: &Value<'a>| Some((v.get_ref().as_str()?.to_owned(), v.span().start));
            names.iter().map(name).collect()
        });
        let Some(names) = names else {
            self.findings.report_at(
                start,
                "use 要写成列表，如 use = [\"telecom-floor\"]",
                "Write use as a list, like use = [\"telecom-floor\"]",
            );
            return;
        };
        for (name, start) in names {
            self.module(&name, start);
        }
    }

    /// The module's content; the first use brings its lists along.
    fn module(&mut self, id: &str, start: usize) -> Option<(&'a Module, DeTable<'a>)> {
        let Some((module, parsed)) = self.reader.get(id) else {
            let (zh, en) = if self.reader.modules.is_broken(id) {
                (
                    format!("模块「{id}」里有错，先改好它"),
                    format!("The module “{id}” has mistakes; mend it first"),
                )
            } else {
                (
                    format!("没有「{id}」这个模块（modules/{id}.toml）"),
                    format!("There is no module “{id}” (modules/{id}.toml)"),
                )
            };
            self.findings.report_at(start, zh, en);
            return None;
        };
        if let Some(table) = self.used.get(module.id.as_str()) {
            return Some((module, table.clone()));
        }
        let base = self.sources.add(&module.file, &module.source);
        let table = moved(parsed, base);
        self.bring(&table);
        let ids = elements(&table, "items").filter_map(|i| id_of(i).map(str::to_owned));
        self.rows.insert(&module.id, ids.collect());
        self.used.insert(&module.id, table.clone());
        Some((module, table))
    }

    /// Systems, kits, gear and prices are added; reasons and survey are taken where the pack has none.
    fn bring(&mut self, module: &DeTable<'a>) {
        for name in ADDED {
            let more: Vec<_> = elements(module, name).cloned().collect();
            self.add(name, more);
        }
        let known: Vec<String> = elements(&self.root, "systems")
            .filter_map(|s| s.get_ref().as_str().map(str::to_owned))
            .collect();
        let new = |s: &&Value<'a>| {
            let name = s.get_ref().as_str();
            name.is_some_and(|name| !known.iter().any(|k| k == name))
        };
        let more: Vec<_> = elements(module, "systems").filter(new).cloned().collect();
        self.add("systems", more);
        for name in GIVEN {
            let Some((key, list)) = module.get_key_value(name) else {
                continue;
            };
            if elements(&self.root, name).next().is_none() {
                self.root.remove(name);
                self.root.insert(key.clone(), list.clone());
            }
        }
    }

    fn add(&mut self, name: &'static str, more: Vec<Value<'a>>) {
        append(&mut self.root, name, more);
    }

    fn phases(&mut self) {
        let Some((key, list)) = self.root.remove_entry("phases") else {
            return;
        };
        let span = list.span();
        let list = match list.into_inner() {
            DeValue::Array(phases) => {
                DeValue::Array(phases.into_iter().map(|p| self.phase(p)).collect())
            }
            other => other,
        };
        self.root.insert(key, Spanned::new(span, list));
    }

    fn phase(&mut self, phase: Value<'a>) -> Value<'a> {
        let span = phase.span();
        let mut table = match phase.into_inner() {
            DeValue::Table(table) => table,
            // the types complain
            other => return Spanned::new(span, other),
        };
        let uses = |v: &Value<'a>| {
            v.get_ref()
                .as_table()
                .is_some_and(|t| t.contains_key("use"))
        };
        if elements(&table, "items").any(uses)
            && let Some((key, items)) = table.remove_entry("items")
        {
            let place = items.span();
            let id = table.get("id").cloned();
            let mut rows = Vec::new();
            if let DeValue::Array(items) = items.into_inner() {
                for item in items {
                    match uses(&item) {
                        true => rows.extend(self.expand(item, id.as_ref(), &mut table)),
                        false => rows.push(item),
                    }
                }
            }
            let rows = DeValue::Array(rows.into_iter().collect());
            table.insert(key, Spanned::new(place, rows));
        }
        Spanned::new(span, DeValue::Table(table))
    }

    /// The rows that stand in place of a `use`; its words go to the phase, its questions to the pack.
    fn expand(
        &mut self,
        entry: Value<'a>,
        phase: Option<&Value<'a>>,
        into: &mut DeTable<'a>,
    ) -> Vec<Value<'a>> {
        let span = entry.span();
        let wanted = match Use::deserialize(ValueDeserializer::from(entry.clone())) {
            Ok(wanted) => wanted,
            Err(e) => {
                self.mistakes.push(explain::explain(&self.sources, &e));
                return Vec::new();
            }
        };
        let Some(entry) = entry.get_ref().as_table() else {
            return Vec::new();
        };
        let start = entry.get("use").map_or(span.start, |u| u.span().start);
        let Some((module, table)) = self.module(&wanted.r#use, start) else {
            return Vec::new();
        };
        let part = Part {
            entry,
            span,
            wanted: &wanted,
        };
        self.known(&part, module, &table);
        if wanted.facts && self.asked.insert(&module.id) {
            let facts = elements(&table, "facts").map(|f| part.question(f.clone(), phase));
            let facts = facts.collect();
            self.add("facts", facts);
        }
        if self.advised.insert(&module.id) {
            for name in ADVICE {
                append(into, name, elements(&table, name).cloned().collect());
            }
        }
        let chosen = |row: &&Value<'a>| match (&wanted.only, id_of(row)) {
            (Some(only), Some(id)) => only.iter().any(|o| o == id),
            _ => true,
        };
        let rows = elements(&table, "items").filter(chosen);
        rows.map(|row| part.row(row.clone())).collect()
    }

    /// A use names only rows and questions that the module has.
    fn known(&mut self, part: &Part<'_, 'a>, module: &Module, table: &DeTable<'a>) {
        let rows: BTreeSet<&str> = elements(table, "items").filter_map(id_of).collect();
        let facts: BTreeSet<&str> = elements(table, "facts").filter_map(id_of).collect();
        let wanted = part.wanted;
        let only = wanted.only.iter().flatten().map(|id| ("only", id, false));
        let clauses = wanted.clauses.keys().map(|id| ("clauses", id, true));
        let text = wanted.text.keys().map(|id| ("text", id, false));
        for (name, id, questions) in only.chain(clauses).chain(text) {
            let known = rows.contains(id.as_str()) || (questions && facts.contains(id.as_str()));
            if !known {
                let start = part.entry.get(name).map_or(0, |v| v.span().start);
                self.findings.report_at(
                    start,
                    format!("模块「{}」里没有「{id}」", module.id),
                    format!("The module “{}” has no “{id}”", module.id),
                );
            }
        }
    }

    /// A row of a module waits for no other row of that module that the pack left out.
    fn waits(&mut self) {
        let here: BTreeSet<String> = elements(&self.root, "phases")
            .filter_map(|p| p.get_ref().as_table())
            .flat_map(|p| elements(p, "items"))
            .filter_map(|i| id_of(i).map(str::to_owned))
            .collect();
        let modules: BTreeSet<&String> = self.rows.values().flatten().collect();
        let left_out = |v: &Value<'a>| {
            let id = v.get_ref().as_str().unwrap_or_default();
            !here.contains(id) && modules.iter().any(|m| *m == id)
        };
        let Some(DeValue::Array(phases)) = self.root.get_mut("phases").map(Spanned::get_mut) else {
            return;
        };
        for phase in phases.iter_mut() {
            let DeValue::Table(phase) = phase.get_mut() else {
                continue;
            };
            let Some(DeValue::Array(items)) = phase.get_mut("items").map(Spanned::get_mut) else {
                continue;
            };
            for item in items.iter_mut() {
                if let DeValue::Table(item) = item.get_mut()
                    && let Some(DeValue::Array(after)) = item.get_mut("after").map(Spanned::get_mut)
                {
                    *after = after.iter().filter(|v| !left_out(v)).cloned().collect();
                }
            }
        }
    }
}

/// One use in a phase.
struct Part<'u, 'a> {
    entry: &'u DeTable<'a>,
    span: Range<usize>,
    wanted: &'u Use,
}

impl<'a> Part<'_, 'a> {
    /// A module's row with the use's clauses, words and condition.
    fn row(&self, row: Value<'a>) -> Value<'a> {
        let id = id_of(&row).unwrap_or_default().to_owned();
        let span = row.span();
        let mut row = match row.into_inner() {
            DeValue::Table(table) => table,
            other => return Spanned::new(span, other),
        };
        self.cite(&mut row, &id);
        if let Some(words) = self.of("text", &id) {
            put(&mut row, "text", words);
        }
        if let Some(when) = self.entry.get("when") {
            let both = match row.remove("when") {
                Some(own) => self.all([when.clone(), own]),
                None => when.clone(),
            };
            put(&mut row, "when", both);
        }
        Spanned::new(span, DeValue::Table(row))
    }

    /// A module's question, asked in the phase of the use; only for the jobs of the use, when that is all its condition says.
    fn question(&self, fact: Value<'a>, phase: Option<&Value<'a>>) -> Value<'a> {
        let id = id_of(&fact).unwrap_or_default().to_owned();
        let span = fact.span();
        let mut fact = match fact.into_inner() {
            DeValue::Table(table) => table,
            other => return Spanned::new(span, other),
        };
        if let Some(phase) = phase {
            put(&mut fact, "phase", phase.clone());
        }
        if self.wanted.clauses.contains_key(&id) {
            self.cite(&mut fact, &id);
        }
        if let (Some(Condition::Job(_)), Some(when)) = (&self.wanted.when, self.entry.get("when")) {
            let both = match fact.remove("when") {
                Some(own) => self.all([when.clone(), own]),
                None => when.clone(),
            };
            put(&mut fact, "when", both);
        }
        Spanned::new(span, DeValue::Table(fact))
    }

    /// Adds the use's clauses. Where there are none in the end, it is the use that should have given them.
    fn cite(&self, row: &mut DeTable<'a>, id: &str) {
        let mut all: Vec<Value<'a>> = elements(row, "clauses").cloned().collect();
        let more = self.of("clauses", id);
        for clause in more.iter().flat_map(|v| v.get_ref().as_array()).flatten() {
            let same = |c: &Value<'a>| c.get_ref().as_str() == clause.get_ref().as_str();
            if !all.iter().any(same) {
                all.push(clause.clone());
            }
        }
        let span = match (all.is_empty(), row.get("clauses")) {
            (false, Some(own)) => own.span(),
            _ => self.span.clone(),
        };
        let list = DeValue::Array(all.into_iter().collect());
        row.remove("clauses");
        put(row, "clauses", Spanned::new(span, list));
    }

    fn of(&self, name: &str, id: &str) -> Option<Value<'a>> {
        let table = self.entry.get(name)?.get_ref().as_table()?;
        table.get(id).cloned()
    }

    fn all(&self, parts: [Value<'a>; 2]) -> Value<'a> {
        let mut table = DeTable::new();
        let list = DeValue::Array(parts.into_iter().collect());
        let span = self.span.clone();
        put(&mut table, "all", Spanned::new(span.clone(), list));
        Spanned::new(span, DeValue::Table(table))
    }
}

/// Sets a key, which then stands where its value stands.
fn put<'a>(table: &mut DeTable<'a>, name: &'static str, value: Value<'a>) {
    table.remove(name);
    let key = Spanned::new(value.span(), Cow::Borrowed(name));
    table.insert(key, value);
}

/// Adds to a list, making it where there is none.
fn append<'a>(table: &mut DeTable<'a>, name: &'static str, more: Vec<Value<'a>>) {
    let Some(span) = more.first().map(Spanned::span) else {
        return;
    };
    match table.get_mut(name).map(Spanned::get_mut) {
        Some(DeValue::Array(list)) => more.into_iter().for_each(|v| list.push(v)),
        Some(_) => {}
        None => {
            let list: DeArray<'a> = more.into_iter().collect();
            put(table, name, Spanned::new(span, DeValue::Array(list)));
        }
    }
}

fn elements<'t, 'a>(table: &'t DeTable<'a>, name: &str) -> impl Iterator<Item = &'t Value<'a>> {
    let list = table.get(name).and_then(|v| v.get_ref().as_array());
    list.into_iter().flat_map(|l| l.iter())
}

fn id_of<'t>(value: &'t Value<'_>) -> Option<&'t str> {
    value.get_ref().as_table()?.get("id")?.get_ref().as_str()
}

/// The same content with places from `base` on.
fn moved<'a>(table: &DeTable<'a>, base: usize) -> DeTable<'a> {
    let shift = |place: Range<usize>| place.start + base..place.end + base;
    table
        .iter()
        .map(|(key, value)| {
            let key = Spanned::new(shift(key.span()), key.get_ref().clone());
            (key, moved_value(value, base))
        })
        .collect()
}

fn moved_value<'a>(value: &Value<'a>, base: usize) -> Value<'a> {
    let span = value.span();
    let value = match value.get_ref() {
        DeValue::Table(table) => DeValue::Table(moved(table, base)),
        DeValue::Array(list) => DeValue::Array(list.iter().map(|v| moved_value(v, base)).collect()),
        other => other.clone(),
    };
    Spanned::new(span.start + base..span.end + base, value)
}
