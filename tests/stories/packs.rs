//! Every standard that ships, walked through the app to a real ticket: each question answered "yes", then each "no".
//! Nothing here knows a standard by name.

use doorstep_domain::standard::load::LoadedPack;
use doorstep_domain::standard::{JobType, Milestone, Stage};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::consent::{ConsentOutcome, ConsentRequest};
use doorstep_domain::visit::view::{EvidenceView, ItemView, ReadingView, VisitView};
use doorstep_domain::visit::{
    Answer, Call, CallPurpose, CallResult, Feedback, PhotoTarget, Proposer, ReadingValue, Relation,
    RowData, VisitStage,
};
use doorstep_stories::{Desk, PHOTO, answer, at, device, file, ink, line, reach};
use std::path::Path;
use std::process::Command as Program;

/// Steps after which a walk is stuck.
const MAX_STEPS: usize = 400;

/// Milestones with the time that each is reached at, at the earliest.
const WAY: [(&str, Milestone); 5] = [
    ("13:20", Milestone::Departed),
    ("13:45", Milestone::Downstairs),
    ("13:52", Milestone::AtDoor),
    ("13:54", Milestone::Entered),
    ("15:30", Milestone::Left),
];

/// What a customer says who does not sign at first.
const WHY_NOT: &str = "先问问家里人";

/// One visit of one standard, walked in its order.
struct Walk<'a> {
    desk: &'a Desk,
    visit: String,
    yes: bool,
}

