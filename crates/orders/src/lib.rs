//! Work orders from a CSV file: bytes in, orders and every row's mistakes out. The tablet and the hub read the same
//! files by the same rules. Format: `assets/demo/README.md`.

use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::order::{OrderSource, WorkOrder};
use doorstep_domain::standard::{JobType, Pack};
use doorstep_domain::time::Moment;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use ts_rs::TS;

/// A cell of a CSV file that we write: a spreadsheet must not take a customer's words for a formula.
#[must_use]
pub fn tame(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// Largest file, MB.
pub const MAX_MB: usize = 20;

/// Columns: key, Chinese header, English header, required, most characters.
const COLUMNS: [(&str, &str, &str, bool, usize); 15] = [
    ("no", "工单号", "order_no", true, 40),
    ("customer", "客户姓名", "customer", true, 60),
    ("phone", "电话", "phone", true, 30),
    ("alternate", "备用联系", "alternate_contact", false, 80),
    ("address", "地址", "address", true, 200),
    ("site_note", "到达提示", "site_note", false, 200),
    ("service", "业务", "service", false, 80),
    ("job", "工单类型", "job", true, 20),
    ("standard", "规范", "standard", true, 60),
    ("start", "约定开始", "promised_start", true, 30),
    ("end", "约定结束", "promised_end", false, 30),
    ("deadline", "竣工时限", "deadline", false, 30),
    ("mbps", "签约速率", "contracted_mbps", false, 10),
    ("note", "备注", "note", false, 500),
    ("supplies", "领用物料", "supplies", false, 300),
];

/// A wrong row.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ImportError {
    /// Row number as a spreadsheet shows it.
    pub line: u32,
    /// Column name.
    pub column: String,
    /// What was found.
    pub value: String,
    /// Why it is wrong.
    pub reason: ImportReason,
}

/// Why a row is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ImportReason {
    /// Must not be empty.
    Missing,
    /// Not `2026-11-22 14:00`.
    BadTime,
    /// End before start.
    EndBeforeStart,
    /// Not 新装 / 移机 / 修障.
    BadJob,
    /// No such standard on this tablet.
    UnknownStandard,
    /// The standard does not serve this job.
    JobNotServed,
    /// Not a phone number.
    BadPhone,
    /// Not a whole number.
    BadNumber,
    /// The same order number twice in this file.
    Duplicate,
    /// The number is on this tablet with other contents.
    Conflict,
    /// Longer than the field takes.
    TooLong,
    /// More or fewer columns than the header.
    ColumnCount,
}

impl ImportError {
    /// A wrong row; of the value only the first 60 characters are kept.
    #[must_use]
    pub fn new(line: u32, column: &str, value: &str, reason: ImportReason) -> ImportError {
        ImportError {
            line,
            column: column.to_owned(),
            value: value.chars().take(60).collect(),
            reason,
        }
    }
}

/// One record with its row number as a spreadsheet shows it.
struct Record {
    line: u32,
    cells: HashMap<&'static str, String>,
}

impl Record {
    fn cell(&self, key: &str) -> &str {
        self.cells.get(key).map(String::as_str).unwrap_or_default()
    }
}

/// A file that was read: what is right in it, and what is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderFile {
    /// `UTF-8` or `GB18030`.
    pub encoding: &'static str,
    /// Orders by the row they stand in, numbered as a spreadsheet shows it.
    pub orders: Vec<(u32, WorkOrder)>,
    /// Wrong rows, by row.
    pub errors: Vec<ImportError>,
}

