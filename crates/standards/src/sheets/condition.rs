//! A condition in a cell: `moved 且 作业=新装、移机`, `非(phone 且 no_broadband)`.

use super::number::plain;
use super::words::JOBS;
use doorstep_domain::standard::{Condition, JobType};
use doorstep_domain::text::Text;

/// Brackets inside brackets; more is a slip.
const MAX_DEPTH: usize = 16;
/// Words of the condition itself; a question of that name stands in quotation marks.
const OWN: [&str; 6] = ["and", "or", "not", "job", "all", "any"];

/// A condition as a cell shows it. Reading it gives the same condition.
pub(super) fn show(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) if parts.len() > 1 => joined(parts, " 且 "),
        Condition::Any(parts) if parts.len() > 1 => joined(parts, " 或 "),
        Condition::All(parts) => format!("all({})", joined(parts, "")),
        Condition::Any(parts) => format!("any({})", joined(parts, "")),
        Condition::Not(inner) => format!("非{}", bracketed(inner)),
        Condition::Fact(id) if OWN.contains(&id.as_str()) => format!("\"{id}\""),
        Condition::Fact(id) => id.clone(),
        Condition::Job(jobs) => {
            let zh = |job: &JobType| {
                let code = code(*job);
                JOBS.all
                    .iter()
                    .find(|(c, _)| *c == code)
                    .map_or(code, |(_, zh)| zh)
            };
            let jobs: Vec<&str> = jobs.iter().map(zh).collect();
            format!("作业={}", jobs.join("、"))
        }
    }
}

fn joined(parts: &[Condition], between: &str) -> String {
    let parts: Vec<String> = parts.iter().map(part).collect();
    parts.join(between)
}

fn part(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => {
            format!("({})", show(condition))
        }
        _ => show(condition),
    }
}

fn bracketed(condition: &Condition) -> String {
    match condition {
        Condition::Fact(_) => format!(" {}", show(condition)),
        _ => format!("({})", show(condition)),
    }
}

/// A job's word in files.
pub(super) fn code(job: JobType) -> &'static str {
    match job {
        JobType::Install => "install",
        JobType::Move => "move",
        JobType::Repair => "repair",
    }
}

fn job(word: &str) -> Option<JobType> {
    match JOBS.read(word)? {
        "install" => Some(JobType::Install),
        "move" => Some(JobType::Move),
        _ => Some(JobType::Repair),
    }
}

/// A condition as TOML writes it.
pub(super) fn toml(condition: &Condition) -> String {
    let list = |parts: &[Condition]| parts.iter().map(toml).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::All(parts) => format!("{{ all = [{}] }}", list(parts)),
        Condition::Any(parts) => format!("{{ any = [{}] }}", list(parts)),
        Condition::Not(inner) => format!("{{ not = {} }}", toml(inner)),
        Condition::Fact(id) => format!("{{ fact = {} }}", super::lines::quoted(id)),
        Condition::Job(jobs) => {
            let jobs: Vec<String> = jobs.iter().map(|j| format!("\"{}\"", code(*j))).collect();
            format!("{{ job = [{}] }}", jobs.join(", "))
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    And,
    Or,
    Not,
    Job,
    All,
    Any,
    Open,
    Close,
    Comma,
    Equals,
    Name(String),
    Word(JobType),
}

/// Reads a cell.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(cell: &str) -> Result<Condition, Text> {
    let tokens = tokens(&plain(cell))?;
    let mut reader = Reader { tokens, at: 0 };
    let condition = reader.whole(0)?;
    match reader.next() {
        None => Ok(condition),
        Some(Token::Close) => Err(Text::new(
            "条件里多了一个右括号",
            "The condition has a closing bracket too many",
        )),
        Some(_) => Err(unclear()),
    }
}

fn unclear() -> Text {
    Text::new(
        "条件看不懂，写成 moved 且 作业=新装、移机 这样；可以用 且、或、非 和括号",
        "The condition is not clear; write it like: moved and job=install, move; and, or, not and brackets may be used",
    )
}

