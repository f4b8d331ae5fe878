//! The two shipped standards against the catalogue: every clause carried, rows as people reviewed them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use doorstep_domain::standard::active::Situation;
use doorstep_domain::standard::{Evidence, JobType, Milestone, Pack, RowList, TicketSection};
use std::collections::{BTreeMap, BTreeSet};

const CLAUSES: &str = include_str!("clauses.txt");

fn pack(id: &str) -> Pack {
    let modules = doorstep_standards::modules();
    let file = format!("{id}.toml");
    let mut all = doorstep_standards::built_in(&modules).into_iter();
    match all.find(|(name, _)| *name == file) {
        Some((_, Ok(loaded))) => loaded.pack,
        other => panic!("{other:#?}"),
    }
}

fn both() -> [Pack; 2] {
    [pack("cmcc-broadband"), pack("ct-fourteen-steps")]
}

/// Ids of the rows that a visit shows, in order.
fn rows(pack: &Pack, job: JobType, yes: &[&str]) -> Vec<String> {
    let facts: BTreeMap<String, bool> = yes.iter().map(|f| ((*f).to_owned(), true)).collect();
    let situation = Situation { job, facts: &facts };
    pack.active_items(&situation)
        .map(|(_, i)| i.id.clone())
        .collect()
}

/// Every clause with a short name of what carries it.
fn carried(pack: &Pack) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |by: &str, clauses: &[String]| {
        all.extend(clauses.iter().map(|c| (c.clone(), by.to_owned())));
    };
    for member in pack.kits.iter().flat_map(|k| &k.members) {
        add(&member.id, &member.clauses);
    }
    for phase in &pack.phases {
        phase.items.iter().for_each(|i| add(&i.id, &i.clauses));
        phase
            .dont
            .iter()
            .chain(&phase.remind)
            .for_each(|a| add(&a.text.zh, &a.clauses));
    }
    let rules = &pack.rules;
    rules
        .arrival
        .iter()
        .for_each(|r| add("arrival", &r.clauses));
    rules
        .change_notice
        .iter()
        .for_each(|r| add("change_notice", &r.clauses));
    rules
        .hand_in
        .iter()
        .for_each(|r| add("hand_in", &r.clauses));
    rules
        .door_wait
        .iter()
        .for_each(|r| add("door_wait", &r.clauses));
    rules
        .call_before_leaving
        .iter()
        .for_each(|r| add("call_before_leaving", &r.clauses));
    all
}

fn cited(pack: &Pack) -> BTreeSet<String> {
    let carriers = carried(pack).into_iter().map(|(clause, _)| clause);
    // Questions and the survey may cite, but do not carry a clause by themselves.
    let facts = pack.facts.iter().flat_map(|q| q.clauses.clone());
    let survey = pack.survey.iter().flat_map(|q| q.clauses.clone());
    carriers.chain(facts).chain(survey).collect()
}

#[test]
fn every_clause_cited_stands_in_the_catalogue() {
    let lines = doorstep_standards::CATALOGUE.lines();
    let known: BTreeSet<&str> = lines.filter_map(|l| l.split(' ').next()).collect();
    for pack in doorstep_standards::packs().into_iter().map(|p| p.pack) {
        let unknown: Vec<_> = cited(&pack)
            .into_iter()
            .filter(|c| c != "OURS" && !known.contains(c.as_str()))
            .collect();
        assert_eq!(unknown, Vec::<String>::new(), "{}", pack.id);
    }
}

#[test]
fn every_clause_of_a_standard_is_carried() {
    for (id, systems) in [
        ("cmcc-broadband", &["S37"][..]),
        (
            "ct-fourteen-steps",
            &["S03", "S04", "S05", "S06", "S07", "S08"],
        ),
    ] {
        let carried: BTreeSet<String> = carried(&pack(id)).into_iter().map(|(c, _)| c).collect();
        let mut of_systems = CLAUSES
            .lines()
            .filter(|c| systems.contains(&&c[..3]))
            .peekable();
        assert!(of_systems.peek().is_some());
        let missing: Vec<&str> = of_systems.filter(|c| !carried.contains(*c)).collect();
        assert_eq!(
            missing,
            Vec::<&str>::new(),
            "{id}: carried by no row, rule, words or kit member"
        );
    }
}

