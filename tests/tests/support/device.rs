//! A device: the real authentication agent over stored records, with a person before its camera.
//!
//! The camera alone is replaced: a person is a feature vector, and the biometric system's own comparison and
//! decision make the proof of a look from it. The way from light to features has its tests in `biometric-system`.

use authentication_agent::{
    Consent, CredentialRecord, Environment, Error, authentication, consent, deregistration,
    registration,
};
use biometric_system::{
    CeremonyId, Decision, FEATURE_LENGTH, Reference, UserVerified, Verification,
};
use serde_json::Value;

use super::seed;

/// People whose features have nothing in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    Ada,
    Bob,
}

impl Person {
    fn features(self) -> [f32; FEATURE_LENGTH] {
        std::array::from_fn(|i| f32::from((i < FEATURE_LENGTH / 2) == (self == Self::Ada)))
    }

    fn reference(self) -> Reference {
        Reference::from_raw_features(self.features()).unwrap()
    }

    /// One look, compared with `reference` by the biometric system.
    fn look(self, ceremony: CeremonyId, reference: &Reference) -> Decision {
        Verification::from_raw_features(ceremony, self.features()).decide(reference)
    }
}

/// How a ceremony ended on the device.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The agent refused with this code.
    Agent(&'static str),
    /// The biometric system did not recognise the person.
    Stranger,
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Agent(error.code())
    }
}

/// Randomness from the seed, and a clock that moves with each look at it.
#[derive(Clone)]
struct World {
    now_ms: std::cell::Cell<u64>,
}

impl Environment for World {
    fn random(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            chunk.copy_from_slice(&seed::bytes()[..chunk.len()]);
        }
    }

    fn now_ms(&self) -> u64 {
        self.now_ms.set(self.now_ms.get() + 1);
        self.now_ms.get()
    }
}

/// One browser's agent origin. Records are kept as the bytes that the edge would seal.
#[derive(Clone)]
pub(crate) struct Device {
    records: Vec<Vec<u8>>,
    world: World,
}

impl Device {
    pub(crate) fn new() -> Self {
        let now_ms = std::cell::Cell::new(1_795_305_600_000);
        Self {
            records: Vec::new(),
            world: World { now_ms },
        }
    }

    pub(crate) fn records(&self) -> Vec<CredentialRecord> {
        let read = |bytes: &Vec<u8>| CredentialRecord::from_cbor(bytes).unwrap();
        self.records.iter().map(read).collect()
    }

    fn keep(&mut self, record: &CredentialRecord, replaces: Option<&[u8]>) {
        self.forget(record.credential_id());
        if let Some(replaced) = replaces {
            self.forget(replaced);
        }
        let bytes = record.to_cbor().unwrap();
        self.records
            .push(bytes.expose_secret("kept in a test").clone());
    }

    fn forget(&mut self, credential_id: &[u8]) {
        let id = |bytes: &Vec<u8>| CredentialRecord::from_cbor(bytes).unwrap();
        self.records
            .retain(|bytes| id(bytes).credential_id() != credential_id);
    }

    /// `create` with the server's `{publicKey}`, asked by a page of `origin`: the `RegistrationResponseJSON`.
    pub(crate) fn create(
        &mut self,
        origin: &str,
        options: &Value,
        person: Person,
    ) -> Result<Value, Ended> {
        let state = registration::begin(origin, &options["publicKey"].to_string())?;
        let state = state.consented(Consent {
            version: consent::NOTICE_VERSION,
            at_ms: self.world.now_ms(),
        })?;
        let state = match state.with_credentials(self.records())? {
            registration::AwaitSamples::Enrol(state) => {
                let reference = person.reference();
                let proof = proof(person.look(state.ceremony(), &reference))?;
                state.enrolled(reference, proof, &mut self.world)?
            }
            registration::AwaitSamples::Verify(state) => {
                let proof = proof(person.look(state.ceremony(), state.reference()))?;
                state.verified(proof, &mut self.world)?
            }
        };
        self.keep(state.record(), state.replaces());
        let json = state.stored()?;
        Ok(serde_json::from_str(json.expose_secret("read by a test")).unwrap())
    }

    /// `get` with the server's `{publicKey}`: the `AuthenticationResponseJSON`.
    pub(crate) fn get(
        &mut self,
        origin: &str,
        options: &Value,
        person: Person,
    ) -> Result<Value, Ended> {
        let state = authentication::begin(origin, &options["publicKey"].to_string())?;
        let state = state.with_credentials(self.records())?;
        let proof = proof(person.look(state.ceremony(), state.reference()))?;
        let state = state.verified(proof, &mut self.world)?;
        self.keep(state.record(), None);
        let json = state.stored()?;
        Ok(serde_json::from_str(json.expose_secret("read by a test")).unwrap())
    }

    /// `erase`, as the edge does it: each record is asked whether the statement is about it.
    pub(crate) fn erase(&mut self, origin: &str, statement: &str) -> Result<(), Ended> {
        let verify = |record: &CredentialRecord| deregistration::verify(origin, statement, record);
        let erase = self.records().iter().find_map(|r| verify(r).ok());
        let Some(erase) = erase else {
            return Err(Ended::Agent("not-allowed"));
        };
        self.forget(erase.credential_id());
        Ok(())
    }
}

fn proof(decision: Decision) -> Result<UserVerified, Ended> {
    match decision {
        Decision::Accepted(proof) => Ok(proof),
        Decision::Refused => Err(Ended::Stranger),
    }
}
