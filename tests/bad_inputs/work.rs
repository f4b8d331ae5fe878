//! Words, numbers, ink and PINs that are not enough.

use crate::{Case, tried};
use doorstep_app::dto::{NewProfile, TemporaryOrder};
use doorstep_domain::standard::{JobType, Milestone};
use doorstep_domain::visit::command::{Command, SignRequest};
use doorstep_domain::visit::{Answer, Claim, RowData, SignOutcome, Strokes};
use doorstep_stories::{Desk, answer, at, device, ink, profile, reach, reading};

pub(crate) fn all() -> Vec<Case> {
    let mut cases = acts();
    cases.extend(signatures());
    cases.extend(pins());
    cases
}

fn acts() -> Vec<Case> {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    let text = |n: usize| {
        answer(
            "fault",
            Answer::Text {
                text: "坏".repeat(n),
            },
        )
    };
    let late = Command::Reach {
        milestone: Milestone::Departed,
        claim: Some(Claim {
            at: at("08:30"),
            reason: "平板没电".to_owned(),
        }),
    };
    let mut cases = vec![
        tried("出发：五个一没核对", &desk, |d| {
            d.app.act(&visit, &reach(Milestone::Departed))
        }),
        tried("出发：补录，五个一没核对", &desk, |d| {
            d.app.act(&visit, &late)
        }),
        tried("临时工单：电话写成「无」", &desk, |d| {
            d.app.new_temporary_order(&nobody_to_call())
        }),
    ];
    desk.go_inside(&visit);
    let form = Command::TickPhase {
        phase: "work".to_owned(),
    };
    let tries: [(&'static str, Command); 8] = [
        ("检查项：先后不对", answer("mat-laid", Answer::Tick)),
        ("文字：1001 个字", text(1001)),
        ("文字：空的", text(0)),
        (
            "读数：光功率 +21.6",
            reading("optical", "after", "21.6", None),
        ),
        ("设备：没有 SN", device(" ")),
        ("设备：SN 七万个字", device(&"9".repeat(70_000))),
        ("提交：还差很多项", Command::Submit),
        ("收费：选了本次未收费又记一项", fee()),
    ];
    for (name, command) in tries {
        if name.starts_with("文字") && name.contains("1001") {
            desk.act(&visit, [form.clone()]);
        }
        if name.starts_with("收费") {
            desk.act(&visit, [Command::DeclareNoFees { none: true }]);
        }
        cases.push(tried(name, &desk, |d| d.app.act(&visit, &command)));
    }
    cases.push(tried("上门：没有这一次", &desk, |d| {
        d.app.visit("visit/none")
    }));
    cases.push(tried("工单：没有这一张", &desk, |d| {
        d.app.open_visit("order/none")
    }));
    cases.push(tried("界面：位置 201 个字符", &desk, |d| {
        d.app.remember_place(&visit, &"x".repeat(201))
    }));
    cases
}

fn nobody_to_call() -> TemporaryOrder {
    TemporaryOrder {
        customer: "林女士".to_owned(),
        phone: "无".to_owned(),
        address: "翠湖花园 7 幢 1203".to_owned(),
        job: JobType::Repair,
        standard: "cmcc-broadband".to_owned(),
        service: String::new(),
        start: at("14:00"),
        note: None,
    }
}

/// A fee that was told and agreed.
fn fee() -> Command {
    let row = RowData::Fees {
        name: "加长皮线".to_owned(),
        unit_price: "3.5".parse().unwrap(),
        quantity: "10".parse().unwrap(),
        told_at: Some(at("13:54")),
        agreed_at: Some(at("13:54")),
        channel: None,
        price: None,
        unit: None,
    };
    Command::PutRow { row_id: None, row }
}

fn signatures() -> Vec<Case> {
    let desk = Desk::at_work();
    let visit = desk.order("20261122-0412", "修障").visit;
    desk.go_inside(&visit);
    let mut cases = vec![tried("签字：收费还没选", &desk, |d| {
        d.app.act(&visit, &Command::StartHandover)
    })];
    desk.act(
        &visit,
        [
            Command::DeclareNoFees { none: true },
            Command::StartHandover,
        ],
    );
    let good = desk.request(&visit);
    let empty = Strokes {
        strokes: Vec::new(),
        ..ink()
    };
    let requests: [(&'static str, SignRequest); 5] = [
        (
            "签字：空白",
            SignRequest {
                strokes: Some(empty),
                ..good.clone()
            },
        ),
        (
            "签字：没写姓名",
            SignRequest {
                signer: String::new(),
                ..good.clone()
            },
        ),
        (
            "签字：屏幕上的不是现在的内容",
            SignRequest {
                digest: "0".repeat(64),
                ..good.clone()
            },
        ),
        (
            "拒签：没有原因",
            SignRequest {
                outcome: SignOutcome::Refused,
                ..good.clone()
            },
        ),
        (
            "代签：没有回访电话",
            SignRequest {
                outcome: SignOutcome::Proxy,
                reason: Some("客户临时离开".to_owned()),
                ..good
            },
        ),
    ];
    for (name, request) in requests {
        cases.push(tried(name, &desk, |d| {
            d.app.customer_sign(&visit, &request)
        }));
    }
    cases.push(tried("交给客户时：师傅打勾", &desk, |d| {
        d.app.act(&visit, &answer("demo", Answer::Tick))
    }));
    cases.push(tried("收回平板：绕过密码", &desk, |d| {
        d.app.act(&visit, &Command::EndHandover)
    }));
    cases.push(tried("收回平板：密码错", &desk, |d| {
        d.app.end_handover(&visit, "0000")
    }));
    for _ in 0..4 {
        assert!(desk.app.end_handover(&visit, "0000").is_err());
    }
    cases.push(tried("收回平板：错了五次", &desk, |d| {
        d.app.end_handover(&visit, "4711")
    }));
    cases
}

fn pins() -> Vec<Case> {
    let desk = Desk::new();
    let mut cases = Vec::new();
    let odd: [(&'static str, NewProfile); 3] = [
        (
            "开始使用：密码三位",
            NewProfile {
                pin: "471".to_owned(),
                ..profile(None)
            },
        ),
        (
            "开始使用：没有工号",
            NewProfile {
                staff_no: " ".to_owned(),
                ..profile(None)
            },
        ),
        ("开始使用：口令七位", profile(Some("上门服务师傅您"))),
    ];
    for (name, new) in odd {
        let refused = doorstep_stories::refusal(desk.app.start_real(&new));
        let sentence = crate::sentences::of(&refused.refusal);
        let left = std::fs::read_dir(desk.folder()).unwrap().count();
        assert_eq!(left, 0, "{name} left something behind");
        cases.push(Case {
            name,
            sentence,
            before: 0,
            after: 0,
        });
    }
    cases
}
