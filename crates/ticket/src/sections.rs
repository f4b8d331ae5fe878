//! The sections of the ticket as blocks. What one copy must not show is left out here, before anything is laid out.

use crate::block::{BODY, Block, CONTENT, Style, lines, text_item};
use crate::display::{Item, Tone};
use crate::fonts::{Faces, Weight};
use crate::images::Images;
use crate::labels::Labels;
use crate::model::{
    Body, CheckRow, Copy, DeviceRow, Fact, Feedback, Fees, Late, Mark, MaterialRow, Photo,
    ReadingRow, ScoreRow, Section, TimeRow,
};
use crate::table::{Cell, Column, Table, mark_items};
use crate::{block, facts, signatures};

/// The gap above a section.
const SECTION_GAP: f32 = 13.0;
/// The highest a photo is printed.
const PHOTO_HEIGHT: f32 = 182.0;
const PHOTO_GAP: f32 = 12.0;

/// What every section needs.
pub(crate) struct Context<'a> {
    pub(crate) faces: &'a Faces<'a>,
    pub(crate) labels: &'static Labels,
    pub(crate) images: &'a Images,
    pub(crate) copy: Copy,
}

impl Context<'_> {
    pub(crate) fn company(&self) -> bool {
        self.copy != Copy::Customer
    }

    /// A section's title with the line below it.
    pub(crate) fn title(&self, title: &str) -> Vec<Block> {
        let style = Style {
            size: 11.0,
            weight: Weight::Bold,
            tone: Tone::Ink,
        };
        let mut block = Block {
            keep_with_next: true,
            ..Block::default()
        };
        let mut y = 0.0;
        for line in lines(self.faces, title, style, CONTENT).into_iter().take(3) {
            block.items.push(text_item(line.text, style, [0.0, y]));
            y += style.leading();
        }
        block.height = y + 3.5;
        let (from, to) = ([0.0, y + 3.0], [CONTENT, y + 3.0]);
        block.items.push(Item::Line {
            from,
            to,
            width: 0.8,
            tone: Tone::Ink,
        });
        vec![
            Block {
                keep_with_next: true,
                ..Block::space(SECTION_GAP)
            },
            block,
        ]
    }

    /// Paragraphs over the whole width, one block a line so that they flow over pages.
    pub(crate) fn paragraphs(&self, text: &str, style: Style) -> Vec<Block> {
        let mut blocks = vec![Block {
            keep_with_next: true,
            ..Block::space(3.0)
        }];
        for line in lines(self.faces, text, style, CONTENT) {
            let items = vec![text_item(line.text, style, [0.0, 0.0])];
            blocks.push(Block {
                height: style.leading(),
                items,
                ..Block::default()
            });
        }
        blocks
    }
}

/// One section with its title; nothing when it is not for this copy.
pub(crate) fn blocks(cx: &Context<'_>, section: &Section) -> Vec<Block> {
    if !section.audience.sees(cx.copy) {
        return Vec::new();
    }
    let mut found = cx.title(&section.title);
    found.extend(match &section.body {
        Body::Facts(rows) => facts::blocks(cx.faces, rows),
        Body::Times(rows) => times(cx, rows),
        Body::Feedback(feedback) => opinion(cx, feedback),
        Body::Checklist(rows) => checklist(cx, rows),
        Body::Readings(rows) => readings(cx, rows),
        Body::Devices(rows) => devices(cx, rows),
        Body::Materials(rows) => materials(cx, rows),
        Body::Fees(fees) => charges(cx, fees),
        Body::Photos(all) => photos(cx, all),
        Body::Scores(rows) => scores(cx, rows),
        Body::Text(all) => all
            .iter()
            .flat_map(|text| cx.paragraphs(text, Style::BODY))
            .collect(),
        Body::Statements(all) => all
            .iter()
            .flat_map(|one| signatures::statement(cx, one))
            .collect(),
    });
    if found.len() == 2 {
        found.extend(cx.paragraphs(cx.labels.nothing, Style::LABEL));
    }
    found
}

