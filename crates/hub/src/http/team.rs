//! `POST /v1/backlog`.

use super::describe::Refusals;
use super::limits::json;
use super::reply::Refused;
use super::shared::Shared;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use doorstep_domain::wire::{Backlog, BacklogRequest};

/// More of the own team's history for a lead's device: it comes with the next syncs.
#[utoipa::path(
    post, path = "/v1/backlog", request_body = BacklogRequest,
    responses((status = 200, description = "It lies in the queue; asking again changes nothing", body = Backlog), Refusals),
    security(("device" = []))
)]
pub(super) async fn backlog(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Backlog>, Refused> {
    let caller = shared.caller(&headers).await?;
    let request: BacklogRequest = json(body).await?;
    let done = shared.ask(move |hub, call| hub.reach_back(&caller, request, call));
    Ok(Json(done.await?))
}
