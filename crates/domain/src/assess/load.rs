//! Reading a form from TOML and checking it; a mistake names the file, the line and what to write instead.

use super::form::{Cost, FULL_POINTS, Form, Row, Section};
use crate::event::sha256_hex;
use crate::standard::load::{PackError, explain_one};
use crate::text::Text;
use std::collections::BTreeSet;

/// The largest form that is read, bytes: it travels inside the event that begins an assessment.
pub const MAX_FORM_BYTES: usize = 32 * 1024;

/// A form that passed every check, with the text that an assessment carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedForm {
    /// The form.
    pub form: Form,
    /// Lower-case hex SHA-256 of `source`.
    pub hash: String,
    /// The TOML as it was read.
    pub source: String,
}

/// Reads and checks a form.
///
/// # Errors
/// Every mistake found, never empty. A mistake in the TOML or in a type hides later ones.
pub fn load_form(file: &str, source: &str) -> Result<LoadedForm, Vec<PackError>> {
    let error = |line, reason| PackError {
        file: file.to_owned(),
        line,
        reason,
    };
    if source.len() > MAX_FORM_BYTES {
        let n = source.len();
        let reason = Text::new(
            format!("文件有 {n} 字节，最多 {MAX_FORM_BYTES} 字节"),
            format!("The file has {n} bytes; at most {MAX_FORM_BYTES} bytes"),
        );
        return Err(vec![error(0, reason)]);
    }
    let form: Form = toml::from_str(source).map_err(|e| vec![explain_one(file, source, &e)])?;
    let found = check(&form);
    if !found.is_empty() {
        let line = |word: &str| line_naming(source, word);
        return Err(found
            .into_iter()
            .map(|(word, reason)| error(line(&word), reason))
            .collect());
    }
    Ok(LoadedForm {
        form,
        hash: sha256_hex(source.as_bytes()),
        source: source.to_owned(),
    })
}

/// The line of the first `id = "word"`; 0 when there is none.
fn line_naming(source: &str, word: &str) -> usize {
    let wanted = format!("id = \"{word}\"");
    let at = source.lines().position(|l| l.trim() == wanted);
    at.map_or(0, |i| i + 1)
}

/// A mistake with the id it is about.
type Found = (String, Text);

fn check(form: &Form) -> Vec<Found> {
    let mut found = Vec::new();
    let about = |id: &str, zh: String, en: String| (id.to_owned(), Text::new(zh, en));
    let sum: u32 = form
        .sections
        .iter()
        .fold(0, |n, s| n.saturating_add(s.points));
    if sum != FULL_POINTS {
        found.push(about(
            &form.id,
            format!("各部分的分加起来是 {sum}，要正好 {FULL_POINTS}"),
            format!("The sections' points add up to {sum}; they must be {FULL_POINTS}"),
        ));
    }
    if form.totals.is_empty() {
        found.push(about(
            &form.id,
            "至少要写一种满分 [[totals]]".to_owned(),
            "Write at least one [[totals]]".to_owned(),
        ));
    }
    for total in &form.totals {
        let sum: u32 = total.points.values().fold(0, |n, p| n.saturating_add(*p));
        let named: Vec<&String> = total.points.keys().collect();
        let mut sheets: Vec<&String> = form.sheets.iter().map(|s| &s.id).collect();
        sheets.sort();
        if sum != FULL_POINTS || named != sheets {
            found.push(about(
                &total.id,
                format!("这种满分要给每张表写分，加起来正好 {FULL_POINTS}"),
                format!("Give every sheet its points; together they must be {FULL_POINTS}"),
            ));
        }
    }
    for (id, zero) in form.timers.iter().map(|t| (&t.id, t.minutes == 0)) {
        if zero {
            found.push(about(
                id,
                "时限至少 1 分钟".to_owned(),
                "A time limit is at least one minute".to_owned(),
            ));
        }
    }
    for section in &form.sections {
        check_section(section, &mut found);
        for row in &section.rows {
            check_row(form, row, &mut found);
        }
    }
    check_ids(form, &mut found);
    check_words(form, &mut found);
    found
}