#[test]
fn the_catalogue_list_is_whole() {
    let mut counts = BTreeMap::new();
    CLAUSES
        .lines()
        .for_each(|c| *counts.entry(&c[..3]).or_insert(0) += 1);
    let wanted = [
        ("S03", 20),
        ("S04", 5),
        ("S05", 7),
        ("S06", 12),
        ("S07", 41),
        ("S08", 20),
        ("S37", 32),
    ];
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        wanted,
        "items as the catalogue counts them"
    );
}

#[test]
fn a_visit_stays_readable() {
    for pack in both() {
        let always = pack.items().filter(|(_, i)| i.when.is_none()).count();
        assert!(
            (20..=26).contains(&always),
            "{}: {always} rows are always there",
            pack.id
        );
        for job in &pack.job_types {
            let shown = rows(&pack, *job, &[]).len();
            assert!(
                (24..=31).contains(&shown),
                "{} {job:?}: {shown} rows",
                pack.id
            );
        }
        for (phase, item) in pack.items() {
            assert!(
                item.text.zh.chars().count() <= 30,
                "{}: {} is too long to read",
                phase.id,
                item.text.zh
            );
        }
    }
}

#[test]
fn merged_rows_cite_every_clause() {
    let ct = pack("ct-fourteen-steps");
    let of = |id: &str| ct.item(id).unwrap().1.clauses.clone();
    assert_eq!(of("id-shown"), ["S07-09", "S03-02", "S03-03", "S05-04"]);
    assert_eq!(
        of("taught"),
        ["S07-25", "S07-26", "S07-27", "S07-28", "S03-06"]
    );
    let cmcc = pack("cmcc-broadband");
    assert_eq!(
        cmcc.item("covers-on").unwrap().1.clauses,
        ["S37-25", "S07-12"]
    );
}

#[test]
fn each_standard_keeps_its_own_figures() {
    let [cmcc, ct] = both();
    let early = |p: &Pack| {
        p.rules
            .arrival
            .as_ref()
            .map(|r| (r.latest_early, r.earliest_early))
    };
    assert_eq!(
        (early(&cmcc), early(&ct)),
        (Some((5, 10)), Some((0, 0))),
        "5–10 minutes early; on time"
    );
    let notice = |p: &Pack| p.rules.change_notice.as_ref().map(|r| r.minutes);
    assert_eq!(
        (notice(&cmcc), notice(&ct)),
        (Some(120), Some(0)),
        "two hours; before the time"
    );
    let calls = cmcc
        .rules
        .call_before_leaving
        .as_ref()
        .map(|r| r.jobs.clone());
    assert_eq!(
        (calls, ct.rules.call_before_leaving),
        (Some(vec![JobType::Repair]), None)
    );
    assert_eq!(
        (cmcc.id_word.zh.as_str(), ct.id_word.zh.as_str()),
        ("工号牌", "工作证")
    );
    assert_eq!(
        (cmcc.form_name.zh.as_str(), ct.form_name.zh.as_str()),
        ("服务质量记录表", "施工单")
    );
    assert_eq!(
        (cmcc.hotline.as_str(), ct.hotline.as_str()),
        ("10086", "10000")
    );
}

#[test]
fn kits_hold_exactly_what_the_standards_list() {
    let members = |p: &Pack, kit: &str| -> Vec<String> {
        let kit = p.kits.iter().find(|k| k.id == kit).unwrap();
        kit.members.iter().map(|m| m.name.zh.clone()).collect()
    };
    let [cmcc, ct] = both();
    assert_eq!(
        members(&cmcc, "five-ones"),
        [
            "一双鞋套",
            "一块垫布",
            "一块抹布",
            "一个垃圾袋",
            "一张服务记录表"
        ]
    );
    assert_eq!(
        members(&cmcc, "tools"),
        ["光功率计", "切割刀", "网线测试仪", "其他工具和备件"]
    );
    assert_eq!(
        members(&ct, "documents"),
        [
            "施工单",
            "服务指南",
            "业务宣传单册",
            "业务（预）受理单",
            "售后服务联络卡"
        ]
    );
    assert_eq!(
        members(&ct, "tools"),
        ["施工工具、设备", "垫布", "抹布", "方便袋", "鞋套"]
    );
}

