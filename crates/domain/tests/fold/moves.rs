//! Random work: each move is a command that may well be refused, or a photo or a signature.

use crate::common::*;
use doorstep_domain::code::Code;
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::standard::{Evidence, JobType, Milestone, RowList};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::events::ItemAnswer;
use doorstep_domain::visit::*;
use proptest::prelude::*;
use proptest::sample::Index;

/// One thing tried on a visit. `pick` chooses among whatever the pack and the visit offer at that moment.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    what: u8,
    pick: Index,
    minutes: i64,
    late: bool,
}

const KINDS: u8 = 26;

pub(crate) fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (
        0..KINDS,
        any::<Index>(),
        0_i64..9,
        prop::bool::weighted(0.15),
    );
    let one = one.prop_map(|(what, pick, minutes, late)| Move {
        what,
        pick,
        minutes,
        late,
    });
    prop::collection::vec(one, 0..60)
}

pub(crate) fn any_job() -> impl Strategy<Value = JobType> {
    prop::sample::select(vec![JobType::Install, JobType::Move, JobType::Repair])
}

/// Plays moves on a visit that went inside, so that most of them have something to do.
pub(crate) fn play(pack: LoadedPack, job: JobType, moves: &[Move]) -> Desk {
    let mut desk = Desk::new(pack, job);
    desk.go_inside();
    for next in moves {
        next.make(&mut desk);
    }
    desk
}

impl Move {
    /// Makes the move; a refusal must leave the visit and the log as they were.
    pub(crate) fn make(&self, desk: &mut Desk) {
        self.wait(desk);
        self.make_now(desk);
    }

    /// Lets the move's minutes pass.
    pub(crate) fn wait(&self, desk: &mut Desk) {
        desk.now = desk.now.plus_minutes(self.minutes);
    }

    pub(crate) fn make_now(&self, desk: &mut Desk) {
        let before = (desk.visit.clone(), desk.log.len());
        let code = match self.what {
            0 => self.photo(desk),
            1 => self.sign(desk),
            2 => desk.try_technician_sign().err().map(|r| r.code),
            _ => match self.command(desk) {
                Some(command) => desk.try_act(&command).err().map(|r| r.code),
                None => return,
            },
        };
        let after = (desk.visit.clone(), desk.log.len());
        match code {
            Some(code) => assert_eq!(before, after, "{self:?} was refused with {code:?}"),
            None => assert!(after.1 > before.1, "{self:?} was taken and wrote nothing"),
        }
    }

    fn photo(&self, desk: &mut Desk) -> Option<Code> {
        let item = self.item(desk);
        let mut targets = vec![
            PhotoTarget::LeaveNote,
            PhotoTarget::Mark,
            PhotoTarget::Item { item },
        ];
        let rows = desk.visit.rows();
        targets.extend(rows.iter().map(|(id, _)| PhotoTarget::Row {
            row: (*id).to_owned(),
        }));
        let target = self.pick.get(&targets).clone();
        desk.try_photo(target).err().map(|r| r.code)
    }

    fn sign(&self, desk: &mut Desk) -> Option<Code> {
        use SignOutcome::*;
        let mut request = desk.request(
            *self
                .pick
                .get(&[Signed, Signed, Proxy, Mark, Cannot, Refused]),
        );
        if self.late {
            request.digest.clear();
        }
        desk.try_sign(&request).err().map(|r| r.code)
    }

    fn item(&self, desk: &Desk) -> String {
        let items: Vec<_> = desk
            .loaded
            .pack
            .items()
            .map(|(_, i)| i.id.clone())
            .collect();
        self.pick.get(&items).clone()
    }

    fn claim(&self, desk: &Desk) -> Option<Claim> {
        let at = desk.now.plus_minutes(-30);
        let reason = "忘了点".to_owned();
        self.late.then_some(Claim { at, reason })
    }

