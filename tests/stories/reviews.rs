//! 审核: sent back for a blurry photo, for a wrong SN, for another visit; and many approved at once.
//!
//! Lead and technician share one profile here: what travels between their devices is the hub's and the store's to prove.

use doorstep_app::dto::{RowAction, RowState};
use doorstep_domain::code::Code;
use doorstep_domain::review::Verdict;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::progress::MissingCode;
use doorstep_domain::visit::view::{ItemView, VisitView};
use doorstep_domain::visit::{Delivery, DeliveryHow, DeviceAction, RowData};
use doorstep_stories::{Desk, code, events, ink, verdict};

/// A repair, submitted with its copy delivered.
fn submitted(desk: &Desk, no: &str) -> VisitView {
    let visit = desk.order(no, "修障").visit;
    desk.go_inside(&visit);
    desk.repair(&visit);
    desk.finish(&visit);
    let delivery = Delivery {
        how: DeliveryHow::Printed,
        note: None,
    };
    desk.act(&visit, [Command::RecordDelivery { delivery }]);
    desk.view(&visit)
}

fn judge(desk: &Desk, visit: &str, n: u32, what: Verdict, reasons: &[(&str, &str)]) {
    desk.app
        .give_verdict(&verdict(visit, n, what, reasons))
        .unwrap();
}

fn item(view: &VisitView, id: &str) -> ItemView {
    let mut items = view.phases.iter().flat_map(|p| &p.items);
    items.find(|i| i.id == id).unwrap().clone()
}

fn missing(desk: &Desk, visit: &str) -> Vec<MissingCode> {
    desk.view(visit).missing.iter().map(|m| m.code).collect()
}

#[test]
fn a_blurry_label_is_mended_without_asking_the_customer_and_approved() {
    let desk = Desk::at_work();
    let first = submitted(&desk, "20261122-0412");
    let visit = first.visit.clone();
    let ticket = desk.app.ticket(&visit).unwrap();
    assert_eq!(desk.today().rows[0].state, RowState::Completed);
    assert_eq!(
        code(desk.app.act(&visit, &Command::Submit)),
        Code::VisitSubmitted
    );

    desk.clock.hm("16:10");
    let blurry = item(&first, "optical").photos[0].id.clone();
    judge(
        &desk,
        &visit,
        1,
        Verdict::Returned,
        &[(&blurry, "看不清读数")],
    );
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();
    let row = desk.today().rows.remove(0);
    assert_eq!(
        (row.state, row.action),
        (RowState::ReturnedForMending, RowAction::Continue)
    );
    assert_eq!(desk.today().completed, 0);
    let review = desk.view(&visit).review.unwrap();
    assert_eq!(review.reasons[0].title, "光功率（照片）");
    assert_eq!(
        desk.app.open_visit(&first.order.stream).unwrap().visit,
        visit
    );

    desk.clock.hm("16:30");
    desk.act(&visit, [Command::RemovePhoto { photo: blurry }]);
    desk.photo(&visit, "optical");
    assert!(
        desk.app.ticket(&visit).unwrap() == ticket,
        "the first submission's ticket stays what it was"
    );
    assert_eq!(missing(&desk, &visit), [MissingCode::TechnicianSignature]);
    desk.app.technician_sign(&visit, &ink()).unwrap();
    let recorded = events(&desk.app);
    desk.act(&visit, [Command::Submit]);
    assert_eq!(
        events(&desk.app),
        recorded + 1,
        "the kit was not used a second time"
    );

    let view = desk.view(&visit);
    assert_eq!((view.submissions.len(), &view.review), (2, &None));
    assert_eq!(
        (&view.customer_signature, view.delivery_pending),
        (&first.customer_signature, false),
        "the customer was not asked again and keeps the same copy"
    );
    assert_eq!(desk.today().rows[0].state, RowState::Completed);
    assert!(
        desk.app.ticket(&visit).unwrap() != ticket,
        "the second submission's own"
    );

    let old = verdict(&visit, 1, Verdict::Approved, &[]);
    assert_eq!(code(desk.app.give_verdict(&old)), Code::SubmissionReplaced);
    judge(&desk, &visit, 2, Verdict::Approved, &[]);
    assert_eq!(desk.view(&visit).review.unwrap().verdict, Verdict::Approved);
    assert_eq!(
        code(desk.app.act(&visit, &Command::Undo)),
        Code::AlreadyApproved
    );
    let photos = |n| {
        let then = desk.app.submission_as_it_was(&visit, n).unwrap();
        then.photos
            .iter()
            .map(|p| p.value.id.clone())
            .collect::<Vec<_>>()
    };
    assert_ne!(photos(1), photos(2));
    let third = desk.app.submission_as_it_was(&visit, 3);
    assert_eq!(code(third), Code::SubmissionUnknown);
}

