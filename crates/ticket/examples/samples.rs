//! Writes sample tickets into a folder, to be looked at: `cargo run -p doorstep-ticket --example samples -- FOLDER`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

#[path = "../benches/sample/mod.rs"]
mod sample;

use doorstep_ticket::{Copy, Fonts, render};

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder to write into"));
    std::fs::create_dir_all(&folder).unwrap();
    let fonts = Fonts::new(
        sample::font("NotoSansSC-Regular"),
        sample::font("NotoSansSC-Bold-GB2312"),
        sample::font("DoorstepHanExt"),
    )
    .unwrap();
    let photos: Vec<_> = (0..6)
        .map(|seed| {
            if seed == 3 {
                sample::jpeg(900, 1200, seed)
            } else {
                sample::jpeg(1600, 1200, seed)
            }
        })
        .collect();
    let tickets = [
        ("full", sample::full(&photos)),
        ("four-photos", sample::full(&photos[..4])),
        ("refused", sample::refused()),
        ("english", sample::english()),
    ];
    for (name, doc) in tickets {
        let rendered = render(&doc, &[Copy::Customer, Copy::Company], &fonts).unwrap();
        println!(
            "{name}: {} pages, {} bytes, missing {:?}",
            rendered.pages,
            rendered.pdf.len(),
            rendered.missing
        );
        std::fs::write(folder.join(format!("{name}.pdf")), rendered.pdf).unwrap();
    }
}
