//! A whole fictional visit as a ticket, for the tests, the examples and the bench.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

use std::sync::Arc;

use doorstep_ticket::{
    Audience, Body, CheckRow, DeviceRow, Fact, FeeRow, Feedback, Fees, Ink, InkPoint, Lang, Late,
    Mark, MaterialRow, Photo, ReadingRow, Section, SignatureBlock, SignatureLine, TicketDoc,
    TimeRow,
};

/// The committed fonts.
pub fn font(name: &str) -> Vec<u8> {
    let path = format!(
        "{}/../../assets/fonts/{name}.ttf",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(path).expect("the fonts are committed")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn fact(label: &str, value: &str) -> Fact {
    Fact {
        label: label.to_owned(),
        value: value.to_owned(),
    }
}

fn section(title: &str, body: Body) -> Section {
    Section {
        title: title.to_owned(),
        audience: Audience::Both,
        body,
    }
}

/// A picture with soft areas and grain, so that it is about as large as a real photo. `seed` makes them differ.
pub fn jpeg(width: u16, height: u16, seed: u32) -> Arc<[u8]> {
    let mut noise = seed.wrapping_mul(2_654_435_761).max(1);
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let wave = ((x * (3 + seed % 5) / 9 + y / 3) % 256).abs_diff(128) + 60;
            let edge = if (x / 160 + y / 120 + seed).is_multiple_of(3) {
                40
            } else {
                0
            };
            let grain = noise % 22;
            for tint in [0, 10, 22] {
                pixels.push((wave + edge + grain + tint).min(255) as u8);
            }
        }
    }
    let mut out = Vec::new();
    jpeg_encoder::Encoder::new(&mut out, 80)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .expect("a picture of this size can be encoded");
    out.into()
}

/// Something that looks written by hand.
pub fn ink(pressure: bool) -> Ink {
    let stroke = |x0: f32, y0: f32, turns: f32| -> Vec<InkPoint> {
        (0..60)
            .map(|i| {
                let a = i as f32 / 59.0;
                let x = x0 + a * 150.0 + 18.0 * (a * turns * std::f32::consts::TAU).cos();
                let y = y0 + 46.0 * (a * turns * std::f32::consts::TAU).sin() + a * 20.0;
                InkPoint {
                    x,
                    y,
                    t: i as f32 * 8.0,
                    p: pressure.then_some(0.25 + 0.6 * (a * 3.1).sin().abs()),
                }
            })
            .collect()
    };
    let dot = vec![InkPoint {
        x: 520.0,
        y: 150.0,
        t: 900.0,
        p: pressure.then_some(0.8),
    }];
    Ink {
        width: 640.0,
        height: 220.0,
        strokes: vec![stroke(70.0, 100.0, 2.2), stroke(260.0, 105.0, 3.4), dot],
    }
}

/// Thirty items in five phases, with every kind of answer among them.
pub fn items() -> Vec<CheckRow> {
    let phases = [
        (
            "一、上门前",
            [
                "核对工单与用户信息",
                "电话预约上门时间",
                "随身套装齐全",
                "着装整洁、佩戴工牌",
                "出发前再次联系用户",
                "车辆与梯具检查",
            ],
        ),
        (
            "二、入户",
            [
                "敲门、自我介绍并出示工牌",
                "穿鞋套，铺设垫布",
                "征得同意后进入房间",
                "说明施工内容与预计时长",
                "确认布线路由与设备位置",
                "确认收费项目并征得同意",
            ],
        ),
        (
            "三、施工",
            [
                "检查入户光缆与分光器端口",
                "按规范布放皮线光缆，转弯半径不小于 30 mm",
                "制作冷接头并清洁端面",
                "安装光猫并固定",
                "安装路由器并设置无线网络",
                "登高作业系安全带、双人配合",
            ],
        ),
        (
            "四、测试",
            [
                "测量接收光功率",
                "测速并与签约带宽对比",
                "无线覆盖逐房间测试",
                "语音业务拨测",
                "电视业务点播测试",
                "向用户演示使用方法",
            ],
        ),
        (
            "五、收尾",
            [
                "粘贴设备标签与服务卡",
                "清理施工现场、带走垃圾",
                "归还移动过的家具",
                "请用户验收",
                "告知报修电话与保修范围",
                "礼貌道别",
            ],
        ),
    ];
    let mut rows = Vec::new();
    for (phase, (group, texts)) in phases.into_iter().enumerate() {
        for (step, text) in texts.into_iter().enumerate() {
            let number = phase * 6 + step;
            rows.push(CheckRow {
                group: group.to_owned(),
                text: text.to_owned(),
                mark: Mark::Done,
                detail: None,
                reason: None,
                internal_reason: None,
                clauses: vec![format!("S37-{:02}", number + 3)],
                at: Some(format!("{:02}:{:02}", 9 + number / 20, (number * 3) % 60)),
                late: None,
            });
        }
    }
    details(&mut rows);
    rows
}

