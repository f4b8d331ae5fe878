//! 疑点: facts that deserve a second look, each with its evidence. 只列证据，由您判断.

use super::summary::arrived;
use super::{Candidate, DeskFlag, FlagKind, Sight, cite, figure};
use crate::standard::{Evidence, Milestone};
use crate::time::Moment;
use crate::visit::state::{Recorded, VisitState};
use crate::visit::{
    Answer, Cause, Claim, Outcome, Photo, PhotoTarget, SignOutcome, progress, timing,
};

/// Answers within so many milliseconds count as given at once.
const AT_ONCE_MS: i64 = 1_000;
/// So many separate taps within it are more than a hand does.
const MANY_TAPS: usize = 3;

/// Every flag of a submission. `alike` are photos of other visits that the store found, `hub` the reasons of the hub's flags on
/// the visit's events.
#[must_use]
pub fn flags(sight: &Sight<'_>, alike: &[Candidate], hub: &[String]) -> Vec<DeskFlag> {
    let mut all = Vec::new();
    all.extend(dissatisfied(sight));
    all.extend(late(sight));
    all.extend(notice_broken(sight));
    all.extend(kits(sight));
    all.extend(not_applicable(sight));
    all.extend(at_once(sight));
    all.extend(late_entries(sight));
    all.extend(not_completed(sight));
    all.extend(signature(sight));
    all.extend(out_of_limits(sight));
    all.extend(alike.iter().map(|c| photo(sight, c)));
    all.extend(hub.iter().map(|reason| attention(sight, reason)));
    all
}

fn flag(kind: FlagKind, title: String, detail: String) -> DeskFlag {
    DeskFlag {
        kind,
        title,
        detail,
        clause: None,
        items: Vec::new(),
        photo: None,
        like: None,
    }
}

fn late(sight: &Sight<'_>) -> Option<DeskFlag> {
    let arrival = arrived(sight).filter(|a| !a.kept)?;
    let rule = sight.pack.and_then(|p| p.rules.arrival.as_ref());
    let (early, at) = (arrival.minutes_early, arrival.at.hm());
    let asks = match rule.filter(|r| r.earliest_early > 0) {
        Some(r) => sight.say(
            format!("规范要求提前 {}–{} 分钟", r.latest_early, r.earliest_early),
            format!(
                "the standard asks for {}–{} min early",
                r.latest_early, r.earliest_early
            ),
        ),
        None => sight.say(
            "规范要求准时".to_owned(),
            "the standard asks to be on time".to_owned(),
        ),
    };
    let title = match early {
        0.. => sight.say(
            format!("到门口早 {early} 分钟"),
            format!("Arrived {early} min early"),
        ),
        _ => sight.say(
            format!("到门口晚 {} 分钟", -early),
            format!("Arrived {} min late", -early),
        ),
    };
    let mut flag = flag(FlagKind::Late, title, format!("{at} · {asks}"));
    flag.clause = rule.and_then(|r| cite(&r.clauses));
    Some(flag)
}

fn notice_broken(sight: &Sight<'_>) -> Vec<DeskFlag> {
    let Some(rule) = sight.pack.and_then(|p| p.rules.change_notice.as_ref()) else {
        return Vec::new();
    };
    let changes = sight
        .visit
        .appointments
        .all()
        .iter()
        .filter_map(|a| a.value.change.as_ref());
    let broken = changes.filter(|c| !timing::notice_kept(rule, c));
    broken
        .map(|c| {
            let notice = c.notified_at.minutes_until(c.was);
            let title = sight.say(
                format!("改约只提前了 {notice} 分钟通知"),
                format!("Change told {notice} min before"),
            );
            let whose = match c.cause {
                Cause::Ours => sight.say("我方原因".to_owned(), "our cause".to_owned()),
                Cause::Customer => {
                    sight.say("客户原因".to_owned(), "the customer's cause".to_owned())
                }
                Cause::Other => sight.say("第三方原因".to_owned(), "another's cause".to_owned()),
            };
            let detail = format!(
                "{} → {} · {whose} · {}",
                c.notified_at.hm(),
                c.was.hm(),
                c.reason
            );
            let mut flag = flag(FlagKind::NoticeBroken, title, detail);
            flag.clause = cite(&rule.clauses);
            flag
        })
        .collect()
}

