//! What happened when, with the rules that it kept or broke.

use super::summary::arrived;
use super::{Candidate, Sight, TimelineEntry, Tone, cite};
use crate::standard::Milestone;
use crate::time::Moment;
use crate::visit::{Answer, Appointment, CallResult, SignOutcome, timing};

/// The timeline of a submission, earliest first.
#[must_use]
pub fn timeline(sight: &Sight<'_>, alike: &[Candidate]) -> Vec<TimelineEntry> {
    let mut all = Vec::new();
    calls(sight, &mut all);
    milestones(sight, &mut all);
    moves(sight, &mut all);
    readings(sight, &mut all);
    photos(sight, alike, &mut all);
    all.extend(super::duties::lines(sight));
    ending(sight, &mut all);
    // equal moments keep the order of the visit's life
    all.sort_by_key(|e| e.at.ms);
    all
}

pub(super) fn entry(at: Moment, words: String, tone: Tone) -> TimelineEntry {
    TimelineEntry {
        at,
        words,
        tone,
        clause: None,
        extra: None,
    }
}

/// 到门口 …
pub(super) fn milestone_words(sight: &Sight<'_>, milestone: Milestone) -> String {
    let (zh, en) = match milestone {
        Milestone::Departed => ("出发", "Departed"),
        Milestone::Downstairs => ("到楼下", "Downstairs"),
        Milestone::AtDoor => ("到门口", "At the door"),
        Milestone::Entered => ("进门", "Entered"),
        Milestone::Left => ("离开", "Left"),
    };
    sight.say(zh.to_owned(), en.to_owned())
}

fn calls(sight: &Sight<'_>, all: &mut Vec<TimelineEntry>) {
    for call in &sight.visit.calls {
        let (zh, en, tone) = match call.value.result {
            CallResult::Answered => ("通话", "Call", Tone::Done),
            CallResult::NoAnswer => ("无人接听", "No answer", Tone::Idle),
            CallResult::Unreachable => ("打不通", "Unreachable", Tone::Idle),
            CallResult::Busy => ("占线", "Busy", Tone::Idle),
        };
        let what = sight.say(zh.to_owned(), en.to_owned());
        let words = match call.value.note.as_deref().map(str::trim) {
            None | Some("") => what,
            Some(note) => sight.say(format!("{what}：{note}"), format!("{what}: {note}")),
        };
        all.push(entry(call.when(), words, tone));
    }
    for agreed in sight.visit.appointments.all() {
        all.push(appointment(sight, agreed.when(), &agreed.value));
    }
}

fn appointment(sight: &Sight<'_>, at: Moment, agreed: &Appointment) -> TimelineEntry {
    let start = agreed.start.hm();
    let Some(change) = &agreed.change else {
        let words = sight.say(format!("约定 {start}"), format!("Agreed on {start}"));
        return entry(at, words, Tone::Done);
    };
    let words = sight.say(
        format!("改约 {start}（{}）", change.reason),
        format!("Changed to {start} ({})", change.reason),
    );
    let rule = sight.pack.and_then(|p| p.rules.change_notice.as_ref());
    let kept = rule.is_none_or(|r| timing::notice_kept(r, change, agreed.start));
    let minutes = change.notified_at.minutes_until(change.was);
    let mut line = entry(at, words, if kept { Tone::Done } else { Tone::Breach });
    line.extra = Some(sight.say(
        format!("提前 {minutes} 分钟通知"),
        format!("told {minutes} min before"),
    ));
    line.clause = rule.and_then(|r| cite(timing::notice_for(r, change.was, agreed.start).1));
    line
}

fn milestones(sight: &Sight<'_>, all: &mut Vec<TimelineEntry>) {
    let measured = arrived(sight);
    for (milestone, history) in &sight.visit.milestones {
        let Some(reached) = history.current() else {
            continue;
        };
        let mut line = entry(
            reached.when(),
            milestone_words(sight, *milestone),
            Tone::Done,
        );
        if reached.claim.is_some() {
            line.tone = Tone::Soon;
            line.extra = Some(sight.say("补录".to_owned(), "entered later".to_owned()));
        }
        if let (Milestone::AtDoor, Some(arrival)) = (milestone, &measured) {
            let early = arrival.minutes_early;
            let measured = match early {
                0.. => sight.say(format!("早 {early} 分钟"), format!("{early} min early")),
                _ => sight.say(
                    format!("晚 {} 分钟", -early),
                    format!("{} min late", -early),
                ),
            };
            line.extra = Some(match line.extra.take() {
                Some(late) => format!("{measured} · {late}"),
                None => measured,
            });
            if !arrival.kept {
                line.tone = Tone::Breach;
            }
            let rule = sight.pack.and_then(|p| p.rules.arrival.as_ref());
            line.clause = rule.and_then(|r| cite(&r.clauses));
        }
        all.push(line);
    }
}

