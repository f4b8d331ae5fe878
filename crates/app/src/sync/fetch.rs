//! What came from the server only by name: pictures stay there until somebody looks at them, packs until a visit pins one that
//! is not here.

use super::{Access, apart};
use crate::visits::visit_state;
use crate::{App, AppError, Outcome, Session};
use doorstep_domain::code::{Code, Refusal};
use doorstep_domain::event::sha256_hex;
use doorstep_domain::wire::ProblemCode;
use doorstep_store::Store;
use doorstep_sync::http::HttpLink;
use doorstep_sync::link::LinkError;

/// No picture or signature is larger, bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// No pack is larger, bytes.
const LARGEST_PACK: u64 = 4 * 1024 * 1024;

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
        self.had(visit, sha256).map_err(|error| {
            let told = match error.refusal.code {
                Code::HubUnreachable | Code::HubNotDoorstep | Code::HubRefused => Code::BlobMissing,
                _ => return error,
            };
            AppError {
                refusal: told.into(),
                cause: error.cause,
            }
        })
    }

    /// Brings a picture or signature of a visit to this device; does nothing when it is here.
    ///
    /// # Errors
    /// [`Code::HubUnreachable`], [`Code::HubNotDoorstep`], [`Code::HubRefused`]; [`Code::BlobMissing`] when the server does not have it,
    /// or there is none; [`Code::BlobDamaged`], storage trouble.
    pub fn fetch_picture(&self, visit: &str, sha256: &str) -> Outcome<()> {
        self.had(visit, sha256).map(drop)
    }

    fn had(&self, visit: &str, sha256: &str) -> Outcome<Vec<u8>> {
        let (whole, access) = match self.with(|session| look(session, visit, sha256))? {
            Found::Here(bytes) => return Ok(bytes),
            Found::AtTheHub(whole, access) => (whole, access.ok_or(Code::BlobMissing)?),
        };
        // without the lock: taps go on while the server is asked
        let bytes = asked_hub(&access, |link| link.blob(&whole, 0, LARGEST))?;
        if sha256_hex(&bytes) != whole {
            return Err(Code::BlobDamaged.into());
        }
        self.with(|session| {
            session.vault.put(visit, &bytes)?;
            Ok(bytes)
        })
    }
}

/// Pins a pack that came from the server, if its bytes are what its name says.
///
/// # Errors
/// [`Code::PackUnknown`] for other bytes or no text, storage trouble.
fn keep_pack(store: &mut Store, hash: &str, bytes: Vec<u8>) -> Outcome<()> {
    let unknown = || Refusal::new(Code::PackUnknown).with("standard", hash);
    let source = String::from_utf8(bytes).map_err(|_| unknown())?;
    if sha256_hex(source.as_bytes()) != hash {
        return Err(unknown().into());
    }
    // where it came from has another name for it; mistakes in it are told under this one
    let file = format!("{}.toml", hash.get(..8).unwrap_or(hash));
    Ok(store.put_pack(hash, &source, &file)?)
}

/// Runs with the store of the open profile, or not when it was closed.
pub(super) type Enter<'a> = dyn Fn(&mut dyn FnMut(&mut Store)) + 'a;

/// Fetches packs that visits pin and that are not here, for the sync's thread. Answers the packs that came, and whether none is missing any more.
pub(super) fn fetch_packs(access: &Access, enter: &Enter<'_>) -> (Vec<String>, bool) {
    let mut asked = None;
    enter(&mut |store| asked = store.packs_missing().ok());
    let Some(missing) = asked else {
        return (Vec::new(), false);
    };
    if missing.is_empty() {
        return (Vec::new(), true);
    }
    let Ok(link) = HttpLink::new(&access.address, Some(&access.token), Some(&access.hub)) else {
        return (Vec::new(), false);
    };
    let wanted = missing.len();
    let mut came = Vec::new();
    for hash in missing {
        let bytes = match link.blob(&hash, 0, LARGEST_PACK) {
            Ok(bytes) => bytes,
            Err(LinkError::Refused(_)) => continue,
            Err(_) => break,
        };
        let mut kept = false;
        enter(&mut |store| kept = keep_pack(store, &hash, bytes.clone()).is_ok());
        if kept {
            came.push(hash);
        }
    }
    let all = came.len() == wanted;
    (came, all)
}

/// Asks the hub one thing, on a thread of its own.
///
/// # Errors
/// [`Code::HubUnreachable`], [`Code::HubNotDoorstep`], [`Code::BlobMissing`] for what is not there, [`Code::HubRefused`] with the hub's
/// words.
pub(crate) fn asked_hub<T: Send>(
    access: &Access,
    ask: impl FnOnce(&HttpLink) -> Result<T, LinkError> + Send,
) -> Outcome<T> {
    let asked = || {
        let link = HttpLink::new(&access.address, Some(&access.token), Some(&access.hub));
        ask(&link.map_err(AppError::internal)?).map_err(told)
    };
    apart(asked)?
}

fn told(error: LinkError) -> AppError {
    let refusal = match &error {
        LinkError::Offline | LinkError::Cut | LinkError::Slow => Code::HubUnreachable.into(),
        LinkError::Stranger | LinkError::Nonsense(_) => Code::HubNotDoorstep.into(),
        LinkError::Refused(problem) => match problem.code {
            ProblemCode::NotFound => Code::BlobMissing.into(),
            ProblemCode::Unavailable => Code::HubUnreachable.into(),
            _ => Refusal::new(Code::HubRefused)
                .with("zh", &problem.zh)
                .with("en", &problem.en),
        },
    };
    AppError {
        refusal,
        cause: Some(error.into()),
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
