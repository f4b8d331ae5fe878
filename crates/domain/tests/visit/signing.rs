//! Hand-over, feedback, and every way a signature can end.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::standard::JobType;
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::decide::check_technician_signature;
use doorstep_domain::visit::progress::MissingCode;
use doorstep_domain::visit::*;
use std::collections::BTreeMap;

/// Inside, fees settled: the customer may sign.
fn settled() -> Desk {
    let mut desk = Desk::new(mobile(), JobType::Repair);
    desk.go_inside();
    desk.act(Command::DeclareNoFees { none: true });
    desk
}

#[track_caller]
fn unsigned(desk: &mut Desk, request: &SignRequest, code: Code) {
    let before = desk.visit.clone();
    assert_eq!(desk.try_sign(request).map_err(|r| r.code), Err(code));
    assert_eq!(desk.visit, before);
}

#[test]
fn a_signature_is_written_in_the_customer_s_hands() {
    let mut desk = settled();
    let request = desk.request(SignOutcome::Signed);
    unsigned(&mut desk, &request, Code::NotInHandover);
    desk.act(Command::StartHandover);
    for strokes in [None, Some(dots()), Some(dot())] {
        let empty = SignRequest {
            strokes,
            ..request.clone()
        };
        unsigned(&mut desk, &empty, Code::InkEmpty);
    }
    let nameless = SignRequest {
        signer: " ".to_owned(),
        ..request.clone()
    };
    unsigned(&mut desk, &nameless, Code::SignerMissing);
    desk.sign(SignOutcome::Signed);
    unsigned(&mut desk, &request, Code::AlreadySigned);
    let signed = desk.view().customer_signature.unwrap();
    assert_eq!(
        (signed.signer.as_str(), signed.relation),
        ("林女士", Relation::Customer)
    );
    assert_eq!(
        signed.digest,
        desk.view().attested.digest(),
        "it binds what was shown"
    );
}

/// One point.
fn dot() -> Strokes {
    let mut strokes = ink();
    strokes.strokes[0].truncate(1);
    strokes
}

/// Points enough, but all in one place.
fn dots() -> Strokes {
    let mut strokes = ink();
    strokes.strokes[0].iter_mut().for_each(|p| p.x = 10.0);
    strokes
}

#[test]
fn the_screen_must_have_shown_what_is_recorded() {
    let mut desk = settled();
    let old = desk.request(SignOutcome::Refused);
    desk.act(put(device("ZTE1")));
    unsigned(&mut desk, &old, Code::ContentStale);
    desk.sign(SignOutcome::Refused);
}

#[test]
fn somebody_signs_for_the_customer_with_a_reason_and_a_number() {
    let mut desk = settled();
    desk.act(Command::StartHandover);
    let proxy = SignRequest {
        signer: "林小宝".to_owned(),
        relation: Relation::Family,
        ..desk.request(SignOutcome::Proxy)
    };
    let none = SignRequest {
        reason: None,
        ..proxy.clone()
    };
    unsigned(&mut desk, &none, Code::ReasonMissing);
    for callback in [None, Some("无".to_owned()), Some("1380".to_owned())] {
        let mute = SignRequest {
            callback,
            ..proxy.clone()
        };
        unsigned(&mut desk, &mute, Code::CallbackMissing);
    }
    let endless = SignRequest {
        callback: Some("1".repeat(70_000)),
        ..proxy.clone()
    };
    unsigned(&mut desk, &endless, Code::TextTooLong);
    let dry = SignRequest {
        strokes: None,
        ..proxy.clone()
    };
    unsigned(&mut desk, &dry, Code::InkEmpty);
    desk.try_sign(&proxy).unwrap();
    let seen = desk.view().customer_signature.unwrap();
    assert_eq!(
        (seen.outcome, seen.relation),
        (SignOutcome::Proxy, Relation::Family)
    );
}

#[test]
fn a_fingerprint_needs_its_photo_or_a_stroke() {
    let mut desk = settled();
    desk.act(Command::StartHandover);
    let mark = desk.request(SignOutcome::Mark);
    unsigned(&mut desk, &mark, Code::MarkPhotoMissing);
    let elsewhere = PhotoTarget::Item {
        item: "optical".to_owned(),
    };
    assert_eq!(
        desk.try_photo(elsewhere).map_err(|r| r.code),
        Err(Code::InHandover)
    );
    desk.photo(PhotoTarget::Mark);
    desk.try_sign(&mark).unwrap();
    let mut drawn = settled();
    let cross = SignRequest {
        strokes: Some(ink()),
        ..drawn.request(SignOutcome::Mark)
    };
    drawn.try_sign(&cross).unwrap();
}

