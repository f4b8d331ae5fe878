//! What the app's benches share: a work-order file of any length, and a profile that took it in.
#![allow(dead_code, unreachable_pub)]

use doorstep_app::App;
use doorstep_app::device::ThisDevice;
use doorstep_app::dto::Boot;
use std::error::Error;
use std::path::{Path, PathBuf};

/// What a bench may fail with.
pub type Failed = Box<dyn Error>;

/// The arguments, without the `--bench` that cargo adds.
pub fn arguments() -> impl Iterator<Item = String> {
    std::env::args().skip(1).filter(|a| a != "--bench")
}

/// The app of this machine on the folder `root`.
pub fn app(root: &Path) -> App {
    App::new(root.to_owned(), Box::new(ThisDevice::new(root.join("out"))))
}

/// A demo profile in a fresh folder below `base`; the demo's key needs no keystore.
pub fn demo(base: PathBuf) -> Result<(tempfile::TempDir, App, Boot), Failed> {
    let dir = tempfile::tempdir_in(base)?;
    let app = app(dir.path());
    let boot = app.start_demo().map_err(|e| refused(&e))?;
    Ok((dir, app, boot))
}

/// Imports `count` orders of the day of `boot`, through the same door as a technician.
pub fn import(app: &App, boot: &Boot, count: u32) -> Result<(), Failed> {
    let file = csv(&boot.now.date(), count);
    let preview = app.import_preview("bench.csv", file.as_bytes());
    let preview = preview.map_err(|e| refused(&e))?;
    let done = app.import_commit(&preview.token).map_err(|e| refused(&e))?;
    if done.imported == count {
        Ok(())
    } else {
        Err(format!("{} of {count} orders came in", done.imported).into())
    }
}

/// A refusal as an error of the bench.
pub fn refused(error: &doorstep_app::AppError) -> Failed {
    format!("refused: {:?} {:?}", error.refusal, error.cause).into()
}

/// Made-up orders, spread over the minutes of `date`.
fn csv(date: &str, count: u32) -> String {
    let surnames = ["陈", "林", "黄", "张", "李", "王", "吴", "刘"];
    let places = ["文三路", "古墩路", "莫干山路", "学院路", "锦绣路"];
    let works = [
        ("移动", "新装"),
        ("电信", "移机"),
        ("移动", "修障"),
        ("电信", "新装"),
    ];
    let mut file = String::from("工单号,客户姓名,电话,地址,业务,工单类型,规范,约定开始\n");
    for i in 0..count {
        let at = |n: usize| usize::try_from(i).unwrap_or_default() % n;
        let minute = i.wrapping_mul(7) % 1440;
        let (standard, job) = works[at(4)];
        file += &format!(
            "B{i:06},{}女士,1380013{:04},{} {} 号 3 幢 {} 室,{standard}宽带 300M,{job},{standard},{date} {:02}:{:02}\n",
            surnames[at(8)],
            i % 10_000,
            places[at(5)],
            i % 300 + 1,
            i % 28 * 100 + 101,
            minute / 60,
            minute % 60,
        );
    }
    file
}
