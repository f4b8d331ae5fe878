//! One error for the whole surface: what the technician is told, and the cause for the log.

use doorstep_domain::code::{Code, Refusal};
use doorstep_photo::PhotoError;
use doorstep_store::{KeyError, StoreError};

/// The result of a use case.
pub type Outcome<T> = Result<T, AppError>;

/// A refusal with its cause.
#[derive(Debug, thiserror::Error)]
#[error("{refusal}")]
pub struct AppError {
    /// What the UI turns into a sentence.
    pub refusal: Refusal,
    /// What lies beneath; for logs, never shown, holds no customer data.
    #[source]
    pub cause: Option<anyhow::Error>,
}

impl AppError {
    /// A refusal caused by something.
    pub(crate) fn caused(code: Code, cause: impl Into<anyhow::Error>) -> AppError {
        AppError {
            refusal: code.into(),
            cause: Some(cause.into()),
        }
    }

    /// Logs the cause, hands back what is safe to show.
    #[must_use]
    pub fn told(self) -> Refusal {
        match &self.cause {
            Some(cause) => {
                tracing::warn!(code = ?self.refusal.code, cause = format!("{cause:#}"), "refused");
            }
            None => tracing::debug!(code = ?self.refusal.code, "refused"),
        }
        self.refusal
    }

    /// A defect of ours.
    pub(crate) fn internal(cause: impl Into<anyhow::Error>) -> AppError {
        AppError::caused(Code::Internal, cause)
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> AppError {
        AppError {
            refusal,
            cause: None,
        }
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> AppError {
        Refusal::new(code).into()
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> AppError {
        AppError::caused(error.domain_code(), error)
    }
}

impl From<KeyError> for AppError {
    fn from(error: KeyError) -> AppError {
        let refusal = match &error {
            KeyError::PassphraseShort { min } => {
                Refusal::new(Code::PassphraseShort).with("min", min)
            }
            other => other.domain_code().into(),
        };
        AppError {
            refusal,
            cause: Some(error.into()),
        }
    }
}

impl From<PhotoError> for AppError {
    fn from(error: PhotoError) -> AppError {
        let refusal = match &error {
            PhotoError::Empty => Code::PhotoEmpty.into(),
            PhotoError::NotAnImage => Code::PhotoNotAnImage.into(),
            PhotoError::Heic => Code::PhotoHeic.into(),
            PhotoError::Damaged { .. } => Code::PhotoDamaged.into(),
            PhotoError::TooManyPixels { w, h } => Refusal::new(Code::PhotoTooManyPixels)
                .with("width", w)
                .with("height", h),
            PhotoError::TooLarge { bytes } => {
                Refusal::new(Code::PhotoTooLarge).with("mb", bytes / (1024 * 1024))
            }
            PhotoError::Unsupported { format } => {
                Refusal::new(Code::PhotoUnsupported).with("format", format)
            }
            PhotoError::Font | PhotoError::Encode { .. } => Code::Internal.into(),
        };
        AppError {
            refusal,
            cause: Some(error.into()),
        }
    }
}
