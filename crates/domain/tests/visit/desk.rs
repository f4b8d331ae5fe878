//! What the desk shows of a submission: flags on both sides of every figure, the timeline, differences.

use crate::common::*;
use doorstep_domain::desk::{
    Candidate, DeskFlag, FlagKind, PhotoLike, Sight, Tone, changes, flags, summary, timeline,
};
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::text::Lang;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::{
    Answer, Cause, Change, Claim, CustomerSignature, Feedback, Outcome, PhotoTarget, Relation,
    SignOutcome, Via,
};

fn sight(desk: &Desk) -> Sight<'_> {
    Sight {
        visit: &desk.visit,
        order: &desk.order,
        pack: Some(&desk.loaded.pack),
        day: Some(&desk.day),
        lang: Lang::Zh,
    }
}

fn found(desk: &Desk, kind: FlagKind) -> Vec<DeskFlag> {
    let all = flags(&sight(desk), &[], &[]);
    all.into_iter().filter(|f| f.kind == kind).collect()
}

/// At the door at this time, agreed on 14:00.
fn arrived(hm: &str) -> Desk {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.check_kits();
    desk.clock("13:20");
    for (milestone, at) in [(Milestone::Departed, "13:20"), (Milestone::AtDoor, hm)] {
        desk.clock(at);
        desk.write(
            VISIT,
            &VisitEvent::MilestoneReached {
                milestone,
                claim: None,
            },
        );
    }
    desk
}

#[test]
fn arrival_is_flagged_outside_five_to_ten_minutes_early() {
    for (hm, title) in [
        ("13:49", Some("到门口早 11 分钟")),
        ("13:50", None),
        ("13:55", None),
        ("13:56", Some("到门口早 4 分钟")),
        ("14:22", Some("到门口晚 22 分钟")),
    ] {
        let desk = arrived(hm);
        let late = found(&desk, FlagKind::Late);
        assert_eq!(late.first().map(|f| f.title.as_str()), title, "{hm}");
        if let Some(flag) = late.first() {
            assert!(flag.clause.as_ref().unwrap().contains("S37-12"), "{flag:?}");
        }
        let line = timeline(&sight(&desk), &[]).pop().unwrap();
        assert_eq!(
            (line.words.as_str(), line.tone == Tone::Breach),
            ("到门口", title.is_some()),
            "{hm}"
        );
    }
}

#[test]
fn a_change_is_flagged_when_told_less_than_two_hours_before() {
    for (told, broken) in [("12:00", false), ("12:01", true)] {
        let mut desk = Desk::new(mobile(), JobType::Install);
        desk.appoint("14:00");
        let mut appointment = desk.visit.appointment().unwrap().value.clone();
        appointment.start = at("16:00");
        appointment.change = Some(Change {
            reason: "缺料".to_owned(),
            cause: Cause::Ours,
            notified_at: at(told),
            was: at("14:00"),
        });
        desk.write(VISIT, &VisitEvent::AppointmentAgreed { appointment });
        assert_eq!(
            found(&desk, FlagKind::NoticeBroken).len(),
            usize::from(broken),
            "{told}"
        );
    }
}

/// Answers these items, each so many milliseconds after 13:55.
fn answered(items: &[(&str, i64)]) -> Desk {
    let mut desk = arrived("13:52");
    for (item, ms) in items {
        desk.now = at("13:55");
        desk.now.ms += ms;
        desk.write(VISIT, &tapped(&[item], Via::Tap, None));
    }
    desk
}

fn tapped(items: &[&str], via: Via, claim: Option<Claim>) -> VisitEvent {
    let one = |item: &&str| doorstep_domain::visit::events::ItemAnswer {
        item: (*item).to_owned(),
        answer: Answer::Tick,
    };
    VisitEvent::ItemsAnswered {
        answers: items.iter().map(one).collect(),
        via,
        claim,
    }
}

#[test]
fn three_taps_within_a_second_are_flagged_and_two_are_not() {
    let three = answered(&[("badge-shown", 0), ("introduced", 500), ("verified", 999)]);
    let flag = found(&three, FlagKind::TapsAtOnce).pop().unwrap();
    assert_eq!(
        (flag.title.as_str(), flag.items.len()),
        ("3 项在同一秒打勾", 3)
    );
    assert!(flag.detail.starts_with("13:55:00"), "{}", flag.detail);
    let slower = answered(&[("badge-shown", 0), ("introduced", 500), ("verified", 1000)]);
    assert!(
        found(&slower, FlagKind::TapsAtOnce).is_empty(),
        "the third came a second later"
    );
}

