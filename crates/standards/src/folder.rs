//! A folder of standards: `*.toml`, and `modules/*.toml` beside them.

use std::io;
use std::path::{Path, PathBuf};

/// The files of a folder by name, unread.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// Packs: file name and path.
    pub packs: Vec<(String, PathBuf)>,
    /// Modules: file name and path.
    pub modules: Vec<(String, PathBuf)>,
}

impl Folder {
    /// Lists a folder; one that is not there has nothing in it. `COVERAGE.toml` is no pack.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(folder: &Path) -> io::Result<Folder> {
        Ok(Folder {
            packs: files(folder)?,
            modules: files(&folder.join("modules"))?,
        })
    }
}

fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_some_and(|e| e == "toml") && name != super::coverage::FILE {
            files.push((name, path));
        }
    }
    files.sort();
    Ok(files)
}
