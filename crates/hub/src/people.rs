//! Staff, enrolment and devices. Tokens and codes are stored as hashes only.

use crate::call::Call;
use crate::error::{HubError, Outcome};
use crate::hub::{self, Hub};
use crate::routing;
use crate::sql::people::{self, Device};
use crate::team;
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::{EnrolRequest, EnrolResponse, PROTO, ProblemCode, Role, StaffCard};

/// How long an enrolment code is good, ms.
pub const CODE_MS: i64 = 24 * 3_600_000;

/// Most characters of a name, a number or a team.
const NAME_CHARS: usize = 40;

/// Who calls, by the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The device's id.
    pub device: String,
    /// Whose it is.
    pub staff: StaffCard,
    /// It may send, no longer receive.
    pub revoked: bool,
    /// Its data are to be deleted once they were pushed.
    pub wipe: bool,
}

impl Caller {
    /// Holds the caller to some roles; a revoked device has none.
    ///
    /// # Errors
    /// [`ProblemCode::DeviceRevoked`], [`ProblemCode::RoleForbids`].
    pub fn must_be(&self, roles: &[Role]) -> Outcome<()> {
        if self.revoked {
            return Err(self.refused_as_revoked());
        }
        self.must_drain_as(roles)
    }

    /// The same, but a revoked device may, too: what it holds has to come in.
    ///
    /// # Errors
    /// [`ProblemCode::RoleForbids`].
    pub fn must_drain_as(&self, roles: &[Role]) -> Outcome<()> {
        match roles.contains(&self.staff.role) {
            true => Ok(()),
            false => Err(HubError::refused(ProblemCode::RoleForbids)),
        }
    }

    /// The refusal of a revoked device that has nothing left to send; it carries the order to wipe.
    pub(crate) fn refused_as_revoked(&self) -> HubError {
        match HubError::refused(ProblemCode::DeviceRevoked) {
            HubError::Refused(problem) => HubError::Refused(doorstep_domain::wire::Problem {
                wipe: self.wipe,
                ..problem
            }),
            other => other,
        }
    }
}

impl Hub {
    /// Adds a person, or changes one. Another role or team takes effect at once: what the person may read now comes, and
    /// nothing more of what they may not.
    ///
    /// # Errors
    /// [`ProblemCode::BadRequest`] for an empty or overlong field; storage trouble.
    pub fn put_staff(&mut self, staff: &StaffCard, call: &Call) -> Outcome<()> {
        let fields = [
            (&staff.actor.staff_no, 1),
            (&staff.actor.name, 1),
            (&staff.phone, 0),
            (&staff.team, 1),
        ];
        let fits = |text: &str, least: usize| {
            let n = text.trim().chars().count();
            (least..=NAME_CHARS).contains(&n) && !text.chars().any(char::is_control)
        };
        if !fields.iter().all(|(text, least)| fits(text, *least)) {
            return Err(HubError::because(
                ProblemCode::BadRequest,
                "工号、姓名、班组不能空着，最多 40 个字。",
                "Number, name and team must be filled, with at most 40 characters.",
            ));
        }
        self.write(|tx| team::put_staff(tx, staff, call))
    }

    /// Everybody.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn staff(&self) -> Outcome<Vec<StaffCard>> {
        people::all_staff(&self.connection)
    }

    /// One person.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; storage trouble.
    pub fn person(&self, staff_no: &str) -> Outcome<StaffCard> {
        people::staff(&self.connection, staff_no)?.ok_or_else(|| unknown_person(staff_no))
    }

    /// A one-time code that makes a device this person's; it is shown once and good for [`CODE_MS`].
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; storage trouble.
    pub fn new_code(&mut self, staff_no: &str, call: &Call) -> Outcome<String> {
        self.person(staff_no)?;
        let code = call.code();
        let hash = code_hash(&code);
        self.write(|tx| {
            people::put_code(tx, &hash, staff_no, call.now_ms().saturating_add(CODE_MS))
        })?;
        Ok(code)
    }

    /// Makes a device. The token is in the answer and nowhere else.
    ///
    /// # Errors
    /// [`ProblemCode::CodeExpired`] for any code that is not good, [`ProblemCode::ProtocolUnknown`]; storage trouble.
    pub fn enrol(&mut self, request: &EnrolRequest, call: &Call) -> Outcome<EnrolResponse> {
        if request.proto > PROTO {
            return Err(HubError::refused(ProblemCode::ProtocolUnknown));
        }
        let name: String = request
            .device_name
            .trim()
            .chars()
            .take(NAME_CHARS)
            .collect();
        let token = call.secret("token");
        let hub = self.id().to_owned();
        self.write(|tx| {
            let staff_no = people::use_code(tx, &code_hash(&request.code), call.now_ms())?
                .ok_or_else(|| HubError::refused(ProblemCode::CodeExpired))?;
            let staff = people::staff(tx, &staff_no)?.ok_or_else(|| unknown_person(&staff_no))?;
            let device = Device {
                id: call.id("device", 0),
                staff_no,
                name,
                enrolled_ms: call.now_ms(),
                revoked_ms: None,
                wipe: false,
                seen_ms: 0,
                queued: 0,
                since_ms: 0,
            };
            people::put_device(tx, &device, &sha256_hex(token.as_bytes()))?;
            routing::start(tx, &device.id, &staff, call.now_ms())?;
            Ok(EnrolResponse {
                token,
                device: device.id,
                hub,
                epoch: hub::epoch(tx)?,
                server_ms: call.now_ms(),
                staff,
            })
        })
    }

    /// Who a token belongs to.
    ///
    /// # Errors
    /// [`ProblemCode::TokenUnknown`]; storage trouble.
    pub fn authenticate(&self, token: &str) -> Outcome<Caller> {
        let unknown = || HubError::refused(ProblemCode::TokenUnknown);
        let hash = sha256_hex(token.as_bytes());
        let device = people::device_by_token(&self.connection, &hash)?.ok_or_else(unknown)?;
        let staff = people::staff(&self.connection, &device.staff_no)?.ok_or_else(unknown)?;
        Ok(Caller {
            device: device.id,
            staff,
            revoked: device.revoked_ms.is_some(),
            wipe: device.wipe,
        })
    }

    /// Every device.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn devices(&self) -> Outcome<Vec<Device>> {
        people::all_devices(&self.connection)
    }

    /// Takes a device's right to receive; with `wipe` it is told to delete its data once they were pushed.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; storage trouble.
    pub fn revoke(&mut self, device: &str, wipe: bool, call: &Call) -> Outcome<()> {
        self.write(
            |tx| match people::revoke(tx, device, wipe, call.now_ms())? {
                true => Ok(()),
                false => Err(HubError::because(
                    ProblemCode::NotFound,
                    "没有这台设备。",
                    "There is no such device.",
                )),
            },
        )
    }
}

pub(crate) fn unknown_person(staff_no: &str) -> HubError {
    HubError::because(
        ProblemCode::NotFound,
        &format!("没有工号 {staff_no}。"),
        &format!("There is no staff number {staff_no}."),
    )
}

/// A code may be typed with or without dashes, in any case.
fn code_hash(code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    sha256_hex(plain.as_bytes())
}
