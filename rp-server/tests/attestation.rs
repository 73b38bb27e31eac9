//! Attestation by certificates, demanded by policy: WebAuthn Level 3 sections 7.1 (steps 21 to 24), 8.2 and 8.2.1.

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyUsagePurpose};
use rp_server::attestation::{AttestationRoots, AttestationRootsError};
use rp_server::config::{AuthenticatorPolicy, Config};
use serde_json::Value;

use crate::support::attestation_certificates::{
    MODEL, Maker, authority, days, leaf, names_model, subject,
};
use crate::support::authenticator::{Attestation, Tweak};
use crate::support::server::Server;
use crate::support::settings::config;

const WRONG: (u16, &str) = (403, "verification-failed");
const NOT_ALLOWED: (u16, &str) = (403, "authenticator-not-allowed");

fn demanding(roots: &str) -> Config {
    let policy = AuthenticatorPolicy {
        attestation_roots: Some(AttestationRoots::from_pem(roots).unwrap()),
        ..AuthenticatorPolicy::default()
    };
    config().with_authenticator_policy(policy)
}

fn of_model(attestation: Attestation) -> Tweak {
    Tweak {
        attestation,
        aaguid: Some(MODEL),
        ..Tweak::default()
    }
}

/// Nothing may be left of a refused registration.
async fn refused(server: &Server, attestation: Attestation, (status, code): (u16, &str)) {
    let (_, reply) = server
        .browser()
        .register_with("ada", &of_model(attestation))
        .await;
    reply.refused(status, code);
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(server.count("SELECT count(*) FROM credentials").await, 0);
}

async fn accepted(server: &Server, name: &str, attestation: Attestation) -> Value {
    let browser = server.browser();
    let (mut key, reply) = browser.register_with(name, &of_model(attestation)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    server.browser().sign_in(&mut key).await.accepted();
    browser.get("/api/credentials").await.accepted()[0].clone()
}

/// A leaf that a test changes.
fn changed(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut leaf = leaf();
    change(&mut leaf);
    leaf
}

#[actix_web::test]
async fn step_24_attestation_that_leads_to_a_root_is_taken_and_recorded() {
    let (maker, other) = (Maker::new("one"), Maker::new("two"));
    let server = Server::start_with(demanding(&[maker.pem(), other.pem()].concat())).await;
    let options = server.browser().registration_options("ada").await;
    assert_eq!(options["publicKey"]["attestation"], "direct");
    for (name, attestation) in [
        ("ada", maker.certify(&leaf())),
        ("bob", other.certify(&leaf())),
        ("eve", maker.certify_through(|_| {})),
    ] {
        let record = accepted(&server, name, attestation.attestation()).await;
        assert_eq!(record["attestation"], "certificates");
    }
    // The extension with the AAGUID may be left out.
    let plain = changed(|leaf| leaf.custom_extensions.clear());
    accepted(&server, "kim", maker.certify(&plain).attestation()).await;
}

#[actix_web::test]
async fn step_24_two_roots_of_one_name_are_both_tried() {
    let (old, new) = (Maker::new("root"), Maker::new("root"));
    let server = Server::start_with(demanding(&[old.pem(), new.pem()].concat())).await;
    accepted(&server, "ada", old.certify(&leaf()).attestation()).await;
    accepted(&server, "bob", new.certify(&leaf()).attestation()).await;
}

#[actix_web::test]
async fn step_24_no_and_self_attestation_are_refused() {
    let server = Server::start_with(demanding(&Maker::new("root").pem())).await;
    refused(&server, Attestation::None, NOT_ALLOWED).await;
    refused(&server, Attestation::PackedSelf, NOT_ALLOWED).await;
    refused(&server, Attestation::PackedForged, WRONG).await;
    refused(&server, Attestation::Unknown, WRONG).await;
}

#[actix_web::test]
async fn step_24_a_chain_that_leads_to_no_root_is_refused() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    // Another name, and the same name with another key.
    for name in ["stranger", "root"] {
        let stranger = Maker::new(name).certify(&leaf());
        refused(&server, stranger.attestation(), NOT_ALLOWED).await;
    }
    // The intermediate certificate is not told, or is none of an authority.
    let cut = maker
        .certify_through(|_| {})
        .with_chain(|chain| chain.truncate(1));
    refused(&server, cut.attestation(), NOT_ALLOWED).await;
    let no_authority = maker.certify_through(|between| between.is_ca = IsCa::ExplicitNoCa);
    refused(&server, no_authority.attestation(), NOT_ALLOWED).await;
    let no_key_usage = maker.certify_through(|between| {
        between.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    });
    refused(&server, no_key_usage.attestation(), NOT_ALLOWED).await;
}

