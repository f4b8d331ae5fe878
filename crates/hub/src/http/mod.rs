//! The hub on the network: axum around [`Hub`]. Every reply bears the marker header, every refusal is a
//! [`Problem`](doorstep_domain::wire::Problem), and no log line holds anything of a customer's.

mod admin;
mod describe;
mod limits;
mod orders;
mod reply;
mod shared;
mod sync;
mod team;
mod turns;
mod uploads;

pub use limits::Rates;
pub use shared::{Clock, Shared};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use doorstep_domain::wire::{MARKER, ProblemCode};
use reply::Refused;
use std::future::{Future, IntoFuture};
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often uploads that nobody went on with, and old idempotency keys, are looked for.
const SWEEP: Duration = Duration::from_secs(3600);
/// How long requests under way may take once the hub is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// Every route of the hub.
pub fn router(shared: Shared) -> Router {
    Router::new()
        .route("/v1/enrol", post(admin::enrol))
        .route("/v1/sync", post(sync::sync))
        .route("/v1/logs/{log_id}", get(sync::log_page))
        .route("/v1/backlog", post(team::backlog))
        .route(
            "/v1/uploads",
            post(uploads::create).options(uploads::options),
        )
        .route(
            "/v1/uploads/{sha256}",
            patch(uploads::append)
                .head(uploads::head)
                .delete(uploads::terminate)
                .options(uploads::options),
        )
        .route("/v1/blobs/{sha256}", get(uploads::blob))
        .route("/v1/work-orders", post(orders::receive))
        .route("/v1/work-orders/{no}/assign", post(orders::assign))
        .route("/v1/work-orders/{no}/cancel", post(orders::cancel))
        .route("/v1/staff", get(admin::staff).post(admin::put_staff))
        .route("/v1/staff/{staff_no}/codes", post(admin::new_code))
        .route("/v1/devices", get(admin::devices))
        .route("/v1/devices/{id}/revoke", post(admin::revoke))
        .route("/healthz", get(admin::healthz))
        .route("/metrics", get(admin::metrics))
        .route("/openapi.json", get(describe::openapi))
        .fallback(|| async { Refused::code(ProblemCode::NotFound) })
        .method_not_allowed_fallback(|| async {
            let refused = Refused::code(ProblemCode::BadRequest).into_response();
            (StatusCode::METHOD_NOT_ALLOWED, refused).into_response()
        })
        .layer(from_fn_with_state(shared.clone(), mark))
        .with_state(shared)
}

/// Puts the hub's mark on a reply, counts it, and tells the log which door was used and how it ended.
async fn mark(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let door = door(request.uri().path());
    let method = request.method().clone();
    let mut response = next.run(request).await;
    let status = response.status();
    shared.count(status.as_u16());
    tracing::info!(%method, door, status = status.as_u16(), "answered");
    if let Ok(id) = HeaderValue::from_str(shared.hub_id()) {
        response.headers_mut().insert(MARKER, id);
    }
    response
}

/// The fixed part of a path: what follows names orders and people.
fn door(path: &str) -> &'static str {
    const DOORS: [&str; 13] = [
        "/v1/enrol",
        "/v1/sync",
        "/v1/logs",
        "/v1/backlog",
        "/v1/uploads",
        "/v1/blobs",
        "/v1/work-orders",
        "/v1/staff",
        "/v1/devices",
        "/healthz",
        "/metrics",
        "/openapi.json",
        "/",
    ];
    let known = DOORS.iter().find(|d| path.starts_with(**d));
    known.copied().unwrap_or("/")
}

/// Serves until `stop` is done; then takes no more connections and finishes what it has begun.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    shared: Shared,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let sweeper = tokio::spawn(sweep(shared.clone()));
    let (begin, begun) = tokio::sync::oneshot::channel();
    let ending = shared.clone();
    let graceful = async move {
        stop.await;
        // a photo on a slow link would hold the door open: its part is flushed, and the tablet goes on there later
        ending.turns().interrupt_all();
        begin.send(()).ok();
    };
    let server = axum::serve(listener, router(shared)).with_graceful_shutdown(graceful);
    let late = async {
        begun.await.ok();
        tokio::time::sleep(LAST_REQUESTS).await;
    };
    let ended = tokio::select! {
        ended = server.into_future() => ended,
        () = late => Ok(()),
    };
    sweeper.abort();
    ended
}

async fn sweep(shared: Shared) {
    let mut every = tokio::time::interval(SWEEP);
    loop {
        every.tick().await;
        match shared.ask(|hub, call| hub.sweep_uploads(call)).await {
            Ok(0) => {}
            Ok(dropped) => tracing::info!(dropped, "uploads past their time"),
            Err(error) => tracing::warn!(error = %error, "sweeping uploads"),
        }
        match shared.ask(|hub, call| hub.sweep_keys(call)).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "idempotency keys past their time"),
            Err(error) => tracing::warn!(error = %error, "sweeping idempotency keys"),
        }
    }
}
