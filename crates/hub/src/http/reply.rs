//! Refusals as replies: the status and the problem; the cause goes to the log only.

use crate::HubError;
use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use doorstep_domain::wire::ProblemCode;
use std::error::Error;

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Refused {
    error: HubError,
    /// Where a protocol has a status of its own.
    status: Option<StatusCode>,
}

impl Refused {
    pub(super) fn code(code: ProblemCode) -> Refused {
        Refused::from(HubError::refused(code))
    }

    /// The same with a protocol's own status.
    pub(super) fn with_status(self, status: u16) -> Refused {
        Refused {
            status: StatusCode::from_u16(status).ok(),
            ..self
        }
    }
}

impl From<HubError> for Refused {
    fn from(error: HubError) -> Refused {
        Refused {
            error,
            status: None,
        }
    }
}

/// The status that goes with a code.
pub(super) fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::TokenUnknown => StatusCode::UNAUTHORIZED,
        ProblemCode::DeviceRevoked | ProblemCode::RoleForbids => StatusCode::FORBIDDEN,
        ProblemCode::BadRequest | ProblemCode::ProtocolUnknown => StatusCode::BAD_REQUEST,
        ProblemCode::NotFound => StatusCode::NOT_FOUND,
        ProblemCode::Conflict => StatusCode::CONFLICT,
        ProblemCode::CodeExpired => StatusCode::GONE,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ProblemCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = self.error.problem();
        let status = self.status.unwrap_or_else(|| status(problem.code));
        match self.error.source() {
            Some(cause) => tracing::error!(error = %self.error, %cause, "refused"),
            None if status.is_server_error() => tracing::error!(error = %self.error, "refused"),
            None => tracing::debug!(code = ?problem.code, "refused"),
        }
        let retry = problem.retry_after_s.map(HeaderValue::from);
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = retry {
            headers.insert(RETRY_AFTER, seconds);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
