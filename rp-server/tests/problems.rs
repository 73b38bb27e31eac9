//! Whatever goes wrong, on both origins: a problem document with its code, the security headers, and no internals.

use actix_web::http::Method;
use serde_json::json;

use crate::support::browser::{Browser, Reply};
use crate::support::server::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");

#[track_caller]
fn refused(reply: &Reply, status: u16, code: &str) {
    reply.refused(status, code);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(
        reply
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    let document = reply.json();
    let mut members: Vec<&String> = document.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["code", "status", "title", "type"]);
}

#[actix_web::test]
async fn a_path_that_does_not_exist() {
    let server = Server::start().await;
    for path in [
        "/none",
        "/api/none",
        "/api",
        "/api/",
        "/api/session/x",
        "/%ff",
        "/%00",
    ] {
        refused(&server.browser().get(path).await, 404, "not-found");
    }
    for path in ["/none", "/models/none", "/api/config"] {
        let reply = Browser::new(&server.agent).get(path).await;
        refused(&reply, 404, "not-found");
    }
}

#[actix_web::test]
async fn a_path_that_leads_out_of_the_folder() {
    let server = Server::start().await;
    for path in [
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/mien.db",
        "/assets/..%2f../mien.db",
        "/.git",
    ] {
        for origin in [&server.rp, &server.agent] {
            let reply = Browser::new(origin).get(path).await;
            assert!([400, 404].contains(&reply.status), "{path}: {reply:?}");
            let code = if reply.status == 400 {
                "malformed-request"
            } else {
                "not-found"
            };
            refused(&reply, reply.status, code);
        }
    }
}

#[actix_web::test]
async fn a_method_that_the_path_does_not_take() {
    let server = Server::start().await;
    let browser = server.browser();
    for (method, path, allowed) in [
        (Method::GET, "/api/registration/options", "POST"),
        (Method::GET, "/api/registration/result", "POST"),
        (Method::PUT, "/api/authentication/options", "POST"),
        (Method::DELETE, "/api/authentication/result", "POST"),
        (Method::POST, "/api/session", "GET, DELETE"),
        (Method::POST, "/api/credentials", "GET"),
        (Method::GET, "/api/deregistration", "POST"),
        (Method::POST, "/api/config", "GET"),
        (Method::POST, "/healthz", "GET"),
        (Method::DELETE, "/metrics", "GET"),
    ] {
        let reply = browser.send(method.clone(), path, &[], "").await;
        refused(&reply, 405, "method-not-allowed");
        assert_eq!(reply.header("allow"), allowed, "{method} {path}");
    }
    for origin in [&server.rp, &server.agent] {
        let reply = Browser::new(origin).send(Method::POST, "/", &[], "").await;
        refused(&reply, 405, "method-not-allowed");
    }
}

#[actix_web::test]
async fn another_content_type() {
    let server = Server::start().await;
    let path = "/api/authentication/options";
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/plain; application/json",
        "",
    ] {
        let headers = [("Content-Type", kind)];
        let reply = server
            .browser()
            .send(Method::POST, path, &headers, "{}")
            .await;
        refused(&reply, 415, "unsupported-media-type");
    }
    let headers = [("Content-Type", "Application/JSON ; charset=utf-8")];
    let reply = server
        .browser()
        .send(Method::POST, path, &headers, "{}")
        .await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[actix_web::test]
async fn an_address_that_is_too_long() {
    let server = Server::start().await;
    for long in [
        format!("/{}", "x".repeat(9_000)),
        format!("/api/config?{}", "x".repeat(9_000)),
        format!("/healthz?{}", "x".repeat(60_000)),
    ] {
        let reply = server.browser().get(&long).await;
        refused(&reply, 414, "uri-too-long");
    }
}

#[actix_web::test]
async fn a_fault_of_the_program_is_told_as_that_and_counted() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    server.break_clock(true);
    refused(&browser.get("/api/session").await, 500, "internal");
    let begun = browser
        .post("/api/authentication/options", &json!({}))
        .await;
    refused(&begun, 500, "internal");
    server.break_clock(false);
    // The next call is served, by both workers.
    for _ in 0..4 {
        server.browser().authentication_options().await;
        browser.get("/api/session").await.accepted();
    }
    let metrics = browser.get("/metrics").await.text;
    assert!(metrics.contains("\nmien_panics_total 2\n"), "{metrics}");
}

#[actix_web::test]
async fn calls_of_other_sites_pages() {
    let server = Server::start().await;
    let path = "/api/authentication/options";
    for site in ["cross-site", "same-site", "none", "nonsense", ""] {
        let headers = [JSON, ("Sec-Fetch-Site", site)];
        let reply = server
            .browser()
            .send(Method::POST, path, &headers, "{}")
            .await;
        refused(&reply, 403, "forbidden-origin");
    }
    for site in ["cross-site", "same-site"] {
        let headers = [("Sec-Fetch-Site", site)];
        let reply = server
            .browser()
            .send(Method::GET, "/api/session", &headers, "")
            .await;
        refused(&reply, 403, "forbidden-origin");
    }
    for (method, path, site, body) in [
        (Method::POST, path, "same-origin", "{}"),
        (Method::GET, "/api/config", "same-origin", ""),
        (Method::GET, "/api/config", "none", ""),
        // A link from elsewhere to a page.
        (Method::GET, "/", "cross-site", ""),
    ] {
        let headers = [JSON, ("Sec-Fetch-Site", site)];
        let reply = server.browser().send(method, path, &headers, body).await;
        assert_eq!(reply.status, 200, "{path} {site}: {reply:?}");
    }
}
