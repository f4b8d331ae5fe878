//! The company's server and the tablet: enrolling, a visit without a network, what comes back, and who goes on with what.

use doorstep_app::desk::dto::{DeskQuery, DeskSort, DeskView};
use doorstep_app::dto::BootState;
use doorstep_app::sync::dto::{EnrolProfile, SyncItemKind, SyncStanding, SyncWhy};
use doorstep_domain::code::Code;
use doorstep_domain::review::Verdict;
use doorstep_domain::standard::Milestone;
use doorstep_domain::visit::{Answer, VisitStage};
use doorstep_stories::{
    Clock, Desk, Ear, Office, answer, code, reach, refusal, suspended, verdict,
};
use std::io::{Read, Write};
use std::net::TcpListener;

fn office() -> Office {
    let clock = Clock::default();
    clock.hm("08:30");
    Office::open(&clock)
}

#[test]
fn a_visit_without_a_network_is_at_the_server_when_the_network_is_back() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    office.give_out("20261122-0413", "何女士", "3108");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let boot = desk.app.boot().unwrap();
    let known = boot.office.unwrap();
    assert_eq!(
        (known.team.as_str(), known.staff.name.as_str()),
        ("一班", "周建国")
    );
    let orders = desk.orders(&ear, 1);
    office.stop();

    let visit = desk.app.open_visit(&orders[0]).unwrap().visit;
    desk.go_inside(&visit);
    desk.repair(&visit);
    let view = desk.finish(&visit);
    assert_eq!(view.stage, VisitStage::Submitted);
    desk.app.sync_now().unwrap();
    let panel = ear.until("the tablet notices that nobody answers", || {
        let panel = desk.app.sync_panel().unwrap();
        // what was on its way when the server went is cut first
        (panel.why == Some(SyncWhy::Offline)).then_some(panel)
    });
    assert!(panel.since.is_some() && panel.next.is_some());
    let lines: Vec<_> = panel
        .waiting
        .iter()
        .map(|i| (i.kind, i.customer.as_deref()))
        .filter(|(_, customer)| customer.is_some())
        .collect();
    assert_eq!(
        lines,
        [
            (SyncItemKind::Records, Some("林女士")),
            (SyncItemKind::Photos, Some("林女士")),
        ],
        "records first, then photos"
    );
    let parts = desk.app.visit_parts(&visit).unwrap();
    assert!(parts.records > 0 && parts.records_confirmed == 0 && !parts.deletable);

    office.start();
    desk.hand_in(&ear);
    let parts = desk.app.visit_parts(&visit).unwrap();
    assert_eq!(parts.records, parts.records_confirmed);
    assert!(!parts.photos.is_empty() && parts.photos.iter().all(|p| p.stored && !p.deleted));
    office.stop();
    let verified = office.hub().verify().unwrap();
    assert_eq!(
        verified.blobs,
        parts.photos.len() as u64 + 1,
        "every picture is at the hub, whole, and the standard"
    );
}

#[test]
fn the_token_outlives_a_restart_and_a_lost_token_keeps_everything() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    desk.orders(&ear, 1);
    let desk = desk.restarted(|_| {});
    let ear = Ear::on(&desk.app);
    assert_eq!(desk.app.boot().unwrap().state, BootState::Ready);
    office.give_out("20261122-0414", "吴先生", "3107");
    desk.orders(&ear, 2);

    // the hub is set up anew: it knows neither the token nor the orders
    office.stop();
    let mut other = Office::open(&desk.clock);
    let (address, code) = (
        format!("http://{}", other.address),
        other.invitation("3107").code,
    );
    let wrong = other.invitation("3108").code;
    let told = refusal(desk.app.enrol(&address, &wrong, "平板 07")).refusal;
    assert_eq!(told.code, Code::EnrolOtherPerson);
    assert_eq!(told.params["name"], "李志强");
    desk.app.enrol(&address, &code, "平板 07").unwrap();
    desk.hand_in(&ear);
    assert_eq!(
        desk.today().rows.len(),
        2,
        "nothing is lost by another server"
    );
    other.stop();
}

