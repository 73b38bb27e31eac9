//! A check that passed is a value: the only values from which a record is written or a session opened.

use uuid::Uuid;

use super::{CredentialId, CredentialState, PublicKey, Registrant, UserId};
use crate::attestation::AttestationType;
use crate::presentation_attack_detection::Layers;
use crate::user_verification::Methods;

/// A registration response that passed WebAuthn Level 3 section 7.1. Made only by the authentication server,
/// consumed by the store.
#[derive(Debug)]
pub struct VerifiedRegistration {
    registrant: Registrant,
    credential: NewCredential,
    receipt: Option<String>,
}

/// The parts of a new credential record that the ceremony tells (section 7.1 step 27).
#[derive(Debug)]
pub(super) struct NewCredential {
    pub id: CredentialId,
    pub public_key: PublicKey,
    pub state: CredentialState,
    pub backup_eligible: bool,
    pub transports: Vec<String>,
    pub aaguid: Uuid,
    pub layers: Option<Layers>,
    pub methods: Option<Methods>,
    pub attestation: AttestationType,
}

impl VerifiedRegistration {
    pub(super) fn new(registrant: Registrant, credential: NewCredential) -> Self {
        Self {
            registrant,
            credential,
            receipt: None,
        }
    }

    /// With what an authentication server that keeps it gave for it.
    pub(super) fn with_receipt(mut self, receipt: String) -> Self {
        self.receipt = Some(receipt);
        self
    }

    /// By what the authentication server is to confirm it, if that has a database of its own.
    pub fn receipt(&self) -> Option<&str> {
        self.receipt.as_deref()
    }

    /// The user it was made for.
    pub fn registrant(&self) -> &Registrant {
        &self.registrant
    }

    /// The new credential's ID.
    pub fn credential_id(&self) -> &CredentialId {
        &self.credential.id
    }

    /// Its public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.credential.public_key
    }

    /// Counter and flags.
    pub fn state(&self) -> CredentialState {
        self.credential.state
    }

    /// Whether it may be backed up.
    pub fn backup_eligible(&self) -> bool {
        self.credential.backup_eligible
    }

    /// How the authenticator says it can be reached.
    pub fn transports(&self) -> &[String] {
        &self.credential.transports
    }

    /// The authenticator's model.
    pub fn aaguid(&self) -> Uuid {
        self.credential.aaguid
    }

    /// The layers of presentation attack detection that the enrolment passed, if the authenticator is ours.
    pub fn presentation_attack_detection(&self) -> Option<&Layers> {
        self.credential.layers.as_ref()
    }

    /// How the authenticator says that it verified the user, if it told.
    pub fn user_verification_methods(&self) -> Option<&Methods> {
        self.credential.methods.as_ref()
    }

    /// What was shown of the authenticator.
    pub fn attestation(&self) -> AttestationType {
        self.credential.attestation
    }
}

/// An authentication response that passed WebAuthn Level 3 section 7.2. Made only by the authentication
/// server, consumed by the store.
#[derive(Debug)]
pub struct VerifiedAuthentication {
    user: UserId,
    id: CredentialId,
    public_key: PublicKey,
    before: CredentialState,
    after: CredentialState,
    layers: Option<Layers>,
    methods: Option<Methods>,
}

impl VerifiedAuthentication {
    /// `record` is the one that the assertion was verified against.
    pub(super) fn new(
        record: &super::CredentialRecord,
        after: CredentialState,
        layers: Option<Layers>,
        methods: Option<Methods>,
    ) -> Self {
        Self {
            user: record.user,
            id: record.id.clone(),
            public_key: record.public_key.clone(),
            before: record.state,
            after,
            layers,
            methods,
        }
    }

    /// From the parts that the authentication server answered with.
    pub(super) fn from_answer(
        user: UserId,
        id: CredentialId,
        public_key: PublicKey,
        [before, after]: [CredentialState; 2],
        layers: Option<Layers>,
        methods: Option<Methods>,
    ) -> Self {
        Self {
            user,
            id,
            public_key,
            before,
            after,
            layers,
            methods,
        }
    }

    /// The user it was made for.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The credential that signed.
    pub fn credential_id(&self) -> &CredentialId {
        &self.id
    }

    /// The key that verified the signature. A store writes only while this is still the credential's key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The state that the assertion was verified against. A store writes [`Self::after`] only while this is
    /// still the stored one: two assertions with one counter value cannot both count.
    pub fn before(&self) -> CredentialState {
        self.before
    }

    /// The state with the advanced counter.
    pub fn after(&self) -> CredentialState {
        self.after
    }

    /// The layers of presentation attack detection that this look passed, if the authenticator is ours.
    pub fn presentation_attack_detection(&self) -> Option<&Layers> {
        self.layers.as_ref()
    }

    /// How the authenticator says that it verified the user, if it told.
    pub fn user_verification_methods(&self) -> Option<&Methods> {
        self.methods.as_ref()
    }
}
