//! Enrolment, staff and devices; health and metrics.

use super::describe::Refusals;
use super::limits::json;
use super::reply::Refused;
use super::shared::Shared;
use crate::Device;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use doorstep_domain::wire::{EnrolRequest, EnrolResponse, Role, StaffCard};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Who looks after people and devices.
const ADMIN: [Role; 1] = [Role::Admin];

/// A code from the office makes this a device.
#[utoipa::path(
    post, path = "/v1/enrol", request_body = EnrolRequest,
    responses((status = 200, description = "The token is shown once", body = EnrolResponse), Refusals)
)]
pub(super) async fn enrol(
    State(shared): State<Shared>,
    body: Body,
) -> Result<Json<EnrolResponse>, Refused> {
    shared.limits().admit("", shared.call().at.mono_ms)?;
    let request: EnrolRequest = json(body).await?;
    let done = shared.ask(move |hub, call| hub.enrol(&request, call)).await;
    Ok(Json(done?))
}

/// Everybody.
#[utoipa::path(
    get, path = "/v1/staff",
    responses((status = 200, body = Vec<StaffCard>), Refusals),
    security(("device" = []))
)]
pub(super) async fn staff(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Vec<StaffCard>>, Refused> {
    let list = shared.ask_as(&headers, |hub, caller, _| {
        caller.must_be(&ADMIN)?;
        hub.staff()
    });
    Ok(Json(list.await?))
}

/// Adds a person, or changes one.
#[utoipa::path(
    post, path = "/v1/staff", request_body = StaffCard,
    responses((status = 204, description = "Done"), Refusals),
    security(("device" = []))
)]
pub(super) async fn put_staff(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refused> {
    shared.caller(&headers).await?.must_be(&ADMIN)?;
    let card: StaffCard = json(body).await?;
    let done = shared.ask(move |hub, call| hub.put_staff(&card, call));
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code for one device.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct NewCode {
    /// Good once, for a day.
    code: String,
}

/// Makes an enrolment code.
#[utoipa::path(
    post, path = "/v1/staff/{staff_no}/codes",
    params(("staff_no" = String, Path, description = "Whose device it becomes")),
    responses((status = 201, body = NewCode), Refusals),
    security(("device" = []))
)]
pub(super) async fn new_code(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(staff_no): Path<String>,
) -> Result<(StatusCode, Json<NewCode>), Refused> {
    let done = shared.ask_as(&headers, move |hub, caller, call| {
        caller.must_be(&ADMIN)?;
        hub.new_code(&staff_no, call)
    });
    let code = done.await?;
    Ok((StatusCode::CREATED, Json(NewCode { code })))
}

/// A device in the list.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct DeviceRow {
    /// Its id.
    id: String,
    /// Whose it is.
    staff_no: String,
    /// What the office calls it.
    name: String,
    /// ms since 1970.
    enrolled_ms: i64,
    /// ms since 1970; none while it is good.
    revoked_ms: Option<i64>,
    /// Last sync, ms since 1970; 0 = never.
    seen_ms: i64,
}

impl From<Device> for DeviceRow {
    fn from(d: Device) -> DeviceRow {
        DeviceRow {
            id: d.id,
            staff_no: d.staff_no,
            name: d.name,
            enrolled_ms: d.enrolled_ms,
            revoked_ms: d.revoked_ms,
            seen_ms: d.seen_ms,
        }
    }
}

/// Every device.
#[utoipa::path(
    get, path = "/v1/devices",
    responses((status = 200, body = Vec<DeviceRow>), Refusals),
    security(("device" = []))
)]
pub(super) async fn devices(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Vec<DeviceRow>>, Refused> {
    let list = shared.ask_as(&headers, |hub, caller, _| {
        caller.must_be(&ADMIN)?;
        hub.devices()
    });
    Ok(Json(list.await?.into_iter().map(DeviceRow::from).collect()))
}

/// What is to become of a revoked device's data.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct Revoke {
    /// Delete them once they were pushed.
    #[serde(default)]
    wipe: bool,
}

/// Takes a device's right to receive.
#[utoipa::path(
    post, path = "/v1/devices/{id}/revoke", request_body = Revoke,
    params(("id" = String, Path, description = "The device")),
    responses((status = 204, description = "Done"), Refusals),
    security(("device" = []))
)]
pub(super) async fn revoke(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, Refused> {
    shared.caller(&headers).await?.must_be(&ADMIN)?;
    let Revoke { wipe } = json(body).await?;
    let done = shared.ask(move |hub, call| hub.revoke(&id, wipe, call));
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The hub is there and its database answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "Well"), Refusals))]
pub(super) async fn healthz(State(shared): State<Shared>) -> Result<&'static str, Refused> {
    shared.ask(|hub, _| hub.epoch()).await?;
    Ok("ok\n")
}

/// Numbers for whoever watches over the hub; nothing of any customer's.
#[utoipa::path(get, path = "/metrics", responses((status = 200, description = "Prometheus text"), Refusals))]
pub(super) async fn metrics(State(shared): State<Shared>) -> Result<String, Refused> {
    let (counts, bytes) = shared
        .ask(|hub, _| Ok((hub.counts()?, hub.size()?)))
        .await?;
    let mut text = format!("doorstep_hub_database_bytes {bytes}\n");
    for (name, count) in counts {
        // writing into a string cannot fail
        writeln!(text, "doorstep_hub_{name} {count}").ok();
    }
    for (hundreds, count) in (1..).zip(shared.replies()) {
        writeln!(
            text,
            "doorstep_hub_replies{{status=\"{hundreds}xx\"}} {count}"
        )
        .ok();
    }
    Ok(text)
}
