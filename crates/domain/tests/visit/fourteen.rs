//! 十四步: the customer signs at step 10, the cleanup is step 11, the technician signs last.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::standard::JobType;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::progress::{ItemStatus, MissingCode};
use doorstep_domain::visit::*;

/// Everything up to the signature.
fn ready_to_sign() -> Desk {
    let mut desk = Desk::new(telecom(), JobType::Install);
    desk.go_inside();
    desk.tick_phase("work");
    desk.act(Command::DeclareNoFees { none: true });
    desk.photo_of("cabling");
    let na = Answer::NotApplicable {
        reason: "没有暗管".to_owned(),
    };
    desk.act(answer("concealed", na));
    let row = desk.device("HW556677");
    desk.photo(PhotoTarget::Row { row });
    desk.tick("materials");
    desk.fact("phone", false);
    desk.fact("damage", false);
    desk.act(reading("optical", "after", "-19.2", None));
    desk.photo_of("optical");
    desk.act(reading("speed", "down", "980", None));
    desk.photo_of("speed");
    desk.tick_phase("test");
    desk
}

fn signed() -> Desk {
    let mut desk = ready_to_sign();
    desk.hand_over();
    desk
}

#[test]
fn the_cleanup_stays_open_after_the_customer_signed() {
    let mut desk = signed();
    let before = desk.view().attested;
    let open: Vec<String> = desk.missing_items();
    assert_eq!(
        open,
        [
            "tools-packed",
            "cleaned",
            "papers-left",
            "offered",
            "goodbye-said",
            "technician-signature"
        ]
    );
    desk.refuses(Command::Submit, Code::SubmissionBlocked);
    desk.tick_phase("cleanup");
    desk.tick_phase("offer");
    let na = Answer::NotApplicable {
        reason: "客户没空".to_owned(),
    };
    desk.act(answer("offered", na));
    desk.tick_phase("goodbye");
    assert_eq!(
        desk.view().attested,
        before,
        "later rows are not what the customer signed"
    );
    desk.try_technician_sign().unwrap();
    desk.act(Command::Submit);
    assert_eq!(desk.view().stage, VisitStage::Submitted);
}

#[test]
fn what_was_signed_is_frozen_until_the_customer_signs_again() {
    let mut desk = signed();
    let row_id = desk.view().devices[0].row_id.clone();
    let rename = Command::PutRow {
        row_id: Some(row_id),
        row: device("HW556678"),
    };
    desk.refuses(rename.clone(), Code::SignedContent);
    for change in [
        put(device("ANOTHER")),
        put(RowData::Materials {
            name: "皮线".to_owned(),
            quantity: 30.into(),
            unit: "m".to_owned(),
        }),
        Command::DeclareNoFees { none: false },
        Command::Clear {
            item: "work-done".to_owned(),
        },
        reading("optical", "after", "-20", None),
        Command::RemovePhoto {
            photo: desk.visit.photos[0].value.id.clone(),
        },
    ] {
        desk.refuses(change, Code::SignedContent);
    }
    assert!(desk.item("work-done").frozen && !desk.item("cleaned").frozen);
    desk.refuses(Command::StartHandover, Code::AlreadySigned);
    desk.refuses(
        Command::ReopenSignature {
            reason: " ".to_owned(),
        },
        Code::ReasonMissing,
    );
    desk.act(Command::ReopenSignature {
        reason: "SN 写错了".to_owned(),
    });
    desk.act(rename);
    assert!(desk.missing().contains(&(
        MissingCode::CustomerSignature,
        "customer-signature".to_owned()
    )));
    desk.act(Command::StartHandover);
    desk.sign(SignOutcome::Signed);
    desk.act(Command::EndHandover);
    assert_eq!(
        desk.item("feedback").status,
        ItemStatus::Done,
        "the feedback stays sealed and given"
    );
}

#[test]
fn undoing_a_signed_tap_is_refused_too() {
    let mut desk = signed();
    assert_eq!(desk.view().undo.unwrap().kind, "items.answered");
    desk.refuses(Command::Undo, Code::SignedContent);
}

#[test]
fn a_photo_that_would_change_signed_content_is_refused_before_it_is_taken_in() {
    let mut desk = ready_to_sign();
    let cabling = PhotoTarget::Item {
        item: "cabling".to_owned(),
    };
    let mut photos = desk
        .visit
        .photos
        .iter()
        .filter(|p| p.value.target == cabling);
    let photo = photos.next().unwrap().value.id.clone();
    desk.act(Command::RemovePhoto { photo });
    desk.hand_over();
    let signed = desk.visit.customer_signature.clone().unwrap().value.digest;
    assert!(desk.missing_items().contains(&"cabling".to_owned()));
    let refusal = desk.try_photo(cabling.clone()).map_err(|r| r.code);
    assert_eq!(
        refusal,
        Err(Code::SignedContent),
        "安装照片 would add a line above the signature"
    );
    assert_eq!(desk.view().attested.digest(), signed);
    desk.photo_of("cleaned");
    desk.act(Command::ReopenSignature {
        reason: "少拍了一张照片".to_owned(),
    });
    desk.photo(cabling);
}

#[test]
fn the_customer_signs_after_the_fees_are_settled() {
    let mut desk = Desk::new(telecom(), JobType::Repair);
    desk.go_inside();
    let early = desk.refused(Command::StartHandover);
    assert_eq!(
        (early.code, early.params["id"].as_str()),
        (Code::ItemTooEarly, "fees")
    );
    let refusing = desk.request(SignOutcome::Refused);
    assert_eq!(
        desk.try_sign(&refusing).map_err(|r| r.code),
        Err(Code::ItemTooEarly)
    );
    desk.act(Command::DeclareNoFees { none: true });
    desk.act(Command::StartHandover);
}

#[test]
fn the_technician_signs_after_the_customer() {
    let mut desk = ready_to_sign();
    assert_eq!(
        desk.try_technician_sign().map_err(|r| r.code),
        Err(Code::CustomerFirst)
    );
    desk.hand_over();
    desk.try_technician_sign().unwrap();
    assert_eq!(
        desk.try_technician_sign().map_err(|r| r.code),
        Err(Code::AlreadySigned)
    );
}
