//! The authentication agent with a filmed man before its camera, as the browser's edge drives it. Records stay in memory.

use authentication_agent::ctap::End;
use authentication_agent::{
    Consent, CredentialRecord, Environment, authentication, consent::NOTICE_VERSION, registration,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use biometric_system::{CeremonyId, Decision, Reference, UserVerified};
use ctap_device::camera::Camera;
use presentation_attacks::material::Person;
use rp_server::agent_provider::AgentProvider;
use secret::Secret;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{ORIGIN, now_ms};

/// One agent.
pub struct Agent {
    camera: Camera,
    /// Records as the bytes that an edge would seal, for that no state is carried in memory alone.
    records: Vec<Vec<u8>>,
    world: World,
}

/// Randomness that a seed repeats, and the system's clock.
pub(crate) struct World {
    seed: u64,
    drawn: u64,
}

impl World {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
    }
}

impl Environment for World {
    fn random(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let seed = format!("ceremonies/{}/{}", self.seed, self.drawn);
            self.drawn = self.drawn.wrapping_add(1);
            for (byte, drawn) in chunk.iter_mut().zip(Sha256::digest(seed)) {
                *byte = drawn;
            }
        }
    }

    fn now_ms(&self) -> u64 {
        now_ms()
    }
}

impl Agent {
    /// An agent that draws from `seed`. For ceremonies to look at, never for keys that guard anything.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            camera: Camera::new(Person::First, seed),
            records: Vec::new(),
            world: World::new(seed),
        }
    }

    /// 32 drawn bytes, base64url: a challenge, or a user handle.
    pub(crate) fn draw(&mut self) -> String {
        let mut bytes = [0; 32];
        self.world.random(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `create`: the `RegistrationResponseJSON`.
    pub(crate) fn create(
        &mut self,
        options: &Value,
        provider: Option<&AgentProvider>,
    ) -> Result<Value, String> {
        let state = registration::begin(ORIGIN, &options.to_string()).map_err(said)?;
        let consent = Consent {
            version: NOTICE_VERSION,
            at_ms: self.world.now_ms(),
        };
        let state = state.consented(consent).map_err(said)?;
        let state = match state.with_credentials(self.records()?).map_err(said)? {
            registration::AwaitSamples::Enrol(state) => {
                let (reference, proof) = self
                    .camera
                    .enrol(state.ceremony(), || Ok(()))
                    .map_err(end)?;
                state.enrolled(reference, proof, &mut self.world)
            }
            registration::AwaitSamples::Verify(state) => {
                let proof = self.look(state.ceremony(), state.reference())?;
                state.verified(proof, &mut self.world)
            }
        };
        let mut state = state.map_err(said)?;
        if let (Some(provider), Some(key)) = (provider, state.attestation_key().map_err(said)?) {
            let now_ms = i64::try_from(now_ms()).map_err(said)?;
            let certificate = provider.certify(&key, now_ms).map_err(said)?;
            state = state.certified(vec![certificate]).map_err(said)?;
        }
        self.keep(state.record(), state.replaces())?;
        parsed(state.stored())
    }

    /// `get`: the `AuthenticationResponseJSON`.
    pub(crate) fn get(&mut self, options: &Value) -> Result<Value, String> {
        let state = authentication::begin(ORIGIN, &options.to_string()).map_err(said)?;
        let state = state.with_credentials(self.records()?).map_err(said)?;
        let proof = self.look(state.ceremony(), state.reference())?;
        let state = state.verified(proof, &mut self.world).map_err(said)?;
        self.keep(state.record(), None)?;
        parsed(state.stored())
    }

    fn look(&self, ceremony: CeremonyId, reference: &Reference) -> Result<UserVerified, String> {
        let look = self.camera.look(ceremony, 0, || Ok(())).map_err(end)?;
        match look.decide(reference) {
            Decision::Accepted(proof) => Ok(proof),
            Decision::Refused => Err("the man was not recognised".to_owned()),
        }
    }

    fn records(&self) -> Result<Vec<CredentialRecord>, String> {
        let read = |bytes: &Vec<u8>| CredentialRecord::from_cbor(bytes).map_err(said);
        self.records.iter().map(read).collect()
    }

    fn keep(&mut self, record: &CredentialRecord, replaces: Option<&[u8]>) -> Result<(), String> {
        let gone = |id: &[u8]| id == record.credential_id() || Some(id) == replaces;
        let mut kept = self.records()?;
        kept.retain(|kept| !gone(kept.credential_id()));
        let all = kept.iter().chain([record]);
        let bytes = |record: &CredentialRecord| {
            let bytes = record.to_cbor().map_err(said)?;
            Ok::<_, String>(bytes.expose_secret("kept for a test").clone())
        };
        self.records = all.map(bytes).collect::<Result<_, _>>()?;
        Ok(())
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn end(end: End) -> String {
    format!("the look ended: {end:?}")
}

fn parsed(response: Result<Secret<String>, authentication_agent::Error>) -> Result<Value, String> {
    let response = response.map_err(said)?;
    serde_json::from_str(response.expose_secret("handed to the relying party")).map_err(said)
}
