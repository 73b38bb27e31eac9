//! The values that cross from one machine to the other, as JSON. They are read into the domain's types or refused.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::attestation::AttestationType;
use crate::authentication_server::verified::NewCredential;
use crate::authentication_server::{
    Asked, CredentialId, CredentialRecord, CredentialState, Failures, PublicKey, Refusal,
    Registrant, UserId, VerifiedAuthentication, VerifiedRegistration,
};
use crate::clock::UnixMs;
use crate::encoding::{base64url, from_base64url};
use crate::presentation_attack_detection::Layers as LayerSet;
use crate::store::{RemovedCredentials, Which};
use crate::user_verification::Methods as MethodList;

const UNREADABLE: Refusal = Refusal::Internal("a value of the other machine cannot be read");

/// Bytes as base64url.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) struct Bytes(String);

impl Bytes {
    pub(in crate::authentication_server) fn of(bytes: &[u8]) -> Self {
        Self(base64url(bytes))
    }

    pub(in crate::authentication_server) fn read(&self) -> Result<Vec<u8>, Refusal> {
        from_base64url(&self.0).ok_or(UNREADABLE)
    }

    pub(in crate::authentication_server) fn id(id: &CredentialId) -> Self {
        Self::of(id.as_bytes())
    }

    pub(in crate::authentication_server) fn read_id(&self) -> Result<CredentialId, Refusal> {
        CredentialId::new(&self.read()?).ok_or(UNREADABLE)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) struct RegistrantForm {
    pub user: Uuid,
    name: String,
    display_name: String,
    existing: bool,
    device: String,
}

impl RegistrantForm {
    pub(in crate::authentication_server) fn of(registrant: &Registrant) -> Self {
        Self {
            user: registrant.user.0,
            name: registrant.name.clone(),
            display_name: registrant.display_name.clone(),
            existing: registrant.existing,
            device: registrant.device.clone(),
        }
    }

