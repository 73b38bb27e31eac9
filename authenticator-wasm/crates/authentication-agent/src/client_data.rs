//! CollectedClientData, serialised exactly as WebAuthn Level 3, 5.8.1.1 prescribes.

use biometric_system::CeremonyId;

use crate::encoding::{sha256, to_base64url};
use crate::origin::Origin;

/// Which ceremony the client data belongs to (its `type` member).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Create,
    Get,
}

/// `clientDataJSON` and its hash. The hash also names the ceremony for the biometric system: a proof of
/// one ceremony is worth nothing in another, since no two have the same challenge.
#[derive(Debug)]
pub(crate) struct ClientData {
    json: String,
    hash: [u8; 32],
}

impl ClientData {
    pub(crate) fn new(kind: Kind, challenge: &[u8], origin: &Origin) -> Self {
        let kind = match kind {
            Kind::Create => "webauthn.create",
            Kind::Get => "webauthn.get",
        };
        // The steps of 5.8.1.1 in their order; crossOrigin is always false, and topOrigin absent,
        // because the agent answers only to the page that embeds it.
        let mut json = String::from("{\"type\":");
        ccd_to_string(&mut json, kind);
        json.push_str(",\"challenge\":");
        ccd_to_string(&mut json, &to_base64url(challenge));
        json.push_str(",\"origin\":");
        ccd_to_string(&mut json, origin.as_str());
        json.push_str(",\"crossOrigin\":false}");
        let hash = sha256(json.as_bytes());
        Self { json, hash }
    }

    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    pub(crate) const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    pub(crate) fn ceremony(&self) -> CeremonyId {
        CeremonyId::new(self.hash)
    }
}

/// CCDToString of 5.8.1.1.
fn ccd_to_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
