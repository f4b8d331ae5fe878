//! Facts a camera wrote beside the picture. They are recorded as claims, never trusted as proof.

use std::io::Cursor;

use exif::{Exif, In, Rational, Reader, Tag, Value};
use serde::{Deserialize, Serialize};

/// What EXIF says; a field that is absent or malformed is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExifFacts {
    /// Local time the shutter opened, ISO 8601 without zone: `2026-11-22T13:52:07`.
    pub taken_at: Option<String>,
    /// Offset of that time from UTC, `+08:00`.
    pub offset: Option<String>,
    /// Latitude in degrees, WGS 84, north positive, six decimals (0.1 m).
    pub lat: Option<String>,
    /// Longitude in degrees, WGS 84, east positive, six decimals.
    pub lon: Option<String>,
    /// Orientation of the stored picture, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// Maker and model of the camera.
    pub make_model: Option<String>,
}

impl Default for ExifFacts {
    fn default() -> Self {
        Self {
            taken_at: None,
            offset: None,
            lat: None,
            lon: None,
            orientation: 1,
            make_model: None,
        }
    }
}

/// Longest camera name kept, in characters: the field is free text from the file.
const MAX_NAME: usize = 80;

impl ExifFacts {
    /// Reads the facts of a JPEG, PNG or WebP file. A picture without EXIF, or with broken EXIF, is still a picture, so
    /// nothing is refused here.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader::new();
        reader.continue_on_error(true);
        let found = reader.read_from_container(&mut Cursor::new(bytes));
        match found.or_else(|error| error.distill_partial_result(|_| ())) {
            Ok(exif) => Self::from_exif(&exif),
            Err(_) => Self::default(),
        }
    }

    fn from_exif(exif: &Exif) -> Self {
        let (lat, lon) = place(exif).unzip();
        Self {
            taken_at: [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime]
                .iter()
                .find_map(|&tag| local_time(&text(exif, tag)?)),
            offset: [
                Tag::OffsetTimeOriginal,
                Tag::OffsetTimeDigitized,
                Tag::OffsetTime,
            ]
            .iter()
            .find_map(|&tag| text(exif, tag).filter(|t| is_offset(t))),
            lat,
            lon,
            orientation: orientation(exif),
            make_model: make_model(exif),
        }
    }
}

/// Trimmed printable text of a field; `None` if nothing is left.
fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let raw = String::from_utf8_lossy(parts.first()?);
    let clean: String = raw.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// `2026:11:22 13:52:07` to ISO 8601. A camera whose clock was never set writes zeros or blanks: no time at all.
fn local_time(written: &str) -> Option<String> {
    let time = exif::DateTime::from_ascii(written.as_bytes()).ok()?;
    let leap = time.year % 4 == 0 && (time.year % 100 != 0 || time.year % 400 == 0);
    let days = match time.month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let possible = time.year >= 1990
        && (1..=days).contains(&time.day)
        && time.hour < 24
        && time.minute < 60
        && time.second < 60;
    possible.then(|| {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            time.year, time.month, time.day, time.hour, time.minute, time.second
        )
    })
}

/// Whether the text is `±hh:mm` and a zone that exists (−12:00 to +14:00).
fn is_offset(written: &str) -> bool {
    let Some((hours, minutes)) = written
        .strip_prefix(['+', '-'])
        .and_then(|rest| rest.split_once(':'))
    else {
        return false;
    };
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<u8>().ok()).flatten()
    };
    matches!((number(hours), number(minutes)), (Some(h), Some(m)) if h <= 14 && m < 60)
}

fn orientation(exif: &Exif) -> u8 {
    exif.get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

/// Latitude and longitude. Both exactly zero is what some phones write for "no fix".
fn place(exif: &Exif) -> Option<(String, String)> {
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, ("N", "S"))?;
    let lon = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, ("E", "W"))?;
    let on_earth = lat.abs() <= 90.0 && lon.abs() <= 180.0;
    let fixed = lat != 0.0 || lon != 0.0;
    (on_earth && fixed).then(|| (format!("{lat:.6}"), format!("{lon:.6}")))
}

fn degrees(exif: &Exif, tag: Tag, side: Tag, signs: (&str, &str)) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
        return None;
    };
    let number = |part: &Rational| (part.denom != 0).then(|| part.to_f64());
    let (first, rest) = parts.split_first()?;
    let mut sum = number(first)?;
    for (part, unit) in rest.iter().zip([60.0, 3600.0]) {
        // minutes or seconds of 0/0 mean "not given"
        sum += number(part).unwrap_or(0.0) / unit;
    }
    let side = text(exif, side)?;
    if side.eq_ignore_ascii_case(signs.0) {
        Some(sum)
    } else if side.eq_ignore_ascii_case(signs.1) {
        Some(-sum)
    } else {
        None
    }
}

fn make_model(exif: &Exif) -> Option<String> {
    let make = text(exif, Tag::Make);
    let model = text(exif, Tag::Model);
    let name = match (make, model) {
        // Canon and others repeat the maker in the model
        (Some(make), Some(model)) if !model.starts_with(&make) => format!("{make} {model}"),
        (_, Some(model)) => model,
        (Some(make), None) => make,
        (None, None) => return None,
    };
    Some(name.chars().take(MAX_NAME).collect())
}
