//! The office's commands. They work on the hub's folder, beside a running server or without one.

use crate::{demo, machine, serve};
use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeZone};
use clap::{Args, Parser, Subcommand, ValueEnum};
use doorstep_domain::event::Actor;
use doorstep_domain::time::Moment;
use doorstep_domain::wire::{Role, StaffCard};
use doorstep_hub::{Hub, HubError, Known, Verified, office, restore};
use doorstep_orders::{ImportError, ImportReason};
use std::error::Error;
use std::fmt;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Doorstep 上门：公司服务器 The company's server
#[derive(Parser)]
#[command(name = "doorstep-hub", version)]
pub(crate) struct Cli {
    /// 数据目录 Folder of the hub's data
    #[arg(long, global = true, default_value = "hub-data")]
    data: PathBuf,
    /// 本地时间与 UTC 的差，分钟 Offset of local times from UTC, minutes
    #[arg(
        long,
        global = true,
        default_value_t = 480,
        allow_negative_numbers = true
    )]
    offset_min: i32,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务器 Serve tablets and desks
    Serve {
        /// 监听地址；0 端口由系统选 Address; port 0 lets the system choose
        #[arg(long, default_value = "127.0.0.1:8750")]
        listen: SocketAddr,
    },
    /// 人员 Staff
    #[command(subcommand)]
    Staff(StaffCommand),
    /// 生成一次性注册码 Make a one-time enrolment code
    Enrol {
        /// 工号 Staff number
        staff_no: String,
    },
    /// 设备 Devices
    #[command(subcommand)]
    Device(DeviceCommand),
    /// 导入工单 Import work orders: all rows, or none while one is wrong
    Import {
        /// CSV 文件 The file, UTF-8 or GB18030
        file: PathBuf,
        /// 工单号已有而内容不同时更新 Update known numbers that have other contents
        #[arg(long)]
        update: bool,
    },
    /// 派单、改派 Give an order to a technician, or to another
    Assign {
        /// 工单号 Order number
        no: String,
        /// 工号 Staff number
        staff_no: String,
    },
    /// 取消工单 Cancel an order
    Cancel {
        /// 工单号 Order number
        no: String,
        /// 原因 Why
        #[arg(long)]
        reason: String,
    },
    /// 导出 Export
    #[command(subcommand)]
    Export(ExportCommand),
    /// 核对全部数据 Check all that is stored: chains, hashes, queues, blobs
    Verify,
    /// 备份（不用停机） Back up into a folder while the hub runs
    Backup {
        /// 备份目录 Folder
        to: PathBuf,
    },
    /// 从备份恢复（要先停机） Restore from a backup; the hub must not run
    Restore {
        /// 备份目录 Folder
        from: PathBuf,
    },
    /// 放入演示公司，打印注册码 Fill in a demo company and print enrolment codes
    Demo {
        /// 工单文件 File of orders; their dates become today's
        #[arg(long)]
        orders: PathBuf,
    },
}

#[derive(Subcommand)]
enum StaffCommand {
    /// 添加或修改 Add, or change
    Add(NewStaff),
    /// 列出 List
    List,
}

#[derive(Args)]
struct NewStaff {
    /// 工号 Staff number
    staff_no: String,
    /// 姓名 Name
    name: String,
    /// 角色 Role
    #[arg(long, value_enum)]
    role: RoleName,
    /// 班组 Team
    #[arg(long)]
    team: String,
    /// 电话 Phone
    #[arg(long, default_value = "")]
    phone: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Technician,
    Lead,
    Dispatcher,
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Technician => Role::Technician,
            RoleName::Lead => Role::Lead,
            RoleName::Dispatcher => Role::Dispatcher,
            RoleName::Admin => Role::Admin,
        }
    }
}

#[derive(Subcommand)]
enum DeviceCommand {
    /// 列出 List
    List,
    /// 停用 Revoke: it may still send, no longer receive
    Revoke {
        /// 设备编号 Its id
        id: String,
        /// 传完后删除设备上的数据 Tell it to delete its data once they were sent
        #[arg(long)]
        wipe: bool,
    },
}

