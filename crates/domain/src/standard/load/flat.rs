//! A pack with its modules as one TOML text: what is hashed, pinned and sent.

use toml::Value;
use toml::de::{DeTable, DeValue};

/// The text. Keys stand in alphabetical order, so the same content is the same bytes.
pub(super) fn flat(table: &DeTable<'_>) -> String {
    let plain: toml::Table = table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())))
        .collect();
    // only a value that TOML cannot say makes this fail, and every value here was read from TOML
    toml::to_string(&plain).unwrap_or_default()
}

fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(s) => Value::String(s.to_string()),
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix())
            .map_or_else(|_| Value::String(i.to_string()), Value::Integer),
        DeValue::Float(f) => f
            .as_str()
            .parse()
            .map_or_else(|_| Value::String(f.to_string()), Value::Float),
        DeValue::Boolean(b) => Value::Boolean(*b),
        DeValue::Datetime(d) => Value::Datetime(*d),
        DeValue::Array(list) => Value::Array(list.iter().map(|v| plain(v.get_ref())).collect()),
        DeValue::Table(table) => Value::Table(
            table
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())))
                .collect(),
        ),
    }
}
