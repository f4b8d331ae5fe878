//! The parser's messages in a service manager's words.

use super::place::line_of;
use crate::text::Text;

/// A mistake in the writing of the file itself.
struct Mistake {
    /// How the parser's messages for it begin.
    begins: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
}

/// What the parser itself can complain about; the first row that fits counts.
const SYNTAX: &[Mistake] = &[
    Mistake {
        begins: &["string values must be quoted"],
        zh: "文字要放在英文引号里，如 \"…\"",
        en: "Put words into straight quotation marks, like \"…\"",
    },
    Mistake {
        begins: &["missing opening quote"],
        zh: "少了前面的引号",
        en: "The quotation mark in front is missing",
    },
    Mistake {
        begins: &["unclosed array", "unclosed table"],
        zh: "左方括号 [ 没有配上 ]",
        en: "A bracket [ has no ] to close it",
    },
    Mistake {
        begins: &["missing array opening", "missing table open"],
        zh: "右方括号 ] 前面没有 [",
        en: "A bracket ] has no [ before it",
    },
    Mistake {
        begins: &["unclosed inline table"],
        zh: "左花括号 { 没有配上 }",
        en: "A brace { has no } to close it",
    },
    Mistake {
        begins: &["missing inline table opening"],
        zh: "右花括号 } 前面没有 {",
        en: "A brace } has no { before it",
    },
    Mistake {
        begins: &["invalid literal string", "invalid basic string"],
        zh: "引号没有配上，或引号里有不能用的字符",
        en: "A quotation mark is missing, or a character may not stand inside the quotation marks",
    },
    Mistake {
        begins: &["invalid multi-line"],
        zh: "三个引号没有配上，或里面有不能用的字符",
        en: "Three quotation marks are missing, or a character may not stand inside them",
    },
    Mistake {
        begins: &["invalid unquoted key"],
        zh: "等号左边的名字只能用英文字母、数字、- 和 _",
        en: "The name left of the equals sign may have only letters a to z, digits, - and _",
    },
    Mistake {
        begins: &[
            "unquoted keys cannot be empty",
            "invalid key-value pair",
            "missing key",
        ],
        zh: "等号左边少了名字",
        en: "The name left of the equals sign is missing",
    },
    Mistake {
        begins: &["keys cannot be multi-line"],
        zh: "等号左边的名字只能写在一行里",
        en: "The name left of the equals sign must stay on one line",
    },
    Mistake {
        begins: &["key with no value", "missing value for key"],
        zh: "名字后面少了等号和内容",
        en: "The equals sign and the value after the name are missing",
    },
    Mistake {
        begins: &["missing value"],
        zh: "等号右边少了内容",
        en: "The value right of the equals sign is missing",
    },
    Mistake {
        begins: &["missing assignment"],
        zh: "名字后面少了等号",
        en: "The equals sign after the name is missing",
    },
    Mistake {
        begins: &["extra `=`", "extra assignment", "unexpected `=`"],
        zh: "这里多了一个等号",
        en: "There is an equals sign too many here",
    },
    Mistake {
        begins: &["missing comma"],
        zh: "两项之间少了逗号（英文逗号）",
        en: "A comma between two entries is missing (the English comma)",
    },
    Mistake {
        begins: &["extra comma"],
        zh: "多了一个逗号",
        en: "There is a comma too many",
    },
    Mistake {
        begins: &[
            "unexpected key or value",
            "unexpected content",
            "invalid inline table element",
        ],
        zh: "这里多出了内容；一行只写一项",
        en: "There is something too much here; write one entry a line",
    },
    Mistake {
        begins: &["missing escaped value", "too few unicode", "invalid value"],
        zh: "反斜杠后面的写法不对；要写反斜杠本身，请写两个",
        en: "What follows the backslash is wrong; for a backslash itself, write two",
    },
    Mistake {
        begins: &["duplicate key"],
        zh: "同一处写了两遍同样的名字",
        en: "The same name stands twice in one place",
    },
    Mistake {
        begins: &["cannot extend value"],
        zh: "前面已经给这个名字写了内容，不能再往里加",
        en: "This name has a value already, so nothing can be added to it",
    },
    Mistake {
        begins: &[
            "unexpected leading zero",
            "unexpected sign",
            "redundant",
            "`_` may only",
            "integers with a radix",
            "radix must",
            "integer number overflowed",
            "floating-point number overflowed",
        ],
        zh: "这个数的写法不对，应像 12 或 -3",
        en: "This number is not written right; write it like 12 or -3",
    },
    Mistake {
        begins: &["invalid comment character"],
        zh: "# 后面的说明里有不能用的字符",
        en: "The remark after # has a character that may not stand there",
    },
    Mistake {
        begins: &["carriage return"],
        zh: "换行的写法不对，请用文本编辑器重新保存",
        en: "The ends of the lines are wrong; save the file again in a text editor",
    },
    Mistake {
        begins: &["cannot recurse further"],
        zh: "括号套得太深",
        en: "Too many brackets stand inside one another",
    },
    Mistake {
        begins: &["recursion limit"],
        zh: "名字套得太深",
        en: "Too many names stand inside one another",
    },
    Mistake {
        begins: &["wanted string or table"],
        zh: "这里要写加引号的文字，或一组 { … }",
        en: "Write words in quotation marks here, or a group { … }",
    },
    Mistake {
        begins: &[
            "wanted exactly 1 element",
            "expected table with exactly 1 entry",
        ],
        zh: "条件里只能写一种：all、any、not、fact 或 job",
        en: "A condition has exactly one of: all, any, not, fact or job",
    },
];

