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

#[actix_web::test]
async fn signing_in_ends_the_session_that_the_browser_had() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    let before = browser.copy();
    browser.sign_in(&mut ada).await.accepted();
    assert_ne!(*browser.cookies.borrow(), *before.cookies.borrow());
    before
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    browser.get("/api/session").await.accepted();
    // Also when somebody else signs in there, and when a token was put there beforehand.
    let mut bob = server.browser().register("bob").await;
    let planted = ("mien-session".to_owned(), "A".repeat(43));
    browser.cookies.borrow_mut().extend([planted.clone()]);
    browser.sign_in(&mut bob).await.accepted();
    assert_ne!(browser.cookies.borrow()["mien-session"], planted.1);
    assert_eq!(server.count("SELECT count(*) FROM sessions").await, 3);
}

#[actix_web::test]
async fn a_person_sees_their_sessions_and_ends_the_others() {
    let server = Server::start().await;
    let here = server.browser();
    let mut ada = here.register("ada").await;
    let mut elsewhere = Vec::new();
    for _ in 0..2 {
        server.advance(MINUTE);
        let browser = server.browser();
        browser.sign_in(&mut ada).await.accepted();
        elsewhere.push(browser);
    }
    let bob = server.browser();
    bob.register("bob").await;
    let list = elsewhere[1].get("/api/sessions").await.accepted();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 3);
    let current: Vec<bool> = list
        .iter()
        .map(|one| one["current"].as_bool().unwrap())
        .collect();
    assert_eq!(current, [true, false, false], "the latest used first");
    assert_eq!(list[0]["openedAt"], "2026-11-22T00:02:00Z");
    assert!(
        list.iter()
            .all(|one| one["credentialId"] == crate::support::b64(&ada.id))
    );
    // Nothing in the list opens a session.
    let token = elsewhere[0].cookies.borrow()["mien-session"].clone();
    assert!(!serde_json::to_string(list).unwrap().contains(&token));

    let ended = elsewhere[1].delete("/api/sessions").await.accepted();
    assert_eq!(ended["ended"], 2);
    for gone in [&here, &elsewhere[0]] {
        gone.get("/api/session").await.refused(401, "not-signed-in");
    }
    elsewhere[1].get("/api/session").await.accepted();
    bob.get("/api/session").await.accepted();
    // Sessions that ended by time are not shown, and nobody without one sees any.
    server.advance(29 * MINUTE);
    elsewhere[1].get("/api/session").await.accepted();
    elsewhere[1].sign_in(&mut ada).await.accepted();
    server.advance(29 * MINUTE);
    let late = server.browser();
    late.sign_in(&mut ada).await.accepted();
    server.advance(MINUTE);
    assert_eq!(
        late.get("/api/sessions")
            .await
            .accepted()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for method in [
        actix_web::http::Method::GET,
        actix_web::http::Method::DELETE,
    ] {
        let reply = server
            .browser()
            .send(method, "/api/sessions", &[], "")
            .await;
        reply.refused(401, "not-signed-in");
    }
}
