//! A verdict in words, with what each reason is about.

use crate::event::Actor;
use crate::review::{Given, ReviewState, Verdict};
use crate::standard::Pack;
use crate::text::Lang;
use crate::time::Moment;
use crate::visit::decide::Ground;
use crate::visit::state::VisitState;
use crate::visit::{PhotoTarget, RowData};
use serde::Serialize;
use ts_rs::TS;

/// What the team lead said to the newest submission.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ReviewView {
    /// 第 N 次提交
    pub submission: u32,
    /// What.
    pub verdict: Verdict,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// Why, each for a row or for the whole.
    pub reasons: Vec<RowReason>,
    /// Words.
    pub note: Option<String>,
    /// Something the customer attested is different now: they have to sign again.
    pub customer_signs_again: bool,
}

/// A reason with the words for what it is about.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RowReason {
    /// Id of an item, a photo or a row; none = the whole.
    pub item: Option<String>,
    /// What that is; empty for the whole.
    pub title: String,
    /// Why.
    pub reason: String,
}

/// The verdict on the newest submission; `again` says that the customer has to sign again.
pub(super) fn review_view(ground: &Ground<'_>, again: bool, lang: Lang) -> Option<ReviewView> {
    let (visit, pack) = (ground.visit, ground.pack);
    let newest = visit.submissions.last()?;
    let standing = |r: &ReviewState| r.standing(newest.n).cloned();
    let given = ground.review.and_then(standing)?;
    Some(ReviewView {
        submission: given.submission,
        verdict: given.verdict,
        by: given.by.clone(),
        at: given.at.moment(),
        reasons: row_reasons(&given, visit, pack, lang),
        note: given.note,
        customer_signs_again: again,
    })
}

/// A verdict's reasons with the words for what they are about.
#[must_use]
pub fn row_reasons(given: &Given, visit: &VisitState, pack: &Pack, lang: Lang) -> Vec<RowReason> {
    let words = |id: &String| reason_title(visit, pack, id, lang);
    let view = |r: &crate::review::VerdictReason| RowReason {
        item: r.item.clone(),
        title: r.item.as_ref().map(words).unwrap_or_default(),
        reason: r.reason.clone(),
    };
    given.reasons.iter().map(view).collect()
}

/// The words for an item, a row or a photo of a visit, by its id; also for those that were mended away since. The id itself
/// for one that the visit never had.
#[must_use]
pub fn reason_title(visit: &VisitState, pack: &Pack, id: &str, lang: Lang) -> String {
    let item = |id: &str| pack.item(id).map(|(_, i)| i.text.get(lang).to_owned());
    let row = |id: &str| {
        let (_, history) = visit.rows.iter().find(|(row, _)| row == id)?;
        let newest = history.all().iter().rev().find_map(|r| r.value.as_ref());
        newest.map(row_title)
    };
    let photo = |id: &str| {
        let frozen = visit.frozen.as_deref().map(|f| f.photos.iter());
        let mut all = visit.photos.iter().chain(frozen.into_iter().flatten());
        let photo = all.find(|p| p.value.id == id)?;
        let of = match &photo.value.target {
            PhotoTarget::Item { item: id } => item(id),
            PhotoTarget::Row { row: id } => row(id),
            PhotoTarget::LeaveNote | PhotoTarget::Paper | PhotoTarget::Mark => None,
        };
        Some(photo_title(of, &photo.value.target, lang))
    };
    item(id)
        .or_else(|| row(id))
        .or_else(|| photo(id))
        .unwrap_or_else(|| id.to_owned())
}

fn row_title(row: &RowData) -> String {
    match row {
        RowData::Devices { name, sn, .. } => format!("{name} SN {sn}"),
        RowData::Materials { name, .. } | RowData::Fees { name, .. } => name.clone(),
    }
}

fn photo_title(of: Option<String>, target: &PhotoTarget, lang: Lang) -> String {
    let (zh, en) = match target {
        PhotoTarget::Item { .. } | PhotoTarget::Row { .. } => ("照片", "photo"),
        PhotoTarget::LeaveNote => ("到访留言照片", "photo of the leave-note"),
        PhotoTarget::Paper => ("纸质工单照片", "photo of the paper ticket"),
        PhotoTarget::Mark => ("手印照片", "photo of the fingerprint"),
    };
    match (of, lang) {
        (Some(of), Lang::Zh) => format!("{of}（{zh}）"),
        (Some(of), Lang::En) => format!("{of} ({en})"),
        (None, Lang::Zh) => zh.to_owned(),
        (None, Lang::En) => en.to_owned(),
    }
}
