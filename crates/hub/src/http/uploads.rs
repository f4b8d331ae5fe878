//! Blobs by tus 1.0 (core, creation, creation-with-upload, expiration, termination), and `GET /v1/blobs/{sha256}`.

use super::describe::Refusals;
use super::limits::{IDLE, next_bytes};
use super::reply::Refused;
use super::shared::{Shared, bearer, blocking};
use super::turns::{Turn, superseded};
use crate::blobs::{Finished, MAX_BLOB_BYTES};
use crate::uploads::check_part;
use crate::{HubError, Upload};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, LOCATION, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorstep_domain::blob::is_blob_name;
use doorstep_domain::wire::ProblemCode;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::Duration;
use tokio::time::Instant;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,expiration,termination";
const OCTETS: &str = "application/offset+octet-stream";

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");

/// tus' own status for bytes that have another hash than promised.
const CHECKSUM_MISMATCH: u16 = 460;
/// How long, and for how many bytes, the hub listens to a client that was answered early.
const LINGER: Duration = Duration::from_secs(10);
const LINGER_BYTES: usize = 4 * 1024 * 1024;
/// A request that was taken over leaves after this much silence, and at the latest after [`LAST_BYTES`].
const GRACE: Duration = Duration::from_millis(250);
const LAST_BYTES: Duration = Duration::from_secs(2);
/// A question where an upload stands comes after a broken connection, whose last bytes may lie at this machine unread:
/// on a busy one the question would be heard first, and they would be sent again.
const HEARD_LAST: Duration = Duration::from_millis(100);
/// Bytes gathered before they are written.
const GATHER: usize = 128 * 1024;

/// What the hub knows of tus.
pub(super) async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(TUS_EXTENSION, HeaderValue::from_static(EXTENSIONS));
    headers.insert(TUS_MAX_SIZE, HeaderValue::from(MAX_BLOB_BYTES));
    response
}

/// Begins an upload, or finds it: the place follows from the hash, so a lost reply costs nothing.
#[utoipa::path(
    post, path = "/v1/uploads",
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "Bytes"),
        ("Upload-Metadata" = String, Header, description = "`sha256` and the base64 of its lower-case hex")
    ),
    responses(
        (status = 201, description = "`Location`, `Upload-Offset`, `Upload-Expires`"),
        (status = 412, description = "Another version of tus"), Refusals
    ),
    security(("device" = []))
)]
pub(super) async fn create(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    tus(&headers, async {
        let bad = || Refused::code(ProblemCode::BadRequest);
        let sha256 = metadata_hash(&headers).ok_or_else(bad)?;
        // what an older request has under way is flushed first, and counted
        let turn = turn(&shared, &headers, &sha256).await;
        let caller = shared.caller(&headers).await?;
        let length = number(&headers, &UPLOAD_LENGTH).ok_or_else(bad)?;
        let (who, name) = (caller, sha256.clone());
        let begun = shared.ask(move |hub, call| hub.begin_upload(&who, &name, length, call));
        let mut upload = begun.await?;
        let location = format!("/v1/uploads/{sha256}");
        // bytes that come along begin at 0: where some are here already, the client goes on by PATCH
        match (is_octets(&headers), upload.offset) {
            (true, 0) => upload = receive(&shared, &headers, turn, (sha256, 0), body).await?,
            (true, _) => drop(tokio::spawn(linger(body))),
            (false, _) => {}
        }
        let mut response = (StatusCode::CREATED, [(LOCATION, location)]).into_response();
        place(&mut response, &upload);
        Ok(response)
    })
    .await
}

/// Where an upload stands. Ends a request that is stuck in it.
#[utoipa::path(
    head, path = "/v1/uploads/{sha256}",
    params(("sha256" = String, Path, description = "Lower-case hex")),
    responses((status = 200, description = "`Upload-Offset`, `Upload-Length`"), Refusals),
    security(("device" = []))
)]
pub(super) async fn head(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(sha256): Path<String>,
) -> Response {
    tus(&headers, async {
        tokio::time::sleep(HEARD_LAST).await;
        let turn = turn(&shared, &headers, &sha256).await;
        let caller = shared.caller(&headers).await?;
        let upload = shared
            .ask(move |hub, call| hub.upload(&caller, &sha256, call))
            .await?;
        drop(turn);
        let mut response = StatusCode::OK.into_response();
        place(&mut response, &upload);
        let headers = response.headers_mut();
        headers.insert(UPLOAD_LENGTH, HeaderValue::from(upload.length));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    })
    .await
}

