//! The committed JSON Schemas are those of the types, take every file that ships, and refuse what the types refuse. The judge is a
//! validator that knows nothing of us. `UPDATE_GOLDEN=1` writes the schemas anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use boon::{Compiler, SchemaIndex, Schemas};
use doorstep_domain::standard::load::load_pack;
use doorstep_domain::standard::schema::{module_schema, pack_schema};
use doorstep_standards::{MODULES, PACKS};
use serde_json::Value;
use std::path::{Path, PathBuf};

const MINIMAL: &str = include_str!("../../domain/tests/packs_minimal.toml");

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../assets/standards")
        .join(name)
}

fn committed(name: &str, schema: &Value) {
    let written = format!("{schema:#}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(file(name), &written).unwrap();
    }
    assert!(
        std::fs::read_to_string(file(name)).unwrap() == written,
        "{name} is not what the types say: UPDATE_GOLDEN=1 cargo test --workspace --test schema"
    );
}

/// One schema, compiled by the validator out of the committed file.
struct Judge {
    schemas: Schemas,
    schema: SchemaIndex,
}

impl Judge {
    fn new(name: &str) -> Judge {
        let text = std::fs::read_to_string(file(name)).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let schema: Value = serde_json::from_str(&text).unwrap();
        compiler.add_resource(name, schema).unwrap();
        let schema = compiler.compile(name, &mut schemas).unwrap();
        Judge { schemas, schema }
    }

    /// What the validator says of a TOML text; none when it takes it.
    fn complains(&self, source: &str) -> Option<String> {
        let value: Value = toml::from_str(source).unwrap();
        let judged = self.schemas.validate(&value, self.schema);
        judged.err().map(|e| format!("{e:#}"))
    }
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    committed("pack.schema.json", &pack_schema());
    committed("module.schema.json", &module_schema());
}

#[test]
fn every_standard_and_module_that_ships_is_taken() {
    let (pack, module) = (
        Judge::new("pack.schema.json"),
        Judge::new("module.schema.json"),
    );
    let packs = PACKS
        .iter()
        .map(|(name, source)| (name, pack.complains(source)));
    let modules = MODULES
        .iter()
        .map(|(name, source)| (name, module.complains(source)));
    let refused: Vec<_> = packs
        .chain(modules)
        .filter(|(_, said)| said.is_some())
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert_eq!(pack.complains(MINIMAL), None, "a pack without modules");
    assert!(module.complains(MINIMAL).is_some(), "a pack is no module");
}

/// One change each to the minimal pack: what types can see.
const WRONG: [(&str, &str); 14] = [
    ("version = 1", "version = \"one\""),
    ("version = 1", "version = 0"),
    ("id = \"mini\"", "id = \"Mini Pack\""),
    ("hotline = \"10000\"", ""),
    ("hotline = \"10000\"", "hotline = \"无\""),
    ("en = \"Mini\"", "en = \" \""),
    ("en = \"Mini\"", "eng = \"Mini\""),
    (
        "job_types = [\"install\", \"repair\"]",
        "job_types = [\"instal\"]",
    ),
    ("stage = \"inside\"", "stage = \"indoors\""),
    ("kind = \"tick\"", "kind = \"tik\""),
    ("kind = \"auto_kit\", kit = \"bag\"", "kind = \"auto_kit\""),
    ("min = \"-27\"", "min = -27"),
    (
        "when = { fact = \"moved\" }",
        "when = { facts = \"moved\" }",
    ),
    ("clauses = [\"S37-26\"]", "clauses = [\"S37/26\"]"),
];

#[test]
fn wrong_files_are_refused_by_the_schema_as_by_the_program() {
    let pack = Judge::new("pack.schema.json");
    for (from, to) in WRONG {
        assert!(MINIMAL.contains(from), "{from}");
        let source = MINIMAL.replacen(from, to, 1);
        assert!(pack.complains(&source).is_some(), "{to}");
        assert!(load_pack("p.toml", &source).is_err(), "{to}");
    }
}

#[test]
fn a_row_of_a_module_is_written_in_its_own_way() {
    let pack = Judge::new("pack.schema.json");
    let with = |uses: &str| {
        MINIMAL.replacen(
            "[[phases.items]]",
            &format!("[[phases.items]]\n{uses}\n[[phases.items]]"),
            1,
        )
    };
    assert_eq!(
        pack.complains(&with(
            "use = \"damage\"\nonly = [\"damage-photo\"]\nfacts = false"
        )),
        None
    );
    assert!(
        pack.complains(&with("use = \"damage\"\nonly = \"damage-photo\""))
            .is_some()
    );
    assert!(
        pack.complains(&with("use = \"damage\"\nrows = []"))
            .is_some()
    );
}
