//! A made-up company to look at: two teams, a lead each, two technicians each, the sample's orders on today's date.

use crate::commands::{Failure, import, say};
use crate::machine;
use doorstep_domain::event::Actor;
use doorstep_domain::wire::{Role, StaffCard};
use doorstep_hub::{Hub, Known, office};
use std::path::Path;

/// The sample's own day: its orders are moved from there to today.
const SAMPLE_DAY: &str = "2026-11-22";
/// Its last date.
const SAMPLE_DAYS: i64 = 5;
const DAY_MINUTES: i64 = 24 * 60;

const PEOPLE: [(&str, &str, Role, &str); 8] = [
    ("1001", "马桂芳", Role::Lead, "一班"),
    ("3101", "周建国", Role::Technician, "一班"),
    ("3102", "李强", Role::Technician, "一班"),
    ("1002", "方志远", Role::Lead, "二班"),
    ("3201", "孙伟", Role::Technician, "二班"),
    ("3202", "吴秀英", Role::Technician, "二班"),
    ("2001", "何平", Role::Dispatcher, "调度室"),
    ("9001", "白雪", Role::Admin, "办公室"),
];

/// Fills the company in where it is missing, and prints a code for everybody.
pub(crate) fn run(hub: &mut Hub, sample: &Path, offset_min: i32) -> Result<(), Failure> {
    for (staff_no, name, role, team) in PEOPLE {
        let card = StaffCard {
            actor: Actor {
                staff_no: staff_no.to_owned(),
                name: name.to_owned(),
            },
            phone: "0571-88000000".to_owned(),
            role,
            team: team.to_owned(),
        };
        hub.put_staff(&card, &machine::call()?)
            .map_err(Failure::hub)?;
    }
    orders(hub, sample, offset_min)?;
    for (staff_no, name, role, team) in PEOPLE {
        if matches!(role, Role::Technician | Role::Lead) {
            let code = hub
                .new_code(staff_no, &machine::call()?)
                .map_err(Failure::hub)?;
            say(format_args!(
                "{team} {name} {staff_no}\t注册码 code: {code}"
            ));
        }
    }
    Ok(())
}

fn orders(hub: &mut Hub, sample: &Path, offset_min: i32) -> Result<(), Failure> {
    let unreadable = || Failure::new("示例工单打不开。", "The sample orders cannot be opened.");
    let text = std::fs::read_to_string(sample).map_err(|e| unreadable().caused(e))?;
    let mut now = machine::call()?.at.moment();
    now.offset_min = offset_min;
    let mut moved = text.replace(&SAMPLE_DAY.replace('-', ""), &now.date().replace('-', ""));
    // the latest first, or a date that was moved would be moved again
    let first =
        doorstep_domain::time::Moment::parse_local(&format!("{SAMPLE_DAY} 12:00"), offset_min);
    let first = first.ok_or_else(unreadable)?;
    let forward = now.ms >= first.ms;
    let days: Vec<i64> = match forward {
        true => (0..SAMPLE_DAYS).rev().collect(),
        false => (0..SAMPLE_DAYS).collect(),
    };
    for day in days {
        let (from, to) = (
            first.plus_minutes(day * DAY_MINUTES),
            now.plus_minutes(day * DAY_MINUTES),
        );
        moved = moved.replace(&from.date(), &to.date());
    }
    import(hub, moved.as_bytes(), Known::Update, offset_min)?;
    let technicians = ["3101", "3201", "3102", "3202"];
    let numbers = moved.lines().skip(1).filter_map(|l| l.split(',').next());
    for (no, staff_no) in numbers.zip(technicians.into_iter().cycle()) {
        hub.assign(no, staff_no, &office(), &machine::call()?)
            .map_err(Failure::hub)?;
    }
    Ok(())
}
