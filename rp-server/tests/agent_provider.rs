//! The agent provider: who gets a certificate, what stands in it, and that nothing of it is there unless it is set up.

use actix_web::http::Method;
use p256::pkcs8::EncodePublicKey;
use rp_server::agent_provider::AgentProvider;
use rp_server::config::RateLimit;
use serde_json::{Value, json};
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::support::browser::{Browser, Reply};
use crate::support::server::Server;
use crate::support::settings::{AGENT, RP, config};
use crate::support::{b64, from_b64, seed};

const CERTIFICATE: &str = "/attestation/certificate";

fn provider() -> AgentProvider {
    let now = OffsetDateTime::from_unix_timestamp(1_795_305_600).unwrap();
    let (root, key) = AgentProvider::make_root("SE", "Example Ltd", now).unwrap();
    AgentProvider::from_pem(&root, &key).unwrap()
}

/// A browser at the agent's own address, and its server.
async fn agent() -> (Server, Browser) {
    let server = Server::start_with(config().with_agent_provider(Some(provider()))).await;
    let browser = Browser::new(&server.agent);
    (server, browser)
}

/// The DER of a new P-256 key.
fn public_key() -> Vec<u8> {
    let key = p256::SecretKey::from_slice(&seed::bytes()).unwrap();
    let der = key.public_key().to_public_key_der().unwrap();
    der.as_bytes().to_vec()
}

async fn ask(browser: &Browser, origin: &str, body: &Value) -> Reply {
    browser.origin.replace(Some(origin.to_owned()));
    browser.post(CERTIFICATE, body).await
}

fn asking(key: &[u8]) -> Value {
    json!({ "publicKey": b64(key) })
}

#[actix_web::test]
async fn the_agents_own_page_gets_a_certificate_of_its_key_and_nobody_elses_does() {
    let (_server, browser) = agent().await;
    let key = public_key();
    let answer = ask(&browser, AGENT, &asking(&key)).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.accepted();
    let chain = answer["x5c"].as_array().unwrap();
    assert_eq!(chain.len(), 1);
    let leaf = from_b64(chain[0].as_str().unwrap());
    let root = browser.get("/attestation/root.pem").await;
    assert_eq!(
        root.header("content-type"),
        "application/pem-certificate-chain"
    );
    let (_, root) = x509_parser::pem::parse_x509_pem(root.text.as_bytes()).unwrap();
    let root = root.parse_x509().unwrap();
    let (_, leaf) = X509Certificate::from_der(&leaf).unwrap();
    assert_eq!(leaf.public_key().raw, key);
    assert_eq!(leaf.issuer(), root.subject());
    assert!(!leaf.is_ca() && root.is_ca());
    for origin in [RP, "https://elsewhere.example", "null"] {
        let refused = ask(&browser, origin, &asking(&key)).await;
        refused.refused(403, "forbidden-origin");
    }
    let from_elsewhere = [
        ("Content-Type", "application/json"),
        ("Sec-Fetch-Site", "same-site"),
    ];
    browser.origin.replace(Some(AGENT.to_owned()));
    let body = asking(&key).to_string();
    let refused = browser.send(Method::POST, CERTIFICATE, &from_elsewhere, body);
    refused.await.refused(403, "forbidden-origin");
}

#[actix_web::test]
async fn only_a_key_is_taken_and_only_one_on_the_curve() {
    let (_server, browser) = agent().await;
    let key = public_key();
    let mut off_the_curve = key.clone();
    *off_the_curve.last_mut().unwrap() ^= 1;
    let mut with_more = asking(&key);
    with_more["rpId"] = "example.org".into();
    for body in [
        asking(&off_the_curve),
        asking(&key[..key.len() - 1]),
        asking(&[key.clone(), vec![0]].concat()),
        asking(b""),
        json!({ "publicKey": "=" }),
        json!({}),
        with_more,
    ] {
        let refused = ask(&browser, AGENT, &body).await;
        refused.refused(400, "malformed-request");
    }
    let large = json!({ "publicKey": "A".repeat(100_000) });
    let refused = ask(&browser, AGENT, &large).await;
    refused.refused(413, "body-too-large");
}

#[actix_web::test]
async fn one_address_gets_only_so_many() {
    let limit = RateLimit {
        burst: 3,
        per_second: 1,
    };
    let config = config()
        .with_rate_limit(limit)
        .with_agent_provider(Some(provider()));
    let server = Server::start_with(config).await;
    let browser = Browser::new(&server.agent);
    for _ in 0..3 {
        ask(&browser, AGENT, &asking(&public_key()))
            .await
            .accepted();
    }
    let refused = ask(&browser, AGENT, &asking(&public_key())).await;
    refused.refused(429, "too-many-requests");
}

#[actix_web::test]
async fn without_an_authority_there_are_no_such_calls() {
    let server = Server::start().await;
    let browser = Browser::new(&server.agent);
    let reply = ask(&browser, AGENT, &asking(&public_key())).await;
    assert!([404, 405].contains(&reply.status), "{reply:?}");
    assert_eq!(browser.get("/attestation/root.pem").await.status, 404);
    // Nor are they ever on the relying party's origin.
    let (server, _) = agent().await;
    let reply = server.browser().get("/attestation/root.pem").await;
    assert_eq!(reply.status, 404);
}

#[test]
fn an_authority_that_cannot_certify_is_refused_at_the_start() {
    let now = OffsetDateTime::now_utc();
    let (root, key) = AgentProvider::make_root("SE", "Example Ltd", now).unwrap();
    let (_, other) = AgentProvider::make_root("SE", "Example Ltd", now).unwrap();
    for (root, key, words) in [
        (root.as_str(), other.as_str(), "not that of its certificate"),
        ("", key.as_str(), "not X.509"),
        (root.as_str(), "", "not PKCS #8"),
    ] {
        let refused = AgentProvider::from_pem(root, key).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
    for (country, organization) in [("se", "A"), ("SWE", "A"), ("SE", " ")] {
        assert!(AgentProvider::make_root(country, organization, now).is_err());
    }
}

#[test]
fn an_authority_is_written_once_and_its_key_is_the_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("authority");
    AgentProvider::write_root(&place, "SE", "Example Ltd").unwrap();
    let provider = AgentProvider::open(&place).unwrap();
    assert!(!format!("{provider:?}").contains("KEY"));
    assert!(AgentProvider::write_root(&place, "SE", "Example Ltd").is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = place.join("attestation-root.key");
        let mode = std::fs::metadata(key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