#[derive(Subcommand)]
enum ExportCommand {
    /// 上门记录（CSV） Visits as CSV
    Visits {
        /// 从哪天 First day, 2026-11-01
        #[arg(long)]
        from: NaiveDate,
        /// 到哪天（含） Last day
        #[arg(long)]
        to: NaiveDate,
        /// 写到文件 Into a file instead of the console
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// Why a command failed: a sentence in both languages, and the cause.
#[derive(Debug)]
pub(crate) struct Failure {
    zh: String,
    en: String,
    cause: Option<Box<dyn Error>>,
}

impl Failure {
    pub(crate) fn new(zh: &str, en: &str) -> Failure {
        Failure {
            zh: zh.to_owned(),
            en: en.to_owned(),
            cause: None,
        }
    }

    pub(crate) fn caused(mut self, error: impl Error + 'static) -> Failure {
        self.cause = Some(Box::new(error));
        self
    }

    /// A failure of the hub's, worded for the office.
    pub(crate) fn hub(error: HubError) -> Failure {
        let failure = match &error {
            HubError::InUse => Failure::new(
                "这个目录正在使用，请先停掉服务器。",
                "The folder is in use. Stop the server first.",
            ),
            HubError::DiskFull => Failure::new("磁盘已满。", "The disk is full."),
            HubError::FromFuture { .. } => Failure::new(
                "数据来自更新的版本，请升级程序。",
                "The data are of a newer version. Update the program.",
            ),
            HubError::Damaged(_) => Failure::new("数据已损坏。", "The data are damaged."),
            HubError::Refused(problem) => return Failure::new(&problem.zh, &problem.en),
            _ => Failure::new("读写数据时出错。", "Reading or writing the data failed."),
        };
        failure.caused(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.zh, self.en)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref()
    }
}

/// Prints one line; a closed console is no failure.
pub(crate) fn say(line: impl fmt::Display) {
    writeln!(std::io::stdout().lock(), "{line}").ok();
}

fn open(data: &Path) -> Result<Hub, Failure> {
    Hub::open(data, &machine::call()?).map_err(Failure::hub)
}

/// Does what was asked.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let data = cli.data.as_path();
    match cli.command {
        Command::Serve { listen } => serve::run(data, listen),
        Command::Staff(command) => staff(&mut open(data)?, command),
        Command::Enrol { staff_no } => {
            let code = open(data)?.new_code(&staff_no, &machine::call()?);
            say(code.map_err(Failure::hub)?);
            Ok(())
        }
        Command::Device(command) => device(&mut open(data)?, command, cli.offset_min),
        Command::Import { file, update } => {
            let known = if update { Known::Update } else { Known::Keep };
            let bytes = std::fs::read(&file).map_err(|e| {
                Failure::new("工单文件打不开。", "The file of orders cannot be opened.").caused(e)
            })?;
            import(&mut open(data)?, &bytes, known, cli.offset_min)
        }
        Command::Assign { no, staff_no } => {
            let done = open(data)?.assign(&no, &staff_no, &office(), &machine::call()?);
            done.map_err(Failure::hub)
        }
        Command::Cancel { no, reason } => {
            let done = open(data)?.cancel(&no, &reason, &office(), &machine::call()?);
            done.map_err(Failure::hub)
        }
        Command::Export(ExportCommand::Visits { from, to, out }) => {
            export(&open(data)?, (from, to), out.as_deref(), cli.offset_min)
        }
        Command::Verify => verified(&open(data)?.verify().map_err(Failure::hub)?),
        Command::Backup { to } => verified(&open(data)?.backup(&to).map_err(Failure::hub)?),
        Command::Restore { from } => {
            let found = restore(&from, data, &machine::call()?);
            verified(&found.map_err(Failure::hub)?)
        }
        Command::Demo { orders } => demo::run(&mut open(data)?, &orders, cli.offset_min),
    }
}

fn staff(hub: &mut Hub, command: StaffCommand) -> Result<(), Failure> {
    match command {
        StaffCommand::Add(new) => {
            let card = StaffCard {
                actor: Actor {
                    staff_no: new.staff_no,
                    name: new.name,
                },
                phone: new.phone,
                role: new.role.into(),
                team: new.team,
            };
            hub.put_staff(&card, &machine::call()?)
                .map_err(Failure::hub)
        }
        StaffCommand::List => {
            for card in hub.staff().map_err(Failure::hub)? {
                let (no, name) = (&card.actor.staff_no, &card.actor.name);
                say(format_args!(
                    "{no}\t{name}\t{}\t{}\t{}",
                    role_zh(card.role),
                    card.team,
                    card.phone
                ));
            }
            Ok(())
        }
    }
}

fn role_zh(role: Role) -> &'static str {
    match role {
        Role::Technician => "师傅 technician",
        Role::Lead => "班组长 lead",
        Role::Dispatcher => "调度 dispatcher",
        Role::Admin => "管理员 admin",
    }
}

