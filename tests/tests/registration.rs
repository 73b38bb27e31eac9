//! Registration, ISO/IEC 27553-1 A.3.2: the agent's answers before the server, step by step.

use serde_json::{Value, json};

use crate::support::device::{Device, Ended, Person};
use crate::support::site::{RP, Site};
use crate::support::{changed, from_b64, text};

/// AAGUID of our authenticator.
const AAGUID: &str = "6d69656e-2d66-4163-8a51-9e0c7b1d4f20";

#[actix_web::test]
async fn registration_steps_a_to_k_make_an_account_a_credential_and_a_session() {
    let site = Site::start().await;
    let page = site.browser();
    let mut device = Device::new();
    let id = page.register(&mut device, "ada", Person::Ada).await;
    assert_eq!(page.session().await.as_deref(), Some("ada"));
    assert_eq!(site.rows().await, [1, 1, 1, 0]);
    // What the server keeps about it, and what the device keeps, name the same credential.
    let list = page.get("/api/credentials").await.accepted();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["credentialId"], id.as_str());
    assert_eq!(list[0]["kind"], "mien-face");
    assert_eq!(list[0]["mode"], "A.1");
    let [record] = &device.records()[..] else {
        panic!("one record");
    };
    assert_eq!(record.credential_id(), from_b64(&id));
    assert_eq!(record.user_name(), "ada");
    assert_eq!(record.mode(), "A.1");
    assert!(record.has_authentication_server_key());
}

#[actix_web::test]
async fn registration_step_d_a_page_of_another_origin_gets_nothing_of_our_options() {
    let site = Site::start().await;
    let options = site.browser().creation_options("ada").await;
    let mut device = Device::new();
    for origin in [
        "http://example.localhost:8080",
        "https://localhost.example",
        "http://evil.example",
        "null",
    ] {
        let refused = device.create(origin, &options, Person::Ada);
        assert_eq!(refused, Err(Ended::Agent("security")), "{origin}");
    }
    assert!(device.records().is_empty());
}

#[actix_web::test]
async fn registration_step_e_a_known_account_is_told_so_and_no_second_credential_is_made() {
    let site = Site::start().await;
    let page = site.browser();
    let mut device = Device::new();
    page.register(&mut device, "ada", Person::Ada).await;
    // Adding: the server lists what the account has, the agent finds it here.
    let options = page.creation_options("ada").await;
    let refused = device.create(RP, &options, Person::Ada);
    assert_eq!(refused, Err(Ended::Agent("invalid-state")));
    assert_eq!(device.records().len(), 1);
}

#[actix_web::test]
async fn registration_step_e_replacing_a_credential_needs_the_enrolled_face() {
    let site = Site::start().await;
    let page = site.browser();
    let mut device = Device::new();
    let first = page.register(&mut device, "ada", Person::Ada).await;
    // A page that drops the list, so that the agent is not told of the credential by the server.
    let mut options = page.creation_options("ada").await;
    options["publicKey"]["excludeCredentials"] = json!([]);
    assert_eq!(
        device.create(RP, &options, Person::Bob),
        Err(Ended::Stranger)
    );
    assert_eq!(device.records()[0].credential_id(), from_b64(&first));
    let response = device.create(RP, &options, Person::Ada).unwrap();
    page.registered(&response).await.accepted();
    let [record] = &device.records()[..] else {
        panic!("the new record took the old one's place");
    };
    assert_ne!(record.credential_id(), from_b64(&first));
    page.sign_in(&mut device, Person::Ada).await.accepted();
}

#[actix_web::test]
async fn registration_step_g_attestation_none_and_packed_self_are_both_accepted() {
    let site = Site::start().await;
    // CBOR text strings "fmt" and its value: 0x63 'f' 'm' 't', then 0x64 for four letters or 0x66 for six.
    for (name, preference, format) in [
        ("ada", "none", b"\x63fmt\x64none".as_slice()),
        ("bob", "direct", b"\x63fmt\x66packed"),
    ] {
        let page = site.browser();
        let mut options = page.creation_options(name).await;
        options["publicKey"]["attestation"] = preference.into();
        let response = Device::new().create(RP, &options, Person::Ada).unwrap();
        let object = from_b64(text(&response, "/response/attestationObject"));
        assert!(
            object.windows(format.len()).any(|at| at == format),
            "{preference}"
        );
        page.registered(&response).await.accepted();
        let list = page.get("/api/credentials").await.accepted();
        assert_eq!(list[0]["aaguid"], AAGUID, "{preference}");
    }
}

