//! Words that a cell may choose from: the file's own word and the Chinese one; either is read, both are written.

/// A list of words to choose from.
pub(super) struct Words {
    /// How the list is called on the help sheet.
    pub(super) zh: &'static str,
    /// The file's word and the Chinese one.
    pub(super) all: &'static [(&'static str, &'static str)],
}

impl Words {
    /// The file's word for what a cell says: `install`, `新装` or `新装 (install)`.
    pub(super) fn read(&self, cell: &str) -> Option<&'static str> {
        let cell = cell.replace('（', "(").replace('）', ")");
        let cell = cell.trim();
        let said = |(code, zh): &&(&str, &str)| {
            cell.eq_ignore_ascii_case(code)
                || cell == *zh
                || cell
                    .strip_prefix(zh)
                    .and_then(|rest| rest.trim().strip_prefix('(')?.strip_suffix(')'))
                    .is_some_and(|rest| rest.trim().eq_ignore_ascii_case(code))
        };
        self.all.iter().find(said).map(|(code, _)| *code)
    }

    /// What a cell shows for the file's word; a word that is not known stays as it is.
    pub(super) fn show(&self, code: &str) -> String {
        let known = self.all.iter().find(|(c, _)| *c == code);
        known.map_or_else(|| code.to_owned(), |(code, zh)| format!("{zh} ({code})"))
    }

    /// The choices, for a sentence.
    pub(super) fn choices(&self, between: &str) -> String {
        let all: Vec<String> = self.all.iter().map(|(c, _)| self.show(c)).collect();
        all.join(between)
    }
}

pub(super) static JOBS: Words = Words {
    zh: "作业",
    all: &[("install", "新装"), ("move", "移机"), ("repair", "修障")],
};

pub(super) static STAGES: Words = Words {
    zh: "环节",
    all: &[
        ("appointment", "预约"),
        ("depart", "出发前"),
        ("door", "进门"),
        ("inside", "屋里"),
        ("sign_off", "签字"),
        ("after", "离开以后"),
    ],
};

pub(super) static TICKET: Words = Words {
    zh: "单据栏目",
    all: &[
        ("work", "施工信息"),
        ("customer", "用户信息"),
        ("times", "时间与承诺"),
        ("checklist", "检查项"),
        ("readings", "读数"),
        ("devices", "设备"),
        ("materials", "材料"),
        ("fees", "费用"),
        ("feedback", "用户反馈"),
        ("photos", "照片"),
        ("signatures", "签字"),
    ],
};

pub(super) static EVIDENCE: Words = Words {
    zh: "凭证",
    all: &[
        ("tick", "打勾"),
        ("tick_or_na", "打勾或不适用"),
        ("photo", "只看照片"),
        ("text", "写几句"),
        ("reading", "读数"),
        ("choice", "几选一"),
        ("time", "几点几分"),
        ("date", "哪一天"),
        ("consent", "客户声明"),
        ("rows", "登记表"),
        ("auto_call", "打过电话"),
        ("auto_appointment", "约好时间"),
        ("auto_kit", "查过套装"),
        ("auto_gear", "装备有效"),
        ("auto_milestone", "到了某一步"),
        ("feedback", "评价"),
        ("customer_signature", "客户签字"),
        ("technician_signature", "师傅签字"),
    ],
};

pub(super) static MILESTONES: Words = Words {
    zh: "步骤",
    all: &[
        ("departed", "出发"),
        ("downstairs", "到楼下"),
        ("at_door", "到门口"),
        ("entered", "进门"),
        ("left", "离开"),
    ],
};

pub(super) static ROW_LISTS: Words = Words {
    zh: "登记表",
    all: &[("devices", "设备"), ("materials", "材料"), ("fees", "费用")],
};

pub(super) static SIGNS: Words = Words {
    zh: "正负",
    all: &[
        ("negative", "负数"),
        ("positive", "正数"),
        ("any", "都可以"),
    ],
};

pub(super) static ADVICE: Words = Words {
    zh: "话术种类",
    all: &[("say", "怎么说"), ("dont", "不要"), ("remind", "提醒")],
};

pub(super) static REASONS: Words = Words {
    zh: "理由用在",
    all: &[
        ("suspend_reasons", "挂起"),
        ("return_reasons", "退单"),
        ("change_reasons", "改约"),
        ("unsigned_reasons", "没签成"),
        ("reading_reasons", "读数超限"),
        ("kit_reasons", "套装不齐"),
        ("na_reasons", "不适用"),
        ("options", "选项"),
    ],
};

pub(super) static RULES: Words = Words {
    zh: "规则",
    all: &[
        ("first_contact", "首次联系"),
        ("change_notice", "改约提前"),
        ("call_before_leaving", "出发前电话"),
        ("call_ahead", "到达前电话"),
        ("arrival", "到达"),
        ("door_wait", "门口等候"),
        ("missed", "失约"),
        ("service_hours", "服务时间"),
        ("hand_in", "交单"),
        ("progress", "告知进展"),
        ("warranty", "保修"),
    ],
};

pub(super) static YES: Words = Words {
    zh: "是否",
    all: &[("yes", "是"), ("no", "否")],
};

/// Every list, for the help sheet.
pub(super) static EVERY: [&Words; 11] = [
    &YES,
    &JOBS,
    &STAGES,
    &TICKET,
    &EVIDENCE,
    &MILESTONES,
    &ROW_LISTS,
    &SIGNS,
    &ADVICE,
    &REASONS,
    &RULES,
];

/// Yes or no as people write it.
pub(super) fn yes(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" | "y" | "1" | "√" | "✓" | "对" => Some(true),
        "false" | "n" | "0" | "×" | "✗" => Some(false),
        other => YES.read(other).map(|word| word == "yes"),
    }
}
