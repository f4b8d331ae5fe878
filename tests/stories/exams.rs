//! 技能考核 and 员工卡: a lead examines a technician, prints the sheet, and notes what belongs on the card.

use base64::Engine;
use doorstep_app::App;
use doorstep_app::assess::dto::{AssessOpen, AssessSign};
use doorstep_domain::assess::decide::AssessCommand;
use doorstep_domain::assess::events::Side;
use doorstep_domain::assess::view::AssessStage;
use doorstep_domain::code::Code;
use doorstep_domain::event::Actor;
use doorstep_domain::staff::{ComplaintReach, NewPenalty, NewStars};
use doorstep_domain::text::Lang;
use doorstep_domain::wire::Role;
use doorstep_stories::{Clock, Desk, Ear, Office, code, ink};
use std::process::Command;

fn office() -> Office {
    let clock = Clock::default();
    clock.hm("08:30");
    Office::open(&clock)
}

fn candidate() -> Actor {
    Actor {
        staff_no: "3107".to_owned(),
        name: "周建国".to_owned(),
    }
}

fn begin(desk: &Desk) -> AssessOpen {
    let home = desk.app.assess_home().unwrap();
    desk.app
        .assess_begin(&home.forms[0].id, &candidate())
        .unwrap()
}

#[track_caller]
fn act(app: &App, id: &str, command: AssessCommand) -> AssessOpen {
    app.assess_act(id, &command).unwrap()
}

fn deduct(app: &App, id: &str, row: &str, points: Option<u32>) -> AssessOpen {
    let row = row.to_owned();
    act(app, id, AssessCommand::Deduct { row, points })
}

fn signature(open: &AssessOpen, side: Side) -> AssessSign {
    AssessSign {
        side,
        strokes: Some(ink()),
        reason: None,
        digest: open.view.digest.clone(),
    }
}

