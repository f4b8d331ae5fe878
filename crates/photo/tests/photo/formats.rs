//! What cameras, screenshots and chat programs write, and what is stored for it.

use doorstep_photo::{LONG_SIDE, SourceFormat, intake};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use sha2::{Digest, Sha256};

use crate::fixtures::{
    BLUE, Entry, GREEN, Jpeg, RED, Tiff, WHITE, assert_near, corners, field_mark, fonts, jpeg,
    pixels, plain, quarters, saved, scene,
};

/// The four quarters at 32 × 24, as lossy WebP by libwebp at quality 90.
const LOSSY_WEBP: &str = "524946469600000057454250565038208a000000b006009d012a200018003e2d108642a1a10dfa000c01\
6259002c46f5be01f801fac1fe03900bb01f8016c03f807e005dffdd807f00ecff06e0880583cf2000fefa7c0ffff621ffee2cf3ffedf707fece95\
ba22df3df1c792b148bffe4c56c9ece61898bc77a30b6fa10537fff20c7a5bbfe233bdd7a6705514dc0a902532f8ee8720ea4e8da13f478000";

fn assert_quarters(bytes: &[u8], why: &str) {
    let photo = plain(bytes).unwrap_or_else(|error| panic!("{why}: {error}"));
    let seen = corners(&pixels(&photo.jpeg));
    for (seen, wanted) in seen.into_iter().zip([RED, GREEN, BLUE, WHITE]) {
        assert_near(seen, wanted, why);
    }
}

#[test]
fn every_kind_of_jpeg_a_camera_writes_keeps_its_colours() {
    let picture = quarters(203, 149);
    let samplings = [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
    ];
    for sampling in samplings {
        for progressive in [false, true] {
            for restart in [None, Some(7)] {
                let kind = Jpeg {
                    sampling,
                    progressive,
                    restart,
                };
                let why = format!("{sampling:?}, progressive {progressive}, restart {restart:?}");
                assert_quarters(&kind.write(&picture, None), &why);
            }
        }
    }
}

#[test]
fn grey_and_cmyk_jpegs_are_taken_in() {
    let picture = quarters(96, 64);
    let encoded = |pixels: &[u8], colour: ColorType| {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95)
            .encode(pixels, 96, 64, colour)
            .unwrap();
        bytes
    };
    let luma = DynamicImage::from(picture.clone()).into_luma8();
    let photo = plain(&encoded(&luma, ColorType::Luma)).unwrap();
    let wanted = luma.get_pixel(2, 2).0[0];
    assert_near(
        corners(&pixels(&photo.jpeg))[0],
        [wanted; 3],
        "grey stays grey",
    );

    let cmyk: Vec<u8> = picture
        .pixels()
        .flat_map(|p| [255 - p.0[0], 255 - p.0[1], 255 - p.0[2], 0])
        .collect();
    assert_quarters(&encoded(&cmyk, ColorType::Cmyk), "CMYK");
    assert_quarters(&encoded(&cmyk, ColorType::CmykAsYcck), "YCCK");
}

#[test]
fn a_motion_photo_has_its_video_behind_the_picture() {
    let mut bytes = jpeg(&quarters(120, 80));
    bytes.extend(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42");
    bytes.extend(vec![0x5a; 10_000]);
    assert_quarters(&bytes, "bytes behind the end of the picture");
}

#[test]
fn png_of_every_depth_is_taken_in() {
    let picture = DynamicImage::from(quarters(100, 80));
    let kinds = [
        DynamicImage::from(picture.to_rgb8()),
        DynamicImage::from(picture.to_rgba8()),
        DynamicImage::from(picture.to_rgb16()),
        DynamicImage::from(picture.to_rgba16()),
    ];
    for kind in kinds {
        let why = format!("PNG {:?}", kind.color());
        assert_quarters(&saved(kind, ImageFormat::Png), &why);
    }
}

#[test]
fn transparency_becomes_white() {
    let mut clear = RgbaImage::from_pixel(64, 64, Rgba([0, 0, 0, 0]));
    for x in 32..64 {
        for y in 0..64 {
            clear.put_pixel(x, y, Rgba([200, 0, 0, 128]));
        }
    }
    let photo = plain(&saved(clear, ImageFormat::Png)).unwrap();
    let seen = corners(&pixels(&photo.jpeg));
    assert_near(seen[0], [255, 255, 255], "clear");
    assert_near(seen[1], [227, 127, 127], "half clear red on white");
}

#[test]
fn webp_lossless_and_lossy_are_taken_in() {
    let lossless = saved(quarters(64, 48), ImageFormat::WebP);
    assert_eq!(plain(&lossless).unwrap().source_format, SourceFormat::Webp);
    assert_quarters(&lossless, "lossless WebP");

    let photo = plain(&hex::decode(LOSSY_WEBP).unwrap()).unwrap();
    let [red, green, blue, white] = corners(&pixels(&photo.jpeg));
    assert!(red[0] > 230 && red[1] < 40, "pure red, saw {red:?}");
    assert!(green[1] > 230 && green[2] < 40, "pure green, saw {green:?}");
    assert!(blue[2] > 230 && blue[0] < 40, "pure blue, saw {blue:?}");
    assert!(white.iter().all(|&c| c > 240), "white, saw {white:?}");
}

#[test]
fn small_pictures_are_never_enlarged_and_long_ones_fit() {
    for (width, height) in [(1, 1), (17, 3), (640, 480), (LONG_SIDE, 9)] {
        let photo = plain(&jpeg(&scene(width, height, 1))).unwrap();
        assert_eq!((photo.width, photo.height), (width, height));
    }
    let photo = plain(&jpeg(&scene(6000, 2, 1))).unwrap();
    assert_eq!((photo.width, photo.height), (LONG_SIDE, 1));
}

#[test]
fn the_stored_picture_is_lean_and_its_hashes_are_true() {
    let secret = Tiff {
        main: vec![Entry::Text(0x010f, "SecretMaker")],
        ..Tiff::oriented(1)
    };
    let bytes = Jpeg::default().write(&scene(900, 700, 3), Some(&secret.bytes()));
    let photo = intake(&bytes, &field_mark(), fonts()).unwrap();
    for file in [&photo.jpeg, &photo.thumb] {
        for word in [b"Exif".as_slice(), b"SecretMaker"] {
            let kept = file.windows(word.len()).any(|part| part == word);
            assert!(!kept, "metadata left in the picture");
        }
    }
    assert_eq!(photo.sha256, hex::encode(Sha256::digest(&photo.jpeg)));
    assert_eq!(photo.source_sha256, hex::encode(Sha256::digest(&bytes)));
    assert_eq!(photo.source_bytes, bytes.len() as u64);
    assert_eq!(pixels(&photo.thumb).dimensions(), (320, 249));

    let again = intake(&bytes, &field_mark(), fonts()).unwrap();
    assert_eq!(photo, again, "the same file gives the same picture");
}

#[test]
fn a_wide_gamut_profile_stays_and_a_huge_one_does_not() {
    let with_profile = |profile: &[u8]| {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 90);
        encoder.add_icc_profile(profile).unwrap();
        encoder
            .encode(&quarters(64, 48), 64, 48, ColorType::Rgb)
            .unwrap();
        plain(&bytes).unwrap().jpeg
    };
    let has = |jpeg: &[u8]| jpeg.windows(11).any(|part| part == b"ICC_PROFILE");
    assert!(has(&with_profile(&[7; 548])), "a phone's profile");
    assert!(!has(&with_profile(&[7; 40_000])), "a printer's profile");
}
