//! The link that ships: HTTP to the hub, one request at a time on the caller's thread.

use crate::link::{Link, LinkError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorstep_domain::wire::{
    Backlog, BacklogRequest, BlobOffer, EnrolRequest, EnrolResponse, LogPage, MARKER, Problem,
    ProblemCode, SyncRequest, SyncResponse,
};
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RANGE,
    RETRY_AFTER,
};
use reqwest::{Method, StatusCode, Url};
use serde::de::DeserializeOwned;
use std::io::Read;
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(10);
/// An answer may take this long beside the time its bytes take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Slower than this, bytes a second, is no link.
const SLOWEST: u64 = 2 * 1024;
/// No answer is longer than this, unpacked, bytes.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;
const ZSTD_LEVEL: i32 = 3;
const TUS: &str = "tus-resumable";
const OFFSET: &str = "upload-offset";
const LENGTH: &str = "upload-length";

/// Why a link cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Not an `http://` or `https://` address.
    #[error("this is not a hub's address")]
    Address,
    /// A token has only visible ASCII.
    #[error("the token is not one")]
    Token,
    /// The TLS library cannot be used.
    #[error("no HTTP client")]
    Client(#[from] reqwest::Error),
}

/// Reads a hub's address.
///
/// # Errors
/// [`SetupError::Address`].
pub fn address_of(typed: &str) -> Result<Url, SetupError> {
    let base = Url::parse(typed.trim()).map_err(|_| SetupError::Address)?;
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
        return Err(SetupError::Address);
    }
    Ok(base)
}

/// HTTP to one hub.
pub struct HttpLink {
    client: Client,
    base: Url,
    token: Option<HeaderValue>,
    /// The hub's id, once known: another one's answers count for nothing.
    hub: Option<String>,
    patience: Duration,
}

