//! A scanner that accepts exactly the CTAP2 canonical CBOR encoding form, without allocating.

use super::CborError;

/// Nesting of maps and arrays that CTAP 2.1 clause 8 allows.
pub const MAX_DEPTH: usize = 4;

/// Splits `bytes` behind its first item, having checked that item.
///
/// # Errors
/// Every deviation from CTAP2's canonical form inside the first item.
pub fn split_first(bytes: &[u8]) -> Result<(&[u8], &[u8]), CborError> {
    let mut scanner = Scanner { rest: bytes };
    scanner.item(0)?;
    let length = bytes.len().saturating_sub(scanner.rest.len());
    bytes.split_at_checked(length).ok_or(CborError::Truncated)
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], CborError> {
        let length = usize::try_from(length).map_err(|_| CborError::Truncated)?;
        let (head, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(head)
    }

    /// Major type and argument (RFC 8949 clause 3), the argument in its shortest form only.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let initial = self.take(1)?.first().copied().unwrap_or_default();
        let (major, info) = (initial >> 5, initial & 0x1f);
        if major == 7 {
            // false, true, null; no float, no undefined, no break, no other simple value.
            return match info {
                20..=22 => Ok((major, u64::from(info))),
                31 => Err(CborError::IndefiniteLength),
                _ => Err(CborError::Unsupported),
            };
        }
        let (width, least) = match info {
            0..=23 => return Ok((major, u64::from(info))),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            31 => return Err(CborError::IndefiniteLength),
            _ => return Err(CborError::Unsupported),
        };
        let argument = self
            .take(width)?
            .iter()
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        if argument < least {
            return Err(CborError::NotShortest);
        }
        Ok((major, argument))
    }

    fn item(&mut self, depth: usize) -> Result<(), CborError> {
        let (major, argument) = self.head()?;
        match major {
            0 | 1 | 7 => Ok(()),
            2 => self.take(argument).map(|_| ()),
            3 => {
                let text = self.take(argument)?;
                core::str::from_utf8(text).map_err(|_| CborError::NotUtf8)?;
                Ok(())
            }
            4 => {
                let depth = deeper(depth)?;
                self.enough_for(argument)?;
                (0..argument).try_for_each(|_| self.item(depth))
            }
            5 => {
                let depth = deeper(depth)?;
                self.enough_for(argument.saturating_mul(2))?;
                let mut previous = None;
                (0..argument).try_for_each(|_| {
                    let key = self.key()?;
                    if previous.is_some_and(|previous| !precedes(previous, key)) {
                        return Err(CborError::KeyOrder);
                    }
                    previous = Some(key);
                    self.item(depth)
                })
            }
            _ => Err(CborError::Unsupported),
        }
    }

    /// A map key, as the bytes that encode it. CTAP2 messages and COSE keys use integers and text.
    fn key(&mut self) -> Result<&'a [u8], CborError> {
        let start = self.rest;
        let (major, argument) = self.head()?;
        match major {
            0 | 1 => {}
            3 => {
                let text = self.take(argument)?;
                core::str::from_utf8(text).map_err(|_| CborError::NotUtf8)?;
            }
            _ => return Err(CborError::Unsupported),
        }
        let length = start.len().saturating_sub(self.rest.len());
        start.get(..length).ok_or(CborError::Truncated)
    }

    /// An item takes at least one byte, so a count beyond the buffer is refused before it is followed.
    fn enough_for(&self, items: u64) -> Result<(), CborError> {
        match usize::try_from(items) {
            Ok(items) if items <= self.rest.len() => Ok(()),
            _ => Err(CborError::Truncated),
        }
    }
}

const fn deeper(depth: usize) -> Result<usize, CborError> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(CborError::TooDeep)
    }
}

/// CTAP 2.1 clause 8: lower major type first, then shorter key, then bytewise lower.
fn precedes(left: &[u8], right: &[u8]) -> bool {
    let rank = |key: &[u8]| (key.first().map_or(0, |initial| initial >> 5), key.len());
    (rank(left), left) < (rank(right), right)
}