/// Reads a whole file. `offset_min` is the offset of its local times, `standard` finds a pack by id, name or alias.
///
/// # Errors
/// [`Code::ImportEmpty`], [`Code::ImportTooLarge`], [`Code::ImportEncoding`], [`Code::ImportHeader`],
/// [`Code::ImportFormat`]; wrong rows are in the answer.
pub fn read_orders<'a>(
    bytes: &[u8],
    offset_min: i32,
    source: OrderSource,
    standard: impl Fn(&str) -> Option<&'a Pack>,
) -> Result<OrderFile, Refusal> {
    if bytes.len() > MAX_MB * 1024 * 1024 {
        return Err(Refusal::new(Code::ImportTooLarge).with("max_mb", MAX_MB));
    }
    let (text, encoding) = decode(bytes)?;
    let (records, mut errors) = read(&text)?;
    let mut orders = Vec::new();
    for record in &records {
        let pack = standard(record.cell("standard"));
        match order(record, pack, offset_min, source) {
            Ok(order) => orders.push((record.line, order)),
            Err(wrong) => errors.extend(wrong),
        }
    }
    errors.extend(twice(&orders));
    errors.sort_by_key(|e| e.line);
    Ok(OrderFile {
        encoding,
        orders,
        errors,
    })
}

fn twice(good: &[(u32, WorkOrder)]) -> Vec<ImportError> {
    let mut seen = HashSet::new();
    let repeated = good.iter().filter(|(_, o)| !seen.insert(o.no.as_str()));
    repeated
        .map(|(line, o)| wrong(*line, "工单号", &o.no, ImportReason::Duplicate))
        .collect()
}

/// UTF-8 with or without BOM, else GB18030; anything undecodable is refused as a whole.
fn decode(bytes: &[u8]) -> Result<(String, &'static str), Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Code::ImportEmpty.into());
    }
    if bytes.contains(&0) {
        return Err(Code::ImportEncoding.into());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), "UTF-8"));
    }
    let decoded = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    decoded
        .map(|text| (text.into_owned(), "GB18030"))
        .ok_or_else(|| Code::ImportEncoding.into())
}

fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|d| header.bytes().filter(|b| b == d).count())
        .unwrap_or(b',')
}

fn read(text: &str) -> Result<(Vec<Record>, Vec<ImportError>), Refusal> {
    // the reader counts a CRLF only when it meets the next row, one too late for row numbers
    let text = &text.replace("\r\n", "\n");
    if let Some(row) = open_quote(text, delimiter(text)) {
        return Err(Refusal::new(Code::ImportFormat).with("line", row));
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let columns: Vec<Option<&'static str>> = header.iter().map(column).collect();
    let lacking: Vec<&str> = COLUMNS
        .iter()
        .filter(|(key, _, _, required, _)| *required && !columns.contains(&Some(*key)))
        .map(|(_, zh, ..)| *zh)
        .collect();
    if !lacking.is_empty() {
        return Err(Refusal::new(Code::ImportHeader).with("columns", lacking.join("、")));
    }
    let (mut records, mut errors, mut extra) = (Vec::new(), Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(&e))?;
        // a cell with line breaks is one spreadsheet row
        let line = record
            .position()
            .map_or(0, csv::Position::line)
            .saturating_sub(extra);
        extra += record
            .iter()
            .map(|c| c.matches('\n').count() as u64)
            .sum::<u64>();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() != header.len() {
            errors.push(wrong(
                line,
                "",
                &record.len().to_string(),
                ImportReason::ColumnCount,
            ));
            continue;
        }
        let cells = columns
            .iter()
            .zip(record.iter())
            .filter_map(|(c, v)| Some(((*c)?, v.to_owned())));
        records.push(Record {
            line,
            cells: cells.collect(),
        });
    }
    if records.is_empty() && errors.is_empty() {
        return Err(Code::ImportEmpty.into());
    }
    Ok((records, errors))
}

/// The row where a quote opens that nothing closes. The reader would take all the rows after it for one cell,
/// and orders would be lost without a word.
fn open_quote(text: &str, delimiter: u8) -> Option<u32> {
    let mut bytes = text.bytes().peekable();
    let (mut row, mut at_start, mut quoted) = (1, true, false);
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' if quoted && bytes.peek() == Some(&b'"') => drop(bytes.next()),
            b'"' if quoted => quoted = false,
            b'"' if at_start => quoted = true,
            b'\n' if !quoted => row += 1,
            _ => {}
        }
        at_start = !quoted && (byte == delimiter || byte == b'\n');
    }
    quoted.then_some(row)
}

fn unreadable(error: &csv::Error) -> Refusal {
    let line = error.position().map_or(0, csv::Position::line);
    Refusal::new(Code::ImportFormat).with("line", line)
}