/// Kits that the departure rested on. Without the day of departure nothing is said: it may lie on another device.
fn kits(sight: &Sight<'_>) -> Vec<DeskFlag> {
    let (Some(pack), Some(day), Some(departed)) = (
        sight.pack,
        sight.day,
        sight.visit.reached(Milestone::Departed),
    ) else {
        return Vec::new();
    };
    let one = |kit: &crate::standard::Kit| {
        let name = kit.name.get(sight.lang);
        let Some(check) = day.kit_at(&pack.id, &kit.id, departed.when()) else {
            let title = sight.say(
                format!("{name}：没有检查记录"),
                format!("{name}: not checked"),
            );
            return Some(flag(FlagKind::KitMissing, title, departed.when().hm()));
        };
        let missing = kit.members.iter().filter(|m| check.missing.contains(&m.id));
        let missing: Vec<_> = missing.collect();
        let clauses: Vec<String> = missing.iter().flat_map(|m| m.clauses.clone()).collect();
        let names: Vec<&str> = missing.iter().map(|m| m.name.get(sight.lang)).collect();
        let names = names.join(&sight.say("、".to_owned(), ", ".to_owned()));
        let title = sight.say(
            format!("{name}缺 {names}"),
            format!("{name} without {names}"),
        );
        let reason = check.reason.clone().unwrap_or_default();
        let mut flag = flag(
            FlagKind::KitMissing,
            title,
            format!("{} · {reason}", check.at.hm()),
        );
        flag.clause = cite(&clauses);
        (!missing.is_empty()).then_some(flag)
    };
    pack.kits.iter().filter_map(one).collect()
}

/// Answers in force with their items, in the order of the ids.
fn answers(
    visit: &VisitState,
) -> impl Iterator<Item = (&String, &Recorded<Option<Answer>>, &Answer)> {
    visit.items.keys().filter_map(|id| {
        let recorded = visit.answered(id)?;
        Some((id, recorded, recorded.value.as_ref()?))
    })
}

fn not_applicable(sight: &Sight<'_>) -> Option<DeskFlag> {
    let mut items = Vec::new();
    let mut lines = Vec::new();
    for (id, _, answer) in answers(sight.visit) {
        if let Answer::NotApplicable { reason } = answer {
            lines.push(format!("{}（{reason}）", sight.item(id)));
            items.push(id.clone());
        }
    }
    let n = items.len();
    let title = sight.say(
        format!("{n} 项选了不适用"),
        format!("{n} rows not applicable"),
    );
    let mut flag = flag(FlagKind::NotApplicable, title, lines.join("；"));
    flag.items = items;
    (n > 0).then_some(flag)
}

/// Answers of one second.
struct Burst {
    at: String,
    rows: usize,
    /// One tap answered several.
    whole_step: bool,
}

impl Burst {
    fn how(&self, sight: &Sight<'_>) -> String {
        if self.whole_step {
            sight.say(
                "用了「本步全部做到」".to_owned(),
                "“all of this step”".to_owned(),
            )
        } else {
            sight.say("逐项打勾".to_owned(), "tapped one by one".to_owned())
        }
    }
}

/// Rows answered by one tap (本步全部做到), or by more taps within a second than a hand does: one flag, however often it was so.
/// 补录 is another flag.
fn at_once(sight: &Sight<'_>) -> Option<DeskFlag> {
    let mut taps: Vec<(i64, &str, &String, Moment)> = answers(sight.visit)
        .filter(|(_, r, _)| r.claim.is_none())
        .map(|(id, r, _)| (r.at.wall_ms, r.event.as_str(), id, r.at.moment()))
        .collect();
    taps.sort();
    let mut bursts = Vec::new();
    let mut items = Vec::new();
    let mut rest = taps.as_slice();
    while let Some(first) = rest.first() {
        let until = first.0.saturating_add(AT_ONCE_MS);
        let (group, later) = rest.split_at(rest.partition_point(|t| t.0 < until));
        rest = later;
        let mut events: Vec<&str> = group.iter().map(|t| t.1).collect();
        events.dedup();
        let whole_step = events.len() < group.len();
        if whole_step || group.len() >= MANY_TAPS {
            items.extend(group.iter().map(|t| t.2.clone()));
            bursts.push(Burst {
                at: first.3.local().format("%H:%M:%S").to_string(),
                rows: group.len(),
                whole_step,
            });
        }
    }
    taps_flag(sight, &bursts, items)
}

