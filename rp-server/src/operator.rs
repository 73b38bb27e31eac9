//! `rp-server user …`: what the operator does with accounts, on the database or beside the running server.

use std::fmt;
use std::sync::Arc;

use rp_server::authentication_server::AuthenticationServer;
use rp_server::authentication_server::{
    CredentialId, CredentialRecord, RemoteAuthenticationServer,
};
use rp_server::clock::Clock;
use rp_server::config::{Config, Controller};
use rp_server::relying_party::{AccountName, Denied, RelyingParty};
use rp_server::remote::{Credentials, Https};
use rp_server::store::{self, Account, AccountStore, SplitAccountStore, Store};

use crate::cli::{Database, Remote, User};
use crate::{Failure, say, shown};

/// Ends the process with a code of its own, so that scripts need not read words.
#[derive(Debug)]
pub(crate) struct NoSuchAccount(String);

impl std::error::Error for NoSuchAccount {}

impl fmt::Display for NoSuchAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no account named {}", self.0)
    }
}

/// The database, and the authentication server where that has one of its own.
enum Opened {
    Both(Arc<dyn Store>),
    Split(
        Arc<dyn SplitAccountStore>,
        Arc<RemoteAuthenticationServer<Https>>,
    ),
}

impl Opened {
    async fn open(database: &Database, remote: &Remote) -> Result<Self, Failure> {
        let url = &database.database;
        let Some(server) = &remote.authentication_server else {
            return Ok(Self::Both(store::open_existing(url).await?));
        };
        let store = store::open_existing_relying_party(url).await?;
        let https = Https::new(server, &Credentials::of_relying_party(&remote.certificates))?;
        let server = RemoteAuthenticationServer::new(https, Clock::system());
        Ok(Self::Split(store, Arc::new(server)))
    }

    fn accounts(&self) -> &dyn AccountStore {
        match self {
            Self::Both(store) => store.as_ref(),
            Self::Split(store, _) => store.as_ref(),
        }
    }

    async fn account(&self, name: String) -> Result<Account, Failure> {
        let key = AccountName::parse(&name)?;
        let account = self.accounts().account_by_name(key.key()).await?;
        Ok(account.ok_or(NoSuchAccount(name))?)
    }

    async fn credentials(&self, account: &Account) -> Result<Vec<CredentialRecord>, Failure> {
        Ok(match self {
            Self::Both(store) => store.credentials_of(account.user).await?,
            Self::Split(_, server) => server.credentials(account.user).await?,
        })
    }

    async fn relying_party(&self) -> Result<RelyingParty, Failure> {
        // Any origins do: they go into ceremonies and statements, and this makes neither for anyone.
        let controller = Controller {
            name: "operator".to_owned(),
            contact: "none".to_owned(),
        };
        let config = Config::new("http://localhost", "http://agent.localhost", controller)?;
        let (config, clock) = (Arc::new(config), Clock::system());
        Ok(match self {
            Self::Both(store) => RelyingParty::open(config, store.clone(), clock).await?,
            Self::Split(store, server) => {
                RelyingParty::open_split(config, store.clone(), server.clone(), clock).await?
            }
        })
    }

    async fn close(&self) {
        if let Self::Both(store) = self {
            store.close().await;
        }
    }
}

pub(crate) async fn manage(user: User) -> Result<(), Failure> {
    match user {
        User::List { database, remote } => {
            let opened = Opened::open(&database, &remote).await?;
            for account in opened.accounts().accounts().await? {
                say(&account.name);
            }
            opened.close().await;
        }
        User::Show {
            name,
            database,
            remote,
        } => {
            let opened = Opened::open(&database, &remote).await?;
            let account = opened.account(name).await?;
            say(&shown::account(&account));
            for credential in opened.credentials(&account).await? {
                say(&shown::credential(&credential));
            }
            opened.close().await;
        }
        User::Enable {
            name,
            credential,
            database,
            remote,
        } => {
            let opened = Opened::open(&database, &remote).await?;
            let done = enable(&opened, name, credential.as_deref()).await;
            opened.close().await;
            done?;
        }
        User::Deregister {
            name,
            database,
            remote,
        } => {
            let opened = Opened::open(&database, &remote).await?;
            let party = opened.relying_party().await?;
            let done = party.deregister_account_by_operator(&name).await;
            opened.close().await;
            match done {
                Ok(done) => say(&format!(
                    "deregistered {name}: {} credential(s) and the account are gone",
                    done.deregistered.len()
                )),
                Err(Denied::NotFound) => return Err(NoSuchAccount(name).into()),
                Err(denied) => return Err(denied.into()),
            }
        }
    }
    Ok(())
}

async fn enable(opened: &Opened, name: String, credential: Option<&str>) -> Result<(), Failure> {
    let account = opened.account(name).await?;
    let none = |id: &str| format!("{} has no credential {id}", account.name);
    let only = match credential {
        None => None,
        Some(text) => Some(CredentialId::parse(text).ok_or_else(|| none(text))?),
    };
    let party = opened.relying_party().await?;
    let enabled = party
        .enable_of_user_by_operator(account.user, only.as_ref())
        .await?;
    match (enabled.as_slice(), credential) {
        ([], Some(text)) => return Err(none(text).into()),
        ([], None) => say(&format!(
            "{} has no disabled credential, nothing to do",
            account.name
        )),
        (all, _) => {
            for id in all {
                say(&format!("enabled {id} of {}", account.name));
            }
        }
    }
    Ok(())
}