/// What poppler reads from the sheet, spaces taken out: Chinese is set character by character.
fn printed(app: &App, id: &str) -> String {
    let file = app.assess_sheet(id).unwrap();
    assert_eq!(file.missing, Vec::<String>::new());
    let pdf = base64::engine::general_purpose::STANDARD
        .decode(file.pdf_base64)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-layout"])
        .arg(&path)
        .arg("-")
        .output()
        .expect("pdftotext is needed");
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// A whole exam up to both signatures; its id.
fn examined(desk: &Desk) -> String {
    desk.clock.hm("14:00");
    let id = begin(desk).view.id;
    let app = &desk.app;
    deduct(app, &id, "eight-ones", None);
    deduct(app, &id, "eight-ones", None);
    deduct(app, &id, "crimp", None);
    deduct(app, &id, "itv-demo", Some(5));
    deduct(app, &id, "manners", None);
    let row = "manners".to_owned();
    act(app, &id, AssessCommand::TakeBack { row });
    let timer = "e8".to_owned();
    act(
        app,
        &id,
        AssessCommand::StartTimer {
            timer: timer.clone(),
        },
    );
    let text = "动作熟练，讲解要再练".to_owned();
    act(app, &id, AssessCommand::Note { text });
    desk.clock.hm("14:21");
    act(app, &id, AssessCommand::StopTimer { timer });
    let choice = AssessCommand::ChooseTotal {
        total: "text".to_owned(),
        note: "公司通知按正文计分".to_owned(),
    };
    let open = act(app, &id, choice);
    assert_eq!(open.view.score, Some(100 - 2 - 2 - 5));
    app.assess_sign(&id, &signature(&open, Side::Candidate))
        .unwrap();
    app.assess_sign(&id, &signature(&open, Side::Examiner))
        .unwrap();
    id
}

#[test]
fn an_exam_from_the_first_tap_to_the_printed_sheet() {
    let office = office();
    let (desk, _ear) = Desk::enrolled(&office, "3100");
    let id = examined(&desk);
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();
    let closed = act(&desk.app, &id, AssessCommand::Close);
    assert_eq!(
        (closed.view.stage, closed.view.score, closed.mine),
        (AssessStage::Closed, Some(91), true)
    );
    let row = "crimp".to_owned();
    let late = AssessCommand::TakeBack { row };
    assert_eq!(code(desk.app.assess_act(&id, &late)), Code::AssessEnded);

    let text = printed(&desk.app, &id);
    for words in [
        "技能考核评分表",
        "存档联",
        "周建国3107",
        "王海燕3100",
        "带齐「八个一」每处扣1分22S11-02",
        "皮线都压到位每根扣2分12S11-06",
        "介绍、演示iTV15分15S11-20",
        "本部分10分，得8分",
        "21分00秒",
        "超时1分00秒",
        "按正文20/25/55",
        "满分55，得50",
        "公司通知按正文计分",
        "91分",
        "动作熟练，讲解要再练",
        "考评员签字",
        "被考人签字",
        "签字时间：2026-11-2214:21",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(
        !text.contains("次提交") && !text.contains("用户联"),
        "{text}"
    );
    assert_eq!(printed(&desk.app, &id), text, "the same sheet at any time");
    let path = desk.app.save_assess_sheet(&id).unwrap();
    assert!(std::path::Path::new(&path).is_file(), "{path}");

    let mut settings = desk.app.boot().unwrap().settings;
    settings.lang = Lang::En;
    desk.app.save_settings(&settings).unwrap();
    let text = printed(&desk.app, &id);
    for words in [
        "Skillassessmentscoresheet",
        "Filecopy",
        "91of100",
        "overby1min00s",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn a_candidate_who_will_not_sign_says_why_and_it_is_printed() {
    let office = office();
    let (desk, _ear) = Desk::enrolled(&office, "3100");
    let id = begin(&desk).view.id;
    let text = printed(&desk.app, &id);
    assert!(
        text.contains("还没签字") && text.contains("还没定怎么计分"),
        "{text}"
    );
    let choice = AssessCommand::ChooseTotal {
        total: "sheets".to_owned(),
        note: "用评分表".to_owned(),
    };
    let open = act(&desk.app, &id, choice);
    let mut dot = signature(&open, Side::Examiner);
    if let Some(strokes) = &mut dot.strokes {
        strokes.strokes.truncate(1);
        strokes.strokes[0].truncate(1);
    }
    assert_eq!(code(desk.app.assess_sign(&id, &dot)), Code::InkEmpty);
    let declined = AssessSign {
        strokes: None,
        reason: Some("不认可计分方式".to_owned()),
        ..signature(&open, Side::Candidate)
    };
    desk.app.assess_sign(&id, &declined).unwrap();
    desk.app
        .assess_sign(&id, &signature(&open, Side::Examiner))
        .unwrap();
    act(&desk.app, &id, AssessCommand::Close);
    let text = printed(&desk.app, &id);
    for words in ["拒签", "原因：不认可计分方式", "满分60，得60", "100分"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn only_a_lead_may() {
    let office = office();
    let (technician, _ear) = Desk::enrolled(&office, "3107");
    let alone = Desk::at_work();
    let penalty = NewPenalty {
        amount: "50".to_owned(),
        reason: "x".to_owned(),
        clause: None,
        loss: None,
        complaint: None,
        remedy: None,
    };
    let stars = NewStars {
        stars: 1,
        reason: "x".to_owned(),
    };
    for app in [&technician.app, &alone.app] {
        let me = candidate();
        assert_eq!(code(app.assess_home()), Code::LeadOnly);
        assert_eq!(code(app.assess_begin("jiangsu-s11", &me)), Code::LeadOnly);
        assert_eq!(code(app.assessment("assess/1")), Code::LeadOnly);
        assert_eq!(
            code(app.assess_act("assess/1", &AssessCommand::Close)),
            Code::LeadOnly
        );
        assert_eq!(code(app.assess_sheet("assess/1")), Code::LeadOnly);
        assert_eq!(code(app.staff_cards()), Code::LeadOnly);
        assert_eq!(code(app.staff_card(&me)), Code::LeadOnly);
        assert_eq!(code(app.record_penalty(&me, &penalty)), Code::LeadOnly);
        assert_eq!(code(app.award_stars(&me, &stars)), Code::LeadOnly);
    }
    let (lead, _ear) = Desk::enrolled(&office, "3100");
    let herself = Actor {
        staff_no: "3100".to_owned(),
        name: "王海燕".to_owned(),
    };
    let app = &lead.app;
    assert_eq!(
        code(app.assess_begin("jiangsu-s11", &herself)),
        Code::AssessSelf
    );
    assert_eq!(code(app.award_stars(&herself, &stars)), Code::AssessSelf);
    assert_eq!(code(app.assessment("assess/1")), Code::AssessUnknown);
    assert_eq!(
        code(app.assess_begin("s12", &candidate())),
        Code::AssessUnknown
    );
}

#[test]
fn penalties_stars_and_exams_stand_on_the_card() {
    let office = office();
    let (desk, _ear) = Desk::enrolled(&office, "3100");
    let id = examined(&desk);
    act(&desk.app, &id, AssessCommand::Close);
    let cards = desk.app.staff_cards().unwrap();
    assert_eq!((cards.cases, cards.clause, cards.public), (0, None, false));
    assert_eq!(
        (cards.lines.len(), cards.lines[0].score),
        (1, Some(91)),
        "who was examined has a card"
    );
    let mut penalty = NewPenalty {
        amount: "200".to_owned(),
        reason: "抱怨客户".to_owned(),
        clause: Some("S58-03".to_owned()),
        loss: Some("35.50".to_owned()),
        complaint: Some(ComplaintReach::Company),
        remedy: Some(" 当面教育，第二天带他上门道歉 ".to_owned()),
    };
    let card = desk.app.record_penalty(&candidate(), &penalty).unwrap();
    assert_eq!((card.cases, card.may_award, card.exams.len()), (1, true, 1));
    let line = &card.penalties[0];
    assert_eq!(
        (line.amount.as_str(), line.loss.as_deref()),
        ("200", Some("35.5"))
    );
    assert_eq!(line.remedy.as_deref(), Some("当面教育，第二天带他上门道歉"));
    assert_eq!(line.by.name, "王海燕");
    penalty.complaint = Some(ComplaintReach::Public);
    desk.clock.hm("15:00");
    desk.app.record_penalty(&candidate(), &penalty).unwrap();
    penalty.amount = "49.99".to_owned();
    assert_eq!(
        code(desk.app.record_penalty(&candidate(), &penalty)),
        Code::PenaltyAmount
    );
    let stars = NewStars {
        stars: 2,
        reason: "全年好评".to_owned(),
    };
    let card = desk.app.award_stars(&candidate(), &stars).unwrap();
    assert!(card.stars[0].in_force && !card.may_award);
    assert_eq!(
        code(desk.app.award_stars(&candidate(), &stars)),
        Code::StarsThisYear
    );
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();
    let cards = desk.app.staff_cards().unwrap();
    assert_eq!(
        (cards.cases, cards.clause.as_deref(), cards.public),
        (2, Some("S71-04"), true)
    );
    let line = &cards.lines[0];
    assert_eq!(
        (line.stars, line.year, line.penalties),
        (Some(2), Some(2026), 2)
    );
}

#[test]
fn another_lead_of_the_team_reads_the_exam_with_its_ink_and_does_not_go_on_with_it() {
    let office = office();
    office
        .hub()
        .put_staff(
            &doorstep_domain::wire::StaffCard {
                actor: Actor {
                    staff_no: "3101".to_owned(),
                    name: "吴副班长".to_owned(),
                },
                phone: String::new(),
                role: Role::Lead,
                team: "一班".to_owned(),
            },
            &office.call(),
        )
        .unwrap();
    let (desk, ear) = Desk::enrolled(&office, "3100");
    let id = examined(&desk);
    desk.hand_in(&ear);
    let (deputy, heard): (Desk, Ear) = Desk::enrolled(&office, "3101");
    deputy.app.sync_now().unwrap();
    heard.until("the exam is here, signed", || {
        let open = deputy.app.assessment(&id).ok()?;
        (open.view.signatures.len() == 2).then_some(())
    });
    let open = deputy.app.assessment(&id).unwrap();
    assert_eq!((open.view.score, open.mine), (Some(91), false));
    assert_eq!(
        code(deputy.app.assess_act(&id, &AssessCommand::Close)),
        Code::AssessOfOther
    );
    let text = printed(&deputy.app, &id);
    assert!(!text.contains("笔迹还没取到"), "{text}");
    assert!(text.contains("91分"), "{text}");
}
