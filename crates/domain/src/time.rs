//! Moments as the log keeps them: the instant, the offset of the place, and the device's monotonic clock.

use chrono::{
    DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveDateTime, TimeZone, Timelike, Weekday,
};
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

/// A calendar day without a time, e.g. of a purchase; written `2025-05-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(NaiveDate);

impl Day {
    /// Reads `2025-05-03`; years 1900 to 9999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let whole = text.len() == 10;
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        (whole && (1900..=9999).contains(&day.year())).then_some(Day(day))
    }

    /// The day on which a moment lies, in its own place.
    #[must_use]
    pub fn of(moment: Moment) -> Day {
        Day(moment.local().date_naive())
    }

    /// The same day so many months later; the last of the month where that one is shorter.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Day {
        Day(self
            .0
            .checked_add_months(Months::new(months))
            .unwrap_or(self.0))
    }

    /// Days from this one to `later`; negative when it lies before.
    #[must_use]
    pub fn days_until(self, later: Day) -> i64 {
        (later.0 - self.0).num_days()
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            self.0.month(),
            self.0.day()
        )
    }
}

/// Minutes since midnight of `09:00`; none when it is no time of day.
#[must_use]
pub fn minute_of_day(hm: &str) -> Option<u32> {
    let (h, m) = hm.split_once(':')?;
    let figures = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
    let two = |t: &str| figures(t).then(|| t.parse::<u32>().ok()).flatten();
    let (h, m) = (two(h)?, two(m)?);
    (h < 24 && m < 60).then_some(h * 60 + m)
}

impl Moment {
    /// Minutes since midnight, in its own place.
    #[must_use]
    pub fn minute_of_day(self) -> u32 {
        let t = self.local();
        t.hour() * 60 + t.minute()
    }

    /// Saturday or Sunday, in its own place.
    #[must_use]
    pub fn is_weekend(self) -> bool {
        matches!(self.local().weekday(), Weekday::Sat | Weekday::Sun)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Moment, minute_of_day};

    #[test]
    fn a_day_counts_in_calendar_months() {
        let later = |day: &str, months| Day::parse(day).map(|d| d.plus_months(months).to_string());
        assert_eq!(later("2025-05-03", 72).as_deref(), Some("2031-05-03"));
        assert_eq!(later("2024-02-29", 12).as_deref(), Some("2025-02-28"));
        assert_eq!(later("2025-08-31", 6).as_deref(), Some("2026-02-28"));
        for odd in [
            "2025-5-3",
            "2025-02-30",
            "20250503",
            "1899-12-31",
            "2025-05-03 ",
        ] {
            assert_eq!(Day::parse(odd), None, "{odd}");
        }
        let midnight = Moment::parse_local("2026-11-22 00:10", 480).map(Day::of);
        assert_eq!(
            midnight,
            Day::parse("2026-11-22"),
            "the day of the place, not of Greenwich"
        );
    }

    #[test]
    fn a_time_of_day_is_written_one_way() {
        assert_eq!(minute_of_day("09:05"), Some(545));
        assert_eq!(minute_of_day("23:59"), Some(1439));
        for odd in ["9:05", "24:00", "09:60", "+9:05", "0905", ""] {
            assert_eq!(minute_of_day(odd), None, "{odd}");
        }
    }

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
