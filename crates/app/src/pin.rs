//! The PIN that ends hand-over mode. It guards the screen, not the data: it lies inside the encrypted database.

use crate::{App, Outcome, Session};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::event::sha256_hex;
use serde::{Deserialize, Serialize};

const KEY: &str = "pin";
/// Wrong tries before a pause.
const TRIES: u32 = 5;
const PAUSE_MS: i64 = 30_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pin {
    salt: String,
    hash: String,
    wrong: u32,
    locked_until_ms: i64,
}

fn digest(salt: &str, pin: &str) -> String {
    sha256_hex(format!("{salt}:{pin}").as_bytes())
}

/// Refuses what is not 4 to 8 digits.
pub(crate) fn check_shape(pin: &str) -> Outcome<()> {
    let digits = pin.chars().all(|c| c.is_ascii_digit());
    if digits && (4..=8).contains(&pin.len()) {
        Ok(())
    } else {
        Err(Code::PinInvalid.into())
    }
}

impl App {
    pub(crate) fn set_pin(&self, session: &mut Session, pin: &str) -> Outcome<()> {
        check_shape(pin)?;
        let mut salt = [0; 16];
        self.device.random(&mut salt);
        let salt: String = salt.iter().map(|b| format!("{b:02x}")).collect();
        let hash = digest(&salt, pin);
        save(
            session,
            &Pin {
                salt,
                hash,
                wrong: 0,
                locked_until_ms: 0,
            },
        )
    }

    /// Checks a PIN; five wrong ones pause for 30 s.
    pub(crate) fn check_pin(&self, session: &mut Session, pin: &str, now_ms: i64) -> Outcome<()> {
        let text = session.store.setting(KEY)?.unwrap_or_default();
        let mut known: Pin = serde_json::from_str(&text).map_err(crate::AppError::internal)?;
        // a clock set back must not lock the tablet for good
        let left_ms = (known.locked_until_ms - now_ms).min(PAUSE_MS);
        if left_ms > 0 {
            let seconds = (left_ms + 999) / 1000;
            return Err(Refusal::new(Code::PinLocked)
                .with("seconds", seconds)
                .into());
        }
        if digest(&known.salt, pin) == known.hash {
            if known.wrong > 0 {
                known.wrong = 0;
                save(session, &known)?;
            }
            return Ok(());
        }
        known.wrong += 1;
        let left = TRIES.saturating_sub(known.wrong);
        if left == 0 {
            known.wrong = 0;
            known.locked_until_ms = now_ms + PAUSE_MS;
        }
        save(session, &known)?;
        Err(Refusal::new(Code::PinWrong).with("left", left).into())
    }

    /// Changes the PIN.
    ///
    /// # Errors
    /// [`Code::PinWrong`], [`Code::PinLocked`], [`Code::PinInvalid`].
    pub fn change_pin(&self, old: &str, new: &str) -> Outcome<()> {
        let now = self.now()?;
        self.with(|session| {
            check_shape(new)?;
            self.check_pin(session, old, now.wall_ms)?;
            self.set_pin(session, new)
        })
    }
}

fn save(session: &mut Session, pin: &Pin) -> Outcome<()> {
    let text = serde_json::to_string(pin).map_err(crate::AppError::internal)?;
    Ok(session.store.set_setting(KEY, &text)?)
}
