//! What the server keeps, behind traits: one for the authentication server, one for the relying party.

mod division;
mod error;
mod migrations;
mod postgres;
mod quota;
mod rows;
mod split;
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;

use crate::authentication_server::{
    CredentialId, CredentialRecord, StoredCeremony, UserId, VerifiedAuthentication,
    VerifiedRegistration,
};
use crate::clock::UnixMs;

pub use division::{Divided, divide};
pub use error::StoreError;
pub use migrations::{Migration, migrate};
pub use postgres::PostgresStore;
pub use split::{RemovedCredentials, Role, SplitAccountStore, StandaloneStore, Unfinished, Work};
pub use sqlite::SqliteStore;

/// An account of the relying party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// User handle.
    pub user: UserId,
    /// Name as shown.
    pub name: String,
    /// Display name as shown.
    pub display_name: String,
    /// When it was made.
    pub created_ms: UnixMs,
}

/// A session as kept: nothing in it opens a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Whose session.
    pub user: UserId,
    /// The credential that opened it, while it is registered.
    pub credential: Option<CredentialId>,
    /// When it was opened.
    pub created_ms: UnixMs,
    /// When the person was last verified; nothing where the sign-in that opened it did without.
    pub verified_ms: Option<UnixMs>,
    /// When it was last used.
    pub seen_ms: UnixMs,
}

/// A session to be opened together with what earned it.
#[derive(Clone, Copy, Debug)]
pub struct NewSession {
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// A session of the same browser that ends with it.
    pub replaces: Option<[u8; 32]>,
}

impl NewSession {
    /// The same, while the other one stays.
    pub(crate) fn beside(self) -> Self {
        Self {
            replaces: None,
            ..self
        }
    }
}

/// Which credentials of a user to deregister.
#[derive(Clone, Debug)]
pub enum Which {
    /// This one, if it is the user's.
    One(CredentialId),
    /// Every one, and the account with them.
    All,
}

impl Which {
    /// The bytes of the one, as statements take them; nothing for all.
    fn one(&self) -> Option<&[u8]> {
        match self {
            Self::One(id) => Some(id.as_bytes()),
            Self::All => None,
        }
    }
}

/// What a deregistration removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// The credentials that are gone.
    pub credentials: Vec<CredentialId>,
    /// Whether the account is gone too.
    pub account: bool,
}

/// Step k and step f of ISO/IEC 27553-1 A.3: how a ceremony ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditEvent {
    /// A credential was registered.
    Registered,
    /// A session was opened.
    Authenticated,
    /// A credential was deregistered by its user.
    Deregistered,
    /// A credential was deregistered by the operator.
    DeregisteredByOperator,
    /// The operator enabled a credential that was disabled.
    EnabledByOperator,
    /// A registration was refused.
    RegistrationRefused,
    /// An authentication was refused.
    AuthenticationRefused,
}

impl AuditEvent {
    /// Every event.
    pub const ALL: [Self; 7] = [
        Self::Registered,
        Self::Authenticated,
        Self::Deregistered,
        Self::DeregisteredByOperator,
        Self::EnabledByOperator,
        Self::RegistrationRefused,
        Self::AuthenticationRefused,
    ];

    /// The event of this stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Authenticated => "authenticated",
            Self::Deregistered => "deregistered",
            Self::DeregisteredByOperator => "deregistered-by-operator",
            Self::EnabledByOperator => "enabled-by-operator",
            Self::RegistrationRefused => "registration-refused",
            Self::AuthenticationRefused => "authentication-refused",
        }
    }
}

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountEventKind {
    /// It was made.
    Registered,
    /// It was deleted.
    Deregistered,
}

impl AccountEventKind {
    /// Reads the name under which a store keeps it: `registered` or `deregistered`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "registered" => Some(Self::Registered),
            "deregistered" => Some(Self::Deregistered),
            _ => None,
        }
    }
}

