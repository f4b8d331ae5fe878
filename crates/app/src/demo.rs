//! The demo profile: made-up people and today's orders, placed around the present moment.

use doorstep_domain::event::Actor;
use doorstep_domain::order::{OrderSource, WorkOrder};
use doorstep_domain::standard::JobType;
use doorstep_domain::time::Moment;

/// Number on the demo's leave-notes.
pub(crate) const PHONE: &str = "0571-88000000";

/// Who works in the demo.
pub(crate) fn technician() -> Actor {
    Actor {
        staff_no: "3107".to_owned(),
        name: "周建国".to_owned(),
    }
}

struct Line {
    no: &'static str,
    customer: &'static str,
    phone: &'static str,
    address: &'static str,
    site_note: Option<&'static str>,
    service: &'static str,
    job: JobType,
    standard: &'static str,
    hours: i64,
    mbps: Option<u32>,
    note: Option<&'static str>,
    supplies: Option<&'static str>,
}

const LINES: [Line; 5] = [
    Line {
        no: "0412",
        customer: "林女士",
        phone: "13800001234",
        address: "翠湖花园 7 幢 2 单元 1203 室",
        site_note: Some("东门进，7 幢门禁呼 1203"),
        service: "中国移动宽带 · 新装 1000M",
        job: JobType::Install,
        standard: "cmcc-broadband",
        hours: 2,
        mbps: Some(1000),
        note: Some("老人午睡，请轻敲门"),
        supplies: Some("光猫 1 台、路由器 1 台、皮线 30 m"),
    },
    Line {
        no: "0405",
        customer: "周先生",
        phone: "13900005678",
        address: "锦绣路 88 号 3 幢 401 室",
        site_note: None,
        service: "中国电信宽带 · 移机 500M",
        job: JobType::Move,
        standard: "ct-fourteen-steps",
        hours: 3,
        mbps: Some(500),
        note: None,
        supplies: Some("皮线 50 m、面板 1 个"),
    },
    Line {
        no: "0419",
        customer: "吴先生",
        phone: "13700002468",
        address: "梅园里 12 号",
        site_note: Some("村口小卖部左转第二家"),
        service: "中国移动宽带 · 修障",
        job: JobType::Repair,
        standard: "cmcc-broadband",
        hours: 4,
        mbps: Some(300),
        note: Some("光猫红灯，昨晚起上不了网"),
        supplies: Some("光猫 1 台备用"),
    },
    Line {
        no: "0423",
        customer: "郑女士",
        phone: "13600001357",
        address: "滨江西路 206 号 2 幢 1802 室",
        site_note: None,
        service: "中国移动宽带 · 新装 500M",
        job: JobType::Install,
        standard: "cmcc-broadband",
        hours: 6,
        mbps: Some(500),
        note: None,
        supplies: Some("光猫 1 台、皮线 30 m"),
    },
    Line {
        no: "0427",
        customer: "欧阳𬱖",
        phone: "13500009753",
        address: "石桥村三组 14 号（老祠堂后面）",
        site_note: Some("村里没有信号"),
        service: "中国电信宽带 · 新装 300M",
        job: JobType::Install,
        standard: "ct-fourteen-steps",
        hours: 7,
        mbps: Some(300),
        note: Some("联系不上找隔壁邓阿姨"),
        supplies: Some("光猫 1 台、皮线 120 m"),
    },
];

/// Five orders of today: the first in two hours, on the half hour; in the evening earlier, so that the last is still today.
pub(crate) fn orders(now: Moment) -> Vec<WorkOrder> {
    let half_hour_ms = 30 * 60_000;
    let day_ms = 48 * half_hour_ms;
    let since_midnight_ms = (now.ms + i64::from(now.offset_min) * 60_000).rem_euclid(day_ms);
    let furthest_ms = LINES.iter().map(|l| l.hours).max().unwrap_or(0) * 2 * half_hour_ms;
    let latest_ms = day_ms - half_hour_ms - furthest_ms;
    let base_ms = (since_midnight_ms - since_midnight_ms.rem_euclid(half_hour_ms)).min(latest_ms);
    let base = Moment {
        ms: now.ms - since_midnight_ms + base_ms,
        ..now
    };
    let day = now.date().replace('-', "");
    let order = |l: &Line| WorkOrder {
        no: format!("{day}-{}", l.no),
        customer: l.customer.to_owned(),
        phone: l.phone.to_owned(),
        alternate_contact: (l.no == "0427").then(|| "邓阿姨 13500001111".to_owned()),
        address: l.address.to_owned(),
        site_note: l.site_note.map(str::to_owned),
        service: l.service.to_owned(),
        job: l.job,
        standard: l.standard.to_owned(),
        promised_start: base.plus_minutes(l.hours * 60),
        promised_end: None,
        deadline: Some(base.plus_minutes(48 * 60)),
        contracted_mbps: l.mbps,
        note: l.note.map(str::to_owned),
        supplies: l.supplies.map(str::to_owned),
        source: OrderSource::Demo,
    };
    LINES.iter().map(order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_orders_are_of_today_at_any_hour() {
        let midnight = Moment {
            ms: 1_795_276_800_000 - 8 * 3_600_000,
            offset_min: 480,
        };
        for minute in 0..24 * 60 {
            let now = midnight.plus_minutes(minute);
            for order in orders(now) {
                assert_eq!(order.promised_start.date(), now.date(), "at {}", now.hm());
            }
        }
    }
}
