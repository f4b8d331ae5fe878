//! Bilingual text and masking of what must not stand openly on a screen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The two languages of the product; Chinese is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum Lang {
    /// 简体中文
    #[default]
    #[serde(rename = "zh")]
    Zh,
    /// English
    #[serde(rename = "en")]
    En,
}

/// A text in both languages, written in packs as `{ zh = "…", en = "…" }`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Text {
    /// Chinese, never empty in a valid pack.
    pub zh: String,
    /// English, never empty in a valid pack.
    pub en: String,
}

impl Text {
    /// The same said in both languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Text {
        Text {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Masks a phone number for every screen but the call screen: `13812341234` → `138****1234`.
/// Numbers of seven digits or fewer keep only their last two digits.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let (head, tail) = if digits.len() > 7 {
        (3, 4)
    } else {
        (0, digits.len().min(2))
    };
    let front: String = digits[..head].iter().collect();
    let back: String = digits[digits.len() - tail..].iter().collect();
    if digits.is_empty() {
        return String::new();
    }
    format!("{front}****{back}")
}

#[cfg(test)]
mod tests {
    use super::mask_phone;

    #[test]
    fn a_phone_number_shows_only_what_tells_customers_apart() {
        assert_eq!(mask_phone("13812341234"), "138****1234");
        assert_eq!(mask_phone("138 1234 1234"), "138****1234");
        assert_eq!(mask_phone("0571-87654321"), "057****4321");
        assert_eq!(mask_phone("10086"), "****86");
        assert_eq!(mask_phone("无"), "");
    }
}
