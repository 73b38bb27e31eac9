//! Sessions and their cookie.

use rp_server::config::{Config, Controller};

use crate::support::authenticator::Tweak;
use crate::support::browser::Reply;
use crate::support::from_b64;
use crate::support::server::Server;

const MINUTE: i64 = 60_000;

fn cookie(reply: &Reply, name: &str) -> String {
    let all = reply.headers.get_all("set-cookie");
    let mut all = all.map(|value| value.to_str().unwrap());
    let found = all.find(|cookie| cookie.starts_with(&format!("{name}=")));
    found
        .unwrap_or_else(|| panic!("no {name}: {reply:?}"))
        .to_owned()
}

#[actix_web::test]
async fn the_cookies_are_out_of_reach_for_scripts_and_other_sites() {
    let server = Server::start().await;
    let browser = server.browser();
    let (_, reply) = browser.register_with("ada", &Tweak::default()).await;
    let session = cookie(&reply, "mien-session");
    assert!(
        session.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200"),
        "{session}"
    );
    let ceremony = cookie(&reply, "mien-ceremony");
    assert!(ceremony.contains("Max-Age=0"), "{ceremony}");
}

#[actix_web::test]
async fn over_https_the_cookies_are_bound_to_the_host() {
    let controller = Controller {
        name: "A".into(),
        contact: "a@example.org".into(),
    };
    let config = Config::new("https://a.example", "https://agent.a.example", controller);
    let server = Server::start_with(config.unwrap()).await;
    let browser = server.browser();
    browser.origin.replace(Some("https://a.example".to_owned()));
    let reply = browser
        .post("/api/authentication/options", &serde_json::json!({}))
        .await;
    let ceremony = cookie(&reply, "__Host-mien-ceremony");
    assert!(
        ceremony.ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=120"),
        "{ceremony}"
    );
    assert_eq!(
        reply.header("strict-transport-security"),
        "max-age=31536000"
    );
}

#[actix_web::test]
async fn only_the_hash_of_the_token_is_kept() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    let token = browser.cookies.borrow()["mien-session"].clone();
    assert_eq!(from_b64(&token).len(), 32);
    let dump = server.dump();
    for form in [token.as_bytes(), &from_b64(&token)] {
        assert!(!dump.windows(form.len()).any(|part| part == form));
    }
}

#[actix_web::test]
async fn an_idle_session_ends() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    for _ in 0..3 {
        server.advance(29 * MINUTE);
        browser.get("/api/session").await.accepted();
    }
    server.advance(30 * MINUTE);
    browser
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    assert_eq!(server.count("SELECT count(*) FROM sessions").await, 0);
}

#[actix_web::test]
async fn a_busy_session_ends_too() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    for _ in 0..(12 * 60 / 20 - 1) {
        server.advance(20 * MINUTE);
        browser.get("/api/session").await.accepted();
    }
    server.advance(20 * MINUTE);
    browser
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
}

#[actix_web::test]
async fn a_session_is_fresh_for_five_minutes() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    server.advance(5 * MINUTE - 1);
    assert_eq!(browser.get("/api/session").await.accepted()["fresh"], true);
    server.advance(1);
    assert_eq!(browser.get("/api/session").await.accepted()["fresh"], false);
}

#[actix_web::test]
async fn signing_out_ends_the_session_at_the_server() {
    let server = Server::start().await;
    let browser = server.browser();
    browser.register("ada").await;
    let copy = browser.copy();
    assert_eq!(browser.delete("/api/session").await.status, 204);
    assert!(browser.cookies.borrow().is_empty());
    copy.get("/api/session").await.refused(401, "not-signed-in");
    copy.get("/api/credentials")
        .await
        .refused(401, "not-signed-in");
    // Once more is no error.
    assert_eq!(browser.delete("/api/session").await.status, 204);
}

#[actix_web::test]
async fn a_made_up_token_opens_nothing() {
    let server = Server::start().await;
    server.browser().register("ada").await;
    let browser = server.browser();
    for token in ["", "x", &"A".repeat(43), &"A".repeat(4000)] {
        let pair = ("mien-session".to_owned(), token.to_owned());
        browser.cookies.borrow_mut().extend([pair]);
        browser
            .get("/api/session")
            .await
            .refused(401, "not-signed-in");
    }
}
