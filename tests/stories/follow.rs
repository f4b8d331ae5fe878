//! What follows a visit: an issue from its row to the archive, plans that are kept and missed, and who hears of them.

use doorstep_app::dto::{TemporaryOrder, TodayQuery};
use doorstep_app::follow::{FollowQuery, IssueDraft, IssueSource};
use doorstep_domain::code::Code;
use doorstep_domain::follow::{Act, ActStanding, NewPlan, PlanCommand, PlanKind, Way};
use doorstep_domain::issue::{
    DueKind, IssueCommand, IssueKind, IssueNext, IssueStep, IssueView, NewIssue, Promised,
};
use doorstep_domain::standard::JobType;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::Answer;
use doorstep_domain::visit::command::Command;
use doorstep_stories::{Clock, Desk, Office, answer, at, code};

const OPEN: FollowQuery = FollowQuery {
    closed: false,
    offset: 0,
    limit: 20,
};
const CLOSED: FollowQuery = FollowQuery {
    closed: true,
    ..OPEN
};
const DAY_MIN: i64 = 24 * 60;

fn free() -> IssueSource {
    IssueSource {
        stream: None,
        item: None,
    }
}

/// The form as it is sent when only the time is added.
fn filled(draft: IssueDraft, by: Moment) -> NewIssue {
    NewIssue {
        kind: draft.kind,
        content: draft.content,
        customer: draft.customer,
        phone: None,
        order: draft.order,
        source: draft.source,
        heard_at: draft.heard_at,
        promise: Promised {
            by,
            name: draft.name,
            phone: draft.phone,
        },
    }
}

/// An issue that a customer phones in.
fn phoned(desk: &Desk, content: &str) -> IssueView {
    let mut new = filled(desk.app.issue_draft(&free()).unwrap(), at("18:00"));
    new.content = content.to_owned();
    new.customer = "陈先生".to_owned();
    new.phone = Some("13900005678".to_owned());
    desk.app.raise_issue(&new).unwrap()
}

/// A visit with something that could not be done there, in words.
fn visit_with_a_wish(desk: &Desk) -> String {
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    let wish = Answer::Text {
        text: "想把光猫移到书房，要另开单".to_owned(),
    };
    desk.act(
        &visit,
        [
            Command::SetFact {
                fact: "request_unmet".to_owned(),
                value: true,
            },
            answer("issue-record", wish),
        ],
    );
    visit
}

