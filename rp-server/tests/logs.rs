//! The log of a whole life with everything switched on: nothing of a person, a credential, a token or a body is in it.

use std::io::Read;
use std::process::Command;

use actix_web::http::Method;
use rp_server::authentication_server::{CeremonyToken, Rejected};
use rp_server::config::OperatorToken;
use rp_server::relying_party::SessionToken;
use serde_json::json;

use crate::support::authenticator::{Extensions, Tweak};
use crate::support::b64;
use crate::support::browser::Browser;
use crate::support::process::{serve, started};
use crate::support::seed;

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

#[actix_web::test]
async fn nothing_of_a_person_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(folder.path(), "sqlite:data/mien.db");
    command
        .env("RUST_LOG", "trace")
        .args(["--rate-burst", "1000"]);
    let (mut child, lines) = started(command);
    let mut stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut log = String::new();
        stderr.read_to_string(&mut log).unwrap();
        log
    });
    let base = lines[0].strip_prefix("listening relying-party ").unwrap();
    let browser = Browser::new(base);
    let mut secrets = vec!["Zebedee".to_owned(), "zebedee".to_owned()];

    let mut key = browser.register("Zebedee Quux").await;
    secrets.extend(browser.cookies.borrow().values().cloned());
    browser.sign_in(&mut key).await.accepted();
    secrets.extend(browser.cookies.borrow().values().cloned());
    for tweak in [
        Tweak {
            other_key: true,
            ..Tweak::default()
        },
        Tweak {
            extensions: Extensions::Omitted,
            ..Tweak::default()
        },
        Tweak {
            counter: Some(1),
            ..Tweak::default()
        },
        Tweak {
            id: Some(b64(&seed::bytes())),
            ..Tweak::default()
        },
        Tweak {
            origin: Some("http://zebedee.example"),
            ..Tweak::default()
        },
    ] {
        let other = Browser::new(base);
        let options = other.authentication_options().await;
        secrets.extend(other.cookies.borrow().values().cloned());
        let response = key.get(&options, &tweak);
        other.post("/api/authentication/result", &response).await;
        for member in ["id", "rawId"] {
            secrets.push(response[member].as_str().unwrap().to_owned());
        }
        for member in ["clientDataJSON", "authenticatorData", "signature"] {
            let text = response["response"][member].as_str().unwrap();
            secrets.push(text[text.len() - 40..].to_owned());
        }
        secrets.push(
            options["publicKey"]["challenge"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    // Wrong types: a parser likes to quote what it found.
    for body in [
        json!({ "username": { "zebedee": 1 } }),
        json!({ "id": ["zebedee"], "rawId": "zebedee", "type": "zebedee", "response": "zebedee" }),
        json!({ "id": "zebedee", "rawId": "!zebedee!", "type": "public-key", "response": {
            "clientDataJSON": "zebedee", "attestationObject": 7, "transports": "zebedee" } }),
        json!({ "credentialId": "zebedee" }),
    ] {
        for path in [
            "/api/registration/options",
            "/api/registration/result",
            "/api/authentication/options",
            "/api/authentication/result",
            "/api/deregistration",
            "/api/zebedee?zebedee=zebedee",
        ] {
            let other = Browser::new(base);
            other.registration_options("Quentin Zebedee").await;
            let text = body.to_string();
            let reply = other.send(Method::POST, path, &JSON, text).await;
            assert!(
                (400..500).contains(&reply.status) || path.ends_with("options"),
                "{reply:?}"
            );
        }
    }
    let agent = [
        ("User-Agent", "zebedee"),
        ("Authorization", "Bearer zebedee"),
    ];
    browser
        .send(Method::GET, "/api/admin/credentials", &agent, "")
        .await;
    let wanted = json!({ "all": true });
    let gone = browser
        .post("/api/deregistration", &wanted)
        .await
        .accepted();
    secrets.push(
        gone["deregistered"][0]["statement"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    browser
        .sign_in(&mut key)
        .await
        .refused(404, "unknown-credential");

    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let log = reader.join().unwrap();
    assert!(
        log.contains("refused") && log.contains("reason="),
        "it logs: {log}"
    );
    assert!(log.lines().count() > 100, "at every level");
    // A part of one is enough to find it by.
    for secret in &secrets {
        let part: String = secret.chars().take(20).collect();
        let found = log.lines().find(|line| line.contains(&part));
        assert_eq!(found, None, "{secret}");
    }
}

#[test]
fn tokens_cannot_be_printed() {
    let text = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I";
    let operator = OperatorToken::new(text.to_owned()).unwrap();
    assert_eq!(format!("{operator:?}"), "OperatorToken(redacted)");
    let ceremony = CeremonyToken::parse(text).unwrap();
    assert_eq!(format!("{ceremony:?}"), "CeremonyToken(redacted)");
    let session = SessionToken::parse(text).unwrap();
    assert_eq!(format!("{session:?}"), "SessionToken(redacted)");
}

#[test]
fn the_log_says_why_a_message_was_not_taken() {
    assert!(Rejected::Late.to_string().contains("clocks"));
    let words =
        [Rejected::Malformed, Rejected::Late, Rejected::Repeated].map(|why| why.to_string());
    assert!(words.iter().all(|why| why.starts_with("the message ")));
    assert_ne!(words[0], words[2]);
}
