//! Operations: health, readiness, counters, the description of the interface, configuration.

use std::collections::BTreeSet;

use actix_web::http::Method;
use rp_server::http::{Code, OPENAPI};
use serde_json::{Value, json};

use crate::support::server::Server;

#[actix_web::test]
async fn health_and_readiness_answer() {
    let server = Server::start().await;
    for path in ["/healthz", "/readyz"] {
        let reply = server.browser().get(path).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, "ok\n"));
    }
}

#[actix_web::test]
async fn metrics_count_and_name_nobody() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    browser.sign_in(&mut ada).await.accepted();
    browser.sign_in(&mut ada).await.accepted();
    let text = browser.get("/metrics").await.text;
    for line in [
        "mien_ceremonies_total{ceremony=\"registration\",outcome=\"ok\"} 1\n",
        "mien_ceremonies_total{ceremony=\"authentication\",outcome=\"ok\"} 2\n",
        "mien_ceremonies_total{ceremony=\"authentication\",outcome=\"refused\"} 0\n",
        "mien_rate_limited_total 0\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("ada"));
}

#[actix_web::test]
async fn the_configuration_names_the_controller() {
    let server = Server::start().await;
    let reply = server.browser().get("/api/config").await;
    let expected = json!({
        "rpId": "localhost",
        "agentOrigin": "http://localhost:8081",
        "controller": { "name": "Test Controller", "contact": "privacy@example.org" },
        "noticeVersion": 2,
    });
    assert_eq!(reply.accepted(), expected);
}

#[actix_web::test]
async fn the_description_is_served_and_every_path_in_it_exists() {
    let server = Server::start().await;
    let browser = server.browser();
    let reply = browser.get("/openapi.json").await;
    assert_eq!(reply.text, OPENAPI);
    let paths = reply.json()["paths"].clone();
    let paths = paths.as_object().unwrap();
    assert_eq!(paths.len(), 16);
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let reply = browser.send(method.clone(), path, &[], "").await;
            if path.contains("admin") {
                reply.refused(404, "not-found");
            } else {
                assert!(![404, 405].contains(&reply.status), "{method} {path}");
            }
        }
    }
}

#[test]
fn the_description_lists_exactly_our_codes() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let listed = &document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let listed: BTreeSet<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    let ours: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(listed, ours);
}
