//! Bad input: a clear error, nothing lost, no half-registered account.

use std::io::{Read, Write};
use std::net::TcpStream;

use actix_web::http::Method;
use rp_server::config::RateLimit;
use serde_json::json;

use crate::support::authenticator::Tweak;
use crate::support::server::Server;
use crate::support::settings::{RP, config};

const CALLS: [&str; 5] = [
    "/api/registration/options",
    "/api/registration/result",
    "/api/authentication/options",
    "/api/authentication/result",
    "/api/deregistration",
];
const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

#[actix_web::test]
async fn malformed_json_is_refused_by_every_call() {
    let server = Server::start().await;
    let deep = "[".repeat(10_000);
    for path in CALLS {
        let browser = server.browser();
        for bad in [
            "",
            "{",
            "null",
            "[]",
            "\"x\"",
            "{\"username\":1,\"id\":1}",
            &deep,
        ] {
            browser.authentication_options().await;
            let reply = browser.send(Method::POST, path, &JSON, bad).await;
            assert_eq!(reply.status, 400, "{path} {bad:.20}: {reply:?}");
            assert_eq!(reply.code(), "malformed-request");
        }
    }
}

#[actix_web::test]
async fn a_member_that_stands_twice_is_refused_by_every_call() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let twice = [
        r#"{"username":"bob","username":"bob"}"#,
        r#"{"username":"bob","other":1,"\u006fther":2}"#,
        r#"{"username":"bob","other":{"a":[{"b":1,"b":1}]}}"#,
    ];
    for path in CALLS {
        for bad in twice {
            let browser = server.browser();
            browser.authentication_options().await;
            let reply = browser.send(Method::POST, path, &JSON, bad).await;
            assert_eq!((path, reply.status), (path, 400), "{bad}");
            assert_eq!(reply.code(), "malformed-request");
        }
    }
    // In a response that is right otherwise, and the ceremony goes on.
    let path = "/api/authentication/result";
    let browser = server.browser();
    let options = browser.authentication_options().await;
    let good = ada.get(&options, &Tweak::default()).to_string();
    let bad = good.replacen(r#""rawId":"#, r#""rawId":"AAAA","rawId":"#, 1);
    assert_ne!(good, bad);
    let reply = browser.send(Method::POST, path, &JSON, bad).await;
    reply.refused(400, "malformed-request");
    let reply = browser.send(Method::POST, path, &JSON, good).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[actix_web::test]
async fn a_malformed_body_does_not_use_up_the_ceremony() {
    let server = Server::start().await;
    let mut ada = server.browser().register("ada").await;
    let browser = server.browser();
    let options = browser.authentication_options().await;
    let path = "/api/authentication/result";
    let reply = browser.send(Method::POST, path, &JSON, "{").await;
    reply.refused(400, "malformed-request");
    let response = ada.get(&options, &Tweak::default());
    browser.post(path, &response).await.accepted();
}

#[actix_web::test]
async fn other_content_types_are_refused() {
    let server = Server::start().await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ] {
        for path in CALLS {
            let headers = [("Content-Type", kind)];
            let reply = server
                .browser()
                .send(Method::POST, path, &headers, "{}")
                .await;
            reply.refused(415, "unsupported-media-type");
        }
    }
}

#[actix_web::test]
async fn a_body_above_64_kb_is_refused() {
    let server = Server::start().await;
    for path in CALLS {
        let body = json!({ "username": "x".repeat(64 * 1024) });
        let reply = server.browser().post(path, &body).await;
        reply.refused(413, "body-too-large");
    }
}

#[actix_web::test]
async fn a_body_that_hides_its_length_is_refused_above_64_kb() {
    let server = Server::start().await;
    let address = server.rp.trim_start_matches("http://").to_owned();
    let reply = actix_web::web::block(move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "POST /api/authentication/options HTTP/1.1\r\nHost: localhost\r\nOrigin: {RP}\r\n\
             Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        .unwrap();
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
        // The server may hang up before all is sent: that is its right.
        for _ in 0..20 {
            if stream.write_all(chunk.as_bytes()).is_err() {
                break;
            }
        }
        let mut reply = [0; 12];
        stream.read_exact(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    })
    .await
    .unwrap();
    assert_eq!(reply, "HTTP/1.1 413");
}

#[actix_web::test]
async fn every_state_changing_call_wants_our_origin() {
    let server = Server::start().await;
    let origins = [
        None,
        Some("null"),
        Some("http://localhost:8081"),
        Some("http://localhost:8080/"),
        Some("http://localhost:80800"),
        Some("https://localhost:8080"),
        Some("http://evil.example"),
    ];
    for origin in origins {
        let browser = server.browser();
        browser.origin.replace(origin.map(str::to_owned));
        for path in CALLS {
            let reply = browser.post(path, &json!({})).await;
            reply.refused(403, "forbidden-origin");
        }
        browser
            .delete("/api/session")
            .await
            .refused(403, "forbidden-origin");
    }
}

#[actix_web::test]
async fn two_origin_headers_are_refused() {
    let server = Server::start().await;
    let address = server.rp.trim_start_matches("http://").to_owned();
    let reply = actix_web::web::block(move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "POST /api/authentication/options HTTP/1.1\r\nHost: localhost\r\nOrigin: {RP}\r\n\
             Origin: http://evil.example\r\nContent-Type: application/json\r\n\
             Content-Length: 2\r\n\r\n{{}}"
        )
        .unwrap();
        let mut reply = [0; 12];
        stream.read_exact(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    })
    .await
    .unwrap();
    assert_eq!(reply, "HTTP/1.1 403");
}

#[actix_web::test]
async fn unknown_paths_are_problems_too() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.get("/api/nothing").await.refused(404, "not-found");
    browser.get("/api/").await.refused(404, "not-found");
}

#[actix_web::test]
async fn too_many_calls_are_told_when_to_come_back() {
    let limit = RateLimit {
        burst: 3,
        per_second: 1,
    };
    let server = Server::start_with(config().with_rate_limit(limit)).await;
    let browser = server.browser();
    for _ in 0..3 {
        browser.authentication_options().await;
    }
    let reply = browser
        .post("/api/authentication/options", &json!({}))
        .await;
    reply.refused(429, "too-many-requests");
    let wait: i64 = reply.header("retry-after").parse().unwrap();
    server.advance(wait * 1000);
    browser.authentication_options().await;
    // Reading is not limited.
    for _ in 0..10 {
        browser.get("/api/config").await.accepted();
    }
}
