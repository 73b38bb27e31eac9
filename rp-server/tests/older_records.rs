//! Databases of older builds. Before migration 0004 credential records were JSON of webauthn-rs; before 0030 nothing was
//! kept of user verification and attestation.

use awc::http::Method;
use rp_server::authentication_server::UserId;
use rp_server::store::{SqliteStore, Store};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tempfile::TempDir;
use webauthn_rs::prelude::{Passkey, Uuid};

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::database::Database;
use crate::support::parties::NOW;
use crate::support::server::{Server, database};
use crate::support::settings::config;
use crate::support::verifiers::{record_of_webauthn_rs, webauthn_rs};
use crate::support::{b64, seed};

/// The last migration under which records were JSON.
const OLDER: i64 = 3;

/// One under which nothing was kept of user verification and attestation.
const BEFORE: i64 = 20;

async fn older_database(folder: &TempDir) -> SqlitePool {
    database_of(folder, OLDER).await
}

/// With the migrations up to this one.
async fn database_of(folder: &TempDir, migration: i64) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("mien.db"))
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    sqlx::migrate!("migrations/sqlite")
        .run_to(migration, &pool)
        .await
        .unwrap();
    pool
}

async fn insert(pool: &SqlitePool, user: &[u8], id: &[u8], passkey: &str, aaguid: [u8; 16]) {
    let number = i64::from_le_bytes(seed::bytes()[..8].try_into().unwrap());
    sqlx::query("INSERT INTO accounts VALUES (?, ?, ?, '', ?, 0)")
        .bind(user)
        .bind(b64(user))
        .bind(b64(user))
        .bind(number)
        .execute(pool)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO credentials (credential_id, user_id, passkey, aaguid, device, created_ms) \
         VALUES (?, ?, ?, ?, '', 0)",
    )
    .bind(id)
    .bind(user)
    .bind(passkey)
    .bind(aaguid.as_slice())
    .execute(pool)
    .await
    .unwrap();
}

/// Registers with webauthn-rs alone, as it wrote the record.
fn register_with_webauthn_rs(tweak: &Tweak) -> (Authenticator, Passkey) {
    let webauthn = webauthn_rs();
    let user = Uuid::from_slice(&seed::bytes()[..16]).unwrap();
    let begun = webauthn.start_passkey_registration(user, "ada", "Ada", None);
    let (options, state) = begun.unwrap();
    let options = serde_json::to_value(options).unwrap();
    let (authenticator, response) = Authenticator::create(&options, tweak);
    let response = serde_json::from_value(response).unwrap();
    let passkey = webauthn.finish_passkey_registration(&response, &state);
    (authenticator, passkey.unwrap())
}

#[actix_web::test]
async fn a_record_of_the_older_form_signs_in_and_its_counter_and_flags_count() {
    const SYNCED: u8 = 0x18; // BE and BS
    let plain = Tweak {
        aaguid: Some([7; 16]),
        counter: Some(41),
        ..Tweak::default()
    };
    let synced = Tweak {
        flags: Some(0x45 | SYNCED),
        ..plain.clone()
    };
    let folder = TempDir::new().unwrap();
    let pool = older_database(&folder).await;
    let (mut ada, ada_passkey) = register_with_webauthn_rs(&plain);
    let (mut bob, bob_passkey) = register_with_webauthn_rs(&synced);
    for (key, passkey) in [(&ada, ada_passkey), (&bob, bob_passkey)] {
        let passkey = serde_json::to_string(&passkey).unwrap();
        insert(&pool, &key.user, &key.id, &passkey, [7; 16]).await;
    }
    pool.close().await;
    let server = Server::start_in(folder, config()).await;
    let sign_in = async |key: &mut Authenticator, flags: u8, counter: u32| {
        let tweak = Tweak {
            flags: Some(flags),
            counter: Some(counter),
            ..Tweak::default()
        };
        let reply = server.browser().sign_in_with(key, &tweak).await;
        reply.status
    };
    let unknown = "SELECT count(*) FROM credentials \
                   WHERE attestation IS NULL AND uvm IS NULL AND user_verified = 1";
    assert_eq!(server.count(unknown).await, 2);
    // The counter was carried over, and goes on from there.
    assert_eq!(sign_in(&mut ada, 0x05, 41).await, 403);
    assert_eq!(sign_in(&mut ada, 0x05, 42).await, 200);
    assert_eq!(sign_in(&mut ada, 0x05, 42).await, 403);
    // So were the flags: BE must stay what it was.
    assert_eq!(sign_in(&mut ada, 0x0d, 43).await, 403);
    assert_eq!(sign_in(&mut bob, 0x05, 42).await, 403);
    assert_eq!(sign_in(&mut bob, 0x05 | SYNCED, 42).await, 200);
    let columns = "SELECT count(*) FROM credentials \
                   WHERE algorithm = -7 AND length(public_key) = 77 AND uv_initialized = 1";
    assert_eq!(server.count(columns).await, 2);
    let backed_up =
        "SELECT count(*) FROM credentials WHERE backup_eligible = 1 AND backup_state = 1";
    assert_eq!(server.count(backed_up).await, 1);
    let left = "SELECT count(*) FROM pragma_table_info('credentials') WHERE name = 'passkey'";
    assert_eq!(server.count(left).await, 0);
}

