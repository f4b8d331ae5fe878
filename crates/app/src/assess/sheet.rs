//! The printed score sheet, in the ticket's hand.

use super::{form_of, open, state};
use crate::desk::lead_only as lead;
use crate::dto::TicketFile;
use crate::ticket::{failed, file_name, ink_of, rfc3339};
use crate::{App, Outcome};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorstep_domain::assess::events::Side;
use doorstep_domain::assess::form::Form;
use doorstep_domain::assess::state::AssessState;
use doorstep_domain::assess::view::{AssessSection, AssessStage, AssessView, AssessWords};
use doorstep_domain::code::Code;
use doorstep_domain::event::Actor;
use doorstep_domain::text::Lang;
use doorstep_domain::time::Moment;
use doorstep_ticket::{
    Body, Copy, Fact, Ink, ScoreRow, Section, SignatureBlock, SignatureLine, TicketDoc, TimeRow,
    render,
};

/// Ink by side; a side that signed on another device may be out of reach.
type Inks = Vec<(Side, Option<Ink>)>;

impl App {
    /// The score sheet of an assessment as it stands.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::AssessUnknown`], [`Code::TicketFailed`], storage trouble.
    pub fn assess_sheet(&self, id: &str) -> Outcome<TicketFile> {
        let (mut file, pdf) = self.render_assess(id)?;
        file.pdf_base64 = STANDARD.encode(pdf);
        Ok(file)
    }

    /// Saves the score sheet among the documents and tells where.
    ///
    /// # Errors
    /// As [`App::assess_sheet`]; [`Code::SaveFailed`] with the folder.
    pub fn save_assess_sheet(&self, id: &str) -> Outcome<String> {
        let (file, pdf) = self.render_assess(id)?;
        self.save_document(&file.name, &pdf)
    }

    /// Prints the score sheet.
    ///
    /// # Errors
    /// As [`App::assess_sheet`]; [`Code::PrintFailed`].
    pub fn print_assess_sheet(&self, id: &str) -> Outcome<()> {
        let (file, pdf) = self.render_assess(id)?;
        self.print_document(&file.name, &pdf)
    }

    fn render_assess(&self, id: &str) -> Outcome<(TicketFile, Vec<u8>)> {
        let now = self.now()?;
        let (view, state, form, lang) = self.with(|session| {
            lead(session)?;
            let state = state(session, id)?;
            let form = form_of(&state)?;
            let view = open(session, id, &now)?.view;
            Ok((view, state, form, session.settings.lang))
        })?;
        let mut inks = Inks::new();
        for (side, signed) in &state.signed {
            if let Some(ink) = &signed.ink {
                inks.push((*side, self.signature(id, &ink.sha256)?));
            }
        }
        let doc = Sheet {
            view: &view,
            state: &state,
            form: &form,
            lang,
        }
        .document(inks);
        let rendered = render(&doc, &[Copy::File], self.fonts_for_tickets()?).map_err(failed)?;
        let file = TicketFile {
            name: file_name(&format!("{}-{}.pdf", doc.title, doc.ticket_id)),
            pages: u32::try_from(rendered.pages).unwrap_or(u32::MAX),
            bytes: rendered.pdf.len() as u64,
            missing: rendered.missing.iter().map(char::to_string).collect(),
            pdf_base64: String::new(),
        };
        Ok((file, rendered.pdf))
    }

