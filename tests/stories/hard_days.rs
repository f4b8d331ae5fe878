//! Days that go wrong, through the company's server: an empty battery in the mountains, a fault that a colleague has to finish,
//! a tablet that was copied.

use doorstep_app::dto::RowAction;
use doorstep_domain::code::Code;
use doorstep_domain::desk::FlagKind;
use doorstep_domain::standard::Milestone;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::events::ItemAnswer;
use doorstep_domain::visit::progress::ItemStatus;
use doorstep_domain::visit::view::EvidenceView;
use doorstep_domain::visit::{
    Answer, Claim, OutcomeKind, PhotoTarget, ReadingValue, Relation, SignOutcome, VisitStage,
};
use doorstep_stories::{
    Clock, Desk, Ear, Office, PHOTO, agree, answer, at, code, device, ink, open_queue, reach,
    reading, suspended,
};
use std::collections::BTreeMap;

fn office() -> Office {
    let clock = Clock::default();
    clock.hm("07:30");
    Office::open(&clock)
}

fn dead_battery(hm: &str) -> Claim {
    Claim {
        at: at(hm),
        reason: "平板没电".to_owned(),
    }
}

fn late_answer(item: &str, answer: Answer, hm: &str) -> Command {
    let item = ItemAnswer {
        item: item.to_owned(),
        answer,
    };
    Command::Answer {
        item,
        claim: Some(dead_battery(hm)),
    }
}

fn late_reading(item: &str, slot: &str, value: &str, hm: &str) -> Command {
    let value = ReadingValue {
        value: value.parse().unwrap(),
        reason: None,
    };
    let values = BTreeMap::from([(slot.to_owned(), value)]);
    late_answer(item, Answer::Reading { values }, hm)
}

fn late_reach(milestone: Milestone, hm: &str) -> Command {
    Command::Reach {
        milestone,
        claim: Some(dead_battery(hm)),
    }
}

/// The way of a visit whose time was agreed before.
fn go(desk: &Desk, visit: &str, [left, door, inside]: [&str; 3]) {
    desk.clock.hm(left);
    desk.act(
        visit,
        [answer("dressed", Answer::Tick), reach(Milestone::Departed)],
    );
    desk.clock.hm(door);
    let phase = "door".to_owned();
    desk.act(
        visit,
        [reach(Milestone::AtDoor), Command::TickPhase { phase }],
    );
    desk.clock.hm(inside);
    desk.act(visit, [reach(Milestone::Entered)]);
}

/// The plain rows that can be ticked now; one may open the next.
fn tick_from_paper(desk: &Desk, visit: &str, hm: &str) {
    let next = |desk: &Desk| {
        let mut items = desk.view(visit).phases.into_iter().flat_map(|p| p.items);
        items.find(|i| {
            let plain = i.status == ItemStatus::Open && i.evidence == EvidenceView::Tick;
            plain && i.blocked_by.is_none() && !i.frozen
        })
    };
    while let Some(item) = next(desk) {
        desk.act(visit, [late_answer(&item.id, Answer::Tick, hm)]);
    }
}

/// Everything that the paper says was done at this time, the plain rows too.
fn from_paper(desk: &Desk, visit: &str, hm: &str) {
    tick_from_paper(desk, visit, hm);
    let text = "接头进水，重新熔接".to_owned();
    desk.act(
        visit,
        [
            Command::DeclareNoFees { none: true },
            late_answer("fault", Answer::Text { text }, hm),
            late_answer("devices-changed", Answer::Tick, hm),
            late_answer("materials", Answer::Tick, hm),
            late_reading("optical", "after", "-22.4", hm),
            late_reading("speed", "down", "940", hm),
            Command::SetFact {
                fact: "damage".to_owned(),
                value: false,
            },
        ],
    );
    desk.photo(visit, "optical");
    desk.photo(visit, "speed");
    tick_from_paper(desk, visit, hm);
    desk.app
        .add_photo(visit, &PhotoTarget::Paper, PHOTO)
        .unwrap();
}

