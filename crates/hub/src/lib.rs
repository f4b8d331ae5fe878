//! The company's server: keeps every tablet's log, hands out orders, delivers to technicians and leads.
//!
//! [`Hub`] is the server without a network: plain calls over one folder, which take time and randomness as arguments
//! ([`Call`]). [`http`] puts axum around it.

pub mod blobs;
mod call;
mod error;
mod exams;
mod export;
pub mod http;
mod hub;
mod intake;
mod orders;
mod people;
mod review;
mod routing;
mod sql;
mod standards;
mod sync;
mod team;
mod upkeep;
mod uploads;

pub use call::Call;
pub use error::{HubError, Outcome};
pub use hub::Hub;
pub use orders::{Imported, KEYS_MS, Known, OrderReceipt, office};
pub use people::{CODE_MS, Caller};
pub use routing::HORIZON_MS;
pub use sql::people::Device;
pub use sync::SYNCING;
pub use upkeep::{Verified, restore};
pub use uploads::{UPLOAD_MS, Upload};