#[actix_web::test]
async fn step_24_a_certificate_whose_time_has_not_begun_or_has_ended_is_refused() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    for (from, to) in [(-10, -1), (1, 10)] {
        let late = changed(|leaf| (leaf.not_before, leaf.not_after) = days(from, to));
        refused(&server, maker.certify(&late).attestation(), NOT_ALLOWED).await;
        let through = maker.certify_through(|between| {
            (between.not_before, between.not_after) = days(from, to);
        });
        refused(&server, through.attestation(), NOT_ALLOWED).await;
        let maker = Maker::from_to(from, to);
        let server = Server::start_with(demanding(&maker.pem())).await;
        refused(&server, maker.certify(&leaf()).attestation(), NOT_ALLOWED).await;
    }
}

#[actix_web::test]
async fn step_22_a_signature_by_another_key_or_of_another_algorithm_is_refused() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    let forged = maker.certify(&leaf()).with_another_key();
    refused(&server, forged.attestation(), WRONG).await;
    for algorithm in [-35, -257, -8, 0] {
        let misnamed = maker.certify(&leaf()).naming(algorithm);
        refused(&server, misnamed.attestation(), WRONG).await;
    }
}

#[actix_web::test]
async fn step_22_certificates_that_are_none_are_refused() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    let none = maker.certify(&leaf()).with_chain(Vec::clear);
    refused(&server, none.attestation(), WRONG).await;
    let noise = maker
        .certify(&leaf())
        .with_chain(|chain| chain[0] = vec![0x30, 0x03, 1, 2, 3]);
    refused(&server, noise.attestation(), WRONG).await;
    let cut = maker.certify(&leaf()).with_chain(|chain| {
        chain[0].pop();
    });
    refused(&server, cut.attestation(), WRONG).await;
}

#[actix_web::test]
async fn section_8_2_1_a_leaf_that_names_another_aaguid_is_refused() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    let other = changed(|leaf| leaf.custom_extensions = vec![names_model([8; 16])]);
    refused(&server, maker.certify(&other).attestation(), WRONG).await;
    let critical = changed(|leaf| leaf.custom_extensions[0].set_criticality(true));
    refused(&server, maker.certify(&critical).attestation(), WRONG).await;
}

#[actix_web::test]
async fn section_8_2_1_the_certificate_of_an_authority_is_no_leaf() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    let authority = IsCa::Ca(BasicConstraints::Unconstrained);
    for is_ca in [authority, IsCa::NoCa] {
        // `NoCa` leaves out the basic constraints, which must be there.
        let wrong = changed(|leaf| leaf.is_ca = is_ca);
        refused(&server, maker.certify(&wrong).attestation(), WRONG).await;
    }
}

#[actix_web::test]
async fn section_8_2_1_another_subject_is_refused() {
    let maker = Maker::new("root");
    let server = Server::start_with(demanding(&maker.pem())).await;
    let other = changed(|leaf| leaf.distinguished_name = subject("Authenticator"));
    refused(&server, maker.certify(&other).attestation(), WRONG).await;
}

/// Unasked certificates name a device model: refused, as before there was such a policy.
#[actix_web::test]
async fn without_the_policy_certificates_are_not_taken() {
    let server = Server::start().await;
    let options = server.browser().registration_options("ada").await;
    assert_eq!(options["publicKey"]["attestation"], "none");
    let maker = Maker::new("root");
    refused(&server, maker.certify(&leaf()).attestation(), WRONG).await;
    for (name, attestation, kind) in [
        ("bob", Attestation::None, "none"),
        ("eve", Attestation::PackedSelf, "self"),
    ] {
        let record = accepted(&server, name, attestation).await;
        assert_eq!(record["attestation"], kind);
    }
}

#[test]
fn roots_are_read_from_pem_or_refused_with_their_place() {
    let error = |text: &str| AttestationRoots::from_pem(text).unwrap_err();
    let good = Maker::new("root").pem();
    for none in [
        "",
        "root",
        "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----",
    ] {
        assert_eq!(error(none), AttestationRootsError::None);
    }
    let cut = good.replace("-----END CERTIFICATE-----", "");
    assert_eq!(error(&cut), AttestationRootsError::Unreadable(1));
    let second = format!(
        "a comment\n{good}{}",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    );
    assert_eq!(error(&second), AttestationRootsError::Unreadable(2));
    let two = format!("one\n{good}\ntwo\n{good}");
    let two = AttestationRoots::from_pem(&two).unwrap();
    assert_eq!(format!("{two:?}"), "AttestationRoots(2)");
}

#[test]
fn a_root_that_may_not_issue_certificates_is_refused_at_once() {
    let mut no_signer = authority("root");
    no_signer.key_usages = vec![KeyUsagePurpose::CrlSign];
    let mut silent = authority("root");
    silent.is_ca = IsCa::NoCa;
    for root in [leaf(), no_signer, silent] {
        let second = Maker::new("root").pem() + &Maker::with(root).pem();
        let error = AttestationRoots::from_pem(&second).unwrap_err();
        assert_eq!(error, AttestationRootsError::NoAuthority(2));
    }
}
