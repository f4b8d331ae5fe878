//! What changes for a visit when its standard goes from one version to another.

use super::{Evidence, Item, Pack};

/// What became of a row. The same row is the one with the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The new version has it, the old one does not.
    Added,
    /// Both have it, and something about it differs.
    Changed,
    /// The old version has it, the new one does not.
    Dropped,
}

/// One row that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange<'a> {
    /// Its id.
    pub id: &'a str,
    /// What became of it.
    pub change: Change,
    /// The row as it was; none when it was added.
    pub old: Option<&'a Item>,
    /// The row as it is; none when it was dropped.
    pub new: Option<&'a Item>,
    /// Whether what was answered stands: the same thing is proved in the same way under the same words.
    pub kept: bool,
}

/// Rows that differ between two versions, in the new version's order; dropped ones last, in the old one's.
/// Rows that are not named are the same in both, and so are their answers.
#[must_use]
pub fn compare<'a>(old: &'a Pack, new: &'a Pack) -> Vec<RowChange<'a>> {
    let stands = new
        .items()
        .filter_map(|(phase, item)| match old.item(&item.id) {
            None => Some(RowChange {
                id: &item.id,
                change: Change::Added,
                old: None,
                new: Some(item),
                kept: false,
            }),
            Some((place, before))
                if before == item && place.id == phase.id && same_proof(old, new, item) =>
            {
                None
            }
            Some((_, before)) => Some(RowChange {
                id: &item.id,
                change: Change::Changed,
                old: Some(before),
                new: Some(item),
                kept: answer_stands(before, item) && same_proof(old, new, item),
            }),
        });
    let gone = old.items().filter(|(_, item)| new.item(&item.id).is_none());
    let gone = gone.map(|(_, item)| RowChange {
        id: &item.id,
        change: Change::Dropped,
        old: Some(item),
        new: None,
        kept: false,
    });
    stands.chain(gone).collect()
}

/// The gear that a row looks at is the pack's, not the row's.
fn same_proof(old: &Pack, new: &Pack, item: &Item) -> bool {
    item.evidence != Evidence::AutoGear || old.gear == new.gear
}

/// Questions whose answers do not stand in the new version: they say something else there, or are not asked.
#[must_use]
pub fn questions_that_differ(old: &Pack, new: &Pack) -> Vec<String> {
    let stands = |id: &str, text| new.facts.iter().any(|q| q.id == id && &q.text == text);
    let gone = old.facts.iter().filter(|q| !stands(&q.id, &q.text));
    gone.map(|q| q.id.clone()).collect()
}

/// Who answered read these words and gave this proof. Order, condition, photos asked for and clauses may change:
/// what is then still owed, the visit asks for by itself. So may the reasons for "does not apply": the answer carries its words.
fn answer_stands(old: &Item, new: &Item) -> bool {
    old.text == new.text && old.evidence == new.evidence
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Change, compare};
    use crate::standard::load::load_pack;
    use crate::standard::{Evidence, Pack};
    use crate::text::Text;

    fn pack() -> Pack {
        load_pack("sample.toml", include_str!("compare_sample.toml"))
            .unwrap()
            .pack
    }

    #[test]
    fn the_same_version_changes_nothing() {
        assert_eq!(compare(&pack(), &pack()), []);
    }

    #[test]
    fn added_changed_and_dropped_rows_are_told_and_answers_kept_where_the_row_is_the_same() {
        let old = pack();
        let mut new = old.clone();
        let rows = &mut new.phases[0].items;
        let (first, second) = (rows[0].id.clone(), rows[1].id.clone());
        rows[0].text = Text::new("别的话", "Other words");
        rows[1].clauses.push("OURS".to_owned());
        let mut added = rows[0].clone();
        added.id = "added".to_owned();
        rows.push(added);
        let last = new.phases.last_mut().unwrap().items.pop().unwrap().id;
        let told: Vec<(String, Change, bool)> = compare(&old, &new)
            .iter()
            .map(|c| (c.id.to_owned(), c.change, c.kept))
            .collect();
        let wanted = [
            (first, Change::Changed, false),
            (second, Change::Changed, true),
            ("added".to_owned(), Change::Added, false),
            (last, Change::Dropped, false),
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn other_proof_is_another_answer_and_another_phase_is_the_same_one() {
        let old = pack();
        let mut new = old.clone();
        let moved = new.phases[0].items.remove(0);
        let id = moved.id.clone();
        new.phases[1].items.insert(0, moved);
        let changes = compare(&old, &new);
        assert_eq!(changes.len(), 1);
        assert!(
            (changes[0].id, changes[0].change, changes[0].kept)
                == (id.as_str(), Change::Changed, true)
        );
        new.phases[1].items[0].evidence = Evidence::Date;
        assert!(!compare(&old, &new)[0].kept);
    }
}
