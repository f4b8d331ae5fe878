//! The promises an app can compute: arrival, notice of a change, deadlines. Tests sit on both sides of every figure.
//! Timeliness counts from what happened, never from when it synced.

use super::duty;
use super::facts::*;
use super::state::VisitState;
use super::view::{DeadlineKind, DeadlineView, Nearness};
use crate::order::OrderState;
use crate::standard::{ArrivalRule, ChangeNoticeRule, Milestone, Rules};
use crate::time::Moment;

/// Arrival against the promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The time that counts.
    pub at: Moment,
    /// Minutes before the agreed time; negative = late.
    pub minutes_early: i64,
    /// Inside the standard's window.
    pub kept: bool,
}

/// The time a visit is measured against: the agreed one, else the one dispatch promised.
#[must_use]
pub fn promised(visit: &VisitState, order: &OrderState) -> Option<(Moment, Option<Moment>)> {
    match visit.appointment() {
        Some(a) => Some((a.value.start, a.value.end)),
        None => order
            .order
            .as_ref()
            .map(|o| (o.promised_start, o.promised_end)),
    }
}

/// Judges an arrival. Waiting downstairs is not a breach: whoever is downstairs in time and at the
/// door by the end of the window has kept it; too early is only who rang too early (S37-12).
/// `slot_end`: with an agreed slot, arriving inside the slot is in time too.
#[must_use]
pub fn arrival(
    rule: Option<&ArrivalRule>,
    start: Moment,
    slot_end: Option<Moment>,
    downstairs: Option<Moment>,
    at_door: Option<Moment>,
) -> Option<Arrival> {
    let first = match (downstairs, at_door) {
        (Some(d), Some(a)) => d.min(a),
        (d, a) => d.or(a)?,
    };
    let (least, most) = rule.map_or((0, 0), |r| (r.latest_early, r.earliest_early));
    let window_start = (most > 0).then(|| start.plus_minutes(-most));
    let latest = match slot_end {
        Some(end) => end.max(start.plus_minutes(-least)),
        None => start.plus_minutes(-least),
    };
    let in_time = first.ms <= latest.ms;
    let rang_too_early = at_door
        .zip(window_start)
        .is_some_and(|(door, from)| door.ms < from.ms);
    // Who waited downstairs and rang inside the window is measured by the ring.
    let at = match at_door {
        Some(door) if window_start.is_some_and(|from| first.ms < from.ms) => door,
        _ => first,
    };
    let in_time = in_time && at.ms <= latest.ms.max(first.ms);
    Some(Arrival {
        at,
        minutes_early: at.minutes_until(start),
        kept: in_time && !rang_too_early,
    })
}

/// Minutes of notice for putting a visit off to `start`, and the clauses that say so: a short delay may need less (S31-04).
#[must_use]
pub fn notice_for(rule: &ChangeNoticeRule, was: Moment, start: Moment) -> (i64, &[String]) {
    let delay = was.minutes_until(start);
    match &rule.short {
        Some(short) if delay > 0 && delay <= short.delay_up_to => (short.minutes, &short.clauses),
        _ => (rule.minutes, &rule.clauses),
    }
}

/// The last moment to tell the customer of any change of `start`; once it has passed, of a short delay, where that needs less.
#[must_use]
pub fn notice_deadline(rule: &ChangeNoticeRule, start: Moment, now: Moment) -> (Moment, &[String]) {
    let usual = start.plus_minutes(-rule.minutes);
    match &rule.short {
        Some(short) if now.ms > usual.ms => (start.plus_minutes(-short.minutes), &short.clauses),
        _ => (usual, &rule.clauses),
    }
}

/// Whether a change to `start` kept the notice the rule asks for (S37-14: at least 120 minutes).
#[must_use]
pub fn notice_kept(rule: &ChangeNoticeRule, change: &Change, start: Moment) -> bool {
    let (minutes, _) = notice_for(rule, change.was, start);
    let deadline = change.was.plus_minutes(-minutes);
    if minutes == 0 {
        change.notified_at.ms < deadline.ms
    } else {
        change.notified_at.ms <= deadline.ms
    }
}

