//! One visit on a desk: a real pack, a clock that is set by hand, ids that count, a log of content strings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(dead_code, reason = "every test binary takes what it needs")]

use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::day::{DayEvent, DayState};
use doorstep_domain::event::{Actor, Content, Sealed, sha256_hex, write_body};
use doorstep_domain::gear::{GearEvent, GearState};
use doorstep_domain::order::{OrderEvent, OrderSource, OrderState, WorkOrder};
use doorstep_domain::review::{NewVerdict, ReviewState, Verdict, VerdictReason};
use doorstep_domain::standard::load::{LoadedPack, load_pack};
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::text::Lang;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::visit::attest::attested;
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::consent::{
    Consent, ConsentOutcome, ConsentRequest, Statement, check_consent,
};
use doorstep_domain::visit::decide::{
    Ground, check_photo, check_signature, check_technician_signature, decide,
};
use doorstep_domain::visit::events::{ItemAnswer, VisitEvent};
use doorstep_domain::visit::moving::check_move;
use doorstep_domain::visit::progress::{MissingCode, missing};
use doorstep_domain::visit::state::VisitState;
use doorstep_domain::visit::verdict::give;
use doorstep_domain::visit::view::{ItemView, Scene, VisitView, view};
use doorstep_domain::visit::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) const ORDER: &str = "order/0412";
pub(crate) const VISIT: &str = "visit/019a00000412";
pub(crate) const DAY: &str = "day/3107/2026-11-22";
pub(crate) const GEAR: &str = "gear/3107";
pub(crate) const REVIEW: &str = "review/019a00000412";

pub(crate) fn mobile() -> LoadedPack {
    shipped("cmcc-broadband")
}

pub(crate) fn telecom() -> LoadedPack {
    shipped("ct-fourteen-steps")
}

/// One of the standards that ship.
fn shipped(id: &str) -> LoadedPack {
    let found = packs().iter().find(|p| p.pack.id == id);
    found
        .cloned()
        .unwrap_or_else(|| panic!("{id} does not ship"))
}

/// Every standard that ships, read once.
pub(crate) fn packs() -> &'static [LoadedPack] {
    static PACKS: LazyLock<Vec<LoadedPack>> = LazyLock::new(|| {
        let modules = doorstep_standards::modules();
        let all = doorstep_standards::built_in(&modules).into_iter();
        all.map(|(file, pack)| pack.unwrap_or_else(|e| panic!("{file}: {e:#?}")))
            .collect()
    });
    &PACKS
}

/// A pack edited as TOML, as its next version.
pub(crate) fn next_version(pack: &LoadedPack, edit: impl FnOnce(&mut toml::Table)) -> LoadedPack {
    let mut table: toml::Table = toml::from_str(&pack.source).unwrap();
    let version = i64::from(pack.pack.version) + 1;
    table.insert("version".to_owned(), version.into());
    edit(&mut table);
    let source = toml::to_string(&table).unwrap();
    load_pack("next.toml", &source).unwrap_or_else(|e| panic!("{e:#?}"))
}

/// The rows of a phase of a pack that is being edited.
pub(crate) fn rows_of<'t>(pack: &'t mut toml::Table, phase: &str) -> &'t mut Vec<toml::Value> {
    let phases = pack["phases"].as_array_mut().unwrap();
    let found = phases.iter_mut().find(|p| p["id"].as_str() == Some(phase));
    found.unwrap()["items"].as_array_mut().unwrap()
}

/// The phase of a row.
pub(crate) fn phase_of(pack: &LoadedPack, item: &str) -> String {
    pack.pack.item(item).unwrap().0.id.clone()
}

/// One row of a pack that is being edited.
pub(crate) fn row_of<'t>(pack: &'t mut toml::Table, phase: &str, id: &str) -> &'t mut toml::Value {
    let mut rows = rows_of(pack, phase).iter_mut();
    rows.find(|r| r["id"].as_str() == Some(id)).unwrap()
}

/// What a visit pins of it.
pub(crate) fn pinned(pack: &LoadedPack) -> PackRef {
    PackRef {
        id: pack.pack.id.clone(),
        version: pack.pack.version,
        hash: pack.hash.clone(),
    }
}

