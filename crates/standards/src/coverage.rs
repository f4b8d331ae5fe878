//! `COVERAGE.toml`: for every item of the catalogue what carries it, or why nothing does.

use crate::catalogue::{Catalogue, Relevance};
use crate::check::{Options, Report, at};
use doorstep_domain::standard::carried::Kind;
use doorstep_domain::standard::{Evidence, Item, Pack};
use doorstep_domain::text::Text;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Its name beside the packs.
pub const FILE: &str = "COVERAGE.toml";

/// Of a hundred core items so many are carried.
const WANTED_PERCENT: usize = 95;

/// Records of the app that carry an item by themselves, and what each is.
pub const RECORDS: &[(&str, &str)] = &[
    (
        "order",
        "the work order: customer, address, service, job, deadline",
    ),
    (
        "appointment",
        "agreed times with who proposed them, changes with their notice",
    ),
    ("calls", "calls with purpose and result"),
    (
        "milestones",
        "departed, downstairs, at the door, entered, left",
    ),
    (
        "leave_note",
        "nobody home: the note with times, number and photo",
    ),
    ("kit_check", "the day's check of what is carried"),
    ("staff_gear", "the technician's own gear with its dates"),
    ("staff_card", "staff number, name and team"),
    ("readings", "measured values"),
    ("devices", "devices with serial numbers"),
    ("materials", "materials used"),
    ("fees", "fees told and agreed before the work"),
    ("photos", "photos with time and place"),
    ("feedback", "the customer's sealed answers"),
    ("signatures", "both signatures with their times"),
    ("consent", "statements signed before the work"),
    (
        "outcome",
        "finished, suspended, returned, nobody home, with reason and next step",
    ),
    ("submission", "what was handed in, frozen, with its time"),
    (
        "review",
        "the lead's verdict: approved, sent back, another visit",
    ),
    ("desk", "the lead's queue, flags and timeline"),
    (
        "ticket",
        "the printed ticket, the customer's and the company's copy",
    ),
    ("delivery", "how the customer's copy reached the customer"),
    (
        "open_issue",
        "what stayed open after a visit: promise, term, who has it, result, the customer's word",
    ),
    (
        "follow_up",
        "contacts planned after a visit, made or tried, with their terms",
    ),
    (
        "assessment",
        "a skill assessment: points by line, clocks, both signatures",
    ),
    ("staff_record", "penalties and stars on the staff card"),
    ("companions", "who came along"),
    ("log", "the log that nobody can change, with real times"),
    ("roles", "who may see and do what"),
    ("hub", "the company's server: archive, backup, restore"),
];

/// One entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Rows and kit members: `pack/row`, `pack/kit:member`.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Words beside a step: `pack/phase`.
    #[serde(default)]
    pub advice: Vec<String>,
    /// Figures: `pack/rules.arrival`.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Questions to the customer, gear, prices: `pack/survey:polite`, `pack/gear:helmet`, `pack/prices:pipe`.
    #[serde(default)]
    pub survey: Vec<String>,
    /// A record of the app, one of [`RECORDS`].
    #[serde(default)]
    pub record: Option<String>,
    /// Why nothing carries it.
    #[serde(default)]
    pub why: Option<Text>,
    /// The item of another system that says the same: on one row the two count once.
    #[serde(default)]
    pub same: Option<String>,
}

impl Entry {
    fn lists(&self) -> [(&'static str, &Vec<String>); 4] {
        let (rows, advice) = (("rows", &self.rows), ("advice", &self.advice));
        [
            rows,
            advice,
            ("rules", &self.rules),
            ("survey", &self.survey),
        ]
    }

    fn empty(&self) -> bool {
        !self.carried() && self.why.is_none()
    }

    /// A place in a pack or a record of the app.
    #[must_use]
    pub fn carried(&self) -> bool {
        self.lists().iter().any(|(_, l)| !l.is_empty()) || self.record.is_some()
    }

    fn list_mut(&mut self, kind: Kind) -> &mut Vec<String> {
        match kind {
            Kind::Row => &mut self.rows,
            Kind::Advice => &mut self.advice,
            Kind::Rule => &mut self.rules,
            Kind::Survey => &mut self.survey,
        }
    }
}

/// What the packs carry, by id.
#[must_use]
pub fn of_packs<'p>(packs: impl Iterator<Item = &'p Pack>) -> BTreeMap<String, Entry> {
    let mut all: BTreeMap<String, Entry> = BTreeMap::new();
    for pack in packs {
        for place in pack.carried() {
            let name = format!("{}/{}", pack.id, place.name);
            for clause in place.clauses {
                let list = all.entry(clause.clone()).or_default().list_mut(place.kind);
                if !list.contains(&name) {
                    list.push(name.clone());
                }
            }
        }
    }
    all
}

