//! One pushed event: read, judged, kept, routed. Content is never refused; what is odd about it is flagged.

use crate::call::Call;
use crate::error::Outcome;
use crate::people::Caller;
use crate::sql::order::{self, VisitRow};
use crate::sql::{blob, event, people};
use crate::{exams, review, routing};
use doorstep_domain::assess::events::{ASSESS_SCHEMA, AssessEvent};
use doorstep_domain::blob::{blobs_of, pack_of};
use doorstep_domain::day::{DAY_SCHEMA, DayEvent};
use doorstep_domain::event::{Content, EventError, Sealed, read_body};
use doorstep_domain::follow::{FOLLOW_SCHEMA, PlanEvent};
use doorstep_domain::gear::{GEAR_SCHEMA, GearEvent};
use doorstep_domain::issue::{ISSUE_SCHEMA, IssueEvent};
use doorstep_domain::order::{ORDER_SCHEMA, OrderEvent};
use doorstep_domain::review::{REVIEW_SCHEMA, ReviewEvent, visit_of};
use doorstep_domain::staff::{STAFF_SCHEMA, StaffEvent};
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::OutcomeKind;
use doorstep_domain::visit::events::{VISIT_SCHEMA, VisitEvent};
use doorstep_domain::wire::{FlagKind, WireEvent};
use rusqlite::Transaction;

/// A clock that is off by more than this is told, ms.
const CLOCK_MS: i64 = 10 * 60_000;

/// An event as it came.
pub(crate) struct Pushed<'a> {
    pub(crate) event: &'a WireEvent,
    /// Hash of its text.
    pub(crate) hash: &'a str,
    /// The device's clocks when it pushed.
    pub(crate) device_now: &'a Stamp,
}

/// What the fold of the trade knows it as.
enum Meaning {
    Visit(Box<VisitEvent>),
    Review(Box<ReviewEvent>),
    Assess(Box<AssessEvent>),
    Issue(Box<IssueEvent>),
    Plan(Box<PlanEvent>),
    /// An order's or a day's: nothing more is asked of it here.
    Known,
    Unknown,
}

/// Keeps an event, with its flags, and puts it into the queues of those it concerns.
pub(crate) fn take(
    tx: &Transaction<'_>,
    caller: &Caller,
    pushed: &Pushed<'_>,
    call: &Call,
) -> Outcome<()> {
    let now_ms = call.now_ms();
    let read = Sealed::parse(pushed.event.text.clone());
    let Ok(sealed) = read else {
        let reason = match read {
            Err(EventError::TooLarge(_)) => "too_large",
            _ => "unreadable",
        };
        append(tx, pushed, None, false, now_ms)?;
        return flag(tx, pushed, FlagKind::NeedsAttention, reason);
    };
    let content = &sealed.content;
    let known = event::hash_of_id(tx, &content.id)?;
    // asked before the event itself is in: then the stream would always have a writer
    let meaning = meaning(content);
    let foreign = match &meaning {
        Meaning::Review(event) => review::foreign(tx, caller, content, event)?,
        _ => foreign_stream(tx, caller, content)?,
    };
    let second = match &meaning {
        Meaning::Review(event) if known.is_none() && !foreign => {
            review::second(tx, content, event)?
        }
        _ => None,
    };
    // what a stranger wrote into a stream is kept, and goes to nobody who receives the stream's history later
    let fresh = known.is_none() && !foreign;
    let pos = append(tx, pushed, Some(content), fresh, now_ms)?;
    for named in blobs_of(content) {
        blob::refer(tx, at(pushed), &named.sha256, &content.stream)?;
    }
    if let Some(first) = known {
        // the first one counts; the same again is nothing new
        return match first == pushed.hash {
            true => Ok(()),
            false => attention(tx, pushed, call, content, &["id_reused"]),
        };
    }
    let mut odd = judge(tx, caller, content, &meaning)?;
    if clock_jumped(&content.at, pushed.device_now, now_ms) {
        odd.push("clock_jump");
    }
    if matches!(meaning, Meaning::Unknown) {
        flag(tx, pushed, FlagKind::Parked, "unknown_kind")?;
    }
    if foreign {
        // a second writer's events must not reach those who trust the stream's order
        odd.push("foreign_stream");
        return attention(tx, pushed, call, content, &odd);
    }
    note(tx, caller, content, &meaning)?;
    if let Some(stands) = second {
        flag(tx, pushed, FlagKind::NeedsAttention, "second_verdict")?;
        review::tell_late(tx, call, content, &stands)?;
    }
    route(tx, caller, content, &meaning, pos)?;
    attention(tx, pushed, call, content, &odd)
}

/// Flags an event for its writer, and tells the leads who receive the visit that it is about.
fn attention(
    tx: &Transaction<'_>,
    pushed: &Pushed<'_>,
    call: &Call,
    content: &Content,
    reasons: &[&str],
) -> Outcome<()> {
    for reason in reasons {
        flag(tx, pushed, FlagKind::NeedsAttention, reason)?;
        review::tell_flag(tx, call, content, reason)?;
    }
    Ok(())
}

