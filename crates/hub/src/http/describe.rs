//! The description of the interface, made from the handlers and the wire types.

use super::{admin, orders, sync, team, uploads};
use axum::Json;
use doorstep_domain::wire::{Problem, ProblemCode};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi};

/// Every refusal, by status. What each code means stands with `ProblemCode`.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described")]
pub(super) enum Refusals {
    /// `bad_request`, `protocol_unknown`
    #[response(status = 400)]
    Unreadable(Problem),
    /// `token_unknown`
    #[response(status = 401)]
    Unknown(Problem),
    /// `device_revoked`, `role_forbids`
    #[response(status = 403)]
    Forbidden(Problem),
    /// `not_found`
    #[response(status = 404)]
    NotFound(Problem),
    /// `conflict`
    #[response(status = 409)]
    Conflict(Problem),
    /// `code_expired`
    #[response(status = 410)]
    Expired(Problem),
    /// `too_large`
    #[response(status = 413)]
    TooLarge(Problem),
    /// `too_many`, with `Retry-After`
    #[response(status = 429)]
    TooMany(Problem),
    /// `internal`
    #[response(status = 500)]
    Internal(Problem),
    /// `unavailable`
    #[response(status = 503)]
    Unavailable(Problem),
    /// `disk_full`
    #[response(status = 507)]
    DiskFull(Problem),
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Doorstep hub", description = "Every reply bears the header doorstep-hub."),
    paths(
        admin::enrol, sync::sync, sync::log_page, team::backlog,
        uploads::create, uploads::head, uploads::append, uploads::terminate, uploads::blob,
        orders::receive, orders::assign, orders::cancel,
        admin::staff, admin::put_staff, admin::new_code, admin::devices, admin::revoke,
        admin::healthz, admin::metrics
    ),
    components(schemas(Problem, ProblemCode)),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme("device", scheme);
    }
}

/// `GET /openapi.json`
pub(super) async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
