//! Pictures and EXIF segments made by hand.

use std::sync::OnceLock;

use doorstep_photo::{Fonts, Intake, PhotoError, Watermark};
use image::imageops::{FilterType, resize};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

pub(crate) const RED: [u8; 3] = [220, 30, 30];
pub(crate) const GREEN: [u8; 3] = [30, 180, 40];
pub(crate) const BLUE: [u8; 3] = [30, 50, 210];
pub(crate) const WHITE: [u8; 3] = [245, 245, 245];

pub(crate) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let read = |name: &str| {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts");
            std::fs::read(format!("{folder}/{name}")).unwrap()
        };
        Fonts::from_bytes(read("NotoSansSC-Regular.ttf"), read("DoorstepHanExt.ttf")).unwrap()
    })
}

pub(crate) fn mark(lines: &[&str]) -> Watermark {
    Watermark {
        lines: lines.iter().map(ToString::to_string).collect(),
    }
}

pub(crate) fn field_mark() -> Watermark {
    mark(&[
        "2026-11-22 13:52:07",
        "杭州市西湖区文三路 90 号 3 幢 1 单元 1203",
        "工单 GD20261122-0412",
        "装维 王建国",
    ])
}

/// Takes a file in without a watermark, so that all of the picture can be looked at.
pub(crate) fn plain(bytes: &[u8]) -> Result<Intake, PhotoError> {
    doorstep_photo::intake(bytes, &mark(&[]), fonts())
}

pub(crate) fn pixels(jpeg: &[u8]) -> RgbImage {
    let options = zune_core::options::DecoderOptions::default().set_strict_mode(true);
    let cursor = zune_core::bytestream::ZCursor::new(jpeg);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(cursor, options);
    let rgb = decoder.decode().unwrap();
    let (width, height) = decoder.dimensions().unwrap();
    RgbImage::from_raw(width as u32, height as u32, rgb).unwrap()
}

/// Colours at a tenth from each corner: top left, top right, bottom left, bottom right.
pub(crate) fn corners(picture: &RgbImage) -> [[u8; 3]; 4] {
    let (w, h) = picture.dimensions();
    let (left, right) = (w / 10, w - 1 - w / 10);
    let (top, bottom) = (h / 10, h - 1 - h / 10);
    [(left, top), (right, top), (left, bottom), (right, bottom)]
        .map(|(x, y)| picture.get_pixel(x, y).0)
}

pub(crate) fn assert_near(seen: [u8; 3], wanted: [u8; 3], why: &str) {
    let near = seen.iter().zip(wanted).all(|(&s, w)| s.abs_diff(w) <= 12);
    assert!(near, "{why}: saw {seen:?}, wanted {wanted:?}");
}

/// Red, green, blue and white quarters: no two orientations of it look alike.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    })
}

/// A scene of blurred blobs, different for every seed, that a hash can take hold of.
pub(crate) fn scene(width: u32, height: u32, seed: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    };
    let blobs: Vec<[f32; 6]> = (0..24).map(|_| std::array::from_fn(|_| next())).collect();
    let small = RgbImage::from_fn(64, 48, |x, y| {
        let (u, v) = (x as f32 / 64.0, y as f32 / 48.0);
        let mut colour = [70.0_f32, 80.0, 90.0];
        for [bx, by, size, r, g, b] in &blobs {
            let far = ((u - bx).powi(2) + (v - by).powi(2)) / (0.002 + 0.03 * size);
            let strength = (-far).exp() * 160.0;
            for (channel, weight) in colour.iter_mut().zip([r, g, b]) {
                *channel += strength * (weight - 0.35);
            }
        }
        Rgb(colour.map(|c| c.clamp(0.0, 255.0) as u8))
    });
    let mut large = resize(&small, width, height, FilterType::Triangle);
    // grain, so that the files are as long as a camera's
    for (place, Rgb(colour)) in large.pixels_mut().enumerate() {
        let grain = (place as u32).wrapping_mul(2_654_435_761) >> 29;
        *colour = colour.map(|c| c.saturating_add(grain as u8));
    }
    large
}

/// How a fixture's JPEG is written.
#[derive(Clone, Copy)]
pub(crate) struct Jpeg {
    pub(crate) sampling: SamplingFactor,
    pub(crate) progressive: bool,
    pub(crate) restart: Option<u16>,
}

impl Default for Jpeg {
    fn default() -> Self {
        Self {
            sampling: SamplingFactor::F_2_2,
            progressive: false,
            restart: None,
        }
    }
}

