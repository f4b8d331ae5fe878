//! The two lists of what follows a visit: open issues and follow-up plans.

use crate::error::StoreError;
use crate::store::Store;
use crate::table::follow_row;
use doorstep_domain::told::{FollowList, FollowRow};

/// A page of one of the two lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowPage {
    /// Open ones in all.
    pub open: u32,
    /// Closed ones in all.
    pub closed: u32,
    /// Open ones that something was due of before now.
    pub overdue: u32,
    /// The rows asked for.
    pub rows: Vec<FollowRow>,
}

impl Store {
    /// The issues (`issue/…`) of an order that are not filed, by when something is due.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn issues_of(&self, order: &str) -> Result<Vec<String>, StoreError> {
        follow_row::issues_of(&self.connection, order)
    }

    /// A page: what is open by when it is due, or what is closed, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn follow(
        &self,
        list: FollowList,
        closed: bool,
        (offset, limit): (u32, u32),
        now_ms: i64,
    ) -> Result<FollowPage, StoreError> {
        let counts = follow_row::counts(&self.connection, list, now_ms)?;
        Ok(FollowPage {
            open: counts.0,
            closed: counts.1,
            overdue: counts.2,
            rows: follow_row::page(&self.connection, list, closed, offset, limit)?,
        })
    }
}
