//! Orders: receiving, the card beside Today, 临时工单, the call screen.

use crate::dto::{
    Dispatch, DispatchNews, OrderDetail, OwnWork, PhoneReveal, RowAction, TemporaryOrder,
    VisitBrief,
};
use crate::{App, Outcome, Session};
use doorstep_domain::code::{Code, Field, Refusal};
use doorstep_domain::order::{OrderEvent, OrderSource, OrderState, WorkOrder};
use doorstep_domain::rows::StreamState;
use doorstep_domain::time::{Moment, Stamp};
use doorstep_domain::visit::command::Command;
use doorstep_domain::visit::view::{kit_view, order_card};

impl App {
    /// Writes orders into the log, all or none.
    pub(crate) fn receive(
        &self,
        session: &mut Session,
        now: &Stamp,
        orders: Vec<WorkOrder>,
    ) -> Outcome<Vec<String>> {
        let mut contents = Vec::with_capacity(orders.len());
        for order in orders {
            let stream = format!("order/{}", self.new_id(now));
            contents.push(self.content(
                session,
                now,
                &stream,
                &OrderEvent::Received { order },
                None,
            )?);
        }
        let streams = contents.iter().map(|c| c.stream.clone()).collect();
        session.store.append(contents)?;
        Ok(streams)
    }

    /// The right side of Today.
    ///
    /// # Errors
    /// [`Code::OrderUnknown`], [`Code::NoProfile`], storage trouble.
    pub fn order_detail(&self, order: &str) -> Outcome<OrderDetail> {
        let now = self.now()?;
        self.with(|session| {
            let state = order_state(session, order)?;
            let mut row = self
                .today_row_of(session, order, now.moment())?
                .ok_or(Code::OrderUnknown)?;
            let dispatch = dispatch_news(session, &state, row.dispatch)?;
            if dispatch.as_ref().is_some_and(|d| d.work == OwnWork::None) {
                row.action = RowAction::Look;
            }
            let visits = session.store.visits_of(order)?;
            let newest = visits.last().map(|v| v.stream.clone());
            let offset_min = row.at.offset_min;
            let brief = |v: &doorstep_domain::rows::VisitRow| VisitBrief {
                visit: v.stream.clone(),
                stage: v.stage,
                outcome: v.outcome,
                opened_at: Moment {
                    ms: v.opened_ms,
                    offset_min,
                },
                submitted_at: v.submitted_ms.map(|ms| Moment { ms, offset_min }),
            };
            let last_call = match &newest {
                Some(visit) => crate::visits::visit_state(session, visit)?
                    .calls
                    .last()
                    .map(|c| (c.value.clone(), c.when())),
                None => None,
            };
            let day = crate::kits::day_state(session, now.moment())?;
            let lang = session.settings.lang;
            let standard = &state
                .order
                .as_ref()
                .map(|o| o.standard.clone())
                .unwrap_or_default();
            let pack = self.packs.newest(standard).ok().map(|(_, p)| &p.pack);
            let kits = pack.map(|p| {
                p.kits
                    .iter()
                    .map(|k| kit_view(p, k, Some(&day), lang))
                    .collect()
            });
            Ok(OrderDetail {
                card: order_card(&state),
                standard: pack.map_or_else(|| standard.clone(), |p| p.name.get(lang).to_owned()),
                visit: newest,
                visits: visits.iter().map(brief).collect(),
                last_call,
                row,
                kits: kits.unwrap_or_default(),
                dispatch,
            })
        })
    }

    /// The whole number for the call screen; opening it is logged.
    ///
    /// # Errors
    /// As [`App::open_visit`].
    pub fn reveal_phone(&self, order: &str) -> Outcome<PhoneReveal> {
        let view = self.open_visit(order)?;
        self.act(&view.visit, &Command::RevealPhone)?;
        self.with(|session| {
            let order = order_state(session, order)?
                .order
                .ok_or(Code::OrderUnknown)?;
            Ok(PhoneReveal {
                phone: order.phone,
                alternate_contact: order.alternate_contact,
            })
        })
    }

    /// 临时工单: starts on the tablet after a phone call, linked to the company's number later.
    ///
    /// # Errors
    /// [`Code::RowInvalid`] with the field, [`Code::PackUnknown`], storage trouble.
    pub fn new_temporary_order(&self, new: &TemporaryOrder) -> Outcome<String> {
        let now = self.now()?;
        let field = |name: Field, text: &str, max: usize| -> Outcome<String> {
            let text = text.trim();
            if text.is_empty() || text.chars().count() > max {
                return Err(Refusal::field(name).into());
            }
            Ok(text.to_owned())
        };
        let digits = new.phone.chars().filter(char::is_ascii_digit).count();
        if digits < 5 {
            return Err(Refusal::field(Field::Phone).into());
        }
        let (_, pack) = self.packs.newest(&new.standard)?;
        if !pack.pack.job_types.contains(&new.job) {
            return Err(Refusal::field(Field::Job).into());
        }
        let service = Some(new.service.trim()).filter(|s| !s.is_empty());
        let base = format!("L{}", now.moment().local().format("%Y%m%d-%H%M%S"));
        let mut order = WorkOrder {
            no: String::new(),
            customer: field(Field::Customer, &new.customer, 60)?,
            phone: field(Field::Phone, &new.phone, 30)?,
            alternate_contact: None,
            address: field(Field::Address, &new.address, 200)?,
            site_note: None,
            service: service.map_or_else(|| pack.pack.name.zh.clone(), str::to_owned),
            job: new.job,
            standard: pack.pack.id.clone(),
            promised_start: new.start,
            promised_end: None,
            deadline: None,
            contracted_mbps: None,
            note: new.note.clone().filter(|n| !n.trim().is_empty()),
            supplies: None,
            source: OrderSource::Temporary,
        };
        self.with(|session| {
            order.no = free_no(session, &base)?;
            let streams = self.receive(session, &now, vec![order])?;
            streams
                .into_iter()
                .next()
                .ok_or_else(|| Code::Internal.into())
        })
    }
}

/// What dispatch did with an order, and what was done on it here.
fn dispatch_news(
    session: &Session,
    order: &OrderState,
    what: Option<Dispatch>,
) -> Outcome<Option<DispatchNews>> {
    let Some(what) = what else {
        return Ok(None);
    };
    let mut work = OwnWork::None;
    for visit in session.store.visits_of(&order.stream)? {
        if session.store.writes(&visit.stream)? {
            work = match visit.submitted_ms {
                Some(_) => OwnWork::HandedIn,
                None => OwnWork::Begun,
            };
        }
    }
    let to = order.assigned.as_ref().map(|a| a.name.clone());
    Ok(Some(DispatchNews {
        what,
        at: match what {
            Dispatch::Cancelled => order.cancelled_at,
            Dispatch::Reassigned => order.assigned_at,
        },
        to: to.filter(|_| what == Dispatch::Reassigned),
        reason: order.cancelled.clone().unwrap_or_default(),
        work,
    }))
}

/// The number of a temporary order: its second, and a counter when that second has one already.
fn free_no(session: &Session, base: &str) -> Outcome<String> {
    let mut no = base.to_owned();
    let mut n = 1;
    while session.store.order_by_no(&no)?.is_some() {
        n += 1;
        no = format!("{base}.{n}");
    }
    Ok(no)
}

/// The fold of an order.
pub(crate) fn order_state(session: &mut Session, order: &str) -> Outcome<OrderState> {
    match session.store.state(order)? {
        StreamState::Order(state) if state.head.is_some() => Ok((**state).clone()),
        _ => Err(Code::OrderUnknown.into()),
    }
}
