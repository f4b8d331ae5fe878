//! A visit that never happened: the fold and the decisions of a real one, over events that nobody keeps.

use super::dto::{PreviewFact, PreviewStage, PreviewStatement, PreviewTap, PreviewView};
use crate::moving::reference;
use crate::signing::{consent_answered, customer_signed, ink, technician_signed};
use crate::{AppError, Outcome};
use doorstep_domain::code::Code;
use doorstep_domain::day::{DayEvent, DayState};
use doorstep_domain::event::{Actor, Content, write_body};
use doorstep_domain::gear::{GearEvent, GearState};
use doorstep_domain::order::{OrderEvent, OrderSource, OrderState, WorkOrder};
use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::standard::{Evidence, Item, JobType, Milestone, Pack, RowList};
use doorstep_domain::text::Lang;
use doorstep_domain::time::{Day, Stamp};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::consent::{Consent, ConsentOutcome, Statement};
use doorstep_domain::visit::decide::{Ground, decide};
use doorstep_domain::visit::events::{ItemAnswer, VisitEvent};
use doorstep_domain::visit::state::VisitState;
use doorstep_domain::visit::view::{Scene, view};
use doorstep_domain::visit::{Answer, Ink, Relation, Strokes, Via};
use serde::Serialize;

const ORDER: &str = "order/preview";
const VISIT: &str = "visit/preview";
const DAY: &str = "day/preview";
const GEAR: &str = "gear/preview";
/// The customer expects the visit so many minutes from now.
const AHEAD_MIN: i64 = 10;

/// The way to the customer, up to the living room.
const WAY: [Milestone; 4] = [
    Milestone::Departed,
    Milestone::Downstairs,
    Milestone::AtDoor,
    Milestone::Entered,
];

/// Everything that a visit stands on, in memory.
pub(super) struct MadeUp<'a> {
    pack: &'a Pack,
    who: Actor,
    now: &'a Stamp,
    order: OrderState,
    visit: VisitState,
    day: DayState,
    gear: GearState,
    written: u32,
}

