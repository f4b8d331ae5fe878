//! What the lead's queue is searched by: an index over the words of every submission. Derived: rebuilt from the log at any time.
//!
//! A searched word is found anywhere inside a word of the text (`士4` in `林女士4`), so words are not indexed as they are. Of every
//! character the index holds the pair that it begins, of a word's last one the character alone: `林女 女士 士4 4`. A searched word of
//! two characters or more is asked for as its pairs one after another, which stand like that only where the word does; a single
//! character as whatever begins with it. The answer is exactly that of looking through every text.
//!
//! The text itself lies in `submission`; here are only pairs and places.

use rusqlite::Connection;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// SQLCipher keeps 80 bytes of every page of 4,096 for itself, and FTS5's own size of a leaf (4,050) leaves no room for that: each
/// would take a second page. It is as much smaller here.
pub(crate) const CREATE: &str = "
    CREATE VIRTUAL TABLE submission_text USING fts5(pairs, content = '', contentless_delete = 1, tokenize = 'ascii');
    INSERT INTO submission_text (submission_text, rank) VALUES ('pgsz', 3970);
";

/// Begins a character that the tokenizer would take for a gap. Nobody types it; where it stands itself, it is written like those.
const SPELLED: char = '\u{80}';

/// Writes a character so that every one is part of a word to the tokenizer and no two are the same: capitals would be folded, signs
/// would be gaps. None of these is the beginning of another.
fn spell(out: &mut String, c: char) {
    if c.is_ascii_lowercase() || c.is_ascii_digit() || !c.is_ascii() && c != SPELLED {
        out.push(c);
    } else {
        out.push_str(&format!("{SPELLED}{:02x}", u32::from(c)));
    }
}

/// Every character of a word with the one after it; the last one alone.
fn tokens(word: &str) -> Vec<String> {
    let after = word.chars().skip(1).map(Some).chain([None]);
    let token = |(c, next): (char, Option<char>)| {
        let mut token = String::new();
        spell(&mut token, c);
        next.iter().for_each(|next| spell(&mut token, *next));
        token
    };
    word.chars().zip(after).map(token).collect()
}

/// What the index holds of a text.
fn pairs(text: &str) -> String {
    let all: Vec<String> = text.split_whitespace().flat_map(tokens).collect();
    all.join(" ")
}

/// Asks for a word.
fn phrase(word: &str) -> String {
    let mut tokens = tokens(word);
    if tokens.len() < 2 {
        return format!("\"{}\"*", tokens.concat());
    }
    // the last character alone only stands where a word of the text ends
    tokens.pop();
    format!("\"{}\"", tokens.join(" "))
}

/// Writes what a submission is found by, in place of what it was found by.
pub(crate) fn put(connection: &Connection, id: i64, text: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO submission_text (rowid, pairs) VALUES (?1, ?2)")?
        .execute((id, pairs(text)))
        .map(drop)
}

pub(crate) fn delete(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM submission_text WHERE rowid = ?1")?
        .execute([id])
        .map(drop)
}

/// The submissions whose texts hold every one of these words (without spaces, in small letters), by id.
pub(crate) fn find(connection: &Connection, words: &[String]) -> rusqlite::Result<Vec<i64>> {
    let asked: Vec<String> = words.iter().map(|word| phrase(word)).collect();
    connection
        .prepare_cached(
            "SELECT rowid FROM submission_text WHERE submission_text MATCH ?1 ORDER BY rowid",
        )?
        .query_map([asked.join(" ")], |r| r.get(0))?
        .collect()
}

/// What the index holds, a line a visit: equal indexes, equal lines, whatever the ids are.
pub(crate) fn lines(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.submission_pair USING fts5vocab('main', 'submission_text', 'instance')",
    )?;
    let mut held: BTreeMap<i64, u64> = BTreeMap::new();
    let mut statement = connection.prepare("SELECT doc, term, offset FROM temp.submission_pair")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut hasher = DefaultHasher::new();
        (row.get_ref(1)?.as_bytes()?, row.get::<_, i64>(2)?).hash(&mut hasher);
        // the index is walked by pairs, not by visits: a sum does not mind
        let sum = held.entry(row.get(0)?).or_default();
        *sum = sum.wrapping_add(hasher.finish());
    }
    let mut statement = connection.prepare("SELECT id, visit FROM submission ORDER BY visit")?;
    let visits = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut lines = Vec::new();
    for visit in visits {
        let (id, visit): (i64, String) = visit?;
        lines.push(format!("{visit} {:?}", held.remove(&id)));
    }
    lines.extend(held.values().map(|sum| format!("no visit {sum}")));
    Ok(lines)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::db;
    use crate::key::DataKey;

    #[test]
    fn a_text_is_held_as_pairs_and_asked_for_by_them() {
        assert_eq!(pairs("林女士4\n a-"), "林女 女士 士4 4 a\u{80}2d \u{80}2d");
        assert_eq!(phrase("女士4"), "\"女士 士4\"");
        assert_eq!(phrase("士"), "\"士\"*");
        assert_eq!(phrase("\""), "\"\u{80}22\"*");
    }

    #[test]
    fn every_leaf_fits_into_one_encrypted_page() {
        let dir = tempfile::tempdir().unwrap();
        let connection = db::connect(dir.path(), &DataKey::from_bytes([1; 32])).unwrap();
        connection.execute_batch(CREATE).unwrap();
        let count = |sql: &str| -> i64 { connection.query_row(sql, [], |r| r.get(0)).unwrap() };
        let compiled =
            "SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'";
        assert_eq!(count(compiled), 1);
        let tx = connection.unchecked_transaction().unwrap();
        for id in 0..3_000 {
            let text = format!("{:016x}", id * 0x9e37_79b9_7f4a);
            put(&tx, id, &text).unwrap();
        }
        tx.commit().unwrap();
        let pages =
            "SELECT count(*) FROM dbstat WHERE name = 'submission_text_data' AND pagetype = ";
        assert!(count(&format!("{pages} 'leaf'")) > 20);
        assert_eq!(count(&format!("{pages} 'overflow'")), 0);
    }
}
