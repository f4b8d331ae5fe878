//! Which blobs an event names. A body names a picture or ink by a field `sha256`, wherever it stands in it, so
//! this also finds those of kinds that this version does not know.

use crate::event::Content;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a blob holds. In the order in which a device sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlobKind {
    /// A signature's strokes.
    Ink,
    /// A standard's text, as a visit pins it: see [`pack_of`].
    Pack,
    /// A picture.
    Photo,
}

/// A blob as an event names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedBlob {
    /// Lower-case hex SHA-256 of its plain bytes.
    pub sha256: String,
    /// Plain length in bytes, where the event tells it.
    pub bytes: Option<u64>,
    /// What it holds.
    pub kind: BlobKind,
}

/// The blobs that travel with an event, in the order in which its body names them.
#[must_use]
pub fn blobs_of(content: &Content) -> Vec<NamedBlob> {
    let mut named = Vec::new();
    walk(&content.body, &mut |fields| {
        named.extend(hash_in(fields, "sha256").map(|sha256| NamedBlob {
            sha256,
            bytes: fields.get("bytes").and_then(Value::as_u64),
            kind: match fields.get("strokes") {
                Some(_) => BlobKind::Ink,
                None => BlobKind::Photo,
            },
        }));
    });
    named
}

/// The pack that a visit pins or moves to: its name is the SHA-256 of its text. No part of the visit's evidence, so no blob of the event's;
/// it travels by itself, once for all the visits that pin it.
#[must_use]
pub fn pack_of(content: &Content) -> Option<String> {
    let pins = ["visit.opened", "pack.moved"].contains(&content.kind.as_str());
    let pinned = pins.then(|| content.body.pointer("/pack"))?;
    hash_in(pinned?.as_object()?, "hash")
}

/// Hashes of the thumbnails that an event names. They stay on the device that made them.
#[must_use]
pub fn thumbnails_of(content: &Content) -> Vec<String> {
    let mut named = Vec::new();
    walk(&content.body, &mut |fields| {
        named.extend(hash_in(fields, "thumb_sha256"));
    });
    named
}

fn walk(value: &Value, look: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            look(fields);
            fields.values().for_each(|v| walk(v, look));
        }
        Value::Array(items) => items.iter().for_each(|v| walk(v, look)),
        _ => {}
    }
}

fn hash_in(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = fields.get(name)?.as_str()?;
    is_blob_name(text).then(|| text.to_owned())
}

/// Whether this is a lower-case hex SHA-256.
#[must_use]
pub fn is_blob_name(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::event::{Actor, write_body};
    use crate::time::Stamp;
    use crate::visit::events::VisitEvent;
    use crate::visit::{Ink, Photo, PhotoTarget, TechnicianSignature};

    fn content(kind: &str, body: Value) -> Content {
        Content {
            id: "id".to_owned(),
            stream: "visit/1".to_owned(),
            kind: kind.to_owned(),
            schema_v: 1,
            actor: Actor {
                staff_no: "3107".to_owned(),
                name: "王建国".to_owned(),
            },
            at: Stamp {
                wall_ms: 1,
                offset_min: 480,
                zone: "Asia/Shanghai".to_owned(),
                mono_ms: 1,
                boot_id: "boot".to_owned(),
            },
            based_on: None,
            body,
        }
    }

    fn of(event: &VisitEvent) -> (Vec<NamedBlob>, Vec<String>) {
        let (kind, body) = write_body(event).unwrap();
        let content = content(&kind, body);
        (blobs_of(&content), thumbnails_of(&content))
    }

    #[test]
    fn a_photo_travels_and_its_thumbnail_stays() {
        let photo = Photo {
            sha256: "ab".repeat(32),
            thumb_sha256: "cd".repeat(32),
            source_sha256: "ef".repeat(32),
            bytes: 400_000,
            id: "photo".to_owned(),
            target: PhotoTarget::Mark,
            width: 2048,
            height: 1536,
            band_top: 1400,
            phash: "0123456789abcdef".to_owned(),
            crop_phashes: Vec::new(),
            exif_at: None,
            exif_offset: None,
            exif_lat: None,
            exif_lon: None,
        };
        let named = NamedBlob {
            sha256: photo.sha256.clone(),
            bytes: Some(400_000),
            kind: BlobKind::Photo,
        };
        let thumb = photo.thumb_sha256.clone();
        assert_eq!(
            of(&VisitEvent::PhotoAdded { photo }),
            (vec![named], vec![thumb])
        );
    }

    #[test]
    fn ink_is_told_from_pictures() {
        let ink = Ink {
            sha256: "ab".repeat(32),
            width: 800,
            height: 300,
            strokes: 3,
            points: 90,
        };
        let named = NamedBlob {
            sha256: ink.sha256.clone(),
            bytes: None,
            kind: BlobKind::Ink,
        };
        let signature = TechnicianSignature { ink };
        assert_eq!(
            of(&VisitEvent::TechnicianSigned { signature }),
            (vec![named], vec![])
        );
    }

    #[test]
    fn a_visit_names_its_pack_and_nothing_else_does() {
        let opened = serde_json::json!({ "order": "order/1", "pack": { "id": "x", "version": 1, "hash": "ab".repeat(32) } });
        let content_of = |kind: &str| content(kind, opened.clone());
        assert_eq!(pack_of(&content_of("visit.opened")), Some("ab".repeat(32)));
        assert_eq!(pack_of(&content_of("pack.moved")), Some("ab".repeat(32)));
        assert_eq!(pack_of(&content_of("visit.reopened")), None);
        assert_eq!(blobs_of(&content_of("visit.opened")), []);
        let bad = serde_json::json!({ "pack": { "hash": "../x" } });
        assert_eq!(pack_of(&content("visit.opened", bad)), None);
    }

    #[test]
    fn kinds_of_later_versions_name_blobs_too_and_other_words_are_none() {
        let body = serde_json::json!({
            "clips": [{ "sha256": "12".repeat(32), "bytes": 9 }, { "sha256": "AB".repeat(32) }],
            "sha256": "../../etc/passwd",
            "digest": "34".repeat(32),
        });
        let found = blobs_of(&content("clip.added", body));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (found[0].bytes, &found[0].sha256),
            (Some(9), &"12".repeat(32))
        );
    }
}
