//! What follows a visit: both sides of every figure, what is refused, and that every device answers the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::event::{Actor, BasedOn, Content, write_body};
use doorstep_domain::follow::{
    Act, ActStanding, NewPlan, PlanCommand, PlanEvent, PlanKind, PlanState, Way, month_end,
};
use doorstep_domain::issue::{
    DueKind, Handler, IssueCommand, IssueEvent, IssueKind, IssueNext, IssueState, IssueStep,
    NewIssue, Promised, Standing,
};
use doorstep_domain::rows::StreamState;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::{follow, issue};
use proptest::prelude::*;
use serde::Serialize;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
const ISSUE: &str = "issue/1";
const PLAN: &str = "follow/1";

fn at(hm: &str) -> Moment {
    Moment::parse_local(&format!("2026-11-22 {hm}"), 480).unwrap()
}

fn later(ms: i64) -> Moment {
    let at = at("10:00");
    Moment {
        ms: at.ms + ms,
        ..at
    }
}

fn content<E: Serialize>(
    stream: &str,
    id: &str,
    at: Moment,
    after: Option<&str>,
    e: &E,
) -> Content {
    let (kind, body) = write_body(e).unwrap();
    Content {
        id: id.to_owned(),
        stream: stream.to_owned(),
        kind,
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
        based_on: after.map(|event| BasedOn {
            stream: stream.to_owned(),
            event: event.to_owned(),
        }),
        body,
    }
}

fn promise(by: Moment) -> Promised {
    Promised {
        by,
        name: "周建国".to_owned(),
        phone: "0571-88000000".to_owned(),
    }
}

fn new_issue() -> NewIssue {
    NewIssue {
        kind: IssueKind::Request,
        content: "想把光猫移到书房".to_owned(),
        customer: "林女士".to_owned(),
        phone: Some("138 0000 1234".to_owned()),
        order: None,
        source: None,
        heard_at: at("10:00"),
        promise: promise(later(2 * DAY)),
    }
}

/// One device and its clock.
struct Hand {
    state: IssueState,
    log: Vec<Content>,
}

impl Hand {
    fn raised() -> Hand {
        let mut hand = Hand {
            state: IssueState::default(),
            log: Vec::new(),
        };
        let event = issue::raise(&new_issue(), at("10:00")).unwrap();
        hand.keep(&event, at("10:00"));
        hand
    }

    fn keep(&mut self, event: &IssueEvent, now: Moment) {
        let id = format!("e{:02}", self.log.len());
        let content = content(ISSUE, &id, now, self.state.last().as_deref(), event);
        self.state.apply(&content);
        self.log.push(content);
    }

    fn act(&mut self, command: &IssueCommand, now: Moment) -> Result<(), Refusal> {
        let event = issue::decide(&self.state, command, now)?;
        self.keep(&event, now);
        Ok(())
    }

    fn did(mut self, command: &IssueCommand, now: Moment) -> Hand {
        self.act(command, now).unwrap();
        self
    }

    fn code(&self, command: &IssueCommand, now: Moment) -> Code {
        issue::decide(&self.state, command, now).unwrap_err().code
    }

    fn step(&self) -> IssueStep {
        self.state.case().unwrap().step
    }

    fn standing(&self, kind: DueKind, now: Moment) -> Standing {
        let terms = self.state.case().unwrap().terms(now);
        terms.iter().rfind(|t| t.kind == kind).unwrap().standing
    }
}

fn tell(told_at: Moment, new: Option<Promised>) -> IssueCommand {
    IssueCommand::TellProgress {
        told_at,
        words: "配件明天到".to_owned(),
        promise: new,
    }
}

fn solve() -> IssueCommand {
    IssueCommand::Solve {
        result: "光猫移好，测速正常".to_owned(),
    }
}

fn satisfied(asked_at: Moment) -> IssueCommand {
    IssueCommand::Satisfied {
        asked_at,
        words: None,
    }
}

fn reopen(by: Moment) -> IssueCommand {
    IssueCommand::Reopen {
        reason: "客户说书房还是慢".to_owned(),
        promise: promise(by),
    }
}

