//! What the sync knows at a moment, and how each outcome changes it. Pure.

use crate::link::LinkError;
use doorstep_domain::blob::BlobKind;
use doorstep_domain::wire::{FIRST_BATCH_BYTES, MAX_BATCH_BYTES, ProblemCode};
use doorstep_store::WaitingBlob;

/// A push never gets smaller than this.
pub const LEAST_BATCH_BYTES: usize = 4 * 1024;
/// A photo begins with pieces of this size.
pub const FIRST_CHUNK_BYTES: usize = 64 * 1024;
/// The smallest and the largest piece.
pub const CHUNK_BYTES: (usize, usize) = (16 * 1024, 512 * 1024);

/// A blob lets the others pass for this long at first, ms.
pub const FIRST_STEP_BACK_MS: u64 = 30_000;
/// And never for longer than this, ms.
pub const LONGEST_STEP_BACK_MS: u64 = 3_600_000;
/// So many breaks without progress, and a blob steps back.
const BREAKS_TO_STEP_BACK: u32 = 4;

/// What the hub thinks of this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// No token, or one that the hub does not know: a code from the office is needed. The log stays.
    #[default]
    Stranger,
    /// In order.
    Enrolled,
    /// Revoked: pushes what it still has, gets nothing.
    Revoked {
        /// The hub ordered to delete the profile's data once everything was pushed.
        wipe: bool,
    },
}

/// What a failure was, as the chip words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TroubleKind {
    /// 没有网络
    Offline,
    /// 连接中断
    Cut,
    /// 网络太慢
    Slow,
    /// 网络要求登录: a portal answers in place of the hub.
    Portal,
    /// 服务器要求稍后再试
    TooMany,
    /// 服务器出错
    HubFailed,
    /// 服务器磁盘已满
    HubFull,
    /// The hub is newer or older than this app, or defective: it cannot be understood.
    NotUnderstood,
    /// 本机存储出错: this device's own disk.
    Device,
}

/// Failures since the last success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The newest.
    pub kind: TroubleKind,
    /// How many in a row.
    pub in_a_row: u32,
    /// When the newest happened, monotonic ms.
    pub at_ms: u64,
    /// The hub asked to wait this long, ms.
    pub retry_after_ms: Option<u64>,
}

/// What the hub said about an offered blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It was not asked yet.
    Unasked,
    /// It wants it.
    Wanted,
    /// It was offered, and the hub does not want it now.
    NotNow,
}

/// Why a blob stepped back while the others go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobTrouble {
    /// Its file is gone or damaged on this device.
    Vanished,
    /// The hub does not take it: too large, or the bytes do not have the hash.
    Rejected,
    /// Sending it breaks off again and again.
    Failing,
}

/// A blob that the hub has not confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobTask {
    /// Lower-case hex SHA-256.
    pub sha256: String,
    /// Plain length.
    pub bytes: u64,
    /// What it is.
    pub kind: BlobKind,
    /// The visit (its stream) whose key the file lies under.
    pub visit: String,
    /// What the hub said.
    pub wish: Wish,
    /// Bytes the hub holds, where that is known; none: ask first.
    pub offset: Option<u64>,
    /// The most that the hub was known to hold: more than that is progress.
    pub reached: u64,
    /// The hub opened an upload for it.
    pub begun: bool,
    /// Breaks since the last progress.
    pub breaks: u32,
    /// Failures in a row of this blob alone.
    pub failures: u32,
    /// Why it stepped back.
    pub trouble: Option<BlobTrouble>,
    /// Not before, monotonic ms.
    pub not_before_ms: u64,
}

impl BlobTask {
    /// One that nothing is known about yet.
    #[must_use]
    pub fn new(waiting: WaitingBlob) -> BlobTask {
        BlobTask {
            sha256: waiting.offer.sha256,
            bytes: waiting.offer.bytes,
            kind: waiting.kind,
            visit: waiting.visit,
            wish: Wish::Unasked,
            offset: None,
            reached: 0,
            begun: false,
            breaks: 0,
            failures: 0,
            trouble: None,
            not_before_ms: 0,
        }
    }
}

