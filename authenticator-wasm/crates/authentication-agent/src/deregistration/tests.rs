//! Tests of deregistration, steps d and e: the server's word erases, nobody else's does.
use p256::ecdsa::SigningKey;
use proptest::prelude::*;

use super::verify;
use crate::credential_record::CredentialRecord;
use crate::encoding::{sha256, to_base64url};
use crate::test_support::{Double, ORIGIN, code, creation_options, jws, registered, server_key};

const HEADER: &str = "{\"alg\":\"ES256\",\"typ\":\"mien-deregistration+jwt\"}";

fn record() -> CredentialRecord {
    registered(&mut Double::new(), &creation_options(1, b"user")).0
}

fn payload(record: &CredentialRecord) -> String {
    let sub = to_base64url(record.credential_id());
    // In this order, which the tests below rely on.
    format!(r#"{{"iat":1700000000,"iss":"rp.example","sub":"{sub}"}}"#)
}

#[test]
fn deregistration_step_e_erases_on_the_pinned_servers_word() {
    let record = record();
    let statement = jws(&server_key(), HEADER, &payload(&record));
    let erase = verify(ORIGIN, &statement, &record).unwrap();
    assert_eq!(erase.credential_id(), record.credential_id());
}

#[test]
fn deregistration_step_d_forged_statement_does_not_erase() {
    let record = record();
    let forger = SigningKey::from_slice(&sha256(b"forger")).unwrap();
    let forged = jws(&forger, HEADER, &payload(&record));
    assert_eq!(code(verify(ORIGIN, &forged, &record)), "security");

    let good = jws(&server_key(), HEADER, &payload(&record));
    let (signed, _) = good.rsplit_once('.').unwrap();
    for signature in [vec![], vec![0; 64], vec![1; 63], vec![1; 65]] {
        let forged = format!("{signed}.{}", to_base64url(&signature));
        assert_eq!(code(verify(ORIGIN, &forged, &record)), "security");
    }
}

#[test]
fn deregistration_step_d_statement_about_another_credential_does_not_erase() {
    let mine = record();
    // Another credential of the same account and server.
    let mut env = Double::new();
    let _ = registered(&mut env, &creation_options(1, b"user"));
    let (other, _) = registered(&mut env, &creation_options(2, b"user"));
    assert_ne!(mine.credential_id(), other.credential_id());
    let statement = jws(&server_key(), HEADER, &payload(&other));
    assert_eq!(code(verify(ORIGIN, &statement, &mine)), "security");
    assert_eq!(code(verify(ORIGIN, &statement, &other)), "ok");

    let elsewhere = payload(&mine).replace("rp.example", "other.example");
    let statement = jws(&server_key(), HEADER, &elsewhere);
    assert_eq!(code(verify(ORIGIN, &statement, &mine)), "security");
}

#[test]
fn deregistration_step_d_page_of_another_origin_cannot_hand_it_over() {
    let record = record();
    let statement = jws(&server_key(), HEADER, &payload(&record));
    for origin in [
        "https://other.example",
        "https://example",
        "http://sub.rp.example",
        "http://rp.example",
        "null",
    ] {
        assert_eq!(
            code(verify(origin, &statement, &record)),
            "security",
            "{origin}"
        );
    }
    // It may use the RP ID, so it is the same relying party.
    let below = verify("https://sub.rp.example", &statement, &record);
    assert_eq!(code(below), "ok");
}

#[test]
fn a_record_without_a_pinned_key_believes_nobody() {
    let mut options = creation_options(1, b"user");
    options.as_object_mut().unwrap().remove("extensions");
    let (record, _) = registered(&mut Double::new(), &options);
    let statement = jws(&server_key(), HEADER, &payload(&record));
    assert_eq!(code(verify(ORIGIN, &statement, &record)), "security");
}

#[test]
fn headers_and_payloads_are_closed() {
    let record = record();
    let good = payload(&record);
    for header in [
        "{\"alg\":\"none\",\"typ\":\"mien-deregistration+jwt\"}",
        "{\"alg\":\"HS256\",\"typ\":\"mien-deregistration+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\"}",
        "{\"alg\":\"ES256\",\"typ\":\"mien-deregistration+jwt\",\"kid\":\"1\"}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"typ\":\"mien-deregistration+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"mien-deregistration+jwt\"} x",
        "",
    ] {
        let statement = jws(&server_key(), header, &good);
        assert_ne!(code(verify(ORIGIN, &statement, &record)), "ok", "{header}");
    }
    for payload in [
        good.replace("\"iat\":1700000000", "\"iat\":\"1700000000\""),
        good.replace("\"iat\":1700000000", "\"iat\":-1"),
        good.replace("\"iat\":1700000000,", ""),
        good.replace('{', "{\"exp\":1,"),
        good.replace('{', "{\"iss\":\"rp.example\","),
        good.replace("\"sub\"", "\"SUB\""),
        "[]".into(),
    ] {
        let statement = jws(&server_key(), HEADER, &payload);
        assert_eq!(
            code(verify(ORIGIN, &statement, &record)),
            "data",
            "{payload}"
        );
    }
}

#[test]
fn malformed_statements_are_refused() {
    let record = record();
    let good = jws(&server_key(), HEADER, &payload(&record));
    let long = format!("{}.{good}", "A".repeat(5_000));
    let padded = format!("{good}=");
    let more = format!("{good}.AAAA");
    for statement in [
        "",
        ".",
        "..",
        "a.b.c",
        "....",
        &long,
        &padded,
        &more,
        &good[1..],
    ] {
        assert_ne!(
            code(verify(ORIGIN, statement, &record)),
            "ok",
            "{statement:.40}"
        );
    }
    for cut in 0..good.len() {
        assert_ne!(code(verify(ORIGIN, &good[..cut], &record)), "ok", "{cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_changed_character_is_refused(at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.-]") {
        let record = record();
        let good = jws(&server_key(), HEADER, &payload(&record));
        let at = at.index(good.len());
        let bad = [&good[..at], with.as_str(), &good[at + 1..]].concat();
        prop_assert_eq!(code(verify(ORIGIN, &bad, &record)) == "ok", bad == good);
    }
}
