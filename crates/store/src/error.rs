//! What can go wrong on the device's disk, in the few kinds that the app words differently.

use doorstep_domain::code::Code;
use doorstep_domain::event::EventError;
use std::io;
use std::path::Path;

/// Why the store or the vault could not do it. Nothing acknowledged earlier is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space left (or the user's quota is used up); free space and try again.
    #[error("the disk is full ({doing})")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// The profile folder cannot be written.
    #[error("the folder cannot be written ({doing})")]
    ReadOnly {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// The database is not one any more, or its log does not hold together.
    #[error("the database is damaged: {what}")]
    Damaged {
        /// What was found.
        what: String,
    },
    /// Written by a newer Doorstep.
    #[error("the database has version {found}, this program knows versions up to {newest}")]
    FromFuture {
        /// Version found.
        found: u32,
        /// Newest version known.
        newest: u32,
    },
    /// The database was written with another data key.
    #[error("the key does not open this database")]
    WrongKey,
    /// Another Doorstep has the profile open.
    #[error("the profile is open in another window")]
    AlreadyOpen,
    /// The linked SQLite or the file system does not give what durability stands on.
    #[error("the database refused a setting it must have: {0}")]
    Unsafe(String),
    /// A content that the log does not take.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The log holds an event with this id already.
    #[error("event {id} is in the log already")]
    DuplicateEvent {
        /// Its id.
        id: String,
    },
    /// What the hub answered does not hold together; nothing of it was taken in.
    #[error("the hub's answer does not hold together: {what}")]
    Unsound {
        /// What was found.
        what: String,
    },
    /// The blobs of a visit that may not be deleted yet.
    #[error("{visit} is not safe at the hub yet, or not finished")]
    NotDeletable {
        /// Its stream.
        visit: String,
    },
    /// A pack whose text does not have the hash it is to be pinned under.
    #[error("the pack's text does not have the hash {hash}")]
    PackMismatch {
        /// The hash given.
        hash: String,
    },
    /// A blob is not in the vault.
    #[error("blob {sha256} is not in the vault")]
    BlobMissing {
        /// Hash of its plaintext.
        sha256: String,
    },
    /// A blob does not decrypt to what its name says.
    #[error("blob {sha256} is damaged")]
    BlobDamaged {
        /// Hash of its plaintext.
        sha256: String,
    },
    /// Any other trouble with a file.
    #[error("file trouble ({doing})")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// Any other trouble in the database.
    #[error("database trouble")]
    Sql(#[source] rusqlite::Error),
}

/// What lies under a file problem.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The operating system.
    #[error(transparent)]
    Os(#[from] io::Error),
    /// SQLite.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

impl StoreError {
    /// Stable word for logs and tests. FROZEN.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::DiskFull { .. } => "store.disk_full",
            StoreError::ReadOnly { .. } => "store.read_only",
            StoreError::Damaged { .. } => "store.damaged",
            StoreError::FromFuture { .. } => "store.from_future",
            StoreError::WrongKey => "store.wrong_key",
            StoreError::AlreadyOpen => "store.already_open",
            StoreError::Unsafe(_) => "store.unsafe",
            StoreError::Event(_) => "store.event_refused",
            StoreError::DuplicateEvent { .. } => "store.duplicate_event",
            StoreError::Unsound { .. } => "store.unsound_answer",
            StoreError::NotDeletable { .. } => "store.not_deletable",
            StoreError::PackMismatch { .. } => "store.pack_mismatch",
            StoreError::BlobMissing { .. } => "vault.missing",
            StoreError::BlobDamaged { .. } => "vault.damaged",
            StoreError::Io { .. } | StoreError::Sql(_) => "store.io",
        }
    }

    /// The code whose sentence the technician reads.
    #[must_use]
    pub fn domain_code(&self) -> Code {
        match self {
            StoreError::DiskFull { .. } => Code::DiskFull,
            StoreError::ReadOnly { .. } => Code::ReadOnly,
            StoreError::Damaged { .. } => Code::DatabaseDamaged,
            StoreError::FromFuture { .. } => Code::DatabaseFromFuture,
            StoreError::WrongKey => Code::WrongKey,
            StoreError::AlreadyOpen => Code::AlreadyOpen,
            StoreError::BlobMissing { .. } => Code::BlobMissing,
            StoreError::BlobDamaged { .. } => Code::BlobDamaged,
            StoreError::Unsafe(_) | StoreError::Io { .. } | StoreError::Sql(_) => Code::Storage,
            StoreError::Event(_)
            | StoreError::DuplicateEvent { .. }
            | StoreError::Unsound { .. }
            | StoreError::NotDeletable { .. }
            | StoreError::PackMismatch { .. } => Code::Internal,
        }
    }

    /// Sorts an operating system's error by what the technician can do about it.
    pub(crate) fn io(doing: &'static str, source: io::Error) -> StoreError {
        use io::ErrorKind as K;
        let kind = source.kind();
        let source = source.into();
        match kind {
            K::StorageFull | K::QuotaExceeded | K::FileTooLarge => {
                StoreError::DiskFull { doing, source }
            }
            K::ReadOnlyFilesystem | K::PermissionDenied => StoreError::ReadOnly { doing, source },
            _ => StoreError::Io { doing, source },
        }
    }

    /// SQLite folds quota and file-size errors into "I/O error"; a small write beside the database
    /// tells a full disk from a broken one.
    pub(crate) fn probe(self, dir: &Path) -> StoreError {
        let StoreError::Sql(error) = self else {
            return self;
        };
        if error.sqlite_error_code() != Some(rusqlite::ErrorCode::SystemIoFailure) {
            return StoreError::Sql(error);
        }
        match crate::files::probe_space(dir).map_err(|e| StoreError::io("writing the database", e))
        {
            Err(StoreError::DiskFull { doing, .. }) => StoreError::DiskFull {
                doing,
                source: error.into(),
            },
            Err(StoreError::ReadOnly { doing, .. }) => StoreError::ReadOnly {
                doing,
                source: error.into(),
            },
            _ => StoreError::Sql(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode as C;
        let doing = "writing the database";
        match error.sqlite_error_code() {
            Some(C::DiskFull) => StoreError::DiskFull {
                doing,
                source: error.into(),
            },
            Some(C::ReadOnly | C::PermissionDenied) => StoreError::ReadOnly {
                doing,
                source: error.into(),
            },
            Some(C::NotADatabase | C::DatabaseCorrupt) => StoreError::Damaged {
                what: error.to_string(),
            },
            Some(C::DatabaseBusy | C::DatabaseLocked) => StoreError::AlreadyOpen,
            _ => StoreError::Sql(error),
        }
    }
}
