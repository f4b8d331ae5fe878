//! The ticket's sections.

use super::Page;
use crate::Outcome;
use doorstep_domain::standard::{Evidence, Item, Milestone, ReadingSpec, RowList, TicketSection};
use doorstep_domain::text::Lang;
use doorstep_domain::time::Moment;
use doorstep_domain::visit::attest::{fee_amount, fee_total, signed};
use doorstep_domain::visit::progress::{ItemStatus, item_status, limits, within};
use doorstep_domain::visit::state::Recorded;
use doorstep_domain::visit::view::{item_claim, item_time};
use doorstep_domain::visit::{
    Answer, Claim, GearFound, Outcome as VisitOutcome, PhotoTarget, RowData, duty, timing,
};
use doorstep_ticket::{
    Audience, Body, CheckRow, DeviceRow, Fact, FeeRow, Feedback, Fees, Late, Mark, MaterialRow,
    Photo, ReadingRow, Section, Statement, TimeRow,
};
use std::sync::Arc;

/// One section; `None` where the visit has nothing for it.
pub(super) fn section(page: &Page<'_>, kind: TicketSection) -> Outcome<Option<Section>> {
    let body = match kind {
        TicketSection::Work => Some(Body::Facts(work(page))),
        TicketSection::Customer => Some(Body::Facts(customer(page))),
        TicketSection::Times => Some(Body::Times(times(page))),
        TicketSection::Checklist => rows(checklist(page), Body::Checklist),
        TicketSection::Readings => rows(readings(page), Body::Readings),
        TicketSection::Devices => rows(devices(page), Body::Devices),
        TicketSection::Materials => rows(materials(page), Body::Materials),
        TicketSection::Fees => fees(page).map(Body::Fees),
        TicketSection::Feedback => Some(Body::Feedback(feedback(page))),
        TicketSection::Photos => rows(photos(page)?, Body::Photos),
        TicketSection::Signatures => None,
    };
    let title = page.words.section(kind).to_owned();
    Ok(body.map(|body| Section {
        title,
        audience: Audience::Both,
        body,
    }))
}

fn rows<T>(rows: Vec<T>, body: fn(Vec<T>) -> Body) -> Option<Body> {
    if rows.is_empty() {
        None
    } else {
        Some(body(rows))
    }
}

fn fact(label: &str, value: impl Into<String>) -> Fact {
    Fact {
        label: label.to_owned(),
        value: value.into(),
    }
}

fn work(page: &Page<'_>) -> Vec<Fact> {
    let w = page.words;
    let held = page.held;
    let mut facts = Vec::new();
    if let Some(o) = &held.order.order {
        let no = held.order.linked_no.as_ref().unwrap_or(&o.no);
        facts.push(fact(w.pick("工单号", "Order"), no));
        facts.push(fact(w.pick("业务", "Service"), &o.service));
        facts.push(fact(w.pick("类型", "Job"), w.job(o.job)));
    }
    facts.push(fact(
        w.pick("规范", "Standard"),
        held.pack.name.get(page.lang),
    ));
    if let Some(opened) = &held.visit.opened {
        let who = format!("{} {}", opened.technician.name, opened.technician.staff_no);
        facts.push(fact(w.pick("装维人员", "Technician"), who));
    }
    if !held.visit.companions.is_empty() {
        let names: Vec<String> = held
            .visit
            .companions
            .iter()
            .map(|c| format!("{} {}", c.name, c.staff_no))
            .collect();
        facts.push(fact(w.pick("同行人", "With"), names.join("，")));
    }
    let outcome = held.visit.submissions.last().map(|s| s.outcome.kind());
    facts.extend(outcome.map(|o| fact(w.pick("结果", "Outcome"), w.outcome(o))));
    facts
}

