//! Tables: columns, cells with several paragraphs, rows as blocks.

use std::rc::Rc;

use crate::block::{Block, CONTENT, MAX_BLOCK, Style, TextLine, hairline, lines, text_item};
use crate::display::{Item, Tone};
use crate::fonts::Faces;
use crate::model::Mark;

/// Space above and below the text of a row.
const PAD: f32 = 3.2;
/// Space between columns.
const GUTTER: f32 = 10.0;

/// One column.
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) width: f32,
    pub(crate) right: bool,
}

impl Column {
    pub(crate) fn left(heading: &'static str, width: f32) -> Self {
        Self {
            heading,
            width,
            right: false,
        }
    }

    pub(crate) fn right(heading: &'static str, width: f32) -> Self {
        Self {
            heading,
            width,
            right: true,
        }
    }
}

/// What stands in one column of a row.
#[derive(Default)]
pub(crate) struct Cell {
    paras: Vec<(String, Style)>,
    mark: Option<Mark>,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::default().and(text, Style::BODY)
    }

    pub(crate) fn optional(text: Option<&String>) -> Self {
        Self::text(text.map_or("", String::as_str))
    }

    pub(crate) fn mark(mark: Mark) -> Self {
        Self {
            paras: Vec::new(),
            mark: Some(mark),
        }
    }

    /// Adds a paragraph; an empty one is left out.
    pub(crate) fn and(mut self, text: impl Into<String>, style: Style) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.paras.push((text, style));
        }
        self
    }

    /// The same texts in one style.
    pub(crate) fn in_style(mut self, style: Style) -> Self {
        self.paras.iter_mut().for_each(|p| p.1 = style);
        self
    }
}

/// A table under construction.
pub(crate) struct Table<'a> {
    faces: &'a Faces<'a>,
    columns: Vec<Column>,
    gutter: f32,
    rules: bool,
    head: Option<Rc<Block>>,
    blocks: Vec<Block>,
}

impl<'a> Table<'a> {
    /// Columns whose widths are parts of the whole; they are stretched to the full width.
    pub(crate) fn new(faces: &'a Faces<'a>, mut columns: Vec<Column>) -> Self {
        stretch(&mut columns, GUTTER);
        let mut table = Self {
            faces,
            columns,
            gutter: GUTTER,
            rules: true,
            head: None,
            blocks: Vec::new(),
        };
        if table.columns.iter().any(|c| !c.heading.is_empty()) {
            table.add_head();
        }
        table
    }

    /// Columns that are `gap` apart, without lines: for texts that only stand side by side.
    pub(crate) fn side_by_side(faces: &'a Faces<'a>, count: usize, gap: f32) -> Self {
        let mut columns: Vec<Column> = (0..count).map(|_| Column::left("", 1.0)).collect();
        stretch(&mut columns, gap);
        Self {
            faces,
            columns,
            gutter: gap,
            rules: false,
            head: None,
            blocks: Vec::new(),
        }
    }

    fn add_head(&mut self) {
        let cells = self
            .columns
            .iter()
            .map(|c| Cell::default().and(c.heading, Style::NOTE))
            .collect();
        for mut block in self.row_blocks(cells, Tone::Quiet) {
            block.keep_with_next = true;
            self.head = Some(Rc::new(block.clone()));
            self.blocks.push(block);
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        let rows = self.row_blocks(cells, Tone::Hairline);
        self.blocks.extend(rows);
    }

    /// Adds a heading over the full width, kept with the row below.
    pub(crate) fn group(&mut self, title: &str) {
        let found = lines(self.faces, title, Style::STRONG, CONTENT);
        let mut y = PAD + 3.0;
        for chunk in chunks(&found, MAX_BLOCK) {
            let mut block = Block {
                keep_with_next: true,
                head: self.head.clone(),
                ..Block::default()
            };
            for line in chunk {
                block
                    .items
                    .push(text_item(line.text.clone(), line.style, [0.0, y]));
                y += line.style.leading();
            }
            block.height = y + PAD;
            block.items.push(hairline(block.height));
            self.blocks.push(block);
            y = PAD;
        }
    }

    pub(crate) fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }

