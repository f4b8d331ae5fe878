//! The lead's queue: rows kept as visits are submitted and judged, and its pages.

use crate::agenda::{self, AgendaRow};
use crate::error::StoreError;
use crate::fold::Folded;
use crate::table::photo_print::{self, Alike};
use crate::table::submission::{self, Submitted};
use crate::table::{event, pack, review_row, submission_text, visit_row};
use doorstep_domain::desk::{Sight, summary};
use doorstep_domain::order::OrderState;
use doorstep_domain::rows::StreamState;
use doorstep_domain::standard::{Milestone, Pack, load::load_pack};
use doorstep_domain::text::Lang;
use doorstep_domain::visit::duty;
use doorstep_domain::visit::state::VisitState;
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Pinned packs that were read once.
#[derive(Default)]
pub(crate) struct Shelf(RefCell<HashMap<String, Arc<Pack>>>);

impl Shelf {
    /// A pinned pack; none while this device does not have it, or cannot read it.
    fn pack(&self, connection: &Connection, hash: &str) -> rusqlite::Result<Option<Arc<Pack>>> {
        if let Some(pack) = self.0.borrow().get(hash) {
            return Ok(Some(Arc::clone(pack)));
        }
        let stored = pack::get(connection, hash)?;
        let read = stored.and_then(|s| load_pack(&s.file, &s.source).ok());
        let read = read.map(|loaded| Arc::new(loaded.pack));
        if let Some(pack) = &read {
            self.0
                .borrow_mut()
                .insert(hash.to_owned(), Arc::clone(pack));
        }
        Ok(read)
    }
}

/// Brings the queue to a stream that was written to. `again`: its history changed, not only its end.
pub(crate) fn follow(
    connection: &Connection,
    shelf: &Shelf,
    state: &StreamState,
    again: bool,
) -> Result<(), StoreError> {
    match state {
        StreamState::Visit(visit) => {
            let here = submission::place(connection, &visit.stream)?;
            let newest = visit.submissions.last().map(|s| s.n);
            if again || here.map(|(_, n)| n) != newest {
                list(connection, shelf, visit)?;
                count_missed(connection, shelf, visit)?;
            }
            Ok(())
        }
        // whose customer it is, decides what counts against the other visits
        StreamState::Order(order) => visit_row::submitted_to(connection, &order.stream)?
            .iter()
            .try_for_each(|visit| list_again(connection, shelf, visit)),
        StreamState::Review(review) => match doorstep_domain::review::visit_of(&review.stream) {
            Some(visit) => {
                submission::judge(connection, &visit, review.row().as_ref())?;
                match submission::place(connection, &visit)? {
                    Some((id, _)) => Ok(submission::count_flags(connection, id)?),
                    None => Ok(()),
                }
            }
            None => Ok(()),
        },
        StreamState::Day(_)
        | StreamState::Gear(_)
        | StreamState::Assess(_)
        | StreamState::Staff(_)
        | StreamState::Issue(_)
        | StreamState::Plan(_)
        | StreamState::Unknown => Ok(()),
    }
}

fn list_again(connection: &Connection, shelf: &Shelf, visit: &str) -> Result<(), StoreError> {
    match Folded::replay(connection, visit)?.state {
        StreamState::Visit(state) => list(connection, shelf, &state),
        _ => Ok(()),
    }
}

/// A pack has come that submitted visits waited for.
pub(crate) fn pack_came(
    connection: &Connection,
    shelf: &Shelf,
    hash: &str,
) -> Result<(), StoreError> {
    let waiting = submission::waiting_for(connection, hash)?;
    waiting
        .iter()
        .try_for_each(|visit| list_again(connection, shelf, visit))
}

fn list(connection: &Connection, shelf: &Shelf, visit: &VisitState) -> Result<(), StoreError> {
    let mut touched = match submission::place(connection, &visit.stream)? {
        Some((id, _)) => photo_print::forget(connection, id)?,
        None => Vec::new(),
    };
    match row(connection, shelf, visit)? {
        None => submission::delete(connection, &visit.stream)?,
        Some(row) => {
            submission::put(connection, &row)?;
            let review = review_row::of_visit(connection, &visit.stream)?;
            submission::judge(connection, &visit.stream, review.as_ref())?;
            if let Some((id, _)) = submission::place(connection, &visit.stream)? {
                touched.extend(photo_print::add(connection, id, &row.photos)?);
                touched.push(id);
            }
        }
    }
    touched.sort_unstable();
    touched.dedup();
    for id in touched {
        submission::count_flags(connection, id)?;
    }
    Ok(())
}