/// Reads a coverage file.
///
/// # Errors
/// The parser's message.
pub fn read(text: &str) -> Result<BTreeMap<String, Entry>, toml::de::Error> {
    toml::from_str(text)
}

/// The file for these packs; `record`, `why` and `same` come from `kept`. A reason goes when something carries the item.
#[must_use]
pub fn write(
    catalogue: &Catalogue,
    carried: &BTreeMap<String, Entry>,
    kept: &BTreeMap<String, Entry>,
) -> String {
    let mut out = String::from(
        "# What carries each item of the catalogue: written by `doorstep-standards coverage DIR --write`.\n\
         # By hand only: `record`, `why` and `same`.\n",
    );
    for id in catalogue.0.keys() {
        let mut entry = carried.get(id).cloned().unwrap_or_default();
        if let Some(kept) = kept.get(id) {
            entry.record.clone_from(&kept.record);
            entry.same.clone_from(&kept.same);
            if !entry.carried() {
                entry.why.clone_from(&kept.why);
            }
        }
        if !entry.empty() {
            entry_lines(&mut out, id, &entry);
        }
    }
    out
}

fn entry_lines(out: &mut String, id: &str, entry: &Entry) {
    let quoted = |s: &String| toml::Value::String(s.clone()).to_string();
    let _ = writeln!(out, "\n[{id}]");
    for (name, list) in entry.lists() {
        if !list.is_empty() {
            let list: Vec<String> = list.iter().map(quoted).collect();
            let _ = writeln!(out, "{name} = [{}]", list.join(", "));
        }
    }
    for (name, word) in [("record", &entry.record), ("same", &entry.same)] {
        if let Some(word) = word {
            let _ = writeln!(out, "{name} = {}", quoted(word));
        }
    }
    if let Some(why) = &entry.why {
        let _ = writeln!(
            out,
            "why = {{ zh = {}, en = {} }}",
            quoted(&why.zh),
            quoted(&why.en)
        );
    }
}

/// Holds the file against the packs and the catalogue.
pub(crate) fn check(text: &str, report: &mut Report, options: Options<'_>) {
    let entries = match read(text) {
        Ok(entries) => entries,
        Err(e) => {
            let line = e
                .span()
                .map_or(0, |s| text[..s.start].matches('\n').count() + 1);
            let (zh, en) = (format!("写法不对：{}", e.message()), e.message().to_owned());
            report.mistakes.push(at(FILE, line, zh, en));
            return;
        }
    };
    let carried = of_packs(report.packs.iter().map(|(_, p)| &p.pack));
    let line_of = |id: &str| {
        let head = format!("[{id}]");
        text.lines()
            .position(|l| l.trim() == head)
            .map_or(0, |i| i + 1)
    };
    for (id, entry) in &entries {
        let line = line_of(id);
        if !options.catalogue.0.contains_key(id) {
            let (zh, en) = (
                format!("目录里没有「{id}」"),
                format!("The catalogue has no “{id}”"),
            );
            report.mistakes.push(at(FILE, line, zh, en));
        }
        one(id, entry, carried.get(id), line, report);
        let twin = |s: &&String| *s == id || !options.catalogue.0.contains_key(*s);
        if let Some(other) = entry.same.as_ref().filter(twin) {
            let (zh, en) = (
                format!("same 要写另一条的编号，「{other}」不是"),
                format!("same names another item; “{other}” is none"),
            );
            report.mistakes.push(at(FILE, line, zh, en));
        }
    }
    crowded(&entries, report, options);
    let missing: Vec<&String> = options
        .catalogue
        .0
        .keys()
        .filter(|id| entries.get(*id).is_none_or(Entry::empty))
        .collect();
    for id in missing {
        let (zh, en) = (
            format!("「{id}」没有交代：写明由什么承担，或为什么没有"),
            format!("“{id}” is missing: say what carries it, or why nothing does"),
        );
        report.mistakes.push(at(FILE, 0, zh, en));
    }
    share(&entries, report, options);
}