fn customer(page: &Page<'_>) -> Vec<Fact> {
    let w = page.words;
    let Some(o) = &page.held.order.order else {
        return Vec::new();
    };
    vec![
        fact(w.pick("姓名", "Name"), &o.customer),
        fact(
            w.pick("电话", "Phone"),
            doorstep_domain::text::mask_phone(&o.phone),
        ),
        fact(w.pick("地址", "Address"), &o.address),
    ]
}

fn times(page: &Page<'_>) -> Vec<TimeRow> {
    let w = page.words;
    let held = page.held;
    let (visit, rules) = (&held.visit, &held.pack.rules);
    let mut list = Vec::new();
    for a in visit.appointments.all() {
        let change = a.value.change.as_ref();
        let label = if change.is_some() {
            w.pick("改约", "Changed to")
        } else {
            w.pick("预约", "Agreed for")
        };
        let breach = change
            .zip(rules.change_notice.as_ref())
            .and_then(|(c, rule)| {
                (!timing::notice_kept(rule, c, a.value.start)).then(|| {
                    let minutes = c.notified_at.minutes_until(c.was);
                    let text = w.pick("提前通知不足（分钟）", "notice too short (minutes)");
                    let (_, clauses) = timing::notice_for(rule, c.was, a.value.start);
                    format!("{text} {minutes} · {}", clauses.join(" "))
                })
            });
        list.push(TimeRow {
            label: label.to_owned(),
            promised: Some(slot(a.value.start, a.value.end)),
            verdict: change.map(|c| c.reason.clone()),
            breach,
            ..TimeRow::default()
        });
    }
    list.extend(arrival(page));
    let late = |r: &Recorded<()>| r.claim.as_ref().map(|c| entered_later(c, r.at.moment()));
    for (milestone, zh, en) in [
        (Milestone::Entered, "进门", "Entered"),
        (Milestone::Left, "离开", "Left"),
    ] {
        if let Some(r) = visit.reached(milestone) {
            let (label, actual) = (w.pick(zh, en).to_owned(), r.when().date_hm());
            list.push(TimeRow {
                label,
                actual,
                late: late(r),
                ..TimeRow::default()
            });
        }
    }
    if let Some(s) = visit.submissions.last() {
        let (label, actual) = (
            w.pick("提交", "Submitted").to_owned(),
            s.at.moment().date_hm(),
        );
        let promised = held
            .order
            .order
            .as_ref()
            .and_then(|o| o.deadline)
            .map(Moment::date_hm);
        list.push(TimeRow {
            label,
            promised,
            actual,
            ..TimeRow::default()
        });
    }
    list
}

/// An agreed time: a point, or from when till when.
fn slot(start: Moment, end: Option<Moment>) -> String {
    match end {
        Some(end) if end.date() == start.date() => format!("{}–{}", start.date_hm(), end.hm()),
        Some(end) => format!("{} – {}", start.date_hm(), end.date_hm()),
        None => start.date_hm(),
    }
}

fn arrival(page: &Page<'_>) -> Option<TimeRow> {
    let held = page.held;
    let (visit, w) = (&held.visit, page.words);
    let (start, end) = timing::promised(visit, &held.order)?;
    let rule = held.pack.rules.arrival.as_ref();
    let when = |m| visit.reached(m).map(Recorded::when);
    let judged = timing::arrival(
        rule,
        start,
        end,
        when(Milestone::Downstairs),
        when(Milestone::AtDoor),
    )?;
    let clauses = rule.map(|r| r.clauses.join(" ")).unwrap_or_default();
    let breach = (!judged.kept).then(|| {
        format!(
            "{} · {clauses}",
            w.pick("不在规定时间内", "outside the standard's window")
        )
    });
    let late = [Milestone::Downstairs, Milestone::AtDoor]
        .into_iter()
        .filter_map(|m| visit.reached(m))
        .find(|r| r.when() == judged.at)
        .and_then(|r| Some(entered_later(r.claim.as_ref()?, r.at.moment())));
    Some(TimeRow {
        label: w.pick("到场", "Arrived").to_owned(),
        promised: Some(slot(start, end)),
        actual: judged.at.date_hm(),
        verdict: Some(w.early(judged.minutes_early)),
        breach,
        late,
    })
}

