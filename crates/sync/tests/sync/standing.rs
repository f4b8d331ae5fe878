//! Cases about who a tablet is to the hub: restored, cloned, revoked, forgotten; and a hub that was restored itself.

use crate::bench::{ANNA, Bench, LEAD, Way};
use crate::cases::{a_day_at_work, why};
use crate::server::{Server, stored};
use doorstep_domain::wire::ProblemCode;
use doorstep_sync::engine::Turn;
use doorstep_sync::plan::Why;
use doorstep_sync::state::{Standing, TroubleKind};

#[test]
fn a_revoked_tablet_that_is_a_copy_drains_too() {
    let mut bench = Bench::new();
    let copy = bench.dir.path().join("copy");
    bench.tablets[ANNA].snapshot(&copy);
    a_day_at_work(&mut bench);
    bench.tablets[ANNA].desk.become_copy_of(&copy);
    let now = bench.now_ms;
    bench.tablets[ANNA].restart(now, true);
    bench.visit(ANNA);
    bench.hub.revoke_with("device-1", true);
    bench.run(ANNA);
    bench.now_ms += 61_000;
    assert_eq!(bench.run(ANNA), Turn::Wipe);
    assert_eq!(bench.at_hub(ANNA).len(), 5);
}

#[test]
fn hub_restored_from_yesterdays_backup() {
    let mut bench = Bench::new();
    let visit = a_day_at_work(&mut bench);
    let yesterday = bench.hub.backup();
    bench.answer(ANNA, &visit, 1);
    let photo = bench.photo(ANNA, &visit, 70_000);
    bench.settle_all();
    assert_eq!(bench.seen(LEAD, &visit).len(), 6);
    bench.hub.restore(yesterday);
    assert_eq!(bench.at_hub(ANNA).len(), 4, "two records are gone there");
    bench.check();
    assert_eq!(bench.at_hub(ANNA).len(), 6, "the tablet still had them");
    assert_eq!(
        stored(&mut bench.hub, "device-1", &[photo]).len(),
        1,
        "and the photo"
    );
    assert_eq!(bench.seen(LEAD, &visit).len(), 6);
}

#[test]
fn a_restored_tablet_pulls_its_own_events_back_under_a_new_log() {
    let mut bench = Bench::new();
    let visit = a_day_at_work(&mut bench);
    let copy = bench.dir.path().join("copy");
    bench.tablets[ANNA].snapshot(&copy);
    bench.answer(ANNA, &visit, 2);
    bench.settle(ANNA);
    bench.tablets[ANNA].desk.become_copy_of(&copy);
    let now = bench.now_ms;
    bench.tablets[ANNA].restart(now, true);
    assert_eq!(bench.seen(ANNA, &visit).len(), 4);
    // written before the tablet knows that it is a copy
    let other = bench.visit(ANNA);
    bench.check();
    assert_eq!(
        bench.seen(ANNA, &visit).len(),
        5,
        "what it had forgotten is back"
    );
    assert_eq!(bench.seen(LEAD, &visit), bench.seen(ANNA, &visit));
    assert_eq!(
        bench.seen(LEAD, &other).len(),
        1,
        "and what it wrote is not lost"
    );
    let logs = bench.desk(ANNA).look(|store, _| store.own_logs().unwrap());
    assert_eq!(logs.len(), 2);
}

#[test]
fn a_restored_tablet_that_pushes_nothing_is_noticed_too() {
    let mut bench = Bench::new();
    let copy = bench.dir.path().join("copy");
    bench.tablets[ANNA].snapshot(&copy);
    let visit = a_day_at_work(&mut bench);
    bench.tablets[ANNA].desk.become_copy_of(&copy);
    let now = bench.now_ms;
    bench.tablets[ANNA].restart(now, true);
    bench.settle(ANNA);
    assert_eq!(bench.seen(ANNA, &visit).len(), 4);
    bench.check();
}

#[test]
fn two_clones_go_on_side_by_side() {
    let mut bench = Bench::new();
    a_day_at_work(&mut bench);
    let clone = bench.clone_of(ANNA);
    let ours = bench.visit(ANNA);
    let theirs = bench.visit(clone);
    bench.settle(ANNA);
    bench.settle(clone);
    bench.answer(ANNA, &ours, 1);
    bench.answer(clone, &theirs, 1);
    bench.check();
    assert_eq!(bench.seen(LEAD, &ours).len(), 2);
    assert_eq!(bench.seen(LEAD, &theirs).len(), 2);
    let id = |i: usize| bench.desk(i).look(|store, _| store.head().0.to_owned());
    assert_ne!(id(ANNA), id(clone));
}

