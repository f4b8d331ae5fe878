//! Perceptual hash: finds the same photo handed in twice, even re-encoded, resized, brightened or slightly cropped.
//!
//! Only the rows above the watermark band are hashed: the bands of all photos look alike. With the band 0.67 % of different
//! pairs matched, without it none of 24,531.

use std::f32::consts::PI;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::PhotoError;
use crate::picture::Picture;

/// Pairs of hashes at most this far apart (of 64) are shown to the lead as look-alikes.
pub const LOOKALIKE_DISTANCE: u32 = 10;

/// Side of the grey picture that is transformed.
const SIDE: usize = 32;
/// Longest side of the grey picture the crops are taken from.
const MIDDLE: u32 = 256;
/// Side of the block of low frequencies that is kept: 64 bits.
const KEPT: usize = 8;
/// Parts of width and height that the stored crop hashes leave out.
const CROPS: [f64; 2] = [0.05, 0.10];
/// Coefficients this close to the median are noise of rounding: their bits stay 0.
const NOISE: f32 = 1.0;
/// Hash of a picture without structure: a lens cap, a bare white wall.
const BLANK: &str = "0000000000000000";

/// Hashes of one picture.
pub(crate) struct Fingerprint {
    pub(crate) whole: String,
    pub(crate) crops: Vec<String>,
}

/// Number of differing bits, 0 to 64. `None` if a hash is not 16 hexadecimal digits, or is that of a picture without any
/// structure, which resembles every other one and proves nothing.
#[must_use]
pub fn hash_distance(a: &str, b: &str) -> Option<u32> {
    let bits = |hash: &str| {
        let valid = hash.len() == BLANK.len()
            && hash != BLANK
            && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
        valid.then(|| u64::from_str_radix(hash, 16).ok()).flatten()
    };
    Some((bits(a)? ^ bits(b)?).count_ones())
}

/// Hashes the rows of a YCbCr picture above row `band_top`, whole and as centre crops.
pub(crate) fn fingerprint(picture: &Picture, band_top: u32) -> Result<Fingerprint, PhotoError> {
    // one pass over the large picture serves all three hashes
    let (width, height) = (picture.width.min(MIDDLE), band_top.clamp(1, MIDDLE));
    let middle = picture.resized(band_top.max(1), (width, height), FilterType::Box)?;
    let grey: Vec<u8> = middle.pixels.iter().copied().step_by(3).collect();
    let source = ImageRef::new(width, height, &grey, PixelType::U8).map_err(PhotoError::encode)?;
    let (width, height) = (f64::from(width), f64::from(height));
    let hash = |left_out: f64| {
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Box))
            .crop(
                width * left_out / 2.0,
                height * left_out / 2.0,
                width * (1.0 - left_out),
                height * (1.0 - left_out),
            );
        let mut small = Image::new(SIDE as u32, SIDE as u32, PixelType::U8);
        Resizer::new()
            .resize(&source, &mut small, &options)
            .map_err(PhotoError::encode)?;
        Ok(hash_of(small.buffer()))
    };
    Ok(Fingerprint {
        whole: hash(0.0)?,
        crops: CROPS.into_iter().map(hash).collect::<Result<_, _>>()?,
    })
}

/// 64 bits of a 32 × 32 grey picture: which of its low frequencies are stronger than their median.
fn hash_of(grey: &[u8]) -> String {
    let cosines: [[f32; SIDE]; KEPT] = std::array::from_fn(|u| {
        std::array::from_fn(|x| ((2 * x + 1) as f32 * u as f32 * PI / (2 * SIDE) as f32).cos())
    });
    let transform = |values: &[f32], u: usize| -> f32 {
        values.iter().zip(&cosines[u]).map(|(v, c)| v * c).sum()
    };
    // rows first: each row's eight lowest frequencies, stored by frequency
    let mut by_frequency = [[0.0_f32; SIDE]; KEPT];
    for (y, row) in grey.chunks_exact(SIDE).take(SIDE).enumerate() {
        let row: Vec<f32> = row.iter().map(|&v| f32::from(v)).collect();
        for (u, column) in by_frequency.iter_mut().enumerate() {
            column[y] = transform(&row, u);
        }
    }
    let mut strengths = Vec::with_capacity(KEPT * KEPT);
    for v in 0..KEPT {
        strengths.extend(by_frequency.iter().map(|column| transform(column, v)));
    }
    // the first coefficient is the brightness, which may change
    let mut sorted = strengths[1..].to_vec();
    sorted.sort_by(f32::total_cmp);
    let median = sorted[sorted.len() / 2];
    let bits = strengths
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, strength)| **strength > median + NOISE)
        .fold(0_u64, |bits, (place, _)| bits | 1 << place);
    format!("{bits:016x}")
}
