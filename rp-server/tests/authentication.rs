//! Authentication, ISO/IEC 27553-1 A.3.3. Steps d to g happen in the browser and are tested there.

use serde_json::json;

use crate::support::authenticator::Tweak;
use crate::support::server::Server;
use crate::support::{b64, from_b64, seed};

#[actix_web::test]
async fn authentication_step_a_anyone_may_ask() {
    let server = Server::start().await;
    let options = server.browser().authentication_options().await;
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(options.get("mediation"), None);
}

#[actix_web::test]
async fn authentication_step_a_from_another_origin_is_refused() {
    let server = Server::start().await;
    let browser = server.browser();
    browser
        .origin
        .replace(Some("https://evil.example".to_owned()));
    let reply = browser
        .post("/api/authentication/options", &json!({}))
        .await;
    reply.refused(403, "forbidden-origin");
}

#[actix_web::test]
async fn authentication_step_b_a_name_narrows_the_list_to_its_own_credentials() {
    let server = Server::start().await;
    let ada = server.browser().register("ada").await;
    server.browser().register("bob").await;
    let reply = server
        .browser()
        .post("/api/authentication/options", &json!({ "username": "ADA" }))
        .await;
    let list = reply.accepted()["publicKey"]["allowCredentials"].clone();
    assert_eq!(list, json!([{ "type": "public-key", "id": b64(&ada.id) }]));
}

#[actix_web::test]
async fn authentication_step_b_an_unknown_name_looks_like_a_known_one() {
    let server = Server::start().await;
    server.browser().register("ada").await;
    let ask = async |name: &str| {
        let body = json!({ "username": name });
        let reply = server
            .browser()
            .post("/api/authentication/options", &body)
            .await;
        let mut options = reply.accepted();
        options["publicKey"]["challenge"] = json!("");
        options
    };
    let (known, unknown, again) = (ask("ada").await, ask("bob").await, ask("Bob").await);
    assert_eq!(unknown, again, "stable");
    assert_ne!(unknown, ask("eve").await);
    // Three out of five decoys have what this account has; the others have what other accounts have.
    let shape = |options: &serde_json::Value| {
        let mut options = options.clone();
        let list = options["publicKey"]["allowCredentials"].as_array_mut();
        let ids = list.unwrap().iter_mut().map(|entry| entry["id"].take());
        let lengths: Vec<usize> = ids.map(|id| from_b64(id.as_str().unwrap()).len()).collect();
        (options, lengths)
    };
    let mut alike = 0;
    for name in 0..30 {
        alike += usize::from(shape(&ask(&format!("bob{name}")).await) == shape(&known));
    }
    assert!((5..30).contains(&alike), "{alike} of 30");
}

#[actix_web::test]
async fn authentication_step_i_an_answer_to_an_unknown_name_is_refused_like_a_wrong_one() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let mut answers = Vec::new();
    for name in ["ada", "bob"] {
        let browser = server.browser();
        let body = json!({ "username": name });
        let reply = browser.post("/api/authentication/options", &body).await;
        let options = reply.accepted();
        let id = &options["publicKey"]["allowCredentials"][0]["id"];
        ada.id = from_b64(id.as_str().unwrap());
        let tweak = Tweak {
            other_key: true,
            user_handle: Some(json!(null)),
            ..Tweak::default()
        };
        let response = ada.get(&options, &tweak);
        let reply = browser.post("/api/authentication/result", &response).await;
        reply.refused(403, "verification-failed");
        answers.push(reply.text);
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn authentication_step_c_options_are_what_the_policy_says() {
    let server = Server::start().await;
    let options = server.browser().authentication_options().await;
    let options = &options["publicKey"];
    assert_eq!(from_b64(options["challenge"].as_str().unwrap()).len(), 32);
    assert_eq!(options["rpId"], "localhost");
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["timeout"], 120_000);
}

#[actix_web::test]
async fn authentication_step_c_no_challenge_comes_twice() {
    let server = Server::start().await;
    let one = server.browser().authentication_options().await;
    let two = server.browser().authentication_options().await;
    assert_ne!(one["publicKey"]["challenge"], two["publicKey"]["challenge"]);
}

#[actix_web::test]
async fn authentication_step_h_another_browser_cannot_finish() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let options = server.browser().authentication_options().await;
    let response = ada.get(&options, &Tweak::default());
    let thief = server.browser();
    let reply = thief.post("/api/authentication/result", &response).await;
    reply.refused(400, "ceremony-unknown");
    // With a ceremony of the thief's own the challenge is another one.
    thief.authentication_options().await;
    let reply = thief.post("/api/authentication/result", &response).await;
    reply.refused(403, "verification-failed");
}

