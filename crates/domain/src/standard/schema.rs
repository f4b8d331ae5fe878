//! The JSON Schema of the files that service managers write, for editors that complete and underline. It is generated from the
//! types that read them, so the two cannot drift apart. What types cannot say (references, figures, order) only
//! [`super::load`] knows: a file that the schema takes may still be refused.

use super::load::{Use, Written};
use super::{Advice, Item, Pack, Said};
use crate::text::Text;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// What a pack may leave to its modules.
const FROM_MODULES: [&str; 8] = [
    "kits",
    "kit_reasons",
    "suspend_reasons",
    "return_reasons",
    "change_reasons",
    "unsigned_reasons",
    "reading_reasons",
    "survey",
];

/// The schema of a pack's file, with its `use` of modules. JSON Schema draft 7, which TOML editors know.
#[must_use]
pub fn pack_schema() -> Value {
    let mut schema = generated::<Pack>("服务规范 · A service standard of Doorstep");
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|n| FROM_MODULES.contains(&n)));
    }
    at(&mut schema, "/properties", |properties| {
        let uses = json!({
            "description": "Modules that give reasons, kits, survey, gear and prices.",
            "type": "array",
            "items": { "type": "string" },
        });
        properties.insert("use".to_owned(), uses);
    });
    schema.to_value()
}

/// The schema of a module's file.
#[must_use]
pub fn module_schema() -> Value {
    generated::<Written>("服务规范的模块 · A module that service standards share").to_value()
}

fn generated<T: JsonSchema>(title: &str) -> Schema {
    let settings = SchemaSettings::draft07().with_transform(Tidy);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema
}

fn at(schema: &mut Schema, pointer: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    if let Some(Value::Object(found)) = schema.pointer_mut(pointer) {
        change(found);
    }
}

/// A decimal in quotes, so that no figure is rounded: `"-27.5"`.
pub struct Figure;

impl JsonSchema for Figure {
    fn schema_name() -> Cow<'static, str> {
        "Figure".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A decimal in quotes, like \"-27.5\".",
            "type": "string",
            "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$",
        })
    }
}

/// Words to say as an editor meets them: [`Said`] reads either.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum SaidForms {
    /// `{ zh, en }`
    Plain(Text),
    /// With clauses.
    Cited(Advice),
}

impl JsonSchema for Said {
    fn schema_name() -> Cow<'static, str> {
        "Said".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        SaidForms::json_schema(generator)
    }
}

/// A row of a phase's list as it is written: the row itself, or a module in its place.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum ItemAsWritten {
    /// A row.
    Row(Box<Item>),
    /// The rows of a module.
    Use(Use),
}

/// Patterns that hold wherever a field of that name stands; no `null`, which TOML does not have; plain words.
#[derive(Clone)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        without_null(object);
        if let Some(Value::String(words)) = object.get_mut("description") {
            *words = words.replace("[`", "").replace("`]", "").replace('`', "");
        }
        if let Some(Value::Object(properties)) = object.get_mut("properties") {
            properties
                .iter_mut()
                .for_each(|(name, field)| narrow(name, field));
        }
    }
}

fn without_null(object: &mut Map<String, Value>) {
    if object.get("default") == Some(&Value::Null) {
        object.remove("default");
    }
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|t| t != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(forms)) = object.get_mut("anyOf") {
        forms.retain(|f| f != &json!({ "type": "null" }));
        if let [one] = forms.as_slice() {
            let one = one.clone();
            object.remove("anyOf");
            // draft 7 ignores what stands beside a reference
            object.insert("allOf".to_owned(), json!([one]));
        }
    }
}

/// Ids, clauses and texts look the same in every table.
fn narrow(name: &str, field: &mut Value) {
    let Value::Object(field) = field else { return };
    let is_text = field.get("type") == Some(&json!("string"));
    match name {
        "id" if is_text => {
            field.insert("pattern".to_owned(), json!("^[a-z0-9_-]{1,64}$"));
        }
        "zh" | "en" if is_text => {
            field.insert("pattern".to_owned(), json!(r"\S"));
        }
        "hotline" if is_text => {
            field.insert("pattern".to_owned(), json!("[0-9]"));
        }
        "version" => {
            field.insert("minimum".to_owned(), json!(1));
        }
        "clauses" | "systems" => {
            let pattern = match name {
                "clauses" => "^(OURS|[SG][0-9]{0,2}-[0-9]{2})$",
                _ => "^S[0-9]{2}$",
            };
            if let Some(Value::Object(one)) = field.get_mut("items") {
                one.insert("pattern".to_owned(), json!(pattern));
            }
        }
        _ => {}
    }
}
