//! A ticket as pages: head, sections, sign-off, footers.

use crate::TicketError;
use crate::block::{Block, paginate};
use crate::display::Page;
use crate::fonts::Faces;
use crate::images::Images;
use crate::labels::Labels;
use crate::model::{Copy, TicketDoc};
use crate::sections::Context;
use crate::{frame, sections, signatures};

/// The least height of what was signed that stands above the signatures: alone on a page they could belong to anything.
const ABOVE_SIGNATURES: f32 = 60.0;

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
    let signed = signatures::blocks(&cx, doc);
    if !signed.is_empty() {
        keep_company(&mut blocks);
    }
    blocks.extend(signed);
    let mut pages = paginate(&blocks);
    frame::finish(faces, labels, doc, copy, &mut pages);
    Ok(pages)
}

/// Lets the end of the content go on to the next page together with what follows it.
fn keep_company(blocks: &mut [Block]) {
    let mut height = 0.0;
    for block in blocks.iter_mut().rev() {
        if height >= ABOVE_SIGNATURES {
            break;
        }
        block.keep_with_next = true;
        height += block.height;
    }
}
