//! Contents of a newer version, and contents that make no sense.

use crate::common::*;
use crate::moves::{any_job, any_moves, play};
use crate::{fold, rows};
use doorstep_domain::event::Sealed;
use doorstep_domain::rows::StreamState;
use doorstep_domain::visit::state::VisitState;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Any JSON, with moments and numbers at the edge of what fits.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!({ "ms": i64::MIN, "offset_min": i32::MAX })),
        Just(json!({ "ms": i64::MAX, "offset_min": i32::MIN })),
        Just(json!("99999999999999999999999999999999")),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

/// Puts `value` somewhere into `into`; `at` says where.
fn put_into(into: &mut Value, at: &[Index], value: Value) {
    let next = at.split_first();
    match (into, next) {
        (Value::Object(map), Some((at, rest))) if !map.is_empty() => {
            let keys: Vec<String> = map.keys().cloned().collect();
            put_into(&mut map[at.get(&keys).as_str()], rest, value);
        }
        (Value::Array(list), Some((at, rest))) if !list.is_empty() => {
            let place = at.index(list.len());
            put_into(&mut list[place], rest, value);
        }
        (into, _) => *into = value,
    }
}

/// What the screens read of a visit: all but the digest, the count of parked events and the newest time.
fn known(state: &VisitState) -> VisitState {
    VisitState {
        digest: String::new(),
        parked: 0,
        updated_ms: 0,
        ..state.clone()
    }
}

fn visit_of(log: &[String]) -> VisitState {
    match fold(log).remove(VISIT) {
        Some(StreamState::Visit(visit)) => *visit,
        other => panic!("{other:?}"),
    }
}

/// A content of this visit, as a later version or a defect would write it.
fn strange(which: usize, like: &str) -> String {
    let mut content: Value = serde_json::from_str(like).unwrap();
    content["id"] = json!("strange");
    match which {
        0 => content["kind"] = json!("drone.landed"),
        1 => content["schema_v"] = json!(99),
        2 => content["body"] = json!({ "call": "yes" }),
        3 => content["body"] = json!([1, [2], "三"]),
        _ => content["kind"] = json!(""),
    }
    content.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_understood_is_parked_and_changes_nothing_else(
        moves in any_moves(),
        job in any_job(),
        guests in prop::collection::vec((0_usize..5, any::<Index>()), 1..6),
    ) {
        let desk = play(mobile(), job, &moves);
        let call = desk.log.iter().find(|t| t.contains("call.logged")).unwrap().clone();
        let mut log = desk.log.clone();
        for (which, at) in &guests {
            let place = 2 + at.index(log.len() - 1);
            log.insert(place, strange(*which, &call));
        }
        let (plain, visited) = (visit_of(&desk.log), visit_of(&log));
        prop_assert_eq!(visited.parked as usize, guests.len());
        prop_assert_ne!(&visited.digest, &plain.digest);
        prop_assert_eq!(known(&visited), known(&plain));
    }

    #[test]
    fn fields_of_a_later_version_survive_in_the_text_and_disturb_nobody(
        moves in any_moves(),
        job in any_job(),
        extra in any_json(),
    ) {
        let desk = play(telecom(), job, &moves);
        let grown: Vec<String> = desk.log.iter().map(|text| {
            let mut content: Value = serde_json::from_str(text).unwrap();
            content["device_seal"] = extra.clone();
            content["body"]["since_v7"] = extra.clone();
            content.to_string()
        }).collect();
        for text in &grown {
            let sealed = Sealed::parse(text.clone()).unwrap();
            prop_assert_eq!(&sealed.text, text, "never written anew");
        }
        let (plain, later) = (visit_of(&desk.log), visit_of(&grown));
        prop_assert_eq!(later.parked, 0);
        prop_assert_eq!(known(&later), known(&plain));
    }

    #[test]
    fn no_content_stops_the_fold_or_the_screens(
        moves in any_moves(),
        job in any_job(),
        wounds in prop::collection::vec(
            (any::<Index>(), prop::collection::vec(any::<Index>(), 0..6), any_json()), 1..12),
    ) {
        let mut desk = play(mobile(), job, &moves);
        for (line, at, value) in wounds {
            let place = line.index(desk.log.len());
            let mut content: Value = serde_json::from_str(&desk.log[place]).unwrap();
            put_into(&mut content["body"], &at, value);
            desk.log[place] = content.to_string();
        }
        let states = fold(&desk.log);
        prop_assert_eq!(rows(&states).len(), states.len());
        for state in states.into_values() {
            match state {
                StreamState::Order(order) => desk.order = *order,
                StreamState::Visit(visit) => desk.visit = *visit,
                StreamState::Day(day) => desk.day = *day,
                StreamState::Review(review) => desk.review = *review,
                StreamState::Gear(gear) => desk.gear = *gear,
                StreamState::Issue(_) | StreamState::Plan(_) => {}
                StreamState::Assess(_) | StreamState::Staff(_) | StreamState::Unknown => {
                    panic!("no stream was renamed")
                }
            }
        }
        let view = desk.view();
        prop_assert_eq!(view.visit.as_str(), VISIT);
    }
}
