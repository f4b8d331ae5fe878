//! Readings, fees, rows, words: what proves an item, on both sides of every limit.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::standard::{JobType, Milestone, RowList};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::events::ItemAnswer;
use doorstep_domain::visit::progress::{ItemStatus, MissingCode};
use doorstep_domain::visit::view::EvidenceView;
use doorstep_domain::visit::*;

fn inside() -> Desk {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.go_inside();
    desk
}

/// Whether a value needs a reason before the row is settled.
fn asks_why(item: &str, slot: &str, value: &str) -> bool {
    let mut desk = inside();
    desk.act(reading(item, slot, value, None));
    let asked = desk
        .missing()
        .contains(&(MissingCode::ReadingReason, item.to_owned()));
    let EvidenceView::Reading { spec } = desk.item(item).evidence else {
        panic!("{item} is no reading");
    };
    let slot = spec.slots.into_iter().find(|s| s.id == slot).unwrap();
    assert_eq!(slot.within, Some(!asked), "{item} {value}");
    desk.act(reading(item, &slot.id, value, Some("线路衰耗大，已报")));
    let still = desk
        .missing()
        .contains(&(MissingCode::ReadingReason, item.to_owned()));
    assert!(
        !still,
        "a reason settles {item} {value}: it asks, it does not block"
    );
    asked
}

#[test]
fn optical_power_has_a_limit_on_either_side() {
    for (value, asked) in [
        ("-27", false),
        ("-27.01", true),
        ("-31", true),
        ("-8", false),
        ("-7.99", true),
        ("-21.6", false),
    ] {
        assert_eq!(asks_why("optical", "after", value), asked, "{value} dBm");
    }
}

#[test]
fn speed_is_held_against_ninety_percent_of_the_contract() {
    for (value, asked) in [
        ("900", false),
        ("899.9", true),
        ("1000", false),
        ("12", true),
    ] {
        assert_eq!(
            asks_why("speed", "down", value),
            asked,
            "{value} Mbps of 1000"
        );
    }
}

#[test]
fn a_blank_reason_explains_nothing() {
    let mut desk = inside();
    desk.act(reading("optical", "after", "-31", Some("  ")));
    assert!(
        desk.missing()
            .contains(&(MissingCode::ReadingReason, "optical".to_owned()))
    );
}

#[test]
fn a_bad_value_before_the_work_needs_no_excuse() {
    let mut desk = inside();
    desk.act(reading("optical", "before", "-31", None));
    assert!(
        desk.missing()
            .contains(&(MissingCode::Reading, "optical".to_owned()))
    );
    assert_eq!(desk.item("optical").status, ItemStatus::Partial);
}

#[test]
fn a_reading_keeps_the_pack_s_sign_slots_and_decimals() {
    let mut desk = inside();
    for (item, slot, value) in [
        ("optical", "after", "21.6"),
        ("optical", "after", "-21.605"),
        ("optical", "middle", "-21.6"),
        ("optical", "after", "-1000000"),
        ("speed", "down", "-1"),
        ("speed", "down", "12.34"),
    ] {
        desk.refuses(reading(item, slot, value, None), Code::ReadingInvalid);
    }
    let nothing = Answer::Reading {
        values: std::collections::BTreeMap::new(),
    };
    desk.refuses(answer("optical", nothing), Code::AnswerMismatch);
}

#[test]
fn the_lines_of_a_ticket_add_up_to_its_total() {
    let mut desk = inside();
    desk.clock("14:05");
    for _ in 0..2 {
        let mut third = fee("33.33");
        if let RowData::Fees { quantity, .. } = &mut third {
            *quantity = "0.3333".parse().unwrap();
        }
        desk.act(put(third));
    }
    let view = desk.view();
    let lines: Vec<_> = view.fees.iter().map(|f| f.total.as_deref()).collect();
    assert_eq!(lines, [Some("11.11"), Some("11.11")]);
    assert_eq!(view.fee_total, "22.22");
}

