//! The technician's own protective equipment and its dates. Stream `gear/<log id>`: a stream has one writer.

use crate::event::{Content, read_body};
use crate::standard::Gear;
use crate::time::{Day, Moment};
use crate::visit::GearFound;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Newest schema of gear bodies that this version reads.
pub const GEAR_SCHEMA: u32 = 1;

/// A piece is named "soon" when it has so many days left.
pub const SOON_DAYS: i64 = 30;

/// What can happen to a piece of gear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum GearEvent {
    /// Taken into use, replaced or tested: its time counts from that day.
    #[serde(rename = "gear.recorded")]
    Recorded {
        /// Piece id, the same in every pack.
        piece: String,
        /// `2026-05-03`
        since: String,
    },
}

/// The fold of one stream: the newest day of every piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GearState {
    /// Stream name.
    pub stream: String,
    /// Piece id → the day its time counts from.
    pub since: BTreeMap<String, String>,
    /// Events kept but not understood.
    pub parked: u32,
}

impl GearState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        match read_body::<GearEvent>(content, GEAR_SCHEMA) {
            Some(GearEvent::Recorded { piece, since }) => {
                self.since.insert(piece, since);
            }
            None => self.parked += 1,
        }
    }

    /// The last day on which a piece may be used; none when it was never recorded.
    #[must_use]
    pub fn due(&self, piece: &Gear) -> Option<Day> {
        let since = Day::parse(self.since.get(&piece.id)?)?;
        Some(since.plus_months(piece.months))
    }

    /// A piece as it is found at a moment. It is good up to and on its last day.
    #[must_use]
    pub fn found(&self, piece: &Gear, now: Moment) -> GearFound {
        let due = self.due(piece);
        GearFound {
            id: piece.id.clone(),
            due: due.map(|d| d.to_string()),
            good: due.is_some_and(|d| Day::of(now) <= d),
        }
    }
}

/// How a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum GearStanding {
    /// Within its date.
    Good,
    /// Within its date for [`SOON_DAYS`] days at most.
    Soon,
    /// Out of date.
    Expired,
    /// Never recorded.
    Unrecorded,
}

/// A piece of gear in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct GearView {
    /// Piece id.
    pub id: String,
    /// 安全帽
    pub name: String,
    /// Months of use.
    pub months: u32,
    /// The day its time counts from.
    pub since: Option<String>,
    /// The last day on which it may be used.
    pub due: Option<String>,
    /// Days left; negative when out of date.
    pub days_left: Option<i32>,
    /// How it stands.
    pub standing: GearStanding,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// Pieces as they stand now.
#[must_use]
pub fn gear_views<'g>(
    pieces: impl Iterator<Item = &'g Gear>,
    state: Option<&GearState>,
    now: Moment,
    lang: crate::text::Lang,
) -> Vec<GearView> {
    let none = GearState::default();
    let state = state.unwrap_or(&none);
    let view = |piece: &Gear| {
        let due = state.due(piece);
        let left = due.map(|due| Day::of(now).days_until(due));
        GearView {
            id: piece.id.clone(),
            name: piece.name.get(lang).to_owned(),
            months: piece.months,
            since: state.since.get(&piece.id).cloned(),
            due: due.map(|d| d.to_string()),
            days_left: left.map(|d| i32::try_from(d).unwrap_or(i32::MAX)),
            standing: match left {
                None => GearStanding::Unrecorded,
                Some(..0) => GearStanding::Expired,
                Some(0..=SOON_DAYS) => GearStanding::Soon,
                Some(_) => GearStanding::Good,
            },
            clauses: piece.clauses.clone(),
        }
    };
    pieces.map(view).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::text::{Lang, Text};

    fn helmet() -> Gear {
        Gear {
            id: "helmet".into(),
            name: Text::new("安全帽", "Safety helmet"),
            months: 30,
            clauses: vec!["S40-09".into()],
        }
    }

    fn standing(since: Option<&str>, today: &str) -> (Option<i32>, GearStanding, bool) {
        let since = since.map(|s| ("helmet".to_owned(), s.to_owned()));
        let state = GearState {
            since: since.into_iter().collect(),
            ..GearState::default()
        };
        let now = Moment::parse_local(&format!("{today} 09:00"), 480).unwrap();
        let piece = helmet();
        let view = gear_views([&piece].into_iter(), Some(&state), now, Lang::Zh).remove(0);
        (view.days_left, view.standing, state.found(&piece, now).good)
    }

    #[test]
    fn a_helmet_serves_two_and_a_half_years() {
        let since = Some("2024-05-22");
        assert_eq!(
            standing(since, "2026-10-22"),
            (Some(31), GearStanding::Good, true)
        );
        assert_eq!(
            standing(since, "2026-10-23"),
            (Some(30), GearStanding::Soon, true)
        );
        assert_eq!(
            standing(since, "2026-11-22"),
            (Some(0), GearStanding::Soon, true),
            "the last day"
        );
        assert_eq!(
            standing(since, "2026-11-23"),
            (Some(-1), GearStanding::Expired, false)
        );
        assert_eq!(
            standing(None, "2026-11-22"),
            (None, GearStanding::Unrecorded, false)
        );
        assert_eq!(
            standing(Some("昨天"), "2026-11-22"),
            (None, GearStanding::Unrecorded, false),
            "a day of another version"
        );
    }
}
