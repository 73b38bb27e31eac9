//! The interface of the FIDO Alliance's conformance tools, with our own authenticator in their place. The tools
//! themselves are given to members and vendors only, and have not been run.

use serde_json::{Value, json};

use crate::support::authenticator::{Attestation, Authenticator, Extensions, Tweak};
use crate::support::b64;
use crate::support::browser::{Browser, Reply};
use crate::support::server::Server;

/// The tools send no Origin.
fn tool(server: &Server) -> Browser {
    let tool = server.browser();
    tool.origin.replace(None);
    tool
}

#[track_caller]
fn ok(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{reply:?}");
    let answer = reply.json();
    assert_eq!(answer["status"], "ok");
    assert_eq!(answer["errorMessage"], "");
    answer
}

#[track_caller]
fn failed(reply: &Reply, message: &str) {
    assert!((400..500).contains(&reply.status), "{reply:?}");
    let said = json!({ "status": "failed", "errorMessage": message });
    assert_eq!(reply.json(), said);
}

fn creation(name: &str) -> Value {
    json!({ "username": name, "displayName": "Ada Lovelace" })
}

async fn register(tool: &Browser, asked: &Value, tweak: &Tweak) -> (Authenticator, Reply) {
    let options = ok(&tool.post("/attestation/options", asked).await);
    let (key, response) = Authenticator::create(&json!({ "publicKey": options }), tweak);
    let reply = tool
        .post("/attestation/result", &as_the_tools(response))
        .await;
    (key, reply)
}

async fn sign_in(tool: &Browser, key: &mut Authenticator, tweak: &Tweak) -> Reply {
    let options = ok(&tool
        .post("/assertion/options", &json!({ "username": "ada" }))
        .await);
    let response = key.get(&json!({ "publicKey": options }), tweak);
    tool.post("/assertion/result", &as_the_tools(response))
        .await
}

/// `ServerPublicKeyCredential`.
fn as_the_tools(mut response: Value) -> Value {
    let members = response.as_object_mut().unwrap();
    members.remove("rawId");
    members.remove("authenticatorAttachment");
    let outputs = members.remove("clientExtensionResults").unwrap();
    members.insert("getClientExtensionResults".into(), outputs);
    response
}

#[actix_web::test]
async fn registration_and_authentication_in_the_form_of_the_tools() {
    let server = Server::start().await;
    let tool = tool(&server);
    let asked = json!({
        "username": "ada",
        "displayName": "Ada Lovelace",
        "authenticatorSelection": {
            "requireResidentKey": false,
            "authenticatorAttachment": "cross-platform",
            "userVerification": "preferred",
        },
        "attestation": "direct",
        "extensions": { "example.extension": true, "mienPad": false },
    });
    let options = ok(&tool.post("/attestation/options", &asked).await);
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], "ada");
    assert_eq!(options["user"]["displayName"], "Ada Lovelace");
    assert_eq!(options["attestation"], "direct");
    assert_eq!(options["excludeCredentials"], json!([]));
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["authenticatorAttachment"], "cross-platform");
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["extensions"]["example.extension"], true);
    assert_eq!(options["extensions"]["mienPad"], true, "ours stays");
    let (mut key, response) =
        Authenticator::create(&json!({ "publicKey": options }), &Tweak::default());
    let reply = tool
        .post("/attestation/result", &as_the_tools(response))
        .await;
    ok(&reply);

    let asked = json!({ "username": "ada", "userVerification": "required" });
    let options = ok(&tool.post("/assertion/options", &asked).await);
    assert_eq!(options["rpId"], "localhost");
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"][0]["id"], b64(&key.id));
    let response = key.get(&json!({ "publicKey": options }), &Tweak::default());
    ok(&tool
        .post("/assertion/result", &as_the_tools(response))
        .await);
    // No user handle, as an authenticator without discoverable credentials says it.
    let tweak = Tweak {
        user_handle: Some(json!("")),
        ..Tweak::default()
    };
    ok(&sign_in(&tool, &mut key, &tweak).await);

    // A second credential of the account that is signed in: the first one is excluded.
    let options = ok(&tool.post("/attestation/options", &creation("ada")).await);
    assert_eq!(options["excludeCredentials"][0]["id"], b64(&key.id));
    assert_eq!(options["attestation"], "none");
}

