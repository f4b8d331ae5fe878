//! The device's memory: an encrypted SQLite (SQLCipher) that holds the event log, its derived tables and the
//! local tables; a vault of encrypted blobs beside it; and the envelope that keeps their key.
//!
//! Rules that everything here keeps:
//! - [`Store::append`] returns only when its events are durable, all of them or none; derived rows are written
//!   in the same transaction.
//! - A blob is in the [`Vault`] before an event names it: never a row without its file.
//! - No plaintext of the customer's is ever on disk, nor in an error's words.
//! - No clock and no generator of its own: both are passed in.

mod agenda;
mod check;
mod db;
mod derived;
mod desk;
mod error;
mod files;
mod fold;
mod follow;
mod key;
mod migrations;
#[cfg(debug_assertions)]
#[doc(hidden)]
pub mod sabotage;
mod store;
mod sync;
mod table;
mod take_back;
mod uploads;
mod vault;

pub use agenda::{AgendaFilter, AgendaPage, AgendaQuery, AgendaRow, AgendaState};
pub use check::{Place, Problem, RebuildReport, VerifyReport};
pub use db::PRAGMAS;
pub use desk::{QueueCounts, QueuePage, QueueQuery, QueueSort, QueueView};
pub use error::{Cause, StoreError};
pub use follow::FollowPage;
pub use key::{
    DataKey, KeyError, KeyKind, Keystore, KeystoreError, MIN_PASSPHRASE_CHARS, NewKey, Opened,
    OsKeystore, Profile, create_envelope, open_envelope,
};
pub use store::{OpenEnv, Store};
pub use sync::{OwnLog, Push, Received};
pub use table::flag::Flag;
pub use table::pack::StoredPack;
pub use table::photo_print::Alike;
pub use table::submission::Submitted;
pub use take_back::{TakeBack, TakenBack};
pub use uploads::{BlobPart, VisitParts, Waiting, WaitingBlob, WaitingStream};
pub use vault::{BlobRef, Vault};
