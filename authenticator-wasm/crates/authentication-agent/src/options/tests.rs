//! Tests of the options: what is read, what is passed over, what is refused and with which code.
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{assertion, creation};
use crate::encoding::to_base64url;
use crate::error::Error;
use crate::origin::Origin;
use crate::test_support::{ORIGIN, creation_options, request_options};

fn origin() -> Origin {
    Origin::parse(ORIGIN).unwrap()
}

/// Creation options with one member replaced; `Value::Null` where a member is to be removed.
fn create_with(pointer: &str, value: Value) -> Result<super::Creation, Error> {
    let mut options = creation_options(1, b"user");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = options
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap();
    if value.is_null() {
        parent.remove(name);
    } else {
        parent.insert(name.into(), value);
    }
    creation(&origin(), &options.to_string())
}

fn create_code(pointer: &str, value: Value) -> &'static str {
    create_with(pointer, value).map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn reads_creation_options_into_the_ctap_request() {
    let creation = creation(&origin(), &creation_options(1, b"user").to_string()).unwrap();
    let request = creation.request;
    assert_eq!(request.rp.id, "rp.example");
    assert_eq!(request.user.id, b"user");
    assert_eq!(request.user.name.as_deref(), Some("ada"));
    assert_eq!(request.algorithms, [-7, -257]);
    assert_eq!(request.options.rk, Some(true));
    assert_eq!(request.options.uv, Some(true));
    assert_eq!(&request.client_data_hash, creation.client_data.hash());
    assert!(creation.without_attestation && creation.cred_props);
    assert!(creation.authentication_server_key.is_some());
    assert_eq!(request.extensions, ["mienPad"]);
}

#[test]
fn required_members_must_be_there_and_of_their_type() {
    for pointer in [
        "/rp",
        "/rp/name",
        "/user",
        "/user/id",
        "/user/name",
        "/user/displayName",
        "/challenge",
        "/pubKeyCredParams",
    ] {
        assert_eq!(
            create_code(pointer, Value::Null),
            "data",
            "{pointer} missing"
        );
        assert_eq!(create_code(pointer, json!(1)), "data", "{pointer} a number");
    }
    for pointer in [
        "/rp/id",
        "/excludeCredentials",
        "/authenticatorSelection",
        "/attestation",
        "/extensions",
    ] {
        assert_eq!(create_code(pointer, Value::Null), "ok", "{pointer} missing");
        assert_eq!(create_code(pointer, json!(1)), "data", "{pointer} a number");
    }
    for text in ["", "null", "[]", "{", "\u{feff}{}"] {
        let error = creation(&origin(), text).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "data", "{text:?}");
    }
}

#[test]
fn limits_lengths() {
    let id = |length: usize| json!(to_base64url(&vec![1; length]));
    assert_eq!(create_code("/user/id", id(0)), "data");
    assert_eq!(create_code("/user/id", id(64)), "ok");
    assert_eq!(create_code("/user/id", id(65)), "data");
    assert_eq!(
        create_code("/challenge", json!("AAAAAAAAAAAAAAAAAAAAAA==")),
        "data"
    );
    assert_eq!(create_code("/rp/name", json!("x".repeat(70_000))), "data");
    let exclude = |length| json!([{"type": "public-key", "id": to_base64url(&vec![1; length])}]);
    assert_eq!(create_code("/excludeCredentials", exclude(0)), "data");
    assert_eq!(create_code("/excludeCredentials", exclude(1023)), "ok");
    assert_eq!(create_code("/excludeCredentials", exclude(1024)), "data");
}

#[test]
fn names_are_cut_between_characters() {
    let name = "é".repeat(40);
    let creation = create_with("/user/name", json!(name)).unwrap();
    assert_eq!(creation.request.user.name.unwrap(), "é".repeat(32));
    let name = format!("x{}", "é".repeat(40));
    let creation = create_with("/user/name", json!(name)).unwrap();
    assert_eq!(creation.request.user.name.unwrap().len(), 63);
}

#[test]
fn algorithms_are_negotiated() {
    let params = |kind: &str, alg: i64| json!([{"type": kind, "alg": alg}]);
    assert_eq!(create_code("/pubKeyCredParams", json!([])), "ok");
    assert_eq!(
        create_code("/pubKeyCredParams", params("public-key", -257)),
        "not-supported"
    );
    assert_eq!(
        create_code("/pubKeyCredParams", params("other", -7)),
        "not-supported"
    );
    assert_eq!(
        create_code("/pubKeyCredParams", params("public-key", -7)),
        "ok"
    );
}