/// `13:52` on the day of the stories, in Hangzhou.
pub(crate) fn at(hm: &str) -> Moment {
    Moment::parse_local(&format!("2026-11-22 {hm}"), 480).unwrap()
}

pub(crate) fn stamp(moment: Moment) -> Stamp {
    Stamp {
        wall_ms: moment.ms,
        offset_min: moment.offset_min,
        zone: "Asia/Shanghai".to_owned(),
        mono_ms: 0,
        boot_id: "boot-1".to_owned(),
    }
}

pub(crate) fn technician() -> Actor {
    Actor {
        staff_no: "3107".to_owned(),
        name: "周建国".to_owned(),
    }
}

/// Promised for 14:00, 1000 Mbps.
pub(crate) fn work_order(pack: &LoadedPack, job: JobType) -> WorkOrder {
    WorkOrder {
        no: "20261122-0412".to_owned(),
        customer: "林女士".to_owned(),
        phone: "13800001234".to_owned(),
        alternate_contact: None,
        address: "翠湖花园 7 幢 1203".to_owned(),
        site_note: None,
        service: "宽带 1000M".to_owned(),
        job,
        standard: pack.pack.id.clone(),
        promised_start: at("14:00"),
        promised_end: None,
        deadline: Some(at("23:00")),
        contracted_mbps: Some(1000),
        note: None,
        supplies: None,
        source: OrderSource::Import,
    }
}

/// Ink of twenty points across the pad.
pub(crate) fn ink() -> Strokes {
    let point = |i: u16| InkPoint {
        x: f32::from(i) * 40.0,
        y: 100.0,
        t: u32::from(i) * 8,
        p: 0.5,
    };
    Strokes {
        width: 1000,
        height: 300,
        strokes: vec![(0..20).map(point).collect()],
    }
}

/// A visit with everything that its decisions look at.
pub(crate) struct Desk {
    pub(crate) loaded: LoadedPack,
    pub(crate) order: OrderState,
    pub(crate) visit: VisitState,
    pub(crate) day: DayState,
    pub(crate) review: ReviewState,
    pub(crate) gear: GearState,
    pub(crate) now: Moment,
    /// Every content string, in the order written.
    pub(crate) log: Vec<String>,
    ids: u32,
}

impl Desk {
    /// An opened visit at 09:00; the kit is not checked, nobody was called.
    pub(crate) fn new(loaded: LoadedPack, job: JobType) -> Desk {
        let mut desk = Desk {
            loaded,
            order: OrderState::default(),
            visit: VisitState::default(),
            day: DayState::default(),
            review: ReviewState::default(),
            gear: GearState::default(),
            now: at("09:00"),
            log: Vec::new(),
            ids: 0,
        };
        let order = work_order(&desk.loaded, job);
        desk.write(ORDER, &OrderEvent::Received { order });
        let pack = pinned(&desk.loaded);
        desk.write(
            VISIT,
            &VisitEvent::Opened {
                order: ORDER.to_owned(),
                job,
                pack,
                technician: technician(),
                continues: None,
            },
        );
        desk
    }

    pub(crate) fn clock(&mut self, hm: &str) {
        self.now = at(hm);
    }

    pub(crate) fn next_id(&mut self) -> String {
        self.ids += 1;
        format!("id-{:05}", self.ids)
    }

    /// Seals an event, reads it back from its string and folds it.
    pub(crate) fn write<E: Serialize>(&mut self, stream: &str, event: &E) {
        let (kind, body) = write_body(event).unwrap();
        let content = Content {
            id: self.next_id(),
            stream: stream.to_owned(),
            kind,
            schema_v: 1,
            actor: technician(),
            at: stamp(self.now),
            based_on: None,
            body,
        };
        let sealed = Sealed::parse(Sealed::new(content).unwrap().text).unwrap();
        match stream.split('/').next().unwrap() {
            "order" => self.order.apply(&sealed.content),
            "visit" => self.visit.apply(&sealed.content),
            "review" => self.review.apply(&sealed.content),
            "gear" => self.gear.apply(&sealed.content),
            _ => self.day.apply(&sealed.content),
        }
        self.log.push(sealed.text);
    }

