//! The two watermark fonts: Noto Sans SC, and an extension for the rare Han characters of names and places.

use std::borrow::Cow;

use ab_glyph::{Font, FontArc, GlyphId, PxScale, ScaleFont};

use crate::PhotoError;

/// Stands for a character that no font has.
const MISSING: char = '〓';

/// Fonts parsed once and kept for all photos. Cloning is cheap: the bytes are shared.
#[derive(Debug, Clone)]
pub struct Fonts {
    main: FontArc,
    fallback: FontArc,
}

/// A character with its glyph in the font that has it.
#[derive(Debug, Clone)]
pub(crate) struct Letter<'a> {
    pub(crate) character: char,
    pub(crate) font: &'a FontArc,
    pub(crate) glyph: GlyphId,
    /// Width in em.
    pub(crate) advance: f32,
}

impl Fonts {
    /// Parses TrueType or OpenType bytes, owned or static.
    ///
    /// # Errors
    /// [`PhotoError::Font`] if either cannot be parsed.
    pub fn from_bytes(
        main: impl Into<Cow<'static, [u8]>>,
        fallback: impl Into<Cow<'static, [u8]>>,
    ) -> Result<Self, PhotoError> {
        Ok(Self {
            main: parse(main.into())?,
            fallback: parse(fallback.into())?,
        })
    }

    /// Finds a character's glyph. One that neither font has becomes 〓, as on the printed ticket, so that it is seen to be
    /// missing.
    pub(crate) fn letter(&self, character: char) -> Letter<'_> {
        let found = |character: char| {
            [&self.main, &self.fallback]
                .into_iter()
                .map(|font| (font, font.glyph_id(character)))
                .find(|(_, glyph)| glyph.0 != 0)
        };
        let (font, glyph) = found(character)
            .or_else(|| found(MISSING))
            .unwrap_or((&self.main, GlyphId(0)));
        let advance = font.as_scaled(scale(font, 1.0)).h_advance(glyph);
        Letter {
            character,
            font,
            glyph,
            advance,
        }
    }
}

fn parse(bytes: Cow<'static, [u8]>) -> Result<FontArc, PhotoError> {
    let font = match bytes {
        Cow::Borrowed(slice) => FontArc::try_from_slice(slice),
        Cow::Owned(vec) => FontArc::try_from_vec(vec),
    };
    font.map_err(|_| PhotoError::Font)
}

/// The scale at which one em is `em` pixels; ab_glyph counts in ascent + descent, which differs from font to font.
pub(crate) fn scale(font: &FontArc, em: f32) -> PxScale {
    let units = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(em * font.height_unscaled() / units)
}
