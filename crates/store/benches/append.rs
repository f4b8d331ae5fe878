//! Answering one item, command → durable, against one bare SQLCipher row commit with the same settings.
//!
//! `append [dir] [rounds]`: the two take turns, a JSON line each, on the disk that holds `dir`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{answered, opened, order, received};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// An encrypted database with one table and the store's own settings.
fn bare(path: &Path) -> Connection {
    let bare = Connection::open(path).unwrap();
    bare.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "2a".repeat(32)))
        .unwrap();
    for (name, value, _) in doorstep_store::PRAGMAS {
        bare.execute_batch(&format!("PRAGMA {name} = {value}"))
            .unwrap();
    }
    bare.execute_batch("CREATE TABLE bare (seq INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT")
        .unwrap();
    bare
}

fn main() {
    // cargo bench adds --bench
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let base = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let rounds: u64 = args.next().map_or(1000, |n| n.parse().unwrap());
    let dir = tempfile::tempdir_in(base).unwrap();
    let bare = bare(&dir.path().join("bare.db"));
    let mut store = common::open(&dir.path().join("profile"));
    let (visit, of) = ("visit/019a-1", "order/019a-1");
    store
        .append(vec![received(1, of, order(1)), opened(2, visit, of)])
        .unwrap();
    let text = serde_json::to_string(&answered(3, visit, "item-00")).unwrap();
    for round in 0..rounds {
        let line = |what: &str, us: f64| {
            println!(r#"{{"bench":"answer","what":"{what}","run":{round},"us":{us:.1}}}"#);
        };
        let start = Instant::now();
        bare.prepare_cached("INSERT INTO bare (content) VALUES (?1)")
            .unwrap()
            .execute([&text])
            .unwrap();
        line("bare", start.elapsed().as_secs_f64() * 1e6);
        let content = answered(3 + round, visit, &format!("item-{:02}", round % 40));
        let start = Instant::now();
        store.append(vec![content]).unwrap();
        line("store", start.elapsed().as_secs_f64() * 1e6);
    }
}
