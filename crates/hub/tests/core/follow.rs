//! Issues and plans at the hub: the own team hears of them and writes to them, and whom they are handed to.

use crate::common::*;
use doorstep_domain::event::{Actor, write_body};
use doorstep_domain::follow::{Act, PlanEvent, PlanKind, PlannedAct};
use doorstep_domain::issue::{Handler, IssueEvent, IssueKind, Promised};
use doorstep_domain::time::Moment;
use doorstep_domain::wire::SyncResponse;
use doorstep_hub::HORIZON_MS;

const ISSUE: &str = "issue/1";

fn moment(ms: i64) -> Moment {
    Moment {
        ms,
        offset_min: 480,
    }
}

fn says(tablet: &mut Tablet, event: &IssueEvent) {
    let (kind, body) = write_body(event).unwrap();
    tablet.write(ISSUE, &kind, body);
}

fn raised() -> IssueEvent {
    IssueEvent::Raised {
        issue: IssueKind::Complaint,
        content: "网速慢".to_owned(),
        customer: "林女士".to_owned(),
        phone: None,
        order: None,
        source: None,
        heard_at: moment(NOON),
        promise: Promised {
            by: moment(NOON + 3_600_000),
            name: "周建国".to_owned(),
            phone: "0571-88000000".to_owned(),
        },
    }
}

fn solved() -> IssueEvent {
    IssueEvent::Solved {
        result: "换了水晶头".to_owned(),
    }
}

fn flags(answer: &SyncResponse) -> Vec<&str> {
    answer.flags.iter().map(|f| f.reason.as_str()).collect()
}

fn has(tablet: &Tablet, kind: &str) -> bool {
    tablet.kinds().contains(&kind.to_owned())
}

#[test]
fn an_issue_is_the_own_team_s_and_whom_it_is_handed_to() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut enrol = |staff_no, n| Tablet::enrol(&mut hub, staff_no, n);
    let (mut one, mut colleague) = (enrol("3101", 1), enrol("3102", 3));
    let (mut lead, mut other_lead, mut other) =
        (enrol("1001", 5), enrol("1002", 7), enrol("3201", 9));
    says(&mut one, &raised());
    assert_eq!(flags(&one.sync(&mut hub, 20).unwrap()), Vec::<&str>::new());
    for (i, tablet) in [&mut colleague, &mut lead, &mut other_lead, &mut other]
        .into_iter()
        .enumerate()
    {
        tablet.sync(&mut hub, 21 + i as u64).unwrap();
    }
    let heard = [&colleague, &lead, &other_lead, &other].map(|t| has(t, "issue.raised"));
    assert_eq!(heard, [false, true, false, false]);

    // the lead settles it, the technician hears; another team's word is kept and goes to nobody
    says(&mut lead, &solved());
    assert_eq!(flags(&lead.sync(&mut hub, 30).unwrap()), Vec::<&str>::new());
    says(&mut other_lead, &solved());
    assert_eq!(
        flags(&other_lead.sync(&mut hub, 31).unwrap()),
        ["foreign_stream"]
    );
    one.sync(&mut hub, 32).unwrap();
    let heard = one.kinds().iter().filter(|k| *k == "issue.solved").count();
    assert_eq!(heard, 1, "the lead's");

    // handed to a person of another team: they receive it whole, with their lead, and may write
    let to = Handler {
        name: "孙伟".to_owned(),
        staff_no: Some("3201".to_owned()),
        phone: None,
    };
    says(&mut one, &IssueEvent::HandedOn { to, words: None });
    one.sync(&mut hub, 33).unwrap();
    other.sync(&mut hub, 34).unwrap();
    other_lead.sync(&mut hub, 35).unwrap();
    for tablet in [&other, &other_lead] {
        assert!(has(tablet, "issue.raised") && has(tablet, "issue.handed_on"));
    }
    says(&mut other, &IssueEvent::Archived {});
    assert_eq!(
        flags(&other.sync(&mut hub, 36).unwrap()),
        Vec::<&str>::new()
    );
    one.sync(&mut hub, 37).unwrap();
    assert!(has(&one, "issue.archived"));
    colleague.sync(&mut hub, 38).unwrap();
    assert!(!has(&colleague, "issue.raised"), "still not a colleague's");
}

#[test]
fn a_plan_goes_to_whom_it_names() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut lead = Tablet::enrol(&mut hub, "1001", 1);
    let mut one = Tablet::enrol(&mut hub, "3101", 3);
    let plan = PlanEvent::Planned {
        plan: PlanKind::CallBack,
        acts: vec![PlannedAct {
            act: Act::SurveyCall,
            due: moment(NOON + 3_600_000),
        }],
        customer: "林女士".to_owned(),
        phone: None,
        order: None,
        whose: Some(Actor {
            staff_no: "3101".to_owned(),
            name: "周建国".to_owned(),
        }),
        note: None,
    };
    let (kind, body) = write_body(&plan).unwrap();
    lead.write("follow/1", &kind, body);
    assert_eq!(flags(&lead.sync(&mut hub, 10).unwrap()), Vec::<&str>::new());
    one.sync(&mut hub, 11).unwrap();
    assert!(has(&one, "follow.planned"));
}

#[test]
fn a_new_tablet_hears_of_an_old_issue_until_it_is_filed() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut one = Tablet::enrol(&mut hub, "3101", 1);
    says(&mut one, &raised());
    one.sync(&mut hub, 3).unwrap();
    let weeks = u64::try_from(HORIZON_MS / 60_000).unwrap() + 10_000;
    let mut new = Tablet::enrol(&mut hub, "3101", weeks);
    new.sync(&mut hub, weeks + 2).unwrap();
    assert!(has(&new, "issue.raised"), "nobody settled it yet");
    says(&mut one, &IssueEvent::Archived {});
    one.sync(&mut hub, weeks + 3).unwrap();
    let mut newer = Tablet::enrol(&mut hub, "3101", 2 * weeks);
    newer.sync(&mut hub, 2 * weeks + 2).unwrap();
    assert!(!has(&newer, "issue.raised"));
}