fn entered_later(claim: &Claim, entered: Moment) -> Late {
    Late {
        entered: entered.date_hm(),
        reason: claim.reason.clone(),
    }
}

fn checklist(page: &Page<'_>) -> Vec<CheckRow> {
    let held = page.held;
    let facts = held.visit.facts();
    let situation = held.visit.situation(&facts);
    let own_section = |i: &Item| {
        matches!(
            i.evidence,
            Evidence::Feedback | Evidence::CustomerSignature | Evidence::TechnicianSignature
        )
    };
    let rows = held
        .pack
        .active_items(&situation)
        .filter(|(_, i)| !own_section(i));
    rows.map(|(phase, item)| {
        let status = item_status(item, &held.visit, &held.order, Some(&held.day));
        let (reason, detail) = match held.visit.answer(&item.id) {
            Some(Answer::NotApplicable { reason }) => (Some(reason.clone()), None),
            other => (None, other.and_then(|a| detail(page, item, a))),
        };
        CheckRow {
            group: phase.name.get(page.lang).to_owned(),
            text: item.text.get(page.lang).to_owned(),
            mark: match status {
                ItemStatus::Done => Mark::Done,
                ItemStatus::NotApplicable => Mark::NotApplicable,
                ItemStatus::Open | ItemStatus::Partial => Mark::Missing,
            },
            detail,
            reason,
            internal_reason: None,
            clauses: item.clauses.clone(),
            at: item_time(&held.visit, Some(&held.day), &held.pack.id, item).map(Moment::hm),
            late: item_claim(&held.visit, Some(&held.day), &held.pack.id, item)
                .map(|(claim, entered)| entered_later(&claim, entered)),
        }
    })
    .collect()
}

fn detail(page: &Page<'_>, item: &Item, answer: &Answer) -> Option<String> {
    match (answer, &item.evidence) {
        (Answer::Mismatch { note }, _) => {
            Some(format!("{}：{note}", page.words.pick("有出入", "Differs")))
        }
        (Answer::Text { text }, _) => Some(text.clone()),
        (Answer::Choice { option, note }, Evidence::Choice { options }) => {
            let name = options
                .iter()
                .find(|o| &o.id == option)
                .map(|o| o.text.get(page.lang).to_owned())?;
            Some(
                note.as_ref()
                    .map_or(name.clone(), |n| format!("{name}（{n}）")),
            )
        }
        (Answer::Reading { values }, Evidence::Reading(spec)) => {
            let slot = spec.slots.iter().rev().find_map(|s| values.get(&s.id))?;
            Some(format!("{} {}", signed(slot.value), spec.unit))
        }
        (Answer::Time { at }, _) => Some(at.date_hm()),
        (Answer::Date { date }, _) => Some(match warranty(page, item) {
            Some(words) => format!("{date}，{words}"),
            None => date.clone(),
        }),
        (Answer::Gear { pieces, reason }, _) => Some(gear(page, pieces, reason.as_deref())),
        _ => None,
    }
}

/// 保修至 … or why there is none.
fn warranty(page: &Page<'_>, item: &Item) -> Option<String> {
    let held = page.held;
    let w = duty::warranty_of(&held.visit, &item.id, &held.pack.rules)?;
    let words = page.words;
    Some(match (w.holds, w.until) {
        (true, Some(until)) => format!("{} {until}", words.pick("保修至", "under warranty until")),
        (false, Some(until)) => {
            format!("{}（{until}）", words.pick("已过保修期", "out of warranty"))
        }
        (_, None) => words.pick("不在保修范围", "not under warranty").to_owned(),
    })
}

