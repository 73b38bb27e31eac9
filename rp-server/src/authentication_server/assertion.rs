//! Verification of an assertion: WebAuthn Level 3 section 7.2, step by step in its order. No clock, no store.
//!
//! Each type is the proof that the steps up to it passed and has the next ones as its only method, so that none
//! can be left out or done early. Steps 1 to 4 are the client's and [`Form`]'s.

mod response;
#[cfg(test)]
mod tests;

pub(super) use response::{Form, Response};

use subtle::ConstantTimeEq;

use super::ceremony::AskedState;
use super::wire::authenticator_data::{self, AuthenticatorData};
use super::wire::client_data::{self, ClientDataHash};
use super::wire::{presentation_attack_detection, uvm};
use super::{
    CredentialId, CredentialKind, CredentialRecord, CredentialState, Failures, Refusal,
    VerifiedAuthentication,
};
use crate::presentation_attack_detection::Layers;
use crate::user_verification::UserVerification;

/// What the server expects of an assertion besides the ceremony's challenge.
pub(super) struct Expectation<'a> {
    /// Base64url, as sent.
    pub challenge: &'a str,
    /// The relying party's one origin.
    pub origin: &'a str,
    /// SHA-256 of its RP ID.
    pub rp_id_hash: &'a [u8; 32],
    /// What our own authenticators must have passed.
    pub required_layers: &'a Layers,
    /// Whether the user must be verified. Our own authenticators always must.
    pub user_verification: UserVerification,
}

/// Step 5 passed: the credential is one that was asked for.
pub(super) struct Allowed<'a> {
    response: &'a Response,
    asked: &'a AskedState,
}

/// Step 6 passed: this is the credential's record, and its user is the one who was asked.
pub(super) struct Identified<'a> {
    response: &'a Response,
    record: &'a CredentialRecord,
}

/// Steps 7 to 14 passed: the client data is of this ceremony and this relying party.
pub(super) struct Expected<'a> {
    identified: Identified<'a>,
    /// What steps 20 and 21 will find. Whoever fails before them with a right signature holds the key all the same.
    signature: Result<(), Refusal>,
}

/// Steps 15 to 19 passed: right relying party, user present and verified as required, backup flags as they may be.
pub(super) struct Present<'a> {
    expected: Expected<'a>,
    data: AuthenticatorData<'a>,
}

/// Steps 20 and 21 passed: the credential's key signed all that.
pub(super) struct Signed<'a> {
    record: &'a CredentialRecord,
    data: AuthenticatorData<'a>,
}

/// Step 22 passed: the counter advanced, or there is none.
pub(super) struct Advanced<'a>(Signed<'a>);

impl Response {
    /// Step 5: the credential is on the list that the options had, if they had one.
    pub(super) fn allowed<'a>(&'a self, asked: &'a AskedState) -> Result<Allowed<'a>, Refusal> {
        let listed = match asked {
            AskedState::Anyone => true,
            AskedState::User { allowed, .. } => allowed.contains(&self.id.to_string()),
        };
        if listed {
            Ok(Allowed {
                response: self,
                asked,
            })
        } else {
            Err(Refusal::Failed("the credential was not asked for"))
        }
    }
}

impl<'a> Allowed<'a> {
    /// The credential whose record step 6 needs.
    pub(super) fn credential_id(&self) -> &'a CredentialId {
        &self.response.id
    }

    /// Step 6: the user who was asked, the user whom the handle names and the owner of the credential are one.
    pub(super) fn identify(self, record: &'a CredentialRecord) -> Result<Identified<'a>, Refusal> {
        let Self { response, asked } = self;
        if record.id != response.id {
            return Err(Refusal::Internal("the record of another credential"));
        }
        let handle = response.user_handle.as_deref();
        if handle.is_some_and(|handle| handle != record.user.as_bytes()) {
            return Err(Refusal::Failed("user handle of another user"));
        }
        match asked {
            AskedState::Anyone if handle.is_none() => Err(Refusal::Failed("no user handle")),
            AskedState::User { user, .. } if *user != record.user.0 => {
                Err(Refusal::Failed("credential of another user"))
            }
            AskedState::Anyone | AskedState::User { .. } => Ok(Identified { response, record }),
        }
    }
}