/// Something that the application around the server is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountEvent {
    /// Its number; later events have higher ones, and none comes twice.
    pub number: i64,
    /// Whose account.
    pub user: UserId,
    /// What happened to it.
    pub kind: AccountEventKind,
}

/// What the authentication server needs of a store. Each method fails with [`StoreError`] where the database does.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// The record of a credential.
    async fn credential(&self, id: &CredentialId) -> Result<Option<CredentialRecord>, StoreError>;

    /// All records of a user, oldest first.
    async fn credentials_of(&self, user: UserId) -> Result<Vec<CredentialRecord>, StoreError>;

    /// Keeps a ceremony, and forgets some of those that ended before `now`. Unavailable while too many are under way.
    async fn put_ceremony(&self, ceremony: StoredCeremony, now: UnixMs) -> Result<(), StoreError>;

    /// Reads and deletes a ceremony in one step: of two callers one gets it.
    async fn take_ceremony(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<StoredCeremony>, StoreError>;

    /// Unless the credential is registered, keeps it from being registered before `until`, and says true. In one
    /// step with the look-up: whoever gets true may state that the credential is not registered.
    async fn bar_registration(
        &self,
        id: &CredentialId,
        until: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError>;

    /// Counts a failed attempt of whoever holds the credential, and says how many there are now; 0 if it is not
    /// registered any more.
    async fn count_failure(&self, id: &CredentialId, now: UnixMs) -> Result<u32, StoreError>;

    /// The credentials with at least so many failures, the latest first, at most 1,000.
    async fn failed_credentials(&self, count: u32) -> Result<Vec<CredentialRecord>, StoreError>;

    /// Forgets the failures of a credential; false if it is not registered.
    async fn forget_failures(&self, id: &CredentialId) -> Result<bool, StoreError>;

    /// The server's own secret of this name; `fresh` becomes it if there is none yet.
    async fn secret(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError>;
}

/// What the relying party needs of a store for itself. Each method is one transaction, [`Self::sweep`] one or more.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// The account of this folded name.
    async fn account_by_name(&self, name_key: &str) -> Result<Option<Account>, StoreError>;

    /// The account of this user.
    async fn account(&self, user: UserId) -> Result<Option<Account>, StoreError>;

    /// Every account, by name.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// A session by the hash of its token.
    async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<SessionRecord>, StoreError>;

    /// The sessions of a user, the latest used first, at most 1,000. Some may have ended by time.
    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRecord>, StoreError>;

    /// Ends every session of the user but `keep`, and says how many.
    async fn end_other_sessions(&self, user: UserId, keep: &[u8; 32]) -> Result<u64, StoreError>;

    /// Notes that a session was used.
    async fn touch_session(&self, token_hash: &[u8; 32], now: UnixMs) -> Result<(), StoreError>;

    /// Ends a session.
    async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), StoreError>;

    /// Notes how a ceremony ended that changed nothing.
    async fn audit(&self, event: AuditEvent, now: UnixMs) -> Result<(), StoreError>;

    /// Forgets ceremonies that ended by `now`, sessions unused since `idle` or opened before `absolute`, and
    /// audit rows from before `audit`.
    async fn sweep(
        &self,
        now: UnixMs,
        idle: UnixMs,
        absolute: UnixMs,
        audit: UnixMs,
    ) -> Result<(), StoreError>;

    /// From now on notes every account that is made or deleted, in the transaction that does it. At the first call
    /// the accounts that exist are noted as made.
    async fn keep_account_events(&self) -> Result<(), StoreError>;

    /// The oldest noted event that is due and whose account has no older one open. It is not due again before
    /// `again`: of two callers one gets it.
    async fn next_account_event(
        &self,
        now: UnixMs,
        again: UnixMs,
    ) -> Result<Option<AccountEvent>, StoreError>;

    /// Forgets an event.
    async fn account_event_told(&self, number: i64) -> Result<(), StoreError>;

    /// Whether the store answers.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// Writes what a verified response earned: credential, account and session together. Each method is done as a whole or
/// not at all: in one transaction where one database has all of it, by steps that are taken up again where two have.
#[async_trait]
pub trait Registrar: Send + Sync {
    /// Writes the credential and, for a new user, the account; opens the session. All or nothing.
    async fn register(
        &self,
        verified: VerifiedRegistration,
        name_key: &str,
        session: Option<NewSession>,
        now: UnixMs,
    ) -> Result<(), StoreError>;

    /// Advances the credential record and opens the session. All or nothing.
    async fn authenticate(
        &self,
        verified: VerifiedAuthentication,
        session: NewSession,
        now: UnixMs,
    ) -> Result<(), StoreError>;

    /// Deletes credentials with their sessions and the user's ceremonies; the account too when none is left.
    /// `keep` is the session of the caller, which outlives its credential while the account lives.
    async fn deregister(
        &self,
        user: UserId,
        which: Which,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<Removed, StoreError>;

    /// Finishes or undoes what stopped half way. To be called every minute or so; there is nothing to do where
    /// each method is one transaction.
    async fn resume(&self, _now: UnixMs) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A store for both, in one database.
#[async_trait]
pub trait Store: CredentialStore + AccountStore + Registrar {
    /// Closes all connections, as soon as their calls have ended.
    async fn close(&self);
}

/// Opens the database of `url` and brings its tables up to date. `sqlite:PATH` is a file, made if absent;
/// `postgres://USER@HOST/NAME` a database of a PostgreSQL server. Refused where the database would not keep what it
/// was told across a crash.
///
/// # Errors
/// The URL is of neither kind, the database cannot be opened or is not durable, or a migration failed.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match Kind::of(url)? {
        Kind::Sqlite => Arc::new(SqliteStore::open(url).await?),
        Kind::Postgres => Arc::new(PostgresStore::open(url).await?),
    })
}

