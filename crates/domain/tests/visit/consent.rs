//! Statements that the customer signs before the work, and the other things that a pack may ask for: dates, prices, gear.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::desk::{FlagKind, Sight, flags, timeline};
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::standard::{Evidence, Gear, Item, JobType, Price, WarrantyRule};
use doorstep_domain::text::{Lang, Text};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::consent::{ConsentOutcome, Statement};
use doorstep_domain::visit::progress::{ItemStatus, MissingCode};
use doorstep_domain::visit::state::VisitState;
use doorstep_domain::visit::view::EvidenceView;
use doorstep_domain::visit::*;
use proptest::prelude::*;

fn item(id: &str, evidence: Evidence) -> Item {
    Item {
        id: id.to_owned(),
        text: Text::new(id, id),
        note: None,
        customer: None,
        evidence,
        photos: None,
        required: true,
        mismatch: false,
        when: None,
        after: Vec::new(),
        na_reasons: Vec::new(),
        clauses: vec!["S31-18".to_owned()],
    }
}

/// 中国移动 with a statement before the fault is looked for, a date, gear and a price.
fn pack() -> LoadedPack {
    let mut loaded = mobile();
    let statement = Text::new("硬盘数据我已备份", "I have saved my data");
    let work = loaded
        .pack
        .phases
        .iter_mut()
        .find(|p| p.id == "work")
        .unwrap();
    work.items
        .insert(0, item("backup", Evidence::Consent { statement }));
    work.items.insert(1, item("bought", Evidence::Date));
    let fault = work.items.iter_mut().find(|i| i.id == "fault").unwrap();
    fault.after.push("backup".to_owned());
    let depart = loaded
        .pack
        .phases
        .iter_mut()
        .find(|p| p.id == "depart")
        .unwrap();
    depart.items.push(item("gear", Evidence::AutoGear));
    loaded.pack.gear = vec![Gear {
        id: "helmet".to_owned(),
        name: Text::new("安全帽", "Helmet"),
        months: 30,
        clauses: vec!["S40-09".to_owned()],
    }];
    loaded.pack.prices = vec![Price {
        id: "pipe".to_owned(),
        name: Text::new("加长管", "Extra pipe"),
        unit: Text::new("米", "m"),
        cents: 10_000,
        clauses: vec!["S35-18".to_owned()],
    }];
    loaded.pack.rules.warranty = Some(WarrantyRule {
        years: 6,
        sold_from: Some("2005-01-01".to_owned()),
        clauses: vec!["S35-02".to_owned()],
    });
    loaded
}

fn inside() -> Desk {
    let mut desk = Desk::new(pack(), JobType::Repair);
    desk.new_gear("2026-01-01");
    desk.go_inside();
    desk.tick_phase("work");
    desk.act(Command::DeclareNoFees { none: true });
    desk
}

fn start(item: &str) -> Command {
    Command::StartConsent {
        item: item.to_owned(),
    }
}

fn kinds(desk: &Desk) -> Vec<(FlagKind, String)> {
    let sight = Sight {
        visit: &desk.visit,
        order: &desk.order,
        pack: Some(&desk.loaded.pack),
        day: Some(&desk.day),
        missed_before: 0,
        lang: Lang::Zh,
    };
    let all = flags(&sight, &[], &[]).into_iter();
    all.map(|f| (f.kind, f.title)).collect()
}

#[test]
fn the_work_waits_for_the_signed_statement() {
    let mut desk = inside();
    assert_eq!(
        desk.refused(text("fault", "换了电源")).params["id"],
        "backup"
    );
    desk.act(start("backup"));
    let view = desk.view();
    assert_eq!(view.statement.unwrap().text, "硬盘数据我已备份");
    assert!(view.in_handover);
    desk.refuses(text("fault", "换了电源"), Code::InHandover);
    let request = desk.consent_request("backup", ConsentOutcome::Signed);
    desk.try_consent(&request).unwrap();
    desk.act(Command::EndHandover);
    assert_eq!(desk.item("backup").status, ItemStatus::Done);
    assert!(desk.view().statement.is_none() && !desk.view().in_handover);
    desk.act(text("fault", "换了电源"));
    desk.refuses(start("backup"), Code::AlreadySigned);
}

