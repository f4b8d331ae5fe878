//! The three fonts and the rule which of them prints a character.

use std::borrow::Cow;
use std::sync::Arc;

use ttf_parser::{Face, GlyphId};

use crate::TicketError;

/// What is printed for a character that no font has.
const REPLACEMENT: char = '〓';

/// The fonts of the ticket. Cheap to share and to keep; one for the whole life of the app is enough.
#[derive(Clone)]
pub struct Fonts {
    data: Arc<[Cow<'static, [u8]>; 3]>,
}

/// Which font prints a glyph.
#[derive(Debug, Clone, std::marker::Copy, PartialEq, Eq, Hash)]
pub(crate) enum FaceId {
    Regular,
    Bold,
    Ext,
}

impl FaceId {
    pub(crate) const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Ext];
}

/// How heavy a text is.
#[derive(Debug, Clone, std::marker::Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// A character as it is printed.
#[derive(Debug, Clone, std::marker::Copy)]
pub(crate) struct Glyph {
    pub(crate) face: FaceId,
    pub(crate) gid: u16,
    /// To the next glyph, in em.
    pub(crate) advance: f32,
    /// What a reader copies: the character, or 〓.
    pub(crate) shown: char,
    /// No font has the character.
    pub(crate) missing: bool,
}

impl Fonts {
    /// Takes the three font files of `assets/fonts`, as read (`Vec<u8>`) or built in (`&'static [u8]`). Nothing is copied.
    ///
    /// # Errors
    /// [`TicketError::Font`] when one of them is not a font.
    pub fn new(
        regular: impl Into<Cow<'static, [u8]>>,
        bold: impl Into<Cow<'static, [u8]>>,
        ext: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, TicketError> {
        let fonts = Self {
            data: Arc::new([regular.into(), bold.into(), ext.into()]),
        };
        fonts.faces()?;
        Ok(fonts)
    }

    /// The characters of `text` that would be printed as 〓, each once, in order: ask at data entry, not at print.
    pub fn missing_glyphs(&self, text: &str) -> Vec<char> {
        let Ok(faces) = self.faces() else {
            return Vec::new();
        };
        let mut missing = Vec::new();
        for ch in printable(text).filter(|c| *c != '\n') {
            if faces.glyph(ch, Weight::Regular).missing && !missing.contains(&ch) {
                missing.push(ch);
            }
        }
        missing
    }

    pub(crate) fn faces(&self) -> Result<Faces<'_>, TicketError> {
        let [regular, bold, ext] = &*self.data;
        let parse =
            |name, data| Face::parse(data, 0).map_err(|source| TicketError::Font { name, source });
        Ok(Faces {
            faces: [
                parse("regular", regular)?,
                parse("bold", bold)?,
                parse("ext", ext)?,
            ],
        })
    }

    pub(crate) fn bytes(&self, face: FaceId) -> &[u8] {
        &self.data[face as usize]
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list()
            .entries(self.data.iter().map(|d| d.len()))
            .finish()
    }
}

/// The fonts, parsed for the time of one rendering.
pub(crate) struct Faces<'a> {
    faces: [Face<'a>; 3],
}

impl Faces<'_> {
    /// Bold (when asked for) → Regular → extension → 〓.
    pub(crate) fn glyph(&self, ch: char, weight: Weight) -> Glyph {
        let found = |face| self.lookup(face, ch, false);
        let bold = if weight == Weight::Bold {
            found(FaceId::Bold)
        } else {
            None
        };
        bold.or_else(|| found(FaceId::Regular))
            .or_else(|| found(FaceId::Ext))
            .or_else(|| self.lookup(FaceId::Regular, REPLACEMENT, true))
            .unwrap_or(Glyph {
                face: FaceId::Regular,
                gid: 0,
                advance: 1.0,
                shown: REPLACEMENT,
                missing: true,
            })
    }

    fn lookup(&self, face: FaceId, ch: char, missing: bool) -> Option<Glyph> {
        let font = &self.faces[face as usize];
        let gid = font.glyph_index(ch).filter(|gid| gid.0 != 0)?;
        let advance = self.advance(font, gid);
        Some(Glyph {
            face,
            gid: gid.0,
            advance,
            shown: ch,
            missing,
        })
    }

    /// Rounded to 1/1000 em, as the PDF's width table says it too.
    fn advance(&self, font: &Face<'_>, gid: GlyphId) -> f32 {
        let units = f32::from(font.glyph_hor_advance(gid).unwrap_or(0));
        (units * 1000.0 / f32::from(font.units_per_em())).round() / 1000.0
    }

    /// The width of `text` in points.
    pub(crate) fn width(&self, text: &str, size: f32, weight: Weight) -> f32 {
        text.chars()
            .map(|ch| self.glyph(ch, weight).advance * size)
            .sum()
    }
}

/// The characters of `text` that leave a trace on paper; line ends become `\n`, tabs spaces.
///
/// Controls, zero-width characters, direction marks and variation selectors have no shape of their own: printed they
/// would be 〓, and hidden in the text they could make it read differently from how it looks.
pub(crate) fn printable(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|ch| match ch {
        '\n' => Some('\n'),
        '\t' | '\u{2028}' | '\u{2029}' | '\u{a0}' | '\u{202f}' | '\u{2000}'..='\u{200a}' => {
            Some(' ')
        }
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => None,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' | '\u{fff0}'..='\u{fffb}' => None,
        ch if ch.is_control() => None,
        ch => Some(ch),
    })
}