/// The customer signed on the paper, and is not here now: no name is put into anybody's mouth.
fn hand_in_from_paper(desk: &Desk, visit: &str, left: &str) {
    desk.act(visit, [late_reach(Milestone::Left, left)]);
    let request = SignRequest {
        outcome: SignOutcome::Cannot,
        signer: "林女士".to_owned(),
        relation: Relation::Customer,
        strokes: None,
        reason: Some("平板没电，签在纸单上".to_owned()),
        callback: Some("13800001234".to_owned()),
        digest: desk.view(visit).attested.digest(),
    };
    desk.app.customer_sign(visit, &request).unwrap();
    desk.app.technician_sign(visit, &ink()).unwrap();
    desk.act(visit, [Command::Submit]);
    assert_eq!(desk.view(visit).stage, VisitStage::Submitted);
}

#[test]
fn three_visits_in_the_mountains_of_which_one_and_a_half_are_on_paper() {
    let mut office = office();
    for (no, customer) in [("0412", "林女士"), ("0413", "何女士"), ("0414", "石大爷")] {
        office.give_out(&format!("20261122-{no}"), customer, "3107");
    }
    let (desk, ear) = Desk::enrolled(&office, "3107");
    desk.clock.hm("08:00");
    let orders = desk.orders(&ear, 3);
    let visits: Vec<String> = orders
        .iter()
        .map(|o| desk.app.open_visit(o).unwrap().visit)
        .collect();
    for (visit, time) in visits.iter().zip(["10:00", "14:00", "17:00"]) {
        desk.act(visit, agree(time));
    }
    desk.check_kits(&visits[0]);
    // beyond the last village there is no network
    office.stop();

    go(&desk, &visits[0], ["09:20", "09:52", "09:54"]);
    desk.repair(&visits[0]);
    desk.clock.hm("10:40");
    desk.finish(&visits[0]);
    desk.clock.hm("13:00");
    desk.check_kits(&visits[1]);
    go(&desk, &visits[1], ["13:10", "13:53", "13:55"]);
    desk.act(&visits[1], [answer("form-shown", Answer::Tick)]);
    desk.photo(&visits[1], "optical");
    let before = desk.view(&visits[1]);

    let desk = desk.battery_dies();
    desk.clock.set(at("12:00").plus_minutes(24 * 60));
    desk.app.boot().unwrap();
    assert_eq!(
        desk.view(&visits[1]).phases,
        before.phases,
        "nothing is lost"
    );
    from_paper(&desk, &visits[1], "14:40");
    hand_in_from_paper(&desk, &visits[1], "14:50");

    let third = &visits[2];
    for kit in desk.view(third).kits {
        let all: Vec<String> = kit.members.iter().map(|m| m.id.clone()).collect();
        let claim = dead_battery("15:55");
        desk.app
            .check_kit_late(&kit.pack, &kit.kit, &all, &[], None, claim)
            .unwrap();
    }
    desk.act(
        third,
        [
            late_answer("dressed", Answer::Tick, "15:58"),
            late_reach(Milestone::Departed, "16:00"),
            late_reach(Milestone::AtDoor, "16:52"),
        ],
    );
    let at_the_door = [
        "badge-shown",
        "introduced",
        "verified",
        "consent",
        "covers-on",
    ];
    desk.act(
        third,
        at_the_door.map(|item| late_answer(item, Answer::Tick, "16:54")),
    );
    desk.act(third, [late_reach(Milestone::Entered, "16:55")]);
    from_paper(&desk, third, "17:30");
    hand_in_from_paper(&desk, third, "17:40");

    office.start();
    let ear = Ear::on(&desk.app);
    desk.hand_in(&ear);

    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    lead.clock.set(at("17:00").plus_minutes(24 * 60));
    let rows = lead.waiting_on_desk(&lead_ear, 3);
    let of = |visit: &String| rows.iter().find(|r| r.visit == *visit).unwrap();
    for visit in &visits {
        let shown = lead.read(visit, 1);
        assert_eq!(
            of(visit).flags as usize,
            shown.flags.len(),
            "the queue counts what is listed"
        );
    }
    let late = |visit: &String| {
        let flags = lead.read(visit, 1).flags;
        flags.into_iter().find(|f| f.kind == FlagKind::LateEntry)
    };
    assert_eq!(
        late(&visits[0]),
        None,
        "the first was entered as it was done"
    );
    for (visit, stated) in [(&visits[1], "称 14:40"), (third, "称 16:00")] {
        let flag = late(visit).expect("补录");
        let both = flag.detail.contains(stated) && flag.detail.contains("2026-11-23 12:00");
        assert!(both && flag.detail.contains("平板没电"), "{flag:?}");
        assert!(flag.detail.contains("纸单照片 1 张"), "{flag:?}");
        let signed = lead.read(visit, 1).flags.into_iter();
        let signed: Vec<String> = signed
            .filter(|f| f.kind == FlagKind::Signature)
            .map(|f| f.detail)
            .collect();
        assert_eq!(
            signed,
            ["林女士 · 平板没电，签在纸单上 · 请回访 13800001234"]
        );
    }
    // the stated times count for the standard, whatever day it was typed
    assert_eq!(of(third).arrival_min, Some(-8));
    office.stop();
}

