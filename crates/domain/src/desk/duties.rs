//! Rules of time beside arrival and notice, statements before the work and gear: as flags and as lines of the timeline.

use super::flags::{answers, flag};
use super::timeline::entry;
use super::{DeskFlag, FlagKind, Sight, TimelineEntry, Tone, cite};
use crate::visit::consent::{Consent, ConsentOutcome};
use crate::visit::duty::{Broken, Duty, broken};
use crate::visit::state::Recorded;
use crate::visit::{Answer, GearFound};

fn all_broken(sight: &Sight<'_>) -> Vec<Broken> {
    let Some(pack) = sight.pack else {
        return Vec::new();
    };
    broken(sight.visit, sight.order, &pack.rules, sight.missed_before)
}

/// What was broken, in one line.
fn words(sight: &Sight<'_>, broken: &Broken) -> String {
    let n = broken.figure;
    match broken.rule {
        Duty::FirstContact => sight.say(
            format!("首次联系晚了 {n} 分钟"),
            format!("First contact {n} min late"),
        ),
        Duty::CallAhead => sight.say(
            "上门前没有按时打电话".to_owned(),
            "Not called in the minutes before the visit".to_owned(),
        ),
        Duty::BeforeLeaving => sight.say(
            "出发前没给客户打电话".to_owned(),
            "Set out without calling the customer".to_owned(),
        ),
        Duty::ServiceHours => sight.say(
            "约在服务时间以外，不是客户提出的".to_owned(),
            "Agreed outside service hours, not at the customer's wish".to_owned(),
        ),
        Duty::Missed => sight.say(
            format!("对同一客户失约 {n} 次（我方）"),
            format!("{n} appointments missed with one customer (ours)"),
        ),
        Duty::Progress => sight.say(
            format!("进展晚告知 {n} 分钟"),
            format!("Progress told {n} min late"),
        ),
    }
}

/// One flag for each broken rule, each statement without a signature, each look at gear that was out of date.
pub(super) fn flags(sight: &Sight<'_>) -> Vec<DeskFlag> {
    let rules = all_broken(sight).into_iter().map(|b| {
        let mut flag = flag(FlagKind::RuleBroken, words(sight, &b), b.at.date_hm());
        flag.clause = cite(&b.clauses);
        flag
    });
    let consents = sight.visit.consents.values().filter_map(|h| h.current());
    let consents = consents.filter(|c| c.value.outcome != ConsentOutcome::Signed);
    let consents = consents.map(|c| {
        let title = consent_words(sight, c);
        let reason = c.value.reason.clone().unwrap_or_default();
        let mut flag = flag(
            FlagKind::Consent,
            title,
            format!("{} · {reason}", c.value.signer),
        );
        flag.items = vec![c.value.item.clone()];
        flag
    });
    let gear = answers(sight.visit).filter_map(|(id, recorded, answer)| {
        let Answer::Gear { pieces, reason } = answer else {
            return None;
        };
        let reason = reason.as_ref()?;
        let title = gear_words(sight, pieces, None);
        let mut flag = flag(
            FlagKind::GearExpired,
            title,
            format!("{} · {reason}", recorded.when().hm()),
        );
        flag.items = vec![id.clone()];
        flag.clause = clauses_of(sight, pieces);
        Some(flag)
    });
    rules.chain(consents).chain(gear).collect()
}

/// The same as lines of the timeline, and the statements that were signed.
pub(super) fn lines(sight: &Sight<'_>) -> Vec<TimelineEntry> {
    let rules = all_broken(sight).into_iter().map(|b| {
        let mut line = entry(b.at, words(sight, &b), Tone::Breach);
        line.clause = cite(&b.clauses);
        line
    });
    let consents = sight.visit.consents.values().flat_map(|h| h.all());
    let consents = consents.map(|c| {
        let tone = match c.value.outcome {
            ConsentOutcome::Signed => Tone::Done,
            ConsentOutcome::Unable | ConsentOutcome::Refused => Tone::Soon,
        };
        entry(c.when(), consent_words(sight, c), tone)
    });
    rules.chain(consents).collect()
}

fn consent_words(sight: &Sight<'_>, consent: &Recorded<Consent>) -> String {
    let item = sight.item(&consent.value.item);
    match consent.value.outcome {
        ConsentOutcome::Signed => sight.say(format!("{item}：已签"), format!("{item}: signed")),
        ConsentOutcome::Unable => sight.say(
            format!("{item}：口头同意，没签"),
            format!("{item}: agreed, not signed"),
        ),
        ConsentOutcome::Refused => sight.say(format!("{item}：拒绝"), format!("{item}: refused")),
    }
}

/// The pieces that were not within their dates, or that all were.
pub(super) fn gear_words(sight: &Sight<'_>, pieces: &[GearFound], reason: Option<&str>) -> String {
    let name = |piece: &GearFound| {
        let known = sight
            .pack
            .and_then(|p| p.gear.iter().find(|g| g.id == piece.id));
        known.map_or_else(|| piece.id.clone(), |g| g.name.get(sight.lang).to_owned())
    };
    let bad = pieces.iter().filter(|p| !p.good).map(|p| match &p.due {
        Some(due) => sight.say(
            format!("{}（到期 {due}）", name(p)),
            format!("{} (due {due})", name(p)),
        ),
        None => sight.say(
            format!("{}（未登记）", name(p)),
            format!("{} (not recorded)", name(p)),
        ),
    });
    let bad: Vec<String> = bad.collect();
    if bad.is_empty() {
        return sight.say(
            "防护用品都在有效期内".to_owned(),
            "All gear within its dates".to_owned(),
        );
    }
    let mut words = bad.join(&sight.say("、".to_owned(), ", ".to_owned()));
    if let Some(reason) = reason {
        words = format!("{words} · {reason}");
    }
    words
}

fn clauses_of(sight: &Sight<'_>, pieces: &[GearFound]) -> Option<String> {
    let bad = |id: &str| pieces.iter().any(|p| p.id == id && !p.good);
    let gear = sight.pack?.gear.iter().filter(|g| bad(&g.id));
    let mut clauses: Vec<String> = Vec::new();
    for clause in gear.flat_map(|g| &g.clauses) {
        if !clauses.contains(clause) {
            clauses.push(clause.clone());
        }
    }
    cite(&clauses)
}
