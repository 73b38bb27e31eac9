//! The hooks, with a real table of the application around us.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rp_server::authentication_server::UserId;
use rp_server::relying_party::{AccountName, HookError};
use rp_server::store::{Account, AccountEvent, AccountEventKind, AuditEvent, Which};
use rp_server::{AccountHooks, async_trait};
use serde_json::json;
use sqlx::SqlitePool;
use tempfile::TempDir;

use crate::support::authenticator::{Authenticator, Tweak};
use crate::support::database::Database;
use crate::support::parties::Parties;
use crate::support::server::Server;
use crate::support::settings::config;

/// A host that keeps its own table of users, and whose parts can be made to fail.
struct Host {
    table: SqlitePool,
    closed: AtomicBool,
    broken: AtomicBool,
    hanging: AtomicBool,
}

impl Host {
    async fn new(folder: &TempDir) -> Arc<Self> {
        let url = format!(
            "sqlite:{}?mode=rwc",
            folder.path().join("host.db").display()
        );
        let table = SqlitePool::connect(&url).await.unwrap();
        let sql = "CREATE TABLE IF NOT EXISTS users (id BLOB PRIMARY KEY, name TEXT NOT NULL)";
        sqlx::query(sql).execute(&table).await.unwrap();
        let flag = || AtomicBool::new(false);
        let (closed, broken, hanging) = (flag(), flag(), flag());
        Arc::new(Self {
            table,
            closed,
            broken,
            hanging,
        })
    }

    async fn may_go_on(&self) -> Result<(), HookError> {
        if self.hanging.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.broken.load(Ordering::SeqCst) {
            return Err("the host's database is down".into());
        }
        Ok(())
    }

    async fn users(&self) -> Vec<String> {
        let sql = "SELECT name FROM users ORDER BY name";
        sqlx::query_scalar(sql)
            .fetch_all(&self.table)
            .await
            .unwrap()
    }