/// Line and reason for an error of the parser or of a type.
pub(crate) fn explain(source: &str, error: &toml::de::Error) -> (usize, Text) {
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

fn in_plain_words(message: &str) -> Text {
    let word = quoted(message).next().unwrap_or("");
    let choices = |between: &str| quoted(message).skip(1).collect::<Vec<_>>().join(between);
    if message.starts_with("unknown field") && choices("").is_empty() {
        Text::new(
            format!("不认识「{word}」，这里不用写别的"),
            format!("“{word}” is not known; nothing more is needed here"),
        )
    } else if message.starts_with("unknown field") {
        Text::new(
            format!("不认识「{word}」，这里可以写：{}", choices("、")),
            format!("“{word}” is not known; possible here: {}", choices(", ")),
        )
    } else if message.starts_with("unknown variant") {
        Text::new(
            format!("不认识「{word}」，这里只能写：{}", choices("、")),
            format!("“{word}” is not known; only these: {}", choices(", ")),
        )
    } else if message.starts_with("missing field") {
        Text::new(format!("少写了「{word}」"), format!("“{word}” is missing"))
    } else if message.starts_with("duplicate field") {
        Text::new(
            format!("「{word}」写了两遍"),
            format!("“{word}” stands there twice"),
        )
    } else {
        wrong_type(message).unwrap_or_else(|| wrong_writing(message))
    }
}

/// Something else was expected in this place.
fn wrong_type(message: &str) -> Option<Text> {
    let rest = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ").unwrap_or((rest, ""));
    let (wanted, present) = (wanted(expected), present(found));
    Some(Text::new(
        format!("这里要写{}，现在写的是{}", wanted.zh, present.zh),
        format!("Write {} here; now it is {}", wanted.en, present.en),
    ))
}

fn wrong_writing(message: &str) -> Text {
    let fits = |row: &&Mistake| row.begins.iter().any(|b| message.starts_with(b));
    match SYNTAX.iter().find(fits) {
        Some(row) => Text::new(row.zh, row.en),
        None => Text::new(
            "这里的写法不对，和别的规范里同样的地方比一比",
            "This is not written right; compare it with the same place in another standard",
        ),
    }
}

fn wanted(expected: &str) -> Text {
    let (zh, en) = match expected {
        "a string" | "string" => ("加引号的文字", "words in quotation marks"),
        "a boolean" => (" true 或 false", "true or false"),
        "u8" => (" 0 到 255 的整数", "a whole number from 0 to 255"),
        "u16" => (" 0 到 65535 的整数", "a whole number from 0 to 65535"),
        "u32" | "u64" => ("不小于 0 的整数", "a whole number not below 0"),
        "i64" => ("整数", "a whole number"),
        "a sequence" => ("列表 [ … ]", "a list [ … ]"),
        e if e.contains("Decimal") => (
            "加引号的数（如 \"-27.0\"）",
            "a number in quotation marks (like \"-27.0\")",
        ),
        e if e.contains("Evidence") => ("一组 { kind = \"…\" }", "a group { kind = \"…\" }"),
        e if e.starts_with("struct ") || e == "a map" => ("一组 { … }", "a group { … }"),
        e if e.contains("variant") || e.contains("string or table") => (
            "一组 { … } 或加引号的文字",
            "a group { … } or words in quotation marks",
        ),
        _ => ("别的内容", "something else"),
    };
    Text::new(zh, en)
}

fn present(found: &str) -> Text {
    let value = quoted(found)
        .next()
        .or_else(|| found.split('"').nth(1))
        .unwrap_or("");
    match found {
        f if f.starts_with("string") => {
            Text::new(format!("文字「{value}」"), format!("the words “{value}”"))
        }
        f if f.starts_with("integer") => {
            Text::new(format!("整数 {value}"), format!("the whole number {value}"))
        }
        f if f.starts_with("floating point") => Text::new(
            format!("不加引号的小数 {value}"),
            format!("the number {value} without quotation marks"),
        ),
        f if f.starts_with("boolean") => Text::new(format!(" {value}"), value),
        f if f.contains("variant") => Text::new("单独一个词", "a single word"),
        "sequence" => Text::new("列表 [ … ]", "a list [ … ]"),
        "map" => Text::new("一组 { … }", "a group { … }"),
        _ => Text::new("别的内容", "something else"),
    }
}
