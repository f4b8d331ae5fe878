//! Pictures of visits that came from the server: they stay there until somebody looks at them.

use super::{Access, apart};
use crate::visits::visit_state;
use crate::{App, AppError, Outcome, Session};
use doorstep_domain::code::Code;
use doorstep_domain::event::sha256_hex;
use doorstep_sync::http::HttpLink;

/// No picture or signature is larger, bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Where a picture is.
enum Found {
    Here(Vec<u8>),
    AtTheHub(String, Option<Access>),
}

impl App {
    /// A picture of a visit: from this device, else from the server, and kept here then. Thumbnails do not travel; the whole picture
    /// stands for its own.
    ///
    /// # Errors
    /// [`Code::BlobMissing`] when it is neither here nor can be had now, [`Code::BlobDamaged`], storage trouble.
    pub(crate) fn picture(&self, visit: &str, sha256: &str) -> Outcome<Vec<u8>> {
        let (whole, access) = match self.with(|session| look(session, visit, sha256))? {
            Found::Here(bytes) => return Ok(bytes),
            Found::AtTheHub(whole, access) => (whole, access.ok_or(Code::BlobMissing)?),
        };
        // without the lock: taps go on while the server is asked
        let asked = || {
            let link = HttpLink::new(&access.address, Some(&access.token), Some(&access.hub));
            let link = link.map_err(AppError::internal)?;
            link.blob(&whole, 0, LARGEST)
                .map_err(|error| AppError::caused(Code::BlobMissing, error))
        };
        let bytes = apart(asked)??;
        if sha256_hex(&bytes) != whole {
            return Err(Code::BlobDamaged.into());
        }
        self.with(|session| {
            session.vault.put(visit, &bytes)?;
            Ok(bytes)
        })
    }
}

fn look(session: &mut Session, visit: &str, sha256: &str) -> Outcome<Found> {
    if session.vault.exists(visit, sha256)? {
        return Ok(Found::Here(session.vault.get(visit, sha256)?));
    }
    // an assessment holds no photos, only ink
    let photos = match visit.starts_with("assess/") {
        true => Vec::new(),
        false => visit_state(session, visit)?.photos,
    };
    let own = photos.iter().find(|p| p.value.thumb_sha256 == sha256);
    let whole = own.map_or(sha256, |p| p.value.sha256.as_str());
    if session.vault.exists(visit, whole)? {
        return Ok(Found::Here(session.vault.get(visit, whole)?));
    }
    Ok(Found::AtTheHub(whole.to_owned(), session.access()?))
}
