//! Several programs on one folder: the server beside the office's commands. Each has its own connection; what holds
//! them together is the database's write lock and the counters in it.

use crate::common::*;
use doorstep_domain::event::sha256_hex;
use doorstep_hub::{Hub, office};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const TAPS: usize = 60;
const ORDERS: usize = 20;

#[test]
fn writers_at_once_leave_no_gap_and_no_reader_overtakes_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut hub = open(dir.path());
    let mut lead = Tablet::enrol(&mut hub, "1001", 1);
    let tablets = [
        Tablet::enrol(&mut hub, "3101", 3),
        Tablet::enrol(&mut hub, "3102", 5),
    ];
    let done = AtomicBool::new(false);
    let path = dir.path();
    let (texts, lead) = thread::scope(|scope| {
        // it pulls all the while: a number that is taken late would be behind its cursor for ever
        let reading = scope.spawn(|| {
            let mut own = Hub::open(path, &call(7)).unwrap();
            let mut n = 100;
            while !done.load(Ordering::Acquire) {
                lead.sync(&mut own, n).unwrap();
                n += 1;
            }
            loop {
                let before = lead.received.len();
                lead.sync(&mut own, n).unwrap();
                if lead.received.len() == before {
                    return lead;
                }
            }
        });
        let tapping: Vec<_> = tablets
            .into_iter()
            .map(|mut tablet| {
                scope.spawn(move || {
                    let mut own = Hub::open(path, &call(8)).unwrap();
                    for n in 0..TAPS {
                        tablet.tap(&format!("visit/{}", tablet.device));
                        tablet.sync(&mut own, 100 + n as u64).unwrap();
                    }
                    tablet.texts
                })
            })
            .collect();
        let dispatching = scope.spawn(|| {
            let mut own = Hub::open(path, &call(9)).unwrap();
            for n in 0..ORDERS {
                dispatched(&mut own, &format!("A-{n}"), "3101", 1000 + 4 * n as u64);
                let minute = call(1002 + 4 * n as u64);
                own.cancel(&format!("A-{n}"), "off", &office(), &minute)
                    .unwrap();
            }
        });
        dispatching.join().unwrap();
        let texts: Vec<String> = tapping
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect();
        done.store(true, Ordering::Release);
        (texts, reading.join().unwrap())
    });
    // that the numbers have no gaps is asserted with every page (Tablet::take)
    let got: Vec<String> = lead
        .received
        .iter()
        .map(|d| sha256_hex(d.event.text.as_bytes()))
        .collect();
    assert_eq!(got.len(), 2 * TAPS + 3 * ORDERS);
    let unique: HashSet<String> = got.into_iter().collect();
    assert_eq!(unique.len(), 2 * TAPS + 3 * ORDERS, "each once");
    assert!(
        texts
            .iter()
            .all(|t| unique.contains(&sha256_hex(t.as_bytes())))
    );
    assert_eq!(hub.verify().unwrap().faults, Vec::<String>::new());
}
