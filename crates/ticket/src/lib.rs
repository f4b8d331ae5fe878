//! The service ticket (施工单, 服务质量记录表, 一式二联) as PDF.
//!
//! [`render`] takes a [`TicketDoc`], whose every value is already worded, and gives the bytes of one A4 document with the
//! customer's and the company's copy. It reads no database, no clock and no file; the same document gives the same bytes.
//!
//! Inside: `sections`, `facts`, `table`, `signatures` and `frame` turn the document into blocks, `block` stacks those on
//! pages, which are a display list (`display`); only `pdf` knows how a PDF is written.

#[cfg(test)]
extern crate self as doorstep_ticket;

mod block;
mod display;
mod error;
mod facts;
mod fonts;
mod frame;
mod images;
mod labels;
mod layout;
mod model;
mod pdf;
mod sections;
mod signatures;
mod table;
#[cfg(test)]
mod tests;
mod wrap;

pub use error::TicketError;
pub use fonts::Fonts;
pub use model::{
    Audience, Body, CheckRow, Copy, DeviceRow, Fact, FeeRow, Feedback, Fees, Ink, InkPoint, Lang,
    Late, Mark, MaterialRow, Photo, ReadingRow, ScoreRow, Section, SignatureBlock, SignatureLine,
    Statement, TicketDoc, TimeRow,
};

/// A ticket on paper.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The document.
    pub pdf: Vec<u8>,
    /// How many pages all copies have together.
    pub pages: usize,
    /// Characters that no font has and that are printed as 〓, each once.
    pub missing: Vec<char>,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            pdf,
            pages,
            missing,
        } = self;
        write!(
            out,
            "Rendered {{ {} bytes, {pages} pages, missing {missing:?} }}",
            pdf.len()
        )
    }
}

/// Prints the copies, one after the other, each with its own page numbers.
///
/// # Errors
/// See [`TicketError`]: an unusable photo, time or identity, or no copy asked for.
pub fn render(doc: &TicketDoc, copies: &[Copy], fonts: &Fonts) -> Result<Rendered, TicketError> {
    if copies.is_empty() {
        return Err(TicketError::NoCopies);
    }
    let faces = fonts.faces()?;
    let images = images::Images::of(doc)?;
    let mut pages = Vec::new();
    for copy in copies {
        pages.extend(layout::pages(doc, *copy, &faces, &images)?);
    }
    let written = pdf::write(doc, &pages, fonts, &images)?;
    Ok(Rendered {
        pdf: written.pdf,
        pages: pages.len(),
        missing: written.missing,
    })
}
