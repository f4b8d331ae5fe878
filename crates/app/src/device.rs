//! What a use case needs from the machine. Stories pass a fixed one, the shell the real one.

use chrono::{Local, Offset};
use doorstep_domain::time::Stamp;
use doorstep_store::{Keystore, OsKeystore};
use std::path::PathBuf;
use std::time::Instant;

/// 2026-01-01: a clock before this was never set, and promises would be judged by it.
pub const EARLIEST_MS: i64 = 1_767_225_600_000;

/// Clock, randomness, keystore and folders.
pub trait Device: Send + Sync {
    /// Now, by all the clocks there are.
    fn now(&self) -> Stamp;
    /// Fills `bytes` from the operating system's generator.
    fn random(&self, bytes: &mut [u8]);
    /// The keystore.
    fn keystore(&self) -> &dyn Keystore;
    /// Where saved tickets go.
    fn documents(&self) -> PathBuf;
}

/// This machine.
pub struct ThisDevice {
    started: Instant,
    boot_id: String,
    zone: String,
    documents: PathBuf,
    keystore: OsKeystore,
}

impl ThisDevice {
    /// This machine; saved tickets go to `documents`.
    #[must_use]
    pub fn new(documents: PathBuf) -> ThisDevice {
        let read = |path: &str| {
            std::fs::read_to_string(path)
                .map(|s| s.trim().to_owned())
                .ok()
        };
        let zone = std::env::var("TZ").ok().filter(|z| z.contains('/'));
        let zone = zone.or_else(|| read("/etc/timezone").filter(|z| !z.is_empty()));
        ThisDevice {
            started: Instant::now(),
            boot_id: read("/proc/sys/kernel/random/boot_id").unwrap_or_default(),
            zone: zone.unwrap_or_else(|| "Asia/Shanghai".to_owned()),
            documents,
            keystore: OsKeystore,
        }
    }

    /// Milliseconds since boot; since start where the system does not tell.
    fn mono_ms(&self) -> u64 {
        let uptime = std::fs::read_to_string("/proc/uptime").ok();
        let seconds = uptime
            .as_deref()
            .and_then(|s| s.split(' ').next()?.replace('.', "").parse::<u64>().ok());
        let since_start = || u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        // hundredths of a second
        seconds.map_or_else(since_start, |hundredths| hundredths * 10)
    }
}

impl Device for ThisDevice {
    #[expect(clippy::disallowed_methods, reason = "the one clock of the device")]
    fn now(&self) -> Stamp {
        let now = Local::now();
        Stamp {
            wall_ms: now.timestamp_millis(),
            offset_min: now.offset().fix().local_minus_utc() / 60,
            zone: self.zone.clone(),
            mono_ms: self.mono_ms(),
            boot_id: self.boot_id.clone(),
        }
    }

    fn random(&self, bytes: &mut [u8]) {
        // Without randomness there is no key and no id; nothing sensible can go on.
        if let Err(error) = getrandom::fill(bytes) {
            tracing::error!(%error, "the operating system gives no randomness");
            std::process::abort();
        }
    }

    fn keystore(&self) -> &dyn Keystore {
        &self.keystore
    }

    fn documents(&self) -> PathBuf {
        self.documents.clone()
    }
}
