//! Two databases stay together: the wire between relying party and authentication server is cut at every call, before
//! it arrives and after it was carried out. What was answered holds; the rest is finished or undone.

use actix_web::http::Method;
use serde_json::json;

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::b64;
use crate::support::browser::{Browser, Reply};
use crate::support::database::Database;
use crate::support::server::OPERATOR;
use crate::support::wire::{Cut, Split};

const CUTS: [Cut; 2] = [Cut::Before, Cut::After];

async fn on_sqlite() -> Split {
    Split::start(Database::sqlite().await, Database::sqlite().await).await
}

async fn on_postgres() -> Split {
    Split::start(Database::postgres().await, Database::postgres().await).await
}

async fn deregister(browser: &Browser, id: &[u8]) -> Reply {
    let body = json!({ "credentialId": b64(id) });
    browser.post("/api/deregistration", &body).await
}

async fn registration(split: Split) {
    for cut in CUTS {
        // Verified or not, the answer did not come: nothing is kept for good.
        split.cut("FinishRegistration", cut);
        let (_, reply) = split
            .browser()
            .register_with("ada", &Tweak::default())
            .await;
        reply.refused(503, "unavailable");
        assert_eq!(split.rows().await, [0; 4]);
        split.mend();
        split.recover().await;
        assert_eq!(split.rows().await, [0; 4]);
    }
    split.advance(120_000);
    split.browser().register("dora").await;
    let waiting = "SELECT count(*) FROM ceremonies";
    assert_eq!(
        split.credentials.number(waiting).await,
        0,
        "a receipt that nobody confirmed"
    );

    for (name, cut) in ["ada", "bob"].into_iter().zip(CUTS) {
        split.cut("ConfirmRegistration", cut);
        let browser = split.browser();
        let (mut key, reply) = browser.register_with(name, &Tweak::default()).await;
        reply.refused(503, "unavailable");
        assert!(browser.get("/api/session").await.status == 401);
        assert!(!split.sweep().await, "the wire is still cut");
        split.mend();
        split.recover().await;
        // The credential is at its authenticator: it was confirmed when the wire held again.
        split.browser().sign_in(&mut key).await.accepted();
    }
    let [accounts, unfinished, _, credentials] = split.rows().await;
    assert_eq!([accounts, unfinished, credentials], [3, 0, 3]);
}

async fn ceremonies_that_nobody_finishes(split: Split) {
    split.browser().registration_options("ada").await;
    let waiting = "SELECT count(*) FROM ceremonies";
    for (after_ms, left) in [(119_999, 1), (1, 0)] {
        split.advance(after_ms);
        split.sweep_ceremonies().await;
        assert_eq!(split.credentials.number(waiting).await, left);
    }
}

#[actix_web::test]
async fn the_authentication_server_forgets_ceremonies_that_nobody_finishes() {
    ceremonies_that_nobody_finishes(on_sqlite().await).await;
    ceremonies_that_nobody_finishes(on_postgres().await).await;
}

#[actix_web::test]
async fn a_registration_that_is_cut_off_is_finished_or_was_never() {
    registration(on_sqlite().await).await;
    registration(on_postgres().await).await;
}

async fn registration_too_late(split: Split) {
    split.cut("ConfirmRegistration", Cut::Before);
    let (mut key, reply) = split
        .browser()
        .register_with("ada", &Tweak::default())
        .await;
    reply.refused(503, "unavailable");
    let [accounts, unfinished, sessions, credentials] = split.rows().await;
    assert_eq!([accounts, unfinished, sessions, credentials], [1, 1, 1, 0]);
    // The wire stays cut until the authentication server has forgotten what it verified.
    split.advance(120_000);
    split.mend();
    split.recover().await;
    assert_eq!(split.rows().await, [0; 4]);
    let reply = split.browser().sign_in(&mut key).await;
    reply.refused(404, "unknown-credential");
    // The name is free again.
    split.browser().register("ada").await;
}

#[actix_web::test]
async fn a_registration_that_nobody_confirmed_in_time_is_undone() {
    registration_too_late(on_sqlite().await).await;
    registration_too_late(on_postgres().await).await;
}

async fn account_events(split: Split) {
    let listen = "INSERT INTO account_listeners (listener) VALUES (1)";
    split.accounts.run(listen).await;
    let told = async || {
        let sql = "SELECT count(*) FROM account_events WHERE event = 'registered'";
        let registered = split.accounts.number(sql).await;
        let sql = "SELECT count(*) FROM account_events WHERE event = 'deregistered'";
        [registered, split.accounts.number(sql).await]
    };
    let ada = split.browser();
    let key = ada.register("ada").await;
    assert_eq!(told().await, [1, 0]);
    for (name, minutes, after) in [("bob", 0, [2, 0]), ("cleo", 2, [2, 0])] {
        split.cut("ConfirmRegistration", Cut::Before);
        let (_, reply) = split.browser().register_with(name, &Tweak::default()).await;
        reply.refused(503, "unavailable");
        let before = if name == "bob" { [1, 0] } else { [2, 0] };
        assert_eq!(told().await, before, "not before it is confirmed");
        split.advance(minutes * 60_000);
        split.mend();
        split.recover().await;
        assert_eq!(told().await, after);
    }
    deregister(&ada, &key.id).await.accepted();
    assert_eq!(told().await, [2, 1]);
}

