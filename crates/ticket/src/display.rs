//! The display list: what stands where, before any PDF. Layout makes it, the writer reads it, tests look at it.
//!
//! All lengths are points (1/72 inch), x to the right, y DOWN from the top edge of the page.

use crate::fonts::Weight;

/// A4, in points.
pub(crate) const PAGE_WIDTH: f32 = 595.28;
pub(crate) const PAGE_HEIGHT: f32 = 841.89;

/// The few inks of the form.
#[derive(Debug, Clone, std::marker::Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Text and signatures.
    Ink,
    /// Labels and notes.
    Quiet,
    /// Lines between rows.
    Hairline,
    /// A breach, on the company's copy.
    Alert,
}

/// One thing on a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// One line of text; `y` is its baseline.
    Text {
        x: f32,
        y: f32,
        size: f32,
        weight: Weight,
        tone: Tone,
        text: String,
    },
    /// A ruler line.
    Line {
        from: [f32; 2],
        to: [f32; 2],
        width: f32,
        tone: Tone,
    },
    /// A drawn stroke with round ends and joints; a single point is a dot.
    Stroke {
        points: Vec<[f32; 2]>,
        width: f32,
        tone: Tone,
    },
    /// Filled rectangles (x, y, width, height), painted at once.
    Fill { rects: Vec<[f32; 4]>, tone: Tone },
    /// A photo, by its number in [`crate::images::Images`].
    Image {
        image: usize,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

/// To hundredths of a point: finer is invisible and only makes the file longer.
pub(crate) fn rounded(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

impl Item {
    /// The same thing, moved.
    pub(crate) fn moved(&self, dx: f32, dy: f32) -> Self {
        let point = |p: &[f32; 2]| [rounded(p[0] + dx), rounded(p[1] + dy)];
        let mut item = self.clone();
        match &mut item {
            Self::Text { x, y, .. } | Self::Image { x, y, .. } => {
                (*x, *y) = (rounded(*x + dx), rounded(*y + dy));
            }
            Self::Line { from, to, .. } => (*from, *to) = (point(from), point(to)),
            Self::Stroke { points, .. } => points.iter_mut().for_each(|p| *p = point(p)),
            Self::Fill { rects, .. } => {
                for r in rects {
                    *r = [
                        rounded(r[0] + dx),
                        rounded(r[1] + dy),
                        rounded(r[2]),
                        rounded(r[3]),
                    ];
                }
            }
        }
        item
    }
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
}
