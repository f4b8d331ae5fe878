//! A lead looks at a standard as the technician will see it, and nothing of that stays.

use doorstep_app::preview::{PreviewAsk, PreviewOf, PreviewStage, PreviewTap, PreviewView};
use doorstep_domain::code::Code;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::consent::{ConsentOutcome, ConsentRequest};
use doorstep_domain::visit::progress::ItemStatus;
use doorstep_domain::visit::view::VisitView;
use doorstep_domain::visit::{Answer, Feedback, Relation, SignOutcome, VisitStage};
use doorstep_stories::{Desk, answer, code, events, ink, reach};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn look(id: &str, job: JobType, stage: PreviewStage, commands: Vec<Command>) -> PreviewAsk {
    PreviewAsk {
        of: PreviewOf::Shelf { id: id.to_owned() },
        job: Some(job),
        stage,
        began: None,
        signed: false,
        taps: acts(commands),
    }
}

fn acts(commands: impl IntoIterator<Item = Command>) -> Vec<PreviewTap> {
    let act = |command| PreviewTap::Act { command };
    commands.into_iter().map(act).collect()
}

fn rows(view: &VisitView) -> Vec<(String, String)> {
    let items = view.phases.iter().flat_map(|p| &p.items);
    items.map(|i| (i.id.clone(), i.text.clone())).collect()
}

/// Every file below a folder with the hash of what is in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => all.extend(files(&entry.path())),
            false => {
                let bytes = std::fs::read(entry.path()).unwrap();
                all.insert(entry.path(), sha256_hex(&bytes));
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
        answer("form-shown", Answer::Tick),
        answer("mat-laid", Answer::Tick),
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
    // a beginning before the signature has done the rows of what was answered first
    let mut signing = look(
        "cmcc-broadband",
        JobType::Repair,
        PreviewStage::SignOff,
        taps.iter().take(1).cloned().collect(),
    );
    let settled = desk.app.preview(&signing).unwrap();
    assert_eq!(
        status(&settled.visit, "moved-consent"),
        Some(ItemStatus::Done)
    );
    signing.taps.clear();
    assert_eq!(
        status(&desk.app.preview(&signing).unwrap().visit, "moved-consent"),
        None
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
    let hasty = |command, why| {
        let ask = look(
            "cmcc-broadband",
            JobType::Repair,
            PreviewStage::Inside,
            vec![command],
        );
        assert_eq!(code(desk.app.preview(&ask)), why);
    };
    hasty(Command::StartHandover, Code::ItemTooEarly);
    hasty(Command::Submit, Code::PreviewOnly);
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

/// What was asked and shown so far; each tap is done on top, as the page does it.
struct Walk<'a> {
    desk: &'a Desk,
    ask: PreviewAsk,
}

impl Walk<'_> {
    /// The first look, which tells when the visit began.
    fn shown(&mut self) -> VisitView {
        let first = self.desk.app.preview(&self.ask).unwrap();
        self.ask.began = Some(first.began);
        first.visit
    }

    #[track_caller]
    fn tap(&mut self, tap: PreviewTap) -> VisitView {
        self.ask.taps.push(tap);
        match self.desk.app.preview(&self.ask) {
            Ok(view) => view.visit,
            Err(error) => panic!("{:?} of {:?}: {error}", self.ask.taps.last(), self.ask.of),
        }
    }

    #[track_caller]
    fn act(&mut self, command: Command) -> VisitView {
        self.tap(PreviewTap::Act { command })
    }

    /// The answer to a tap that is refused, and forgotten.
    fn refused(&mut self, tap: PreviewTap) -> Code {
        self.ask.taps.push(tap);
        let code = code(self.desk.app.preview(&self.ask));
        self.ask.taps.pop();
        code
    }
}

/// The customer's own signature under what `view` shows.
fn signature(view: &VisitView) -> SignRequest {
    SignRequest {
        outcome: SignOutcome::Signed,
        signer: view.attested.customer.clone(),
        relation: Relation::Customer,
        strokes: Some(ink()),
        reason: None,
        callback: None,
        digest: view.attested.digest(),
    }
}

/// The first option of every question.
fn feedback(view: &VisitView) -> Command {
    let first = |q: &doorstep_domain::visit::view::SurveyView| {
        let option = q.options.first().unwrap();
        (q.id.clone(), option.id.clone())
    };
    let feedback = Feedback {
        answers: view.survey.iter().map(first).collect(),
        words: Some("师傅很细心".to_owned()),
    };
    Command::GiveFeedback { feedback }
}