#[actix_web::test]
async fn an_account_counts_for_the_application_from_its_confirmation() {
    account_events(on_sqlite().await).await;
    account_events(on_postgres().await).await;
}

#[actix_web::test]
async fn a_credential_that_is_added_while_the_wire_is_cut_is_there_or_not() {
    let split = on_sqlite().await;
    let browser = split.browser();
    browser.register("ada").await;
    for (cut, credentials) in CUTS.into_iter().zip([1, 2]) {
        split.cut("ConfirmRegistration", cut);
        let (_, reply) = browser.register_with("ada", &Tweak::default()).await;
        reply.refused(503, "unavailable");
        split.mend();
        split.recover().await;
        assert_eq!(split.rows().await, [1, 0, 1, credentials]);
    }
    let list = browser.get("/api/credentials").await.accepted();
    assert_eq!(list.as_array().unwrap().len(), 2);
}

async fn authentication(split: Split) {
    let mut key = split.browser().register("ada").await;
    for call in ["FinishAuthentication", "Owner"] {
        for cut in CUTS {
            let here = split.browser();
            here.sign_in(&mut key).await.accepted();
            let [_, _, before, _] = split.rows().await;
            split.cut(call, cut);
            let browser = split.browser();
            let reply = browser.sign_in(&mut key).await;
            reply.refused(503, "unavailable");
            assert_eq!(browser.get("/api/session").await.status, 401);
            let reply = here.sign_in(&mut key).await;
            reply.refused(503, "unavailable");
            let session = here.get("/api/session").await;
            assert_eq!(session.status, 200, "who was signed in stays so");
            let [_, _, sessions, _] = split.rows().await;
            assert_eq!(sessions, before, "no session at {call}, {cut:?}");
            split.mend();
            split.browser().sign_in(&mut key).await.accepted();
            split.advance(31 * 60_000);
            split.recover().await;
            split.browser().sign_in(&mut key).await.accepted();
            split.advance(31 * 60_000);
            split.recover().await;
            let [_, _, sessions, _] = split.rows().await;
            assert_eq!(sessions, 0);
            split.browser().sign_in(&mut key).await.accepted();
        }
    }
}

#[actix_web::test]
async fn an_authentication_that_is_cut_off_opens_no_session_and_the_next_one_does() {
    authentication(on_sqlite().await).await;
    authentication(on_postgres().await).await;
}

#[actix_web::test]
async fn a_deregistration_that_overtakes_a_sign_in_leaves_no_session() {
    let split = on_sqlite().await;
    let mut key = split.browser().register("ada").await;
    let [_, _, before, _] = split.rows().await;
    // Verified and counted; then the credential goes; then the session is asked for.
    split.cut("Owner", Cut::Overtaken);
    let browser = split.browser();
    let reply = browser.sign_in(&mut key).await;
    reply.refused(403, "verification-failed");
    assert!(browser.get("/api/session").await.status == 401);
    let [_, _, sessions, credentials] = split.rows().await;
    assert_eq!((sessions, credentials), (before, 0));
}

async fn deregistration(split: Split) {
    for (name, cut) in ["ada", "bob"].into_iter().zip(CUTS) {
        let (browser, elsewhere) = (split.browser(), split.browser());
        let mut key = browser.register(name).await;
        elsewhere.sign_in(&mut key).await.accepted();
        split.cut("Deregister", cut);
        deregister(&browser, &key.id)
            .await
            .refused(503, "unavailable");
        if cut == Cut::After {
            // Dead at once, before anything is known here.
            let options = split.browser();
            options
                .sign_in(&mut key)
                .await
                .refused(404, "unknown-credential");
        }
        split.mend();
        split.recover().await;
        assert_eq!(split.rows().await, [0; 4], "{cut:?}");
        for browser in [browser, elsewhere] {
            browser
                .get("/api/session")
                .await
                .refused(401, "not-signed-in");
        }
        let reply = split.browser().sign_in(&mut key).await;
        reply.refused(404, "unknown-credential");
    }
    let noted = "SELECT count(*) FROM audit WHERE event = 'deregistered'";
    assert_eq!(split.accounts.number(noted).await, 2);
}

#[actix_web::test]
async fn a_deregistration_that_is_cut_off_is_carried_out() {
    deregistration(on_sqlite().await).await;
    deregistration(on_postgres().await).await;
}

async fn one_of_two(split: Split) {
    let (browser, elsewhere) = (split.browser(), split.browser());
    let mut first = browser.register("ada").await;
    let mut second = browser.register("ada").await;
    elsewhere.sign_in(&mut first).await.accepted();
    let others = split.browser();
    others.sign_in(&mut second).await.accepted();
    split.cut("Deregister", Cut::After);
    deregister(&others, &first.id)
        .await
        .refused(503, "unavailable");
    split.mend();
    split.recover().await;
    elsewhere
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    others.get("/api/session").await.accepted();
    let [accounts, unfinished, _, credentials] = split.rows().await;
    assert_eq!([accounts, unfinished, credentials], [1, 0, 1]);
}