impl HttpLink {
    /// A link to the hub at `address`; `token` and `hub` (its id) are what the enrolment gave.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(
        address: &str,
        token: Option<&str>,
        hub: Option<&str>,
    ) -> Result<HttpLink, SetupError> {
        let base = address_of(address)?;
        let bearer = |token: &str| {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| SetupError::Token)?;
            value.set_sensitive(true);
            Ok::<_, SetupError>(value)
        };
        // a portal answers with a redirect; following it would only fetch its page
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(HttpLink {
            client,
            base,
            token: token.map(bearer).transpose()?,
            hub: hub.map(str::to_owned),
            patience: PATIENCE,
        })
    }

    /// Waits so long for an answer, beside the time its bytes take; 30 s unless said.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> HttpLink {
        HttpLink { patience, ..self }
    }

    /// `POST /v1/enrol`: turns a code from the office into a token.
    ///
    /// # Errors
    /// [`LinkError`]; [`ProblemCode::CodeExpired`] when the code was used or is too old.
    pub fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, LinkError> {
        let broken = |_| LinkError::Nonsense("a question that cannot be written".to_owned());
        let json = serde_json::to_vec(request).map_err(broken)?;
        let request = self
            .request(Method::POST, "v1/enrol", 0)?
            .header(CONTENT_TYPE, "application/json")
            .body(json);
        read_json(self.send(request)?)
    }

    /// `GET /v1/blobs/{sha256}`: at most `most` bytes of a blob from `from` on. The caller checks the hash of the whole.
    ///
    /// # Errors
    /// [`LinkError`]; [`ProblemCode::NotFound`] when there is none that this person may see.
    pub fn blob(&self, sha256: &str, from: u64, most: u64) -> Result<Vec<u8>, LinkError> {
        let last = from.saturating_add(most.max(1)) - 1;
        let request = self
            .request(Method::GET, &format!("v1/blobs/{sha256}"), most)?
            .header(RANGE, format!("bytes={from}-{last}"));
        let response = self.send(request)?;
        let ranged = response.status() == StatusCode::PARTIAL_CONTENT;
        let bytes = body(response)?;
        Ok(if ranged {
            bytes
        } else {
            bytes
                .into_iter()
                .skip(usize::try_from(from).unwrap_or(usize::MAX))
                .collect()
        })
    }

    /// `POST /v1/backlog`: more of the team's history into this device's queue.
    ///
    /// # Errors
    /// [`LinkError`]; [`ProblemCode::RoleForbids`] for who leads no team.
    pub fn backlog(&self, request: BacklogRequest) -> Result<Backlog, LinkError> {
        let broken = |_| LinkError::Nonsense("a question that cannot be written".to_owned());
        let json = serde_json::to_vec(&request).map_err(broken)?;
        let request = self
            .request(Method::POST, "v1/backlog", 0)?
            .header(CONTENT_TYPE, "application/json")
            .body(json);
        read_json(self.send(request)?)
    }

    fn request(&self, method: Method, path: &str, bytes: u64) -> Result<RequestBuilder, LinkError> {
        let url = self.base.join(path);
        let url = url.map_err(|_| LinkError::Nonsense("an address that is none".to_owned()))?;
        let timeout = self.patience + Duration::from_secs(bytes / SLOWEST);
        let mut request = self.client.request(method, url).timeout(timeout);
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        Ok(request)
    }

    /// The hub's answer; a refusal, or somebody else's answer, is an error.
    fn send(&self, request: RequestBuilder) -> Result<Response, LinkError> {
        let response = request.send().map_err(broke)?;
        let status = response.status();
        let marker = response.headers().get(MARKER).map(HeaderValue::as_bytes);
        let ours = match (&self.hub, marker) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(hub), Some(marker)) => hub.as_bytes() == marker,
        };
        if !ours {
            // the office's own reverse proxy, when the hub behind it is down
            let gateway = matches!(status.as_u16(), 502..=504);
            return Err(match gateway {
                true => LinkError::Refused(problem(ProblemCode::Unavailable)),
                false => LinkError::Stranger,
            });
        }
        if status.is_success() {
            return Ok(response);
        }
        let waits = response.headers().get(RETRY_AFTER).cloned();
        let mut told: Problem = read_json(response).unwrap_or_else(|_| problem(code_of(status)));
        if told.retry_after_s.is_none() {
            told.retry_after_s = waits.and_then(|v| v.to_str().ok()?.parse().ok());
        }
        Err(LinkError::Refused(told))
    }

    fn tus(&self, method: Method, path: &str, bytes: u64) -> Result<RequestBuilder, LinkError> {
        Ok(self.request(method, path, bytes)?.header(TUS, "1.0.0"))
    }
}

impl Link for HttpLink {
    fn exchange(&mut self, request: &SyncRequest) -> Result<SyncResponse, LinkError> {
        let broken = |_| LinkError::Nonsense("a question that cannot be written".to_owned());
        let json = serde_json::to_vec(request).map_err(broken)?;
        let (body, encoding) = match zstd::bulk::compress(&json, ZSTD_LEVEL) {
            Ok(packed) => (packed, "zstd"),
            Err(_) => (json, "identity"),
        };
        let bytes = body.len() as u64 + u64::from(request.page_bytes);
        let request = self
            .request(Method::POST, "v1/sync", bytes)?
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, encoding)
            .header(ACCEPT_ENCODING, "zstd")
            .body(body);
        read_json(self.send(request)?)
    }

    fn log_page(&mut self, log_id: &str, after: u64) -> Result<LogPage, LinkError> {
        let path = format!("v1/logs/{log_id}?after={after}");
        let request = self
            .request(Method::GET, &path, LONGEST_ANSWER / 32)?
            .header(ACCEPT_ENCODING, "zstd");
        read_json(self.send(request)?)
    }

    fn upload_open(&mut self, blob: &BlobOffer) -> Result<u64, LinkError> {
        let name = STANDARD.encode(&blob.sha256);
        let request = self
            .tus(Method::POST, "v1/uploads", 0)?
            .header(LENGTH, blob.bytes)
            .header("upload-metadata", format!("sha256 {name}"));
        let response = self.send(request)?;
        match offset(response.headers()) {
            Some(offset) => Ok(offset),
            None => self.upload_offset(&blob.sha256),
        }
    }

    fn upload_offset(&mut self, sha256: &str) -> Result<u64, LinkError> {
        let request = self.tus(Method::HEAD, &format!("v1/uploads/{sha256}"), 0)?;
        offset_of(&self.send(request)?)
    }

    fn upload_append(&mut self, sha256: &str, offset: u64, chunk: &[u8]) -> Result<u64, LinkError> {
        let path = format!("v1/uploads/{sha256}");
        let request = self
            .tus(Method::PATCH, &path, chunk.len() as u64)?
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header(OFFSET, offset)
            .body(chunk.to_vec());
        offset_of(&self.send(request)?)
    }
}