#[test]
fn every_standard_is_handed_over_to_the_customer_in_a_preview_and_leaves_nothing() {
    let desk = Desk::at_work();
    let (recorded, before) = (events(&desk.app), files(desk.folder()));
    for pack in desk.app.pack_shelf().unwrap().packs {
        for job in pack.jobs {
            let ask = look(&pack.id, job, PreviewStage::SignOff, Vec::new());
            let mut walk = Walk { desk: &desk, ask };
            desk.clock.hm("13:20");
            let untouched = walk.shown();
            assert!(!untouched.feedback_sealed && untouched.customer_signature.is_none());
            let with = walk.act(Command::StartHandover);
            assert!(with.in_handover, "{}", pack.id);
            // the customer takes a minute to read
            desk.clock.hm("13:21");
            assert!(!with.survey.is_empty(), "{} asks nothing", pack.id);
            assert!(
                !with.attested.done.is_empty(),
                "{}: nothing is read",
                pack.id
            );
            assert_eq!(with.attested.fee_total.as_deref(), Some("0.00"));
            // the technician's taps wait while the tablet is with the customer
            let undo = PreviewTap::Act {
                command: Command::Undo,
            };
            assert_eq!(walk.refused(undo), Code::InHandover);
            let sealed = walk.act(feedback(&with));
            assert!(sealed.feedback_sealed && sealed.customer_signature.is_none());
            let request = signature(&sealed);
            let signed = walk.tap(PreviewTap::CustomerSign { request });
            let said = signed.customer_signature.unwrap();
            assert_eq!(said.outcome, SignOutcome::Signed);
            let back = walk.act(Command::EndHandover);
            assert!(!back.in_handover && back.technician_signed_at.is_none());
            let own = PreviewTap::TechnicianSign { strokes: ink() };
            assert!(walk.tap(own).technician_signed_at.is_some());
            let submit = PreviewTap::Act {
                command: Command::Submit,
            };
            assert_eq!(walk.refused(submit), Code::PreviewOnly);
        }
    }
    assert_eq!(events(&desk.app), recorded, "nothing is in the log");
    assert_eq!(files(desk.folder()), before, "and nothing on the disk");
}

#[test]
fn a_signature_in_a_preview_is_refused_as_in_a_visit() {
    let desk = Desk::at_work();
    let before = files(desk.folder());
    let ask = look(
        "cmcc-broadband",
        JobType::Repair,
        PreviewStage::SignOff,
        Vec::new(),
    );
    let mut walk = Walk { desk: &desk, ask };
    let untouched = walk.shown();
    let sign = |request: SignRequest| PreviewTap::CustomerSign { request };
    assert_eq!(
        walk.refused(sign(signature(&untouched))),
        Code::NotInHandover
    );
    let with = walk.act(Command::StartHandover);
    let good = signature(&with);
    let but = |change: fn(&mut SignRequest)| {
        let mut request = good.clone();
        change(&mut request);
        sign(request)
    };
    assert_eq!(walk.refused(but(|r| r.digest.clear())), Code::ContentStale);
    assert_eq!(walk.refused(but(|r| r.strokes = None)), Code::InkEmpty);
    let refusal = |r: &mut SignRequest| {
        (r.outcome, r.strokes) = (SignOutcome::Refused, None);
        r.reason = Some("对收费不满".to_owned());
    };
    assert_eq!(walk.refused(but(refusal)), Code::CallbackMissing);
    let mut request = good.clone();
    refusal(&mut request);
    request.callback = Some("13812341234".to_owned());
    let said = walk.tap(sign(request)).customer_signature.unwrap();
    assert_eq!(said.outcome, SignOutcome::Refused);
    assert_eq!(said.reason.as_deref(), Some("对收费不满"));
    assert_eq!(walk.refused(sign(good.clone())), Code::AlreadySigned);
    // who does not say when the visit began sees it begin again and again
    (walk.ask.began, walk.ask.taps) = (None, acts([Command::StartHandover]));
    desk.clock.hm("15:00");
    assert_eq!(walk.refused(sign(good)), Code::ContentStale);
    assert_eq!(files(desk.folder()), before);
}

#[test]
fn a_statement_is_handed_to_the_customer_in_a_preview() {
    let desk = Desk::at_work();
    let (recorded, before) = (events(&desk.app), files(desk.folder()));
    let option = "by-us".to_owned();
    let taps = vec![
        Command::SetFact {
            fact: "disk".to_owned(),
            value: true,
        },
        answer("backup-choice", Answer::Choice { option, note: None }),
        answer("backup-done", Answer::Tick),
    ];
    let ask = look("yiwei-it", JobType::Repair, PreviewStage::Inside, taps);
    let mut walk = Walk { desk: &desk, ask };
    walk.shown();
    let item = || "backup-consent".to_owned();
    let start = || Command::StartConsent { item: item() };
    let row = |view: &VisitView| {
        let mut items = view.phases.iter().flat_map(|p| &p.items);
        items.find(|i| i.id == item()).map(|i| i.status)
    };
    let shown = walk.act(start()).statement.unwrap();
    let answer = |outcome, strokes, reason: Option<&str>| PreviewTap::ConsentSign {
        request: ConsentRequest {
            item: item(),
            outcome,
            signer: shown.customer.clone(),
            relation: Relation::Customer,
            strokes,
            reason: reason.map(str::to_owned),
            digest: shown.digest(),
        },
    };
    let unsigned = answer(ConsentOutcome::Signed, None, None);
    assert_eq!(walk.refused(unsigned), Code::InkEmpty);
    walk.tap(answer(ConsentOutcome::Refused, None, Some("要和家人商量")));
    let back = walk.act(Command::EndHandover);
    assert_eq!(
        (row(&back), back.in_handover),
        (Some(ItemStatus::Partial), false)
    );
    walk.act(start());
    walk.tap(answer(ConsentOutcome::Signed, Some(ink()), None));
    assert_eq!(row(&walk.act(Command::EndHandover)), Some(ItemStatus::Done));
    assert_eq!(events(&desk.app), recorded);
    assert_eq!(files(desk.folder()), before);
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
