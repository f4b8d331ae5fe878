//! A newer version of a standard reaches a tablet while a visit is under way.

use doorstep_domain::code::Code;
use doorstep_domain::visit::moving::{PackMoveView, PackOffer};
use doorstep_domain::visit::view::VisitView;
use doorstep_domain::visit::{Answer, VisitStage};
use doorstep_stories::{Clock, Desk, Ear, Office, answer, at, code, events, open_queue};
use std::path::Path;

const SHIPPED: &str = include_str!("../../assets/standards/cmcc-broadband.toml");

/// The company's newer edition: the mat says something else, and telling the hotline is gone.
fn edition(root: &Path) {
    let (before, after) = SHIPPED
        .split_once("[[phases.items]]\nid = \"hotline-told\"")
        .unwrap();
    let (_, after) = after.split_once("\n\n").unwrap();
    let text = format!("{before}{after}")
        .replacen("version = 2\n", "version = 99\n", 1)
        .replacen("先铺垫布，再放工具", "先铺两层垫布，再放工具", 1);
    std::fs::create_dir_all(root.join("standards")).unwrap();
    std::fs::write(root.join("standards/cmcc-broadband.toml"), text).unwrap();
}

fn answered(view: &VisitView, item: &str) -> Option<Answer> {
    let mut items = view.phases.iter().flat_map(|p| &p.items);
    items.find(|i| i.id == item).and_then(|i| i.answer.clone())
}

/// A repair with the mat laid and the fault written down, and then the newer edition on the tablet.
fn under_way(desk: Desk, visit: &str) -> Desk {
    desk.go_inside(visit);
    let fault = Answer::Text {
        text: "皮线折断".to_owned(),
    };
    desk.act(
        visit,
        [
            answer("form-shown", Answer::Tick),
            answer("mat-laid", Answer::Tick),
            answer("fault", fault),
        ],
    );
    let desk = desk.restarted(edition);
    desk.app.boot().unwrap();
    desk
}

fn seen(desk: &Desk, visit: &str) -> PackMoveView {
    desk.app.pack_changes(visit).unwrap()
}

#[test]
fn a_draft_moves_to_the_newer_version_with_the_answers_that_stand_and_back() {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    assert_eq!(code(desk.app.pack_changes(&visit)), Code::PackNotNewer);
    let desk = under_way(desk, &visit);
    let before = desk.view(&visit);
    let offer = |back, version| Some(PackOffer { back, version });
    assert_eq!(before.pack_offer, offer(false, 99));
    assert_eq!(before.pack.version, 2, "nobody moved it");

    let shown = seen(&desk, &visit);
    let rows = |rows: &[doorstep_domain::visit::moving::MovedRow]| -> Vec<String> {
        rows.iter().map(|r| r.id.clone()).collect()
    };
    assert_eq!(rows(&shown.changed), ["mat-laid"]);
    assert_eq!(rows(&shown.dropped), ["hotline-told"]);
    assert!(shown.added.is_empty() && shown.changed[0].answered && !shown.changed[0].kept);

    let recorded = events(&desk.app);
    let other = "0".repeat(64);
    assert_eq!(code(desk.app.move_pack(&visit, &other)), Code::PackUnknown);
    assert_eq!(events(&desk.app), recorded);
    let moved = desk.app.move_pack(&visit, &shown.hash).unwrap();
    assert_eq!(events(&desk.app), recorded + 1);
    assert_eq!(
        moved,
        desk.view(&visit),
        "the answer is what a fresh look shows"
    );
    assert_eq!(
        (moved.pack.version, moved.pack_offer.clone()),
        (99, offer(true, 2))
    );
    assert_eq!(answered(&moved, "fault"), answered(&before, "fault"));
    assert_eq!(answered(&moved, "mat-laid"), None);

    // the window is closed, and the service manager takes the file away: the visit stays where it went
    let desk = desk.restarted(|root| std::fs::remove_dir_all(root.join("standards")).unwrap());
    desk.app.boot().unwrap();
    assert_eq!(desk.view(&visit).pack, moved.pack);
    let back = seen(&desk, &visit);
    assert!(back.back && back.changed[0].restored);
    let home = desk.app.move_pack(&visit, &back.hash).unwrap();
    assert_eq!(answered(&home, "mat-laid"), Some(Answer::Tick));
    assert_eq!(home.phases, before.phases);
}

#[test]
fn what_was_handed_in_does_not_move() {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    desk.repair(&visit);
    assert_eq!(desk.finish(&visit).stage, VisitStage::Submitted);
    let desk = desk.restarted(edition);
    desk.app.boot().unwrap();
    let view = desk.view(&visit);
    assert_eq!((view.pack.version, view.pack_offer), (2, None));
    assert_eq!(code(desk.app.pack_changes(&visit)), Code::VisitSubmitted);
}

#[test]
fn the_desk_reads_a_moved_visit_by_the_version_it_moved_to_and_says_so() {
    let clock = Clock::default();
    clock.hm("08:30");
    let mut office = Office::open(&clock);
    office.give_out("20261122-0412", "林女士", "3107");
    let (desk, ear) = Desk::enrolled(&office, "3107");
    let orders = desk.orders(&ear, 1);
    let visit = desk.app.open_visit(&orders[0]).unwrap().visit;
    desk.hand_in(&ear);
    let desk = under_way(desk, &visit);
    desk.clock.set(at("14:05"));
    let shown = seen(&desk, &visit);
    desk.app.move_pack(&visit, &shown.hash).unwrap();
    desk.repair(&visit);
    assert_eq!(desk.finish(&visit).stage, VisitStage::Submitted);
    let ticket = desk.app.ticket(&visit).unwrap();
    assert!(ticket.pages >= 2);
    let ear = Ear::on(&desk.app);
    desk.hand_in(&ear);

    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    let row = lead_ear.until("the lead has the newer edition, too", || {
        lead.app.sync_now().ok()?;
        let row = lead.app.desk(&open_queue()).ok()?.rows.pop()?;
        row.rating.is_some().then_some(row)
    });
    let read = lead.app.desk_submission(&row.visit, 1).unwrap();
    assert_eq!(read.visit.pack.version, 99);
    assert_eq!(read.visit.phases, desk.view(&visit).phases);
    let line = read
        .timeline
        .iter()
        .find(|l| l.words.contains("换到第 99 版"));
    assert_eq!(
        line.unwrap().extra.as_deref(),
        Some("1 条的回答留在第 2 版")
    );
    assert!(lead.app.desk_ticket(&visit, 1).unwrap().pages > 0);
    office.stop();
    let verified = office.hub().verify().unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
}
