//! `POST /v1/sync` and `GET /v1/logs/{log_id}`.

use super::describe::Refusals;
use super::limits::whole;
use super::reply::Refused;
use super::shared::{Shared, blocking};
use crate::{HubError, Outcome};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use doorstep_domain::wire::{LogPage, ProblemCode, SyncRequest, SyncResponse};
use serde::Deserialize;
use std::io::Read;

/// Most bytes of a request as they travel.
const MOST_PACKED: usize = 2 * 1024 * 1024;
/// Most bytes of a request's JSON.
const MOST_JSON: u64 = 8 * 1024 * 1024;
/// Largest window a request may ask the decoder for, as a power of two.
const WINDOW_LOG: u32 = 24;
const ZSTD_LEVEL: i32 = 3;

/// Push, pull and blobs in one round trip.
#[utoipa::path(
    post, path = "/v1/sync",
    request_body(content = SyncRequest, description = "JSON, with `Content-Encoding: zstd` or plain"),
    responses((status = 200, description = "Everything acknowledged is durable", body = SyncResponse), Refusals),
    security(("device" = []))
)]
pub(super) async fn sync(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    // who may not speak is told so before megabytes are read
    let caller = shared.caller(&headers).await?;
    let packed = whole(body, MOST_PACKED).await?;
    let zstd = names_zstd(&headers, CONTENT_ENCODING);
    let request = blocking(move || unpack(&packed, zstd)).await?;
    let done = shared.ask(move |hub, call| hub.sync(&caller, &request, call));
    let answer = done.await?;
    match zstd || names_zstd(&headers, ACCEPT_ENCODING) {
        false => Ok(Json(answer).into_response()),
        true => {
            let bytes = blocking(move || pack(&answer)).await?;
            let headers = [
                (CONTENT_TYPE, "application/json"),
                (CONTENT_ENCODING, "zstd"),
            ];
            Ok((headers, bytes).into_response())
        }
    }
}

fn names_zstd(headers: &HeaderMap, name: HeaderName) -> bool {
    let named = |value: &str| value.split(',').any(|v| v.trim().starts_with("zstd"));
    headers
        .get(name)
        .and_then(|v| v.to_str().ok())
        .is_some_and(named)
}

fn unpack(packed: &[u8], zstd: bool) -> Outcome<SyncRequest> {
    let bad = || HubError::refused(ProblemCode::BadRequest);
    let read = |json: &[u8]| serde_json::from_slice(json).map_err(|_| bad());
    if !zstd {
        return read(packed);
    }
    let mut decoder = zstd::stream::read::Decoder::new(packed).map_err(|_| bad())?;
    decoder.window_log_max(WINDOW_LOG).map_err(|_| bad())?;
    let mut json = Vec::new();
    // a few bytes may unpack to gigabytes: one more than allowed is enough to know
    let length = decoder.take(MOST_JSON + 1).read_to_end(&mut json);
    match length.map_err(|_| bad())? as u64 > MOST_JSON {
        true => Err(HubError::refused(ProblemCode::TooLarge)),
        false => read(&json),
    }
}

fn pack(answer: &SyncResponse) -> Outcome<Vec<u8>> {
    let doing = "packing an answer";
    let json = serde_json::to_vec(answer).map_err(|e| HubError::io(doing, e.into()))?;
    zstd::stream::encode_all(json.as_slice(), ZSTD_LEVEL).map_err(|e| HubError::io(doing, e))
}

/// Where a page of a log begins.
#[derive(Deserialize, utoipa::IntoParams)]
pub(super) struct After {
    /// The last event that the device has.
    #[serde(default)]
    after: u64,
}

/// A page of an own log as the hub holds it.
#[utoipa::path(
    get, path = "/v1/logs/{log_id}",
    params(("log_id" = String, Path, description = "The log"), After),
    responses((status = 200, body = LogPage), Refusals),
    security(("device" = []))
)]
pub(super) async fn log_page(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(log_id): Path<String>,
    after: Result<Query<After>, QueryRejection>,
) -> Result<Json<LogPage>, Refused> {
    let after = after
        .map_err(|_| Refused::code(ProblemCode::BadRequest))?
        .after;
    let page = shared.ask_as(&headers, move |hub, caller, _| {
        hub.log_page(caller, &log_id, after)
    });
    Ok(Json(page.await?))
}