fn taps_flag(sight: &Sight<'_>, bursts: &[Burst], items: Vec<String>) -> Option<DeskFlag> {
    let (title, detail) = match bursts {
        [] => return None,
        [only] => {
            let title = sight.say(
                format!("{} 项在同一秒打勾", only.rows),
                format!("{} rows ticked within a second", only.rows),
            );
            (title, format!("{} · {}", only.at, only.how(sight)))
        }
        many => {
            let (rows, times) = (items.len(), many.len());
            let title = sight.say(
                format!("{rows} 项分 {times} 次打勾，每次都在同一秒"),
                format!("{rows} rows ticked in {times} goes, each within a second"),
            );
            let line = |b: &Burst| {
                sight.say(
                    format!("{} {} 项，{}", b.at, b.rows, b.how(sight)),
                    format!("{} {} rows, {}", b.at, b.rows, b.how(sight)),
                )
            };
            let lines: Vec<String> = many.iter().map(line).collect();
            (
                title,
                lines.join(&sight.say("；".to_owned(), "; ".to_owned())),
            )
        }
    };
    let mut flag = flag(FlagKind::TapsAtOnce, title, detail);
    flag.items = items;
    Some(flag)
}

fn late_entries(sight: &Sight<'_>) -> Option<DeskFlag> {
    let visit = sight.visit;
    let line = |what: String, claim: &Claim, entered: Moment| {
        let (said, entered) = (claim.at.hm(), entered.date_hm());
        sight.say(
            format!("{what}：称 {said}，{entered} 补录（{}）", claim.reason),
            format!("{what}: said {said}, entered {entered} ({})", claim.reason),
        )
    };
    let milestones = visit.milestones.iter().filter_map(|(m, h)| {
        let r = h.current()?;
        Some(line(
            super::timeline::milestone_words(sight, *m),
            r.claim.as_ref()?,
            r.at.moment(),
        ))
    });
    let items: Vec<_> = answers(visit)
        .filter_map(|(id, r, _)| {
            Some((
                id.clone(),
                line(sight.item(id), r.claim.as_ref()?, r.at.moment()),
            ))
        })
        .collect();
    let mut lines: Vec<String> = milestones.collect();
    lines.extend(items.iter().map(|(_, l)| l.clone()));
    let paper = visit.photos_of(&PhotoTarget::Paper).count();
    if paper > 0 {
        lines.push(sight.say(
            format!("纸单照片 {paper} 张"),
            format!("{paper} photos of a paper ticket"),
        ));
    }
    let n = lines.len();
    let title = sight.say(format!("补录 {n} 处"), format!("{n} entered later"));
    let mut flag = flag(FlagKind::LateEntry, title, lines.join("；"));
    flag.items = items.into_iter().map(|(id, _)| id).collect();
    (n > 0).then_some(flag)
}

fn not_completed(sight: &Sight<'_>) -> Option<DeskFlag> {
    let outcome = sight.visit.submissions.last().map(|s| s.outcome.clone());
    let outcome = outcome.unwrap_or_else(|| sight.visit.outcome_or_completed());
    let title = match &outcome {
        Outcome::Completed => return None,
        Outcome::Suspended { .. } => sight.say(
            "未完工，挂起".to_owned(),
            "Unfinished, suspended".to_owned(),
        ),
        Outcome::Returned { .. } => sight.say("退单".to_owned(), "Order returned".to_owned()),
        Outcome::NobodyHome => sight.say("无人".to_owned(), "Nobody home".to_owned()),
    };
    let detail = match &outcome {
        Outcome::Suspended {
            reason, next_step, ..
        } => format!("{reason} · {next_step}"),
        other => other.reason().unwrap_or_default().to_owned(),
    };
    Some(flag(FlagKind::NotCompleted, title, detail))
}

