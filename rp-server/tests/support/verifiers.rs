//! Our verifier of assertions and webauthn-rs side by side, on the same credentials and challenges.

use std::sync::Arc;

use rp_server::authentication_server::{
    Asked, AuthenticationServer, CeremonyToken, LocalAuthenticationServer, Refusal, Registrant,
    UserId, VerifiedAuthentication, VerifiedRegistration,
};
use rp_server::clock::Clock;
use serde_json::{Value, json};
use webauthn_rs::Webauthn;
use webauthn_rs::prelude::{Passkey, Url, Uuid, WebauthnBuilder};

use super::authenticator::{Authenticator, Tweak};
use super::memory_store::MemoryStore;
use super::settings::{RP, config};
use super::{b64, from_b64, seed};

/// Ours, through its public trait, over a store in memory.
pub(crate) struct Ours {
    store: Arc<MemoryStore>,
    server: LocalAuthenticationServer,
}

/// A credential that all know.
pub(crate) struct Known {
    pub(crate) authenticator: Authenticator,
    /// The counter of its record, which nothing advances.
    pub(crate) sign_count: u32,
    pub(crate) passkey: Passkey,
}

/// A begun ceremony.
pub(crate) struct Begun {
    pub(crate) token: CeremonyToken,
    /// `{publicKey}`.
    pub(crate) options: Value,
}

impl Begun {
    pub(crate) fn challenge(&self) -> &str {
        self.options["publicKey"]["challenge"].as_str().unwrap()
    }
}

impl Ours {
    pub(crate) async fn new() -> Self {
        let store = Arc::new(MemoryStore::default());
        let clock = Clock::from_fn(|| 1_795_305_600_000);
        let server = LocalAuthenticationServer::open(&config(), store.clone(), clock).await;
        Self {
            store,
            server: server.unwrap(),
        }
    }

    pub(crate) async fn begin_registration(&self) -> Begun {
        let registrant = Registrant {
            user: UserId(Uuid::from_slice(&seed::bytes()[..16]).unwrap()),
            name: "ada".into(),
            display_name: "Ada".into(),
            existing: false,
            device: String::new(),
        };
        let begun = self.server.begin_registration(registrant).await.unwrap();
        Begun {
            token: begun.token,
            options: json!({ "publicKey": begun.public_key }),
        }
    }

    pub(crate) async fn finish_registration(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedRegistration, Refusal> {
        self.server.finish_registration(token, response).await
    }

    /// Registers at ours, and gives webauthn-rs the same key.
    pub(crate) async fn register(&self, tweak: &Tweak) -> Known {
        let begun = self.begin_registration().await;
        let (authenticator, response) = Authenticator::create(&begun.options, tweak);
        let response = response.to_string();
        let verified = self
            .finish_registration(&begun.token, response.as_bytes())
            .await
            .unwrap();
        self.store.insert(&verified);
        let (x, y) = authenticator.point();
        let key = json!({ "EC_EC2": { "curve": "SECP256R1", "x": b64(&x), "y": b64(&y) } });
        let mut record = record_of_webauthn_rs(&authenticator.id, &key);
        record["cred"]["counter"] = verified.state().sign_count.into();
        record["cred"]["backup_eligible"] = verified.backup_eligible().into();
        record["cred"]["backup_state"] = verified.state().backup_state.into();
        let passkey = serde_json::from_value(record).unwrap();
        Known {
            sign_count: verified.state().sign_count,
            authenticator,
            passkey,
        }
    }

    pub(crate) async fn begin(&self) -> Begun {
        let begun = self
            .server
            .begin_authentication(Asked::Anyone)
            .await
            .unwrap();
        Begun {
            token: begun.token,
            options: json!({ "publicKey": begun.public_key }),
        }
    }

    pub(crate) async fn finish(
        &self,
        token: &CeremonyToken,
        response: &[u8],
    ) -> Result<VerifiedAuthentication, Refusal> {
        self.server.finish_authentication(token, response).await
    }
}

/// webauthn-rs for the relying party of the tests.
pub(crate) fn webauthn_rs() -> Webauthn {
    let origin = Url::parse(RP).unwrap();
    let builder = WebauthnBuilder::new("localhost", &origin).unwrap();
    builder.build().unwrap()
}

/// A credential record as webauthn-rs writes it, with this key.
pub(crate) fn record_of_webauthn_rs(id: &[u8], key: &Value) -> Value {
    let record = json!({ "cred": {
        "cred_id": b64(id),
        "cred": { "type_": "ES256", "key": key },
        "counter": 3,
        "transports": ["usb", "nfc"],
        "user_verified": true,
        "backup_eligible": false,
        "backup_state": false,
        "registration_policy": "required",
        "extensions": {
            "cred_protect": "NotRequested",
            "hmac_create_secret": "NotRequested",
            "appid": "NotRequested",
            "cred_props": "NotRequested",
        },
        "attestation": { "data": "None", "metadata": "None" },
        "attestation_format": "none",
    } });
    // It is what webauthn-rs would read.
    let _: Passkey = serde_json::from_value(record.clone()).unwrap();
    record
}

/// webauthn-rs 0.6 as this server used it before it had a verifier of its own.
pub(crate) struct Judge {
    webauthn: Webauthn,
    state: Value,
}

impl Judge {
    pub(crate) fn new() -> Self {
        let webauthn = webauthn_rs();
        let (_, state) = webauthn.start_discoverable_authentication().unwrap();
        let state = serde_json::to_value(state).unwrap();
        Self { webauthn, state }
    }

    /// The stored form of a ceremony with this challenge.
    pub(crate) fn state(&self, challenge: &str) -> String {
        let mut state = self.state.clone();
        let place = state.pointer_mut("/ast/challenge").unwrap();
        assert_eq!(from_b64(place.as_str().unwrap()).len(), 32);
        *place = challenge.into();
        state.to_string()
    }

    /// From the texts of state and response to a verdict, as a server does it; the reason if it refuses.
    pub(crate) fn verify(
        &self,
        state: &str,
        response: &[u8],
        passkey: &Passkey,
    ) -> Result<(), String> {
        let response = serde_json::from_slice(response).map_err(|e| e.to_string())?;
        let state = serde_json::from_str(state).unwrap();
        self.webauthn
            .finish_discoverable_authentication_v2(&response, state, passkey)
            .map(|_| ())
            .map_err(|e| e.to_string())
    }
}