#[test]
fn a_colleague_finishes_at_minus_31_dbm_and_the_lead_reads_both() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (first, first_ear) = Desk::enrolled(&office, "3107");
    let order = first.orders(&first_ear, 1).remove(0);
    let begun = first.app.open_visit(&order).unwrap().visit;
    first.go_inside(&begun);
    first.act(
        &begun,
        [
            answer("form-shown", Answer::Tick),
            device("ZTE0001"),
            reading("optical", "after", "-31", Some("线路衰耗大，已报")),
            suspended(),
        ],
    );
    first.finish(&begun);
    first.hand_in(&first_ear);

    office.assign("20261122-0412", "3108");
    let (second, second_ear) = Desk::enrolled(&office, "3108");
    second.clock.hm("15:30");
    assert_eq!(second.orders(&second_ear, 1), [order.clone()]);
    second_ear.until("the first visit is here", || second.app.visit(&begun).ok());
    let row = second.today().rows.remove(0);
    assert_eq!(
        (row.outcome, row.action),
        (Some(OutcomeKind::Suspended), RowAction::Revisit)
    );
    let own = second.app.open_visit(&order).unwrap();
    let found = &own.prior[0];
    assert_eq!(
        (found.visit.as_str(), found.devices.len()),
        (begun.as_str(), 1)
    );
    let readings = format!("{:?}", found.readings);
    assert!(
        readings.contains("31") && readings.contains("dBm"),
        "{readings}"
    );
    second.go_inside(&own.visit);
    second.repair(&own.visit);
    second.finish(&own.visit);
    second.hand_in(&second_ear);

    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    lead.clock.hm("17:00");
    let rows = lead.waiting_on_desk(&lead_ear, 2);
    let mut who: Vec<_> = rows
        .iter()
        .map(|r| (r.technician.name.as_str(), r.outcome, r.visit.as_str()))
        .collect();
    who.sort_by_key(|(_, _, visit)| *visit != begun);
    assert_eq!(
        who,
        [
            ("周建国", OutcomeKind::Suspended, begun.as_str()),
            ("李志强", OutcomeKind::Completed, own.visit.as_str()),
        ]
    );
    let flags = lead.read(&begun, 1).flags;
    let weak = flags.iter().find(|f| f.kind == FlagKind::OutOfLimits);
    assert_eq!(weak.unwrap().title, "光功率 −31 dBm");
    let kinds = lead.read(&own.visit, 1).flags;
    assert!(kinds.iter().all(|f| f.kind != FlagKind::OutOfLimits));
    office.stop();
}

/// The minute after midnight is another day, whatever tablet it is.
fn tomorrow(moment: Moment) -> Moment {
    moment.plus_minutes(24 * 60)
}

