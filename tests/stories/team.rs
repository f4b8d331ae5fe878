//! The lead's window and the team: earlier records, who was heard of, what the server found, standards and pictures that travel,
//! who may judge, and what the technician hears of a changed order.

use doorstep_app::desk::dto::DeskPage;
use doorstep_app::dto::{Dispatch, OwnWork, RowAction};
use doorstep_domain::code::Code;
use doorstep_domain::desk::FlagKind;
use doorstep_domain::review::Verdict;
use doorstep_domain::standard::Milestone;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::RowData;
use doorstep_domain::visit::command::Command;
use doorstep_domain::wire::{EnrolRequest, PROTO};
use doorstep_stories::{
    Clock, Desk, Ear, Office, at, code, device, ink, open_queue, reach, verdict,
};
use std::collections::BTreeSet;
use std::path::Path;

/// An office whose clock stands after the day's visits.
fn office() -> (Office, Clock) {
    let clock = Clock::default();
    clock.hm("16:00");
    (Office::open(&clock), clock)
}

fn queue(lead: &Desk) -> DeskPage {
    lead.app.desk(&open_queue()).unwrap()
}

/// A whole repair of an order, at the server; its visit.
fn handed_in(desk: &Desk, ear: &Ear, order: &str) -> String {
    let visit = desk.app.open_visit(order).unwrap().visit;
    desk.go_inside(&visit);
    desk.repair(&visit);
    desk.finish(&visit);
    desk.hand_in(ear);
    visit
}

fn lead_at(office: &Office, now: Moment) -> (Desk, Ear) {
    let desk = Desk::new();
    desk.clock.run();
    desk.clock.set(now);
    let ear = Ear::on(&desk.app);
    desk.app.start_enrolled(&office.invitation("3100")).unwrap();
    (desk, ear)
}

fn later(days: i64) -> Moment {
    at("16:00").plus_minutes(days * 24 * 60)
}

#[test]
fn a_new_lead_fetches_what_is_older_than_a_month() {
    let (mut office, clock) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    let visit = handed_in(&desk, &ear, &orders[0]);

    clock.set(later(45));
    let (lead, lead_ear) = lead_at(&office, later(45));
    lead.app.sync_now().unwrap();
    let reach = lead_ear.until("the server tells how far back it is", || queue(&lead).reach);
    assert_eq!(queue(&lead).rows.len(), 0, "it was 45 days ago");
    let since = reach.since.unwrap();
    assert_eq!((since.date(), reach.coming), (later(15).date(), 0));

    office.stop();
    assert_eq!(code(lead.app.desk_earlier()), Code::HubUnreachable);
    assert_eq!(queue(&lead).reach.unwrap().since, Some(since));
    office.start();
    let asked = lead.app.desk_earlier().unwrap();
    assert_eq!(asked.since, None, "there is nothing earlier than that");
    assert!(asked.coming > 10, "{asked:?}");
    let row = lead_ear.until("the old visit is on the desk", || queue(&lead).rows.pop());
    assert_eq!(
        (row.visit, row.customer.as_str()),
        (visit.clone(), "林女士")
    );
    lead_ear.until("all of it is here", || {
        (queue(&lead).reach.unwrap().coming == 0).then_some(())
    });
    assert!(
        !lead
            .app
            .desk_submission(&visit, 1)
            .unwrap()
            .timeline
            .is_empty()
    );
    office.stop();
}

#[test]
fn the_lead_sees_when_the_tablets_were_heard_of() {
    let (mut office, clock) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    office.give_out("20261122-0413", "何女士", "3108");
    clock.hm("14:05");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    desk.orders(&ear, 1);
    // the other one's tablet was enrolled and never came back
    let mut hub = office.hub();
    let request = EnrolRequest {
        proto: PROTO,
        code: hub.new_code("3108", &office.call()).unwrap(),
        device_name: "平板 08".to_owned(),
    };
    hub.enrol(&request, &office.call()).unwrap();
    drop(hub);
    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    let awaited = lead_ear.until("both are awaited", || {
        let day = lead.app.desk_day().unwrap();
        let told = day.not_received.iter().all(|n| !n.tablets.is_empty());
        (day.not_received.len() == 2 && told).then_some(day.not_received)
    });
    let told: Vec<_> = awaited
        .iter()
        .map(|n| {
            let tablet = &n.tablets[0];
            let at = tablet.last_contact.map(|m| m.hm());
            (n.technician.name.as_str(), tablet.name.as_str(), at)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("周建国", "平板 07", Some("14:05".to_owned())),
            ("李志强", "平板 08", None),
        ]
    );
    office.stop();
}

