//! 技能考核 and 员工卡: the form against the catalogue's figures, each on both sides, and the folds under random work.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::assess::decide::{AssessCommand, NewSignature, begin, decide, sign};
use doorstep_domain::assess::events::{AssessEvent, Side};
use doorstep_domain::assess::form::{Cost, Form};
use doorstep_domain::assess::load::{LoadedForm, load_form};
use doorstep_domain::assess::score::{digest, left_on_sheet, lost_in_section, score};
use doorstep_domain::assess::state::{AssessState, Ended};
use doorstep_domain::assess::view::{AssessStage, view};
use doorstep_domain::code::Code;
use doorstep_domain::event::{Actor, Content, write_body};
use doorstep_domain::staff::{
    ComplaintReach, NewPenalty, NewStars, StaffEvent, StaffState, award, penalty,
};
use doorstep_domain::text::Lang;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::visit::Ink;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::BTreeSet;

const FILE: &str = include_str!("../../../assets/standards/assessments/jiangsu-s11.toml");
/// 2026-11-22 14:00 in Hangzhou.
const START: i64 = 1_795_327_200_000;

fn loaded() -> LoadedForm {
    match load_form("jiangsu-s11.toml", FILE) {
        Ok(loaded) => loaded,
        Err(errors) => panic!("{errors:#?}"),
    }
}

fn actor(staff_no: &str, name: &str) -> Actor {
    Actor {
        staff_no: staff_no.to_owned(),
        name: name.to_owned(),
    }
}

fn stamp(ms: i64) -> Stamp {
    Stamp {
        wall_ms: START + ms,
        offset_min: 480,
        zone: "Asia/Shanghai".to_owned(),
        mono_ms: u64::try_from(ms).unwrap_or(0),
        boot_id: "boot".to_owned(),
    }
}

fn content(n: usize, stream: &str, event: &impl serde::Serialize, at: Stamp) -> Content {
    let (kind, body) = write_body(event).unwrap();
    Content {
        id: format!("event-{n:04}"),
        stream: stream.to_owned(),
        kind,
        schema_v: 1,
        actor: actor("3100", "王海燕"),
        at,
        based_on: None,
        body,
    }
}

/// An exam under way: its form, its fold, the clock.
struct Exam {
    form: Form,
    state: AssessState,
    now: i64,
    events: usize,
}

impl Exam {
    fn new() -> Exam {
        let loaded = loaded();
        let examiner = actor("3100", "王海燕");
        let begun = begin(&loaded, &examiner, &actor(" 3107 ", "周建国")).unwrap();
        let mut exam = Exam {
            form: loaded.form,
            state: AssessState::default(),
            now: 0,
            events: 0,
        };
        exam.take(&begun);
        exam
    }

    fn take(&mut self, event: &AssessEvent) {
        self.events += 1;
        let content = content(self.events, "assess/1", event, stamp(self.now));
        self.state.apply(&content);
    }

    fn ask(&mut self, command: &AssessCommand) -> Result<(), Code> {
        let event = decide(&self.form, &self.state, command).map_err(|r| r.code)?;
        self.take(&event);
        Ok(())
    }

    fn deduct(&mut self, row: &str, points: Option<u32>) -> Result<(), Code> {
        self.ask(&AssessCommand::Deduct {
            row: row.to_owned(),
            points,
        })
    }

    fn back(&mut self, row: &str) -> Result<(), Code> {
        self.ask(&AssessCommand::TakeBack {
            row: row.to_owned(),
        })
    }

    fn timer(&mut self, timer: &str, run: bool) -> Result<(), Code> {
        let timer = timer.to_owned();
        self.ask(&match run {
            true => AssessCommand::StartTimer { timer },
            false => AssessCommand::StopTimer { timer },
        })
    }

    fn choose(&mut self, total: &str) -> Result<(), Code> {
        self.ask(&AssessCommand::ChooseTotal {
            total: total.to_owned(),
            note: "按办法正文".to_owned(),
        })
    }

    fn sign(&mut self, side: Side, reason: Option<&str>) -> Result<(), Code> {
        let ink = reason.is_none().then(|| Ink {
            sha256: "ab".repeat(32),
            width: 100,
            height: 50,
            strokes: 1,
            points: 20,
        });
        let new = NewSignature {
            side,
            ink,
            reason: reason.map(str::to_owned),
            digest: digest(&self.form, &self.state).unwrap(),
        };
        let event = sign(&self.form, &self.state, new).map_err(|r| r.code)?;
        self.take(&event);
        Ok(())
    }

