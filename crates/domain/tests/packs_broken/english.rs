//! The English sentence beside a Chinese one: it is English, and it names the same things.

use doorstep_domain::text::Text;
use std::collections::BTreeSet;

/// It is there, is a sentence of its own, and has every word and figure that the Chinese writes in Latin letters.
pub(crate) fn the_english(reason: &Text) {
    let Text { zh, en } = reason;
    assert!(!zh.trim().is_empty(), "no Chinese beside {en:?}");
    assert!(!en.trim().is_empty(), "no English beside {zh:?}");
    assert_ne!(zh, en);
    let (ours, theirs) = (latin(zh), latin(en));
    let lost: Vec<_> = ours.difference(&theirs).collect();
    assert!(lost.is_empty(), "{en:?} lacks {lost:?} of {zh:?}");
}

/// Also: the same names stand in quotation marks, all else is free of Chinese, and no figure is made up.
/// Only for files whose own words hold no such quotation marks.
pub(crate) fn names_the_same(reason: &Text) {
    the_english(reason);
    let Text { zh, en } = reason;
    let ((mut named, zh_rest), (mut named_too, en_rest)) =
        (quoted(zh, '「', '」'), quoted(en, '“', '”'));
    named.sort_unstable();
    named_too.sort_unstable();
    assert_eq!(named, named_too, "{zh:?} / {en:?}");
    let foreign: Vec<char> = en_rest.chars().filter(|c| is_chinese(*c)).collect();
    assert!(foreign.is_empty(), "{en:?} has {foreign:?}");
    let figures = |text: &str| -> BTreeSet<String> {
        let digits = |w: &String| w.bytes().all(|b| b.is_ascii_digit());
        latin(text).into_iter().filter(digits).collect()
    };
    assert_eq!(figures(&zh_rest), figures(&en_rest), "{zh:?} / {en:?}");
    assert!(
        !en.starts_with(|c: char| c.is_ascii_lowercase()) && !en.ends_with(['.', '。', ' ']),
        "{en:?} begins or ends unlike the others"
    );
}

/// Words and figures in Latin letters: `min`, `S37-12`, `na_reasons`, `40`.
fn latin(text: &str) -> BTreeSet<String> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.split(|c: char| !inside(c))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What stands between quotation marks, and the rest.
fn quoted(text: &str, open: char, close: char) -> (Vec<&str>, String) {
    let mut parts = text.split(open);
    let mut rest = parts.next().unwrap_or("").to_owned();
    let mut names = Vec::new();
    for part in parts {
        let (name, after) = part.split_once(close).unwrap_or((part, ""));
        names.push(name);
        rest.push_str(after);
    }
    (names, rest)
}

/// Chinese characters and full-width punctuation.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}