#[test]
fn fees_are_told_then_agreed_or_declared_none() {
    let mut desk = inside();
    desk.clock("14:05");
    assert_eq!(
        desk.item("fees").status,
        ItemStatus::Open,
        "the choice is mandatory"
    );
    desk.act(put(fee("18.5")));
    assert_eq!(desk.item("fees").status, ItemStatus::Done);
    assert_eq!(desk.view().fee_total, "18.50");
    desk.refuses(Command::DeclareNoFees { none: true }, Code::FeesContradict);
    let row_id = desk.view().fees[0].row_id.clone();
    desk.act(Command::RemoveRow {
        list: RowList::Fees,
        row_id: row_id.clone(),
    });
    desk.refuses(
        Command::RemoveRow {
            list: RowList::Fees,
            row_id,
        },
        Code::RowInvalid,
    );
    desk.act(Command::DeclareNoFees { none: true });
    assert_eq!(desk.item("fees").status, ItemStatus::Done);
    desk.refuses(put(fee("18.5")), Code::FeesDeclaredNone);
    desk.act(Command::DeclareNoFees { none: false });
    assert_eq!(desk.item("fees").status, ItemStatus::Open);
    let with = |told, agreed| match fee("20") {
        RowData::Fees {
            name,
            unit_price,
            quantity,
            channel,
            ..
        } => put(RowData::Fees {
            name,
            unit_price,
            quantity,
            channel,
            told_at: told,
            agreed_at: agreed,
            price: None,
            unit: None,
        }),
        other => panic!("{other:?}"),
    };
    desk.refuses(with(Some(at("14:00")), None), Code::FeeNotAgreed);
    desk.refuses(
        with(Some(at("14:02")), Some(at("14:01"))),
        Code::WindowReversed,
    );
    desk.refuses(
        with(Some(at("14:02")), Some(at("15:30"))),
        Code::TimeImplausible,
    );
    for yuan in ["0", "-5", "1000001"] {
        assert_eq!(
            desk.refused(put(fee(yuan))).params["field"],
            "unit_price",
            "{yuan} 元"
        );
    }
}

#[test]
fn a_row_without_its_number_is_refused_by_field() {
    let mut desk = inside();
    let mac = |mac: &str| match device("A1") {
        RowData::Devices {
            name, sn, action, ..
        } => put(RowData::Devices {
            name,
            sn,
            action,
            mac: mac.to_owned(),
        }),
        other => panic!("{other:?}"),
    };
    assert_eq!(desk.refused(put(device(" "))).params["field"], "sn");
    assert_eq!(desk.refused(mac("00:11:22")).params["field"], "mac");
    let stuffed = format!("00:11:22:33:44:5f{}", " ".repeat(70_000));
    assert_eq!(desk.refused(mac(&stuffed)).params["field"], "mac");
    desk.act(mac("00:11:22:33:44:5F"));
    let paid = |channel: String| match fee("20") {
        RowData::Fees {
            name,
            unit_price,
            quantity,
            told_at,
            agreed_at,
            ..
        } => put(RowData::Fees {
            name,
            unit_price,
            quantity,
            told_at,
            agreed_at,
            channel: Some(channel),
            price: None,
            unit: None,
        }),
        other => panic!("{other:?}"),
    };
    desk.clock("14:05");
    assert_eq!(
        desk.refused(paid("微".repeat(70_000))).params["field"],
        "channel"
    );
    desk.act(paid("微信".to_owned()));
}

#[test]
fn words_have_a_length_and_a_beginning() {
    let mut desk = Desk::new(mobile(), JobType::Repair);
    desk.go_inside();
    desk.tick("form-shown");
    desk.tick("mat-laid");
    desk.refuses(text("fault", " \n"), Code::TextMissing);
    let long = desk.refused(text("fault", &"坏".repeat(1001)));
    assert_eq!(
        (long.code, long.params["max"].as_str()),
        (Code::TextTooLong, "1000")
    );
    desk.act(text("fault", &"坏".repeat(1000)));
    let mismatch = |note: &str| {
        answer(
            "verified",
            Answer::Mismatch {
                note: note.to_owned(),
            },
        )
    };
    desk.refuses(mismatch(""), Code::TextMissing);
    desk.act(mismatch("门牌是 1303"));
    desk.refuses(
        answer(
            "demo",
            Answer::Mismatch {
                note: "无".to_owned(),
            },
        ),
        Code::AnswerMismatch,
    );
}