#[test]
fn several_bursts_of_taps_are_one_flag_that_names_each() {
    let mut desk = answered(&[("badge-shown", 0), ("introduced", 500), ("verified", 999)]);
    desk.clock("13:57");
    desk.write(
        VISIT,
        &tapped(&["consent", "covers-on"], Via::WholeStep, None),
    );
    let all = found(&desk, FlagKind::TapsAtOnce);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(
        (all[0].title.as_str(), all[0].items.len()),
        ("5 项分 2 次打勾，每次都在同一秒", 5)
    );
    assert_eq!(
        all[0].detail,
        "13:55:00 3 项，逐项打勾；13:57:00 2 项，用了「本步全部做到」"
    );
}

#[test]
fn a_whole_step_at_once_is_a_fact_and_a_claim_is_another() {
    let mut desk = arrived("13:52");
    desk.write(
        VISIT,
        &tapped(&["badge-shown", "introduced"], Via::WholeStep, None),
    );
    assert_eq!(found(&desk, FlagKind::TapsAtOnce).len(), 1);
    let claim = Claim {
        at: at("13:54"),
        reason: "平板没电".to_owned(),
    };
    desk.clock("15:00");
    desk.write(
        VISIT,
        &tapped(&["badge-shown", "introduced"], Via::WholeStep, Some(claim)),
    );
    assert!(
        found(&desk, FlagKind::TapsAtOnce).is_empty(),
        "entered later, not tapped then"
    );
    let late = found(&desk, FlagKind::LateEntry).pop().unwrap();
    assert_eq!(late.title, "补录 2 处");
    assert!(
        late.detail.contains("平板没电") && late.detail.contains("称 13:54"),
        "{}",
        late.detail
    );
}

#[test]
fn the_kit_that_was_left_without_is_named() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    let kit = desk.loaded.pack.kits.first().unwrap().clone();
    let mut present: Vec<String> = kit.members.iter().map(|m| m.id.clone()).collect();
    desk.check_kits();
    let departed = VisitEvent::MilestoneReached {
        milestone: Milestone::Departed,
        claim: None,
    };
    desk.clock("13:20");
    desk.write(VISIT, &departed);
    assert!(found(&desk, FlagKind::KitMissing).is_empty(), "complete");
    let lost = present.pop().unwrap();
    desk.clock("13:10");
    desk.check_kit(&kit.id, present, vec![lost], Some("仓库没货"));
    let flag = found(&desk, FlagKind::KitMissing).pop().unwrap();
    assert!(
        flag.title.contains(&kit.members.last().unwrap().name.zh),
        "{}",
        flag.title
    );
    assert!(flag.detail.contains("仓库没货"));
    let elsewhere = Sight {
        day: None,
        ..sight(&desk)
    };
    let kinds: Vec<_> = flags(&elsewhere, &[], &[]).iter().map(|f| f.kind).collect();
    assert!(
        !kinds.contains(&FlagKind::KitMissing),
        "the day is not here: nothing is claimed"
    );
}

#[test]
fn a_reading_is_flagged_beyond_its_limit() {
    let pack = mobile().pack;
    let (item, spec) = pack
        .items()
        .find_map(|(_, i)| match &i.evidence {
            doorstep_domain::standard::Evidence::Reading(s) if s.min.is_some() => {
                Some((i.id.clone(), s.clone()))
            }
            _ => None,
        })
        .unwrap();
    let (min, slot) = (spec.min.unwrap(), spec.slots.last().unwrap().id.clone());
    for (value, out) in [(min, false), (min - rust_decimal::Decimal::new(1, 1), true)] {
        let mut desk = arrived("13:52");
        let reading = doorstep_domain::visit::ReadingValue {
            value,
            reason: None,
        };
        let values = [(slot.clone(), reading)].into_iter().collect();
        let answers = vec![doorstep_domain::visit::events::ItemAnswer {
            item: item.clone(),
            answer: Answer::Reading { values },
        }];
        desk.write(
            VISIT,
            &VisitEvent::ItemsAnswered {
                answers,
                via: Via::Tap,
                claim: None,
            },
        );
        assert_eq!(
            found(&desk, FlagKind::OutOfLimits).len(),
            usize::from(out),
            "{value}"
        );
    }
}