fn signature(sight: &Sight<'_>) -> Option<DeskFlag> {
    let signed = &sight.visit.customer_signature.as_ref()?.value;
    let title = match signed.outcome {
        SignOutcome::Signed => return None,
        SignOutcome::Proxy => sight.say("代签".to_owned(), "Signed on behalf".to_owned()),
        SignOutcome::Mark => sight.say("按手印或画押".to_owned(), "Fingerprint or mark".to_owned()),
        SignOutcome::Cannot => sight.say("无法签".to_owned(), "Could not sign".to_owned()),
        SignOutcome::Refused => sight.say("拒签".to_owned(), "Refused to sign".to_owned()),
    };
    let callback = signed.callback.as_ref().filter(|c| !c.is_empty());
    let callback = callback.map(|c| sight.say(format!("请回访 {c}"), format!("please call {c}")));
    let said = [
        Some(&signed.signer),
        signed.reason.as_ref(),
        callback.as_ref(),
    ];
    let said: Vec<&str> = said.into_iter().flatten().map(String::as_str).collect();
    let said: Vec<&str> = said.into_iter().filter(|s| !s.is_empty()).collect();
    Some(flag(FlagKind::Signature, title, said.join(" · ")))
}

/// The last slot of a reading counts: a bad value before the work is why somebody came.
fn out_of_limits(sight: &Sight<'_>) -> Vec<DeskFlag> {
    let mut found = Vec::new();
    for (item, spec) in sight
        .pack
        .iter()
        .flat_map(|p| p.items())
        .filter_map(|(_, i)| match &i.evidence {
            Evidence::Reading(spec) => Some((i, spec)),
            _ => None,
        })
    {
        let Some(Answer::Reading { values }) = sight.visit.answer(&item.id) else {
            continue;
        };
        let Some(value) = spec.slots.last().and_then(|s| values.get(&s.id)) else {
            continue;
        };
        let limits = progress::limits(spec, sight.order);
        if progress::within(value.value, limits) != Some(false) {
            continue;
        }
        let bound = |limit: Option<_>| limit.map_or("…".to_owned(), figure);
        let range = sight.say(
            format!("范围 {} 到 {}", bound(limits.0), bound(limits.1)),
            format!("limits {} to {}", bound(limits.0), bound(limits.1)),
        );
        let title = format!(
            "{} {} {}",
            item.text.get(sight.lang),
            figure(value.value),
            spec.unit
        );
        let reason = value.reason.clone().unwrap_or_default();
        let mut flag = flag(FlagKind::OutOfLimits, title, format!("{range} · {reason}"));
        flag.items = vec![item.id.clone()];
        flag.clause = cite(&item.clauses);
        found.push(flag);
    }
    found
}

/// What a photo shows, in words: its item, its device or its kind.
#[must_use]
pub fn photo_name(sight: &Sight<'_>, photo: &Photo) -> String {
    match &photo.target {
        PhotoTarget::Item { item } => sight.item(item),
        PhotoTarget::Row { row } => {
            let rows = sight.visit.rows();
            let found = rows.iter().find(|(id, _)| id == row);
            found.map_or_else(String::new, |(_, r)| super::changes::row_words(sight, r))
        }
        PhotoTarget::LeaveNote => sight.say("到访留言".to_owned(), "Leave-note".to_owned()),
        PhotoTarget::Paper => sight.say("纸单".to_owned(), "Paper ticket".to_owned()),
        PhotoTarget::Mark => sight.say("手印".to_owned(), "Fingerprint".to_owned()),
    }
}

fn photo(sight: &Sight<'_>, candidate: &Candidate) -> DeskFlag {
    let found = sight
        .visit
        .photos
        .iter()
        .find(|p| p.value.id == candidate.photo);
    let name = found
        .map(|p| photo_name(sight, &p.value))
        .unwrap_or_default();
    let like = &candidate.like;
    let same = found.is_some_and(|p| p.value.sha256 == like.photo);
    let (kind, title) = if same {
        let title = sight.say(
            format!("{name}：与 {} 是同一张照片", like.short_no),
            format!("{name}: the same picture as {}", like.short_no),
        );
        (FlagKind::PhotoReused, title)
    } else {
        let title = sight.say(
            format!("{name}：与 {} 相似 {} %", like.short_no, like.percent),
            format!("{name}: {} % like {}", like.percent, like.short_no),
        );
        (FlagKind::PhotoAlike, title)
    };
    let own = sight.visit.opened.as_ref().map(|o| &o.technician.staff_no);
    let who = if own == Some(&like.technician.staff_no) {
        sight.say("同一师傅".to_owned(), "the same technician".to_owned())
    } else {
        like.technician.name.clone()
    };
    let mut flag = flag(kind, title, format!("{who} · {}", like.at.date_hm()));
    flag.photo = Some(candidate.photo.clone());
    flag.items = match found.map(|p| &p.value.target) {
        Some(PhotoTarget::Item { item }) => vec![item.clone()],
        _ => Vec::new(),
    };
    flag.like = Some(like.clone());
    flag
}