/// One entry: each place that it names cites the item, and every place that cites it is named.
fn one(id: &str, entry: &Entry, carried: Option<&Entry>, line: usize, report: &mut Report) {
    let none = Entry::default();
    let is = carried.unwrap_or(&none);
    for ((_, named), (_, cites)) in entry.lists().into_iter().zip(is.lists()) {
        let named: BTreeSet<&String> = named.iter().collect();
        let cites: BTreeSet<&String> = cites.iter().collect();
        for place in named.difference(&cites) {
            let (zh, en) = (
                format!("「{place}」没有引用 {id}"),
                format!("“{place}” does not cite {id}"),
            );
            report.mistakes.push(at(FILE, line, zh, en));
        }
        for place in cites.difference(&named) {
            let (zh, en) = (
                format!("「{place}」引用了 {id}，这里没写；用 coverage --write 重写"),
                format!("“{place}” cites {id} and is not named; run coverage --write"),
            );
            report.mistakes.push(at(FILE, line, zh, en));
        }
    }
    let known = |r: &String| RECORDS.iter().any(|(name, _)| name == r);
    if let Some(record) = entry.record.as_ref().filter(|r| !known(r)) {
        let names: Vec<&str> = RECORDS.iter().map(|(n, _)| *n).collect();
        let (zh, en) = (
            format!("没有「{record}」这种记录，可以写：{}", names.join("、")),
            format!(
                "There is no record “{record}”; possible: {}",
                names.join(", ")
            ),
        );
        report.mistakes.push(at(FILE, line, zh, en));
    }
    let said = |why: &Text| !why.zh.trim().is_empty() && !why.en.trim().is_empty();
    if entry.why.as_ref().is_some_and(|why| !said(why)) {
        let (zh, en) = ("why 要写中文和英文", "why needs both Chinese and English");
        report.mistakes.push(at(FILE, line, zh, en));
    }
}

/// One row stands for at most so many items, unless they say the same.
const MAX_IDS: usize = 4;

/// Rows that stand for too many items: a warning, in a strict check a mistake. Ids that a kit's members cite belong to these.
pub(crate) fn crowded(
    entries: &BTreeMap<String, Entry>,
    report: &mut Report,
    options: Options<'_>,
) {
    let mut found = Vec::new();
    for (file, loaded) in &report.packs {
        let places = report.rows.get(file);
        for (_, item) in loaded.pack.items() {
            let ids = said_once(&loaded.pack, item, entries).len();
            if ids > MAX_IDS {
                let id = &item.id;
                let (zh, en) = (
                    format!("「{id}」一条带了 {ids} 个编号，最多 {MAX_IDS} 个，除非说的是一件事"),
                    format!(
                        "“{id}” stands for {ids} items; at most {MAX_IDS} unless they say the same"
                    ),
                );
                let place = places.and_then(|p| p.get(id));
                let (file, line) = place.map_or((file, 0), |(file, line)| (file, *line));
                found.push(at(file, line, zh, en));
            }
        }
    }
    match options.strict {
        true => report.mistakes.extend(found),
        false => report.warnings.extend(found),
    }
}

/// What a row cites: items that say the same once, none that a member of its kit cites.
fn said_once<'p>(
    pack: &'p Pack,
    item: &'p Item,
    entries: &'p BTreeMap<String, Entry>,
) -> BTreeSet<&'p String> {
    let kit = match &item.evidence {
        Evidence::AutoKit { kit } => pack.kits.iter().find(|k| k.id == *kit),
        _ => None,
    };
    let members: BTreeSet<&String> = kit
        .iter()
        .flat_map(|k| &k.members)
        .flat_map(|m| &m.clauses)
        .collect();
    let cited = item.clauses.iter();
    let own = cited.filter(|c| *c != "OURS" && !members.contains(c));
    own.map(|id| entries.get(id).and_then(|e| e.same.as_ref()).unwrap_or(id))
        .collect()
}

/// How much of the core is carried.
fn share(entries: &BTreeMap<String, Entry>, report: &mut Report, options: Options<'_>) {
    let core = || {
        let all = options.catalogue.0.iter();
        all.filter(|(_, r)| **r == Relevance::Core)
            .map(|(id, _)| id)
    };
    let carried = core()
        .filter(|id| entries.get(*id).is_some_and(Entry::carried))
        .count();
    let all = core().count();
    report.core = Some((carried, all));
    if carried * 100 < all * WANTED_PERCENT {
        let (zh, en) = (
            format!("核心条目承担了 {carried}/{all} 条，至少要 {WANTED_PERCENT}%"),
            format!(
                "{carried} of {all} core items are carried; at least {WANTED_PERCENT} % are wanted"
            ),
        );
        let finding = at(FILE, 0, zh, en);
        match options.strict {
            true => report.mistakes.push(finding),
            false => report.warnings.push(finding),
        }
    }
}
