//! What a file is, told from its first bytes: names and MIME types from a file picker are not to be trusted.

use serde::{Deserialize, Serialize};

use crate::PhotoError;

/// Format of the camera's own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceFormat {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG, for screenshots of a test result.
    Png,
    /// WebP, as some chat programs save pictures.
    Webp,
}

/// Leading bytes of formats that are recognised only to refuse them by name.
const REFUSED: [(&[u8], &str); 10] = [
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"%PDF-", "PDF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
];

/// Brands of HEIC and HEIF in a `ftyp` box (ISO/IEC 23008-12, annex B).
const HEIF_BRANDS: [&[u8; 4]; 8] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1",
];

/// Tells a readable format, or refuses by name.
pub(crate) fn sniff(bytes: &[u8]) -> Result<SourceFormat, PhotoError> {
    if bytes.starts_with(&[0xff, 0xd8]) {
        return Ok(SourceFormat::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(SourceFormat::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(SourceFormat::Webp);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(iso_media(bytes));
    }
    let known = REFUSED.iter().find(|(magic, _)| bytes.starts_with(magic));
    Err(known.map_or(PhotoError::NotAnImage, |&(_, format)| {
        PhotoError::Unsupported { format }
    }))
}

/// Tells HEIC, AVIF and video apart by the brands of the `ftyp` box.
fn iso_media(bytes: &[u8]) -> PhotoError {
    let size = bytes
        .first_chunk::<4>()
        .map_or(0, |size| u32::from_be_bytes(*size) as usize);
    // more than a few dozen brands is nobody's camera
    let end = size.clamp(12, 256).min(bytes.len());
    let brands: Vec<&[u8]> = bytes
        .get(8..end)
        .unwrap_or_default()
        .chunks_exact(4)
        .collect();
    // AVIF also lists mif1 among its brands, so it is asked first
    if brands.iter().any(|b| *b == b"avif" || *b == b"avis") {
        PhotoError::Unsupported { format: "AVIF" }
    } else if brands
        .iter()
        .any(|b| HEIF_BRANDS.iter().any(|h| *b == h.as_slice()))
    {
        PhotoError::Heic
    } else {
        PhotoError::Unsupported { format: "MP4" }
    }
}
