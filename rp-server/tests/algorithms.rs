//! Each signature algorithm that the options offer: a whole registration and sign-in.

use serde_json::json;

use crate::support::authenticator::{Attestation, NewKey, Tweak};
use crate::support::server::Server;
use crate::support::signing_key::{ES384, RS256};

#[actix_web::test]
async fn every_algorithm_that_is_offered_registers_and_signs_in() {
    let server = Server::start().await;
    let options = server.browser().registration_options("nobody").await;
    let offered: Vec<i64> = options["publicKey"]["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["alg"].as_i64().unwrap())
        .collect();
    let all = [
        ("ada", -7, NewKey::default()),
        ("bob", -35, ES384),
        ("eve", -257, RS256),
    ];
    assert_eq!(offered, all.map(|(_, algorithm, _)| algorithm));
    for (name, algorithm, key) in all {
        for attestation in [Attestation::None, Attestation::PackedSelf] {
            let tweak = Tweak {
                key,
                attestation,
                aaguid: Some([7; 16]),
                ..Tweak::default()
            };
            let browser = server.browser();
            let (mut key, reply) = browser.register_with(name, &tweak).await;
            assert_eq!(reply.status, 201, "{algorithm} {reply:?}");
            let stranger = server.browser();
            let reply = stranger.sign_in(&mut key).await;
            assert_eq!(reply.accepted()["username"], name);
            let all = json!({ "all": true });
            browser.post("/api/deregistration", &all).await.accepted();
        }
    }
}

#[actix_web::test]
async fn a_signature_by_another_key_of_the_same_algorithm_is_refused() {
    let server = Server::start().await;
    for (name, key) in [("ada", ES384), ("bob", RS256)] {
        let tweak = Tweak {
            key,
            aaguid: Some([7; 16]),
            ..Tweak::default()
        };
        let (mut key, reply) = server.browser().register_with(name, &tweak).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        let forged = Tweak {
            other_key: true,
            ..Tweak::default()
        };
        let reply = server.browser().sign_in_with(&mut key, &forged).await;
        reply.refused(403, "verification-failed");
        // Its own key, another name for it.
        let renamed = Tweak {
            algorithm: Some(-7),
            ..tweak
        };
        let (_, reply) = server.browser().register_with("renamed", &renamed).await;
        reply.refused(403, "verification-failed");
    }
}
