//! Phones store the sensor's picture and say which way is up.

use doorstep_photo::intake;
use image::ImageEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;

use crate::fixtures::{
    BLUE, GREEN, Jpeg, RED, Tiff, WHITE, assert_near, corners, field_mark, fonts, pixels, plain,
    quarters,
};

/// Corners of the upright picture for orientations 1 to 8 when red, green, blue, white are stored
/// (Exif 2.32, clause 4.6.4 A, tag 0x0112).
const UPRIGHT: [[[u8; 3]; 4]; 8] = [
    [RED, GREEN, BLUE, WHITE],
    [GREEN, RED, WHITE, BLUE],
    [WHITE, BLUE, GREEN, RED],
    [BLUE, WHITE, RED, GREEN],
    [RED, BLUE, GREEN, WHITE],
    [BLUE, RED, WHITE, GREEN],
    [WHITE, GREEN, BLUE, RED],
    [GREEN, WHITE, RED, BLUE],
];

fn assert_upright(bytes: &[u8], orientation: u8, (width, height): (u32, u32)) {
    let photo = plain(bytes).unwrap();
    assert_eq!(photo.exif.orientation, orientation);
    let turned = orientation >= 5;
    let size = if turned {
        (height, width)
    } else {
        (width, height)
    };
    assert_eq!(
        (photo.width, photo.height),
        size,
        "orientation {orientation}"
    );
    let wanted = UPRIGHT[usize::from(orientation) - 1];
    for file in [&photo.jpeg, &photo.thumb] {
        for (seen, wanted) in corners(&pixels(file)).into_iter().zip(wanted) {
            assert_near(seen, wanted, &format!("orientation {orientation}"));
        }
    }
}

#[test]
fn all_eight_orientations_of_a_jpeg_come_out_upright() {
    // odd sides, so that the tiles and the chroma blocks have ragged edges
    let picture = quarters(331, 217);
    for orientation in 1..=8_u8 {
        let tiff = Tiff::oriented(u16::from(orientation)).bytes();
        let bytes = Jpeg::default().write(&picture, Some(&tiff));
        assert_upright(&bytes, orientation, (331, 217));
    }
}

#[test]
fn a_large_picture_is_shrunk_and_upright() {
    let tiff = Tiff::oriented(6).bytes();
    let bytes = Jpeg::default().write(&quarters(3001, 2250), Some(&tiff));
    let photo = plain(&bytes).unwrap();
    assert_eq!(
        (photo.width, photo.height),
        (1535, 2048),
        "2250 × 2048 / 3001 = 1535.5"
    );
    for (seen, wanted) in corners(&pixels(&photo.jpeg)).into_iter().zip(UPRIGHT[5]) {
        assert_near(seen, wanted, "shrunk and turned");
    }
    let thumb = pixels(&photo.thumb);
    assert_eq!(thumb.dimensions(), (240, 320));
}

#[test]
fn png_and_webp_say_which_way_is_up_too() {
    let picture = quarters(120, 90);
    let (width, height) = picture.dimensions();
    let tiff = Tiff::oriented(6).bytes();
    let colour = image::ExtendedColorType::Rgb8;

    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(tiff.clone()).unwrap();
    encoder
        .write_image(&picture, width, height, colour)
        .unwrap();
    assert_upright(&png, 6, (width, height));

    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(tiff).unwrap();
    encoder
        .write_image(&picture, width, height, colour)
        .unwrap();
    assert_upright(&webp, 6, (width, height));
}

#[test]
fn the_watermark_is_at_the_bottom_of_the_upright_picture() {
    let tiff = Tiff::oriented(6).bytes();
    let bytes = Jpeg::default().write(&quarters(800, 600), Some(&tiff));
    let photo = intake(&bytes, &field_mark(), fonts()).unwrap();
    let picture = pixels(&photo.jpeg);
    assert_eq!(picture.dimensions(), (600, 800));
    let seen = corners(&picture);
    assert_near(seen[0], BLUE, "top left is untouched");
    assert_near(seen[1], RED, "top right is untouched");
    let under_band = picture.get_pixel(595, 795).0;
    assert!(
        under_band.iter().all(|&c| c < 100),
        "bottom right is green under the band, saw {under_band:?}"
    );
}