    fn score(&self, total: &str) -> u32 {
        score(&self.form, &self.state, self.form.total(total).unwrap())
    }

    fn left(&self, section: &str) -> u32 {
        let mut all = self.form.sections.iter();
        let section = all.find(|s| s.id == section).unwrap();
        section.points - lost_in_section(&self.state, section)
    }
}

#[test]
fn the_form_carries_every_item_of_s11_and_its_arithmetic() {
    let form = loaded().form;
    let rows = form.rows().flat_map(|r| &r.clauses);
    let words = form.notes.iter().chain(&form.conduct);
    let cited: BTreeSet<&String> = rows
        .chain(words.flat_map(|w| &w.clauses))
        .chain(form.timers.iter().flat_map(|t| &t.clauses))
        .chain(form.totals.iter().flat_map(|t| &t.clauses))
        .collect();
    for n in 1..=27 {
        assert!(cited.contains(&format!("S11-{n:02}")), "S11-{n:02}");
    }
    let beside: Vec<&str> = cited
        .iter()
        .map(|c| c.as_str())
        .filter(|c| !c.starts_with("S11-"))
        .collect();
    assert_eq!(beside, ["C01", "C02", "D24", "F39", "H1", "K5"]);
    let points: Vec<u32> = form.sections.iter().map(|s| s.points).collect();
    assert_eq!(points, [10, 10, 15, 30, 35]);
    let limits: Vec<u32> = form.timers.iter().map(|t| t.minutes).collect();
    assert_eq!(limits, [20, 15]);
    let rows: Vec<String> = form
        .rows()
        .map(|r| {
            let clause = r.clauses.first().cloned().unwrap_or_default();
            let how = match r.cost {
                Cost::Once => "once",
                Cost::Each => "each",
                Cost::Worth => "worth",
            };
            format!("{clause} {how} {} {}", r.points, r.sheet)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "S11-01 once 10 basics",
            "S11-02 each 1 basics",
            "S11-03 each 1 basics",
            "S11-04 worth 2 basics",
            "S11-05 worth 2 basics",
            "S11-06 each 2 basics",
            "S11-07 each 4 basics",
            "S11-08 each 2 basics",
            "S11-09 worth 1 e8",
            "S11-10 worth 2 e8",
            "S11-11 worth 1 e8",
            "S11-12 worth 1 e8",
            "S11-13 worth 2 itv",
            "S11-14 worth 3 itv",
            "S11-15 worth 1 itv",
            "S11-16 worth 1 itv",
            "S11-17 worth 2 itv",
            "S11-18 worth 1 itv",
            "S11-19 worth 10 e8",
            "S11-20 worth 15 itv",
            "S11-21 worth 5 itv",
            "S11-22 worth 10 e8",
            "S11-23 worth 10 itv",
            "S11-24 worth 15 itv",
        ]
    );
}

#[test]
fn a_broken_form_says_where() {
    for (from, to, line_has, zh) in [
        (
            "points = 35",
            "points = 34",
            "",
            "各部分的分加起来是 99，要正好 100",
        ),
        ("e8 = 25", "e8 = 24", "id = \"text\"", "加起来正好 100"),
        ("minutes = 20", "minutes = 0", "", "时限至少 1 分钟"),
        (
            "id = \"xt-bind\"",
            "id = \"xt-line\"",
            "id = \"xt-line\"",
            "编号「xt-line」空着或者重复",
        ),
        (
            "clauses = [\"S11-24\"]",
            "clauses = []",
            "id = \"xt-faults\"",
            "写上出处",
        ),
        (
            "sheet = \"itv\"\ncost = \"worth\"\npoints = 5",
            "sheet = \"tv\"\ncost = \"worth\"\npoints = 5",
            "id = \"xt-demo\"",
            "没有这张表",
        ),
        (
            "unit = { zh = \"根\", en = \"wire\" }",
            "",
            "id = \"crimp\"",
            "要写 unit",
        ),
        ("most = 8", "most = 0", "id = \"eight-ones\"", "大于 0"),
        (
            "en = \"Cat-5 cable\"",
            "en = \"\"",
            "id = \"cable\"",
            "中文和英文都要写",
        ),
        (
            "cost = \"worth\"\npoints = 10\nclauses = [\"S11-22\"]",
            "cost = \"worth\"\npoints = 9\nclauses = [\"S11-22\"]",
            "id = \"faults\"",
            "对不上",
        ),
    ] {
        let source = FILE.replacen(from, to, 1);
        assert_ne!(source, FILE, "{from}");
        let errors = load_form("a.toml", &source).unwrap_err();
        let told = errors.iter().find(|e| e.reason.zh.contains(zh));
        let told = told.unwrap_or_else(|| panic!("{zh}: {errors:#?}"));
        assert!(!told.reason.en.is_empty());
        if !line_has.is_empty() {
            assert_eq!(source.lines().nth(told.line - 1), Some(line_has));
        }
    }
    let unknown = FILE.replacen("version = 1", "version = 1\ncolour = \"red\"", 1);
    assert_eq!(load_form("a.toml", &unknown).unwrap_err().len(), 1);
}

