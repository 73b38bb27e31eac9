//! Deregistration, ISO/IEC 27553-1 A.3.4. Steps d and e happen in the browser and are tested there.

use actix_web::http::Method;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::browser::Browser;
use crate::support::server::{OPERATOR, Server};
use crate::support::{b64, from_b64, seed};

async fn deregister(browser: &Browser, id: &[u8]) -> crate::support::browser::Reply {
    let body = json!({ "credentialId": b64(id) });
    browser.post("/api/deregistration", &body).await
}

/// Adds a second credential to an account that is signed in.
async fn add(browser: &Browser, name: &str) -> Authenticator {
    browser.register(name).await
}

#[actix_web::test]
async fn deregistration_step_a_needs_a_fresh_session() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    deregister(&server.browser(), &ada.id)
        .await
        .refused(401, "not-signed-in");
    server.advance(5 * 60_000);
    deregister(&browser, &ada.id)
        .await
        .refused(403, "session-stale");
    browser.sign_in(&mut ada).await.accepted();
    deregister(&browser, &ada.id).await.accepted();
}

#[actix_web::test]
async fn deregistration_step_b_only_own_credentials() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    let mut bob = server.browser().register("bob").await;
    let reply = deregister(&browser, &bob.id).await;
    reply.refused(404, "not-found");
    assert!(!reply.text.contains("statement"));
    let reply = server.browser().sign_in(&mut bob).await;
    assert_eq!(reply.status, 200);
}

#[actix_web::test]
async fn deregistration_step_b_the_request_says_exactly_what() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    for bad in [
        json!({}),
        json!({ "all": false }),
        json!({ "all": true, "credentialId": b64(&[1; 32]) }),
        json!({ "credentialId": "" }),
        json!({ "credentialId": "!" }),
        json!([]),
    ] {
        let reply = browser.post("/api/deregistration", &bad).await;
        reply.refused(400, "malformed-request");
    }
    assert_eq!(server.count("SELECT count(*) FROM credentials").await, 1);
}

#[actix_web::test]
async fn deregistration_step_c_one_of_two_goes_and_the_rest_stays() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut first = browser.register("ada").await;
    let mut second = add(&browser, "ada").await;
    let elsewhere = server.browser();
    elsewhere.sign_in(&mut first).await.accepted();
    let answer = deregister(&browser, &first.id).await.accepted();
    assert_eq!(answer["accountDeleted"], false);
    // The session that asked lives on; the credential's other sessions ended with it.
    browser.get("/api/session").await.accepted();
    elsewhere
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    let reply = server.browser().sign_in(&mut first).await;
    reply.refused(404, "unknown-credential");
    server.browser().sign_in(&mut second).await.accepted();
}

#[actix_web::test]
async fn deregistration_step_c_a_repeated_call_gets_the_same_answer() {
    let server = Server::start().await;
    let browser = server.browser();
    let first = browser.register("ada").await;
    add(&browser, "ada").await;
    let mut answers = Vec::new();
    for _ in 0..2 {
        answers.push(deregister(&browser, &first.id).await.accepted());
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn deregistration_step_c_is_all_or_nothing() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    // A database that refuses the last step of the transaction.
    let pool = sqlx::SqlitePool::connect(&server.database()).await.unwrap();
    sqlx::query(
        "CREATE TRIGGER stop BEFORE DELETE ON accounts BEGIN SELECT RAISE(ABORT, 'stop'); END",
    )
    .execute(&pool)
    .await
    .unwrap();
    deregister(&browser, &ada.id).await.refused(500, "internal");
    sqlx::query("DROP TRIGGER stop")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    assert_eq!(server.count("SELECT count(*) FROM credentials").await, 1);
    server.browser().sign_in(&mut ada).await.accepted();
}

#[actix_web::test]
async fn deregistration_step_d_the_statement_verifies_under_the_pinned_key() {
    let server = Server::start().await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    let pinned = &options["publicKey"]["extensions"]["mienAuthenticationServer"]["key"];
    let key = VerifyingKey::from_sec1_bytes(&from_b64(pinned.as_str().unwrap())).unwrap();
    let (ada, response) = Authenticator::create(&options, &Tweak::default());
    let reply = browser.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201);
    let answer = deregister(&browser, &ada.id).await.accepted();
    let statement = answer["deregistered"][0]["statement"].as_str().unwrap();
    let (signed, signature) = statement.rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&from_b64(signature)).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    assert_eq!(
        from_b64(header),
        br#"{"alg":"ES256","typ":"mien-deregistration+jwt"}"#
    );
    let payload: Value = serde_json::from_slice(&from_b64(payload)).unwrap();
    let expected = json!({ "iss": "localhost", "sub": b64(&ada.id), "iat": 1_795_305_600 });
    assert_eq!(payload, expected);
}

#[actix_web::test]
async fn deregistration_step_d_no_statement_about_a_living_credential() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let tries = [
        Tweak {
            other_key: true,
            ..Tweak::default()
        },
        Tweak {
            user_handle: Some(json!(b64(&seed::bytes()[..16]))),
            ..Tweak::default()
        },
    ];
    for tweak in &tries {
        let reply = server.browser().sign_in_with(&mut ada, tweak).await;
        assert!(!reply.text.contains("statement"), "{reply:?}");
    }
}