    /// Looks with the ground of decisions.
    pub(crate) fn on<T>(&self, look: impl FnOnce(&Ground<'_>) -> T) -> T {
        let now = stamp(self.now);
        look(&Ground {
            visit: &self.visit,
            order: &self.order,
            pack: &self.loaded.pack,
            day: Some(&self.day),
            review: Some(&self.review),
            gear: Some(&self.gear),
            now: &now,
        })
    }

    pub(crate) fn try_act(&mut self, command: &Command) -> Result<Vec<VisitEvent>, Refusal> {
        let new_id = self.next_id();
        let events = self.on(|ground| decide(ground, command, &new_id))?;
        for event in &events {
            self.write(VISIT, event);
        }
        Ok(events)
    }

    #[track_caller]
    pub(crate) fn act(&mut self, command: Command) {
        if let Err(refusal) = self.try_act(&command) {
            panic!("{command:?} was refused: {refusal}");
        }
    }

    /// The refusal of a command; fails when it was taken or changed anything.
    #[track_caller]
    pub(crate) fn refused(&mut self, command: Command) -> Refusal {
        let (before, lines) = (self.visit.clone(), self.log.len());
        let Err(refusal) = self.try_act(&command) else {
            panic!("{command:?} was taken");
        };
        assert_eq!((&self.visit, self.log.len()), (&before, lines));
        refusal
    }

    #[track_caller]
    pub(crate) fn refuses(&mut self, command: Command, code: Code) {
        let refusal = self.refused(command);
        assert_eq!(refusal.code, code, "{refusal}");
    }

    pub(crate) fn view(&self) -> VisitView {
        let prior = &[];
        self.on(|&ground| {
            view(&Scene {
                ground,
                prior,
                lang: Lang::Zh,
                own_phone: "0571-88000000",
                missed_before: 0,
                newest: None,
            })
        })
    }

    #[track_caller]
    pub(crate) fn item(&self, id: &str) -> ItemView {
        let found = self.view().phases.into_iter().flat_map(|p| p.items);
        found
            .into_iter()
            .find(|i| i.id == id)
            .unwrap_or_else(|| panic!("{id} is not shown"))
    }

    /// What is missing: code and item, in the pack's order.
    pub(crate) fn missing(&self) -> Vec<(MissingCode, String)> {
        let day = Some(&self.day);
        let place = |m: &doorstep_domain::visit::progress::Missing<'_>| {
            let id = m.item.map(|i| i.id.clone());
            (
                m.code,
                id.or(m.question.map(|q| q.id.clone())).unwrap_or_default(),
            )
        };
        missing(&self.visit, &self.order, &self.loaded.pack, day)
            .iter()
            .map(place)
            .collect()
    }

    pub(crate) fn missing_items(&self) -> Vec<String> {
        self.missing().into_iter().map(|(_, id)| id).collect()
    }

    /// Goes on under another version.
    pub(crate) fn try_move(&mut self, to: &LoadedPack) -> Result<(), Refusal> {
        let event = self.on(|ground| check_move(ground, &to.pack, &pinned(to)))?;
        self.write(VISIT, &event);
        self.loaded = to.clone();
        Ok(())
    }

    // --- the trade's moves

    /// Every piece of the pack's gear was taken into use on this day.
    pub(crate) fn new_gear(&mut self, since: &str) {
        let pieces = self.loaded.pack.gear.clone();
        for piece in pieces {
            let since = since.to_owned();
            let piece = piece.id;
            self.write(GEAR, &GearEvent::Recorded { piece, since });
        }
    }

    /// A request about exactly the statement that is shown.
    pub(crate) fn consent_request(&self, item: &str, outcome: ConsentOutcome) -> ConsentRequest {
        let (_, row) = self.loaded.pack.item(item).unwrap();
        let shown = Statement::of(row, &self.order, Lang::Zh).unwrap();
        let signed = outcome == ConsentOutcome::Signed;
        ConsentRequest {
            item: item.to_owned(),
            outcome,
            signer: "林女士".to_owned(),
            relation: Relation::Customer,
            strokes: signed.then(ink),
            reason: (!signed).then(|| "要和家人商量".to_owned()),
            digest: shown.digest(),
        }
    }

