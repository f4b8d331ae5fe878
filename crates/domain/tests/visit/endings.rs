//! Visits that end otherwise: nobody home, unfinished, returned.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::progress::MissingCode;
use doorstep_domain::visit::view::DeadlineKind;
use doorstep_domain::visit::*;

fn nobody_home() -> Command {
    Command::NobodyHome {
        cause: Cause::Customer,
        contact: "13800005555".to_owned(),
        person: "周建国".to_owned(),
        note: None,
    }
}

fn at_the_door() -> Desk {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.check_kits();
    desk.clock("13:20");
    desk.reach(Milestone::Departed);
    desk.refuses(nobody_home(), Code::MilestoneOrder);
    desk.clock("13:52");
    desk.reach(Milestone::AtDoor);
    desk
}

#[test]
fn nobody_home_takes_a_closed_door_an_unanswered_call_and_a_note() {
    let mut desk = at_the_door();
    desk.refuses(nobody_home(), Code::CallFirst);
    desk.call(CallPurpose::AtDoor, CallResult::Answered);
    desk.refuses(nobody_home(), Code::CallFirst);
    desk.clock("14:03");
    desk.call(CallPurpose::AtDoor, CallResult::NoAnswer);
    desk.clock("14:10");
    desk.act(nobody_home());
    let note = desk.view().nobody_home.unwrap();
    assert_eq!(
        (note.arrived_at, note.leaving_at),
        (at("13:52"), at("14:10"))
    );
    assert_eq!(desk.view().stage, VisitStage::NobodyHome);
    desk.refuses(reach(Milestone::Entered), Code::VisitNotOpen);
    assert_eq!(
        desk.missing(),
        [(MissingCode::LeaveNotePhoto, String::new())]
    );
    desk.refuses(Command::Submit, Code::SubmissionBlocked);
    desk.photo(PhotoTarget::LeaveNote);
    desk.act(Command::Submit);
    let view = desk.view();
    assert_eq!(view.submissions[0].outcome, Outcome::NobodyHome);
    assert!(!view.delivery_pending, "nobody is there to take a copy");
}

#[test]
fn the_door_opens_after_all() {
    let mut desk = at_the_door();
    desk.call(CallPurpose::AtDoor, CallResult::NoAnswer);
    desk.act(nobody_home());
    desk.act(Command::Undo);
    desk.tick_phase("door");
    desk.reach(Milestone::Entered);
    desk.call(CallPurpose::AtDoor, CallResult::NoAnswer);
    desk.refuses(nobody_home(), Code::MilestoneRecorded);
}

#[test]
fn a_call_before_the_arrival_proves_nothing_and_one_after_a_late_entry_does() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.check_kits();
    desk.reach(Milestone::Departed);
    desk.clock("13:40");
    desk.call(CallPurpose::BeforeLeaving, CallResult::NoAnswer);
    desk.clock("13:58");
    desk.call(CallPurpose::AtDoor, CallResult::NoAnswer);
    desk.clock("14:01");
    let claim = |hm: &str| Command::Reach {
        milestone: Milestone::AtDoor,
        claim: Some(Claim {
            at: at(hm),
            reason: "忘了点".to_owned(),
        }),
    };
    desk.act(claim("13:59"));
    desk.refuses(nobody_home(), Code::CallFirst);
    desk.act(Command::Undo);
    desk.act(claim("13:52"));
    desk.act(nobody_home());
}

fn suspended() -> Outcome {
    Outcome::Suspended {
        reason: "光功率不达标，待查".to_owned(),
        next_step: "外线班周一查，师傅周二再来".to_owned(),
        call_back_by: Some(at("18:00")),
        not_ours: true,
    }
}

#[test]
fn unfinished_work_ends_with_a_next_step_and_the_customer_s_acknowledgement() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.go_inside();
    desk.act(reading("optical", "after", "-31", Some("线路衰耗大，已报")));
    let mut without = suspended();
    if let Outcome::Suspended { next_step, .. } = &mut without {
        next_step.clear();
    }
    desk.refuses(
        Command::SetOutcome { outcome: without },
        Code::NextStepMissing,
    );
    desk.act(Command::SetOutcome {
        outcome: suspended(),
    });
    let shown = desk.view().attested;
    assert_eq!(shown.unfinished.as_deref(), Some("光功率不达标，待查"));
    assert_eq!(
        shown.next_step.as_deref(),
        Some("外线班周一查，师傅周二再来")
    );
    assert_eq!(
        desk.missing_items(),
        ["customer-signature", "technician-signature"],
        "no finished checklist is asked of an unfinished visit"
    );
    let deadlines = desk.view().deadlines;
    let call_back = deadlines.iter().find(|d| d.kind == DeadlineKind::CallBack);
    assert_eq!(call_back.map(|d| d.at), Some(at("18:00")));
    desk.hand_over();
    desk.refuses(
        Command::SetOutcome {
            outcome: Outcome::Completed,
        },
        Code::SignedContent,
    );
    desk.try_technician_sign().unwrap();
    desk.act(Command::Submit);
    let row = doorstep_domain::rows::StreamState::Visit(Box::new(desk.visit.clone())).row();
    let Some(doorstep_domain::rows::Row::Visit(row)) = row else {
        panic!("{row:?}");
    };
    assert_eq!(row.outcome, Some(OutcomeKind::Suspended));
    assert_eq!(row.outcome_reason.as_deref(), Some("光功率不达标，待查"));
}

#[test]
fn an_order_goes_back_without_anybody_going_in() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.call(CallPurpose::Appointment, CallResult::Answered);
    let returned = |reason: &str| Command::SetOutcome {
        outcome: Outcome::Returned {
            reason: reason.to_owned(),
        },
    };
    desk.refuses(returned(" "), Code::ReasonMissing);
    desk.act(returned("客户不要了"));
    assert_eq!(desk.missing_items(), ["technician-signature"]);
    desk.try_technician_sign().unwrap();
    desk.act(Command::Submit);
    assert_eq!(
        desk.view().submissions[0].outcome.kind(),
        OutcomeKind::Returned
    );
}

#[test]
fn nobody_home_is_not_an_outcome_to_choose() {
    let mut desk = at_the_door();
    desk.refuses(
        Command::SetOutcome {
            outcome: Outcome::NobodyHome,
        },
        Code::BadRequest,
    );
}

#[test]
fn a_chosen_outcome_can_be_taken_back() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.go_inside();
    let before = desk.missing();
    desk.act(Command::SetOutcome {
        outcome: suspended(),
    });
    assert_ne!(desk.missing(), before);
    desk.act(Command::SetOutcome {
        outcome: Outcome::Completed,
    });
    assert_eq!(desk.missing(), before);
}
