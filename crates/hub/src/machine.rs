//! The machine's clock and randomness, asked here and nowhere else.

use crate::commands::Failure;
use chrono::{Local, Offset};
use doorstep_domain::time::Stamp;
use doorstep_hub::Call;
use std::sync::OnceLock;
use std::time::Instant;

/// Now, with fresh randomness.
#[expect(clippy::disallowed_methods, reason = "the one clock of the hub")]
pub(crate) fn call() -> Result<Call, Failure> {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    let mut entropy = [0; 32];
    getrandom::fill(&mut entropy).map_err(|e| {
        Failure::new("系统不给随机数。", "The system gives no randomness.").caused(e)
    })?;
    let now = Local::now();
    let started = STARTED.get_or_init(Instant::now).elapsed().as_millis();
    Ok(Call {
        at: Stamp {
            wall_ms: now.timestamp_millis(),
            offset_min: now.offset().fix().local_minus_utc() / 60,
            zone: std::env::var("TZ").unwrap_or_else(|_| "Asia/Shanghai".to_owned()),
            mono_ms: u64::try_from(started).unwrap_or(u64::MAX),
            boot_id: format!("process-{}", std::process::id()),
        },
        entropy,
    })
}