#[test]
fn the_day_of_s54_06_ends_with_its_last_millisecond() {
    let untold = Hand::raised();
    let standing = |ms| untold.standing(DueKind::Progress, later(ms));
    assert_eq!(standing(0), Standing::Waiting);
    assert_eq!(
        standing(DAY),
        Standing::Waiting,
        "24 hours are not over yet"
    );
    assert_eq!(standing(DAY + 1), Standing::Missed);

    let told = |ms| Hand::raised().did(&tell(later(ms), None), later(ms));
    let later_on = later(3 * DAY);
    assert_eq!(
        told(DAY).standing(DueKind::Progress, later_on),
        Standing::Met
    );
    assert_eq!(
        told(DAY + 1).standing(DueKind::Progress, later_on),
        Standing::Missed,
        "telling it late does not take the breach away"
    );
    let solved = |ms| Hand::raised().did(&solve(), later(ms));
    assert_eq!(
        solved(DAY).standing(DueKind::Progress, later_on),
        Standing::Met
    );
    assert_eq!(
        solved(DAY + 1).standing(DueKind::Progress, later_on),
        Standing::Missed
    );
}

#[test]
fn what_counts_is_when_the_customer_was_told_not_when_it_was_entered() {
    let hand = Hand::raised().did(&tell(later(DAY), None), later(2 * DAY));
    assert_eq!(
        hand.standing(DueKind::Progress, later(2 * DAY)),
        Standing::Met
    );
    let line = issue::view(&hand.state, None, later(2 * DAY))
        .unwrap()
        .lines[1]
        .clone();
    assert_eq!(
        (line.at, line.entered_at),
        (later(DAY), later(2 * DAY)),
        "both times are shown"
    );
}

#[test]
fn a_promise_is_kept_broken_or_replaced_in_time() {
    let due = 2 * DAY;
    let solved = |ms| Hand::raised().did(&solve(), later(ms));
    let later_on = later(9 * DAY);
    assert_eq!(
        solved(due).standing(DueKind::Promise, later_on),
        Standing::Met
    );
    assert_eq!(
        solved(due + 1).standing(DueKind::Promise, later_on),
        Standing::Missed
    );
    let again = |ms| {
        let new = promise(later(5 * DAY));
        let hand = Hand::raised().did(&tell(later(ms), Some(new)), later(ms));
        let case = hand.state.case().unwrap();
        let terms = case.terms(later(ms));
        let missed = terms
            .iter()
            .filter(|t| t.kind == DueKind::Promise && t.standing == Standing::Missed);
        (missed.count(), case.promise().unwrap().by)
    };
    assert_eq!(again(due), (0, later(5 * DAY)), "told before it ran out");
    assert_eq!(again(due + 1), (1, later(5 * DAY)), "told too late");
}

#[test]
fn a_promise_needs_time_name_and_phone() {
    let now = at("10:00");
    let refused = |change: fn(&mut Promised)| {
        let mut new = new_issue();
        change(&mut new.promise);
        issue::raise(&new, now).unwrap_err()
    };
    let no_name = refused(|p| p.name = " ".to_owned());
    assert_eq!(no_name.code, Code::PromiseIncomplete);
    assert_eq!(no_name.params["field"], "name");
    let no_phone = refused(|p| p.phone = "1234".to_owned());
    assert_eq!(no_phone.code, Code::PromiseIncomplete);
    assert_eq!(no_phone.params["field"], "phone");
    assert_eq!(refused(|p| p.by = at("10:00")).code, Code::PromisePast);
    let mut next = new_issue();
    next.promise.by.ms = now.ms + 1;
    assert!(issue::raise(&next, now).is_ok());

    let hand = Hand::raised();
    let mut nameless = promise(later(DAY));
    nameless.name.clear();
    assert_eq!(
        hand.code(&tell(at("10:00"), Some(nameless)), now),
        Code::PromiseIncomplete,
        "nor a promise that replaces one"
    );
}

#[test]
fn an_issue_says_what_and_whose_and_when() {
    let now = at("10:00");
    let refused = |change: fn(&mut NewIssue)| {
        let mut new = new_issue();
        change(&mut new);
        issue::raise(&new, now).unwrap_err().code
    };
    assert_eq!(refused(|n| n.content = "\n ".to_owned()), Code::TextMissing);
    assert_eq!(
        refused(|n| n.content = "长".repeat(1001)),
        Code::TextTooLong
    );
    assert_eq!(refused(|n| n.customer.clear()), Code::RowInvalid);
    assert_eq!(
        refused(|n| n.phone = Some("12".to_owned())),
        Code::RowInvalid
    );
    assert_eq!(refused(|n| n.heard_at = at("10:01")), Code::TimeImplausible);
}