    /// The strokes, from here or from the server; none while they cannot be had.
    fn signature(&self, id: &str, sha256: &str) -> Outcome<Option<Ink>> {
        match self.picture(id, sha256) {
            Ok(bytes) => Ok(Some(ink_of(&bytes)?)),
            Err(error) if error.refusal.code == Code::BlobMissing => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What the sections read.
struct Sheet<'a> {
    view: &'a AssessView,
    state: &'a AssessState,
    form: &'a Form,
    lang: Lang,
}

impl Sheet<'_> {
    fn pick(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    fn document(&self, inks: Inks) -> TicketDoc {
        let v = self.view;
        let mut sections = vec![self.facts()];
        sections.extend(v.sections.iter().map(|s| self.scores(s)));
        sections.push(self.timers());
        sections.push(self.result());
        sections.push(self.words());
        let signed = v.signatures.iter().map(|s| s.at).max_by_key(|at| at.ms);
        TicketDoc {
            lang: match self.lang {
                Lang::Zh => doorstep_ticket::Lang::Zh,
                Lang::En => doorstep_ticket::Lang::En,
            },
            title: v.sheet_name.clone(),
            company: v.company.clone(),
            ticket_id: v.no.clone(),
            digest: v.digest.clone(),
            submission: 0,
            signature_covers: self.covers(),
            created: rfc3339(v.ended.or(signed).unwrap_or(v.began)),
            hotline: String::new(),
            sections,
            customer_signature: Some(self.side(Side::Candidate, &inks)),
            technician_signature: Some(self.side(Side::Examiner, &inks)),
        }
    }

    fn covers(&self) -> String {
        match self.view.stage {
            AssessStage::Closed | AssessStage::Signing => self.pick(
                "双方签字确认本表的扣分、用时和总分。",
                "Both sign for the deductions, times and total on this sheet.",
            ),
            AssessStage::Running => self.pick(
                "还没签字，分数可能还会变。",
                "Not signed yet; the points may still change.",
            ),
            AssessStage::Withdrawn => {
                self.pick("本次考核已作废。", "This assessment was withdrawn.")
            }
        }
    }

    fn facts(&self) -> Section {
        let v = self.view;
        let who = |a: &Actor| format!("{} {}", a.name, a.staff_no);
        let version = self
            .state
            .begun
            .as_ref()
            .map_or(self.form.version, |b| b.form.version);
        let mut facts = vec![
            fact(self.pick("被考人", "Candidate"), who(&v.candidate)),
            fact(self.pick("考评员", "Examiner"), who(&v.examiner)),
            fact(
                self.pick("考核标准", "Standard"),
                format!(
                    "{}{}",
                    v.form,
                    self.pick(
                        &format!("，第 {version} 版"),
                        &format!(", version {version}")
                    )
                ),
            ),
            fact(self.pick("开始", "Began"), v.began.date_hm()),
        ];
        if let Some(ended) = v.ended {
            facts.push(fact(self.pick("结束", "Ended"), ended.date_hm()));
        }
        if let Some(reason) = &v.withdrawn {
            facts.push(fact(
                self.pick("作废原因", "Withdrawn because"),
                reason.clone(),
            ));
        }
        section(self.pick("考核信息", "Assessment"), Body::Facts(facts))
    }

    fn scores(&self, part: &AssessSection) -> Section {
        let mut rows: Vec<ScoreRow> = part
            .rows
            .iter()
            .map(|r| ScoreRow {
                item: r.title.clone(),
                rule: r.rule.clone(),
                times: number(r.times),
                points: number(r.lost),
                clauses: r.clauses.clone(),
            })
            .collect();
        let (left, points) = (part.left, part.points);
        rows.push(ScoreRow {
            item: self.pick(
                &format!("本部分 {points} 分，得 {left} 分"),
                &format!("{left} of {points} points"),
            ),
            points: number(points.saturating_sub(left)),
            ..ScoreRow::default()
        });
        section(part.title.clone(), Body::Scores(rows))
    }

    fn timers(&self) -> Section {
        let one = |t: &doorstep_domain::assess::view::AssessTimer| {
            let used = t.ran_ms > 0;
            let over = t.over_ms > 0;
            TimeRow {
                label: t.title.clone(),
                promised: Some(self.pick(
                    &format!("{} 分钟", t.minutes),
                    &format!("{} min", t.minutes),
                )),
                actual: match used {
                    true => self.clock(t.ran_ms),
                    false => self.pick("未计时", "Not timed"),
                },
                verdict: match (used, over) {
                    (false, _) => None,
                    (true, false) => Some(self.pick("按时", "In time")),
                    (true, true) => Some(self.pick(
                        &format!("超时 {}", self.clock(t.over_ms)),
                        &format!("over by {}", self.clock(t.over_ms)),
                    )),
                },
                breach: None,
                late: None,
            }
        };
        let rows = self.view.timers.iter().map(one).collect();
        section(self.pick("时限", "Time limits"), Body::Times(rows))
    }

    /// `18 分 05 秒`; a part of a second counts as one.
    fn clock(&self, ms: u64) -> String {
        let s = ms.div_ceil(1000);
        let (m, s) = (s / 60, s % 60);
        self.pick(&format!("{m} 分 {s:02} 秒"), &format!("{m} min {s:02} s"))
    }

    fn result(&self) -> Section {
        let v = self.view;
        let mut facts = Vec::new();
        for total in v.totals.iter().filter(|t| t.chosen) {
            facts.push(fact(self.pick("计分方式", "Counted"), total.title.clone()));
            for sheet in &total.sheets {
                let (left, points) = (sheet.left, sheet.points);
                facts.push(fact(
                    sheet.title.clone(),
                    self.pick(
                        &format!("满分 {points}，得 {left}"),
                        &format!("{left} of {points}"),
                    ),
                ));
            }
        }
        if let Some(reason) = &v.total_reason {
            facts.push(fact(self.pick("为什么这样计", "Why so"), reason.clone()));
        }
        let score = v.score.map_or_else(
            || self.pick("还没定怎么计分", "Not decided how to count"),
            |n| self.pick(&format!("{n} 分"), &format!("{n} of 100")),
        );
        facts.push(fact(self.pick("总分", "Total"), score));
        section(self.pick("总分", "Total"), Body::Facts(facts))
    }

    fn words(&self) -> Section {
        let v = self.view;
        let cited = |w: &AssessWords| match self.lang {
            Lang::Zh => format!("{}（{}）", w.text, w.clauses.join("、")),
            Lang::En => format!("{} ({})", w.text, w.clauses.join(", ")),
        };
        let mut all: Vec<String> = v
            .notes
            .iter()
            .map(|n| self.pick(&format!("考评员：{n}"), &format!("Examiner: {n}")))
            .collect();
        all.push(v.total_note.clone());
        all.extend(v.hints.iter().chain(&v.conduct).map(cited));
        section(self.pick("说明", "Notes"), Body::Text(all))
    }

    fn side(&self, side: Side, inks: &Inks) -> SignatureBlock {
        let (heading, who) = match side {
            Side::Examiner => (self.pick("考评员签字", "Examiner"), &self.view.examiner),
            Side::Candidate => (self.pick("被考人签字", "Candidate"), &self.view.candidate),
        };
        let signed = self.view.signatures.iter().find(|s| s.side == side);
        let found = inks.iter().find(|(s, _)| *s == side);
        let ink = found.and_then(|(_, ink)| ink.clone());
        let declined = signed.and_then(|s| s.declined.clone());
        let outcome = match (signed, &declined, found, &ink) {
            (None, ..) => Some(self.pick("还没签", "Not signed yet")),
            (_, Some(_), ..) => Some(self.pick("拒签", "Declined to sign")),
            (_, None, Some(_), None) => Some(self.pick(
                "已签，笔迹还没取到",
                "Signed; the ink is not on this device yet",
            )),
            _ => None,
        };
        let reason = declined.map(|value| SignatureLine {
            label: self.pick("原因", "Reason"),
            value,
            audience: doorstep_ticket::Audience::Both,
        });
        SignatureBlock {
            heading,
            ink,
            name: who.name.clone(),
            relation: Some(who.staff_no.clone()),
            time: signed.map(|s| Moment::date_hm(s.at)),
            outcome,
            lines: reason.into_iter().collect(),
            ..SignatureBlock::default()
        }
    }
}

fn section(title: String, body: Body) -> Section {
    Section {
        title,
        audience: doorstep_ticket::Audience::Both,
        body,
    }
}

fn fact(label: String, value: String) -> Fact {
    Fact { label, value }
}

/// A nought is left out: the eye finds what was deducted.
fn number(n: u32) -> String {
    match n {
        0 => String::new(),
        n => n.to_string(),
    }
}