#[actix_web::test]
async fn deregistration_step_d_what_was_stated_unregistered_is_not_registered_any_more() {
    let server = Server::start().await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    let (mut ada, response) = Authenticator::create(&options, &Tweak::default());
    // A script in the page asks about the credential before its registration is finished.
    let reply = browser.copy().sign_in(&mut ada).await;
    reply.refused(404, "unknown-credential");
    assert!(reply.text.contains("statement"));
    let reply = browser.post("/api/registration/result", &response).await;
    reply.refused(403, "verification-failed");
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(server.count("SELECT count(*) FROM credentials").await, 0);
    // Nobody else is held up, and what is kept for it goes with the next statement or the next sweep.
    let mut next = browser.register("ada").await;
    let kept = "SELECT count(*) FROM stated_unregistered";
    assert_eq!(server.count(kept).await, 1);
    // It is kept for longer than a ceremony lives, whose last write may come late.
    server.advance(3 * 60_000);
    let other = server.browser();
    let options = other.registration_options("bob").await;
    let (mut bob, _) = Authenticator::create(&options, &Tweak::default());
    let reply = other.copy().sign_in(&mut bob).await;
    reply.refused(404, "unknown-credential");
    assert_eq!(server.count(kept).await, 2);
    server.advance(20 * 60_000);
    browser.sign_in(&mut next).await.accepted();
    deregister(&browser, &next.id).await.accepted();
    assert_eq!(server.count(kept).await, 1);
}

#[actix_web::test]
async fn deregistration_step_f_nothing_is_left_in_the_store() {
    let server = Server::start().await;
    let browser = server.browser();
    let name = "Zebulon Quince";
    let mut first = browser.register(name).await;
    let second = add(&browser, name).await;
    browser.sign_in(&mut first).await.accepted();
    // A ceremony that is never finished, and one of another person's.
    browser.registration_options(name).await;
    server.browser().register("bystander").await;
    let traces = [
        name.as_bytes().to_vec(),
        b"zebulon quince".to_vec(),
        first.id.clone(),
        second.id.clone(),
        b64(&first.id).into_bytes(),
        b64(&second.id).into_bytes(),
        first.user.clone(),
    ];
    let dump = server.dump();
    let found = |dump: &[u8], trace: &[u8]| dump.windows(trace.len()).any(|part| part == trace);
    assert!(traces.iter().any(|trace| found(&dump, trace)));
    let answer = browser
        .post("/api/deregistration", &json!({ "all": true }))
        .await
        .accepted();
    assert_eq!(answer["accountDeleted"], true);
    assert_eq!(answer["deregistered"].as_array().unwrap().len(), 2);
    let dump = server.dump();
    for trace in &traces {
        assert!(!found(&dump, trace), "{:?}", String::from_utf8_lossy(trace));
    }
    assert!(found(&dump, b"bystander"), "the search finds what is there");
    let noted = "SELECT count(*) FROM audit WHERE event = 'deregistered'";
    assert_eq!(server.count(noted).await, 2);
}

#[actix_web::test]
async fn deregistration_step_f_the_last_credential_takes_account_and_session_along() {
    let server = Server::start().await;
    let browser = server.browser();
    let ada = browser.register("ada").await;
    let copy = browser.copy();
    let answer = deregister(&browser, &ada.id).await.accepted();
    assert_eq!(answer["accountDeleted"], true);
    copy.get("/api/session").await.refused(401, "not-signed-in");
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(server.count("SELECT count(*) FROM sessions").await, 0);
    // The name is free again, for whoever comes.
    server.browser().register("ada").await;
}

#[actix_web::test]
async fn deregistration_by_the_operator_needs_no_user() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    let path = format!("/api/admin/credentials/{}", b64(&ada.id));
    for token in ["", "Bearer ", "Bearer wrong-wrong-wrong-wrong", OPERATOR] {
        let headers = [("Authorization", token)];
        let reply = browser.send(Method::DELETE, &path, &headers, "").await;
        reply.refused(404, "not-found");
    }
    browser.get("/api/session").await.accepted();
    let bearer = format!("Bearer {OPERATOR}");
    let headers = [("Authorization", bearer.as_str())];
    let operator = server.browser();
    operator.origin.replace(None);
    let answer = operator
        .send(Method::DELETE, &path, &headers, "")
        .await
        .accepted();
    assert_eq!(answer["deregistered"][0]["credentialId"], b64(&ada.id));
    browser
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    let reply = server.browser().sign_in(&mut ada).await;
    reply.refused(404, "unknown-credential");
    let reply = operator.send(Method::DELETE, &path, &headers, "").await;
    reply.refused(404, "not-found");
}

#[actix_web::test]
async fn deregistration_by_the_operator_does_not_exist_without_a_token() {
    let server = Server::start_with(crate::support::settings::config()).await;
    let ada = server.browser().register("ada").await;
    let path = format!("/api/admin/credentials/{}", b64(&ada.id));
    let bearer = format!("Bearer {OPERATOR}");
    for token in ["Bearer ", bearer.as_str()] {
        let headers = [("Authorization", token)];
        let reply = server
            .browser()
            .send(Method::DELETE, &path, &headers, "")
            .await;
        reply.refused(404, "not-found");
    }
}