#[test]
fn a_revoked_tablet_drains_and_is_wiped_on_order() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    let photo = bench.photo(ANNA, &visit, 100_000);
    bench.hub.dispatch("3101", 1);
    bench.hub.revoke_with("device-1", true);
    bench.run(ANNA);
    assert_eq!(bench.waiting(ANNA), (0, 0), "everything is through first");
    bench.now_ms += 61_000;
    assert_eq!(bench.run(ANNA), Turn::Wipe);
    assert_eq!(bench.waiting(ANNA), (0, 0));
    assert_eq!(bench.at_hub(ANNA).len(), 2);
    assert_eq!(stored(&mut bench.hub, "device-0", &[photo]).len(), 1);
    let pulled = bench.desk(ANNA).look(|store, _| store.pulled().unwrap());
    assert_eq!(pulled.1, 0, "it was given nothing");
}

#[test]
fn a_wipe_that_was_ordered_waits_for_what_a_restored_hub_has_lost_since() {
    let mut bench = Bench::new();
    let visit = bench.visit(ANNA);
    bench.settle(ANNA);
    bench.hub.revoke_with("device-1", true);
    let yesterday = bench.hub.backup();
    bench.answer(ANNA, &visit, 1);
    let photo = bench.photo(ANNA, &visit, 20_000);
    bench
        .way
        .extend([Way::Through, Way::Refused(ProblemCode::Internal)]);
    bench.run(ANNA);
    // the photo stepped back; the order comes while it is still here
    bench.now_ms += 61_000;
    bench.turn(ANNA);
    let standing = bench.tablets[ANNA].engine.state().standing;
    assert_eq!(standing, Standing::Revoked { wipe: true });
    bench.hub.restore(yesterday);
    assert_eq!(bench.at_hub(ANNA).len(), 1);
    let mut minutes = 0;
    while bench.run(ANNA) != Turn::Wipe {
        bench.now_ms += 61_000;
        minutes += 1;
        assert!(minutes < 10, "{:?}", bench.asked);
    }
    assert_eq!(bench.at_hub(ANNA).len(), 3, "it was handed in again");
    assert_eq!(stored(&mut bench.hub, "device-0", &[photo]).len(), 1);
}

#[test]
fn a_tablet_that_a_restored_hub_never_revoked_is_in_order_again() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench.settle(ANNA);
    let yesterday = bench.hub.backup();
    bench.hub.revoke_with("device-1", false);
    bench.now_ms += 61_000;
    bench.run(ANNA);
    let standing = |bench: &Bench| bench.tablets[ANNA].engine.state().standing;
    assert_eq!(standing(&bench), Standing::Revoked { wipe: false });
    bench.hub.restore(yesterday);
    for _ in 0..2 {
        bench.now_ms += 61_000;
        bench.run(ANNA);
    }
    assert_eq!(standing(&bench), Standing::Enrolled);
    bench.check();
}

#[test]
fn a_hub_that_refuses_even_the_pushes_of_a_revoked_tablet_is_not_hammered() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench
        .way
        .extend(vec![Way::Refused(ProblemCode::DeviceRevoked); 100]);
    assert_eq!(
        why(&bench.run(ANNA)),
        Why::Trouble(TroubleKind::NotUnderstood)
    );
    assert!(bench.asked.len() < 10, "{:?}", bench.asked);
    assert_eq!(bench.waiting(ANNA).0, 1, "and nothing is destroyed");
}

#[test]
fn a_revoked_tablet_without_the_order_stays_as_it_is() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench.hub.revoke_with("device-1", false);
    bench.run(ANNA);
    bench.now_ms += 61_000;
    assert_eq!(why(&bench.run(ANNA)), Why::Idle);
    assert_eq!(
        bench.tablets[ANNA].engine.state().standing,
        Standing::Revoked { wipe: false }
    );
    // what is written later is sent, too
    bench.visit(ANNA);
    bench.run(ANNA);
    assert_eq!(bench.waiting(ANNA).0, 0);
}

#[test]
fn a_token_that_the_hub_forgot_needs_a_new_code_and_the_log_stays() {
    let mut bench = Bench::new();
    bench.visit(ANNA);
    bench.way.push_back(Way::Refused(ProblemCode::TokenUnknown));
    assert_eq!(bench.run(ANNA), Turn::EnrolNeeded);
    assert_eq!(bench.asked.len(), 1, "no hammering");
    assert_eq!(bench.waiting(ANNA).0, 1);
    bench.tablets[ANNA].engine.enrolled();
    bench.settle(ANNA);
    bench.check();
}
