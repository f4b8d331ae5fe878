//! Visits as a CSV file for the office.

use crate::error::{HubError, Outcome};
use crate::hub::Hub;
use crate::sql::{order, people};
use doorstep_domain::order::WorkOrder;
use doorstep_domain::time::Moment;
use doorstep_orders::tame;

const HEADER: [&str; 10] = [
    "工单号",
    "客户姓名",
    "地址",
    "业务",
    "工号",
    "师傅",
    "班组",
    "开始",
    "提交",
    "结果",
];

impl Hub {
    /// Visits opened in `[from_ms, to_ms)` as CSV with a byte-order mark, so that spreadsheets read it as UTF-8; times
    /// are local at `offset_min`.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn export_visits(&self, from_ms: i64, to_ms: i64, offset_min: i32) -> Outcome<Vec<u8>> {
        let at = |ms: i64| Moment { ms, offset_min }.date_hm();
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        let c = &self.connection;
        let wrote = |e: csv::Error| HubError::Io {
            doing: "writing the export",
            source: e.into(),
        };
        writer.write_record(HEADER).map_err(wrote)?;
        for visit in order::visits_between(c, from_ms, to_ms)? {
            // an order of the tablet's own is not in the hub's table
            let order: Option<WorkOrder> = order::by_stream(c, &visit.order_stream)?
                .and_then(|row| serde_json::from_str(&row.body).ok());
            let person = people::staff(c, &visit.staff_no)?;
            let of = |pick: fn(&WorkOrder) -> &String| order.as_ref().map(pick).cloned();
            let record = [
                of(|o| &o.no),
                of(|o| &o.customer),
                of(|o| &o.address),
                of(|o| &o.service),
                Some(visit.staff_no.clone()),
                person.as_ref().map(|p| p.actor.name.clone()),
                person.as_ref().map(|p| p.team.clone()),
                Some(at(visit.opened_ms)),
                visit.submitted_ms.map(at),
                visit.outcome.as_deref().map(outcome_zh),
            ];
            let record = record.map(|cell| tame(&cell.unwrap_or_default()));
            writer.write_record(&record).map_err(wrote)?;
        }
        writer.into_inner().map_err(|e| HubError::Io {
            doing: "writing the export",
            source: e.into_error(),
        })
    }
}

fn outcome_zh(word: &str) -> String {
    match word {
        "completed" => "完工",
        "suspended" => "挂起",
        "returned" => "退单",
        "nobody_home" => "无人",
        other => other,
    }
    .to_owned()
}
