//! The Chinese sentences out of the window's own words.

use doorstep_app::dto::{ImportError, ImportReason};
use doorstep_domain::code::{Field, Refusal};
use std::collections::BTreeMap;

const ERRORS: &str = include_str!("../../ui/src/i18n/errors.ts");
const NAMES: &str = include_str!("../../ui/src/i18n/index.ts");
const COMMON: &str = include_str!("../../ui/src/i18n/zh/common.ts");
const SETUP: &str = include_str!("../../ui/src/i18n/zh/setup.ts");

/// What happened, that nothing is lost, what to do.
pub(crate) fn of(refusal: &Refusal) -> String {
    let name = word(&refusal.code);
    let zh = ERRORS.split("errorsZh").nth(1).unwrap();
    let zh = zh.split("\n}").next().unwrap();
    let entry = zh.split(&format!("\n  {name}: say(")).nth(1);
    let entry = entry.unwrap_or_else(|| panic!("{name} has no words"));
    let said = arguments(entry);
    let sentence = match said.as_slice() {
        [what, todo] => format!("{what}。{todo}。"),
        [what, todo, safe] => format!("{what}。{safe}。{todo}。"),
        other => panic!("{name}: {other:?}"),
    };
    filled(sentence, &refusal.params)
}

/// A wrong row: 第 3 行「约定开始」：时间要写成 2026-11-22 14:00.
pub(crate) fn of_row(error: &ImportError) -> String {
    let key = format!("'import.reason.{}': ", reason(error.reason));
    let words = value(SETUP, &key);
    let line = value(SETUP, "'import.line': ");
    let line = line.replace("{n}", &error.line.to_string());
    if error.column.is_empty() {
        return format!("{line}：{words}。");
    }
    format!("{line}「{}」：{words}。", error.column)
}

/// Every field that a refusal can name has a Chinese name.
#[test]
fn every_field_has_a_name() {
    let error = serde_json::from_str::<Field>("\"?\"")
        .unwrap_err()
        .to_string();
    let fields: Vec<&str> = error.split('`').skip(3).step_by(2).collect();
    assert!(fields.len() >= 12, "{error}");
    for name in fields {
        assert!(!field(name).is_ascii() || name == "mac", "{name}");
    }
}

fn reason(reason: ImportReason) -> String {
    word(&reason)
}

fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::String(word) => word,
        other => panic!("{other}"),
    }
}

fn filled(mut sentence: String, params: &BTreeMap<String, String>) -> String {
    for (name, raw) in params {
        let named = matches!(name.as_str(), "field" | "milestone").then(|| field(raw));
        let shown = named.as_ref().unwrap_or(raw);
        sentence = sentence.replace(&format!("{{{name}}}"), shown);
    }
    sentence
}

/// The Chinese name of a field, as the window looks it up.
fn field(name: &str) -> String {
    let key = NAMES.split(&format!("\n  {name}: '")).nth(1);
    let key = key.unwrap_or_else(|| panic!("{name} has no name"));
    value(COMMON, &format!("'{}': ", key.split('\'').next().unwrap()))
}

/// The quoted text of a key.
fn value(words: &str, key: &str) -> String {
    let text = words.split(&format!("{key}'")).nth(1);
    let text = text.unwrap_or_else(|| panic!("{key} has no words"));
    text.split('\'').next().unwrap().to_owned()
}

/// Quoted texts and named constants up to the closing bracket.
fn arguments(call: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut rest = call.trim_start();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\n']);
        if let Some(text) = rest.strip_prefix('\'') {
            let end = text.find('\'').unwrap();
            said.push(text[..end].to_owned());
            rest = &text[end + 1..];
            continue;
        }
        let end = rest.find([',', ')', '\n']).unwrap_or(rest.len());
        let name = &rest[..end];
        if name.is_empty() {
            return said;
        }
        let constant = ERRORS.split(&format!("const {name} = '")).nth(1).unwrap();
        said.push(constant.split('\'').next().unwrap().to_owned());
        rest = &rest[end..];
    }
}
