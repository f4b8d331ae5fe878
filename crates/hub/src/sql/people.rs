//! Staff, their codes and their devices.

use crate::error::{HubError, Outcome};
use doorstep_domain::event::Actor;
use doorstep_domain::wire::{Contact, Role, StaffCard};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A device as the hub knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id here.
    pub id: String,
    /// Whose it is.
    pub staff_no: String,
    /// What the office calls it.
    pub name: String,
    /// When it was enrolled, ms since 1970.
    pub enrolled_ms: i64,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
    /// Its data are to be deleted once they were pushed.
    pub wipe: bool,
    /// When it last synced; 0 = never.
    pub seen_ms: i64,
    /// The end of its queue.
    pub queued: u64,
    /// Its queue reaches back to here, ms since 1970; 0: to everything there is.
    pub since_ms: i64,
}

/// The word of a role in the database and the interface.
pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Technician => "technician",
        Role::Lead => "lead",
        Role::Dispatcher => "dispatcher",
        Role::Admin => "admin",
    }
}

/// The role of a word.
pub(crate) fn role_of(word: &str) -> Option<Role> {
    [Role::Technician, Role::Lead, Role::Dispatcher, Role::Admin]
        .into_iter()
        .find(|role| role_word(*role) == word)
}

fn card(row: &Row<'_>) -> rusqlite::Result<(StaffCard, String)> {
    let role: String = row.get(3)?;
    let card = StaffCard {
        actor: Actor {
            staff_no: row.get(0)?,
            name: row.get(1)?,
        },
        phone: row.get(2)?,
        role: role_of(&role).unwrap_or(Role::Technician),
        team: row.get(4)?,
    };
    Ok((card, role))
}

/// A role that this version does not know must not become one with rights.
fn known((card, role): (StaffCard, String)) -> Outcome<StaffCard> {
    match role_of(&role) {
        Some(_) => Ok(card),
        None => Err(HubError::Damaged(format!("role {role}"))),
    }
}

pub(crate) fn put_staff(c: &Connection, staff: &StaffCard) -> Outcome<()> {
    c.prepare_cached(
        "INSERT INTO staff (staff_no, name, phone, role, team) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (staff_no) DO UPDATE SET name = ?2, phone = ?3, role = ?4, team = ?5",
    )?
    .execute(params![
        staff.actor.staff_no,
        staff.actor.name,
        staff.phone,
        role_word(staff.role),
        staff.team
    ])?;
    Ok(())
}

pub(crate) fn staff(c: &Connection, staff_no: &str) -> Outcome<Option<StaffCard>> {
    c.prepare_cached("SELECT staff_no, name, phone, role, team FROM staff WHERE staff_no = ?1")?
        .query_row([staff_no], card)
        .optional()?
        .map(known)
        .transpose()
}

pub(crate) fn all_staff(c: &Connection) -> Outcome<Vec<StaffCard>> {
    let mut statement =
        c.prepare("SELECT staff_no, name, phone, role, team FROM staff ORDER BY team, staff_no")?;
    let rows: rusqlite::Result<Vec<_>> = statement.query_map([], card)?.collect();
    rows?.into_iter().map(known).collect()
}

pub(crate) fn put_code(c: &Connection, hash: &str, staff_no: &str, expires_ms: i64) -> Outcome<()> {
    c.prepare_cached(
        "INSERT INTO enrol_code (code_hash, staff_no, expires_ms) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![hash, staff_no, expires_ms])?;
    Ok(())
}

/// Uses a code up; whose it was, when it was still good.
pub(crate) fn use_code(c: &Connection, hash: &str, now_ms: i64) -> Outcome<Option<String>> {
    Ok(c.prepare_cached(
        "UPDATE enrol_code SET used_ms = ?2
         WHERE code_hash = ?1 AND used_ms IS NULL AND expires_ms > ?2 RETURNING staff_no",
    )?
    .query_row(params![hash, now_ms], |r| r.get(0))
    .optional()?)
}

const DEVICE: &str = "SELECT id, staff_no, name, enrolled_ms, revoked_ms, wipe, seen_ms, queued, since_ms FROM device";

fn device_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: row.get(0)?,
        staff_no: row.get(1)?,
        name: row.get(2)?,
        enrolled_ms: row.get(3)?,
        revoked_ms: row.get(4)?,
        wipe: row.get(5)?,
        seen_ms: row.get(6)?,
        queued: row.get(7)?,
        since_ms: row.get(8)?,
    })
}