/// Takes bytes at an offset. What arrived counts, even when the connection breaks.
#[utoipa::path(
    patch, path = "/v1/uploads/{sha256}",
    params(
        ("sha256" = String, Path, description = "Lower-case hex"),
        ("Upload-Offset" = u64, Header, description = "Where these bytes begin")
    ),
    request_body(content_type = "application/offset+octet-stream", description = "Bytes"),
    responses(
        (status = 204, description = "`Upload-Offset`: where it ends now"),
        (status = 412, description = "Another version of tus"),
        (status = 415, description = "Another content type"),
        (status = 460, description = "The whole has another hash; it starts again"), Refusals
    ),
    security(("device" = []))
)]
pub(super) async fn append(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(sha256): Path<String>,
    body: Body,
) -> Response {
    tus(&headers, async {
        if !is_octets(&headers) {
            let refused = Refused::code(ProblemCode::BadRequest).into_response();
            return Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, refused).into_response());
        }
        let offset = number(&headers, &UPLOAD_OFFSET);
        let offset = offset.ok_or_else(|| Refused::code(ProblemCode::BadRequest))?;
        let turn = turn(&shared, &headers, &sha256).await;
        let upload = receive(&shared, &headers, turn, (sha256, offset), body).await?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        place(&mut response, &upload);
        Ok(response)
    })
    .await
}

