//! What can go wrong, for the log; and what the other side is told, which says nothing about the inside.

use doorstep_domain::event::EventError;
use doorstep_domain::wire::{Problem, ProblemCode};
use rusqlite::ErrorCode;
use std::io;

/// Why the hub did not do something.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The caller may not, or asked for something that cannot be.
    #[error("{}", .0.en)]
    Refused(Problem),
    /// No room: nothing was taken.
    #[error("the disk is full")]
    DiskFull,
    /// Another process writes for longer than it should.
    #[error("the database is busy")]
    Busy,
    /// SQLite.
    #[error("database")]
    Database(#[source] rusqlite::Error),
    /// Files.
    #[error("{doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// An event of the hub's own could not be written.
    #[error("own event")]
    Event(#[from] EventError),
    /// What is stored is not what was stored.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A setting that durability stands on was refused.
    #[error("unsafe setting: {0}")]
    Unsafe(String),
    /// The data belong to a newer version.
    #[error("the data are of version {found}, this program knows {newest}")]
    FromFuture {
        /// Version found.
        found: u32,
        /// Newest version known.
        newest: u32,
    },
    /// The folder is in use by a running hub.
    #[error("a hub is running on this folder")]
    InUse,
}

/// Result of the hub's calls.
pub type Outcome<T> = Result<T, HubError>;

impl HubError {
    /// A refusal in the code's own words.
    #[must_use]
    pub fn refused(code: ProblemCode) -> HubError {
        let (zh, en) = words(code);
        HubError::because(code, zh, en)
    }

    /// A refusal that says more.
    #[must_use]
    pub fn because(code: ProblemCode, zh: &str, en: &str) -> HubError {
        HubError::Refused(Problem {
            code,
            zh: zh.to_owned(),
            en: en.to_owned(),
            retry_after_s: None,
            wipe: false,
        })
    }

    pub(crate) fn io(doing: &'static str, source: io::Error) -> HubError {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => HubError::DiskFull,
            _ => HubError::Io { doing, source },
        }
    }

    /// What the other side is told.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let plain = |code, retry_after_s| {
            let (zh, en) = words(code);
            Problem {
                code,
                zh: zh.to_owned(),
                en: en.to_owned(),
                retry_after_s,
                wipe: false,
            }
        };
        match self {
            HubError::Refused(problem) => problem.clone(),
            HubError::DiskFull => plain(ProblemCode::DiskFull, Some(300)),
            HubError::Busy | HubError::InUse => plain(ProblemCode::Unavailable, Some(5)),
            _ => plain(ProblemCode::Internal, Some(60)),
        }
    }
}

impl From<rusqlite::Error> for HubError {
    fn from(error: rusqlite::Error) -> HubError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => HubError::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HubError::Busy,
            _ => HubError::Database(error),
        }
    }
}

/// A code's own sentences.
fn words(code: ProblemCode) -> (&'static str, &'static str) {
    match code {
        ProblemCode::TokenUnknown => (
            "服务器不认识这台设备，请用新的注册码重新注册；平板里的记录都还在。",
            "The server does not know this device. Enrol it again with a new code; its records are kept.",
        ),
        ProblemCode::DeviceRevoked => (
            "这台设备已停用：还可以上传，不能再下载。",
            "This device was revoked: it may still send, but no longer receive.",
        ),
        ProblemCode::RoleForbids => ("您的角色不能这样做。", "Your role may not do this."),
        ProblemCode::BadRequest => ("请求看不懂。", "The request cannot be read."),
        ProblemCode::ProtocolUnknown => (
            "平板的版本比服务器新，请先升级服务器。",
            "The tablet speaks a newer protocol. Update the server first.",
        ),
        ProblemCode::NotFound => ("没有找到。", "Not found."),
        ProblemCode::Conflict => (
            "和现在的状态冲突。",
            "The present state does not allow this.",
        ),
        ProblemCode::CodeExpired => (
            "注册码已用过或已过期，请向办公室要一个新的。",
            "The enrolment code was used or is too old. Ask the office for a new one.",
        ),
        ProblemCode::TooLarge => ("内容太大。", "Too large."),
        ProblemCode::TooMany => (
            "请求太频繁，请稍后再试。",
            "Too many requests. Try again later.",
        ),
        ProblemCode::Internal => (
            "服务器内部出错，已记录。",
            "A fault of the server's own; it was logged.",
        ),
        ProblemCode::Unavailable => (
            "服务器正忙或正在关闭，请稍后再试。",
            "The server is busy or shutting down. Try again later.",
        ),
        ProblemCode::DiskFull => (
            "服务器磁盘已满，什么也没有收下；请联系管理员。",
            "The server's disk is full and nothing was taken. Tell the administrator.",
        ),
    }
}