    /// Waits for what the server tells beside its calls.
    async fn shall_have(&self, names: &[&str]) {
        let began = Instant::now();
        while self.users().await != names {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "{:?}",
                self.users().await
            );
            actix_web::rt::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[async_trait]
impl AccountHooks for Host {
    async fn may_register(&self, name: &AccountName) -> Result<bool, HookError> {
        self.may_go_on().await?;
        Ok(name.key() != "root" && !self.closed.load(Ordering::SeqCst))
    }

    async fn registered(&self, account: &Account) -> Result<(), HookError> {
        self.may_go_on().await?;
        sqlx::query("INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(account.user.as_bytes())
            .bind(&account.name)
            .execute(&self.table)
            .await?;
        Ok(())
    }

    async fn deregistered(&self, user: UserId) -> Result<(), HookError> {
        self.may_go_on().await?;
        sqlx::query("DELETE FROM users WHERE id = ?")
            .bind(user.as_bytes())
            .execute(&self.table)
            .await?;
        Ok(())
    }
}

const OPEN: &str = "SELECT count(*) FROM account_events";

async fn start() -> (Server, Arc<Host>) {
    let folder = TempDir::new().unwrap();
    let host = Host::new(&folder).await;
    let server = Server::start_in(folder, config().with_hooks(host.clone())).await;
    (server, host)
}

#[actix_web::test]
async fn the_hosts_table_follows_the_accounts() {
    let (server, host) = start().await;
    let (ada, bob) = (server.browser(), server.browser());
    ada.register("Ada").await;
    bob.register("bob").await;
    // Told when the answer arrives.
    assert_eq!(host.users().await, ["Ada", "bob"]);
    let all = json!({ "all": true });
    ada.post("/api/deregistration", &all).await.accepted();
    assert_eq!(host.users().await, ["bob"]);
    assert_eq!(server.count(OPEN).await, 0);
}

#[actix_web::test]
async fn the_host_decides_about_names_before_anything_is_written() {
    let (server, host) = start().await;
    let browser = server.browser();
    let wanted = json!({ "username": "Root" });
    let reply = browser.post("/api/registration/options", &wanted).await;
    reply.refused(403, "registration-not-allowed");
    // Asked again at the end: sign-up was closed meanwhile.
    let options = browser.registration_options("ada").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    host.closed.store(true, Ordering::SeqCst);
    let reply = browser.post("/api/registration/result", &response).await;
    reply.refused(403, "registration-not-allowed");
    host.broken.store(true, Ordering::SeqCst);
    let wanted = json!({ "username": "bob" });
    let reply = browser.post("/api/registration/options", &wanted).await;
    reply.refused(500, "internal");
    assert!(!reply.text.contains("down"), "{reply:?}");
    assert_eq!(server.count("SELECT count(*) FROM accounts").await, 0);
    assert_eq!(server.count(OPEN).await, 0);
}

#[actix_web::test]
async fn who_has_an_account_adds_credentials_without_the_host() {
    let (server, host) = start().await;
    let browser = server.browser();
    browser.register("ada").await;
    host.closed.store(true, Ordering::SeqCst);
    let (_, reply) = browser.register_with("ada", &Tweak::default()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

#[actix_web::test]
async fn a_hook_that_fails_is_called_again_and_in_order() {
    let (server, host) = start().await;
    let (ada, bob) = (server.browser(), server.browser());
    let options = ada.registration_options("ada").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    let for_bob = bob.registration_options("bob").await;
    let (_, of_bob) = Authenticator::create(&for_bob, &Tweak::default());
    sqlx::query("ALTER TABLE users RENAME TO away")
        .execute(&host.table)
        .await
        .unwrap();
    let reply = ada.post("/api/registration/result", &response).await;
    assert_eq!(
        reply.status, 201,
        "the account is made all the same: {reply:?}"
    );
    assert_eq!(server.count(OPEN).await, 1);
    sqlx::query("ALTER TABLE away RENAME TO users")
        .execute(&host.table)
        .await
        .unwrap();
    // Not before half a minute has passed, so that a broken host is not called without pause.
    let reply = bob.post("/api/registration/result", &of_bob).await;
    assert_eq!(reply.status, 201);
    assert_eq!(host.users().await, ["bob"]);
    server.advance(30_000);
    server.browser().register("eve").await;
    assert_eq!(host.users().await, ["ada", "bob", "eve"]);
    assert_eq!(server.count(OPEN).await, 0);
}

#[actix_web::test]
async fn an_account_that_goes_before_the_host_knew_it_is_told_as_gone_only() {
    let (server, host) = start().await;
    let ada = server.browser();
    sqlx::query("ALTER TABLE users RENAME TO away")
        .execute(&host.table)
        .await
        .unwrap();
    ada.register("ada").await;
    ada.post("/api/deregistration", &json!({ "all": true }))
        .await
        .accepted();
    assert_eq!(server.count(OPEN).await, 2);
    sqlx::query("ALTER TABLE away RENAME TO users")
        .execute(&host.table)
        .await
        .unwrap();
    server.advance(30_000);
    server.browser().register("bob").await;
    assert_eq!(host.users().await, ["bob"]);
    assert_eq!(server.count(OPEN).await, 0);
}

#[actix_web::test]
async fn a_hook_that_hangs_does_not_hold_the_person_up_for_ever() {
    let (server, host) = start().await;
    let browser = server.browser();
    let options = browser.registration_options("ada").await;
    let (_, response) = Authenticator::create(&options, &Tweak::default());
    // `may_register` would hang as well; the account that is asked about exists by then.
    let reply = browser.post("/api/registration/result", &response).await;
    assert_eq!(reply.status, 201);
    host.hanging.store(true, Ordering::SeqCst);
    let began = Instant::now();
    let done = browser
        .post("/api/deregistration", &json!({ "all": true }))
        .await;
    done.accepted();
    let took = began.elapsed();
    assert!(
        took > Duration::from_secs(2) && took < Duration::from_secs(5),
        "{took:?}"
    );
    host.hanging.store(false, Ordering::SeqCst);
    assert_eq!(host.users().await, ["ada"]);
    server.advance(30_000);
    server.browser().register("bob").await;
    assert_eq!(host.users().await, ["bob"]);
}

async fn all_is_told(server: &Server) {
    let start = Instant::now();
    while server.count(OPEN).await != 0 {
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[actix_web::test]
async fn accounts_from_before_the_hooks_and_deletions_beside_the_server_are_told() {
    let folder = TempDir::new().unwrap();
    let host = Host::new(&folder).await;
    let server = Server::start_in(folder, config()).await;
    for name in ["ada", "bob"] {
        server.browser().register(name).await;
    }
    assert_eq!(server.count(OPEN).await, 0, "nobody listens");
    let server = Server::start_in(server.folder, config().with_hooks(host.clone())).await;
    host.shall_have(&["ada", "bob"]).await;
    // The command below stops this process's runtime, which must not be writing then.
    all_is_told(&server).await;
    let output = Command::new(env!("CARGO_BIN_EXE_rp-server"))
        .args([
            "user",
            "deregister",
            "ada",
            "--database",
            &server.database(),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        server.count(OPEN).await,
        1,
        "the other process has no hooks"
    );
    // As after a restart.
    let server = Server::start_in(server.folder, config().with_hooks(host.clone())).await;
    host.shall_have(&["bob"]).await;
    all_is_told(&server).await;
}

#[actix_web::test]
async fn both_stores_give_each_event_to_one_caller_and_in_order() {
    for database in [Database::sqlite().await, Database::postgres().await] {
        let store = database.open().await;
        let parties = Parties::on(store.clone()).await;
        let (_, before, _) = parties.registered("before").await;
        store.keep_account_events().await.unwrap();
        store.keep_account_events().await.unwrap();
        let (_, ada, _) = parties.registered("ada").await;
        let operator = AuditEvent::DeregisteredByOperator;
        let removed = store.deregister(ada, Which::All, None, operator, 5);
        assert!(removed.await.unwrap().account);
        // Two at once: each event goes to one of them; ada's end waits for ada's beginning.
        let (one, two, three) = tokio::join!(
            store.next_account_event(1000, 2000),
            store.next_account_event(1000, 2000),
            store.next_account_event(1000, 2000),
        );
        let mut got: Vec<AccountEvent> = [one, two, three]
            .into_iter()
            .flat_map(Result::unwrap)
            .collect();
        // Who lost a race for a row comes back for the next one.
        while let Some(event) = store.next_account_event(1000, 2000).await.unwrap() {
            got.push(event);
        }
        got.sort_by_key(|event| event.number);
        let seen: Vec<_> = got.iter().map(|event| (event.user, event.kind)).collect();
        let made = AccountEventKind::Registered;
        assert_eq!(seen, [(before, made), (ada, made)]);
        for event in &got {
            store.account_event_told(event.number).await.unwrap();
        }
        let last = store.next_account_event(1000, 2000).await.unwrap().unwrap();
        assert_eq!(
            (last.user, last.kind),
            (ada, AccountEventKind::Deregistered)
        );
        // Not told: due again when its time has come, or when the clock was set back before it was taken.
        let again = |now, until| store.next_account_event(now, until);
        assert_eq!(again(1999, 2999).await.unwrap(), None);
        assert_eq!(again(2000, 3000).await.unwrap(), Some(last));
        assert_eq!(again(100, 1100).await.unwrap(), Some(last));
        store.account_event_told(last.number).await.unwrap();
        assert_eq!(again(9000, 9999).await.unwrap(), None);
    }
}
