//! 审核 at the hub: who may judge, who hears of it, and which of two verdicts stands on every device.

use crate::common::*;
use doorstep_domain::event::{Sealed, write_body};
use doorstep_domain::review::{Place, ReviewEvent, ReviewState, Verdict};
use doorstep_domain::visit::Outcome as Ending;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::wire::*;
use doorstep_hub::{HORIZON_MS, Hub, office};
use tempfile::TempDir;

const VISIT: &str = "visit/1";
const REVIEW: &str = "review/1";

/// 周建国's submitted visit, with everybody's devices: his, a colleague's, those of both leads of 一班, the lead of 二班.
struct Company {
    _dir: TempDir,
    hub: Hub,
    one: Tablet,
    colleague: Tablet,
    lead: Tablet,
    deputy: Tablet,
    other_lead: Tablet,
    clock: u64,
}

fn company() -> Company {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let deputy = person("1003", "吴副班长", Role::Lead, "一班");
    hub.put_staff(&deputy, &call(0)).unwrap();
    let mut enrol = |staff_no, n| Tablet::enrol(&mut hub, staff_no, n);
    let (mut one, colleague) = (enrol("3101", 1), enrol("3102", 3));
    let (lead, deputy, other_lead) = (enrol("1001", 5), enrol("1003", 7), enrol("1002", 9));
    let order = dispatched(&mut hub, "A-1", "3101", 10);
    one.open_visit(VISIT, &order);
    one.submit(VISIT);
    one.sync(&mut hub, 12).unwrap();
    let mut company = Company {
        _dir: dir,
        hub,
        one,
        colleague,
        lead,
        deputy,
        other_lead,
        clock: 13,
    };
    company.everybody_syncs();
    company
}

impl Company {
    fn everybody_syncs(&mut self) {
        // twice: what the first one pushed last reaches the others
        for _ in 0..2 {
            for tablet in [
                &mut self.one,
                &mut self.colleague,
                &mut self.lead,
                &mut self.deputy,
                &mut self.other_lead,
            ] {
                tablet.sync(&mut self.hub, self.clock).unwrap();
                self.clock += 1;
            }
        }
    }
}

fn given(verdict: Verdict, submission: u32, instead_of: Option<&str>) -> ReviewEvent {
    ReviewEvent::Given {
        visit: VISIT.to_owned(),
        submission,
        verdict,
        reasons: Vec::new(),
        note: None,
        scores: Vec::new(),
        sampled: false,
        together: false,
        instead_of: instead_of.map(str::to_owned),
    }
}

/// Writes a review event, so many minutes after noon by that device's clock; its id.
fn says(tablet: &mut Tablet, event: &ReviewEvent, minutes: i64) -> String {
    let (kind, body) = write_body(event).unwrap();
    let mut content = tablet.content(REVIEW, &kind, body);
    content.at = stamp(NOON + minutes * 60_000);
    tablet.keep(&content);
    content.id
}

fn submits(tablet: &mut Tablet, n: u32) {
    let (kind, body) = write_body(&VisitEvent::Submitted {
        n,
        outcome: Ending::Completed,
        digest: "d".to_owned(),
    })
    .unwrap();
    tablet.write(VISIT, &kind, body);
}

/// The review as a device has it: its own events first, as they were before it heard anything.
fn review(tablet: &Tablet) -> ReviewState {
    let received = tablet.received.iter().map(|d| d.event.text.clone());
    let mut state = ReviewState::default();
    for text in tablet.texts.iter().cloned().chain(received) {
        let content = Sealed::parse(text).unwrap().content;
        if content.stream == REVIEW {
            state.apply(&content);
        }
    }
    state
}

fn flags(answer: &SyncResponse) -> Vec<&str> {
    answer.flags.iter().map(|f| f.reason.as_str()).collect()
}

#[test]
fn a_verdict_goes_where_its_visit_goes() {
    let mut c = company();
    let id = says(&mut c.lead, &given(Verdict::Returned, 1, None), 20);
    let answer = c.lead.sync(&mut c.hub, 40).unwrap();
    assert_eq!(flags(&answer), Vec::<&str>::new());
    c.clock = 41;
    c.everybody_syncs();
    for tablet in [&c.one, &c.lead, &c.deputy] {
        let review = review(tablet);
        assert_eq!(review.standing(1).unwrap().event, id);
    }
    for tablet in [&c.colleague, &c.other_lead] {
        assert!(!tablet.kinds().contains(&"review.given".to_owned()));
    }
}