fn offset(headers: &HeaderMap) -> Option<u64> {
    headers.get(OFFSET)?.to_str().ok()?.parse().ok()
}

fn offset_of(response: &Response) -> Result<u64, LinkError> {
    offset(response.headers())
        .ok_or_else(|| LinkError::Nonsense("an upload without an offset".to_owned()))
}

/// What a failed request means. Only a connection that never stood is sure to have carried nothing.
fn broke(error: reqwest::Error) -> LinkError {
    if error.is_connect() {
        LinkError::Offline
    } else if error.is_timeout() {
        LinkError::Slow
    } else {
        LinkError::Cut
    }
}

fn read_json<A: DeserializeOwned>(response: Response) -> Result<A, LinkError> {
    serde_json::from_slice(&body(response)?)
        .map_err(|e| LinkError::Nonsense(format!("its JSON: {:?}", e.classify())))
}

/// The whole body, unpacked. One that ends early is a cut, not a page.
fn body(response: Response) -> Result<Vec<u8>, LinkError> {
    let packed = response
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|v| v.as_bytes() == b"zstd");
    let mut raw = Vec::new();
    response
        .take(LONGEST_ANSWER + 1)
        .read_to_end(&mut raw)
        .map_err(|e| match e.kind() {
            std::io::ErrorKind::TimedOut => LinkError::Slow,
            _ => LinkError::Cut,
        })?;
    let plain = if packed { unpack(&raw)? } else { raw };
    if plain.len() as u64 > LONGEST_ANSWER {
        return Err(LinkError::Nonsense("an endless answer".to_owned()));
    }
    Ok(plain)
}

fn unpack(raw: &[u8]) -> Result<Vec<u8>, LinkError> {
    let mut plain = Vec::new();
    zstd::stream::read::Decoder::new(raw)
        .and_then(|decoder| decoder.take(LONGEST_ANSWER + 1).read_to_end(&mut plain))
        .map_err(|_| LinkError::Nonsense("its packing".to_owned()))?;
    Ok(plain)
}

fn problem(code: ProblemCode) -> Problem {
    Problem {
        code,
        zh: String::new(),
        en: String::new(),
        retry_after_s: None,
        wipe: false,
    }
}

/// For answers without a readable body, as those to `HEAD`.
fn code_of(status: StatusCode) -> ProblemCode {
    match status.as_u16() {
        401 => ProblemCode::TokenUnknown,
        403 => ProblemCode::RoleForbids,
        // an expired upload is begun anew like one that never was
        404 | 410 => ProblemCode::NotFound,
        409 | 412 | 423 | 460 => ProblemCode::Conflict,
        413 => ProblemCode::TooLarge,
        429 => ProblemCode::TooMany,
        503 => ProblemCode::Unavailable,
        507 => ProblemCode::DiskFull,
        500..=599 => ProblemCode::Internal,
        _ => ProblemCode::BadRequest,
    }
}
