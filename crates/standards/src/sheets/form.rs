//! The sheets and their columns.

use super::words::{self, Words};

/// What a column holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Words as they are.
    Text,
    /// An id, or several: full-width letters and digits become plain ones.
    Ids,
    /// A number.
    Number,
    /// One of a list.
    Word(&'static Words),
    /// Yes or no.
    Yes,
    /// When a row applies.
    Condition,
    /// Depends on another column.
    Mixed,
}

/// A column.
pub(super) struct Column {
    /// Its name in code, which is the English header.
    pub(super) key: &'static str,
    /// The Chinese header.
    pub(super) zh: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
}

impl Column {
    /// The header as written: `编号 (id)`.
    pub(super) fn header(&self) -> String {
        format!("{} ({})", self.zh, self.key)
    }
}

/// A sheet.
pub(super) struct Sheet {
    /// Its English name.
    pub(super) key: &'static str,
    /// Its Chinese name.
    pub(super) zh: &'static str,
    /// Its columns in order.
    pub(super) columns: &'static [Column],
    /// How many of the first columns stay in sight.
    pub(super) frozen: u16,
}

impl Sheet {
    /// The name as written: `检查项 (items)`.
    pub(super) fn name(&self) -> String {
        format!("{} ({})", self.zh, self.key)
    }
}

/// `编号 (id)`, `编号`, `id` are the same name.
pub(super) fn names(written: &str, zh: &str, key: &str) -> bool {
    let written = written.replace('（', "(").replace('）', ")");
    let written = written.trim();
    let (front, back) = match written.split_once('(') {
        Some((front, back)) => (front.trim(), back.trim_end_matches(')').trim()),
        None => (written, written),
    };
    match front == back {
        true => front == zh || front.eq_ignore_ascii_case(key),
        false => front == zh && back.eq_ignore_ascii_case(key),
    }
}

const fn col(key: &'static str, zh: &'static str, kind: Kind) -> Column {
    Column { key, zh, kind }
}

const ID: Column = col("id", "编号", Kind::Ids);
const CLAUSES: Column = col("clauses", "出处", Kind::Ids);
const TEXT: Column = col("text", "中文", Kind::Text);
const TEXT_EN: Column = col("text_en", "英文", Kind::Text);
const NAME: Column = col("name", "名称", Kind::Text);
const NAME_EN: Column = col("name_en", "英文名称", Kind::Text);
const PHASE: Column = col("phase", "阶段", Kind::Ids);
const WHEN: Column = col("when", "条件", Kind::Condition);
const REQUIRED: Column = col("required", "必做", Kind::Yes);
const CUSTOMER: Column = col("customer", "给客户看", Kind::Text);
const CUSTOMER_EN: Column = col("customer_en", "给客户看的英文", Kind::Text);

/// What stands at the head of a standard: field, Chinese name, and what it holds.
pub(super) static FIELDS: [(&str, &str, Kind); 13] = [
    ("id", "编号", Kind::Ids),
    ("version", "版本", Kind::Number),
    ("name", "名称", Kind::Text),
    ("company", "公司", Kind::Text),
    ("form_name", "单据名称", Kind::Text),
    ("id_word", "证件叫法", Kind::Text),
    ("hotline", "热线", Kind::Text),
    ("systems", "目录", Kind::Ids),
    ("use", "共用模块", Kind::Ids),
    ("aliases", "别名", Kind::Text),
    ("job_types", "作业", Kind::Word(&words::JOBS)),
    ("ticket", "单据栏目", Kind::Word(&words::TICKET)),
    ("continues", "续接说明", Kind::Text),
];

pub(super) static HEAD: Sheet = Sheet {
    key: "head",
    zh: "规范",
    columns: &[
        col("field", "项目", Kind::Text),
        col("value", "内容", Kind::Mixed),
        col("value_en", "英文", Kind::Text),
    ],
    frozen: 1,
};

pub(super) static PHASES: Sheet = Sheet {
    key: "phases",
    zh: "阶段",
    columns: &[
        ID,
        NAME,
        NAME_EN,
        col("hint", "提示", Kind::Text),
        col("hint_en", "英文提示", Kind::Text),
        col("stage", "环节", Kind::Word(&words::STAGES)),
    ],
    frozen: 1,
};

pub(super) static ITEMS: Sheet = Sheet {
    key: "items",
    zh: "检查项",
    columns: &[
        PHASE,
        ID,
        TEXT,
        TEXT_EN,
        col("note", "第二行", Kind::Text),
        col("note_en", "第二行英文", Kind::Text),
        CUSTOMER,
        CUSTOMER_EN,
        col("evidence", "凭证", Kind::Word(&words::EVIDENCE)),
        col("setting", "凭证设置", Kind::Mixed),
        col("least", "最少几行", Kind::Number),
        col("words", "凭证的话", Kind::Text),
        col("words_en", "凭证的话英文", Kind::Text),
        col("photos_min", "最少几张照片", Kind::Number),
        col("photos_of", "拍什么", Kind::Text),
        col("photos_of_en", "拍什么英文", Kind::Text),
        col("photos_seed", "原规范要求拍", Kind::Yes),
        REQUIRED,
        col("mismatch", "有出入按钮", Kind::Yes),
        WHEN,
        col("after", "在这些之后", Kind::Ids),
        CLAUSES,
        col("use", "模块", Kind::Ids),
        col("only", "只要这几条", Kind::Ids),
        col("facts", "带问题", Kind::Yes),
    ],
    frozen: 3,
};