impl Walk<'_> {
    fn to_the_end(&self) -> VisitView {
        self.desk.check_kits(&self.visit);
        for _ in 0..MAX_STEPS {
            if !self.step() {
                break;
            }
        }
        self.desk.clock.hm("16:00");
        self.desk.act(&self.visit, [Command::Submit]);
        self.desk.view(&self.visit)
    }

    fn act(&self, command: Command) -> bool {
        self.desk.act(&self.visit, [command]);
        true
    }

    /// Does the first thing that can be done; `false` when nothing is left.
    fn step(&self) -> bool {
        let view = self.desk.view(&self.visit);
        let mut asked = view.phases.iter().flat_map(|p| &p.questions);
        if let Some(question) = asked.find(|q| q.value.is_none()) {
            let (fact, value) = (question.id.clone(), self.yes);
            return self.act(Command::SetFact { fact, value });
        }
        let entered = view
            .milestones
            .iter()
            .any(|m| m.milestone == Milestone::Entered);
        let rows = view
            .phases
            .iter()
            .flat_map(|p| p.items.iter().map(|i| (p.stage, i)));
        let mut open = rows.filter(|(_, i)| !i.status.settled() && i.blocked_by.is_none());
        let early = |stage: Stage| matches!(stage, Stage::Inside | Stage::SignOff) && !entered;
        open.any(|(stage, item)| !early(stage) && self.prove(&view, item)) || self.go_on(&view)
    }

    fn prove(&self, view: &VisitView, item: &ItemView) -> bool {
        let id = item.id.as_str();
        let wanted = item.photo_rule.as_ref().map_or(0, |r| usize::from(r.min));
        let rows = matches!(item.evidence, EvidenceView::Rows { .. });
        if item.photos.len() < wanted && !rows {
            self.desk.photo(&self.visit, id);
            return true;
        }
        match &item.evidence {
            EvidenceView::Tick | EvidenceView::TickOrNa => self.act(answer(id, Answer::Tick)),
            EvidenceView::Text { .. } => {
                let text = "都说清楚了".to_owned();
                self.act(answer(id, Answer::Text { text }))
            }
            EvidenceView::Choice { options } => {
                let (option, note) = (options[0].id.clone(), None);
                self.act(answer(id, Answer::Choice { option, note }))
            }
            EvidenceView::Reading { spec } => self.act(measured(id, spec)),
            EvidenceView::Time => self.act(answer(id, Answer::Time { at: at("09:00") })),
            EvidenceView::Date { .. } => {
                let date = "2025-05-03".to_owned();
                self.act(answer(id, Answer::Date { date }))
            }
            EvidenceView::Rows { list, min } => self.list(view, item, *list, *min),
            EvidenceView::Consent { .. } => self.consent(id),
            EvidenceView::AutoGear { .. } => self.act(Command::CheckGear {
                item: id.to_owned(),
                reason: None,
            }),
            EvidenceView::AutoCall | EvidenceView::AutoAppointment => self.agree(),
            EvidenceView::AutoMilestone { milestone } => self.go(*milestone),
            EvidenceView::CustomerSignature => self.hand_over(view),
            EvidenceView::TechnicianSignature => {
                self.desk.app.technician_sign(&self.visit, &ink()).is_ok()
            }
            // the photos are there; checked before the walk; comes with the signature
            EvidenceView::Photo | EvidenceView::AutoKit { .. } | EvidenceView::Feedback => false,
        }
    }

    fn list(
        &self,
        view: &VisitView,
        item: &ItemView,
        list: doorstep_domain::standard::RowList,
        min: u8,
    ) -> bool {
        use doorstep_domain::standard::RowList;
        let inside = view
            .milestones
            .iter()
            .any(|m| m.milestone == Milestone::Entered);
        if !inside {
            return false;
        }
        let photos = item.photo_rule.as_ref().map_or(0, |r| r.min);
        let shown = match list {
            RowList::Devices => &view.devices,
            RowList::Materials => &view.materials,
            RowList::Fees => return self.act(self.fees(view)),
        };
        match shown.last() {
            Some(row) if photos > 0 => {
                let target = PhotoTarget::Row {
                    row: row.row_id.clone(),
                };
                self.desk
                    .app
                    .add_photo(&self.visit, &target, PHOTO)
                    .unwrap();
                true
            }
            _ if list == RowList::Devices => self.act(device("HW556677")),
            _ if min == 0 => self.act(answer(&item.id, Answer::Tick)),
            _ => self.act(put(RowData::Materials {
                name: "皮线".to_owned(),
                quantity: 30.into(),
                unit: "m".to_owned(),
            })),
        }
    }

    /// The first price of the list, told and agreed; no fees where there is no list.
    fn fees(&self, view: &VisitView) -> Command {
        match view.prices.first() {
            Some(price) => put(RowData::Fees {
                name: price.name.clone(),
                unit_price: price.unit_price.parse().unwrap(),
                quantity: 2.into(),
                told_at: Some(at("13:54")),
                agreed_at: Some(at("13:54")),
                channel: None,
                price: Some(price.id.clone()),
                unit: Some(price.unit.clone()),
            }),
            None => Command::DeclareNoFees { none: true },
        }
    }

    /// With every question on, the customer says no at first.
    fn consent(&self, item: &str) -> bool {
        if self.yes {
            self.say(item, ConsentOutcome::Refused);
        }
        self.say(item, ConsentOutcome::Signed);
        true
    }

    fn say(&self, item: &str, outcome: ConsentOutcome) {
        let item = item.to_owned();
        self.act(Command::StartConsent { item: item.clone() });
        let shown = self.desk.view(&self.visit).statement.expect("a statement");
        let signed = outcome == ConsentOutcome::Signed;
        let request = ConsentRequest {
            item,
            outcome,
            signer: "林女士".to_owned(),
            relation: Relation::Customer,
            strokes: signed.then(ink),
            reason: (!signed).then(|| WHY_NOT.to_owned()),
            digest: shown.digest(),
        };
        self.desk
            .app
            .consent_sign(&self.visit, &request)
            .expect("an answer");
        self.desk
            .app
            .end_handover(&self.visit, "4711")
            .expect("the PIN");
    }

    fn agree(&self) -> bool {
        let call = Call {
            purpose: CallPurpose::Appointment,
            result: CallResult::Answered,
            note: None,
        };
        self.act(Command::LogCall { call });
        self.act(Command::AgreeAppointment {
            start: at("14:00"),
            end: None,
            proposed_by: Proposer::Customer,
            note: None,
        })
    }

    /// The best answer to each question, and the customer's signature.
    fn hand_over(&self, view: &VisitView) -> bool {
        self.act(Command::StartHandover);
        if !view.feedback_sealed {
            let best = view
                .survey
                .iter()
                .map(|q| (q.id.clone(), q.options[0].id.clone()));
            let (answers, words) = (best.collect(), None);
            let feedback = Feedback { answers, words };
            self.act(Command::GiveFeedback { feedback });
        }
        let request = self.desk.request(&self.visit);
        self.desk
            .app
            .customer_sign(&self.visit, &request)
            .expect("a signature");
        self.desk
            .app
            .end_handover(&self.visit, "4711")
            .expect("the PIN");
        true
    }

    fn go_on(&self, view: &VisitView) -> bool {
        let reached = |m: Milestone| view.milestones.iter().any(|v| v.milestone == m);
        let Some((hm, next)) = WAY.iter().find(|(_, m)| !reached(*m)) else {
            return false;
        };
        if self.desk.clock.now_ms() < at(hm).ms {
            self.desk.clock.hm(hm);
        }
        self.go(*next)
    }

    fn go(&self, milestone: Milestone) -> bool {
        self.desk.app.act(&self.visit, &reach(milestone)).is_ok()
    }
}

fn put(row: RowData) -> Command {
    Command::PutRow { row_id: None, row }
}

/// Inside the limits, in every slot.
fn measured(item: &str, spec: &ReadingView) -> Command {
    use doorstep_domain::standard::Sign;
    let limit = spec.min.as_ref().or(spec.max.as_ref());
    let one = if spec.sign == Sign::Negative {
        "-1"
    } else {
        "1"
    };
    let value = limit.map_or(one, String::as_str).parse().expect("a number");
    let reading = ReadingValue {
        value,
        reason: None,
    };
    let values = spec
        .slots
        .iter()
        .map(|s| (s.id.clone(), reading.clone()))
        .collect();
    answer(item, Answer::Reading { values })
}