#[test]
fn what_the_server_found_stands_among_the_flags_and_is_not_approved_unread() {
    let (mut office, _) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    office.stop();
    let no = "20261122-0412";
    let by = doorstep_hub::office();
    let cancelled = office.hub().cancel(no, "客户改了主意", &by, &office.call());
    cancelled.unwrap();
    office.start();
    let visit = handed_in(&desk, &ear, &orders[0]);

    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    let flags = lead_ear.until("the server's flag is on the desk", || {
        let flags = lead.app.desk_submission(&visit, 1).ok()?.flags;
        let found = flags.iter().any(|f| f.kind == FlagKind::HubAttention);
        found.then_some(flags)
    });
    let found: Vec<_> = flags
        .iter()
        .filter(|f| f.kind == FlagKind::HubAttention)
        .map(|f| f.title.as_str())
        .collect();
    // the tablet's clock stands two hours behind the server's
    assert_eq!(found, ["平板时间跳变", "工单已取消仍有记录"]);
    let others = flags.iter().filter(|f| f.kind != FlagKind::HubAttention);
    let kinds: BTreeSet<FlagKind> = others.map(|f| f.kind).collect();
    let row = queue(&lead).rows.pop().unwrap();
    assert_eq!(
        row.flags as usize,
        kinds.len() + found.len(),
        "the queue counts them, too"
    );
    let many = lead.app.approve_unflagged(0).unwrap();
    assert_eq!((many.approved, many.sampled), (0, 0));
    office.stop();
}

/// The company's own edition of the standard, newer than the program's.
fn edition(root: &Path) {
    let shipped = include_str!("../../assets/standards/cmcc-broadband.toml");
    let text = shipped.replacen("version = 2\n", "version = 99\n", 1);
    assert_ne!(text, shipped, "it has another version by now");
    let text = text.replacen("中国移动宽带装维\"", "移动宽带试行版\"", 1);
    std::fs::create_dir_all(root.join("standards")).unwrap();
    std::fs::write(root.join("standards/trial.toml"), text).unwrap();
}

#[test]
fn a_standard_that_only_one_tablet_has_travels_with_its_visits() {
    let (mut office, _) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let desk = Desk::with(edition);
    desk.clock.run();
    let ear = Ear::on(&desk.app);
    desk.app.start_enrolled(&office.invitation("3107")).unwrap();
    let orders = desk.orders(&ear, 1);
    let visit = handed_in(&desk, &ear, &orders[0]);

    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    let row = lead_ear.until("the visit was looked through by its own standard", || {
        queue(&lead)
            .rows
            .pop()
            .filter(|r| r.pack == "移动宽带试行版")
    });
    assert!(row.rating.is_some(), "which names the customer's answers");
    let read = lead.app.desk_submission(&visit, 1).unwrap();
    assert_eq!(read.visit.phases, desk.view(&visit).phases);
    assert!(lead.app.desk_ticket(&visit, 1).unwrap().pages > 0);

    // the same for a colleague who gets the order
    office.assign("20261122-0412", "3108");
    let (second, second_ear) = Desk::enrolled(&office, "3108");
    let shown = second_ear.until("the colleague reads the visit", || {
        second.app.visit(&visit).ok()
    });
    assert_eq!(shown.phases.len(), read.visit.phases.len());
    let held = office.hub().verify().unwrap();
    assert_eq!(held.faults, Vec::<String>::new());
    office.stop();
}

