//! Lists the folder of standards, so that a new file ships without a line of code.

use std::fmt::Write as _;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Error> {
    let missing = |name: &str| Error::new(ErrorKind::NotFound, name.to_owned());
    let var = |name: &str| env::var_os(name).ok_or_else(|| missing(name));
    let root = PathBuf::from(var("CARGO_MANIFEST_DIR")?).join("../../assets/standards");
    let root = root.canonicalize()?;
    let mut code = String::new();
    list(&mut code, "PACKS", "standard", &root)?;
    list(&mut code, "MODULES", "module", &root.join("modules"))?;
    fs::write(PathBuf::from(var("OUT_DIR")?).join("embedded.rs"), code)
}

/// Files of one folder as `(name, text)`, in the order of their names. Packs and modules are small letters; COVERAGE is neither.
fn list(code: &mut String, name: &str, what: &str, folder: &Path) -> Result<(), Error> {
    let mut files = Vec::new();
    if folder.is_dir() {
        write_line(&format!("cargo:rerun-if-changed={}", folder.display()));
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if file.ends_with(".toml") && !file.starts_with(|c: char| c.is_ascii_uppercase()) {
                files.push((file, path));
            }
        }
    }
    files.sort();
    let mut rows = String::new();
    for (file, path) in files {
        write_line(&format!("cargo:rerun-if-changed={}", path.display()));
        let path = path.display().to_string();
        let _ = writeln!(rows, "    ({file:?}, include_str!({path:?})),");
    }
    let _ = writeln!(
        code,
        "/// Every {what} that ships: file name and text.\npub static {name}: &[(&str, &str)] = &[\n{rows}];"
    );
    Ok(())
}

fn write_line(line: &str) {
    println!("{line}");
}