    pub(in crate::authentication_server) fn read(self) -> Registrant {
        Registrant {
            user: UserId(self.user),
            name: self.name,
            display_name: self.display_name,
            existing: self.existing,
            device: self.device,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Key {
    algorithm: i64,
    cose: Bytes,
}

impl Key {
    fn of(key: &PublicKey) -> Self {
        Self {
            algorithm: key.algorithm,
            cose: Bytes::of(&key.cose),
        }
    }

    fn read(&self) -> Result<PublicKey, Refusal> {
        Ok(PublicKey {
            algorithm: self.algorithm,
            cose: self.cose.read()?,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StateForm {
    sign_count: u32,
    uv_initialized: bool,
    user_verified: bool,
    backup_state: bool,
    failures: u32,
    failed_ms: UnixMs,
}

impl StateForm {
    fn of(state: CredentialState) -> Self {
        Self {
            sign_count: state.sign_count,
            uv_initialized: state.uv_initialized,
            user_verified: state.user_verified,
            backup_state: state.backup_state,
            failures: state.failures.count,
            failed_ms: state.failures.last_ms,
        }
    }

    fn read(&self) -> CredentialState {
        CredentialState {
            sign_count: self.sign_count,
            uv_initialized: self.uv_initialized,
            user_verified: self.user_verified,
            backup_state: self.backup_state,
            failures: Failures {
                count: self.failures,
                last_ms: self.failed_ms,
            },
        }
    }
}

/// Names with a comma between, or nothing for authenticators of others.
#[derive(Debug, Serialize, Deserialize)]
struct Layers(Option<String>);

impl Layers {
    fn of(layers: Option<&LayerSet>) -> Self {
        Self(layers.map(LayerSet::to_text))
    }

    fn read(&self) -> Result<Option<LayerSet>, Refusal> {
        let read = |text: &String| LayerSet::from_text(text).ok_or(UNREADABLE);
        self.0.as_ref().map(read).transpose()
    }
}

/// As records keep them, or nothing where the authenticator told none.
#[derive(Debug, Serialize, Deserialize)]
struct Methods(Option<String>);

impl Methods {
    fn of(methods: Option<&MethodList>) -> Self {
        Self(methods.map(MethodList::to_text))
    }

    fn read(&self) -> Result<Option<MethodList>, Refusal> {
        let read = |text: &String| MethodList::from_text(text).ok_or(UNREADABLE);
        self.0.as_ref().map(read).transpose()
    }
}

/// Its name.
#[derive(Debug, Serialize, Deserialize)]
struct Attestation(String);

impl Attestation {
    fn of(kind: AttestationType) -> Self {
        Self(kind.as_str().to_owned())
    }

    fn read(&self) -> Result<AttestationType, Refusal> {
        AttestationType::from_name(&self.0).ok_or(UNREADABLE)
    }
}

/// A verified registration.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) struct Registration {
    pub registrant: RegistrantForm,
    id: Bytes,
    public_key: Key,
    state: StateForm,
    backup_eligible: bool,
    transports: Vec<String>,
    aaguid: Uuid,
    layers: Layers,
    methods: Methods,
    attestation: Attestation,
    receipt: Option<String>,
}

impl Registration {
    pub(in crate::authentication_server) fn of(verified: &VerifiedRegistration) -> Self {
        Self {
            registrant: RegistrantForm::of(verified.registrant()),
            id: Bytes::id(verified.credential_id()),
            public_key: Key::of(verified.public_key()),
            state: StateForm::of(verified.state()),
            backup_eligible: verified.backup_eligible(),
            transports: verified.transports().to_vec(),
            aaguid: verified.aaguid(),
            layers: Layers::of(verified.presentation_attack_detection()),
            methods: Methods::of(verified.user_verification_methods()),
            attestation: Attestation::of(verified.attestation()),
            receipt: verified.receipt().map(str::to_owned),
        }
    }

    pub(in crate::authentication_server) fn verified(
        self,
    ) -> Result<VerifiedRegistration, Refusal> {
        let credential = NewCredential {
            id: self.id.read_id()?,
            public_key: self.public_key.read()?,
            state: self.state.read(),
            backup_eligible: self.backup_eligible,
            transports: self.transports,
            aaguid: self.aaguid,
            layers: self.layers.read()?,
            methods: self.methods.read()?,
            attestation: self.attestation.read()?,
        };
        let verified = VerifiedRegistration::new(self.registrant.read(), credential);
        Ok(match self.receipt {
            Some(receipt) => verified.with_receipt(receipt),
            None => verified,
        })
    }
}

/// A verified authentication.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) struct Authentication {
    user: Uuid,
    id: Bytes,
    public_key: Key,
    before: StateForm,
    after: StateForm,
    layers: Layers,
    methods: Methods,
}

impl Authentication {
    pub(in crate::authentication_server) fn of(verified: &VerifiedAuthentication) -> Self {
        Self {
            user: verified.user().0,
            id: Bytes::id(verified.credential_id()),
            public_key: Key::of(verified.public_key()),
            before: StateForm::of(verified.before()),
            after: StateForm::of(verified.after()),
            layers: Layers::of(verified.presentation_attack_detection()),
            methods: Methods::of(verified.user_verification_methods()),
        }
    }

    pub(in crate::authentication_server) fn verified(
        &self,
    ) -> Result<VerifiedAuthentication, Refusal> {
        Ok(VerifiedAuthentication::from_answer(
            UserId(self.user),
            self.id.read_id()?,
            self.public_key.read()?,
            [self.before.read(), self.after.read()],
            self.layers.read()?,
            self.methods.read()?,
        ))
    }
}

/// A credential record.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) struct Record {
    id: Bytes,
    user: Uuid,
    public_key: Key,
    state: StateForm,
    backup_eligible: bool,
    transports: Vec<String>,
    aaguid: Uuid,
    device: String,
    created_ms: UnixMs,
    used_ms: Option<UnixMs>,
    layers: Layers,
    methods: Methods,
    attestation: Option<Attestation>,
}

impl Record {
    pub(in crate::authentication_server) fn of(record: &CredentialRecord) -> Self {
        Self {
            id: Bytes::id(&record.id),
            user: record.user.0,
            public_key: Key::of(&record.public_key),
            state: StateForm::of(record.state),
            backup_eligible: record.backup_eligible,
            transports: record.transports.clone(),
            aaguid: record.aaguid,
            device: record.device.clone(),
            created_ms: record.created_ms,
            used_ms: record.used_ms,
            layers: Layers::of(record.presentation_attack_detection.as_ref()),
            methods: Methods::of(record.user_verification_methods.as_ref()),
            attestation: record.attestation.map(Attestation::of),
        }
    }

    pub(in crate::authentication_server) fn read(self) -> Result<CredentialRecord, Refusal> {
        Ok(CredentialRecord {
            id: self.id.read_id()?,
            user: UserId(self.user),
            public_key: self.public_key.read()?,
            state: self.state.read(),
            backup_eligible: self.backup_eligible,
            transports: self.transports,
            aaguid: self.aaguid,
            device: self.device,
            created_ms: self.created_ms,
            used_ms: self.used_ms,
            presentation_attack_detection: self.layers.read()?,
            user_verification_methods: self.methods.read()?,
            attestation: self.attestation.map(|kind| kind.read()).transpose()?,
        })
    }
}

/// Who is asked to authenticate.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) enum AskedForm {
    Anyone,
    User(Uuid),
    Nobody(String),
}

impl AskedForm {
    pub(in crate::authentication_server) fn of(asked: Asked) -> Self {
        match asked {
            Asked::Anyone => Self::Anyone,
            Asked::User(user) => Self::User(user.0),
            Asked::Nobody { name_key } => Self::Nobody(name_key),
        }
    }

    pub(in crate::authentication_server) fn read(self) -> Asked {
        match self {
            Self::Anyone => Asked::Anyone,
            Self::User(user) => Asked::User(UserId(user)),
            Self::Nobody(name_key) => Asked::Nobody { name_key },
        }
    }
}

/// Which credentials to deregister.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) enum WhichForm {
    One(Bytes),
    All,
}

impl WhichForm {
    pub(in crate::authentication_server) fn of(which: &Which) -> Self {
        match which {
            Which::One(id) => Self::One(Bytes::id(id)),
            Which::All => Self::All,
        }
    }

    pub(in crate::authentication_server) fn read(&self) -> Result<Which, Refusal> {
        Ok(match self {
            Self::One(id) => Which::One(id.read_id()?),
            Self::All => Which::All,
        })
    }
}

/// What a deregistration removed.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::authentication_server) struct Removed {
    credentials: Vec<Bytes>,
    none_left: bool,
}

impl Removed {
    pub(in crate::authentication_server) fn of(removed: &RemovedCredentials) -> Self {
        Self {
            credentials: removed.credentials.iter().map(Bytes::id).collect(),
            none_left: removed.none_left,
        }
    }

    pub(in crate::authentication_server) fn read(&self) -> Result<RemovedCredentials, Refusal> {
        let ids = self.credentials.iter().map(Bytes::read_id);
        Ok(RemovedCredentials {
            credentials: ids.collect::<Result<_, _>>()?,
            none_left: self.none_left,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LayerSet, Layers, MethodList, Methods};

    #[test]
    fn layers_and_methods_are_read_as_they_were_written() {
        for text in [None, Some(""), Some("light"), Some("texture,head-turn")] {
            let layers = text.map(|text| LayerSet::from_text(text).unwrap());
            assert_eq!(Layers::of(layers.as_ref()).read().unwrap(), layers);
        }
        for text in [None, Some("16.1.1"), Some("16.1.1,2.2.2")] {
            let methods = text.map(|text| MethodList::from_text(text).unwrap());
            assert_eq!(Methods::of(methods.as_ref()).read().unwrap(), methods);
        }
        assert!(Layers(Some("smoke".to_owned())).read().is_err());
        assert!(Methods(Some("smoke".to_owned())).read().is_err());
    }
}