fn row(
    connection: &Connection,
    shelf: &Shelf,
    visit: &VisitState,
) -> Result<Option<doorstep_domain::desk::SubmissionRow>, StoreError> {
    let (Some(opened), Some(_)) = (&visit.opened, visit.submissions.last()) else {
        return Ok(None);
    };
    let order = match Folded::replay(connection, &opened.order)?.state {
        StreamState::Order(order) => *order,
        _ => OrderState::default(),
    };
    let pack = shelf.pack(connection, &opened.pack.hash)?;
    let day = match day_stream(connection, visit)? {
        Some(stream) => Folded::replay(connection, &stream)?.state,
        None => StreamState::Unknown,
    };
    let day = match &day {
        StreamState::Day(day) if !day.stream.is_empty() => Some(day.as_ref()),
        _ => None,
    };
    Ok(summary(&Sight {
        visit,
        order: &order,
        pack: pack.as_deref(),
        day,
        missed_before: missed_before(connection, visit)?,
        lang: Lang::Zh,
    }))
}

/// Appointments with this customer that earlier visits missed by our fault, as far as they are here.
fn missed_before(connection: &Connection, visit: &VisitState) -> Result<u32, StoreError> {
    let Some(opened) = &visit.opened else {
        return Ok(0);
    };
    let (order, at) = (&opened.order, visit.opened_at_ms);
    Ok(visit_row::missed_before(
        connection,
        order,
        &visit.stream,
        at,
    )?)
}

/// What one visit missed counts against the later ones to the same customer, whichever came here first.
fn count_missed(
    connection: &Connection,
    shelf: &Shelf,
    visit: &VisitState,
) -> Result<(), StoreError> {
    let order = visit.opened.as_ref().map(|o| &o.order);
    let Some(order) = order.filter(|_| duty::missed(visit) > 0) else {
        return Ok(());
    };
    let others = visit_row::submitted_to(connection, order)?;
    let mut others = others.iter().filter(|other| **other != visit.stream);
    others.try_for_each(|other| list_again(connection, shelf, other))
}

/// The day of a visit's departure: the kit checks in the log that the visit was opened in.
pub(crate) fn day_stream(
    connection: &Connection,
    visit: &VisitState,
) -> rusqlite::Result<Option<String>> {
    let Some(departed) = visit.reached(Milestone::Departed) else {
        return Ok(None);
    };
    let log = event::log_of(connection, &visit.stream)?;
    Ok(log.map(|log| format!("day/{log}/{}", departed.when().date())))
}

/// Which submissions a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueView {
    /// 待审核
    Open,
    /// 有疑点
    Flagged,
    /// 返工上门, decided from this moment on, ms.
    ReworkSince(i64),
    /// Judged.
    Decided,
}

/// What a page is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueSort {
    /// Complaints, then the number of flags; of equal ones the oldest first when descending.
    Flags,
    /// When it was submitted.
    Submitted,
    /// The company's number.
    Order,
    /// Customer.
    Customer,
    /// Technician.
    Technician,
    /// Minutes after the agreed time.
    Arrival,
    /// Minutes inside.
    Minutes,
    /// The customer's word.
    Rating,
}

impl QueueSort {
    /// Its index and its column.
    fn column(self) -> (&'static str, &'static str) {
        match self {
            QueueSort::Flags => ("submission_by_flags", "rank"),
            QueueSort::Submitted => ("submission_by_submitted", "submitted_ms"),
            QueueSort::Order => ("submission_by_order", "order_no"),
            QueueSort::Customer => ("submission_by_customer", "customer"),
            QueueSort::Technician => ("submission_by_technician", "technician"),
            QueueSort::Arrival => ("submission_by_arrival", "arrival_min"),
            QueueSort::Minutes => ("submission_by_minutes", "minutes"),
            QueueSort::Rating => ("submission_by_rating", "rating_rank"),
        }
    }
}