#[test]
fn a_refusal_closes_what_comes_after_and_can_turn_into_a_yes() {
    let mut desk = inside();
    desk.consent("backup", ConsentOutcome::Refused);
    assert_eq!(desk.item("backup").status, ItemStatus::Partial);
    desk.refuses(text("fault", "换了电源"), Code::ItemTooEarly);
    assert!(
        desk.missing()
            .contains(&(MissingCode::Consent, "backup".to_owned()))
    );
    assert!(kinds(&desk).contains(&(FlagKind::Consent, "backup：拒绝".to_owned())));
    // the visit can end without it
    desk.act(Command::SetOutcome {
        outcome: Outcome::Suspended {
            reason: "客户不同意".to_owned(),
            next_step: "客户备份后再约".to_owned(),
            call_back_by: None,
            not_ours: true,
        },
    });
    assert!(
        !desk
            .missing()
            .iter()
            .any(|(code, _)| *code == MissingCode::Consent)
    );
    desk.act(Command::Undo);
    desk.consent("backup", ConsentOutcome::Unable);
    assert_eq!(
        desk.item("backup").status,
        ItemStatus::Done,
        "agreed in words"
    );
    assert!(kinds(&desk).contains(&(FlagKind::Consent, "backup：口头同意，没签".to_owned())));
    desk.consent("backup", ConsentOutcome::Signed);
    assert!(
        !kinds(&desk)
            .iter()
            .any(|(kind, _)| *kind == FlagKind::Consent)
    );
    let said = desk.visit.consents["backup"].all().len();
    assert_eq!(said, 3, "every word stays");
}

#[test]
fn a_statement_is_signed_as_it_was_shown_by_a_named_person() {
    let mut desk = inside();
    let signed = desk.consent_request("backup", ConsentOutcome::Signed);
    let refused = |desk: &mut Desk, request: &_| desk.try_consent(request).unwrap_err().code;
    assert_eq!(refused(&mut desk, &signed), Code::NotInHandover);
    desk.refuses(start("fault"), Code::AnswerMismatch);
    desk.act(start("backup"));
    let with = |change: fn(&mut doorstep_domain::visit::consent::ConsentRequest)| {
        let mut request = signed.clone();
        change(&mut request);
        request
    };
    assert_eq!(
        refused(&mut desk, &with(|r| r.strokes = None)),
        Code::InkEmpty
    );
    assert_eq!(
        refused(&mut desk, &with(|r| r.signer = " ".into())),
        Code::SignerMissing
    );
    assert_eq!(
        refused(&mut desk, &with(|r| r.digest = "0".into())),
        Code::ContentStale
    );
    let silent = with(|r| r.outcome = ConsentOutcome::Refused);
    assert_eq!(refused(&mut desk, &silent), Code::ReasonMissing);
    let (_, row) = desk.loaded.pack.item("backup").unwrap();
    let english = Statement::of(row, &desk.order, Lang::En).unwrap();
    let mut request = signed.clone();
    request.digest = english.digest();
    desk.try_consent(&request).unwrap();
    let kept = &desk.visit.consent("backup").unwrap().value;
    assert_eq!(
        (kept.lang, kept.statement.as_str()),
        (Lang::En, "I have saved my data")
    );
}

#[test]
fn a_date_of_purchase_tells_the_warranty() {
    let mut desk = inside();
    let date = |d: &str| answer("bought", Answer::Date { date: d.to_owned() });
    desk.refuses(date("2025-13-01"), Code::DateInvalid);
    desk.refuses(date("2026-11-23"), Code::TimeImplausible);
    for (bought, holds, until) in [
        ("2026-11-22", true, Some("2032-11-22")),
        ("2020-11-22", true, Some("2026-11-22")),
        ("2020-11-21", false, Some("2026-11-21")),
        ("2004-12-31", false, None),
    ] {
        desk.act(date(bought));
        let EvidenceView::Date { warranty, .. } = desk.item("bought").evidence else {
            panic!("a date")
        };
        let warranty = warranty.unwrap();
        assert_eq!(
            (warranty.holds, warranty.until.as_deref()),
            (holds, until),
            "{bought}"
        );
    }
    assert_eq!(desk.item("bought").status, ItemStatus::Done);
}