impl<'a> MadeUp<'a> {
    /// A visit just opened; everything carried was checked today and is within its date.
    pub(super) fn new(
        loaded: &'a LoadedPack,
        job: JobType,
        who: Actor,
        now: &'a Stamp,
    ) -> Outcome<MadeUp<'a>> {
        let mut made_up = MadeUp {
            pack: &loaded.pack,
            who: who.clone(),
            now,
            order: OrderState::default(),
            visit: VisitState::default(),
            day: DayState::default(),
            gear: GearState::default(),
            written: 0,
        };
        let order = work_order(&loaded.pack, job, now);
        made_up.write(ORDER, &OrderEvent::Received { order })?;
        let opened = VisitEvent::Opened {
            order: ORDER.to_owned(),
            job,
            pack: reference(&loaded.pack, &loaded.hash),
            technician: who,
            continues: None,
        };
        made_up.write(VISIT, &opened)?;
        made_up.pack_the_bag()?;
        Ok(made_up)
    }

    fn pack_the_bag(&mut self) -> Outcome<()> {
        for kit in &self.pack.kits {
            let checked = DayEvent::KitChecked {
                pack: self.pack.id.clone(),
                kit: kit.id.clone(),
                present: kit.members.iter().map(|m| m.id.clone()).collect(),
                missing: Vec::new(),
                reason: None,
                claim: None,
                made_at: None,
            };
            self.write(DAY, &checked)?;
        }
        for piece in &self.pack.gear {
            let recorded = GearEvent::Recorded {
                piece: piece.id.clone(),
                since: Day::of(self.now.moment()).to_string(),
            };
            self.write(GEAR, &recorded)?;
        }
        Ok(())
    }

    /// Goes to where the preview begins.
    pub(super) fn go_to(&mut self, stage: PreviewStage, signed: bool) -> Outcome<()> {
        if stage != PreviewStage::Start {
            for milestone in WAY {
                let claim = None;
                self.write(VISIT, &VisitEvent::MilestoneReached { milestone, claim })?;
            }
        }
        for (_, item) in self.pack.items().filter(|_| signed) {
            if let Some(statement) = Statement::of(item, &self.order, Lang::Zh) {
                let consent = Consent {
                    item: item.id.clone(),
                    outcome: ConsentOutcome::Unable,
                    signer: self.customer(),
                    relation: Relation::Customer,
                    ink: None,
                    reason: None,
                    lang: Lang::Zh,
                    digest: statement.digest(),
                    statement: statement.text,
                };
                self.write(VISIT, &VisitEvent::ConsentRecorded { consent })?;
            }
        }
        match stage {
            PreviewStage::SignOff => self.settle(),
            PreviewStage::Start | PreviewStage::Inside => Ok(()),
        }
    }

    /// Everything that a tap settles, up to the customer's signature.
    fn settle(&mut self) -> Outcome<()> {
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        let answers = self
            .pack
            .active_items(&situation)
            .take_while(|(_, i)| !matches!(i.evidence, Evidence::CustomerSignature))
            .filter_map(|(_, item)| by_one_tap(item))
            .collect();
        let (via, claim) = (Via::WholeStep, None);
        self.write(
            VISIT,
            &VisitEvent::ItemsAnswered {
                answers,
                via,
                claim,
            },
        )?;
        self.write(VISIT, &VisitEvent::NoFees { none: true })
    }

    fn customer(&self) -> String {
        let order = self.order.order.as_ref();
        order.map_or_else(String::new, |o| o.customer.clone())
    }

    /// Does what a tap does. `row` names a row that it makes, `lang` is the language on the screen.
    pub(super) fn tapped(&mut self, tap: &PreviewTap, row: &str, lang: Lang) -> Outcome<()> {
        let ground = self.ground();
        let events = match tap {
            PreviewTap::Act {
                command: Command::Submit,
            } => return Err(Code::PreviewOnly.into()),
            PreviewTap::Act { command } => decide(&ground, command, row)?,
            PreviewTap::CustomerSign { request } => {
                vec![customer_signed(&ground, request, lang, forgotten)?]
            }
            PreviewTap::ConsentSign { request } => {
                vec![consent_answered(&ground, request, forgotten)?]
            }
            PreviewTap::TechnicianSign { strokes } => {
                vec![technician_signed(&ground, strokes, forgotten)?]
            }
        };
        for event in events {
            self.write(VISIT, &event)?;
        }
        Ok(())
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            visit: &self.visit,
            order: &self.order,
            pack: self.pack,
            day: Some(&self.day),
            review: None,
            gear: Some(&self.gear),
            now: self.now,
        }
    }

    /// Folds an event and forgets it.
    fn write<E: Serialize>(&mut self, stream: &str, event: &E) -> Outcome<()> {
        let (kind, body) = write_body(event).map_err(AppError::internal)?;
        self.written += 1;
        let content = Content {
            id: format!("made-up-{}", self.written),
            stream: stream.to_owned(),
            kind,
            schema_v: 1,
            actor: self.who.clone(),
            at: self.now.clone(),
            based_on: None,
            body,
        };
        match stream {
            ORDER => self.order.apply(&content),
            VISIT => self.visit.apply(&content),
            DAY => self.day.apply(&content),
            _ => self.gear.apply(&content),
        }
        Ok(())
    }

    /// What the walk shows, and what the preview adds.
    pub(super) fn view(&self, lang: Lang) -> PreviewView {
        let visit = view(&Scene {
            ground: self.ground(),
            prior: &[],
            lang,
            own_phone: "",
            missed_before: 0,
            newest: None,
        });
        let facts = self.visit.facts();
        let situation = self.visit.situation(&facts);
        let fact = |q: &doorstep_domain::standard::Question| PreviewFact {
            id: q.id.clone(),
            text: q.text.get(lang).to_owned(),
            value: facts.get(&q.id).copied(),
            asked: q.applies(&situation),
        };
        let statement = |(_, item): (_, &doorstep_domain::standard::Item)| match &item.evidence {
            Evidence::Consent { statement } => Some(PreviewStatement {
                title: item.text.get(lang).to_owned(),
                words: statement.get(lang).to_owned(),
            }),
            _ => None,
        };
        PreviewView {
            began: self.now.moment(),
            jobs: self.pack.job_types.clone(),
            facts: self.pack.facts.iter().map(fact).collect(),
            statements: self.pack.items().filter_map(statement).collect(),
            visit,
        }
    }
}

/// Ink that goes into no vault.
fn forgotten(strokes: &Strokes) -> Outcome<Ink> {
    Ok(ink(strokes, "made-up".to_owned()))
}

/// The answer that one tap gives: done, the first choice, nothing used.
fn by_one_tap(item: &Item) -> Option<ItemAnswer> {
    let answer = match &item.evidence {
        Evidence::Tick | Evidence::TickOrNa => Answer::Tick,
        Evidence::Rows { min: 0, list } if *list != RowList::Fees => Answer::Tick,
        Evidence::Choice { options } => Answer::Choice {
            option: options.first()?.id.clone(),
            note: None,
        },
        _ => return None,
    };
    let item = item.id.clone();
    Some(ItemAnswer { item, answer })
}

fn work_order(pack: &Pack, job: JobType, now: &Stamp) -> WorkOrder {
    let start = now.moment().plus_minutes(AHEAD_MIN);
    WorkOrder {
        no: "0001".to_owned(),
        customer: "林女士".to_owned(),
        phone: "13800001234".to_owned(),
        alternate_contact: None,
        address: "翠湖花园 7 幢 2 单元 1203 室".to_owned(),
        site_note: None,
        service: pack.name.zh.clone(),
        job,
        standard: pack.id.clone(),
        promised_start: start,
        promised_end: None,
        deadline: None,
        contracted_mbps: Some(1000),
        note: None,
        supplies: None,
        source: OrderSource::Demo,
    }
}