fn times(cx: &Context<'_>, rows: &[TimeRow]) -> Vec<Block> {
    let [event, promised, actual, result] = cx.labels.times;
    let columns = vec![
        Column::left(event, 22.0),
        Column::left(promised, 30.0),
        Column::left(actual, 24.0),
        Column::left(result, 24.0),
    ];
    let mut table = Table::new(cx.faces, columns);
    for row in rows {
        let mut result = Cell::optional(row.verdict.as_ref());
        if let (true, Some(breach)) = (cx.company(), &row.breach) {
            result = result.and(cx.labels.pair(cx.labels.breach, breach), Style::ALERT);
        }
        if let Some(late) = &row.late {
            result = result.and(entered_later(cx, late), Style::NOTE);
        }
        table.row(vec![
            Cell::text(&row.label),
            Cell::optional(row.promised.as_ref()),
            Cell::text(&row.actual).in_style(Style::STRONG),
            result,
        ]);
    }
    if rows.is_empty() {
        Vec::new()
    } else {
        table.into_blocks()
    }
}

/// Both copies tell that a time is a claim; why it came late is between the technician and the company.
fn entered_later(cx: &Context<'_>, late: &Late) -> String {
    let entered = cx.labels.pair(cx.labels.late, &late.entered);
    if cx.company() && !late.reason.is_empty() {
        format!("{entered} · {}", late.reason)
    } else {
        entered
    }
}

fn opinion(cx: &Context<'_>, feedback: &Feedback) -> Vec<Block> {
    let mut found = Vec::new();
    if let Some(sealed) = &feedback.sealed {
        found.extend(cx.paragraphs(sealed, Style::BODY));
    } else {
        let words = feedback.words.iter();
        let words = words.map(|w| Fact {
            label: cx.labels.words.to_owned(),
            value: cx.labels.quote(w),
        });
        let rows: Vec<Fact> = feedback.rows.iter().cloned().chain(words).collect();
        found.extend(facts::blocks(cx.faces, &rows));
    }
    if let Some(note) = &feedback.note {
        found.extend(cx.paragraphs(note, Style::NOTE));
    }
    found
}

fn checklist(cx: &Context<'_>, rows: &[CheckRow]) -> Vec<Block> {
    let [item, record, clause, time] = cx.labels.checklist;
    let mut columns = vec![
        Column::left("", 8.0),
        Column::left(item, 252.0),
        Column::left(record, 140.0),
    ];
    if cx.company() {
        columns.push(Column::left(clause, 58.0));
    }
    columns.push(Column::right(time, 36.0));
    let mut table = Table::new(cx.faces, columns);
    let mut group = "";
    for row in rows {
        if row.group != group {
            group = &row.group;
            if !group.is_empty() {
                table.group(group);
            }
        }
        table.row(check_cells(cx, row));
    }
    let mut found = if rows.is_empty() {
        Vec::new()
    } else {
        table.into_blocks()
    };
    if !rows.is_empty() {
        // The legend explains the boxes: it may not stand alone on the next page.
        if let Some(last) = found.last_mut() {
            last.keep_with_next = true;
        }
        found.push(legend(cx, rows));
    }
    found
}

fn check_cells(cx: &Context<'_>, row: &CheckRow) -> Vec<Cell> {
    let mut text = Cell::text(&row.text);
    match (&row.reason, row.mark) {
        (Some(reason), Mark::NotApplicable) => {
            text = text.and(cx.labels.pair(cx.labels.na, reason), Style::NOTE)
        }
        (Some(reason), _) => text = text.and(reason, Style::NOTE),
        (None, _) => {}
    }
    if let Some(late) = &row.late {
        text = text.and(entered_later(cx, late), Style::NOTE);
    }
    if let (true, Some(reason)) = (cx.company(), &row.internal_reason) {
        text = text.and(cx.labels.pair(cx.labels.internal, reason), Style::NOTE);
    }
    let mut cells = vec![
        Cell::mark(row.mark),
        text,
        Cell::optional(row.detail.as_ref()),
    ];
    if cx.company() {
        cells.push(
            row.clauses
                .iter()
                .fold(Cell::default(), |cell, id| cell.and(id, Style::NOTE)),
        );
    }
    cells.push(Cell::optional(row.at.as_ref()).in_style(Style::NOTE));
    cells
}