#[test]
fn a_fee_of_the_list_costs_what_the_list_says() {
    let mut desk = inside();
    desk.act(Command::DeclareNoFees { none: false });
    let listed = desk.view().prices;
    assert_eq!(
        (listed[0].unit.as_str(), listed[0].unit_price.as_str()),
        ("米", "100.00")
    );
    desk.clock("14:05");
    let pipe = |id: &str, yuan: &str| {
        let RowData::Fees {
            told_at, agreed_at, ..
        } = fee("1")
        else {
            panic!("a fee")
        };
        put(RowData::Fees {
            name: "加长管".to_owned(),
            unit_price: yuan.parse().unwrap(),
            quantity: "2.5".parse().unwrap(),
            told_at,
            agreed_at,
            channel: None,
            price: Some(id.to_owned()),
            unit: Some("米".to_owned()),
        })
    };
    let refusal = desk.refused(pipe("pipe", "99.99"));
    assert_eq!(
        (refusal.code, refusal.params["price"].as_str()),
        (Code::PriceDiffers, "100.00")
    );
    desk.refuses(pipe("gold", "100"), Code::RowInvalid);
    desk.act(pipe("pipe", "100"));
    assert_eq!(desk.view().fee_total, "250.00");
}

#[test]
fn gear_out_of_date_needs_a_reason_that_the_lead_reads() {
    let check = |reason: Option<&str>| Command::CheckGear {
        item: "gear".to_owned(),
        reason: reason.map(str::to_owned),
    };
    let mut desk = Desk::new(pack(), JobType::Repair);
    let refusal = desk.refused(check(Some(" ")));
    assert_eq!(
        (refusal.code, refusal.params["gear"].as_str()),
        (Code::GearReasonMissing, "安全帽")
    );
    desk.new_gear("2024-05-21");
    desk.refuses(check(None), Code::GearReasonMissing);
    desk.act(check(Some("新的明天到")));
    assert_eq!(desk.item("gear").status, ItemStatus::Done);
    assert!(kinds(&desk).contains(&(
        FlagKind::GearExpired,
        "安全帽（到期 2026-11-21）".to_owned()
    )));
    desk.act(Command::Undo);
    desk.new_gear("2024-05-22");
    desk.act(check(None));
    assert!(
        !kinds(&desk)
            .iter()
            .any(|(kind, _)| *kind == FlagKind::GearExpired),
        "its last day"
    );
}

#[test]
fn the_timeline_tells_every_word_on_a_statement() {
    let mut desk = inside();
    desk.consent("backup", ConsentOutcome::Refused);
    desk.consent("backup", ConsentOutcome::Signed);
    let sight = Sight {
        visit: &desk.visit,
        order: &desk.order,
        pack: Some(&desk.loaded.pack),
        day: None,
        missed_before: 0,
        lang: Lang::Zh,
    };
    let lines: Vec<String> = timeline(&sight, &[]).into_iter().map(|l| l.words).collect();
    assert!(
        lines.contains(&"backup：拒绝".to_owned()) && lines.contains(&"backup：已签".to_owned())
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Whatever was said in whatever order, the last word counts, and the log read again says the same.
    #[test]
    fn the_last_word_on_a_statement_counts(said in prop::collection::vec(0_u8..4, 1..8)) {
        let mut desk = inside();
        let mut last = None;
        // more would take the entry back, before which nobody is asked
        let mut undos = 0..2;
        for word in said {
            let outcome = match word {
                0 => ConsentOutcome::Refused,
                1 => ConsentOutcome::Unable,
                2 => ConsentOutcome::Signed,
                _ => {
                    // taking back a tap never takes back what the customer said
                    if undos.next().is_some() {
                        desk.act(Command::Undo);
                    }
                    continue;
                }
            };
            if last == Some(ConsentOutcome::Signed) {
                desk.refuses(start("backup"), Code::AlreadySigned);
                continue;
            }
            desk.consent("backup", outcome);
            last = Some(outcome);
        }
        let kept = desk.visit.consent("backup").map(|c| c.value.outcome);
        prop_assert_eq!(kept, last);
        let settled = desk.item("backup").status.settled();
        prop_assert_eq!(settled, last.is_some_and(|o| o != ConsentOutcome::Refused));
        let mut again = VisitState::default();
        for text in &desk.log {
            let sealed = doorstep_domain::event::Sealed::parse(text.clone()).unwrap();
            if sealed.content.stream == VISIT {
                again.apply(&sealed.content);
            }
        }
        prop_assert_eq!(again.consents, desk.visit.consents);
    }
}
