//! Whether the figures of a standard make sense: rules, gear, prices.

use super::check::distinct;
use super::place::{Findings, Spot};
use crate::standard::{Pack, Rules};
use crate::time::{Day, minute_of_day};

/// Longest of any waiting time that is judged, minutes: a year.
const MAX_MINUTES: i64 = 366 * 24 * 60;

/// Checks every figure.
pub(super) fn check(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    let rules = root.key("rules");
    minutes(&pack.rules, rules, findings);
    calls(pack, rules, findings);
    hours(&pack.rules, rules.key("service_hours"), findings);
    warranty(&pack.rules, rules.key("warranty"), findings);
    goods(pack, root, findings);
}

fn minutes(rules: &Rules, spot: Spot<'_>, findings: &mut Findings) {
    let arrival = rules.arrival.as_ref();
    let change = rules.change_notice.as_ref();
    let short = change.and_then(|c| c.short.as_ref());
    let (change_spot, arrive) = (spot.key("change_notice"), spot.key("arrival"));
    let (short_spot, plain) = (change_spot.key("short"), |n: &str| {
        spot.key(n).key("minutes")
    });
    let all = [
        (arrival.map(|r| r.latest_early), arrive.key("latest_early")),
        (
            arrival.map(|r| r.earliest_early),
            arrive.key("earliest_early"),
        ),
        (change.map(|r| r.minutes), change_spot.key("minutes")),
        (short.map(|r| r.minutes), short_spot.key("minutes")),
        (short.map(|r| r.delay_up_to), short_spot.key("delay_up_to")),
        (rules.hand_in.as_ref().map(|r| r.minutes), plain("hand_in")),
        (
            rules.progress.as_ref().map(|r| r.minutes),
            plain("progress"),
        ),
        (
            rules.first_contact.as_ref().map(|r| r.minutes),
            plain("first_contact"),
        ),
    ];
    for (minutes, spot) in all {
        if minutes.is_some_and(|m| !(0..=MAX_MINUTES).contains(&m)) {
            findings.report(
                spot,
                format!("分钟数应在 0 到 {MAX_MINUTES} 之间"),
                format!("Minutes lie between 0 and {MAX_MINUTES}"),
            );
        }
    }
    if let Some((change, short)) = change.zip(short)
        && short.minutes >= change.minutes
    {
        findings.report(
            short_spot.key("minutes"),
            format!("short 的提前量应比平时的 {} 分钟短", change.minutes),
            format!(
                "The notice of short must be less than the usual {} minutes",
                change.minutes
            ),
        );
    }
}

fn calls(pack: &Pack, rules: Spot<'_>, findings: &mut Findings) {
    if let Some(call) = &pack.rules.call_ahead {
        let spot = rules.key("call_ahead");
        if call.latest < 0 || call.earliest <= call.latest || call.earliest > MAX_MINUTES {
            findings.report(
                spot.key("earliest"),
                "earliest 要比 latest 大，如 earliest = 15, latest = 10",
                "earliest must be greater than latest, like earliest = 15, latest = 10",
            );
        }
    }
    if let Some(wait) = &pack.rules.door_wait
        && wait.most.is_some_and(|most| most < wait.seconds)
    {
        findings.report(
            rules.key("door_wait").key("most"),
            format!("most 不能比 seconds（{}）小", wait.seconds),
            format!("most cannot be less than seconds ({})", wait.seconds),
        );
    }
    let named = [
        (
            "call_before_leaving",
            pack.rules.call_before_leaving.as_ref().map(|r| &r.jobs),
        ),
        (
            "call_ahead",
            pack.rules.call_ahead.as_ref().map(|r| &r.jobs),
        ),
    ];
    for (name, jobs) in named {
        let unserved = |jobs: &Vec<_>| jobs.iter().any(|j| !pack.job_types.contains(j));
        if jobs.is_some_and(unserved) {
            findings.report(
                rules.key(name).key("jobs"),
                "这里的作业没有列在 job_types 里",
                "A job here is not listed in job_types",
            );
        }
    }
}

fn hours(rules: &Rules, spot: Spot<'_>, findings: &mut Findings) {
    let Some(hours) = &rules.service_hours else {
        return;
    };
    let (from, to) = (minute_of_day(&hours.from), minute_of_day(&hours.to));
    for (name, read) in [("from", from), ("to", to)] {
        if read.is_none() {
            findings.report(
                spot.key(name),
                "钟点写成 09:00 这样",
                "Write the time of day like 09:00",
            );
        }
    }
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        findings.report(
            spot.key("to"),
            "to 要晚于 from",
            "to must be later than from",
        );
    }
}

fn warranty(rules: &Rules, spot: Spot<'_>, findings: &mut Findings) {
    let Some(warranty) = &rules.warranty else {
        return;
    };
    if !(1..=100).contains(&warranty.years) {
        findings.report(
            spot.key("years"),
            "保修年数应在 1 到 100 之间",
            "The years of warranty lie between 1 and 100",
        );
    }
    if warranty
        .sold_from
        .as_deref()
        .is_some_and(|d| Day::parse(d).is_none())
    {
        findings.report(
            spot.key("sold_from"),
            "日期写成 2005-01-01 这样",
            "Write the date like 2005-01-01",
        );
    }
}

fn goods(pack: &Pack, root: Spot<'_>, findings: &mut Findings) {
    let (gear, prices) = (root.key("gear"), root.key("prices"));
    let ids = pack.gear.iter().enumerate();
    distinct(ids.map(|(i, g)| (g.id.as_str(), gear.at(i))), findings);
    let ids = pack.prices.iter().enumerate();
    distinct(ids.map(|(i, p)| (p.id.as_str(), prices.at(i))), findings);
    for (i, piece) in pack.gear.iter().enumerate() {
        if !(1..=600).contains(&piece.months) {
            findings.report(
                gear.at(i).key("months"),
                "使用期限应在 1 到 600 个月之间",
                "The time of use lies between 1 and 600 months",
            );
        }
    }
    for (i, price) in pack.prices.iter().enumerate() {
        if !(1..=100_000_000).contains(&price.cents) {
            findings.report(
                prices.at(i).key("cents"),
                "单价按分写，1 到 100000000",
                "The price is in cents, 1 to 100000000",
            );
        }
    }
}
