//! Moments as the log keeps them: the instant, the offset of the place, and the device's monotonic clock.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeZone, Timelike};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When something happened, with everything needed to doubt the wall clock later.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Stamp {
    /// Wall clock, milliseconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub wall_ms: i64,
    /// Offset of local time from UTC, minutes (480 = +08:00).
    pub offset_min: i32,
    /// IANA zone of the site, e.g. `Asia/Shanghai`.
    pub zone: String,
    /// Milliseconds of a clock that never steps back while the machine runs.
    #[ts(type = "number")]
    pub mono_ms: u64,
    /// Which boot the monotonic clock belongs to.
    pub boot_id: String,
}

impl Stamp {
    /// The moment without the device's own clocks.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment {
            ms: self.wall_ms,
            offset_min: self.offset_min,
        }
    }
}

/// An instant with the offset of the place where it counts (promises are made in the SITE's time).
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC.
    #[ts(type = "number")]
    pub ms: i64,
    /// Offset of local time from UTC, minutes.
    pub offset_min: i32,
}

impl Moment {
    /// Local date and time; the epoch where the value is outside chrono's range.
    #[must_use]
    pub fn local(self) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(self.offset_min.saturating_mul(60))
            .or_else(|| FixedOffset::east_opt(0));
        let utc = DateTime::from_timestamp_millis(self.ms).unwrap_or_default();
        match offset {
            Some(offset) => utc.with_timezone(&offset),
            None => utc.fixed_offset(),
        }
    }

    /// `13:52`
    #[must_use]
    pub fn hm(self) -> String {
        let t = self.local();
        format!("{:02}:{:02}", t.hour(), t.minute())
    }

    /// `2026-11-22`
    #[must_use]
    pub fn date(self) -> String {
        let t = self.local();
        format!("{:04}-{:02}-{:02}", t.year(), t.month(), t.day())
    }

    /// `2026-11-22 13:52`
    #[must_use]
    pub fn date_hm(self) -> String {
        format!("{} {}", self.date(), self.hm())
    }

    /// Reads `2026-11-22 14:00` (or with `T`, `/`, or seconds) as local time at `offset_min`.
    #[must_use]
    pub fn parse_local(text: &str, offset_min: i32) -> Option<Moment> {
        let text = text.trim().replace('T', " ").replace('/', "-");
        let naive = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
            .iter()
            .find_map(|f| NaiveDateTime::parse_from_str(&text, f).ok())?;
        let offset = FixedOffset::east_opt(offset_min.checked_mul(60)?)?;
        let at = offset.from_local_datetime(&naive).single()?;
        Some(Moment {
            ms: at.timestamp_millis(),
            offset_min,
        })
    }

    /// Whole minutes from `self` to `later`, rounded towards zero; negative when `later` is earlier.
    #[must_use]
    pub fn minutes_until(self, later: Moment) -> i64 {
        later.ms.saturating_sub(self.ms) / 60_000
    }

    /// The moment `minutes` later (or earlier, when negative).
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Moment {
        Moment {
            ms: self.ms.saturating_add(minutes.saturating_mul(60_000)),
            offset_min: self.offset_min,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn local_times_keep_the_site_s_offset() {
        let at = Moment::parse_local("2026-11-22 14:00", 480).map(|m| (m.date_hm(), m.ms));
        assert_eq!(at, Some(("2026-11-22 14:00".to_owned(), 1_795_327_200_000)));
        let xinjiang = Moment::parse_local("2026/11/22 00:10:05", 360).map(Moment::date_hm);
        assert_eq!(
            xinjiang.as_deref(),
            Some("2026-11-22 00:10"),
            "a visit near midnight keeps its day"
        );
        assert_eq!(Moment::parse_local("明天下午", 480), None);
        assert_eq!(Moment::parse_local("2026-13-41 14:00", 480), None);
    }

    #[test]
    fn a_moment_outside_the_calendar_does_not_panic() {
        let far = Moment {
            ms: i64::MAX,
            offset_min: i32::MAX,
        };
        assert_eq!(far.hm(), "00:00");
    }
}
