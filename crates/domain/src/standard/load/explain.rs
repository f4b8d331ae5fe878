//! The parser's messages in a service manager's words.

use super::place::line_of;

/// Messages of the TOML parser itself, by their beginning.
const SYNTAX: &[(&str, &str)] = &[
    (
        "string values must be quoted",
        "文字要放在英文引号里，如 \"…\"",
    ),
    ("unclosed array", "左方括号 [ 没有配上 ]"),
    ("unclosed table", "左方括号 [ 没有配上 ]"),
    ("unclosed inline table", "左花括号 { 没有配上 }"),
    (
        "invalid literal string",
        "引号没有配上，或引号里有不能用的字符",
    ),
    (
        "invalid basic string",
        "引号没有配上，或引号里有不能用的字符",
    ),
    (
        "invalid multi-line",
        "三个引号没有配上，或里面有不能用的字符",
    ),
    (
        "invalid unquoted key",
        "等号左边的名字只能用英文字母、数字、- 和 _",
    ),
    ("unquoted keys cannot be empty", "等号左边少了名字"),
    ("key with no value", "名字后面少了等号和内容"),
    ("missing value", "等号右边少了内容"),
    ("missing comma", "两项之间少了逗号（英文逗号）"),
    ("extra comma", "多了一个逗号"),
    (
        "missing escaped value",
        "反斜杠后面的写法不对；要写反斜杠本身，请写两个",
    ),
    ("duplicate key", "同一处写了两遍同样的名字"),
    ("cannot recurse further", "括号套得太深"),
    ("recursion limit", "名字套得太深"),
    (
        "wanted exactly 1 element",
        "条件里只能写一种：all、any、not、fact 或 job",
    ),
];

/// Line and reason for an error of the parser or of a type.
pub(super) fn explain(source: &str, error: &toml::de::Error) -> (usize, String) {
    let message = error.message();
    let reason = in_plain_words(message);
    // A mistake that belongs to the whole file (a missing head entry) has an empty span at its start.
    let line = match error.span() {
        Some(span) if !(span == (0..0) && message.starts_with("missing field")) => {
            line_of(source, narrowed(source, span, message))
        }
        _ => 0,
    };
    (line, reason)
}

/// Inside `evidence = { … }` the parser only knows the whole group: look for the word it complains about.
fn narrowed(source: &str, span: std::ops::Range<usize>, message: &str) -> usize {
    let whole = source.get(span.clone()).unwrap_or("");
    let word = quoted(message)
        .next()
        .or_else(|| message.split('"').nth(1))
        .unwrap_or("");
    if message.starts_with("missing field") || word.is_empty() || !whole.starts_with('{') {
        return span.start;
    }
    span.start + whole.find(word).unwrap_or(0)
}

/// Words between backticks.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

fn in_plain_words(message: &str) -> String {
    let word = quoted(message).next().unwrap_or("");
    let choices = || quoted(message).skip(1).collect::<Vec<_>>().join("、");
    if message.starts_with("unknown field") {
        return match choices() {
            none if none.is_empty() => format!("不认识「{word}」，这里不用写别的"),
            some => format!("不认识「{word}」，这里可以写：{some}"),
        };
    }
    if message.starts_with("unknown variant") {
        return format!("不认识「{word}」，这里只能写：{}", choices());
    }
    if message.starts_with("missing field") {
        return format!("少写了「{word}」");
    }
    if message.starts_with("duplicate field") {
        return format!("「{word}」写了两遍");
    }
    if let Some(rest) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
    {
        let (found, expected) = rest.rsplit_once(", expected ").unwrap_or((rest, ""));
        return format!("这里要写{}，现在写的是{}", wanted(expected), present(found));
    }
    SYNTAX
        .iter()
        .find(|(begin, _)| message.starts_with(begin))
        .map_or_else(
            || format!("这里的写法不对（{message}）"),
            |(_, reason)| (*reason).to_owned(),
        )
}

fn wanted(expected: &str) -> String {
    let words = match expected {
        "a string" | "string" => "加引号的文字",
        "a boolean" => "true 或 false",
        "u8" => "0 到 255 的整数",
        "u16" => "0 到 65535 的整数",
        "u32" | "u64" => "不小于 0 的整数",
        "i64" => "整数",
        "a sequence" => "列表 [ … ]",
        e if e.contains("Decimal") => "加引号的数（如 \"-27.0\"）",
        e if e.contains("Evidence") => "一组 { kind = \"…\" }",
        e if e.starts_with("struct ") || e == "a map" => "一组 { … }",
        e if e.contains("variant") || e.contains("string or table") => "一组 { … } 或加引号的文字",
        e => return format!("别的内容（{e}）"),
    };
    words.to_owned()
}

fn present(found: &str) -> String {
    let value = quoted(found)
        .next()
        .or_else(|| found.split('"').nth(1))
        .unwrap_or("");
    match found {
        f if f.starts_with("string") => format!("文字「{value}」"),
        f if f.starts_with("integer") => format!("整数 {value}"),
        f if f.starts_with("floating point") => format!("不加引号的小数 {value}"),
        f if f.starts_with("boolean") => value.to_owned(),
        "sequence" => "列表 [ … ]".to_owned(),
        "map" => "一组 { … }".to_owned(),
        f => f.to_owned(),
    }
}