#[test]
fn what_is_typed_wrong_at_the_enrolment_is_told_in_words_and_costs_nothing() {
    let mut office = office();
    let desk = Desk::new();
    let right = office.invitation("3107");
    let with = |change: &dyn Fn(&mut EnrolProfile)| {
        let mut typed = right.clone();
        change(&mut typed);
        code(desk.app.start_enrolled(&typed))
    };
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let portal = format!("http://{}", stranger.local_addr().unwrap());
    std::thread::spawn(move || {
        for visitor in stranger.incoming() {
            let mut visitor = visitor.unwrap();
            let _ = visitor.read(&mut [0; 4096]).unwrap();
            let page = "<html>请先登录酒店网络</html>";
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                page.len()
            );
            visitor.write_all((head + page).as_bytes()).unwrap();
        }
    });
    assert_eq!(with(&|p| p.pin = "12".into()), Code::PinInvalid);
    for address in ["", "ftp://10.0.0.1", "http://", "平板 07"] {
        assert_eq!(
            with(&|p| p.address = address.into()),
            Code::EnrolAddress,
            "{address}"
        );
    }
    assert_eq!(with(&|p| p.code = "7KQ2-M9FX-R4DA".into()), Code::EnrolCode);
    assert_eq!(with(&|p| p.address = portal.clone()), Code::HubNotDoorstep);
    office.stop();
    assert_eq!(with(&|_| {}), Code::HubUnreachable);
    assert_eq!(
        desk.app.boot().unwrap().state,
        BootState::FirstStart,
        "nothing was begun"
    );
    office.start();
    desk.app.start_enrolled(&right).unwrap();
    assert_eq!(
        code(desk.app.enrol(&right.address, &right.code, "")),
        Code::EnrolCode,
        "a code is good once"
    );
}

#[test]
fn a_suspended_visit_is_continued_by_the_colleague_who_gets_the_order() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (first, first_ear) = Desk::enrolled(&office, "3107");
    let orders = first.orders(&first_ear, 1);
    let visit = first.app.open_visit(&orders[0]).unwrap().visit;
    first.go_inside(&visit);
    first.act(&visit, [suspended()]);
    first.finish(&visit);
    first.hand_in(&first_ear);

    office.assign("20261122-0412", "3108");
    let (second, second_ear) = Desk::enrolled(&office, "3108");
    // another time of day: two desks of these stories draw the same ids at the same moment
    second.clock.hm("15:00");
    let again = second.orders(&second_ear, 1);
    assert_eq!(again, orders);
    second_ear.until("the first visit is here", || second.app.visit(&visit).ok());
    assert_eq!(
        code(second.app.act(&visit, &answer("form-shown", Answer::Tick))),
        Code::VisitOfOther,
        "it is read, not continued"
    );
    let own = second.app.open_visit(&orders[0]).unwrap();
    assert_ne!(own.visit, visit);
    assert_eq!(
        own.prior[0].visit, visit,
        "the colleague's visit stands before it"
    );
    office.stop();
}

#[test]
fn an_order_that_went_to_a_colleague_leaves_today_unless_it_was_begun() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    office.give_out("20261122-0413", "何女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 2);
    office.stop();
    let begun = desk.app.open_visit(&orders[0]).unwrap();
    desk.check_kits(&begun.visit);
    desk.act(&begun.visit, [reach(Milestone::Departed)]);
    office.assign("20261122-0412", "3108");
    office.assign("20261122-0413", "3108");
    office.start();
    assert_eq!(desk.orders(&ear, 1), [orders[0].clone()]);
    office.stop();
}

