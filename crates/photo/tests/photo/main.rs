//! Stories of photos taken in: every fixture is drawn here, no picture is committed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exif;
mod fingerprints;
mod fixtures;
mod formats;
mod never_panics;
mod orientation;
mod refusals;
mod watermark;
