//! Pixels in memory: shrink, set upright.
//!
//! Pictures are kept in YCbCr (JFIF, full range) from the camera's JPEG to ours. Both ends of the way are YCbCr, so no
//! colour is converted twice, the watermark is mostly work on Y, and Y alone is the grey picture the hash needs.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::PhotoError;

/// An interleaved picture of three bytes a pixel.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// `width × height × 3` bytes.
    pub(crate) pixels: Vec<u8>,
}

impl Picture {
    /// Resamples `rows` rows from the top to `width × height`.
    pub(crate) fn resized(
        &self,
        rows: u32,
        (width, height): (u32, u32),
        filter: FilterType,
    ) -> Result<Self, PhotoError> {
        let used = self.width as usize * rows as usize * 3;
        let part = self
            .pixels
            .get(..used)
            .ok_or_else(|| PhotoError::encode("rows beyond the picture"))?;
        let source =
            ImageRef::new(self.width, rows, part, PixelType::U8x3).map_err(PhotoError::encode)?;
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        Resizer::new()
            .resize(&source, &mut target, &options)
            .map_err(PhotoError::encode)?;
        Ok(Self {
            width,
            height,
            pixels: target.into_vec(),
        })
    }

    /// Size that fits into a square of `long_side`: proportions kept, never enlarged, no side below one pixel.
    pub(crate) fn fitted(&self, long_side: u32) -> (u32, u32) {
        let longest = self.width.max(self.height);
        if longest <= long_side {
            return (self.width, self.height);
        }
        let scaled = |side: u32| {
            let exact = u64::from(side) * u64::from(long_side);
            let rounded = (exact + u64::from(longest) / 2) / u64::from(longest);
            (rounded as u32).max(1)
        };
        (scaled(self.width), scaled(self.height))
    }

    /// Shrinks so that neither side is longer than `long_side`; never enlarges.
    pub(crate) fn shrunk(self, long_side: u32, filter: FilterType) -> Result<Self, PhotoError> {
        let size = self.fitted(long_side);
        if size == (self.width, self.height) {
            return Ok(self);
        }
        self.resized(self.height, size, filter)
    }

    /// Turns RGB into YCbCr in place (JFIF 1.02, clause 7), in 16-bit fixed point.
    pub(crate) fn rgb_to_ycbcr(&mut self) {
        for pixel in self.pixels.chunks_exact_mut(3) {
            if let [r, g, b] = pixel {
                let (red, green, blue) = (i32::from(*r), i32::from(*g), i32::from(*b));
                let y = 19_595 * red + 38_470 * green + 7_471 * blue;
                let cb = -11_059 * red - 21_709 * green + 32_768 * blue;
                let cr = 32_768 * red - 27_439 * green - 5_329 * blue;
                *r = byte(y);
                *g = byte(cb + (128 << 16));
                *b = byte(cr + (128 << 16));
            }
        }
    }

    /// Applies an EXIF orientation, 1 to 8 (Exif 2.32, tag 0x0112). Anything else changes nothing.
    pub(crate) fn upright(self, orientation: u8) -> Self {
        // where the upright picture's first row begins in the stored one, and which way its rows and columns run
        let (w, h) = (self.width as usize, self.height as usize);
        let (start, dx, dy): (usize, isize, isize) = match orientation {
            2 => (w - 1, -1, w as isize),
            3 => (w * h - 1, -1, -(w as isize)),
            4 => (w * (h - 1), 1, -(w as isize)),
            5 => (0, w as isize, 1),
            6 => (w * (h - 1), -(w as isize), 1),
            7 => (w * h - 1, -(w as isize), -1),
            8 => (w - 1, w as isize, -1),
            _ => return self,
        };
        let (width, height) = if orientation >= 5 { (h, w) } else { (w, h) };
        let pixels = gathered(&self.pixels, (width, height), start, dx, dy);
        Self {
            width: width as u32,
            height: height as u32,
            pixels,
        }
    }
}

/// Side of the square tiles in which a turned picture is copied, so that the columns it reads stay in the cache.
const TILE: usize = 32;

/// Copies pixels so that pixel (x, y) of the result is `source[start + x·dx + y·dy]`.
fn gathered(
    source: &[u8],
    (width, height): (usize, usize),
    start: usize,
    dx: isize,
    dy: isize,
) -> Vec<u8> {
    let mut target = vec![0; source.len()];
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for y in top..height.min(top + TILE) {
                let begin = (y * width + left) * 3;
                let end = (y * width + width.min(left + TILE)) * 3;
                let mut from = start as isize + left as isize * dx + y as isize * dy;
                for pixel in target[begin..end].chunks_exact_mut(3) {
                    let at = from as usize * 3;
                    pixel.copy_from_slice(&source[at..at + 3]);
                    from += dx;
                }
            }
        }
    }
    target
}

/// Rounds a 16.16 fixed-point number to a byte.
fn byte(fixed: i32) -> u8 {
    ((fixed + (1 << 15)) >> 16).clamp(0, 255) as u8
}