    /// The command of the move on this visit; none for photos and signatures.
    pub(crate) fn command(&self, desk: &Desk) -> Option<Command> {
        Some(match self.what {
            0..=2 => return None,
            3..=9 => self.answer(desk),
            10 => Command::TickPhase {
                phase: self.pick.get(&desk.loaded.pack.phases).id.clone(),
            },
            11 => Command::Clear {
                item: self.item(desk),
            },
            12..=13 => Command::SetFact {
                fact: self.pick.get(&desk.loaded.pack.facts).id.clone(),
                value: !self.late,
            },
            14..=15 => self.row(desk),
            16 => self.remove_row(desk),
            17 => Command::DeclareNoFees { none: !self.late },
            18 => Command::Undo,
            19 => self.hand_over(desk),
            20 => self.ending(),
            21 => Command::ReopenSignature {
                reason: "SN 写错了".to_owned(),
            },
            22 => Command::AddCompanion {
                staff_no: format!("31{}", self.pick.index(20)),
                name: "沈一帆".to_owned(),
            },
            23 => Command::Reach {
                milestone: *self.pick.get(&[
                    Milestone::Left,
                    Milestone::Downstairs,
                    Milestone::Departed,
                ]),
                claim: self.claim(desk),
            },
            24 => match self.pick.get(&[0, 1]) {
                0 => Command::RemovePhoto {
                    photo: desk
                        .visit
                        .photos
                        .last()
                        .map_or("none".to_owned(), |p| p.value.id.clone()),
                },
                _ => Command::RevealPhone,
            },
            _ => Command::Submit,
        })
    }

    /// Mostly the right kind of answer, sometimes another one.
    fn answer(&self, desk: &Desk) -> Command {
        let item = self.item(desk);
        let evidence = desk
            .loaded
            .pack
            .item(&item)
            .map(|(_, i)| i.evidence.clone());
        let answer = match evidence {
            Some(Evidence::Reading(spec)) => {
                let slot = &self.pick.get(&spec.slots).id;
                let value = *self.pick.get(&["-21.6", "-31", "950", "12.5", "-7"]);
                let reason = self.late.then_some("线路衰耗大，已报");
                let Command::Answer { item, .. } = reading(&item, slot, value, reason) else {
                    panic!("a reading is an answer");
                };
                item.answer
            }
            Some(Evidence::Text { .. }) => Answer::Text {
                text: "门框处折断，重新熔接".to_owned(),
            },
            Some(Evidence::TickOrNa) => Answer::NotApplicable {
                reason: "没有暗管".to_owned(),
            },
            _ if self.late => Answer::Mismatch {
                note: "门牌不同".to_owned(),
            },
            _ => Answer::Tick,
        };
        let item = ItemAnswer { item, answer };
        Command::Answer {
            item,
            claim: self.claim(desk),
        }
    }

    fn row(&self, desk: &Desk) -> Command {
        let material = RowData::Materials {
            name: "皮线".to_owned(),
            quantity: self.minutes.into(),
            unit: "m".to_owned(),
        };
        let row = self
            .pick
            .get(&[device("ZTE1"), material, fee("18.5")])
            .clone();
        let known = desk.visit.rows();
        let same = known.iter().find(|(_, r)| r.list() == row.list());
        let row_id = same.filter(|_| self.late).map(|(id, _)| (*id).to_owned());
        Command::PutRow { row_id, row }
    }

    fn remove_row(&self, desk: &Desk) -> Command {
        let rows = desk.visit.rows();
        match rows.is_empty() {
            true => Command::RemoveRow {
                list: RowList::Devices,
                row_id: "none".to_owned(),
            },
            false => {
                let (id, row) = self.pick.get(&rows);
                Command::RemoveRow {
                    list: row.list(),
                    row_id: (*id).to_owned(),
                }
            }
        }
    }

    fn hand_over(&self, desk: &Desk) -> Command {
        if !desk.visit.in_handover {
            return Command::StartHandover;
        }
        if self.late {
            let survey = desk.loaded.pack.survey.iter();
            let answers = survey.map(|q| (q.id.clone(), "bad".to_owned())).collect();
            return Command::GiveFeedback {
                feedback: Feedback {
                    answers,
                    words: None,
                },
            };
        }
        Command::EndHandover
    }

    fn ending(&self) -> Command {
        let suspended = Outcome::Suspended {
            reason: "无端口".to_owned(),
            next_step: "等扩容".to_owned(),
            call_back_by: None,
            not_ours: true,
        };
        let returned = Outcome::Returned {
            reason: "地址不对".to_owned(),
        };
        let outcomes = [Outcome::Completed, Outcome::Completed, suspended, returned];
        Command::SetOutcome {
            outcome: self.pick.get(&outcomes).clone(),
        }
    }
}