/// Deadlines that still matter, nearest first.
#[must_use]
pub fn deadlines(
    visit: &VisitState,
    order: &OrderState,
    rules: &Rules,
    now: Moment,
) -> Vec<DeadlineView> {
    let mut list = Vec::new();
    let Some((start, end)) = promised(visit, order) else {
        return list;
    };
    let stage = visit.stage();
    let no = Vec::<String>::new;
    if visit.appointment().is_none() && stage < VisitStage::Departed {
        let (at, clauses) = match duty::first_contact_by(rules.first_contact.as_ref(), order) {
            Some((at, rule)) if visit.calls.is_empty() => (at, rule.clauses.clone()),
            _ => (start, no()),
        };
        list.push(deadline(DeadlineKind::FirstContact, None, at, now, clauses));
    }
    if stage < VisitStage::Downstairs {
        if let Some(rule) = &rules.change_notice {
            let (at, clauses) = notice_deadline(rule, start, now);
            list.push(deadline(
                DeadlineKind::ChangeNotice,
                None,
                at,
                now,
                clauses.to_vec(),
            ));
        }
        if let Some((from, at, rule)) = duty::call_ahead(visit, rules, start)
            && !duty::called_between(visit, from, at)
        {
            let clauses = rule.clauses.clone();
            list.push(deadline(
                DeadlineKind::CallAhead,
                Some(from),
                at,
                now,
                clauses,
            ));
        }
        let clauses = rules
            .arrival
            .as_ref()
            .map(|r| r.clauses.clone())
            .unwrap_or_default();
        let (from, by) = arrive_window(rules.arrival.as_ref(), start, end);
        list.push(deadline(DeadlineKind::Arrive, from, by, now, clauses));
    }
    if !visit.submitted() {
        if let Some(at) = order.order.as_ref().and_then(|o| o.deadline) {
            list.push(deadline(DeadlineKind::Completion, None, at, now, no()));
        }
        if let (Some(rule), Some(left)) = (&rules.hand_in, visit.reached(Milestone::Left)) {
            let at = left.when().plus_minutes(rule.minutes);
            list.push(deadline(
                DeadlineKind::HandIn,
                None,
                at,
                now,
                rule.clauses.clone(),
            ));
        }
    }
    if let Some(Outcome::Suspended {
        call_back_by: Some(at),
        ..
    }) = visit.outcome().map(|r| &r.value)
    {
        list.push(deadline(DeadlineKind::CallBack, None, *at, now, no()));
    }
    if let Some((at, rule)) = duty::progress_by(visit, rules)
        && !duty::told_since(visit)
    {
        let clauses = rule.clauses.clone();
        list.push(deadline(DeadlineKind::Progress, None, at, now, clauses));
    }
    list.sort_by_key(|d| d.at.ms);
    list
}

/// When to stand at the door.
#[must_use]
pub fn arrive_window(
    rule: Option<&ArrivalRule>,
    start: Moment,
    end: Option<Moment>,
) -> (Option<Moment>, Moment) {
    match rule {
        Some(r) if r.earliest_early > 0 => (
            Some(start.plus_minutes(-r.earliest_early)),
            start.plus_minutes(-r.latest_early),
        ),
        _ => (None, end.unwrap_or(start)),
    }
}

