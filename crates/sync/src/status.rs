//! What the chip and the panel show.

use crate::engine::Turn;
use crate::plan::Why;
use crate::state::{BlobTask, Standing, State};
use doorstep_domain::time::Stamp;
use doorstep_domain::wire::{StaffCard, SyncResponse, TeamNews};
use doorstep_store::Waiting;

/// What waits, why, and when it is tried next.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Records and blobs that the hub has not confirmed.
    pub waiting: Waiting,
    /// The blobs in the order of the log, with how much of each the hub holds; the first page of them.
    pub blobs: Vec<BlobTask>,
    /// Logs that this device had given up, whose end the hub lost in a restore, and which another copy of the device has
    /// continued there in another way since: their end stays on this device alone.
    pub given_up: usize,
    /// What the hub thinks of this device.
    pub standing: Standing,
    /// Why nothing happens; none while something does.
    pub why: Option<Why>,
    /// When it is tried next, monotonic ms.
    pub next_ms: Option<u64>,
    /// When the hub last answered, wall clock ms.
    pub last_success_ms: Option<i64>,
    /// The hub's clock less the device's, ms.
    pub clock_off_ms: Option<i64>,
    /// Who the hub says this is.
    pub staff: Option<StaffCard>,
    /// What the hub last told of the team that this person leads.
    pub team: Option<TeamNews>,
}

impl Status {
    pub(crate) fn look(&mut self, state: &State, turn: &Turn) {
        self.blobs.clone_from(&state.blobs);
        self.standing = state.standing;
        (self.why, self.next_ms) = match turn {
            Turn::Wait { until_ms, why } => (Some(*why), Some(*until_ms)),
            _ => (None, None),
        };
    }

    pub(crate) fn heard(&mut self, wall_ms: i64) {
        self.last_success_ms = Some(wall_ms);
    }

    pub(crate) fn answered(&mut self, response: &SyncResponse, now: &Stamp) {
        self.heard(now.wall_ms);
        self.clock_off_ms = Some(response.server_ms.saturating_sub(now.wall_ms));
        self.staff = Some(response.staff.clone());
        self.team.clone_from(&response.team);
    }
}
