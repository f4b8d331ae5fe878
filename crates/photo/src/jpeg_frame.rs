//! The frame header of a JPEG, read ahead of the decoder so that limits can be checked before it takes memory.

use crate::PhotoError;

/// What the frame header says (ITU-T T.81, clause B.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JpegFrame {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) components: u8,
    pub(crate) progressive: bool,
}

impl JpegFrame {
    /// Walks the marker segments up to the first scan, and makes sure that the file was written to its end.
    pub(crate) fn find(bytes: &[u8]) -> Result<Self, PhotoError> {
        let cut = || PhotoError::damaged("ends within the headers");
        let mut frame = None;
        let mut at = 2;
        loop {
            // bytes between segments are skipped, as decoders do
            let rest = bytes.get(at..).unwrap_or_default();
            at += rest.iter().position(|&b| b == 0xff).ok_or_else(cut)? + 1;
            let &marker = bytes.get(at).ok_or_else(cut)?;
            match marker {
                // fill bytes, stuffing, and markers without a length: TEM, RSTn, SOI
                0xff => continue,
                0x00 | 0x01 | 0xd0..=0xd8 => {
                    at += 1;
                    continue;
                }
                0xd9 => return Err(PhotoError::damaged("ends before the first scan")),
                0xda => break,
                // C4, C8 and CC are not frames: Huffman tables, an extension, arithmetic conditioning
                0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                    if marker > 0xc2 {
                        return Err(PhotoError::Unsupported {
                            format: "arithmetic-coded or lossless JPEG",
                        });
                    }
                    let header = bytes.get(at + 3..at + 9).ok_or_else(cut)?;
                    if frame.replace(Self::from_header(marker, header)).is_some() {
                        return Err(PhotoError::damaged("two frame headers"));
                    }
                }
                _ => {}
            }
            let length = bytes.get(at + 1..at + 3).ok_or_else(cut)?;
            at += 1 + length.iter().fold(0, |sum, &b| sum << 8 | usize::from(b));
        }
        // A download that broke off is often filled up with zeros, which the decoder takes for picture. FF D9 cannot occur
        // within a scan, and from the back it is found at once.
        let ended = bytes[at..]
            .windows(2)
            .rev()
            .any(|pair| pair == [0xff, 0xd9]);
        if !ended {
            return Err(PhotoError::damaged("no end-of-image marker"));
        }
        frame.ok_or_else(|| PhotoError::damaged("no frame header"))
    }

    fn from_header(marker: u8, header: &[u8]) -> Self {
        let number = |range: std::ops::Range<usize>| {
            header[range]
                .iter()
                .fold(0, |sum, &b| sum << 8 | u32::from(b))
        };
        Self {
            height: number(1..3),
            width: number(3..5),
            components: header[5],
            progressive: marker == 0xc2,
        }
    }

    /// Fewest bytes in which a picture of this size can be coded: the best-resolved component has a block for every 8 × 8
    /// pixels, and a block takes at least one bit for DC and, unless progressive, one for "end of block".
    pub(crate) fn least_bytes(self) -> u64 {
        let blocks = u64::from(self.width.div_ceil(8)) * u64::from(self.height.div_ceil(8));
        let bits = if self.progressive { 1 } else { 2 };
        blocks * bits / 8
    }
}
