//! Parts that several standards share: `modules/<id>.toml`, written once and used by packs.

use super::place::{Findings, Sources};
use super::{PackError, explain, readable, utf8};
use crate::standard::{Advice, Chip, Condition, Gear, Item, Kit, Price, Said, SurveyQuestion};
use crate::text::Text;
use serde::Deserialize;
use std::sync::OnceLock;
use toml::de::DeTable;

/// The folder of the modules beside the packs.
pub(super) const FOLDER: &str = "modules/";

/// A module as its file says it: the types are checked here, what it means where a pack uses it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "read for its types only; packs take the parts as TOML"
)]
pub(in crate::standard) struct Written {
    id: String,
    name: Text,
    systems: Vec<String>,
    #[serde(default)]
    facts: Vec<WrittenQuestion>,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    say: Vec<Said>,
    #[serde(default)]
    dont: Vec<Advice>,
    #[serde(default)]
    remind: Vec<Advice>,
    #[serde(default)]
    kits: Vec<Kit>,
    #[serde(default)]
    kit_reasons: Vec<Chip>,
    #[serde(default)]
    suspend_reasons: Vec<Chip>,
    #[serde(default)]
    return_reasons: Vec<Chip>,
    #[serde(default)]
    change_reasons: Vec<Chip>,
    #[serde(default)]
    unsigned_reasons: Vec<Chip>,
    #[serde(default)]
    reading_reasons: Vec<Chip>,
    #[serde(default)]
    survey: Vec<SurveyQuestion>,
    #[serde(default)]
    gear: Vec<Gear>,
    #[serde(default)]
    prices: Vec<Price>,
}

/// A question takes the phase that uses the module.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "read for its types only; packs take the parts as TOML"
)]
struct WrittenQuestion {
    id: String,
    text: Text,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    clauses: Vec<String>,
    #[serde(default)]
    when: Option<Condition>,
}

/// One module, sound by itself.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its id, which is its file's name too.
    pub id: String,
    /// `modules/<id>.toml`
    pub file: String,
    pub(super) source: String,
}

/// The modules that packs may use.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    sound: Vec<Module>,
    /// Ids whose files are broken: a pack that uses one is told so.
    broken: Vec<String>,
}

impl Modules {
    /// Takes a module's file, e.g. `telecom-floor.toml`; a later one of the same name replaces an earlier one.
    ///
    /// # Errors
    /// Every mistake found; packs that use it are then refused too.
    pub fn take(&mut self, name: &str, bytes: &[u8]) -> Result<(), Vec<PackError>> {
        let id = name.strip_suffix(".toml").unwrap_or(name).to_owned();
        self.sound.retain(|m| m.id != id);
        self.broken.retain(|b| *b != id);
        match read(&id, bytes) {
            Ok(module) => {
                self.sound.push(module);
                Ok(())
            }
            Err(mistakes) => {
                self.broken.push(id);
                Err(mistakes)
            }
        }
    }

    /// The sound ones.
    #[must_use]
    pub fn all(&self) -> &[Module] {
        &self.sound
    }

    pub(super) fn is_broken(&self, id: &str) -> bool {
        self.broken.iter().any(|b| b == id)
    }
}

/// Reads packs with the modules that they may use; a module's file is parsed once for all of them.
pub struct Reader<'m> {
    pub(super) modules: &'m Modules,
    parsed: Vec<OnceLock<Option<DeTable<'m>>>>,
}

impl<'m> Reader<'m> {
    /// Nothing is parsed yet.
    #[must_use]
    pub fn new(modules: &'m Modules) -> Reader<'m> {
        let parsed = modules.sound.iter().map(|_| OnceLock::new()).collect();
        Reader { modules, parsed }
    }

    /// A sound module with its content.
    pub(super) fn get(&self, id: &str) -> Option<(&'m Module, &DeTable<'m>)> {
        let at = self.modules.sound.iter().position(|m| m.id == id)?;
        let module = self.modules.sound.get(at)?;
        // it was read once before, so it can be read again
        let parse = || Some(DeTable::parse(&module.source).ok()?.into_inner());
        let table = self.parsed.get(at)?.get_or_init(parse).as_ref()?;
        Some((module, table))
    }
}

fn read(id: &str, bytes: &[u8]) -> Result<Module, Vec<PackError>> {
    let file = format!("{FOLDER}{id}.toml");
    let source = utf8(&file, bytes)?;
    readable(&file, source)?;
    let sources = Sources::of(&file, source);
    let told = |e: &toml::de::Error| vec![explain::explain(&sources, e)];
    let table = DeTable::parse(source).map_err(|e| told(&e))?;
    let start = table.get_ref().get("id").map_or(0, |v| v.span().start);
    let de = toml::Deserializer::from(table);
    let written = Written::deserialize(de).map_err(|e| told(&e))?;
    if written.id != id {
        let mut findings = Findings::default();
        findings.report_at(
            start,
            format!("编号「{}」要和文件名「{id}」一样", written.id),
            format!("The id “{}” must be the file's name, “{id}”", written.id),
        );
        return Err(findings.into_errors(&sources));
    }
    Ok(Module {
        id: id.to_owned(),
        file,
        source: source.to_owned(),
    })
}