pub(crate) fn put_device(c: &Connection, device: &Device, token_hash: &str) -> Outcome<()> {
    c.prepare_cached(
        "INSERT INTO device (id, staff_no, name, token_hash, enrolled_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        device.id,
        device.staff_no,
        device.name,
        token_hash,
        device.enrolled_ms
    ])?;
    Ok(())
}

pub(crate) fn device_by_token(c: &Connection, token_hash: &str) -> Outcome<Option<Device>> {
    Ok(
        c.prepare_cached(&format!("{DEVICE} WHERE token_hash = ?1"))?
            .query_row([token_hash], device_row)
            .optional()?,
    )
}

pub(crate) fn device(c: &Connection, id: &str) -> Outcome<Option<Device>> {
    Ok(c.prepare_cached(&format!("{DEVICE} WHERE id = ?1"))?
        .query_row([id], device_row)
        .optional()?)
}

pub(crate) fn all_devices(c: &Connection) -> Outcome<Vec<Device>> {
    let mut statement = c.prepare(&format!("{DEVICE} ORDER BY staff_no, enrolled_ms"))?;
    let rows: rusqlite::Result<Vec<_>> = statement.query_map([], device_row)?.collect();
    Ok(rows?)
}

/// Revokes a device; false when there is none.
pub(crate) fn revoke(c: &Connection, id: &str, wipe: bool, now_ms: i64) -> Outcome<bool> {
    let changed = c
        .prepare_cached(
            "UPDATE device SET revoked_ms = coalesce(revoked_ms, ?2), wipe = max(wipe, ?3) WHERE id = ?1",
        )?
        .execute(params![id, now_ms, wipe])?;
    Ok(changed > 0)
}

pub(crate) fn seen(c: &Connection, id: &str, now_ms: i64) -> Outcome<()> {
    c.prepare_cached("UPDATE device SET seen_ms = ?2 WHERE id = ?1")?
        .execute(params![id, now_ms])?;
    Ok(())
}

/// Notes how far back a device's queue reaches.
pub(crate) fn set_since(c: &Connection, id: &str, since_ms: i64) -> Outcome<()> {
    c.prepare_cached("UPDATE device SET since_ms = ?2 WHERE id = ?1")?
        .execute(params![id, since_ms])?;
    Ok(())
}

/// The devices of one person that are in use.
pub(crate) fn devices_of(c: &Connection, staff_no: &str) -> Outcome<Vec<Device>> {
    let mut statement = c.prepare_cached(&format!(
        "{DEVICE} WHERE staff_no = ?1 AND revoked_ms IS NULL ORDER BY enrolled_ms, id"
    ))?;
    let rows: rusqlite::Result<Vec<_>> = statement.query_map([staff_no], device_row)?.collect();
    Ok(rows?)
}

/// The technicians of a team with their devices in use; who has none is listed once.
pub(crate) fn contacts(c: &Connection, team: &str) -> Outcome<Vec<Contact>> {
    let mut statement = c.prepare_cached(
        "SELECT s.staff_no, s.name, coalesce(d.name, ''), nullif(d.seen_ms, 0) FROM staff s
         LEFT JOIN device d ON d.staff_no = s.staff_no AND d.revoked_ms IS NULL
         WHERE s.team = ?1 AND s.role = 'technician' ORDER BY s.staff_no, d.enrolled_ms, d.id",
    )?;
    let contact = |row: &Row<'_>| {
        Ok(Contact {
            staff: Actor {
                staff_no: row.get(0)?,
                name: row.get(1)?,
            },
            device: row.get(2)?,
            seen_ms: row.get(3)?,
        })
    };
    let rows: rusqlite::Result<Vec<_>> = statement.query_map([team], contact)?.collect();
    Ok(rows?)
}
