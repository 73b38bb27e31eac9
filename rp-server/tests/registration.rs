//! Registration, ISO/IEC 27553-1 A.3.2. Steps d to g happen in the browser and are tested there.

use serde_json::json;

use crate::support::authenticator::{Attestation, Authenticator, Tweak};
use crate::support::server::Server;
use crate::support::{b64, from_b64, seed};

#[actix_web::test]
async fn registration_step_a_anyone_may_ask_with_a_name() {
    let server = Server::start().await;
    let options = server.browser().registration_options(" Ada ").await;
    assert_eq!(options["publicKey"]["user"]["name"], "Ada");
}

#[actix_web::test]
async fn transports_that_are_known_are_kept_each_once() {
    let server = Server::start().await;
    let kept = "SELECT count(*) FROM credentials WHERE transports = 'usb,internal'";
    for (number, told) in [
        json!(["internal"]),
        json!(["internal", "usb", "usb", "smoke-signal"]),
    ]
    .into_iter()
    .enumerate()
    {
        let browser = server.browser();
        let options = browser.registration_options(&format!("ada{number}")).await;
        let (_, mut response) = Authenticator::create(&options, &Tweak::default());
        response["response"]["transports"] = told;
        let reply = browser.post("/api/registration/result", &response).await;
        reply.accepted();
    }
    assert_eq!(server.count(kept).await, 1);
}

#[actix_web::test]
async fn registration_step_a_without_a_name_needs_a_session() {
    let server = Server::start().await;
    let browser = server.browser();
    let reply = browser.post("/api/registration/options", &json!({})).await;
    reply.refused(401, "not-signed-in");
    browser.register("ada").await;
    let reply = browser.post("/api/registration/options", &json!({})).await;
    assert_eq!(reply.accepted()["publicKey"]["user"]["name"], "ada");
}

#[actix_web::test]
async fn registration_step_b_bad_names_are_refused() {
    let server = Server::start().await;
    for name in ["", "  ", "a\u{202e}b", &"x".repeat(65)] {
        let body = json!({ "username": name });
        let reply = server
            .browser()
            .post("/api/registration/options", &body)
            .await;
        reply.refused(400, "username-invalid");
    }
    assert_eq!(server.count("SELECT count(*) FROM ceremonies").await, 0);
}

