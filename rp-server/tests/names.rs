//! Names at the door: which are taken, which are refused, and that none of them is markup to a browser.

use serde_json::json;

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::server::Server;
use crate::support::settings::config;
use rp_server::config::RateLimit;

#[actix_web::test]
async fn names_that_deceive_are_refused_and_change_nothing() {
    let server = Server::start().await;
    for bad in [
        "аda",
        "сосо",
        "a\u{202e}da",
        "ad\u{200b}a",
        "a😀",
        "<b>",
        "",
        "a\u{0}",
    ] {
        let body = json!({ "username": bad, "displayName": "x" });
        let reply = server
            .browser()
            .post("/api/registration/options", &body)
            .await;
        let expected = if bad == "<b>" { 200 } else { 400 };
        assert_eq!(reply.status, expected, "{bad}: {reply:?}");
    }
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
}

#[actix_web::test]
async fn the_same_name_in_another_form_is_taken() {
    let server = Server::start().await;
    server.browser().register("José Omega").await;
    for same in [
        "jose\u{301} oMEGA",
        "JOSÉ  Omega ",
        "\u{ff2a}osé O\u{ff4d}ega",
    ] {
        let body = json!({ "username": same });
        let reply = server
            .browser()
            .post("/api/registration/options", &body)
            .await;
        reply.refused(409, "username-taken");
    }
}

#[actix_web::test]
async fn a_name_with_markup_in_it_leaves_as_data_only() {
    let server = Server::start().await;
    let browser = server.browser();
    let markup = "<img src=x onerror=alert(1)>\"'&</script>";
    let body = json!({ "username": "ada", "displayName": markup });
    let options = browser.post("/api/registration/options", &body).await;
    let (_, response) = Authenticator::create(&options.accepted(), &Tweak::default());
    let reply = browser.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let reply = browser.get("/api/session").await;
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.json()["displayName"], markup);
    // What is asked for comes back in no error.
    let reply = browser.get("/api/%3Cscript%3E").await;
    assert!(!reply.text.contains("script"), "{reply:?}");
}

#[actix_web::test]
async fn an_account_from_before_the_rules_keeps_its_name() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    let pool = sqlx::SqlitePool::connect(&server.database()).await.unwrap();
    let older = "UPDATE accounts SET name = 'a😀', name_key = 'a😀'";
    sqlx::query(older).execute(&pool).await.unwrap();
    pool.close().await;
    let options = server
        .browser()
        .post("/api/authentication/options", &json!({ "username": "A😀" }))
        .await;
    let list = &options.accepted()["publicKey"]["allowCredentials"];
    assert_eq!(list[0]["id"], crate::support::b64(&ada.id));
    browser.sign_in(&mut ada).await.accepted();
    // Another credential can be added.
    let (_, reply) = browser.register_with("a😀", &Tweak::default()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

#[actix_web::test]
async fn trying_names_one_after_the_other_is_slow() {
    let limit = RateLimit {
        burst: 30,
        per_second: 1,
    };
    let server = Server::start_with(config().with_rate_limit(limit)).await;
    server.browser().register("ada").await;
    let body = json!({ "username": "ada" });
    let mut told = 0;
    loop {
        let reply = server
            .browser()
            .post("/api/registration/options", &body)
            .await;
        if reply.status == 429 {
            break;
        }
        reply.refused(409, "username-taken");
        told += 1;
    }
    assert_eq!(told, 3);
}

#[actix_web::test]
async fn sign_ins_under_one_name_are_limited_for_an_address_not_for_the_name() {
    let limit = RateLimit {
        burst: 30,
        per_second: 1,
    };
    let proxy = vec!["127.0.0.1".parse().unwrap()];
    let config = config().with_rate_limit(limit).with_trusted_proxies(proxy);
    let server = Server::start_with(config).await;
    let ask = async |address: &str, name: &str| {
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Forwarded-For", address),
        ];
        let body = json!({ "username": name }).to_string();
        let path = "/api/authentication/options";
        let post = actix_web::http::Method::POST;
        server
            .browser()
            .send(post, path, &headers, body)
            .await
            .status
    };
    for _ in 0..10 {
        assert_eq!(ask("192.0.2.1", "ada").await, 200);
    }
    assert_eq!(ask("192.0.2.1", "ada").await, 429);
    assert_eq!(ask("192.0.2.1", "ADA").await, 429, "in any form");
    // Others, and the owner at another place, are not kept out.
    assert_eq!(ask("192.0.2.1", "bob").await, 200);
    assert_eq!(ask("192.0.2.2", "ada").await, 200);
}