#[test]
fn an_issue_goes_from_the_visit_s_row_to_the_archive() {
    let desk = Desk::at_work();
    let visit = visit_with_a_wish(&desk);
    desk.clock.hm("14:30");
    let source = IssueSource {
        stream: Some(visit.clone()),
        item: Some("issue-record".to_owned()),
    };
    let draft = desk.app.issue_draft(&source).unwrap();
    assert_eq!(draft.content, "想把光猫移到书房，要另开单");
    assert_eq!(draft.customer, "林女士");
    assert_eq!(draft.order_no.as_deref(), Some("20261122-0412"));
    assert_eq!(
        (draft.kind, draft.heard_at),
        (IssueKind::Request, at("13:54"))
    );
    assert_eq!(
        (draft.name.as_str(), draft.phone.as_str()),
        ("周建国", "0571-88000000"),
        "own name and phone stand there already (S68-03)"
    );
    let mut nobody = filled(draft.clone(), at("18:00"));
    nobody.promise.phone.clear();
    assert_eq!(code(desk.app.raise_issue(&nobody)), Code::PromiseIncomplete);
    assert_eq!(desk.app.issues(&OPEN).unwrap().counts.open, 0);

    let by = at("13:54").plus_minutes(3 * DAY_MIN);
    let issue = desk.app.raise_issue(&filled(draft, by)).unwrap();
    assert_eq!(issue.phone_masked.as_deref(), Some("138****1234"));
    let due = issue.due.clone().unwrap();
    assert_eq!(
        (due.kind, due.clause.as_str()),
        (DueKind::Progress, "S54-06")
    );
    let again = desk.app.issue_draft(&source).unwrap();
    assert_eq!(
        again.already,
        std::slice::from_ref(&issue),
        "it is not recorded twice"
    );
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();

    // 24 hours later nobody has told her anything
    let last = at("13:54").plus_minutes(DAY_MIN);
    desk.clock.set(last);
    let page = desk.app.issues(&OPEN).unwrap();
    assert_eq!((page.counts.overdue, page.rows[0].breaches.len()), (0, 0));
    desk.clock.set(last.plus_minutes(1));
    let page = desk.app.issues(&OPEN).unwrap();
    assert_eq!(page.counts.overdue, 1);
    let breach = &page.rows[0].breaches[0];
    assert_eq!((breach.clause.as_str(), breach.done), ("S54-06", None));
    assert_eq!(page.rows[0].next, IssueNext::TellProgress);

    let id = issue.issue.clone();
    let act = |command: IssueCommand| desk.app.act_on_issue(&id, &command).unwrap();
    let told = act(IssueCommand::TellProgress {
        told_at: last.plus_minutes(1),
        words: "移机单已开，后天来".to_owned(),
        promise: None,
    });
    assert_eq!((told.next, told.breaches.len()), (IssueNext::Solve, 1));
    act(IssueCommand::Solve {
        result: "光猫移到书房".to_owned(),
    });
    let reopened = act(IssueCommand::Reopen {
        reason: "书房还是慢".to_owned(),
        promise: Promised {
            by: last.plus_minutes(2 * DAY_MIN),
            name: "周建国".to_owned(),
            phone: "0571-88000000".to_owned(),
        },
    });
    assert_eq!((reopened.step, reopened.reopened), (IssueStep::Open, 1));
    assert_eq!(
        code(desk.app.act_on_issue(&id, &IssueCommand::Archive)),
        Code::NotSatisfied
    );
    act(IssueCommand::Solve {
        result: "换了网线".to_owned(),
    });
    act(IssueCommand::Satisfied {
        asked_at: last.plus_minutes(1),
        words: Some("这下好了".to_owned()),
    });
    act(IssueCommand::Archive);
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();
    assert_eq!(desk.app.issues(&OPEN).unwrap().rows, []);
    let filed = desk.app.issues(&CLOSED).unwrap().rows.remove(0);
    assert_eq!((filed.step, filed.breaches.len()), (IssueStep::Archived, 1));
    assert_eq!(filed.lines.len(), 7, "everything that happened stays");
}

#[test]
fn what_a_customer_phones_in_has_a_number_that_only_the_call_shows() {
    let desk = Desk::at_work();
    let issue = phoned(&desk, "上次装的机顶盒没声音");
    assert_eq!(issue.phone_masked.as_deref(), Some("139****5678"));
    let shown = desk.app.follow_phone(&issue.issue).unwrap();
    assert_eq!(shown.phone, "13900005678");
    let lines = desk.app.issues(&OPEN).unwrap().rows.remove(0).lines;
    assert_eq!(lines.len(), 2, "the look is logged");
    assert_eq!(
        code(desk.app.follow_phone("issue/nothing")),
        Code::IssueUnknown
    );
    assert_eq!(
        code(desk.app.follow_phone("follow/nothing")),
        Code::PlanUnknown
    );
    let lost = IssueSource {
        stream: Some("visit/nothing".to_owned()),
        item: None,
    };
    assert_eq!(code(desk.app.issue_draft(&lost)), Code::VisitUnknown);
}

fn plan(kind: PlanKind, order: Option<String>, due: Moment) -> NewPlan {
    NewPlan {
        kind,
        call: (kind == PlanKind::CallBack).then_some(Act::SurveyCall),
        customer: "林女士".to_owned(),
        phone: None,
        order,
        due,
        months: if kind == PlanKind::MonthlyFive { 2 } else { 1 },
        whose: None,
        note: None,
    }
}

