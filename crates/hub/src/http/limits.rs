//! How often a device may ask, and how large and slow a body may be.

use super::reply::Refused;
use crate::{HubError, Outcome};
use axum::body::{Body, Bytes, HttpBody};
use doorstep_domain::wire::{Problem, ProblemCode};
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long the hub waits for the next bytes of a body.
pub(super) const IDLE: Duration = Duration::from_secs(60);
/// How long a small body may take as a whole.
const WHOLE: Duration = Duration::from_secs(120);

/// How long the head of a request may take: longer than a tablet's question every minute is apart, so that its connection
/// stays.
const HEAD: Duration = Duration::from_secs(90);

/// How many requests one device may send, and how long it may take to begin one.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// At once.
    pub burst: u32,
    /// For ever after, a second.
    pub per_second: u32,
    /// Enrolments and unknown tokens at once, by everybody together; then one a second.
    pub strangers: u32,
    /// How long the head of a request may take, and how long a connection may stay without one.
    pub head: Duration,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates {
            burst: 600,
            per_second: 20,
            strangers: 60,
            head: HEAD,
        }
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    /// Thousandths of a request.
    left: u64,
    at_ms: u64,
}

/// A bucket of requests for each device; the empty name is everybody unknown.
pub(super) struct Limits {
    rates: Rates,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Limits {
    pub(super) fn new(rates: Rates) -> Limits {
        Limits {
            rates,
            buckets: Mutex::default(),
        }
    }

    /// Takes one request out of the bucket.
    pub(super) fn admit(&self, who: &str, now_ms: u64) -> Outcome<()> {
        let (burst, per_second) = match who {
            "" => (self.rates.strangers, 1),
            _ => (self.rates.burst, self.rates.per_second),
        };
        let full = u64::from(burst) * 1000;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Bucket {
            left: full,
            at_ms: now_ms,
        };
        let bucket = buckets.entry(who.to_owned()).or_insert(fresh);
        // so many thousandths a millisecond as requests a second
        let refill = now_ms
            .saturating_sub(bucket.at_ms)
            .saturating_mul(u64::from(per_second));
        *bucket = Bucket {
            left: bucket.left.saturating_add(refill).min(full),
            at_ms: now_ms,
        };
        match bucket.left.checked_sub(1000) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => Err(too_many()),
        }
    }
}

fn too_many() -> HubError {
    match HubError::refused(ProblemCode::TooMany) {
        HubError::Refused(problem) => HubError::Refused(Problem {
            retry_after_s: Some(5),
            ..problem
        }),
        other => other,
    }
}

/// The next bytes of a body; none at its end.
pub(super) async fn next_bytes(body: &mut Body) -> Result<Option<Bytes>, axum::Error> {
    loop {
        let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await;
        match frame {
            None => return Ok(None),
            Some(Err(error)) => return Err(error),
            // trailers are nothing to us
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
        }
    }
}

/// A small body as a whole.
pub(super) async fn whole(mut body: Body, most: usize) -> Result<Vec<u8>, Refused> {
    let reading = async {
        let mut taken = Vec::new();
        loop {
            match next_bytes(&mut body).await {
                Ok(None) => return Ok(taken),
                Ok(Some(bytes)) if taken.len() + bytes.len() > most => {
                    return Err(Refused::code(ProblemCode::TooLarge));
                }
                Ok(Some(bytes)) => taken.extend_from_slice(&bytes),
                Err(_) => return Err(Refused::code(ProblemCode::BadRequest)),
            }
        }
    };
    let timed = tokio::time::timeout(WHOLE, reading).await;
    timed.unwrap_or_else(|_| Err(Refused::code(ProblemCode::BadRequest)))
}

/// A small JSON body.
pub(super) async fn json<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Refused> {
    const MOST: usize = 64 * 1024;
    let bytes = whole(body, MOST).await?;
    serde_json::from_slice(&bytes).map_err(|_| Refused::code(ProblemCode::BadRequest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again_for_each_by_itself() {
        let limits = Limits::new(Rates {
            burst: 3,
            per_second: 2,
            strangers: 1,
            head: HEAD,
        });
        (0..3).for_each(|_| limits.admit("a", 1000).unwrap());
        let refused = limits.admit("a", 1000).unwrap_err().problem();
        assert_eq!(
            (refused.code, refused.retry_after_s),
            (ProblemCode::TooMany, Some(5))
        );
        limits.admit("b", 1000).unwrap();
        limits.admit("a", 1500).unwrap();
        limits.admit("a", 1500).unwrap_err();
        (0..3).for_each(|_| limits.admit("a", 900_000).unwrap());
        limits.admit("a", 900_000).unwrap_err();
        limits.admit("", 1000).unwrap();
        limits.admit("", 1999).unwrap_err();
    }
}