pub(super) static READINGS: Sheet = Sheet {
    key: "readings",
    zh: "读数",
    columns: &[
        col("item", "检查项", Kind::Ids),
        col("slot", "格", Kind::Ids),
        NAME,
        NAME_EN,
        REQUIRED,
        col("unit", "单位", Kind::Text),
        col("sign", "正负", Kind::Word(&words::SIGNS)),
        col("decimals", "小数位", Kind::Number),
        col("min", "下限", Kind::Number),
        col("max", "上限", Kind::Number),
        col(
            "min_percent_of_contract",
            "不低于签约的百分之",
            Kind::Number,
        ),
        col("wavelength_nm", "波长", Kind::Number),
    ],
    frozen: 2,
};

pub(super) static FACTS: Sheet = Sheet {
    key: "facts",
    zh: "问题",
    columns: &[PHASE, ID, TEXT, TEXT_EN, REQUIRED, WHEN, CLAUSES],
    frozen: 2,
};

pub(super) static KITS: Sheet = Sheet {
    key: "kits",
    zh: "套装",
    columns: &[
        col("kit", "套装", Kind::Ids),
        ID,
        NAME,
        NAME_EN,
        col("consumable", "用了要补", Kind::Yes),
        CLAUSES,
    ],
    frozen: 2,
};

pub(super) static ADVICE: Sheet = Sheet {
    key: "advice",
    zh: "话术",
    columns: &[
        PHASE,
        col("kind", "种类", Kind::Word(&words::ADVICE)),
        TEXT,
        TEXT_EN,
        CLAUSES,
    ],
    frozen: 2,
};

pub(super) static REASONS: Sheet = Sheet {
    key: "reasons",
    zh: "理由",
    columns: &[
        col("list", "用在", Kind::Word(&words::REASONS)),
        col("item", "检查项", Kind::Ids),
        ID,
        TEXT,
        TEXT_EN,
        CUSTOMER,
        CUSTOMER_EN,
        col("not_ours", "不算我方", Kind::Yes),
    ],
    frozen: 3,
};

pub(super) static SURVEY: Sheet = Sheet {
    key: "survey",
    zh: "评价",
    columns: &[
        ID,
        col("option", "答案", Kind::Ids),
        TEXT,
        TEXT_EN,
        col("dissatisfied", "算不满意", Kind::Yes),
        CLAUSES,
    ],
    frozen: 2,
};

pub(super) static RULES: Sheet = Sheet {
    key: "rules",
    zh: "数字",
    columns: &[
        col("rule", "规则", Kind::Word(&words::RULES)),
        col("figure", "项", Kind::Ids),
        col("value", "数值", Kind::Mixed),
        CLAUSES,
    ],
    frozen: 2,
};

pub(super) static PRICES: Sheet = Sheet {
    key: "prices",
    zh: "价格",
    columns: &[
        ID,
        NAME,
        NAME_EN,
        col("unit", "单位", Kind::Text),
        col("unit_en", "单位英文", Kind::Text),
        col("yuan", "单价元", Kind::Number),
        CLAUSES,
    ],
    frozen: 1,
};

pub(super) static GEAR: Sheet = Sheet {
    key: "gear",
    zh: "装备",
    columns: &[
        ID,
        NAME,
        NAME_EN,
        col("months", "能用几个月", Kind::Number),
        CLAUSES,
    ],
    frozen: 1,
};

/// Every sheet in the order of the file.
pub(super) static SHEETS: [&Sheet; 12] = [
    &HEAD, &PHASES, &ITEMS, &READINGS, &FACTS, &KITS, &ADVICE, &REASONS, &SURVEY, &RULES, &PRICES,
    &GEAR,
];

/// The sheet that explains; it is written and never read.
pub(super) const HELP: (&str, &str) = ("说明", "help");

/// What a figure of a rule is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// A whole number.
    Whole,
    /// Yes or no.
    Yes,
    /// `09:00`
    Clock,
    /// `2005-01-01`
    Day,
    /// Jobs.
    Jobs,
}

/// Figures of the rules: rule, figure, what it is.
pub(super) static FIGURES: [(&str, &str, Figure); 20] = [
    ("first_contact", "minutes", Figure::Whole),
    ("change_notice", "minutes", Figure::Whole),
    ("change_notice", "short.delay_up_to", Figure::Whole),
    ("change_notice", "short.minutes", Figure::Whole),
    ("call_before_leaving", "jobs", Figure::Jobs),
    ("call_ahead", "earliest", Figure::Whole),
    ("call_ahead", "latest", Figure::Whole),
    ("call_ahead", "jobs", Figure::Jobs),
    ("arrival", "latest_early", Figure::Whole),
    ("arrival", "earliest_early", Figure::Whole),
    ("door_wait", "seconds", Figure::Whole),
    ("door_wait", "most", Figure::Whole),
    ("missed", "most", Figure::Whole),
    ("service_hours", "from", Figure::Clock),
    ("service_hours", "to", Figure::Clock),
    ("service_hours", "weekdays_only", Figure::Yes),
    ("hand_in", "minutes", Figure::Whole),
    ("progress", "minutes", Figure::Whole),
    ("warranty", "years", Figure::Whole),
    ("warranty", "sold_from", Figure::Day),
];

/// What a cell says that names none where an empty cell means all.
pub(super) const NONE: &str = "无 (none)";
