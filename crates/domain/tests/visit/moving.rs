//! A visit under way goes on under a newer version of its standard, and back.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::desk::{Sight, timeline};
use doorstep_domain::review::Verdict;
use doorstep_domain::standard::JobType;
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::text::Lang;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::consent::ConsentOutcome;
use doorstep_domain::visit::moving::{PackMoveView, PackOffer, move_view, offer};
use doorstep_domain::visit::progress::ItemStatus;
use doorstep_domain::visit::{PhotoTarget, SignOutcome};
use toml::Value;

fn texts(words: &str) -> Value {
    let text = [("zh", words), ("en", "Other words")];
    Value::Table(
        text.map(|(k, v)| (k.to_owned(), v.into()))
            .into_iter()
            .collect(),
    )
}

/// The next 移动 version: the mat says something else, the tools are not asked for any more, one row is new, the rest is as it was.
fn newer() -> LoadedPack {
    next_version(&mobile(), |pack| {
        let rows = rows_of(pack, "work");
        let mat = rows
            .iter_mut()
            .find(|r| r["id"].as_str() == Some("mat-laid"));
        let mat = mat.unwrap();
        mat["text"] = texts("先铺两层垫布");
        let mut new = mat.clone();
        new["id"] = "mat-photo".into();
        new["text"] = texts("拍下垫布");
        rows.push(new);
        rows_of(pack, "cleanup").retain(|r| r["id"].as_str() != Some("tools-packed"));
    })
}

/// A repair with the mat laid, the tools packed and the fault written down.
fn at_work() -> Desk {
    let mut desk = Desk::new(mobile(), JobType::Repair);
    desk.go_inside();
    desk.tick("form-shown");
    desk.tick("mat-laid");
    desk.photo_of("mat-laid");
    desk.act(text("fault", "皮线折断"));
    desk.tick("tools-packed");
    desk
}

fn looked(desk: &Desk, to: &LoadedPack) -> PackMoveView {
    desk.on(|g| move_view(g, &to.pack, &pinned(to), Lang::Zh))
}

fn offered(desk: &Desk, newest: u32) -> Option<PackOffer> {
    desk.on(|g| offer(g, Some(newest)))
}

#[test]
fn what_comes_differs_and_goes_is_shown_before() {
    let (desk, to) = (at_work(), newer());
    let shown = looked(&desk, &to);
    assert_eq!((shown.back, shown.from, shown.to), (false, 2, 3));
    let names = |rows: &[doorstep_domain::visit::moving::MovedRow]| -> Vec<String> {
        rows.iter().map(|r| r.text.clone()).collect()
    };
    assert_eq!(names(&shown.added), ["拍下垫布"]);
    assert_eq!(names(&shown.dropped), ["工具材料收好"]);
    let [mat] = shown.changed.as_slice() else {
        panic!("{:?}", shown.changed)
    };
    let was = mat.was.as_deref();
    assert_eq!(
        (mat.text.as_str(), was),
        ("先铺两层垫布", Some("先铺垫布，再放工具"))
    );
    assert!(mat.answered && !mat.kept && !mat.restored);
    assert!(shown.dropped[0].answered && !shown.added[0].answered);
}

#[test]
fn answers_stand_where_the_row_is_the_same_and_come_back_with_the_version_they_were_given_to() {
    let (mut desk, old, to) = (at_work(), mobile(), newer());
    let before = desk.visit.clone();
    desk.try_move(&to).unwrap();
    let visit = &desk.visit;
    assert_eq!(
        visit.opened.as_ref().unwrap().pack,
        pinned(&to),
        "the version in force"
    );
    assert_eq!(
        visit.answer("fault"),
        before.answer("fault"),
        "the row is the same"
    );
    assert_eq!(
        (visit.answer("mat-laid"), visit.answer("tools-packed")),
        (None, None)
    );
    assert_eq!(visit.photos.len(), 0, "the photo of other words");
    assert_eq!(desk.item("mat-laid").status, ItemStatus::Open);
    assert!(desk.missing_items().contains(&"mat-photo".to_owned()));
    assert!(
        visit.taps.is_empty(),
        "what was tapped under the other version stays"
    );

    desk.clock("14:20");
    desk.tick("mat-laid");
    let back = looked(&desk, &old);
    assert!(
        back.back && back.changed[0].restored && back.added[0].restored,
        "{back:?}"
    );
    desk.try_move(&old).unwrap();
    assert_eq!(desk.visit.items, before.items);
    assert_eq!(desk.visit.photos, before.photos);
    assert_eq!(desk.visit.opened, before.opened);
    // and what was said under the newer one waits there
    desk.try_move(&to).unwrap();
    assert_eq!(
        desk.visit.answered("mat-laid").unwrap().at.moment(),
        at("14:20")
    );
}

