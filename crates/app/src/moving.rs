//! A visit under way goes on under another version of its standard.

use crate::visits::{Held, own_visit, visit_state};
use crate::{App, Outcome, Session};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::standard::Pack;
use doorstep_domain::visit::PackRef;
use doorstep_domain::visit::moving::{PackMoveView, check_move, move_view};
use doorstep_domain::visit::view::VisitView;
use std::sync::Arc;

/// A version that the visit could go to.
struct Other {
    pack: Arc<Pack>,
    to: PackRef,
}

impl App {
    /// What would change if the visit went on under the version that its walk offers: rows that come, differ and go.
    ///
    /// # Errors
    /// As [`check_move`]; [`Code::VisitOfOther`], [`Code::VisitUnknown`], [`Code::PackUnknown`] when that version is not here,
    /// [`Code::PackBroken`], storage trouble.
    pub fn pack_changes(&self, visit: &str) -> Outcome<PackMoveView> {
        let now = self.now()?;
        self.with(|session| {
            own_visit(session, visit)?;
            let held = self.hold(session, visit, &now)?;
            let other = self.offered(session, &held)?;
            let ground = held.ground(&now);
            check_move(&ground, &other.pack, &other.to)?;
            let lang = session.settings.lang;
            Ok(move_view(&ground, &other.pack, &other.to, lang))
        })
    }

    /// Goes on under that version; `hash` names exactly the one whose changes were shown. Durable when it returns.
    ///
    /// # Errors
    /// As [`App::pack_changes`]; [`Code::PackUnknown`] when another version is offered by now.
    pub fn move_pack(&self, visit: &str, hash: &str) -> Outcome<VisitView> {
        let now = self.now()?;
        self.with(|session| {
            own_visit(session, visit)?;
            let mut held = self.hold(session, visit, &now)?;
            let other = self.offered(session, &held)?;
            if other.to.hash != hash {
                return Err(Refusal::new(Code::PackUnknown)
                    .with("standard", hash)
                    .into());
            }
            let event = check_move(&held.ground(&now), &other.pack, &other.to)?;
            self.keep(session, &other.to)?;
            let contents = self.contents(session, &now, visit, &[event])?;
            session.store.append(contents)?;
            held.visit = visit_state(session, visit)?;
            held.pack = other.pack;
            self.show_held(session, &held, &now)
        })
    }

    /// The newest version where it is newer, else the one that the last move left.
    fn offered(&self, session: &Session, held: &Held) -> Outcome<Other> {
        let opened = held.visit.opened.as_ref().ok_or(Code::VisitUnknown)?;
        let id = &opened.pack.id;
        if self.packs.newest_version(id) > Some(opened.pack.version) {
            let (_, loaded) = self.packs.newest(id)?;
            return Ok(Other {
                pack: Arc::new(loaded.pack.clone()),
                to: reference(&loaded.pack, &loaded.hash),
            });
        }
        let last = held.visit.moves.last().ok_or(Code::PackNotNewer)?;
        let to = last.value.from.clone();
        let pack = self.packs.pinned(&session.store, &to.hash)?;
        Ok(Other { pack, to })
    }

    /// Puts the version's text into the store, where pinned ones lie.
    fn keep(&self, session: &mut Session, to: &PackRef) -> Outcome<()> {
        if session.store.pack(&to.hash)?.is_none() {
            let (file, loaded) = self.packs.newest(&to.id)?;
            session.store.put_pack(&loaded.hash, &loaded.source, file)?;
        }
        Ok(())
    }

    /// The newest version on this tablet, for a visit that is continued here.
    pub(crate) fn newest_for(&self, session: &Session, held: &Held) -> Outcome<Option<u32>> {
        let opened = held.visit.opened.as_ref().ok_or(Code::VisitUnknown)?;
        let own = session.store.writes(&held.visit.stream)?;
        Ok(self.packs.newest_version(&opened.pack.id).filter(|_| own))
    }
}

/// What a visit pins of a pack.
pub(crate) fn reference(pack: &Pack, hash: &str) -> PackRef {
    PackRef {
        id: pack.id.clone(),
        version: pack.version,
        hash: hash.to_owned(),
    }
}