/// What the boxes mean, naming only those that occur.
fn legend(cx: &Context<'_>, rows: &[CheckRow]) -> Block {
    let mut block = Block {
        height: 17.0,
        ..Block::default()
    };
    let mut x = 0.0;
    let all = [
        (Mark::Done, cx.labels.legend_done),
        (Mark::NotApplicable, cx.labels.legend_na),
        (Mark::Missing, cx.labels.legend_missing),
    ];
    for (mark, word) in all
        .into_iter()
        .filter(|(mark, _)| rows.iter().any(|r| r.mark == *mark))
    {
        block.items.extend(mark_items(mark, [x, 6.2]));
        block
            .items
            .push(text_item(word.to_owned(), Style::NOTE, [x + 12.0, 4.5]));
        x += 12.0 + cx.faces.width(word, Style::NOTE.size, Style::NOTE.weight) + 16.0;
    }
    block
}

/// Readings; a column that no row fills is left out: amperes have no wavelength.
fn readings(cx: &Context<'_>, rows: &[ReadingRow]) -> Vec<Block> {
    let widths = [21.0, 21.0, 14.0, 17.0, 17.0, 29.0, 19.0];
    let cells = |row: &ReadingRow| {
        [
            Some(row.name.clone()),
            row.point.clone(),
            row.wavelength.clone(),
            row.before.clone(),
            row.after.clone(),
            row.limits.clone(),
            row.verdict.clone(),
        ]
    };
    let all: Vec<_> = rows.iter().map(cells).collect();
    let used = |index: usize| all.iter().any(|row| row[index].is_some());
    let columns = cx.labels.readings.iter().zip(widths).enumerate();
    let columns = columns
        .filter(|(index, _)| used(*index))
        .map(|(_, (heading, width))| Column::left(heading, width));
    let mut table = Table::new(cx.faces, columns.collect());
    for row in &all {
        let shown = row.iter().enumerate().filter(|(index, _)| used(*index));
        table.row(
            shown
                .map(|(_, cell)| Cell::optional(cell.as_ref()))
                .collect(),
        );
    }
    if rows.is_empty() {
        Vec::new()
    } else {
        table.into_blocks()
    }
}

fn devices(cx: &Context<'_>, rows: &[DeviceRow]) -> Vec<Block> {
    let widths = [32.0, 32.0, 24.0, 12.0];
    let columns = cx
        .labels
        .devices
        .iter()
        .zip(widths)
        .map(|(heading, width)| Column::left(heading, width));
    let mut table = Table::new(cx.faces, columns.collect());
    for row in rows {
        table.row(vec![
            Cell::text(&row.kind),
            Cell::optional(row.sn.as_ref()),
            Cell::optional(row.mac.as_ref()),
            Cell::text(&row.action),
        ]);
    }
    if rows.is_empty() {
        Vec::new()
    } else {
        table.into_blocks()
    }
}

fn materials(cx: &Context<'_>, rows: &[MaterialRow]) -> Vec<Block> {
    let [name, quantity, unit] = cx.labels.materials;
    let columns = vec![
        Column::left(name, 70.0),
        Column::right(quantity, 15.0),
        Column::left(unit, 15.0),
    ];
    let mut table = Table::new(cx.faces, columns);
    for row in rows {
        table.row(vec![
            Cell::text(&row.name),
            Cell::text(&row.quantity),
            Cell::text(&row.unit),
        ]);
    }
    if rows.is_empty() {
        Vec::new()
    } else {
        table.into_blocks()
    }
}

