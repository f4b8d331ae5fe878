//! What a call needs from the machine: the time and fresh randomness. Nothing in the core asks for either.

use doorstep_domain::time::Stamp;
use sha2::{Digest, Sha256};
use uuid::Builder;

/// Letters of enrolment codes: none that is mistaken for another on paper or over the phone.
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// One call's time and randomness.
#[derive(Clone, Debug)]
pub struct Call {
    /// Now, by the hub's clocks.
    pub at: Stamp,
    /// 32 bytes from the operating system's generator, used for this call only.
    pub entropy: [u8; 32],
}

impl Call {
    /// Now, ms since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.at.wall_ms
    }

    /// Independent bytes for the purpose and number: the call's randomness, spread by hashing.
    fn bytes(&self, purpose: &str, n: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.entropy);
        hash.update(n.to_le_bytes());
        hash.update(purpose.as_bytes());
        hash.finalize().into()
    }

    /// The `n`th id of this call, a UUIDv7.
    pub(crate) fn id(&self, purpose: &str, n: u64) -> String {
        let mut random = [0; 10];
        random.copy_from_slice(&self.bytes(purpose, n)[..10]);
        let ms = u64::try_from(self.at.wall_ms).unwrap_or(0);
        Builder::from_unix_timestamp_millis(ms, &random)
            .into_uuid()
            .to_string()
    }

    /// An opaque word that carries nothing: 32 random bytes in hex.
    pub(crate) fn secret(&self, purpose: &str) -> String {
        hex::encode(self.bytes(purpose, 0))
    }

    /// An enrolment code of 60 bits: `7KQ2-M9FX-R4DA`.
    pub(crate) fn code(&self) -> String {
        let bytes = self.bytes("code", 0);
        let letters: Vec<u8> = bytes[..12]
            .iter()
            .map(|b| CODE_LETTERS[usize::from(b % 32)])
            .collect();
        let groups: Vec<String> = letters
            .chunks(4)
            .map(|c| String::from_utf8_lossy(c).into_owned())
            .collect();
        groups.join("-")
    }
}

/// An id that follows from a name: the same order number has the same stream, even at a hub that forgot it.
pub(crate) fn named_id(space: &str, name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(space.as_bytes());
    hash.update([0]);
    hash.update(name.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}
