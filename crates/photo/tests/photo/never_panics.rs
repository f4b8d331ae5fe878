//! Whatever a file holds, the answer is a picture or a refusal.

use std::sync::OnceLock;

use image::ImageFormat;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixtures::{Entry, Jpeg, Tiff, plain, saved, scene};

/// One small file of each kind, with EXIF in the JPEGs.
fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let picture = scene(72, 50, 9);
        let tiff = Tiff {
            exif: vec![Entry::Text(0x9003, "2026:11:22 13:52:07")],
            gps: vec![
                Entry::Text(1, "N"),
                Entry::Rationals(2, vec![(30, 1), (16, 1), (27, 1)]),
            ],
            ..Tiff::oriented(6)
        };
        let tiff = tiff.bytes();
        let jpeg = |progressive, restart| {
            let kind = Jpeg {
                progressive,
                restart,
                ..Jpeg::default()
            };
            kind.write(&picture, Some(&tiff))
        };
        vec![
            jpeg(false, None),
            jpeg(false, Some(3)),
            jpeg(true, None),
            saved(picture.clone(), ImageFormat::Png),
            saved(picture.clone(), ImageFormat::WebP),
        ]
    })
}

fn assert_answered(bytes: &[u8]) {
    if let Ok(photo) = plain(bytes) {
        assert!(photo.width >= 1 && photo.height >= 1);
        assert!(photo.jpeg.starts_with(&[0xff, 0xd8]));
    }
}

proptest! {
    #[test]
    fn of_random_bytes(start in 0..6_usize, rest in vec(any::<u8>(), 0..600)) {
        let starts: [&[u8]; 6] = [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\0\x02\0\0WEBP",
            b"\0\0\0\x18ftyp",
            b"\xff\xd8\xff\xc0\0\x11\x08\0\x20\0\x20\x03\x01\x22\0\x02\x11\x01\x03\x11\x01",
        ];
        assert_answered(&[starts[start], &rest].concat());
    }

    #[test]
    fn of_a_photo_with_changed_bytes(
        seed in 0..5_usize,
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = seeds()[seed].clone();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        assert_answered(&bytes);
    }

    #[test]
    fn of_a_photo_with_changed_headers(
        seed in 0..5_usize,
        changes in vec((0..700_usize, any::<u8>()), 1..6),
    ) {
        let mut bytes = seeds()[seed].clone();
        for (place, value) in changes {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = value;
            }
        }
        assert_answered(&bytes);
    }

    #[test]
    fn of_a_photo_with_bytes_lost_or_doubled(
        seed in 0..5_usize,
        from in any::<prop::sample::Index>(),
        length in 1..200_usize,
        doubled in any::<bool>(),
    ) {
        let whole = &seeds()[seed];
        let from = from.index(whole.len());
        let to = whole.len().min(from + length);
        let (head, tail) = if doubled { (to, from) } else { (from, to) };
        assert_answered(&[&whole[..head], &whole[tail..]].concat());
    }
}