/// Drops an upload.
#[utoipa::path(
    delete, path = "/v1/uploads/{sha256}",
    params(("sha256" = String, Path, description = "Lower-case hex")),
    responses((status = 204, description = "Gone"), Refusals),
    security(("device" = []))
)]
pub(super) async fn terminate(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(sha256): Path<String>,
) -> Response {
    tus(&headers, async {
        let turn = turn(&shared, &headers, &sha256).await;
        let caller = shared.caller(&headers).await?;
        shared
            .ask(move |hub, _| hub.end_upload(&caller, &sha256))
            .await?;
        drop(turn);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// Holds a request to this version of tus, and puts it on the reply.
async fn tus(
    headers: &HeaderMap,
    work: impl Future<Output = Result<Response, Refused>>,
) -> Response {
    let spoken = headers.get(&TUS_RESUMABLE).and_then(|v| v.to_str().ok());
    let mut response = match spoken {
        Some(VERSION) => work.await.unwrap_or_else(IntoResponse::into_response),
        _ => {
            let refused = Refused::code(ProblemCode::BadRequest).into_response();
            let version = [(TUS_VERSION, VERSION)];
            (StatusCode::PRECONDITION_FAILED, version, refused).into_response()
        }
    };
    let version = HeaderValue::from_static(VERSION);
    response.headers_mut().insert(TUS_RESUMABLE, version);
    response
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn is_octets(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|v| v == OCTETS)
}

/// The hash in `Upload-Metadata: sha256 <base64>, …`.
fn metadata_hash(headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get(UPLOAD_METADATA)?.to_str().ok()?;
    let coded = pairs
        .split(',')
        .filter_map(|pair| pair.trim().split_once(' '))
        .find(|(key, _)| *key == "sha256")?
        .1;
    let hash = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    is_blob_name(&hash).then_some(hash)
}

fn place(response: &mut Response, upload: &Upload) {
    let headers = response.headers_mut();
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(upload.offset));
    let expires = upload
        .expires_ms
        .and_then(chrono::DateTime::from_timestamp_millis)
        .map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .and_then(|date| HeaderValue::from_str(&date).ok());
    if let Some(date) = expires {
        headers.insert(UPLOAD_EXPIRES, date);
    }
}

/// The turn at an upload, in the order in which requests came.
async fn turn(shared: &Shared, headers: &HeaderMap, sha256: &str) -> Turn {
    shared.turns().take(bearer(headers), sha256).await
}

/// Takes a body for an offset in a task of its own, from the look at the token on: when the connection breaks, the server
/// drops the handler, and what had arrived would be lost with it.
async fn receive(
    shared: &Shared,
    headers: &HeaderMap,
    turn: Turn,
    part: (String, u64),
    body: Body,
) -> Result<Upload, Refused> {
    let (shared, headers) = (shared.clone(), headers.clone());
    let task = tokio::spawn(async move {
        let mut body = body;
        let done = take_body(&shared, &headers, turn, part, &mut body).await;
        if done.is_err() {
            tokio::spawn(linger(body));
        }
        done
    });
    let broken = |e| HubError::Damaged(format!("a task ended early: {e}")).into();
    task.await.unwrap_or_else(|e| Err(broken(e)))
}

/// Reads on for a while after an early answer: a connection that is closed over unread bytes is reset, and the answer
/// is lost with it.
async fn linger(mut body: Body) {
    let reading = async {
        let mut left = LINGER_BYTES;
        while let Ok(Some(bytes)) = next_bytes(&mut body).await {
            left = left.saturating_sub(bytes.len());
            if left == 0 {
                return;
            }
        }
    };
    // whether the client came to an end or not, it had its answer
    tokio::time::timeout(LINGER, reading).await.ok();
}

async fn take_body(
    shared: &Shared,
    headers: &HeaderMap,
    mut turn: Turn,
    (sha256, offset): (String, u64),
    body: &mut Body,
) -> Result<Upload, Refused> {
    let caller = shared.caller(headers).await?;
    let (who, name) = (caller.clone(), sha256.clone());
    let upload = shared
        .ask(move |hub, call| hub.upload(&who, &name, call))
        .await?;
    check_part(&upload, offset, 0)?;
    let mut writing = Writing {
        shared,
        device: caller.device.clone(),
        sha256: sha256.clone(),
        end: offset,
        length: upload.length,
        gathered: Vec::new(),
    };
    let ended = writing.take_all(body, &mut turn).await;
    // whatever ended it: what has arrived is flushed, and counts
    writing.write().await?;
    let (folder, device) = (shared.blobs().clone(), caller.device.clone());
    let name = sha256.clone();
    blocking(move || folder.flush(&device, &name)).await?;
    ended?;
    if writing.end < upload.length {
        return Ok(Upload {
            offset: writing.end,
            ..upload
        });
    }
    let folder = shared.blobs().clone();
    let (device, name) = (caller.device, sha256.clone());
    let finished = blocking(move || folder.finish(&device, &name)).await?;
    let whole = finished == Finished::Whole;
    let noted = shared.ask(move |hub, call| hub.finished(&sha256, upload.length, finished, call));
    noted.await.map_err(|error| match whole {
        true => Refused::from(error),
        false => Refused::from(error).with_status(CHECKSUM_MISMATCH),
    })
}

/// A body on its way into a part.
struct Writing<'a> {
    shared: &'a Shared,
    device: String,
    sha256: String,
    end: u64,
    length: u64,
    gathered: Vec<u8>,
}

impl Writing<'_> {
    /// Takes bytes until the body ends, breaks, falls silent, or somebody newer wants the upload. Then it still takes
    /// what is on its way: behind a broken connection lie bytes that were sent and need not be sent again.
    async fn take_all(&mut self, body: &mut Body, turn: &mut Turn) -> Result<(), Refused> {
        let mut leave_by = None;
        loop {
            let patience = if leave_by.is_some() { GRACE } else { IDLE };
            let next = tokio::select! {
                next = tokio::time::timeout(patience, next_bytes(body)) => next,
                () = turn.taken_over(), if leave_by.is_none() => {
                    leave_by = Some(Instant::now() + LAST_BYTES);
                    continue;
                }
            };
            let bytes = match (next, leave_by) {
                (Ok(Ok(Some(bytes))), _) => bytes,
                (Ok(Ok(None)), _) => return Ok(()),
                (_, Some(_)) => return Err(superseded()),
                // broken or silent: nobody is there to read the answer
                (_, None) => return Err(Refused::code(ProblemCode::BadRequest)),
            };
            self.gather(&bytes).await?;
            if leave_by.is_some_and(|by| Instant::now() >= by) {
                return Err(superseded());
            }
        }
    }

    async fn gather(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let room = self.length.saturating_sub(self.end) - self.gathered.len() as u64;
        if bytes.len() as u64 > room {
            return Err(Refused::code(ProblemCode::TooLarge));
        }
        self.gathered.extend_from_slice(bytes);
        match self.gathered.len() >= GATHER {
            true => self.write().await,
            false => Ok(()),
        }
    }

    async fn write(&mut self) -> Result<(), Refused> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.gathered);
        let folder = self.shared.blobs().clone();
        let (device, sha256, end) = (self.device.clone(), self.sha256.clone(), self.end);
        self.end = blocking(move || folder.append(&device, &sha256, end, &bytes)).await?;
        Ok(())
    }
}

