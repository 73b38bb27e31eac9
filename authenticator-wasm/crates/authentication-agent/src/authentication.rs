//! Authentication (27553-1 A.3.3, steps d to h on the device): a chain of states, one per thing awaited.
//!
//! `begin` -> [`AwaitCredentials`] -> [`AwaitVerification`] -> [`AwaitStored`] -> response.

use biometric_system::{CeremonyId, Reference, UserVerified};
use secret::Secret;

use crate::authenticator::get_assertion::{self, Advanced, Selection};
use crate::authenticator::hmac_secret::Wanted;
use crate::consent::Consent;
use crate::credential_record::CredentialRecord;
use crate::environment::Environment;
use crate::error::Error;
use crate::options::{self, Assertion};
use crate::origin::Origin;
use crate::response;

/// Reads what the relying party asks for (step e). No camera is open yet.
///
/// `origin` is what the browser reported as the sender of the request, `options_json` a
/// `PublicKeyCredentialRequestOptionsJSON`.
///
/// # Errors
/// `security` (origin or RP ID), `data` (malformed options), `not-allowed` (nothing known is allowed).
pub fn begin(origin: &str, options_json: &str) -> Result<AwaitCredentials, Error> {
    let origin = Origin::parse(origin)?;
    let assertion = options::assertion(&origin, options_json)?;
    Ok(AwaitCredentials { assertion })
}

/// The stored records of this RP ID are needed.
pub struct AwaitCredentials {
    assertion: Assertion,
}

impl AwaitCredentials {
    /// Whose records to bring. Records of other RP IDs are passed over.
    #[must_use]
    pub fn rp_id(&self) -> &str {
        self.assertion.rp_id.as_str()
    }

    /// Finds the credentials that may answer and selects the one used most recently.
    ///
    /// # Errors
    /// `not-allowed` when none fits, or none whose reference the pipeline in use can compare with.
    pub fn with_credentials(
        self,
        records: Vec<CredentialRecord>,
    ) -> Result<AwaitVerification, Error> {
        let located = get_assertion::locate(&self.assertion.request, records)?;
        let mut usable = located
            .into_iter()
            .filter_map(|record| Some((record.reference()?, record)));
        let (reference, selected) = usable
            .next()
            .ok_or(Error::not_allowed("no usable credential fits"))?;
        let others = usable.map(|(_, record)| record).collect();
        Ok(AwaitVerification {
            assertion: self.assertion,
            selected,
            reference,
            others,
            user_selected: false,
        })
    }
}

/// One look at the person enrolled for the selected credential is needed.
pub struct AwaitVerification {
    assertion: Assertion,
    selected: CredentialRecord,
    reference: Reference,
    others: Vec<CredentialRecord>,
    user_selected: bool,
}

impl AwaitVerification {
    /// The ceremony that the look must be made for.
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        self.assertion.client_data.ceremony()
    }

    /// The selected credential.
    #[must_use]
    pub const fn record(&self) -> &CredentialRecord {
        &self.selected
    }

    /// What the look is compared with.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The other credentials that could answer, most recently used first. Where this is not empty, the
    /// person may be asked which account is meant.
    #[must_use]
    pub fn others(&self) -> &[CredentialRecord] {
        &self.others
    }

    /// Selects another credential, on the person's choice.
    ///
    /// # Errors
    /// `not-allowed` when it is not among those that may answer.
    pub fn choose(mut self, credential_id: &[u8]) -> Result<Self, Error> {
        if self.selected.credential_id() != credential_id {
            let unknown = Error::not_allowed("no such credential to choose");
            let position = self
                .others
                .iter()
                .position(|record| record.credential_id() == credential_id)
                .ok_or(unknown)?;
            let chosen = self.others.remove(position);
            self.reference = chosen.reference().ok_or(unknown)?;
            self.others
                .push(core::mem::replace(&mut self.selected, chosen));
            self.others
                .sort_by_key(|record| core::cmp::Reverse(record.used_ms()));
        }
        self.user_selected = true;
        Ok(self)
    }

    /// Notes the person's agreement to the notice in force, where the record's is to an older one.
    ///
    /// # Errors
    /// `not-allowed` when the agreement is to another notice.
    pub fn consented(mut self, consent: Consent) -> Result<Self, Error> {
        self.selected.consent = consent.require_current()?;
        Ok(self)
    }

    /// Counts the use (step g), given the proof of the look.
    ///
    /// # Errors
    /// `not-allowed` when the proof is of another ceremony, `unknown` when the counter is at its end.
    pub fn verified(
        self,
        proof: UserVerified,
        env: &mut impl Environment,
    ) -> Result<AwaitStored, Error> {
        let mut assertion = self.assertion;
        let prf = assertion.prf.as_mut();
        let salts = prf.and_then(|prf| prf.take_for(&self.selected.credential_id));
        let selection = Selection {
            by_user: self.user_selected,
            wanted: salts.map(Wanted::Client),
        };
        let advanced =
            get_assertion::advance(&assertion.request, self.selected, selection, proof, env)?;
        Ok(AwaitStored {
            assertion,
            advanced,
        })
    }
}

/// The advanced signature counter has to be stored before anything is signed with it.
pub struct AwaitStored {
    assertion: Assertion,
    advanced: Advanced,
}

impl AwaitStored {
    /// What to store, sealed, in place of the record of the same credential ID.
    #[must_use]
    pub const fn record(&self) -> &CredentialRecord {
        &self.advanced.record
    }

    /// Signs, and gives the answer, an `AuthenticationResponseJSON` (steps g and h). Call it when the
    /// store has said yes.
    ///
    /// # Errors
    /// `unknown` when an encoder fails, which it has no reason to.
    pub fn stored(mut self) -> Result<Secret<String>, Error> {
        let prf = self.advanced.take_prf();
        let answer = self.advanced.assert()?;
        response::authentication(&self.assertion, answer, prf)
    }
}

#[cfg(test)]
mod tests;
