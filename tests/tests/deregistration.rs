//! Deregistration, ISO/IEC 27553-1 A.3.4: the server's signed word, and what the agent believes.

use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::device::{Device, Ended, Person};
use crate::support::site::{RP, Site};
use crate::support::{b64, from_b64, text};

const REFUSED: Result<(), Ended> = Err(Ended::Agent("not-allowed"));

async fn deregister(page: &Browser, id: &str) -> Value {
    let body = json!({ "credentialId": id });
    page.post("/api/deregistration", &body).await.accepted()
}

#[actix_web::test]
async fn deregistration_steps_a_to_f_leave_nothing_in_either_store() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    let id = page.register(&mut device, "ada", Person::Ada).await;
    let answer = deregister(&page, &id).await;
    assert_eq!(answer["deregistered"][0]["credentialId"], id.as_str());
    assert_eq!(answer["accountDeleted"], true);
    device
        .erase(RP, text(&answer, "/deregistered/0/statement"))
        .unwrap();
    assert!(device.records().is_empty());
    assert_eq!(site.rows().await, [0, 0, 0, 0]);
    // After it, the face opens nothing.
    assert_eq!(page.session().await, None);
    let options = page.request_options(None).await;
    let refused = device.get(RP, &options, Person::Ada);
    assert_eq!(refused, Err(Ended::Agent("not-allowed")));
}

#[actix_web::test]
async fn deregistration_step_b_a_stranger_deregisters_nothing() {
    let site = Site::start().await;
    let mut device = Device::new();
    let ada = site.browser();
    let id = ada.register(&mut device, "ada", Person::Ada).await;
    let body = json!({ "credentialId": id });
    let mallory = site.browser();
    let reply = mallory.post("/api/deregistration", &body).await;
    reply.refused(401, "not-signed-in");
    mallory
        .register(&mut Device::new(), "mallory", Person::Bob)
        .await;
    let reply = mallory.post("/api/deregistration", &body).await;
    reply.refused(404, "not-found");
    site.browser()
        .sign_in(&mut device, Person::Ada)
        .await
        .accepted();
}

#[actix_web::test]
async fn deregistration_step_d_a_forged_statement_does_not_erase() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    let id = page.register(&mut device, "ada", Person::Ada).await;
    // A server that calls itself the same and knows the credential ID, with a key of its own.
    let imposter = Site::start().await;
    let forged = {
        let page = imposter.browser();
        page.register(&mut Device::new(), "mallory", Person::Bob)
            .await;
        let options = page.request_options(None).await;
        let response = device.clone().get(RP, &options, Person::Ada).unwrap();
        let reply = page.authenticated(&response).await;
        reply.refused(404, "unknown-credential");
        text(&reply.body, "/statement").to_owned()
    };
    assert_eq!(device.erase(RP, &forged), REFUSED);
    // The true statement with one bit changed in each part, or handed over by another page.
    let answer = deregister(&page, &id).await;
    let statement = text(&answer, "/deregistered/0/statement");
    for part in 0..3 {
        let mut parts: Vec<String> = statement.split('.').map(str::to_owned).collect();
        let mut bytes = from_b64(&parts[part]);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        parts[part] = b64(&bytes);
        assert_eq!(device.erase(RP, &parts.join(".")), REFUSED, "part {part}");
    }
    for origin in ["http://evil.localhost:8080", "https://evil.example"] {
        assert_eq!(device.erase(origin, statement), REFUSED, "{origin}");
    }
    assert_eq!(device.records().len(), 1);
    device.erase(RP, statement).unwrap();
}

#[actix_web::test]
async fn deregistration_step_d_a_statement_erases_its_own_credential_only() {
    let site = Site::start().await;
    let mut device = Device::new();
    let (ada, bob) = (site.browser(), site.browser());
    let gone = ada.register(&mut device, "ada", Person::Ada).await;
    let stays = bob.register(&mut device, "bob", Person::Bob).await;
    let answer = deregister(&ada, &gone).await;
    let statement = text(&answer, "/deregistered/0/statement");
    device.erase(RP, statement).unwrap();
    assert_eq!(device.erase(RP, statement), REFUSED, "a second time");
    let [record] = &device.records()[..] else {
        panic!("one is left");
    };
    assert_eq!(record.credential_id(), from_b64(&stays));
    bob.sign_in(&mut device, Person::Bob).await.accepted();
}

#[actix_web::test]
async fn deregistration_step_c_of_everything_signs_for_each_device() {
    let site = Site::start().await;
    let (mut phone, mut desktop) = (Device::new(), Device::new());
    let page = site.browser();
    page.register(&mut phone, "ada", Person::Ada).await;
    page.register(&mut desktop, "ada", Person::Ada).await;
    assert_eq!(site.rows().await[..2], [1, 2]);
    let all = json!({ "all": true });
    let answer = page.post("/api/deregistration", &all).await.accepted();
    let statements = answer["deregistered"].as_array().unwrap();
    assert_eq!(statements.len(), 2);
    // Each device finds the one statement that is about it.
    for device in [&mut phone, &mut desktop] {
        let erased = statements
            .iter()
            .filter(|one| device.erase(RP, text(one, "/statement")).is_ok());
        assert_eq!(erased.count(), 1);
        assert!(device.records().is_empty());
    }
    assert_eq!(site.rows().await, [0, 0, 0, 0]);
}

#[actix_web::test]
async fn deregistration_by_the_operator_reaches_the_device_at_its_next_use() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    let id = page.register(&mut device, "ada", Person::Ada).await;
    let operator = site.browser();
    operator.delete_as_operator(&id).await.accepted();
    // Effective at once, with the device off-line and nobody asked.
    assert_eq!(page.session().await, None);
    assert_eq!(site.rows().await, [0, 0, 0, 0]);
    assert_eq!(device.records().len(), 1);
    // Next use: the answer of the server is what the agent needs.
    let reply = page.sign_in(&mut device, Person::Ada).await;
    reply.refused(404, "unknown-credential");
    assert_eq!(page.session().await, None);
    device.erase(RP, text(&reply.body, "/statement")).unwrap();
    assert!(device.records().is_empty());
    // The name is free, and the same device may begin anew.
    page.register(&mut device, "ada", Person::Ada).await;
    page.sign_in(&mut device, Person::Ada).await.accepted();
}

#[actix_web::test]
async fn deregistration_step_e_may_come_later_than_the_servers_part() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    let id = page.register(&mut device, "ada", Person::Ada).await;
    // The agent never hears of it; the server's part holds by itself.
    deregister(&page, &id).await;
    site.advance(400 * 24 * 3_600_000);
    let reply = page.sign_in(&mut device, Person::Ada).await;
    reply.refused(404, "unknown-credential");
    device.erase(RP, text(&reply.body, "/statement")).unwrap();
}