#[actix_web::test]
async fn authentication_step_i_a_good_response_passes_and_is_never_accepted_again() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let browser = server.browser();
    let options = browser.authentication_options().await;
    let copy = browser.copy();
    let response = ada.get(&options, &Tweak::default());
    let reply = browser.post("/api/authentication/result", &response).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let reply = copy.post("/api/authentication/result", &response).await;
    reply.refused(400, "ceremony-unknown");
}

#[actix_web::test]
async fn authentication_step_i_every_wrong_response_is_refused_alike() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let bob = server.browser().register("bob").await;
    let reply = server.browser().sign_in(&mut ada).await;
    assert_eq!(reply.status, 200);
    let tweak = Tweak::default;
    let wrong = [
        Tweak {
            kind: Some("webauthn.create"),
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
            origin: Some("http://evil.example"),
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
            flags: Some(0x01),
            ..tweak()
        }, // UP without UV
        Tweak {
            flags: Some(0x04),
            ..tweak()
        }, // UV without UP
        Tweak {
            flags: Some(0x15),
            ..tweak()
        }, // BS without BE
        Tweak {
            flags: Some(0x45),
            ..tweak()
        }, // AT without the data
        Tweak {
            trailing: &[0],
            ..tweak()
        },
        Tweak {
            credential_type: Some("password"),
            ..tweak()
        },
        Tweak {
            id: Some(b64(&bob.id)),
            ..tweak()
        },
        Tweak {
            user_handle: Some(json!(b64(&bob.user))),
            ..tweak()
        },
        Tweak {
            user_handle: Some(json!(null)),
            ..tweak()
        },
        Tweak {
            counter: Some(1),
            ..tweak()
        },
        Tweak {
            counter: Some(0),
            ..tweak()
        },
        Tweak {
            other_key: true,
            ..tweak()
        },
    ];
    let mut answers = std::collections::BTreeSet::new();
    for (number, tweak) in wrong.iter().enumerate() {
        let browser = server.browser();
        // Past any wait: see `attempts`.
        server.advance(3_600_000);
        let reply = browser.sign_in_with(&mut ada, tweak).await;
        assert_eq!((number, reply.status), (number, 403), "{reply:?}");
        answers.insert(reply.text);
        browser
            .get("/api/session")
            .await
            .refused(401, "not-signed-in");
    }
    assert_eq!(answers.len(), 1, "the answer names no stage: {answers:?}");
    // Nothing above harmed the credential.
    let reply = server.browser().sign_in(&mut ada).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[actix_web::test]
async fn authentication_step_i_another_users_credential_does_not_answer_for_a_name() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    server.browser().register("bob").await;
    for (name, handle) in [
        ("bob", json!(b64(&ada.user))),
        ("bob", json!(null)),
        ("nobody", json!(b64(&ada.user))),
    ] {
        let browser = server.browser();
        let options = browser
            .post("/api/authentication/options", &json!({ "username": name }))
            .await
            .accepted();
        let tweak = Tweak {
            user_handle: Some(handle),
            ..Tweak::default()
        };
        let response = ada.get(&options, &tweak);
        let reply = browser.post("/api/authentication/result", &response).await;
        reply.refused(403, "verification-failed");
    }
    // Asked by her own name she may leave the handle out.
    let browser = server.browser();
    let options = browser
        .post("/api/authentication/options", &json!({ "username": "ada" }))
        .await
        .accepted();
    let tweak = Tweak {
        user_handle: Some(json!(null)),
        ..Tweak::default()
    };
    let mut response = ada.get(&options, &tweak);
    let members = response["response"].as_object_mut().unwrap();
    members.remove("userHandle").unwrap();
    let reply = browser.post("/api/authentication/result", &response).await;
    assert_eq!(reply.accepted()["username"], "ada");
}

#[actix_web::test]
async fn authentication_step_i_a_decoy_is_refused_as_a_real_credential_is() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let mut answers = Vec::new();
    for name in ["ada", "nobody"] {
        let browser = server.browser();
        let body = json!({ "username": name });
        let reply = browser.post("/api/authentication/options", &body).await;
        let options = reply.accepted();
        // Somebody without the key answers for the credential on the list.
        let id = options["publicKey"]["allowCredentials"][0]["id"].clone();
        ada.id = from_b64(id.as_str().unwrap());
        let wrong = Tweak {
            other_key: true,
            ..Tweak::default()
        };
        let response = ada.get(&options, &wrong);
        let reply = browser.post("/api/authentication/result", &response).await;
        answers.push((reply.status, reply.text));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 403);
}

