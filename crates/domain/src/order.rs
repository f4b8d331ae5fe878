//! Work orders: what dispatch asks for. Stream `order/<id>`.

use crate::event::{Actor, Content, read_body};
use crate::standard::JobType;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Newest schema of order bodies that this version reads.
pub const ORDER_SCHEMA: u32 = 1;

/// Where an order came from.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OrderSource {
    /// From a file.
    Import,
    /// 临时工单: started on the tablet after a phone call, linked later.
    Temporary,
    /// From the demo profile; never syncs.
    Demo,
    /// From the hub.
    Hub,
}

/// A dispatched job.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WorkOrder {
    /// The company's number, unique: `20261122-0412`.
    pub no: String,
    /// 客户姓名
    pub customer: String,
    /// Phone, digits as given; masked on every screen but the call screen.
    pub phone: String,
    /// Neighbour or village contact: name and phone as one text.
    #[serde(default)]
    pub alternate_contact: Option<String>,
    /// 地址
    pub address: String,
    /// How to get there: 东门进，门禁呼 1203.
    #[serde(default)]
    pub site_note: Option<String>,
    /// 业务: 中国移动宽带 新装 1000M.
    pub service: String,
    /// 新装 / 移机 / 修障
    pub job: JobType,
    /// Id of the standard's pack.
    pub standard: String,
    /// Promised window start, the SITE's time.
    pub promised_start: Moment,
    /// Promised window end; none = a point in time.
    #[serde(default)]
    pub promised_end: Option<Moment>,
    /// 竣工时限, another clock than the appointment.
    #[serde(default)]
    pub deadline: Option<Moment>,
    /// Contracted rate, Mbps.
    #[serde(default)]
    pub contracted_mbps: Option<u32>,
    /// What the customer or dispatch said.
    #[serde(default)]
    pub note: Option<String>,
    /// Devices and materials handed out for it.
    #[serde(default)]
    pub supplies: Option<String>,
    /// Where it came from.
    pub source: OrderSource,
}

/// What can happen to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum OrderEvent {
    /// It arrived.
    #[serde(rename = "order.received")]
    Received {
        /// The order.
        order: WorkOrder,
    },
    /// Dispatch changed it.
    #[serde(rename = "order.updated")]
    Updated {
        /// The order as it is now.
        order: WorkOrder,
    },
    /// Dispatch cancelled it.
    #[serde(rename = "order.cancelled")]
    Cancelled {
        /// Why.
        reason: String,
    },
    /// The hub gave it to a technician; again when it goes to another.
    #[serde(rename = "order.assigned")]
    Assigned {
        /// Staff number.
        staff_no: String,
        /// Name.
        name: String,
    },
    /// A temporary order got the company's number.
    #[serde(rename = "order.linked")]
    Linked {
        /// The company's number.
        no: String,
    },
}

/// The fold of one order stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderState {
    /// Stream name.
    pub stream: String,
    /// The order; none until a readable `order.received` came.
    pub order: Option<WorkOrder>,
    /// When it was first received.
    pub received: Option<Moment>,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// When it was cancelled, by the hub's clock.
    pub cancelled_at: Option<Moment>,
    /// Whose it is by the hub's last word; none for orders that no hub gave out.
    pub assigned: Option<Actor>,
    /// When it was last given to somebody, by the hub's clock.
    pub assigned_at: Option<Moment>,
    /// The company's number of a temporary order.
    pub linked_no: Option<String>,
    /// Id of the newest event.
    pub head: Option<String>,
    /// Events kept but not understood.
    pub parked: u32,
}

impl OrderState {
    /// Takes one event; never refuses.
    pub fn apply(&mut self, content: &Content) {
        self.stream.clone_from(&content.stream);
        self.head = Some(content.id.clone());
        match read_body::<OrderEvent>(content, ORDER_SCHEMA) {
            Some(OrderEvent::Received { order } | OrderEvent::Updated { order }) => {
                self.received.get_or_insert(content.at.moment());
                self.order = Some(order);
            }
            Some(OrderEvent::Cancelled { reason }) => {
                self.cancelled = Some(reason);
                self.cancelled_at = Some(content.at.moment());
            }
            Some(OrderEvent::Assigned { staff_no, name }) => {
                self.assigned = Some(Actor { staff_no, name });
                self.assigned_at = Some(content.at.moment());
            }
            Some(OrderEvent::Linked { no }) => self.linked_no = Some(no),
            None => self.parked += 1,
        }
    }
}
