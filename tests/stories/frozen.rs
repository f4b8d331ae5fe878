//! What lies in technicians' hands already: kinds of events, codes, the vault's header, the envelopes' keys.
//!
//! The lists in `tests/fixtures/frozen` only grow: `UPDATE_FROZEN=1` adds what is new, it never takes a line away.

use doorstep_domain::assess::events::AssessEvent;
use doorstep_domain::code::Code;
use doorstep_domain::day::DayEvent;
use doorstep_domain::event::{Actor, BasedOn, Content, Envelope};
use doorstep_domain::follow::PlanEvent;
use doorstep_domain::issue::IssueEvent;
use doorstep_domain::order::OrderEvent;
use doorstep_domain::review::ReviewEvent;
use doorstep_domain::staff::StaffEvent;
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_stories::{Desk, PHOTO, at, profile};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Holds a list against its committed one.
#[track_caller]
fn frozen(name: &str, now: &[String]) {
    let path = format!("{}/fixtures/frozen/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let known: Vec<&str> = committed.lines().collect();
    let new: Vec<&String> = now
        .iter()
        .filter(|w| !known.contains(&w.as_str()))
        .collect();
    if std::env::var_os("UPDATE_FROZEN").is_some() {
        let added: String = new.iter().map(|w| format!("{w}\n")).collect();
        std::fs::write(&path, format!("{committed}{added}")).unwrap();
    } else {
        assert!(new.is_empty(), "{name}: UPDATE_FROZEN=1 adds {new:?}");
    }
    let gone: Vec<&&str> = known
        .iter()
        .filter(|w| !now.iter().any(|n| n == **w))
        .collect();
    assert!(gone.is_empty(), "{name}: gone or renamed: {gone:?}");
}

/// The names that a type knows, as it tells them when it meets a strange one.
fn names<T: DeserializeOwned>(strange: Value) -> Vec<String> {
    let error = serde_json::from_value::<T>(strange)
        .err()
        .unwrap()
        .to_string();
    let known: Vec<String> = error
        .split('`')
        .skip(3)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(!known.is_empty(), "{error}");
    known
}

#[test]
fn kinds_of_events_stay() {
    let strange = json!({ "kind": "?", "body": {} });
    let mut kinds = names::<OrderEvent>(strange.clone());
    kinds.extend(names::<VisitEvent>(strange.clone()));
    kinds.extend(names::<DayEvent>(strange.clone()));
    kinds.extend(names::<ReviewEvent>(strange.clone()));
    kinds.extend(names::<IssueEvent>(strange.clone()));
    kinds.extend(names::<PlanEvent>(strange.clone()));
    kinds.extend(names::<AssessEvent>(strange.clone()));
    kinds.extend(names::<StaffEvent>(strange));
    assert_eq!(kinds.iter().collect::<BTreeSet<_>>().len(), kinds.len());
    frozen("event-kinds", &kinds);
}

#[test]
fn error_codes_stay() {
    frozen("codes", &names::<Code>(json!("?")));
}

/// Keys of an object, those of objects inside it behind a dot.
fn keys(value: &Value) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return Vec::new();
    };
    let inner = |(key, value): (&String, &Value)| {
        let below = keys(value).into_iter().map(|k| format!("{key}.{k}"));
        std::iter::once(key.clone())
            .chain(below)
            .collect::<Vec<_>>()
    };
    object.iter().flat_map(inner).collect()
}

#[test]
fn keys_of_contents_and_their_envelopes_stay() {
    let based_on = Some(BasedOn {
        stream: "order/1".to_owned(),
        event: "1".to_owned(),
    });
    let at = at("09:00");
    let content = Content {
        id: "2".to_owned(),
        stream: "visit/1".to_owned(),
        kind: "handover.started".to_owned(),
        schema_v: 1,
        actor: Actor {
            staff_no: "3107".to_owned(),
            name: "周建国".to_owned(),
        },
        at: Stamp {
            wall_ms: at.ms,
            offset_min: at.offset_min,
            zone: "Asia/Shanghai".to_owned(),
            mono_ms: 0,
            boot_id: "boot-1".to_owned(),
        },
        based_on,
        body: json!({}),
    };
    let envelope = Envelope {
        log_id: "log".to_owned(),
        seq: 1,
        prev: String::new(),
    };
    frozen(
        "content-keys",
        &keys(&serde_json::to_value(content).unwrap()),
    );
    frozen(
        "envelope-keys",
        &keys(&serde_json::to_value(envelope).unwrap()),
    );
}

/// Keys, format, version and kind of lock of a key file.
fn key_file(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("key.json")).unwrap();
    let key: Value = serde_json::from_str(&text).unwrap();
    let word = |pointer: &str| format!("{pointer} = {}", key.pointer(pointer).unwrap());
    let mut lines = keys(&key);
    lines.extend(["/format", "/version", "/lock/kind"].map(word));
    lines
}

#[test]
fn keys_of_the_key_file_stay_for_every_lock() {
    let stored = Desk::at_work();
    let demo = Desk::new();
    demo.app.start_demo().unwrap();
    let typed = Desk::new();
    typed.keys.silence();
    typed
        .app
        .start_real(&profile(Some("上门服务师傅您好")))
        .unwrap();
    let mut lines = key_file(&stored.folder().join("main"));
    for more in [
        key_file(&typed.folder().join("main")),
        key_file(&demo.folder().join("demo")),
    ] {
        lines.extend(
            more.into_iter()
                .filter(|l| !lines.contains(l))
                .collect::<Vec<_>>(),
        );
    }
    frozen("key-file", &lines);
}

/// The vault's file of a blob.
fn blob(folder: &Path, sha256: &str) -> PathBuf {
    let shelf = folder.join("main/vault").join(&sha256[..2]);
    let mut files = std::fs::read_dir(shelf)
        .unwrap()
        .flatten()
        .map(|e| e.path());
    files
        .find(|p| {
            p.file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with(sha256))
        })
        .unwrap()
}

#[test]
fn the_vault_s_header_stays() {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    let view = desk.photo(&visit, "optical");
    let items = view.phases.iter().flat_map(|p| &p.items);
    let sha256 = items.flat_map(|i| &i.photos).next().unwrap().sha256.clone();
    let jpeg = desk.app.photo(&visit, &sha256).unwrap();
    let path = blob(desk.folder(), &sha256);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let file = std::fs::read(&path).unwrap();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    assert_eq!(
        name,
        format!("{sha256}-{}", hex(&file[5..13])),
        "the key's id stands in the header and in the name"
    );
    let (header, tag) = (4 + 1 + 8 + 24, 16);
    assert_eq!(file.len(), header + jpeg.len() + tag);
    assert!(!file.windows(64).any(|w| PHOTO.windows(64).any(|p| p == w)));
    frozen(
        "vault-header",
        &[
            format!("magic {}", hex(&file[..4])),
            format!("version {}", hex(&file[4..5])),
            format!("header {header} bytes"),
            format!("tag {tag} bytes"),
        ],
    );
}
