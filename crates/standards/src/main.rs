//! `doorstep-standards`: checks a folder of standards, writes its coverage, reads and writes spreadsheets, compares
//! versions, prints the schema of the files.

mod tables;

use doorstep_domain::standard::schema;
use doorstep_standards::catalogue::Catalogue;
use doorstep_standards::check::{Options, Report, check};
use doorstep_standards::{CATALOGUE, coverage};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
doorstep-standards check DIR [--catalogue FILE] [--strict]
    检查一个目录里的规范（*.toml，modules/*.toml，COVERAGE.toml）。有错时返回 1。
    Checks a folder of standards; ends with 1 when there are mistakes.
    --strict   要有 COVERAGE.toml，核心条目至少承担 95%
               wants COVERAGE.toml, and 95 % of the core items carried
doorstep-standards coverage DIR --write [--take FILE]… [--catalogue FILE]
    按规范重写 COVERAGE.toml，保留 record、why 和 same；--take 从别的文件里取。
    Writes COVERAGE.toml anew and keeps record, why and same; --take adds those of other files.
doorstep-standards import FILE.xlsx --out FILE.toml
    把表格写成规范；用到的模块在 FILE.toml 旁边的 modules/ 里。有错时返回 1，不写文件。
    Writes a spreadsheet as a standard; its modules lie in modules/ beside FILE.toml. With mistakes it ends with 1 and writes nothing.
doorstep-standards export FILE.toml FILE.xlsx
    把规范写成表格。Writes a standard as a spreadsheet.
doorstep-standards diff OLD.toml NEW.toml
    两个版本差在哪里，哪些回答还算数。What differs between two versions, and which answers stand.
doorstep-standards schema [module]
    写给编辑器用的 JSON Schema：规范的，或模块的。The JSON Schema of a standard, or of a module, for editors.
doorstep-standards records
    列出 record 可以写什么。Lists what record may say.
";

/// What was asked for.
#[derive(Default)]
struct Asked {
    folder: PathBuf,
    catalogue: Option<PathBuf>,
    strict: bool,
    write: bool,
    take: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", &[][..]),
    };
    let done = match (command, asked(rest)) {
        ("check", Some(asked)) => run_check(&mut out, &asked),
        ("coverage", Some(asked)) if asked.write => run_coverage(&mut out, &asked),
        ("records", _) => run_records(&mut out),
        ("schema", _) if rest.is_empty() => run_schema(&mut out, &schema::pack_schema()),
        ("schema", _) if rest == ["module"] => run_schema(&mut out, &schema::module_schema()),
        ("import", _) if tables::wants_import(rest) => tables::run_import(&mut out, rest),
        ("export", _) if rest.len() == 2 => tables::run_export(&mut out, rest),
        ("diff", _) if rest.len() == 2 => tables::run_diff(&mut out, rest),
        ("help" | "--help", _) => out.write_all(HELP.as_bytes()).map(|()| true),
        _ => io::stderr().write_all(HELP.as_bytes()).map(|()| false),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            let _ = writeln!(io::stderr(), "{e}");
            ExitCode::FAILURE
        }
    }
}

fn asked(args: &[String]) -> Option<Asked> {
    let mut asked = Asked::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--strict" => asked.strict = true,
            "--write" => asked.write = true,
            "--catalogue" => asked.catalogue = Some(args.next()?.into()),
            "--take" => asked.take.push(args.next()?.into()),
            word if word.starts_with("--") || !asked.folder.as_os_str().is_empty() => return None,
            folder => asked.folder = folder.into(),
        }
    }
    (!asked.folder.as_os_str().is_empty()).then_some(asked)
}

fn catalogue(asked: &Asked) -> io::Result<Catalogue> {
    let text = match &asked.catalogue {
        Some(path) => std::fs::read_to_string(path)?,
        None => CATALOGUE.to_owned(),
    };
    Catalogue::read(&text).map_err(|line| invalid(format!("catalogue: line {line}")))
}

pub(crate) fn invalid(words: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, words)
}

fn run_check(out: &mut impl Write, asked: &Asked) -> io::Result<bool> {
    if !asked.folder.is_dir() {
        return Err(invalid(format!(
            "{}: 不是目录 / not a folder",
            asked.folder.display()
        )));
    }
    let catalogue = catalogue(asked)?;
    let options = Options {
        catalogue: &catalogue,
        strict: asked.strict,
    };
    let report = check(&asked.folder, options)?;
    for mistake in &report.mistakes {
        writeln!(out, "错 {mistake}")?;
    }
    for warning in &report.warnings {
        writeln!(out, "注意 {warning}")?;
    }
    summary(out, &report)?;
    Ok(report.mistakes.is_empty())
}

fn summary(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for (_, loaded) in &report.packs {
        let pack = &loaded.pack;
        let always = pack.items().filter(|(_, i)| i.when.is_none()).count();
        let advice: usize = pack
            .phases
            .iter()
            .map(|p| p.say.len() + p.dont.len() + p.remind.len())
            .sum();
        writeln!(
            out,
            "{} {} · 阶段 {} · 检查项 {always} 常有、{} 全部 · 问题 {} · 话和提醒 {advice}",
            pack.id,
            pack.version,
            pack.phases.len(),
            pack.items().count(),
            pack.facts.len(),
        )?;
    }
    if let Some((carried, all)) = report.core {
        writeln!(out, "核心条目 {carried}/{all}")?;
    }
    let (mistakes, warnings) = (report.mistakes.len(), report.warnings.len());
    writeln!(
        out,
        "{} 套规范，{mistakes} 处错，{warnings} 处注意",
        report.packs.len()
    )
}

fn run_coverage(out: &mut impl Write, asked: &Asked) -> io::Result<bool> {
    let catalogue = catalogue(asked)?;
    let options = Options {
        catalogue: &catalogue,
        strict: false,
    };
    let report = check(&asked.folder, options)?;
    let path = asked.folder.join(coverage::FILE);
    let mut kept = BTreeMap::new();
    if path.exists() {
        take(&mut kept, &path)?;
    }
    for file in &asked.take {
        take(&mut kept, file)?;
    }
    let carried = coverage::of_packs(report.packs.iter().map(|(_, p)| &p.pack));
    std::fs::write(&path, coverage::write(&catalogue, &carried, &kept))?;
    writeln!(out, "{}", path.display())?;
    Ok(true)
}

fn take(kept: &mut BTreeMap<String, coverage::Entry>, file: &Path) -> io::Result<()> {
    let text = std::fs::read_to_string(file)?;
    let entries = coverage::read(&text).map_err(|e| invalid(format!("{}: {e}", file.display())))?;
    kept.extend(entries);
    Ok(())
}

fn run_schema(out: &mut impl Write, schema: &serde_json::Value) -> io::Result<bool> {
    writeln!(out, "{schema:#}")?;
    Ok(true)
}

fn run_records(out: &mut impl Write) -> io::Result<bool> {
    for (name, what) in coverage::RECORDS {
        writeln!(out, "{name}: {what}")?;
    }
    Ok(true)
}
