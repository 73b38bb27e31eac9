//! An authentication server on a store, and responses that it has verified: what a store is handed.

use std::sync::Arc;

use rp_server::authentication_server::{
    Asked, AuthenticationServer, LocalAuthenticationServer, Registrant, UserId,
    VerifiedAuthentication, VerifiedRegistration,
};
use rp_server::clock::Clock;
use rp_server::config::AuthenticatorPolicy;
use rp_server::store::{NewSession, Store};
use rp_server::user_verification::UserVerification;
use serde_json::json;
use uuid::Uuid;

use super::authenticator::{Authenticator, Tweak};
use super::seed;
use super::settings::config;

pub(crate) const NOW: i64 = 1_795_305_600_000;

pub(crate) struct Parties {
    pub(crate) store: Arc<dyn Store>,
    server: LocalAuthenticationServer,
}

impl Parties {
    pub(crate) async fn on(store: Arc<dyn Store>) -> Self {
        // The weakest, for what a record and a session say of a sign-in without user verification.
        let policy = AuthenticatorPolicy {
            user_verification: UserVerification::Discouraged,
            ..AuthenticatorPolicy::default()
        };
        let config = config().with_authenticator_policy(policy);
        let clock = Clock::from_fn(|| NOW);
        let server = LocalAuthenticationServer::open(&config, store.clone(), clock).await;
        Self {
            store,
            server: server.unwrap(),
        }
    }

    /// A verified registration, not yet written: of a new user, or of one that exists.
    pub(crate) async fn registration(
        &self,
        name: &str,
        user: Option<UserId>,
        tweak: &Tweak,
    ) -> (Authenticator, VerifiedRegistration) {
        let registrant = Registrant {
            user: user.unwrap_or_else(new_user),
            name: name.to_owned(),
            display_name: name.to_uppercase(),
            existing: user.is_some(),
            device: "Firefox on Linux".to_owned(),
        };
        let begun = self.server.begin_registration(registrant).await.unwrap();
        let options = json!({ "publicKey": begun.public_key });
        let (authenticator, response) = Authenticator::create(&options, tweak);
        let response = response.to_string();
        let verified = self
            .server
            .finish_registration(&begun.token, response.as_bytes())
            .await;
        (authenticator, verified.unwrap())
    }

    /// A verified authentication, not yet written.
    pub(crate) async fn authentication(&self, key: &mut Authenticator) -> VerifiedAuthentication {
        self.authentication_with(key, &Tweak::default()).await
    }

    pub(crate) async fn authentication_with(
        &self,
        key: &mut Authenticator,
        tweak: &Tweak,
    ) -> VerifiedAuthentication {
        let begun = self.server.begin_authentication(Asked::Anyone).await;
        let begun = begun.unwrap();
        let response = key.get(&json!({ "publicKey": begun.public_key }), tweak);
        let response = response.to_string();
        let verified = self
            .server
            .finish_authentication(&begun.token, response.as_bytes())
            .await;
        verified.unwrap()
    }

    /// A registered user with one credential and one session.
    pub(crate) async fn registered(&self, name: &str) -> (Authenticator, UserId, [u8; 32]) {
        let (key, verified) = self.registration(name, None, &Tweak::default()).await;
        let (user, session) = (verified.registrant().user, session());
        let written = self
            .store
            .register(verified, name, Some(session), NOW)
            .await;
        written.unwrap();
        (key, user, session.token_hash)
    }
}

pub(crate) fn new_user() -> UserId {
    UserId(Uuid::from_slice(&seed::bytes()[..16]).unwrap())
}

pub(crate) fn session() -> NewSession {
    NewSession {
        token_hash: seed::bytes(),
        replaces: None,
    }
}