/// A question to the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueQuery {
    /// Which ones.
    pub view: QueueView,
    /// Words that must all occur in number, customer, phone, address or technician; case does not matter.
    pub search: Option<String>,
    /// By what.
    pub sort: QueueSort,
    /// Largest first.
    pub descending: bool,
    /// Rows to skip.
    pub offset: u64,
    /// Most rows to return.
    pub limit: u64,
}

/// A page of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueuePage {
    /// Submissions that match view and search.
    pub total: u64,
    /// The page.
    pub rows: Vec<Submitted>,
}

/// How many there are, whatever is searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Not judged.
    pub open: u64,
    /// Of these, with flags.
    pub flagged: u64,
    /// Of these, without flags and not picked for a full read.
    pub unflagged: u64,
    /// 返工上门 since the given moment.
    pub rework: u64,
    /// When the oldest one here was submitted, ms.
    pub since_ms: Option<i64>,
}

/// Up to so many found ones are read one by one; more of them are picked out of an index that is walked whole.
const FEW: usize = 1_000;

pub(crate) fn page(connection: &Connection, query: &QueueQuery) -> Result<QueuePage, StoreError> {
    let words = query.search.as_deref().unwrap_or_default();
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let (index, column) = query.sort.column();
    let (index, condition) = match query.view {
        QueueView::Open => (index, "decided = 0".to_owned()),
        QueueView::Flagged => (index, "decided = 0 AND flags > 0".to_owned()),
        QueueView::ReworkSince(from) => (
            "submission_rework",
            format!("verdict = 'rework' AND given_ms >= {from}"),
        ),
        QueueView::Decided => (index, "decided = 1".to_owned()),
    };
    let (way, then) = match (query.descending, query.sort) {
        (true, QueueSort::Flags) => ("DESC", "ASC"),
        (false, QueueSort::Flags) => ("ASC", "DESC"),
        (true, _) => ("DESC", "DESC"),
        (false, _) => ("ASC", "ASC"),
    };
    let order = format!("ORDER BY {column} {way}, submitted_ms {then}, id {then}");
    let indexed = format!("FROM submission INDEXED BY {index} WHERE {condition}");
    if words.is_empty() {
        return whole(connection, query, &indexed, &order);
    }
    let found = submission_text::find(connection, &words)?;
    some(connection, query, &found, (&condition, &indexed), &order)
}

/// A page of all there are.
fn whole(
    connection: &Connection,
    query: &QueueQuery,
    indexed: &str,
    order: &str,
) -> Result<QueuePage, StoreError> {
    let total = connection
        .prepare_cached(&format!("SELECT count(*) {indexed}"))?
        .query_row([], |r| r.get(0))?;
    let ids: Vec<i64> = connection
        .prepare_cached(&format!("SELECT id {indexed} {order} LIMIT ?1 OFFSET ?2"))?
        .query_map([query.limit, query.offset], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    let rows = submission::by_ids(connection, &ids)?;
    Ok(QueuePage { total, rows })
}

/// A page of those that were found, which stand by id.
fn some(
    connection: &Connection,
    query: &QueueQuery,
    found: &[i64],
    (condition, indexed): (&str, &str),
    order: &str,
) -> Result<QueuePage, StoreError> {
    let few = found.len() <= FEW;
    let mut statement = connection.prepare_cached(&match few {
        true => format!(
            "SELECT id FROM submission NOT INDEXED
             WHERE id IN (SELECT value FROM json_each(?1)) AND {condition} {order}"
        ),
        false => format!("SELECT id {indexed} {order}"),
    })?;
    let mut lines = match few {
        true => statement.query([format!("{found:?}")])?,
        false => statement.query([])?,
    };
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let (mut total, mut chosen) = (0, Vec::new());
    while let Some(line) = lines.next()? {
        let id = line.get(0)?;
        if found.binary_search(&id).is_err() {
            continue;
        }
        if total >= query.offset && chosen.len() < limit {
            chosen.push(id);
        }
        total += 1;
    }
    let rows = submission::by_ids(connection, &chosen)?;
    Ok(QueuePage { total, rows })
}

pub(crate) fn counts(connection: &Connection, rework_since: i64) -> rusqlite::Result<QueueCounts> {
    let mut counts = connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE flags > 0), count(*) FILTER (WHERE flags = 0 AND sampled = 0)
             FROM submission INDEXED BY submission_by_flags WHERE decided = 0",
        )?
        .query_row([], |r| {
            Ok(QueueCounts {
                open: r.get(0)?,
                flagged: r.get(1)?,
                unflagged: r.get(2)?,
                ..QueueCounts::default()
            })
        })?;
    counts.rework = connection
        .prepare_cached(
            "SELECT count(*) FROM submission WHERE verdict = 'rework' AND given_ms >= ?1",
        )?
        .query_row([rework_since], |r| r.get(0))?;
    counts.since_ms = connection
        .prepare_cached("SELECT min(submitted_ms) FROM submission")?
        .query_row([], |r| r.get(0))?;
    Ok(counts)
}

