//! A code from the office makes this tablet one of the company's.

use super::dto::{EnrolProfile, Office, SyncPanel};
use super::{ACCESS, Access, apart};
use crate::dto::{Boot, BootState};
use crate::{App, AppError, Outcome, Session, pin};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::wire::{EnrolRequest, EnrolResponse, PROTO, ProblemCode};
use doorstep_store::Profile;
use doorstep_sync::http::{HttpLink, address_of};
use doorstep_sync::link::LinkError;

/// Longest name of a device, characters.
const DEVICE_NAME: usize = 40;

impl App {
    /// 开始使用 with a code: the profile belongs to whom the code was given for.
    ///
    /// # Errors
    /// [`Code::PinInvalid`], [`Code::PassphraseNeeded`], [`Code::PassphraseShort`], [`Code::EnrolAddress`],
    /// [`Code::EnrolCode`], [`Code::HubUnreachable`], [`Code::HubNotDoorstep`], [`Code::HubRefused`], storage trouble.
    /// The code is used only by the last step, so a wrong PIN does not cost one.
    pub fn start_enrolled(&self, new: &EnrolProfile) -> Outcome<Boot> {
        self.now()?;
        pin::check_shape(&new.pin)?;
        let address = full_address(&new.address)?;
        let _one_at_a_time = self.opening();
        if self.lock().is_some() {
            return Ok(self.boot_as(BootState::Ready));
        }
        let folder = self.folder(Profile::Real);
        let key = self.real_key(&folder, new.passphrase.as_deref())?;
        let mut session = self.session(&folder, &key, false)?;
        let answer = ask(&address, &new.code, &new.device_name)?;
        keep(&mut session, &address, &answer)?;
        self.set_pin(&mut session, &new.pin)?;
        *self.lock() = Some(session);
        self.begin_sync()?;
        Ok(self.boot_as(BootState::Ready))
    }

    /// Enrols the open profile, or enrols it anew after the server forgot its token. Everything that was recorded stays.
    ///
    /// # Errors
    /// [`Code::NoProfile`] in the demo or without a profile, [`Code::EnrolOtherPerson`] when the code was given for
    /// somebody else (it is used then); as [`App::start_enrolled`].
    pub fn enrol(&self, address: &str, code: &str, device_name: &str) -> Outcome<SyncPanel> {
        let address = full_address(address)?;
        let staff_no = self.with(|session| match session.demo {
            true => Err(Code::NoProfile.into()),
            false => Ok(session.technician.staff_no.clone()),
        })?;
        // without the lock: taps go on while the server is asked
        let answer = ask(&address, code, device_name)?;
        if answer.staff.actor.staff_no != staff_no {
            let told = Refusal::new(Code::EnrolOtherPerson).with("name", &answer.staff.actor.name);
            return Err(told.into());
        }
        self.with(|session| keep(session, &address, &answer))?;
        self.sync.stop();
        self.begin_sync()?;
        self.sync_panel()
    }
}

/// `https` is meant where nothing is said.
fn full_address(typed: &str) -> Outcome<String> {
    let typed = typed.trim();
    let address = match typed.contains("://") {
        true => typed.to_owned(),
        false => format!("https://{typed}"),
    };
    match address_of(&address) {
        Ok(_) if !typed.is_empty() => Ok(address),
        _ => Err(Code::EnrolAddress.into()),
    }
}

fn ask(address: &str, code: &str, device_name: &str) -> Outcome<EnrolResponse> {
    let request = EnrolRequest {
        proto: PROTO,
        code: code.trim().to_owned(),
        device_name: device_name.trim().chars().take(DEVICE_NAME).collect(),
    };
    let asked = || {
        let link = HttpLink::new(address, None, None).map_err(AppError::internal)?;
        link.enrol(&request).map_err(refused)
    };
    apart(asked)?
}

fn refused(error: LinkError) -> AppError {
    let code = match &error {
        LinkError::Offline | LinkError::Cut | LinkError::Slow => Code::HubUnreachable,
        LinkError::Stranger | LinkError::Nonsense(_) => Code::HubNotDoorstep,
        LinkError::Refused(problem) => match problem.code {
            ProblemCode::CodeExpired | ProblemCode::BadRequest => Code::EnrolCode,
            ProblemCode::Unavailable => Code::HubUnreachable,
            _ => Code::HubRefused,
        },
    };
    let mut refusal = Refusal::new(code);
    if let LinkError::Refused(problem) = &error {
        refusal = refusal.with("zh", &problem.zh).with("en", &problem.en);
    }
    AppError {
        refusal,
        cause: Some(error.into()),
    }
}

/// The token first: a staff card without it would look enrolled.
fn keep(session: &mut Session, address: &str, answer: &EnrolResponse) -> Outcome<()> {
    let access = Access {
        address: address.to_owned(),
        hub: answer.hub.clone(),
        device: answer.device.clone(),
        token: answer.token.clone(),
    };
    let text = serde_json::to_string(&access).map_err(AppError::internal)?;
    session.store.set_setting(ACCESS, &text)?;
    session.become_staff(Office::new(address, &answer.staff), &answer.staff.phone)
}