#[test]
fn manners_each_figure_on_both_sides() {
    let mut exam = Exam::new();
    assert_eq!((exam.left("manners"), exam.score("text")), (10, 100));
    for n in 1..=8 {
        exam.deduct("eight-ones", None).unwrap();
        assert_eq!(exam.left("manners"), 10 - n, "one point a missing place");
    }
    assert_eq!(exam.deduct("eight-ones", None), Err(Code::AssessRowFull));
    exam.deduct("manners", None).unwrap();
    exam.deduct("manners", None).unwrap();
    assert_eq!(exam.left("manners"), 0);
    exam.deduct("manners", None).unwrap();
    assert_eq!(
        (exam.left("manners"), exam.score("text")),
        (0, 90),
        "the block has no more to lose"
    );
    for _ in 0..3 {
        exam.back("manners").unwrap();
    }
    assert_eq!(exam.back("manners"), Err(Code::NothingToUndo));
    assert_eq!(exam.left("manners"), 2);
    for row in ["forms", "leave"] {
        exam.deduct(row, Some(2)).unwrap();
        assert_eq!(exam.deduct(row, None), Err(Code::AssessRowFull));
    }
    let mut exam = Exam::new();
    exam.deduct("forms", None).unwrap();
    assert_eq!(exam.deduct("forms", Some(2)), Err(Code::AssessRowFull));
    exam.deduct("forms", Some(1)).unwrap();
    assert_eq!(exam.left("manners"), 8);
    exam.deduct("badge", None).unwrap();
    assert_eq!(exam.left("manners"), 0, "the badge is the whole block");
    assert_eq!(exam.deduct("badge", None), Err(Code::AssessRowFull));
    exam.back("badge").unwrap();
    assert_eq!(exam.left("manners"), 8);
}

#[test]
fn cable_each_figure_on_both_sides() {
    for (row, points) in [("crimp", 2), ("key-order", 4), ("other-order", 2)] {
        let mut exam = Exam::new();
        exam.deduct(row, None).unwrap();
        assert_eq!(exam.left("cable"), 10 - points);
        assert_eq!(
            exam.deduct(row, Some(points)),
            Err(Code::BadRequest),
            "the form says what a fault costs"
        );
    }
    let mut exam = Exam::new();
    exam.deduct("key-order", None).unwrap();
    exam.deduct("key-order", None).unwrap();
    assert_eq!(exam.left("cable"), 2);
    exam.deduct("other-order", None).unwrap();
    assert_eq!(exam.left("cable"), 0);
    exam.deduct("crimp", None).unwrap();
    assert_eq!((exam.left("cable"), exam.score("text")), (0, 90));
}

#[test]
fn what_a_row_is_worth_can_be_lost_once_and_no_more() {
    let form = loaded().form;
    for row in form.rows().filter(|r| r.cost == Cost::Worth) {
        let mut exam = Exam::new();
        assert_eq!(
            exam.deduct(&row.id, Some(row.points + 1)),
            Err(Code::AssessRowFull)
        );
        assert_eq!(exam.deduct(&row.id, Some(0)), Err(Code::BadRequest));
        exam.deduct(&row.id, Some(row.points)).unwrap();
        assert_eq!(exam.score("text"), 100 - row.points);
        assert_eq!(exam.deduct(&row.id, Some(1)), Err(Code::AssessRowFull));
    }
    assert_eq!(Exam::new().deduct("unknown", None), Err(Code::ItemUnknown));
}

