//! A lead looks at a standard as the technician will see it, and nothing of that stays.

use doorstep_app::preview::{PreviewAsk, PreviewOf, PreviewStage, PreviewView};
use doorstep_domain::code::Code;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::VisitStage;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::progress::ItemStatus;
use doorstep_domain::visit::view::VisitView;
use doorstep_stories::{Desk, answer, code, events, reach};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn look(id: &str, job: JobType, stage: PreviewStage, commands: Vec<Command>) -> PreviewAsk {
    PreviewAsk {
        of: PreviewOf::Shelf { id: id.to_owned() },
        job: Some(job),
        stage,
        signed: false,
        commands,
    }
}

fn rows(view: &VisitView) -> Vec<(String, String)> {
    let items = view.phases.iter().flat_map(|p| &p.items);
    items.map(|i| (i.id.clone(), i.text.clone())).collect()
}

/// Every file below a folder with its length.
fn files(folder: &Path) -> BTreeMap<PathBuf, u64> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => all.extend(files(&entry.path())),
            false => {
                all.insert(entry.path(), entry.metadata().unwrap().len());
            }
        }
    }
    all
}

#[test]
fn every_standard_is_listed_and_shown_as_its_visits_show_it() {
    let desk = Desk::at_work();
    let shelf = desk.app.pack_shelf().unwrap();
    assert_eq!(shelf.packs.len(), doorstep_standards::PACKS.len());
    assert!(shelf.broken.is_empty());
    for pack in &shelf.packs {
        for job in &pack.jobs {
            let ask = look(&pack.id, *job, PreviewStage::Start, Vec::new());
            let shown = desk.app.preview(&ask).unwrap();
            let always = u32::try_from(rows(&shown.visit).len()).unwrap();
            assert!(
                always <= pack.rows && pack.always <= pack.rows,
                "{}",
                pack.id
            );
            assert_eq!(shown.visit.phases.len(), pack.phases as usize);
            assert_eq!(pack.without_english, 0);
        }
    }
    // the same rows as a real visit of that standard
    let real = desk.order("20261122-0412", "修障");
    let ask = look(
        "cmcc-broadband",
        JobType::Repair,
        PreviewStage::Start,
        Vec::new(),
    );
    let shown = desk.app.preview(&ask).unwrap();
    assert_eq!(rows(&shown.visit), rows(&real));
    assert_eq!(shown.visit.survey, real.survey);
}

#[test]
fn a_preview_is_walked_with_its_conditions_and_leaves_nothing() {
    let desk = Desk::at_work();
    desk.order("20261122-0412", "修障");
    let (recorded, before) = (events(&desk.app), files(desk.folder()));
    let shown = |commands: &[Command], job| -> PreviewView {
        let ask = look(
            "cmcc-broadband",
            job,
            PreviewStage::Inside,
            commands.to_vec(),
        );
        desk.app.preview(&ask).unwrap()
    };
    let plain = shown(&[], JobType::Repair);
    assert_eq!(plain.visit.stage, VisitStage::Inside);
    assert!(plain.visit.kits.iter().all(|k| k.settled));
    let moved = Command::SetFact {
        fact: "moved".to_owned(),
        value: true,
    };
    let mut taps = vec![
        moved,
        answer("form-shown", doorstep_domain::visit::Answer::Tick),
        answer("mat-laid", doorstep_domain::visit::Answer::Tick),
    ];
    let with = shown(&taps, JobType::Repair);
    assert!(
        rows(&with.visit).len() > rows(&plain.visit).len(),
        "the question switches rows on"
    );
    let fact = with.facts.iter().find(|f| f.id == "moved").unwrap();
    assert_eq!((fact.value, fact.asked), (Some(true), true));
    let status = |view: &VisitView, id: &str| {
        let mut items = view.phases.iter().flat_map(|p| &p.items);
        items.find(|i| i.id == id).map(|i| i.status)
    };
    assert_eq!(status(&with.visit, "mat-laid"), Some(ItemStatus::Done));
    assert_ne!(
        rows(&shown(&taps, JobType::Install).visit),
        rows(&with.visit)
    );
    // the last tap is refused as in a real visit, and undo takes the one before it back
    taps.push(reach(Milestone::Entered));
    let ask = look(
        "cmcc-broadband",
        JobType::Repair,
        PreviewStage::Inside,
        taps.clone(),
    );
    assert_eq!(code(desk.app.preview(&ask)), Code::MilestoneRecorded);
    taps.push(Command::Undo);
    assert_eq!(
        status(&shown(&taps, JobType::Repair).visit, "mat-laid"),
        Some(ItemStatus::Open)
    );
    for only_real in [Command::StartHandover, Command::Submit] {
        let ask = look(
            "cmcc-broadband",
            JobType::Repair,
            PreviewStage::Inside,
            vec![only_real],
        );
        assert_eq!(code(desk.app.preview(&ask)), Code::PreviewOnly);
    }
    assert_eq!(events(&desk.app), recorded, "nothing is in the log");
    assert_eq!(files(desk.folder()), before, "and nothing on the disk");
    assert_eq!(desk.today().rows.len(), 1, "nor on Today");
}

