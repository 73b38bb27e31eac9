//! What arrives at the server with the two results: `registration/result` and `authentication/result`.
//!
//! The inputs are response bodies. So that they come further than to the challenge, which is another one each time,
//! [`CHALLENGE`] in client data is replaced by the one asked for, and an empty signature by a right one.

use std::cell::RefCell;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rp_server::authentication_server::{
    Asked, AuthenticationServer, CeremonyToken, Challenge, LocalAuthenticationServer, Refusal,
    Registrant, UserId,
};
use rp_server::clock::Clock;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::Target;
use crate::support::authenticator::{Attestation, Authenticator, Tweak};
use crate::support::b64;
use crate::support::memory_store::MemoryStore;
use crate::support::settings::config;

pub(super) const REGISTRATION_RESULT: Target = Target {
    name: "registration-result",
    run: |input| {
        SITE.with_borrow_mut(|site| site.registration(input));
    },
    seeds: || SITE.with_borrow_mut(Site::registrations),
};

pub(super) const AUTHENTICATION_RESULT: Target = Target {
    name: "authentication-result",
    run: |input| {
        SITE.with_borrow_mut(|site| site.authentication(input));
    },
    seeds: || SITE.with_borrow_mut(|site| site.authentications()),
};

/// As long as a challenge in base64url.
const CHALLENGE: &str = "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC";

thread_local! {
    static SITE: RefCell<Site> = RefCell::new(Site::new());
}

/// A begun ceremony: its token, and its challenge.
struct Begun {
    token: CeremonyToken,
    options: Value,
}

impl Begun {
    fn new(challenge: Challenge) -> Self {
        Self {
            token: challenge.token,
            options: json!({ "publicKey": challenge.public_key }),
        }
    }

    fn challenge(&self) -> &str {
        self.options["publicKey"]["challenge"].as_str().unwrap()
    }
}

struct Site {
    runtime: Runtime,
    server: LocalAuthenticationServer,
    authenticator: Authenticator,
    registration: Begun,
    authentication: Begun,
}

impl Site {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let store = Arc::new(MemoryStore::default());
        let (config, clock) = (config(), Clock::from_fn(|| 1_795_305_600_000));
        let server = LocalAuthenticationServer::open(&config, store.clone(), clock);
        let server = runtime.block_on(server).unwrap();
        let first = runtime.block_on(begin_registration(&server));
        let (authenticator, response) = Authenticator::create(&first.options, &Tweak::default());
        let body = response.to_string().into_bytes();
        let verified = runtime.block_on(server.finish_registration(&first.token, &body));
        store.insert(&verified.unwrap());
        let registration = runtime.block_on(begin_registration(&server));
        let authentication = runtime.block_on(begin_authentication(&server));
        Self {
            runtime,
            server,
            authenticator,
            registration,
            authentication,
        }
    }

    /// Says whether it was accepted.
    fn registration(&mut self, input: &[u8]) -> bool {
        let body = self.dressed(input, self.registration.challenge());
        let finished = self
            .server
            .finish_registration(&self.registration.token, &body);
        let accepted = match self.runtime.block_on(finished) {
            // The ceremony is still there.
            Err(Refusal::Malformed(_)) => return false,
            Err(_) => false,
            Ok(verified) => {
                assert_eq!(verified.registrant().user, user());
                true
            }
        };
        self.registration = self.runtime.block_on(begin_registration(&self.server));
        accepted
    }

    /// Says whether it was accepted.
    fn authentication(&mut self, input: &[u8]) -> bool {
        let body = self.dressed(input, self.authentication.challenge());
        let finished = self
            .server
            .finish_authentication(&self.authentication.token, &body);
        let accepted = match self.runtime.block_on(finished) {
            Err(Refusal::Malformed(_)) => return false,
            Err(_) => false,
            Ok(verified) => {
                assert_eq!(verified.credential_id().as_bytes(), self.authenticator.id);
                assert_eq!(verified.user(), user());
                true
            }
        };
        self.authentication = self.runtime.block_on(begin_authentication(&self.server));
        accepted
    }

    fn dressed(&self, input: &[u8], challenge: &str) -> Vec<u8> {
        let Ok(mut body) = serde_json::from_slice::<Value>(input) else {
            return input.to_vec();
        };
        let bytes = |body: &Value, name: &str| {
            from_base64url(body.pointer(&format!("/response/{name}"))?.as_str()?)
        };
        let Some(client_data) = bytes(&body, "clientDataJSON") else {
            return input.to_vec();
        };
        let client_data = String::from_utf8_lossy(&client_data).replace(CHALLENGE, challenge);
        if let Some(place) = body.pointer_mut("/response/clientDataJSON") {
            *place = b64(client_data.as_bytes()).into();
        }
        let data = bytes(&body, "authenticatorData");
        if let (Some(data), Some(place)) = (data, body.pointer_mut("/response/signature"))
            && *place == ""
        {
            let signature = self.authenticator.sign(&data, client_data.as_bytes());
            *place = b64(&signature).into();
        }
        body.to_string().into_bytes()
    }

    fn registrations(&mut self) -> Vec<Vec<u8>> {
        let kinds = [
            Attestation::None,
            Attestation::PackedSelf,
            Attestation::Unknown,
        ];
        let made = kinds.map(|attestation| {
            let tweak = Tweak {
                attestation,
                ..tweak()
            };
            Authenticator::create(&self.registration.options, &tweak).1
        });
        let seeds = made.map(|body| body.to_string().into_bytes());
        // Or the fuzzer would see refusals only.
        assert!(self.registration(&seeds[0]), "the first seed is accepted");
        seeds.into()
    }

    fn authentications(&mut self) -> Vec<Vec<u8>> {
        let signed = self
            .authenticator
            .get(&self.authentication.options, &tweak());
        let mut open = signed.clone();
        open["response"]["signature"] = "".into();
        let mut elsewhere = open.clone();
        elsewhere["response"]["userHandle"] = Value::Null;
        let seeds = [open, signed, elsewhere].map(|body| body.to_string().into_bytes());
        assert!(self.authentication(&seeds[0]), "the first seed is accepted");
        seeds.into()
    }
}

/// With the challenge that is replaced.
fn tweak() -> Tweak {
    Tweak {
        challenge: Some(CHALLENGE.to_owned()),
        ..Tweak::default()
    }
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn user() -> UserId {
    UserId(uuid::Uuid::from_bytes([7; 16]))
}

async fn begin_registration(server: &LocalAuthenticationServer) -> Begun {
    let registrant = Registrant {
        user: user(),
        name: "ada".to_owned(),
        display_name: "Ada".to_owned(),
        // As when a person adds a second one; the list of those there are is part of the options.
        existing: true,
        device: String::new(),
    };
    Begun::new(server.begin_registration(registrant).await.unwrap())
}

async fn begin_authentication(server: &LocalAuthenticationServer) -> Begun {
    Begun::new(server.begin_authentication(Asked::Anyone).await.unwrap())
}
