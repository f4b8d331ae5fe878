//! 中国移动 新装, from the first call to the ticket.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::day::DayEvent;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::progress::{ItemStatus, MissingCode};
use doorstep_domain::visit::*;

fn fibre(quantity: &str) -> RowData {
    RowData::Materials {
        name: "皮线".to_owned(),
        quantity: quantity.parse().unwrap(),
        unit: "m".to_owned(),
    }
}

#[test]
fn an_install_shrinks_the_list_of_what_is_missing_to_nothing() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    let mut left = desk.missing().len();
    assert!(
        left >= 25,
        "a fresh visit misses every required row: {left}"
    );
    let mut less = |desk: &Desk, what: &str| {
        let now = desk.missing().len();
        assert!(now < left, "{what} took nothing off the list: {now}");
        left = now;
    };
    desk.go_inside();
    less(&desk, "going inside");
    desk.tick("form-shown");
    desk.tick("mat-laid");
    less(&desk, "the form and the mat");
    desk.act(Command::DeclareNoFees { none: true });
    less(&desk, "本次未收费");
    desk.photo_of("cabling");
    less(&desk, "the cabling's photo");
    let row = desk.device("ZTEG1A2B3C4D");
    assert_eq!(desk.item("devices").status, ItemStatus::Partial);
    assert!(
        desk.missing()
            .contains(&(MissingCode::Photos, "devices".to_owned()))
    );
    desk.photo(PhotoTarget::Row { row });
    less(&desk, "the device and its label");
    desk.act(put(fibre("28")));
    less(&desk, "the materials");
    desk.act(reading("optical", "after", "-21.6", None));
    desk.photo_of("optical");
    less(&desk, "the optical power");
    desk.act(reading("speed", "down", "942.5", None));
    desk.photo_of("speed");
    less(&desk, "the speed");
    desk.tick("demo");
    desk.tick_phase("cleanup");
    desk.fact("damage", false);
    less(&desk, "demonstration and cleanup");
    desk.tick_phase("teach");
    less(&desk, "the explanation");
    desk.refuses(Command::Submit, Code::SubmissionBlocked);
    desk.hand_over();
    less(&desk, "feedback and signature");
    assert_eq!(
        desk.missing(),
        [(
            MissingCode::TechnicianSignature,
            "technician-signature".to_owned()
        )]
    );
    desk.try_technician_sign().unwrap();
    assert_eq!(desk.missing(), []);
    let digest = desk.visit.digest.clone();
    desk.act(Command::Submit);
    let view = desk.view();
    assert_eq!(
        (view.stage, view.required_done),
        (VisitStage::Submitted, view.required_total)
    );
    assert_eq!(
        view.submissions[0].digest, digest,
        "it covers every event before it"
    );
    assert!(view.delivery_pending && !view.attested.done.is_empty());
    desk.refuses(tick("demo"), Code::VisitSubmitted);
    desk.refuses(Command::Undo, Code::VisitSubmitted);
    let delivery = |how| Command::RecordDelivery {
        delivery: Delivery { how, note: None },
    };
    desk.act(delivery(DeliveryHow::Pending));
    assert!(desk.view().delivery_pending, "待交付 stays visible");
    desk.act(delivery(DeliveryHow::Printed));
    assert!(!desk.view().delivery_pending);
}

#[test]
fn what_must_come_first_is_enforced_and_named() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.check_kits();
    desk.refuses(reach(Milestone::AtDoor), Code::MilestoneOrder);
    desk.reach(Milestone::Departed);
    desk.refuses(reach(Milestone::Departed), Code::MilestoneRecorded);
    desk.reach(Milestone::AtDoor);
    let early = desk.refused(tick("consent"));
    assert_eq!(early.code, Code::ItemTooEarly);
    assert_eq!(early.params["id"], "badge-shown");
    assert_eq!(early.params["item"], "出示带「中国移动」标志的工号牌");
    desk.tick("badge-shown");
    desk.tick("consent");
    let door = desk.refused(reach(Milestone::Entered));
    assert_eq!(
        (door.code, door.params["id"].as_str()),
        (Code::ItemTooEarly, "covers-on")
    );
    desk.refuses(tick("form-shown"), Code::NotEntered);
    desk.refuses(put(device("A1")), Code::NotEntered);
    desk.tick("covers-on");
    desk.reach(Milestone::Entered);
    desk.refuses(tick("mat-laid"), Code::ItemTooEarly);
    desk.refuses(tick("fault"), Code::ItemNotActive);
    desk.refuses(tick("no-such-row"), Code::ItemUnknown);
    desk.refuses(tick("optical"), Code::AnswerMismatch);
    assert_eq!(
        desk.item("mat-laid").blocked_by.as_deref(),
        Some(desk.item("form-shown").text.as_str())
    );
    desk.tick("form-shown");
    assert_eq!(desk.item("mat-laid").blocked_by, None);
    desk.tick("mat-laid");
}

#[test]
fn a_whole_step_ticks_only_what_needs_nothing_else_and_says_so() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.go_inside();
    desk.fact("moved", true);
    desk.tick_phase("work");
    for ticked in ["form-shown", "mat-laid", "moved-consent"] {
        assert_eq!(desk.item(ticked).status, ItemStatus::Done, "{ticked}");
    }
    for open in ["fees", "cabling", "devices", "materials"] {
        assert_eq!(desk.item(open).status, ItemStatus::Open, "{open}");
    }
    let last: serde_json::Value = serde_json::from_str(desk.log.last().unwrap()).unwrap();
    assert_eq!(
        last["body"]["via"], "whole_step",
        "the lead sees how it was ticked"
    );
    desk.refuses(
        Command::TickPhase {
            phase: "work".to_owned(),
        },
        Code::ItemNotActive,
    );
}

