//! Limits of failed attempts per credential: only who holds its key can fail, and waits grow from five to fifty.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, Extensions, Tweak};
use crate::support::b64;
use crate::support::browser::Reply;
use crate::support::server::{OPERATOR, Server};
use crate::support::settings::config;

const SECOND: i64 = 1000;

/// Right in everything, but the user was not verified.
fn not_verified() -> Tweak {
    Tweak {
        flags: Some(0x01),
        ..Tweak::default()
    }
}

async fn attempt(server: &Server, who: &mut Authenticator, tweak: &Tweak) -> Reply {
    server.browser().sign_in_with(who, tweak).await
}

async fn failures(server: &Server) -> i64 {
    server.count("SELECT failures FROM credentials").await
}

async fn by_operator(server: &Server, method: Method, path: &str) -> Reply {
    let bearer = format!("Bearer {OPERATOR}");
    let headers = [("Authorization", bearer.as_str())];
    server.browser().send(method, path, &headers, "").await
}

/// As many failures as `count`, each as soon as it counts.
async fn fail(server: &Server, who: &mut Authenticator, count: usize) {
    for number in 0..count {
        let reply = attempt(server, who, &not_verified()).await;
        let last = if number == 49 {
            "credential-disabled"
        } else {
            "verification-failed"
        };
        reply.refused(403, last);
        server.advance(3600 * SECOND);
    }
}

#[actix_web::test]
async fn strangers_cannot_make_a_credential_wait() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    // Who knows the credential ID and the user handle, but not the key, and who was lured into another page.
    let strangers = [
        Tweak {
            other_key: true,
            ..not_verified()
        },
        Tweak {
            challenge: Some(b64(&[7; 32])),
            ..not_verified()
        },
        Tweak {
            origin: Some("http://localhost:8081"),
            ..not_verified()
        },
        Tweak {
            client_data_tail: r#","crossOrigin":true"#,
            ..not_verified()
        },
        Tweak {
            kind: Some("webauthn.create"),
            ..not_verified()
        },
    ];
    for tweak in &strangers {
        for _ in 0..60 {
            let reply = attempt(&server, &mut ada, tweak).await;
            reply.refused(403, "verification-failed");
        }
    }
    assert_eq!(failures(&server).await, 0);
    assert_eq!(
        attempt(&server, &mut ada, &Tweak::default()).await.status,
        200
    );
}

#[actix_web::test]
async fn what_only_the_keys_holder_can_send_counts() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    attempt(&server, &mut ada, &Tweak::default())
        .await
        .accepted();
    let held = [
        not_verified(),
        Tweak {
            flags: Some(0x04),
            ..Tweak::default()
        },
        Tweak {
            counter: Some(1),
            ..Tweak::default()
        },
        Tweak {
            extensions: Extensions::Omitted,
            ..Tweak::default()
        },
        Tweak {
            trailing: b"\0",
            ..Tweak::default()
        },
    ];
    for (number, tweak) in held.iter().enumerate() {
        assert_eq!(failures(&server).await, i64::try_from(number).unwrap());
        let reply = attempt(&server, &mut ada, tweak).await;
        reply.refused(403, "verification-failed");
    }
    assert_eq!(failures(&server).await, 5);
}

#[actix_web::test]
async fn after_five_failures_the_holder_waits_and_nobody_else_learns_of_it() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let mut bob = server.browser().register("bob").await;
    for _ in 0..5 {
        let reply = attempt(&server, &mut ada, &not_verified()).await;
        reply.refused(403, "verification-failed");
    }
    // Right or wrong, the answer is to wait, and no wait grows by asking.
    for tweak in [Tweak::default(), not_verified(), Tweak::default()] {
        let reply = attempt(&server, &mut ada, &tweak).await;
        reply.refused(429, "credential-waits");
        assert_eq!(reply.header("retry-after"), "30");
    }
    let stranger = Tweak {
        other_key: true,
        ..Tweak::default()
    };
    let reply = attempt(&server, &mut ada, &stranger).await;
    reply.refused(403, "verification-failed");
    assert_eq!(
        attempt(&server, &mut bob, &Tweak::default()).await.status,
        200
    );
    // Another process on the same database knows of it.
    let second = server.second(config()).await;
    let reply = attempt(&second, &mut ada, &Tweak::default()).await;
    reply.refused(429, "credential-waits");
    server.advance(30 * SECOND);
    assert_eq!(
        attempt(&server, &mut ada, &Tweak::default()).await.status,
        200
    );
    // A success sets the count back.
    for _ in 0..5 {
        let reply = attempt(&server, &mut ada, &not_verified()).await;
        reply.refused(403, "verification-failed");
    }
}

