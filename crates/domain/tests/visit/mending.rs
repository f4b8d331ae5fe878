//! 退回补资料: what may be mended, when the customer is asked again, and what stays as it was.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::event::{Content, Sealed};
use doorstep_domain::review::Verdict;
use doorstep_domain::standard::Milestone;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::decide::check_technician_signature;
use doorstep_domain::visit::mend::{Life, as_submitted};
use doorstep_domain::visit::progress::MissingCode;
use doorstep_domain::visit::*;

const BLURRY: &[(&str, &str)] = &[("optical", "照片看不清")];

/// Submitted at 15:00 and sent back at 16:00.
fn sent_back(reasons: &[(&str, &str)]) -> (Desk, String) {
    let (mut desk, row) = Desk::repaired();
    desk.clock("16:00");
    desk.judge(Verdict::Returned, reasons);
    (desk, row)
}

fn contents(desk: &Desk) -> Vec<Content> {
    let all = desk
        .log
        .iter()
        .map(|t| Sealed::parse(t.clone()).unwrap().content);
    all.filter(|c| c.stream == VISIT).collect()
}

fn missing(desk: &Desk) -> Vec<MissingCode> {
    desk.view().missing.iter().map(|m| m.code).collect()
}

#[test]
fn a_submitted_visit_stays_closed_until_it_is_sent_back() {
    let (mut desk, _) = Desk::repaired();
    assert_eq!(desk.on(|g| g.life()), Life::Submitted);
    desk.refuses(tick("demo"), Code::VisitSubmitted);
    desk.refuses(Command::Submit, Code::VisitSubmitted);
    let photo = desk.try_photo(PhotoTarget::Paper).map_err(|r| r.code);
    assert_eq!(photo, Err(Code::VisitSubmitted));
    assert_eq!(desk.view().review, None);

    desk.judge(Verdict::Returned, BLURRY);
    let review = desk.view().review.unwrap();
    assert_eq!(
        (
            review.submission,
            review.verdict,
            review.customer_signs_again
        ),
        (1, Verdict::Returned, false)
    );
    assert_eq!(
        (
            review.reasons[0].title.as_str(),
            review.reasons[0].reason.as_str()
        ),
        ("光功率", "照片看不清")
    );
    assert_eq!(
        missing(&desk),
        [MissingCode::TechnicianSignature],
        "one signs for what one mended"
    );
    assert!(!desk.item("optical").frozen);
}

#[test]
fn a_new_photo_disturbs_no_customer() {
    let (mut desk, _) = sent_back(BLURRY);
    let blurry = desk.visit.photos[0].value.id.clone();
    desk.act(Command::RemovePhoto { photo: blurry });
    desk.photo_of("optical");
    assert_eq!(missing(&desk), [MissingCode::TechnicianSignature]);
    assert!(desk.view().customer_signature.is_some());
    desk.refuses(Command::StartHandover, Code::AlreadySigned);
    desk.refuses(Command::Submit, Code::SubmissionBlocked);
    desk.try_technician_sign().unwrap();
    desk.act(Command::Submit);
    let view = desk.view();
    let ns: Vec<u32> = view.submissions.iter().map(|s| s.n).collect();
    assert_eq!((ns, view.review), (vec![1, 2], None));
    let signed = |n: usize| desk.visit.submissions[n].signature.clone();
    assert_eq!(
        signed(0),
        signed(1),
        "the signature of the first submission covers both"
    );
    desk.refuses(tick("demo"), Code::VisitSubmitted);

    desk.judge(Verdict::Approved, &[]);
    assert_eq!(desk.on(|g| g.life()), Life::Approved);
    desk.refuses(tick("demo"), Code::AlreadyApproved);
    desk.refuses(Command::Submit, Code::AlreadyApproved);
    let photo = desk.try_photo(PhotoTarget::Paper).map_err(|r| r.code);
    assert_eq!(photo, Err(Code::AlreadyApproved));
}

#[test]
fn a_photo_taken_away_is_missing_before_it_is_submitted_again() {
    let (mut desk, _) = sent_back(BLURRY);
    let blurry = desk.visit.photos[0].value.id.clone();
    desk.act(Command::RemovePhoto { photo: blurry });
    assert!(missing(&desk).contains(&MissingCode::Photos));
    desk.refuses(Command::Submit, Code::SubmissionBlocked);
}