#[test]
fn a_revoked_tablet_hands_in_what_it_has_and_is_then_emptied() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    office.stop();
    let visit = desk.app.open_visit(&orders[0]).unwrap().visit;
    desk.go_inside(&visit);
    let recorded = desk.app.visit_parts(&visit).unwrap().records;
    let device = office.hub().devices().unwrap().remove(0);
    office
        .hub()
        .revoke(&device.id, true, &office.call())
        .unwrap();
    office.start();
    desk.hand_in(&ear);
    desk.app.sync_now().unwrap();
    ear.until("the profile is gone", || {
        matches!(desk.app.boot().unwrap().state, BootState::FirstStart).then_some(())
    });
    assert!(
        !desk.folder().join("main").exists(),
        "no customer's data is left"
    );
    office.stop();
    let held = office.hub().verify().unwrap();
    assert!(held.events >= recorded, "{held:?}, {recorded} of the visit");
    assert_eq!(held.faults, Vec::<String>::new());
}

#[test]
fn a_lead_reads_a_visit_with_its_pictures_and_the_technician_mends_it() {
    let mut office = office();
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    let visit = desk.app.open_visit(&orders[0]).unwrap().visit;
    desk.go_inside(&visit);
    desk.repair(&visit);
    desk.finish(&visit);
    desk.hand_in(&ear);

    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    lead.clock.hm("17:00");
    let queue = DeskQuery {
        view: DeskView::Open,
        search: None,
        sort: DeskSort::Flags,
        descending: true,
        offset: 0,
        limit: 50,
    };
    lead.app.sync_now().unwrap();
    let row = lead_ear.until("the visit is on the desk", || {
        lead.app.desk(&queue).unwrap().rows.pop()
    });
    assert_eq!(
        (
            row.customer.as_str(),
            row.technician.name.as_str(),
            row.submission
        ),
        ("林女士", "周建国", 1)
    );
    let read = lead.app.desk_submission(&visit, 1).unwrap();
    assert!(!read.timeline.is_empty());
    let photos: Vec<_> = read
        .visit
        .phases
        .iter()
        .flat_map(|p| &p.items)
        .flat_map(|i| &i.photos)
        .collect();
    assert!(!photos.is_empty());
    for photo in &photos {
        let whole = lead.app.photo(&visit, &photo.sha256).unwrap();
        assert_eq!(whole, desk.app.photo(&visit, &photo.sha256).unwrap());
        assert_eq!(lead.app.photo(&visit, &photo.thumb_sha256).unwrap(), whole);
    }
    let verdict = verdict(&visit, 1, Verdict::Returned, &[("optical", "读数看不清")]);
    lead.app.judge(&verdict).unwrap();
    lead.hand_in(&lead_ear);
    desk.app.sync_now().unwrap();
    let told = ear.until("the technician hears of it", || desk.view(&visit).review);
    assert_eq!(
        (told.by.name.as_str(), told.verdict),
        ("王海燕", Verdict::Returned)
    );
    office.stop();
    assert_eq!(
        lead.app.photo(&visit, &photos[0].sha256).unwrap(),
        desk.app.photo(&visit, &photos[0].sha256).unwrap(),
        "what was looked at once is kept"
    );
}

#[test]
fn the_demo_and_a_profile_of_its_own_have_no_server() {
    let desk = Desk::at_work();
    let panel = desk.app.sync_now().unwrap();
    assert_eq!(
        (panel.standing, panel.waiting.len()),
        (SyncStanding::Alone, 0)
    );
    let demo = Desk::new();
    demo.app.start_demo().unwrap();
    let panel = demo.app.sync_now().unwrap();
    assert_eq!(
        (panel.standing, panel.waiting.len()),
        (SyncStanding::Demo, 0)
    );
    assert!(
        demo.app.storage_status().unwrap().records > 0,
        "they are kept, and wait for nobody"
    );
    assert_eq!(
        code(demo.app.enrol("http://127.0.0.1:1", "x", "")),
        Code::NoProfile
    );
}
