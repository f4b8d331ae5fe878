//! Rules of time beside arrival and notice, on both sides of every figure: before the time a deadline, after it a breach
//! with its clause in the timeline and at the desk.

use crate::common::*;
use doorstep_domain::desk::{FlagKind, Sight, Tone, flags, timeline};
use doorstep_domain::standard::{
    CallAheadRule, JobType, Milestone, MissedRule, NoticeRule, ServiceHoursRule,
};
use doorstep_domain::text::Lang;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::view::{DeadlineKind, Nearness};
use doorstep_domain::visit::*;

fn minutes(minutes: i64, clause: &str) -> Option<NoticeRule> {
    let clauses = vec![clause.to_owned()];
    Some(NoticeRule { minutes, clauses })
}

/// 中国移动 with every rule of this file; the order came at 09:00.
fn desk() -> Desk {
    let mut loaded = mobile();
    let rules = &mut loaded.pack.rules;
    rules.first_contact = minutes(30, "S07-01");
    rules.progress = minutes(1440, "S54-06");
    rules.call_ahead = Some(CallAheadRule {
        earliest: 15,
        latest: 10,
        jobs: vec![JobType::Install],
        clauses: vec!["S22-26".to_owned()],
    });
    rules.missed = Some(MissedRule {
        most: 1,
        clauses: vec!["S48-04".to_owned()],
    });
    rules.service_hours = Some(ServiceHoursRule {
        from: "09:00".to_owned(),
        to: "18:00".to_owned(),
        weekdays_only: false,
        clauses: vec!["S32-02".to_owned()],
    });
    Desk::new(loaded, JobType::Install)
}

fn sight(desk: &Desk, missed_before: u32) -> Sight<'_> {
    Sight {
        visit: &desk.visit,
        order: &desk.order,
        pack: Some(&desk.loaded.pack),
        day: Some(&desk.day),
        missed_before,
        lang: Lang::Zh,
    }
}

/// Broken rules: title and clause; each stands in the timeline too.
fn broken(desk: &Desk, missed_before: u32) -> Vec<(String, String)> {
    let sight = sight(desk, missed_before);
    let found = flags(&sight, &[], &[]).into_iter();
    let found: Vec<(String, String)> = found
        .filter(|f| f.kind == FlagKind::RuleBroken)
        .map(|f| (f.title, f.clause.unwrap()))
        .collect();
    for (title, _) in &found {
        let lines = timeline(&sight, &[]);
        let line = lines.iter().find(|l| l.words == *title).unwrap();
        assert_eq!(line.tone, Tone::Breach);
    }
    found
}

fn deadline(desk: &Desk, kind: DeadlineKind) -> Option<(String, Nearness)> {
    let all = desk.view().deadlines.into_iter();
    all.filter(|d| d.kind == kind)
        .map(|d| (d.at.hm(), d.nearness))
        .next_back()
}

#[test]
fn the_first_contact_has_its_time() {
    let contact = |hm: &str| {
        let mut desk = desk();
        desk.clock(hm);
        desk.call(CallPurpose::Appointment, CallResult::NoAnswer);
        broken(&desk, 0)
    };
    assert!(contact("09:30").is_empty(), "just in time, reached or not");
    let late = ("首次联系晚了 1 分钟".to_owned(), "S07-01".to_owned());
    assert_eq!(contact("09:31"), [late]);
    let mut desk = desk();
    let kind = DeadlineKind::FirstContact;
    assert_eq!(
        deadline(&desk, kind),
        Some(("09:30".to_owned(), Nearness::Soon))
    );
    desk.clock("09:31");
    assert_eq!(
        deadline(&desk, kind),
        Some(("09:30".to_owned(), Nearness::Passed))
    );
}

#[test]
fn the_customer_is_called_ten_to_fifteen_minutes_before() {
    let called = |hm: &str, job: JobType| {
        let mut desk = match job {
            JobType::Install => desk(),
            other => Desk::new(desk().loaded, other),
        };
        desk.appoint("14:00");
        desk.check_kits();
        desk.clock("13:20");
        desk.tick("dressed");
        desk.reach(Milestone::Departed);
        desk.clock(hm);
        desk.call(CallPurpose::Other, CallResult::Answered);
        desk.clock("13:52");
        desk.reach(Milestone::AtDoor);
        broken(&desk, 0)
    };
    let missed = [("上门前没有按时打电话".to_owned(), "S22-26".to_owned())];
    assert_eq!(called("13:44", JobType::Install), missed);
    assert!(called("13:45", JobType::Install).is_empty());
    assert!(called("13:50", JobType::Install).is_empty());
    assert_eq!(called("13:51", JobType::Install), missed);
    assert!(
        called("13:30", JobType::Repair).is_empty(),
        "the rule names installs"
    );
    let mut desk = desk();
    desk.appoint("14:00");
    desk.clock("13:46");
    let due = deadline(&desk, DeadlineKind::CallAhead);
    assert_eq!(due, Some(("13:50".to_owned(), Nearness::Soon)));
    desk.call(CallPurpose::Other, CallResult::Answered);
    assert_eq!(deadline(&desk, DeadlineKind::CallAhead), None, "done");
}