#[test]
fn an_install_asks_for_four_photos_and_no_more() {
    for pack in both() {
        let shown = rows(&pack, JobType::Install, &[]);
        let asked: Vec<&str> = shown
            .iter()
            .filter(|id| {
                let photos = &pack.item(id).unwrap().1.photos;
                photos.as_ref().is_some_and(|p| p.min > 0)
            })
            .map(String::as_str)
            .collect();
        assert_eq!(
            asked,
            ["cabling", "devices", "optical", "speed"],
            "{}",
            pack.id
        );
        let by_us = pack
            .items()
            .filter_map(|(_, i)| i.photos.as_ref())
            .all(|p| !p.seed);
        assert!(
            by_us,
            "no clause of these standards asks for a photo in so many words"
        );
    }
}

#[test]
fn the_job_decides_the_work_rows() {
    for pack in both() {
        let has = |job, id: &str| rows(&pack, job, &[]).iter().any(|row| row == id);
        for (id, install, relocate, repair) in [
            ("cabling", true, true, false),
            ("fault", false, false, true),
            ("devices", true, false, false),
            ("devices-changed", false, true, true),
        ] {
            let shown = (
                has(JobType::Install, id),
                has(JobType::Move, id),
                has(JobType::Repair, id),
            );
            assert_eq!(shown, (install, relocate, repair), "{}: {id}", pack.id);
        }
    }
}

#[test]
fn answers_switch_rows_on() {
    let extra = |pack: &Pack, yes: &[&str]| -> Vec<String> {
        let plain = rows(pack, JobType::Install, &[]);
        rows(pack, JobType::Install, yes)
            .into_iter()
            .filter(|r| !plain.contains(r))
            .collect()
    };
    for pack in both() {
        assert_eq!(extra(&pack, &["moved"]), ["moved-consent", "moved-back"]);
        assert_eq!(extra(&pack, &["damage"]), ["damage-photo", "damage-record"]);
        assert_eq!(
            extra(&pack, &["request_unmet"]),
            ["issue-record", "issue-asked", "issue-promise"]
        );
    }
}

#[test]
fn a_telephone_without_broadband_needs_no_optical_power() {
    let ct = pack("ct-fourteen-steps");
    let tests = |yes: &[&str]| -> Vec<String> {
        let shown = rows(&ct, JobType::Repair, yes);
        shown
            .into_iter()
            .filter(|id| ct.item(id).unwrap().0.id == "test")
            .collect()
    };
    assert_eq!(tests(&[]), ["optical", "speed", "tried", "taught"]);
    assert_eq!(
        tests(&["phone"]),
        ["phone-test", "optical", "speed", "tried", "taught"]
    );
    assert_eq!(
        tests(&["phone", "no_broadband"]),
        ["phone-test", "tried", "taught"]
    );
    assert_eq!(
        tests(&["no_broadband"]),
        tests(&[]),
        "an answer left over from before"
    );
    let facts = BTreeMap::new();
    let situation = Situation {
        job: JobType::Repair,
        facts: &facts,
    };
    let asked: Vec<_> = ct
        .active_questions("test", &situation)
        .map(|q| q.id.as_str())
        .collect();
    assert_eq!(
        asked,
        ["phone", "damage", "request_unmet"],
        "no_broadband waits for phone"
    );
}

