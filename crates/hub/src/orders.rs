//! Orders: they come in by file or by REST, go to a technician, to another, or are cancelled. The hub writes their streams.

use crate::call::{Call, named_id};
use crate::error::{HubError, Outcome};
use crate::hub::{self, Hub};
use crate::people::unknown_person;
use crate::routing;
use crate::sql::delivery::{self, Audience};
use crate::sql::{self, order, people};
use doorstep_domain::event::{Actor, sha256_hex};
use doorstep_domain::order::{ORDER_SCHEMA, OrderEvent, OrderSource, WorkOrder};
use doorstep_domain::review::stream_of;
use doorstep_domain::wire::ProblemCode;
use doorstep_orders::{ImportError, ImportReason, read_orders};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

/// How long an idempotency key is remembered, ms.
pub const KEYS_MS: i64 = 30 * 24 * 3_600_000;

/// The order number's column, as the import names it.
const NO: &str = "工单号";

/// Whether a number that is known already may get other contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Other contents are a mistake.
    Keep,
    /// Other contents are what dispatch says now.
    Update,
}

/// What an import did. While a row is wrong, nothing was imported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// New orders.
    pub new: u32,
    /// Known orders that changed.
    pub updated: u32,
    /// Known orders, unchanged.
    pub known: u32,
    /// Wrong rows.
    pub errors: Vec<ImportError>,
}

/// What became of an order that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrderReceipt {
    /// The company's number.
    pub no: String,
    /// Its stream.
    pub stream: String,
    /// False when it was here before with the same contents.
    pub new: bool,
}

enum Put {
    New,
    Updated,
    Same,
    Conflict,
}

/// The hub itself, where nobody with a staff number acts.
#[must_use]
pub fn office() -> Actor {
    Actor {
        staff_no: "hub".to_owned(),
        name: "公司服务器".to_owned(),
    }
}

impl Hub {
    /// Imports a file of work orders: all rows, or none while one is wrong. `offset_min` is that of its local times.
    ///
    /// # Errors
    /// [`ProblemCode::BadRequest`] when the file as a whole is not readable; storage trouble.
    pub fn import_orders(
        &mut self,
        bytes: &[u8],
        offset_min: i32,
        known: Known,
        by: &Actor,
        call: &Call,
    ) -> Outcome<Imported> {
        let standards = &self.standards;
        let file = read_orders(bytes, offset_min, OrderSource::Hub, |w| {
            standards.by_words(w)
        });
        let file = file.map_err(|refusal| unreadable(&refusal))?;
        if !file.errors.is_empty() {
            return Ok(Imported {
                errors: file.errors,
                ..Imported::default()
            });
        }
        let tx = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut done = Imported::default();
        for (line, work_order) in &file.orders {
            match put(&tx, work_order, known, by, call)? {
                Put::New => done.new += 1,
                Put::Updated => done.updated += 1,
                Put::Same => done.known += 1,
                Put::Conflict => done.errors.push(ImportError::new(
                    *line,
                    NO,
                    &work_order.no,
                    ImportReason::Conflict,
                )),
            }
        }
        if done.errors.is_empty() {
            tx.commit()?;
            return Ok(done);
        }
        // dropping the transaction takes everything back
        Ok(Imported {
            errors: done.errors,
            ..Imported::default()
        })
    }