fn charges(cx: &Context<'_>, fees: &Fees) -> Vec<Block> {
    let (rows, total, payment) = match fees {
        Fees::NotCharged => return cx.paragraphs(cx.labels.not_charged, Style::BODY),
        Fees::Charged {
            rows,
            total,
            payment,
        } => (rows, total, payment),
    };
    let [item, price, quantity, amount, agreed] = cx.labels.fees;
    let columns = vec![
        Column::left(item, 32.0),
        Column::right(price, 14.0),
        Column::right(quantity, 12.0),
        Column::right(amount, 16.0),
        Column::left(agreed, 26.0),
    ];
    let mut table = Table::new(cx.faces, columns);
    for row in rows {
        table.row(vec![
            Cell::text(&row.item),
            Cell::text(&row.unit_price),
            Cell::text(&row.quantity),
            Cell::text(&row.amount),
            Cell::optional(row.agreed.as_ref()),
        ]);
    }
    let paid = payment
        .as_ref()
        .map_or_else(String::new, |p| cx.labels.pair(cx.labels.payment, p));
    table.row(vec![
        Cell::text(cx.labels.total).in_style(Style::STRONG),
        Cell::default(),
        Cell::default(),
        Cell::text(total).in_style(Style::STRONG),
        Cell::text(paid),
    ]);
    table.into_blocks()
}

fn scores(cx: &Context<'_>, rows: &[ScoreRow]) -> Vec<Block> {
    let [item, rule, times, points, clause] = cx.labels.scores;
    let columns = vec![
        Column::left(item, 44.0),
        Column::left(rule, 22.0),
        Column::right(times, 9.0),
        Column::right(points, 12.0),
        Column::left(clause, 13.0),
    ];
    let mut table = Table::new(cx.faces, columns);
    for row in rows {
        let sum = row.rule.is_empty();
        let style = if sum { Style::STRONG } else { Style::BODY };
        table.row(vec![
            Cell::text(&row.item).in_style(style),
            Cell::text(&row.rule),
            Cell::text(&row.times),
            Cell::text(&row.points).in_style(style),
            row.clauses
                .iter()
                .fold(Cell::default(), |cell, id| cell.and(id, Style::NOTE)),
        ]);
    }
    if rows.is_empty() {
        Vec::new()
    } else {
        table.into_blocks()
    }
}

/// Two photos a row, each as large as its half allows, captions below.
fn photos(cx: &Context<'_>, all: &[Photo]) -> Vec<Block> {
    let half = (CONTENT - PHOTO_GAP) / 2.0;
    let mut found = Vec::new();
    for pair in all.chunks(2) {
        let sized: Vec<_> = pair
            .iter()
            .map(|p| (p, cx.images.fitted(p, half, PHOTO_HEIGHT)))
            .collect();
        let tallest = sized
            .iter()
            .filter_map(|(_, s)| s.map(|s| s.2))
            .fold(0.0, f32::max);
        let mut block = Block::default();
        for (at, (photo, size)) in sized.iter().enumerate() {
            let x = at as f32 * (half + PHOTO_GAP);
            if let Some((image, width, height)) = *size {
                block.items.push(Item::Image {
                    image,
                    x,
                    y: 8.0,
                    width,
                    height,
                });
            }
            let mut y = 8.0 + tallest + 3.0;
            // A caption is one or two lines; a whole story belongs into a text section.
            let caption = lines(cx.faces, &photo.caption, Style::NOTE, half);
            for line in caption
                .into_iter()
                .take((block::MAX_BLOCK / 2.0 / BODY) as usize)
            {
                block.items.push(text_item(line.text, line.style, [x, y]));
                y += line.style.leading();
            }
            block.height = block.height.max(y + 2.0);
        }
        found.push(block);
    }
    found
}