#[test]
fn a_statement_shows_its_words_and_can_be_taken_as_signed() {
    let desk = Desk::at_work();
    let disk = Command::SetFact {
        fact: "disk".to_owned(),
        value: true,
    };
    let mut ask = look(
        "yiwei-it",
        JobType::Repair,
        PreviewStage::Inside,
        vec![disk],
    );
    let row = |view: &VisitView| {
        let mut items = view.phases.iter().flat_map(|p| &p.items);
        items
            .find(|i| i.id == "backup-consent")
            .map(|i| i.status)
            .unwrap()
    };
    let before = desk.app.preview(&ask).unwrap();
    let words: Vec<&str> = before.statements.iter().map(|s| s.words.as_str()).collect();
    assert!(words.iter().any(|w| w.contains("数据")), "{words:?}");
    assert_eq!(row(&before.visit), ItemStatus::Open);
    ask.signed = true;
    let after = desk.app.preview(&ask).unwrap();
    assert_eq!(row(&after.visit), ItemStatus::Done);
}

#[test]
fn a_file_that_is_being_written_is_previewed_or_its_mistakes_are_told_with_their_lines() {
    let desk = Desk::at_work();
    let recorded = events(&desk.app);
    let draft = PreviewAsk {
        of: PreviewOf::Draft,
        ..look("", JobType::Repair, PreviewStage::Start, Vec::new())
    };
    assert_eq!(code(desk.app.preview(&draft)), Code::PackUnknown);
    let shipped = include_str!("../../assets/standards/cmcc-broadband.toml");
    let own = shipped
        .replacen("先铺垫布，再放工具", "先铺两层垫布", 1)
        .replacen("Lay the mat, then put tools down", "先铺垫布", 1);
    let read = desk.app.read_draft("my.toml", own.as_bytes()).unwrap();
    assert_eq!(
        (read.mistakes.len(), read.pack.unwrap().without_english),
        (0, 1)
    );
    let line = shipped
        .lines()
        .position(|l| l == "id = \"mat-laid\"")
        .unwrap()
        + 1;
    let hint = read
        .hints
        .iter()
        .find(|h| h.reason.en.contains("no English"))
        .unwrap();
    assert_eq!((hint.file.as_str(), hint.line as usize), ("my.toml", line));
    let shown = desk.app.preview(&draft).unwrap();
    assert!(
        rows(&shown.visit)
            .iter()
            .any(|(_, text)| text == "先铺两层垫布")
    );

    let broken = own.replacen("after = [\"fees\"]", "after = [\"fee\"]", 1);
    let line = broken
        .lines()
        .position(|l| l == "after = [\"fee\"]")
        .unwrap()
        + 1;
    let read = desk.app.read_draft("my.toml", broken.as_bytes()).unwrap();
    assert!(read.pack.is_none());
    let told: Vec<_> = read
        .mistakes
        .iter()
        .map(|m| (m.file.as_str(), m.line as usize))
        .collect();
    assert_eq!(told, [("my.toml", line)]);
    assert!(read.mistakes[0].reason.zh.contains("fee"));
    assert_eq!(
        code(desk.app.preview(&draft)),
        Code::PackUnknown,
        "a broken one is not shown"
    );
    assert_eq!(
        desk.app.pack_shelf().unwrap().packs.len(),
        doorstep_standards::PACKS.len()
    );
    assert_eq!(events(&desk.app), recorded);
}
