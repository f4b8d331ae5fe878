//! The one thread that syncs: turn after turn, resting as the engine says, woken by who has something to say.

use crate::engine::{Engine, Env, Profile, Turn};
use crate::link::Link;
use crate::status::Status;
use doorstep_domain::time::Stamp;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// After a defect of our own the sync begins again, but not at once.
const AFTER_A_DEFECT: Duration = Duration::from_secs(60);
/// No rest is longer than this in one piece: a machine that slept may have lost the count of time.
const LONGEST_REST: Duration = Duration::from_secs(300);

/// Clock and randomness of the machine.
pub trait Machine {
    /// Now, by all the clocks there are.
    fn now(&self) -> Stamp;
    /// Fills a slice from the operating system's generator.
    fn random(&self, out: &mut [u8]);
}

#[derive(Default)]
struct Wanted {
    /// Back-offs end.
    wake: bool,
    /// There is something new; back-offs stand.
    nudge: bool,
    stop: bool,
}

#[derive(Default)]
struct Bell {
    wanted: Mutex<Wanted>,
    rung: Condvar,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self, change: impl FnOnce(&mut Wanted)) {
        change(&mut self.lock());
        self.rung.notify_all();
    }

    /// Sleeps until somebody rings, at most so long.
    fn rest(&self, most: Option<Duration>) {
        let quiet = |w: &mut Wanted| !(w.wake || w.nudge || w.stop);
        let guard = self.lock();
        match most {
            Some(most) => drop(
                self.rung
                    .wait_timeout_while(guard, most.min(LONGEST_REST), quiet),
            ),
            None => drop(self.rung.wait_while(guard, quiet)),
        }
    }
}

/// A running sync. Dropping it stops it.
pub struct Task {
    bell: Arc<Bell>,
}

impl Task {
    /// Starts the thread. `tell` is called after every turn. It ends when it is stopped, when the profile is closed, and
    /// after it told of [`Turn::Wipe`].
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        engine: Engine,
        link: impl Link + Send + 'static,
        profile: impl Profile + Send + 'static,
        machine: impl Machine + Send + 'static,
        tell: impl FnMut(&Turn, &Status) + Send + 'static,
    ) -> io::Result<Task> {
        let bell = Arc::new(Bell::default());
        let heard = Arc::clone(&bell);
        std::thread::Builder::new()
            .name("sync".to_owned())
            .spawn(move || run(&heard, engine, link, &profile, &machine, tell))?;
        Ok(Task { bell })
    }

    /// Network change, app start, 现在重试: tries now.
    pub fn wake(&self) {
        self.bell.ring(|w| w.wake = true);
    }

    /// There are new events; they go out unless a back-off runs.
    pub fn nudge(&self) {
        self.bell.ring(|w| w.nudge = true);
    }
}

impl Drop for Task {
    /// Asks the thread to end; what is on its way is let through first, and nobody waits for it.
    fn drop(&mut self) {
        self.bell.ring(|w| w.stop = true);
    }
}

fn run(
    bell: &Bell,
    mut engine: Engine,
    mut link: impl Link,
    profile: &impl Profile,
    machine: &impl Machine,
    mut tell: impl FnMut(&Turn, &Status),
) {
    loop {
        {
            let mut wanted = bell.lock();
            if wanted.stop {
                return;
            }
            wanted.nudge = false;
            if std::mem::take(&mut wanted.wake) {
                engine.wake();
            }
        }
        let mut env = Env {
            now: machine.now(),
            random: &mut |out: &mut [u8]| machine.random(out),
        };
        let started = env.now.mono_ms;
        // a defect must not leave a technician with a sync that is silently dead
        let turn = catch_unwind(AssertUnwindSafe(|| {
            engine.turn(&mut link, profile, &mut env)
        }));
        let Ok(turn) = turn else {
            tracing::error!("sync: a defect, beginning again");
            engine = Engine::new(engine.state().standing, started);
            bell.rest(Some(AFTER_A_DEFECT));
            continue;
        };
        tell(&turn, engine.status());
        match turn {
            Turn::Worked { .. } => {}
            Turn::Wait { until_ms, .. } => {
                let left = until_ms.saturating_sub(machine.now().mono_ms);
                bell.rest(Some(Duration::from_millis(left)));
            }
            Turn::EnrolNeeded => bell.rest(None),
            Turn::Wipe | Turn::Closed => return,
        }
    }
}