fn details(rows: &mut [CheckRow]) {
    rows[2].internal_reason = some("光功率计送检，借用二组 3 号机");
    rows[3].clauses.push("S07-11".to_owned());
    rows[12].detail = some("分光器 2 号端口，光纤标签 FB-0217-02");
    rows[17].mark = Mark::NotApplicable;
    rows[17].reason = some("本次不登高");
    rows[18].detail = some("−21.4 dBm");
    rows[19].detail = some("下行 942 Mbps，上行 58 Mbps");
    rows[20].detail = some("主卧 −52 dBm、书房 −61 dBm、卫生间 −70 dBm");
    rows[21].mark = Mark::NotApplicable;
    rows[21].reason = some("用户未办理语音业务");
    rows[22].late = Some(Late {
        entered: "11:02".into(),
        reason: "当时平板没电，记在纸上".into(),
    });
    rows[26].mark = Mark::Missing;
    rows[26].at = None;
    rows[26].internal_reason = some("用户表示自己整理");
}

fn times() -> Vec<TimeRow> {
    let row = |label: &str, promised: Option<&str>, actual: &str, verdict: Option<&str>| TimeRow {
        label: label.to_owned(),
        promised: promised.map(str::to_owned),
        actual: actual.to_owned(),
        verdict: verdict.map(str::to_owned),
        ..TimeRow::default()
    };
    let mut rows = vec![
        row(
            "预约联系",
            Some("派单后 2 小时内"),
            "11月21日 16:40",
            Some("40 分钟内联系"),
        ),
        row("到达楼下", None, "11月22日 09:21", None),
        row(
            "上门",
            Some("11月22日 9:00–10:00"),
            "11月22日 10:12",
            Some("晚到 12 分钟"),
        ),
        row(
            "完工",
            Some("11月23日 18:00 前"),
            "11月22日 11:36",
            Some("按时"),
        ),
    ];
    rows[2].breach = some("超过预约时段 12 分钟，未提前告知用户");
    rows
}