/// Open submissions without flags that were not picked for a full read, oldest first.
pub(crate) fn unflagged(connection: &Connection) -> rusqlite::Result<Vec<(String, u32)>> {
    connection
        .prepare_cached(
            "SELECT visit, n FROM submission WHERE decided = 0 AND flags = 0 AND sampled = 0 AND assessed = 1
             ORDER BY submitted_ms, visit",
        )?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect()
}

impl crate::Store {
    /// Orders whose agreed or promised time lies in `from_ms..to_ms`, earliest first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn agenda_between(&self, from_ms: i64, to_ms: i64) -> Result<Vec<AgendaRow>, StoreError> {
        agenda::between(&self.connection, from_ms, to_ms)
    }

    /// 还没收到: how many technicians have orders whose time lay in `from_ms..to_ms` and no submission here. Orders that no hub gave
    /// out are `own`'s, a staff number.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn awaited(&self, from_ms: i64, to_ms: i64, own: &str) -> Result<u64, StoreError> {
        Ok(agenda::awaited(&self.connection, from_ms, to_ms, own)?)
    }

    /// A page of the lead's queue.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn queue(&self, query: &QueueQuery) -> Result<QueuePage, StoreError> {
        page(&self.connection, query)
    }

    /// How many wait; 返工上门 from `rework_since` on, ms.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn queue_counts(&self, rework_since: i64) -> Result<QueueCounts, StoreError> {
        Ok(counts(&self.connection, rework_since)?)
    }

    /// The queue's line of a visit; none before it was submitted.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn queued(&self, visit: &str) -> Result<Option<Submitted>, StoreError> {
        Ok(submission::get(&self.connection, visit)?)
    }

    /// Open submissions without flags that nobody picked for a full read: visit and number, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn unflagged(&self) -> Result<Vec<(String, u32)>, StoreError> {
        Ok(unflagged(&self.connection)?)
    }

    /// Appointments with a visit's customer that earlier visits missed by our fault, as far as they are here. Who the customer is,
    /// the phone tells.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn missed_before(&self, visit: &VisitState) -> Result<u32, StoreError> {
        missed_before(&self.connection, visit)
    }

    /// Earlier photos of other visits that those of a visit resemble.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn alike(&self, visit: &str) -> Result<Vec<Alike>, StoreError> {
        Ok(photo_print::of_visit(&self.connection, visit)?)
    }

    /// Packs that submitted visits wait for before they can be looked through.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn packs_wanted(&self) -> Result<Vec<String>, StoreError> {
        Ok(submission::packs_wanted(&self.connection)?)
    }

    /// Packs that visits pin, own ones and received ones, and that are not here.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn packs_missing(&self) -> Result<Vec<String>, StoreError> {
        Ok(visit_row::packs_missing(&self.connection)?)
    }

    /// The stream of the kit checks that a visit's departure rests on.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn day_of(&self, visit: &VisitState) -> Result<Option<String>, StoreError> {
        Ok(day_stream(&self.connection, visit)?)
    }
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
