//! The layout, looked at through the display list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::block::MARGIN;
use crate::display::{Item, PAGE_HEIGHT, PAGE_WIDTH, Page};
use crate::fonts::{Faces, Weight};
use crate::images::Images;
use crate::*;

#[path = "../benches/sample/mod.rs"]
mod sample;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let [regular, bold, ext] = [
        "NotoSansSC-Regular",
        "NotoSansSC-Bold-GB2312",
        "DoorstepHanExt",
    ]
    .map(sample::font);
    Fonts::new(regular, bold, ext).unwrap()
});

fn laid_out(doc: &TicketDoc, copy: Copy) -> Vec<Page> {
    layout::pages(
        doc,
        copy,
        &FONTS.faces().unwrap(),
        &Images::of(doc).unwrap(),
    )
    .unwrap()
}

/// The lines of a page from top to bottom, as (baseline, text).
fn texts(page: &Page) -> Vec<(f32, String)> {
    let text = |item: &Item| match item {
        Item::Text { y, text, .. } => Some((*y, text.clone())),
        _ => None,
    };
    page.items.iter().filter_map(text).collect()
}

fn all_text(pages: &[Page]) -> String {
    pages
        .iter()
        .flat_map(texts)
        .map(|(_, text)| text + "\n")
        .collect()
}

/// Where everything on a page is: left, top, right, bottom.
fn bounds(item: &Item, faces: &Faces<'_>) -> [f32; 4] {
    let around = |points: &[[f32; 2]]| {
        points
            .iter()
            .fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |b, p| {
                [
                    b[0].min(p[0]),
                    b[1].min(p[1]),
                    b[2].max(p[0]),
                    b[3].max(p[1]),
                ]
            })
    };
    match item {
        Item::Text {
            x,
            y,
            size,
            weight,
            text,
            ..
        } => [
            *x,
            y - size,
            x + faces.width(text, *size, *weight),
            y + size * 0.3,
        ],
        Item::Line { from, to, .. } => around(&[*from, *to]),
        Item::Stroke { points, .. } => around(points),
        Item::Fill { rects, .. } => {
            let corners: Vec<_> = rects
                .iter()
                .flat_map(|[x, y, w, h]| [[*x, *y], [x + w, y + h]])
                .collect();
            around(&corners)
        }
        Item::Image {
            x,
            y,
            width,
            height,
            ..
        } => [*x, *y, x + width, y + height],
    }
}

fn assert_inside_margins(pages: &[Page]) {
    let faces = FONTS.faces().unwrap();
    for (at, page) in pages.iter().enumerate() {
        for item in &page.items {
            let [left, top, right, bottom] = bounds(item, &faces);
            let inside = left >= MARGIN - 0.05 && right <= PAGE_WIDTH - MARGIN + 0.05;
            assert!(
                inside && top >= 20.0 && bottom <= PAGE_HEIGHT - 20.0,
                "page {}: {item:?}",
                at + 1
            );
        }
    }
}

#[test]
fn the_layout_of_the_sample_is_as_it_was_approved() {
    let mut hash = Sha256::new();
    for copy in [Copy::Customer, Copy::Company] {
        hash.update(format!("{:?}", laid_out(&sample::full(&[]), copy)));
    }
    let digest: String = hash.finalize()[..8]
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(
        digest, "3d3db8146bb072b0",
        "the layout changed: look at the pages (example `samples`), then change this"
    );
}

#[test]
fn the_customers_copy_holds_nothing_internal() {
    let mut doc = sample::refused();
    doc.sections.push(Section {
        title: "内部备注".to_owned(),
        audience: Audience::CompanyOnly,
        body: Body::Text(vec!["下次带长梯".to_owned()]),
    });
    let customer = all_text(&laid_out(&doc, Copy::Customer));
    let company = all_text(&laid_out(&doc, Copy::Company));
    for internal in [
        "S37-",
        "失约",
        "内部说明",
        "光功率计送检",
        "回访电话",
        "已上报组长",
        "内部备注",
        "下次带长梯",
        "记在纸上",
        "条款",
        "公司联",
    ] {
        assert!(
            !customer.contains(internal),
            "{internal} is on the customer's copy"
        );
    }
    for internal in [
        "S37-03",
        "S07-11",
        "失约",
        "光功率计送检",
        "回访电话",
        "内部备注",
        "下次带长梯",
    ] {
        assert!(
            company.contains(internal),
            "{internal} is missing on the company's copy"
        );
    }
    for open in [
        "用户拒签",
        "要求先处理损坏",
        "客户已当面评价并封存。",
        "不适用：本次不登高",
        "补录：11:02",
    ] {
        assert!(
            customer.contains(open),
            "{open} is missing on the customer's copy"
        );
    }
    for sealed in ["满意程度", "很耐心"] {
        assert!(
            !company.contains(sealed) && !customer.contains(sealed),
            "{sealed} was sealed"
        );
    }
}

