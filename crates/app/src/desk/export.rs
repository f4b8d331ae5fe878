//! The listed submissions as a CSV file for spreadsheets.

use super::dto::{DeskQuery, DeskRow};
use super::queue::{MOST_ROWS, asked, desk_row};
use super::{bounds, lead_only};
use crate::{App, AppError, Outcome};
use doorstep_domain::review::Verdict;
use doorstep_domain::visit::OutcomeKind;
use doorstep_orders::tame;

const HEADER: [&str; 14] = [
    "工单号",
    "客户",
    "地址",
    "工号",
    "师傅",
    "规范",
    "提交",
    "第几次",
    "到场（分钟，负数为早）",
    "用时（分钟）",
    "评价",
    "结果",
    "疑点",
    "审核",
];

impl App {
    /// Writes every row that the query lists, not only its page, among the documents; tells where.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::LeadOnly`], [`doorstep_domain::code::Code::SaveFailed`] with the folder, storage trouble.
    pub fn desk_export(&self, query: &DeskQuery) -> Outcome<String> {
        let now = self.now()?.moment();
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(HEADER).map_err(AppError::internal)?;
        let (today, _) = bounds(now);
        let mut query = DeskQuery {
            offset: 0,
            limit: MOST_ROWS,
            ..query.clone()
        };
        loop {
            let (rows, total) = self.with(|session| {
                lead_only(session)?;
                self.bring_packs(session)?;
                let page = session.store.queue(&asked(&query, today))?;
                let lang = session.settings.lang;
                let rows: Vec<DeskRow> = page.rows.iter().map(|r| desk_row(r, lang)).collect();
                Ok((rows, page.total))
            })?;
            for row in &rows {
                writer
                    .write_record(record(row))
                    .map_err(AppError::internal)?;
            }
            query.offset = query.offset.saturating_add(MOST_ROWS);
            if u64::from(query.offset) >= total || rows.is_empty() {
                break;
            }
        }
        let bytes = writer
            .into_inner()
            .map_err(|e| AppError::internal(e.into_error()))?;
        let name = format!("审核-{}.csv", now.date_hm().replace([':', ' '], "-"));
        self.save_document(&name, &bytes)
    }
}

fn record(row: &DeskRow) -> [String; 14] {
    let figure = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
    let outcome = match &row.outcome_reason {
        Some(reason) => format!("{} · {reason}", outcome_zh(row.outcome)),
        None => outcome_zh(row.outcome).to_owned(),
    };
    [
        tame(&row.order_no),
        tame(&row.customer),
        tame(&row.address),
        tame(&row.technician.staff_no),
        tame(&row.technician.name),
        tame(&row.pack),
        row.submitted_at.date_hm(),
        row.submission.to_string(),
        figure(row.arrival_min),
        figure(row.minutes),
        tame(row.rating.as_deref().unwrap_or_default()),
        tame(&outcome),
        row.flags.to_string(),
        row.verdict.map_or("待审核", verdict_zh).to_owned(),
    ]
}

fn outcome_zh(outcome: OutcomeKind) -> &'static str {
    match outcome {
        OutcomeKind::Completed => "完工",
        OutcomeKind::Suspended => "挂起",
        OutcomeKind::Returned => "退单",
        OutcomeKind::NobodyHome => "无人",
    }
}

fn verdict_zh(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approved => "通过",
        Verdict::Returned => "退回补资料",
        Verdict::Rework => "返工上门",
    }
}
