//! Promises and deadlines as the screens show them, on both sides of each figure.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::time::Moment;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::view::{ArrivalView, DeadlineKind, DeadlineView, Nearness};
use doorstep_domain::visit::*;

fn arrival(pack: LoadedPack, downstairs: Option<&str>, door: &str) -> ArrivalView {
    let mut desk = Desk::new(pack, JobType::Install);
    desk.appoint("14:00");
    desk.check_kits();
    desk.reach(Milestone::Departed);
    if let Some(hm) = downstairs {
        desk.clock(hm);
        desk.reach(Milestone::Downstairs);
    }
    desk.clock(door);
    desk.reach(Milestone::AtDoor);
    desk.view().arrival.unwrap()
}

#[test]
fn china_mobile_s_window_is_five_to_ten_minutes_early() {
    for (door, early, kept) in [
        ("13:49", 11, false),
        ("13:50", 10, true),
        ("13:55", 5, true),
        ("13:56", 4, false),
        ("14:01", -1, false),
    ] {
        let seen = arrival(mobile(), None, door);
        assert_eq!(
            (seen.minutes_early, seen.kept),
            (early, kept),
            "at the door {door}"
        );
        assert_eq!((seen.least_early, seen.most_early), (Some(5), Some(10)));
    }
    assert!(
        arrival(mobile(), Some("13:30"), "13:52").kept,
        "waiting downstairs is no breach"
    );
    assert!(
        !arrival(mobile(), Some("13:30"), "13:58").kept,
        "but it does not excuse ringing late"
    );
}

#[test]
fn the_fourteen_steps_ask_to_be_on_time() {
    for (door, kept) in [("13:20", true), ("14:00", true), ("14:01", false)] {
        assert_eq!(
            arrival(telecom(), None, door).kept,
            kept,
            "at the door {door}"
        );
    }
}

fn change(hm: &str, told: &str) -> Command {
    Command::ChangeAppointment {
        start: at(hm),
        end: None,
        proposed_by: Proposer::Technician,
        note: None,
        reason: "上一单没做完".to_owned(),
        cause: Cause::Ours,
        notified_at: at(told),
    }
}

#[test]
fn a_change_keeps_its_notice_or_says_that_it_did_not() {
    for (pack, told, minutes, kept) in [
        (mobile(), "12:00", 120, true),
        (mobile(), "12:01", 119, false),
        (telecom(), "13:59", 1, true),
        (telecom(), "14:00", 0, false),
    ] {
        let mut desk = Desk::new(pack, JobType::Install);
        desk.appoint("14:00");
        desk.clock(told);
        desk.act(change("16:00", told));
        let view = desk.view();
        let seen = view.appointment.unwrap();
        assert_eq!(
            (seen.start, seen.notice_minutes, seen.notice_kept),
            (at("16:00"), Some(minutes), Some(kept))
        );
        assert_eq!(seen.change.unwrap().was, at("14:00"));
        assert_eq!(
            view.appointment_history.len(),
            1,
            "the first time stays in the history"
        );
    }
}

#[test]
fn an_agreed_time_is_changed_only_by_saying_why() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    let again = Command::AgreeAppointment {
        start: at("16:00"),
        end: None,
        proposed_by: Proposer::Customer,
        note: None,
    };
    desk.refuses(again, Code::ReasonMissing);
    let mute = |mut command: Command| {
        if let Command::ChangeAppointment { reason, .. } = &mut command {
            reason.clear();
        }
        command
    };
    desk.refuses(mute(change("16:00", "09:00")), Code::ReasonMissing);
    desk.refuses(change("16:00", "10:00"), Code::TimeImplausible);
}

#[test]
fn an_impossible_time_is_refused() {
    let agree = |start, end| Command::AgreeAppointment {
        start,
        end,
        proposed_by: Proposer::Customer,
        note: None,
    };
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.refuses(agree(at("14:00"), Some(at("14:00"))), Code::WindowReversed);
    let day = 24 * 60;
    for far in [-day - 1, 366 * day + 1] {
        desk.refuses(
            agree(desk.now.plus_minutes(far), None),
            Code::TimeImplausible,
        );
    }
    for ms in [i64::MIN, i64::MAX] {
        let never = Moment {
            ms,
            offset_min: 480,
        };
        desk.refuses(agree(never, None), Code::TimeImplausible);
    }
    desk.act(agree(desk.now.plus_minutes(366 * day), None));
}

fn deadline(desk: &Desk, kind: DeadlineKind) -> Option<DeadlineView> {
    desk.view().deadlines.into_iter().find(|d| d.kind == kind)
}

#[test]
fn deadlines_are_shown_before_they_pass_and_leave_when_kept() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    let first = deadline(&desk, DeadlineKind::FirstContact).unwrap();
    assert_eq!((first.at, first.minutes_left), (at("14:00"), 300));
    desk.appoint("14:00");
    assert_eq!(deadline(&desk, DeadlineKind::FirstContact), None);
    for (hm, nearness) in [
        ("10:59", Nearness::Ahead),
        ("11:00", Nearness::Soon),
        ("12:00", Nearness::Soon),
        ("12:01", Nearness::Passed),
    ] {
        desk.clock(hm);
        let notice = deadline(&desk, DeadlineKind::ChangeNotice).unwrap();
        assert_eq!(
            (notice.at, notice.nearness),
            (at("12:00"), nearness),
            "{hm}"
        );
        assert_eq!(notice.clauses, ["S37-14"]);
    }
    let arrive = deadline(&desk, DeadlineKind::Arrive).unwrap();
    assert_eq!((arrive.from, arrive.at), (Some(at("13:50")), at("13:55")));
    desk.check_kits();
    desk.reach(Milestone::Departed);
    desk.reach(Milestone::Downstairs);
    for kept in [DeadlineKind::ChangeNotice, DeadlineKind::Arrive] {
        assert_eq!(deadline(&desk, kept), None, "{kept:?} is over downstairs");
    }
    assert_eq!(
        deadline(&desk, DeadlineKind::Completion).map(|d| d.at),
        Some(at("23:00"))
    );
}

#[test]
fn a_slot_counts_to_its_end() {
    let mut desk = Desk::new(telecom(), JobType::Install);
    desk.call(CallPurpose::Appointment, CallResult::Answered);
    desk.act(Command::AgreeAppointment {
        start: at("14:00"),
        end: Some(at("16:00")),
        proposed_by: Proposer::Customer,
        note: Some("老人午睡，请轻敲门".to_owned()),
    });
    assert_eq!(
        deadline(&desk, DeadlineKind::Arrive).map(|d| d.at),
        Some(at("16:00"))
    );
    desk.check_kits();
    desk.reach(Milestone::Departed);
    desk.clock("15:59");
    desk.reach(Milestone::AtDoor);
    assert!(desk.view().arrival.unwrap().kept);
}
