//! User verification by policy, what a session says of it, and the extension `uvm`.

use rp_server::config::{AuthenticatorPolicy, Config};
use rp_server::user_verification::UserVerification;
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Extensions, Tweak};
use crate::support::server::Server;
use crate::support::settings::config;

const UP: u8 = 0x01;
/// UP, UV and AT.
const REGISTRATION: u8 = 0x45;

fn wanting(user_verification: UserVerification) -> Config {
    let policy = AuthenticatorPolicy {
        user_verification,
        ..AuthenticatorPolicy::default()
    };
    config().with_authenticator_policy(policy)
}

/// A security key: an authenticator of others.
fn security_key() -> Tweak {
    Tweak {
        aaguid: Some([7; 16]),
        ..Tweak::default()
    }
}

fn present_only() -> Tweak {
    Tweak {
        flags: Some(UP),
        ..Tweak::default()
    }
}

async fn registered(server: &Server, name: &str, tweak: &Tweak) -> Authenticator {
    let (key, reply) = server.browser().register_with(name, tweak).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    key
}

#[actix_web::test]
async fn step_17_a_sign_in_needs_user_verification_unless_policy_says_otherwise() {
    for (policy, name, allowed) in [
        (UserVerification::Required, "required", false),
        (UserVerification::Preferred, "preferred", true),
        (UserVerification::Discouraged, "discouraged", true),
    ] {
        let server = Server::start_with(wanting(policy)).await;
        let options = server.browser().registration_options("ada").await;
        let protection = &options["publicKey"]["extensions"]["credentialProtectionPolicy"];
        let optional = "userVerificationOptionalWithCredentialIDList";
        assert_eq!(protection == optional, allowed, "{options}");
        let mut key = registered(&server, "ada", &security_key()).await;
        for named in [
            json!({}),
            json!({ "username": "ada" }),
            json!({ "username": "nobody" }),
        ] {
            let browser = server.browser();
            let options = browser.post("/api/authentication/options", &named).await;
            let options = options.accepted();
            assert_eq!(options["publicKey"]["userVerification"], name);
        }
        let browser = server.browser();
        let reply = browser.sign_in_with(&mut key, &present_only()).await;
        if !allowed {
            reply.refused(403, "verification-failed");
            continue;
        }
        assert_eq!(reply.accepted()["userVerified"], false);
        let session = browser.get("/api/session").await.accepted();
        assert_eq!(session["username"], "ada");
        assert_eq!(session["verifiedAt"], Value::Null);
        assert_eq!(session["fresh"], false);
        let record = browser.get("/api/credentials").await.accepted()[0].clone();
        assert_eq!(record["userVerified"], false);
        // User presence is asked for all the same.
        let absent = Tweak {
            flags: Some(0),
            ..Tweak::default()
        };
        let reply = server.browser().sign_in_with(&mut key, &absent).await;
        reply.refused(403, "verification-failed");
    }
}

#[actix_web::test]
async fn what_needs_a_fresh_session_needs_user_verification_whatever_the_policy() {
    let server = Server::start_with(wanting(UserVerification::Discouraged)).await;
    let mut key = registered(&server, "ada", &security_key()).await;
    let browser = server.browser();
    let reply = browser.sign_in_with(&mut key, &present_only()).await;
    reply.accepted();
    let all = json!({ "all": true });
    let reply = browser.post("/api/deregistration", &all).await;
    reply.refused(403, "session-stale");
    let more = json!({ "username": "ada", "displayName": "ada" });
    let reply = browser.post("/api/registration/options", &more).await;
    reply.refused(403, "session-stale");
    // A sign-in with user verification in the same browser, as a page may ask for it itself.
    let reply = browser.sign_in(&mut key).await;
    assert_eq!(reply.accepted()["userVerified"], true);
    let session = browser.get("/api/session").await.accepted();
    assert!(session["verifiedAt"].is_string());
    assert_eq!(session["fresh"], true);
    // And back: the weaker sign-in replaces the session, and takes its freshness along.
    let reply = browser.sign_in_with(&mut key, &present_only()).await;
    reply.accepted();
    let reply = browser.post("/api/deregistration", &all).await;
    reply.refused(403, "session-stale");
    browser.sign_in(&mut key).await.accepted();
    browser.post("/api/deregistration", &all).await.accepted();
}

#[actix_web::test]
async fn a_registration_and_our_own_agent_need_user_verification_whatever_the_policy() {
    let server = Server::start_with(wanting(UserVerification::Discouraged)).await;
    let options = server.browser().registration_options("ada").await;
    let asked = &options["publicKey"]["authenticatorSelection"]["userVerification"];
    assert_eq!(asked, "required");
    let unverified = Tweak {
        flags: Some(REGISTRATION & !0x04),
        ..security_key()
    };
    let (_, reply) = server.browser().register_with("ada", &unverified).await;
    reply.refused(403, "verification-failed");
    let mut face = registered(&server, "bob", &Tweak::default()).await;
    let reply = server
        .browser()
        .sign_in_with(&mut face, &present_only())
        .await;
    reply.refused(403, "verification-failed");
    server.browser().sign_in(&mut face).await.accepted();
}

/// Extension data with these bytes as the output of `uvm`.
fn uvm(output: &[u8]) -> Tweak {
    Tweak {
        extensions: Extensions::Raw([b"\xa1\x63uvm", output].concat()),
        ..security_key()
    }
}

#[actix_web::test]
async fn uvm_is_asked_for_and_kept_with_the_credential() {
    let server = Server::start().await;
    for options in [
        server.browser().registration_options("ada").await,
        server.browser().authentication_options().await,
    ] {
        assert_eq!(options["publicKey"]["extensions"]["uvm"], true);
    }
    // Fingerprint, hardware and secure element, on the chip.
    let mut key = registered(&server, "ada", &uvm(b"\x81\x83\x02\x0a\x04")).await;
    let two = uvm(b"\x82\x83\x02\x0a\x04\x83\x19\x08\x00\x01\x01");
    for (tweak, kept) in [
        (None, json!([[2, 10, 4]])),
        (Some(two), json!([[2, 10, 4], [2048, 1, 1]])),
        (Some(security_key()), Value::Null),
    ] {
        let browser = server.browser();
        let tweak = tweak.unwrap_or_else(|| uvm(b"\x81\x83\x02\x0a\x04"));
        browser.sign_in_with(&mut key, &tweak).await.accepted();
        let record = browser.get("/api/credentials").await.accepted()[0].clone();
        assert_eq!(record["uvm"], kept);
        assert_eq!(record["userVerified"], true);
    }
}

#[actix_web::test]
async fn uvm_of_another_shape_is_refused() {
    let server = Server::start().await;
    let mut key = registered(&server, "bob", &security_key()).await;
    for bad in [
        b"\x80".as_slice(),
        b"\xf5",
        b"\x81\x82\x02\x04",
        b"\x81\x83\x02\x04\x20",
        b"\x84\x83\x02\x04\x02\x83\x02\x04\x02\x83\x02\x04\x02\x83\x02\x04\x02",
    ] {
        let (_, reply) = server.browser().register_with("ada", &uvm(bad)).await;
        reply.refused(403, "verification-failed");
        let reply = server.browser().sign_in_with(&mut key, &uvm(bad)).await;
        reply.refused(403, "verification-failed");
        // Each was signed with the key and counts as a failure, until a success.
        server.browser().sign_in(&mut key).await.accepted();
    }
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 1);
}