fn deadline(
    kind: DeadlineKind,
    from: Option<Moment>,
    at: Moment,
    now: Moment,
    clauses: Vec<String>,
) -> DeadlineView {
    let minutes = now.minutes_until(at);
    let nearness = if now.ms > at.ms {
        Nearness::Passed
    } else if minutes <= 60 {
        Nearness::Soon
    } else {
        Nearness::Ahead
    };
    let minutes_left =
        i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX });
    DeadlineView {
        kind,
        from,
        at,
        minutes_left,
        nearness,
        clauses,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(hm: &str) -> Moment {
        Moment::parse_local(&format!("2026-11-22 {hm}"), 480).unwrap()
    }

    fn mobile() -> ArrivalRule {
        ArrivalRule {
            latest_early: 5,
            earliest_early: 10,
            clauses: vec!["S37-12".into()],
        }
    }

    fn kept(down: Option<&str>, door: &str) -> (i64, bool) {
        let a = arrival(
            Some(&mobile()),
            at("14:00"),
            None,
            down.map(at),
            Some(at(door)),
        )
        .unwrap();
        (a.minutes_early, a.kept)
    }

    #[test]
    fn china_mobile_wants_five_to_ten_minutes_early() {
        assert_eq!(kept(None, "13:49"), (11, false), "rang too early");
        assert_eq!(kept(None, "13:50"), (10, true));
        assert_eq!(kept(None, "13:52"), (8, true));
        assert_eq!(kept(None, "13:55"), (5, true));
        assert_eq!(
            kept(None, "13:56"),
            (4, false),
            "four minutes early is too late for S37-12"
        );
        assert_eq!(kept(None, "14:05"), (-5, false));
    }

    #[test]
    fn waiting_downstairs_is_not_a_breach() {
        assert_eq!(
            kept(Some("13:30"), "13:52"),
            (8, true),
            "early downstairs, rang in time"
        );
        assert_eq!(
            kept(Some("13:53"), "13:58"),
            (7, true),
            "downstairs in time, the lift was slow"
        );
        assert_eq!(kept(Some("13:57"), "13:58"), (3, false));
        assert_eq!(
            kept(Some("13:30"), "14:20"),
            (-20, false),
            "an early tap downstairs does not excuse ringing late"
        );
    }

    #[test]
    fn a_standard_without_figures_asks_only_to_be_on_time() {
        let rule = ArrivalRule {
            latest_early: 0,
            earliest_early: 0,
            clauses: vec!["S07-02".into()],
        };
        let judge = |door| {
            arrival(Some(&rule), at("14:00"), None, None, Some(at(door)))
                .unwrap()
                .kept
        };
        assert!(judge("13:20") && judge("14:00"));
        assert!(!judge("14:01"));
        let slot = arrival(
            Some(&rule),
            at("14:00"),
            Some(at("16:00")),
            None,
            Some(at("15:59")),
        )
        .unwrap();
        assert!(slot.kept, "inside the agreed slot");
    }

    #[test]
    fn a_change_is_told_two_hours_before() {
        let rule = ChangeNoticeRule {
            minutes: 120,
            clauses: vec!["S37-14".into()],
            short: None,
        };
        let start = at("20:00");
        let change = |hm| Change {
            reason: "缺料".into(),
            cause: Cause::Ours,
            notified_at: at(hm),
            was: at("14:00"),
        };
        assert!(
            notice_kept(&rule, &change("12:00"), start),
            "exactly two hours keeps it"
        );
        assert!(!notice_kept(&rule, &change("12:01"), start));
        let before = ChangeNoticeRule {
            minutes: 0,
            clauses: vec!["S07-03".into()],
            short: None,
        };
        assert!(notice_kept(&before, &change("13:59"), start));
        assert!(
            !notice_kept(&before, &change("14:00"), start),
            "S07-03 says before the agreed time"
        );
    }

    #[test]
    fn a_delay_of_half_a_day_needs_half_an_hour() {
        use crate::standard::ShortNotice;
        let rule = ChangeNoticeRule {
            minutes: 120,
            clauses: vec!["S31-05".into()],
            short: Some(ShortNotice {
                delay_up_to: 720,
                minutes: 30,
                clauses: vec!["S31-04".into()],
            }),
        };
        let day = |text: &str| Moment::parse_local(text, 480).unwrap();
        let kept = |told: &str, start: &str| {
            let change = Change {
                reason: "堵车".into(),
                cause: Cause::Ours,
                notified_at: at(told),
                was: at("10:00"),
            };
            notice_kept(&rule, &change, day(start))
        };
        assert!(
            kept("09:30", "2026-11-22 22:00"),
            "put off by just half a day"
        );
        assert!(!kept("09:31", "2026-11-22 22:00"));
        assert!(
            !kept("09:30", "2026-11-22 22:01"),
            "beyond half a day two hours count"
        );
        assert!(kept("08:00", "2026-11-23 10:00"));
        assert!(!kept("08:01", "2026-11-23 10:00"));
        assert!(
            !kept("09:30", "2026-11-22 09:00"),
            "coming earlier is no delay"
        );
        let by = |now: &str| notice_deadline(&rule, at("10:00"), at(now)).0.hm();
        assert_eq!(
            (by("08:00").as_str(), by("08:01").as_str()),
            ("08:00", "09:30")
        );
    }
}
