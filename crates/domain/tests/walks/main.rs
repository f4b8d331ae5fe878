//! Every standard of the folder, walked from the first call to the submission by the domain's own commands: without any
//! answer, with each question answered "yes", with all of them, for each job. Nothing here knows a standard by name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

use common::*;
use doorstep_domain::standard::load::{LoadedPack, load_pack};
use doorstep_domain::standard::{
    Condition, Evidence, Item, JobType, Milestone, Pack, RowList, Sign,
};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::consent::ConsentOutcome;
use doorstep_domain::visit::progress::{ItemStatus, limits};
use doorstep_domain::visit::view::ItemView;
use doorstep_domain::visit::*;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Steps after which a walk is stuck.
const MAX_STEPS: usize = 400;

/// A technician who does what the standard asks, in its order.
struct Walk {
    desk: Desk,
    yes: BTreeSet<String>,
}

impl Walk {
    fn new(loaded: LoadedPack, job: JobType, yes: BTreeSet<String>) -> Walk {
        let mut desk = Desk::new(loaded, job);
        desk.new_gear("2026-10-01");
        desk.check_kits();
        Walk { desk, yes }
    }

    /// To the submission; the rows that were shown at the end.
    fn walk_to_the_end(mut self, name: &str) -> Vec<String> {
        for _ in 0..MAX_STEPS {
            if !self.step() {
                break;
            }
        }
        let missing = self.desk.missing();
        assert!(missing.is_empty(), "{name}: {missing:?}");
        self.desk.clock("16:00");
        self.desk.act(Command::Submit);
        let view = self.desk.view();
        assert_eq!(view.stage, VisitStage::Submitted, "{name}");
        let items = view.phases.into_iter().flat_map(|p| p.items);
        items
            .map(|i| {
                let settled = i.status.settled();
                assert!(settled || !i.required, "{name}: {} is {:?}", i.id, i.status);
                i.id
            })
            .collect()
    }

    /// Does the first thing that can be done; `false` when nothing is left.
    fn step(&mut self) -> bool {
        let view = self.desk.view();
        let asked = view.phases.iter().flat_map(|p| &p.questions);
        if let Some(question) = asked.into_iter().find(|q| q.value.is_none()) {
            let value = self.yes.contains(&question.id);
            self.desk.fact(&question.id, value);
            return true;
        }
        let items = view.phases.iter().flat_map(|p| &p.items);
        let open = items.filter(|i| !i.status.settled() && i.blocked_by.is_none());
        let open: Vec<ItemView> = open.cloned().collect();
        open.iter().any(|item| self.prove(item)) || self.next_milestone()
    }

    fn prove(&mut self, view: &ItemView) -> bool {
        let (phase, item) = self.desk.loaded.pack.item(&view.id).unwrap();
        let (stage, item) = (phase.stage, item.clone());
        use doorstep_domain::standard::Stage::{Inside, SignOff};
        let entered = self.desk.visit.reached(Milestone::Entered).is_some();
        if matches!(stage, Inside | SignOff) && !entered {
            return false;
        }
        let wanted = view.photo_rule.as_ref().map_or(0, |r| usize::from(r.min));
        let rows = matches!(item.evidence, Evidence::Rows { .. });
        if view.photos.len() < wanted && !rows {
            self.desk.photo_of(&item.id);
            return true;
        }
        self.answer(&item, entered)
    }

