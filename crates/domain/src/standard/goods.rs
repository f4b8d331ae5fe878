//! Things that a pack knows by name: protective equipment with a date, and what may be charged.

use crate::text::Text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A piece of the technician's own protective equipment, e.g. 安全帽.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gear {
    /// Stable id, unique within the pack; the same piece has the same id in every pack.
    pub id: String,
    /// 安全帽
    pub name: Text,
    /// How long it may be used from its first use or its last test, months.
    pub months: u32,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// What may be charged, e.g. 加长连接管 100 元/米.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Stable id, unique within the pack.
    pub id: String,
    /// 加长连接管
    pub name: Text,
    /// 米, 个, 次
    pub unit: Text,
    /// For one unit, CNY cents.
    pub cents: u32,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

impl Price {
    /// For one unit, yuan.
    #[must_use]
    pub fn yuan(&self) -> Decimal {
        Decimal::new(i64::from(self.cents), 2)
    }
}