fn gear(page: &Page<'_>, pieces: &[GearFound], reason: Option<&str>) -> String {
    let w = page.words;
    let name = |id: &str| {
        let piece = page.held.pack.gear.iter().find(|g| g.id == id);
        piece.map_or_else(|| id.to_owned(), |g| g.name.get(page.lang).to_owned())
    };
    let bad: Vec<String> = pieces
        .iter()
        .filter(|p| !p.good)
        .map(|p| name(&p.id))
        .collect();
    if bad.is_empty() {
        return w.pick("都在有效期内", "all within their dates").to_owned();
    }
    let bad = bad.join("、");
    let words = w.pick("过期或未登记", "out of date or not recorded");
    format!("{words}：{bad}（{}）", reason.unwrap_or_default())
}

fn readings(page: &Page<'_>) -> Vec<ReadingRow> {
    let held = page.held;
    let row = |item: &Item, spec: &ReadingSpec| {
        let Some(Answer::Reading { values }) = held.visit.answer(&item.id) else {
            return None;
        };
        let value = |index: usize| {
            let slot = spec.slots.get(index)?;
            values
                .get(&slot.id)
                .map(|v| format!("{} {}", signed(v.value), spec.unit))
        };
        let bounds = limits(spec, &held.order);
        let last = spec.slots.last().and_then(|s| values.get(&s.id));
        let judged = last.and_then(|v| Some((within(v.value, bounds)?, v.reason.clone())));
        let several = spec.slots.len() > 1;
        Some(ReadingRow {
            name: item.text.get(page.lang).to_owned(),
            point: spec.point.as_ref().map(|p| p.get(page.lang).to_owned()),
            wavelength: spec.wavelength_nm.map(|n| format!("{n} nm")),
            before: if several { value(0) } else { None },
            after: value(spec.slots.len().saturating_sub(1)),
            limits: limits_text(page, bounds, &spec.unit),
            verdict: judged.map(|(inside, reason)| match (inside, reason) {
                (true, _) => page.words.pick("在范围内", "within limits").to_owned(),
                (false, Some(reason)) => format!(
                    "{}：{reason}",
                    page.words.pick("超出范围", "outside limits")
                ),
                (false, None) => page.words.pick("超出范围", "outside limits").to_owned(),
            }),
        })
    };
    let readings = held
        .pack
        .items()
        .filter_map(|(_, item)| match &item.evidence {
            Evidence::Reading(spec) => row(item, spec),
            _ => None,
        });
    readings.collect()
}

fn limits_text(
    page: &Page<'_>,
    bounds: (Option<rust_decimal::Decimal>, Option<rust_decimal::Decimal>),
    unit: &str,
) -> Option<String> {
    match bounds {
        (Some(min), Some(max)) => {
            let to = page.words.pick("到", "to");
            Some(format!("{} {to} {} {unit}", signed(min), signed(max)))
        }
        (Some(min), None) => Some(format!("≥ {} {unit}", signed(min))),
        (None, Some(max)) => Some(format!("≤ {} {unit}", signed(max))),
        (None, None) => None,
    }
}

fn devices(page: &Page<'_>) -> Vec<DeviceRow> {
    let row = |(_, row): (&str, &RowData)| match row {
        RowData::Devices {
            name,
            sn,
            mac,
            action,
        } => Some(DeviceRow {
            kind: name.clone(),
            sn: Some(sn.clone()),
            mac: Some(mac.clone()).filter(|m| !m.is_empty()),
            action: page.words.action(*action).to_owned(),
        }),
        _ => None,
    };
    page.held.visit.rows().into_iter().filter_map(row).collect()
}

fn materials(page: &Page<'_>) -> Vec<MaterialRow> {
    let row = |(_, row): (&str, &RowData)| match row {
        RowData::Materials {
            name,
            quantity,
            unit,
        } => Some(MaterialRow {
            name: name.clone(),
            quantity: quantity.to_string(),
            unit: unit.clone(),
        }),
        _ => None,
    };
    page.held.visit.rows().into_iter().filter_map(row).collect()
}