#[actix_web::test]
async fn a_deregistration_of_one_of_two_ends_its_sessions_and_no_others() {
    one_of_two(on_sqlite().await).await;
    one_of_two(on_postgres().await).await;
}

#[actix_web::test]
async fn nobody_ends_the_session_of_another_by_a_deregistration_that_is_cut_off() {
    let split = on_sqlite().await;
    let (ada, bob) = (split.browser(), split.browser());
    ada.register("ada").await;
    let key = bob.register("bob").await;
    for cut in CUTS {
        split.cut("Deregister", cut);
        deregister(&ada, &key.id).await.refused(503, "unavailable");
        split.mend();
        split.recover().await;
        bob.get("/api/session").await.accepted();
        deregister(&ada, &key.id).await.refused(404, "not-found");
        bob.get("/api/session").await.accepted();
    }
    assert_eq!(split.rows().await, [2, 0, 2, 2]);
}

async fn refusals(split: Split) {
    let browser = split.browser();
    let mut ada = browser.register("ada").await;
    let body = json!({ "username": "Ada" });
    let reply = split
        .browser()
        .post("/api/registration/options", &body)
        .await;
    reply.refused(409, "username-taken");
    // Taken while the ceremony ran.
    let late = split.browser();
    let options = late.registration_options("bob").await;
    split.browser().register("bob").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    late.post("/api/registration/result", &response)
        .await
        .refused(409, "username-taken");
    // The credential ID of another.
    let tweak = Tweak {
        new_id: Some(ada.id.clone()),
        ..Tweak::default()
    };
    let (_, reply) = split.browser().register_with("eve", &tweak).await;
    reply.refused(403, "verification-failed");
    // A counter that does not advance; a response twice; no JSON.
    ada.counter = 5;
    split.browser().sign_in(&mut ada).await.accepted();
    ada.counter = 5;
    split
        .browser()
        .sign_in(&mut ada)
        .await
        .refused(403, "verification-failed");
    ada.counter = 7;
    let again = split.browser();
    let options = again.authentication_options().await;
    let response = ada.get(&options, &Tweak::default());
    let thief = again.copy();
    again
        .post("/api/authentication/result", &response)
        .await
        .accepted();
    let reply = thief.post("/api/authentication/result", &response).await;
    reply.refused(400, "ceremony-unknown");
    let reply = again
        .post("/api/authentication/result", &json!({ "id": 1 }))
        .await;
    assert_eq!(reply.status, 400);
    // By the operator, over HTTP.
    let bearer = format!("Bearer {OPERATOR}");
    let path = format!("/api/admin/credentials/{}", b64(&ada.id));
    let headers = [("Authorization", bearer.as_str())];
    let answer = browser
        .send(Method::DELETE, &path, &headers, "")
        .await
        .accepted();
    assert_eq!(answer["accountDeleted"], true);
    browser
        .get("/api/session")
        .await
        .refused(401, "not-signed-in");
    let reply = split.browser().sign_in(&mut ada).await;
    reply.refused(404, "unknown-credential");
    assert!(reply.json()["statement"].as_str().unwrap().contains('.'));
}

#[actix_web::test]
async fn failed_attempts_are_counted_there_and_forgiven_from_here() {
    let split = on_sqlite().await;
    let mut ada = split.browser().register("ada").await;
    let not_verified = Tweak {
        flags: Some(0x01),
        ..Tweak::default()
    };
    for _ in 0..5 {
        let reply = split.browser().sign_in_with(&mut ada, &not_verified).await;
        reply.refused(403, "verification-failed");
    }
    let reply = split.browser().sign_in(&mut ada).await;
    reply.refused(429, "credential-waits");
    assert!(reply.header("retry-after").parse::<u32>().unwrap() > 0);
    for _ in 5..50 {
        split.advance(3_600_000);
        split.browser().sign_in_with(&mut ada, &not_verified).await;
    }
    split.advance(3_600_000);
    split
        .browser()
        .sign_in(&mut ada)
        .await
        .refused(403, "credential-disabled");
    let bearer = format!("Bearer {OPERATOR}");
    let headers = [("Authorization", bearer.as_str())];
    let disabled = split.browser();
    let list = disabled
        .send(Method::GET, "/api/admin/credentials", &headers, "")
        .await;
    assert!(list.text.contains(&b64(&ada.id)), "{list:?}");
    let path = format!("/api/admin/credentials/{}/enable", b64(&ada.id));
    let reply = disabled.send(Method::POST, &path, &headers, "").await;
    assert!((200..300).contains(&reply.status), "{reply:?}");
    split.browser().sign_in(&mut ada).await.accepted();
}

#[actix_web::test]
async fn over_the_wire_the_same_is_refused() {
    refusals(on_sqlite().await).await;
    refusals(on_postgres().await).await;
}
