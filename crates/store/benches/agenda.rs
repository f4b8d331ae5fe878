//! The list of 10,000 orders: one page with totals and counts, plain, of one day, and searched.
//!
//! `agenda [dir] [rounds]`: the questions take turns, a JSON line each.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{HOUR, NOW, agreed, opened, order, received};
use doorstep_store::{AgendaFilter, AgendaQuery};
use std::path::PathBuf;
use std::time::Instant;

const ORDERS: u64 = 10_000;

fn main() {
    // cargo bench adds --bench
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let base = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let rounds: u64 = args.next().map_or(200, |n| n.parse().unwrap());
    let dir = tempfile::tempdir_in(base).unwrap();
    let mut store = common::open(dir.path());
    for first in (0..ORDERS).step_by(500) {
        let mut events = Vec::new();
        for i in first..first + 500 {
            let (of, visit) = (format!("order/{i:05}"), format!("visit/{i:05}"));
            events.push(received(i * 4, &of, order(i)));
            // four orders in ten have a visit, half of those a time agreed
            if i % 5 < 2 {
                events.push(opened(i * 4 + 1, &visit, &of));
            }
            if i % 5 == 1 {
                events.push(agreed(
                    i * 4 + 2,
                    &visit,
                    NOW + i64::try_from(i).unwrap() * 60_000,
                ));
            }
        }
        store.append(events).unwrap();
    }
    let day = AgendaFilter::Day {
        from_ms: NOW,
        to_ms: NOW + 24 * HOUR,
    };
    let questions = [
        ("open", None, AgendaFilter::Open, 0),
        ("all_end", None, AgendaFilter::All, 9_900),
        ("day", None, day, 0),
        ("search_one", Some("20261122-09876"), AgendaFilter::All, 0),
        ("search_many", Some("文三路 陈"), AgendaFilter::Open, 0),
        ("search_none", Some("没有这个人"), AgendaFilter::All, 0),
    ];
    for round in 0..rounds {
        for (what, search, filter, offset) in &questions {
            let search = search.map(str::to_owned);
            let query = AgendaQuery {
                whose: None,
                search,
                filter: *filter,
                offset: *offset,
                limit: 50,
            };
            let start = Instant::now();
            let page = store.agenda(&query).unwrap();
            let ms = start.elapsed().as_secs_f64() * 1e3;
            let (total, rows) = (page.total, page.rows.len());
            println!(
                r#"{{"bench":"agenda","what":"{what}","run":{round},"ms":{ms:.3},"total":{total},"rows":{rows}}}"#
            );
        }
    }
}
