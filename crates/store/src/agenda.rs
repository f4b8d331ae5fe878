//! Today's list: orders with their newest visit, by the time that counts, searched and counted.

use crate::error::StoreError;
use crate::table::{order_row, visit_row};
use doorstep_domain::review::{ReviewRow, Verdict};
use doorstep_domain::rows::{OrderRow, VisitRow};
use doorstep_domain::visit::{OutcomeKind, VisitStage};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};
use std::collections::BTreeMap;

/// Where an order stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgendaState {
    /// No time agreed yet.
    New,
    /// 已预约
    Appointed,
    /// From departure to the signatures.
    Underway,
    /// 无人: another visit is needed.
    NobodyHome,
    /// 未完工-挂起: another visit is needed.
    Suspended,
    /// 退单
    Returned,
    /// 完工 and submitted.
    Done,
    /// 退回补资料: to be mended and submitted again.
    Mending,
    /// 返工上门: another visit is needed.
    Rework,
    /// Cancelled by dispatch.
    Cancelled,
}

impl AgendaState {
    /// Every state, in the order of a visit's life.
    pub const ALL: [AgendaState; 10] = [
        AgendaState::New,
        AgendaState::Appointed,
        AgendaState::Underway,
        AgendaState::NobodyHome,
        AgendaState::Suspended,
        AgendaState::Returned,
        AgendaState::Done,
        AgendaState::Mending,
        AgendaState::Rework,
        AgendaState::Cancelled,
    ];

    /// Its word in the database and in bindings.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            AgendaState::New => "new",
            AgendaState::Appointed => "appointed",
            AgendaState::Underway => "underway",
            AgendaState::NobodyHome => "nobody_home",
            AgendaState::Suspended => "suspended",
            AgendaState::Returned => "returned",
            AgendaState::Done => "done",
            AgendaState::Mending => "mending",
            AgendaState::Rework => "rework",
            AgendaState::Cancelled => "cancelled",
        }
    }

    /// From the order, the visit that stands for it and that visit's review. A visit under way goes on even when dispatch has
    /// cancelled its order: it is shown until it is submitted, and so is one to be mended.
    #[must_use]
    pub fn of(
        cancelled: bool,
        visit: Option<&VisitRow>,
        review: Option<&ReviewRow>,
    ) -> AgendaState {
        let submitted = visit.filter(|v| v.stage == VisitStage::Submitted);
        let verdict = submitted
            .zip(review)
            .and_then(|(v, r)| r.verdict_on(v.revision));
        let state = match visit.map(|v| (v.stage, v.outcome)) {
            _ if verdict == Some(Verdict::Returned) => AgendaState::Mending,
            _ if verdict == Some(Verdict::Rework) => AgendaState::Rework,
            None | Some((VisitStage::Opened, _)) => AgendaState::New,
            Some((VisitStage::Appointed, _)) => AgendaState::Appointed,
            Some(
                (VisitStage::NobodyHome, _)
                | (VisitStage::Submitted, Some(OutcomeKind::NobodyHome)),
            ) => AgendaState::NobodyHome,
            Some((VisitStage::Submitted, Some(OutcomeKind::Suspended))) => AgendaState::Suspended,
            Some((VisitStage::Submitted, Some(OutcomeKind::Returned))) => AgendaState::Returned,
            Some((VisitStage::Submitted, Some(OutcomeKind::Completed) | None)) => AgendaState::Done,
            Some(_) => AgendaState::Underway,
        };
        match state {
            AgendaState::New
            | AgendaState::Appointed
            | AgendaState::NobodyHome
            | AgendaState::Suspended
            | AgendaState::Rework
                if cancelled =>
            {
                AgendaState::Cancelled
            }
            other => other,
        }
    }

    /// Something is still to be done.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(
            self,
            AgendaState::Done | AgendaState::Returned | AgendaState::Cancelled
        )
    }
}

/// Which orders a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgendaFilter {
    /// Every one.
    #[default]
    All,
    /// Those with something still to be done.
    Open,
    /// Those whose time lies in `from_ms..to_ms`, those under way, and those that a review sent back.
    Day {
        /// First millisecond.
        from_ms: i64,
        /// First millisecond after it.
        to_ms: i64,
    },
    /// Those in one state.
    State(AgendaState),
}

/// A question to the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaQuery {
    /// Words that must all occur in number, customer, phone or address; case does not matter.
    pub search: Option<String>,
    /// Only orders that nobody or this staff number was given, and those that were worked on here all the same.
    pub whose: Option<String>,
    /// Which orders.
    pub filter: AgendaFilter,
    /// Rows to skip.
    pub offset: u64,
    /// Most rows to return.
    pub limit: u64,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaRow {
    /// The order.
    pub order: OrderRow,
    /// Its newest visit.
    pub visit: Option<VisitRow>,
    /// Where it stands.
    pub state: AgendaState,
    /// The time it is sorted by, ms: the agreed one, else the promised one.
    pub sort_ms: i64,
}

/// What the list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgendaPage {
    /// Orders that match search and filter.
    pub total: u64,
    /// Orders that match the search, by state, whatever the filter.
    pub counts: BTreeMap<AgendaState, u64>,
    /// The page, earliest first.
    pub rows: Vec<AgendaRow>,
}

impl AgendaFilter {
    fn takes(self, line: &Line) -> bool {
        match self {
            AgendaFilter::All => true,
            AgendaFilter::Open => line.state.is_open(),
            AgendaFilter::Day { from_ms, to_ms } => {
                let waits = matches!(
                    line.state,
                    AgendaState::Underway | AgendaState::Mending | AgendaState::Rework
                );
                (from_ms..to_ms).contains(&line.sort_ms) || waits
            }
            AgendaFilter::State(state) => line.state == state,
        }
    }
}

