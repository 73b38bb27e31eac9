//! A relying party and an authentication server with a database each, in one process: the real messages between them
//! over a wire that can be cut at a chosen call.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use rp_server::Service;
use rp_server::authentication_server::{
    AuthenticationServer, CredentialId, CredentialKeeper, Inbox, RemoteAuthenticationServer,
    StandaloneAuthenticationServer, Transport, Undelivered,
};
use rp_server::clock::Clock;
use rp_server::config::OperatorToken;
use rp_server::store::{self, Which};
use serde_json::Value;
use tempfile::TempDir;

use super::browser::Browser;
use super::database::Database;
use super::server::{OPERATOR, listen};
use super::settings::config;

/// Where the wire is cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cut {
    /// The call does not arrive.
    Before,
    /// The call is carried out, and its answer is lost.
    After,
    /// The wire holds, but another relying party's deregistration comes before the call: all of the user's credentials.
    Overtaken,
}

type Fault = Arc<Mutex<Option<(&'static str, Cut)>>>;

struct Wire {
    inbox: Arc<Inbox>,
    fault: Fault,
}

#[async_trait]
impl Transport for Wire {
    async fn exchange(&self, message: Vec<u8>) -> Result<Vec<u8>, Undelivered> {
        let call = &serde_json::from_slice::<Value>(&message).unwrap()["call"];
        let of_object = || call.as_object().unwrap().keys().next().unwrap().clone();
        let name = call.as_str().map_or_else(of_object, str::to_owned);
        let fault = *self.fault.lock().unwrap();
        let cut = fault.and_then(|(at, cut)| (at == name).then_some(cut));
        let lost = || Undelivered(format!("cut at {name}"));
        if cut == Some(Cut::Before) {
            return Err(lost());
        }
        if cut == Some(Cut::Overtaken) {
            let id = call[&name]["credential"].as_str().unwrap();
            let id = CredentialId::parse(id).unwrap();
            let server = self.inbox.server();
            let user = server.owner(&id).await.unwrap().unwrap();
            server.deregister(user, &Which::All).await.unwrap();
        }
        let answer = self.inbox.take(&message).await;
        if cut == Some(Cut::After) {
            return Err(lost());
        }
        answer.map_err(|rejected| Undelivered(rejected.to_string()))
    }
}

pub(crate) struct Split {
    pub(crate) accounts: Database,
    pub(crate) credentials: Database,
    service: Service,
    inbox: Arc<Inbox>,
    rp: String,
    fault: Fault,
    clock: Arc<AtomicI64>,
    _folder: TempDir,
}

impl Split {
    pub(crate) async fn start(accounts: Database, credentials: Database) -> Self {
        let folder = TempDir::new().unwrap();
        let token = OperatorToken::new(OPERATOR.into());
        let config = config().with_operator_token(token);
        let clock = Arc::new(AtomicI64::new(1_795_305_600_000));
        let hand = clock.clone();
        let hand = Clock::from_fn(move || hand.load(Ordering::SeqCst));
        let kept = store::open_authentication_server(&credentials.url).await;
        let server = StandaloneAuthenticationServer::open(&config, kept.unwrap(), hand.clone());
        let inbox = Arc::new(Inbox::new(server.await.unwrap()));
        let fault = Fault::default();
        let wire = Wire {
            inbox: inbox.clone(),
            fault: fault.clone(),
        };
        let remote = RemoteAuthenticationServer::new(wire, hand.clone());
        let own = store::open_relying_party(&accounts.url).await.unwrap();
        let remote = Arc::new(remote);
        let service = Service::with_authentication_server(config, own, remote, hand).await;
        let service = service.unwrap();
        let (rp, _) = listen(service.clone(), folder.path());
        Self {
            accounts,
            credentials,
            service,
            inbox,
            rp,
            fault,
            clock,
            _folder: folder,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.rp)
    }

    pub(crate) fn cut(&self, call: &'static str, cut: Cut) {
        *self.fault.lock().unwrap() = Some((call, cut));
    }

    pub(crate) fn mend(&self) {
        *self.fault.lock().unwrap() = None;
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// What a restarted relying party does within a minute.
    pub(crate) async fn recover(&self) {
        self.advance(31_000);
        self.service.relying_party().sweep().await.unwrap();
    }

    pub(crate) async fn sweep(&self) -> bool {
        self.advance(31_000);
        self.service.relying_party().sweep().await.is_ok()
    }

    /// What the authentication server does every minute.
    pub(crate) async fn sweep_ceremonies(&self) {
        self.inbox.server().sweep().await.unwrap();
    }

    /// Accounts, unfinished work, sessions; credentials.
    pub(crate) async fn rows(&self) -> [i64; 4] {
        [
            self.accounts.number("SELECT count(*) FROM accounts").await,
            self.accounts
                .number("SELECT count(*) FROM unfinished")
                .await,
            self.accounts.number("SELECT count(*) FROM sessions").await,
            self.credentials
                .number("SELECT count(*) FROM credentials")
                .await,
        ]
    }
}
