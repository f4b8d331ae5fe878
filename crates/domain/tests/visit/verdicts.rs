//! What a lead may decide on a submission.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::review::{NewVerdict, Place, Score, ScoreName, Verdict, VerdictReason};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::mend::Life;
use doorstep_domain::visit::verdict::{give, give_together};

#[track_caller]
fn refused(desk: &mut Desk, verdict: Verdict, reasons: &[(&str, &str)], code: Code) {
    let before = desk.review.clone();
    let refusal = desk.try_judge(verdict, reasons).map_err(|r| r.code);
    assert_eq!((refusal, &desk.review), (Err(code), &before));
}

fn plain(submission: u32) -> NewVerdict {
    NewVerdict {
        visit: VISIT.to_owned(),
        submission,
        verdict: Verdict::Approved,
        reasons: Vec::new(),
        note: None,
        scores: Vec::new(),
    }
}

#[test]
fn only_a_submission_that_is_there_is_judged() {
    let mut desk = Desk::new(mobile(), doorstep_domain::standard::JobType::Repair);
    refused(&mut desk, Verdict::Approved, &[], Code::SubmissionUnknown);
    let (desk, _) = Desk::repaired();
    let second = give(&desk.visit, &desk.review, &plain(2)).map_err(|r| r.code);
    assert_eq!(second, Err(Code::SubmissionUnknown));
    assert!(give(&desk.visit, &desk.review, &plain(1)).is_ok());
}

#[test]
fn sending_back_says_why() {
    let (mut desk, _) = Desk::repaired();
    for verdict in [Verdict::Returned, Verdict::Rework] {
        refused(&mut desk, verdict, &[], Code::ReasonsMissing);
        refused(
            &mut desk,
            verdict,
            &[("optical", " ")],
            Code::ReasonsMissing,
        );
        let long = "长".repeat(1001);
        refused(&mut desk, verdict, &[("optical", &long)], Code::TextTooLong);
    }
    desk.judge(Verdict::Returned, &[("", "整单重新整理")]);
    assert_eq!(desk.on(|g| g.life()), Life::Mending);
}

#[test]
fn a_verdict_fits_into_one_event_whatever_its_words() {
    let (mut desk, _) = Desk::repaired();
    let thousand = "㊙".repeat(1000);
    let eleven = vec![("optical", thousand.as_str()); 11];
    refused(&mut desk, Verdict::Returned, &eleven, Code::TextTooLong);
    desk.judge(Verdict::Returned, &eleven[..10]);
    refused(
        &mut desk,
        Verdict::Rework,
        &vec![("a", "b"); 101],
        Code::BadRequest,
    );
    let name = "x".repeat(101);
    refused(
        &mut desk,
        Verdict::Rework,
        &[(&name, "b")],
        Code::BadRequest,
    );
}

#[test]
fn scores_are_one_to_five_and_given_once() {
    let (desk, _) = Desk::repaired();
    let score = |points| Score {
        name: ScoreName::Tidy,
        points,
    };
    for scores in [vec![score(0)], vec![score(6)], vec![score(3), score(4)]] {
        let new = NewVerdict { scores, ..plain(1) };
        let refusal = give(&desk.visit, &desk.review, &new).map_err(|r| r.code);
        assert_eq!(refusal, Err(Code::BadRequest));
    }
    for points in [1, 5] {
        let scores = vec![score(points)];
        let new = NewVerdict { scores, ..plain(1) };
        assert!(give(&desk.visit, &desk.review, &new).is_ok());
    }
}

#[test]
fn an_approval_is_final() {
    let (mut desk, _) = Desk::repaired();
    desk.judge(Verdict::Approved, &[]);
    let why = &[("optical", "再看一遍")];
    for verdict in [Verdict::Approved, Verdict::Returned, Verdict::Rework] {
        refused(&mut desk, verdict, why, Code::AlreadyApproved);
    }
}