#[actix_web::test]
async fn registration_step_b_a_taken_name_is_only_for_its_own_session() {
    let server = Server::start().await;
    let ada = server.browser();
    let first = ada.register("ada").await;
    for name in ["ada", "ADA", "\u{ff21}da "] {
        let body = json!({ "username": name });
        let reply = server
            .browser()
            .post("/api/registration/options", &body)
            .await;
        reply.refused(409, "username-taken");
    }
    // The owner adds a second credential, and the first is excluded.
    let options = ada.registration_options("ada").await;
    let exclude = &options["publicKey"]["excludeCredentials"];
    assert_eq!(exclude[0]["id"], b64(&first.id));
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    let reply = ada.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let list = ada.get("/api/credentials").await.accepted();
    assert_eq!(list.as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn registration_step_b_adding_a_credential_needs_a_fresh_session() {
    let server = Server::start().await;
    let ada = server.browser();
    ada.register("ada").await;
    server.advance(5 * 60_000);
    let reply = ada
        .post("/api/registration/options", &json!({ "username": "ada" }))
        .await;
    reply.refused(403, "session-stale");
}

#[actix_web::test]
async fn registration_step_b_adding_ends_with_the_session_that_began_it() {
    let server = Server::start().await;
    let ada = server.browser();
    ada.register("ada").await;
    let options = ada.registration_options("ada").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    ada.delete("/api/session").await;
    let reply = ada.post("/api/registration/result", &response).await;
    reply.refused(401, "not-signed-in");
    assert_eq!(server.count("SELECT count(*) FROM credentials").await, 1);
}

#[actix_web::test]
async fn registration_step_c_options_are_what_the_policy_says() {
    let server = Server::start().await;
    let options = server.browser().registration_options("ada").await;
    let options = &options["publicKey"];
    assert_eq!(from_b64(options["challenge"].as_str().unwrap()).len(), 32);
    assert_eq!(options["rp"], json!({ "id": "localhost", "name": "Mien" }));
    assert_eq!(
        options["authenticatorSelection"],
        json!({
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        })
    );
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["timeout"], 120_000);
    assert_eq!(options["pubKeyCredParams"][0]["alg"], -7);
    let key = &options["extensions"]["mienAuthenticationServer"]["key"];
    assert_eq!(from_b64(key.as_str().unwrap()).len(), 65);
}

#[actix_web::test]
async fn registration_step_c_no_challenge_comes_twice() {
    let server = Server::start().await;
    let one = server.browser().registration_options("ada").await;
    let two = server.browser().registration_options("ada").await;
    assert_ne!(one["publicKey"]["challenge"], two["publicKey"]["challenge"]);
    assert_ne!(
        one["publicKey"]["user"]["id"],
        two["publicKey"]["user"]["id"]
    );
}

#[actix_web::test]
async fn registration_step_h_another_browser_cannot_finish() {
    let server = Server::start().await;
    let options = server.browser().registration_options("ada").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    let reply = server
        .browser()
        .post("/api/registration/result", &response)
        .await;
    reply.refused(400, "ceremony-unknown");
}

#[actix_web::test]
async fn registration_step_h_an_authentication_ceremony_does_not_fit() {
    let server = Server::start().await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    browser.authentication_options().await;
    let reply = browser.post("/api/registration/result", &response).await;
    reply.refused(400, "ceremony-unknown");
}

#[actix_web::test]
async fn registration_step_i_none_and_packed_self_attestation_pass() {
    let server = Server::start().await;
    for (name, attestation) in [("ada", Attestation::None), ("bob", Attestation::PackedSelf)] {
        let tweak = Tweak {
            attestation,
            ..Tweak::default()
        };
        let (_, reply) = server.browser().register_with(name, &tweak).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
}

#[actix_web::test]
async fn registration_step_i_every_wrong_response_is_refused_alike() {
    let server = Server::start().await;
    let tweak = Tweak::default;
    let wrong = [
        Tweak {
            kind: Some("webauthn.get"),
            ..tweak()
        },
        Tweak {
            challenge: Some(b64(&[0; 32])),
            ..tweak()
        },
        Tweak {
            origin: Some("http://localhost:8081"),
            ..tweak()
        },
        Tweak {
            client_data_tail: r#","crossOrigin":true"#,
            ..tweak()
        },
        Tweak {
            client_data_tail: r#","topOrigin":"http://localhost:8080""#,
            ..tweak()
        },
        Tweak {
            rp_id: Some("example.org"),
            ..tweak()
        },
        Tweak {
            flags: Some(0x41),
            ..tweak()
        }, // AT, UP without UV
        Tweak {
            flags: Some(0x44),
            ..tweak()
        }, // AT, UV without UP
        Tweak {
            flags: Some(0x05),
            ..tweak()
        }, // no attested credential data
        Tweak {
            trailing: &[0],
            ..tweak()
        },
        Tweak {
            credential_type: Some("password"),
            ..tweak()
        },
        Tweak {
            id: Some(b64(&[7; 32])),
            ..tweak()
        },
        Tweak {
            attested_id: Some(vec![7; 32]),
            ..tweak()
        },
        Tweak {
            new_id: Some(vec![7; 15]),
            ..tweak()
        },
        Tweak {
            new_id: Some(vec![7; 1024]),
            ..tweak()
        },
        Tweak {
            algorithm: Some(-8),
            ..tweak()
        },
        Tweak {
            attestation: Attestation::NoneWithStatement,
            ..tweak()
        },
        Tweak {
            attestation: Attestation::PackedForged,
            ..tweak()
        },
        Tweak {
            attestation: Attestation::Unknown,
            ..tweak()
        },
    ];
    let mut answers = std::collections::BTreeSet::new();
    for (number, tweak) in wrong.iter().enumerate() {
        let browser = server.browser();
        let (_, reply) = browser.register_with("ada", tweak).await;
        assert_eq!((number, reply.status), (number, 403), "{reply:?}");
        answers.insert(reply.text);
        browser
            .get("/api/session")
            .await
            .refused(401, "not-signed-in");
    }
    assert_eq!(answers.len(), 1, "the answer names no stage: {answers:?}");
    // No half-registered account: the name is still free.
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    server.browser().register("ada").await;
}

#[actix_web::test]
async fn registration_step_i_a_challenge_is_used_once() {
    let server = Server::start().await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    let copy = browser.copy();
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    let reply = browser.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201);
    let reply = copy.post("/api/registration/result", &response).await;
    reply.refused(400, "ceremony-unknown");
}

#[actix_web::test]
async fn registration_step_i_a_refused_response_uses_the_challenge_up() {
    let server = Server::start().await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    let wrong = Tweak {
        flags: Some(0x41),
        ..Tweak::default()
    };
    let (_, response) = Authenticator::create(&options, &wrong);
    let reply = browser.post("/api/registration/result", &response).await;
    reply.refused(403, "verification-failed");
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    let reply = browser.post("/api/registration/result", &response).await;
    reply.refused(400, "ceremony-unknown");
}

#[actix_web::test]
async fn registration_step_i_a_challenge_expires() {
    let server = Server::start().await;
    for (wait_ms, status) in [(119_999, 201), (120_000, 400)] {
        let browser = server.browser();
        let options = browser.registration_options(&wait_ms.to_string()).await;
        let (_, response) = Authenticator::create(&options, &Tweak::default());
        server.advance(wait_ms);
        let reply = browser.post("/api/registration/result", &response).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
}

#[actix_web::test]
async fn registration_step_i_a_credential_id_belongs_to_one_user() {
    let server = Server::start().await;
    let id = seed::bytes().to_vec();
    let tweak = Tweak {
        new_id: Some(id),
        ..Tweak::default()
    };
    let (_, reply) = server.browser().register_with("ada", &tweak).await;
    assert_eq!(reply.status, 201);
    let (_, reply) = server.browser().register_with("bob", &tweak).await;
    reply.refused(403, "verification-failed");
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 1);
}

#[actix_web::test]
async fn registration_step_i_of_two_with_one_name_one_wins() {
    let server = Server::start().await;
    let (one, two) = (server.browser(), server.browser());
    let for_one = one.registration_options("ada").await;
    let for_two = two.registration_options("Ada").await;
    let (_, response) = Authenticator::create(&for_one, &Tweak::default());
    let reply = one.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201);
    let (_, response) = Authenticator::create(&for_two, &Tweak::default());
    let reply = two.post("/api/registration/result", &response).await;
    reply.refused(409, "username-taken");
    assert_eq!(server.count("SELECT count(*) FROM credentials").await, 1);
}

