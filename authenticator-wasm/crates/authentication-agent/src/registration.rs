//! Registration (27553-1 A.3.2, steps d to h on the device): a chain of states, one per thing awaited.
//!
//! `begin` -> [`AwaitConsent`] -> [`AwaitCredentials`] -> [`AwaitSamples`] -> [`AwaitStored`] -> response.

use biometric_system::{CeremonyId, Reference, UserVerified};
use ctap2::CredentialId;
use secret::Secret;

use crate::authenticator::attestation_key::AttestationKey;
use crate::authenticator::make_credential::{self, Binding, Created};
use crate::consent::Consent;
use crate::credential_record::CredentialRecord;
use crate::environment::Environment;
use crate::error::Error;
use crate::options::{self, Creation, Prf};
use crate::origin::Origin;
use crate::response;

/// Reads what the relying party asks for (step e). Nothing has been shown to the person yet and no camera
/// is open.
///
/// `origin` is what the browser reported as the sender of the request, `options_json` a
/// `PublicKeyCredentialCreationOptionsJSON`.
///
/// # Errors
/// `security` (origin or RP ID), `data` (malformed options), `not-supported` (no ES256), `not-allowed`
/// (another kind of authenticator is wanted), `constraint`.
pub fn begin(origin: &str, options_json: &str) -> Result<AwaitConsent, Error> {
    let origin = Origin::parse(origin)?;
    let creation = options::creation(&origin, options_json)?;
    Ok(AwaitConsent { creation })
}

/// The person has to agree to the capture, and to this account at this relying party.
pub struct AwaitConsent {
    creation: Creation,
}

impl AwaitConsent {
    /// Who asks.
    #[must_use]
    pub fn rp_id(&self) -> &str {
        self.creation.rp_id.as_str()
    }

    /// For which account, as the relying party names it.
    #[must_use]
    pub fn user_name(&self) -> &str {
        self.creation
            .request
            .user
            .name
            .as_deref()
            .unwrap_or_default()
    }

    /// The ceremony that a capture must be made for.
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        self.creation.client_data.ceremony()
    }

    /// Goes on with the person's consent.
    ///
    /// # Errors
    /// `not-allowed` when the consent is not to the notice in force.
    pub fn consented(self, consent: Consent) -> Result<AwaitCredentials, Error> {
        Ok(AwaitCredentials {
            creation: self.creation,
            consent: consent.require_current()?,
        })
    }
}

/// The stored records of this RP ID are needed.
pub struct AwaitCredentials {
    creation: Creation,
    consent: Consent,
}

impl AwaitCredentials {
    /// Whose records to bring. Records of other RP IDs are passed over.
    #[must_use]
    pub fn rp_id(&self) -> &str {
        self.creation.rp_id.as_str()
    }

    /// Decides between enrolment and verification (step e): where this account already has a credential
    /// here, the enrolled face must allow its replacement.
    ///
    /// A record whose reference the pipeline in use cannot compare with is dead (it cannot sign either),
    /// so it is replaced by a new enrolment.
    ///
    /// # Errors
    /// `invalid-state` when a credential of the exclude list is here; of one that requires user verification the
    /// verified person is told only.
    pub fn with_credentials(self, records: Vec<CredentialRecord>) -> Result<AwaitSamples, Error> {
        let Self { creation, consent } = self;
        if make_credential::excluded(&creation.request, &records) {
            return Err(Error::invalid_state("this account is registered here"));
        }
        let guard = make_credential::guard(&creation.request, records);
        let (replaced, excluded) = (guard.replaced, guard.excluded);
        Ok(match guard.enrolled {
            Some((reference, existing)) => AwaitSamples::Verify(AwaitVerification {
                creation,
                consent,
                reference,
                existing,
                replaced,
                excluded,
            }),
            None => AwaitSamples::Enrol(AwaitEnrolment {
                creation,
                consent,
                replaced,
                excluded,
            }),
        })
    }
}

/// What the camera is needed for.
pub enum AwaitSamples {
    /// The first time: several captures make a reference.
    Enrol(AwaitEnrolment),
    /// The account is known here: one look at the enrolled person.
    Verify(AwaitVerification),
}

/// Several captures are needed.
pub struct AwaitEnrolment {
    creation: Creation,
    consent: Consent,
    replaced: Option<CredentialId>,
    /// What only a verified person may learn.
    excluded: bool,
}