#[test]
fn pages_are_counted_for_each_copy_and_tables_repeat_their_head() {
    let pages = laid_out(&sample::full(&[]), Copy::Company);
    assert!(pages.len() > 2, "the sample is longer than two pages");
    for (at, page) in pages.iter().enumerate() {
        let number = format!("第 {} 页 / 共 {} 页", at + 1, pages.len());
        assert!(texts(page).iter().any(|(_, t)| *t == number), "{number}");
    }
    let second = texts(&pages[1]);
    let first_row = second
        .iter()
        .position(|(_, t)| t == "项目")
        .expect("the checklist goes on with its head");
    assert_eq!(first_row, 0, "nothing stands above the repeated head");
}

#[test]
fn no_title_and_no_phase_stands_alone_at_the_foot() {
    // Every length of the text before shifts the breaks, so that some of them hit a title.
    for before in 0..70 {
        let mut doc = sample::full(&[]);
        let body = Body::Text(vec!["走线沿踢脚线。".to_owned(); before]);
        doc.sections.insert(
            0,
            Section {
                title: "说明".to_owned(),
                audience: Audience::Both,
                body,
            },
        );
        let mut titles: Vec<String> = doc.sections.iter().map(|s| s.title.clone()).collect();
        titles.extend(sample::items().into_iter().map(|row| row.group));
        titles.push("签字确认".to_owned());
        for page in laid_out(&doc, Copy::Company) {
            let lines = texts(&page);
            let lowest = lines
                .iter()
                .filter(|(y, _)| *y < PAGE_HEIGHT - 50.0)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let (_, text) = lowest.expect("a page has text");
            assert!(
                !titles.contains(text),
                "{text} stands alone at the foot, {before} lines before"
            );
        }
    }
}

#[test]
fn signatures_never_stand_alone_on_a_page() {
    let mut moved = 0;
    for lines in 1..90_usize {
        let mut doc = sample::full(&[]);
        doc.sections = vec![Section {
            title: "说明".to_owned(),
            audience: Audience::Both,
            body: Body::Text(vec!["走线沿踢脚线。".to_owned(); lines]),
        }];
        let pages = laid_out(&doc, Copy::Customer);
        let says = |page: &Page, words: &str| texts(page).iter().any(|(_, t)| t == words);
        let (at, page) = pages
            .iter()
            .enumerate()
            .find(|(_, page)| says(page, "签字确认"))
            .expect("the signatures");
        let above = texts(page)
            .iter()
            .filter(|(_, t)| t == "走线沿踢脚线。")
            .count();
        assert!(
            above >= lines.min(4),
            "{above} lines above them, of {lines}"
        );
        let drawn = |i: &Item| matches!(i, Item::Stroke { points, .. } if points.len() != 5);
        assert_eq!(
            pages.iter().position(|p| p.items.iter().any(drawn)),
            Some(at),
            "title and ink on one page, {lines} lines before"
        );
        moved += usize::from(at > 0 && above == 4);
    }
    assert!(moved > 0, "no length broke the page just before them");
}

#[test]
fn a_row_higher_than_a_page_goes_on_and_loses_nothing() {
    let mut doc = sample::full(&[]);
    let long: String = (0..900).map(|n| format!("第{n}处\n")).collect();
    let Body::Checklist(rows) = &mut doc.sections[3].body else {
        panic!("the sample's fourth section is the checklist")
    };
    rows[4].text.clone_from(&long);
    rows[5].detail = Some(long.clone());
    let Body::Facts(facts) = &mut doc.sections[0].body else {
        panic!("the sample begins with facts")
    };
    facts[0].value.clone_from(&long);
    let pages = laid_out(&doc, Copy::Customer);
    assert_inside_margins(&pages);
    let text = all_text(&pages);
    for n in 0..900 {
        assert!(
            text.matches(&format!("第{n}处\n")).count() == 3,
            "{n} was lost"
        );
    }
}

