//! What tablets and the hub say to each other. Pure types; who speaks is told by the token, not by the body.
//!
//! One round trip (`POST /v1/sync`) carries a push, a pull and the state of the blobs. Every reply of the hub bears the
//! header [`MARKER`]: a reply without it comes from someone in between (a captive portal) and acknowledges nothing.

use crate::event::Actor;
use crate::time::Stamp;
use serde::{Deserialize, Serialize};

/// Version of this protocol. A hub answers [`ProblemCode::ProtocolUnknown`] to a newer one.
pub const PROTO: u32 = 1;
/// Header that only the hub sets; its value is the hub's id.
pub const MARKER: &str = "doorstep-hub";
/// Most bytes of event texts in one push or one page of deliveries.
pub const MAX_BATCH_BYTES: usize = 256 * 1024;
/// A push begins with this many bytes and grows while the link carries it.
pub const FIRST_BATCH_BYTES: usize = 16 * 1024;

/// A place in a log: the number of its newest event and the hash of that event's content. `(0, "")` is before the first.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number, from 1.
    pub seq: u64,
    /// Content hash, lower-case hex.
    pub hash: String,
}

/// One event as it travels: the content's exact text and its place in the log it was written to.
/// `prev` lets a receiver who holds the event before check the chain.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireEvent {
    /// The log it was written to.
    pub log_id: String,
    /// Its number there.
    pub seq: u64,
    /// Content hash of the event before it there; empty for the first.
    pub prev: String,
    /// The content, never re-serialised.
    pub text: String,
}

/// A blob that the device holds.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobOffer {
    /// Lower-case hex SHA-256 of its plain bytes.
    pub sha256: String,
    /// Plain length, bytes.
    pub bytes: u64,
}

/// Push, pull and blobs in one question.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`PROTO`].
    pub proto: u32,
    /// This incarnation of the device's database.
    pub log_id: String,
    /// The device's newest own event, so that the hub sees a restored copy even when it pushes nothing.
    pub head: Head,
    /// The event that the first pushed one follows.
    pub base: Head,
    /// Own events, contiguous from `base.seq + 1`.
    pub events: Vec<WireEvent>,
    /// Blobs that no reply said to be stored yet; a page of them, those of the oldest events first.
    pub blobs: Vec<BlobOffer>,
    /// The hub's incarnation that `cursor` belongs to; empty before the first reply.
    pub epoch: String,
    /// Number of the last delivery that is durable on the device.
    pub cursor: u64,
    /// Most bytes of deliveries to answer with.
    pub page_bytes: u32,
    /// The device's clocks now.
    pub now: Stamp,
}

/// What became of the push.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "log", rename_all = "snake_case")]
pub enum LogVerdict {
    /// The hub holds the log up to `acked`, and it is durable there. Lower than what the device pushed or was told
    /// before: the hub came back from a backup, and the device pushes again from there.
    Accepted {
        /// The hub's head.
        acked: u64,
    },
    /// The hub holds other or more events of this log: the device was restored from a copy, or cloned. It pulls
    /// them back (`GET /v1/logs/{log_id}?after=`) and goes on under a new log id.
    Forked {
        /// The hub's head.
        head: Head,
    },
}

/// Why an event was taken, but not as it is. It is acknowledged all the same.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// A kind or schema the hub does not know.
    Parked,
    /// It breaks a rule: a person has to look at it.
    NeedsAttention,
}

/// A flag on one pushed event.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFlag {
    /// Number in the pushed log.
    pub seq: u64,
    /// What.
    pub kind: FlagKind,
    /// Which rule, a stable word: `foreign_actor`, `foreign_stream`, `unreadable`, `too_large`, `order_cancelled`,
    /// `order_reassigned`, `second_visit`, `second_verdict`, `submission_unknown`, `not_sent_back`, `clock_jump`,
    /// `unknown_kind`, `id_reused`.
    pub reason: String,
}

/// One event for this recipient.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Number in the recipient's queue, from 1 within an epoch, without gaps.
    pub n: u64,
    /// The event.
    pub event: WireEvent,
}