/// The rows of a section that are worth points share all of its points out; a section that is counted on several sheets has no others.
fn check_section(section: &Section, found: &mut Vec<Found>) {
    let worth: u32 = section
        .rows
        .iter()
        .filter(|r| r.cost == Cost::Worth)
        .fold(0, |n, r| n.saturating_add(r.points));
    let all_worth = section.rows.iter().all(|r| r.cost == Cost::Worth);
    let sheets: BTreeSet<&String> = section.rows.iter().map(|r| &r.sheet).collect();
    let fits = match all_worth {
        true => worth == section.points,
        // rows that cost points each time leave room beside them, and cannot be told apart by sheet
        false => worth <= section.points && sheets.len() <= 1,
    };
    if !fits {
        let points = section.points;
        found.push((
            section.id.clone(),
            Text::new(
                format!("这一部分的 worth 各项加起来是 {worth} 分，和 {points} 分对不上"),
                format!("The worth rows of this section add up to {worth}, which does not fit its {points} points"),
            ),
        ));
    }
}

fn check_row(form: &Form, row: &Row, found: &mut Vec<Found>) {
    let mut wrong = |zh: &str, en: &str| found.push((row.id.clone(), Text::new(zh, en)));
    if row.points == 0 || row.most == Some(0) {
        wrong("分数和次数都要大于 0", "Points and times must be above 0");
    }
    if row.clauses.is_empty() {
        wrong("写上出处 clauses", "Name the source in clauses");
    }
    if !form.sheets.iter().any(|s| s.id == row.sheet) {
        wrong("没有这张表，看一下 sheet", "There is no such sheet");
    }
    if (row.cost == Cost::Each) != row.unit.is_some()
        || (row.most.is_some() && row.cost != Cost::Each)
    {
        wrong(
            "每处扣分（each）要写 unit，别的不要写 unit 和 most",
            "With each, write a unit; otherwise neither unit nor most",
        );
    }
}

fn check_ids(form: &Form, found: &mut Vec<Found>) {
    let groups: [Vec<&String>; 5] = [
        form.sheets.iter().map(|x| &x.id).collect(),
        form.totals.iter().map(|x| &x.id).collect(),
        form.timers.iter().map(|x| &x.id).collect(),
        form.sections.iter().map(|x| &x.id).collect(),
        form.rows().map(|x| &x.id).collect(),
    ];
    for ids in groups {
        let mut seen = BTreeSet::new();
        for id in ids {
            if id.trim().is_empty() || !seen.insert(id) {
                found.push((
                    id.clone(),
                    Text::new(
                        format!("编号「{id}」空着或者重复"),
                        format!("The id “{id}” is empty or used twice"),
                    ),
                ));
            }
        }
    }
}

/// Every text in both languages.
fn check_words(form: &Form, found: &mut Vec<Found>) {
    let mut all: Vec<(&String, &Text)> = [
        &form.name,
        &form.company,
        &form.sheet_name,
        &form.total_note,
    ]
    .map(|t| (&form.id, t))
    .to_vec();
    let words = form.notes.iter().chain(&form.conduct);
    all.extend(words.map(|w| (&form.id, &w.text)));
    all.extend(form.sheets.iter().map(|x| (&x.id, &x.title)));
    all.extend(form.totals.iter().map(|x| (&x.id, &x.title)));
    all.extend(form.timers.iter().map(|x| (&x.id, &x.title)));
    all.extend(form.sections.iter().map(|x| (&x.id, &x.title)));
    all.extend(form.rows().map(|x| (&x.id, &x.title)));
    all.extend(
        form.rows()
            .filter_map(|x| x.unit.as_ref().map(|u| (&x.id, u))),
    );
    for (id, text) in all {
        if text.zh.trim().is_empty() || text.en.trim().is_empty() {
            found.push((
                id.clone(),
                Text::new("中文和英文都要写", "Write both Chinese and English"),
            ));
        }
    }
}