    pub(crate) fn try_consent(&mut self, request: &ConsentRequest) -> Result<(), Refusal> {
        let shown = self.on(|ground| check_consent(ground, request))?;
        let consent = Consent {
            item: request.item.clone(),
            outcome: request.outcome,
            signer: request.signer.clone(),
            relation: request.relation,
            ink: request.strokes.as_ref().map(|_| some_ink()),
            reason: request.reason.clone(),
            lang: shown.lang,
            statement: shown.text,
            digest: request.digest.clone(),
        };
        self.write(VISIT, &VisitEvent::ConsentRecorded { consent });
        Ok(())
    }

    /// The tablet goes to the customer for one statement and comes back.
    #[track_caller]
    pub(crate) fn consent(&mut self, item: &str, outcome: ConsentOutcome) {
        self.act(Command::StartConsent {
            item: item.to_owned(),
        });
        let request = self.consent_request(item, outcome);
        if let Err(refusal) = self.try_consent(&request) {
            panic!("{outcome:?} was refused: {refusal}");
        }
        self.act(Command::EndHandover);
    }

    pub(crate) fn check_kits(&mut self) {
        let kits = self.loaded.pack.kits.clone();
        for kit in kits {
            let present = kit.members.iter().map(|m| m.id.clone()).collect();
            self.check_kit(&kit.id, present, Vec::new(), None);
        }
    }

    pub(crate) fn check_kit(
        &mut self,
        kit: &str,
        present: Vec<String>,
        missing: Vec<String>,
        reason: Option<&str>,
    ) {
        self.check_kit_late(kit, present, missing, reason, None);
    }

    /// A kit check, perhaps made on paper and entered only now.
    pub(crate) fn check_kit_late(
        &mut self,
        kit: &str,
        present: Vec<String>,
        missing: Vec<String>,
        reason: Option<&str>,
        claim: Option<Claim>,
    ) {
        let event = DayEvent::KitChecked {
            claim,
            made_at: None,
            pack: self.loaded.pack.id.clone(),
            kit: kit.to_owned(),
            present,
            missing,
            reason: reason.map(str::to_owned),
        };
        self.write(DAY, &event);
    }

    #[track_caller]
    pub(crate) fn call(&mut self, purpose: CallPurpose, result: CallResult) {
        let call = Call {
            purpose,
            result,
            note: None,
        };
        self.act(Command::LogCall { call });
    }

    #[track_caller]
    pub(crate) fn appoint(&mut self, hm: &str) {
        self.call(CallPurpose::Appointment, CallResult::Answered);
        self.act(Command::AgreeAppointment {
            start: at(hm),
            end: None,
            proposed_by: Proposer::Customer,
            note: None,
        });
    }

    #[track_caller]
    pub(crate) fn reach(&mut self, milestone: Milestone) {
        self.act(reach(milestone));
    }

    #[track_caller]
    pub(crate) fn tick(&mut self, item: &str) {
        self.act(tick(item));
    }

    #[track_caller]
    pub(crate) fn tick_phase(&mut self, phase: &str) {
        self.act(Command::TickPhase {
            phase: phase.to_owned(),
        });
    }

    #[track_caller]
    pub(crate) fn fact(&mut self, fact: &str, value: bool) {
        self.act(Command::SetFact {
            fact: fact.to_owned(),
            value,
        });
    }

    #[track_caller]
    pub(crate) fn photo_of(&mut self, item: &str) {
        self.photo(PhotoTarget::Item {
            item: item.to_owned(),
        });
    }

    #[track_caller]
    pub(crate) fn photo(&mut self, target: PhotoTarget) {
        if let Err(refusal) = self.try_photo(target.clone()) {
            panic!("a photo of {target:?} was refused: {refusal}");
        }
    }

    pub(crate) fn try_photo(&mut self, target: PhotoTarget) -> Result<(), Refusal> {
        self.on(|ground| check_photo(ground, &target))?;
        let id = self.next_id();
        let photo = Photo {
            sha256: sha256_hex(id.as_bytes()),
            thumb_sha256: sha256_hex(format!("{id} small").as_bytes()),
            id,
            target,
            width: 2048,
            height: 1536,
            bytes: 400_000,
            band_top: 1400,
            phash: "00".to_owned(),
            crop_phashes: Vec::new(),
            source_sha256: String::new(),
            exif_at: None,
            exif_offset: None,
            exif_lat: None,
            exif_lon: None,
        };
        self.write(VISIT, &VisitEvent::PhotoAdded { photo });
        Ok(())
    }