#[test]
fn the_walk_offers_the_newer_version_and_at_once_the_way_back() {
    let (mut desk, to) = (at_work(), newer());
    let on = Some(PackOffer {
        back: false,
        version: 3,
    });
    assert_eq!((offered(&desk, 2), offered(&desk, 3)), (None, on));
    desk.try_move(&to).unwrap();
    let way_back = Some(PackOffer {
        back: true,
        version: 2,
    });
    assert_eq!(offered(&desk, 3), way_back);
    desk.tick("mat-laid");
    assert_eq!(offered(&desk, 3), None, "the work goes on");
}

#[track_caller]
fn refuses(desk: &mut Desk, to: &LoadedPack, code: Code) {
    let (before, lines) = (desk.visit.clone(), desk.log.len());
    let refusal = desk.try_move(to).unwrap_err();
    assert_eq!(refusal.code, code);
    assert_eq!((&desk.visit, desk.log.len()), (&before, lines));
}

#[test]
fn a_move_is_refused_where_it_would_change_what_somebody_signed_or_judged() {
    let to = newer();
    let mut desk = at_work();
    desk.act(Command::DeclareNoFees { none: true });
    desk.act(Command::StartHandover);
    refuses(&mut desk, &to, Code::InHandover);
    desk.feedback();
    desk.act(Command::EndHandover);
    refuses(&mut desk, &to, Code::SignedContent);
    desk.act(Command::StartHandover);
    desk.sign(SignOutcome::Signed);
    desk.act(Command::EndHandover);
    refuses(&mut desk, &to, Code::SignedContent);
    assert_eq!(offered(&desk, 3), None);
}

#[test]
fn what_was_submitted_stays_under_its_version_also_while_it_is_mended() {
    let to = newer();
    for (verdict, code) in [
        (None, Code::VisitSubmitted),
        (Some(Verdict::Returned), Code::VisitSubmitted),
        (Some(Verdict::Approved), Code::AlreadyApproved),
    ] {
        let (mut desk, _) = Desk::repaired();
        if let Some(verdict) = verdict {
            desk.judge(verdict, &[("fault", "写清楚")]);
        }
        refuses(&mut desk, &to, code);
        assert_eq!(offered(&desk, 3), None);
    }
}

#[test]
fn another_standard_an_older_version_and_the_same_one_are_no_way_to_go() {
    let mut desk = at_work();
    refuses(&mut desk, &telecom(), Code::PackOther);
    refuses(&mut desk, &mobile(), Code::PackNotNewer);
    let mut desk = Desk::new(newer(), JobType::Repair);
    refuses(&mut desk, &mobile(), Code::PackNotNewer);
}

#[test]
fn a_statement_and_a_question_that_say_something_else_are_asked_again() {
    let asks = |words: &'static str| {
        move |pack: &mut toml::Table| {
            let rows = rows_of(pack, "work");
            rows.retain(|r| r["id"].as_str() != Some("backup"));
            let mut row = rows[0].clone();
            row["id"] = "backup".into();
            let mut evidence = toml::Table::new();
            evidence.insert("kind".to_owned(), "consent".into());
            evidence.insert("statement".to_owned(), texts(words));
            row["evidence"] = evidence.into();
            rows.push(row);
            pack["facts"].as_array_mut().unwrap()[0]["text"] = texts(words);
        }
    };
    let first = next_version(&mobile(), asks("数据我已备份"));
    let then = next_version(&first, asks("数据我已备份，可以清空"));
    let fact = first.pack.facts[0].id.clone();
    let mut desk = Desk::new(first.clone(), JobType::Repair);
    desk.go_inside();
    desk.fact(&fact, true);
    desk.consent("backup", ConsentOutcome::Signed);
    desk.try_move(&then).unwrap();
    assert!(desk.visit.consent("backup").is_none() && !desk.visit.facts().contains_key(&fact));
    desk.consent("backup", ConsentOutcome::Refused);
    desk.try_move(&first).unwrap();
    let stands = desk.visit.consent("backup").unwrap();
    assert_eq!(stands.value.outcome, ConsentOutcome::Signed);
    assert!(desk.visit.facts()[&fact]);
}

#[test]
fn the_lead_sees_the_move_and_how_much_it_left_behind() {
    let (mut desk, to) = (at_work(), newer());
    desk.clock("14:30");
    desk.try_move(&to).unwrap();
    let lines = desk.on(|g| {
        timeline(
            &Sight {
                visit: g.visit,
                order: g.order,
                pack: Some(g.pack),
                day: g.day,
                missed_before: 0,
                lang: Lang::Zh,
            },
            &[],
        )
    });
    let line = lines.iter().find(|l| l.words.contains("服务规范")).unwrap();
    assert_eq!(line.words, "服务规范从第 2 版换到第 3 版");
    assert_eq!(line.extra.as_deref(), Some("2 条的回答留在第 2 版"));
    assert_eq!(line.at, at("14:30"));
    let photo = PhotoTarget::Item {
        item: "mat-laid".to_owned(),
    };
    assert_eq!(desk.visit.photos_of(&photo).count(), 0);
}
