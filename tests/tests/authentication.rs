//! Authentication, ISO/IEC 27553-1 A.3.3: the agent's answers before the server, step by step.

use serde_json::{Value, json};

use crate::support::device::{Device, Ended, Person};
use crate::support::site::{RP, Site};
use crate::support::{changed, from_b64, text};

/// Signature counter of an assertion: bytes 33 to 36 of the authenticator data (WebAuthn Level 3, 6.1).
fn counter(response: &Value) -> u32 {
    let data = from_b64(text(response, "/response/authenticatorData"));
    u32::from_be_bytes(data[33..37].try_into().unwrap())
}

#[actix_web::test]
async fn authentication_steps_a_to_k_open_a_session_without_and_with_a_name() {
    let site = Site::start().await;
    let mut device = Device::new();
    site.browser()
        .register(&mut device, "ada", Person::Ada)
        .await;
    for name in [None, Some("ada")] {
        let page = site.browser();
        assert_eq!(page.session().await, None);
        let options = page.request_options(name).await;
        let allowed = options["publicKey"]["allowCredentials"].as_array().unwrap();
        assert_eq!(allowed.len(), usize::from(name.is_some()));
        let response = device.get(RP, &options, Person::Ada).unwrap();
        let answer = page.authenticated(&response).await.accepted();
        assert_eq!(answer["username"], "ada");
        assert_eq!(page.session().await.as_deref(), Some("ada"));
    }
}

#[actix_web::test]
async fn authentication_step_e_a_site_of_another_name_finds_no_credential() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    let options = page.request_options(None).await;
    let elsewhere = "http://other.localhost:8080";
    // Our options on its page; options of its own; options that claim our RP ID.
    let refused = device.get(elsewhere, &options, Person::Ada);
    assert_eq!(refused, Err(Ended::Agent("security")));
    let mut own = options.clone();
    own["publicKey"]["rpId"] = "other.localhost".into();
    let refused = device.get(elsewhere, &own, Person::Ada);
    assert_eq!(refused, Err(Ended::Agent("not-allowed")));
    let refused = device.get(RP, &own, Person::Ada);
    assert_eq!(refused, Err(Ended::Agent("security")));
    assert_eq!(device.records()[0].sign_count(), 0);
}

#[actix_web::test]
async fn authentication_step_f_another_face_signs_nothing() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    let options = page.request_options(None).await;
    let refused = device.get(RP, &options, Person::Bob);
    assert_eq!(refused, Err(Ended::Stranger));
    assert_eq!(device.records()[0].sign_count(), 0);
}

#[actix_web::test]
async fn authentication_step_g_the_counter_grows_and_the_server_keeps_up_with_it() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    for expected in 1..=4 {
        let options = page.request_options(None).await;
        let response = device.get(RP, &options, Person::Ada).unwrap();
        assert_eq!(counter(&response), expected);
        assert_eq!(device.records()[0].sign_count(), expected);
        page.authenticated(&response).await.accepted();
    }
}

/// T.B.5 and T.M.4: a copied profile works until the two counters meet, and is noticed then.
#[actix_web::test]
async fn authentication_step_i_a_copied_profile_that_lags_behind_is_refused() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    let mut copy = device.clone();
    page.sign_in(&mut device, Person::Ada).await.accepted();
    page.sign_in(&mut device, Person::Ada).await.accepted();
    let elsewhere = site.browser();
    for _ in 0..2 {
        let reply = elsewhere.sign_in(&mut copy, Person::Ada).await;
        reply.refused(403, "verification-failed");
    }
    assert_eq!(elsewhere.session().await, None);
    // What the counter cannot do: once the copy is ahead, it is the one that gets in.
    elsewhere.sign_in(&mut copy, Person::Ada).await.accepted();
    let reply = page.sign_in(&mut device, Person::Ada).await;
    reply.refused(403, "verification-failed");
}