#[test]
fn the_qr_code_reads_back() {
    const DOTS: usize = 4;
    let doc = sample::full(&[]);
    let page = &laid_out(&doc, Copy::Customer)[0];
    let dark = |x: f32, y: f32| {
        page.items.iter().any(|item| match item {
            Item::Fill { rects, .. } => rects
                .iter()
                .any(|r| x >= r[0] && x < r[0] + r[2] && y >= r[1] && y < r[1] + r[3]),
            _ => false,
        })
    };
    // The top right quarter of the page, where the code is, as a scanner sees it.
    let (width, height) = (200 * DOTS, 200 * DOTS);
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let at = |dot: usize| dot as f32 / DOTS as f32;
        if dark(PAGE_WIDTH - 200.0 + at(x), at(y)) {
            20
        } else {
            250
        }
    });
    let grids = seen.detect_grids();
    assert_eq!(grids.len(), 1, "one code");
    let (_, content) = grids[0].decode().unwrap();
    assert_eq!(content, format!("{}\n{}", doc.ticket_id, doc.digest));
}

#[test]
fn photos_keep_their_shape_and_stand_two_in_a_row() {
    let photos = [
        sample::jpeg(64, 48, 1),
        sample::jpeg(48, 64, 2),
        sample::jpeg(64, 48, 3),
    ];
    let pages = laid_out(&sample::full(&photos), Copy::Customer);
    let placed: Vec<_> = pages
        .iter()
        .flat_map(|p| &p.items)
        .filter_map(|i| {
            if let Item::Image {
                x,
                y,
                width,
                height,
                ..
            } = i
            {
                Some((*x, *y, width / height))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(placed.len(), 3);
    assert!(
        (placed[0].2 - 4.0 / 3.0).abs() < 0.01 && (placed[1].2 - 0.75).abs() < 0.01,
        "{placed:?}"
    );
    assert!(
        placed[0].1 == placed[1].1 && placed[0].0 < placed[1].0,
        "one row: {placed:?}"
    );
    assert_eq!(
        placed[0].0, placed[2].0,
        "the third begins the next row: {placed:?}"
    );
}

#[test]
fn an_unusable_photo_is_named() {
    let good = sample::jpeg(32, 32, 1);
    let bad: [&[u8]; 5] = [
        b"",
        b"\x89PNG\r\n",
        &good[..30],
        &good[..good.len() - 9],
        b"\xff\xd8\xff\xd9",
    ];
    for bytes in bad {
        let doc = sample::full(&[Arc::clone(&good), Arc::from(bytes)]);
        let error = render(&doc, &[Copy::Customer], &FONTS).unwrap_err();
        assert!(
            matches!(error, TicketError::Photo { number: 2, .. }),
            "{error}"
        );
    }
}

#[test]
fn unusable_times_identities_and_requests_are_refused() {
    let with = |change: fn(&mut TicketDoc)| {
        let mut doc = sample::full(&[]);
        change(&mut doc);
        render(&doc, &[Copy::Customer], &FONTS)
    };
    for created in [
        "",
        "2026-11-22",
        "2026-11-22 11:41:09+08:00",
        "2026-11-22T11:41:09",
        "２026-11-22T11:41:09Z",
    ] {
        let mut doc = sample::full(&[]);
        doc.created = created.to_owned();
        let error = render(&doc, &[Copy::Customer], &FONTS).unwrap_err();
        assert!(matches!(error, TicketError::Created(_)), "{created}");
    }
    assert!(with(|doc| doc.created = "2026-11-22T03:41:09.25Z".to_owned()).is_ok());
    assert!(matches!(
        with(|doc| doc.digest = "f".repeat(4000)),
        Err(TicketError::Qr(_))
    ));
    assert!(matches!(
        render(&sample::full(&[]), &[], &FONTS),
        Err(TicketError::NoCopies)
    ));
    assert!(matches!(
        Fonts::new(vec![0; 40], vec![], vec![]),
        Err(TicketError::Font {
            name: "regular",
            ..
        })
    ));
}

#[test]
fn every_test_name_prints_and_what_does_not_is_told() {
    assert!(
        FONTS
            .missing_glyphs("䶮㐱𠮷𬱖㛃龘 −21.4 dBm ℃ 〓")
            .is_empty()
    );
    assert_eq!(FONTS.missing_glyphs("甲😀乙ꙮ😀"), ['😀', 'ꙮ']);
    assert!(
        FONTS
            .missing_glyphs("\u{feff}甲\u{200b}\u{202e}\u{fe0f}\r\n\t乙")
            .is_empty(),
        "what has no shape is not missing"
    );
    let faces = FONTS.faces().unwrap();
    let bold =
        ["签", "𠮷", "䶮"].map(|t| faces.glyph(t.chars().next().unwrap(), Weight::Bold).face);
    assert_eq!(format!("{bold:?}"), "[Bold, Ext, Regular]");
}

#[test]
fn ink_without_numbers_is_no_ink() {
    let mut doc = sample::full(&[]);
    let point = |x, y| InkPoint {
        x,
        y,
        t: 0.0,
        p: Some(f32::NAN),
    };
    for (width, height) in [(0.0, 0.0), (f32::NAN, 100.0), (100.0, 100.0), (1e-30, 5.0)] {
        let strokes = vec![
            vec![point(f32::INFINITY, 1.0), point(1e9, -1e9)],
            vec![],
            vec![point(f32::NAN, 0.0)],
        ];
        let block = doc.customer_signature.as_mut().unwrap();
        block.ink = Some(Ink {
            width,
            height,
            strokes,
        });
        assert_inside_margins(&laid_out(&doc, Copy::Customer));
        assert!(render(&doc, &[Copy::Customer], &FONTS).is_ok());
    }
}

#[test]
fn a_ticket_survives_json() {
    let doc = sample::full(&[sample::jpeg(16, 16, 1)]);
    let text = serde_json::to_string(&doc).unwrap();
    assert_eq!(serde_json::from_str::<TicketDoc>(&text).unwrap(), doc);
}

/// Text as people and machines produce it: Chinese, Latin, long words, punctuation, anything.
fn wild() -> impl Strategy<Value = String> {
    prop_oneof![
        "[一-龥，。（）“”A-Za-z0-9 ]{0,60}",
        "[A-Za-z0-9/:.-]{0,120}",
        "[，。）（《》！]{0,40}",
        "\\PC{0,40}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_text_prints_inside_the_margins(texts in prop::collection::vec(wild(), 12), lang in prop::bool::ANY) {
        let mut doc = if lang { sample::full(&[]) } else { sample::english() };
        let mut next = texts.iter().cycle().cloned();
        let mut take = || next.next().unwrap_or_default();
        (doc.title, doc.company, doc.ticket_id, doc.hotline) = (take(), take(), take(), take());
        doc.signature_covers = take();
        for section in &mut doc.sections {
            section.title = take();
            match &mut section.body {
                Body::Facts(rows) => rows.iter_mut().for_each(|r| (r.label, r.value) = (take(), take())),
                Body::Times(rows) => rows.iter_mut().for_each(|r| (r.label, r.actual, r.breach) = (take(), take(), Some(take()))),
                Body::Checklist(rows) => rows.iter_mut().for_each(|r| {
                    (r.group, r.text, r.detail, r.reason) = (take(), take(), Some(take()), Some(take()));
                    r.clauses = vec![take()];
                    r.at = Some(take());
                }),
                Body::Devices(rows) => rows.iter_mut().for_each(|r| (r.kind, r.sn, r.mac) = (take(), Some(take()), Some(take()))),
                Body::Materials(rows) => rows.iter_mut().for_each(|r| (r.quantity, r.unit) = (take(), take())),
                Body::Feedback(feedback) => feedback.words = Some(take()),
                _ => {}
            }
        }
        if let Some(block) = &mut doc.customer_signature {
            (block.heading, block.name, block.relation) = (take(), take(), Some(take()));
            block.lines = vec![SignatureLine { label: take(), value: take(), audience: Audience::Both }];
        }
        for copy in [Copy::Customer, Copy::Company] {
            assert_inside_margins(&laid_out(&doc, copy));
        }
        prop_assert!(render(&doc, &[Copy::Customer, Copy::Company], &FONTS).is_ok());
    }
}
