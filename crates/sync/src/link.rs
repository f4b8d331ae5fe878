//! The way to the hub, as the engine sees it. HTTP is one of them, the tests have others.

use doorstep_domain::wire::{BlobOffer, LogPage, Problem, ProblemCode, SyncRequest, SyncResponse};

/// What can be asked of the hub. Every call is idempotent: asking twice because an answer was lost changes nothing.
pub trait Link {
    /// `POST /v1/sync`.
    ///
    /// # Errors
    /// [`LinkError`]; then nothing is known about the push.
    fn exchange(&mut self, request: &SyncRequest) -> Result<SyncResponse, LinkError>;

    /// `GET /v1/logs/{log_id}?after=`: the own log as the hub holds it, one page.
    ///
    /// # Errors
    /// [`LinkError`].
    fn log_page(&mut self, log_id: &str, after: u64) -> Result<LogPage, LinkError>;

    /// Begins an upload, or finds the one that was begun. Answers how many bytes the hub holds;
    /// all of them: the blob is whole, hashed and durable there.
    ///
    /// # Errors
    /// [`LinkError`].
    fn upload_open(&mut self, blob: &BlobOffer) -> Result<u64, LinkError>;

    /// How many bytes of a begun upload the hub holds.
    ///
    /// # Errors
    /// [`LinkError`]; [`ProblemCode::NotFound`] when there is none any more.
    fn upload_offset(&mut self, sha256: &str) -> Result<u64, LinkError>;

    /// Sends bytes from `offset` on and answers the new offset, as [`Link::upload_open`] does.
    ///
    /// # Errors
    /// [`LinkError`]; [`ProblemCode::Conflict`] when the hub stands at another offset, or when the whole does not
    /// have the hash and begins anew.
    fn upload_append(&mut self, sha256: &str, offset: u64, chunk: &[u8]) -> Result<u64, LinkError>;
}

/// Why the hub's answer is not there.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No way to the hub; it got nothing.
    #[error("no connection to the hub")]
    Offline,
    /// The connection broke; the hub may have got everything, some of it or nothing.
    #[error("the connection broke")]
    Cut,
    /// No answer in time; the same doubt.
    #[error("no answer in time")]
    Slow,
    /// Somebody answered, not the hub: a portal of a hotel, a proxy. The answer counts for nothing.
    #[error("the answer does not come from the hub")]
    Stranger,
    /// It came from the hub and cannot be read, or contradicts itself.
    #[error("the hub's answer makes no sense: {0}")]
    Nonsense(String),
    /// The hub refused the request as a whole.
    #[error("the hub refuses: {:?}", .0.code)]
    Refused(Problem),
}

impl LinkError {
    /// The hub's code, when it was the hub that said no.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            LinkError::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }
}
