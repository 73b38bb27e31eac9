//! `prf` inputs: which are taken, for which credential, and what salts they make.
use serde_json::{Value, json};

use super::super::wire;
use super::Prf;
use crate::authenticator::hmac_secret::Salts;
use crate::encoding::to_base64url;
use crate::test_support::hex;
use ctap2::CredentialId;

fn inputs(json: Value) -> wire::Prf {
    serde_json::from_value(json).unwrap()
}

fn id(byte: u8) -> CredentialId {
    CredentialId::new(vec![byte; 4]).unwrap()
}

fn text(byte: u8) -> String {
    to_base64url(id(byte).as_bytes())
}

fn salts(found: Option<Salts>) -> Option<Vec<u8>> {
    found.map(|salts| salts.as_secret().expose_secret("test").clone())
}

/// WebAuthn Level 3, 16.17.2.
#[test]
fn level_3_vectors_of_the_salts() {
    let first = hex("576562417574686e20505246207465737420766563746f727302");
    let second = hex("576562417574686e20505246207465737420766563746f727303");
    let one = hex("527413ebb48293772df30f031c5ac4650c7de14bf9498671ae163447b6a772b3");
    let two = hex("d68ac03329a10ee5e0ec834492bb9a96a0e547baf563bf78ccbe8789b22e776b");
    let values = json!({"first": to_base64url(&first), "second": to_base64url(&second)});
    let mut prf = Prf::of_creation(&inputs(json!({ "eval": values }))).unwrap();
    assert_eq!(salts(prf.take()), Some([one.clone(), two].concat()));
    assert_eq!(salts(prf.take()), None, "once");
    let values = json!({"first": to_base64url(&first)});
    let mut prf = Prf::of_request(&inputs(json!({ "eval": values })), None).unwrap();
    assert_eq!(salts(prf.take_for(&id(1))), Some(one));
}

#[test]
fn the_inputs_of_a_credential_go_before_those_of_all() {
    let value = |text: &str| json!({"first": text});
    let asked = || {
        inputs(json!({
            "eval": value("AAAA"),
            "evalByCredential": {text(1): value("AQAA"), text(2): value("AgAA")},
        }))
    };
    let allowed = [id(1), id(2), id(3)];
    let chosen = |id: &CredentialId| {
        let mut prf = Prf::of_request(&asked(), Some(&allowed)).unwrap();
        salts(prf.take_for(id)).unwrap()
    };
    let found = [1, 2, 3].map(|byte| chosen(&id(byte)));
    assert!(found[0] != found[1] && found[1] != found[2] && found[0] != found[2]);
    // Without those of all, another credential gets nothing.
    let only = inputs(json!({"evalByCredential": {text(1): value("AQAA")}}));
    let mut prf = Prf::of_request(&only, Some(&allowed)).unwrap();
    assert_eq!(salts(prf.take_for(&id(2))), None);
    assert_eq!(salts(prf.take_for(&id(1))), Some(found[0].clone()));
}

#[test]
fn inputs_that_fit_no_credential_are_refused() {
    let value = || json!({"first": "AAAA"});
    let creation = |json| {
        Prf::of_creation(&inputs(json))
            .err()
            .map(|error| error.code())
    };
    assert_eq!(creation(json!({})), None);
    assert_eq!(creation(json!({"eval": value()})), None);
    let by_credential = json!({"evalByCredential": {}});
    assert_eq!(creation(by_credential.clone()), Some("not-supported"));
    assert_eq!(creation(json!({"eval": {"first": "="}})), Some("data"));
    let allowed = [id(1)];
    let request = |json, allowed| {
        let read = Prf::of_request(&inputs(json), allowed);
        read.err().map(|error| error.code())
    };
    assert_eq!(request(by_credential, None), None);
    let keyed = |key: String| json!({"evalByCredential": {key: value()}});
    assert_eq!(request(keyed(text(1)), None), Some("not-supported"));
    assert_eq!(request(keyed(text(1)), Some(&allowed)), None);
    for key in [String::new(), "%".into(), text(2), text(1) + "="] {
        let refused = request(keyed(key.clone()), Some(&allowed));
        assert_eq!(refused, Some("syntax"), "{key}");
    }
}
