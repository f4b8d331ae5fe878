//! Both sign-offs side by side: the ink as vectors, and below it who, when and what happened.

use crate::block::{Block, CONTENT, Style, lines, one_line, text_item};
use crate::display::{Item, Tone};
use crate::model::{Ink, SignatureBlock, Statement, TicketDoc};
use crate::sections::Context;
use crate::table::{Cell, Table};

const GAP: f32 = 24.0;
const HALF: f32 = (CONTENT - GAP) / 2.0;
/// The height of the field for the ink, below its heading.
const FIELD: f32 = 66.0;
const HEADING: f32 = 20.0;

/// The last section of the ticket; nothing when there is no sign-off yet.
pub(crate) fn blocks(cx: &Context<'_>, doc: &TicketDoc) -> Vec<Block> {
    let sides: Vec<&SignatureBlock> = [&doc.customer_signature, &doc.technician_signature]
        .into_iter()
        .flatten()
        .collect();
    if sides.is_empty() {
        return Vec::new();
    }
    let mut found = cx.title(cx.labels.signatures);
    if !doc.signature_covers.is_empty() {
        let mut note = cx.paragraphs(&doc.signature_covers, Style::NOTE);
        note.iter_mut().for_each(|b| b.keep_with_next = true);
        found.extend(note);
    }
    found.push(fields(cx, &sides));
    let mut table = Table::side_by_side(cx.faces, 2, GAP);
    table.row(sides.iter().map(|side| words(cx, side)).collect());
    found.extend(table.into_blocks());
    found
}

/// A statement with its own signature below it, kept together.
pub(crate) fn statement(cx: &Context<'_>, statement: &Statement) -> Vec<Block> {
    let mut found = cx.paragraphs(&statement.title, Style::STRONG);
    found.extend(cx.paragraphs(&statement.text, Style::BODY));
    found.iter_mut().for_each(|b| b.keep_with_next = true);
    let side = &statement.signature;
    found.push(fields(cx, &[side]));
    let mut table = Table::side_by_side(cx.faces, 2, GAP);
    table.row(vec![words(cx, side), Cell::default()]);
    found.extend(table.into_blocks());
    found
}

/// The headings and the ink.
fn fields(cx: &Context<'_>, sides: &[&SignatureBlock]) -> Block {
    let mut block = Block {
        height: HEADING + FIELD + 2.0,
        keep_with_next: true,
        ..Block::default()
    };
    for (at, side) in sides.iter().enumerate() {
        let x = at as f32 * (HALF + GAP);
        block.items.push(one_line(
            cx.faces,
            &side.heading,
            Style::STRONG,
            [x, 5.0],
            HALF,
        ));
        if let Some(ink) = &side.ink {
            block.items.extend(
                strokes(ink)
                    .iter()
                    .map(|item| item.moved(x + 6.0, HEADING + 3.0)),
            );
        }
        if let Some((image, width, height)) = side
            .mark
            .as_ref()
            .and_then(|mark| cx.images.fitted(mark, HALF * 0.6, FIELD - 6.0))
        {
            block.items.push(Item::Image {
                image,
                x: x + 6.0,
                y: HEADING + 3.0,
                width,
                height,
            });
        }
        if let (None, None, Some(outcome)) = (&side.ink, &side.mark, &side.outcome) {
            // An empty field would look forgotten: what happened stands where the ink would.
            let style = Style {
                size: 14.0,
                ..Style::LABEL
            };
            for (line, text) in lines(cx.faces, outcome, style, HALF - 12.0)
                .into_iter()
                .take(2)
                .enumerate()
            {
                let y = HEADING + 16.0 + line as f32 * style.leading();
                block.items.push(text_item(text.text, style, [x + 6.0, y]));
            }
        }
        let y = HEADING + FIELD;
        block.items.push(Item::Line {
            from: [x, y],
            to: [x + HALF, y],
            width: 0.6,
            tone: Tone::Quiet,
        });
    }
    block
}

/// Who, when, and what happened.
fn words(cx: &Context<'_>, side: &SignatureBlock) -> Cell {
    let labels = cx.labels;
    let name = match &side.relation {
        Some(relation) => labels.bracket(&side.name, relation),
        None => side.name.clone(),
    };
    let mut cell = Cell::default();
    if !name.is_empty() {
        cell = cell.and(labels.pair(labels.signer, &name), Style::BODY);
    }
    if let Some(time) = &side.time {
        cell = cell.and(labels.pair(labels.signed_at, time), Style::BODY);
    }
    if let (true, Some(outcome)) = (side.ink.is_some() || side.mark.is_some(), &side.outcome) {
        cell = cell.and(labels.pair(labels.outcome, outcome), Style::BODY);
    }
    for line in side.lines.iter().filter(|line| line.audience.sees(cx.copy)) {
        cell = cell.and(labels.pair(&line.label, &line.value), Style::BODY);
    }
    cell
}

/// The ink, scaled into the field, its corner at the origin. Unusable numbers give no ink, not a broken page.
fn strokes(ink: &Ink) -> Vec<Item> {
    let (width, height) = (HALF - 12.0, FIELD - 6.0);
    let scale = (width / ink.width).min(height / ink.height);
    if !scale.is_finite() || scale <= 0.0 {
        return Vec::new();
    }
    let place = |x: f32, y: f32| {
        [
            (x * scale).clamp(0.0, width),
            (y * scale).clamp(0.0, height),
        ]
    };
    let mut items = Vec::new();
    for stroke in &ink.strokes {
        let usable: Vec<_> = stroke
            .iter()
            .filter(|p| p.x.is_finite() && p.y.is_finite())
            .collect();
        let mut points: Vec<[f32; 2]> = Vec::new();
        let mut pen = None;
        for sample in usable {
            let here = place(sample.x, sample.y);
            let wide = pen_width(sample.p);
            // The pen's width changes with the pressure: each change begins a new piece at the last point.
            if pen.is_some_and(|old| old != wide) && !points.is_empty() {
                let last = points.last().copied();
                items.push(piece(std::mem::take(&mut points), pen));
                points.extend(last);
            }
            pen = Some(wide);
            // Finer than the paper shows.
            let near = |p: &[f32; 2]| (p[0] - here[0]).abs() + (p[1] - here[1]).abs() < 0.12;
            if !points.last().is_some_and(near) {
                points.push(here);
            }
        }
        if !points.is_empty() {
            items.push(piece(points, pen));
        }
    }
    items
}

fn piece(points: Vec<[f32; 2]>, pen: Option<u8>) -> Item {
    Item::Stroke {
        points,
        width: f32::from(pen.unwrap_or(12)) / 10.0,
        tone: Tone::Ink,
    }
}

/// The pen's width in tenths of a point, in steps of two so that a stroke is a few pieces and not hundreds.
fn pen_width(pressure: Option<f32>) -> u8 {
    match pressure {
        Some(p) if p.is_finite() => 6 + 2 * (p.clamp(0.0, 1.0) * 6.0).round() as u8,
        _ => 12,
    }
}
