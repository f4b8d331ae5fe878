//! Which clauses of the catalogue a pack carries, and where.

use super::Pack;

/// What kind of place carries a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A row, or a member of a kit.
    Row,
    /// Words beside a step.
    Advice,
    /// A figure.
    Rule,
    /// A question to the customer, a piece of gear, a price.
    Survey,
}

/// One place that cites clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// What kind of place.
    pub kind: Kind,
    /// Its name within the pack: `badge-shown`, `kit:covers`, `rules.arrival`, `survey:polite`, `gear:helmet`, `prices:pipe`;
    /// for advice the phase.
    pub name: String,
    /// What it cites.
    pub clauses: &'a [String],
}

impl Pack {
    /// Every place that carries clauses, in the pack's order. Questions (`facts`) may cite, but carry nothing by themselves.
    #[must_use]
    pub fn carried(&self) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        let mut add = |kind, name: String, clauses| {
            places.push(Place {
                kind,
                name,
                clauses,
            });
        };
        for member in self.kits.iter().flat_map(|k| &k.members) {
            add(
                Kind::Row,
                format!("kit:{}", member.id),
                member.clauses.as_slice(),
            );
        }
        for phase in &self.phases {
            for item in &phase.items {
                add(Kind::Row, item.id.clone(), item.clauses.as_slice());
            }
            let said = phase.say.iter().map(|s| &s.clauses);
            let told = phase.dont.iter().chain(&phase.remind).map(|a| &a.clauses);
            for clauses in said.chain(told) {
                add(Kind::Advice, phase.id.clone(), clauses.as_slice());
            }
        }
        for (name, clauses) in self.rules.cited() {
            add(Kind::Rule, format!("rules.{name}"), clauses);
        }
        for q in &self.survey {
            add(
                Kind::Survey,
                format!("survey:{}", q.id),
                q.clauses.as_slice(),
            );
        }
        for g in &self.gear {
            add(Kind::Survey, format!("gear:{}", g.id), g.clauses.as_slice());
        }
        for p in &self.prices {
            add(
                Kind::Survey,
                format!("prices:{}", p.id),
                p.clauses.as_slice(),
            );
        }
        places
    }
}

impl super::Rules {
    /// Each figure by its name in the file, with what it cites.
    fn cited(&self) -> Vec<(&'static str, &[String])> {
        let short = self.change_notice.as_ref().and_then(|r| r.short.as_ref());
        let all = [
            ("arrival", self.arrival.as_ref().map(|r| &r.clauses)),
            (
                "change_notice",
                self.change_notice.as_ref().map(|r| &r.clauses),
            ),
            ("change_notice", short.map(|r| &r.clauses)),
            ("door_wait", self.door_wait.as_ref().map(|r| &r.clauses)),
            ("hand_in", self.hand_in.as_ref().map(|r| &r.clauses)),
            (
                "call_before_leaving",
                self.call_before_leaving.as_ref().map(|r| &r.clauses),
            ),
            ("call_ahead", self.call_ahead.as_ref().map(|r| &r.clauses)),
            ("missed", self.missed.as_ref().map(|r| &r.clauses)),
            (
                "service_hours",
                self.service_hours.as_ref().map(|r| &r.clauses),
            ),
            ("progress", self.progress.as_ref().map(|r| &r.clauses)),
            ("warranty", self.warranty.as_ref().map(|r| &r.clauses)),
            (
                "first_contact",
                self.first_contact.as_ref().map(|r| &r.clauses),
            ),
        ];
        let cited = all.into_iter();
        cited
            .filter_map(|(name, clauses)| Some((name, clauses?.as_slice())))
            .collect()
    }
}
