//! How far back the desk reaches, and fetching more of the team's history.

use super::dto::DeskReach;
use super::lead_only;
use crate::sync::asked_hub;
use crate::{App, AppError, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::time::Moment;
use doorstep_domain::wire::{Backlog, BacklogRequest, TeamNews};
use doorstep_store::Store;

/// One tap fetches so much more, ms.
const STEP_MS: i64 = 30 * 24 * 3_600_000;
/// Names in the setting table.
const TEAM: &str = "team";
const EARLIER: &str = "earlier";

impl App {
    /// 取更早的: asks the server for 30 days more of the team's history. They come with the next syncs; the answer tells how
    /// many are on their way.
    ///
    /// # Errors
    /// [`Code::LeadOnly`], [`Code::NoProfile`], [`Code::HubUnreachable`], [`Code::HubNotDoorstep`], [`Code::HubRefused`], storage
    /// trouble; nothing has changed then.
    pub fn desk_earlier(&self) -> Outcome<DeskReach> {
        let now = self.now()?.moment();
        let (access, team) = self.with(|session| {
            lead_only(session)?;
            let access = session.access()?.ok_or(Code::HubUnreachable)?;
            Ok((access, team(&session.store)?.unwrap_or_default()))
        })?;
        let from = match team.since_ms {
            // the hub never told: what every device begins with
            0 if team.contacts.is_empty() => now.ms.saturating_sub(STEP_MS),
            known => known,
        };
        let since_ms = from.saturating_sub(STEP_MS).max(0);
        // without the lock: the desk goes on while the server is asked
        let coming = asked_hub(&access, |link| link.backlog(BacklogRequest { since_ms }))?;
        let reach = self.with(|session| {
            let team = TeamNews {
                since_ms: coming.since_ms,
                ..team
            };
            keep_team(&mut session.store, Some(&team))?;
            let text = serde_json::to_string(&coming).map_err(AppError::internal)?;
            session.store.set_setting(EARLIER, &text)?;
            reach(session, now)
        })?;
        self.sync_now()?;
        reach.ok_or_else(|| Code::HubUnreachable.into())
    }
}

/// How far back this desk reaches; none without a server, or before it told.
pub(super) fn reach(session: &Session, now: Moment) -> Outcome<Option<DeskReach>> {
    let Some(team) = team(&session.store)?.filter(|_| session.office.is_some()) else {
        return Ok(None);
    };
    let since = (team.since_ms > 0).then_some(Moment {
        ms: team.since_ms,
        offset_min: now.offset_min,
    });
    let (epoch, cursor) = session.store.pulled()?;
    let asked: Option<Backlog> = read(&session.store, EARLIER)?;
    // another incarnation counts anew: what it did not hand out yet comes all the same
    let coming = asked
        .filter(|a| a.epoch == epoch)
        .map_or(0, |a| a.queued_through.saturating_sub(cursor));
    Ok(Some(DeskReach {
        since,
        coming: u32::try_from(coming).unwrap_or(u32::MAX),
    }))
}

/// What the hub told of the team last.
pub(crate) fn team(store: &Store) -> Outcome<Option<TeamNews>> {
    read(store, TEAM)
}

/// Keeps what the hub tells of the team; nothing for who leads none.
pub(crate) fn keep_team(store: &mut Store, team: Option<&TeamNews>) -> Outcome<()> {
    match team {
        Some(team) => {
            let text = serde_json::to_string(team).map_err(AppError::internal)?;
            Ok(store.set_setting(TEAM, &text)?)
        }
        None => Ok(store.remove_setting(TEAM)?),
    }
}

/// A setting of this file's; one that cannot be read counts as none, the hub tells it again.
fn read<T: serde::de::DeserializeOwned>(store: &Store, key: &str) -> Outcome<Option<T>> {
    let text = store.setting(key)?;
    Ok(text.and_then(|t| serde_json::from_str(&t).ok()))
}