fn fees(page: &Page<'_>) -> Option<Fees> {
    let visit = &page.held.visit;
    let w = page.words;
    let rows: Vec<&RowData> = visit
        .rows()
        .into_iter()
        .map(|(_, r)| r)
        .filter(|r| r.list() == RowList::Fees)
        .collect();
    if rows.is_empty() {
        return visit.no_fees().then_some(Fees::NotCharged);
    }
    let mut channels: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for row in &rows {
        let RowData::Fees {
            name,
            unit_price,
            quantity,
            told_at,
            agreed_at,
            channel,
            unit,
            ..
        } = row
        else {
            continue;
        };
        channels.extend(channel.clone().filter(|c| !channels.contains(c)));
        let agreed = told_at.zip(*agreed_at).map(|(told, agreed)| {
            let (told, agreed) = (told.hm(), agreed.hm());
            match page.lang {
                doorstep_domain::text::Lang::Zh => format!("{told} 告知，{agreed} 同意"),
                doorstep_domain::text::Lang::En => format!("told {told}, agreed {agreed}"),
            }
        });
        lines.push(FeeRow {
            item: name.clone(),
            unit_price: format!("{unit_price:.2}"),
            quantity: match unit {
                Some(unit) => format!("{quantity} {unit}"),
                None => quantity.to_string(),
            },
            amount: fee_amount(row)
                .map(|a| format!("{a:.2}"))
                .unwrap_or_default(),
            agreed,
        });
    }
    let total = format!(
        "{:.2} {}",
        fee_total(rows.into_iter()),
        w.pick("元", "yuan")
    );
    let payment = Some(channels.join("、")).filter(|c| !c.is_empty());
    Some(Fees::Charged {
        rows: lines,
        total,
        payment,
    })
}

fn feedback(page: &Page<'_>) -> Feedback {
    let w = page.words;
    let sealed = match &page.held.visit.feedback {
        Some(given) => format!(
            "{}（{}）",
            w.pick(
                "客户已当面评价并封存，内容由班组长查看",
                "Given by the customer and sealed; the team lead reads it"
            ),
            given.when().hm()
        ),
        None => w
            .pick("客户没有评价", "The customer gave no feedback")
            .to_owned(),
    };
    Feedback {
        sealed: Some(sealed),
        ..Feedback::default()
    }
}

fn photos(page: &Page<'_>) -> Outcome<Vec<Photo>> {
    let held = page.held;
    let mut list = Vec::new();
    for p in held
        .visit
        .photos
        .iter()
        .filter(|p| p.value.target != PhotoTarget::Mark)
    {
        let Some(jpeg) = page.blob(&p.value.sha256)? else {
            continue;
        };
        list.push(Photo {
            jpeg: Arc::from(jpeg),
            caption: format!("{} {}", caption(page, p), p.at.moment().hm()),
        });
    }
    Ok(list)
}

fn caption(page: &Page<'_>, photo: &Recorded<doorstep_domain::visit::Photo>) -> String {
    let held = page.held;
    let w = page.words;
    match &photo.value.target {
        PhotoTarget::Item { item } => match held.pack.item(item) {
            Some((_, i)) => i
                .photos
                .as_ref()
                .map_or(&i.text, |r| &r.of)
                .get(page.lang)
                .to_owned(),
            None => item.clone(),
        },
        PhotoTarget::Row { row } => held
            .visit
            .rows()
            .into_iter()
            .find(|(id, _)| id == row)
            .map(|(_, r)| match r {
                RowData::Devices { name, sn, .. } => format!("{name} SN {sn}"),
                RowData::Materials { name, .. } | RowData::Fees { name, .. } => name.clone(),
            })
            .unwrap_or_default(),
        PhotoTarget::LeaveNote => w.pick("到访留言", "Leave-note").to_owned(),
        PhotoTarget::Paper => w.pick("纸质单据", "Paper ticket").to_owned(),
        PhotoTarget::Mark => w.pick("手印", "Fingerprint").to_owned(),
    }
}

