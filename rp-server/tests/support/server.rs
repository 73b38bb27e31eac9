//! A server of the test's own: temporary folder, ports chosen by the system, a clock moved by hand.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use rp_server::clock::Clock;
use rp_server::config::{Config, OperatorToken};
use rp_server::serve::{self, Listeners};
use rp_server::store;
use rp_server::{Service, http};
use tempfile::TempDir;

use super::browser::Browser;
use super::settings::config;

pub(crate) const OPERATOR: &str = "tests-only-0123456789abcdef";

pub(crate) struct Server {
    pub(crate) folder: TempDir,
    pub(crate) rp: String,
    pub(crate) agent: String,
    clock: Arc<AtomicI64>,
    clock_is_broken: Arc<AtomicBool>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let token = OperatorToken::new(OPERATOR.into());
        Self::start_with(config().with_operator_token(token)).await
    }

    pub(crate) async fn start_with(config: Config) -> Self {
        Self::start_in(TempDir::new().unwrap(), config).await
    }

    /// On the database in `folder`, if there is one.
    pub(crate) async fn start_in(folder: TempDir, config: Config) -> Self {
        let url = database(&folder);
        Self::start_on(&url, folder, config).await
    }

    /// Another server, of which only the database is the same.
    pub(crate) async fn second(&self, config: Config) -> Self {
        Self::start_on(&self.database(), TempDir::new().unwrap(), config).await
    }

    /// On the database of `url`; `folder` is for the rest.
    pub(crate) async fn start_on(url: &str, folder: TempDir, config: Config) -> Self {
        for name in ["rp/assets", "agent/assets"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        std::fs::write(
            folder.path().join("rp/index.html"),
            "<h1>relying party</h1>",
        )
        .unwrap();
        std::fs::write(folder.path().join("agent/index.html"), "<h1>agent</h1>").unwrap();
        let store = store::open(url).await.unwrap();
        let clock = Arc::new(AtomicI64::new(1_795_305_600_000));
        let hand = clock.clone();
        let clock_is_broken = Arc::new(AtomicBool::new(false));
        let broken = clock_is_broken.clone();
        let hand = Clock::from_fn(move || {
            assert!(!broken.load(Ordering::SeqCst), "the clock is broken");
            hand.load(Ordering::SeqCst)
        });
        let service: Result<Service, http::OpenError> =
            Service::with_store(config, store, hand).await;
        let (rp, agent) = listen(service.unwrap(), folder.path());
        Self {
            folder,
            rp,
            agent,
            clock,
            clock_is_broken,
        }
    }

    /// Makes whoever asks for the time panic: a fault of the program, in any call.
    pub(crate) fn break_clock(&self, broken: bool) {
        self.clock_is_broken.store(broken, Ordering::SeqCst);
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.rp)
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn database(&self) -> String {
        database(&self.folder)
    }

    /// Rows of one table.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let pool = sqlx::SqlitePool::connect(&self.database()).await.unwrap();
        let count = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }

    /// Every byte of the database's files.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("mien.db") && !name.ends_with("-shm") {
                out.extend(std::fs::read(path).unwrap());
            }
        }
        assert!(!out.is_empty(), "the database has files");
        out
    }
}

/// Serves both origins from `rp`, `agent` and `models` in a folder until the test ends; their addresses.
pub(crate) fn listen(service: Service, folder: &Path) -> (String, String) {
    for name in ["rp", "agent", "models"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    let listeners = Listeners {
        rp_listen: "127.0.0.1:0".parse().unwrap(),
        agent_listen: "127.0.0.1:0".parse().unwrap(),
        rp_static: folder.join("rp"),
        agent_static: folder.join("agent"),
        models: folder.join("models"),
        tls: None,
    };
    let running = serve::bind(service, &listeners).unwrap();
    let (rp, agent) = (running.rp_address, running.agent_address);
    actix_web::rt::spawn(running.until(std::future::pending()));
    (format!("http://{rp}"), format!("http://{agent}"))
}

/// Where the database of a server in `folder` is.
pub(crate) fn database(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("mien.db").display())
}