fn job_word(job: JobType) -> &'static str {
    match job {
        JobType::Install => "新装",
        JobType::Move => "移机",
        JobType::Repair => "修障",
    }
}

/// The ticket as its reader sees it.
fn words(folder: &Path, pdf: &[u8]) -> String {
    let path = folder.join("ticket.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Program::new("pdftotext")
        .args(["-enc", "UTF-8", "-layout"])
        .arg(&path)
        .arg("-")
        .output()
        .expect("pdftotext is needed");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// What every ticket must say of this visit.
fn sound(desk: &Desk, pack: &LoadedPack, view: &VisitView, yes: bool) {
    let name = &pack.pack.id;
    assert_eq!(view.stage, VisitStage::Submitted, "{name}");
    assert!(view.missing.is_empty(), "{name}: {:?}", view.missing);
    let ticket = desk.app.ticket(&view.visit).unwrap();
    assert!(ticket.pages >= 2, "{name}: two copies");
    assert!(
        ticket.missing.is_empty(),
        "{name}: no letters for {:?}",
        ticket.missing
    );
    let path = desk.app.save_ticket(&view.visit).unwrap();
    let printed = words(desk.folder(), &std::fs::read(path).unwrap());
    let flat: String = printed.split_whitespace().collect();
    let mut wanted = vec![pack.pack.form_name.zh.clone(), pack.pack.hotline.clone()];
    let mut refused = 0;
    for item in view.phases.iter().flat_map(|p| &p.items) {
        if let EvidenceView::Consent { statement, .. } = &item.evidence {
            wanted.push(statement.chars().take(8).collect());
            refused += usize::from(yes);
        }
    }
    wanted.extend(view.fees.iter().map(|_| view.fee_total.clone()));
    for word in wanted {
        let word: String = word.split_whitespace().collect();
        assert!(
            flat.contains(&word),
            "{name}: 「{word}」 is not on the ticket:\n{printed}"
        );
    }
    // the customer signed in the end: only the company reads that it was not at once
    let told = flat.matches(&format!("拒绝，{WHY_NOT}")).count();
    assert_eq!(told, refused, "{name}:\n{printed}");
}

#[test]
fn every_standard_ends_in_a_real_ticket() {
    let packs = doorstep_standards::packs();
    assert_eq!(packs.len(), doorstep_standards::PACKS.len());
    for (n, pack) in packs.iter().enumerate() {
        for yes in [true, false] {
            let desk = Desk::at_work();
            for piece in &pack.pack.gear {
                desk.app.record_gear(&piece.id, "2026-10-01").unwrap();
            }
            let jobs = &pack.pack.job_types;
            let job = jobs[usize::from(!yes) % jobs.len()];
            let no = format!("20261122-{n:02}{}", u8::from(yes));
            // by its first word for orders, as dispatch would write it
            let word = pack.pack.aliases.first().unwrap_or(&pack.pack.id);
            let row = line(&no, "林女士", job_word(job), word);
            let orders = desk.import(&file(&[row]));
            let visit = desk.app.open_visit(&orders[0]).unwrap();
            assert_eq!(
                visit.pack.id, pack.pack.id,
                "「{word}」 names this standard"
            );
            let visit = visit.visit;
            let walk = Walk {
                desk: &desk,
                visit,
                yes,
            };
            sound(&desk, pack, &walk.to_the_end(), yes);
        }
    }
}

#[test]
fn a_visit_keeps_the_version_it_began_with() {
    let (_, shipped) = doorstep_standards::PACKS
        .iter()
        .find(|(name, _)| *name == "cmcc-broadband.toml")
        .unwrap();
    let newer =
        shipped
            .replacen("version = ", "version = 9", 1)
            .replacen("五个一带齐", "五个一都在", 1);
    let asks = |view: &VisitView, words: &str| {
        let mut items = view.phases.iter().flat_map(|p| &p.items);
        items.any(|i| i.text == words)
    };
    let desk = Desk::with(|root| {
        std::fs::create_dir_all(root.join("standards")).unwrap();
        std::fs::write(root.join("standards/own.toml"), &newer).unwrap();
    });
    desk.app
        .start_real(&doorstep_stories::profile(None))
        .unwrap();
    let began = desk.order("20261122-0412", "修障");
    assert!(asks(&began, "五个一都在"), "the folder's is newer");
    // the service manager takes the file away again
    let desk =
        desk.restarted(|root| std::fs::remove_file(root.join("standards/own.toml")).unwrap());
    desk.app.boot().unwrap();
    assert_eq!(desk.view(&began.visit).pack, began.pack);
    assert!(asks(&desk.view(&began.visit), "五个一都在"));
    desk.go_inside(&began.visit);
    desk.repair(&began.visit);
    assert_eq!(desk.finish(&began.visit).stage, VisitStage::Submitted);
    assert!(desk.app.ticket(&began.visit).unwrap().pages >= 2);
    let next = desk.order("20261122-0413", "修障");
    assert!(asks(&next, "五个一带齐") && next.pack.version < began.pack.version);
}
