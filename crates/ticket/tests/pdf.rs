//! The finished PDF, judged by other people's programs: poppler-utils and qpdf, which `make test` installs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../benches/sample/mod.rs"]
mod sample;

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use doorstep_ticket::{Audience, Body, Copy, Fonts, Section, TicketDoc, render};

const BOTH: [Copy; 2] = [Copy::Customer, Copy::Company];

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let [regular, bold, ext] = [
        "NotoSansSC-Regular",
        "NotoSansSC-Bold-GB2312",
        "DoorstepHanExt",
    ]
    .map(sample::font);
    Fonts::new(regular, bold, ext).unwrap()
});

fn printed(doc: &TicketDoc) -> Vec<u8> {
    render(doc, &BOTH, &FONTS).unwrap().pdf
}

/// What a program says about a PDF; the test fails when the program is not there or complains.
fn tool(pdf: &[u8], program: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ticket.pdf");
    std::fs::write(&path, pdf).unwrap();
    let arguments = arguments.iter().map(|a| {
        if *a == "PDF" {
            path.as_os_str()
        } else {
            Path::new(a).as_os_str()
        }
    });
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|e| panic!("{program} is needed: {e}"));
    let told = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {told}");
    told
}

fn text(pdf: &[u8]) -> String {
    tool(pdf, "pdftotext", &["-enc", "UTF-8", "-layout", "PDF", "-"])
}

fn with_text(paragraph: &str) -> TicketDoc {
    let mut doc = sample::english();
    let body = Body::Text(vec![paragraph.to_owned()]);
    doc.sections = vec![Section {
        title: "文字".to_owned(),
        audience: Audience::Both,
        body,
    }];
    doc
}

#[test]
fn the_file_is_sound() {
    for doc in [
        sample::full(&[sample::jpeg(320, 240, 1)]),
        sample::refused(),
        sample::english(),
    ] {
        let told = tool(&printed(&doc), "qpdf", &["--check", "PDF"]);
        assert!(
            told.contains("No syntax or stream encoding errors"),
            "{told}"
        );
        assert!(!told.to_lowercase().contains("warning"), "{told}");
    }
}

#[test]
fn every_name_and_value_can_be_copied() {
    let found = text(&printed(&sample::full(&[])));
    for wanted in [
        "𠮷䶮㛃",
        "服务质量记录表",
        "DS-20261122-0042",
        "FHTT9A3C21B7",
        "3C:6A:9D:21:B7:04",
        "−21.4 dBm",
        "40.00 元",
    ] {
        assert!(found.contains(wanted), "{wanted} is not in the text");
    }
    for name in ["䶮", "㐱", "𠮷", "𬱖", "㛃", "龘"] {
        let found = text(&printed(&with_text(&format!("用户{name}先生"))));
        assert!(
            found.contains(&format!("用户{name}先生")),
            "{name}: {found}"
        );
    }
}

#[test]
fn characters_that_share_a_drawing_are_still_copied_as_they_were_meant() {
    // U+2F00 (the radical) is drawn like U+4E00, and the Latin omega sign like the Greek letter.
    let meant = "部首⼀与汉字一，欧姆Ω与希腊Ω";
    let found = tool(
        &printed(&with_text(meant)),
        "pdftotext",
        &["-enc", "UTF-8", "-raw", "PDF", "-"],
    );
    assert!(found.contains(meant), "{found}");
}

#[test]
fn what_no_font_has_is_told_and_printed_as_a_mark() {
    let rendered = render(&with_text("甲😀乙😀"), &BOTH, &FONTS).unwrap();
    assert_eq!(rendered.missing, ['😀']);
    assert!(text(&rendered.pdf).contains("甲〓乙〓"));
}

#[test]
fn fonts_are_embedded_as_subsets() {
    let told = tool(&printed(&sample::full(&[])), "pdffonts", &["PDF"]);
    let fonts: Vec<&str> = told.lines().skip(2).collect();
    assert_eq!(fonts.len(), 3, "{told}");
    for font in fonts {
        let words: Vec<&str> = font.split_whitespace().collect();
        assert_eq!(
            words[words.len() - 5..words.len() - 2],
            ["yes", "yes", "yes"],
            "embedded, subset, unicode: {font}"
        );
        assert_eq!(words[0].find('+'), Some(6), "{font}");
    }
}

#[test]
fn photos_go_in_untouched_and_only_once() {
    let photos = [sample::jpeg(320, 240, 1), sample::jpeg(240, 320, 2)];
    let pdf = printed(&sample::full(&photos));
    for photo in &photos {
        assert_eq!(
            pdf.windows(photo.len())
                .filter(|part| *part == &**photo)
                .count(),
            1
        );
    }
}

#[test]
fn a_photo_for_the_company_is_not_hidden_in_the_customers_file() {
    let photo = sample::jpeg(320, 240, 1);
    let mut doc = sample::full(std::slice::from_ref(&photo));
    doc.sections.last_mut().unwrap().audience = Audience::CompanyOnly;
    let holds = |pdf: &[u8]| pdf.windows(photo.len()).any(|part| part == &*photo);
    assert!(!holds(
        &render(&doc, &[Copy::Customer], &FONTS).unwrap().pdf
    ));
    assert!(holds(&render(&doc, &[Copy::Company], &FONTS).unwrap().pdf));
}

#[test]
fn the_same_ticket_gives_the_same_bytes() {
    let doc = sample::full(&[sample::jpeg(160, 120, 1)]);
    let first = printed(&doc);
    printed(&sample::english());
    assert!(first == printed(&doc), "whatever was printed before");
    let mut other = doc;
    other.submission = 2;
    assert!(first != printed(&other));
}

#[test]
fn dates_title_and_version_are_the_documents() {
    let told = tool(
        &printed(&sample::full(&[])),
        "pdfinfo",
        &["-isodates", "PDF"],
    );
    let has = |key: &str, value: &str| {
        told.lines()
            .any(|l| l.starts_with(key) && l.contains(value))
    };
    assert!(has("Title:", "服务质量记录表 DS-20261122-0042"), "{told}");
    assert!(
        has("PDF version:", "1.7") && has("Page size:", "A4"),
        "{told}"
    );
    let raw = tool(
        &printed(&sample::full(&[])),
        "pdfinfo",
        &["-rawdates", "PDF"],
    );
    assert!(raw.contains("D:20261122114109+08'00'"), "{raw}");
}

#[test]
fn thirty_items_and_four_photos_cost_little_more_than_the_photos() {
    let photos: Vec<_> = (0..4).map(|seed| sample::jpeg(320, 240, seed)).collect();
    let jpegs: usize = photos.iter().map(|p| p.len()).sum();
    let overhead = printed(&sample::full(&photos)).len() - jpegs;
    assert!(overhead <= 130_000, "{overhead} bytes beside the photos");
}
