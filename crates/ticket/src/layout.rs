//! A ticket as pages: head, sections, sign-off, footers.

use crate::TicketError;
use crate::block::paginate;
use crate::display::Page;
use crate::fonts::Faces;
use crate::images::Images;
use crate::labels::Labels;
use crate::model::{Copy, TicketDoc};
use crate::sections::Context;
use crate::{frame, sections, signatures};

/// The pages of one copy.
pub(crate) fn pages(
    doc: &TicketDoc,
    copy: Copy,
    faces: &Faces<'_>,
    images: &Images,
) -> Result<Vec<Page>, TicketError> {
    let labels = Labels::of(doc.lang);
    let cx = Context {
        faces,
        labels,
        images,
        copy,
    };
    let mut blocks = vec![frame::head(faces, labels, doc, copy)?];
    for section in &doc.sections {
        blocks.extend(sections::blocks(&cx, section));
    }
    blocks.extend(signatures::blocks(&cx, doc));
    let mut pages = paginate(&blocks);
    frame::finish(faces, labels, doc, copy, &mut pages);
    Ok(pages)
}