#[test]
fn the_ticket_at_the_desk_is_that_of_its_submission_with_all_its_pictures() {
    let (mut office, _) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    let visit = handed_in(&desk, &ear, &orders[0]);
    let printed = desk.app.ticket(&visit).unwrap();
    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    lead_ear.until("the visit is on the desk", || queue(&lead).rows.pop());

    let missing = lead.app.desk_ticket_missing(&visit, 1).unwrap();
    assert_eq!(
        missing.len(),
        2,
        "the stories' one photo and their one drawing of a signature"
    );
    office.stop();
    let refused = code(lead.app.fetch_picture(&visit, &missing[0]));
    assert_eq!(refused, Code::HubUnreachable);
    let without = lead.app.desk_ticket(&visit, 1).unwrap();
    assert!(without.pages > 0 && without.bytes < printed.bytes);
    office.start();
    for sha256 in &missing {
        lead.app.fetch_picture(&visit, sha256).unwrap();
    }
    assert_eq!(
        lead.app.desk_ticket_missing(&visit, 1).unwrap(),
        Vec::<String>::new()
    );
    let first = lead.app.desk_ticket(&visit, 1).unwrap();
    assert!(
        first.pdf_base64 == printed.pdf_base64,
        "the very same ticket"
    );

    // the second submission has a ticket of its own, and the first keeps its
    let returned = verdict(&visit, 1, Verdict::Returned, &[("optical", "照片看不清")]);
    lead.app.judge(&returned).unwrap();
    lead.hand_in(&lead_ear);
    desk.app.sync_now().unwrap();
    ear.until("the technician hears of it", || desk.view(&visit).review);
    desk.photo(&visit, "optical");
    desk.app
        .technician_sign(&visit, &doorstep_stories::ink())
        .unwrap();
    desk.act(&visit, [doorstep_domain::visit::command::Command::Submit]);
    desk.hand_in(&ear);
    lead.app.sync_now().unwrap();
    let shown = lead_ear.until("the second submission is here", || {
        lead.app.desk_submission(&visit, 2).ok()
    });
    assert_eq!((shown.row.submission, shown.row.verdict), (2, None));
    let older = lead.app.desk_submission(&visit, 1).unwrap().row;
    assert_eq!(
        (older.submission, older.verdict),
        (1, Some(Verdict::Returned))
    );
    for sha256 in lead.app.desk_ticket_missing(&visit, 2).unwrap() {
        lead.app.fetch_picture(&visit, &sha256).unwrap();
    }
    let second = lead.app.desk_ticket(&visit, 2).unwrap();
    let again = lead.app.desk_ticket(&visit, 1).unwrap();
    assert!(
        again.pdf_base64 == first.pdf_base64,
        "the first keeps its own"
    );
    assert!(
        second.pdf_base64 != first.pdf_base64,
        "the second is another"
    );
    office.stop();
}

#[test]
fn nobody_but_a_lead_sits_at_the_desk() {
    let (mut office, _) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    let visit = handed_in(&desk, &ear, &orders[0]);
    let alone = Desk::at_work();
    let demo = Desk::new();
    demo.app.start_demo().unwrap();
    let verdict = verdict(&visit, 1, Verdict::Approved, &[]);
    for app in [&desk.app, &alone.app, &demo.app] {
        assert_eq!(code(app.judge(&verdict)), Code::LeadOnly);
        assert_eq!(code(app.approve_unflagged(0)), Code::LeadOnly);
        assert_eq!(code(app.desk(&open_queue())), Code::LeadOnly);
        assert_eq!(code(app.desk_day()), Code::LeadOnly);
        assert_eq!(code(app.desk_submission(&visit, 1)), Code::LeadOnly);
        assert_eq!(code(app.desk_export(&open_queue())), Code::LeadOnly);
        assert_eq!(code(app.desk_earlier()), Code::LeadOnly);
        assert_eq!(code(app.desk_ticket_missing(&visit, 1)), Code::LeadOnly);
        assert_eq!(code(app.desk_ticket(&visit, 1)), Code::LeadOnly);
    }
    assert_eq!(code(Desk::new().app.judge(&verdict)), Code::NoProfile);
    assert!(desk.view(&visit).review.is_none(), "nothing was judged");
    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    lead_ear.until("the visit is on the desk", || queue(&lead).rows.pop());
    let shown = lead.app.judge(&verdict).unwrap();
    assert_eq!(shown.row.verdict, Some(Verdict::Approved));
    office.stop();
}

