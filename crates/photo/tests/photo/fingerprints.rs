//! The same photo is recognised after what happens to photos; different ones are not taken for each other.

use doorstep_photo::{Intake, LOOKALIKE_DISTANCE, hash_distance, intake};
use image::imageops::{FilterType, crop_imm, resize};
use image::{Rgb, RgbImage};

use crate::fixtures::{Jpeg, field_mark, fonts, jpeg, mark, plain, scene};

fn taken(picture: &RgbImage) -> Intake {
    plain(&jpeg(picture)).unwrap()
}

fn alike(a: &str, b: &str) -> bool {
    hash_distance(a, b).is_some_and(|distance| distance <= LOOKALIKE_DISTANCE)
}

#[test]
fn re_encoded_resized_and_brightened_photos_are_recognised() {
    for seed in 0..8 {
        let original = scene(400, 300, seed);
        let hash = taken(&original).phash;
        let progressive = Jpeg {
            progressive: true,
            ..Jpeg::default()
        };
        let re_encoded = plain(&progressive.write(&original, None)).unwrap();
        assert!(alike(&hash, &re_encoded.phash), "re-encoded, seed {seed}");
        let half = taken(&resize(&original, 200, 150, FilterType::Triangle));
        assert!(alike(&hash, &half.phash), "half size, seed {seed}");
        for factor in [0.8, 1.2] {
            let mut changed = original.clone();
            for Rgb(colour) in changed.pixels_mut() {
                *colour = colour.map(|c| (f32::from(c) * factor).min(255.0) as u8);
            }
            assert!(
                alike(&hash, &taken(&changed).phash),
                "× {factor}, seed {seed}"
            );
        }
    }
}

#[test]
fn a_cropped_photo_is_recognised_by_the_stored_crops() {
    for seed in 0..8 {
        let original = scene(600, 400, seed);
        let stored = taken(&original);
        assert_eq!(stored.crop_phashes.len(), 2);
        for (percent, by_crop) in [5, 10].into_iter().zip(&stored.crop_phashes) {
            let (dx, dy) = (600 * percent / 200, 400 * percent / 200);
            let part = crop_imm(&original, dx, dy, 600 - 2 * dx, 400 - 2 * dy).to_image();
            let hash = taken(&part).phash;
            assert!(alike(&hash, by_crop), "{percent} % off, seed {seed}");
        }
    }
}

#[test]
fn different_scenes_are_not_alike() {
    let hashes: Vec<String> = (0..40)
        .map(|seed| taken(&scene(400, 300, seed)).phash)
        .collect();
    for (place, a) in hashes.iter().enumerate() {
        for b in &hashes[place + 1..] {
            assert!(!alike(a, b), "{a} and {b}");
        }
    }
}

#[test]
fn the_words_of_the_watermark_do_not_matter() {
    let bytes = jpeg(&scene(900, 700, 2));
    let first = intake(&bytes, &field_mark(), fonts()).unwrap();
    let lines = [
        "2026-12-01 08:00:00",
        "别处",
        "工单 GD20261201-0001",
        "装维 李四",
    ];
    let second = intake(&bytes, &mark(&lines), fonts()).unwrap();
    assert_ne!(first.sha256, second.sha256);
    assert_eq!(first.phash, second.phash, "the band is not hashed");
}

#[test]
fn a_picture_of_nothing_resembles_nothing() {
    let dark = taken(&RgbImage::from_pixel(300, 200, Rgb([4, 4, 4])));
    assert_eq!(dark.phash, "0000000000000000");
    assert_eq!(hash_distance(&dark.phash, &dark.phash), None);
}

#[test]
fn distance_counts_bits_and_refuses_what_is_no_hash() {
    let hash = "00000000000000ff";
    assert_eq!(hash_distance(hash, hash), Some(0));
    assert_eq!(hash_distance(hash, "0000000000000f0f"), Some(8));
    assert_eq!(hash_distance(hash, "ffffffffffffffff"), Some(56));
    for wrong in [
        "",
        "ff",
        "+0000000000000ff",
        "00000000000000fg",
        "000000000000000ff",
    ] {
        assert_eq!(hash_distance(hash, wrong), None, "{wrong:?}");
        assert_eq!(hash_distance(wrong, hash), None, "{wrong:?}");
    }
}
