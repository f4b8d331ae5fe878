//! First start, restart, passphrase, demo.

use doorstep_app::dto::{BootState, Settings, Theme};
use doorstep_domain::code::Code;
use doorstep_domain::text::Lang;
use doorstep_stories::{Desk, code, events, profile};

#[test]
fn the_demo_has_orders_of_today_and_forgets_them() {
    let desk = Desk::new();
    assert_eq!(desk.app.boot().unwrap().state, BootState::FirstStart);
    assert_eq!(code(desk.app.today(&query())), Code::NoProfile);
    let boot = desk.app.start_demo().unwrap();
    assert!(boot.demo && boot.state == BootState::Ready);
    assert_eq!(desk.today().total, 5);
    let order = desk.today().rows[0].order.clone();
    desk.app.open_visit(&order).unwrap();
    let recorded = events(&desk.app);
    let desk = desk.restarted(|_| {});
    assert!(desk.app.boot().unwrap().demo);
    assert_eq!(events(&desk.app), recorded, "a restart makes no second day");
    assert_eq!(desk.app.leave_demo().unwrap().state, BootState::FirstStart);
    assert!(!desk.folder().join("demo").exists());
    assert_eq!(code(desk.app.leave_demo()), Code::NoProfile);
}

fn query() -> doorstep_app::dto::TodayQuery {
    doorstep_app::dto::TodayQuery {
        search: None,
        offset: 0,
        limit: 10,
    }
}

#[test]
fn with_a_keystore_the_tablet_opens_by_itself() {
    let desk = Desk::at_work();
    let order = desk.order("20261122-0412", "修障").order.stream;
    let settings = Settings {
        lang: Lang::En,
        theme: Theme::Outdoor,
        scale: 900,
        keep_days: 7,
    };
    assert_eq!(desk.app.save_settings(&settings).unwrap().scale, 150);
    let desk = desk.restarted(|_| {});
    let boot = desk.app.boot().unwrap();
    assert_eq!(
        (boot.state, boot.demo, boot.settings.scale),
        (BootState::Ready, false, 150)
    );
    assert_eq!(boot.technician.unwrap().staff_no, "3107");
    assert_eq!(desk.today().rows[0].order, order);
    let key = std::fs::read_to_string(desk.folder().join("main/key.json")).unwrap();
    assert!(key.contains("\"keystore\"") && !key.contains("plain"));
}

#[test]
fn without_a_keystore_a_passphrase_is_asked_at_every_start() {
    let desk = Desk::new();
    desk.keys.silence();
    assert_eq!(
        code(desk.app.start_real(&profile(None))),
        Code::PassphraseNeeded
    );
    assert_eq!(desk.app.boot().unwrap().state, BootState::FirstStart);
    desk.app
        .start_real(&profile(Some("上门服务师傅您好")))
        .unwrap();
    desk.order("20261122-0412", "修障");
    let desk = desk.restarted(|_| {});
    assert_eq!(desk.app.boot().unwrap().state, BootState::Locked);
    assert_eq!(code(desk.app.today(&query())), Code::NoProfile);
    assert_eq!(
        code(desk.app.unlock("上门服务师傅你好")),
        Code::PassphraseWrong
    );
    assert_eq!(
        desk.app.unlock("上门服务师傅您好").unwrap().state,
        BootState::Ready
    );
    assert_eq!(desk.today().total, 1);
}

#[test]
fn nothing_of_a_customer_lies_readable_on_the_disk_or_in_an_error() {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    desk.photo(&visit, "optical");
    let call = code(desk.app.open_visit("order/none"));
    assert_eq!(call, Code::OrderUnknown);
    let secrets = ["林女士", "13800001234", "翠湖花园", "20261122-0412"];
    let wrong = doorstep_domain::visit::command::Command::Submit;
    let error = doorstep_stories::refusal(desk.app.act(&visit, &wrong));
    let words = format!("{error} {error:?}");
    assert!(!secrets.iter().any(|s| words.contains(s)), "{words}");
    let folder = desk.folder().join("main");
    let desk = desk.restarted(|_| {});
    let mut files = vec![folder];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().flatten().map(|e| e.path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        seen += 1;
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{secret} lies open in {}", path.display());
        }
    }
    assert!(seen >= 4, "database, keys and blobs were looked at: {seen}");
    drop(desk);
}
