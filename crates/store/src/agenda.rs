//! Today's list: orders with their newest visit, by the time that counts, searched and counted.

use crate::error::StoreError;
use crate::table::{order_row, visit_row, word};
use doorstep_domain::rows::{OrderRow, VisitRow};
use doorstep_domain::visit::{OutcomeKind, VisitStage};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where an order stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// Cancelled by dispatch.
    Cancelled,
}

impl AgendaState {
    /// From the order and the visit that stands for it. A visit under way goes on even when dispatch has
    /// cancelled its order: it is shown until it is submitted.
    pub(crate) fn of(cancelled: bool, visit: Option<&VisitRow>) -> AgendaState {
        let state = match visit.map(|v| (v.stage, v.outcome)) {
            None | Some((VisitStage::Opened, _)) => AgendaState::New,
            Some((VisitStage::Appointed, _)) => AgendaState::Appointed,
            Some((VisitStage::NobodyHome, _) | (VisitStage::Submitted, Some(OutcomeKind::NobodyHome))) => {
                AgendaState::NobodyHome
            }
            Some((VisitStage::Submitted, Some(OutcomeKind::Suspended))) => AgendaState::Suspended,
            Some((VisitStage::Submitted, Some(OutcomeKind::Returned))) => AgendaState::Returned,
            Some((VisitStage::Submitted, Some(OutcomeKind::Completed) | None)) => AgendaState::Done,
            Some(_) => AgendaState::Underway,
        };
        match state {
            AgendaState::New | AgendaState::Appointed | AgendaState::NobodyHome | AgendaState::Suspended
                if cancelled =>
            {
                AgendaState::Cancelled
            }
            other => other,
        }
    }

    /// Something is still to be done on site.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, AgendaState::Done | AgendaState::Returned | AgendaState::Cancelled)
    }
}

/// Which orders a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgendaFilter {
    /// Every one.
    #[default]
    All,
    /// Those with something still to be done on site.
    Open,
    /// Those whose time lies in `from_ms..to_ms` and, whatever their time, those under way.
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

/// A piece of SQL and its values.
#[derive(Default)]
struct Clause {
    sql: String,
    values: Vec<Value>,
}

impl Clause {
    fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}

fn searched(search: Option<&str>) -> Clause {
    let mut clause = Clause::default();
    for term in search.unwrap_or_default().split_whitespace() {
        clause.and("instr(o.search, ?) > 0", [Value::Text(term.to_lowercase())]);
    }
    clause
}

fn filtered(mut clause: Clause, filter: AgendaFilter) -> Result<Clause, StoreError> {
    match filter {
        AgendaFilter::All => {}
        AgendaFilter::Open => clause.and("o.state NOT IN ('done', 'returned', 'cancelled')", []),
        AgendaFilter::Day { from_ms, to_ms } => {
            let values = [Value::Integer(from_ms), Value::Integer(to_ms)];
            clause.and("((o.sort_ms >= ? AND o.sort_ms < ?) OR o.state = 'underway')", values);
        }
        AgendaFilter::State(state) => clause.and("o.state = ?", [Value::Text(word(state)?)]),
    }
    Ok(clause)
}

pub(crate) fn page(connection: &Connection, query: &AgendaQuery) -> Result<AgendaPage, StoreError> {
    let counts = counts(connection, &searched(query.search.as_deref()))?;
    let chosen = filtered(searched(query.search.as_deref()), query.filter)?;
    let total = match query.filter {
        AgendaFilter::All => counts.values().sum(),
        AgendaFilter::Open => counts.iter().filter(|(s, _)| s.is_open()).map(|(_, n)| n).sum(),
        AgendaFilter::State(state) => counts.get(&state).copied().unwrap_or_default(),
        AgendaFilter::Day { .. } => count(connection, &chosen)?,
    };
    let rows = if query.offset < total { rows(connection, chosen, query)? } else { Vec::new() };
    Ok(AgendaPage { total, counts, rows })
}

fn counts(connection: &Connection, clause: &Clause) -> Result<BTreeMap<AgendaState, u64>, StoreError> {
    let sql = format!("SELECT o.state, count(*) FROM order_row AS o{} GROUP BY o.state", clause.sql);
    let mut statement = connection.prepare_cached(&sql)?;
    let read = |r: &rusqlite::Row<'_>| Ok((crate::table::from_word(r.get(0)?)?, r.get(1)?));
    Ok(statement.query_map(rusqlite::params_from_iter(&clause.values), read)?.collect::<Result<_, _>>()?)
}

fn count(connection: &Connection, clause: &Clause) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM order_row AS o{}", clause.sql);
    Ok(connection.prepare_cached(&sql)?.query_row(rusqlite::params_from_iter(&clause.values), |r| r.get(0))?)
}

fn rows(connection: &Connection, mut clause: Clause, query: &AgendaQuery) -> Result<Vec<AgendaRow>, StoreError> {
    // the page is chosen along the index of times; only its own rows are then read in full
    let sql = format!(
        "SELECT {}, o.sort_ms, o.state, v.stream IS NOT NULL, {} FROM
            (SELECT o.rowid AS at FROM order_row AS o{} ORDER BY o.sort_ms, o.stream LIMIT ? OFFSET ?) AS page
            JOIN order_row AS o ON o.rowid = page.at LEFT JOIN visit_row AS v ON v.stream = o.visit
         ORDER BY o.sort_ms, o.stream",
        order_row::COLUMNS,
        visit_row::COLUMNS,
        clause.sql
    );
    let whole = |n: u64| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    clause.values.extend([whole(query.limit), whole(query.offset)]);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(&clause.values), |r| {
        let at = order_row::COLUMN_COUNT;
        let visit = r.get::<_, bool>(at + 2)?.then(|| visit_row::read(r, at + 3)).transpose()?;
        Ok(AgendaRow {
            order: order_row::read(r)?,
            visit,
            sort_ms: r.get(at)?,
            state: crate::table::from_word(r.get(at + 1)?)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