#[test]
fn a_time_typed_to_the_minute_may_name_the_minute_of_the_result() {
    let (solved, now) = (later(MINUTE + 30_000), later(MINUTE + 40_000));
    let hand = Hand::raised().did(&solve(), solved);
    assert_eq!(
        hand.code(&satisfied(later(MINUTE - 1)), now),
        Code::TimeImplausible
    );
    assert_eq!(
        hand.did(&satisfied(later(MINUTE)), now).step(),
        IssueStep::Satisfied
    );
}

#[test]
fn it_goes_round_until_the_customer_is_satisfied_and_then_nothing_moves() {
    let hand = Hand::raised();
    let now = later(MINUTE);
    assert_eq!(hand.code(&satisfied(now), now), Code::IssueOpen);
    assert_eq!(hand.code(&reopen(later(DAY)), now), Code::IssueOpen);
    assert_eq!(hand.code(&IssueCommand::Archive, now), Code::NotSatisfied);

    let hand = hand.did(&solve(), now);
    assert_eq!(hand.code(&solve(), now), Code::IssueSolved);
    assert_eq!(hand.code(&tell(now, None), now), Code::IssueSolved);
    assert_eq!(hand.code(&IssueCommand::Archive, now), Code::NotSatisfied);
    assert_eq!(
        hand.code(&satisfied(later(0)), now),
        Code::TimeImplausible,
        "not before it was settled"
    );

    let hand = hand.did(&reopen(later(3 * DAY)), later(DAY));
    assert_eq!(hand.step(), IssueStep::Open);
    let view = issue::view(&hand.state, None, later(DAY)).unwrap();
    assert_eq!((view.reopened, view.next), (1, IssueNext::TellProgress));
    assert_eq!(
        view.due.unwrap().due,
        later(2 * DAY),
        "the 24 hours run again from there"
    );

    let hand = hand
        .did(&solve(), later(DAY + MINUTE))
        .did(&satisfied(later(DAY + MINUTE)), later(DAY + MINUTE))
        .did(&IssueCommand::Archive, later(DAY + 2 * MINUTE));
    assert_eq!(hand.step(), IssueStep::Archived);
    let now = later(2 * DAY);
    for command in [
        solve(),
        satisfied(now),
        reopen(later(3 * DAY)),
        tell(now, None),
    ] {
        assert_eq!(hand.code(&command, now), Code::IssueArchived, "{command:?}");
    }
    assert_eq!(hand.code(&IssueCommand::Archive, now), Code::IssueArchived);
    assert!(issue::decide(&hand.state, &IssueCommand::RevealPhone, now).is_ok());
    let row = hand.state.row().unwrap();
    assert!(row.closed);
    assert_eq!(
        issue::decide(&IssueState::default(), &solve(), now)
            .unwrap_err()
            .code,
        Code::IssueUnknown
    );
}

#[test]
fn the_list_stands_by_what_is_due_first() {
    let due = |hand: &Hand| hand.state.row().unwrap().due_ms;
    let hand = Hand::raised();
    assert_eq!(due(&hand), later(DAY).ms, "the progress");
    let hand = hand.did(&tell(later(MINUTE), None), later(MINUTE));
    assert_eq!(due(&hand), later(2 * DAY).ms, "then the promise");
    let handed = IssueCommand::HandOn {
        to: Handler {
            name: "装维支撑".to_owned(),
            staff_no: None,
            phone: Some("0571-12345".to_owned()),
        },
        words: None,
    };
    let hand = hand
        .did(&handed, later(2 * MINUTE))
        .did(&solve(), later(3 * MINUTE));
    assert_eq!(
        due(&hand),
        later(3 * MINUTE).ms,
        "the customer is asked at once"
    );
    let view = issue::view(&hand.state, None, later(3 * MINUTE)).unwrap();
    assert_eq!(view.handler.unwrap().name, "装维支撑");
    assert_eq!(view.phone_masked.as_deref(), Some("138****1234"));
}

#[test]
fn a_clock_that_was_set_back_does_not_turn_the_story_round() {
    let mut hand = Hand::raised().did(&solve(), later(DAY));
    // the tablet's clock is an hour behind now; the fold still knows what rests on what
    let event = IssueEvent::Satisfied {
        asked_at: later(DAY),
        words: None,
    };
    hand.keep(&event, later(DAY - 60 * MINUTE));
    hand.keep(&IssueEvent::Archived {}, later(DAY - 60 * MINUTE));
    assert_eq!(hand.step(), IssueStep::Archived);
    let mut back = IssueState::default();
    hand.log.iter().rev().for_each(|c| back.apply(c));
    assert_eq!(back, hand.state);
    assert_eq!(back.case(), hand.state.case());
}