#[test]
fn a_verdict_that_stands_is_replaced_knowingly_and_with_a_reason() {
    let (mut desk, _) = Desk::repaired();
    desk.judge(Verdict::Returned, &[("optical", "照片看不清")]);
    refused(
        &mut desk,
        Verdict::Returned,
        &[("speed", "看不清")],
        Code::AlreadyReviewed,
    );
    refused(&mut desk, Verdict::Approved, &[], Code::ReasonsMissing);
    desk.judge(Verdict::Rework, &[("optical", "要重新熔接")]);
    assert_eq!(desk.on(|g| g.life()), Life::Rework);
    desk.refuses(tick("demo"), Code::VisitSubmitted);
    desk.judge(
        Verdict::Approved,
        &[("optical", "客户不再让进门，无法补救")],
    );
    assert_eq!(desk.on(|g| g.life()), Life::Approved);
    let places: Vec<Place> = desk
        .review
        .verdicts()
        .iter()
        .map(|g| desk.review.place(&g.event))
        .collect();
    assert_eq!(places, [Place::Replaced, Place::Replaced, Place::Stands]);
}

#[test]
fn a_submission_that_was_replaced_is_not_judged_any_more() {
    let (mut desk, _) = Desk::repaired();
    desk.judge(Verdict::Returned, &[("optical", "照片看不清")]);
    desk.photo_of("optical");
    desk.try_technician_sign().unwrap();
    desk.act(Command::Submit);
    let late = give(&desk.visit, &desk.review, &plain(1)).map_err(|r| r.code);
    assert_eq!(late, Err(Code::SubmissionReplaced));
    assert_eq!(
        desk.on(|g| g.life()),
        Life::Submitted,
        "the new one waits for its own verdict"
    );
    desk.judge(Verdict::Returned, &[("optical", "还是看不清")]);
    assert_eq!(desk.on(|g| g.life()), Life::Mending);
}

#[test]
fn a_sample_waits_for_its_full_read_and_is_told_by_its_verdict() {
    let (mut desk, _) = Desk::repaired();
    let picked = give_together(&desk.visit, &desk.review, 1, true).unwrap();
    desk.write(REVIEW, &picked);
    assert!(desk.review.sampled(1) && desk.review.standing(1).is_none());
    let again = give_together(&desk.visit, &desk.review, 1, false).map_err(|r| r.code);
    assert_eq!(
        again,
        Err(Code::AlreadyReviewed),
        "not approved unread the next time"
    );
    desk.judge(Verdict::Approved, &[]);
    let given = desk.review.standing(1).unwrap();
    assert!(given.sampled && !given.together);

    let (mut other, _) = Desk::repaired();
    let together = give_together(&other.visit, &other.review, 1, false).unwrap();
    other.write(REVIEW, &together);
    let given = other.review.standing(1).unwrap();
    assert!(given.together && given.verdict == Verdict::Approved);
    let twice = give_together(&other.visit, &other.review, 1, false).map_err(|r| r.code);
    assert_eq!(twice, Err(Code::AlreadyApproved));
}

#[test]
fn a_reason_keeps_its_words_when_what_it_was_about_is_gone() {
    let (mut desk, row) = Desk::repaired();
    let photo = desk.visit.photos[0].value.id.clone();
    desk.judge(
        Verdict::Returned,
        &[
            (&photo, "糊了"),
            (&row, "SN 不对"),
            ("", "补齐再交"),
            ("gone", "?"),
        ],
    );
    desk.act(Command::RemovePhoto { photo });
    desk.act(Command::RemoveRow {
        list: doorstep_domain::standard::RowList::Devices,
        row_id: row,
    });
    let reasons = desk.view().review.unwrap().reasons;
    let titles: Vec<&str> = reasons.iter().map(|r| r.title.as_str()).collect();
    assert_eq!(
        titles,
        ["光功率（照片）", "光猫 G-2101 SN ZTE0001", "", "gone"]
    );
    assert_eq!(
        reasons[3].item.as_deref(),
        Some("gone"),
        "told as it was written"
    );
    let reason = VerdictReason {
        item: Some(String::new()),
        reason: "整单".to_owned(),
    };
    let whole = NewVerdict {
        verdict: Verdict::Rework,
        reasons: vec![reason],
        ..plain(1)
    };
    let event = give(&desk.visit, &desk.review, &whole).unwrap();
    desk.write(REVIEW, &event);
    assert_eq!(desk.review.standing(1).unwrap().reasons[0].item, None);
}
