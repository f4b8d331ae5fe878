//! Breaking text into lines: Chinese between any two characters except where 避头尾 forbids it, Latin at spaces.

/// May not begin a line (避头).
const NO_START: &str = "，。、；：？！）》〉】」』〕’”…—～·％℃°,.;:?!)]}%›»〗〞ー々％°′″";
/// May not end a line (避尾).
const NO_END: &str = "（《〈【「『〔‘“([{¥￥$#№‹«〖";

/// Breaks `text` into lines no wider than `width`, where `measure` gives the width of one character in the same unit.
///
/// `\n` always breaks. A word longer than a line is broken anywhere; one character always fits.
pub(crate) fn wrap(text: &str, width: f32, measure: impl Fn(char) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let chars: Vec<char> = paragraph.trim_end().chars().collect();
        let first = lines.len();
        let mut start = 0;
        loop {
            let end = line_end(&chars, start, width, &measure);
            lines.push(
                chars[start..end]
                    .iter()
                    .collect::<String>()
                    .trim_end()
                    .to_owned(),
            );
            start = end;
            while start < chars.len() && chars[start] == ' ' {
                start += 1;
            }
            if start >= chars.len() {
                break;
            }
        }
        accompany(&mut lines[first..], width, &measure);
    }
    lines
}

/// A last line of one Chinese character looks lost: the one before comes along where it may.
fn accompany(lines: &mut [String], width: f32, measure: &impl Fn(char) -> f32) {
    let [.., before, last] = lines else { return };
    let mut alone = last.chars();
    let (Some(single), None) = (alone.next(), alone.next()) else {
        return;
    };
    let mut tail = before.chars().rev();
    let (Some(moved), Some(stays), Some(_)) = (tail.next(), tail.next(), tail.next()) else {
        return;
    };
    if !in_word(moved) && may_break(stays, moved) && measure(moved) + measure(single) <= width {
        before.pop();
        last.insert(0, moved);
    }
}

/// Where the line that begins at `start` ends (exclusive).
fn line_end(chars: &[char], start: usize, width: f32, measure: &impl Fn(char) -> f32) -> usize {
    let mut used = 0.0;
    let mut last_break = None;
    for at in start..chars.len() {
        let ch = chars[at];
        if at > start && may_break(chars[at - 1], ch) && !before_unit(chars, at) {
            last_break = Some(at);
        }
        used += measure(ch);
        // Half a hundredth of a point forgives rounding; a space at the end hangs outside unseen.
        if used > width + 0.005 && ch != ' ' {
            return last_break.unwrap_or(at).max(start + 1);
        }
    }
    chars.len()
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' || NO_START.contains(after) || NO_END.contains(before) {
        return false;
    }
    before == ' '
        || !in_word(before)
        || !in_word(after)
        || (before == '/' || before == '-') && after.is_alphabetic()
}

/// A figure and its unit stay on one line: 58 Mbps.
fn before_unit(chars: &[char], at: usize) -> bool {
    let figure = |ch: &char| ch.is_ascii_digit();
    at >= 2
        && chars[at - 1] == ' '
        && chars.get(at - 2).is_some_and(figure)
        && (chars[at].is_alphabetic() && in_word(chars[at]) || "℃Ω%".contains(chars[at]))
}

/// Whether the character sticks to its neighbours: everything that is not written without spaces.
fn in_word(ch: char) -> bool {
    !matches!(ch,
        ' ' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chinese is as wide as two Latin letters.
    fn broken(text: &str, width: f32) -> Vec<String> {
        wrap(text, width, |ch| {
            if in_word(ch) || ch == ' ' { 1.0 } else { 2.0 }
        })
    }

    #[test]
    fn punctuation_never_begins_or_ends_a_line_wrongly() {
        assert_eq!(
            broken("光猫已更换，请签字", 10.0),
            ["光猫已更", "换，请签字"]
        );
        assert_eq!(broken("光猫（新装）", 6.0), ["光猫", "（新", "装）"]);
    }

    #[test]
    fn words_stay_whole_and_spaces_vanish_at_the_break() {
        assert_eq!(broken("serial number", 8.0), ["serial", "number"]);
        assert_eq!(broken("装 942 Mbps 带宽", 8.0), ["装", "942 Mbps", "带宽"]);
        assert_eq!(broken("2026-11-22 到", 10.0), ["2026-11-22", "到"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut_and_nothing_is_lost() {
        assert_eq!(broken("HWTC12345678", 5.0), ["HWTC1", "23456", "78"]);
        assert_eq!(broken("宽", 1.0), ["宽"], "one character always fits");
    }

    #[test]
    fn the_last_character_is_not_left_alone() {
        assert_eq!(broken("先处理再签字", 10.0), ["先处理再", "签字"]);
        assert_eq!(
            broken("甲甲甲甲\n乙", 10.0),
            ["甲甲甲甲", "乙"],
            "two paragraphs are not one"
        );
    }

    #[test]
    fn line_ends_are_kept() {
        assert_eq!(broken("甲\n\n乙", 10.0), ["甲", "", "乙"]);
    }
}