#[test]
fn events_of_a_later_version_hide_nothing() {
    let (kind, mut body) = write_body(&issue::raise(&new_issue(), at("10:00")).unwrap()).unwrap();
    body["issue"] = serde_json::json!("praise");
    body["mood"] = serde_json::json!("mild");
    let mut raised = content(ISSUE, "a", at("10:00"), None, &IssueEvent::Archived {});
    (raised.kind, raised.body) = (kind, body);
    let mut strange = content(ISSUE, "b", at("10:01"), None, &IssueEvent::Archived {});
    strange.kind = "issue.sung".to_owned();
    let mut state = IssueState::default();
    state.apply(&strange);
    assert_eq!((state.case(), state.parked), (None, 1));
    state.apply(&raised);
    assert_eq!(state.case().unwrap().kind, IssueKind::Other);
}

/// Events whose ids, times and knowledge come from a small set, so that they meet in every way; some refer in a ring.
fn any_events() -> impl Strategy<Value = Vec<Content>> {
    let one = (0_u8..8, 0_i64..4, prop::option::of(0_usize..10));
    prop::collection::vec(one, 1..10).prop_map(|all| {
        let make = |(i, (what, hour, after)): (usize, (u8, i64, Option<usize>))| {
            let now = later(hour * 60 * MINUTE);
            let event = match what {
                0 => issue::raise(&new_issue(), later(DAY)).unwrap(),
                1 => IssueEvent::ProgressTold {
                    told_at: now,
                    words: "…".to_owned(),
                    promise: after.map(|n| promise(later(n as i64 * DAY))),
                },
                2 => IssueEvent::HandedOn {
                    to: Handler {
                        name: format!("班组 {i}"),
                        staff_no: None,
                        phone: None,
                    },
                    words: None,
                },
                3 => IssueEvent::Solved {
                    result: format!("r{i}"),
                },
                4 => IssueEvent::Satisfied {
                    asked_at: now,
                    words: None,
                },
                5 => IssueEvent::Reopened {
                    reason: format!("w{i}"),
                    promise: promise(later(2 * DAY)),
                },
                6 => IssueEvent::Archived {},
                _ => IssueEvent::PhoneRevealed {},
            };
            let after = after.map(|n| format!("e{n}"));
            content(ISSUE, &format!("e{i}"), now, after.as_deref(), &event)
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

fn any_plan_events() -> impl Strategy<Value = Vec<Content>> {
    let one = (0_u8..5, 0_i64..4, any::<bool>());
    prop::collection::vec(one, 1..10).prop_map(|all| {
        let make = |(i, (what, hour, first)): (usize, (u8, i64, bool))| {
            let now = later(hour * 60 * MINUTE);
            let act = if first {
                Act::LevelVisit
            } else {
                Act::LevelPhone
            };
            let way = act.ways()[0];
            let event = match what {
                0 => three_levels(later(DAY)),
                1 | 2 => PlanEvent::Done {
                    act,
                    done_at: now,
                    way,
                    result: format!("r{i}"),
                    satisfied: Some(first),
                },
                3 => PlanEvent::Tried {
                    act,
                    tried_at: now,
                    way,
                },
                _ => PlanEvent::Dropped {
                    reason: format!("w{i}"),
                },
            };
            content(PLAN, &format!("e{i}"), now, None, &event)
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn every_device_answers_the_same_whatever_the_order_it_heard_in(
        events in any_events(),
        plans in any_plan_events(),
        turns in Just((0..20).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let both: Vec<&Content> = events.iter().chain(&plans).collect();
        let mixed: Vec<&Content> = turns.iter().filter_map(|i| both.get(*i).copied()).collect();
        prop_assert_eq!(mixed.len(), both.len());
        let fold = |heard: &[&Content], stream: &str| {
            let mut state = StreamState::for_stream(stream);
            heard.iter().filter(|c| c.stream == stream).for_each(|c| state.apply(c));
            state
        };
        for stream in [ISSUE, PLAN] {
            let (one, other) = (fold(&both, stream), fold(&mixed, stream));
            prop_assert_eq!(one.row(), other.row());
            prop_assert_eq!(&one, &other);
            // heard twice is heard once
            let twice: Vec<&Content> = both.iter().chain(&mixed).copied().collect();
            prop_assert_eq!(&fold(&twice, stream), &one);
            let shown = |state: &StreamState| match state {
                StreamState::Issue(s) => (issue::view(s, None, later(DAY)), None),
                StreamState::Plan(s) => (None, follow::view(s, None, later(DAY))),
                _ => panic!("a stream lost its kind"),
            };
            prop_assert_eq!(shown(&one), shown(&other));
            // a row for every stream that was opened, and for no other
            let opened = both.iter().any(|c| {
                c.stream == stream && ["issue.raised", "follow.planned"].contains(&c.kind.as_str())
            });
            prop_assert_eq!(one.row().is_some(), opened);
        }
    }
}

fn new_plan(kind: PlanKind) -> NewPlan {
    NewPlan {
        kind,
        call: (kind == PlanKind::CallBack).then_some(Act::SurveyCall),
        customer: "林女士".to_owned(),
        phone: None,
        order: None,
        due: later(DAY),
        months: 1,
        whose: None,
        note: None,
    }
}

fn three_levels(due: Moment) -> PlanEvent {
    let mut new = new_plan(PlanKind::ThreeLevels);
    new.due = due;
    follow::plan(&new, at("10:00")).unwrap().remove(0)
}

fn planned(event: &PlanEvent) -> PlanState {
    let mut state = PlanState::default();
    state.apply(&content(PLAN, "a", at("10:00"), None, event));
    state
}

fn act_on(state: &mut PlanState, command: &PlanCommand, now: Moment) -> Result<(), Code> {
    let event = follow::decide(state, command, now).map_err(|r| r.code)?;
    let after = state.last();
    let id = format!("b{}", state.entries().len());
    state.apply(&content(PLAN, &id, now, after.as_deref(), &event));
    Ok(())
}

fn done(act: Act, done_at: Moment) -> PlanCommand {
    PlanCommand::Done {
        act,
        done_at,
        way: act.ways()[0],
        result: "都好".to_owned(),
        satisfied: act.asks_satisfaction().then_some(true),
    }
}

#[test]
fn the_five_of_a_month_run_to_its_last_minute() {
    let end = |day: &str, months| {
        let at = Moment::parse_local(&format!("{day} 10:00"), 480).unwrap();
        month_end(at, months).unwrap().date_hm()
    };
    assert_eq!(end("2026-11-22", 0), "2026-11-30 23:59");
    assert_eq!(end("2026-12-31", 0), "2026-12-31 23:59");
    assert_eq!(end("2026-12-31", 1), "2027-01-31 23:59");
    assert_eq!(end("2028-01-31", 1), "2028-02-29 23:59");
    // half past midnight here is still yesterday in UTC
    let night = Moment::parse_local("2026-12-01 00:30", 480).unwrap();
    assert_eq!(month_end(night, 0).unwrap().date_hm(), "2026-12-31 23:59");

    let mut new = new_plan(PlanKind::MonthlyFive);
    new.months = 3;
    let plans = follow::plan(&new, at("10:00")).unwrap();
    let months: Vec<(usize, String)> = plans
        .iter()
        .map(|p| match p {
            PlanEvent::Planned { acts, .. } => (acts.len(), acts[0].due.date()),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = ["2026-11-30", "2026-12-31", "2027-01-31"].map(|d| (5, d.to_owned()));
    assert_eq!(months, expected);
    for months in [0, 13] {
        new.months = months;
        let code = follow::plan(&new, at("10:00")).unwrap_err().code;
        assert_eq!(code, Code::BadRequest);
    }
    let mut twice = new_plan(PlanKind::CallBack);
    twice.months = 2;
    assert_eq!(
        follow::plan(&twice, at("10:00")).unwrap_err().code,
        Code::BadRequest
    );
}

#[test]
fn every_act_of_the_catalogue_has_its_clause() {
    let clauses = |kind| {
        let event = follow::plan(&new_plan(kind), at("10:00"))
            .unwrap()
            .remove(0);
        let view = follow::view(&planned(&event), None, at("10:00")).unwrap();
        view.acts.into_iter().map(|a| a.clause).collect::<Vec<_>>()
    };
    assert_eq!(
        clauses(PlanKind::MonthlyFive),
        ["S50-01", "S50-03", "S50-04", "S50-05", "S50-06"]
    );
    assert_eq!(
        clauses(PlanKind::ThreeLevels),
        ["S70-01", "S70-02", "S70-03"]
    );
    assert_eq!(clauses(PlanKind::CallBack), ["S55-02"]);
}

#[test]
fn a_missed_contact_is_shown_and_can_still_be_made() {
    let mut state = planned(&three_levels(later(DAY)));
    let standing = |state: &PlanState, act: Act, now: Moment| {
        let view = follow::view(state, None, now).unwrap();
        view.acts.iter().find(|a| a.act == act).unwrap().standing
    };
    assert_eq!(
        standing(&state, Act::LevelVisit, later(DAY)),
        ActStanding::Waiting
    );
    assert_eq!(
        standing(&state, Act::LevelVisit, later(DAY + 1)),
        ActStanding::Missed
    );
    act_on(&mut state, &done(Act::LevelPhone, later(DAY)), later(DAY)).unwrap();
    let late = later(DAY + 1);
    act_on(&mut state, &done(Act::LevelVisit, late), late).unwrap();
    assert_eq!(standing(&state, Act::LevelPhone, late), ActStanding::Done);
    assert_eq!(
        standing(&state, Act::LevelVisit, late),
        ActStanding::DoneLate
    );
    let view = follow::view(&state, None, late).unwrap();
    assert_eq!(
        (view.done, view.missed, view.next),
        (2, 1, Some(Act::LevelInspection))
    );
    assert_eq!(view.acts[0].by.as_ref().unwrap().name, "周建国");

    let gone = PlanCommand::Drop {
        reason: "客户搬走了".to_owned(),
    };
    let mut early = planned(&three_levels(later(DAY)));
    act_on(&mut early, &gone, later(DAY)).unwrap();
    assert_eq!(
        standing(&early, Act::LevelVisit, later(9 * DAY)),
        ActStanding::Dropped
    );
    act_on(&mut state, &gone, late).unwrap();
    assert_eq!(
        standing(&state, Act::LevelInspection, late),
        ActStanding::Missed,
        "dropping does not hide what ran out before"
    );
    assert!(state.row().unwrap().closed);
    assert_eq!(act_on(&mut state, &gone, late), Err(Code::PlanClosed));
}

#[test]
fn a_contact_is_made_once_in_its_own_way_and_asks_what_it_must() {
    let now = at("10:00");
    let mut state = planned(&follow::plan(&new_plan(PlanKind::CallBack), now).unwrap()[0]);
    let refused = |command: &PlanCommand| follow::decide(&state, command, now).unwrap_err().code;
    let call = |satisfied, way, done_at| PlanCommand::Done {
        act: Act::SurveyCall,
        done_at,
        way,
        result: "网速好".to_owned(),
        satisfied,
    };
    assert_eq!(
        refused(&call(None, Way::Phone, now)),
        Code::FeedbackIncomplete
    );
    assert_eq!(refused(&call(Some(true), Way::Sms, now)), Code::BadRequest);
    assert_eq!(
        refused(&call(Some(true), Way::Phone, at("10:01"))),
        Code::TimeImplausible
    );
    assert_eq!(refused(&done(Act::LevelVisit, now)), Code::BadRequest);
    let tried = PlanCommand::Tried {
        act: Act::SurveyCall,
        tried_at: now,
        way: Way::Phone,
    };
    act_on(&mut state, &tried, now).unwrap();
    act_on(&mut state, &call(Some(false), Way::Phone, now), now).unwrap();
    let view = follow::view(&state, None, now).unwrap();
    assert_eq!((view.next, view.tries.len()), (None, 1));
    assert_eq!(view.acts[0].satisfied, Some(false));
    assert_eq!(act_on(&mut state, &tried, now), Err(Code::PlanClosed));
    assert_eq!(act_on(&mut state, &PlanCommand::RevealPhone, now), Ok(()));

    let mut wrong = new_plan(PlanKind::CallBack);
    wrong.call = Some(Act::Rating);
    assert_eq!(
        follow::plan(&wrong, now).unwrap_err().code,
        Code::BadRequest
    );
    let mut nobody = new_plan(PlanKind::ThreeLevels);
    nobody.customer = " ".to_owned();
    assert_eq!(
        follow::plan(&nobody, now).unwrap_err().code,
        Code::RowInvalid
    );
    let mut whose = new_plan(PlanKind::ThreeLevels);
    whose.whose = Some(Actor {
        staff_no: " ".to_owned(),
        name: "周建国".to_owned(),
    });
    let code = follow::plan(&whose, now).unwrap_err().code;
    assert_eq!(code, Code::RowInvalid, "nobody would receive it");
    let mut past = new_plan(PlanKind::ThreeLevels);
    past.due = now;
    assert_eq!(
        follow::plan(&past, now).unwrap_err().code,
        Code::TimeImplausible
    );
}
