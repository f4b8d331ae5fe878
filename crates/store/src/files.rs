//! Files that are either wholly there or not at all, whatever stops the machine.

use crate::error::StoreError;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How leftovers of interrupted writes begin.
pub(crate) const TEMP_PREFIX: &str = ".tmp-";

/// Writes a file: temp in the same folder, flushed, renamed over the old one, folder flushed.
pub(crate) fn write_durably(
    path: &Path,
    bytes: &[u8],
    doing: &'static str,
) -> Result<(), StoreError> {
    Disk::default().write(path, bytes, doing)
}

/// Copies a file the same way.
pub(crate) fn copy_durably(from: &Path, to: &Path, doing: &'static str) -> Result<(), StoreError> {
    let copied = File::open(from).and_then(|mut source| {
        Disk::default().put(to, |file| io::copy(&mut source, file).map(drop))
    });
    copied.map_err(|e| StoreError::io(doing, e))
}

/// What makes files and names durable. In a debug build a test may look on, or take a flush away: `crate::sabotage`.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    #[cfg(debug_assertions)]
    pub(crate) watch: Option<std::sync::Arc<crate::sabotage::Watch>>,
}

impl Disk {
    /// [`write_durably`] on this disk.
    pub(crate) fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        doing: &'static str,
    ) -> Result<(), StoreError> {
        self.put(path, |file| file.write_all(bytes))
            .map_err(|e| StoreError::io(doing, e))
    }

    fn put(&self, path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        let dir = path.parent().unwrap_or(Path::new("."));
        let temp = temp_path(dir);
        let written = create_private(&temp).and_then(|mut file| {
            fill(&mut file)?;
            self.flush(&file, path)
        });
        match written.and_then(|()| fs::rename(&temp, path)) {
            Ok(()) => self.flush_names(dir),
            Err(error) => {
                // best effort: what stays behind is swept at the next open
                fs::remove_file(&temp).ok();
                Err(error)
            }
        }
    }

    /// Makes the bytes of a file durable that will be named `path`.
    fn flush(&self, file: &File, path: &Path) -> io::Result<()> {
        #[cfg(debug_assertions)]
        if let Some(watch) = &self.watch {
            return watch.flush(path, || file.sync_all());
        }
        // in a release build there is nobody to tell
        let _ = path;
        file.sync_all()
    }

    /// Makes the names in a folder durable.
    pub(crate) fn flush_names(&self, dir: &Path) -> io::Result<()> {
        sync_dir(dir)?;
        #[cfg(debug_assertions)]
        if let Some(watch) = &self.watch {
            watch.names_flushed(dir);
        }
        Ok(())
    }
}

fn temp_path(dir: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    dir.join(format!("{TEMP_PREFIX}{}-{n}", std::process::id()))
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // a leftover of a killed process with the same number may lie there
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a name in a folder durable.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    // Windows has no handle for this and journals names itself
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

/// Creates a folder that only this user may read, and makes its name durable.
pub(crate) fn create_dir(dir: &Path, doing: &'static str) -> Result<(), StoreError> {
    fn create(dir: &Path) -> io::Result<()> {
        if dir.is_dir() {
            return Ok(());
        }
        let parent = dir
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        create(parent)?;
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(dir) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
            _ => {}
        }
        sync_dir(parent)
    }
    create(dir).map_err(|e| StoreError::io(doing, e))
}

/// Whether a few pages can be written here now.
pub(crate) fn probe_space(dir: &Path) -> io::Result<()> {
    let path = temp_path(dir);
    let written = create_private(&path).and_then(|mut file| {
        file.write_all(&[0; 65_536])?;
        file.sync_all()
    });
    fs::remove_file(&path).ok();
    written
}

/// Removes leftovers of interrupted writes that are older than an hour.
pub(crate) fn sweep(dir: &Path, now_ms: i64) -> io::Result<u32> {
    const HOUR_MS: i64 = 3_600_000;
    let mut removed = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(TEMP_PREFIX) {
            continue;
        }
        let modified = entry.metadata()?.modified()?;
        let since = modified
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let modified_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        if now_ms.saturating_sub(modified_ms) > HOUR_MS {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}