#[test]
fn the_two_totals_count_the_same_faults_differently() {
    let mut exam = Exam::new();
    let lines = |exam: &Exam, id: &str| {
        let total = exam.form.total(id).unwrap().clone();
        ["basics", "e8", "itv"].map(|s| left_on_sheet(&exam.form, &exam.state, &total, s))
    };
    assert_eq!(lines(&exam, "text"), [20, 25, 55]);
    assert_eq!(lines(&exam, "sheets"), [10, 30, 60]);
    exam.deduct("badge", None).unwrap();
    assert_eq!((exam.score("text"), exam.score("sheets")), (90, 90));
    exam.deduct("crimp", None).unwrap();
    assert_eq!(lines(&exam, "text"), [8, 25, 55]);
    assert_eq!(
        lines(&exam, "sheets"),
        [0, 30, 60],
        "the sheet has only 10 for both blocks"
    );
    assert_eq!((exam.score("text"), exam.score("sheets")), (88, 90));
    let rows: Vec<(String, u32)> = exam
        .form
        .rows()
        .filter(|r| r.cost == Cost::Worth && r.sheet != "basics")
        .map(|r| (r.id.clone(), r.points))
        .collect();
    for (row, points) in rows {
        exam.deduct(&row, Some(points)).unwrap();
    }
    assert_eq!(lines(&exam, "text"), [8, 0, 0]);
    assert_eq!(
        lines(&exam, "sheets"),
        [0, 5, 5],
        "the sheets give five points each that no row can take"
    );
}

#[test]
fn a_clock_is_in_time_to_the_millisecond_and_runs_on_after_a_pause() {
    for (timer, minutes) in [("e8", 20), ("terminal", 15)] {
        let mut exam = Exam::new();
        let over = |exam: &Exam| {
            let v = view(&exam.form, &exam.state, &stamp(exam.now), Lang::Zh).unwrap();
            let t = v.timers.into_iter().find(|t| t.id == timer).unwrap();
            (t.ran_ms, t.over_ms, t.running)
        };
        assert_eq!(exam.timer(timer, false), Err(Code::AssessTimerStands));
        exam.timer(timer, true).unwrap();
        assert_eq!(exam.timer(timer, true), Err(Code::AssessTimerRuns));
        exam.now = 60_000;
        exam.timer(timer, false).unwrap();
        exam.now = 3_600_000;
        exam.timer(timer, true).unwrap();
        let limit = minutes * 60_000;
        exam.now = 3_600_000 + limit - 60_000;
        assert_eq!(over(&exam), (u64::try_from(limit).unwrap(), 0, true));
        exam.now += 1;
        assert_eq!(over(&exam).1, 1);
        exam.timer(timer, false).unwrap();
        exam.now += 1_000_000;
        assert_eq!(over(&exam).1, 1, "it stands");
    }
    let mut exam = Exam::new();
    assert_eq!(exam.timer("tea", true), Err(Code::ItemUnknown));
    exam.timer("e8", true).unwrap();
    let set_back = Stamp {
        wall_ms: START - 3_600_000,
        mono_ms: 90_000,
        ..stamp(0)
    };
    assert_eq!(exam.state.ran_ms("e8", &set_back), 90_000);
    let restarted = Stamp {
        boot_id: "another".to_owned(),
        ..set_back
    };
    assert_eq!(exam.state.ran_ms("e8", &restarted), 0);
    exam.now = -3_600_000;
    exam.timer("e8", false).unwrap();
}

