//! `import`, `export` and `diff` of the program.

use crate::invalid;
use doorstep_domain::standard::compare::{Change, compare};
use doorstep_domain::standard::load::{LoadedPack, Modules, load_with, utf8};
use doorstep_standards::folder::Folder;
use doorstep_standards::sheets::{Mistake, export, import};
use std::io::{self, Write};
use std::path::Path;

/// `FILE.xlsx --out FILE.toml`
pub(crate) fn wants_import(args: &[String]) -> bool {
    matches!(args, [_, out, _] if out == "--out")
}

/// The modules beside a pack; broken ones are told where a pack uses them.
fn modules_beside(pack: &Path) -> io::Result<Modules> {
    let beside = match pack.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut modules = Modules::default();
    for (name, path) in Folder::list(beside)?.modules {
        // the pack that uses it is told
        let _ = modules.take(&name, &std::fs::read(path)?);
    }
    Ok(modules)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn tell(out: &mut impl Write, file: &str, mistakes: &[Mistake]) -> io::Result<bool> {
    for mistake in mistakes {
        writeln!(out, "错 {file}: {mistake}")?;
    }
    Ok(false)
}

/// `import FILE.xlsx --out FILE.toml`
pub(crate) fn run_import(out: &mut impl Write, args: &[String]) -> io::Result<bool> {
    let [from, _, to] = args else {
        return Ok(false);
    };
    let to = Path::new(to);
    match import(&modules_beside(to)?, &name_of(to), &std::fs::read(from)?) {
        Ok(done) => {
            std::fs::write(to, done.source)?;
            writeln!(out, "{}", to.display())?;
            Ok(true)
        }
        Err(mistakes) => tell(out, from, &mistakes),
    }
}

/// `export FILE.toml FILE.xlsx`
pub(crate) fn run_export(out: &mut impl Write, args: &[String]) -> io::Result<bool> {
    let [from, to] = args else { return Ok(false) };
    let bytes = std::fs::read(from)?;
    let source =
        utf8(from, &bytes).map_err(|e| invalid(e.iter().map(ToString::to_string).collect()))?;
    match export(source) {
        Ok(sheet) => {
            std::fs::write(to, sheet)?;
            writeln!(out, "{to}")?;
            Ok(true)
        }
        Err(mistakes) => tell(out, from, &mistakes),
    }
}

fn loaded(out: &mut impl Write, path: &str) -> io::Result<Option<LoadedPack>> {
    let bytes = std::fs::read(path)?;
    let read = utf8(path, &bytes).and_then(|source| match modules_beside(Path::new(path)) {
        Ok(modules) => load_with(&modules, path, source),
        Err(_) => load_with(&Modules::default(), path, source),
    });
    match read {
        Ok(pack) => Ok(Some(pack)),
        Err(mistakes) => {
            for mistake in mistakes {
                writeln!(out, "错 {mistake}")?;
            }
            Ok(None)
        }
    }
}

/// `diff OLD.toml NEW.toml`
pub(crate) fn run_diff(out: &mut impl Write, args: &[String]) -> io::Result<bool> {
    let [old, new] = args else { return Ok(false) };
    let (old, new) = (loaded(out, old)?, loaded(out, new)?);
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(false);
    };
    writeln!(
        out,
        "{} {} → {} {}",
        old.pack.id, old.pack.version, new.pack.id, new.pack.version
    )?;
    let changes = compare(&old.pack, &new.pack);
    for change in &changes {
        let word = match (change.change, change.kept) {
            (Change::Added, _) => "新增 added",
            (Change::Changed, true) => "改动，回答还算 changed, answer kept",
            (Change::Changed, false) => "改动，要重答 changed, to be answered anew",
            (Change::Dropped, _) => "去掉 dropped",
        };
        let text = change
            .new
            .or(change.old)
            .map(|item| item.text.clone())
            .unwrap_or_default();
        writeln!(out, "{word}: {} {} / {}", change.id, text.zh, text.en)?;
    }
    writeln!(out, "{} 处 / {} rows", changes.len(), changes.len())?;
    Ok(true)
}