#[test]
fn a_wrong_sn_asks_the_customer_again() {
    let (mut desk, row) = sent_back(&[("devices", "SN 和标签不一致")]);
    let right = |sn: &str| Command::PutRow {
        row_id: Some(row.clone()),
        row: device(sn),
    };
    desk.act(right("ZTE0002"));
    let view = desk.view();
    assert!(view.review.unwrap().customer_signs_again && view.customer_signature.is_none());
    assert_eq!(
        missing(&desk),
        [
            MissingCode::CustomerSignature,
            MissingCode::TechnicianSignature
        ]
    );
    let first = desk.on(|g| check_technician_signature(g, &ink()));
    assert_eq!(first.map_err(|r| r.code), Err(Code::CustomerFirst));

    // the old number again: what was signed is what stands
    desk.act(right("ZTE0001"));
    assert_eq!(missing(&desk), [MissingCode::TechnicianSignature]);
    assert!(!desk.view().review.unwrap().customer_signs_again);
    desk.act(Command::Undo);
    assert!(desk.view().review.unwrap().customer_signs_again);

    desk.act(Command::StartHandover);
    desk.refuses(right("ZTE0003"), Code::InHandover);
    let survey = desk.loaded.pack.survey.iter();
    let answers = survey.map(|q| (q.id.clone(), "bad".to_owned())).collect();
    let again = Feedback {
        answers,
        words: None,
    };
    desk.refuses(
        Command::GiveFeedback { feedback: again },
        Code::FeedbackSealed,
    );
    desk.sign(SignOutcome::Signed);
    desk.act(Command::EndHandover);
    assert_eq!(missing(&desk), [MissingCode::TechnicianSignature]);
    assert!(!desk.view().review.unwrap().customer_signs_again);
    desk.try_technician_sign().unwrap();
    desk.act(Command::Submit);
    let signed = |n: usize| desk.visit.submissions[n].signature.clone().unwrap();
    assert_ne!(signed(0), signed(1));
}

#[test]
fn what_was_signed_again_and_changed_again_is_signed_a_third_time() {
    let (mut desk, row) = sent_back(&[("devices", "SN 不对")]);
    let put = |sn: &str| Command::PutRow {
        row_id: Some(row.clone()),
        row: device(sn),
    };
    desk.act(put("ZTE0002"));
    desk.act(Command::StartHandover);
    desk.sign(SignOutcome::Signed);
    desk.act(Command::EndHandover);
    desk.try_technician_sign().unwrap();
    for sn in ["ZTE0003", "ZTE0001"] {
        desk.act(put(sn));
        assert_eq!(
            missing(&desk),
            [
                MissingCode::CustomerSignature,
                MissingCode::TechnicianSignature
            ],
            "{sn} is not what was signed last"
        );
    }
    desk.act(put("ZTE0002"));
    assert_eq!(missing(&desk), [], "both signatures cover it");
}

#[test]
fn a_new_address_from_the_office_is_no_change_of_the_technician_s() {
    let (mut desk, _) = sent_back(BLURRY);
    let mut order = work_order(&desk.loaded, doorstep_domain::standard::JobType::Repair);
    order.address = "翠湖花园 8 幢".to_owned();
    desk.write(
        ORDER,
        &doorstep_domain::order::OrderEvent::Updated { order },
    );
    desk.photo_of("optical");
    assert_eq!(missing(&desk), [MissingCode::TechnicianSignature]);
}

#[test]
fn only_what_a_review_sends_back_may_be_mended() {
    let (mut desk, _) = sent_back(BLURRY);
    let call = Call {
        purpose: CallPurpose::Other,
        result: CallResult::Answered,
        note: None,
    };
    for command in [
        reach(Milestone::Left),
        Command::SetOutcome {
            outcome: Outcome::Returned {
                reason: "地址不对".to_owned(),
            },
        },
        Command::AddCompanion {
            staff_no: "3110".to_owned(),
            name: "沈一帆".to_owned(),
        },
        Command::ReopenSignature {
            reason: "再签一次".to_owned(),
        },
    ] {
        desk.refuses(command, Code::MendingOnly);
    }
    desk.act(Command::LogCall { call });
    desk.act(reading("speed", "down", "951", None));
    desk.act(text("fault", "皮线在门框处折断，换了一段"));
    desk.fact("moved", true);
    desk.act(Command::Undo);
    desk.photo(PhotoTarget::Paper);
}

