//! The index of words answers what looking through every text answers, and stays beside its rows whatever is written.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::derived;
use crate::table::submission_text;
use doorstep_domain::desk::SubmissionRow;
use doorstep_domain::event::Actor;
use doorstep_domain::review::{ReviewRow, Verdict};
use doorstep_domain::standard::JobType;
use doorstep_domain::text::Text;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::OutcomeKind;
use proptest::prelude::*;
use rusqlite::params_from_iter;

fn tables() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    derived::recreate(&connection).unwrap();
    connection
}

fn name(i: usize) -> String {
    format!("visit/{i:05}")
}

/// A submission with nothing in it but what it is found by.
fn submission(i: usize, search: &str) -> SubmissionRow {
    let text = || Text {
        zh: String::new(),
        en: String::new(),
    };
    let at = Moment {
        ms: i64::try_from(i * 7 % 100).unwrap(),
        offset_min: 480,
    };
    SubmissionRow {
        visit: name(i),
        n: 1,
        order_stream: format!("order/{i}"),
        order_no: format!("{}", i % 13),
        customer: search.chars().take(2).collect(),
        address: String::new(),
        search: search.to_owned(),
        technician: Actor {
            staff_no: "3107".to_owned(),
            name: String::new(),
        },
        pack_hash: String::new(),
        pack: text(),
        assessed: true,
        job: JobType::Install,
        arrival_min: None,
        minutes: None,
        rating: None,
        rating_rank: None,
        dissatisfied: false,
        outcome: OutcomeKind::Completed,
        outcome_reason: None,
        signature: None,
        submitted: at,
        call_back: None,
        flags: Vec::new(),
        complaint: i.is_multiple_of(3),
        photos: Vec::new(),
    }
}

fn judge(connection: &Connection, i: usize, verdict: Verdict) {
    let review = ReviewRow {
        stream: format!("review/{i:05}"),
        visit: name(i),
        submission: 1,
        verdict: Some(verdict),
        given_ms: Some(1_000),
        sampled: false,
        flags: 0,
    };
    submission::judge(connection, &name(i), Some(&review)).unwrap();
}

/// A third is open, a third approved, a third to be done again.
fn filled(texts: &[String]) -> Connection {
    let connection = tables();
    let tx = connection.unchecked_transaction().unwrap();
    for (i, text) in texts.iter().enumerate() {
        submission::put(&tx, &submission(i, text)).unwrap();
        match i % 3 {
            0 => {}
            1 => judge(&tx, i, Verdict::Approved),
            _ => judge(&tx, i, Verdict::Rework),
        }
    }
    tx.commit().unwrap();
    connection
}

fn query(view: QueueView, search: &str) -> QueueQuery {
    QueueQuery {
        view,
        search: Some(search.to_owned()),
        sort: QueueSort::Customer,
        descending: true,
        offset: 0,
        limit: u64::from(u32::MAX),
    }
}

/// What a walk over every text finds, in the order of the page.
fn scan(connection: &Connection, view: QueueView, search: &str) -> Vec<String> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let view = match view {
        QueueView::Open => "decided = 0",
        QueueView::Flagged => "decided = 0 AND flags > 0",
        QueueView::ReworkSince(_) => "verdict = 'rework'",
        QueueView::Decided => "decided = 1",
    };
    let matching = " AND instr(search, ?) > 0".repeat(words.len());
    let sql = format!(
        "SELECT visit FROM submission NOT INDEXED WHERE {view}{matching}
         ORDER BY customer DESC, submitted_ms DESC, id DESC"
    );
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map(params_from_iter(&words), |r| r.get(0));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Asks the index and the walk the same; answers how many there were.
fn same(connection: &Connection, search: &str) -> usize {
    let views = [
        QueueView::Open,
        QueueView::Flagged,
        QueueView::ReworkSince(1_000),
        QueueView::Decided,
    ];
    let mut found = 0;
    for view in views {
        let page = page(connection, &query(view, search)).unwrap();
        let visits: Vec<String> = page.rows.into_iter().map(|s| s.row.visit).collect();
        assert_eq!(
            visits,
            scan(connection, view, search),
            "{view:?} {search:?}"
        );
        assert_eq!(page.total, visits.len() as u64);
        found += visits.len();
    }
    found
}

/// Few characters, so that words meet: look-alikes in full and half width, capitals, marks that stand on a letter, signs of the
/// index's own language, what a tokenizer takes for gaps, and the character that spells them.
const ALPHABET: &str =
    "[王建国林女士文三路a-cA-CＡ0-2０ßİΣς é\u{301}\"'*%_()+:^-😀\u{80}\u{0}\u{a0}\u{3000}\n\t]";