impl AwaitEnrolment {
    /// The ceremony that the enrolment must be made for.
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        self.creation.client_data.ceremony()
    }

    /// Makes the credential (step g) and binds it to the new reference.
    ///
    /// # Errors
    /// `not-allowed` when the proof is of another ceremony, `invalid-state` when the exclude list names a credential
    /// of which only a verified person may learn, `unknown` when the generator gives no key.
    pub fn enrolled(
        mut self,
        reference: Reference,
        proof: UserVerified,
        env: &mut impl Environment,
    ) -> Result<AwaitStored, Error> {
        let reference = reference.to_bytes();
        let binding = binding(&mut self.creation, self.consent, reference, self.excluded);
        create(self.creation, binding, self.replaced, proof, env)
    }
}

/// One look at the person enrolled for this account is needed.
pub struct AwaitVerification {
    creation: Creation,
    consent: Consent,
    reference: Reference,
    /// Boxed, or the enum around it would be as large as a record.
    existing: Box<CredentialRecord>,
    replaced: Option<CredentialId>,
    /// As with an enrolment.
    excluded: bool,
}

impl AwaitVerification {
    /// The ceremony that the look must be made for.
    #[must_use]
    pub fn ceremony(&self) -> CeremonyId {
        self.creation.client_data.ceremony()
    }

    /// What the look is compared with.
    #[must_use]
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The credential whose person must allow the new one; its attempts are the ones that count.
    #[must_use]
    pub const fn record(&self) -> &CredentialRecord {
        &self.existing
    }

    /// Makes the new credential (step g) and binds it to the reference of the one that guards it.
    ///
    /// # Errors
    /// As [`AwaitEnrolment::enrolled`].
    pub fn verified(
        mut self,
        proof: UserVerified,
        env: &mut impl Environment,
    ) -> Result<AwaitStored, Error> {
        let reference = self.existing.reference;
        let binding = binding(&mut self.creation, self.consent, reference, self.excluded);
        create(self.creation, binding, self.replaced, proof, env)
    }
}

fn binding(
    creation: &mut Creation,
    consent: Consent,
    reference: Secret<Vec<u8>>,
    excluded: bool,
) -> Binding {
    Binding {
        reference,
        consent,
        authentication_server_key: creation.authentication_server_key,
        excluded,
        salts: creation.prf.as_mut().and_then(Prf::take),
    }
}

fn create(
    creation: Creation,
    binding: Binding,
    replaced: Option<CredentialId>,
    proof: UserVerified,
    env: &mut impl Environment,
) -> Result<AwaitStored, Error> {
    let mut created = make_credential::create(&creation.request, binding, proof, env)?;
    if !creation.without_attestation {
        created = created.with_attestation_key(env)?;
    }
    Ok(AwaitStored {
        creation,
        created,
        replaced,
    })
}

/// The record has to be stored before the relying party hears of it: a credential that it knows and the
/// device lost would lock the person out.
pub struct AwaitStored {
    creation: Creation,
    created: Created,
    replaced: Option<CredentialId>,
}

impl AwaitStored {
    /// What to store, sealed.
    #[must_use]
    pub const fn record(&self) -> &CredentialRecord {
        &self.created.record
    }

    /// Credential ID of the record to delete in the same transaction.
    #[must_use]
    pub fn replaces(&self) -> Option<&[u8]> {
        self.replaced.as_ref().map(CredentialId::as_bytes)
    }

    /// The key that the agent's provider may certify, where the relying party asks for attestation: the DER of a
    /// `SubjectPublicKeyInfo` (P-256). It is of this credential alone, so its certificate tracks nobody.
    ///
    /// # Errors
    /// `unknown` when an encoder fails, which it has no reason to.
    pub fn attestation_key(&self) -> Result<Option<Vec<u8>>, Error> {
        let key = self.created.attestation_key();
        Ok(key.map(AttestationKey::public_key).transpose()?)
    }

    /// Takes the provider's certificates for that key: X.509 in DER, the key's own first. Without them, or with ones of
    /// another key, a relying party that asks for attestation gets self attestation.
    ///
    /// # Errors
    /// As [`Self::attestation_key`].
    pub fn certified(mut self, certificates: Vec<Vec<u8>>) -> Result<Self, Error> {
        self.created.certified(certificates)?;
        Ok(self)
    }

    /// The answer, a `RegistrationResponseJSON` (steps g and h). Call it when the store has said yes.
    ///
    /// # Errors
    /// `unknown` when an encoder fails, which it has no reason to.
    pub fn stored(mut self) -> Result<Secret<String>, Error> {
        let prf = self.created.take_prf();
        let answer = self.created.attest()?;
        response::registration(&self.creation, answer, prf)
    }
}

#[cfg(test)]
mod tests;
