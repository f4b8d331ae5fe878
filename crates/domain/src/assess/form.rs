//! A form of an assessment: sections, what may be deducted in each, the sheets it is printed on, its time limits.

use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Points that every assessment has at its beginning.
pub const FULL_POINTS: u32 = 100;

/// A form as its file says it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// `jiangsu-s11`
    pub id: String,
    /// Rises with every change of the file.
    pub version: u32,
    /// In lists.
    pub name: Text,
    /// Whose form it is.
    pub company: Text,
    /// What the printed sheet is called.
    pub sheet_name: Text,
    /// Why there are several totals.
    pub total_note: Text,
    /// What the examiner should know of the figures.
    #[serde(default)]
    pub notes: Vec<Words>,
    /// What holds all the time and costs no points.
    #[serde(default)]
    pub conduct: Vec<Words>,
    /// The sheets that the points are counted on.
    pub sheets: Vec<Sheet>,
    /// Points that each sheet begins with; where the source contradicts itself there are several to choose from.
    pub totals: Vec<Total>,
    /// Time limits.
    #[serde(default)]
    pub timers: Vec<Timer>,
    /// What is examined.
    pub sections: Vec<Section>,
}

/// A sentence with its source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The sentence.
    pub text: Text,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A sheet that points are counted on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Unique in the form.
    pub id: String,
    /// Its heading.
    pub title: Text,
}

/// One way to share 100 points among the sheets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// Unique in the form.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Points by sheet.
    pub points: BTreeMap<String, u32>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A time limit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Unique in the form.
    pub id: String,
    /// What is timed.
    pub title: Text,
    /// The limit in minutes; exactly that long is in time.
    pub minutes: u32,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A part of the exam.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Unique in the form.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// No more than these points can be lost in it.
    pub points: u32,
    /// What may be deducted.
    pub rows: Vec<Row>,
}

/// How a row costs points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "AssessCost")]
pub enum Cost {
    /// All its points, once.
    Once,
    /// Its points for each fault.
    Each,
    /// Any part of its points.
    Worth,
}

/// Something that points are deducted for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Unique in the form.
    pub id: String,
    /// What is right.
    pub title: Text,
    /// The sheet it is counted on.
    pub sheet: String,
    /// How it costs points.
    pub cost: Cost,
    /// Points: of one fault, or what the row is worth.
    pub points: u32,
    /// What one fault is counted in; only with [`Cost::Each`].
    pub unit: Option<Text>,
    /// Most faults that there can be; only with [`Cost::Each`].
    pub most: Option<u32>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

impl Row {
    /// Most points that the row itself can cost; none = no end but the section's.
    #[must_use]
    pub fn limit(&self) -> Option<u32> {
        match self.cost {
            Cost::Once | Cost::Worth => Some(self.points),
            Cost::Each => self.most.map(|n| n.saturating_mul(self.points)),
        }
    }
}

impl Form {
    /// A row by its id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows().find(|r| r.id == id)
    }

    /// Every row, in order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.sections.iter().flat_map(|s| &s.rows)
    }

    /// A time limit by its id.
    #[must_use]
    pub fn timer(&self, id: &str) -> Option<&Timer> {
        self.timers.iter().find(|t| t.id == id)
    }

    /// A way to count by its id.
    #[must_use]
    pub fn total(&self, id: &str) -> Option<&Total> {
        self.totals.iter().find(|t| t.id == id)
    }
}
