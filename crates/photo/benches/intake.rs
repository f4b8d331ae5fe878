//! Times [`doorstep_photo::intake`] on one file: `intake <jpeg> <runs>`, a JSON line for each run, after one warm-up.
//!
//! `sharp.mjs` beside it speaks the same protocol, so that a script can run the two in turns on a noisy machine.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::time::Instant;

use doorstep_photo::{Fonts, Watermark, intake};

fn main() -> Result<(), Box<dyn Error>> {
    // cargo bench adds --bench
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let (Some(path), Some(runs)) = (args.next(), args.next()) else {
        eprintln!("usage: intake <jpeg> <runs>");
        return Ok(());
    };
    let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/fonts");
    let fonts = Fonts::from_bytes(
        std::fs::read(format!("{assets}/NotoSansSC-Regular.ttf"))?,
        std::fs::read(format!("{assets}/DoorstepHanExt.ttf"))?,
    )?;
    let mark = Watermark {
        lines: [
            "2026-11-22 13:52:07",
            "杭州市西湖区文三路 90 号 3 幢 1 单元 1203",
            "工单 GD20261122-0412",
            "装维 王建国",
        ]
        .map(String::from)
        .to_vec(),
    };
    let bytes = std::fs::read(path)?;
    intake(&bytes, &mark, &fonts)?;
    for run in 0..runs.parse::<u32>()? {
        let start = Instant::now();
        let photo = intake(&bytes, &mark, &fonts)?;
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        let size = photo.jpeg.len();
        println!(r#"{{"tool":"doorstep","run":{run},"ms":{ms:.2},"bytes":{size}}}"#);
    }
    Ok(())
}
