//! A tablet without a screen: this test program once more, with the app's core in it. It works without a pause and
//! says on its standard output what is durable and what the sync does; its parent kills it.

use doorstep_app::App;
use doorstep_app::device::{Device, ThisDevice};
use doorstep_app::dto::{BootState, TodayQuery};
use doorstep_app::sync::dto::{EnrolProfile, SyncPanel};
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::{Call, CallPurpose, CallResult, PhotoTarget};
use doorstep_store::{Keystore, KeystoreError};
use std::io::{BufRead, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

pub const FOLDER: &str = "DOORSTEP_TABLET";
pub const INVITATION: &str = "DOORSTEP_INVITATION";
/// The shortest time between two taps.
const A_TAP: Duration = Duration::from_millis(40);
/// Every so many records there is a photo.
const A_PHOTO_EVERY: u64 = 6;

/// This machine, with its secrets in files: they have to outlive the process, and no message bus runs here.
struct Machine {
    this: ThisDevice,
    keys: FileKeys,
}

struct FileKeys(PathBuf);

impl FileKeys {
    fn file(&self, service: &str, account: &str) -> PathBuf {
        let name = format!("{service}-{account}").replace('/', "_");
        self.0.join(name)
    }
}

impl Keystore for FileKeys {
    fn get(&self, service: &str, account: &str) -> Result<Option<Vec<u8>>, KeystoreError> {
        Ok(std::fs::read(self.file(service, account)).ok())
    }

    fn set(&self, service: &str, account: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        let file = std::fs::File::create(self.file(service, account)).unwrap();
        (&file).write_all(secret).unwrap();
        file.sync_all().unwrap();
        Ok(())
    }

    fn delete(&self, service: &str, account: &str) -> Result<(), KeystoreError> {
        std::fs::remove_file(self.file(service, account)).ok();
        Ok(())
    }
}

impl Device for Machine {
    fn now(&self) -> Stamp {
        self.this.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.this.random(bytes);
    }

    fn keystore(&self) -> &dyn Keystore {
        &self.keys
    }

    fn documents(&self) -> PathBuf {
        self.keys.0.clone()
    }
}

fn app(folder: &Path) -> App {
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    let machine = Machine {
        this: ThisDevice::new(folder.to_owned()),
        keys: FileKeys(folder.join("keys")),
    };
    App::new(folder.join("app"), Box::new(machine))
}

/// A line to the parent, at once.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

/// What the parent wants: `now` (现在重试) or `finish`.
fn orders() -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    told
}

/// The program of the child; see `kill.rs`.
#[test]
#[ignore = "the tablet of the other test"]
fn tablet() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let app = app(&folder);
    let (news_came, news) = channel();
    app.on_sync(move |news| {
        if news.working {
            say("syncing");
        }
        // nobody listens any more once the work is done
        news_came.send(()).ok();
    });
    if app.boot().unwrap().state == BootState::FirstStart {
        let invitation = std::env::var(INVITATION).unwrap();
        let (address, code) = invitation.split_once(' ').unwrap();
        app.start_enrolled(&EnrolProfile {
            address: address.to_owned(),
            code: code.to_owned(),
            device_name: "平板 07".to_owned(),
            pin: "4711".to_owned(),
            passphrase: None,
        })
        .unwrap();
    }
    let visit = first_visit(&app, &news);
    let told = orders();
    let mut next = numbers(&app, &visit);
    loop {
        match told.try_recv().as_deref() {
            Ok("now") => drop(app.sync_now().unwrap()),
            Ok("finish") => return finish(&app, &visit, &news),
            _ => {}
        }
        record(&app, &visit, next);
        say(&format!("did {next}"));
        next += 1;
        // nobody taps faster, and there is always something that the hub does not have yet
        news.recv_timeout(A_TAP).ok();
    }
}

/// The visit of the only order; it waits for the order to come.
fn first_visit(app: &App, news: &Receiver<()>) -> String {
    loop {
        let query = TodayQuery {
            search: Some("LOOP-1".to_owned()),
            offset: 0,
            limit: 1,
        };
        if let Some(row) = app.today(&query).unwrap().rows.first() {
            return app.open_visit(&row.order).unwrap().visit;
        }
        app.sync_now().unwrap();
        news.recv().unwrap();
    }
}

/// The number of the next record: one more than the last that is here.
fn numbers(app: &App, visit: &str) -> u64 {
    let calls = app.visit(visit).unwrap().calls;
    let last = calls
        .iter()
        .filter_map(|c| c.call.note.as_ref()?.parse().ok())
        .max();
    last.map_or(1, |n: u64| n + 1)
}

/// One record, now and then with a photo that no other record has.
fn record(app: &App, visit: &str, n: u64) {
    if n.is_multiple_of(A_PHOTO_EVERY) {
        let picture = image::RgbImage::from_fn(160, 120, |x, y| {
            let at = u64::from(x * 131 + y * 17).wrapping_mul(n.wrapping_mul(2_654_435_761));
            image::Rgb([(at >> 8) as u8, (at >> 16) as u8, (at >> 24) as u8])
        });
        let mut file = Cursor::new(Vec::new());
        picture
            .write_to(&mut file, image::ImageFormat::Png)
            .unwrap();
        app.add_photo(visit, &PhotoTarget::Paper, file.get_ref())
            .unwrap();
    }
    let call = Call {
        purpose: CallPurpose::Appointment,
        result: CallResult::NoAnswer,
        note: Some(n.to_string()),
    };
    app.act_durably(visit, &Command::LogCall { call }).unwrap();
}

/// Hands everything in, and says how much it is.
fn finish(app: &App, visit: &str, news: &Receiver<()>) {
    app.sync_now().unwrap();
    let left = |panel: &SyncPanel| panel.records + panel.photos;
    while left(&app.sync_panel().unwrap()) > 0 {
        news.recv().unwrap();
    }
    let parts = app.visit_parts(visit).unwrap();
    assert_eq!(parts.records, parts.records_confirmed);
    assert!(parts.photos.iter().all(|p| p.stored));
    say(&format!(
        "finished {} {}",
        parts.records,
        parts.photos.len()
    ));
}