#[test]
fn outcome_signature_feedback_and_not_applicable_are_told() {
    let mut desk = arrived("13:52");
    assert!(found(&desk, FlagKind::NotCompleted).is_empty());
    let feedback = |grade: &str| Feedback {
        answers: [("satisfaction".to_owned(), grade.to_owned())]
            .into_iter()
            .collect(),
        words: Some("花瓶打碎了".to_owned()),
    };
    desk.write(
        VISIT,
        &VisitEvent::FeedbackGiven {
            feedback: feedback("bad"),
        },
    );
    let signature = CustomerSignature {
        outcome: SignOutcome::Refused,
        signer: "林女士".to_owned(),
        relation: Relation::Customer,
        ink: None,
        reason: Some("不满意".to_owned()),
        callback: Some("13800001234".to_owned()),
        lang: Lang::Zh,
        digest: String::new(),
    };
    desk.write(VISIT, &VisitEvent::CustomerSigned { signature });
    let reason = "没有这个设备".to_owned();
    let answers = vec![doorstep_domain::visit::events::ItemAnswer {
        item: "verified".to_owned(),
        answer: Answer::NotApplicable { reason },
    }];
    desk.write(
        VISIT,
        &VisitEvent::ItemsAnswered {
            answers,
            via: Via::Tap,
            claim: None,
        },
    );
    let outcome = Outcome::Suspended {
        reason: "管道不通".to_owned(),
        next_step: "报物业".to_owned(),
        call_back_by: Some(at("17:30")),
        not_ours: true,
    };
    let digest = String::new();
    desk.write(
        VISIT,
        &VisitEvent::Submitted {
            n: 1,
            outcome,
            digest,
        },
    );
    let title = |kind| found(&desk, kind).pop().unwrap().title;
    assert_eq!(title(FlagKind::Dissatisfied), "客户评价：不满意");
    assert_eq!(title(FlagKind::Signature), "拒签");
    assert_eq!(title(FlagKind::NotApplicable), "1 项选了不适用");
    assert_eq!(title(FlagKind::NotCompleted), "未完工，挂起");
    let row = summary(&sight(&desk)).unwrap();
    assert_eq!(
        row.flags.len(),
        flags(&sight(&desk), &[], &[]).len(),
        "the queue counts what the submission lists"
    );
    assert!(row.complaint && row.dissatisfied);
    assert_eq!(row.rating.unwrap().zh, "不满意");
    assert_eq!(
        (row.arrival_min, row.call_back),
        (Some(-8), Some(at("17:30")))
    );
    assert!(row.search.contains("13800001234") && row.search.contains("周建国"));
}

#[test]
fn a_photo_elsewhere_is_shown_with_both_sides() {
    let mut desk = arrived("13:52");
    desk.write(
        VISIT,
        &VisitEvent::MilestoneReached {
            milestone: Milestone::Entered,
            claim: None,
        },
    );
    desk.photo(PhotoTarget::Paper);
    let photo = desk.visit.photos.first().unwrap().value.clone();
    let like = |sha: &str, percent| Candidate {
        photo: photo.id.clone(),
        like: PhotoLike {
            visit: "visit/0388".to_owned(),
            short_no: "0388".to_owned(),
            technician: technician(),
            photo: sha.to_owned(),
            at: at("11:12"),
            percent,
        },
    };
    let both = [like(&photo.sha256, 100), like("other", 96)];
    let all = flags(&sight(&desk), &both, &["second_visit".to_owned()]);
    let kinds: Vec<FlagKind> = all.iter().map(|f| f.kind).collect();
    for kind in [
        FlagKind::PhotoReused,
        FlagKind::PhotoAlike,
        FlagKind::HubAttention,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    let alike = all.iter().find(|f| f.kind == FlagKind::PhotoAlike).unwrap();
    assert_eq!(alike.title, "纸单：与 0388 相似 96 %");
    assert!(alike.detail.starts_with("同一师傅"), "{}", alike.detail);
}

#[test]
fn only_what_differs_is_a_change() {
    let mut desk = arrived("13:52");
    desk.write(VISIT, &tapped(&["badge-shown"], Via::Tap, None));
    let before = desk.visit.clone();
    assert_eq!(changes(&before, &sight(&desk)), []);
    desk.photo(PhotoTarget::Paper);
    let row = device("48DB2A7C1907");
    desk.write(
        VISIT,
        &VisitEvent::RowPut {
            row_id: "row-1".to_owned(),
            row,
        },
    );
    desk.write(
        VISIT,
        &VisitEvent::ItemCleared {
            item: "badge-shown".to_owned(),
        },
    );
    let told = changes(&before, &sight(&desk));
    let lines: Vec<_> = told
        .iter()
        .map(|c| (c.before.is_some(), c.after.is_some()))
        .collect();
    assert_eq!(
        lines,
        [(true, false), (false, true), (false, true)],
        "{told:?}"
    );
    assert!(told[1].after.as_ref().unwrap().contains("48DB2A7C1907"));
}
