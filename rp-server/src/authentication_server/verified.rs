//! A check that passed is a value: the only values from which a record is written or a session opened.

use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

use super::{CredentialId, Registrant, UserId};
use crate::presentation_attack_detection::Layers;

/// A registration response that passed WebAuthn Level 3 section 7.1. Made only by the authentication server,
/// consumed by the store.
#[derive(Debug)]
pub struct VerifiedRegistration {
    registrant: Registrant,
    id: CredentialId,
    passkey: Passkey,
    aaguid: Uuid,
    layers: Option<Layers>,
}

impl VerifiedRegistration {
    pub(super) fn new(
        registrant: Registrant,
        id: CredentialId,
        passkey: Passkey,
        aaguid: Uuid,
        layers: Option<Layers>,
    ) -> Self {
        Self {
            registrant,
            id,
            passkey,
            aaguid,
            layers,
        }
    }

    /// The user it was made for.
    pub fn registrant(&self) -> &Registrant {
        &self.registrant
    }

    /// The new credential's ID.
    pub fn credential_id(&self) -> &CredentialId {
        &self.id
    }

    /// Public key, counter and flags.
    pub fn passkey(&self) -> &Passkey {
        &self.passkey
    }

    /// The authenticator's model.
    pub fn aaguid(&self) -> Uuid {
        self.aaguid
    }

    /// The layers of presentation attack detection that the enrolment passed, if the authenticator is ours.
    pub fn presentation_attack_detection(&self) -> Option<&Layers> {
        self.layers.as_ref()
    }
}

/// An authentication response that passed WebAuthn Level 3 section 7.2. Made only by the authentication
/// server, consumed by the store.
#[derive(Debug)]
pub struct VerifiedAuthentication {
    user: UserId,
    id: CredentialId,
    before: Passkey,
    after: Passkey,
    layers: Option<Layers>,
}

impl VerifiedAuthentication {
    pub(super) fn new(
        user: UserId,
        id: CredentialId,
        before: Passkey,
        after: Passkey,
        layers: Option<Layers>,
    ) -> Self {
        Self {
            user,
            id,
            before,
            after,
            layers,
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

    /// The record that the assertion was verified against. A store writes [`Self::after`] only while this is
    /// still the stored one: two assertions with one counter value cannot both count.
    pub fn before(&self) -> &Passkey {
        &self.before
    }

    /// The record with the advanced counter.
    pub fn after(&self) -> &Passkey {
        &self.after
    }

    /// The layers of presentation attack detection that this look passed, if the authenticator is ours.
    pub fn presentation_attack_detection(&self) -> Option<&Layers> {
        self.layers.as_ref()
    }
}
