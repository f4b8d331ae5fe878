//! Photos, work-order files and standards that are no such thing.

use crate::{Case, sentences, tried};
use doorstep_app::dto::BootState;
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::visit::PhotoTarget;
use doorstep_stories::{Desk, HEADER, PHOTO, events, file, line};

/// Our photo with another size written into its frame header.
fn claiming(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = PHOTO.to_vec();
    let frame = jpeg.windows(2).position(|p| p == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

fn lost_sector() -> Vec<u8> {
    let mut jpeg = PHOTO.to_vec();
    let middle = jpeg.len() / 2;
    jpeg[middle..middle + 512].fill(0xff);
    jpeg
}

pub(crate) fn photos() -> Vec<Case> {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    let item = |item: &str| PhotoTarget::Item {
        item: item.to_owned(),
    };
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let mut huge = PHOTO.to_vec();
    huge.resize(61 * 1024 * 1024, 0);
    let files: [(&'static str, Vec<u8>); 9] = [
        ("照片：空文件", Vec::new()),
        ("照片：一段文字", "工单 0412".as_bytes().to_vec()),
        ("照片：HEIC", heic),
        ("照片：GIF", b"GIF89a....".to_vec()),
        ("照片：PDF", b"%PDF-1.7\n".to_vec()),
        ("照片：JPEG 只传了一半", PHOTO[..PHOTO.len() / 2].to_vec()),
        ("照片：JPEG 中间坏了一段", lost_sector()),
        ("照片：小文件自称 65500 × 65500", claiming(65_500, 65_500)),
        ("照片：61 MB", huge),
    ];
    let mut cases: Vec<Case> = files
        .iter()
        .map(|(name, bytes)| {
            tried(name, &desk, |d| {
                d.app.add_photo(&visit, &item("optical"), bytes)
            })
        })
        .collect();
    let elsewhere = |d: &Desk| d.app.add_photo(&visit, &item("no-such-row"), PHOTO);
    cases.push(tried("照片：没有这一项", &desk, elsewhere));
    let row = PhotoTarget::Row {
        row: "gone".to_owned(),
    };
    cases.push(tried("照片：设备行已删", &desk, |d| {
        d.app.add_photo(&visit, &row, PHOTO)
    }));
    cases.push(tried("照片：编号不像编号", &desk, |d| {
        d.app.photo(&visit, "../key.json")
    }));
    cases.push(tried("照片：库里没有", &desk, |d| {
        d.app.photo(&visit, &"0".repeat(64))
    }));
    cases.push(restored_without_a_photo());
    cases
}

/// A backup was put back that lacks one picture: the log names it, the vault has it no more.
fn restored_without_a_photo() -> Case {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    let view = desk.photo(&visit, "optical");
    let items = view.phases.iter().flat_map(|p| &p.items);
    let sha256 = items.flat_map(|i| &i.photos).next().unwrap().sha256.clone();
    let desk = desk.restarted(|root| {
        let shelf = root.join("main/vault").join(&sha256[..2]);
        for file in std::fs::read_dir(shelf).unwrap().flatten() {
            if file.file_name().to_string_lossy().starts_with(&sha256) {
                std::fs::remove_file(file.path()).unwrap();
            }
        }
    });
    desk.app.boot().unwrap();
    let case = tried("照片：恢复的备份里少了一张", &desk, |d| {
        d.app.photo(&visit, &sha256)
    });
    // everything else goes on, the ticket included once another picture was taken
    desk.photo(&visit, "speed");
    case
}

pub(crate) fn work_orders() -> Vec<Case> {
    let desk = Desk::at_work();
    let good = line("20261122-0412", "林女士", "新装", "移动宽带");
    desk.import(&file(std::slice::from_ref(&good)));
    let utf16: Vec<u8> = file(std::slice::from_ref(&good))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let open = good.replace("翠湖花园", "\"翠湖花园");
    let whole: [(&'static str, Vec<u8>); 7] = [
        ("CSV：空文件", b" \n".to_vec()),
        ("CSV：只有表头", format!("{HEADER}\n").into_bytes()),
        ("CSV：UTF-16", utf16),
        ("CSV：哪种编码都不是", b"\xff\xfe\x81\x20".to_vec()),
        (
            "CSV：表头缺列",
            "工单号,客户姓名,电话\n1,林女士,13800001234\n"
                .as_bytes()
                .to_vec(),
        ),
        ("CSV：少一个引号", file(&[open]).into_bytes()),
        ("CSV：21 MB", vec![b'a'; 21 * 1024 * 1024]),
    ];
    let mut cases: Vec<Case> = whole
        .iter()
        .map(|(name, bytes)| tried(name, &desk, |d| d.app.import_preview("x.csv", bytes)))
        .collect();
    let other = line("20261122-0405", "吴先生", "修障", "移动宽带");
    let rows: [(&'static str, String); 11] = [
        (
            "CSV：时间写成「下午两点」",
            other.replace("14:00", "下午两点"),
        ),
        (
            "CSV：结束早于开始",
            other.replace("14:00,,", "14:00,2026-11-22 13:00,"),
        ),
        (
            "CSV：平板上没有的规范",
            other.replace("移动宽带", "联通沃家"),
        ),
        ("CSV：工单类型写成「拆机」", other.replace("修障", "拆机")),
        (
            "CSV：电话写成「见备注」",
            other.replace("13800001234", "见备注"),
        ),
        ("CSV：速率写成「千兆」", other.replace(",1000,", ",千兆,")),
        ("CSV：没有客户姓名", other.replace("吴先生", "")),
        (
            "CSV：地址 201 个字",
            other.replace("翠湖花园 7 幢 1203", &"幢".repeat(201)),
        ),
        ("CSV：多一列", format!("{other},多的")),
        ("CSV：同一个工单号两行", format!("{other}\n{other}")),
        (
            "CSV：工单号已有，电话不同",
            good.replace("13800001234", "13900001234"),
        ),
    ];
    cases.extend(rows.iter().map(|(name, row)| wrong_row(name, &desk, row)));
    cases.push(tried("CSV：预览过期", &desk, |d| {
        d.app.import_commit("old")
    }));
    cases
}

/// The row's sentence, and that the import refuses it.
fn wrong_row(name: &'static str, desk: &Desk, row: &str) -> Case {
    let preview = desk
        .app
        .import_preview("x.csv", file(&[row.to_owned()]).as_bytes())
        .unwrap();
    assert_eq!(preview.errors.len(), 1, "{name}: {:?}", preview.errors);
    let row = sentences::of_row(&preview.errors[0]);
    let refused = tried(name, desk, |d| d.app.import_commit(&preview.token));
    Case {
        sentence: format!("{} {row}", refused.sentence),
        ..refused
    }
}

/// A broken standard in the folder: the app opens, names it and keeps the others.
pub(crate) fn standards() -> Vec<Case> {
    let mut shipped = doorstep_standards::PACKS.iter();
    let (_, good) = shipped
        .find(|(name, _)| *name == "cmcc-broadband.toml")
        .unwrap();
    let packs: [(&'static str, Vec<u8>); 5] = [
        (
            "规范：不认识的字段",
            good.replace("hotline = ", "hotlime = ").into_bytes(),
        ),
        (
            "规范：条件用了没有的问题",
            good.replace(
                "when = { fact = \"moved\" }",
                "when = { fact = \"mooved\" }",
            )
            .into_bytes(),
        ),
        (
            "规范：不是 UTF-8",
            b"id = \"x\"\nname = \"\xff\"\n".to_vec(),
        ),
        (
            "规范：少一个引号",
            good.replacen("id = \"cmcc-broadband\"", "id = \"cmcc-broadband", 1)
                .into_bytes(),
        ),
        ("规范：空文件", Vec::new()),
    ];
    packs
        .into_iter()
        .map(|(name, bytes)| broken_pack(name, &bytes))
        .collect()
}

fn broken_pack(name: &'static str, bytes: &[u8]) -> Case {
    let desk = Desk::at_work();
    desk.order("20261122-0412", "修障");
    let before = events(&desk.app);
    let desk = desk.restarted(|root| {
        std::fs::create_dir_all(root.join("standards")).unwrap();
        std::fs::write(root.join("standards/new.toml"), bytes).unwrap();
    });
    let boot = desk.app.boot().unwrap();
    assert_eq!(
        (boot.state, boot.packs.len()),
        (BootState::Ready, doorstep_standards::PACKS.len()),
        "{name}: the others work"
    );
    let first = boot
        .broken_packs
        .first()
        .unwrap_or_else(|| panic!("{name} was taken"));
    let refusal = Refusal::new(Code::PackBroken)
        .with("file", &first.file)
        .with("line", first.line)
        .with("reason", &first.reason.zh);
    let english = &first.reason.en;
    assert!(
        !english.is_empty() && !english.contains(|c: char| ('\u{2e80}'..='\u{ffef}').contains(&c)),
        "{name}: {english:?}"
    );
    let sentence = sentences::of(&refusal);
    Case {
        name,
        sentence,
        before,
        after: events(&desk.app),
    }
}
