//! 补录 of a departure and of the kit check it rests on.

use doorstep_app::dto::TemporaryOrder;
use doorstep_domain::code::Code;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::time::Moment;
use doorstep_domain::visit::Claim;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::progress::ItemStatus;
use doorstep_domain::visit::view::{ItemView, KitView};
use doorstep_stories::{Desk, at, code, events, reach};

fn dead_battery(at: Moment) -> Claim {
    Claim {
        at,
        reason: "平板没电".to_owned(),
    }
}

fn left(at: Moment) -> Command {
    Command::Reach {
        milestone: Milestone::Departed,
        claim: Some(dead_battery(at)),
    }
}

fn all(kit: &KitView) -> Vec<String> {
    kit.members.iter().map(|m| m.id.clone()).collect()
}

/// Every kit complete, as it stands on paper.
fn kits_from_paper(desk: &Desk, visit: &str, at: Moment) -> Vec<KitView> {
    let mut seen = Vec::new();
    for kit in desk.view(visit).kits {
        let claim = dead_battery(at);
        seen = desk
            .app
            .check_kit_late(&kit.pack, &kit.kit, &all(&kit), &[], None, claim)
            .unwrap();
    }
    seen
}

fn kit_row(desk: &Desk, visit: &str) -> ItemView {
    let phases = desk.view(visit).phases;
    let found = phases.into_iter().flat_map(|p| p.items);
    found.into_iter().find(|i| i.id == "kit-five-ones").unwrap()
}

#[test]
fn a_day_on_paper_is_entered_on_the_next_one_with_its_own_kit_check() {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    let today = at("18:00");
    let yesterday = |hm| at(hm).plus_minutes(-24 * 60);
    desk.clock.set(today);
    // today's kits are of no use to yesterday's departure
    desk.check_kits(&visit);
    let recorded = events(&desk.app);
    assert_eq!(
        code(desk.app.act(&visit, &left(yesterday("13:20")))),
        Code::KitNotChecked
    );
    assert_eq!(events(&desk.app), recorded);
    let seen = kits_from_paper(&desk, &visit, yesterday("08:10"));
    assert!(
        seen.iter()
            .all(|k| k.settled && k.checked_at == Some(yesterday("08:10")))
    );
    let shown = desk.app.act(&visit, &left(yesterday("13:20"))).unwrap();
    assert_eq!(
        shown,
        desk.view(&visit),
        "the answer is what a fresh look shows"
    );
    let row = kit_row(&desk, &visit);
    assert_eq!(
        (row.status, row.at, row.late.map(|c| c.reason)),
        (
            ItemStatus::Done,
            Some(yesterday("08:10")),
            Some("平板没电".to_owned())
        )
    );
    desk.act(&visit, [Command::Undo]);
    assert_eq!(
        desk.view(&visit).kits[0].checked_at,
        Some(today),
        "before a departure it is today's kits again"
    );
}

#[test]
fn a_paper_check_says_when_and_why_and_lies_in_the_past() {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    let kit = desk.view(&visit).kits.remove(0);
    let try_claim = |claim: Claim| {
        code(
            desk.app
                .check_kit_late(&kit.pack, &kit.kit, &all(&kit), &[], None, claim),
        )
    };
    let mute = Claim {
        reason: " ".to_owned(),
        ..dead_battery(at("08:10"))
    };
    assert_eq!(try_claim(mute), Code::ReasonMissing);
    assert_eq!(try_claim(dead_battery(at("10:00"))), Code::TimeImplausible);
    let (missing, present) = (all(&kit)[..1].to_vec(), all(&kit)[1..].to_vec());
    let gone = desk.app.check_kit_late(
        &kit.pack,
        &kit.kit,
        &present,
        &missing,
        None,
        dead_battery(at("08:10")),
    );
    assert_eq!(code(gone), Code::KitReasonMissing);
    assert_eq!(
        code(desk.app.act(&visit, &reach(Milestone::Departed))),
        Code::KitNotChecked
    );
}

#[test]
fn two_temporary_orders_of_one_second_have_two_numbers() {
    let desk = Desk::at_work();
    let new = |customer: &str| {
        let order = TemporaryOrder {
            customer: customer.to_owned(),
            phone: "13800001234".to_owned(),
            address: "翠湖花园 7 幢 1203".to_owned(),
            job: JobType::Repair,
            standard: "cmcc-broadband".to_owned(),
            service: String::new(),
            start: at("14:00"),
            note: None,
        };
        let stream = desk.app.new_temporary_order(&order).unwrap();
        desk.app.order_detail(&stream).unwrap().card.no
    };
    let numbers = ["林女士", "吴先生", "韩女士"].map(new);
    assert_eq!(
        numbers,
        [
            "L20261122-090000",
            "L20261122-090000.2",
            "L20261122-090000.3"
        ]
    );
}