fn at<'a>(pushed: &Pushed<'a>) -> (&'a str, u64) {
    (&pushed.event.log_id, pushed.event.seq)
}

fn flag(tx: &Transaction<'_>, pushed: &Pushed<'_>, kind: FlagKind, reason: &str) -> Outcome<()> {
    event::put_flag(tx, &pushed.event.log_id, pushed.event.seq, kind, reason)
}

fn append(
    tx: &Transaction<'_>,
    pushed: &Pushed<'_>,
    content: Option<&Content>,
    fresh: bool,
    received_ms: i64,
) -> Outcome<i64> {
    let facts = event::Facts {
        hash: pushed.hash,
        id: content.map(|c| c.id.as_str()),
        stream: content.map(|c| c.stream.as_str()),
        kind: content.map(|c| c.kind.as_str()),
        fresh,
        received_ms,
    };
    event::append(tx, pushed.event, &facts)
}

fn meaning(content: &Content) -> Meaning {
    let known = |yes: bool| {
        if yes {
            Meaning::Known
        } else {
            Meaning::Unknown
        }
    };
    match content.stream.split('/').next() {
        Some("visit") => read_body::<VisitEvent>(content, VISIT_SCHEMA)
            .map_or(Meaning::Unknown, |e| Meaning::Visit(Box::new(e))),
        Some("order") => known(read_body::<OrderEvent>(content, ORDER_SCHEMA).is_some()),
        Some("review") => read_body::<ReviewEvent>(content, REVIEW_SCHEMA)
            .map_or(Meaning::Unknown, |e| Meaning::Review(Box::new(e))),
        Some("gear") => known(read_body::<GearEvent>(content, GEAR_SCHEMA).is_some()),
        Some("assess") => read_body::<AssessEvent>(content, ASSESS_SCHEMA)
            .map_or(Meaning::Unknown, |e| Meaning::Assess(Box::new(e))),
        Some("staff") => known(read_body::<StaffEvent>(content, STAFF_SCHEMA).is_some()),
        Some("issue") => read_body::<IssueEvent>(content, ISSUE_SCHEMA)
            .map_or(Meaning::Unknown, |e| Meaning::Issue(Box::new(e))),
        Some("follow") => read_body::<PlanEvent>(content, FOLLOW_SCHEMA)
            .map_or(Meaning::Unknown, |e| Meaning::Plan(Box::new(e))),
        Some("day") => known(read_body::<DayEvent>(content, DAY_SCHEMA).is_some()),
        _ => Meaning::Unknown,
    }
}

/// A stream has one writer: the hub writes its orders, a person's devices that person's visits and days.
fn foreign_stream(tx: &Transaction<'_>, caller: &Caller, content: &Content) -> Outcome<bool> {
    if content.stream.starts_with("review/") {
        return review::stranger(tx, caller, &content.stream);
    }
    if let Some(stranger) = exams::stranger(tx, caller, content)? {
        return Ok(stranger);
    }
    let Some(writer) = event::writer_of(tx, &content.stream)? else {
        return Ok(false);
    };
    if is_shared(&content.stream) {
        return Ok(!routing::concerns(tx, &content.stream, &caller.staff)?);
    }
    if writer == caller.device {
        return Ok(false);
    }
    let owner = people::device(tx, &writer)?.map(|d| d.staff_no);
    Ok(owner.as_ref() != Some(&caller.staff.actor.staff_no))
}

/// Issues and plans have several writers: whoever receives them, and the team of whoever does.
fn is_shared(stream: &str) -> bool {
    stream.starts_with("issue/") || stream.starts_with("follow/")
}

/// Rules that a person has to look at when they are broken.
fn judge(
    tx: &Transaction<'_>,
    caller: &Caller,
    content: &Content,
    meaning: &Meaning,
) -> Outcome<Vec<&'static str>> {
    let mut reasons = Vec::new();
    if content.actor.staff_no != caller.staff.actor.staff_no {
        reasons.push("foreign_actor");
    }
    let order_stream = match meaning {
        Meaning::Visit(event) => match event.as_ref() {
            VisitEvent::Opened { order, .. } => {
                let others = order::visits_of(tx, order)?;
                let open = |v: &VisitRow| v.submitted_ms.is_none() && v.stream != content.stream;
                if others.iter().any(open) {
                    reasons.push("second_visit");
                }
                Some(order.clone())
            }
            VisitEvent::Submitted { n, .. } => {
                if *n > 1 && !review::sent_back(tx, &content.stream, n.saturating_sub(1))? {
                    reasons.push("not_sent_back");
                }
                order::visit(tx, &content.stream)?.map(|v| v.order_stream)
            }
            _ => None,
        },
        Meaning::Review(event) => {
            reasons.extend(review::judge(tx, &content.stream, event)?);
            None
        }
        _ => None,
    };
    let Some(stream) = order_stream else {
        return Ok(reasons);
    };
    if let Some(order) = order::by_stream(tx, &stream)? {
        if order.cancelled {
            reasons.push("order_cancelled");
        }
        let whose = order.staff_no.as_deref();
        if whose.is_some_and(|no| no != caller.staff.actor.staff_no) {
            reasons.push("order_reassigned");
        }
    }
    Ok(reasons)
}