fn column(name: &str) -> Option<&'static str> {
    let name = name.trim();
    COLUMNS
        .iter()
        .find(|(_, zh, en, ..)| *zh == name || en.eq_ignore_ascii_case(name))
        .map(|(key, ..)| *key)
}

fn wrong(line: u32, column: &str, value: &str, reason: ImportReason) -> ImportError {
    ImportError::new(line, column, value, reason)
}

/// A record as an order, or everything that is wrong with it.
fn order(
    record: &Record,
    pack: Option<&Pack>,
    offset_min: i32,
    source: OrderSource,
) -> Result<WorkOrder, Vec<ImportError>> {
    let mut errors = Vec::new();
    let cell = |key: &str| record.cell(key);
    let header = |key: &str| {
        COLUMNS
            .iter()
            .find(|(k, ..)| *k == key)
            .map_or("", |(_, zh, ..)| *zh)
    };
    for (key, zh, _, required, most) in COLUMNS {
        if required && cell(key).is_empty() {
            errors.push(wrong(record.line, zh, "", ImportReason::Missing));
        } else if cell(key).chars().count() > most {
            errors.push(wrong(record.line, zh, cell(key), ImportReason::TooLong));
        }
    }
    let mut refuse =
        |key: &str, reason| errors.push(wrong(record.line, header(key), cell(key), reason));
    let mut time = |key: &str| {
        let moment = Moment::parse_local(cell(key), offset_min);
        if moment.is_none() && !cell(key).is_empty() {
            refuse(key, ImportReason::BadTime);
        }
        moment
    };
    let (start, end, deadline) = (time("start"), time("end"), time("deadline"));
    if start.zip(end).is_some_and(|(s, e)| e.ms <= s.ms) {
        refuse("end", ImportReason::EndBeforeStart);
    }
    if !cell("phone").is_empty() && !phone(cell("phone")) {
        refuse("phone", ImportReason::BadPhone);
    }
    let job = job(cell("job"));
    if job.is_none() && !cell("job").is_empty() {
        refuse("job", ImportReason::BadJob);
    }
    match (pack, job) {
        (None, _) if !cell("standard").is_empty() => {
            refuse("standard", ImportReason::UnknownStandard)
        }
        (Some(p), Some(j)) if !p.job_types.contains(&j) => {
            refuse("job", ImportReason::JobNotServed)
        }
        _ => {}
    }
    let mbps = match cell("mbps").trim_end_matches(['M', 'm']) {
        "" => None,
        text => text
            .parse::<u32>()
            .ok()
            .filter(|n| (1..=100_000).contains(n))
            .or_else(|| {
                refuse("mbps", ImportReason::BadNumber);
                None
            }),
    };
    let (Some(start), Some(job), Some(pack), true) = (start, job, pack, errors.is_empty()) else {
        return Err(errors);
    };
    let text = |key: &str| Some(cell(key).to_owned()).filter(|t| !t.is_empty());
    Ok(WorkOrder {
        no: cell("no").to_owned(),
        customer: cell("customer").to_owned(),
        phone: cell("phone").to_owned(),
        alternate_contact: text("alternate"),
        address: cell("address").to_owned(),
        site_note: text("site_note"),
        service: text("service").unwrap_or_else(|| pack.name.zh.clone()),
        job,
        standard: pack.id.clone(),
        promised_start: start,
        promised_end: end,
        deadline,
        contracted_mbps: mbps,
        note: text("note"),
        supplies: text("supplies"),
        source,
    })
}

fn job(text: &str) -> Option<JobType> {
    match text.to_lowercase().as_str() {
        "新装" | "装机" | "安装" | "install" => Some(JobType::Install),
        "移机" | "迁移" | "move" => Some(JobType::Move),
        "修障" | "维修" | "故障" | "repair" => Some(JobType::Repair),
        _ => None,
    }
}

fn phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let allowed = text
        .chars()
        .all(|c| c.is_ascii_digit() || " +-()转".contains(c));
    allowed && (5..=20).contains(&digits)
}
