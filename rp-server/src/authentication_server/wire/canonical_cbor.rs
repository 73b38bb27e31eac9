//! The canonical CBOR of CTAP2 (CTAP 2.1 section 8), walked over without building values: shortest heads, definite
//! lengths, map keys in order and none twice, no tags, at most four levels.

/// Levels that arrays and maps may be nested.
const DEEPEST: u8 = 4;

/// One map off the front of `bytes`: its own bytes, and what follows. `None` for anything but a canonical map.
pub(super) fn map(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (Head { major: 5, .. }, _) = head(bytes)? else {
        return None;
    };
    item(bytes, DEEPEST)
}

/// Whether every key of `map`, which [`map`] has taken, is text.
pub(super) fn has_text_keys(map: &[u8]) -> bool {
    let keys = || {
        let (Head { argument, .. }, mut rest) = head(map)?;
        for _ in 0..argument {
            let (key, after) = item(rest, DEEPEST)?;
            if key.first()? >> 5 != 3 {
                return None;
            }
            rest = item(after, DEEPEST)?.1;
        }
        Some(())
    };
    keys().is_some()
}

struct Head {
    major: u8,
    info: u8,
    argument: u64,
}

/// Splits one item off; `levels` is how many more arrays and maps may open.
fn item(bytes: &[u8], levels: u8) -> Option<(&[u8], &[u8])> {
    let (head, mut rest) = head(bytes)?;
    let length = usize::try_from(head.argument).ok();
    match head.major {
        0 | 1 => {}
        2 => rest = rest.split_at_checked(length?)?.1,
        3 => {
            let (text, after) = rest.split_at_checked(length?)?;
            std::str::from_utf8(text).ok()?;
            rest = after;
        }
        4 => {
            let levels = levels.checked_sub(1)?;
            for _ in 0..head.argument {
                rest = item(rest, levels)?.1;
            }
        }
        5 => {
            let levels = levels.checked_sub(1)?;
            let mut last = None;
            for _ in 0..head.argument {
                let (key, after) = item(rest, levels)?;
                let place = order(key)?;
                if last.is_some_and(|last| last >= place) {
                    return None;
                }
                last = Some(place);
                rest = item(after, levels)?.1;
            }
        }
        // false, true, null; floats, whose bytes the head has taken in.
        7 if matches!(head.info, 20..=22 | 25..=27) => {}
        _ => return None,
    }
    let length = bytes.len().checked_sub(rest.len())?;
    bytes.split_at_checked(length)
}

/// What keys are sorted by: major type, then length, then bytes.
fn order(key: &[u8]) -> Option<(u8, usize, &[u8])> {
    Some((key.first()? >> 5, key.len(), key))
}

