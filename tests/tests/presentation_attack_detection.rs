//! The signed statement of the agent about presentation attack detection, before the server.

use serde_json::{Value, json};

use crate::support::device::{Device, Person};
use crate::support::site::{RP, Site};
use crate::support::{changed, from_b64, text};

/// Offset of the extension data in an assertion's authenticator data.
const TAIL: usize = 37;

fn data(response: &Value) -> Vec<u8> {
    from_b64(text(response, "/response/authenticatorData"))
}

#[actix_web::test]
async fn authentication_step_g_the_agent_states_the_layers_and_the_server_keeps_them() {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    let layers = json!(["texture", "head-turn"]);
    let list = page.get("/api/credentials").await.accepted();
    assert_eq!(list[0]["presentationAttackDetection"], layers);
    let answer = page.sign_in(&mut device, Person::Ada).await.accepted();
    assert_eq!(answer["presentationAttackDetection"], layers);
}

#[actix_web::test]
async fn authentication_step_g_an_agent_that_is_not_asked_says_nothing_and_the_server_wants_it_said()
 {
    let site = Site::start().await;
    let mut device = Device::new();
    let page = site.browser();
    page.register(&mut device, "ada", Person::Ada).await;
    // A page that drops the question.
    for extensions in [json!({}), json!({ "mienPad": false })] {
        let mut options = page.request_options(None).await;
        options["publicKey"]["extensions"] = extensions;
        let response = device.get(RP, &options, Person::Ada).unwrap();
        assert_eq!(data(&response).len(), TAIL);
        let reply = page.authenticated(&response).await;
        reply.refused(403, "verification-failed");
    }
    let visitor = site.browser();
    let mut options = visitor.creation_options("bob").await;
    options["publicKey"]["extensions"]["mienPad"] = json!(false);
    let response = Device::new().create(RP, &options, Person::Bob).unwrap();
    let reply = visitor.registered(&response).await;
    reply.refused(403, "verification-failed");
    assert_eq!(visitor.session().await, None);
}

#[actix_web::test]
async fn authentication_step_h_every_byte_of_the_statement_is_signed() {
    let site = Site::start().await;
    let mut device = Device::new();
    site.browser()
        .register(&mut device, "ada", Person::Ada)
        .await;
    let pointer = "/response/authenticatorData";
    let length = {
        let options = site.browser().request_options(None).await;
        data(&device.get(RP, &options, Person::Ada).unwrap()).len()
    };
    for at in (TAIL..length).step_by(5) {
        let page = site.browser();
        let options = page.request_options(None).await;
        let response = device.get(RP, &options, Person::Ada).unwrap();
        let wrong = changed(&response, pointer, |bytes| bytes[at] ^= 1);
        let reply = page.authenticated(&wrong).await;
        let code = reply.body["code"].as_str().unwrap_or_default();
        let known = ["verification-failed", "malformed-request"];
        assert!(known.contains(&code), "{at}: {reply:?}");
        assert_eq!(page.session().await, None);
    }
}
