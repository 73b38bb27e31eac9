//! Operations: health, readiness, counters, the description of the interface, configuration.

use std::collections::BTreeSet;

use actix_web::http::Method;
use rp_server::http::{Code, OPENAPI};
use serde_json::json;

use crate::support::authenticator::Tweak;
use crate::support::openapi;
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
fn the_description_lists_exactly_our_codes_and_says_where() {
    let document = openapi::document();
    let listed = &document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let listed: BTreeSet<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    let ours: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(listed, ours);
    // Each operation lists a code under its own status.
    let operations = document["paths"].as_object().unwrap().values();
    for operation in operations.flat_map(|path| path.as_object().unwrap().values()) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            for code in openapi::codes(response) {
                let known = Code::ALL.iter().find(|known| known.as_str() == code);
                let place = &operation["operationId"];
                assert_eq!(
                    known.map(|known| known.status().to_string()[..3].to_owned()),
                    Some(status.clone()),
                    "{place}: {code}"
                );
            }
        }
    }
}

/// The routes as the sources name them: nothing that the server takes may be missing in the description.
#[test]
fn every_route_of_the_sources_is_described() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http");
    let described = openapi::document()["paths"].as_object().unwrap();
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The calls of the conformance tools are in no product, and described by the FIDO Alliance; those of the agent
        // provider are the agent's, on its own origin.
        let others = ["conformance_test_api.rs", "attestation.rs"];
        if others.iter().any(|file| path.ends_with(file))
            || path.extension().is_none_or(|ending| ending != "rs")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let scope = if path.ends_with("operations.rs") {
            ""
        } else {
            "/api"
        };
        for call in ["route(", "resource("] {
            for after in text.split(call).skip(1) {
                let Some(route) = after.trim_start().strip_prefix("\"/") else {
                    continue;
                };
                let route = route.split('"').next().unwrap();
                found += 1;
                let route = format!("{scope}/{route}");
                assert!(described.contains_key(&route), "{route} is not described");
            }
        }
    }
    assert_eq!(found, described.len());
}

#[actix_web::test]
async fn refusals_durations_and_problems_are_counted_by_stable_names() {
    let server = Server::start().await;
    let browser = server.browser();
    let wrong = Tweak {
        flags: Some(0x41),
        ..Tweak::default()
    };
    browser
        .register_with("ada", &wrong)
        .await
        .1
        .refused(403, "verification-failed");
    browser
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    browser
        .get("/api/nothing/ada")
        .await
        .refused(404, "not-found");
    browser.origin.replace(None);
    let reply = browser
        .post("/api/authentication/options", &json!({}))
        .await;
    reply.refused(403, "forbidden-origin");
    let reply = browser.get("/metrics").await;
    assert_eq!(
        reply.header("content-type"),
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let text = reply.text;
    for line in [
        "mien_refusals_total{ceremony=\"registration\",code=\"verification-failed\"} 1\n",
        "mien_problems_total{code=\"verification-failed\"} 1\n",
        "mien_problems_total{code=\"not-signed-in\"} 1\n",
        "mien_problems_total{code=\"forbidden-origin\"} 1\n",
        "mien_store_errors_total 0\n",
        "mien_http_request_duration_seconds_count{method=\"POST\",path=\"/api/registration/result\"} 1\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(
        text.ends_with("# EOF\n") && !text.contains("nothing/ada"),
        "{text}"
    );
    conventions(&text);
}

/// <https://prometheus.io/docs/practices/naming/>: one prefix, base units, `_total` for counters; HELP and TYPE each once.
fn conventions(text: &str) {
    let mut kinds = std::collections::BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("# TYPE ")) {
        let mut parts = line.split(' ').skip(2);
        let (name, kind) = (parts.next().unwrap(), parts.next().unwrap());
        assert!(kinds.insert(name, kind).is_none(), "{name} twice");
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} has no help"
        );
        assert!(name.starts_with("mien_"), "{name}");
        assert!(
            kind == "counter" || kind == "histogram" && name.ends_with("_seconds"),
            "{name}"
        );
    }
    assert!(kinds.len() >= 7, "{kinds:?}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        let owner = kinds.keys().find(|kind| name.starts_with(**kind)).unwrap();
        let ending = &name[owner.len()..];
        let endings: &[&str] = match kinds[owner] {
            "counter" => &["_total"],
            _ => &["_bucket", "_sum", "_count"],
        };
        assert!(endings.contains(&ending), "{line}");
    }
}

#[actix_web::test]
async fn a_fault_of_the_store_is_counted_and_the_process_stays_healthy() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    let pool = sqlx::SqlitePool::connect(&server.database()).await.unwrap();
    sqlx::query("ALTER TABLE sessions RENAME TO away")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    browser.get("/api/session").await.refused(500, "internal");
    let text = browser.get("/metrics").await.text;
    assert!(text.contains("mien_store_errors_total 1\n"), "{text}");
    assert_eq!(browser.get("/healthz").await.status, 200);
}