/// Everything that [`crate::plan::plan`] looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What the hub thinks of this device.
    pub standing: Standing,
    /// Own events that the hub has not acknowledged.
    pub unsent_events: u64,
    /// Bytes of their texts.
    pub unsent_bytes: u64,
    /// The hub told that more deliveries wait.
    pub more_queued: bool,
    /// The hub holds another continuation of this log.
    pub forked: bool,
    /// Blobs, those of the oldest events first.
    pub blobs: Vec<BlobTask>,
    /// A revoked device may not send blobs either.
    pub blobs_closed: bool,
    /// The last that was heard of the hub is that it holds all of the log and of what was offered, and that this device is
    /// revoked.
    pub drained: bool,
    /// The last answer to an exchange, monotonic ms.
    pub last_exchange_ms: Option<u64>,
    /// What stops everything.
    pub trouble: Option<Trouble>,
    /// What stops the blobs alone: the hub's disk, a limit, a defect.
    pub blob_trouble: Option<Trouble>,
    /// Bytes of the next push and of the page asked for.
    pub batch: usize,
    /// Bytes of the next piece of a blob.
    pub chunk: usize,
    /// Network change, app start, 现在重试: try now whatever the back-off says.
    pub woken: bool,
}

impl State {
    /// Before anything was tried.
    #[must_use]
    pub fn new(standing: Standing) -> State {
        State {
            standing,
            unsent_events: 0,
            unsent_bytes: 0,
            more_queued: false,
            forked: false,
            blobs: Vec::new(),
            blobs_closed: false,
            drained: false,
            last_exchange_ms: None,
            trouble: None,
            blob_trouble: None,
            batch: FIRST_BATCH_BYTES,
            chunk: FIRST_CHUNK_BYTES,
            woken: standing != Standing::Stranger,
        }
    }

    /// The hub answered an exchange.
    pub fn exchanged(&mut self, now_ms: u64) {
        self.batch = (self.batch * 2).min(MAX_BATCH_BYTES);
        self.trouble = None;
        self.woken = false;
        self.drained = false;
        self.last_exchange_ms = Some(now_ms);
        if self.standing == Standing::Stranger {
            self.standing = Standing::Enrolled;
        }
    }

    /// The hub told where a blob stands; `piece`: after a piece that went through whole.
    pub fn blob_at(&mut self, sha256: &str, offset: u64, piece: bool) {
        self.trouble = None;
        self.blob_trouble = None;
        self.drained = false;
        if piece {
            self.chunk = (self.chunk * 2).min(CHUNK_BYTES.1);
        }
        if let Some(blob) = self.blob_mut(sha256) {
            blob.begun = true;
            blob.offset = Some(offset);
            if offset > blob.reached {
                blob.reached = offset;
                blob.breaks = 0;
                blob.failures = 0;
                blob.trouble = None;
            }
        }
    }

    /// Sending a blob broke off. Where it stands is asked at once; when it breaks again without progress, everything
    /// waits a little, and later this blob steps back.
    pub fn blob_broke(&mut self, sha256: &str, error: &LinkError, now_ms: u64) {
        let breaks = match self.blob_mut(sha256) {
            Some(blob) => {
                blob.offset = None;
                blob.breaks += 1;
                blob.breaks
            }
            None => 0,
        };
        if breaks < 2 {
            self.chunk = (self.chunk / 2).max(CHUNK_BYTES.0);
        } else {
            self.failed(error, now_ms);
        }
        if breaks >= BREAKS_TO_STEP_BACK {
            self.blob_steps_back(sha256, BlobTrouble::Failing, now_ms);
        }
    }

    /// A blob lets the others pass: from 30 s, doubled each time, at most an hour.
    pub fn blob_steps_back(&mut self, sha256: &str, trouble: BlobTrouble, now_ms: u64) {
        if let Some(blob) = self.blob_mut(sha256) {
            blob.offset = None;
            blob.breaks = 0;
            blob.trouble = Some(trouble);
            let doublings = blob.failures.min(7);
            blob.failures = blob.failures.saturating_add(1);
            let wait = (FIRST_STEP_BACK_MS << doublings).min(LONGEST_STEP_BACK_MS);
            blob.not_before_ms = now_ms.saturating_add(wait);
        }
    }