/// What the customer chose that the pack calls dissatisfied, in the customer's words.
fn dissatisfied(sight: &Sight<'_>) -> Option<DeskFlag> {
    let feedback = &sight.visit.feedback.as_ref()?.value;
    let bad = |q: &crate::standard::SurveyQuestion| {
        let given = feedback.answers.get(&q.id)?;
        let option = q
            .options
            .iter()
            .find(|o| &o.id == given && o.dissatisfied)?;
        Some(option.text.get(sight.lang).to_owned())
    };
    let said: Vec<String> = sight.pack?.survey.iter().filter_map(bad).collect();
    let title = sight.say(
        format!("客户评价：{}", said.join("、")),
        format!("Customer: {}", said.join(", ")),
    );
    let words = feedback.words.clone().unwrap_or_default();
    (!said.is_empty()).then(|| flag(FlagKind::Dissatisfied, title, words))
}

/// What the hub found, in words: the fact, and what it rests on.
fn attention(sight: &Sight<'_>, reason: &str) -> DeskFlag {
    let (title, detail) = match reason {
        "second_visit" => (
            ("同一工单有两次上门同时在做", "Two visits on one order"),
            (
                "这次上门开始时，同一工单的另一次还没提交",
                "When this visit began, another one on the order was not submitted",
            ),
        ),
        "order_cancelled" => (
            (
                "工单已取消仍有记录",
                "Recorded after the order was cancelled",
            ),
            (
                "取消先到公司服务器，这些记录后到",
                "The server had the cancellation before these records",
            ),
        ),
        "order_reassigned" => (
            (
                "工单已改派仍有记录",
                "Recorded after the order went to another",
            ),
            (
                "改派先到公司服务器，这些记录后到",
                "The server had the new assignment before these records",
            ),
        ),
        "clock_jump" => (
            ("平板时间跳变", "The tablet's clock jumped"),
            (
                "平板的钟和公司服务器差 10 分钟以上，或中途被改过，记录的时间可能不准",
                "The clock was over 10 minutes off the server's or was set meanwhile; times may be wrong",
            ),
        ),
        "foreign_actor" => (
            (
                "记录上的工号不是平板主人",
                "Recorded under another staff number",
            ),
            (
                "写记录的工号和登记这台平板的工号不同",
                "The records' staff number is not the one that this tablet is enrolled for",
            ),
        ),
        "foreign_stream" => (
            (
                "别人的平板写过这次上门",
                "Another tablet wrote into this visit",
            ),
            (
                "那些记录只存在公司服务器，没有并进这次上门",
                "The server keeps those records apart; they are no part of this visit",
            ),
        ),
        "submission_unknown" => (
            (
                "审核的那一次提交不存在",
                "A verdict on a submission that is not there",
            ),
            (
                "公司服务器没有收到过那一次提交",
                "The server never received that submission",
            ),
        ),
        "not_sent_back" => (
            (
                "没有退回就再次提交",
                "Submitted again without being sent back",
            ),
            (
                "上一次提交没有判过退回补资料",
                "The submission before had not been sent back for mending",
            ),
        ),
        "id_reused" => (
            ("两条记录用了同一个编号", "Two records bear one id"),
            (
                "先到的一条算数，后到的存在公司服务器",
                "The first one counts; the server keeps the other",
            ),
        ),
        other => (
            ("公司服务器提示需要查看", "The server asks to look at this"),
            (other, other),
        ),
    };
    let say = |(zh, en): (&str, &str)| sight.say(zh.to_owned(), en.to_owned());
    flag(FlagKind::HubAttention, say(title), say(detail))
}