#[test]
fn both_sign_what_stands_there_and_then_nothing_changes() {
    let mut exam = Exam::new();
    exam.deduct("crimp", None).unwrap();
    assert_eq!(
        exam.ask(&AssessCommand::Close),
        Err(Code::AssessTotalMissing)
    );
    assert_eq!(
        exam.sign(Side::Examiner, None),
        Err(Code::AssessTotalMissing)
    );
    let blank = AssessCommand::ChooseTotal {
        total: "text".to_owned(),
        note: "  ".to_owned(),
    };
    assert_eq!(exam.ask(&blank), Err(Code::TextMissing));
    assert_eq!(exam.choose("other"), Err(Code::ItemUnknown));
    exam.choose("text").unwrap();
    exam.timer("e8", true).unwrap();
    assert_eq!(exam.sign(Side::Examiner, None), Err(Code::AssessTimerRuns));
    exam.timer("e8", false).unwrap();
    assert_eq!(exam.ask(&AssessCommand::Close), Err(Code::AssessSignatures));

    let stale = NewSignature {
        side: Side::Candidate,
        ink: None,
        reason: Some("不服".to_owned()),
        digest: "0".repeat(64),
    };
    let refused = sign(&exam.form, &exam.state, stale).unwrap_err();
    assert_eq!(refused.code, Code::ContentStale);
    exam.sign(Side::Candidate, None).unwrap();
    assert_eq!(exam.sign(Side::Candidate, None), Err(Code::AlreadySigned));
    assert_eq!(exam.deduct("crimp", None), Err(Code::AssessSigned));
    assert_eq!(exam.choose("sheets"), Err(Code::AssessSigned));
    let reopen = AssessCommand::Reopen {
        reason: "漏扣一根".to_owned(),
    };
    exam.ask(&reopen).unwrap();
    assert_eq!(exam.ask(&reopen), Err(Code::NothingToUndo));
    exam.deduct("crimp", None).unwrap();

    exam.sign(Side::Candidate, Some("不同意扣分")).unwrap();
    assert_eq!(exam.ask(&AssessCommand::Close), Err(Code::AssessSignatures));
    assert_eq!(exam.sign(Side::Examiner, Some("没空")), Err(Code::InkEmpty));
    exam.sign(Side::Examiner, None).unwrap();
    exam.ask(&AssessCommand::Close).unwrap();
    assert!(matches!(
        exam.state.ended,
        Some(Ended::Closed { score: 96, .. })
    ));
    for command in [
        AssessCommand::Close,
        reopen,
        AssessCommand::Note {
            text: "补一句".to_owned(),
        },
    ] {
        assert_eq!(exam.ask(&command), Err(Code::AssessEnded));
    }
    let v = view(&exam.form, &exam.state, &stamp(exam.now), Lang::Zh).unwrap();
    assert_eq!((v.stage, v.score), (AssessStage::Closed, Some(96)));
    assert_eq!(v.signatures[1].declined.as_deref(), Some("不同意扣分"));
}

#[test]
fn who_may_be_examined() {
    let form = loaded();
    let me = actor("3100", "王海燕");
    let code = |no: &str, name: &str| begin(&form, &me, &actor(no, name)).map_err(|r| r.code);
    assert_eq!(code("3100", "王海燕").unwrap_err(), Code::AssessSelf);
    assert_eq!(code(" ", "周建国").unwrap_err(), Code::ProfileInvalid);
    assert_eq!(code("3107", "").unwrap_err(), Code::ProfileInvalid);
    assert_eq!(code("a/b", "周建国").unwrap_err(), Code::ProfileInvalid);
    assert!(code("3107", "周建国").is_ok());
}

