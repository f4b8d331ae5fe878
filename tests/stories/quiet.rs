//! Nothing of a customer is logged, whatever goes wrong: a whole visit with tracing at its most talkative.

use doorstep_app::AppError;
use doorstep_app::dto::TemporaryOrder;
use doorstep_domain::code::Code;
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::{Answer, PhotoTarget};
use doorstep_stories::{Desk, HEADER, answer, at, file, line, reach, suspended};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing::Level;

/// What the stories' customer must not find in a log.
const SECRETS: [&str; 8] = [
    "林女士",
    "13800001234",
    "138****1234",
    "翠湖花园",
    "20261122-0412",
    "师傅很细心",
    "皮线在门框处折断",
    "ZTE0001",
];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything logged while `story` runs, at TRACE, spans included.
fn logged(story: impl FnOnce()) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, story);
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// The refusal as the shell logs it.
#[track_caller]
fn told<T>(result: Result<T, AppError>, code: Code) {
    let error = doorstep_stories::refusal(result);
    // the error itself is what a careless log line would hold
    tracing::trace!("{error} {error:?}");
    assert_eq!(error.told().code, code);
}

fn orders(desk: &Desk) {
    let good = line("20261122-0412", "林女士", "修障", "移动宽带");
    let open = good.replace("翠湖花园", "\"翠湖花园");
    let text = format!("{HEADER}\n{open}\n");
    told(
        desk.app.import_preview("林女士.csv", text.as_bytes()),
        Code::ImportFormat,
    );
    let wrong = file(&[good.replace("13800001234", "138-翠湖花园")]);
    let preview = desk.app.import_preview("x.csv", wrong.as_bytes()).unwrap();
    told(desk.app.import_commit(&preview.token), Code::ImportRows);
    let temporary = TemporaryOrder {
        customer: "林女士".to_owned(),
        phone: "无".to_owned(),
        address: "翠湖花园 7 幢 1203".to_owned(),
        job: JobType::Repair,
        standard: "cmcc-broadband".to_owned(),
        service: String::new(),
        start: at("14:00"),
        note: None,
    };
    told(desk.app.new_temporary_order(&temporary), Code::RowInvalid);
}

fn visit(desk: &Desk) {
    let opened = desk.order("20261122-0412", "修障");
    let visit = opened.visit;
    told(
        desk.app.act(&visit, &reach(Milestone::Departed)),
        Code::KitNotChecked,
    );
    desk.app.reveal_phone(&opened.order.stream).unwrap();
    desk.go_inside(&visit);
    let text = Answer::Text {
        text: "翠湖花园".repeat(300),
    };
    told(
        desk.app.act(&visit, &answer("fault", text)),
        Code::ItemTooEarly,
    );
    let photo = PhotoTarget::Item {
        item: "optical".to_owned(),
    };
    told(
        desk.app.add_photo(&visit, &photo, "林女士".as_bytes()),
        Code::PhotoNotAnImage,
    );
    desk.repair(&visit);
    told(
        desk.app.act(&visit, &Command::Submit),
        Code::SubmissionBlocked,
    );
    desk.finish(&visit);
    told(desk.app.act(&visit, &suspended()), Code::VisitSubmitted);
    desk.app.ticket(&visit).unwrap();
    std::fs::write(desk.folder().join("documents"), "in the way").unwrap();
    told(desk.app.save_ticket(&visit), Code::SaveFailed);
}

#[test]
fn a_whole_visit_leaves_nothing_of_the_customer_in_the_log() {
    let log = logged(|| {
        let desk = Desk::at_work();
        orders(&desk);
        visit(&desk);
        let second = desk.beside(desk.folder());
        told(second.boot(), Code::AlreadyOpen);
    });
    for code in ["ImportFormat", "KitNotChecked", "SaveFailed", "AlreadyOpen"] {
        assert!(log.contains(code), "{code} was logged:\n{log}");
    }
    for secret in SECRETS {
        let lines: Vec<&str> = log.lines().filter(|l| l.contains(secret)).collect();
        assert!(lines.is_empty(), "{secret} is in the log: {lines:?}");
    }
}
