//! The band is there, legible, in proportion, and nothing above it is touched.

use doorstep_photo::{Intake, Watermark, intake};
use image::{Rgb, RgbImage};

use crate::fixtures::{assert_near, field_mark, fonts, jpeg, mark, pixels};

const WALL: [u8; 3] = [230, 225, 215];

fn marked(width: u32, height: u32, mark: &Watermark) -> (Intake, RgbImage) {
    let wall = jpeg(&RgbImage::from_pixel(width, height, Rgb(WALL)));
    let photo = intake(&wall, mark, fonts()).unwrap();
    let picture = pixels(&photo.jpeg);
    (photo, picture)
}

fn brightness(pixel: &Rgb<u8>) -> u32 {
    pixel.0.iter().map(|&c| u32::from(c)).sum::<u32>() / 3
}

/// White letters, as a part of the band's pixels.
fn ink(photo: &Intake, picture: &RgbImage) -> f32 {
    let band = picture.rows().skip(photo.band_top as usize).flatten();
    let (all, white) = band.fold((0, 0), |(all, white), pixel| {
        (all + 1, white + u32::from(brightness(pixel) > 200))
    });
    white as f32 / all as f32
}

#[test]
fn the_band_is_dark_with_white_letters_and_leaves_the_rest_alone() {
    for (width, height) in [(2048, 1536), (1536, 2048), (800, 600), (1200, 1200)] {
        let (photo, picture) = marked(width, height, &field_mark());
        let band = (height - photo.band_top) as f32 / height as f32;
        assert!(
            (0.1..0.3).contains(&band),
            "{width} × {height}: band of {band}"
        );
        // eight rows away, so that no JPEG block is shared
        for row in picture.rows().take(photo.band_top as usize - 16).step_by(9) {
            row.step_by(7)
                .for_each(|pixel| assert_near(pixel.0, WALL, "above the band"));
        }
        let margin = picture.get_pixel(width - 3, height - 3);
        assert!(brightness(margin) < 110, "the band is dark: {margin:?}");
        let ink = ink(&photo, &picture);
        assert!(
            (0.02..0.3).contains(&ink),
            "letters cover {ink} of the band"
        );
    }
}

#[test]
fn without_text_there_is_no_band() {
    for lines in [&[][..], &["", "  "]] {
        let (photo, picture) = marked(400, 300, &mark(lines));
        assert_eq!(photo.band_top, 300);
        assert_near(picture.get_pixel(200, 297).0, WALL, "untouched");
    }
}

#[test]
fn a_long_line_wraps_and_the_band_grows() {
    let one = marked(900, 1200, &mark(&["文三路 90 号"])).0;
    let address =
        "浙江省杭州市西湖区文三路 90 号东部软件园创新大厦科技广场 3 幢 1 单元 1203 室".repeat(2);
    let (long, picture) = marked(900, 1200, &mark(&[&address]));
    assert!(long.band_top + 60 < one.band_top, "at least two more lines");
    let right_edge = (long.band_top..1200).flat_map(|y| (890..900).map(move |x| (x, y)));
    for (x, y) in right_edge {
        let pixel = picture.get_pixel(x, y);
        assert!(
            brightness(pixel) < 140,
            "a letter runs off the edge at {x}, {y}"
        );
    }
}

#[test]
fn far_too_much_text_never_hides_the_picture() {
    let endless = "很长的备注。".repeat(400);
    for (width, height) in [(1600, 1200), (300, 200), (40, 30), (3, 3), (1, 1)] {
        let (photo, _) = marked(width, height, &mark(&[&endless]));
        let band = photo.height - photo.band_top;
        let most = (height as f32 * 0.4).max(24.0);
        assert!(band as f32 <= most, "{width} × {height}: band of {band}");
    }
}

#[test]
fn rare_characters_come_from_the_second_font() {
    let drawn = |text: &str| pixels(&marked(600, 400, &mark(&[text])).0.jpeg);
    // 𠮷 is in the extension only; a private character is in neither and shows as 〓
    assert_ne!(drawn("师傅 𠮷"), drawn("师傅 〓"));
    assert_eq!(drawn("师傅 \u{e000}"), drawn("师傅 〓"));
}

#[test]
fn control_characters_draw_nothing() {
    let drawn = |text: &str| marked(600, 400, &mark(&[text])).0.jpeg;
    assert_eq!(drawn("王\u{0}建\u{7}国"), drawn("王建国"));
}