    /// One block, or several when the row is higher than a page.
    fn row_blocks(&self, cells: Vec<Cell>, rule: Tone) -> Vec<Block> {
        let mut columns: Vec<Vec<Vec<TextLine>>> = Vec::new();
        for (cell, column) in cells.iter().zip(&self.columns) {
            let text = cell
                .paras
                .iter()
                .flat_map(|(text, style)| lines(self.faces, text, *style, column.width));
            columns.push(chunks(&text.collect::<Vec<_>>(), MAX_BLOCK));
        }
        let count = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut blocks = Vec::with_capacity(count);
        for part in 0..count {
            let mut block = Block {
                head: self.head.clone(),
                ..Block::default()
            };
            let mut x = 0.0;
            for (at, column) in self.columns.iter().enumerate() {
                let text = columns
                    .get(at)
                    .and_then(|c| c.get(part))
                    .map_or(&[][..], Vec::as_slice);
                self.put_lines(&mut block, text, column, x);
                if let (0, Some(mark)) = (part, cells.get(at).and_then(|c| c.mark)) {
                    block.items.extend(mark_items(mark, [x, PAD + 2.4]));
                    block.height = block.height.max(PAD + Style::BODY.leading());
                }
                x += column.width + self.gutter;
            }
            block.height += PAD;
            if self.rules && part + 1 == count {
                let height = block.height;
                let (from, to) = ([0.0, height], [CONTENT, height]);
                block.items.push(Item::Line {
                    from,
                    to,
                    width: 0.4,
                    tone: rule,
                });
            }
            blocks.push(block);
        }
        blocks
    }

    fn put_lines(&self, block: &mut Block, text: &[TextLine], column: &Column, x: f32) {
        let mut y = PAD;
        for line in text {
            // Small text beside body text stands on the same first baseline.
            let lift = if y == PAD {
                (Style::BODY.ascent() - line.style.ascent()).max(0.0)
            } else {
                0.0
            };
            let shift = if column.right {
                column.width
                    - self
                        .faces
                        .width(&line.text, line.style.size, line.style.weight)
            } else {
                0.0
            };
            block.items.push(text_item(
                line.text.clone(),
                line.style,
                [x + shift, y + lift],
            ));
            y += line.style.leading() + lift;
        }
        block.height = block.height.max(y);
    }
}

/// Makes the columns fill the width.
fn stretch(columns: &mut [Column], gutter: f32) {
    let whole: f32 = columns.iter().map(|c| c.width).sum();
    let gutters = gutter * (columns.len().saturating_sub(1)) as f32;
    columns
        .iter_mut()
        .for_each(|c| c.width *= (CONTENT - gutters) / whole);
}

/// Groups lines so that no group is higher than `max`.
fn chunks(all: &[TextLine], max: f32) -> Vec<Vec<TextLine>> {
    let mut groups = Vec::new();
    let mut group = Vec::new();
    let mut height = 0.0;
    for line in all {
        height += line.style.leading();
        if height > max && !group.is_empty() {
            groups.push(std::mem::take(&mut group));
            height = line.style.leading();
        }
        group.push(line.clone());
    }
    if !group.is_empty() {
        groups.push(group);
    }
    groups
}

/// The box of an item: ☑ ☒ ☐ drawn, because fonts disagree about them. `at` is its top left corner.
pub(crate) fn mark_items(mark: Mark, at: [f32; 2]) -> Vec<Item> {
    const SIDE: f32 = 8.0;
    let point = |x: f32, y: f32| [at[0] + x * SIDE, at[1] + y * SIDE];
    let stroke = |points: Vec<[f32; 2]>, width: f32, tone: Tone| Item::Stroke {
        points,
        width,
        tone,
    };
    let frame = vec![
        point(0.0, 0.0),
        point(1.0, 0.0),
        point(1.0, 1.0),
        point(0.0, 1.0),
        point(0.0, 0.0),
    ];
    match mark {
        Mark::Done => vec![
            stroke(frame, 0.5, Tone::Quiet),
            stroke(
                vec![point(0.2, 0.52), point(0.43, 0.76), point(0.84, 0.22)],
                1.2,
                Tone::Ink,
            ),
        ],
        Mark::NotApplicable => vec![
            stroke(frame, 0.5, Tone::Quiet),
            stroke(vec![point(0.25, 0.25), point(0.75, 0.75)], 0.9, Tone::Quiet),
            stroke(vec![point(0.75, 0.25), point(0.25, 0.75)], 0.9, Tone::Quiet),
        ],
        Mark::Missing => vec![stroke(frame, 0.7, Tone::Ink)],
    }
}
