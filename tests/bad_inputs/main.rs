//! Bad inputs, the exact sentence each gets, and that nothing recorded is lost or added.
//!
//! The sentences are read from the words the window shows; `tests/bad_inputs.md` is the committed table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod machine;
mod sentences;
mod work;

use doorstep_app::AppError;
use doorstep_stories::{Desk, events, refusal};
use std::fmt::Write as _;

/// One bad input: what it is, what the technician reads, events before and after.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) sentence: String,
    pub(crate) before: u32,
    pub(crate) after: u32,
}

/// Tries something on a tablet that must refuse it.
#[track_caller]
pub(crate) fn tried<T>(
    name: &'static str,
    desk: &Desk,
    attempt: impl FnOnce(&Desk) -> Result<T, AppError>,
) -> Case {
    let before = events(&desk.app);
    let sentence = sentences::of(&refusal(attempt(desk)).refusal);
    let after = events(&desk.app);
    Case {
        name,
        sentence,
        before,
        after,
    }
}

#[test]
fn every_bad_input_gets_its_sentence_and_changes_nothing() {
    let cases: Vec<Case> = [
        files::photos(),
        files::work_orders(),
        files::standards(),
        work::all(),
        machine::all(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(cases.len() >= 25, "{} cases", cases.len());
    let mut table = String::from(
        "# 坏输入\n\n每一行由 `tests/bad_inputs` 重做一遍：输入、屏幕上的话、记录数前后。\n\
         Every line is done again by `tests/bad_inputs`: the input, the words on the screen, the number of events before and after.\n\n\
         | 输入 | 屏幕上的话 | 前 | 后 |\n|---|---|---:|---:|\n",
    );
    for case in &cases {
        assert_eq!(case.before, case.after, "{} changed the log", case.name);
        assert!(!case.sentence.contains(['{', '}']), "{}", case.sentence);
        writeln!(
            table,
            "| {} | {} | {} | {} |",
            case.name, case.sentence, case.before, case.after
        )
        .unwrap();
    }
    assert!(
        table == include_str!("../bad_inputs.md"),
        "the committed table differs; it is now:\n{table}"
    );
}
