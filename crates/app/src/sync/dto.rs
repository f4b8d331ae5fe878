//! What the chip, the panel and the enrolment show.

use crate::dto::RowState;
use doorstep_domain::event::Actor;
use doorstep_domain::time::Moment;
use doorstep_domain::wire::{Role, StaffCard};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The company's server, and who this is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Office {
    /// Address as typed.
    pub address: String,
    /// Number and name.
    pub staff: Actor,
    /// 班组
    pub team: String,
    /// What this person may do.
    pub role: Role,
}

impl Office {
    pub(crate) fn new(address: &str, card: &StaffCard) -> Office {
        Office {
            address: address.to_owned(),
            staff: card.actor.clone(),
            team: card.team.clone(),
            role: card.role,
        }
    }
}

/// 开始使用 with a code from the office; name, number and phone come from the server.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct EnrolProfile {
    /// `https://…`; without a scheme, https is meant.
    pub address: String,
    /// The one-time code, with or without dashes, in any case.
    pub code: String,
    /// What the office calls the device, `平板 07`.
    pub device_name: String,
    /// PIN of 4 to 8 digits that ends hand-over mode.
    pub pin: String,
    /// Needed when the device has no keystore; at least 8 characters.
    pub passphrase: Option<String>,
}

/// What the server thinks of this tablet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SyncStanding {
    /// The demo: its data never leaves the tablet.
    Demo,
    /// Never enrolled: there is no server.
    #[default]
    Alone,
    /// In order.
    Enrolled,
    /// The server does not know the token any more: a new code is needed. Everything stays.
    Stranger,
    /// The office took the tablet out of use: it hands in what it has and gets nothing.
    Revoked,
}

/// Why nothing is sent at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SyncWhy {
    /// 没有网络
    Offline,
    /// 连接中断
    Cut,
    /// 网络太慢
    Slow,
    /// 网络要求登录
    Portal,
    /// 服务器要求稍后再试
    TooMany,
    /// 服务器出错
    HubFailed,
    /// 服务器磁盘已满
    HubFull,
    /// The server speaks another version.
    NotUnderstood,
    /// 本机存储出错
    Device,
    /// A photo breaks off again and again; everything else is through.
    PhotoFailing,
    /// The server does not take a photo.
    PhotoRejected,
    /// A photo's file is gone on this tablet.
    PhotoVanished,
}

/// One line of the panel: the records or the photos of one visit.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SyncItem {
    /// Which of the two.
    pub kind: SyncItemKind,
    /// The visit; none for what belongs to no visit (kit checks, temporary orders).
    pub visit: Option<String>,
    /// Its customer.
    pub customer: Option<String>,
    /// Short order number.
    pub short_no: Option<String>,
    /// The order's state.
    pub state: Option<RowState>,
    /// Records that wait.
    #[ts(type = "number")]
    pub records: u64,
    /// Photos of the visit, all of them; or standards that wait.
    pub photos: u32,
    /// Of these: the server has them.
    pub photos_sent: u32,
    /// Signatures of the visit that wait; they go before its photos.
    pub signatures: u32,
    /// Bytes that wait, what has been sent of them included.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes of these that the server holds already.
    #[ts(type = "number")]
    pub sent: u64,
}

/// Kinds of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SyncItemKind {
    /// Answers, readings, times.
    Records,
    /// Photos and signatures.
    Photos,
    /// The standards that visits were done by, so that others can read those visits.
    Standards,
}

/// What waits, why, and when it is tried next.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SyncPanel {
    /// What the server thinks of this tablet.
    pub standing: SyncStanding,
    /// Something is being sent now.
    pub working: bool,
    /// Why not; none while all is well.
    pub why: Option<SyncWhy>,
    /// Since when.
    pub since: Option<Moment>,
    /// When it is tried next by itself.
    pub next: Option<Moment>,
    /// When the server last answered.
    pub last_success: Option<Moment>,
    /// In the order they are sent: records, then photos.
    pub waiting: Vec<SyncItem>,
    /// Records that wait.
    #[ts(type = "number")]
    pub records: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub record_bytes: u64,
    /// Photos, signatures and standards that wait.
    #[ts(type = "number")]
    pub photos: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub photo_bytes: u64,
    /// Bytes of these that the server holds already.
    #[ts(type = "number")]
    pub photo_sent: u64,
    /// Photos whose file is gone on this tablet.
    #[ts(type = "number")]
    pub lost_photos: u64,
    /// Ends of former copies' logs that stay on this tablet alone.
    pub given_up: u32,
    /// The server's clock less the tablet's, minutes, when they differ by more than a minute.
    #[ts(type = "number | null")]
    pub clock_off_min: Option<i64>,
}

/// What changed, for the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SyncNews {
    /// Lines of the panel: the records and the photos of one visit are one each.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Something is being sent now.
    pub working: bool,
    /// Why not.
    pub trouble: Option<SyncWhy>,
    /// What the server thinks of this tablet.
    pub standing: SyncStanding,
    /// Streams that changed by what the server sent.
    pub streams: Vec<String>,
    /// The office ordered to delete this profile, and it is deleted.
    pub wiped: bool,
}

/// A visit's parts and which of them the server has.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct VisitParts {
    /// Records here.
    #[ts(type = "number")]
    pub records: u64,
    /// Of these: the server has them.
    #[ts(type = "number")]
    pub records_confirmed: u64,
    /// Photos and signatures.
    pub photos: Vec<PartPhoto>,
    /// The server and its backup have everything: the photos may leave this tablet.
    pub deletable: bool,
}

/// A picture or a signature of a visit.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct PartPhoto {
    /// Its name.
    pub sha256: String,
    /// What it holds.
    pub kind: PartKind,
    /// Length in bytes, where it is known.
    #[ts(type = "number | null")]
    pub bytes: Option<u64>,
    /// The server has it, whole.
    pub stored: bool,
    /// It was deleted here after that.
    pub deleted: bool,
}

/// What a part holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PartKind {
    /// A photo.
    Photo,
    /// A signature.
    Signature,
}
