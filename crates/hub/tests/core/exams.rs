//! Assessments and staff cards at the hub: only the team's leads write them; they, and whom it is about, receive them.

use crate::common::*;
use doorstep_domain::assess::events::{AssessEvent, FormText};
use doorstep_domain::event::{Actor, write_body};
use doorstep_domain::staff::StaffEvent;
use doorstep_domain::wire::*;

const EXAM: &str = "assess/1";
const CARD: &str = "staff/3101";

fn actor(staff_no: &str, name: &str) -> Actor {
    Actor {
        staff_no: staff_no.to_owned(),
        name: name.to_owned(),
    }
}

fn writes(tablet: &mut Tablet, stream: &str, event: &impl serde::Serialize) {
    let (kind, body) = write_body(event).unwrap();
    tablet.write(stream, &kind, body);
}

fn begun(about: &str) -> AssessEvent {
    AssessEvent::Begun {
        form: FormText {
            id: "jiangsu-s11".to_owned(),
            version: 1,
            hash: "0".repeat(64),
            source: String::new(),
        },
        candidate: actor(about, "周建国"),
    }
}

fn noted() -> AssessEvent {
    AssessEvent::Noted {
        text: "好".to_owned(),
    }
}

fn star() -> StaffEvent {
    StaffEvent::StarAwarded {
        person: actor("3101", "周建国"),
        stars: 1,
        year: 2026,
        reason: "好".to_owned(),
        clauses: Vec::new(),
    }
}

fn flags(answer: &SyncResponse) -> Vec<&str> {
    answer.flags.iter().map(|f| f.reason.as_str()).collect()
}

fn streams(tablet: &Tablet) -> Vec<String> {
    tablet
        .seen()
        .into_iter()
        .map(|(stream, _)| stream)
        .collect()
}

#[test]
fn an_exam_and_a_card_go_to_the_team_s_leads_and_to_whom_they_are_about() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    hub.put_staff(&person("1003", "吴副班长", Role::Lead, "一班"), &call(0))
        .unwrap();
    let mut enrol = |staff_no, n| Tablet::enrol(&mut hub, staff_no, n);
    let (mut lead, mut deputy, mut other) = (enrol("1001", 1), enrol("1003", 3), enrol("1002", 5));
    let (mut one, mut colleague) = (enrol("3101", 7), enrol("3102", 9));
    writes(&mut lead, EXAM, &begun("3101"));
    writes(&mut lead, EXAM, &noted());
    writes(&mut lead, CARD, &star());
    let answer = lead.sync(&mut hub, 12).unwrap();
    assert_eq!(flags(&answer), Vec::<&str>::new());
    for (n, tablet) in [&mut deputy, &mut other, &mut one, &mut colleague]
        .into_iter()
        .enumerate()
    {
        tablet.sync(&mut hub, 13 + n as u64).unwrap();
    }
    let all = vec![EXAM.to_owned(), EXAM.to_owned(), CARD.to_owned()];
    assert_eq!(
        (streams(&deputy), streams(&one)),
        (all.clone(), all.clone())
    );
    assert_eq!((streams(&other).len(), streams(&colleague).len()), (0, 0));
    // the deputy writes on the card too; in the exam there is one writer
    writes(&mut deputy, CARD, &star());
    writes(&mut deputy, EXAM, &noted());
    let answer = deputy.sync(&mut hub, 20).unwrap();
    assert_eq!(flags(&answer), ["foreign_stream"]);
    one.sync(&mut hub, 21).unwrap();
    assert_eq!(streams(&one).len(), 4, "the card's line, not the exam's");
    // a new device after a long time still gets the whole card
    let day = 24 * 60;
    let mut fresh = Tablet::enrol(&mut hub, "1001", 90 * day);
    fresh.sync(&mut hub, 90 * day + 5).unwrap();
    assert_eq!(streams(&fresh).len(), 4);
}

#[test]
fn nobody_else_writes_about_people() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut enrol = |staff_no, n| Tablet::enrol(&mut hub, staff_no, n);
    let (mut lead, mut other) = (enrol("1001", 1), enrol("1002", 3));
    let (mut one, mut colleague) = (enrol("3101", 5), enrol("3102", 7));
    writes(&mut one, CARD, &star());
    writes(&mut one, EXAM, &begun("3102"));
    let answer = one.sync(&mut hub, 10).unwrap();
    assert_eq!(flags(&answer), ["foreign_stream", "foreign_stream"]);
    writes(&mut other, CARD, &star());
    writes(&mut other, "assess/2", &begun("3101"));
    let answer = other.sync(&mut hub, 11).unwrap();
    assert_eq!(flags(&answer), ["foreign_stream", "foreign_stream"]);
    writes(&mut lead, "assess/3", &noted());
    let answer = lead.sync(&mut hub, 12).unwrap();
    assert_eq!(
        flags(&answer),
        ["foreign_stream"],
        "an exam that never began"
    );
    for (n, tablet) in [&mut lead, &mut one, &mut colleague]
        .into_iter()
        .enumerate()
    {
        tablet.sync(&mut hub, 13 + n as u64).unwrap();
        assert_eq!(streams(tablet), Vec::<String>::new());
    }
}
