//! Photo intake: checked, made upright and watermarked, stored in the vault, then named by an event.

use crate::visits::own_visit;
use crate::{App, Outcome};
use doorstep_domain::time::Stamp;
use doorstep_domain::visit::decide::check_photo;
use doorstep_domain::visit::events::VisitEvent;
use doorstep_domain::visit::view::VisitView;
use doorstep_domain::visit::{Photo, PhotoTarget};
use doorstep_photo::{Fonts, Watermark, intake};

static MAIN: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular.ttf");
static EXTENSION: &[u8] = include_bytes!("../../../assets/fonts/DoorstepHanExt.ttf");

impl App {
    /// Takes a picture in; durable when it returns.
    ///
    /// # Errors
    /// A refusal of [`check_photo`], one of the photo codes, or storage trouble; the log is unchanged then.
    pub fn add_photo(&self, visit: &str, target: &PhotoTarget, file: &[u8]) -> Outcome<VisitView> {
        let now = self.now()?;
        let mark = self.with(|session| {
            own_visit(session, visit)?;
            let held = self.hold(session, visit, &now)?;
            check_photo(&held.ground(&now), target)?;
            Ok(watermark(&held.order, &session.technician, &now))
        })?;
        // the slow part runs without the lock: taps go on meanwhile
        let taken = intake(file, &mark, self.fonts_for_photos()?)?;
        self.with(|session| {
            let held = self.hold(session, visit, &now)?;
            check_photo(&held.ground(&now), target)?;
            let jpeg = session.vault.put(visit, &taken.jpeg)?;
            let thumb = session.vault.put(visit, &taken.thumb)?;
            let photo = Photo {
                id: self.new_id(&now),
                target: target.clone(),
                sha256: jpeg.sha256,
                thumb_sha256: thumb.sha256,
                width: taken.width,
                height: taken.height,
                bytes: jpeg.bytes,
                band_top: taken.band_top,
                phash: taken.phash,
                crop_phashes: taken.crop_phashes,
                source_sha256: taken.source_sha256,
                exif_at: taken.exif.taken_at,
                exif_offset: taken.exif.offset,
                exif_lat: taken.exif.lat,
                exif_lon: taken.exif.lon,
            };
            let contents =
                self.contents(session, &now, visit, &[VisitEvent::PhotoAdded { photo }])?;
            session.store.append(contents)?;
            self.show(session, visit, &now)
        })
    }

    /// A picture or thumbnail of a visit; one that came from the server is fetched there.
    ///
    /// # Errors
    /// [`doorstep_domain::code::Code::BlobMissing`], [`doorstep_domain::code::Code::BlobDamaged`].
    pub fn photo(&self, visit: &str, sha256: &str) -> Outcome<Vec<u8>> {
        let hex = sha256.len() == 64 && sha256.chars().all(|c| c.is_ascii_hexdigit());
        if !hex {
            return Err(doorstep_domain::code::Code::BadRequest.into());
        }
        self.picture(visit, sha256)
    }

    fn fonts_for_photos(&self) -> Outcome<&Fonts> {
        if let Some(fonts) = self.photo_fonts.get() {
            return Ok(fonts);
        }
        let fonts = Fonts::from_bytes(MAIN, EXTENSION)?;
        Ok(self.photo_fonts.get_or_init(|| fonts))
    }
}

/// Time, place, order number, technician: what Chinese crews expect burned in.
fn watermark(
    order: &doorstep_domain::order::OrderState,
    technician: &doorstep_domain::event::Actor,
    now: &Stamp,
) -> Watermark {
    let work = order.order.as_ref();
    let no = order
        .linked_no
        .clone()
        .or_else(|| work.map(|o| o.no.clone()))
        .unwrap_or_default();
    let address = work.map(|o| o.address.clone()).unwrap_or_default();
    Watermark {
        lines: vec![
            now.moment().date_hm(),
            address,
            format!("工单 {no} · {} {}", technician.name, technician.staff_no),
        ],
    }
}
