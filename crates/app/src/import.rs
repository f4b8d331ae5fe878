//! Work orders from a CSV file: preview first, then all or nothing. Format: `assets/demo/README.md`.

use crate::dto::{ImportDone, ImportError, ImportPreview, ImportReason, ImportRow};
use crate::orders::order_state;
use crate::{App, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::order::{OrderSource, WorkOrder};
use doorstep_orders::read_orders;
use std::sync::PoisonError;

/// A previewed file waiting for its import.
pub(crate) struct Pending {
    token: String,
    orders: Vec<WorkOrder>,
    known: u32,
    errors: usize,
}

impl App {
    /// Reads a file without importing anything.
    ///
    /// # Errors
    /// [`Code::ImportEmpty`], [`Code::ImportTooLarge`], [`Code::ImportEncoding`], [`Code::ImportHeader`],
    /// [`Code::ImportFormat`]; wrong rows are in the preview.
    pub fn import_preview(&self, name: &str, bytes: &[u8]) -> Outcome<ImportPreview> {
        let now = self.now()?;
        let file = read_orders(bytes, now.offset_min, OrderSource::Import, |words| {
            self.packs.by_words(words)
        })?;
        let mut errors = file.errors;
        self.with(|session| {
            let mut known = 0;
            let mut fresh = Vec::new();
            for (line, order) in file.orders {
                match same_number(session, &order)? {
                    None => fresh.push((line, order)),
                    Some(true) => known += 1,
                    Some(false) => errors.push(ImportError::new(
                        line,
                        "工单号",
                        &order.no,
                        ImportReason::Conflict,
                    )),
                }
            }
            errors.sort_by_key(|e| e.line);
            let token = self.new_id(&now);
            let preview = ImportPreview {
                token: token.clone(),
                file: name.to_owned(),
                encoding: file.encoding.to_owned(),
                ready: fresh
                    .iter()
                    .map(|(line, o)| self.row(*line, o, session))
                    .collect(),
                known,
                errors,
            };
            let orders = fresh.into_iter().map(|(_, o)| o).collect();
            let pending = Pending {
                token,
                orders,
                known,
                errors: preview.errors.len(),
            };
            *self.imports.lock().unwrap_or_else(PoisonError::into_inner) = Some(pending);
            Ok(preview)
        })
    }

    fn row(&self, line: u32, order: &WorkOrder, session: &Session) -> ImportRow {
        let standard = self.packs.newest(&order.standard);
        let lang = session.settings.lang;
        ImportRow {
            line,
            no: order.no.clone(),
            customer: order.customer.clone(),
            address: order.address.clone(),
            at: order.promised_start,
            job: order.job,
            standard: standard.map_or_else(
                |_| order.standard.clone(),
                |(_, p)| p.pack.name.get(lang).to_owned(),
            ),
        }
    }

    /// Imports what was previewed: every row or none.
    ///
    /// # Errors
    /// [`Code::ImportGone`], [`Code::ImportRows`] while a row is wrong, storage trouble.
    pub fn import_commit(&self, token: &str) -> Outcome<ImportDone> {
        let now = self.now()?;
        let mut pending = self.imports.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match pending.as_ref() {
            Some(p) if p.token == token && p.errors == 0 => p.known,
            Some(p) if p.token == token => return Err(Code::ImportRows.into()),
            _ => return Err(Code::ImportGone.into()),
        };
        let orders = pending
            .as_ref()
            .map(|p| p.orders.clone())
            .unwrap_or_default();
        let imported = u32::try_from(orders.len()).unwrap_or(u32::MAX);
        self.with(|session| self.receive(session, &now, orders))?;
        *pending = None;
        Ok(ImportDone { imported, known })
    }
}

/// `None`: new; `Some(true)`: here with the same contents; `Some(false)`: here with others.
fn same_number(session: &mut Session, order: &WorkOrder) -> Outcome<Option<bool>> {
    let Some(row) = session.store.order_by_no(&order.no)? else {
        return Ok(None);
    };
    let known = order_state(session, &row.stream)?.order;
    Ok(Some(known.is_some_and(|k| {
        WorkOrder {
            source: order.source,
            ..k
        } == *order
    })))
}