#[actix_web::test]
async fn every_conveyance_is_honoured_or_refused_and_every_statement_verified() {
    let server = Server::start().await;
    let mut number = 0;
    for conveyance in ["none", "indirect", "direct"] {
        for (attestation, good) in [
            (Attestation::None, true),
            (Attestation::PackedSelf, true),
            (Attestation::PackedForged, false),
            (Attestation::NoneWithStatement, false),
            (Attestation::Unknown, false),
        ] {
            number += 1;
            let asked = json!({
                "username": format!("user{number}"),
                "displayName": "Somebody",
                "attestation": conveyance,
            });
            let tweak = Tweak {
                attestation,
                ..Tweak::default()
            };
            let tool = tool(&server);
            let options = ok(&tool.post("/attestation/options", &asked).await);
            assert_eq!(options["attestation"], conveyance);
            let (_, reply) = register(&tool, &asked, &tweak).await;
            if good {
                ok(&reply);
            } else {
                assert!(
                    (400..500).contains(&reply.status),
                    "{conveyance}: {reply:?}"
                );
                assert_eq!(reply.json()["status"], "failed");
            }
        }
    }
    let mut asked = creation("ada");
    asked["attestation"] = json!("enterprise");
    let reply = tool(&server).post("/attestation/options", &asked).await;
    failed(&reply, "enterprise attestation is not offered");
    asked["attestation"] = json!("surely");
    let reply = tool(&server).post("/attestation/options", &asked).await;
    failed(&reply, "malformed-request");
}

#[actix_web::test]
async fn what_policy_does_not_allow_is_refused() {
    let server = Server::start().await;
    let tool = tool(&server);
    let verification = "user verification is always required";
    let mut asked = creation("ada");
    asked["authenticatorSelection"] = json!({ "userVerification": "discouraged" });
    failed(
        &tool.post("/attestation/options", &asked).await,
        verification,
    );
    asked["authenticatorSelection"] = json!({ "residentKey": "discouraged" });
    let resident = "a discoverable credential is always required";
    failed(&tool.post("/attestation/options", &asked).await, resident);
    let asked = json!({ "username": "ada", "userVerification": "discouraged" });
    failed(&tool.post("/assertion/options", &asked).await, verification);
}

#[actix_web::test]
async fn what_is_wrong_is_refused_in_the_form_of_the_tools() {
    let server = Server::start().await;
    let tool_of_ada = tool(&server);
    let (mut key, reply) = register(&tool_of_ada, &creation("ada"), &Tweak::default()).await;
    ok(&reply);
    for bad in [
        json!({}),
        json!({ "username": 1 }),
        json!({ "username": "bob" }),
    ] {
        failed(
            &tool_of_ada.post("/attestation/options", &bad).await,
            "malformed-request",
        );
    }
    let stranger = tool(&server);
    let reply = stranger
        .post("/attestation/options", &creation("ada"))
        .await;
    failed(&reply, "username-taken");
    let reply = stranger
        .post("/attestation/result", &json!({ "id": "AAAA" }))
        .await;
    failed(&reply, "ceremony-unknown");
    for tweak in [
        Tweak {
            origin: Some("https://evil.example"),
            ..Tweak::default()
        },
        Tweak {
            other_key: true,
            ..Tweak::default()
        },
        Tweak {
            flags: Some(0x01),
            ..Tweak::default()
        },
        Tweak {
            trailing: &[0],
            ..Tweak::default()
        },
        Tweak {
            extensions: Extensions::Omitted,
            ..Tweak::default()
        },
    ] {
        failed(
            &sign_in(&stranger, &mut key, &tweak).await,
            "verification-failed",
        );
    }
    ok(&sign_in(&stranger, &mut key, &Tweak::default()).await);
    let reply = stranger.get("/assertion/options").await;
    assert_eq!(reply.status, 405);
}
