//! The HTTP face of the relying party, for any actix-web application. It converts and never decides.

mod admin;
mod attestation;
mod authenticated_user;
mod authentication;
mod body;
mod boundary;
#[cfg(feature = "conformance-test-api")]
mod conformance_test_api;
mod cookies;
mod credentials;
mod forwarded;
mod guard;
mod headers;
mod metrics;
mod operations;
mod problem;
mod rate_limit;
mod registration;
mod session;
mod static_files;
mod user_agent;

use std::net::IpAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use crate::authentication_server::{CredentialKeeper, Refusal, RemoteAuthenticationServer};
use crate::clock::Clock;
use crate::config::Config;
use crate::relying_party::RelyingParty;
use crate::remote::{Credentials, Https, RemoteError};
use crate::store::{self, SplitAccountStore, Store, StoreError};
use metrics::Metrics;
use rate_limit::RateLimiter;

pub(crate) use attestation::agent_provider;
pub use authenticated_user::{AuthenticatedUser, FreshlyVerifiedUser};
pub(crate) use boundary::origin_boundary;
pub(crate) use headers::SecurityHeaders;
pub use headers::{authentication_agent_headers, relying_party_headers};
pub use problem::{Code, Problem};
pub use static_files::{authentication_agent_files, relying_party_files};

/// The description of this interface, as served at `/openapi.json`.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// How often what has ended is forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Store(#[from] StoreError),
    /// The authentication server cannot be opened.
    #[error("the authentication server cannot be opened: {0}")]
    AuthenticationServer(#[from] Refusal),
    /// The authentication server on another machine cannot be called.
    #[error("the authentication server cannot be called: {0}")]
    Remote(#[from] RemoteError),
}

/// The relying party with what its HTTP face needs. Cheap to clone; one for all workers.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    config: Arc<Config>,
    relying_party: RelyingParty,
    limiter: RateLimiter<Option<IpAddr>>,
    name_limiter: RateLimiter<(Option<IpAddr>, String)>,
    metrics: Metrics,
    clock: Clock,
}

impl Service {
    /// Opens the service on the database of a URL: `sqlite:PATH` or `postgres://USER@HOST/NAME` (see [`store::open`]).
    ///
    /// # Errors
    /// The database cannot be opened, or its keys cannot be read.
    pub async fn open(config: Config, database: &str) -> Result<Self, OpenError> {
        let store = store::open(database).await?;
        Self::with_store(config, store, Clock::system()).await
    }

    /// Opens the service on any store, with any clock. While it lives it sweeps the store every minute, on the
    /// runtime that it was opened in.
    ///
    /// # Errors
    /// The store's keys cannot be read.
    pub async fn with_store(
        config: Config,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let config = Arc::new(config);
        let relying_party = RelyingParty::open(config.clone(), store, clock.clone()).await?;
        Ok(Self::over(config, relying_party, clock))
    }

    /// Opens the service on a database of its own, with its authentication server at `url` (`https://HOST:PORT`).
    /// Whether that answers is seen with the first call, and told at `/readyz`.
    ///
    /// # Errors
    /// The database cannot be opened, or the URL or the certificates cannot be used.
    pub async fn open_split(
        config: Config,
        database: &str,
        url: &str,
        credentials: &Credentials,
    ) -> Result<Self, OpenError> {
        let store = store::open_relying_party(database).await?;
        let clock = Clock::system();
        let server = RemoteAuthenticationServer::new(Https::new(url, credentials)?, clock.clone());
        Self::with_authentication_server(config, store, Arc::new(server), clock).await
    }

    /// Opens the service on any store of its own and any authentication server, with any clock.
    ///
    /// # Errors
    /// The store failed.
    pub async fn with_authentication_server(
        config: Config,
        store: Arc<dyn SplitAccountStore>,
        server: Arc<dyn CredentialKeeper>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let config = Arc::new(config);
        let opened = RelyingParty::open_split(config.clone(), store, server, clock.clone());
        Ok(Self::over(config, opened.await?, clock))
    }

    fn over(config: Arc<Config>, relying_party: RelyingParty, clock: Clock) -> Self {
        let limit = config.rate_limit;
        let rate = limit.per_second.max(1).saturating_mul(1000);
        let inner = Arc::new(Inner {
            relying_party,
            limiter: RateLimiter::new(limit.burst, rate, clock.clone()),
            // Sign-ins under one name are a part of all calls, and rarer.
            name_limiter: RateLimiter::new(
                limit.burst.div_ceil(3),
                rate.div_ceil(8),
                clock.clone(),
            ),
            metrics: Metrics::default(),
            config,
            clock,
        });
        tokio::spawn(sweep(Arc::downgrade(&inner)));
        Self(inner)
    }

    /// The relying party behind the HTTP face.
    pub fn relying_party(&self) -> &RelyingParty {
        &self.0.relying_party
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    fn clock(&self) -> &Clock {
        &self.0.clock
    }

    fn limiter(&self) -> &RateLimiter<Option<IpAddr>> {
        &self.0.limiter
    }

    fn name_limiter(&self) -> &RateLimiter<(Option<IpAddr>, String)> {
        &self.0.name_limiter
    }
}

/// Sweeps at once and then every so often, as long as the service lives.
async fn sweep(service: Weak<Inner>) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let Some(service) = service.upgrade() else {
            return;
        };
        if let Err(error) = service.relying_party.sweep().await {
            tracing::error!(%error, "what has ended was not forgotten");
        }
    }
}

/// Adds the calls of the relying party to an application: `/api/…`, `/healthz`, `/readyz`, `/metrics`,
/// `/openapi.json`.
pub fn configure(service: Service) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        #[cfg(feature = "conformance-test-api")]
        app.configure(conformance_test_api::routes);
        app.app_data(web::Data::new(service))
            .service(
                web::scope("/api")
                    .wrap(from_fn(guard::guard))
                    .wrap(from_fn(boundary::boundary))
                    .configure(registration::routes)
                    .configure(authentication::routes)
                    .configure(session::routes)
                    .configure(credentials::routes)
                    .configure(admin::routes)
                    .default_service(web::to(operations::not_found)),
            )
            .configure(operations::routes);
    }
}
