//! Ordinary passkeys of other makers against the real server: passkey-rs and the SoftPasskey of webauthn-rs. And what a
//! deployment can demand of authenticators.

use std::collections::BTreeSet;

use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use rp_server::async_trait;
use rp_server::authentication_server::MIEN_AAGUID;
use rp_server::config::{Attestation as Conveyance, AuthenticatorPolicy, Config};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;
use webauthn_authenticator_rs::AuthenticatorBackendHashedClientData as Hashed;
use webauthn_authenticator_rs::prelude::{CreationChallengeResponse, RequestChallengeResponse};
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

use crate::support::authenticator::{Attestation, Tweak};
use crate::support::server::Server;
use crate::support::settings::{RP, config};

/// A person who agrees, and is verified as asked.
struct Person;

#[async_trait]
impl UserValidationMethod for Person {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck {
            presence,
            verification,
        })
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }
}

macro_rules! passkey_rs {
    () => {
        Client::new(Authenticator::new(
            Aaguid::new_empty(),
            // Room for one, which it finds without being told its ID.
            None::<Passkey>,
            Person,
            RustCryptoBackend,
        ))
        .allows_insecure_localhost(true)
    };
}

fn origin() -> Url {
    Url::parse(RP).unwrap()
}

/// What a browser signs: the library's own client writes the origin with a slash behind it, which is none.
fn client_data(kind: &str, options: &Value) -> (Vec<u8>, Vec<u8>) {
    let challenge = &options["publicKey"]["challenge"];
    let text = format!(
        r#"{{"type":"{kind}","challenge":{challenge},"origin":"{RP}","crossOrigin":false}}"#
    );
    let hash = Sha256::digest(&text).to_vec();
    (text.into_bytes(), hash)
}

fn as_options<T: serde::de::DeserializeOwned>(options: Value) -> T {
    serde_json::from_value(options).unwrap()
}

#[actix_web::test]
async fn passkey_rs_registers_and_signs_in_without_a_name() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut client = passkey_rs!();
    let options: CredentialCreationOptions = as_options(browser.registration_options("ada").await);
    let created = client
        .register(&origin(), options, DefaultClientData)
        .await
        .unwrap();
    let created = serde_json::to_value(&created).unwrap();
    let reply = browser.post("/api/registration/result", &created).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let list = browser.get("/api/credentials").await.accepted();
    assert_eq!(
        (&list[0]["kind"], &list[0]["mode"]),
        (&json!("passkey"), &Value::Null)
    );
    // Nobody is named: the credential is discoverable. Twice, for the counter.
    for _ in 0..2 {
        let stranger = server.browser();
        let options: CredentialRequestOptions = as_options(stranger.authentication_options().await);
        let signed = client
            .authenticate(&origin(), options, DefaultClientData)
            .await
            .unwrap();
        let signed = serde_json::to_value(&signed).unwrap();
        let reply = stranger.post("/api/authentication/result", &signed).await;
        assert_eq!(reply.accepted()["username"], "ada");
    }
    let all = json!({ "all": true });
    browser.post("/api/deregistration", &all).await.accepted();
    let stranger = server.browser();
    let options: CredentialRequestOptions = as_options(stranger.authentication_options().await);
    let signed = client
        .authenticate(&origin(), options, DefaultClientData)
        .await
        .unwrap();
    let signed = serde_json::to_value(&signed).unwrap();
    let reply = stranger.post("/api/authentication/result", &signed).await;
    reply.refused(404, "unknown-credential");
}