#[test]
fn an_order_that_changed_hands_while_offline_says_so_and_keeps_what_was_begun() {
    let (mut office, _) = office();
    for (no, customer) in [("0412", "林女士"), ("0413", "何女士"), ("0414", "吴先生")] {
        office.give_out(&format!("20261122-{no}"), customer, "3107");
    }
    let (desk, ear) = Desk::enrolled(&office, "3107");
    desk.orders(&ear, 3);
    let orders = ["0412", "0413", "0414"].map(|no| {
        let rows = desk.today().rows;
        let row = rows.into_iter().find(|r| r.short_no == no);
        row.unwrap().order
    });
    office.stop();
    let visit = desk.app.open_visit(&orders[0]).unwrap().visit;
    desk.check_kits(&visit);
    desk.act(&visit, [reach(Milestone::Departed)]);
    office.assign("20261122-0412", "3108");
    office.assign("20261122-0413", "3108");
    let by = doorstep_hub::office();
    let mut hub = office.hub();
    hub.cancel("20261122-0414", "客户改了主意", &by, &office.call())
        .unwrap();
    drop(hub);
    office.start();
    desk.app.sync_now().unwrap();
    let today = ear.until("all of it is told", || {
        let today = desk.today();
        let told = today.rows.iter().filter(|r| r.dispatch.is_some()).count();
        (today.rows.len() == 2 && told == 2).then_some(today)
    });
    let mut told: Vec<_> = today
        .rows
        .iter()
        .map(|r| (r.short_no.as_str(), r.dispatch))
        .collect();
    told.sort_by_key(|(no, _)| *no);
    assert_eq!(
        told,
        [
            ("0412", Some(Dispatch::Reassigned)),
            ("0414", Some(Dispatch::Cancelled))
        ]
    );
    let gone: Vec<_> = today
        .gone
        .iter()
        .map(|g| (g.order.as_str(), g.short_no.as_str(), g.to.as_str()))
        .collect();
    assert_eq!(gone, [(orders[1].as_str(), "0413", "李志强")]);
    let news = |order: &str| {
        let detail = desk.app.order_detail(order).unwrap();
        (detail.dispatch.unwrap(), detail.row.action)
    };
    let (begun, _) = news(&orders[0]);
    assert_eq!(
        (begun.work, begun.to.as_deref(), begun.at.map(|m| m.hm())),
        (OwnWork::Begun, Some("李志强"), Some("16:00".to_owned()))
    );
    let (untouched, action) = news(&orders[1]);
    assert_eq!((untouched.work, action), (OwnWork::None, RowAction::Look));
    let (off, action) = news(&orders[2]);
    assert_eq!(
        (off.what, off.reason.as_str()),
        (Dispatch::Cancelled, "客户改了主意")
    );
    assert_eq!((off.work, action), (OwnWork::None, RowAction::Look));

    // what was begun is finished, kept and handed in
    desk.act(&visit, [doorstep_stories::suspended()]);
    desk.finish(&visit);
    desk.hand_in(&ear);
    assert_eq!(news(&orders[0]).0.work, OwnWork::HandedIn);
    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    let flags = lead_ear.until("the lead sees it, flagged", || {
        let row = queue(&lead).rows.pop()?;
        let flags = lead.app.desk_submission(&row.visit, 1).ok()?.flags;
        flags
            .iter()
            .any(|f| f.title == "工单已改派仍有记录")
            .then_some(row.flags)
    });
    assert!(flags > 0);
    office.stop();
}

#[test]
fn a_verdict_names_the_row_as_it_stood_in_the_submission_that_was_judged() {
    let (mut office, _) = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    let visit = handed_in(&desk, &ear, &orders[0]);
    let wrong = desk.view(&visit).devices[0].clone();
    let (lead, lead_ear) = lead_at(&office, at("17:00"));
    lead.app.sync_now().unwrap();
    lead_ear.until("the visit is on the desk", || queue(&lead).rows.pop());
    let returned = verdict(
        &visit,
        1,
        Verdict::Returned,
        &[(&wrong.row_id, "序列号和标签对不上")],
    );
    let title = |shown: &doorstep_app::desk::dto::DeskSubmission| {
        shown.verdicts[0].reasons[0].title.clone()
    };
    let judged = title(&lead.app.judge(&returned).unwrap());
    lead.hand_in(&lead_ear);

    desk.app.sync_now().unwrap();
    ear.until("the verdict is with the technician", || {
        desk.view(&visit).review
    });
    let Command::PutRow { row, .. } = device("ZTE9999") else {
        panic!("a device is a row")
    };
    let row_id = Some(wrong.row_id);
    desk.act(&visit, [Command::PutRow { row_id, row }]);
    desk.act(&visit, [Command::StartHandover]);
    desk.app
        .customer_sign(&visit, &desk.request(&visit))
        .unwrap();
    desk.app.end_handover(&visit, "4711").unwrap();
    desk.app.technician_sign(&visit, &ink()).unwrap();
    desk.act(&visit, [Command::Submit]);
    desk.hand_in(&ear);

    lead.app.sync_now().unwrap();
    let shown = lead_ear.until("the second submission is here", || {
        lead.app.desk_submission(&visit, 2).ok()
    });
    assert_eq!(title(&shown), judged, "the number that was wrong");
    assert!(!judged.contains("ZTE9999"), "{judged}");
    let now = &shown.visit.devices[0].row;
    assert!(matches!(now, RowData::Devices { sn, .. } if sn == "ZTE9999"));
    office.stop();
}