#[test]
fn a_wrong_sn_is_signed_by_the_customer_again() {
    let desk = Desk::at_work();
    let first = submitted(&desk, "20261122-0412");
    let (visit, row) = (first.visit.clone(), first.devices[0].row_id.clone());
    judge(
        &desk,
        &visit,
        1,
        Verdict::Returned,
        &[(&row, "SN 和标签对不上")],
    );
    assert!(!desk.view(&visit).review.unwrap().customer_signs_again);
    let right = RowData::Devices {
        name: "光猫 G-2101".to_owned(),
        sn: "ZTE0002".to_owned(),
        mac: String::new(),
        action: DeviceAction::Installed,
    };
    let put = Command::PutRow {
        row_id: Some(row),
        row: right,
    };
    desk.act(&visit, [put]);
    assert!(desk.view(&visit).review.unwrap().customer_signs_again);
    assert_eq!(
        code(desk.app.technician_sign(&visit, &ink())),
        Code::CustomerFirst
    );
    desk.act(&visit, [Command::StartHandover]);
    let desk = desk.restarted(|_| {});
    let boot = desk.app.boot().unwrap();
    assert_eq!(
        boot.handover.as_deref(),
        Some(visit.as_str()),
        "the window opens where the customer was"
    );
    desk.app
        .customer_sign(&visit, &desk.request(&visit))
        .unwrap();
    desk.app.end_handover(&visit, "4711").unwrap();
    desk.app.technician_sign(&visit, &ink()).unwrap();
    desk.act(&visit, [Command::Submit]);
    let view = desk.view(&visit);
    let digest = |v: &VisitView| v.customer_signature.as_ref().unwrap().digest.clone();
    assert_ne!(digest(&view), digest(&first));
    assert_eq!(digest(&view), view.attested.digest());
    assert!(view.delivery_pending, "a new copy for the customer");
    desk.app.ticket(&visit).unwrap();
}

#[test]
fn rework_is_a_new_visit_that_goes_on_from_this_one() {
    let desk = Desk::at_work();
    let first = submitted(&desk, "20261122-0412");
    judge(
        &desk,
        &first.visit,
        1,
        Verdict::Rework,
        &[("optical", "光功率偏低，重新熔接")],
    );
    assert_eq!(
        code(desk.app.act(&first.visit, &Command::Submit)),
        Code::VisitSubmitted
    );
    let row = desk.today().rows.remove(0);
    assert_eq!(
        (row.state, row.action),
        (RowState::ToContact, RowAction::Revisit)
    );
    let second = desk.app.open_visit(&first.order.stream).unwrap();
    assert_ne!(second.visit, first.visit);
    assert_eq!(
        (&second.prior[0].visit, second.review),
        (&first.visit, None)
    );
    let again = desk.app.open_visit(&first.order.stream).unwrap();
    assert_eq!(
        again.visit, second.visit,
        "one new visit, not one for each look"
    );
}

#[test]
fn many_are_approved_together_but_for_the_sample() {
    let desk = Desk::at_work();
    let numbers = ["0401", "0402", "0403", "0404", "0405"].map(|n| format!("20261122-{n}"));
    let visits: Vec<String> = numbers
        .iter()
        .map(|no| submitted(&desk, no).visit)
        .collect();
    judge(
        &desk,
        &visits[0],
        1,
        Verdict::Returned,
        &[("optical", "看不清")],
    );
    let mut asked: Vec<(String, u32)> = visits.iter().map(|v| (v.clone(), 1)).collect();
    asked.push(asked[1].clone());
    asked.push((visits[2].clone(), 2));
    assert_eq!(code(desk.app.approve_many(&asked, 101)), Code::BadRequest);
    let done = desk.app.approve_many(&asked, 30).unwrap();
    assert_eq!(
        (done.approved, done.sampled),
        (2, 2),
        "30 % of four is two, rounded up"
    );
    let verdicts = |what: Option<Verdict>| {
        let now = visits
            .iter()
            .map(|v| desk.view(v).review.map(|r| r.verdict));
        now.filter(|v| *v == what).count()
    };
    assert_eq!(verdicts(Some(Verdict::Approved)), 2);
    assert_eq!(verdicts(None), 2, "the sample waits for its full read");
    let again = desk.app.approve_many(&asked, 0).unwrap();
    assert_eq!(
        (again.approved, again.sampled),
        (0, 0),
        "and is not approved unread later"
    );
}
