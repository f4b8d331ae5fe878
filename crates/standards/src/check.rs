//! Checks a folder of standards: every mistake with file and line, and what is odd though not wrong.

use crate::catalogue::Catalogue;
use crate::coverage;
use crate::folder::Folder;
use crate::reach::reachable;
use doorstep_domain::standard::Pack;
use doorstep_domain::standard::load::{LoadedPack, Modules, PackError, Reader, RowPlaces, utf8};
use doorstep_domain::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Above so many rows that are always there a technician ticks without reading.
const GOOD_ROWS: usize = 25;
/// A row is read at a glance: Chinese characters.
const MAX_WORDS: usize = 30;

/// What the check found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Packs that passed, with their file names.
    pub packs: Vec<(String, LoadedPack)>,
    /// Mistakes; with any, the folder is not sound.
    pub mistakes: Vec<PackError>,
    /// What is odd though not wrong.
    pub warnings: Vec<PackError>,
    /// Where the rows of each pack stand, by the pack's file.
    pub rows: BTreeMap<String, RowPlaces>,
    /// How many core items are carried, and how many there are; none without a coverage file.
    pub core: Option<(usize, usize)>,
}

/// How to check.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Ids that may be cited.
    pub catalogue: &'a Catalogue,
    /// The coverage file must be there and carry 95 % of the core.
    pub strict: bool,
}

/// Files of a folder as they were read.
struct Read {
    packs: Vec<(String, String)>,
    modules: Vec<(String, String)>,
}

/// Checks a folder.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn check(folder: &Path, options: Options<'_>) -> io::Result<Report> {
    let files = Folder::list(folder)?;
    let mut report = Report::default();
    let read = Read {
        packs: texts(&files.packs, "", &mut report.mistakes)?,
        modules: texts(&files.modules, "modules/", &mut report.mistakes)?,
    };
    let mut modules = Modules::default();
    for (name, source) in &read.modules {
        let taken = modules.take(name, source.as_bytes());
        report.mistakes.extend(taken.err().into_iter().flatten());
    }
    let reader = Reader::new(&modules);
    for (name, source) in &read.packs {
        match reader.read(name, source) {
            Ok(pack) => report.packs.push((name.clone(), pack)),
            Err(mistakes) => report.mistakes.extend(mistakes),
        }
    }
    unused(&read, &mut report);
    names(&mut report);
    shared_words(&mut report);
    for (name, pack) in &report.packs {
        let unknown = unknown_ids(&read, name, &pack.pack, options.catalogue);
        report.mistakes.extend(unknown);
        let source = read.packs.iter().find(|(n, _)| n == name);
        let source = source.map_or("", |(_, text)| text);
        let places = reader.row_places(name, source);
        report
            .warnings
            .extend(odd(name, source, &pack.pack, &places));
        report.rows.insert(name.clone(), places);
    }
    // one in a module is told by every pack that uses it
    let mut warned = BTreeSet::new();
    report.warnings.retain(|w| warned.insert(w.to_string()));
    let path = folder.join(coverage::FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => coverage::check(&text, &mut report, options),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            coverage::crowded(&BTreeMap::new(), &mut report, options);
            if options.strict {
                let (zh, en) = ("没有这个文件", "This file is not there");
                report.mistakes.push(at(coverage::FILE, 0, zh, en));
            }
        }
        Err(e) => return Err(e),
    }
    // a mistake in a module is told by every pack that uses it
    let mut told = BTreeSet::new();
    report.mistakes.retain(|m| told.insert(m.to_string()));
    Ok(report)
}

fn texts(
    files: &[(String, PathBuf)],
    folder: &str,
    mistakes: &mut Vec<PackError>,
) -> io::Result<Vec<(String, String)>> {
    let mut read = Vec::new();
    for (name, path) in files {
        let bytes = std::fs::read(path)?;
        match utf8(&format!("{folder}{name}"), &bytes) {
            Ok(text) => read.push((name.clone(), text.to_owned())),
            Err(told) => mistakes.extend(told),
        }
    }
    Ok(read)
}

/// A finding with its words.
pub(crate) fn at(
    file: &str,
    line: usize,
    zh: impl Into<String>,
    en: impl Into<String>,
) -> PackError {
    PackError {
        file: file.to_owned(),
        line,
        reason: Text::new(zh, en),
    }
}

/// A module that no pack names does nothing.
fn unused(read: &Read, report: &mut Report) {
    for (name, source) in &read.modules {
        let id = name.trim_end_matches(".toml");
        let named = format!("\"{id}\"");
        let used = |(_, text): &(String, String)| {
            text.lines().any(|l| l.trim_start().starts_with("use") && l.contains(&named))
                // a list of modules over several lines
                || text.lines().any(|l| l.trim().trim_end_matches(',') == named)
        };
        if !read.packs.iter().any(used) {
            let file = format!("modules/{name}");
            let (zh, en) = ("没有规范用到这个模块", "No standard uses this module");
            let line = line_with(source, "id");
            report.warnings.push(at(&file, line, zh, en));
        }
    }
}

