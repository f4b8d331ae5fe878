//! The company's server: the hub that ships, on a port of this machine, that can be stopped and started again.

use crate::{Clock, Desk, HEADER};
use doorstep_app::App;
use doorstep_app::desk::dto::{DeskQuery, DeskRow, DeskSort, DeskSubmission, DeskView};
use doorstep_app::sync::dto::{EnrolProfile, SyncNews, SyncPanel};
use doorstep_domain::event::Actor;
use doorstep_domain::review::{NewVerdict, Verdict, VerdictReason};
use doorstep_domain::time::Stamp;
use doorstep_domain::wire::{Role, StaffCard};
use doorstep_hub::http::{Rates, Shared, serve};
use doorstep_hub::{Call, Hub, Known, office};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tokio::runtime::Runtime;

/// A story that waits longer than this for the server has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// The office: a lead 王海燕 (3100) and the technicians 周建国 (3107) and 李志强 (3108) of 一班.
pub struct Office {
    /// Where the server listens.
    pub address: SocketAddr,
    clock: Clock,
    calls: Arc<AtomicU64>,
    running: Option<Runtime>,
    folder: tempfile::TempDir,
}

impl Office {
    /// An open office whose clock is `clock`.
    #[must_use]
    pub fn open(clock: &Clock) -> Office {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut office = Office {
            address: listener.local_addr().expect("an address"),
            clock: clock.clone(),
            calls: Arc::default(),
            running: None,
            folder: tempfile::tempdir().expect("a folder"),
        };
        drop(listener);
        for (staff_no, name, role) in [
            ("3100", "王海燕", Role::Lead),
            ("3107", "周建国", Role::Technician),
            ("3108", "李志强", Role::Technician),
        ] {
            let card = StaffCard {
                actor: Actor {
                    staff_no: staff_no.to_owned(),
                    name: name.to_owned(),
                },
                phone: "0571-88000000".to_owned(),
                role,
                team: "一班".to_owned(),
            };
            let call = office.call();
            office.hub().put_staff(&card, &call).expect("staff");
        }
        office.start();
        office
    }

    /// The hub's own hand on its data, as the commands at the office have it.
    #[must_use]
    pub fn hub(&self) -> Hub {
        Hub::open(&self.data(), &self.call()).expect("the hub")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("hub")
    }

    /// Time and randomness of the next call.
    #[must_use]
    pub fn call(&self) -> Call {
        call(&self.clock, &self.calls)
    }

    /// The server goes on the network.
    pub fn start(&mut self) {
        let (clock, calls) = (self.clock.clone(), Arc::clone(&self.calls));
        let rates = Rates {
            burst: 100_000,
            ..Rates::default()
        };
        let shared = Shared::new(self.hub(), Arc::new(move || call(&clock, &calls)), rates);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind(self.address));
        runtime.spawn(serve(
            listener.expect("the port"),
            shared,
            std::future::pending(),
        ));
        self.running = Some(runtime);
    }

    /// The server is gone from one moment to the next.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_timeout(PATIENCE);
        }
    }

    /// Gives out an order of a 中国移动 repair.
    pub fn give_out(&self, no: &str, customer: &str, staff_no: &str) {
        let row = crate::line(no, customer, "修障", "移动宽带");
        let csv = format!("{HEADER}\n{row}\n");
        let done = self
            .hub()
            .import_orders(csv.as_bytes(), 480, Known::Keep, &office(), &self.call())
            .expect("an import");
        assert_eq!((done.new, done.errors.len()), (1, 0), "one new order");
        self.assign(no, staff_no);
    }

    /// Gives an order to somebody.
    pub fn assign(&self, no: &str, staff_no: &str) {
        let given = self.hub().assign(no, staff_no, &office(), &self.call());
        given.expect("an assignment");
    }

    /// What somebody types at the first start, with a new code.
    #[must_use]
    pub fn invitation(&self, staff_no: &str) -> EnrolProfile {
        let code = self.hub().new_code(staff_no, &self.call()).expect("a code");
        EnrolProfile {
            address: format!("http://{}", self.address),
            code: code.to_lowercase().replace('-', " "),
            device_name: "平板 07".to_owned(),
            pin: "4711".to_owned(),
            passphrase: None,
        }
    }
}

