//! The rules beside arrival and notice: calling ahead, first contact, hours of service, missed appointments, progress, warranty.
//! What was due and when, and what was broken. Tests sit on both sides of every figure.

use super::facts::*;
use super::state::VisitState;
use super::timing::promised;
use super::view::WarrantyView;
use crate::order::OrderState;
use crate::standard::{
    CallAheadRule, Milestone, NoticeRule, Rules, ServiceHoursRule, WarrantyRule,
};
use crate::time::{Day, Moment, minute_of_day};

/// A rule that was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub rule: Duty,
    /// When it was broken.
    pub at: Moment,
    /// Minutes too late; for missed appointments how many there are.
    pub figure: i64,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// The rules that this module judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The customer was contacted too late after the order came.
    FirstContact,
    /// No call in the minutes before the agreed time.
    CallAhead,
    /// Set out without a call on that day, for a job that asks for one.
    BeforeLeaving,
    /// Outside the hours of service, and it was not the customer who wanted it.
    ServiceHours,
    /// More appointments missed than the standard lets pass.
    Missed,
    /// The customer of an unfinished visit heard nothing in time.
    Progress,
}

/// Until when the customer is contacted for the first time.
#[must_use]
pub fn first_contact_by<'r>(
    rule: Option<&'r NoticeRule>,
    order: &OrderState,
) -> Option<(Moment, &'r NoticeRule)> {
    let rule = rule?;
    Some((order.received?.plus_minutes(rule.minutes), rule))
}

/// From when till when the customer is called before the visit; none when this job needs no call.
#[must_use]
pub fn call_ahead<'r>(
    visit: &VisitState,
    rules: &'r Rules,
    start: Moment,
) -> Option<(Moment, Moment, &'r CallAheadRule)> {
    let rule = rules.call_ahead.as_ref()?;
    let job = visit.opened.as_ref()?.job;
    let asked = rule.jobs.is_empty() || rule.jobs.contains(&job);
    let (from, to) = (
        start.plus_minutes(-rule.earliest),
        start.plus_minutes(-rule.latest),
    );
    asked.then_some((from, to, rule))
}

/// Whether the customer was called between two moments, reached or not.
#[must_use]
pub fn called_between(visit: &VisitState, from: Moment, to: Moment) -> bool {
    let inside = |at: Moment| (from.ms..=to.ms).contains(&at.ms);
    visit.calls.iter().any(|c| inside(c.when()))
}

/// Until when the customer of an unfinished visit hears how it goes.
#[must_use]
pub fn progress_by<'r>(visit: &VisitState, rules: &'r Rules) -> Option<(Moment, &'r NoticeRule)> {
    let rule = rules.progress.as_ref()?;
    let last = visit.submissions.last()?;
    let open = matches!(last.outcome, Outcome::Suspended { .. });
    open.then(|| (last.at.moment().plus_minutes(rule.minutes), rule))
}

/// When the customer was reached after the newest submission.
fn told_at(visit: &VisitState) -> Option<Moment> {
    let since = visit.submissions.last()?.at.wall_ms;
    let reached = visit
        .calls
        .iter()
        .filter(|c| c.value.result == CallResult::Answered);
    reached.map(|c| c.when()).find(|at| at.ms >= since)
}

/// Whether the customer was reached after the newest submission.
#[must_use]
pub fn told_since(visit: &VisitState) -> bool {
    told_at(visit).is_some()
}

/// Appointments of a visit that we missed: nobody came by our fault, or a change by our fault was told when the time had come.
#[must_use]
pub fn missed(visit: &VisitState) -> u32 {
    let nobody = visit.nobody_home.current();
    let nobody = nobody.is_some_and(|n| n.value.cause == Cause::Ours);
    let late = |a: &&super::state::Recorded<Appointment>| {
        let change = a.value.change.as_ref();
        change.is_some_and(|c| c.cause == Cause::Ours && c.notified_at.ms >= c.was.ms)
    };
    let late = visit.appointments.all().iter().filter(late).count();
    u32::from(nobody).saturating_add(u32::try_from(late).unwrap_or(u32::MAX))
}

/// Whether a time lies outside the hours of service. The last minute is outside: nobody begins at closing time.
#[must_use]
pub fn outside_hours(rule: &ServiceHoursRule, start: Moment) -> bool {
    let (from, to) = (minute_of_day(&rule.from), minute_of_day(&rule.to));
    let at = start.minute_of_day();
    let open = from.is_none_or(|f| at >= f) && to.is_none_or(|t| at < t);
    !open || (rule.weekdays_only && start.is_weekend())
}

/// Whether the warranty holds on a day. It holds up to and on its last day, for what was sold from its first day of sale on.
#[must_use]
pub fn warranty(rule: &WarrantyRule, bought: Day, on: Day) -> WarrantyView {
    let sold_from = rule.sold_from.as_deref().and_then(Day::parse);
    let covered = sold_from.is_none_or(|first| bought >= first);
    let until = bought.plus_months(rule.years.saturating_mul(12));
    WarrantyView {
        holds: covered && on <= until,
        until: covered.then(|| until.to_string()),
        sold_from: sold_from.map(|d| d.to_string()),
        years: rule.years,
    }
}

/// The warranty of a date row, on the day of the visit; none without a rule or an answer.
#[must_use]
pub fn warranty_of(visit: &VisitState, item: &str, rules: &Rules) -> Option<WarrantyView> {
    let rule = rules.warranty.as_ref()?;
    let answered = visit.answered(item)?;
    let Some(Answer::Date { date }) = &answered.value else {
        return None;
    };
    let on = visit.arrived_at().unwrap_or_else(|| answered.when());
    Some(warranty(rule, Day::parse(date)?, Day::of(on)))
}