/// Ids are the files' names, so no two packs have the same.
fn names(report: &mut Report) {
    for (name, pack) in &report.packs {
        let id = &pack.pack.id;
        if name.trim_end_matches(".toml") != id {
            let (zh, en) = (
                format!("编号「{id}」要和文件名一样"),
                format!("The id “{id}” must be the file's name"),
            );
            report.mistakes.push(at(name, 0, zh, en));
        }
    }
}

/// The words by which an order names its standard belong to one standard.
fn shared_words(report: &mut Report) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, loaded) in &report.packs {
        let pack = &loaded.pack;
        let own = [&pack.id, &pack.name.zh, &pack.name.en];
        let own: BTreeSet<&String> = own.into_iter().chain(&pack.aliases).collect();
        for word in own {
            if let Some(other) = owners.insert(word, name) {
                let (zh, en) = (
                    format!("「{word}」在 {other} 里也有，工单写它就不知道是哪一套"),
                    format!("“{word}” stands in {other} too; an order that says it means either"),
                );
                found.push(at(name, 0, zh, en));
            }
        }
    }
    report.mistakes.extend(found);
}

/// Ids that the catalogue does not have, where they first stand.
fn unknown_ids(read: &Read, name: &str, pack: &Pack, known: &Catalogue) -> Vec<PackError> {
    let questions = pack.facts.iter().map(|q| q.clauses.as_slice());
    let carried = pack.carried();
    let cited: BTreeSet<&String> = carried
        .iter()
        .map(|p| p.clauses)
        .chain(questions)
        .flatten()
        .collect();
    let unknown = |c: &&&String| {
        // G-nn is the catalogue's list of general remarks, not an item
        !c.starts_with("G-") && c.as_str() != "OURS" && !known.0.contains_key(c.as_str())
    };
    let place = |id: &str| {
        let own = read.packs.iter().filter(|(n, _)| n == name);
        let own = own.map(|(n, text)| (n.clone(), text));
        let shared = read
            .modules
            .iter()
            .map(|(n, text)| (format!("modules/{n}"), text));
        let quoted = format!("\"{id}\"");
        own.chain(shared)
            .find_map(|(file, text)| {
                let line = text.lines().position(|l| l.contains(&quoted))?;
                Some((file, line + 1))
            })
            .unwrap_or_else(|| (name.to_owned(), 0))
    };
    let told = |id: &String| {
        let (file, line) = place(id);
        let (zh, en) = (
            format!("目录里没有「{id}」"),
            format!("The catalogue has no “{id}”"),
        );
        at(&file, line, zh, en)
    };
    cited.iter().filter(unknown).map(|id| told(id)).collect()
}

/// What is odd about a sound pack though not wrong, each with the file and line of its row; a module's row in the module's file.
#[must_use]
pub fn odd_rows(modules: &Modules, file: &str, source: &str, pack: &Pack) -> Vec<PackError> {
    odd(
        file,
        source,
        pack,
        &Reader::new(modules).row_places(file, source),
    )
}

fn odd(file: &str, source: &str, pack: &Pack, places: &RowPlaces) -> Vec<PackError> {
    let mut odd = Vec::new();
    let always = pack.items().filter(|(_, i)| i.when.is_none()).count();
    if always > GOOD_ROWS {
        let line = line_with(source, "[[phases]]");
        odd.push(at(
            file,
            line,
            format!("每次都出现的检查项有 {always} 条，{GOOD_ROWS} 条左右为宜"),
            format!("{always} rows are always there; about {GOOD_ROWS} is good"),
        ));
    }
    for (_, item) in pack.items() {
        let id = &item.id;
        let (file, line) = places
            .get(id)
            .map_or((file, 0), |(file, line)| (file.as_str(), *line));
        let mut warn = |zh: String, en: String| odd.push(at(file, line, zh, en));
        let ids = item.clauses.iter().filter(|c| *c != "OURS").count();
        let words = item.text.zh.chars().count();
        if ids == 0 {
            warn(
                format!("「{id}」没有目录里的出处"),
                format!("“{id}” cites nothing of the catalogue"),
            );
        }
        if words > MAX_WORDS {
            warn(
                format!("「{id}」有 {words} 个字，最多 {MAX_WORDS} 个"),
                format!("“{id}” has {words} Chinese characters; at most {MAX_WORDS}"),
            );
        }
        if !is_english(&item.text) {
            warn(
                format!("「{id}」没有英文"),
                format!("“{id}” has no English"),
            );
        }
        if !reachable(pack, item) {
            warn(
                format!("「{id}」不会出现：它的问题在那种作业里不问"),
                format!("“{id}” never comes up: its question is not asked for that job"),
            );
        }
    }
    odd
}

/// The 1-based line where a text first stands; 0 when it does not.
fn line_with(source: &str, text: &str) -> usize {
    let line = source
        .lines()
        .position(|l| l.trim_start().starts_with(text));
    line.map_or(0, |line| line + 1)
}

/// Whether a text has English words, and no Chinese ones in their place.
#[must_use]
pub fn is_english(text: &Text) -> bool {
    text.en.chars().any(|c| c.is_ascii_alphabetic())
        && !text
            .en
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}