#[test]
fn the_lead_of_another_team_and_those_who_lead_nobody_are_not_heard() {
    let mut c = company();
    says(&mut c.other_lead, &given(Verdict::Approved, 1, None), 1);
    says(&mut c.one, &given(Verdict::Approved, 1, None), 2);
    let late = ReviewEvent::Late {
        visit: VISIT.to_owned(),
        submission: 1,
        given: "x".to_owned(),
        stands: "y".to_owned(),
    };
    says(&mut c.lead, &late, 3);
    for tablet in [&mut c.other_lead, &mut c.one, &mut c.lead] {
        let answer = tablet.sync(&mut c.hub, 40).unwrap();
        assert_eq!(flags(&answer), ["foreign_stream"]);
    }
    let id = says(&mut c.deputy, &given(Verdict::Returned, 1, None), 30);
    let answer = c.deputy.sync(&mut c.hub, 41).unwrap();
    assert_eq!(
        flags(&answer),
        Vec::<&str>::new(),
        "theirs did not come first"
    );
    c.clock = 42;
    c.everybody_syncs();
    // also who comes later gets only what counts
    let mut later = Tablet::enrol(&mut c.hub, "1001", 60);
    later.sync(&mut c.hub, 62).unwrap();
    for tablet in [&c.deputy, &later] {
        let review = review(tablet);
        assert_eq!((review.verdicts().len(), review.parked), (1, 0));
        assert_eq!(review.standing(1).unwrap().event, id);
    }
}

#[test]
fn two_leads_who_judge_offline_agree_after_they_synced() {
    let mut c = company();
    // the lead was earlier by the clock, the deputy is first at the hub
    let early = says(&mut c.lead, &given(Verdict::Returned, 1, None), 15);
    let first = says(&mut c.deputy, &given(Verdict::Approved, 1, None), 18);
    assert_eq!(review(&c.lead).standing(1).unwrap().event, early);
    let answer = c.deputy.sync(&mut c.hub, 40).unwrap();
    assert_eq!(flags(&answer), Vec::<&str>::new());
    let answer = c.lead.sync(&mut c.hub, 41).unwrap();
    assert_eq!(flags(&answer), ["second_verdict"]);
    c.clock = 42;
    c.everybody_syncs();
    let states = [&c.one, &c.lead, &c.deputy].map(review);
    for state in &states {
        assert_eq!(state, &states[0], "the same on every device");
        assert_eq!(state.verdicts().len(), 2, "told, not lost");
    }
    assert_eq!(states[0].place(&first), Place::Stands);
    assert_eq!(states[0].place(&early), Place::Late);
    let heard: Vec<String> = c
        .one
        .seen()
        .into_iter()
        .filter(|(stream, _)| stream == REVIEW)
        .map(|(_, kind)| kind)
        .collect();
    assert_eq!(
        heard,
        ["review.given", "review.late", "review.given"],
        "the technician never sees the late one stand"
    );
    // the push was repeated because its answer was lost: nothing is said twice
    let again = c.lead.request(0, c.lead.texts.len());
    let answer = c
        .hub
        .sync(&c.lead.caller(&c.hub), &again, &call(70))
        .unwrap();
    assert_eq!(flags(&answer), ["second_verdict"]);
    c.clock = 71;
    c.everybody_syncs();
    assert_eq!(review(&c.one), states[0]);
}

#[test]
fn a_verdict_that_knows_the_one_it_replaces_is_not_late() {
    let mut c = company();
    let returned = says(&mut c.lead, &given(Verdict::Returned, 1, None), 15);
    c.lead.sync(&mut c.hub, 40).unwrap();
    c.deputy.sync(&mut c.hub, 41).unwrap();
    let approved = says(
        &mut c.deputy,
        &given(Verdict::Approved, 1, Some(&returned)),
        42,
    );
    let answer = c.deputy.sync(&mut c.hub, 43).unwrap();
    assert_eq!(flags(&answer), Vec::<&str>::new());
    let rework = says(&mut c.lead, &given(Verdict::Rework, 1, Some(&returned)), 42);
    let answer = c.lead.sync(&mut c.hub, 44).unwrap();
    assert_eq!(
        flags(&answer),
        ["second_verdict"],
        "it knew the one before only"
    );
    c.clock = 45;
    c.everybody_syncs();
    let state = review(&c.one);
    let places = [&returned, &approved, &rework].map(|id| state.place(id));
    assert_eq!(places, [Place::Replaced, Place::Stands, Place::Late]);
}

