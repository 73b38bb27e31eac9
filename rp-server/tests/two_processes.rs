//! Relying party and authentication server as two processes with two databases and HTTPS between them.

mod division;

use actix_web::http::Method;
use rp_server::authentication_server::{AuthenticationServer, RemoteAuthenticationServer};
use rp_server::authentication_server::{Refusal, Transport};
use rp_server::clock::Clock;
use rp_server::remote::{Credentials, Https};
use serde_json::json;

use crate::support::database::Database;
use crate::support::pair::{self, Pair, certificates, files_with};
use crate::support::process::program;
use crate::support::server::OPERATOR;
use crate::support::{b64, seed};

async fn whole_life(pair: Pair) {
    let browser = pair.browser();
    let mut ada = browser.register("ada").await;
    let mut second = browser.register("ada").await;
    pair.browser().sign_in(&mut ada).await.accepted();
    let list = browser.get("/api/credentials").await.accepted();
    assert_eq!(list.as_array().unwrap().len(), 2);
    let mut bob = pair.browser().register("bob").await;
    pair.browser().register("cleo").await;

    // By the user.
    let body = json!({ "credentialId": b64(&second.id) });
    let answer = browser.post("/api/deregistration", &body).await.accepted();
    assert_eq!(answer["accountDeleted"], false);
    let reply = pair.browser().sign_in(&mut second).await;
    reply.refused(404, "unknown-credential");
    // By the operator over HTTP.
    let path = format!("/api/admin/credentials/{}", b64(&bob.id));
    let bearer = format!("Bearer {OPERATOR}");
    let headers = [("Authorization", bearer.as_str())];
    let answer = browser.send(Method::DELETE, &path, &headers, "").await;
    assert_eq!(answer.accepted()["accountDeleted"], true);
    pair.browser()
        .sign_in(&mut bob)
        .await
        .refused(404, "unknown-credential");
    // By the operator at the terminal, beside the running servers.
    assert_eq!(pair.user(&["list"]), "ada\ncleo\n");
    assert!(pair.user(&["deregister", "cleo"]).contains("1 credential"));
    assert_eq!(pair.user(&["list"]), "ada\n");
    pair.browser().sign_in(&mut ada).await.accepted();
    pair.credentials
        .run("UPDATE credentials SET failures = 50")
        .await;
    let reply = pair.browser().sign_in(&mut ada).await;
    reply.refused(403, "credential-disabled");
    let said = format!("enabled {} of ada\n", b64(&ada.id));
    assert_eq!(pair.user(&["enable", "ada"]), said);
    pair.browser().sign_in(&mut ada).await.accepted();

    assert_eq!(
        pair.tables(&pair.accounts).await,
        [
            "_sqlx_migrations",
            "account_events",
            "account_listeners",
            "accounts",
            "audit",
            "sessions",
            "unfinished"
        ]
    );
    assert_eq!(
        pair.tables(&pair.credentials).await,
        [
            "_sqlx_migrations",
            "ceremonies",
            "credentials",
            "messages",
            "secrets",
            "stated_unregistered"
        ]
    );
    let key = ada.public_key();
    if let (Some(accounts), Some(credentials)) = (&pair.accounts.folder, &pair.credentials.folder) {
        assert!(
            files_with(credentials, &key),
            "the search finds what is there"
        );
        assert!(!files_with(accounts, &key));
        assert!(files_with(accounts, b"ada") && !files_with(credentials, b"cleo"));
    }
}

#[actix_web::test]
async fn the_relying_party_runs_without_any_access_to_the_credentials() {
    whole_life(Pair::start(Database::sqlite().await, Database::sqlite().await).await).await;
    whole_life(Pair::start(Database::postgres().await, Database::postgres().await).await).await;
}

#[actix_web::test]
async fn a_stopped_authentication_server_is_waited_for() {
    let mut pair = Pair::start(Database::sqlite().await, Database::sqlite().await).await;
    let browser = pair.browser();
    let mut ada = browser.register("ada").await;
    assert_eq!(browser.get("/readyz").await.status, 200);
    let options = browser.authentication_options().await;
    pair.stop_authentication_server();
    let response = ada.get(&options, &Default::default());
    let reply = browser.post("/api/authentication/result", &response).await;
    reply.refused(503, "unavailable");
    assert!(reply.header("retry-after").parse::<u32>().unwrap() > 0);
    let reply = browser
        .post("/api/registration/options", &json!({ "username": "bob" }))
        .await;
    reply.refused(503, "unavailable");
    assert_eq!(browser.get("/readyz").await.status, 503);
    // What needs no authentication server goes on.
    browser.get("/api/session").await.accepted();
    pair.start_authentication_server();
    // The ceremony is as it was: the response never arrived.
    browser
        .post("/api/authentication/result", &response)
        .await
        .accepted();
    pair.browser().register("bob").await;
    assert_eq!(browser.get("/readyz").await.status, 200);
}

async fn ready(https: Https) -> Result<(), Refusal> {
    RemoteAuthenticationServer::new(https, Clock::system())
        .ready()
        .await
}

