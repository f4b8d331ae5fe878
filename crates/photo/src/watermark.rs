//! The band along the bottom of a photo that says when, where, for which order and by whom it was taken.

use ab_glyph::{Font, point};

use crate::fonts::{Fonts, Letter, scale};
use crate::picture::Picture;

/// Lines burned into the picture, formatted by the caller: time, place, order number, technician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    /// One entry a line; long ones wrap. Blank ones are left out.
    pub lines: Vec<String>,
}

/// Letter size as a part of the short side: readable when the photo fills a phone, or a quarter of an A4 page.
const EM_PER_SHORT_SIDE: f32 = 0.03;
/// Smallest letter in pixels at which a Han character can still be told.
const SMALLEST_EM: f32 = 9.0;
/// Part of the height the band may cover; letters shrink before it grows beyond this.
const TALLEST_BAND: f32 = 0.4;
/// Distance of lines, in em.
const LEADING: f32 = 1.4;
/// Height of one line from above its letters to below them, in em.
const LINE: f32 = 1.15;
/// Space around the text, in em.
const MARGIN: f32 = 0.6;
/// How much of the picture shows through the band, in 256ths. White letters keep a contrast of 5 : 1 on a white wall.
const SEE_THROUGH: i32 = 100;
/// Punctuation that may not begin a line (GB/T 15834—2011, clause 5.1).
const NOT_FIRST: &str = "，。、；：！？）》」』】”’％,.;:!?)%";

/// Darkens the band and writes the text. Returns the row where the band begins; the picture's height if there is no text.
pub(crate) fn burn(picture: &mut Picture, mark: &Watermark, fonts: &Fonts) -> u32 {
    let paragraphs: Vec<Vec<Letter<'_>>> = mark
        .lines
        .iter()
        .map(|line| line.trim().chars().filter(|c| !c.is_control()))
        .map(|line| line.map(|c| fonts.letter(c)).collect::<Vec<_>>())
        .filter(|letters| !letters.is_empty())
        .collect();
    if paragraphs.is_empty() {
        return picture.height;
    }
    let layout = Layout::fit(picture.width as f32, picture.height as f32, &paragraphs);
    let top = picture.height.saturating_sub(layout.band_height());
    darken(picture, top);
    for (row, line) in layout.lines.iter().enumerate() {
        let baseline = top as f32 + layout.em * (MARGIN + row as f32 * LEADING + 1.0);
        let mut x = layout.em * MARGIN;
        for letter in *line {
            write(picture, letter, layout.em, (x, baseline));
            x += letter.advance * layout.em;
        }
    }
    top
}

/// Lines broken for one letter size.
struct Layout<'a> {
    em: f32,
    lines: Vec<&'a [Letter<'a>]>,
}

impl<'a> Layout<'a> {
    /// The largest letters at which all lines fit. On a picture too small for that the last lines are cut off, because a
    /// mark that hides the picture is worse.
    fn fit(width: f32, height: f32, paragraphs: &'a [Vec<Letter<'a>>]) -> Self {
        let mut em = (width.min(height) * EM_PER_SHORT_SIDE).max(SMALLEST_EM);
        loop {
            let room = (width / em - 2.0 * MARGIN).max(1.0);
            let mut lines: Vec<&[Letter<'_>]> =
                paragraphs.iter().flat_map(|p| wrap(p, room)).collect();
            let most = ((height * TALLEST_BAND / em - 2.0 * MARGIN) / LEADING).max(1.0) as usize;
            if lines.len() <= most || em <= SMALLEST_EM {
                lines.truncate(most);
                return Self { em, lines };
            }
            em = (em * 0.92).max(SMALLEST_EM);
        }
    }

    fn band_height(&self) -> u32 {
        let gaps = self.lines.len().saturating_sub(1) as f32;
        (self.em * (2.0 * MARGIN + gaps * LEADING + LINE)).ceil() as u32
    }
}

/// Breaks a paragraph into lines of at most `room` em.
fn wrap<'a>(mut letters: &'a [Letter<'a>], room: f32) -> Vec<&'a [Letter<'a>]> {
    let mut lines = Vec::new();
    while !letters.is_empty() {
        let (line, rest) = letters.split_at(break_at(letters, room));
        lines.push(line);
        let blanks = rest.iter().take_while(|l| l.character == ' ').count();
        letters = &rest[blanks..];
    }
    lines
}

/// How many letters, at least one, go on the first line. Han characters may be parted anywhere; words and numbers are kept
/// whole where that leaves at least half a line.
fn break_at(letters: &[Letter<'_>], room: f32) -> usize {
    let mut used = 0.0;
    let Some(full) = letters.iter().position(|letter| {
        used += letter.advance;
        used > room
    }) else {
        return letters.len();
    };
    let allowed = |at: usize| {
        let (before, after) = (letters[at - 1].character, letters[at].character);
        let inside_word = before.is_ascii_graphic() && after.is_ascii_graphic();
        !inside_word && !NOT_FIRST.contains(after)
    };
    (full.div_ceil(2).max(1)..=full)
        .rev()
        .find(|&at| allowed(at))
        .unwrap_or(full.max(1))
}

/// Lets the picture show through weakly from row `top` down. Y goes towards black, Cb and Cr towards grey.
fn darken(picture: &mut Picture, top: u32) {
    let begin = top as usize * picture.width as usize * 3;
    let fade = |value: u8| (i32::from(value) * SEE_THROUGH) >> 8;
    for pixel in picture.pixels[begin..].as_chunks_mut::<3>().0 {
        let [y, cb, cr] = *pixel;
        let grey = 128 - fade(128);
        *pixel = [fade(y), fade(cb) + grey, fade(cr) + grey].map(|v| v as u8);
    }
}

/// Writes one white letter with its baseline's left end at `(x, y)`.
fn write(picture: &mut Picture, letter: &Letter<'_>, em: f32, (x, y): (f32, f32)) {
    let glyph = letter
        .glyph
        .with_scale_and_position(scale(letter.font, em), point(x, y));
    let Some(outline) = letter.font.outline_glyph(glyph) else {
        return;
    };
    let bounds = outline.px_bounds();
    let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
    let (width, height) = (i64::from(picture.width), i64::from(picture.height));
    outline.draw(|dx, dy, coverage| {
        let (px, py) = (left + i64::from(dx), top + i64::from(dy));
        if (0..width).contains(&px) && (0..height).contains(&py) {
            let at = (py * width + px) as usize * 3;
            let part = (coverage.clamp(0.0, 1.0) * 256.0) as i32;
            let white = [255, 128, 128];
            for (value, target) in picture.pixels[at..at + 3].iter_mut().zip(white) {
                let old = i32::from(*value);
                *value = (old + (((target - old) * part) >> 8)) as u8;
            }
        }
    });
}
