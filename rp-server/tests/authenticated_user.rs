//! The extractors, in handlers of an application around us.

use actix_web::{App, HttpServer, web};
use rp_server::clock::Clock;
use rp_server::store::SqliteStore;
use rp_server::{AuthenticatedUser, FreshlyVerifiedUser, Service, configure};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::support::browser::Browser;
use crate::support::settings::config;

async fn read(user: AuthenticatedUser) -> String {
    // Neither the token nor its hash is in what a careless handler may print.
    format!("{} {} {user:?}", user.display_name(), user.is_fresh())
}

async fn pay(user: FreshlyVerifiedUser) -> String {
    format!("{} pays", user.name())
}

/// The application, its clock and the folder of its database.
async fn start() -> (Browser, Arc<AtomicI64>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("host.db").display());
    let store = Arc::new(SqliteStore::open(&url).await.unwrap());
    let clock = Arc::new(AtomicI64::new(1_795_305_600_000));
    let hand = clock.clone();
    let hand = Clock::from_fn(move || hand.load(Ordering::SeqCst));
    let service = Service::with_store(config(), store, hand).await.unwrap();
    let server = HttpServer::new(move || {
        App::new()
            .configure(configure(service.clone()))
            .route("/read", web::get().to(read))
            .route("/write", web::post().to(read))
            .route("/pay", web::post().to(pay))
    });
    let server = server.workers(1).disable_signals();
    let server = server.bind("127.0.0.1:0").unwrap();
    let browser = Browser::new(&format!("http://{}", server.addrs()[0]));
    actix_web::rt::spawn(server.run());
    (browser, clock, folder)
}

#[actix_web::test]
async fn a_handler_learns_who_is_signed_in_and_no_token() {
    let (browser, _, _folder) = start().await;
    browser.get("/read").await.refused(401, "not-signed-in");
    browser.register("ada").await;
    let text = browser.get("/read").await.text;
    assert!(text.starts_with("ada true "), "{text}");
    let token = browser.cookies.borrow()["mien-session"].clone();
    assert!(!text.contains(&token) && !text.contains("token"), "{text}");
    browser
        .cookies
        .borrow_mut()
        .insert("mien-session".into(), "x".repeat(43));
    browser.get("/read").await.refused(401, "not-signed-in");
}

#[actix_web::test]
async fn changes_are_for_pages_of_the_relying_party() {
    let (browser, _, _folder) = start().await;
    browser.register("ada").await;
    assert_eq!(
        browser
            .send(actix_web::http::Method::POST, "/write", &[], "")
            .await
            .status,
        200
    );
    for origin in [None, Some("http://localhost:8081".to_owned())] {
        browser.origin.replace(origin);
        let reply = browser
            .send(actix_web::http::Method::POST, "/write", &[], "")
            .await;
        reply.refused(403, "forbidden-origin");
        assert_eq!(browser.get("/read").await.status, 200);
    }
}

#[actix_web::test]
async fn a_fresh_verification_can_be_demanded() {
    let (browser, clock, _folder) = start().await;
    let pay = async || {
        browser
            .send(actix_web::http::Method::POST, "/pay", &[], "")
            .await
    };
    pay().await.refused(401, "not-signed-in");
    let mut ada = browser.register("ada").await;
    assert_eq!(pay().await.text, "ada pays");
    clock.fetch_add(5 * 60_000, Ordering::SeqCst);
    pay().await.refused(403, "session-stale");
    assert!(browser.get("/read").await.text.starts_with("ada false "));
    browser.sign_in(&mut ada).await.accepted();
    assert_eq!(pay().await.text, "ada pays");
}

#[actix_web::test]
async fn without_the_service_a_handler_says_so_and_does_not_run() {
    let server = HttpServer::new(|| App::new().route("/read", web::get().to(read)));
    let server = server
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let browser = Browser::new(&format!("http://{}", server.addrs()[0]));
    actix_web::rt::spawn(server.run());
    browser.get("/read").await.refused(500, "internal");
}