impl Jpeg {
    pub(crate) fn write(self, picture: &RgbImage, exif: Option<&[u8]>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 92);
        encoder.set_sampling_factor(self.sampling);
        encoder.set_progressive(self.progressive);
        if let Some(interval) = self.restart {
            encoder.set_restart_interval(interval);
        }
        if let Some(tiff) = exif {
            encoder
                .add_app_segment(1, [b"Exif\0\0", tiff].concat())
                .unwrap();
        }
        let (width, height) = (picture.width() as u16, picture.height() as u16);
        encoder
            .encode(picture, width, height, ColorType::Rgb)
            .unwrap();
        bytes
    }
}

pub(crate) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    Jpeg::default().write(picture, None)
}

pub(crate) fn saved(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A TIFF structure as cameras put it into EXIF (TIFF 6.0, section 2; Exif 2.32, clause 4.6).
#[derive(Clone, Default)]
pub(crate) struct Tiff {
    pub(crate) big_endian: bool,
    pub(crate) main: Vec<Entry>,
    pub(crate) exif: Vec<Entry>,
    pub(crate) gps: Vec<Entry>,
}

/// A tag and its value.
#[derive(Clone)]
pub(crate) enum Entry {
    Short(u16, u16),
    Text(u16, &'static str),
    Rationals(u16, Vec<(u32, u32)>),
    Pointer(u16, u32),
}

impl Tiff {
    pub(crate) fn oriented(orientation: u16) -> Self {
        Self {
            main: vec![Entry::Short(0x0112, orientation)],
            ..Self::default()
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut main = self.main.clone();
        let pointers = [(&self.exif, 0x8769), (&self.gps, 0x8825)];
        let used = pointers.iter().filter(|(entries, _)| !entries.is_empty());
        main.extend(used.clone().map(|&(_, tag)| Entry::Pointer(tag, 0)));
        let mut at = 8 + self.directory(&main, 8).len() as u32;
        let mut tail = Vec::new();
        for (entries, tag) in used {
            let pointer = main.iter_mut().find(|e| e.tag() == *tag).unwrap();
            *pointer = Entry::Pointer(*tag, at);
            let directory = self.directory(entries, at);
            at += directory.len() as u32;
            tail.extend(directory);
        }
        let mut bytes = if self.big_endian { b"MM" } else { b"II" }.to_vec();
        bytes.extend(self.u16(42));
        bytes.extend(self.u32(8));
        bytes.extend(self.directory(&main, 8));
        bytes.extend(tail);
        bytes
    }

    /// A directory that stands at `offset`, with the values that do not fit into its entries behind it.
    fn directory(&self, entries: &[Entry], offset: u32) -> Vec<u8> {
        let mut fields = self.u16(entries.len() as u16).to_vec();
        let mut values = Vec::new();
        let behind = offset + 2 + 12 * entries.len() as u32 + 4;
        for entry in entries {
            let (kind, count, value) = self.value(entry);
            fields.extend(self.u16(entry.tag()));
            fields.extend(self.u16(kind));
            fields.extend(self.u32(count));
            if value.len() <= 4 {
                fields.extend(value.iter().chain(&[0; 4]).take(4));
            } else {
                fields.extend(self.u32(behind + values.len() as u32));
                values.extend(value);
            }
        }
        fields.extend([0; 4]);
        fields.extend(values);
        fields
    }

    fn value(&self, entry: &Entry) -> (u16, u32, Vec<u8>) {
        match entry {
            Entry::Short(_, value) => (3, 1, self.u16(*value).to_vec()),
            Entry::Pointer(_, value) => (4, 1, self.u32(*value).to_vec()),
            Entry::Text(_, text) => {
                let bytes = [text.as_bytes(), b"\0"].concat();
                (2, bytes.len() as u32, bytes)
            }
            Entry::Rationals(_, parts) => {
                let both = |&(over, under): &(u32, u32)| [self.u32(over), self.u32(under)];
                let bytes = parts.iter().flat_map(both).flatten().collect();
                (5, parts.len() as u32, bytes)
            }
        }
    }

    fn u16(&self, value: u16) -> [u8; 2] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    fn u32(&self, value: u32) -> [u8; 4] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }
}

impl Entry {
    fn tag(&self) -> u16 {
        match self {
            Self::Short(tag, _)
            | Self::Text(tag, _)
            | Self::Rationals(tag, _)
            | Self::Pointer(tag, _) => *tag,
        }
    }
}