#[actix_web::test]
async fn only_the_relying_party_is_admitted() {
    let pair = Pair::start(Database::sqlite().await, Database::sqlite().await).await;
    let url = pair.authentication_server_url();
    let call = async |url: &str, credentials: &Credentials| {
        let answered = ready(Https::new(url, credentials).unwrap()).await;
        answered.map_err(|refusal| refusal.to_string())
    };
    let own = pair.relying_party_credentials();
    assert_eq!(call(&url, &own).await, Ok(()));
    // A certificate of another authority, though the right one is trusted.
    let others = certificates(&["localhost"]);
    let stranger = Credentials {
        authority: own.authority.clone(),
        certificate: others.path().join("relying-party.pem"),
        key: others.path().join("relying-party.key"),
    };
    assert!(call(&url, &stranger).await.is_err());
    // Of the right authority, and not a client's.
    let server = Credentials {
        authority: own.authority.clone(),
        certificate: pair.certificate("authentication-server.pem"),
        key: pair.certificate("authentication-server.key"),
    };
    assert!(call(&url, &server).await.is_err());
    // The relying party does not speak to a server of another authority.
    let elsewhere = Credentials {
        authority: others.path().join("ca.pem"),
        ..own.clone()
    };
    let said = call(&url, &elsewhere).await.unwrap_err();
    assert!(said.contains("certificate"), "{said}");
    // Nor to one of another name: the certificate is for localhost.
    let other_name = url.replace("localhost", "127.0.0.1");
    let said = call(&other_name, &own).await.unwrap_err();
    assert!(said.contains("certificate"), "{said}");
    // No certificate at all.
    pair::refuses_without_certificate(&pair);
    assert_eq!(call(&url, &own).await, Ok(()));
}

#[actix_web::test]
async fn a_client_of_the_same_authority_with_another_name_is_not_admitted() {
    let mut pair = Pair::start(Database::sqlite().await, Database::sqlite().await).await;
    pair.stop_authentication_server();
    pair.start_authentication_server_for("somebody-else.example");
    let https = Https::new(
        &pair.authentication_server_url(),
        &pair.relying_party_credentials(),
    );
    assert!(ready(https.unwrap()).await.is_err());
}

#[actix_web::test]
async fn a_message_is_taken_once_and_while_it_is_young() {
    let mut pair = Pair::start(Database::sqlite().await, Database::sqlite().await).await;
    let url = pair.authentication_server_url();
    let https = Https::new(&url, &pair.relying_party_credentials()).unwrap();
    let message = |age_ms: i64| {
        let at = Clock::system().now_ms() - age_ms;
        let id = b64(&seed::bytes()[..16]);
        json!({ "id": id, "at_ms": at, "call": "Ready" })
            .to_string()
            .into_bytes()
    };
    let send = async |message: &[u8]| {
        let answer = https.exchange(message.to_vec()).await;
        answer.map_err(|undelivered| undelivered.to_string())
    };
    let good = message(0);
    assert!(send(&good).await.is_ok());
    let said = send(&good).await.unwrap_err();
    assert!(said.contains("taken before"), "{said}");
    // Also after the process was replaced by another one on the same database.
    pair.stop_authentication_server();
    pair.start_authentication_server();
    let said = send(&good).await.unwrap_err();
    assert!(said.contains("taken before"), "{said}");
    for (age, good) in [
        (31_000, false),
        (25_000, true),
        (-25_000, true),
        (-31_000, false),
    ] {
        let answer = send(&message(age)).await;
        assert_eq!(answer.is_ok(), good, "{age} ms: {answer:?}");
        if let Err(said) = answer {
            assert!(said.contains("clocks"), "{said}");
        }
    }
    for bad in ["", "{}", "[1]", r#"{"id":"AAAA","at_ms":0,"call":"Ready"}"#] {
        let said = send(bad.as_bytes()).await.unwrap_err();
        assert!(said.contains("malformed"), "{said}");
    }
    let long = vec![b' '; 200_000];
    assert!(send(&long).await.is_err());
}

async fn another_role(database: impl AsyncFn() -> Database) {
    let pair = Pair::start(database().await, database().await).await;
    let listed = |database: &Database| {
        let command = ["user", "list", "--database", &database.url];
        let output = program().args(command).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = listed(&pair.accounts);
    assert!(said.contains("without its authentication server"), "{said}");
    let said = listed(&pair.credentials);
    assert!(said.contains("an authentication server alone"), "{said}");
}

#[actix_web::test]
async fn a_database_of_another_role_is_refused_on_sqlite() {
    another_role(Database::sqlite).await;
}

#[actix_web::test]
async fn a_database_of_another_role_is_refused_on_postgres() {
    another_role(Database::postgres).await;
}

#[test]
fn certificates_are_private_and_never_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let folder = certificates(&["as.example"]);
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    // The authority's key is not among them.
    let all = "authentication-server.key authentication-server.pem ca.pem relying-party.key relying-party.pem";
    assert_eq!(names.join(" "), all);
    for name in names.iter().filter(|name| name.ends_with(".key")) {
        let file = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let again = program()
        .arg("certificates")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!again.status.success());
}
