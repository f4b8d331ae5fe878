//! Who receives a stream, and the queue of each device.

use super::event::Log;
use crate::error::Outcome;
use doorstep_domain::wire::{Delivery, WireEvent};
use rusqlite::{Connection, Row, params};

/// Who receives a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience<'a> {
    /// A person, by staff number.
    Staff(&'a str),
    /// The leads of a team.
    Team(&'a str),
}

impl<'a> Audience<'a> {
    fn parts(self) -> (&'static str, &'a str) {
        match self {
            Audience::Staff(who) => ("staff", who),
            Audience::Team(who) => ("team", who),
        }
    }
}

/// Adds a recipient; false when it was one before.
pub(crate) fn add(c: &Connection, stream: &str, audience: Audience<'_>) -> Outcome<bool> {
    let (kind, who) = audience.parts();
    let added = c
        .prepare_cached("INSERT OR IGNORE INTO audience (stream, kind, who) VALUES (?1, ?2, ?3)")?
        .execute([stream, kind, who])?;
    Ok(added > 0)
}

pub(crate) fn remove(c: &Connection, stream: &str, audience: Audience<'_>) -> Outcome<()> {
    let (kind, who) = audience.parts();
    c.prepare_cached("DELETE FROM audience WHERE stream = ?1 AND kind = ?2 AND who = ?3")?
        .execute([stream, kind, who])?;
    Ok(())
}

fn text(row: &Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

/// Devices that receive a stream now.
pub(crate) fn devices_of(c: &Connection, stream: &str) -> Outcome<Vec<String>> {
    let mut statement = c.prepare_cached(
        "SELECT DISTINCT d.id FROM audience a
         JOIN staff s ON (a.kind = 'staff' AND s.staff_no = a.who)
                      OR (a.kind = 'team' AND s.team = a.who AND s.role = 'lead')
         JOIN device d ON d.staff_no = s.staff_no
         WHERE a.stream = ?1 AND d.revoked_ms IS NULL ORDER BY d.id",
    )?;
    let rows: rusqlite::Result<Vec<String>> = statement.query_map([stream], text)?.collect();
    Ok(rows?)
}

/// Devices of one audience.
pub(crate) fn devices_in(c: &Connection, audience: Audience<'_>) -> Outcome<Vec<String>> {
    let (sql, who) = match audience {
        Audience::Staff(who) => (
            "SELECT id FROM device WHERE staff_no = ?1 AND revoked_ms IS NULL ORDER BY id",
            who,
        ),
        Audience::Team(who) => (
            "SELECT d.id FROM device d JOIN staff s USING (staff_no)
             WHERE s.team = ?1 AND s.role = 'lead' AND d.revoked_ms IS NULL ORDER BY d.id",
            who,
        ),
    };
    let mut statement = c.prepare_cached(sql)?;
    let rows: rusqlite::Result<Vec<String>> = statement.query_map([who], text)?.collect();
    Ok(rows?)
}

/// Puts an event into a device's queue, unless it is there or came from that device.
/// The counter rises in the same transaction, so numbers are taken in the order of commits.
pub(crate) fn enqueue(c: &Connection, device: &str, pos: i64) -> Outcome<()> {
    let skip = c
        .prepare_cached(
            "SELECT 1 FROM delivery WHERE device = ?1 AND pos = ?2
             UNION ALL
             SELECT 1 FROM event JOIN log USING (log_id) WHERE pos = ?2 AND log.device = ?1",
        )?
        .exists(params![device, pos])?;
    if skip {
        return Ok(());
    }
    #[cfg(debug_assertions)]
    if super::sabotage::enqueue_unlocked(c, device, pos)? {
        return Ok(());
    }
    let n: u64 = c
        .prepare_cached("UPDATE device SET queued = queued + 1 WHERE id = ?1 RETURNING queued")?
        .query_row([device], |r| r.get(0))?;
    c.prepare_cached("INSERT INTO delivery (device, n, pos) VALUES (?1, ?2, ?3)")?
        .execute(params![device, n, pos])?;
    Ok(())
}

/// Positions of a stream's events, oldest first; a content that came twice counts once.
pub(crate) fn positions(c: &Connection, stream: &str) -> Outcome<Vec<i64>> {
    let mut statement =
        c.prepare_cached("SELECT pos FROM event WHERE stream = ?1 AND fresh = 1 ORDER BY pos")?;
    let rows: rusqlite::Result<Vec<i64>> = statement.query_map([stream], |r| r.get(0))?.collect();
    Ok(rows?)
}

/// Positions of what an audience receives and what moved since `since_ms`: streams whose newest event came then, orders
/// that are still to be done, and with every visit among them its order and what was said of it; every exam and staff card, however old,
/// every issue that is not filed, every plan that is not dropped.
pub(crate) fn backlog(c: &Connection, audience: Audience<'_>, since_ms: i64) -> Outcome<Vec<i64>> {
    let (kind, who) = audience.parts();
    let mut statement = c.prepare_cached(
        "WITH mine AS (SELECT stream FROM audience WHERE kind = ?1 AND who = ?2),
         open AS (SELECT stream FROM work_order WHERE cancelled = 0 AND done = 0 AND staff_no IS NOT NULL),
         due AS (SELECT stream FROM mine WHERE stream IN (SELECT stream FROM open)
                   OR (SELECT e.received_ms FROM event e WHERE e.stream = mine.stream AND e.fresh = 1
                       ORDER BY e.pos DESC LIMIT 1) >= ?3
                   OR stream LIKE 'assess/%' OR stream LIKE 'staff/%'
                   OR stream IN (SELECT v.stream FROM visit v WHERE v.order_stream IN (SELECT stream FROM open))
                   OR (stream LIKE 'issue/%' AND NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = mine.stream
                       AND e.kind = 'issue.archived' AND e.fresh = 1))
                   OR (stream LIKE 'follow/%' AND NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = mine.stream
                       AND e.kind = 'follow.dropped' AND e.fresh = 1))),
         told AS (SELECT stream FROM due WHERE stream LIKE 'visit/%'
                  UNION SELECT 'visit/' || substr(stream, 8) FROM due WHERE stream LIKE 'review/%'),
         wanted AS (SELECT stream FROM due
                    UNION SELECT stream FROM told
                    UNION SELECT 'review/' || substr(stream, 7) FROM told
                    UNION SELECT order_stream FROM visit WHERE stream IN (SELECT stream FROM told))
         SELECT pos FROM event WHERE fresh = 1
            AND stream IN (SELECT stream FROM wanted WHERE stream IN (SELECT stream FROM mine)) ORDER BY pos",
    )?;
    let rows: rusqlite::Result<Vec<i64>> = statement
        .query_map(params![kind, who, since_ms], |r| r.get(0))?
        .collect();
    Ok(rows?)
}

