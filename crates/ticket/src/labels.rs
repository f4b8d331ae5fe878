//! The words that the layout adds itself.

use crate::model::{Copy, Lang};

/// One language's words.
pub(crate) struct Labels {
    lang: Lang,
    pub(crate) ticket_id: &'static str,
    pub(crate) signatures: &'static str,
    pub(crate) legend_done: &'static str,
    pub(crate) legend_na: &'static str,
    pub(crate) legend_missing: &'static str,
    pub(crate) na: &'static str,
    pub(crate) internal: &'static str,
    pub(crate) late: &'static str,
    pub(crate) breach: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) not_charged: &'static str,
    pub(crate) total: &'static str,
    pub(crate) payment: &'static str,
    pub(crate) words: &'static str,
    pub(crate) signer: &'static str,
    pub(crate) signed_at: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) hotline: &'static str,
    pub(crate) check: &'static str,
    pub(crate) times: [&'static str; 4],
    pub(crate) checklist: [&'static str; 4],
    pub(crate) readings: [&'static str; 7],
    pub(crate) devices: [&'static str; 4],
    pub(crate) materials: [&'static str; 3],
    pub(crate) fees: [&'static str; 5],
    pub(crate) scores: [&'static str; 5],
}

impl Labels {
    pub(crate) fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    pub(crate) fn copy(&self, copy: Copy) -> &'static str {
        match (self.lang, copy) {
            (Lang::Zh, Copy::Customer) => "用户联",
            (Lang::Zh, Copy::Company) => "公司联",
            (Lang::Zh, Copy::File) => "存档联",
            (Lang::En, Copy::Customer) => "Customer copy",
            (Lang::En, Copy::Company) => "Company copy",
            (Lang::En, Copy::File) => "File copy",
        }
    }

    /// What the document's number is called; a sheet of the office's own is no ticket.
    pub(crate) fn number(&self, copy: Copy) -> &'static str {
        match (self.lang, copy) {
            (Lang::Zh, Copy::File) => "编号",
            (Lang::En, Copy::File) => "No.",
            _ => self.ticket_id,
        }
    }

    /// Which submission; nothing for a document that is none.
    pub(crate) fn submission(&self, number: u32) -> String {
        match (number, self.lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!("第 {number} 次提交"),
            (_, Lang::En) => format!("Submission {number}"),
        }
    }

    pub(crate) fn page(&self, page: usize, of: usize) -> String {
        match self.lang {
            Lang::Zh => format!("第 {page} 页 / 共 {of} 页"),
            Lang::En => format!("Page {page} of {of}"),
        }
    }

    /// Label and value in one line, with the language's colon.
    pub(crate) fn pair(&self, label: &str, value: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{label}：{value}"),
            Lang::En => format!("{label}: {value}"),
        }
    }

    /// A word in brackets behind another.
    pub(crate) fn bracket(&self, text: &str, inner: &str) -> String {
        match self.lang {
            Lang::Zh => format!("{text}（{inner}）"),
            Lang::En => format!("{text} ({inner})"),
        }
    }

    /// Somebody's own words, in the language's quotes.
    pub(crate) fn quote(&self, text: &str) -> String {
        match self.lang {
            Lang::Zh => format!("“{text}”"),
            Lang::En => format!("\u{201c}{text}\u{201d}"),
        }
    }
}

static ZH: Labels = Labels {
    lang: Lang::Zh,
    ticket_id: "单号",
    signatures: "签字确认",
    legend_done: "已做到",
    legend_na: "不适用",
    legend_missing: "未做",
    na: "不适用",
    internal: "内部说明",
    late: "补录",
    breach: "失约",
    nothing: "无",
    not_charged: "本次未收费",
    total: "合计",
    payment: "支付方式",
    words: "用户的话",
    signer: "签字人",
    signed_at: "签字时间",
    outcome: "签字情况",
    hotline: "服务热线",
    check: "校验",
    times: ["事项", "约定", "实际", "结果"],
    checklist: ["项目", "记录", "条款", "时间"],
    readings: [
        "测量项",
        "测试点",
        "波长",
        "施工前",
        "施工后",
        "指标",
        "结果",
    ],
    devices: ["设备", "序列号（SN）", "MAC", "动作"],
    materials: ["材料", "数量", "单位"],
    fees: ["收费项目", "单价", "数量", "金额", "告知与同意"],
    scores: ["考核内容", "扣分办法", "次数", "扣分", "条款"],
};

static EN: Labels = Labels {
    lang: Lang::En,
    ticket_id: "Ticket",
    signatures: "Sign-off",
    legend_done: "done",
    legend_na: "not applicable",
    legend_missing: "not done",
    na: "Not applicable",
    internal: "Internal",
    late: "Entered later",
    breach: "Breach",
    nothing: "None",
    not_charged: "No charge this time",
    total: "Total",
    payment: "Paid by",
    words: "In the customer's words",
    signer: "Signed by",
    signed_at: "Signed at",
    outcome: "Signature",
    hotline: "Hotline",
    check: "Check",
    times: ["Event", "Promised", "Actual", "Result"],
    checklist: ["Item", "Record", "Clause", "Time"],
    readings: [
        "Quantity",
        "Point",
        "Wavelength",
        "Before",
        "After",
        "Limits",
        "Result",
    ],
    devices: ["Device", "Serial number", "MAC", "Action"],
    materials: ["Material", "Quantity", "Unit"],
    fees: ["Fee", "Unit price", "Quantity", "Amount", "Told and agreed"],
    scores: ["Examined", "Rule", "Times", "Points lost", "Clause"],
};
