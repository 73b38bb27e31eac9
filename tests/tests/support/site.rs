//! A relying party of the test's own: real server, real SQLite file, ports chosen by the system.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rp_server::Service;
use rp_server::clock::Clock;
use rp_server::config::{Config, Controller, OperatorToken, RateLimit};
use rp_server::serve::{self, Listeners};
use rp_server::store::SqliteStore;
use tempfile::TempDir;

use super::browser::Browser;

/// The relying party's origin as browsers report it. The server listens elsewhere, as behind a proxy.
pub(crate) const RP: &str = "http://localhost:8080";
const AGENT: &str = "http://localhost:8081";
pub(crate) const OPERATOR: &str = "tests-only-0123456789abcdef";

pub(crate) struct Site {
    folder: TempDir,
    base: String,
    clock: Arc<AtomicI64>,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let controller = Controller {
            name: "Test Controller".into(),
            contact: "privacy@example.org".into(),
        };
        let config = Config::new(RP, AGENT, controller)
            .unwrap()
            .with_operator_token(OperatorToken::new(OPERATOR.into()))
            .with_rate_limit(RateLimit {
                burst: 100_000,
                per_second: 1,
            });
        let folder = TempDir::new().unwrap();
        let store = SqliteStore::open(&database(&folder)).await.unwrap();
        let clock = Arc::new(AtomicI64::new(1_795_305_600_000));
        let hand = clock.clone();
        let hand = Clock::from_fn(move || hand.load(Ordering::SeqCst));
        let service = Service::with_store(config, Arc::new(store), hand).await;
        // The pages play no part in these tests.
        let listeners = Listeners {
            rp_listen: "127.0.0.1:0".parse().unwrap(),
            agent_listen: "127.0.0.1:0".parse().unwrap(),
            rp_static: folder.path().into(),
            agent_static: folder.path().into(),
            models: folder.path().into(),
            tls: None,
        };
        let running = serve::bind(service.unwrap(), &listeners).unwrap();
        let base = format!("http://{}", running.rp_address);
        actix_web::rt::spawn(running.until(std::future::pending()));
        Self {
            folder,
            base,
            clock,
        }
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Rows of accounts, credentials, sessions and ceremonies.
    pub(crate) async fn rows(&self) -> [i64; 4] {
        let pool = sqlx::SqlitePool::connect(&database(&self.folder))
            .await
            .unwrap();
        let mut rows = [0; 4];
        for (row, sql) in rows.iter_mut().zip([
            "SELECT count(*) FROM accounts",
            "SELECT count(*) FROM credentials",
            "SELECT count(*) FROM sessions",
            "SELECT count(*) FROM ceremonies",
        ]) {
            *row = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
        }
        pool.close().await;
        rows
    }
}

fn database(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("mien.db").display())
}