fn call(clock: &Clock, calls: &AtomicU64) -> Call {
    let n = calls.fetch_add(1, Ordering::SeqCst) + 1;
    let mut entropy = [7; 32];
    entropy[..8].copy_from_slice(&n.to_le_bytes());
    let at = Stamp {
        wall_ms: clock.now_ms(),
        offset_min: 480,
        zone: "Asia/Shanghai".to_owned(),
        // a second between calls: rates and timeouts go by it
        mono_ms: n * 1_000,
        boot_id: "hub".to_owned(),
    };
    Call { at, entropy }
}

/// Hears of the sync of one app.
pub struct Ear(Receiver<SyncNews>);

impl Ear {
    /// Listens from now on.
    #[must_use]
    pub fn on(app: &App) -> Ear {
        let (tell, heard) = channel();
        app.on_sync(move |news| drop(tell.send(news.clone())));
        Ear(heard)
    }

    /// Waits until `seen` answers something; it looks again after every news.
    ///
    /// # Panics
    /// When nothing comes for too long.
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(found) = seen() {
                return found;
            }
            if self.0.recv_timeout(PATIENCE).is_err() {
                panic!("nothing is heard any more, and not: {what}");
            }
        }
    }
}

/// What a lead says of a submission: `(row, reason)` for each row it is about.
#[must_use]
pub fn verdict(
    visit: &str,
    submission: u32,
    verdict: Verdict,
    reasons: &[(&str, &str)],
) -> NewVerdict {
    let reason = |(item, reason): &(&str, &str)| VerdictReason {
        item: Some((*item).to_owned()),
        reason: (*reason).to_owned(),
    };
    NewVerdict {
        visit: visit.to_owned(),
        submission,
        verdict,
        reasons: reasons.iter().map(reason).collect(),
        note: None,
        scores: Vec::new(),
    }
}

/// What the lead's window asks when it opens.
#[must_use]
pub fn open_queue() -> DeskQuery {
    DeskQuery {
        view: DeskView::Open,
        search: None,
        sort: DeskSort::Flags,
        descending: true,
        offset: 0,
        limit: 50,
    }
}

impl Desk {
    /// A fresh tablet that was enrolled with a code of the office.
    #[must_use]
    pub fn enrolled(office: &Office, staff_no: &str) -> (Desk, Ear) {
        // two tablets of one story never think of the same id
        let desk = Desk::new().seeded(staff_no.parse().expect("a staff number"));
        desk.clock.run();
        let ear = Ear::on(&desk.app);
        desk.app
            .start_enrolled(&office.invitation(staff_no))
            .expect("an enrolment");
        (desk, ear)
    }

    /// Tries now, and waits until everything is at the server.
    #[track_caller]
    pub fn hand_in(&self, ear: &Ear) -> SyncPanel {
        self.app.sync_now().expect("the panel");
        ear.until("everything is at the server", || {
            let panel = self.app.sync_panel().expect("the panel");
            (panel.records + panel.photos == 0 && panel.last_success.is_some()).then_some(panel)
        })
    }

    /// Tries now, and waits until so many submissions wait on the lead's desk.
    #[track_caller]
    pub fn waiting_on_desk(&self, ear: &Ear, count: usize) -> Vec<DeskRow> {
        self.app.sync_now().expect("the panel");
        let query = open_queue();
        ear.until("the visits are on the desk", || {
            let rows = self.app.desk(&query).expect("the queue").rows;
            (rows.len() == count).then_some(rows)
        })
    }

    /// A submission as the lead reads it.
    #[must_use]
    pub fn read(&self, visit: &str, n: u32) -> DeskSubmission {
        self.app.desk_submission(visit, n).expect("the submission")
    }

    /// Tries now, and waits until Today shows so many orders.
    #[track_caller]
    pub fn orders(&self, ear: &Ear, count: usize) -> Vec<String> {
        self.app.sync_now().expect("the panel");
        ear.until("the orders are here", || {
            let rows = self.today().rows;
            (rows.len() == count).then(|| rows.into_iter().map(|r| r.order).collect())
        })
    }
}