#[test]
fn nothing_mended_is_not_submitted_again_and_what_cannot_be_mended_says_why() {
    let (mut desk, _) = Desk::repaired();
    let cannot = || Command::CannotMend {
        reason: "客户已搬走，进不了门".to_owned(),
    };
    desk.refuses(cannot(), Code::VisitSubmitted);
    desk.judge(Verdict::Returned, BLURRY);
    desk.try_technician_sign().unwrap();
    desk.refuses(Command::Submit, Code::NothingMended);
    let wordless = Command::CannotMend {
        reason: " ".to_owned(),
    };
    desk.refuses(wordless, Code::ReasonMissing);
    desk.act(cannot());
    desk.act(Command::Submit);
    let said: Vec<_> = desk
        .visit
        .submissions
        .iter()
        .map(|s| &s.cannot_mend)
        .collect();
    assert_eq!(said, [&None, &Some("客户已搬走，进不了门".to_owned())]);
    assert_eq!(
        desk.visit.cannot_mend, None,
        "said for that submission only"
    );
    desk.judge(Verdict::Approved, &[("optical", "无法补救，接受")]);
    let fresh = Desk::new(mobile(), doorstep_domain::standard::JobType::Repair);
    let early = fresh.on(|g| doorstep_domain::visit::decide::decide(g, &cannot(), "id"));
    assert_eq!(early.map_err(|r| r.code), Err(Code::NotSentBack));
}

#[test]
fn earlier_submissions_stay_as_they_were() {
    let (mut desk, row) = Desk::repaired();
    let first = desk.visit.clone();
    desk.judge(Verdict::Returned, &[("devices", "SN 不对")]);
    desk.act(Command::PutRow {
        row_id: Some(row),
        row: device("ZTE0002"),
    });
    assert_eq!(as_submitted(&contents(&desk), 1), Some(first.clone()));
    assert_eq!(
        desk.visit.handed_in().rows(),
        first.rows(),
        "the ticket of a submission does not follow the mending"
    );
    assert_eq!(as_submitted(&contents(&desk), 2), None);
    desk.hand_again();
    assert_eq!(as_submitted(&contents(&desk), 1), Some(first));
    assert_eq!(
        as_submitted(&contents(&desk), 2).as_ref(),
        Some(&desk.visit)
    );
}

#[test]
fn a_verdict_in_the_middle_of_mending_shows_what_was_judged() {
    let (mut desk, row) = sent_back(&[("devices", "SN 不对")]);
    let before = desk.view();
    desk.act(Command::PutRow {
        row_id: Some(row),
        row: device("ZTE0002"),
    });
    assert_ne!(desk.view().devices, before.devices);
    desk.judge(Verdict::Approved, &[("devices", "标签已核对，无法补救")]);
    let view = desk.view();
    assert_eq!(
        view.devices, before.devices,
        "the approved one, not the half mended one"
    );
    assert!(view.customer_signature.is_some() && view.technician_signed_at.is_some());
    assert_eq!((view.undo, view.missing.len()), (None, 0));
    desk.refuses(Command::Undo, Code::AlreadyApproved);
}

#[test]
fn a_customer_who_signs_again_gets_a_new_copy() {
    let (mut desk, row) = Desk::repaired();
    let delivery = Delivery {
        how: DeliveryHow::Printed,
        note: None,
    };
    desk.act(Command::RecordDelivery { delivery });
    desk.judge(Verdict::Returned, &[("devices", "SN 不对")]);
    assert!(!desk.view().delivery_pending);
    desk.act(Command::PutRow {
        row_id: Some(row),
        row: device("ZTE0002"),
    });
    desk.hand_again();
    assert!(desk.view().delivery_pending);
}

#[test]
fn the_tablet_comes_back_when_the_verdict_changes_in_the_customer_s_hands() {
    let (mut desk, row) = sent_back(&[("devices", "SN 不对")]);
    desk.act(Command::PutRow {
        row_id: Some(row),
        row: device("ZTE0002"),
    });
    desk.act(Command::StartHandover);
    desk.judge(Verdict::Rework, &[("devices", "要换设备")]);
    let request = desk.request(SignOutcome::Signed);
    let signed = desk.try_sign(&request).map_err(|r| r.code);
    assert_eq!(signed, Err(Code::VisitSubmitted));
    assert!(desk.view().in_handover);
    desk.act(Command::EndHandover);
    assert!(!desk.view().in_handover);
}

impl Desk {
    /// The customer signs again, then the technician, and it is submitted.
    #[track_caller]
    fn hand_again(&mut self) {
        self.act(Command::StartHandover);
        self.sign(SignOutcome::Signed);
        self.act(Command::EndHandover);
        self.try_technician_sign().unwrap();
        self.act(Command::Submit);
    }
}
