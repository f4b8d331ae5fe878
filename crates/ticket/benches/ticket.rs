//! One ticket with 30 items and 4 photos, both copies: milliseconds a run as JSON lines after one warm-up, and the bytes beside the photos.
//!
//! `cargo bench -p doorstep-ticket` — options: `--runs N` (default 30), `--write FOLDER` to leave the document, the photos
//! and the PDF there, so that `reportlab_ticket.py` can print the same content.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod sample;

use std::time::Instant;

use doorstep_ticket::{Copy, Fonts, render};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|at| args.get(at + 1))
    };
    let runs: usize = option("--runs").map_or(30, |n| n.parse().expect("--runs takes a number"));
    let files = [
        "NotoSansSC-Regular",
        "NotoSansSC-Bold-GB2312",
        "DoorstepHanExt",
    ]
    .map(sample::font);
    let photos: Vec<_> = (0..4).map(|seed| sample::jpeg(1600, 1200, seed)).collect();
    let jpegs: usize = photos.iter().map(|p| p.len()).sum();
    let doc = sample::full(&photos);

    let [regular, bold, ext] = files;
    let begin = Instant::now();
    let fonts = Fonts::new(regular, bold, ext).unwrap();
    println!(
        r#"{{"bench":"fonts_new","ms":{:.3}}}"#,
        begin.elapsed().as_secs_f64() * 1e3
    );

    let copies = [Copy::Customer, Copy::Company];
    // one warm-up, as reportlab gets
    let mut pdf = render(&doc, &copies, &fonts).unwrap().pdf;
    for run in 0..runs {
        let begin = Instant::now();
        let rendered = render(&doc, &copies, &fonts).unwrap();
        let ms = begin.elapsed().as_secs_f64() * 1e3;
        println!(
            r#"{{"bench":"ticket","run":{run},"ms":{ms:.3},"pages":{}}}"#,
            rendered.pages
        );
        pdf = rendered.pdf;
    }
    let overhead = pdf.len() - jpegs;
    println!(
        r#"{{"bench":"ticket_bytes","pdf":{},"jpeg":{jpegs},"overhead":{overhead}}}"#,
        pdf.len()
    );
    if let Some(folder) = option("--write") {
        let folder = std::path::Path::new(folder);
        std::fs::write(
            folder.join("ticket.json"),
            serde_json::to_vec(&doc).unwrap(),
        )
        .unwrap();
        std::fs::write(folder.join("ticket.pdf"), &pdf).unwrap();
    }
}
