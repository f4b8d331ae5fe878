//! Answering one item, command → durable, through the whole app, against one bare row commit with the same settings.
//!
//! `answer [dir] [rounds]`: the two take turns on the disk that holds `dir`, a JSON line each. A visit gets as many
//! answers as a real one, then comes the next order's.
#![allow(clippy::print_stdout)]

mod common;

use common::{Failed, refused};
use doorstep_app::App;
use doorstep_app::dto::{Boot, TodayQuery};
use doorstep_domain::event::{Content, write_body};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::events::{ItemAnswer, VisitEvent};
use doorstep_domain::visit::{Answer, Via};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Items that both jobs of the 中国移动 pack tick and that nothing has to precede.
const ITEMS: [&str; 5] = [
    "dressed",
    "badge-shown",
    "introduced",
    "verified",
    "covers-on",
];
/// Answers that a visit gets.
const ANSWERS: usize = 40;

/// An encrypted database with one table and the store's own settings.
fn bare(path: &Path) -> Result<Connection, Failed> {
    let bare = Connection::open(path)?;
    bare.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "2a".repeat(32)))?;
    for (name, value, _) in doorstep_store::PRAGMAS {
        bare.execute_batch(&format!("PRAGMA {name} = {value}"))?;
    }
    bare.execute_batch(
        "CREATE TABLE bare (seq INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT",
    )?;
    Ok(bare)
}

/// The row that the bare database writes: one answer, as long as the app's own.
fn row(boot: &Boot, item: &ItemAnswer) -> Result<String, Failed> {
    let event = VisitEvent::ItemsAnswered {
        answers: vec![item.clone()],
        via: Via::Tap,
        claim: None,
    };
    let (kind, body) = write_body(&event)?;
    let id = "019a0000-0000-7000-8000-000000000000";
    let content = Content {
        id: id.to_owned(),
        stream: format!("visit/{id}"),
        kind,
        schema_v: 1,
        actor: boot.technician.clone().ok_or("nobody works here")?,
        at: doorstep_domain::time::Stamp {
            wall_ms: boot.now.ms,
            offset_min: boot.now.offset_min,
            zone: "Asia/Shanghai".to_owned(),
            mono_ms: 0,
            boot_id: id.to_owned(),
        },
        based_on: None,
        body,
    };
    Ok(serde_json::to_string(&content)?)
}

/// A freshly opened visit for each of `count` 中国移动 orders.
fn visits(app: &App, count: usize) -> Result<Vec<String>, Failed> {
    let query = TodayQuery {
        search: Some("B0".to_owned()),
        offset: 0,
        limit: 200,
    };
    let page = app.today(&query).map_err(|e| refused(&e))?;
    let of_pack = page.rows.iter().filter(|r| r.service.starts_with("移动"));
    let mut visits = Vec::new();
    for order in of_pack.take(count) {
        visits.push(app.open_visit(&order.order).map_err(|e| refused(&e))?.visit);
    }
    Ok(visits)
}

fn main() -> Result<(), Failed> {
    let mut args = common::arguments();
    let base = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let rounds: usize = args.next().map_or(Ok(1000), |n| n.parse())?;
    let (dir, app, boot) = common::demo(base)?;
    common::import(&app, &boot, 200)?;
    let bare = bare(&dir.path().join("bare.db"))?;
    let visits = visits(&app, rounds.div_ceil(ANSWERS))?;
    for round in 0..rounds {
        let visit = visits.get(round / ANSWERS).ok_or("too few orders")?;
        let item = ItemAnswer {
            item: ITEMS[round % ITEMS.len()].to_owned(),
            answer: Answer::Tick,
        };
        let text = row(&boot, &item)?;
        let command = Command::Answer { item, claim: None };
        let start = Instant::now();
        app.act_durably(visit, &command).map_err(|e| refused(&e))?;
        line("act", start);
        let start = Instant::now();
        bare.prepare_cached("INSERT INTO bare (content) VALUES (?1)")?
            .execute([&text])?;
        line("bare", start);
    }
    Ok(())
}

fn line(what: &str, start: Instant) {
    let ms = start.elapsed().as_secs_f64() * 1e3;
    println!(r#"{{"bench":"answer","what":"{what}","ms":{ms:.4}}}"#);
}
