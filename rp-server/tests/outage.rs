//! The database busy, full, or gone, and back: clear errors, nothing half written, recovery without a restart.

use std::time::{Duration, Instant};

use rp_server::store::{self, StoreError};
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::browser::{Browser, Reply};
use crate::support::database::Database;
use crate::support::pair::Pair;
use crate::support::postgres::Cluster;
use crate::support::process::{self, Process};
use crate::support::seed;

/// Says so in a way that a client can act on, and soon.
async fn unavailable(browser: &Browser) {
    let asked = Instant::now();
    let options = "/api/authentication/options";
    let reply: Reply = browser.post(options, &serde_json::json!({})).await;
    reply.refused(503, "unavailable");
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&wait));
    assert!(asked.elapsed().as_secs() < 10, "{:?}", asked.elapsed());
    assert!(!reply.text.contains("database"), "{}", reply.text);
}

#[actix_web::test]
async fn a_postgresql_that_crashes_is_waited_for_and_keeps_what_was_answered() {
    let cluster = Cluster::start();
    let url = cluster.database().await;
    let server = Process::on(&url);
    let browser = server.browser();
    let mut ada = browser.register("ada").await;
    // A ceremony under way outlives the crash too.
    let waiting = server.browser();
    let options = waiting.authentication_options().await;
    for _ in 0..2 {
        cluster.crash();
        unavailable(&server.browser()).await;
        assert_eq!(browser.get("/readyz").await.status, 503);
        assert_eq!(browser.get("/healthz").await.status, 200);
        browser
            .get("/api/session")
            .await
            .refused(503, "unavailable");
        cluster.start_again();
        assert_eq!(browser.get("/api/session").await.status, 200);
        assert_eq!(browser.get("/readyz").await.status, 200);
    }
    // One that comes back while nobody asks is not noticed.
    cluster.crash();
    cluster.start_again();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(browser.get("/api/session").await.status, 200);
    let response = ada.get(&options, &Default::default());
    let reply = waiting.post("/api/authentication/result", &response).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    browser.sign_in(&mut ada).await.accepted();
    server.browser().register("bob").await;
}

#[actix_web::test]
async fn the_authentication_server_s_database_that_crashes_is_waited_for_too() {
    let cluster = Cluster::start();
    let credentials = Database {
        url: cluster.database().await,
        folder: None,
    };
    let pair = Pair::start(Database::sqlite().await, credentials).await;
    assert_eq!(pair.browser().get("/readyz").await.status, 200);
    cluster.crash();
    assert_eq!(pair.browser().get("/readyz").await.status, 503);
    cluster.start_again();
    assert_eq!(pair.browser().get("/readyz").await.status, 200);
    pair.browser().register("ada").await;
}

#[actix_web::test]
async fn a_postgresql_that_would_lose_writes_is_refused_and_stops_being_ready() {
    let cluster = Cluster::start();
    let url = cluster.database().await;
    let server = Process::on(&url);
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        cluster.set(setting, "off").await;
        let refused = store::open(&url).await.err().expect("not opened");
        assert!(matches!(refused, StoreError::NotDurable(_)), "{refused}");
        let sentence = refused.to_string();
        assert!(
            sentence.contains(&format!("{setting} is off")),
            "{sentence}"
        );
        assert_eq!(server.browser().get("/readyz").await.status, 503);
        let folder = tempfile::tempdir().unwrap();
        let mut command = process::program();
        command.arg("serve").current_dir(folder.path());
        let output = command.env("DATABASE_URL", &url).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && said.lines().count() == 1,
            "{said}"
        );
        assert!(said.contains(setting), "{said}");
        cluster.set(setting, "on").await;
        assert_eq!(server.browser().get("/readyz").await.status, 200);
    }
    for weaker_standby in ["local", "remote_write", "remote_apply"] {
        cluster.set("synchronous_commit", weaker_standby).await;
        store::open(&url).await.unwrap().close().await;
    }
}

