//! The few words a ticket needs beside the pack's own, in both languages.

use doorstep_domain::standard::{JobType, TicketSection};
use doorstep_domain::text::Lang;
use doorstep_domain::visit::{Cause, DeviceAction, OutcomeKind, Relation, SignOutcome};

/// Words in one language.
#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) Lang);

impl Words {
    pub(super) fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    pub(super) fn ticket_lang(self) -> doorstep_ticket::Lang {
        match self.0 {
            Lang::Zh => doorstep_ticket::Lang::Zh,
            Lang::En => doorstep_ticket::Lang::En,
        }
    }

    pub(super) fn covers(self, n: u32) -> String {
        match self.0 {
            Lang::Zh => format!("客户签字确认的是第 {n} 次提交中签字前的内容。"),
            Lang::En => format!(
                "The customer's signature covers what submission {n} held when it was signed."
            ),
        }
    }

    pub(super) fn section(self, section: TicketSection) -> &'static str {
        match section {
            TicketSection::Work => self.pick("施工信息", "Work"),
            TicketSection::Customer => self.pick("用户信息", "Customer"),
            TicketSection::Times => self.pick("时间与承诺", "Times and promises"),
            TicketSection::Checklist => self.pick("检查项", "Checklist"),
            TicketSection::Readings => self.pick("读数", "Readings"),
            TicketSection::Devices => self.pick("设备", "Devices"),
            TicketSection::Materials => self.pick("材料", "Materials"),
            TicketSection::Fees => self.pick("费用", "Charges"),
            TicketSection::Feedback => self.pick("用户反馈意见", "Customer's feedback"),
            TicketSection::Photos => self.pick("照片", "Photos"),
            TicketSection::Signatures => self.pick("签字", "Signatures"),
        }
    }

    pub(super) fn job(self, job: JobType) -> &'static str {
        match job {
            JobType::Install => self.pick("新装", "Install"),
            JobType::Move => self.pick("移机", "Move"),
            JobType::Repair => self.pick("修障", "Repair"),
        }
    }

    pub(super) fn outcome(self, outcome: OutcomeKind) -> &'static str {
        match outcome {
            OutcomeKind::Completed => self.pick("完工", "Completed"),
            OutcomeKind::Suspended => self.pick("未完工（挂起）", "Not finished (suspended)"),
            OutcomeKind::Returned => self.pick("退单", "Returned"),
            OutcomeKind::NobodyHome => self.pick("无人在家", "Nobody home"),
        }
    }

    pub(super) fn relation(self, relation: Relation) -> &'static str {
        match relation {
            Relation::Customer => self.pick("本人", "Customer"),
            Relation::Family => self.pick("家属", "Family"),
            Relation::Tenant => self.pick("租客", "Tenant"),
            Relation::Agent => self.pick("经办人", "Agent"),
        }
    }

    pub(super) fn signing(self, outcome: SignOutcome) -> Option<&'static str> {
        match outcome {
            SignOutcome::Signed => None,
            SignOutcome::Proxy => Some(self.pick("代签", "Signed on behalf of the customer")),
            SignOutcome::Mark => Some(self.pick("按手印或画押", "Fingerprint or mark")),
            SignOutcome::Cannot => Some(self.pick("无法签", "Could not sign")),
            SignOutcome::Refused => Some(self.pick("拒签", "Declined to sign")),
        }
    }

    pub(super) fn cause(self, cause: Cause) -> &'static str {
        match cause {
            Cause::Ours => self.pick("我方", "ours"),
            Cause::Customer => self.pick("客户", "the customer's"),
            Cause::Other => self.pick("第三方", "a third party's"),
        }
    }

    pub(super) fn action(self, action: DeviceAction) -> &'static str {
        match action {
            DeviceAction::Installed => self.pick("新装", "Installed"),
            DeviceAction::Replaced => self.pick("更换", "Replaced"),
            DeviceAction::Recovered => self.pick("回收", "Taken back"),
        }
    }

    pub(super) fn early(self, minutes: i64) -> String {
        match (self.0, minutes) {
            (Lang::Zh, 0) => "准时".to_owned(),
            (Lang::Zh, 1..) => format!("早 {minutes} 分钟"),
            (Lang::Zh, _) => format!("晚 {} 分钟", -minutes),
            (Lang::En, 0) => "on time".to_owned(),
            (Lang::En, 1..) => format!("{minutes} min early"),
            (Lang::En, _) => format!("{} min late", -minutes),
        }
    }
}