#[actix_web::test]
async fn the_waits_grow() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    fail(&server, &mut ada, 4).await;
    for wait in [30, 60, 120, 240, 480] {
        let reply = attempt(&server, &mut ada, &not_verified()).await;
        reply.refused(403, "verification-failed");
        server.advance((wait - 1) * SECOND);
        let reply = attempt(&server, &mut ada, &Tweak::default()).await;
        reply.refused(429, "credential-waits");
        assert_eq!(reply.header("retry-after"), "1", "after {wait} seconds");
        server.advance(SECOND);
    }
}

#[actix_web::test]
async fn fifty_failures_disable_the_credential_until_the_operator_enables_it() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let list = "/api/admin/credentials";
    assert_eq!(
        by_operator(&server, Method::GET, list).await.accepted(),
        json!([])
    );
    fail(&server, &mut ada, 50).await;
    server.advance(365 * 86_400 * SECOND);
    let reply = attempt(&server, &mut ada, &Tweak::default()).await;
    reply.refused(403, "credential-disabled");
    let stranger = Tweak {
        other_key: true,
        ..Tweak::default()
    };
    let reply = attempt(&server, &mut ada, &stranger).await;
    reply.refused(403, "verification-failed");
    assert_eq!(failures(&server).await, 50, "no further counting");

    let found = by_operator(&server, Method::GET, list).await.accepted();
    let id = b64(&ada.id);
    let expected = json!([{
        "credentialId": id,
        "username": "ada",
        "failures": 50,
        "lastFailureAt": found[0]["lastFailureAt"],
    }]);
    assert_eq!(found, expected);
    let enable = format!("{list}/{id}/enable");
    let reply = server.browser().send(Method::POST, &enable, &[], "").await;
    reply.refused(404, "not-found");
    let reply = server.browser().get(list).await;
    reply.refused(404, "not-found");
    let none = format!("{list}/{}/enable", b64(&[9; 32]));
    by_operator(&server, Method::POST, &none)
        .await
        .refused(404, "not-found");
    assert_eq!(
        by_operator(&server, Method::POST, &enable).await.status,
        204
    );
    assert_eq!(
        attempt(&server, &mut ada, &Tweak::default()).await.status,
        200
    );
    let audit = "SELECT count(*) FROM audit WHERE event = 'enabled-by-operator'";
    assert_eq!(server.count(audit).await, 1);
}

#[actix_web::test]
async fn the_owner_replaces_a_disabled_credential_with_another_one() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut lost = browser.register("ada").await;
    let mut other = browser.register("ada").await;
    fail(&server, &mut lost, 50).await;
    let browser = server.browser();
    browser.sign_in(&mut other).await.accepted();
    let credentials = browser.get("/api/credentials").await.accepted();
    let disabled: Vec<&Value> = credentials
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["disabled"] == true)
        .map(|one| &one["credentialId"])
        .collect();
    assert_eq!(disabled, [&json!(b64(&lost.id))]);
    let wanted = json!({ "credentialId": b64(&lost.id) });
    browser
        .post("/api/deregistration", &wanted)
        .await
        .accepted();
    attempt(&server, &mut lost, &Tweak::default())
        .await
        .refused(404, "unknown-credential");
}

#[actix_web::test]
async fn attempts_side_by_side_do_not_get_past_a_limit() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let mut begun = Vec::new();
    for _ in 0..20 {
        let browser = server.browser();
        let options = browser.authentication_options().await;
        begun.push((browser, ada.get(&options, &not_verified())));
    }
    let browser = server.browser();
    let options = browser.authentication_options().await;
    let good = ada.get(&options, &Tweak::default());
    let path = "/api/authentication/result";
    let sent = begun
        .iter()
        .map(|(browser, response)| browser.post(path, response));
    let replies = futures_util::future::join_all(sent).await;
    let counted = replies.iter().filter(|reply| reply.status == 403).count();
    assert_eq!(failures(&server).await, i64::try_from(counted).unwrap());
    assert!(counted >= 5);
    browser
        .post(path, &good)
        .await
        .refused(429, "credential-waits");
}