#[test]
fn plans_stand_by_when_they_are_due_and_what_is_missed_stays() {
    let desk = Desk::at_work();
    let order = TemporaryOrder {
        customer: "林女士".to_owned(),
        phone: "13800001234".to_owned(),
        address: "翠湖花园 7 幢".to_owned(),
        job: JobType::Repair,
        standard: "cmcc-broadband".to_owned(),
        service: String::new(),
        start: at("14:00"),
        note: None,
    };
    let order = desk.app.new_temporary_order(&order).unwrap();
    let all = [
        plan(PlanKind::MonthlyFive, None, at("10:00")),
        plan(PlanKind::CallBack, Some(order), at("17:00")),
        plan(
            PlanKind::ThreeLevels,
            None,
            at("10:00").plus_minutes(DAY_MIN),
        ),
    ];
    let made: Vec<usize> = all
        .iter()
        .map(|new| desk.app.make_plan(new).unwrap().len())
        .collect();
    assert_eq!(made, [2, 1, 1]);
    let page = desk.app.plans(&OPEN).unwrap();
    let kinds: Vec<PlanKind> = page.rows.iter().map(|r| r.kind).collect();
    assert_eq!(
        kinds,
        [
            PlanKind::CallBack,
            PlanKind::ThreeLevels,
            PlanKind::MonthlyFive,
            PlanKind::MonthlyFive
        ]
    );
    let call = &page.rows[0];
    assert_eq!(call.phone_masked.as_deref(), Some("138****1234"));
    assert_eq!(
        desk.app.follow_phone(&call.plan).unwrap().phone,
        "13800001234"
    );

    desk.clock.hm("17:01");
    let page = desk.app.plans(&OPEN).unwrap();
    assert_eq!((page.counts.overdue, page.rows[0].missed), (1, 1));
    let done = PlanCommand::Done {
        act: Act::SurveyCall,
        done_at: at("17:01"),
        way: Way::Phone,
        result: "网速好，师傅守时".to_owned(),
        satisfied: Some(true),
    };
    let shown = desk.app.act_on_plan(&call.plan, &done).unwrap();
    assert_eq!(shown.acts[0].standing, ActStanding::DoneLate);
    let desk = desk.restarted(|_| {});
    desk.app.boot().unwrap();
    assert_eq!(desk.app.plans(&CLOSED).unwrap().rows, [shown]);
    assert_eq!(desk.app.plans(&OPEN).unwrap().counts.open, 3);
    let today = TodayQuery {
        search: None,
        offset: 0,
        limit: 5,
    };
    assert_eq!(
        desk.app.today(&today).unwrap().total,
        1,
        "lists of their own"
    );
}

#[test]
fn the_lead_tells_the_customer_and_the_technician_knows() {
    let clock = Clock::default();
    clock.hm("08:30");
    let office = Office::open(&clock);
    let (tablet, ear) = Desk::enrolled(&office, "3107");
    let (lead, lead_ear) = Desk::enrolled(&office, "3100");
    let raised = phoned(&tablet, "上次装的机顶盒没声音");
    tablet.hand_in(&ear);
    lead.app.sync_now().unwrap();
    let heard = lead_ear.until("the lead hears of it", || {
        lead.app.issues(&OPEN).unwrap().rows.pop()
    });
    assert_eq!(heard, raised);

    lead.clock.hm("09:30");
    let tell = IssueCommand::TellProgress {
        told_at: at("09:30"),
        words: "今天下午换机顶盒".to_owned(),
        promise: None,
    };
    lead.app.act_on_issue(&raised.issue, &tell).unwrap();
    lead.hand_in(&lead_ear);
    tablet.app.sync_now().unwrap();
    let known = ear.until("the technician hears of it", || {
        let row = tablet.app.issues(&OPEN).unwrap().rows.remove(0);
        (row.next == IssueNext::Solve).then_some(row)
    });
    assert_eq!(known.lines[1].by.name, "王海燕");
}
