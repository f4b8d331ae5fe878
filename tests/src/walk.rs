//! Steps that every story takes.

use crate::{Desk, PHOTO, at};
use doorstep_app::dto::{TodayPage, TodayQuery};
use doorstep_domain::standard::Milestone;
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::events::ItemAnswer;
use doorstep_domain::visit::view::VisitView;
use doorstep_domain::visit::{
    Answer, Call, CallPurpose, CallResult, DeviceAction, Feedback, InkPoint, Outcome, PhotoTarget,
    Proposer, ReadingValue, Relation, RowData, SignOutcome, Strokes,
};
use std::collections::BTreeMap;

/// The header of a work-order file with every column.
pub const HEADER: &str = "工单号,客户姓名,电话,备用联系,地址,到达提示,业务,工单类型,规范,约定开始,约定结束,竣工时限,签约速率,备注,领用物料";

/// A row of a work-order file: number, customer, job and standard vary.
#[must_use]
pub fn line(no: &str, customer: &str, job: &str, standard: &str) -> String {
    format!(
        "{no},{customer},13800001234,,翠湖花园 7 幢 1203,,,{job},{standard},2026-11-22 14:00,,,1000,,"
    )
}

/// A file of such rows.
#[must_use]
pub fn file(lines: &[String]) -> String {
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

/// Ink of twenty points across the pad.
#[must_use]
pub fn ink() -> Strokes {
    let point = |i: u16| InkPoint {
        x: f32::from(i) * 40.0,
        y: 100.0 + f32::from(i % 4) * 20.0,
        t: u32::from(i) * 8,
        p: 0.5,
    };
    Strokes {
        width: 1000,
        height: 300,
        strokes: vec![(0..20).map(point).collect()],
    }
}

/// An answer to an item.
#[must_use]
pub fn answer(item: &str, answer: Answer) -> Command {
    let item = ItemAnswer {
        item: item.to_owned(),
        answer,
    };
    Command::Answer { item, claim: None }
}

/// One slot of a reading.
#[must_use]
pub fn reading(item: &str, slot: &str, value: &str, reason: Option<&str>) -> Command {
    let value = ReadingValue {
        value: value.parse().expect("a number"),
        reason: reason.map(str::to_owned),
    };
    let values = BTreeMap::from([(slot.to_owned(), value)]);
    answer(item, Answer::Reading { values })
}

/// A new milestone, now.
#[must_use]
pub fn reach(milestone: Milestone) -> Command {
    Command::Reach {
        milestone,
        claim: None,
    }
}

/// A new device.
#[must_use]
pub fn device(sn: &str) -> Command {
    let row = RowData::Devices {
        name: "光猫 G-2101".to_owned(),
        sn: sn.to_owned(),
        mac: String::new(),
        action: DeviceAction::Installed,
    };
    Command::PutRow { row_id: None, row }
}

/// An answered call, and the time that was agreed in it.
#[must_use]
pub fn agree(hm: &str) -> [Command; 2] {
    let call = Call {
        purpose: CallPurpose::Appointment,
        result: CallResult::Answered,
        note: None,
    };
    let agree = Command::AgreeAppointment {
        start: at(hm),
        end: None,
        proposed_by: Proposer::Customer,
        note: None,
    };
    [Command::LogCall { call }, agree]
}

/// 未完工 with the next step.
#[must_use]
pub fn suspended() -> Command {
    let outcome = Outcome::Suspended {
        reason: "光功率不达标，待查".to_owned(),
        next_step: "外线班查线，周二再来".to_owned(),
        call_back_by: None,
        not_ours: true,
    };
    Command::SetOutcome { outcome }
}

impl Desk {
    /// Today's list.
    #[must_use]
    pub fn today(&self) -> TodayPage {
        let query = TodayQuery {
            search: None,
            offset: 0,
            limit: 50,
        };
        self.app.today(&query).expect("Today")
    }

    /// Imports a file whole.
    pub fn import(&self, text: &str) -> Vec<String> {
        let preview = self
            .app
            .import_preview("orders.csv", text.as_bytes())
            .expect("a preview");
        assert_eq!(preview.errors, [], "the rows are sound");
        self.app.import_commit(&preview.token).expect("an import");
        let known = |no: &str| {
            let query = TodayQuery {
                search: Some(no.to_owned()),
                offset: 0,
                limit: 5,
            };
            self.app
                .today(&query)
                .expect("a search")
                .rows
                .remove(0)
                .order
        };
        preview.ready.iter().map(|row| known(&row.no)).collect()
    }

    /// Imports one 中国移动 order and opens its visit.
    pub fn order(&self, no: &str, job: &str) -> VisitView {
        let orders = self.import(&file(&[line(no, "林女士", job, "移动宽带")]));
        self.app.open_visit(&orders[0]).expect("a visit")
    }

    /// Does things, each of which must succeed.
    #[track_caller]
    pub fn act(&self, visit: &str, commands: impl IntoIterator<Item = Command>) {
        for command in commands {
            if let Err(error) = self.app.act(visit, &command) {
                panic!("{command:?} was refused: {error}");
            }
        }
    }

    /// The visit as shown.
    #[must_use]
    pub fn view(&self, visit: &str) -> VisitView {
        self.app.visit(visit).expect("the visit")
    }

    /// Checks every kit of a visit's pack complete.
    pub fn check_kits(&self, visit: &str) {
        for kit in self.view(visit).kits {
            let all: Vec<String> = kit.members.iter().map(|m| m.id.clone()).collect();
            self.app
                .check_kit(&kit.pack, &kit.kit, &all, &[], None)
                .expect("a kit check");
        }
    }

    /// From the first call to the inside of the home by 13:54.
    pub fn go_inside(&self, visit: &str) {
        self.check_kits(visit);
        self.act(visit, agree("14:00"));
        self.act(visit, [answer("dressed", Answer::Tick)]);
        self.clock.hm("13:20");
        self.act(visit, [reach(Milestone::Departed)]);
        self.clock.hm("13:52");
        let door = Command::TickPhase {
            phase: "door".to_owned(),
        };
        self.act(visit, [reach(Milestone::AtDoor), door]);
        self.clock.hm("13:54");
        self.act(visit, [reach(Milestone::Entered)]);
    }

    /// Adds our photo to an item.
    pub fn photo(&self, visit: &str, item: &str) -> VisitView {
        self.photo_of(visit, item, PHOTO)
    }

    /// Adds a photo to an item.
    pub fn photo_of(&self, visit: &str, item: &str, photo: &[u8]) -> VisitView {
        let target = PhotoTarget::Item {
            item: item.to_owned(),
        };
        self.app.add_photo(visit, &target, photo).expect("a photo")
    }

    /// What the hand-over screen would send now.
    #[must_use]
    pub fn request(&self, visit: &str) -> SignRequest {
        SignRequest {
            outcome: SignOutcome::Signed,
            signer: "林女士".to_owned(),
            relation: Relation::Customer,
            strokes: Some(ink()),
            reason: None,
            callback: None,
            digest: self.view(visit).attested.digest(),
        }
    }

    /// Feedback and both signatures, then submission.
    pub fn finish(&self, visit: &str) -> VisitView {
        self.act(visit, [Command::StartHandover]);
        let survey = self.view(visit).survey;
        let answers = survey
            .iter()
            .map(|q| (q.id.clone(), "good".to_owned()))
            .collect();
        let feedback = Feedback {
            answers,
            words: Some("师傅很细心".to_owned()),
        };
        self.act(visit, [Command::GiveFeedback { feedback }]);
        self.app
            .customer_sign(visit, &self.request(visit))
            .expect("a signature");
        self.app.end_handover(visit, "4711").expect("the PIN");
        self.app
            .technician_sign(visit, &ink())
            .expect("the technician's signature");
        self.act(visit, [Command::Submit]);
        self.view(visit)
    }

    /// The whole 中国移动 repair inside the home, ready for the hand-over.
    pub fn repair(&self, visit: &str) {
        self.repair_with(visit, PHOTO);
    }

    /// The same with photos of another camera.
    pub fn repair_with(&self, visit: &str, photo: &[u8]) {
        let tick = |phase: &str| Command::TickPhase {
            phase: phase.to_owned(),
        };
        let text = Answer::Text {
            text: "皮线在门框处折断，重新熔接".to_owned(),
        };
        self.act(
            visit,
            [
                tick("work"),
                Command::DeclareNoFees { none: true },
                answer("fault", text),
                device("ZTE0001"),
                answer("materials", Answer::Tick),
                reading("optical", "after", "-21.6", None),
                reading("speed", "down", "942.5", None),
                answer("demo", Answer::Tick),
                tick("cleanup"),
                Command::SetFact {
                    fact: "damage".to_owned(),
                    value: false,
                },
                tick("teach"),
            ],
        );
        self.photo_of(visit, "optical", photo);
        self.photo_of(visit, "speed", photo);
    }
}
