//! The clock of the machine set forward and back under a running server.

use crate::support::authenticator::Tweak;
use crate::support::server::Server;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

#[actix_web::test]
async fn set_forward_everything_under_way_ends_and_signing_in_goes_on() {
    let server = Server::start().await;
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    let waiting = server.browser();
    let options = waiting.authentication_options().await;
    server.advance(400 * DAY);
    let reply = browser.get("/api/session").await;
    reply.refused(401, "not-signed-in");
    let response = ada.get(&options, &Tweak::default());
    let reply = waiting.post("/api/authentication/result", &response).await;
    reply.refused(400, "ceremony-unknown");
    browser.sign_in(&mut ada).await.accepted();
    // And back again, with what was written in between.
    server.advance(-400 * DAY);
    let reply = browser.get("/api/session").await;
    reply.refused(401, "not-signed-in");
    browser.sign_in(&mut ada).await.accepted();
    assert_eq!(browser.get("/api/session").await.status, 200);
}

#[actix_web::test]
async fn set_back_no_challenge_and_no_session_lives_longer_for_it() {
    let server = Server::start().await;
    for (back, status) in [(MINUTE, 200), (DAY, 400)] {
        let browser = server.browser();
        let mut key = browser.register(&format!("back-{back}")).await;
        let waiting = server.browser();
        let options = waiting.authentication_options().await;
        server.advance(-back);
        let response = key.get(&options, &Tweak::default());
        let reply = waiting.post("/api/authentication/result", &response).await;
        assert_eq!(reply.status, status, "{reply:?}");
        let session = browser.get("/api/session").await.status;
        assert_eq!(session, if status == 200 { 200 } else { 401 });
        // Whoever signs in now has a session of the usual length.
        browser.sign_in(&mut key).await.accepted();
        assert_eq!(browser.get("/api/session").await.status, 200);
        server.advance(DAY);
        let reply = browser.get("/api/session").await;
        reply.refused(401, "not-signed-in");
    }
}

#[actix_web::test]
async fn set_back_the_limit_of_an_address_does_not_stand_still() {
    use crate::support::settings::config;
    use rp_server::config::RateLimit;
    let limit = RateLimit {
        burst: 3,
        per_second: 1,
    };
    let server = Server::start_with(config().with_rate_limit(limit)).await;
    let browser = server.browser();
    let begin = async || {
        let path = "/api/authentication/options";
        browser.post(path, &serde_json::json!({})).await.status
    };
    for _ in 0..3 {
        assert_eq!(begin().await, 200);
    }
    assert_eq!(begin().await, 429);
    server.advance(-DAY);
    begin().await;
    server.advance(2_000);
    assert_eq!(begin().await, 200);
}