    /// Takes one order from another system. `key` makes it safe to send again: the same key and body get the same answer.
    ///
    /// # Errors
    /// [`ProblemCode::BadRequest`] for contents that no tablet could work with, [`ProblemCode::Conflict`] for a number
    /// with other contents or a key with another body; storage trouble.
    pub fn receive_order(
        &mut self,
        work_order: &WorkOrder,
        key: &str,
        by: &Actor,
        call: &Call,
    ) -> Outcome<OrderReceipt> {
        let work_order = WorkOrder {
            source: OrderSource::Hub,
            ..work_order.clone()
        };
        self.check_order(&work_order)?;
        let body_hash = sha256_hex(body(&work_order)?.as_bytes());
        self.write(|tx| {
            if let Some((before, answer)) = sql::answered(tx, &by.staff_no, key)? {
                return match before == body_hash {
                    true => serde_json::from_str(&answer)
                        .map_err(|_| HubError::Damaged("a remembered answer".to_owned())),
                    false => Err(HubError::because(
                        ProblemCode::Conflict,
                        "这个幂等键已用于另一张工单。",
                        "This idempotency key was used with another body.",
                    )),
                };
            }
            let new = match put(tx, &work_order, Known::Keep, by, call)? {
                Put::New | Put::Updated => true,
                Put::Same => false,
                Put::Conflict => {
                    return Err(HubError::because(
                        ProblemCode::Conflict,
                        &format!("工单 {} 已存在，内容不同。", work_order.no),
                        &format!("Order {} is here with other contents.", work_order.no),
                    ));
                }
            };
            let receipt = OrderReceipt {
                no: work_order.no.clone(),
                stream: order_stream(tx, &work_order.no)?,
                new,
            };
            let answer = serde_json::to_string(&receipt).unwrap_or_default();
            sql::remember_answer(tx, (&by.staff_no, key), &body_hash, &answer, call.now_ms())?;
            Ok(receipt)
        })
    }

    /// Forgets the answers to idempotency keys older than [`KEYS_MS`]; how many.
    ///
    /// # Errors
    /// Storage trouble.
    pub fn sweep_keys(&mut self, call: &Call) -> Outcome<usize> {
        let before_ms = call.now_ms().saturating_sub(KEYS_MS);
        self.write(|tx| sql::forget_answers(tx, before_ms))
    }

    fn check_order(&self, o: &WorkOrder) -> Outcome<()> {
        let texts = [
            (&o.no, 40),
            (&o.customer, 60),
            (&o.phone, 30),
            (&o.address, 200),
        ];
        let fits = |(text, most): &(&String, usize)| {
            !text.trim().is_empty() && text.chars().count() <= *most
        };
        let optional = [&o.alternate_contact, &o.site_note, &o.note, &o.supplies];
        let short = |t: &&Option<String>| t.as_ref().is_none_or(|t| t.chars().count() <= 500);
        let ends = o
            .promised_end
            .is_none_or(|end| end.ms > o.promised_start.ms);
        let pack = self.standards.by_words(&o.standard);
        let served = pack.is_some_and(|p| p.id == o.standard && p.job_types.contains(&o.job));
        match texts.iter().all(fits) && optional.iter().all(short) && ends && served {
            true => Ok(()),
            false => Err(HubError::because(
                ProblemCode::BadRequest,
                "工单内容不对：必填项、长度、时间或规范有误。",
                "The order is wrong: a field is empty or too long, the times are reversed, or the standard is unknown.",
            )),
        }
    }

    /// Gives an order to a technician, who receives its whole history and that of its earlier visits.
    /// Whoever had it before is told, and receives nothing more of it.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`] for number or person, [`ProblemCode::Conflict`] for a cancelled order; storage trouble.
    pub fn assign(&mut self, no: &str, staff_no: &str, by: &Actor, call: &Call) -> Outcome<()> {
        self.write(|tx| {
            let order = live_order(tx, no)?;
            let person = people::staff(tx, staff_no)?.ok_or_else(|| unknown_person(staff_no))?;
            if order.staff_no.as_deref() == Some(staff_no) {
                return Ok(());
            }
            let told = OrderEvent::Assigned {
                staff_no: staff_no.to_owned(),
                name: person.actor.name.clone(),
            };
            let pos = hub::append_own(tx, call, by, (&order.stream, ORDER_SCHEMA), &told)?;
            // those who had it hear of it, then the new ones get everything
            routing::announce(tx, &order.stream, pos)?;
            if let Some(before) = &order.staff_no {
                dismiss(tx, &order.stream, before, &person.team)?;
            }
            order::assign(tx, &order.stream, staff_no)?;
            routing::admit_with_leads(tx, &order.stream, &person)?;
            for visit in order::visits_of(tx, &order.stream)? {
                routing::admit_with_leads(tx, &visit.stream, &person)?;
                routing::admit_review(tx, &visit.stream, &person)?;
            }
            Ok(())
        })
    }

