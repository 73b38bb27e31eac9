//! Authenticator data (WebAuthn Level 3 section 6.1), read for its form: nothing missing, nothing left over.

use uuid::Uuid;

use super::canonical_cbor;
use crate::authentication_server::Refusal;

/// Authenticator data, its parts borrowed.
#[derive(Debug)]
pub(in crate::authentication_server) struct AuthenticatorData<'a> {
    /// SHA-256 of the RP ID.
    pub rp_id_hash: [u8; 32],
    /// The flags.
    pub flags: Flags,
    /// The signature counter.
    pub sign_count: u32,
    /// In the answer to a registration.
    pub attested: Option<Attested<'a>>,
    /// The bytes of the extension outputs, one CBOR map in canonical form.
    pub extensions: Option<&'a [u8]>,
}

/// The flags of authenticator data. Reserved ones may be set: a later version may give them a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authentication_server) struct Flags(u8);

impl Flags {
    fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// UP.
    pub(in crate::authentication_server) fn user_present(self) -> bool {
        self.has(0x01)
    }

    /// UV.
    pub(in crate::authentication_server) fn user_verified(self) -> bool {
        self.has(0x04)
    }

    /// BE.
    pub(in crate::authentication_server) fn backup_eligible(self) -> bool {
        self.has(0x08)
    }

    /// BS.
    pub(in crate::authentication_server) fn backup_state(self) -> bool {
        self.has(0x10)
    }

    fn attested(self) -> bool {
        self.has(0x40)
    }

    fn extended(self) -> bool {
        self.has(0x80)
    }
}

/// Attested credential data (section 6.5.2).
#[derive(Debug)]
pub(in crate::authentication_server) struct Attested<'a> {
    /// Model of the authenticator.
    pub aaguid: Uuid,
    /// The credential ID.
    pub credential_id: &'a [u8],
    /// The bytes of the public key, one CBOR map in canonical form.
    pub public_key: &'a [u8],
}

/// Parses authenticator data.
pub(in crate::authentication_server) fn parse(
    bytes: &[u8],
) -> Result<AuthenticatorData<'_>, Refusal> {
    let (rp_id_hash, rest) = take::<32>(bytes)?;
    let ([flags], rest) = take::<1>(rest)?;
    let flags = Flags(flags);
    let (sign_count, mut rest) = take::<4>(rest)?;
    let mut attested = None;
    if flags.attested() {
        let (aaguid, after) = take::<16>(rest)?;
        let (length, after) = take::<2>(after)?;
        let (credential_id, after) = split(after, u16::from_be_bytes(length).into())?;
        let (public_key, after) =
            canonical_cbor::map(after).ok_or(Refusal::Failed("credential public key"))?;
        attested = Some(Attested {
            aaguid: Uuid::from_bytes(aaguid),
            credential_id,
            public_key,
        });
        rest = after;
    }
    let mut extensions = None;
    if flags.extended() {
        // Keys are extension identifiers (section 9).
        let (map, after) = canonical_cbor::map(rest)
            .filter(|(map, _)| canonical_cbor::has_text_keys(map))
            .ok_or(Refusal::Failed("extension data"))?;
        extensions = Some(map);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(Refusal::Failed("bytes after authenticator data"));
    }
    Ok(AuthenticatorData {
        rp_id_hash,
        flags,
        sign_count: u32::from_be_bytes(sign_count),
        attested,
        extensions,
    })
}

fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), Refusal> {
    let (first, rest) = bytes.split_first_chunk().ok_or(CUT_SHORT)?;
    Ok((*first, rest))
}

fn split(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), Refusal> {
    bytes.split_at_checked(at).ok_or(CUT_SHORT)
}

const CUT_SHORT: Refusal = Refusal::Failed("authenticator data is cut short");

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
        let bytes = data(0xc5, &[attested(), vec![0xa1, 0x60, 0x02]].concat());
        let found = parse(&bytes).unwrap();
        assert_eq!(found.extensions, Some([0xa1, 0x60, 0x02].as_slice()));
        let found = found.attested.unwrap();
        assert_eq!(found.credential_id, [6; 16]);
        assert_eq!(found.aaguid.as_bytes(), &[5; 16]);
        assert_eq!(found.public_key, [0xa0]);
    }

    #[test]
    fn the_header_is_read() {
        let mut bytes: Vec<u8> = (0..32).collect();
        bytes.extend([0x01, 0x12, 0x34, 0x56, 0x78]);
        let expected: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
        let found = parse(&bytes).unwrap();
        assert_eq!(
            (found.rp_id_hash, found.sign_count),
            (expected, 0x1234_5678)
        );
        let read = |flags: u8| {
            let bytes = data(flags, &[]);
            let flags = parse(&bytes).unwrap().flags;
            [
                flags.user_present(),
                flags.user_verified(),
                flags.backup_eligible(),
                flags.backup_state(),
            ]
        };
        assert_eq!(read(0x01), [true, false, false, false]);
        assert_eq!(read(0x04), [false, true, false, false]);
        assert_eq!(read(0x08), [false, false, true, false]);
        assert_eq!(read(0x10), [false, false, false, true]);
        assert_eq!(read(0x22), [false; 4], "reserved");
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
        assert!(
            parse(&data(0x85, &[0xa1, 0x01, 0x02])).is_err(),
            "no identifier"
        );
        // Canonical CBOR only: here an indefinite length.
        assert!(parse(&data(0x85, &[0xbf, 0xff])).is_err());
    }
}