#[actix_web::test]
async fn registration_step_h_a_response_changed_on_its_way_is_refused() {
    let site = Site::start().await;
    // Packed, so that the statement covers every byte of the authenticator data.
    let direct = |mut options: Value| {
        options["publicKey"]["attestation"] = "direct".into();
        options
    };
    let length = {
        let page = site.browser();
        let options = direct(page.creation_options("ada").await);
        let response = Device::new().create(RP, &options, Person::Ada).unwrap();
        from_b64(text(&response, "/response/attestationObject")).len()
    };
    let object = "/response/attestationObject";
    let flips = (0..length).step_by(19).map(|at| (object, at));
    for (member, at) in flips.chain([("/response/clientDataJSON", 40)]) {
        let page = site.browser();
        let options = direct(page.creation_options("ada").await);
        let response = Device::new().create(RP, &options, Person::Ada).unwrap();
        let wrong = changed(&response, member, |bytes| bytes[at] ^= 1);
        let reply = page.registered(&wrong).await;
        let code = reply.body["code"].as_str().unwrap_or_default();
        let known = ["verification-failed", "malformed-request"];
        assert!(known.contains(&code), "{member} {at}: {reply:?}");
        assert_eq!(page.session().await, None);
    }
    assert_eq!(site.rows().await[..3], [0, 0, 0]);
}

#[actix_web::test]
async fn registration_step_i_a_response_is_good_once_and_in_its_own_ceremony() {
    let site = Site::start().await;
    let (page, thief) = (site.browser(), site.browser());
    let mut device = Device::new();
    let options = page.creation_options("ada").await;
    let response = device.create(RP, &options, Person::Ada).unwrap();
    // Into a ceremony of the thief's own, for another name.
    thief.creation_options("mallory").await;
    thief
        .registered(&response)
        .await
        .refused(403, "verification-failed");
    page.registered(&response).await.accepted();
    for browser in [&page, &thief] {
        let reply = browser.registered(&response).await;
        reply.refused(400, "ceremony-unknown");
    }
    assert_eq!(site.rows().await[..2], [1, 1]);
}

#[actix_web::test]
async fn registration_step_i_a_response_for_a_page_of_another_port_is_refused() {
    let site = Site::start().await;
    let page = site.browser();
    let options = page.creation_options("ada").await;
    // The RP ID has no port, so the agent serves this page; the origin in the client data tells on it.
    let response = Device::new()
        .create("http://localhost:9999", &options, Person::Ada)
        .unwrap();
    page.registered(&response)
        .await
        .refused(403, "verification-failed");
    assert_eq!(site.rows().await[..2], [0, 0]);
}

#[actix_web::test]
async fn registration_of_a_second_account_on_the_same_device_leaves_the_first_alone() {
    let site = Site::start().await;
    let mut device = Device::new();
    let ada = site
        .browser()
        .register(&mut device, "ada", Person::Ada)
        .await;
    let bob = site
        .browser()
        .register(&mut device, "bob", Person::Bob)
        .await;
    assert_ne!(ada, bob);
    assert_eq!(device.records().len(), 2);
    // Each by name, each with the own face only.
    for (name, person, other) in [
        ("ada", Person::Ada, Person::Bob),
        ("bob", Person::Bob, Person::Ada),
    ] {
        let page = site.browser();
        let options = page.request_options(Some(name)).await;
        assert_eq!(device.get(RP, &options, other), Err(Ended::Stranger));
        let response = device.get(RP, &options, person).unwrap();
        page.authenticated(&response).await.accepted();
        assert_eq!(page.session().await.as_deref(), Some(name));
    }
}