#[test]
fn not_applicable_needs_a_reason_and_only_where_the_pack_offers_it() {
    let mut desk = Desk::new(telecom(), JobType::Install);
    desk.go_inside();
    let na = |item: &str, reason: &str| {
        answer(
            item,
            Answer::NotApplicable {
                reason: reason.to_owned(),
            },
        )
    };
    desk.refuses(na("concealed", ""), Code::ReasonMissing);
    desk.refuses(na("mat-laid", "没带"), Code::AnswerMismatch);
    desk.act(na("concealed", "没有暗管"));
    assert_eq!(desk.item("concealed").status, ItemStatus::NotApplicable);
    assert!(!desk.missing_items().contains(&"concealed".to_owned()));
}

#[test]
fn a_step_entered_later_keeps_both_times() {
    let mut desk = Desk::new(mobile(), JobType::Install);
    desk.appoint("14:00");
    desk.clock("16:00");
    let claim = |hm: &str, reason: &str| Claim {
        at: at(hm),
        reason: reason.to_owned(),
    };
    let late = |milestone, claim| Command::Reach {
        milestone,
        claim: Some(claim),
    };
    desk.refuses(
        late(Milestone::Departed, claim("13:20", " ")),
        Code::ReasonMissing,
    );
    desk.refuses(
        late(Milestone::Departed, claim("16:06", "忘了点")),
        Code::TimeImplausible,
    );
    let mut long_ago = claim("13:20", "忘了点");
    long_ago.at = long_ago.at.plus_minutes(-32 * 24 * 60);
    desk.refuses(late(Milestone::Departed, long_ago), Code::TimeImplausible);
    desk.check_kits();
    desk.act(late(Milestone::Departed, claim("13:20", "平板没电")));
    desk.act(late(Milestone::AtDoor, claim("13:52", "平板没电")));
    let view = desk.view();
    let door = view
        .milestones
        .iter()
        .find(|m| m.milestone == Milestone::AtDoor)
        .unwrap();
    assert_eq!(
        (door.at, door.claim.as_ref().unwrap().reason.as_str()),
        (at("13:52"), "平板没电")
    );
    assert!(
        view.arrival.unwrap().kept,
        "punctuality counts from what happened"
    );
    let entered = desk.visit.reached(Milestone::AtDoor).unwrap();
    assert_eq!(
        entered.at.moment(),
        at("16:00"),
        "the true time of entry stays beside it"
    );
    desk.tick("badge-shown");
    desk.act(Command::Answer {
        item: ItemAnswer {
            item: "consent".to_owned(),
            answer: Answer::Tick,
        },
        claim: Some(claim("13:53", "平板没电")),
    });
    let consent = desk.item("consent");
    assert_eq!(
        (consent.at, consent.late.is_some()),
        (Some(at("13:53")), true)
    );
    desk.photo(PhotoTarget::Paper);
    assert_eq!(
        desk.view().other_photos.len(),
        1,
        "the paper ticket becomes part of the visit"
    );
}

#[test]
fn a_question_switches_its_rows_on_and_off() {
    let mut desk = inside();
    desk.refuses(text("damage-record", "门框"), Code::ItemNotActive);
    assert!(
        desk.missing()
            .contains(&(MissingCode::Question, "damage".to_owned()))
    );
    desk.fact("damage", true);
    assert!(
        desk.missing()
            .contains(&(MissingCode::Photos, "damage-photo".to_owned()))
    );
    desk.act(text("damage-record", "门框擦掉一块漆，照价赔偿"));
    desk.fact("damage", false);
    let shown = desk.view().phases.into_iter().flat_map(|p| p.items);
    assert!(!shown.into_iter().any(|i| i.id == "damage-record"));
    desk.refuses(
        Command::SetFact {
            fact: "rain".to_owned(),
            value: true,
        },
        Code::ItemUnknown,
    );
}

#[test]
fn a_deleted_photo_leaves_its_trace() {
    let mut desk = inside();
    desk.tick("form-shown");
    desk.tick("mat-laid");
    desk.photo_of("cabling");
    let photo = desk.visit.photos[0].value.id.clone();
    desk.act(Command::RemovePhoto {
        photo: photo.clone(),
    });
    assert_eq!(desk.item("cabling").status, ItemStatus::Open);
    let kinds = |needle: &str| desk.log.iter().filter(|l| l.contains(needle)).count();
    assert_eq!((kinds("photo.added"), kinds("photo.removed")), (1, 1));
    desk.refuses(Command::RemovePhoto { photo }, Code::PhotoUnknown);
}
