//! Golden files of both origins' headers: any change to them is a change to look at.

use crate::support::browser::{Browser, Reply};
use crate::support::server::Server;

const VARYING: [&str; 8] = [
    "date",
    "etag",
    "last-modified",
    "content-length",
    "accept-ranges",
    "cache-control",
    "content-type",
    "vary",
];

fn policy(reply: &Reply) -> String {
    let mut lines: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| !VARYING.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines.concat()
}

#[actix_web::test]
async fn the_relying_partys_headers_are_those_of_the_golden_file() {
    let server = Server::start().await;
    let golden = include_str!("golden/relying-party-headers.txt");
    for path in [
        "/",
        "/index.html",
        "/missing",
        "/api/config",
        "/api/session",
        "/api/nothing",
        "/healthz",
        "/openapi.json",
        "/..%2f..%2fetc/passwd",
    ] {
        let reply = server.browser().get(path).await;
        assert_eq!(policy(&reply), golden, "{path}");
    }
}

#[actix_web::test]
async fn the_agents_headers_are_those_of_the_golden_file() {
    let server = Server::start().await;
    std::fs::write(server.folder.path().join("agent/assets/worker-1.js"), "1").unwrap();
    std::fs::write(server.folder.path().join("models/a.onnx"), "1").unwrap();
    let golden = include_str!("golden/authentication-agent-headers.txt");
    for path in ["/", "/assets/worker-1.js", "/models/a.onnx", "/missing"] {
        let reply = Browser::new(&server.agent).get(path).await;
        assert_eq!(policy(&reply), golden, "{path}");
    }
}

#[actix_web::test]
async fn the_agents_origin_serves_no_calls() {
    let server = Server::start().await;
    for path in ["/api/config", "/metrics", "/readyz"] {
        assert_eq!(Browser::new(&server.agent).get(path).await.status, 404);
    }
}

#[actix_web::test]
async fn answers_of_calls_are_never_kept() {
    let server = Server::start().await;
    for path in ["/api/config", "/api/session", "/api/nothing"] {
        let reply = server.browser().get(path).await;
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
}