impl<'a> Identified<'a> {
    /// Steps 7 to 14: type, challenge, origin; not from a frame of another site.
    pub(super) fn client_data(
        self,
        expectation: &Expectation<'_>,
    ) -> Result<Expected<'a>, Refusal> {
        let expected = client_data::Expected {
            kind: "webauthn.get",
            challenge: expectation.challenge,
            origin: expectation.origin,
        };
        let hash = client_data::check(&self.response.client_data_json, &expected)?;
        Ok(Expected {
            signature: self.signature(&hash),
            identified: self,
        })
    }

    /// Steps 20 and 21.
    fn signature(&self, hash: &ClientDataHash) -> Result<(), Refusal> {
        let data = self.response.authenticator_data.as_slice();
        let signed = [data, hash.as_bytes().as_slice()].concat();
        let signature = &self.response.signature;
        self.record.public_key.verify(&signed, signature)
    }
}

impl<'a> Expected<'a> {
    /// Whether the credential's key signed this, with our fresh challenge and for our origin.
    pub(super) fn made_by_holder(&self) -> bool {
        self.signature.is_ok()
    }

    /// Steps 15 to 19.
    pub(super) fn authenticator_data(
        self,
        expectation: &Expectation<'_>,
    ) -> Result<Present<'a>, Refusal> {
        let (response, record) = (self.identified.response, self.identified.record);
        let data = authenticator_data::parse(&response.authenticator_data)?;
        // Section 6.1: there is none in an assertion.
        if data.attested.is_some() {
            return Err(Refusal::Failed("attested credential data in an assertion"));
        }
        // Step 15.
        if !bool::from(data.rp_id_hash.ct_eq(expectation.rp_id_hash)) {
            return Err(Refusal::Failed("rpIdHash"));
        }
        // Step 16.
        if !data.flags.user_present() {
            return Err(Refusal::Failed("user not present"));
        }
        // Step 17.
        let required = expectation.user_verification == UserVerification::Required
            || record.kind() == CredentialKind::MienFace;
        if required && !data.flags.user_verified() {
            return Err(Refusal::Failed("user not verified"));
        }
        // Step 18.
        if data.flags.backup_state() && !data.flags.backup_eligible() {
            return Err(Refusal::Failed("backed up, and yet not eligible for it"));
        }
        // Step 19.
        if data.flags.backup_eligible() != record.backup_eligible {
            return Err(Refusal::Failed("backup eligibility changed"));
        }
        Ok(Present {
            expected: self,
            data,
        })
    }
}

impl<'a> Present<'a> {
    /// Steps 20 and 21.
    pub(super) fn signature(self) -> Result<Signed<'a>, Refusal> {
        self.expected.signature?;
        Ok(Signed {
            record: self.expected.identified.record,
            data: self.data,
        })
    }
}

impl<'a> Signed<'a> {
    /// Step 22: a counter that did not advance is a sign of a copy, and refused.
    pub(super) fn sign_count(self) -> Result<Advanced<'a>, Refusal> {
        let (before, now) = (self.record.state.sign_count, self.data.sign_count);
        if (before, now) != (0, 0) && now <= before {
            return Err(Refusal::Failed("signature counter did not advance"));
        }
        Ok(Advanced(self))
    }
}

impl Advanced<'_> {
    /// Steps 23 and 24: extension outputs, and the record as it shall be. Our own authenticator has one that counts,
    /// and it must: what it leaves out, it did not do. Of others `uvm` is read, if they have it, and the rest ignored,
    /// as unasked ones may be (section 9).
    pub(super) fn extensions(
        self,
        expectation: &Expectation<'_>,
    ) -> Result<VerifiedAuthentication, Refusal> {
        let Self(Signed { record, data }) = self;
        let layers = match record.kind() {
            CredentialKind::MienFace => Some(presentation_attack_detection::require(
                data.extensions,
                expectation.required_layers,
            )?),
            CredentialKind::Passkey => None,
        };
        let methods = uvm::read(data.extensions)?;
        let after = CredentialState {
            sign_count: data.sign_count,
            uv_initialized: record.state.uv_initialized || data.flags.user_verified(),
            user_verified: data.flags.user_verified(),
            backup_state: data.flags.backup_state(),
            failures: Failures::default(),
        };
        Ok(VerifiedAuthentication::new(record, after, layers, methods))
    }
}