/// The error that PostgreSQL reports on a full disk (SQLSTATE 53100), raised where it would be.
#[actix_web::test]
async fn a_postgresql_with_a_full_disk_is_unavailable_until_there_is_room() {
    let database = Database::postgres().await;
    let server = Process::on(&database.url);
    let mut ada = server.browser().register("ada").await;
    database
        .run(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$; \
             CREATE TRIGGER full_disk BEFORE INSERT ON ceremonies EXECUTE FUNCTION full_disk(); \
             CREATE TRIGGER full_disk BEFORE INSERT ON audit EXECUTE FUNCTION full_disk()",
        )
        .await;
    unavailable(&server.browser()).await;
    database.run("DROP TRIGGER full_disk ON ceremonies").await;
    // The audit row is the last of the transaction: nothing of the rest stays.
    let reply = server.browser().sign_in(&mut ada).await;
    reply.refused(503, "unavailable");
    let counter = "SELECT max(sign_count) FROM credentials";
    assert_eq!(database.number(counter).await, 0);
    database.run("DROP TRIGGER full_disk ON audit").await;
    server.browser().sign_in(&mut ada).await.accepted();
    // Nor is it taken for a name that is taken, or a credential that is known.
    for (fill, free) in [
        (
            "CREATE TRIGGER full_disk BEFORE INSERT ON accounts EXECUTE FUNCTION full_disk()",
            "DROP TRIGGER full_disk ON accounts",
        ),
        (
            "CREATE TRIGGER full_disk BEFORE INSERT ON credentials EXECUTE FUNCTION full_disk()",
            "DROP TRIGGER full_disk ON credentials",
        ),
    ] {
        database.run(fill).await;
        let bob = server.browser();
        let (_, reply) = bob.register_with("bob", &Tweak::default()).await;
        reply.refused(503, "unavailable");
        database.run(free).await;
    }
    server.browser().register("bob").await;
}

/// A limit on the size of files stands in for a full disk; it is lifted while the server runs.
#[cfg(target_os = "linux")]
#[actix_web::test]
async fn a_sqlite_with_a_full_disk_is_unavailable_until_there_is_room() {
    let database = Database::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let plain = process::serve(folder.path(), &database.url);
    let mut limited = std::process::Command::new("sh");
    // Blocks of 512 bytes: 2 MiB, some dozen accounts until the write-ahead log is as long.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -S -f 4096; exec \"$@\"", "sh"])
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped());
    let server = Process::of(limited, folder);
    let mut registered = Vec::new();
    for number in 0..1000 {
        let browser = server.browser();
        let name = format!("account-{number}");
        let body = serde_json::json!({ "username": name });
        let options = browser.post("/api/registration/options", &body).await;
        if options.status != 200 {
            break;
        }
        let (key, response) = Authenticator::create(&options.json(), &Default::default());
        let reply = browser.post("/api/registration/result", &response).await;
        match reply.status {
            201 => registered.push(key),
            _ => reply.refused(503, "unavailable"),
        }
    }
    assert!(
        (5..1000).contains(&registered.len()),
        "{}",
        registered.len()
    );
    unavailable(&server.browser()).await;
    let lifted = std::process::Command::new("prlimit")
        .args(["--pid", &server.id().to_string(), "--fsize=unlimited:"])
        .status();
    assert!(lifted.expect("prlimit, of util-linux").success());
    // All that was answered is there, and nothing else.
    let accounts = "SELECT count(*) FROM accounts";
    let whole = "SELECT count(*) FROM accounts JOIN credentials USING (user_id)";
    let expected = i64::try_from(registered.len()).unwrap();
    assert_eq!(database.number(accounts).await, expected);
    assert_eq!(database.number(whole).await, expected);
    for key in &mut registered {
        server.browser().sign_in(key).await.accepted();
    }
    server.browser().register("after").await;
}

#[actix_web::test]
async fn a_sqlite_that_someone_else_writes_to_is_unavailable_until_they_are_done() {
    let database = Database::sqlite().await;
    let server = Process::on(&database.url);
    let mut ada = server.browser().register("ada").await;
    let mut other = SqliteConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    unavailable(&server.browser()).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    server.browser().sign_in(&mut ada).await.accepted();
}

#[actix_web::test]
async fn a_postgresql_table_that_someone_else_holds_is_unavailable_until_they_are_done() {
    let database = Database::postgres().await;
    let server = Process::on(&database.url);
    let mut ada = server.browser().register("ada").await;
    let mut other = PgConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE ceremonies")
        .execute(&mut other)
        .await
        .unwrap();
    unavailable(&server.browser()).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    server.browser().sign_in(&mut ada).await.accepted();
}

#[actix_web::test]
async fn a_database_that_cannot_be_used_is_refused_in_one_sentence() {
    let secret = seed::bytes();
    let password = crate::support::b64(&secret);
    for (url, said) in [
        ("sqlite::memory:".to_owned(), "journal mode is memory"),
        (
            format!("mysql://mien:{password}@localhost/mien"),
            "sqlite: or postgres:",
        ),
        (
            format!("postgres://mien:{password}@localhost/mien?host=/nowhere"),
            "not available",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = process::program();
        command.arg("serve").current_dir(folder.path());
        let output = command.env("DATABASE_URL", &url).output().unwrap();
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
        assert!(sentence.contains(said), "{sentence}");
        assert!(!sentence.contains(&password));
    }
}