/// The ticket of a broadband installation with everything on it. `photos` are taken round robin from four pictures.
pub fn full(photos: &[Arc<[u8]>]) -> TicketDoc {
    let captions = [
        "光猫标签（SN、MAC）",
        "分光器端口与光纤标签",
        "光功率计读数 −21.4 dBm",
        "完工后的弱电箱",
        "测速结果",
        "皮线光缆沿踢脚线布放",
    ];
    let mut sections = vec![
        section(
            "施工信息",
            Body::Facts(vec![
                fact("施工类型", "宽带新装"),
                fact("业务", "1000M 宽带 + 电视"),
                fact("派单时间", "11月21日 16:00"),
                fact("结果", "完工"),
                fact("施工人员", "周师傅（工号 04127）"),
                fact("同行人", "吴师傅（工号 04133）"),
                fact("执行规范", "中国移动宽带装维服务规范 第 3 版"),
            ]),
        ),
        section(
            "用户信息",
            Body::Facts(vec![
                fact("用户", "𠮷䶮㛃"),
                fact("电话", "138****1234"),
                fact(
                    "地址",
                    "云湖市青禾区梧桐北路 288 号桂语江南花园三期 12 幢 2 单元 1801 室（从东门进，地下车库 B2 层 C 区乘 6 号电梯，物业登记后放行）",
                ),
                fact("备用联系人", "邻居 何女士 139****5678"),
            ]),
        ),
        section("时间", Body::Times(times())),
        section("服务过程", Body::Checklist(items())),
        section(
            "测量",
            Body::Readings(vec![
                ReadingRow {
                    name: "接收光功率".into(),
                    point: some("光猫 PON 口"),
                    wavelength: some("1490 nm"),
                    before: some("−24.8 dBm"),
                    after: some("−21.4 dBm"),
                    limits: some("−27 到 −8 dBm"),
                    verdict: some("合格"),
                },
                ReadingRow {
                    name: "下行速率".into(),
                    point: some("千兆网口"),
                    wavelength: None,
                    before: None,
                    after: some("942 Mbps"),
                    limits: some("不低于 900 Mbps"),
                    verdict: some("合格"),
                },
            ]),
        ),
        section(
            "设备",
            Body::Devices(vec![
                DeviceRow {
                    kind: "光猫 HG6145F".into(),
                    sn: some("FHTT9A3C21B7"),
                    mac: some("3C:6A:9D:21:B7:04"),
                    action: "新装".into(),
                },
                DeviceRow {
                    kind: "无线路由器 AX3000".into(),
                    sn: some("R3000X2211058873"),
                    mac: some("3C:6A:9D:77:10:E2"),
                    action: "新装".into(),
                },
            ]),
        ),
        section(
            "材料",
            Body::Materials(vec![
                MaterialRow {
                    name: "室内皮线光缆".into(),
                    quantity: "18".into(),
                    unit: "米".into(),
                },
                MaterialRow {
                    name: "SC/UPC 冷接头".into(),
                    quantity: "2".into(),
                    unit: "个".into(),
                },
            ]),
        ),
        section(
            "收费",
            Body::Fees(Fees::Charged {
                rows: vec![FeeRow {
                    item: "加长皮线光缆（超出 10 米部分）".into(),
                    unit_price: "5.00 元".into(),
                    quantity: "8 米".into(),
                    amount: "40.00 元".into(),
                    agreed: some("10:25 告知，10:26 同意"),
                }],
                total: "40.00 元".into(),
                payment: some("微信"),
            }),
        ),
        section(
            "用户反馈意见",
            Body::Feedback(Feedback {
                rows: vec![
                    fact("操作是否规范", "规范"),
                    fact("行为举止是否得当", "得当"),
                    fact("满意程度", "满意"),
                ],
                words: some("师傅讲解很耐心，走线也整齐。"),
                sealed: None,
                note: some("以上由用户本人在平板上填写，提交后装维人员不能查看和修改。"),
            }),
        ),
    ];
    if !photos.is_empty() {
        let pictures = captions.iter().cycle().zip(photos);
        let all = pictures.map(|(caption, jpeg)| Photo {
            jpeg: Arc::clone(jpeg),
            caption: (*caption).to_owned(),
        });
        sections.push(section("现场照片", Body::Photos(all.collect())));
    }
    TicketDoc {
        lang: Lang::Zh,
        title: "服务质量记录表".into(),
        company: "云湖市青禾通信工程有限公司".into(),
        ticket_id: "DS-20261122-0042".into(),
        digest: "9f2c41d07a8be3561c0f7d2294ab5ee81077c3d9426f8a1be05d3c9f6a7714e2".into(),
        submission: 1,
        signature_covers: "用户签字对应第 1 次提交中签字前的全部内容。".into(),
        created: "2026-11-22T11:41:09+08:00".into(),
        hotline: "0571-0000-1008".into(),
        sections,
        customer_signature: Some(signed("用户签字", "𠮷䶮㛃", "本人", "11月22日 11:38")),
        technician_signature: Some(signed(
            "装维人员签字",
            "周师傅",
            "工号 04127",
            "11月22日 11:40",
        )),
    }
}

fn signed(heading: &str, name: &str, relation: &str, time: &str) -> SignatureBlock {
    SignatureBlock {
        heading: heading.into(),
        ink: Some(ink(heading.starts_with('装'))),
        name: name.into(),
        relation: some(relation),
        time: some(time),
        ..SignatureBlock::default()
    }
}