fn any_command(form: &Form) -> impl Strategy<Value = AssessCommand> + use<> {
    let rows: Vec<String> = form.rows().map(|r| r.id.clone()).collect();
    let timers: Vec<String> = form.timers.iter().map(|t| t.id.clone()).collect();
    let row = prop::sample::select(rows);
    let timer = prop::sample::select(timers);
    prop_oneof![
        6 => (row.clone(), prop::option::of(0_u32..20))
            .prop_map(|(row, points)| AssessCommand::Deduct { row, points }),
        2 => row.prop_map(|row| AssessCommand::TakeBack { row }),
        1 => timer.clone().prop_map(|timer| AssessCommand::StartTimer { timer }),
        1 => timer.prop_map(|timer| AssessCommand::StopTimer { timer }),
        1 => prop::sample::select(vec!["text", "sheets"]).prop_map(|total| {
            AssessCommand::ChooseTotal { total: total.to_owned(), note: "定了".to_owned() }
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_deducted_every_part_keeps_its_bounds(
        commands in prop::collection::vec(any_command(&loaded().form), 0..120),
    ) {
        let mut exam = Exam::new();
        for command in &commands {
            exam.now += 1_000;
            let before = exam.state.clone();
            let scores = (exam.score("text"), exam.score("sheets"));
            match exam.ask(command) {
                Err(_) => prop_assert_eq!(&exam.state, &before),
                Ok(()) => {
                    let after = (exam.score("text"), exam.score("sheets"));
                    match command {
                        AssessCommand::Deduct { .. } => {
                            prop_assert!(after.0 <= scores.0 && after.1 <= scores.1);
                        }
                        AssessCommand::TakeBack { .. } => {
                            prop_assert!(after.0 >= scores.0 && after.1 >= scores.1);
                        }
                        _ => prop_assert_eq!(after, scores),
                    }
                }
            }
            let mut sum = 0;
            for section in &exam.form.sections {
                let lost = lost_in_section(&exam.state, section);
                prop_assert!(lost <= section.points);
                sum += section.points - lost;
            }
            prop_assert!(sum <= 100);
            prop_assert_eq!(exam.score("text"), sum, "by the text, the score is what the sections keep");
            for total in &exam.form.totals {
                prop_assert!(score(&exam.form, &exam.state, total) <= 100);
            }
        }
    }

    #[test]
    fn deductions_in_any_order_give_the_same_score(
        rows in prop::collection::vec(any::<Index>(), 1..40),
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 0..40),
    ) {
        let form = loaded().form;
        let all: Vec<_> = form.rows().collect();
        let events: Vec<AssessEvent> = rows.iter().map(|i| {
            let row = all[i.index(all.len())];
            AssessEvent::Deducted { row: row.id.clone(), points: row.points }
        }).collect();
        let mut mixed = events.clone();
        for (a, b) in &swaps {
            let (a, b) = (a.index(mixed.len()), b.index(mixed.len()));
            mixed.swap(a, b);
        }
        let fold = |events: &[AssessEvent]| {
            let mut exam = Exam::new();
            events.iter().for_each(|e| exam.take(e));
            (exam.score("text"), exam.score("sheets"))
        };
        prop_assert_eq!(fold(&events), fold(&mixed));
    }

    #[test]
    fn a_card_reads_the_same_in_any_order(
        years in prop::collection::vec((2024_i32..2027, 1_u8..=3), 1..8),
        order in prop::collection::vec(any::<Index>(), 8),
    ) {
        let person = actor("3107", "周建国");
        let contents: Vec<Content> = years.iter().enumerate().map(|(n, (year, stars))| {
            let event = StaffEvent::StarAwarded {
                person: person.clone(), stars: *stars, year: *year, reason: "好".to_owned(), clauses: Vec::new(),
            };
            content(n, "staff/3107", &event, stamp(i64::try_from(n % 3).unwrap()))
        }).collect();
        let mut mixed = contents.clone();
        for (a, b) in order.iter().enumerate() {
            let a = a % mixed.len();
            let b = b.index(mixed.len());
            mixed.swap(a, b);
        }
        let fold = |all: &[Content]| {
            let mut state = StaffState::default();
            all.iter().for_each(|c| state.apply(c));
            state
        };
        let (one, other) = (fold(&contents), fold(&mixed));
        prop_assert_eq!(one.rating().map(|s| s.year), years.iter().map(|y| y.0).max());
        prop_assert_eq!(one, other);
    }
}

#[test]
fn what_is_not_understood_is_counted_and_changes_nothing() {
    let mut exam = Exam::new();
    exam.deduct("crimp", None).unwrap();
    let before = exam.state.clone();
    let mut strange = content(
        99,
        "assess/1",
        &AssessEvent::Noted {
            text: "x".to_owned(),
        },
        stamp(0),
    );
    strange.kind = "assess.filmed".to_owned();
    exam.state.apply(&strange);
    assert_eq!(exam.state.parked, 1);
    exam.state.parked = 0;
    assert_eq!(exam.state, before);
    let hostile = AssessEvent::Deducted {
        row: "crimp".to_owned(),
        points: u32::MAX,
    };
    exam.take(&hostile);
    exam.take(&hostile);
    assert_eq!(exam.left("cable"), 0);
}

fn new_penalty(amount: &str) -> NewPenalty {
    NewPenalty {
        amount: amount.to_owned(),
        reason: "对客户说不耐烦的话".to_owned(),
        clause: None,
        loss: None,
        complaint: None,
        remedy: None,
    }
}

#[test]
fn a_penalty_is_fifty_to_five_hundred_yuan() {
    let person = actor("3107", "周建国");
    let ask = |amount: &str| penalty(&person, &new_penalty(amount)).map_err(|r| r.code);
    for good in ["50", "50.00", "499.99", "500", " 200 "] {
        assert!(ask(good).is_ok(), "{good}");
    }
    for bad in [
        "49.99", "500.01", "0", "-50", "", "五十", "1e2", "100.001", "+60", "60,5",
    ] {
        assert_eq!(ask(bad).unwrap_err(), Code::PenaltyAmount, "{bad}");
    }
    let mut no_reason = new_penalty("50");
    no_reason.reason = " ".to_owned();
    assert_eq!(
        penalty(&person, &no_reason).unwrap_err().code,
        Code::ReasonMissing
    );
    let mut whole = new_penalty("60.50");
    whole.clause = Some("S58-03".to_owned());
    whole.loss = Some("120.5".to_owned());
    whole.remedy = Some(" 当面教育，上门道歉 ".to_owned());
    let StaffEvent::PenaltyRecorded {
        amount,
        clauses,
        loss,
        remedy,
        ..
    } = penalty(&person, &whole).unwrap()
    else {
        panic!("a penalty");
    };
    assert_eq!((amount.as_str(), loss.as_deref()), ("60.5", Some("120.5")));
    assert_eq!(clauses, ["S61-02", "S61-01", "S58-03"]);
    assert_eq!(remedy.as_deref(), Some("当面教育，上门道歉"));
    whole.remedy = Some("长".repeat(1001));
    assert_eq!(
        penalty(&person, &whole).unwrap_err().code,
        Code::TextTooLong
    );
    whole.remedy = None;
    whole.loss = Some("0".to_owned());
    assert_eq!(penalty(&person, &whole).unwrap_err().code, Code::RowInvalid);
}

#[test]
fn stars_are_one_to_three_and_once_a_year() {
    let person = actor("3107", "周建国");
    let at = |text: &str| Moment::parse_local(text, 480).unwrap();
    let stars = |stars| NewStars {
        stars,
        reason: "全年无投诉".to_owned(),
    };
    let mut card = StaffState::default();
    let ask = |card: &StaffState, n, when: &str| {
        award(&person, card, &stars(n), at(when)).map_err(|r| r.code)
    };
    assert_eq!(ask(&card, 0, "2026-06-01 09:00"), Err(Code::StarsInvalid));
    assert_eq!(ask(&card, 4, "2026-06-01 09:00"), Err(Code::StarsInvalid));
    assert!(ask(&card, 1, "2026-06-01 09:00").is_ok());
    let event = ask(&card, 3, "2026-12-31 23:59").unwrap();
    card.apply(&content(1, "staff/3107", &event, stamp(0)));
    assert_eq!(ask(&card, 2, "2026-12-31 23:59"), Err(Code::StarsThisYear));
    assert!(ask(&card, 2, "2027-01-01 00:00").is_ok());
    assert_eq!(card.rating().map(|s| (s.stars, s.year)), Some((3, 2026)));
}

#[test]
fn only_this_month_s_complaints_are_cases() {
    let person = actor("3107", "周建国");
    let mut card = StaffState::default();
    let mut n = 0;
    let mut record = |card: &mut StaffState, complaint, when: &str| {
        let mut new = new_penalty("50");
        new.complaint = complaint;
        let at = Moment::parse_local(when, 480).unwrap();
        n += 1;
        let event = penalty(&person, &new).unwrap();
        let at = Stamp {
            wall_ms: at.ms,
            ..stamp(0)
        };
        card.apply(&content(n, "staff/3107", &event, at));
    };
    record(&mut card, Some(ComplaintReach::Company), "2026-10-31 23:59");
    record(&mut card, None, "2026-11-02 10:00");
    let now = Moment::parse_local("2026-11-30 23:59", 480).unwrap();
    assert_eq!(card.cases_in_month(now), 0);
    record(&mut card, Some(ComplaintReach::Company), "2026-11-01 00:00");
    record(&mut card, Some(ComplaintReach::Public), "2026-11-22 10:00");
    assert_eq!(card.cases_in_month(now), 2);
    let next = Moment::parse_local("2026-12-01 00:00", 480).unwrap();
    assert_eq!(card.cases_in_month(next), 0);
}