#[actix_web::test]
async fn authentication_step_h_a_response_changed_on_its_way_is_refused() {
    let site = Site::start().await;
    let mut device = Device::new();
    site.browser()
        .register(&mut device, "ada", Person::Ada)
        .await;
    for (member, at) in [
        ("/response/authenticatorData", 0),
        ("/response/authenticatorData", 32),
        ("/response/authenticatorData", 36),
        ("/response/clientDataJSON", 40),
        ("/response/signature", 40),
        ("/response/userHandle", 0),
    ] {
        let page = site.browser();
        let options = page.request_options(None).await;
        let response = device.get(RP, &options, Person::Ada).unwrap();
        let wrong = changed(&response, member, |bytes| bytes[at] ^= 1);
        let reply = page.authenticated(&wrong).await;
        let code = reply.body["code"].as_str().unwrap_or_default();
        let known = ["verification-failed", "malformed-request"];
        assert!(known.contains(&code), "{member} {at}: {reply:?}");
        assert_eq!(page.session().await, None);
    }
    site.browser()
        .sign_in(&mut device, Person::Ada)
        .await
        .accepted();
}

#[actix_web::test]
async fn authentication_step_i_a_replayed_response_is_refused() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    let options = page.request_options(None).await;
    let response = device.get(RP, &options, Person::Ada).unwrap();
    page.authenticated(&response).await.accepted();
    // In the same ceremony, in none, and in one of the thief's own.
    page.authenticated(&response)
        .await
        .refused(400, "ceremony-unknown");
    let thief = site.browser();
    thief
        .authenticated(&response)
        .await
        .refused(400, "ceremony-unknown");
    thief.request_options(None).await;
    thief
        .authenticated(&response)
        .await
        .refused(403, "verification-failed");
    assert_eq!(thief.session().await, None);
}

#[actix_web::test]
async fn authentication_step_i_a_late_response_is_refused() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    let options = page.request_options(None).await;
    let response = device.get(RP, &options, Person::Ada).unwrap();
    site.advance(2 * 60_000);
    page.authenticated(&response)
        .await
        .refused(400, "ceremony-unknown");
}

/// T.C.3: what a look-alike page got signed is worth nothing to the real server.
#[actix_web::test]
async fn authentication_step_i_a_response_made_for_another_origin_is_refused() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    for origin in ["http://localhost:9999", "http://localhost"] {
        let victim = site.browser();
        let options = victim.request_options(None).await;
        // Same host, so the agent has a credential for it; it signs the origin that the browser reported.
        let response = device.get(origin, &options, Person::Ada).unwrap();
        victim
            .authenticated(&response)
            .await
            .refused(403, "verification-failed");
        assert_eq!(victim.session().await, None);
    }
}

#[actix_web::test]
async fn authentication_step_i_one_accounts_credential_does_not_answer_for_another() {
    let site = Site::start().await;
    let mut device = Device::new();
    site.browser()
        .register(&mut device, "bob", Person::Bob)
        .await;
    site.browser()
        .register(&mut device, "ada", Person::Ada)
        .await;
    // A page that drops the list of what may answer for Bob: the agent takes Ada's, the server does not.
    let page = site.browser();
    let mut options = page.request_options(Some("bob")).await;
    options["publicKey"]["allowCredentials"] = json!([]);
    let response = device.get(RP, &options, Person::Ada).unwrap();
    page.authenticated(&response)
        .await
        .refused(403, "verification-failed");
    assert_eq!(page.session().await, None);
}

#[actix_web::test]
async fn authentication_step_j_the_answer_does_not_say_what_was_wrong() {
    let site = Site::start().await;
    let mut device = Device::new();
    site.browser()
        .register(&mut device, "ada", Person::Ada)
        .await;
    let mut answers = Vec::new();
    for (member, at) in [
        ("/response/authenticatorData", 0),
        ("/response/signature", 40),
        ("/response/userHandle", 0),
    ] {
        let page = site.browser();
        let options = page.request_options(None).await;
        let response = device.get(RP, &options, Person::Ada).unwrap();
        let wrong = changed(&response, member, |bytes| bytes[at] ^= 1);
        answers.push(page.authenticated(&wrong).await.body);
    }
    assert_eq!(answers[0]["code"], "verification-failed");
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}
