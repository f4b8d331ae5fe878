//! Numbers, ids and lists as cells have them.

use doorstep_domain::text::Text;

/// Full-width letters, digits and signs as plain ones: `Ｓ３７－１２` → `S37-12`.
pub(super) fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    };
    text.chars().map(one).collect::<String>().trim().to_owned()
}

/// The entries of a list: commas, semicolons, 、 or new lines between them.
pub(super) fn list(cell: &str) -> Vec<String> {
    let between = ['、', ',', '，', ';', '；', '\n', '\r'];
    let parts = cell.split(between).map(str::trim);
    parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

/// The entries of a list of ids or clauses; blanks stand between them too.
pub(super) fn ids(cell: &str) -> Vec<String> {
    let cell = plain(cell);
    let blank = |p: &String| p.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    list(&cell).iter().flat_map(blank).collect()
}

/// A whole number within limits.
///
/// # Errors
/// What to write instead.
pub(super) fn whole(cell: &str, least: i64, most: i64) -> Result<i64, Text> {
    let read: Option<i64> = plain(cell).parse().ok();
    read.filter(|n| (least..=most).contains(n)).ok_or_else(|| {
        Text::new(
            format!("「{cell}」要写成 {least} 到 {most} 的整数"),
            format!("“{cell}” must be a whole number from {least} to {most}"),
        )
    })
}

/// A decimal number as its digits.
///
/// # Errors
/// What to write instead.
pub(super) fn decimal(cell: &str) -> Result<String, Text> {
    let digits = plain(cell);
    let body = digits.strip_prefix('-').unwrap_or(&digits);
    let (whole, rest) = body.split_once('.').unwrap_or((body, "0"));
    let all = |part: &str| {
        !part.is_empty() && part.len() <= 12 && part.bytes().all(|b| b.is_ascii_digit())
    };
    match all(whole) && all(rest) {
        true => Ok(digits),
        false => Err(Text::new(
            format!("「{cell}」要写成数，如 -27 或 0.5"),
            format!("“{cell}” must be a number, like -27 or 0.5"),
        )),
    }
}

/// Yuan as cents.
///
/// # Errors
/// What to write instead.
pub(super) fn cents(cell: &str) -> Result<i64, Text> {
    let told = || {
        Text::new(
            format!("「{cell}」要写成元，最多两位小数，如 100 或 2.50"),
            format!("“{cell}” must be yuan with at most two decimals, like 100 or 2.50"),
        )
    };
    let digits = decimal(cell).map_err(|_| told())?;
    let (yuan, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    let rest = rest.trim_end_matches('0');
    if rest.len() > 2 || yuan.starts_with('-') {
        return Err(told());
    }
    let cents = format!("{yuan}{rest:0<2}");
    cents
        .parse()
        .ok()
        .filter(|c| *c <= i64::from(u32::MAX))
        .ok_or_else(told)
}

/// Cents as yuan.
pub(super) fn yuan(cents: i64) -> String {
    match cents % 100 {
        0 => (cents / 100).to_string(),
        part => format!("{}.{part:02}", cents / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::{cents, decimal, ids, plain, whole, yuan};

    #[test]
    fn what_people_type_becomes_plain() {
        assert_eq!(plain("　Ｓ３７－１２ "), "S37-12");
        assert_eq!(
            ids("S37-12，S07-01 S08-02、\nS03-01"),
            ["S37-12", "S07-01", "S08-02", "S03-01"]
        );
        assert_eq!(whole("３０", 0, 255), Ok(30));
        assert!(
            whole("300", 0, 255).is_err()
                && whole("1.5", 0, 255).is_err()
                && whole("", 0, 9).is_err()
        );
        assert_eq!(decimal("－27.50"), Ok("-27.50".to_owned()));
        assert!(decimal("1e3").is_err() && decimal("二十").is_err() && decimal("-").is_err());
    }

    #[test]
    fn yuan_and_cents_agree() {
        for n in [0, 5, 50, 99, 100, 2_550, 10_000, 123_456] {
            assert_eq!(cents(&yuan(n)), Ok(n));
        }
        assert_eq!(
            (cents("100"), cents("2.5"), cents("2.500")),
            (Ok(10_000), Ok(250), Ok(250))
        );
        assert!(cents("2.505").is_err() && cents("-1").is_err() && cents("一百").is_err());
    }
}