/// Whoever was signed in had been verified, for there was no other sign-in.
#[actix_web::test]
async fn a_session_of_before_is_one_with_user_verification() {
    let folder = TempDir::new().unwrap();
    let pool = database_of(&folder, BEFORE).await;
    let (user, token) = (seed::bytes(), seed::bytes());
    sqlx::query("INSERT INTO accounts VALUES (?, 'ada', 'ada', '', 1, 0)")
        .bind(&user[..16])
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO sessions (token_hash, user_id, created_ms, verified_ms, seen_ms) \
         VALUES (?1, ?2, ?3, ?3, ?3)",
    )
    .bind(Sha256::digest(token).as_slice())
    .bind(&user[..16])
    .bind(NOW)
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    let server = Server::start_in(folder, config()).await;
    let cookie = format!("mien-session={}", b64(&token));
    let cookie = [("Cookie", cookie.as_str())];
    let browser = server.browser();
    let reply = browser.send(Method::GET, "/api/session", &cookie, "").await;
    let session = reply.accepted();
    assert_eq!(session["username"], "ada");
    assert!(session["verifiedAt"].is_string(), "{session}");
    assert_eq!(session["fresh"], true);
}

#[actix_web::test]
async fn a_credential_and_a_session_of_before_are_carried_over_on_postgresql() {
    let database = Database::postgres().await;
    let pool = PgPool::connect(&database.url).await.unwrap();
    let migrations = sqlx::migrate!("migrations/postgres");
    migrations.run_to(BEFORE, &pool).await.unwrap();
    let user = &seed::bytes()[..16];
    let (id, token_hash) = (seed::bytes(), seed::bytes());
    sqlx::query("INSERT INTO accounts VALUES ($1, 'ada', 'ada', '', 1, 0)")
        .bind(user)
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO credentials (credential_id, user_id, public_key, algorithm, sign_count, \
         uv_initialized, backup_eligible, backup_state, transports, aaguid, device, created_ms) \
         VALUES ($1, $2, $3, -7, 3, TRUE, FALSE, FALSE, '', $2, '', 0)",
    )
    .bind(id.as_slice())
    .bind(user)
    .bind(b"\xa0".as_slice())
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("INSERT INTO sessions VALUES ($1, $2, $3, 5, 5, 5)")
        .bind(token_hash.as_slice())
        .bind(user)
        .bind(id.as_slice())
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let store = database.open().await;
    let user = UserId(Uuid::from_slice(user).unwrap());
    let record = &store.credentials_of(user).await.unwrap()[0];
    assert!(record.state.user_verified);
    assert_eq!(record.attestation, None);
    assert_eq!(record.user_verification_methods, None);
    let session = store.session(&token_hash).await.unwrap().unwrap();
    assert_eq!(session.verified_ms, Some(5));
}

fn record(key: &Value) -> String {
    record_of_webauthn_rs(&[1; 32], key).to_string()
}

fn ec2(curve: &str, length: usize) -> Value {
    let number = b64(&vec![1; length]);
    json!({ "EC_EC2": { "curve": curve, "x": number, "y": number } })
}

#[actix_web::test]
async fn keys_of_every_algorithm_are_carried_over_and_opening_again_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let pool = older_database(&folder).await;
    let rsa = json!({ "RSA": { "n": b64(&[0xaa; 256]), "e": [1, 0, 1] } });
    let keys = [
        (ec2("SECP256R1", 32), -7, 77),
        (ec2("SECP384R1", 48), -35, 110),
        (rsa, -257, 272),
        // Could be registered, and never verified anything: still there, still dead.
        (ec2("SECP521R1", 66), -36, 1),
    ];
    for (number, (key, _, _)) in keys.iter().enumerate() {
        let number = u8::try_from(number).unwrap();
        let passkey = record(key);
        insert(&pool, &[number; 16], &[number; 32], &passkey, [0; 16]).await;
    }
    pool.close().await;
    for _ in 0..2 {
        let store = SqliteStore::open(&database(&folder)).await.unwrap();
        store.close().await;
        let pool = SqlitePool::connect(&database(&folder)).await.unwrap();
        let sql = "SELECT algorithm, length(public_key), sign_count, transports \
                   FROM credentials ORDER BY credential_id";
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
        pool.close().await;
        let expected = keys
            .iter()
            .map(|(_, algorithm, length)| (*algorithm, *length, 3, "usb,nfc".to_owned()));
        assert_eq!(rows, expected.collect::<Vec<_>>());
    }
}

#[actix_web::test]
async fn a_record_that_cannot_be_read_stops_the_opening_and_is_kept() {
    let folder = TempDir::new().unwrap();
    let pool = older_database(&folder).await;
    insert(&pool, &[1; 16], &[1; 32], "{}", [0; 16]).await;
    let good = record(&ec2("SECP256R1", 32));
    insert(&pool, &[2; 16], &[2; 32], &good, [0; 16]).await;
    pool.close().await;
    let opened = SqliteStore::open(&database(&folder)).await;
    assert!(opened.unwrap_err().to_string().contains("older form"));
    let pool = SqlitePool::connect(&database(&folder)).await.unwrap();
    let kept = "SELECT count(*) FROM credentials WHERE passkey <> '' AND public_key = x''";
    let kept: i64 = sqlx::query_scalar(kept).fetch_one(&pool).await.unwrap();
    assert_eq!(kept, 2, "all or none");
    pool.close().await;
}
