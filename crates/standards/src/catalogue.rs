//! The ids of the catalogue: what a pack may cite, and what all packs together must carry.

use std::collections::BTreeMap;

/// How much an item matters to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relevance {
    /// Belongs to a visit: at least 95 % of these are carried.
    Core,
    /// Phone scripts, follow-up, management.
    Supporting,
}

/// Every id with its relevance.
#[derive(Clone, Debug, Default)]
pub struct Catalogue(pub BTreeMap<String, Relevance>);

impl Catalogue {
    /// Reads lines of `S12-10 S12 core`; lines that begin with `#` are remarks.
    ///
    /// # Errors
    /// The number (from 1) of the first line that is not like that, or whose id stands there twice.
    pub fn read(text: &str) -> Result<Catalogue, usize> {
        let mut ids = BTreeMap::new();
        for (i, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let mut words = line.split_whitespace();
            let (id, system) = (words.next(), words.next());
            let relevance = match words.next() {
                Some("core") => Relevance::Core,
                Some("supporting") => Relevance::Supporting,
                _ => return Err(i + 1),
            };
            let (Some(id), Some(system), None) = (id, system, words.next()) else {
                return Err(i + 1);
            };
            let twice = ids.insert(id.to_owned(), relevance).is_some();
            if twice || id.split_once('-').is_none_or(|(s, _)| s != system) {
                return Err(i + 1);
            }
        }
        Ok(Catalogue(ids))
    }
}
