//! Blocks that are never split, and the pagination that stacks them.

use std::rc::Rc;

use crate::display::{Item, PAGE_HEIGHT, PAGE_WIDTH, Page, Tone};
use crate::fonts::{Faces, Weight, printable};
use crate::wrap::wrap;

/// Left and right margin: 17 mm.
pub(crate) const MARGIN: f32 = 48.0;
/// Width between the margins.
pub(crate) const CONTENT: f32 = PAGE_WIDTH - 2.0 * MARGIN;
/// Where the content of the first page begins; later pages leave room for the running head.
const TOP_FIRST: f32 = 44.0;
const TOP_LATER: f32 = 66.0;
/// Where content ends, above the footer.
const BOTTOM: f32 = PAGE_HEIGHT - 60.0;
/// The highest block that always fits below a section title and a table head.
pub(crate) const MAX_BLOCK: f32 = BOTTOM - TOP_LATER - 90.0;

/// Text sizes.
pub(crate) const BODY: f32 = 9.5;
pub(crate) const SMALL: f32 = 8.0;
/// Line height over text size.
const LEADING: f32 = 1.42;

/// How one paragraph looks.
#[derive(Debug, Clone, std::marker::Copy)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) tone: Tone,
}

impl Style {
    pub(crate) const BODY: Self = Self {
        size: BODY,
        weight: Weight::Regular,
        tone: Tone::Ink,
    };
    pub(crate) const LABEL: Self = Self {
        size: BODY,
        weight: Weight::Regular,
        tone: Tone::Quiet,
    };
    pub(crate) const STRONG: Self = Self {
        size: BODY,
        weight: Weight::Bold,
        tone: Tone::Ink,
    };
    pub(crate) const NOTE: Self = Self {
        size: SMALL,
        weight: Weight::Regular,
        tone: Tone::Quiet,
    };
    pub(crate) const ALERT: Self = Self {
        size: SMALL,
        weight: Weight::Regular,
        tone: Tone::Alert,
    };

    pub(crate) fn leading(self) -> f32 {
        self.size * LEADING
    }

    /// From the top of a line to its baseline.
    pub(crate) fn ascent(self) -> f32 {
        self.size * ((LEADING - 1.0) / 2.0 + 0.86)
    }
}

/// One laid-out line.
#[derive(Debug, Clone)]
pub(crate) struct TextLine {
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// Breaks a text into lines.
pub(crate) fn lines(faces: &Faces<'_>, text: &str, style: Style, width: f32) -> Vec<TextLine> {
    let clean: String = printable(text).collect();
    wrap(&clean, width, |ch| {
        faces.glyph(ch, style.weight).advance * style.size
    })
    .into_iter()
    .map(|text| TextLine { text, style })
    .collect()
}

/// A text in one line at a place; `y` is the top of the line. Too long for `width`: cut with an ellipsis.
pub(crate) fn one_line(
    faces: &Faces<'_>,
    text: &str,
    style: Style,
    at: [f32; 2],
    width: f32,
) -> Item {
    let mut clean: String = printable(text)
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    if faces.width(&clean, style.size, style.weight) > width {
        while !clean.is_empty()
            && faces.width(&clean, style.size, style.weight) + style.size > width
        {
            clean.pop();
        }
        clean.push('…');
    }
    text_item(clean, style, at)
}

/// A text already known to fit; `at` is the top left of its line.
pub(crate) fn text_item(text: String, style: Style, at: [f32; 2]) -> Item {
    Item::Text {
        x: at[0],
        y: at[1] + style.ascent(),
        size: style.size,
        weight: style.weight,
        tone: style.tone,
        text,
    }
}

/// A hairline over the whole width.
pub(crate) fn hairline(y: f32) -> Item {
    Item::Line {
        from: [0.0, y],
        to: [CONTENT, y],
        width: 0.4,
        tone: Tone::Hairline,
    }
}

/// Something that stays together. Its items are relative to its own top left corner, inside the margins.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
    /// Never the last on a page.
    pub(crate) keep_with_next: bool,
    /// Printed again when a page begins with this block.
    pub(crate) head: Option<Rc<Block>>,
}

impl Block {
    /// Empty height.
    pub(crate) fn space(height: f32) -> Self {
        Self {
            height,
            ..Self::default()
        }
    }
}

/// Stacks the blocks on pages.
pub(crate) fn paginate(blocks: &[Block]) -> Vec<Page> {
    let mut pages = vec![Page::default()];
    let mut y = TOP_FIRST;
    let mut fresh = true;
    for (at, block) in blocks.iter().enumerate() {
        if !fresh && y + chain_height(&blocks[at..]) > BOTTOM {
            pages.push(Page::default());
            y = TOP_LATER;
            fresh = true;
            if let Some(head) = &block.head {
                put(&mut pages, head, &mut y);
            }
        }
        // A gap at the top of a page would only look like a mistake.
        if fresh && block.items.is_empty() {
            continue;
        }
        put(&mut pages, block, &mut y);
        fresh = false;
    }
    pages
}

/// The height that must fit: this block and those it must not be parted from.
fn chain_height(blocks: &[Block]) -> f32 {
    let mut height = 0.0;
    for block in blocks {
        height += block.height;
        if !block.keep_with_next {
            break;
        }
    }
    // A chain longer than a page has to be cut anyway: then only the first of it counts.
    if height > BOTTOM - TOP_LATER {
        blocks.first().map_or(0.0, |b| b.height)
    } else {
        height
    }
}

fn put(pages: &mut [Page], block: &Block, y: &mut f32) {
    if let Some(page) = pages.last_mut() {
        page.items
            .extend(block.items.iter().map(|item| item.moved(MARGIN, *y)));
    }
    *y += block.height;
}