#[test]
fn refusing_or_being_unable_to_sign_never_blocks_a_submission() {
    for outcome in [SignOutcome::Refused, SignOutcome::Cannot] {
        let mut desk = settled();
        let request = desk.request(outcome);
        let mute = SignRequest {
            reason: Some("  ".to_owned()),
            ..request.clone()
        };
        unsigned(&mut desk, &mute, Code::ReasonMissing);
        desk.try_sign(&request).unwrap();
        let left = desk.missing();
        assert!(!left.contains(&(
            MissingCode::CustomerSignature,
            "customer-signature".to_owned()
        )));
        assert!(
            !left.contains(&(MissingCode::Feedback, "feedback".to_owned())),
            "who does not sign is not pressed for feedback: {outcome:?}"
        );
        desk.act(Command::SetFact {
            fact: "damage".to_owned(),
            value: true,
        });
        assert!(desk.missing_items().contains(&"damage-photo".to_owned()));
    }
}

#[test]
fn the_one_who_refuses_need_not_be_named() {
    let mut desk = settled();
    let nameless = SignRequest {
        signer: String::new(),
        ..desk.request(SignOutcome::Cannot)
    };
    unsigned(&mut desk, &nameless, Code::SignerMissing);
    let refused = SignRequest {
        signer: String::new(),
        ..desk.request(SignOutcome::Refused)
    };
    desk.try_sign(&refused).unwrap();
}

#[test]
fn while_the_customer_holds_the_tablet_only_the_customer_acts() {
    let mut desk = settled();
    desk.refuses(Command::EndHandover, Code::NotInHandover);
    desk.refuses(
        Command::GiveFeedback {
            feedback: feedback(&desk, "good"),
        },
        Code::NotInHandover,
    );
    desk.act(Command::StartHandover);
    for command in [
        tick("form-shown"),
        put(device("A1")),
        Command::Undo,
        Command::RevealPhone,
        Command::SetOutcome {
            outcome: Outcome::Completed,
        },
        Command::StartHandover,
        Command::Submit,
    ] {
        desk.refuses(command, Code::InHandover);
    }
    let technician = desk.on(|g| check_technician_signature(g, &ink()));
    assert_eq!(technician.map_err(|r| r.code), Err(Code::InHandover));
    desk.act(Command::EndHandover);
    desk.tick("form-shown");
}

fn feedback(desk: &Desk, option: &str) -> Feedback {
    let survey = desk.loaded.pack.survey.iter();
    Feedback {
        answers: survey.map(|q| (q.id.clone(), option.to_owned())).collect(),
        words: Some("脚印没擦".to_owned()),
    }
}

#[test]
fn feedback_is_complete_given_once_and_out_of_the_technician_s_sight() {
    let mut desk = settled();
    desk.act(Command::StartHandover);
    let bad = feedback(&desk, "bad");
    let mut short = bad.clone();
    short.answers.pop_last();
    desk.refuses(
        Command::GiveFeedback { feedback: short },
        Code::FeedbackIncomplete,
    );
    let mut odd = bad.clone();
    odd.answers
        .insert("operation".to_owned(), "splendid".to_owned());
    desk.refuses(
        Command::GiveFeedback { feedback: odd },
        Code::FeedbackIncomplete,
    );
    let mut extra = bad.clone();
    extra.answers.insert("tip".to_owned(), "good".to_owned());
    desk.refuses(
        Command::GiveFeedback { feedback: extra },
        Code::FeedbackIncomplete,
    );
    desk.act(Command::GiveFeedback { feedback: bad });
    let better = feedback(&desk, "good");
    desk.refuses(
        Command::GiveFeedback { feedback: better },
        Code::FeedbackSealed,
    );
    desk.act(Command::EndHandover);
    let screen = serde_json::to_string(&desk.view()).unwrap();
    assert!(desk.view().feedback_sealed && !screen.contains("脚印没擦"));
    desk.act(Command::Undo);
    assert!(desk.view().feedback_sealed, "撤销 does not reach it");
}

#[test]
fn nothing_happens_in_a_visit_that_was_never_opened() {
    let mut desk = settled();
    desk.visit = doorstep_domain::visit::state::VisitState::default();
    desk.refuses(Command::Undo, Code::VisitNotOpen);
    let values = BTreeMap::new();
    desk.refuses(
        answer("optical", Answer::Reading { values }),
        Code::VisitNotOpen,
    );
}