    /// Cancels an order; everybody who has it is told. Cancelling again changes nothing.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; storage trouble.
    pub fn cancel(&mut self, no: &str, reason: &str, by: &Actor, call: &Call) -> Outcome<()> {
        let reason: String = reason.trim().chars().take(200).collect();
        self.write(|tx| {
            let order = order::by_no(tx, no)?.ok_or_else(|| unknown_order(no))?;
            if order.cancelled {
                return Ok(());
            }
            let told = OrderEvent::Cancelled { reason };
            let pos = hub::append_own(tx, call, by, (&order.stream, ORDER_SCHEMA), &told)?;
            order::cancel(tx, &order.stream)?;
            routing::announce(tx, &order.stream, pos)
        })
    }
}

/// The technician who had an order, and the leads of a team that no longer has it, hear nothing more of it.
fn dismiss(tx: &Transaction<'_>, stream: &str, staff_no: &str, new_team: &str) -> Outcome<()> {
    delivery::remove(tx, stream, Audience::Staff(staff_no))?;
    for visit in order::visits_of(tx, stream)? {
        if visit.staff_no != staff_no {
            delivery::remove(tx, &visit.stream, Audience::Staff(staff_no))?;
            let review = stream_of(&visit.stream).unwrap_or_default();
            delivery::remove(tx, &review, Audience::Staff(staff_no))?;
        }
    }
    match people::staff(tx, staff_no)? {
        Some(person) if person.team != new_team => {
            delivery::remove(tx, stream, Audience::Team(&person.team))
        }
        _ => Ok(()),
    }
}

fn live_order(tx: &Transaction<'_>, no: &str) -> Outcome<order::OrderRow> {
    let order = order::by_no(tx, no)?.ok_or_else(|| unknown_order(no))?;
    match order.cancelled {
        false => Ok(order),
        true => Err(HubError::because(
            ProblemCode::Conflict,
            &format!("工单 {no} 已取消。"),
            &format!("Order {no} was cancelled."),
        )),
    }
}

fn unknown_order(no: &str) -> HubError {
    HubError::because(
        ProblemCode::NotFound,
        &format!("没有工单 {no}。"),
        &format!("There is no order {no}."),
    )
}

fn unreadable(refusal: &doorstep_domain::code::Refusal) -> HubError {
    let params: Vec<String> = refusal.params.values().cloned().collect();
    let detail = params.join("、");
    HubError::because(
        ProblemCode::BadRequest,
        &format!("工单文件读不懂（{:?} {detail}）。", refusal.code),
        &format!(
            "The file of orders cannot be read ({:?} {detail}).",
            refusal.code
        ),
    )
}

fn body(work_order: &WorkOrder) -> Outcome<String> {
    serde_json::to_string(work_order).map_err(|e| HubError::Event(e.into()))
}

fn order_stream(tx: &Transaction<'_>, no: &str) -> Outcome<String> {
    let hub_id = sql::meta(tx, "hub_id")?.unwrap_or_default();
    Ok(format!("order/{}", named_id(&hub_id, no)))
}

fn put(
    tx: &Transaction<'_>,
    work_order: &WorkOrder,
    known: Known,
    by: &Actor,
    call: &Call,
) -> Outcome<Put> {
    let stream = order_stream(tx, &work_order.no)?;
    let body = body(work_order)?;
    let order = work_order.clone();
    let (event, put) = match (order::by_no(tx, &work_order.no)?, known) {
        (None, _) => (OrderEvent::Received { order }, Put::New),
        (Some(row), _) if row.body == body => return Ok(Put::Same),
        (Some(_), Known::Update) => (OrderEvent::Updated { order }, Put::Updated),
        (Some(_), Known::Keep) => return Ok(Put::Conflict),
    };
    order::put(tx, &stream, &work_order.no, &body)?;
    let pos = hub::append_own(tx, call, by, (&stream, ORDER_SCHEMA), &event)?;
    routing::announce(tx, &stream, pos)?;
    Ok(put)
}