    /// One of the blobs, to note what became of it.
    pub fn blob_mut(&mut self, sha256: &str) -> Option<&mut BlobTask> {
        self.blobs.iter_mut().find(|b| b.sha256 == sha256)
    }

    /// A request failed as a whole: the next ones wait, and are smaller where size may be the reason.
    pub fn failed(&mut self, error: &LinkError, now_ms: u64) {
        if size_may_be_why(error) {
            self.batch = (self.batch / 2).max(LEAST_BATCH_BYTES);
            self.chunk = (self.chunk / 2).max(CHUNK_BYTES.0);
        }
        self.woken = false;
        let retry_after_ms = retry_after(error);
        match (kind_of(error), error) {
            (Some(kind), _) => {
                self.trouble = Some(one_more(self.trouble, kind, retry_after_ms, now_ms))
            }
            (None, LinkError::Refused(problem)) if problem.code == ProblemCode::DeviceRevoked => {
                self.standing = Standing::Revoked { wipe: problem.wipe };
                self.trouble = None;
                self.last_exchange_ms = Some(now_ms);
                self.more_queued = false;
            }
            (None, _) => self.standing = Standing::Stranger,
        }
    }

    /// The blobs' own requests were refused for a reason that has nothing to do with one blob.
    pub fn blobs_refused(&mut self, error: &LinkError, now_ms: u64) {
        let kind = kind_of(error).unwrap_or(TroubleKind::NotUnderstood);
        self.blob_trouble = Some(one_more(
            self.blob_trouble,
            kind,
            retry_after(error),
            now_ms,
        ));
    }

    /// This device's own disk refused.
    pub fn device_failed(&mut self, now_ms: u64) {
        self.woken = false;
        self.trouble = Some(one_more(self.trouble, TroubleKind::Device, None, now_ms));
    }

    /// Try again now.
    pub fn wake(&mut self) {
        self.woken = true;
        self.blob_trouble = None;
        for blob in &mut self.blobs {
            blob.not_before_ms = 0;
        }
    }
}

fn one_more(
    before: Option<Trouble>,
    kind: TroubleKind,
    retry_after_ms: Option<u64>,
    at_ms: u64,
) -> Trouble {
    let in_a_row = before.map_or(0, |t| t.in_a_row).saturating_add(1);
    Trouble {
        kind,
        in_a_row,
        at_ms,
        retry_after_ms,
    }
}

fn size_may_be_why(error: &LinkError) -> bool {
    matches!(error, LinkError::Cut | LinkError::Slow)
        || matches!(
            error.code(),
            Some(ProblemCode::TooLarge | ProblemCode::BadRequest)
        )
}

fn retry_after(error: &LinkError) -> Option<u64> {
    match error {
        LinkError::Refused(problem) => problem.retry_after_s.map(|s| u64::from(s) * 1000),
        _ => None,
    }
}

/// None: it is about the device's standing, not about trying again.
fn kind_of(error: &LinkError) -> Option<TroubleKind> {
    match error {
        LinkError::Offline => Some(TroubleKind::Offline),
        LinkError::Cut => Some(TroubleKind::Cut),
        LinkError::Slow => Some(TroubleKind::Slow),
        LinkError::Stranger => Some(TroubleKind::Portal),
        LinkError::Nonsense(_) => Some(TroubleKind::NotUnderstood),
        LinkError::Refused(problem) => match problem.code {
            ProblemCode::TokenUnknown | ProblemCode::DeviceRevoked => None,
            ProblemCode::TooMany => Some(TroubleKind::TooMany),
            ProblemCode::Internal | ProblemCode::Unavailable => Some(TroubleKind::HubFailed),
            ProblemCode::DiskFull => Some(TroubleKind::HubFull),
            ProblemCode::RoleForbids
            | ProblemCode::BadRequest
            | ProblemCode::ProtocolUnknown
            | ProblemCode::NotFound
            | ProblemCode::Conflict
            | ProblemCode::CodeExpired
            | ProblemCode::TooLarge => Some(TroubleKind::NotUnderstood),
        },
    }
}