#[actix_web::test]
async fn registration_step_j_the_new_account_is_signed_in() {
    let server = Server::start().await;
    let browser = server.browser();
    let (authenticator, reply) = browser.register_with("ada", &Tweak::default()).await;
    let expected = json!({ "credentialId": b64(&authenticator.id), "username": "ada" });
    assert_eq!(reply.json(), expected);
    let session = browser.get("/api/session").await.accepted();
    assert_eq!(session["username"], "ada");
    assert_eq!(session["fresh"], true);
    let list = browser.get("/api/credentials").await.accepted();
    assert_eq!(list[0]["kind"], "mien-face");
    assert_eq!(list[0]["mode"], "A.1");
    assert_eq!(list[0]["aaguid"], "6d69656e-2d66-4163-8a51-9e0c7b1d4f20");
    assert_eq!(list[0]["createdAt"], "2026-11-22T00:00:00Z");
    assert_eq!(list[0]["lastUsedAt"], json!(null));
    assert_eq!(list[0]["current"], true);
}

#[actix_web::test]
async fn registration_step_k_the_end_is_noted_without_names() {
    let server = Server::start().await;
    server.browser().register("ada").await;
    let wrong = Tweak {
        flags: Some(0x41),
        ..Tweak::default()
    };
    server.browser().register_with("bob", &wrong).await;
    let noted = "SELECT count(*) FROM audit WHERE event = 'registered' AND account_no IS NOT NULL";
    assert_eq!(server.count(noted).await, 1);
    let noted = "SELECT count(*) FROM audit WHERE event = 'registration-refused' \
                 AND account_no IS NULL";
    assert_eq!(server.count(noted).await, 1);
}