#[test]
fn what_must_come_first_does() {
    for pack in both() {
        let entered = pack
            .items()
            .find(|(_, i)| {
                i.evidence
                    == Evidence::AutoMilestone {
                        milestone: Milestone::Entered,
                    }
            })
            .map(|(_, i)| i.after.clone())
            .unwrap();
        assert!(
            entered.contains(&"consent".to_owned()) && entered.contains(&"covers-on".to_owned())
        );
        let sign = &pack.item("technician-signature").unwrap().1.after;
        assert_eq!(
            *sign,
            ["customer-signature"],
            "{}: the technician signs last",
            pack.id
        );
        assert_eq!(pack.item("moved-back").unwrap().1.after, ["moved-consent"]);
    }
    let cmcc = pack("cmcc-broadband");
    for work in ["mat-laid", "cabling", "fault", "devices", "devices-changed"] {
        let after = &cmcc.item(work).unwrap().1.after;
        assert!(
            after.contains(&"form-shown".to_owned()),
            "S37-27: {work} waits for the record form"
        );
    }
}

#[test]
fn the_customer_signs_at_the_end_or_before_the_cleanup() {
    let order = |p: &Pack| -> Vec<String> {
        let marks = [
            "tried",
            "demo",
            "damage-record",
            "issue-record",
            "customer-signature",
            "cleaned",
            "goodbye-said",
            "technician-signature",
        ];
        p.items()
            .map(|(_, i)| i.id.clone())
            .filter(|id| marks.contains(&id.as_str()))
            .collect()
    };
    let [cmcc, ct] = both();
    let cmcc_order = [
        "demo",
        "cleaned",
        "damage-record",
        "issue-record",
        "customer-signature",
        "technician-signature",
    ];
    assert_eq!(order(&cmcc), cmcc_order);
    let ct_order = [
        "tried",
        "issue-record",
        "damage-record",
        "customer-signature",
        "cleaned",
        "goodbye-said",
        "technician-signature",
    ];
    assert_eq!(
        order(&ct),
        ct_order,
        "steps 10, 10, 11, 13, 14; what went wrong stands above the signature"
    );
    let rail: Vec<&str> = cmcc.phases.iter().map(|p| p.name.zh.as_str()).collect();
    assert_eq!(
        rail,
        [
            "预约",
            "出发前",
            "进门",
            "施工",
            "测试演示",
            "清场",
            "讲解",
            "签字"
        ]
    );
}

#[test]
fn every_pack_records_devices_materials_fees_and_every_ticket_section() {
    for pack in both() {
        for job in &pack.job_types {
            let shown = rows(&pack, *job, &[]);
            let lists: Vec<RowList> = shown
                .iter()
                .filter_map(|id| match pack.item(id).unwrap().1.evidence {
                    Evidence::Rows { list, .. } => Some(list),
                    _ => None,
                })
                .collect();
            assert_eq!(
                lists,
                [RowList::Fees, RowList::Devices, RowList::Materials],
                "{} {job:?}",
                pack.id
            );
        }
        assert_eq!(pack.ticket.len(), 11, "{}", pack.id);
        assert!(pack.ticket.contains(&TicketSection::Feedback));
        assert_eq!(
            pack.survey
                .iter()
                .map(|q| q.options.len())
                .collect::<Vec<_>>(),
            [3, 3, 3]
        );
        let worst_last = pack.survey.iter().all(|q| {
            q.options.iter().map(|o| o.dissatisfied).collect::<Vec<_>>() == [false, false, true]
        });
        assert!(
            worst_last,
            "{}: only the last answer is for the lead first",
            pack.id
        );
    }
}

#[test]
fn chinese_text_has_full_width_punctuation() {
    let files = doorstep_standards::PACKS.iter();
    for (name, source) in files.chain(doorstep_standards::MODULES) {
        for (line, words) in source.lines().enumerate() {
            let Some((_, rest)) = words.split_once("zh = \"") else {
                continue;
            };
            let zh = rest.split('"').next().unwrap();
            assert!(
                !zh.contains([',', ';', ':', '?', '!', '(', ')']),
                "{name}:{}: {zh}",
                line + 1
            );
        }
    }
}