#[test]
fn a_repair_is_left_for_after_a_call_of_that_day() {
    let left = |called: &str, job: JobType| {
        let mut desk = Desk::new(mobile(), job);
        // agreed the day before: that call is none of today's
        desk.now = at("15:00").plus_minutes(-24 * 60);
        desk.appoint("14:00");
        desk.clock("13:00");
        desk.check_kits();
        desk.tick("dressed");
        let early = called <= "13:20";
        if early {
            desk.clock(called);
            desk.call(CallPurpose::Other, CallResult::NoAnswer);
        }
        desk.clock("13:20");
        desk.reach(Milestone::Departed);
        if !early {
            desk.clock(called);
            desk.call(CallPurpose::Other, CallResult::NoAnswer);
        }
        broken(&desk, 0)
    };
    let broke = [("出发前没给客户打电话".to_owned(), "S37-11".to_owned())];
    assert!(left("13:20", JobType::Repair).is_empty());
    assert_eq!(left("13:21", JobType::Repair), broke);
    assert!(left("13:21", JobType::Install).is_empty());
}

#[test]
fn outside_the_hours_of_service_only_at_the_customer_s_wish() {
    let agreed = |hm: &str, proposed_by: Proposer| {
        let mut desk = desk();
        desk.call(CallPurpose::Appointment, CallResult::Answered);
        desk.act(Command::AgreeAppointment {
            start: at(hm),
            end: None,
            proposed_by,
            note: None,
        });
        let outside = desk.view().service_hours.unwrap().outside;
        (outside, broken(&desk, 0).len())
    };
    assert_eq!(agreed("17:59", Proposer::Technician), (false, 0));
    assert_eq!(agreed("18:00", Proposer::Technician), (true, 1));
    assert_eq!(agreed("18:00", Proposer::Dispatch), (true, 1));
    assert_eq!(
        agreed("18:00", Proposer::Customer),
        (true, 0),
        "a reminder, no breach"
    );
}

#[test]
fn never_two_missed_appointments_by_our_fault() {
    let nobody = |cause: Cause, before: u32| {
        let mut desk = desk();
        desk.appoint("14:00");
        desk.check_kits();
        desk.clock("13:46");
        desk.call(CallPurpose::Other, CallResult::Answered);
        desk.tick("dressed");
        desk.reach(Milestone::Departed);
        desk.clock("13:52");
        desk.reach(Milestone::AtDoor);
        desk.call(CallPurpose::AtDoor, CallResult::NoAnswer);
        desk.act(Command::NobodyHome {
            cause,
            contact: "13900000000".to_owned(),
            person: "周建国".to_owned(),
            note: None,
        });
        (desk.view().missed.unwrap().count, broken(&desk, before))
    };
    assert_eq!(
        nobody(Cause::Ours, 0),
        (1, Vec::new()),
        "the first one passes"
    );
    let twice = (
        "对同一客户失约 2 次（我方）".to_owned(),
        "S48-04".to_owned(),
    );
    assert_eq!(nobody(Cause::Ours, 1), (1, vec![twice]));
    assert_eq!(
        nobody(Cause::Customer, 1),
        (0, Vec::new()),
        "the customer's cause does not count"
    );
}

#[test]
fn a_change_told_when_the_time_had_come_is_a_missed_appointment() {
    let told = |hm: &str, cause: Cause| {
        let mut desk = desk();
        desk.appoint("14:00");
        desk.clock("14:30");
        desk.act(Command::ChangeAppointment {
            start: at("17:00"),
            end: None,
            proposed_by: Proposer::Customer,
            note: None,
            reason: "上一单拖延".to_owned(),
            cause,
            notified_at: at(hm),
        });
        desk.view().missed.unwrap().count
    };
    assert_eq!(told("13:59", Cause::Ours), 0);
    assert_eq!(told("14:00", Cause::Ours), 1);
    assert_eq!(told("14:00", Cause::Customer), 0);
}

#[test]
fn an_unfinished_visit_is_told_about_within_a_day() {
    let suspended = || {
        let mut desk = desk();
        desk.act(Command::SetOutcome {
            outcome: Outcome::Suspended {
                reason: "管道不通".to_owned(),
                next_step: "报线路班".to_owned(),
                call_back_by: None,
                not_ours: true,
            },
        });
        desk.try_technician_sign().unwrap();
        desk.clock("10:00");
        desk.act(Command::Submit);
        desk
    };
    let next_day = |ms_later: i64| doorstep_domain::time::Moment {
        ms: at("10:00").ms + 24 * 60 * 60_000 + ms_later,
        ..at("10:00")
    };
    let kind = DeadlineKind::Progress;
    let mut desk = suspended();
    assert_eq!(
        deadline(&desk, kind),
        Some(("10:00".to_owned(), Nearness::Ahead))
    );
    desk.now = next_day(1);
    assert_eq!(
        deadline(&desk, kind),
        Some(("10:00".to_owned(), Nearness::Passed))
    );
    let told = |ms: i64, result| {
        let mut desk = suspended();
        desk.now = next_day(ms);
        desk.call(CallPurpose::Other, result);
        let left = deadline(&desk, kind).is_some();
        let found = broken(&desk, 0).into_iter().map(|(title, _)| title);
        let found: Vec<_> = found.filter(|t| t.starts_with("进展")).collect();
        (left, found)
    };
    assert_eq!(
        told(0, CallResult::Answered),
        (false, Vec::new()),
        "just in time"
    );
    let late = vec!["进展晚告知 1 分钟".to_owned()];
    assert_eq!(told(60_000, CallResult::Answered), (false, late));
    assert_eq!(
        told(0, CallResult::NoAnswer),
        (true, Vec::new()),
        "nobody was told"
    );
}
