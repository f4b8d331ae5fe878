//! The head of a standard's file: what names it, without reading its rows. A start needs no more of the standards that ship.

use doorstep_domain::standard::JobType;
use doorstep_domain::text::Text;
use serde::Deserialize;

/// What stands above the first table of a pack's file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// Pack id.
    pub id: String,
    /// Version.
    pub version: u32,
    /// The standard's name.
    pub name: Text,
    /// Words by which orders name it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Jobs it serves.
    pub job_types: Vec<JobType>,
}

impl Head {
    /// Reads the head of a sound pack; none when it cannot be read.
    #[must_use]
    pub fn read(source: &str) -> Option<Head> {
        let table = |line: &str| line.starts_with('[');
        let end: usize = source
            .split_inclusive('\n')
            .take_while(|line| !table(line))
            .map(str::len)
            .sum();
        toml::from_str(&source[..end]).ok()
    }

    /// Whether an order's words name this standard: its id, name or an alias.
    #[must_use]
    pub fn is_named(&self, words: &str) -> bool {
        self.id == words
            || self.name.zh == words
            || self.name.en == words
            || self.aliases.iter().any(|a| a == words)
    }
}

impl From<&doorstep_domain::standard::Pack> for Head {
    fn from(pack: &doorstep_domain::standard::Pack) -> Head {
        Head {
            id: pack.id.clone(),
            version: pack.version,
            name: pack.name.clone(),
            aliases: pack.aliases.clone(),
            job_types: pack.job_types.clone(),
        }
    }
}