    /// Puts a device row and names it.
    #[track_caller]
    pub(crate) fn device(&mut self, sn: &str) -> String {
        let events = self.try_act(&Command::PutRow {
            row_id: None,
            row: device(sn),
        });
        match events.unwrap().pop() {
            Some(VisitEvent::RowPut { row_id, .. }) => row_id,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn feedback(&mut self) {
        let answers = self.loaded.pack.survey.iter();
        let answers = answers.map(|q| (q.id.clone(), "good".to_owned())).collect();
        let feedback = Feedback {
            answers,
            words: Some("师傅很细心".to_owned()),
        };
        self.act(Command::GiveFeedback { feedback });
    }

    /// A request to sign exactly what is shown now.
    pub(crate) fn request(&self, outcome: SignOutcome) -> SignRequest {
        let shown = attested(&self.visit, &self.order, &self.loaded.pack, Lang::Zh);
        let other = outcome != SignOutcome::Signed;
        SignRequest {
            outcome,
            signer: "林女士".to_owned(),
            relation: Relation::Customer,
            strokes: matches!(outcome, SignOutcome::Signed | SignOutcome::Proxy).then(ink),
            reason: other.then(|| "不会写字、手不方便".to_owned()),
            callback: other.then(|| "13800001234".to_owned()),
            digest: shown.digest(),
        }
    }

    pub(crate) fn try_sign(&mut self, request: &SignRequest) -> Result<(), Refusal> {
        self.on(|ground| check_signature(ground, request))?;
        let strokes = request.strokes.as_ref().filter(|s| s.is_ink());
        let signature = CustomerSignature {
            outcome: request.outcome,
            signer: request.signer.clone(),
            relation: request.relation,
            ink: strokes.map(|_| some_ink()),
            reason: request.reason.clone(),
            callback: request.callback.clone(),
            lang: Lang::Zh,
            digest: request.digest.clone(),
        };
        self.write(VISIT, &VisitEvent::CustomerSigned { signature });
        Ok(())
    }

    #[track_caller]
    pub(crate) fn sign(&mut self, outcome: SignOutcome) {
        let request = self.request(outcome);
        if let Err(refusal) = self.try_sign(&request) {
            panic!("{outcome:?} was refused: {refusal}");
        }
    }

    pub(crate) fn try_technician_sign(&mut self) -> Result<(), Refusal> {
        self.on(|ground| check_technician_signature(ground, &ink()))?;
        let signature = TechnicianSignature { ink: some_ink() };
        self.write(VISIT, &VisitEvent::TechnicianSigned { signature });
        Ok(())
    }

    /// Feedback and signature with the tablet in the customer's hands.
    #[track_caller]
    pub(crate) fn hand_over(&mut self) {
        self.act(Command::StartHandover);
        self.feedback();
        self.sign(SignOutcome::Signed);
        self.act(Command::EndHandover);
    }

    /// The same with the best answer of each question, whatever its id.
    #[track_caller]
    pub(crate) fn hand_over_best(&mut self) {
        self.act(Command::StartHandover);
        let survey = self.loaded.pack.survey.iter();
        let answers = survey
            .map(|q| (q.id.clone(), q.options[0].id.clone()))
            .collect();
        let feedback = Feedback {
            answers,
            words: None,
        };
        if self.visit.feedback.is_none() {
            self.act(Command::GiveFeedback { feedback });
        }
        self.sign(SignOutcome::Signed);
        self.act(Command::EndHandover);
    }

    /// The lead's verdict on the newest submission.
    pub(crate) fn try_judge(
        &mut self,
        verdict: Verdict,
        reasons: &[(&str, &str)],
    ) -> Result<(), Refusal> {
        let reason = |(item, reason): &(&str, &str)| VerdictReason {
            item: Some((*item).to_owned()).filter(|i| !i.is_empty()),
            reason: (*reason).to_owned(),
        };
        let new = NewVerdict {
            visit: VISIT.to_owned(),
            submission: self.visit.submissions.last().map_or(0, |s| s.n),
            verdict,
            reasons: reasons.iter().map(reason).collect(),
            note: None,
            scores: Vec::new(),
        };
        let event = give(&self.visit, &self.review, &new)?;
        self.write(REVIEW, &event);
        Ok(())
    }

    #[track_caller]
    pub(crate) fn judge(&mut self, verdict: Verdict, reasons: &[(&str, &str)]) {
        if let Err(refusal) = self.try_judge(verdict, reasons) {
            panic!("{verdict:?} was refused: {refusal}");
        }
    }

    /// The whole 中国移动 repair: work, signatures and the first submission, at 15:00. The device's row.
    #[track_caller]
    pub(crate) fn repaired() -> (Desk, String) {
        let mut desk = Desk::new(mobile(), JobType::Repair);
        desk.go_inside();
        desk.tick_phase("work");
        desk.act(Command::DeclareNoFees { none: true });
        desk.act(text("fault", "皮线在门框处折断，重新熔接"));
        let row = desk.device("ZTE0001");
        desk.tick("materials");
        desk.act(reading("optical", "after", "-21.6", None));
        desk.act(reading("speed", "down", "942.5", None));
        desk.photo_of("optical");
        desk.photo_of("speed");
        desk.tick("demo");
        desk.tick_phase("cleanup");
        desk.fact("damage", false);
        desk.tick_phase("teach");
        desk.hand_over();
        desk.try_technician_sign().unwrap();
        desk.clock("15:00");
        desk.act(Command::Submit);
        (desk, row)
    }

    /// From the depot to the inside of the home by 13:54.
    #[track_caller]
    pub(crate) fn go_inside(&mut self) {
        self.appoint("14:00");
        self.check_kits();
        self.tick("dressed");
        self.clock("13:20");
        self.reach(Milestone::Departed);
        self.clock("13:45");
        self.reach(Milestone::Downstairs);
        self.clock("13:52");
        self.reach(Milestone::AtDoor);
        self.tick_phase("door");
        self.clock("13:54");
        self.reach(Milestone::Entered);
    }
}

fn some_ink() -> Ink {
    Ink {
        sha256: sha256_hex(b"ink"),
        width: 1000,
        height: 300,
        strokes: 1,
        points: 20,
    }
}

pub(crate) fn reach(milestone: Milestone) -> Command {
    Command::Reach {
        milestone,
        claim: None,
    }
}

pub(crate) fn answer(item: &str, answer: Answer) -> Command {
    let item = item.to_owned();
    Command::Answer {
        item: ItemAnswer { item, answer },
        claim: None,
    }
}

pub(crate) fn tick(item: &str) -> Command {
    answer(item, Answer::Tick)
}

pub(crate) fn text(item: &str, text: &str) -> Command {
    let text = text.to_owned();
    answer(item, Answer::Text { text })
}

/// One slot of a reading, with or without a reason.
pub(crate) fn reading(item: &str, slot: &str, value: &str, reason: Option<&str>) -> Command {
    let value = ReadingValue {
        value: value.parse::<Decimal>().unwrap(),
        reason: reason.map(str::to_owned),
    };
    let values = BTreeMap::from([(slot.to_owned(), value)]);
    answer(item, Answer::Reading { values })
}

pub(crate) fn device(sn: &str) -> RowData {
    RowData::Devices {
        name: "光猫 G-2101".to_owned(),
        sn: sn.to_owned(),
        mac: String::new(),
        action: DeviceAction::Installed,
    }
}

/// 加长皮线, told at 14:00 and agreed at 14:01.
pub(crate) fn fee(yuan: &str) -> RowData {
    RowData::Fees {
        name: "加长皮线".to_owned(),
        unit_price: yuan.parse().unwrap(),
        quantity: Decimal::ONE,
        told_at: Some(at("14:00")),
        agreed_at: Some(at("14:01")),
        channel: None,
        price: None,
        unit: None,
    }
}

pub(crate) fn put(row: RowData) -> Command {
    Command::PutRow { row_id: None, row }
}