#[test]
fn a_roaming_authenticator_is_not_this_one() {
    let attachment = "/authenticatorSelection/authenticatorAttachment";
    assert_eq!(
        create_code(attachment, json!("cross-platform")),
        "not-allowed"
    );
    assert_eq!(create_code(attachment, json!("platform")), "ok");
    assert_eq!(create_code(attachment, json!("something-new")), "ok");
}

#[test]
fn attestation_is_conveyed_only_when_asked_for() {
    for (preference, without) in [
        ("none", true),
        ("something-new", true),
        ("indirect", false),
        ("direct", false),
        ("enterprise", false),
    ] {
        let creation = create_with("/attestation", json!(preference)).unwrap();
        assert_eq!(creation.without_attestation, without, "{preference}");
    }
}

#[test]
fn the_servers_key_must_be_a_point() {
    let key = "/extensions/mienAuthenticationServer";
    for value in [
        json!({}),
        json!("x"),
        json!({"key": "AAAA"}),
        json!({"key": to_base64url(&[4; 65])}),
        json!({"key": "!"}),
    ] {
        assert_eq!(create_code(key, value), "data");
    }
    assert_eq!(create_code("/extensions/other", json!({"x": 1})), "ok");
}

#[test]
fn the_rp_id_is_that_of_the_origin() {
    assert_eq!(create_code("/rp/id", json!("other.example")), "security");
    assert_eq!(create_code("/rp/id", json!("example")), "security");
    let options = request_options(1, &[]);
    let elsewhere = Origin::parse("https://other.example").unwrap();
    let error = assertion(&elsewhere, &options.to_string())
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.code(), "security");
}

#[test]
fn reads_request_options_into_the_ctap_request() {
    let read = |options: Value| assertion(&origin(), &options.to_string());
    let listed = read(request_options(1, &[&[5]])).unwrap();
    assert_eq!(listed.request.allow_list.unwrap()[0].as_bytes(), [5]);
    assert_eq!(&listed.request.client_data_hash, listed.client_data.hash());
    let empty = read(request_options(1, &[])).unwrap();
    assert_eq!(empty.request.allow_list, None);
    let bare = read(json!({"challenge": to_base64url(&[1; 32])})).unwrap();
    assert_eq!(bare.request.rp_id, "rp.example");
    let code = |options: Value| read(options).map_or_else(|error| error.code(), |_| "ok");
    assert_eq!(code(json!({})), "data");
    let unknown = json!([{"type": "other", "id": "AAAA"}]);
    let options = json!({"challenge": to_base64url(&[1; 32]), "allowCredentials": unknown});
    assert_eq!(code(options), "not-allowed");
}

#[test]
fn extensions_that_are_not_asked_for_are_not_passed_on() {
    let with = |extensions: Value| {
        let mut options = request_options(1, &[]);
        options["extensions"] = extensions;
        assertion(&origin(), &options.to_string()).map_or_else(
            |error| vec![error.code().into()],
            |read| read.request.extensions,
        )
    };
    assert_eq!(
        with(json!({"mienPad": true, "credBlob": true})),
        ["mienPad"]
    );
    for none in [
        json!(null),
        json!({}),
        json!({"mienPad": false}),
        json!({"mienPad": null}),
    ] {
        assert!(with(none.clone()).is_empty(), "{none}");
    }
    assert_eq!(with(json!({"mienPad": 1})), ["data"]);
    assert_eq!(with(json!(true)), ["data"]);
    assert_eq!(create_code("/extensions/mienPad", json!("yes")), "data");
}

#[test]
fn deviation_webauthn_l3_13_4_3_short_challenges_are_refused() {
    let challenge = |length: usize| json!(to_base64url(&vec![1; length]));
    assert_eq!(create_code("/challenge", challenge(15)), "data");
    assert_eq!(create_code("/challenge", challenge(16)), "ok");
    let request = |length| {
        let options = json!({"challenge": challenge(length)});
        assertion(&origin(), &options.to_string()).map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!((request(15), request(16)), ("data", "ok"));
}

proptest! {
    #[test]
    fn changed_options_never_panic(at in any::<prop::sample::Index>(), byte in any::<char>()) {
        let good = creation_options(1, b"user").to_string();
        let at = at.index(good.len());
        let bad = [&good[..at], &byte.to_string(), &good[at + 1..]].concat();
        let _ = creation(&origin(), &bad);
        let _ = assertion(&origin(), &good[..at]);
    }
}