#[actix_web::test]
async fn soft_passkey_of_webauthn_rs_registers_and_signs_in_by_name() {
    let server = Server::start().await;
    let browser = server.browser();
    // `true`: it says that it verified the person. Else it refuses by itself.
    let mut authenticator = SoftPasskey::new(true);
    let mut options = browser.registration_options("ada").await;
    // It keeps nothing, so it refuses to make what can be discovered.
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(false);
    let (client_data, hash) = self::client_data("webauthn.create", &options);
    let options: CreationChallengeResponse = as_options(options);
    let options = options.public_key;
    let created = Hashed::perform_register(&mut authenticator, hash, options, 60_000);
    let mut created = created.unwrap();
    created.response.client_data_json = client_data;
    let created = serde_json::to_value(&created).unwrap();
    let reply = browser.post("/api/registration/result", &created).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let stranger = server.browser();
    let named = json!({ "username": "ada" });
    let options = stranger
        .post("/api/authentication/options", &named)
        .await
        .accepted();
    let (client_data, hash) = self::client_data("webauthn.get", &options);
    let options: RequestChallengeResponse = as_options(options);
    let signed = Hashed::perform_auth(&mut authenticator, hash, options.public_key, 60_000);
    let mut signed = signed.unwrap();
    signed.response.client_data_json = client_data;
    let signed = serde_json::to_value(&signed).unwrap();
    let reply = stranger.post("/api/authentication/result", &signed).await;
    assert_eq!(reply.accepted()["username"], "ada");
}

/// What `mediation: "conditional"` needs of the options (WebAuthn Level 3 section 5.1.4): no list of credentials, no
/// name, a challenge that lives while the form is open.
#[actix_web::test]
async fn the_options_without_a_name_fit_conditional_mediation() {
    let server = Server::start().await;
    let options = server.browser().authentication_options().await;
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert_eq!(
        options.as_object().unwrap().len(),
        1,
        "mediation is the page's to choose: {options}"
    );
}

fn with_policy(policy: AuthenticatorPolicy) -> Config {
    config().with_authenticator_policy(policy)
}

fn ours_only() -> AuthenticatorPolicy {
    AuthenticatorPolicy {
        aaguids: BTreeSet::from([MIEN_AAGUID]),
        ..AuthenticatorPolicy::default()
    }
}

#[actix_web::test]
async fn only_listed_models_register() {
    let server = Server::start_with(with_policy(ours_only())).await;
    let other = Tweak {
        aaguid: Some([7; 16]),
        ..Tweak::default()
    };
    let (_, reply) = server.browser().register_with("ada", &other).await;
    reply.refused(403, "authenticator-not-allowed");
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    // A wrong response of theirs is just wrong.
    let wrong = Tweak {
        flags: Some(0x41),
        ..other
    };
    let (_, reply) = server.browser().register_with("ada", &wrong).await;
    reply.refused(403, "verification-failed");
    server.browser().register("ada").await;
}

#[actix_web::test]
async fn a_model_that_is_taken_off_the_list_is_shut_out_at_once() {
    let server = Server::start().await;
    let other = Tweak {
        aaguid: Some([7; 16]),
        ..Tweak::default()
    };
    let (mut ada, reply) = server.browser().register_with("ada", &other).await;
    assert_eq!(reply.status, 201);
    let mut bob = server.browser().register("bob").await;
    let server = Server::start_in(server.folder, with_policy(ours_only())).await;
    let reply = server.browser().sign_in(&mut ada).await;
    reply.refused(403, "authenticator-not-allowed");
    // Only the holder of the key learns that.
    let forged = Tweak {
        other_key: true,
        ..Tweak::default()
    };
    let reply = server.browser().sign_in_with(&mut ada, &forged).await;
    reply.refused(403, "verification-failed");
    server.browser().sign_in(&mut bob).await.accepted();
}

#[actix_web::test]
async fn attestation_can_be_demanded() {
    let policy = AuthenticatorPolicy {
        attestation: Conveyance::Direct,
        ..AuthenticatorPolicy::default()
    };
    let server = Server::start_with(with_policy(policy)).await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    assert_eq!(options["publicKey"]["attestation"], "direct");
    for (attestation, status, code) in [
        (Attestation::None, 403, "authenticator-not-allowed"),
        (Attestation::PackedForged, 403, "verification-failed"),
    ] {
        let tweak = Tweak {
            attestation,
            ..Tweak::default()
        };
        let (_, reply) = browser.register_with("ada", &tweak).await;
        reply.refused(status, code);
    }
    let tweak = Tweak {
        attestation: Attestation::PackedSelf,
        ..Tweak::default()
    };
    let (_, reply) = browser.register_with("ada", &tweak).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}