/// Words without blanks between them; longer ones first.
const CHINESE: [(&str, Token); 8] = [
    ("并且", Token::And),
    ("且", Token::And),
    ("或者", Token::Or),
    ("或", Token::Or),
    ("不是", Token::Not),
    ("非", Token::Not),
    ("作业", Token::Job),
    ("、", Token::Comma),
];

fn tokens(cell: &str) -> Result<Vec<Token>, Text> {
    let mut tokens = Vec::new();
    let mut rest = cell.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = one(rest, first)?;
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

fn one(rest: &str, first: char) -> Result<(Token, usize), Text> {
    let signs = [
        ('(', Token::Open),
        (')', Token::Close),
        (',', Token::Comma),
        (';', Token::Comma),
        ('/', Token::Comma),
        ('=', Token::Equals),
        (':', Token::Equals),
        ('&', Token::And),
        ('|', Token::Or),
        ('!', Token::Not),
    ];
    if let Some((_, token)) = signs.into_iter().find(|(sign, _)| *sign == first) {
        return Ok((token, 1));
    }
    if let Some((word, token)) = CHINESE.into_iter().find(|(word, _)| rest.starts_with(word)) {
        return Ok((token, word.len()));
    }
    let jobs = JOBS.all.iter().find(|(_, zh)| rest.starts_with(zh));
    if let Some((kind, zh)) = jobs.and_then(|(_, zh)| Some((job(zh)?, zh))) {
        return Ok((Token::Word(kind), zh.len()));
    }
    if first == '"' {
        let inner = rest[1..].split('"').next().unwrap_or("");
        let closed = rest.len() > inner.len() + 1;
        return closed
            .then(|| (Token::Name(inner.to_owned()), inner.len() + 2))
            .ok_or_else(unclear);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let length = rest.find(|c| !plain(c)).unwrap_or(rest.len());
    let token = match rest[..length].to_ascii_lowercase().as_str() {
        "" => {
            return Err(Text::new(
                format!(
                    "条件里的「{first}」看不懂：问题写编号，如 moved；可以用 且、或、非 和括号"
                ),
                format!(
                    "“{first}” in the condition is not clear: name questions by their ids, like moved; and, or, not and brackets may be used"
                ),
            ));
        }
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        "job" => Token::Job,
        "all" => Token::All,
        "any" => Token::Any,
        _ => Token::Name(rest[..length].to_owned()),
    };
    Ok((token, length))
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    /// Parts with one kind of word between them.
    fn whole(&mut self, depth: usize) -> Result<Condition, Text> {
        if depth > MAX_DEPTH {
            return Err(Text::new(
                "条件里的括号套得太深",
                "Too many brackets stand inside one another",
            ));
        }
        let first = self.part(depth)?;
        let between = match self.peek() {
            Some(word @ (Token::And | Token::Or)) => word.clone(),
            _ => return Ok(first),
        };
        let mut parts = vec![first];
        while self.take(&between) {
            parts.push(self.part(depth)?);
        }
        if matches!(self.peek(), Some(Token::And | Token::Or)) {
            return Err(Text::new(
                "条件里「且」和「或」混着写，请用括号分清",
                "The condition mixes “and” with “or”; tell them apart with brackets",
            ));
        }
        Ok(match between {
            Token::And => Condition::All(parts),
            _ => Condition::Any(parts),
        })
    }

    fn part(&mut self, depth: usize) -> Result<Condition, Text> {
        match self.next() {
            Some(Token::Not) if depth < MAX_DEPTH => {
                Ok(Condition::Not(Box::new(self.part(depth + 1)?)))
            }
            Some(Token::Open) => {
                let inner = self.whole(depth + 1)?;
                self.close()?;
                Ok(inner)
            }
            Some(Token::All) => Ok(Condition::All(self.listed(depth)?)),
            Some(Token::Any) => Ok(Condition::Any(self.listed(depth)?)),
            Some(Token::Job) => self.jobs(),
            Some(Token::Name(id)) => Ok(Condition::Fact(id)),
            _ => Err(unclear()),
        }
    }

    /// `all(a, b)`
    fn listed(&mut self, depth: usize) -> Result<Vec<Condition>, Text> {
        if !self.take(&Token::Open) {
            return Err(unclear());
        }
        let mut parts = Vec::new();
        while self.peek() != Some(&Token::Close) {
            parts.push(self.whole(depth + 1)?);
            if !self.take(&Token::Comma) {
                break;
            }
        }
        self.close()?;
        Ok(parts)
    }

    fn close(&mut self) -> Result<(), Text> {
        match self.take(&Token::Close) {
            true => Ok(()),
            false => Err(Text::new(
                "条件里少了右括号",
                "A closing bracket is missing in the condition",
            )),
        }
    }

    fn jobs(&mut self) -> Result<Condition, Text> {
        self.take(&Token::Equals);
        let mut jobs = Vec::new();
        loop {
            let named = match self.peek() {
                Some(Token::Word(job)) => Some(*job),
                Some(Token::Name(name)) => job(name),
                _ => None,
            };
            let Some(named) = named else {
                return Err(Text::new(
                    format!("条件里的作业只能写：{}", JOBS.choices("、")),
                    format!("Jobs of a condition are only: {}", JOBS.choices(", ")),
                ));
            };
            jobs.push(named);
            self.at += 1;
            if !self.take(&Token::Comma) {
                return Ok(Condition::Job(jobs));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{read, show, toml};
    use doorstep_domain::standard::{Condition, JobType};
    use proptest::prelude::*;

    fn conditions() -> impl Strategy<Value = Condition> {
        let jobs = prop::sample::subsequence(
            vec![JobType::Install, JobType::Move, JobType::Repair],
            1..=3,
        );
        let leaf = prop_oneof![
            "[a-z][a-z0-9_-]{0,5}".prop_map(Condition::Fact),
            prop::sample::select(vec!["and", "not", "job", "all"])
                .prop_map(|w| Condition::Fact(w.to_owned())),
            jobs.prop_map(Condition::Job),
        ];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::Any),
                inner.prop_map(|c| Condition::Not(Box::new(c))),
            ]
        })
    }

    #[derive(serde::Deserialize)]
    struct Row {
        when: Condition,
    }

    proptest! {
        #[test]
        fn every_condition_survives_a_cell_and_toml(condition in conditions()) {
            prop_assert_eq!(&read(&show(&condition)).unwrap(), &condition);
            let row: Row = ::toml::from_str(&format!("when = {}", toml(&condition))).unwrap();
            prop_assert_eq!(&row.when, &condition);
        }

        #[test]
        fn nothing_that_stands_in_a_cell_makes_it_panic(cell in "[a-z且或非作业新装()（）=、\" ,!]{0,40}") {
            let _ = read(&cell);
        }
    }

    #[test]
    fn people_write_conditions_in_many_ways() {
        let same = [
            "moved 且 作业=新装、移机",
            "moved and job: install, move",
            "（moved）并且作业＝新装／移机",
        ];
        let read: Vec<Condition> = same.iter().map(|c| read(c).unwrap()).collect();
        assert!(read.iter().all(|c| *c == read[0]), "{read:?}");
        assert_eq!(show(&read[0]), same[0]);
    }

    #[test]
    fn an_unclear_condition_is_told() {
        let said = |cell: &str| read(cell).unwrap_err().zh;
        assert_eq!(
            said("a 且 b 或 c"),
            "条件里「且」和「或」混着写，请用括号分清"
        );
        assert_eq!(said("(a 且 b"), "条件里少了右括号");
        assert_eq!(said("a)"), "条件里多了一个右括号");
        assert!(said("a b").starts_with("条件看不懂"));
        assert!(said("非").starts_with("条件看不懂"));
        assert!(said("作业=remove").starts_with("条件里的作业只能写"));
        assert!(said("作业=拆机").starts_with("条件里的「拆」看不懂"));
        assert!(said("动过").starts_with("条件里的「动」看不懂"));
        assert!(said(&"(".repeat(90)).starts_with("条件里的括号套得太深"));
    }
}