/// The event lies in the future, or the device's clock is wrong, or it was set between the event and the push: within one
/// boot, wall clock and monotonic clock walk together.
fn clock_jumped(at: &Stamp, device_now: &Stamp, now_ms: i64) -> bool {
    if at.wall_ms > now_ms.saturating_add(CLOCK_MS) {
        return true;
    }
    if at.boot_id.is_empty() || at.boot_id != device_now.boot_id {
        return false;
    }
    let lead = |s: &Stamp| {
        s.wall_ms
            .saturating_sub(i64::try_from(s.mono_ms).unwrap_or(i64::MAX))
    };
    let set = lead(device_now).saturating_sub(lead(at)).saturating_abs();
    let slow = now_ms.saturating_sub(device_now.wall_ms).saturating_abs();
    set > CLOCK_MS || slow > CLOCK_MS
}

/// What the hub has to remember of visits.
fn note(
    tx: &Transaction<'_>,
    caller: &Caller,
    content: &Content,
    meaning: &Meaning,
) -> Outcome<()> {
    let event = match meaning {
        Meaning::Visit(event) => event,
        Meaning::Assess(event) => return exams::note(tx, &content.stream, event),
        _ => return exams::note_card(tx, &content.stream),
    };
    match event.as_ref() {
        VisitEvent::Opened { order, .. } => {
            if let Some(pack) = pack_of(content) {
                blob::pin(tx, &pack, &content.stream)?;
            }
            // what was said of it goes where it goes, also when a hub that came back from a backup hears of it first
            routing::admit_review(tx, &content.stream, &caller.staff)?;
            order::open_visit(
                tx,
                &VisitRow {
                    stream: content.stream.clone(),
                    order_stream: order.clone(),
                    device: caller.device.clone(),
                    staff_no: caller.staff.actor.staff_no.clone(),
                    opened_ms: content.at.wall_ms,
                    submitted_ms: None,
                    submissions: 0,
                    outcome: None,
                },
            )
        }
        VisitEvent::PackMoved { .. } => match pack_of(content) {
            Some(pack) => blob::pin(tx, &pack, &content.stream),
            None => Ok(()),
        },
        VisitEvent::Submitted { n, outcome, .. } => {
            let kind = outcome.kind();
            order::submit_visit(
                tx,
                &content.stream,
                *n,
                content.at.wall_ms,
                outcome_word(kind),
            )?;
            match (kind, order::visit(tx, &content.stream)?) {
                (OutcomeKind::Completed | OutcomeKind::Returned, Some(visit)) => {
                    order::done(tx, &visit.order_stream)
                }
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// The word of an outcome in the database and the export.
fn outcome_word(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Completed => "completed",
        OutcomeKind::Suspended => "suspended",
        OutcomeKind::Returned => "returned",
        OutcomeKind::NobodyHome => "nobody_home",
    }
}

/// Own streams go to the person's other devices and to the team's leads; a visit also to whoever has the order now, a
/// review to all who receive its visit, an issue or a plan to whom it is handed.
fn route(
    tx: &Transaction<'_>,
    caller: &Caller,
    content: &Content,
    meaning: &Meaning,
    pos: i64,
) -> Outcome<()> {
    if let Some(visit) = visit_of(&content.stream) {
        routing::admit_like(tx, &content.stream, &visit)?;
    }
    let visit = order::visit(tx, &content.stream)?;
    routing::admit_with_leads(tx, &content.stream, &caller.staff)?;
    if let Some(visit) = visit
        && let Some(order) = order::by_stream(tx, &visit.order_stream)?
        && let Some(staff_no) = order.staff_no
    {
        admit_person(tx, &content.stream, &staff_no)?;
    }
    if let Some(staff_no) = handed_to(meaning) {
        admit_person(tx, &content.stream, staff_no)?;
    }
    routing::announce(tx, &content.stream, pos)
}

/// Staff number of whom an event hands its stream to.
fn handed_to(meaning: &Meaning) -> Option<&str> {
    match meaning {
        Meaning::Issue(event) => event.handed_to(),
        Meaning::Plan(event) => event.handed_to(),
        _ => None,
    }
}

fn admit_person(tx: &Transaction<'_>, stream: &str, staff_no: &str) -> Outcome<()> {
    match people::staff(tx, staff_no)? {
        Some(person) => routing::admit_with_leads(tx, stream, &person),
        None => Ok(()),
    }
}
