//! The figures of a standard that an app can compute. [`crate::visit::timing`] judges by them.

use super::JobType;
use serde::{Deserialize, Serialize};

/// Figures an app can compute. Clauses are catalogue ids; empty when the figure is ours.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// How early to stand at the door.
    #[serde(default)]
    pub arrival: Option<ArrivalRule>,
    /// How long before the agreed time a change must be told.
    #[serde(default)]
    pub change_notice: Option<ChangeNoticeRule>,
    /// Seconds to wait at the door after knocking before it counts as unanswered.
    #[serde(default)]
    pub door_wait: Option<WaitRule>,
    /// Minutes from leaving to handing the ticket in (the company's own figure).
    #[serde(default)]
    pub hand_in: Option<NoticeRule>,
    /// The customer must be called before leaving for these jobs.
    #[serde(default)]
    pub call_before_leaving: Option<CallRule>,
    /// Call so many minutes before the agreed time.
    #[serde(default)]
    pub call_ahead: Option<CallAheadRule>,
    /// How many appointments with one customer we may miss.
    #[serde(default)]
    pub missed: Option<MissedRule>,
    /// Hours of service; outside only by agreement.
    #[serde(default)]
    pub service_hours: Option<ServiceHoursRule>,
    /// Minutes within which the customer hears how an unfinished matter goes.
    #[serde(default)]
    pub progress: Option<NoticeRule>,
    /// Free repair for so long.
    #[serde(default)]
    pub warranty: Option<WarrantyRule>,
    /// Minutes from receiving an order to the first contact.
    #[serde(default)]
    pub first_contact: Option<NoticeRule>,
}

/// Arrive between `latest_early` and `earliest_early` minutes before the agreed time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalRule {
    /// Minutes early at least, e.g. 5. 0 with `earliest_early = 0`: on time.
    pub latest_early: i64,
    /// Minutes early at most, e.g. 10; 0 = no figure.
    pub earliest_early: i64,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A lead time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeRule {
    /// Minutes; 0 means "before, no figure".
    pub minutes: i64,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// How long before the agreed time a change must be told.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeNoticeRule {
    /// Minutes; 0 means "before, no figure".
    pub minutes: i64,
    /// Catalogue ids.
    pub clauses: Vec<String>,
    /// A shorter notice that does for a short delay.
    #[serde(default)]
    pub short: Option<ShortNotice>,
}

/// The notice that does when the visit is put off by little.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortNotice {
    /// The longest delay that counts as short, minutes (720: half a day).
    pub delay_up_to: i64,
    /// Minutes of notice.
    pub minutes: i64,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// A wait.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitRule {
    /// Seconds at least.
    pub seconds: u32,
    /// Seconds at most before knocking again; none: no figure.
    #[serde(default)]
    pub most: Option<u32>,
    /// Catalogue ids; empty when the figure is ours.
    pub clauses: Vec<String>,
}

/// Jobs that need a call before leaving.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRule {
    /// Jobs.
    pub jobs: Vec<JobType>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// Call between `earliest` and `latest` minutes before the agreed time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallAheadRule {
    /// Minutes before the agreed time at most, e.g. 15.
    pub earliest: i64,
    /// Minutes before the agreed time at least, e.g. 10.
    pub latest: i64,
    /// Jobs; none named: every job.
    #[serde(default)]
    pub jobs: Vec<JobType>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// How many appointments with one customer we may miss.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissedRule {
    /// So many at most; only those that are our fault count.
    pub most: u32,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// Hours of service in the site's time.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceHoursRule {
    /// `09:00`
    pub from: String,
    /// `18:00`
    pub to: String,
    /// Saturday and Sunday are outside.
    #[serde(default)]
    pub weekdays_only: bool,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}

/// Free repair for so long after the purchase.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarrantyRule {
    /// Years from the purchase.
    pub years: u32,
    /// Only what was sold from this day on, `2005-01-01`; none: whenever it was sold.
    #[serde(default)]
    pub sold_from: Option<String>,
    /// Catalogue ids.
    pub clauses: Vec<String>,
}
