//! What is known of a customer over all their orders, and of a technician over all their tablets' logs.

use doorstep_app::dto::BootState;
use doorstep_domain::desk::FlagKind;
use doorstep_domain::standard::Milestone;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::view::MissedView;
use doorstep_domain::visit::{Answer, Call, CallPurpose, CallResult, Cause, PhotoTarget};
use doorstep_stories::{Clock, Desk, Ear, Office, PHOTO, agree, answer, at, file, line, reach};
use std::path::Path;

/// The company allows one missed appointment with a customer.
fn edition(root: &Path) {
    let shipped = include_str!("../../assets/standards/cmcc-broadband.toml");
    let text = shipped.replacen("version = 2\n", "version = 99\n", 1);
    let rule = "\n[rules.missed]\nmost = 1\nclauses = []\n";
    std::fs::create_dir_all(root.join("standards")).unwrap();
    std::fs::write(
        root.join("standards/cmcc-broadband.toml"),
        format!("{text}{rule}"),
    )
    .unwrap();
}

/// A visit to a door that stays closed, because we came at another time than agreed or because of the customer.
fn nobody(desk: &Desk, order: &str, opened: &str, cause: Cause) -> String {
    desk.clock.hm(opened);
    let visit = desk.app.open_visit(order).unwrap().visit;
    desk.check_kits(&visit);
    desk.act(&visit, agree("14:00"));
    desk.act(&visit, [answer("dressed", Answer::Tick)]);
    desk.clock.hm("13:20");
    desk.act(&visit, [reach(Milestone::Departed)]);
    desk.clock.hm("13:52");
    let call = Call {
        purpose: CallPurpose::AtDoor,
        result: CallResult::NoAnswer,
        note: None,
    };
    let nobody = Command::NobodyHome {
        cause,
        contact: "13900000000".to_owned(),
        person: "周建国".to_owned(),
        note: None,
    };
    desk.act(
        &visit,
        [reach(Milestone::AtDoor), Command::LogCall { call }, nobody],
    );
    desk.app
        .add_photo(&visit, &PhotoTarget::LeaveNote, PHOTO)
        .unwrap();
    desk.act(&visit, [Command::Submit]);
    visit
}

fn missed(desk: &Desk, order: &str) -> MissedView {
    desk.app.open_visit(order).unwrap().missed.unwrap()
}

#[test]
fn missed_appointments_count_by_the_customer_over_all_orders() {
    let desk = Desk::with(edition);
    desk.app
        .start_real(&doorstep_stories::profile(None))
        .unwrap();
    let row = |no: &str, customer: &str| line(no, customer, "修障", "移动宽带");
    let orders = desk.import(&file(&[
        row("20261122-0412", "林女士"),
        // the same phone, written differently, under another name
        row("20261122-0413", "林女士的先生").replace("13800001234", "138-0000 1234"),
        row("20261122-0414", "吴先生").replace("13800001234", "13700002468"),
        row("20261122-0415", "林女士"),
    ]));
    let most = 1;
    assert_eq!(missed(&desk, &orders[0]), MissedView { count: 0, most });
    nobody(&desk, &orders[3], "09:00", Cause::Customer);
    assert_eq!(
        missed(&desk, &orders[0]),
        MissedView { count: 0, most },
        "the customer's cause does not count"
    );
    nobody(&desk, &orders[0], "09:10", Cause::Ours);
    assert_eq!(
        missed(&desk, &orders[1]),
        MissedView { count: 1, most },
        "the next visit to that customer is warned before a second one"
    );
    assert_eq!(
        missed(&desk, &orders[2]),
        MissedView { count: 0, most },
        "another customer"
    );
    let second = nobody(&desk, &orders[1], "09:20", Cause::Ours);
    assert_eq!(
        desk.view(&second).missed,
        Some(MissedView { count: 2, most }),
        "one too many"
    );
}

#[test]
fn the_lead_sees_the_second_one_as_a_breach_whichever_came_first() {
    let clock = Clock::default();
    clock.hm("08:30");
    let mut office = Office::open(&clock);
    office.give_out("20261122-0412", "林女士", "3107");
    office.give_out("20261122-0413", "林女士", "3107");
    let desk = Desk::with(edition);
    desk.clock.run();
    let ear = Ear::on(&desk.app);
    desk.app.start_enrolled(&office.invitation("3107")).unwrap();
    let orders = desk.orders(&ear, 2);
    let visits: Vec<String> = orders
        .iter()
        .zip(["09:00", "09:10"])
        .map(|(order, opened)| nobody(&desk, order, opened, Cause::Ours))
        .collect();
    desk.hand_in(&ear);

    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    lead.clock.hm("17:00");
    lead.waiting_on_desk(&lead_ear, 2);
    lead_ear.until("the company's edition is here", || {
        lead.app.desk_submission(&visits[0], 1).ok()
    });
    let rows = lead.waiting_on_desk(&lead_ear, 2);
    let broken = |visit: &str| {
        let flags = lead.read(visit, 1).flags.into_iter();
        flags
            .filter(|f| f.kind == FlagKind::RuleBroken)
            .filter(|f| (f.title.clone() + &f.detail).contains("失约"))
            .count()
    };
    assert_eq!((broken(&visits[0]), broken(&visits[1])), (0, 1));
    for row in rows {
        let shown = lead.read(&row.visit, 1);
        let kinds: std::collections::BTreeSet<FlagKind> =
            shown.flags.iter().map(|f| f.kind).collect();
        assert_eq!(row.flags as usize, kinds.len(), "the queue counts the same");
    }
    office.stop();
}

#[test]
fn gear_that_was_recorded_stays_known_when_the_tablet_gets_a_new_log() {
    let clock = Clock::default();
    clock.hm("08:30");
    let mut office = Office::open(&clock);
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let order = desk.orders(&ear, 1).remove(0);
    let visit = desk.app.open_visit(&order).unwrap().visit;
    let pieces = desk.app.gear().unwrap();
    let (helmet, shoes) = (&pieces[0].id, &pieces[1].id);
    desk.app.record_gear(helmet, "2026-05-03").unwrap();
    desk.hand_in(&ear);
    let copy = desk.cloned();
    // the original writes on, so that the copy is found to be one
    desk.app.record_gear(shoes, "2026-10-01").unwrap();
    desk.hand_in(&ear);
    drop(desk);

    copy.clock.run();
    assert_eq!(copy.app.boot().unwrap().state, BootState::Ready);
    let copy_ear = Ear::on(&copy.app);
    copy.act(&visit, agree("14:00"));
    copy.hand_in(&copy_ear);
    let since = |piece: &str| {
        let gear = copy.app.gear().unwrap();
        gear.into_iter().find(|g| g.id == piece).unwrap().since
    };
    assert_eq!(since(helmet).as_deref(), Some("2026-05-03"));
    assert_eq!(
        since(shoes).as_deref(),
        Some("2026-10-01"),
        "the server's events came back"
    );
    copy.clock.set(at("15:00"));
    copy.app.record_gear(helmet, "2026-11-22").unwrap();
    assert_eq!(since(helmet).as_deref(), Some("2026-11-22"), "replaced");
    assert_eq!(since(shoes).as_deref(), Some("2026-10-01"));
    office.stop();
}