    fn answer(&mut self, item: &Item, entered: bool) -> bool {
        let id = item.id.as_str();
        match &item.evidence {
            Evidence::Tick | Evidence::TickOrNa => self.desk.tick(id),
            // done by its photos, which `prove` takes; optional ones stay open
            Evidence::Photo => return false,
            Evidence::Text { .. } => self.desk.act(text(id, "都说清楚了")),
            Evidence::Choice { options } => {
                let option = options[0].id.clone();
                self.desk
                    .act(answer(id, Answer::Choice { option, note: None }));
            }
            Evidence::Reading(_) => self.measure(item),
            Evidence::Time => {
                let at = self.desk.now;
                self.desk.act(answer(id, Answer::Time { at }));
            }
            Evidence::Date => {
                let date = "2025-05-03".to_owned();
                self.desk.act(answer(id, Answer::Date { date }));
            }
            Evidence::Rows { list, min } => return entered && self.rows(item, *list, *min),
            Evidence::Consent { .. } => self.desk.consent(id, ConsentOutcome::Signed),
            Evidence::AutoCall | Evidence::AutoAppointment => self.desk.appoint("14:00"),
            Evidence::AutoGear => self.desk.act(Command::CheckGear {
                item: id.to_owned(),
                reason: None,
            }),
            Evidence::AutoMilestone { milestone } => return self.go(*milestone),
            // checked before the walk
            Evidence::AutoKit { .. } => return false,
            Evidence::Feedback => return false,
            Evidence::CustomerSignature => self.desk.hand_over_best(),
            Evidence::TechnicianSignature => return self.desk.try_technician_sign().is_ok(),
        }
        true
    }

    /// Values inside the limits, in every slot.
    fn measure(&mut self, item: &Item) {
        let Evidence::Reading(spec) = &item.evidence else {
            panic!("{} is no reading", item.id)
        };
        let (min, max) = limits(spec, &self.desk.order);
        let sign = match spec.sign {
            Sign::Negative => Decimal::NEGATIVE_ONE,
            Sign::Positive | Sign::Any => Decimal::ONE,
        };
        let value = min.or(max).unwrap_or(sign);
        let value = value.round_dp(u32::from(spec.decimals)).normalize();
        let slots = spec.slots.iter().map(|s| {
            let value = ReadingValue {
                value,
                reason: None,
            };
            (s.id.clone(), value)
        });
        let values = slots.collect();
        self.desk.act(answer(&item.id, Answer::Reading { values }));
    }

    fn rows(&mut self, item: &Item, list: RowList, min: u8) -> bool {
        let photos = item.photos.as_ref().map_or(0, |p| p.min);
        let rows = self.desk.visit.rows().into_iter();
        let row = rows
            .filter(|(_, r)| r.list() == list)
            .map(|(id, _)| id.to_owned())
            .next_back();
        match (list, row) {
            (RowList::Fees, _) => self.desk.act(Command::DeclareNoFees { none: true }),
            (_, Some(row)) if photos > 0 => self.desk.photo(PhotoTarget::Row { row }),
            (RowList::Devices, _) => drop(self.desk.device("HW556677")),
            (RowList::Materials, _) if min == 0 => self.desk.tick(&item.id),
            (RowList::Materials, _) => self.desk.act(put(RowData::Materials {
                name: "皮线".to_owned(),
                quantity: 30.into(),
                unit: "m".to_owned(),
            })),
        }
        true
    }

    fn next_milestone(&mut self) -> bool {
        let all = [
            ("13:20", Milestone::Departed),
            ("13:45", Milestone::Downstairs),
            ("13:52", Milestone::AtDoor),
            ("13:54", Milestone::Entered),
            ("15:30", Milestone::Left),
        ];
        let next = all
            .iter()
            .find(|(_, m)| self.desk.visit.reached(*m).is_none());
        let Some((hm, milestone)) = next else {
            return false;
        };
        self.desk.now = self.desk.now.max(at(hm));
        self.go(*milestone)
    }

    fn go(&mut self, milestone: Milestone) -> bool {
        self.desk.try_act(&reach(milestone)).is_ok()
    }
}

/// Questions that must be answered "yes" for this one to be asked.
fn with_what_it_needs(pack: &Pack, fact: &str) -> BTreeSet<String> {
    let mut yes = BTreeSet::from([fact.to_owned()]);
    let question = pack.facts.iter().find(|q| q.id == fact);
    let mut open: Vec<&Condition> = question.and_then(|q| q.when.as_ref()).into_iter().collect();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => open.extend(parts),
            Condition::Fact(needed) => yes.extend(with_what_it_needs(pack, needed)),
            Condition::Not(_) | Condition::Job(_) => {}
        }
    }
    yes
}

