//! Looking for look-alikes among very many photos: perceptual hashes of 64 bits, cut into four keys of 16.
//!
//! Two hashes at most [`NEAR`] bits apart share a key up to two bits (10 bits over four keys: one of them holds at most two). So
//! whoever asks for every key within two bits of its own finds all of them, without a walk over every photo.

/// Pairs at most so many bits apart are shown; the same figure as `doorstep_photo::LOOKALIKE_DISTANCE`.
pub const NEAR: u32 = 10;

/// Hashes of one photo: whole, then centre crops. Pictures without structure have none.
pub type Print = Vec<u64>;

/// How much two photos resemble each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resemblance {
    /// Differing bits of 64.
    pub distance: u32,
    /// The rest in percent, rounded down.
    pub percent: u32,
}

/// Reads the hashes of a photo. What is not 16 hexadecimal digits, or is the hash of a blank picture, proves nothing and is left out;
/// without a whole one the crops are left out too.
#[must_use]
pub fn print(phash: &str, crops: &[String]) -> Print {
    let read = |hash: &str| {
        let digits = hash.len() == 16 && hash.bytes().all(|d| d.is_ascii_hexdigit());
        let bits = digits.then(|| u64::from_str_radix(hash, 16).ok()).flatten();
        bits.filter(|bits| *bits != 0)
    };
    let Some(whole) = read(phash) else {
        return Vec::new();
    };
    let crops = crops.iter().filter_map(|c| read(c));
    std::iter::once(whole).chain(crops).collect()
}

/// The nearest pair of which one is a whole picture; none when it is farther than [`NEAR`].
#[must_use]
pub fn resemblance(a: &[u64], b: &[u64]) -> Option<Resemblance> {
    let against = |whole: Option<&u64>, others: &[u64]| {
        let whole = *whole?;
        others.iter().map(|o| (whole ^ o).count_ones()).min()
    };
    let nearest = [against(a.first(), b), against(b.first(), a)];
    let distance = nearest.into_iter().flatten().min().filter(|d| *d <= NEAR)?;
    let percent = (64 - distance) * 100 / 64;
    Some(Resemblance { distance, percent })
}

/// The four keys of a hash: which quarter, and its 16 bits.
#[must_use]
pub fn keys(hash: u64) -> [u32; 4] {
    [0_u32, 1, 2, 3].map(|quarter| {
        let bits = (hash >> (quarter * 16)) & 0xffff;
        quarter << 16 | u32::try_from(bits).unwrap_or_default()
    })
}

/// Every key within two bits of those of a hash: 4 × 137.
#[must_use]
pub fn near_keys(hash: u64) -> Vec<u32> {
    let mut near = Vec::with_capacity(4 * 137);
    for key in keys(hash) {
        near.push(key);
        for a in 0..16_u32 {
            near.push(key ^ 1 << a);
            near.extend((a + 1..16).map(|b| key ^ 1 << a ^ 1 << b));
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_bits_apart_is_alike_and_eleven_is_not() {
        let a = 0x0123_4567_89ab_cdef_u64;
        let ten = a ^ 0b11_1111_1111;
        assert_eq!(
            resemblance(&[a], &[ten]),
            Some(Resemblance {
                distance: 10,
                percent: 84
            })
        );
        assert_eq!(resemblance(&[a], &[a ^ 0b111_1111_1111]), None);
        assert_eq!(resemblance(&[a], &[a]).map(|r| r.percent), Some(100));
    }

    #[test]
    fn a_crop_counts_against_a_whole_picture_only() {
        let (a, b, far) = (0xffff_0000_u64, 0x1234_5678_9abc_def0, u64::MAX);
        assert!(resemblance(&[a, b], &[b]).is_some(), "cropped out of it");
        assert!(resemblance(&[b], &[a, b]).is_some());
        assert_eq!(resemblance(&[a, b], &[far, b]), None, "two crops");
    }

    #[test]
    fn whatever_is_near_shares_a_near_key() {
        let a = 0x0f1e_2d3c_4b5a_6978_u64;
        // ten bits spread over the quarters in every way that 3 + 3 + 2 + 2 allows, and others
        for spread in [
            [3, 3, 2, 2],
            [2, 3, 3, 2],
            [10, 0, 0, 0],
            [0, 5, 5, 0],
            [2, 2, 3, 3],
        ] {
            let mut b = a;
            for (quarter, bits) in spread.into_iter().enumerate() {
                for bit in 0..bits {
                    b ^= 1_u64 << (quarter * 16 + bit);
                }
            }
            assert_eq!((a ^ b).count_ones(), 10);
            let near = near_keys(a);
            assert!(keys(b).iter().any(|k| near.contains(k)), "{spread:?}");
        }
        assert_eq!(near_keys(a).len(), 4 * 137);
    }

    #[test]
    fn what_proves_nothing_has_no_print() {
        let crops = ["0123456789abcdef".to_owned()];
        assert!(print("0000000000000000", &crops).is_empty(), "a lens cap");
        assert!(print("00", &crops).is_empty());
        assert!(print("zzzzzzzzzzzzzzzz", &[]).is_empty());
        assert_eq!(
            print("00000000000000ff", &crops),
            [0xff, 0x0123_4567_89ab_cdef]
        );
    }
}