#[test]
fn a_second_submission_follows_a_return() {
    let mut c = company();
    let early = says(&mut c.lead, &given(Verdict::Approved, 2, None), 15);
    let answer = c.lead.sync(&mut c.hub, 40).unwrap();
    assert_eq!(flags(&answer), ["submission_unknown"]);
    submits(&mut c.one, 2);
    let answer = c.one.sync(&mut c.hub, 41).unwrap();
    assert_eq!(flags(&answer), ["not_sent_back"]);
    says(&mut c.lead, &given(Verdict::Returned, 2, Some(&early)), 42);
    c.lead.sync(&mut c.hub, 43).unwrap();
    submits(&mut c.one, 3);
    let answer = c.one.sync(&mut c.hub, 44).unwrap();
    assert_eq!(flags(&answer), Vec::<&str>::new());
    says(&mut c.lead, &given(Verdict::Approved, 3, None), 45);
    let answer = c.lead.sync(&mut c.hub, 46).unwrap();
    assert_eq!(flags(&answer), Vec::<&str>::new());
}

#[test]
fn reviews_go_with_an_order_to_its_next_technician() {
    let mut c = company();
    says(&mut c.lead, &given(Verdict::Rework, 1, None), 15);
    c.lead.sync(&mut c.hub, 40).unwrap();
    let mut next = Tablet::enrol(&mut c.hub, "3201", 41);
    c.hub.assign("A-1", "3201", &office(), &call(43)).unwrap();
    next.sync(&mut c.hub, 44).unwrap();
    assert!(review(&next).standing(1).is_some());
    c.other_lead.sync(&mut c.hub, 45).unwrap();
    assert!(review(&c.other_lead).standing(1).is_some());
    // that team's lead receives the visit now, and may speak
    says(&mut c.other_lead, &given(Verdict::Approved, 1, None), 46);
    let answer = c.other_lead.sync(&mut c.hub, 47).unwrap();
    assert_eq!(flags(&answer), ["second_verdict"]);
}

#[test]
fn a_visit_that_a_new_lead_receives_comes_with_what_was_said_of_it() {
    let mut c = company();
    says(&mut c.lead, &given(Verdict::Returned, 1, None), 15);
    c.lead.sync(&mut c.hub, 40).unwrap();
    // five weeks later the visit still moves, its review does not
    let weeks = u64::try_from(HORIZON_MS / 60_000).unwrap() + 10_000;
    c.one.tap(VISIT);
    c.one.sync(&mut c.hub, weeks).unwrap();
    let mut later = Tablet::enrol(&mut c.hub, "1003", weeks + 1);
    later.sync(&mut c.hub, weeks + 3).unwrap();
    assert!(later.kinds().contains(&"visit.opened".to_owned()));
    assert!(review(&later).standing(1).is_some());
}

#[test]
fn a_hub_that_forgot_the_visit_hands_the_review_on_when_it_comes_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    let mut lead = Tablet::enrol(&mut hub, "1001", 3);
    let mut other_lead = Tablet::enrol(&mut hub, "1002", 5);
    says(&mut lead, &given(Verdict::Returned, 1, None), 6);
    let answer = lead.sync(&mut hub, 10).unwrap();
    assert_eq!(flags(&answer), ["submission_unknown"]);
    let order = dispatched(&mut hub, "A-1", "3101", 11);
    one.open_visit(VISIT, &order);
    one.submit(VISIT);
    one.sync(&mut hub, 13).unwrap();
    one.sync(&mut hub, 14).unwrap();
    other_lead.sync(&mut hub, 15).unwrap();
    assert!(review(&one).standing(1).is_some());
    assert!(review(&other_lead).standing(1).is_none());
}