#[actix_web::test]
async fn authentication_step_i_a_credential_that_was_not_on_the_list_is_refused() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    let asked = server.browser();
    let body = json!({ "username": "ada" });
    let options = asked.post("/api/authentication/options", &body).await;
    let options = options.accepted();
    // Hers too, but registered after the list was made.
    let (mut second, reply) = browser.register_with("ada", &Tweak::default()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let response = second.get(&options, &Tweak::default());
    let reply = asked.post("/api/authentication/result", &response).await;
    reply.refused(403, "verification-failed");
    let reply = server.browser().sign_in(&mut second).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[actix_web::test]
async fn authentication_step_i_an_ordinary_synced_passkey_passes() {
    const SYNCED: u8 = 0x18; // BE and BS
    let server = Server::start().await;
    let browser = server.browser();
    let new = Tweak {
        flags: Some(0x45 | SYNCED),
        aaguid: Some([0; 16]),
        new_id: Some(seed::bytes()[..20].to_vec()),
        ..Tweak::default()
    };
    let (mut passkey, reply) = browser.register_with("ada", &new).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let use_it = Tweak {
        flags: Some(0x05 | SYNCED),
        counter: Some(0),
        ..Tweak::default()
    };
    for _ in 0..2 {
        let reply = server.browser().sign_in_with(&mut passkey, &use_it).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let list = browser.get("/api/credentials").await.accepted();
    assert_eq!(list[0]["kind"], "passkey");
    assert_eq!(list[0]["mode"], json!(null));
}

#[actix_web::test]
async fn authentication_step_i_of_two_responses_with_one_counter_one_counts() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let (one, two) = (server.browser(), server.browser());
    let for_one = one.authentication_options().await;
    let for_two = two.authentication_options().await;
    let tweak = Tweak {
        counter: Some(5),
        ..Tweak::default()
    };
    let response_one = ada.get(&for_one, &tweak);
    let response_two = ada.get(&for_two, &tweak);
    let (reply_one, reply_two) = tokio::join!(
        one.post("/api/authentication/result", &response_one),
        two.post("/api/authentication/result", &response_two),
    );
    let mut statuses = [reply_one.status, reply_two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 403]);
}

#[actix_web::test]
async fn authentication_step_i_a_challenge_expires() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    for (wait_ms, status) in [(119_999, 200), (120_000, 400)] {
        let browser = server.browser();
        let options = browser.authentication_options().await;
        let response = ada.get(&options, &Tweak::default());
        server.advance(wait_ms);
        let reply = browser.post("/api/authentication/result", &response).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
}

#[actix_web::test]
async fn authentication_step_i_an_unknown_credential_is_told_with_a_statement() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    ada.id = seed::bytes().to_vec();
    let reply = server.browser().sign_in(&mut ada).await;
    reply.refused(404, "unknown-credential");
    let statement = reply.json()["statement"].as_str().unwrap().to_owned();
    let payload = from_b64(statement.split('.').nth(1).unwrap());
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["sub"], b64(&ada.id));
    // Without a ceremony of one's own no statement is to be had.
    let options = server.browser().authentication_options().await;
    let response = ada.get(&options, &Tweak::default());
    let reply = server
        .browser()
        .post("/api/authentication/result", &response)
        .await;
    reply.refused(400, "ceremony-unknown");
}

#[actix_web::test]
async fn authentication_step_j_a_session_is_opened_and_the_old_one_ends() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    let before = browser.copy();
    server.advance(60_000);
    let reply = browser.sign_in(&mut ada).await.accepted();
    assert_eq!(reply["username"], "ada");
    assert_eq!(reply["credentialId"], b64(&ada.id));
    let session = browser.get("/api/session").await.accepted();
    assert_eq!(session["verifiedAt"], "2026-11-22T00:01:00Z");
    before
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    let list = browser.get("/api/credentials").await.accepted();
    assert_eq!(list[0]["lastUsedAt"], "2026-11-22T00:01:00Z");
}

#[actix_web::test]
async fn authentication_step_k_the_end_is_noted() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    server.browser().sign_in(&mut ada).await;
    let wrong = Tweak {
        other_key: true,
        ..Tweak::default()
    };
    server.browser().sign_in_with(&mut ada, &wrong).await;
    for (event, count) in [("authenticated", 1), ("authentication-refused", 1)] {
        let found = match event {
            "authenticated" => "SELECT count(*) FROM audit WHERE event = 'authenticated'",
            _ => "SELECT count(*) FROM audit WHERE event = 'authentication-refused'",
        };
        assert_eq!(server.count(found).await, count, "{event}");
    }
}