/// Like [`open`], but a database that does not exist is an error, not an empty one.
///
/// # Errors
/// As [`open`], and where the database does not exist.
pub async fn open_existing(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match Kind::of(url)? {
        Kind::Sqlite => Arc::new(SqliteStore::open_existing(url, Role::Both).await?),
        Kind::Postgres => Arc::new(PostgresStore::open(url).await?),
    })
}

/// Like [`open`], for a relying party whose authentication server has a database of its own.
///
/// # Errors
/// As [`open`], and for a database of another role.
pub async fn open_relying_party(url: &str) -> Result<Arc<dyn SplitAccountStore>, StoreError> {
    let role = Role::RelyingParty;
    Ok(match Kind::of(url)? {
        Kind::Sqlite => Arc::new(SqliteStore::open_for(url, role).await?),
        Kind::Postgres => Arc::new(PostgresStore::open_for(url, role).await?),
    })
}

/// Like [`open_relying_party`], but a database that does not exist is an error, not an empty one.
///
/// # Errors
/// As [`open_relying_party`], and where the database does not exist.
pub async fn open_existing_relying_party(
    url: &str,
) -> Result<Arc<dyn SplitAccountStore>, StoreError> {
    let role = Role::RelyingParty;
    Ok(match Kind::of(url)? {
        Kind::Sqlite => Arc::new(SqliteStore::open_existing(url, role).await?),
        Kind::Postgres => Arc::new(PostgresStore::open_for(url, role).await?),
    })
}

/// Like [`open`], for an authentication server in a process of its own.
///
/// # Errors
/// As [`open`], and for a database of another role.
pub async fn open_authentication_server(url: &str) -> Result<Arc<dyn StandaloneStore>, StoreError> {
    let role = Role::AuthenticationServer;
    Ok(match Kind::of(url)? {
        Kind::Sqlite => Arc::new(SqliteStore::open_for(url, role).await?),
        Kind::Postgres => Arc::new(PostgresStore::open_for(url, role).await?),
    })
}

enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// The URL may hold a password: no error repeats it.
    fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::Database(
                "its URL must begin with sqlite: or postgres:".to_owned(),
            )),
        }
    }
}
