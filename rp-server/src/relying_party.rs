//! The relying party: accounts, sessions, policy. Decides what an HTTP call may do; sees no HTTP.

mod authentication;
mod denied;
mod deregistration;
mod disabled;
mod even_time;
mod hooks;
mod names;
mod registration;
mod sessions;
mod split;

use std::sync::Arc;

use crate::authentication_server::{
    AuthenticationServer, CeremonyToken, CredentialKeeper, CredentialRecord,
    LocalAuthenticationServer, Refusal,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{AccountStore, AuditEvent, Registrar, SplitAccountStore, Store, StoreError};

pub use authentication::Authenticated;
pub use denied::Denied;
pub use deregistration::{Deregistered, Deregistration};
pub use disabled::DisabledCredential;
pub(crate) use hooks::Hooks;
pub use hooks::{AccountHooks, HookError};
pub use names::AccountName;
pub use registration::{Registered, RegistrationRequest};
pub use sessions::{SessionToken, SignedIn};
use split::SplitRegistrar;

/// A relying party over an authentication server and a store of accounts.
pub struct RelyingParty {
    config: Arc<Config>,
    server: Arc<dyn AuthenticationServer>,
    store: Arc<dyn AccountStore>,
    registrar: Arc<dyn Registrar>,
    clock: Clock,
    /// Held while the hooks are told.
    telling: tokio::sync::Mutex<()>,
}

impl RelyingParty {
    /// A relying party with its authentication server in process, both on `store`.
    ///
    /// # Errors
    /// As [`LocalAuthenticationServer::open`].
    pub async fn open(
        config: Arc<Config>,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let server = LocalAuthenticationServer::open(&config, store.clone(), clock.clone()).await?;
        if config.hooks.0.is_some() {
            store.keep_account_events().await?;
        }
        let server = Arc::new(server);
        Ok(Self::new(config, server, store.clone(), store, clock))
    }

    /// A relying party on a database of its own, with its authentication server on another machine.
    ///
    /// # Errors
    /// The store failed.
    pub async fn open_split(
        config: Arc<Config>,
        store: Arc<dyn SplitAccountStore>,
        server: Arc<dyn CredentialKeeper>,
        clock: Clock,
    ) -> Result<Self, Refusal> {
        let registrar = SplitRegistrar::new(store.clone(), server.clone());
        if config.hooks.0.is_some() {
            store.keep_account_events().await?;
        }
        Ok(Self::new(config, server, store, Arc::new(registrar), clock))
    }

    fn new(
        config: Arc<Config>,
        server: Arc<dyn AuthenticationServer>,
        store: Arc<dyn AccountStore>,
        registrar: Arc<dyn Registrar>,
        clock: Clock,
    ) -> Self {
        Self {
            config,
            server,
            store,
            registrar,
            clock,
            telling: tokio::sync::Mutex::default(),
        }
    }

    /// The credential records of the person signed in.
    ///
    /// # Errors
    /// [`Denied::Refused`] where the store fails.
    pub async fn credentials(&self, signed_in: &SignedIn) -> Result<Vec<CredentialRecord>, Denied> {
        Ok(self.server.credentials(signed_in.account.user).await?)
    }

    /// Whether the store and the authentication server answer.
    ///
    /// # Errors
    /// One of them does not.
    pub async fn ready(&self) -> Result<(), Denied> {
        self.store.ready().await?;
        Ok(self.server.ready().await?)
    }

    /// Forgets what has ended, takes up what stopped half way, and tells the hooks what they have not been told.
    /// [`Service`](crate::Service) calls it every minute.
    ///
    /// # Errors
    /// The store or the authentication server failed; the next call takes up what is left.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.clock.now_ms();
        let lifetimes = &self.config.lifetimes;
        let resumed = self.registrar.resume(now).await;
        let swept = self
            .store
            .sweep(
                now,
                now - lifetimes.session_idle_ms,
                now - lifetimes.session_absolute_ms,
                now - lifetimes.audit_ms,
            )
            .await;
        self.tell_hooks().await;
        swept.and(resumed)
    }

    fn ceremony(token: Option<&CeremonyToken>) -> Result<&CeremonyToken, Denied> {
        token.ok_or(Denied::Refused(Refusal::CeremonyUnknown))
    }

    /// Notes a refusal (step k) and logs its reason, which nobody outside learns.
    async fn refused(&self, event: AuditEvent, refusal: Refusal) -> Denied {
        // A store that failed refused nobody, and would not take the note either.
        if let Refusal::Store(_) = refusal {
            return Denied::Refused(refusal);
        }
        tracing::info!(event = event.as_str(), reason = %refusal, "refused");
        if let Err(error) = self.store.audit(event, self.clock.now_ms()).await {
            tracing::error!(%error, "a refusal was not noted");
        }
        Denied::Refused(refusal)
    }
}