fn text() -> impl Strategy<Value = String> {
    let part = proptest::string::string_regex(&format!("{ALPHABET}{{0,8}}")).unwrap();
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("\n").to_lowercase())
}

/// Any words, or a piece out of a text.
fn asked(texts: Vec<String>) -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let any = proptest::string::string_regex(&format!("{ALPHABET}{{1,6}}")).unwrap();
    let of = prop::sample::select(texts.clone());
    let piece = (of, 0..24_usize, 1..7_usize)
        .prop_map(|(text, from, n)| text.chars().skip(from).take(n).collect());
    let asked = prop::collection::vec(prop_oneof![1 => any, 3 => piece], 1..12);
    asked.prop_map(move |asked| (texts.clone(), asked))
}

fn texts_and_words() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    prop::collection::vec(text(), 1..30).prop_flat_map(asked)
}

proptest! {
    #[test]
    fn the_index_finds_what_a_walk_over_every_text_finds((texts, asked) in texts_and_words()) {
        let connection = filled(&texts);
        for search in &asked {
            same(&connection, search);
        }
    }

    #[test]
    fn what_was_written_over_is_not_found_and_the_index_is_that_of_the_rows(
        (texts, asked) in texts_and_words(),
        changes in prop::collection::vec((0..30_usize, prop::option::of(text())), 0..30),
    ) {
        let connection = filled(&texts);
        for (i, text) in &changes {
            match text {
                Some(text) => submission::put(&connection, &submission(*i, text)).unwrap(),
                None => submission::delete(&connection, &name(*i)).unwrap(),
            }
        }
        for search in &asked {
            same(&connection, search);
        }
        let lines = submission_text::lines(&connection).unwrap();
        let again = tables();
        let mut rows = connection.prepare("SELECT visit, search FROM submission ORDER BY visit DESC").unwrap();
        let rows = rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        for row in rows {
            let (visit, search): (String, String) = row.unwrap();
            let i = visit.trim_start_matches("visit/").parse().unwrap();
            submission::put(&again, &submission(i, &search)).unwrap();
        }
        prop_assert_eq!(lines, submission_text::lines(&again).unwrap());
    }
}

#[test]
fn many_found_ones_are_sorted_and_paged_like_few() {
    let texts: Vec<String> = (0..2 * FEW)
        .map(|i| format!("2026-{i:05}\n陈女士{}\n杭州市西湖区 {i} 号", i % 40))
        .collect();
    let connection = filled(&texts);
    assert_eq!(
        same(&connection, "西湖区"),
        2 * FEW + (2 * FEW).div_ceil(3) - 1
    );
    for search in ["杭州 陈", "士1", "2026-0", "号", "2026-00017", "-0199"] {
        assert!(same(&connection, search) > 0, "{search}");
    }
    let all = scan(&connection, QueueView::Decided, "西湖区");
    let part = QueueQuery {
        offset: 900,
        limit: 50,
        ..query(QueueView::Decided, "西湖区")
    };
    let part = page(&connection, &part).unwrap();
    let visits: Vec<String> = part.rows.into_iter().map(|s| s.row.visit).collect();
    assert_eq!(
        (visits.as_slice(), part.total),
        (&all[900..950], all.len() as u64)
    );
}

#[test]
fn no_words_are_too_many_or_too_long() {
    let connection = filled(&["一二三四五六七八九十".repeat(500), "别的".to_owned()]);
    let long = "一二三四五六七八九十".repeat(499);
    let many: Vec<String> = (0..3_000).map(|i| format!("词{i}")).collect();
    let repeated = "三四 ".repeat(3_000);
    let page = |search: &str| page(&connection, &query(QueueView::Open, search)).unwrap();
    assert_eq!(page(&long).total, 1);
    assert_eq!(page(&repeated).total, 1);
    assert_eq!(page(&many.join(" ")).total, 0);
    assert_eq!(page("AND OR NOT NEAR( pairs : ^").total, 0);
    assert_eq!(page(" \u{3000}\t").total, 1, "no words: all that are open");
}

#[test]
fn the_digest_sees_the_index() {
    let connection = filled(&["王建国\n文三路 12".to_owned(), "李志强".to_owned()]);
    let before = derived::digest(&connection).unwrap();
    for damage in [
        "DELETE FROM submission_text WHERE rowid = 1",
        "INSERT OR REPLACE INTO submission_text (rowid, pairs) VALUES (1, '王建 国')",
        "INSERT INTO submission_text (rowid, pairs) VALUES (9, '王')",
    ] {
        let tx = connection.unchecked_transaction().unwrap();
        tx.execute_batch(damage).unwrap();
        assert_ne!(derived::digest(&tx).unwrap(), before, "{damage}");
        tx.rollback().unwrap();
        assert_eq!(derived::digest(&connection).unwrap(), before);
    }
}