/// The hub's answer. Everything it acknowledges is durable.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncResponse {
    /// The hub's incarnation; a new one after a restore. Then the device's cursor starts at 0 again, and what it
    /// holds already is known by content id.
    pub epoch: String,
    /// The hub's clock, ms since 1970.
    pub server_ms: i64,
    /// The push.
    pub log: LogVerdict,
    /// Flags on the pushed events.
    #[serde(default)]
    pub flags: Vec<EventFlag>,
    /// The next deliveries, in order.
    #[serde(default)]
    pub deliveries: Vec<Delivery>,
    /// Where the recipient's queue ends at the moment; more is waiting while it is above the last delivery.
    pub queued_through: u64,
    /// Offered blobs that the hub wants, in the order it wants them.
    #[serde(default)]
    pub wanted: Vec<String>,
    /// Offered blobs that are whole and durable at the hub.
    #[serde(default)]
    pub stored: Vec<String>,
    /// Events of the device's log up to here lie in a backup: only below it may a device delete.
    pub backed_up_through: u64,
    /// Who the token belongs to, as the hub has it now.
    pub staff: StaffCard,
    /// For a lead: how the team's tablets are heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamNews>,
}

/// What a lead is told of the team with every answer.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamNews {
    /// The queue of this device reaches back to here, ms since 1970; 0: to everything there is.
    pub since_ms: i64,
    /// The devices of the team's technicians; who has none is listed without one.
    #[serde(default)]
    pub contacts: Vec<Contact>,
}

/// One device of the team.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Whose it is.
    pub staff: Actor,
    /// What the office calls it, `平板 07`; empty: this person has none.
    pub device: String,
    /// When it last synced, ms since 1970 by the hub's clock; none: never.
    pub seen_ms: Option<i64>,
}

/// `POST /v1/backlog`: a lead wants more of the team's history than the device began with.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BacklogRequest {
    /// From this moment on, ms since 1970. Later than what the device has: nothing changes.
    pub since_ms: i64,
}

/// The answer: it lies in the device's queue and comes with the next syncs.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// The queue reaches back to here now; 0: to everything there is.
    pub since_ms: i64,
    /// The hub's incarnation that `queued_through` belongs to.
    pub epoch: String,
    /// Where the device's queue ends now: once the cursor is here, all of it has arrived.
    pub queued_through: u64,
}

/// What a person may do.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// 装维师傅: own orders and visits.
    Technician,
    /// 班组长: the own team's.
    Lead,
    /// 调度: orders of the whole company.
    Dispatcher,
    /// 管理员: staff and devices.
    Admin,
}

/// A person as the hub knows them.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffCard {
    /// Number and name.
    pub actor: Actor,
    /// Phone for the leave-note.
    pub phone: String,
    /// Role.
    pub role: Role,
    /// Team, `一班`.
    pub team: String,
}

/// `POST /v1/enrol`: the code from the office makes this a device of that person's.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// [`PROTO`].
    pub proto: u32,
    /// The one-time code, as typed.
    pub code: String,
    /// What the office calls the device, `平板 07`.
    pub device_name: String,
}

/// The answer to an enrolment. The token is shown once.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// Opaque bearer token.
    pub token: String,
    /// The device's id at the hub.
    pub device: String,
    /// The hub's id, as in [`MARKER`].
    pub hub: String,
    /// The hub's incarnation.
    pub epoch: String,
    /// The hub's clock, ms since 1970.
    pub server_ms: i64,
    /// Who this is.
    pub staff: StaffCard,
}

/// `GET /v1/logs/{log_id}?after=`: a page of the device's own log as the hub holds it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// In order, contiguous.
    pub events: Vec<WireEvent>,
    /// The hub's head.
    pub head: Head,
}

/// Why the hub refused a request as a whole. Content is never refused: see [`EventFlag`].
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 401: no token, or none that the hub knows. A device re-enrols and keeps its log.
    TokenUnknown,
    /// 403: the device was revoked: it may push, not pull. The body may order the wipe.
    DeviceRevoked,
    /// 403: the role may not do this.
    RoleForbids,
    /// 400: not readable as what the endpoint takes.
    BadRequest,
    /// 400: a newer protocol.
    ProtocolUnknown,
    /// 404
    NotFound,
    /// 409: the state does not allow it (an upload offset, a used idempotency key with another body).
    Conflict,
    /// 410: the code was used or is too old.
    CodeExpired,
    /// 413
    TooLarge,
    /// 429: wait `retry_after_s`.
    TooMany,
    /// 500: a defect of the hub's.
    Internal,
    /// 503: shutting down, or busy.
    Unavailable,
    /// 507: the hub's disk is full; nothing was taken.
    DiskFull,
}

/// The body of every refusal.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What.
    pub code: ProblemCode,
    /// A sentence for whoever reads it, Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Seconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// With [`ProblemCode::DeviceRevoked`]: delete this profile's data once everything was pushed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wipe: bool,
}