/// Statements before the work, with the signature or what stands for it; each statement's last word.
pub(super) fn statements(page: &Page<'_>) -> Outcome<Option<Section>> {
    let visit = &page.held.visit;
    let rows = page.held.pack.items();
    let given = rows.filter_map(|(_, item)| Some((item, visit.consents.get(&item.id)?)));
    let mut all = Vec::new();
    for (item, answers) in given {
        let Some((given, before)) = answers.all().split_last() else {
            continue;
        };
        all.push(Statement {
            title: item.text.get(page.lang).to_owned(),
            text: given.value.statement.clone(),
            signature: super::signatures::consent(page, given, before)?,
        });
    }
    let title = page
        .words
        .pick("施工前声明", "Statements before the work")
        .to_owned();
    Ok(rows_of(all).map(|all| Section {
        title,
        audience: Audience::Both,
        body: Body::Statements(all),
    }))
}

fn rows_of<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

/// Why the work is not finished, what comes next, or who was met at a closed door.
pub(super) fn ending(page: &Page<'_>) -> Vec<Section> {
    let w = page.words;
    let visit = &page.held.visit;
    let mut list = Vec::new();
    let mut push = |title: &str, audience: Audience, lines: Vec<String>| {
        list.push(Section {
            title: title.to_owned(),
            audience,
            body: Body::Text(lines),
        });
    };
    if !page.absent.is_empty() {
        let n = page.absent.len();
        let line = match page.lang {
            Lang::Zh => format!("{n} 张照片或签字没有取到，这份里没有印；原件在公司服务器上"),
            Lang::En => format!(
                "{n} photos or signatures could not be fetched and are not printed here; the server has them"
            ),
        };
        let title = w.pick("没有印出来的", "Not printed");
        push(title, Audience::Both, vec![line]);
    }
    match visit.submissions.last().map(|s| &s.outcome) {
        Some(VisitOutcome::Suspended {
            reason,
            next_step,
            call_back_by,
            not_ours,
        }) => {
            let mut lines = vec![
                reason.clone(),
                format!("{}：{next_step}", w.pick("下一步", "Next")),
            ];
            lines.extend(
                call_back_by.map(|at| {
                    format!("{} {}", w.pick("回话时间", "We call back by"), at.date_hm())
                }),
            );
            push(
                w.pick("未完工说明", "Why it is not finished"),
                Audience::Both,
                lines,
            );
            let whose = if *not_ours {
                w.pick("非我方原因", "Not our cause")
            } else {
                w.pick("我方原因", "Our cause")
            };
            push(
                w.pick("责任归属", "Whose cause"),
                Audience::CompanyOnly,
                vec![whose.to_owned()],
            );
        }
        Some(VisitOutcome::Returned { reason }) => {
            push(
                w.pick("退单说明", "Why it is returned"),
                Audience::Both,
                vec![reason.clone()],
            );
        }
        _ => {}
    }
    if let Some(n) = visit.nobody_home.current().map(|r| &r.value) {
        let lines = vec![
            format!("{} {}", w.pick("到访", "Arrived"), n.arrived_at.date_hm()),
            format!("{} {}", w.pick("离开", "Left"), n.leaving_at.date_hm()),
            format!("{} {} {}", w.pick("联系人", "Contact"), n.person, n.contact),
        ];
        push(w.pick("到访留言", "Leave-note"), Audience::Both, lines);
        let mut internal = vec![format!("{}：{}", w.pick("责任", "Cause"), w.cause(n.cause))];
        internal.extend(n.note.clone());
        push(
            w.pick("内部说明", "Internal"),
            Audience::CompanyOnly,
            internal,
        );
    }
    list
}