/// Whether anything of an audience's streams is not in a device's queue: a stream comes whole or not at all, so its first
/// event tells.
pub(crate) fn lacks_any(c: &Connection, device: &str, audience: Audience<'_>) -> Outcome<bool> {
    let (kind, who) = audience.parts();
    Ok(c.prepare_cached(
        "SELECT 1 FROM audience a
         JOIN event e ON e.pos = (SELECT min(pos) FROM event WHERE stream = a.stream AND fresh = 1)
         JOIN log USING (log_id)
         WHERE a.kind = ?2 AND a.who = ?3 AND log.device <> ?1
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.device = ?1 AND d.pos = e.pos)",
    )?
    .exists(params![device, kind, who])?)
}

/// Whether the stream begins before `pos` with an event that never went to a device and did not come from it: a stream comes
/// whole or not at all.
pub(crate) fn lacks_before(c: &Connection, device: &str, stream: &str, pos: i64) -> Outcome<bool> {
    Ok(c.prepare_cached(
        "SELECT 1 FROM (SELECT pos, log_id FROM event WHERE stream = ?2 AND fresh = 1 AND pos < ?3
                        ORDER BY pos LIMIT 1) e JOIN log USING (log_id)
         WHERE log.device <> ?1 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.device = ?1 AND d.pos = e.pos)",
    )?
    .exists(params![device, stream, pos])?)
}

/// A page of a device's queue: at most `bytes` of texts, but at least one delivery where there is one.
pub(crate) fn page(
    c: &Connection,
    device: &str,
    after: u64,
    bytes: usize,
) -> Outcome<Vec<Delivery>> {
    let mut statement = c.prepare_cached(
        "SELECT d.n, e.log_id, e.seq, e.prev, e.text FROM delivery d JOIN event e USING (pos)
         WHERE d.device = ?1 AND d.n > ?2 ORDER BY d.n",
    )?;
    let mut rows = statement.query(params![device, after])?;
    let (mut page, mut used) = (Vec::new(), 0_usize);
    while let Some(row) = rows.next()? {
        let event = WireEvent {
            log_id: row.get(1)?,
            seq: row.get(2)?,
            prev: row.get(3)?,
            text: row.get(4)?,
        };
        used = used.saturating_add(event.text.len());
        if used > bytes && !page.is_empty() {
            break;
        }
        page.push(Delivery {
            n: row.get(0)?,
            event,
        });
    }
    Ok(page)
}

/// How many deliveries lie in a device's queue, and the highest number: equal when there is no gap.
pub(crate) fn extent(c: &Connection, device: &str) -> Outcome<(u64, u64)> {
    Ok(
        c.prepare_cached("SELECT count(*), coalesce(max(n), 0) FROM delivery WHERE device = ?1")?
            .query_row([device], |r| Ok((r.get(0)?, r.get(1)?)))?,
    )
}

/// Whether a person may see a stream: as its recipient, as lead of its team, or because it is in a log of theirs.
pub(crate) fn may_see(
    c: &Connection,
    stream: &str,
    staff_no: &str,
    team_led: Option<&str>,
) -> Outcome<bool> {
    Ok(c.prepare_cached(
        "SELECT 1 FROM audience WHERE stream = ?1 AND kind = 'staff' AND who = ?2
         UNION ALL
         SELECT 1 FROM audience WHERE stream = ?1 AND kind = 'team' AND who = ?3",
    )?
    .exists(params![stream, staff_no, team_led])?)
}

/// Who receives a stream: people, and teams whose leads do.
pub(crate) fn audiences(c: &Connection, stream: &str) -> Outcome<(Vec<String>, Vec<String>)> {
    let mut statement =
        c.prepare_cached("SELECT who FROM audience WHERE stream = ?1 AND kind = ?2 ORDER BY who")?;
    let mut of = |kind: &str| -> rusqlite::Result<Vec<String>> {
        statement.query_map([stream, kind], text)?.collect()
    };
    Ok((of("staff")?, of("team")?))
}

/// Whether the leads of a team receive a stream.
pub(crate) fn led_by(c: &Connection, stream: &str, team: &str) -> Outcome<bool> {
    Ok(
        c.prepare_cached(
            "SELECT 1 FROM audience WHERE stream = ?1 AND kind = 'team' AND who = ?2",
        )?
        .exists([stream, team])?,
    )
}

/// Whose log it is, by staff number; none for the hub's.
pub(crate) fn owner(c: &Connection, log: &Log) -> Outcome<Option<String>> {
    use rusqlite::OptionalExtension;
    Ok(
        c.prepare_cached("SELECT staff_no FROM device WHERE id = ?1")?
            .query_row([&log.device], |r| r.get(0))
            .optional()?,
    )
}