impl ToSql for AgendaState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

impl FromSql for AgendaState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<AgendaState> {
        let word = value.as_str()?;
        AgendaState::ALL
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or(FromSqlError::InvalidType)
    }
}

/// What choosing a page needs of every order.
struct Line {
    rowid: i64,
    sort_ms: i64,
    state: AgendaState,
}

/// One walk over all orders counts, filters and chooses; only the page's own rows are then read in full.
pub(crate) fn page(connection: &Connection, query: &AgendaQuery) -> Result<AgendaPage, StoreError> {
    let terms: Vec<String> = query
        .search
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let mut page = AgendaPage::default();
    let mut chosen = Vec::new();
    walk(connection, &terms, query.whose.as_deref(), |line| {
        *page.counts.entry(line.state).or_default() += 1;
        if query.filter.takes(&line) {
            if page.total >= query.offset && chosen.len() < limit {
                chosen.push(line.rowid);
            }
            page.total += 1;
        }
    })?;
    page.rows = rows(connection, &chosen)?;
    Ok(page)
}

/// Every order that matches the terms, earliest first.
fn walk(
    connection: &Connection,
    terms: &[String],
    whose: Option<&str>,
    mut each: impl FnMut(Line),
) -> Result<(), StoreError> {
    // without a search the index of times holds all that is needed; a search reads the rows themselves, in their order
    let index = if terms.is_empty() {
        "INDEXED BY order_row_by_time"
    } else {
        "NOT INDEXED"
    };
    let mut conditions = vec!["instr(o.search, ?) > 0"; terms.len()];
    if whose.is_some() {
        // a visit that was begun before the order went to somebody else stays where its technician finds it
        conditions.push(
            "(o.assigned IS NULL OR o.assigned = ?
              OR EXISTS (SELECT 1 FROM event AS e WHERE e.stream = o.visit AND e.own = 1))",
        );
    }
    let condition = match conditions.is_empty() {
        true => String::new(),
        false => format!("WHERE {}", conditions.join(" AND ")),
    };
    let sql = format!(
        "SELECT o.rowid, o.sort_ms, o.state FROM order_row AS o {index} {condition} ORDER BY o.sort_ms, o.stream"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let given = terms.iter().map(String::as_str).chain(whose);
    let mut rows = statement.query(rusqlite::params_from_iter(given))?;
    while let Some(row) = rows.next()? {
        each(Line {
            rowid: row.get(0)?,
            sort_ms: row.get(1)?,
            state: row.get(2)?,
        });
    }
    Ok(())
}

/// Orders whose time lies in `from_ms..to_ms`, earliest first.
pub(crate) fn between(
    connection: &Connection,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<AgendaRow>, StoreError> {
    let rowids: Vec<i64> = connection
        .prepare_cached("SELECT rowid FROM order_row WHERE sort_ms >= ?1 AND sort_ms < ?2")?
        .query_map([from_ms, to_ms], |r| r.get(0))?
        .collect::<Result<_, _>>()?;
    rows(connection, &rowids)
}

/// Orders whose time lies in `from_ms..to_ms` that somebody else than `whose` was given and nothing was done on here,
/// earliest first.
pub(crate) fn given_away(
    connection: &Connection,
    (from_ms, to_ms): (i64, i64),
    whose: &str,
) -> Result<Vec<OrderRow>, StoreError> {
    let sql = format!(
        "SELECT {} FROM order_row AS o
         WHERE o.sort_ms >= ?1 AND o.sort_ms < ?2 AND o.assigned <> ?3 AND o.cancelled = 0
            AND NOT EXISTS (SELECT 1 FROM visit_row AS v JOIN event AS e ON e.stream = v.stream AND e.own = 1
                            WHERE v.order_stream = o.stream)
         ORDER BY o.sort_ms, o.stream",
        order_row::COLUMNS
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params![from_ms, to_ms, whose], order_row::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whose orders had their time in `from_ms..to_ms` and no submission yet: how many technicians; `own` for orders that no hub gave
/// out. One walk along the index of times.
pub(crate) fn awaited(
    connection: &Connection,
    from_ms: i64,
    to_ms: i64,
    own: &str,
) -> rusqlite::Result<u64> {
    connection
        .prepare_cached(
            "SELECT count(DISTINCT coalesce(o.assigned, ?3)) FROM order_row AS o INDEXED BY order_row_by_time
             WHERE o.sort_ms >= ?1 AND o.sort_ms < ?2 AND o.state <> ?4
               AND NOT EXISTS (SELECT 1 FROM visit_row AS v WHERE v.stream = o.visit AND v.revision > 0)",
        )?
        .query_row(
            rusqlite::params![from_ms, to_ms, own, AgendaState::Cancelled],
            |r| r.get(0),
        )
}

fn rows(connection: &Connection, rowids: &[i64]) -> Result<Vec<AgendaRow>, StoreError> {
    let sql = format!(
        "SELECT {}, o.sort_ms, o.state, v.stream IS NOT NULL, {}
         FROM order_row AS o LEFT JOIN visit_row AS v ON v.stream = o.visit
         WHERE o.rowid IN (SELECT value FROM json_each(?1)) ORDER BY o.sort_ms, o.stream",
        order_row::COLUMNS,
        visit_row::COLUMNS,
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([format!("{rowids:?}")], |r| {
        let at = order_row::COLUMN_COUNT;
        let visit = r
            .get::<_, bool>(at + 2)?
            .then(|| visit_row::read(r, at + 3))
            .transpose()?;
        Ok(AgendaRow {
            order: order_row::read(r)?,
            visit,
            sort_ms: r.get(at)?,
            state: r.get(at + 1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
