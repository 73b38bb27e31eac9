//! Authenticator data (WebAuthn Level 3, 6.1): encoded, and parsed without tolerance.

mod attested;
mod flags;

pub use attested::AttestedCredentialData;
pub use flags::Flags;

use crate::cbor::{self, CborError, Value, split_first};

/// What the authenticator signs, together with the hash of the client data.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthenticatorData {
    /// SHA-256 of the RP ID.
    pub rp_id_hash: [u8; 32],
    /// UP, UV, BE and BS. AT and ED follow from the two members below.
    pub flags: Flags,
    /// Signature counter (6.1.1).
    pub sign_count: u32,
    /// Present in the answer to a registration.
    pub attested: Option<AttestedCredentialData>,
    /// Authenticator extension outputs, a CBOR map.
    pub extensions: Option<Value>,
}

const AT: u8 = 0x40;
const ED: u8 = 0x80;

impl AuthenticatorData {
    /// The bytes: 37 and more.
    ///
    /// # Errors
    /// [`CborError`] when the extensions are not a canonical map.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CborError> {
        let mut bytes = Vec::with_capacity(256);
        let present = |bit, member: bool| if member { bit } else { 0 };
        bytes.extend_from_slice(&self.rp_id_hash);
        bytes.push(
            self.flags.to_byte()
                | present(AT, self.attested.is_some())
                | present(ED, self.extensions.is_some()),
        );
        bytes.extend_from_slice(&self.sign_count.to_be_bytes());
        if let Some(attested) = &self.attested {
            attested.append_to(&mut bytes)?;
        }
        match &self.extensions {
            None => {}
            Some(map @ Value::Map(_)) => bytes.extend(cbor::encode(map.clone())?),
            Some(_) => return Err(CborError::UnexpectedType("extensions")),
        }
        Ok(bytes)
    }

    /// Parses exactly one authenticator data structure. Re-encoding gives the same bytes.
    ///
    /// # Errors
    /// A missing or surplus byte, a reserved flag, BS without BE, a key other than ES256, extensions
    /// that are not a canonical map.
    pub fn parse(bytes: &[u8]) -> Result<Self, CborError> {
        let (rp_id_hash, rest) = bytes.split_first_chunk().ok_or(CborError::Truncated)?;
        let (&[flags], rest) = rest.split_first_chunk().ok_or(CborError::Truncated)?;
        let (sign_count, rest) = rest.split_first_chunk().ok_or(CborError::Truncated)?;
        let (attested, rest) = if flags & AT == 0 {
            (None, rest)
        } else {
            let (attested, rest) = AttestedCredentialData::parse_first(rest)?;
            (Some(attested), rest)
        };
        let (extensions, rest) = if flags & ED == 0 {
            (None, rest)
        } else {
            let (map, rest) = split_first(rest)?;
            match cbor::decode(map)? {
                map @ Value::Map(_) => (Some(map), rest),
                _ => return Err(CborError::UnexpectedType("extensions")),
            }
        };
        if !rest.is_empty() {
            return Err(CborError::TrailingBytes);
        }
        Ok(Self {
            rp_id_hash: *rp_id_hash,
            flags: Flags::from_byte(flags & !(AT | ED))?,
            sign_count: u32::from_be_bytes(*sign_count),
            attested,
            extensions,
        })
    }
}

#[cfg(test)]
mod tests;
