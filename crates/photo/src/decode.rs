//! Bytes to pixels, with every limit checked before memory is taken.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use crate::jpeg_frame::JpegFrame;
use crate::picture::Picture;
use crate::{MAX_PIXELS, MAX_SIDE, PhotoError, SourceFormat};

/// Memory a PNG or WebP may take while it is decoded.
const MAX_DECODE_BYTES: u64 = 300 * 1024 * 1024;
/// Scans of a progressive JPEG: cameras write about ten, and each one costs a pass over the picture.
const MAX_SCANS: usize = 64;
/// An iPhone's Display P3 profile is 548 bytes; a printer's can be a megabyte and is not worth carrying.
const MAX_PROFILE_BYTES: usize = 16 * 1024;

/// A decoded picture, not yet upright.
pub(crate) struct Decoded {
    pub(crate) picture: Picture,
    /// Whether the pixels are RGB; otherwise they are YCbCr.
    pub(crate) is_rgb: bool,
    /// Colour profile that keeps a wide-gamut phone's colours true.
    pub(crate) profile: Option<Vec<u8>>,
}

/// Decodes the whole picture, or refuses it: nothing half-read is returned.
pub(crate) fn decode(bytes: &[u8], format: SourceFormat) -> Result<Decoded, PhotoError> {
    match format {
        SourceFormat::Jpeg => jpeg(bytes),
        SourceFormat::Png => png(bytes),
        SourceFormat::Webp => {
            raster(WebPDecoder::new(Cursor::new(bytes)).map_err(|e| image_error(&e))?)
        }
    }
}

fn jpeg(bytes: &[u8]) -> Result<Decoded, PhotoError> {
    let frame = JpegFrame::find(bytes)?;
    check_size(frame.width, frame.height)?;
    if frame.progressive {
        // all coefficients are held at once, so a progressive picture takes up to three times the memory
        check_pixels(frame.width, frame.height, MAX_PIXELS / 2)?;
    }
    if (bytes.len() as u64) < frame.least_bytes() {
        return Err(PhotoError::damaged(
            "shorter than a picture of this size can be",
        ));
    }
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), jpeg_options());
    decoder
        .decode_headers()
        .map_err(|error| jpeg_error(&error))?;
    let input = decoder.input_colorspace();
    let is_rgb = input != Some(ColorSpace::YCbCr);
    if !is_rgb {
        decoder.set_options(jpeg_options().jpeg_set_out_colorspace(ColorSpace::YCbCr));
    }
    // a grey or CMYK profile would be wrong for the three channels written
    let profile = (frame.components == 3)
        .then(|| decoder.icc_profile())
        .flatten()
        .filter(|profile| profile.len() <= MAX_PROFILE_BYTES);
    let pixels = decoder.decode().map_err(|error| jpeg_error(&error))?;
    let picture = Picture {
        width: frame.width,
        height: frame.height,
        pixels,
    };
    // the walk above and the decoder must have seen the same frame
    if picture.pixels.len() as u64 != u64::from(picture.width) * u64::from(picture.height) * 3 {
        return Err(PhotoError::damaged("pixels do not fill the frame"));
    }
    Ok(Decoded {
        picture,
        is_rgb,
        profile,
    })
}

/// Strict, because the decoder otherwise fills the lost part of a damaged file with grey and calls it a success.
fn jpeg_options() -> DecoderOptions {
    DecoderOptions::new_fast()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE as usize)
        .set_max_height(MAX_SIDE as usize)
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB)
}

fn jpeg_error(error: &DecodeErrors) -> PhotoError {
    PhotoError::Damaged {
        detail: format!("{error:?}"),
    }
}

fn png(bytes: &[u8]) -> Result<Decoded, PhotoError> {
    // IHDR is always first (PNG, third edition, clause 5.6)
    let header = bytes.get(16..24).unwrap_or_default().as_chunks::<4>().0;
    let &[width, height] = header else {
        return Err(PhotoError::damaged("ends within the header"));
    };
    check_size(u32::from_be_bytes(width), u32::from_be_bytes(height))?;
    raster(PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(|e| image_error(&e))?)
}

/// PNG and WebP: 8-bit RGB, transparency on white as on the screen it was taken from.
fn raster(mut decoder: impl ImageDecoder) -> Result<Decoded, PhotoError> {
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if decoder.total_bytes() > MAX_DECODE_BYTES {
        return Err(PhotoError::TooManyPixels {
            w: width,
            h: height,
        });
    }
    decoder
        .set_limits(limits())
        .map_err(|error| image_error(&error))?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| image_error(&error))?;
    let pixels = match decoded {
        DynamicImage::ImageRgb8(rgb) => rgb.into_raw(),
        opaque if !opaque.color().has_alpha() => opaque.into_rgb8().into_raw(),
        clear => on_white(&clear.into_rgba8()),
    };
    Ok(Decoded {
        picture: Picture {
            width,
            height,
            pixels,
        },
        is_rgb: true,
        profile: None,
    })
}

fn on_white(rgba: &[u8]) -> Vec<u8> {
    let blend = |colour: u8, alpha: u8| {
        let mixed = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
        ((mixed + 127) / 255) as u8
    };
    rgba.as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[r, g, b, a]| [blend(r, a), blend(g, a), blend(b, a)])
        .collect()
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    limits
}

fn image_error(error: &ImageError) -> PhotoError {
    match error {
        ImageError::Unsupported(_) => PhotoError::Unsupported {
            format: "this kind of PNG or WebP",
        },
        other => PhotoError::damaged(other),
    }
}

fn check_size(w: u32, h: u32) -> Result<(), PhotoError> {
    if w == 0 || h == 0 {
        return Err(PhotoError::damaged("no width or no height"));
    }
    if w > MAX_SIDE || h > MAX_SIDE {
        return Err(PhotoError::TooManyPixels { w, h });
    }
    check_pixels(w, h, MAX_PIXELS)
}

fn check_pixels(w: u32, h: u32, most: u64) -> Result<(), PhotoError> {
    if u64::from(w) * u64::from(h) > most {
        return Err(PhotoError::TooManyPixels { w, h });
    }
    Ok(())
}