/// Moves to other versions of the standard, and how many answers they left behind.
fn moves(sight: &Sight<'_>, all: &mut Vec<TimelineEntry>) {
    for moved in &sight.visit.moves {
        let (from, to) = (moved.value.from.version, moved.value.to.version);
        let words = sight.say(
            format!("服务规范从第 {from} 版换到第 {to} 版"),
            format!("Standard moved from version {from} to {to}"),
        );
        let mut line = entry(moved.when(), words, Tone::Done);
        let left = sight.visit.left_behind(&moved.value);
        if left > 0 {
            line.tone = Tone::Soon;
            line.extra = Some(sight.say(
                format!("{left} 条的回答留在第 {from} 版"),
                format!("answers to {left} rows stay with version {from}"),
            ));
        }
        all.push(line);
    }
}

fn readings(sight: &Sight<'_>, all: &mut Vec<TimelineEntry>) {
    for id in sight.visit.items.keys() {
        let Some(recorded) = sight.visit.answered(id) else {
            continue;
        };
        if let Some(answer @ Answer::Reading { values }) = &recorded.value {
            let words = format!(
                "{} {}",
                sight.item(id),
                super::changes::answer_words(sight, id, answer)
            );
            // a figure that needed a reason is looked at
            let reasoned = values.values().any(|v| v.reason.is_some());
            let tone = if reasoned { Tone::Soon } else { Tone::Done };
            all.push(entry(recorded.when(), words, tone));
        }
    }
}

fn photos(sight: &Sight<'_>, alike: &[Candidate], all: &mut Vec<TimelineEntry>) {
    for candidate in alike {
        let found = sight
            .visit
            .photos
            .iter()
            .find(|p| p.value.id == candidate.photo);
        if let Some(photo) = found {
            let name = super::photo_name(sight, &photo.value);
            let mut line = entry(photo.when(), name, Tone::Soon);
            let percent = candidate.like.percent;
            line.extra = Some(sight.say(format!("相似 {percent} %"), format!("{percent} % alike")));
            all.push(line);
        }
    }
}

fn ending(sight: &Sight<'_>, all: &mut Vec<TimelineEntry>) {
    let visit = sight.visit;
    if let Some(nobody) = visit.nobody_home.current() {
        all.push(entry(
            nobody.when(),
            sight.say("无人".to_owned(), "Nobody home".to_owned()),
            Tone::Idle,
        ));
    }
    if let Some(feedback) = &visit.feedback {
        all.push(entry(
            feedback.when(),
            sight.say("客户评价".to_owned(), "Feedback given".to_owned()),
            Tone::Done,
        ));
    }
    if let Some(signed) = &visit.customer_signature {
        let (zh, en, tone) = match signed.value.outcome {
            SignOutcome::Signed => ("签字", "signed", Tone::Done),
            SignOutcome::Proxy => ("代签", "signed on behalf", Tone::Soon),
            SignOutcome::Mark => ("按手印", "made a mark", Tone::Soon),
            SignOutcome::Cannot => ("无法签", "could not sign", Tone::Soon),
            SignOutcome::Refused => ("拒签", "refused to sign", Tone::Soon),
        };
        let signer = &signed.value.signer;
        let words = sight.say(format!("{signer} {zh}"), format!("{signer} {en}"));
        all.push(entry(signed.when(), words, tone));
    }
    if let Some(signed) = &visit.technician_signature {
        all.push(entry(
            signed.when(),
            sight.say("师傅签字".to_owned(), "Technician signed".to_owned()),
            Tone::Done,
        ));
    }
    let left = visit.reached(Milestone::Left).map(|r| r.when());
    let rule = sight.pack.and_then(|p| p.rules.hand_in.as_ref());
    for submission in &visit.submissions {
        let at = submission.at.moment();
        let n = submission.n;
        let mut line = entry(
            at,
            sight.say(format!("第 {n} 次提交"), format!("Submission {n}")),
            Tone::Done,
        );
        if let (1, Some(rule), Some(left)) = (n, rule, left) {
            line.clause = cite(&rule.clauses);
            if at.ms > left.plus_minutes(rule.minutes).ms {
                line.tone = Tone::Breach;
                let minutes = left.minutes_until(at);
                line.extra = Some(sight.say(
                    format!("离开后 {minutes} 分钟"),
                    format!("{minutes} min after leaving"),
                ));
            }
        }
        all.push(line);
    }
}
