//! Files that are not taken in: each with its own reason, none with half a picture.

use doorstep_photo::{Fonts, MAX_FILE_BYTES, PhotoError};
use image::ImageFormat;

use crate::fixtures::{Jpeg, jpeg, plain, quarters, saved, scene};

fn code(bytes: &[u8]) -> &'static str {
    match plain(bytes) {
        Ok(photo) => panic!("taken in as {} × {}", photo.width, photo.height),
        Err(error) => error.code(),
    }
}

#[test]
fn what_is_no_photo_is_named() {
    let files: [(&[u8], PhotoError); 14] = [
        (b"", PhotoError::Empty),
        (b"\0", PhotoError::NotAnImage),
        ("工单 0412".as_bytes(), PhotoError::NotAnImage),
        (b"PK\x03\x04 a zip", PhotoError::NotAnImage),
        (b"GIF89a....", PhotoError::Unsupported { format: "GIF" }),
        (b"BM........", PhotoError::Unsupported { format: "BMP" }),
        (
            b"II*\0\x08\0\0\0",
            PhotoError::Unsupported { format: "TIFF" },
        ),
        (
            b"MM\0*\0\0\0\x08",
            PhotoError::Unsupported { format: "TIFF" },
        ),
        (b"%PDF-1.7\n", PhotoError::Unsupported { format: "PDF" }),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", PhotoError::Heic),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", PhotoError::Heic),
        (
            b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf",
            PhotoError::Unsupported { format: "AVIF" },
        ),
        (
            b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
            PhotoError::Unsupported { format: "MP4" },
        ),
        (b"RIFF\x10\0\0\0WAVEfmt ", PhotoError::NotAnImage),
    ];
    for (bytes, wanted) in files {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(plain(bytes), Err(wanted), "{text:?}");
    }
}

#[test]
fn a_jpeg_cut_anywhere_is_damaged() {
    for progressive in [false, true] {
        let kind = Jpeg {
            progressive,
            ..Jpeg::default()
        };
        let whole = kind.write(&scene(320, 240, 5), None);
        let steps = (2..whole.len()).step_by(whole.len() / 60);
        let last_bytes = whole.len() - 40..whole.len();
        for length in steps.chain(last_bytes) {
            let cut = &whole[..length];
            assert_eq!(
                code(cut),
                "photo.damaged",
                "cut to {length} of {}",
                whole.len()
            );
            // a download tool had reserved the whole length
            let mut filled = cut.to_vec();
            filled.resize(whole.len() + 2, 0);
            assert_eq!(
                code(&filled),
                "photo.damaged",
                "cut to {length} and filled up"
            );
        }
    }
}

#[test]
fn a_jpeg_with_a_lost_sector_is_damaged() {
    let whole = jpeg(&scene(640, 480, 6));
    assert!(whole.len() > 4096, "the fixture is long enough");
    let mut broken = whole.clone();
    let middle = whole.len() / 2;
    broken[middle..middle + 512].fill(0xff);
    assert_eq!(code(&broken), "photo.damaged");
}

#[test]
fn png_and_webp_cut_or_corrupted_are_damaged() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let whole = saved(scene(160, 120, 7), format);
        for length in (16..whole.len() - 16).step_by(whole.len() / 30) {
            assert_eq!(
                code(&whole[..length]),
                "photo.damaged",
                "{format:?} {length}"
            );
        }
    }
    let mut png = saved(scene(160, 120, 7), ImageFormat::Png);
    let middle = png.len() / 2;
    png[middle] ^= 0x55;
    assert_eq!(code(&png), "photo.damaged", "the checksum does not fit");
}

/// Writes a size into the frame header of a JPEG.
fn claiming(mut jpeg: Vec<u8>, width: u16, height: u16) -> Vec<u8> {
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0] || pair == [0xff, 0xc2])
        .unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

#[test]
fn a_small_file_that_claims_a_huge_picture_takes_no_memory() {
    for progressive in [false, true] {
        let kind = Jpeg {
            progressive,
            ..Jpeg::default()
        };
        let small = kind.write(&quarters(64, 64), None);
        for (w, h) in [(65_500, 65_500), (20_001, 1), (1, 20_001), (10_001, 10_000)] {
            let refused = plain(&claiming(small.clone(), w, h));
            let (w, h) = (u32::from(w), u32::from(h));
            assert_eq!(refused, Err(PhotoError::TooManyPixels { w, h }));
        }
        // within the limits, but no 3 kB hold so many blocks
        assert_eq!(
            code(&claiming(small.clone(), 7_000, 7_000)),
            "photo.damaged"
        );
        assert_eq!(code(&claiming(small.clone(), 0, 64)), "photo.damaged");
        assert_eq!(code(&claiming(small, 64, 0)), "photo.damaged");
    }
}

/// A PNG's chunk with its checksum (PNG, third edition, clause 5.3 and annex D).
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let crc = body.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    let length = (data.len() as u32).to_be_bytes();
    [&length, body.as_slice(), &(!crc).to_be_bytes()].concat()
}

#[test]
fn a_png_that_claims_a_huge_picture_takes_no_memory() {
    for (w, h) in [
        (65_500_u32, 65_500_u32),
        (20_001, 4),
        (9_900, 9_900),
        (1 << 31, 1),
    ] {
        let header = [
            w.to_be_bytes().as_slice(),
            &h.to_be_bytes(),
            &[8, 6, 0, 0, 0],
        ]
        .concat();
        let png = [
            b"\x89PNG\r\n\x1a\n".as_slice(),
            &chunk(b"IHDR", &header),
            &chunk(b"IDAT", b"\x78\x9c\x03\0\0\0\0\x01"),
            &chunk(b"IEND", b""),
        ]
        .concat();
        assert_eq!(plain(&png), Err(PhotoError::TooManyPixels { w, h }));
    }
}

#[test]
fn a_file_beyond_the_limit_is_not_looked_at() {
    let bytes = vec![0; MAX_FILE_BYTES as usize + 1];
    let wanted = PhotoError::TooLarge {
        bytes: MAX_FILE_BYTES + 1,
    };
    assert_eq!(plain(&bytes), Err(wanted));
}

#[test]
fn arithmetic_coding_is_refused_by_name() {
    let mut bytes = jpeg(&quarters(64, 64));
    let frame = bytes.windows(2).position(|p| p == [0xff, 0xc0]).unwrap();
    bytes[frame + 1] = 0xc9;
    assert_eq!(code(&bytes), "photo.unsupported");
}

#[test]
fn a_broken_font_is_an_error_of_the_installation() {
    let broken = Fonts::from_bytes(b"no font".as_slice(), Vec::new());
    assert_eq!(broken.unwrap_err().code(), "photo.font");
}