/// Every rule of this module that the visit broke. `missed_before`: appointments that earlier visits of the order missed.
#[must_use]
pub fn broken(
    visit: &VisitState,
    order: &OrderState,
    rules: &Rules,
    missed_before: u32,
) -> Vec<Broken> {
    let all = [
        first_contact_broken(visit, order, rules),
        call_broken(visit, order, rules),
        leaving_broken(visit, rules),
        hours_broken(visit, rules),
        missed_broken(visit, rules, missed_before),
        progress_broken(visit, rules),
    ];
    all.into_iter().flatten().collect()
}

fn first_contact_broken(visit: &VisitState, order: &OrderState, rules: &Rules) -> Option<Broken> {
    let (by, rule) = first_contact_by(rules.first_contact.as_ref(), order)?;
    let called = visit.calls.first().map(|c| c.when());
    let agreed = visit.appointments.all().first().map(|a| a.at.moment());
    let arrived = visit.arrived_at();
    let first = [called, agreed, arrived]
        .into_iter()
        .flatten()
        .min_by_key(|m| m.ms)?;
    (first.ms > by.ms).then(|| Broken {
        rule: Duty::FirstContact,
        at: first,
        figure: by.minutes_until(first),
        clauses: rule.clauses.clone(),
    })
}

fn call_broken(visit: &VisitState, order: &OrderState, rules: &Rules) -> Option<Broken> {
    let (start, _) = promised(visit, order)?;
    let (from, to, rule) = call_ahead(visit, rules, start)?;
    // judged once the technician stands there: before that the call can still come
    let arrived = visit.reached(Milestone::AtDoor)?.when();
    (!called_between(visit, from, to)).then(|| Broken {
        rule: Duty::CallAhead,
        at: arrived,
        figure: 0,
        clauses: rule.clauses.clone(),
    })
}

/// A call of the same day counts, whatever it was about: who spoke in the morning need not ring again at the gate.
fn leaving_broken(visit: &VisitState, rules: &Rules) -> Option<Broken> {
    let rule = rules.call_before_leaving.as_ref()?;
    rule.jobs
        .contains(&visit.opened.as_ref()?.job)
        .then_some(())?;
    let left = visit.reached(Milestone::Departed)?.when();
    let before = |at: Moment| at.ms <= left.ms && Day::of(at) == Day::of(left);
    (!visit.calls.iter().any(|c| before(c.when()))).then(|| Broken {
        rule: Duty::BeforeLeaving,
        at: left,
        figure: 0,
        clauses: rule.clauses.clone(),
    })
}

fn hours_broken(visit: &VisitState, rules: &Rules) -> Option<Broken> {
    let rule = rules.service_hours.as_ref()?;
    let agreed = visit.appointment()?;
    let ours = agreed.value.proposed_by != Proposer::Customer;
    (ours && outside_hours(rule, agreed.value.start)).then(|| Broken {
        rule: Duty::ServiceHours,
        at: agreed.value.start,
        figure: 0,
        clauses: rule.clauses.clone(),
    })
}

fn missed_broken(visit: &VisitState, rules: &Rules, before: u32) -> Option<Broken> {
    let rule = rules.missed.as_ref()?;
    let own = missed(visit);
    let count = before.saturating_add(own);
    let nobody = visit.nobody_home.current().map(|n| n.when());
    let changed = visit.appointments.current().map(|a| a.at.moment());
    (own > 0 && count > rule.most).then_some(())?;
    Some(Broken {
        rule: Duty::Missed,
        at: nobody.or(changed)?,
        figure: i64::from(count),
        clauses: rule.clauses.clone(),
    })
}

fn progress_broken(visit: &VisitState, rules: &Rules) -> Option<Broken> {
    let (by, rule) = progress_by(visit, rules)?;
    let told = told_at(visit).filter(|at| at.ms > by.ms)?;
    Some(Broken {
        rule: Duty::Progress,
        at: told,
        figure: by.minutes_until(told),
        clauses: rule.clauses.clone(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_warranty_of_six_years_ends_with_its_last_day() {
        let rule = WarrantyRule {
            years: 6,
            sold_from: Some("2005-01-01".into()),
            clauses: vec!["S35-02".into()],
        };
        let of = |bought: &str, on: &str| {
            let w = warranty(&rule, day(bought), day(on));
            (w.holds, w.until)
        };
        let until = Some("2031-05-03".to_owned());
        assert_eq!(of("2025-05-03", "2031-05-03"), (true, until.clone()));
        assert_eq!(of("2025-05-03", "2031-05-04"), (false, until));
        let first = Some("2011-01-01".to_owned());
        assert_eq!(of("2005-01-01", "2011-01-01"), (true, first));
        assert_eq!(
            of("2004-12-31", "2005-06-01"),
            (false, None),
            "sold too early"
        );
    }

    #[test]
    fn hours_of_service_end_before_the_closing_minute() {
        let rule = ServiceHoursRule {
            from: "09:00".into(),
            to: "18:00".into(),
            weekdays_only: true,
            clauses: vec!["S32-02".into()],
        };
        let outside = |text: &str| outside_hours(&rule, Moment::parse_local(text, 480).unwrap());
        // 2026-11-20 is a Friday
        assert!(outside("2026-11-20 08:59") && !outside("2026-11-20 09:00"));
        assert!(!outside("2026-11-20 17:59") && outside("2026-11-20 18:00"));
        assert!(outside("2026-11-21 10:00") && outside("2026-11-22 10:00"));
        assert!(!outside("2026-11-23 10:00"), "Monday");
        let every_day = ServiceHoursRule {
            weekdays_only: false,
            ..rule.clone()
        };
        let sunday = Moment::parse_local("2026-11-22 10:00", 480).unwrap();
        assert!(!outside_hours(&every_day, sunday));
    }
}