/// A whole blob, or a range of it, for whoever may see a visit that names it.
#[utoipa::path(
    get, path = "/v1/blobs/{sha256}",
    params(("sha256" = String, Path, description = "Lower-case hex"), ("Range" = Option<String>, Header, description = "One range of bytes")),
    responses(
        (status = 200, description = "The bytes", content_type = "application/octet-stream"),
        (status = 206, description = "The range", content_type = "application/octet-stream"),
        (status = 416, description = "No such range"), Refusals
    ),
    security(("device" = []))
)]
pub(super) async fn blob(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Path(sha256): Path<String>,
) -> Result<Response, Refused> {
    let name = sha256.clone();
    let length = shared.ask_as(&headers, move |hub, caller, _| {
        hub.readable_blob(caller, &name)
    });
    let length = length.await?;
    let asked = headers.get(RANGE).and_then(|v| v.to_str().ok());
    let (status, from, to) = match asked.and_then(|text| range(text, length)) {
        None => (StatusCode::OK, 0, length),
        Some(Some((from, to))) => (StatusCode::PARTIAL_CONTENT, from, to),
        Some(None) => {
            let all = [(CONTENT_RANGE, format!("bytes */{length}"))];
            let refused = Refused::code(ProblemCode::BadRequest).into_response();
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all, refused).into_response());
        }
    };
    let path = shared.blobs().path(&sha256);
    let doing = "reading a blob";
    let bytes = blocking(move || {
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|mut file| {
            file.seek(SeekFrom::Start(from))?;
            file.take(to - from).read_to_end(&mut bytes)
        });
        read.map_err(|e| HubError::io(doing, e))?;
        Ok(bytes)
    })
    .await?;
    let mut response = (status, bytes).into_response();
    let fixed = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "private, immutable".to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        (ETAG, format!("\"{sha256}\"")),
    ];
    let part = (status == StatusCode::PARTIAL_CONTENT)
        .then(|| (CONTENT_RANGE, format!("bytes {from}-{}/{length}", to - 1)));
    for (name, value) in fixed.into_iter().chain(part) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

/// `bytes=a-b`, `a-` or `-n` as `[from, to)`. The outer none: not a range that is understood, so the whole is meant;
/// the inner none: outside the blob.
fn range(text: &str, length: u64) -> Option<Option<(u64, u64)>> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let found = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(length)),
        (Ok(from), Err(_)) if to.is_empty() => (from, length),
        (Err(_), Ok(last)) if from.is_empty() => (length.saturating_sub(last), length),
        _ => return None,
    };
    Some((found.0 < found.1).then_some(found))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        let cases = [
            ("bytes=0-4", Some(Some((0, 5)))),
            ("bytes=5-", Some(Some((5, 10)))),
            ("bytes=-3", Some(Some((7, 10)))),
            ("bytes=-30", Some(Some((0, 10)))),
            ("bytes=8-99", Some(Some((8, 10)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=4-2", None),
            ("bytes=0-1,3-4", None),
            ("lines=0-4", None),
        ];
        for (text, expected) in cases {
            assert_eq!(range(text, 10), expected, "{text}");
        }
    }
}
