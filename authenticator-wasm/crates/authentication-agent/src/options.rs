//! Options of the relying party: the JSON dictionaries of WebAuthn Level 3, 5.1.8 and 5.1.9, read into
//! CTAP2 requests. The wire types stay in here.

mod creation;
mod prf;
mod request;
mod wire;

pub(crate) use creation::{Creation, creation};
pub(crate) use prf::Prf;
pub(crate) use request::{Assertion, assertion};

use ctap2::CredentialId;

use crate::authenticator::{presentation_attack_detection, user_verification_method};
use crate::encoding::from_base64url;
use crate::error::Error;

/// Longest options that are read. Ours are about 1 kB; an exclude list may be long.
const MAX_LENGTH: usize = 64 * 1024;

fn parse<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, Error> {
    if json.len() > MAX_LENGTH {
        return Err(Error::data("options are too long"));
    }
    serde_json::from_str(json).map_err(|_| Error::data("options are malformed"))
}

/// DEVIATION(WebAuthn L3 13.4.3): a challenge shorter than the 16 bytes that the text recommends is
/// refused, since a guessable challenge makes every later check worthless.
fn challenge(text: &str) -> Result<Vec<u8>, Error> {
    let challenge = from_base64url(text)?;
    if challenge.len() < 16 {
        return Err(Error::data("challenge is shorter than 16 bytes"));
    }
    Ok(challenge)
}

/// The extensions whose input to the authenticator is `true`.
fn asked(mien_pad: Option<bool>, uvm: Option<bool>) -> Vec<String> {
    let named = [
        (presentation_attack_detection::IDENTIFIER, mien_pad),
        (user_verification_method::IDENTIFIER, uvm),
    ];
    let asked = named.into_iter().filter(|(_, asked)| *asked == Some(true));
    asked.map(|(name, _)| name.to_owned()).collect()
}

/// Descriptors of a type that we do not know are passed over (5.10.3).
fn descriptors(list: Option<Vec<wire::Descriptor>>) -> Result<Vec<CredentialId>, Error> {
    list.unwrap_or_default()
        .into_iter()
        .filter(|descriptor| descriptor.kind == ctap2::credential::PUBLIC_KEY)
        .map(|descriptor| {
            CredentialId::new(from_base64url(&descriptor.id)?)
                .map_err(|_| Error::data("credential id of inadmissible length"))
        })
        .collect()
}

#[cfg(test)]
mod tests;