fn device(hub: &mut Hub, command: DeviceCommand, offset_min: i32) -> Result<(), Failure> {
    match command {
        DeviceCommand::Revoke { id, wipe } => hub
            .revoke(&id, wipe, &machine::call()?)
            .map_err(Failure::hub),
        DeviceCommand::List => {
            let at = |ms: i64| match ms {
                0 => "—".to_owned(),
                ms => Moment { ms, offset_min }.date_hm(),
            };
            for d in hub.devices().map_err(Failure::hub)? {
                let state = match (d.revoked_ms, d.wipe) {
                    (None, _) => "在用 active",
                    (Some(_), false) => "已停用 revoked",
                    (Some(_), true) => "已停用并清除 revoked, wipe",
                };
                say(format_args!(
                    "{}\t{}\t{}\t{}\t{state}",
                    d.id,
                    d.staff_no,
                    d.name,
                    at(d.seen_ms)
                ));
            }
            Ok(())
        }
    }
}

/// Imports a file's bytes and tells what came of it.
pub(crate) fn import(
    hub: &mut Hub,
    bytes: &[u8],
    known: Known,
    offset_min: i32,
) -> Result<(), Failure> {
    let done = hub.import_orders(bytes, offset_min, known, &office(), &machine::call()?);
    let done = done.map_err(Failure::hub)?;
    if done.errors.is_empty() {
        let (new, updated, known) = (done.new, done.updated, done.known);
        say(format_args!(
            "新增 {new}，更新 {updated}，已有 {known}。  {new} new, {updated} updated, {known} known."
        ));
        return Ok(());
    }
    for error in &done.errors {
        let ImportError {
            line,
            column,
            value,
            reason,
        } = error;
        let (zh, en) = reason_words(*reason);
        say(format_args!(
            "第 {line} 行 {column}「{value}」：{zh}  row {line}: {en}"
        ));
    }
    Err(Failure::new(
        "有的行不对，一张也没有导入。",
        "Some rows are wrong; nothing was imported.",
    ))
}

fn reason_words(reason: ImportReason) -> (&'static str, &'static str) {
    match reason {
        ImportReason::Missing => ("不能空着", "must not be empty"),
        ImportReason::BadTime => (
            "时间要写成 2026-11-22 14:00",
            "a time looks like 2026-11-22 14:00",
        ),
        ImportReason::EndBeforeStart => ("结束早于开始", "ends before it starts"),
        ImportReason::BadJob => (
            "工单类型只有新装、移机、修障",
            "the job is install, move or repair",
        ),
        ImportReason::UnknownStandard => ("没有这个规范", "there is no such standard"),
        ImportReason::JobNotServed => (
            "规范不适用于这种工单",
            "the standard does not serve this job",
        ),
        ImportReason::BadPhone => ("不是电话号码", "not a phone number"),
        ImportReason::BadNumber => ("不是整数", "not a whole number"),
        ImportReason::Duplicate => ("工单号在文件里重复", "the number stands twice in this file"),
        ImportReason::Conflict => (
            "工单号已有，内容不同（要更新请加 --update）",
            "the number is known with other contents (--update changes it)",
        ),
        ImportReason::TooLong => ("太长", "too long"),
        ImportReason::ColumnCount => (
            "列数和表头不一样",
            "another number of columns than the header",
        ),
    }
}

fn export(
    hub: &Hub,
    (from, to): (NaiveDate, NaiveDate),
    out: Option<&Path>,
    offset_min: i32,
) -> Result<(), Failure> {
    let wrong = || Failure::new("日期不对。", "The dates are wrong.");
    let zone = offset_min
        .checked_mul(60)
        .and_then(FixedOffset::east_opt)
        .ok_or_else(wrong)?;
    let midnight = |day: NaiveDate| {
        let local = day.and_time(NaiveTime::MIN);
        zone.from_local_datetime(&local)
            .single()
            .map(|t| t.timestamp_millis())
    };
    let last = to.succ_opt().ok_or_else(wrong)?;
    let (from_ms, to_ms) = midnight(from).zip(midnight(last)).ok_or_else(wrong)?;
    let csv = hub
        .export_visits(from_ms, to_ms, offset_min)
        .map_err(Failure::hub)?;
    let written = match out {
        Some(path) => std::fs::write(path, csv),
        None => std::io::stdout().lock().write_all(&csv),
    };
    written.map_err(|e| Failure::new("导出文件写不了。", "The export cannot be written.").caused(e))
}

fn verified(found: &Verified) -> Result<(), Failure> {
    let Verified {
        logs,
        events,
        deliveries,
        blobs,
        awaited,
        ..
    } = found;
    say(format_args!(
        "日志 {logs}，记录 {events}，待发 {deliveries}，文件 {blobs}，未到文件 {awaited}。"
    ));
    say(format_args!(
        "{logs} logs, {events} events, {deliveries} deliveries, {blobs} blobs, {awaited} blobs awaited."
    ));
    if found.faults.is_empty() {
        return Ok(());
    }
    found.faults.iter().for_each(say);
    Err(Failure::new("核对发现问题。", "The check found faults."))
}
