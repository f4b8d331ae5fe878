//! Today with 10,000 orders of one day: the first page, the last one, and a search through all.
//!
//! `today [dir] [rounds]`: the questions take turns, a JSON line each.
#![allow(clippy::print_stdout)]

mod common;

use common::{Failed, refused};
use doorstep_app::dto::TodayQuery;
use std::path::PathBuf;
use std::time::Instant;

const ORDERS: u32 = 10_000;
/// As many rows as the screen asks for at once.
const PAGE: u32 = 50;

fn main() -> Result<(), Failed> {
    let mut args = common::arguments();
    let base = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let rounds: u32 = args.next().map_or(Ok(200), |n| n.parse())?;
    let (_dir, app, boot) = common::demo(base)?;
    common::import(&app, &boot, ORDERS)?;
    let questions = [
        ("first", None, 0),
        ("last", None, ORDERS - PAGE),
        ("search_one", Some("B009876"), 0),
        ("search_many", Some("文三路 陈"), 0),
    ];
    for _ in 0..rounds {
        for (what, search, offset) in questions {
            let query = TodayQuery {
                search: search.map(str::to_owned),
                offset,
                limit: PAGE,
            };
            let start = Instant::now();
            let page = app.today(&query).map_err(|e| refused(&e))?;
            let ms = start.elapsed().as_secs_f64() * 1e3;
            let (total, rows) = (page.total, page.rows.len());
            println!(
                r#"{{"bench":"today","what":"{what}","ms":{ms:.3},"total":{total},"rows":{rows}}}"#
            );
        }
    }
    Ok(())
}