#[test]
fn every_standard_can_be_walked_with_each_condition_on_and_off() {
    for loaded in packs() {
        let pack = &loaded.pack;
        let mut ways = vec![BTreeSet::new()];
        ways.extend(pack.facts.iter().map(|q| with_what_it_needs(pack, &q.id)));
        ways.push(pack.facts.iter().map(|q| q.id.clone()).collect());
        let mut seen = BTreeSet::new();
        for job in &pack.job_types {
            for yes in &ways {
                let name = format!("{} {job:?} {yes:?}", pack.id);
                seen.extend(Walk::new(loaded.clone(), *job, yes.clone()).walk_to_the_end(&name));
            }
        }
        let unseen: Vec<&str> = pack
            .items()
            .map(|(_, i)| i.id.as_str())
            .filter(|id| !seen.contains(*id))
            .collect();
        assert!(unseen.is_empty(), "{}: never came up: {unseen:?}", pack.id);
    }
}

#[test]
fn a_customer_who_refuses_a_statement_keeps_the_work_behind_it_closed() {
    let mut statements = 0;
    for loaded in packs() {
        let items: Vec<Item> = loaded.pack.items().map(|(_, i)| i.clone()).collect();
        for item in items
            .iter()
            .filter(|i| matches!(i.evidence, Evidence::Consent { .. }))
        {
            let waits = items.iter().find(|i| i.after.contains(&item.id));
            let Some(waits) = waits else { continue };
            statements += 1;
            let yes = loaded.pack.facts.iter().map(|q| q.id.clone()).collect();
            let job = loaded.pack.job_types[0];
            let mut walk = Walk::new(loaded.clone(), job, yes);
            for _ in 0..MAX_STEPS {
                let there = walk.desk.view().phases.into_iter().flat_map(|p| p.items);
                let open = there.into_iter().any(|i| {
                    i.id == item.id && i.blocked_by.is_none() && i.status == ItemStatus::Open
                });
                let entered = walk.desk.visit.reached(Milestone::Entered).is_some();
                if (open && entered) || !walk.step() {
                    break;
                }
            }
            let shown = walk.desk.view().phases.into_iter().flat_map(|p| p.items);
            let shown: Vec<ItemView> = shown.collect();
            let both = [&item.id, &waits.id]
                .iter()
                .all(|id| shown.iter().any(|i| i.id == ***id));
            if !both || walk.desk.visit.consent(&item.id).is_some() {
                continue;
            }
            walk.desk.consent(&item.id, ConsentOutcome::Refused);
            let behind = walk.desk.item(&waits.id);
            assert!(
                behind.blocked_by.is_some(),
                "{}: {}",
                loaded.pack.id,
                waits.id
            );
            assert_eq!(walk.desk.item(&item.id).status, ItemStatus::Partial);
        }
    }
    let any = packs().iter().any(|p| {
        let mut items = p.pack.items();
        items.any(|(_, i)| matches!(i.evidence, Evidence::Consent { .. }))
    });
    assert!(statements > 0 || !any, "some standard has a statement");
}

/// Versions that lie in technicians' hands: a visit that pinned one goes on with it. A file is added when its successor ships.
#[test]
fn a_visit_that_began_with_an_earlier_version_can_be_finished() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/earlier");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let loaded = load_pack(&name, &source).unwrap_or_else(|e| panic!("{name}: {e:#?}"));
        assert_eq!(loaded.source, source, "{name}: pinned byte for byte");
        let now = packs().iter().find(|p| p.pack.id == loaded.pack.id);
        let newer = now.is_some_and(|p| p.pack.version > loaded.pack.version);
        assert!(newer, "{name}: its successor ships");
        let yes: BTreeSet<String> = loaded.pack.facts.iter().map(|q| q.id.clone()).collect();
        for job in &loaded.pack.job_types {
            Walk::new(loaded.clone(), *job, yes.clone()).walk_to_the_end(&name);
        }
        read += 1;
    }
    assert!(read >= 2);
}
