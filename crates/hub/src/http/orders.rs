//! Work orders from another system.

use super::describe::Refusals;
use super::limits::json;
use super::reply::Refused;
use super::shared::Shared;
use crate::{HubError, OrderReceipt};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use doorstep_domain::order::WorkOrder;
use doorstep_domain::wire::{ProblemCode, Role};
use serde::Deserialize;

/// Who moves orders.
const DISPATCH: [Role; 1] = [Role::Dispatcher];

/// Takes one order.
#[utoipa::path(
    post, path = "/v1/work-orders", request_body = WorkOrder,
    params(("Idempotency-Key" = String, Header, description = "At most 100 characters; the same key and body get the same answer")),
    responses(
        (status = 201, description = "New", body = OrderReceipt),
        (status = 200, description = "Here before with the same contents", body = OrderReceipt),
        Refusals
    ),
    security(("device" = []))
)]
pub(super) async fn receive(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<OrderReceipt>), Refused> {
    let caller = shared.caller(&headers).await?;
    caller.must_be(&DISPATCH)?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    let key = key
        .filter(|k| !k.is_empty() && k.len() <= 100)
        .map(str::to_owned);
    let key = key.ok_or_else(|| {
        HubError::because(
            ProblemCode::BadRequest,
            "缺少 Idempotency-Key 请求头。",
            "The header Idempotency-Key is missing.",
        )
    })?;
    let order: WorkOrder = json(body).await?;
    let done =
        shared.ask(move |hub, call| hub.receive_order(&order, &key, &caller.staff.actor, call));
    let receipt = done.await?;
    let status = if receipt.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(receipt)))
}

/// Whom an order goes to.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct Assign {
    /// Staff number.
    staff_no: String,
}

/// Gives an order to a technician, or to another.
#[utoipa::path(
    post, path = "/v1/work-orders/{no}/assign", request_body = Assign,
    params(("no" = String, Path, description = "The order's number")),
    responses((status = 204, description = "Done, or so before"), Refusals),
    security(("device" = []))
)]
pub(super) async fn assign(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Body,
) -> Result<StatusCode, Refused> {
    let caller = shared.caller(&headers).await?;
    caller.must_be(&DISPATCH)?;
    let to: Assign = json(body).await?;
    let done =
        shared.ask(move |hub, call| hub.assign(&no, &to.staff_no, &caller.staff.actor, call));
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why an order is off.
#[derive(Deserialize, utoipa::ToSchema)]
pub(super) struct Cancel {
    /// In words, at most 200 characters.
    reason: String,
}

/// Cancels an order.
#[utoipa::path(
    post, path = "/v1/work-orders/{no}/cancel", request_body = Cancel,
    params(("no" = String, Path, description = "The order's number")),
    responses((status = 204, description = "Done, or so before"), Refusals),
    security(("device" = []))
)]
pub(super) async fn cancel(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(no): Path<String>,
    body: Body,
) -> Result<StatusCode, Refused> {
    let caller = shared.caller(&headers).await?;
    caller.must_be(&DISPATCH)?;
    let why: Cancel = json(body).await?;
    let done = shared.ask(move |hub, call| hub.cancel(&no, &why.reason, &caller.staff.actor, call));
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}