#[test]
fn an_incomplete_kit_goes_out_only_with_a_reason() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    let unchecked = desk.refused(reach(Milestone::Departed));
    assert_eq!(
        (unchecked.code, unchecked.params["kit"].as_str()),
        (Code::KitNotChecked, "五个一")
    );
    desk.check_kits();
    let rest: Vec<String> = ["shoe-covers", "mat", "rag", "record-form"]
        .map(str::to_owned)
        .to_vec();
    let gone = vec!["rubbish-bag".to_owned()];
    desk.check_kit("five-ones", rest.clone(), gone.clone(), None);
    desk.refuses(reach(Milestone::Departed), Code::KitReasonMissing);
    desk.check_kit("five-ones", rest, gone, Some("站里缺货"));
    let kit = desk
        .view()
        .kits
        .into_iter()
        .find(|k| k.kit == "five-ones")
        .unwrap();
    assert_eq!(kit.reason.as_deref(), Some("站里缺货"));
    let named: Vec<_> = kit
        .members
        .iter()
        .filter(|m| m.present == Some(false))
        .collect();
    assert_eq!(
        named.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
        ["一个垃圾袋"]
    );
    desk.reach(Milestone::Departed);
}

fn left_at(hm: &str) -> Command {
    Command::Reach {
        milestone: Milestone::Departed,
        claim: Some(dead_battery(hm)),
    }
}

fn dead_battery(hm: &str) -> Claim {
    Claim {
        at: at(hm),
        reason: "平板没电".to_owned(),
    }
}

/// Every kit complete, as it stands on the paper of that morning.
fn kits_from_paper(desk: &mut Desk, hm: &str) {
    for kit in desk.loaded.pack.kits.clone() {
        let present = kit.members.iter().map(|m| m.id.clone()).collect();
        desk.check_kit_late(&kit.id, present, Vec::new(), None, Some(dead_battery(hm)));
    }
}

#[test]
fn a_departure_entered_later_rests_on_the_kits_of_that_day_too() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.clock("18:00");
    desk.refuses(left_at("13:20"), Code::KitNotChecked);
    kits_from_paper(&mut desk, "08:10");
    desk.act(left_at("13:20"));
    let kit = desk.item("kit-five-ones");
    assert_eq!(
        (kit.status, kit.at),
        (ItemStatus::Done, Some(at("08:10"))),
        "the stated time"
    );
    assert_eq!(kit.late.unwrap().reason, "平板没电");
}

#[test]
fn a_kit_that_was_never_checked_stays_missing_until_it_is() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.clock("18:00");
    // as versions before this one wrote it: gone without a check
    let claim = Some(dead_battery("13:20"));
    let milestone = Milestone::Departed;
    desk.write(VISIT, &VisitEvent::MilestoneReached { milestone, claim });
    let kit = (MissingCode::Kit, "kit-five-ones".to_owned());
    assert_eq!(desk.item("kit-five-ones").status, ItemStatus::Open);
    assert!(desk.missing().contains(&kit));
    desk.check_kits();
    let seen = desk.item("kit-five-ones");
    assert_eq!(
        (seen.status, seen.at, seen.late),
        (ItemStatus::Done, Some(at("18:00")), None)
    );
    assert!(!desk.missing().contains(&kit));
}

#[test]
fn the_check_that_let_the_technician_leave_stands_whatever_the_day_brings() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.check_kits();
    desk.clock("13:20");
    desk.reach(Milestone::Departed);
    let used = DayEvent::KitUsed {
        pack: desk.loaded.pack.id.clone(),
        kit: "five-ones".to_owned(),
        members: vec!["shoe-covers".to_owned()],
        visit: "visit/another".to_owned(),
    };
    desk.write(DAY, &used);
    assert_eq!(desk.item("kit-five-ones").status, ItemStatus::Done);
    desk.clock("15:00");
    desk.check_kits();
    assert_eq!(
        desk.item("kit-five-ones").at,
        Some(at("09:00")),
        "the check at three is another visit's"
    );
}

#[test]
fn somebody_comes_along_and_stands_on_the_visit() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    let add = |staff_no: &str, name: &str| Command::AddCompanion {
        staff_no: staff_no.to_owned(),
        name: name.to_owned(),
    };
    desk.act(add(" 3110 ", "沈一帆"));
    desk.refuses(add("3110", "沈一帆"), Code::CompanionInvalid);
    desk.refuses(add("3107", "周建国"), Code::CompanionInvalid);
    desk.refuses(add("", "无名"), Code::CompanionInvalid);
    assert_eq!(desk.view().companions[0].staff_no, "3110");
    desk.act(Command::RemoveCompanion {
        staff_no: "3110".to_owned(),
    });
    assert!(desk.view().companions.is_empty());
}

#[test]
fn the_call_screen_s_opening_is_logged_and_everything_else_is_masked() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.act(Command::RevealPhone);
    assert!(desk.log.last().unwrap().contains("phone.revealed"));
    let shown = serde_json::to_string(&desk.view()).unwrap();
    assert!(shown.contains("138****1234") && !shown.contains("13800001234"));
}