/// The same visit, but the customer refused to sign and sealed their opinion.
pub fn refused() -> TicketDoc {
    let mut doc = full(&[]);
    doc.title = "施工单".into();
    for section in &mut doc.sections {
        match &mut section.body {
            Body::Feedback(feedback) => feedback.sealed = some("客户已当面评价并封存。"),
            Body::Fees(fees) => *fees = Fees::NotCharged,
            Body::Materials(rows) => rows.clear(),
            _ => {}
        }
    }
    let line = |label: &str, value: &str, audience| SignatureLine {
        label: label.into(),
        value: value.into(),
        audience,
    };
    doc.customer_signature = Some(SignatureBlock {
        heading: "用户签字".into(),
        name: "龘㐱".into(),
        relation: some("家属"),
        time: some("11月22日 11:38"),
        outcome: some("用户拒签"),
        lines: vec![
            line(
                "原因",
                "用户认为施工时碰坏了柜门，要求先处理损坏再签字",
                Audience::Both,
            ),
            line("回访电话", "138****1234", Audience::CompanyOnly),
            line("处理", "已上报组长，24 小时内答复", Audience::CompanyOnly),
        ],
        ..SignatureBlock::default()
    });
    doc
}

/// A short English ticket.
pub fn english() -> TicketDoc {
    let mut doc = full(&[]);
    doc.lang = Lang::En;
    doc.title = "Service record".into();
    doc.company = "Qinghe Field Services".into();
    doc.signature_covers =
        "The customer's signature covers everything in submission 1 that was shown before signing."
            .into();
    let item = |text: &str, mark, detail: Option<&str>, reason: Option<&str>| CheckRow {
        group: "Installation".into(),
        text: text.into(),
        mark,
        detail: detail.map(str::to_owned),
        reason: reason.map(str::to_owned),
        internal_reason: None,
        clauses: vec!["S37-12".into()],
        at: some("10:24"),
        late: None,
    };
    doc.sections = vec![
        section(
            "Work",
            Body::Facts(vec![
                fact("Job type", "New broadband line"),
                fact("Technician", "Zhou (staff no. 04127)"),
                fact("Customer", "A. Example"),
                fact("Phone", "138****1234"),
                fact(
                    "Address",
                    "Flat 1801, Unit 2, Building 12, Phase 3, Osmanthus River Gardens, 288 North Wutong Road, Qinghe District, Yunhu",
                ),
            ]),
        ),
        section(
            "Times",
            Body::Times(vec![TimeRow {
                label: "Arrival".into(),
                promised: some("22 Nov, 9:00–10:00"),
                actual: "22 Nov, 9:41".into(),
                verdict: some("on time"),
                ..TimeRow::default()
            }]),
        ),
        section(
            "What was done",
            Body::Checklist(vec![
                item(
                    "Introduced themselves and showed the badge",
                    Mark::Done,
                    None,
                    None,
                ),
                item(
                    "Laid out mats and put on shoe covers",
                    Mark::Done,
                    None,
                    None,
                ),
                item(
                    "Measured the received optical power at the terminal",
                    Mark::Done,
                    Some("−21.4 dBm"),
                    None,
                ),
                item(
                    "Two people present for work at height",
                    Mark::NotApplicable,
                    None,
                    Some("no work at height this time"),
                ),
            ]),
        ),
        section("Fees", Body::Fees(Fees::NotCharged)),
        section(
            "Feedback",
            Body::Feedback(Feedback {
                rows: vec![
                    fact("Worked properly", "yes"),
                    fact("Behaved properly", "yes"),
                    fact("Satisfaction", "satisfied"),
                ],
                words: some("Quick and tidy."),
                ..Feedback::default()
            }),
        ),
    ];
    doc.customer_signature = Some(signed(
        "Customer",
        "A. Example",
        "account holder",
        "22 Nov, 11:38",
    ));
    doc.technician_signature = Some(signed(
        "Technician",
        "Zhou",
        "staff no. 04127",
        "22 Nov, 11:40",
    ));
    doc
}
