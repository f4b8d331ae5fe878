//! Key and value pairs, two side by side where both are short.

use crate::block::{Block, CONTENT, MAX_BLOCK, Style, TextLine, hairline, lines, text_item};
use crate::fonts::Faces;
use crate::model::Fact;

const PAD: f32 = 3.2;
/// Between the left and the right pair.
const GAP: f32 = 20.0;
const HALF: f32 = (CONTENT - GAP) / 2.0;

/// Lays out the pairs. A long value gets the whole width; nothing is ever cut.
pub(crate) fn blocks(faces: &Faces<'_>, facts: &[Fact]) -> Vec<Block> {
    let widest = facts
        .iter()
        .map(|f| faces.width(&f.label, Style::LABEL.size, Style::LABEL.weight))
        .fold(0.0, f32::max);
    let label = (widest + 10.0).clamp(58.0, 128.0);
    let short = |fact: &Fact| {
        !fact.value.contains('\n')
            && faces.width(&fact.value, Style::BODY.size, Style::BODY.weight) <= HALF - label
    };
    let mut found = Vec::new();
    let mut rest = facts;
    while let Some((first, tail)) = rest.split_first() {
        match tail.split_first() {
            Some((second, others)) if short(first) && short(second) => {
                found.extend(row(faces, &[first, second], label, HALF - label));
                rest = others;
            }
            _ => {
                found.extend(row(faces, &[first], label, CONTENT - label));
                rest = tail;
            }
        }
    }
    found
}

/// One row; several blocks when a value is higher than a page.
fn row(faces: &Faces<'_>, facts: &[&Fact], label: f32, value: f32) -> Vec<Block> {
    let rows = ((MAX_BLOCK - 2.0 * PAD) / Style::BODY.leading()) as usize;
    let columns: Vec<[Vec<TextLine>; 2]> = facts
        .iter()
        .map(|f| {
            [
                lines(faces, &f.label, Style::LABEL, label - 6.0),
                lines(faces, &f.value, Style::BODY, value),
            ]
        })
        .collect();
    let height = columns.iter().flatten().map(Vec::len).max().unwrap_or(0);
    let mut blocks = Vec::new();
    for from in (0..height).step_by(rows.max(1)) {
        let mut block = Block::default();
        let last = from + rows >= height;
        for (at, pair) in columns.iter().enumerate() {
            let x = at as f32 * (HALF + GAP);
            for (shift, text) in pair.iter().enumerate() {
                for (line, found) in text.iter().skip(from).take(rows).enumerate() {
                    let y = PAD + line as f32 * found.style.leading();
                    block.items.push(text_item(
                        found.text.clone(),
                        found.style,
                        [x + shift as f32 * label, y],
                    ));
                    block.height = block.height.max(y + found.style.leading());
                }
            }
        }
        block.height += PAD;
        if last {
            block.items.push(hairline(block.height));
        }
        blocks.push(block);
    }
    blocks
}
