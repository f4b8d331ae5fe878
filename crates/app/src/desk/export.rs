//! The listed submissions as a CSV file for spreadsheets.

use super::dto::{DeskQuery, DeskRow};
use crate::{App, AppError, Outcome};
use doorstep_domain::review::Verdict;
use doorstep_domain::visit::OutcomeKind;

/// Rows read at a time; as many as a page takes.
const PAGE: u32 = 200;
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
    /// [`doorstep_domain::code::Code::SaveFailed`] with the folder, storage trouble.
    pub fn desk_export(&self, query: &DeskQuery) -> Outcome<String> {
        let now = self.now()?.moment();
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(HEADER).map_err(AppError::internal)?;
        let mut offset = 0;
        loop {
            let page = self.desk(&DeskQuery {
                offset,
                limit: PAGE,
                ..query.clone()
            })?;
            for row in &page.rows {
                writer
                    .write_record(record(row))
                    .map_err(AppError::internal)?;
            }
            offset = offset.saturating_add(PAGE);
            if offset >= page.total || page.rows.is_empty() {
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

/// A spreadsheet must not take a customer's words for a formula.
fn tame(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}
