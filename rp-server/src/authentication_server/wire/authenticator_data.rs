//! Authenticator data (WebAuthn Level 3 section 6.1), read for its form: nothing missing, nothing left over.

use uuid::Uuid;

use super::cbor_item;
use crate::authentication_server::Refusal;

const HEADER: usize = 37;
const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

/// The parts behind the fixed header.
#[derive(Debug)]
pub(in crate::authentication_server) struct Parts<'a> {
    /// In the answer to a registration.
    pub attested: Option<Attested<'a>>,
    /// The bytes of the extension outputs, one CBOR map.
    pub extensions: Option<&'a [u8]>,
}

/// Attested credential data (section 6.5.2).
#[derive(Debug)]
pub(in crate::authentication_server) struct Attested<'a> {
    /// Model of the authenticator.
    pub aaguid: Uuid,
    /// The credential ID.
    pub credential_id: &'a [u8],
}

/// Parses authenticator data.
pub(in crate::authentication_server) fn parse(bytes: &[u8]) -> Result<Parts<'_>, Refusal> {
    let (header, mut rest) = split(bytes, HEADER)?;
    let flags = header.get(32).copied().unwrap_or_default();
    let mut attested = None;
    if flags & ATTESTED != 0 {
        let (aaguid, after) = split(rest, 16)?;
        let (length, after) = split(after, 2)?;
        let length = length
            .iter()
            .fold(0, |sum, byte| sum * 256 + usize::from(*byte));
        let (credential_id, after) = split(after, length)?;
        let (key, after) = cbor_item(after)?;
        if !key.is_map() {
            return Err(Refusal::Failed("credential public key"));
        }
        attested = Some(Attested {
            aaguid: Uuid::from_slice(aaguid).map_err(|_| Refusal::Failed("AAGUID"))?,
            credential_id,
        });
        rest = after;
    }
    let mut extensions = None;
    if flags & EXTENSIONS != 0 {
        let (map, after) = cbor_item(rest)?;
        if !map.is_map() {
            return Err(Refusal::Failed("extension data"));
        }
        let length = rest.len().saturating_sub(after.len());
        extensions = Some(split(rest, length)?.0);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(Refusal::Failed("bytes after authenticator data"));
    }
    Ok(Parts {
        attested,
        extensions,
    })
}

fn split(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), Refusal> {
    bytes
        .split_at_checked(at)
        .ok_or(Refusal::Failed("authenticator data is cut short"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(flags: u8, tail: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 32]; // rpIdHash
        out.push(flags);
        out.extend([0, 0, 0, 1]); // signCount
        out.extend(tail);
        out
    }

    fn attested() -> Vec<u8> {
        let mut out = vec![5; 16]; // aaguid
        out.extend([0, 16]); // credentialIdLength
        out.extend([6; 16]); // credentialId
        out.push(0xa0); // an empty map in place of the COSE key
        out
    }

    #[test]
    fn every_part_is_read_and_nothing_is_left_over() {
        let neither = data(0x05, &[]);
        let neither = parse(&neither).unwrap();
        assert!(neither.attested.is_none() && neither.extensions.is_none());
        let extended = data(0x85, &[0xa0]);
        let extended = parse(&extended).unwrap();
        assert!(extended.attested.is_none());
        assert_eq!(extended.extensions, Some([0xa0].as_slice()));
        let bytes = data(0xc5, &[attested(), vec![0xa1, 0x01, 0x02]].concat());
        let found = parse(&bytes).unwrap();
        assert_eq!(found.extensions, Some([0xa1, 0x01, 0x02].as_slice()));
        let found = found.attested.unwrap();
        assert_eq!(found.credential_id, [6; 16]);
        assert_eq!(found.aaguid.as_bytes(), &[5; 16]);
    }

    #[test]
    fn every_cut_and_every_trailing_byte_is_refused() {
        let whole = data(0x45, &attested());
        for end in 0..whole.len() {
            assert!(parse(&whole[..end]).is_err(), "cut at {end}");
        }
        assert!(parse(&[whole, vec![0]].concat()).is_err());
        assert!(parse(&data(0x05, &[0])).is_err());
        assert!(parse(&data(0x85, &[])).is_err());
        assert!(parse(&data(0x85, &[0x01])).is_err());
        assert!(parse(&data(0x85, &[0xa0, 0xa0])).is_err());
    }
}
