//! What stores do where relying party and authentication server have a database each: the halves of what
//! [`Registrar`](super::Registrar) does in one transaction. `relying_party::split` joins them again.

use std::fmt;

use async_trait::async_trait;

use super::{
    AccountStore, AuditEvent, CredentialStore, NewSession, StoreError, StoredCeremony, Which,
};
use crate::authentication_server::{
    CredentialId, UserId, VerifiedAuthentication, VerifiedRegistration,
};
use crate::clock::UnixMs;

/// Whose database it is. Each role's has only the tables of that role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Relying party and authentication server in one process.
    Both,
    /// A relying party whose authentication server has a process of its own: no credentials, keys or ceremonies.
    RelyingParty,
    /// An authentication server in a process of its own: no accounts or sessions.
    AuthenticationServer,
}

impl Role {
    /// Refuses a database that was made for another role, told by whether it has
    /// `tables` of accounts and of credentials. An empty one is anybody's.
    pub(super) fn require(self, tables: (bool, bool)) -> Result<(), StoreError> {
        let found = match tables {
            (false, false) => return Ok(()),
            (true, true) => Self::Both,
            (true, false) => Self::RelyingParty,
            (false, true) => Self::AuthenticationServer,
        };
        if found == self {
            return Ok(());
        }
        Err(StoreError::Database(format!(
            "it was made for {found}, and cannot be used for {self}"
        )))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Both => "relying party and authentication server in one process",
            Self::RelyingParty => "a relying party without its authentication server",
            Self::AuthenticationServer => "an authentication server alone",
        })
    }
}

/// What a deregistration removed at the authentication server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemovedCredentials {
    /// The credentials that are gone.
    pub credentials: Vec<CredentialId>,
    /// Whether the user has no credential left.
    pub none_left: bool,
}

/// What an authentication server in a process of its own needs of a store. Each method is one transaction.
#[async_trait]
pub trait StandaloneStore: CredentialStore {
    /// A ceremony, which stays.
    async fn ceremony(&self, token_hash: &[u8; 32]) -> Result<Option<StoredCeremony>, StoreError>;

    /// Writes the credential and deletes the ceremony of `receipt`, which must still be there.
    /// [`StoreError::Conflict`] if it is not, or if the credential ID is taken or barred.
    async fn insert_credential(
        &self,
        verified: &VerifiedRegistration,
        receipt: &[u8; 32],
        now: UnixMs,
    ) -> Result<(), StoreError>;

    /// Advances the credential record, if it is still the one that the assertion was verified against; else
    /// [`StoreError::Conflict`].
    async fn advance(
        &self,
        verified: &VerifiedAuthentication,
        now: UnixMs,
    ) -> Result<(), StoreError>;

    /// Deletes credentials and the user's ceremonies.
    async fn remove(&self, user: UserId, which: &Which) -> Result<RemovedCredentials, StoreError>;

    /// Keeps the ID of a message until `until`. False if it is kept already: the message is a repeated one.
    async fn admit_message(
        &self,
        id: &[u8; 16],
        until: UnixMs,
        now: UnixMs,
    ) -> Result<bool, StoreError>;

    /// Forgets what ended by `now`.
    async fn sweep_ceremonies(&self, now: UnixMs) -> Result<(), StoreError>;

    /// Whether the store answers.
    async fn available(&self) -> Result<(), StoreError>;
}

/// Work that a relying party wrote down before it asked the authentication server to do its half.
#[derive(Debug)]
pub struct Unfinished {
    /// Names it.
    pub number: i64,
    /// Whom it is about.
    pub user: UserId,
    /// What it is.
    pub work: Work,
}

/// What can be unfinished.
#[derive(Debug)]
pub enum Work {
    /// A new account waits for its credential.
    Registration {
        /// The credential.
        credential: CredentialId,
        /// What the authentication server gave to confirm it by.
        receipt: String,
    },
    /// Credentials are to be deregistered.
    Deregistration {
        /// Which ones.
        which: Which,
        /// By whom.
        event: AuditEvent,
    },
}

/// What a relying party without its authentication server needs of a store besides. Each method is one transaction.
#[async_trait]
pub trait SplitAccountStore: AccountStore {
    /// Writes a new account and its session, and that its credential waits to be confirmed. Returns the number
    /// of that work.
    async fn prepare_registration(
        &self,
        verified: &VerifiedRegistration,
        receipt: &str,
        name_key: &str,
        session: Option<NewSession>,
        now: UnixMs,
    ) -> Result<i64, StoreError>;

    /// The credential is registered: notes it, strikes the work off, and ends the session that was replaced.
    async fn registration_done(
        &self,
        number: Option<i64>,
        user: UserId,
        replaced: Option<[u8; 32]>,
        now: UnixMs,
    ) -> Result<(), StoreError>;

    /// The credential will never be registered: strikes the work off, and the account with its session, unless
    /// someone else has struck it off already.
    async fn registration_undone(&self, number: i64, user: UserId) -> Result<(), StoreError>;

    /// Opens a session. [`StoreError::Conflict`] if the account is gone.
    async fn open_session(
        &self,
        verified: &VerifiedAuthentication,
        session: NewSession,
        now: UnixMs,
    ) -> Result<(), StoreError>;

    /// Writes down that credentials are to be deregistered. Returns the number of that work.
    async fn prepare_deregistration(
        &self,
        user: UserId,
        which: &Which,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<i64, StoreError>;

    /// Ends the sessions of credentials that are gone, but not `keep`, and with `none_left` the account. Says
    /// whether the account went. Notes `event` for each credential.
    async fn end_access(
        &self,
        user: UserId,
        removed: &RemovedCredentials,
        keep: Option<[u8; 32]>,
        event: AuditEvent,
        now: UnixMs,
    ) -> Result<bool, StoreError>;

    /// Strikes work off.
    async fn strike_off(&self, number: i64) -> Result<(), StoreError>;

    /// Work that was written down by `before`, oldest first.
    async fn unfinished(&self, before: UnixMs) -> Result<Vec<Unfinished>, StoreError>;
}