/// The head of an item and what follows it.
fn head(bytes: &[u8]) -> Option<(Head, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (major, info) = (first >> 5, first & 0x1f);
    let size = match info {
        0..=23 => 0,
        24..=27 => 1_usize << (info - 24),
        _ => return None,
    };
    let (following, rest) = rest.split_at_checked(size)?;
    let mut argument = u64::from(info);
    if size > 0 {
        argument = following
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        // The argument of a float is its value and has one length only.
        let smallest = match info {
            24 => 24,
            25 => 1 << 8,
            26 => 1 << 16,
            _ => 1 << 32,
        };
        if major != 7 && argument < smallest {
            return None;
        }
    }
    let head = Head {
        major,
        info,
        argument,
    };
    Some((head, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciborium::Value;
    use proptest::prelude::*;

    fn whole(bytes: &[u8]) -> bool {
        map(bytes) == Some((bytes, &[]))
    }

    #[test]
    fn canonical_maps_are_taken_whole() {
        for good in [
            b"\xa0".as_slice(),
            b"\xa1\x01\x02",
            b"\xa2\x01\x20\x20\x01",              // 1 before -1
            b"\xa2\x17\x00\x18\x18\x00",          // 23 before 24
            b"\xa2\x61b\x00\x62aa\x00",           // shorter before longer
            b"\xa1\x61a\x83\xf4\xf6\xf9\x00\x00", // a list of false, null, 0.0
            b"\xa1\x00\xa1\x00\xa1\x00\x80",      // four levels
            b"\xa1\x00\x58\x18aaaaaaaaaaaaaaaaaaaaaaaa",
            b"\xa1\x00\x19\x01\x00",
            b"\xa1\x00\x1a\x00\x01\x00\x00",
            b"\xa1\x00\x1b\x00\x00\x00\x01\x00\x00\x00\x00",
        ] {
            assert!(whole(good), "{good:02x?}");
            let longer = [good, b"\xa0\x01"].concat();
            assert_eq!(map(&longer), Some((good, b"\xa0\x01".as_slice())));
            for end in 0..good.len() {
                assert_eq!(map(&good[..end]), None, "{good:02x?} cut at {end}");
            }
        }
    }

    #[test]
    fn every_other_encoding_is_refused() {
        for bad in [
            b"\x80".as_slice(), // a list
            b"\x01",
            b"\xbf\xff",         // indefinite length
            b"\xb8\x01\x01\x02", // a longer head than needed
            b"\xa1\x18\x17\x00",
            b"\xa1\x00\x19\x00\xff",
            b"\xa1\x00\x1a\x00\x00\xff\xff",
            b"\xa1\x00\x1b\x00\x00\x00\x00\xff\xff\xff\xff",
            b"\xa1\x00\x38\x17",
            b"\xa1\x00\x58\x01a",
            b"\xa1\x00\x78\x01a",
            b"\xa1\x00\x98\x00",
            b"\xa2\x01\x00\x01\x00", // a key twice
            b"\xa2\x02\x00\x01\x00", // keys out of order
            b"\xa2\x20\x00\x01\x00",
            b"\xa2\x62aa\x00\x61b\x00",
            b"\xa2\x61b\x00\x61a\x00",
            b"\xa2\x61a\x00\x41a\x00",
            b"\xa1\x00\x61\xff", // not UTF-8
            b"\xa1\x00\xc0\x00", // a tag
            b"\xa1\x00\xf8\x20", // a simple value
            b"\xa1\x00\xe0",
            b"\xa1\x00\xf3",
            b"\xa1\x00\xf7", // undefined
            b"\xa1\x00\xff",
            b"\xa1\x00\x1c",
            b"\xa1\x00\xa1\x00\xa1\x00\xa1\x00\x80", // five levels
            b"\xa1\x00\xa1\x00\xa1\x00\x81\x80",
            b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff", // so many members
            b"\xa1\x00\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert_eq!(map(bad), None, "{bad:02x?}");
        }
    }

    #[test]
    fn keys_of_text_are_told_from_others() {
        for good in [
            b"\xa0".as_slice(),
            b"\xa1\x60\x00",
            b"\xa2\x61a\xa1\x00\x00\x61b\x41x",
        ] {
            assert!(whole(good) && has_text_keys(good), "{good:02x?}");
        }
        for bad in [
            b"\xa1\x00\x61a".as_slice(),
            b"\xa2\x41a\x00\x61b\x00",
            b"\xa1\x80\x00",
        ] {
            assert!(whole(bad) && !has_text_keys(bad), "{bad:02x?}");
        }
    }

    proptest! {
        /// What is taken is what another decoder reads and writes again in the same bytes.
        #[test]
        fn what_is_taken_is_its_own_encoding(tail in proptest::collection::vec(any::<u8>(), 0..12)) {
            let bytes = [&[0xa1, 0x00], tail.as_slice()].concat();
            if let Some((taken, _)) = map(&bytes) {
                let value: Value = ciborium::from_reader(taken).unwrap();
                let mut again = Vec::new();
                ciborium::into_writer(&value, &mut again).unwrap();
                // Floats are written in the shortest form that holds them, which CTAP2 does not ask for.
                let float = |byte: &u8| (0xf9..=0xfb).contains(byte);
                prop_assert!(again == taken || taken.iter().any(float));
            }
        }
    }
}
