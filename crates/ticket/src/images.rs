//! The JPEGs of a ticket: measured from their own headers, embedded as they are.

use std::sync::Arc;

use crate::TicketError;
use crate::model::{Body, Photo, TicketDoc};

/// What PDF must know of a JPEG.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) jpeg: Arc<[u8]>,
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// Grey or three colours.
    pub(crate) grey: bool,
}

/// All JPEGs of a ticket. Both copies use the same numbers, so each is embedded once.
#[derive(Debug, Default)]
pub(crate) struct Images {
    all: Vec<Image>,
}

impl Images {
    pub(crate) fn of(doc: &TicketDoc) -> Result<Self, TicketError> {
        let sections = doc.sections.iter().filter_map(|s| match &s.body {
            Body::Photos(photos) => Some(photos),
            _ => None,
        });
        let signatures = [&doc.customer_signature, &doc.technician_signature];
        let marks = signatures
            .into_iter()
            .flatten()
            .filter_map(|s| s.mark.as_ref());
        let mut images = Self::default();
        for photo in sections.flatten().chain(marks) {
            if images.number(photo).is_none() {
                let number = images.all.len() + 1;
                let image =
                    measure(&photo.jpeg).map_err(|reason| TicketError::Photo { number, reason })?;
                images.all.push(image);
            }
        }
        Ok(images)
    }

    /// The number of a photo of the same document.
    pub(crate) fn number(&self, photo: &Photo) -> Option<usize> {
        self.all
            .iter()
            .position(|image| Arc::ptr_eq(&image.jpeg, &photo.jpeg))
    }

    pub(crate) fn get(&self, number: usize) -> Option<&Image> {
        self.all.get(number)
    }

    /// The photo's number and size in points, as large as fits into the given box.
    pub(crate) fn fitted(
        &self,
        photo: &Photo,
        width: f32,
        height: f32,
    ) -> Option<(usize, f32, f32)> {
        let number = self.number(photo)?;
        let image = self.all.get(number)?;
        let (w, h) = (f32::from(image.width), f32::from(image.height));
        let scale = (width / w).min(height / h);
        Some((number, w * scale, h * scale))
    }
}

/// Reads the frame header (ITU-T T.81, B.2.2).
fn measure(jpeg: &Arc<[u8]>) -> Result<Image, &'static str> {
    const CUT: &str = "it ends early";
    if jpeg.get(..2) != Some(&[0xff, 0xd8]) {
        return Err("it does not begin like a JPEG");
    }
    if !jpeg.ends_with(&[0xff, 0xd9]) {
        return Err(CUT);
    }
    let mut at = 2;
    loop {
        let marker = *jpeg.get(at + 1).ok_or(CUT)?;
        if jpeg.get(at) != Some(&0xff) {
            return Err("its segments are damaged");
        }
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd7 => at += 2,
            0xc0..=0xc2 => break,
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err("its kind of compression is not for PDF");
            }
            0xd9 | 0xda => return Err("it has no picture header"),
            _ => {
                let length = jpeg.get(at + 2..at + 4).ok_or(CUT)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
            }
        }
    }
    let frame = jpeg.get(at + 4..at + 10).ok_or(CUT)?;
    let height = u16::from_be_bytes([frame[1], frame[2]]);
    let width = u16::from_be_bytes([frame[3], frame[4]]);
    if frame[0] != 8 || width == 0 || height == 0 {
        return Err("its size is not usable");
    }
    let grey = match frame[5] {
        1 => true,
        3 => false,
        _ => return Err("it has neither one nor three colours"),
    };
    Ok(Image {
        jpeg: Arc::clone(jpeg),
        width,
        height,
        grey,
    })
}