#[test]
fn a_copied_tablet_goes_on_with_the_kits_that_were_checked_before() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let order = desk.orders(&ear, 1).remove(0);
    let visit = desk.app.open_visit(&order).unwrap().visit;
    desk.check_kits(&visit);
    desk.hand_in(&ear);
    let copy = desk.cloned();
    // the original writes on, so that the copy is found to be one
    desk.act(&visit, agree("14:00"));
    desk.hand_in(&ear);
    drop(desk);

    copy.clock.run();
    copy.app.boot().unwrap();
    let copy_ear = Ear::on(&copy.app);
    copy.act(&visit, [answer("dressed", Answer::Tick)]);
    copy.hand_in(&copy_ear);
    assert!(
        copy.view(&visit).appointment.is_some(),
        "the server's events came back"
    );
    assert!(copy.view(&visit).kits.iter().all(|k| k.settled));
    copy.clock.hm("13:20");
    copy.act(&visit, [reach(Milestone::Departed)]);
    copy.clock.hm("13:52");
    let phase = "door".to_owned();
    copy.act(
        &visit,
        [
            reach(Milestone::AtDoor),
            Command::TickPhase { phase },
            reach(Milestone::Entered),
        ],
    );
    copy.repair(&visit);
    copy.finish(&visit);
    copy.hand_in(&copy_ear);

    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    lead.clock.hm("17:00");
    lead.waiting_on_desk(&lead_ear, 1);
    let kits = lead.read(&visit, 1).flags;
    assert!(
        kits.iter().all(|f| f.kind != FlagKind::KitMissing),
        "the lead finds the check beside the visit: {kits:?}"
    );

    // what was used up is asked again, and so is everything on another day
    office.give_out("20261122-0413", "何女士", "3107");
    let next = copy
        .orders(&copy_ear, 2)
        .into_iter()
        .find(|o| *o != order)
        .unwrap();
    let next = copy.app.open_visit(&next).unwrap();
    let used = next.kits.iter().flat_map(|k| &k.members).filter(|m| m.used);
    assert_eq!(used.count(), 2, "shoe covers and bag");
    assert_eq!(
        code(copy.app.act(&next.visit, &reach(Milestone::Departed))),
        Code::KitNotChecked
    );
    copy.clock.set(tomorrow(at("08:00")));
    assert!(
        copy.view(&next.visit)
            .kits
            .iter()
            .all(|k| k.checked_at.is_none())
    );
    office.stop();
}

#[test]
fn the_desk_counts_the_technicians_whom_its_day_lists() {
    let mut office = office();
    for (no, staff) in [("0412", "3107"), ("0413", "3107"), ("0414", "3108")] {
        office.give_out(&format!("20261122-{no}"), "林女士", staff);
    }
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 2);
    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    let awaited = |lead: &Desk| {
        let counted = lead.app.desk(&open_queue()).unwrap().counts.not_received;
        let listed = lead.app.desk_day().unwrap().not_received.len();
        assert_eq!(counted as usize, listed);
        counted
    };
    lead.clock.hm("14:01");
    lead_ear.until("the orders are here", || {
        (awaited(&lead) == 2).then_some(())
    });
    lead.clock.hm("14:00");
    assert_eq!(awaited(&lead), 0, "their time has not passed");

    for (order, in_hand) in orders.iter().zip([1, 2]) {
        let visit = desk.app.open_visit(order).unwrap().visit;
        desk.go_inside(&visit);
        desk.repair(&visit);
        desk.finish(&visit);
        desk.hand_in(&ear);
        lead.clock.hm("14:01");
        lead.waiting_on_desk(&lead_ear, in_hand);
        let left = [2, 1][in_hand - 1];
        assert_eq!(awaited(&lead), left, "{in_hand} of 3107's two are in");
    }
    lead.clock.set(tomorrow(at("14:01")));
    assert_eq!(awaited(&lead), 0, "another day");
    office.stop();
}
