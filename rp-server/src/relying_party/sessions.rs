//! Sessions: opened by a verified response, ended by time, by sign-out, or with the credential.

use std::fmt;

use super::{Denied, RelyingParty};
use crate::clock::UnixMs;
use crate::encoding::{base64url, from_base64url, sha256};
use crate::random;
use crate::store::{Account, SessionRecord};

/// Writing `seen_ms` at each call would make every read a write.
const TOUCH_EVERY_MS: i64 = 60_000;

/// What small corrections of a clock, and the clocks of several processes, may differ by.
const CLOCKS_DIFFER_MS: i64 = 120_000;

/// Opens a session; 32 random bytes known to one browser. The store keeps only its hash.
pub struct SessionToken([u8; 32]);

impl SessionToken {
    pub(super) fn generate() -> Result<Self, Denied> {
        Ok(Self(random::bytes()?))
    }

    /// Parses what [`Self::expose_for_cookie`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(from_base64url(text)?.try_into().ok()?))
    }

    /// Text for the session cookie.
    pub fn expose_for_cookie(&self) -> String {
        base64url(&self.0)
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(redacted)")
    }
}

/// A living session and its account.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The session.
    pub session: SessionRecord,
    /// Whether the last user verification is recent enough to deregister or to add a credential.
    pub fresh: bool,
}

impl SignedIn {
    /// Itself, if fresh.
    ///
    /// # Errors
    /// [`Denied::SessionStale`].
    pub fn require_fresh(self) -> Result<Self, Denied> {
        if self.fresh {
            Ok(self)
        } else {
            Err(Denied::SessionStale)
        }
    }
}

impl RelyingParty {
    /// The living session of a token.
    ///
    /// # Errors
    /// [`Denied::NotSignedIn`] without a living session; [`Denied::Store`] where the store fails.
    pub async fn signed_in(&self, token: Option<&SessionToken>) -> Result<SignedIn, Denied> {
        let hash = token.ok_or(Denied::NotSignedIn)?.hash();
        let found = self.store.session(&hash).await?;
        let session = found.ok_or(Denied::NotSignedIn)?;
        let now = self.clock.now_ms();
        let lifetimes = &self.config.lifetimes;
        if self.has_ended(&session, now) {
            self.store.end_session(&hash).await?;
            return Err(Denied::NotSignedIn);
        }
        if now - session.seen_ms >= TOUCH_EVERY_MS {
            self.store.touch_session(&hash, now).await?;
        }
        let account = self.store.account(session.user).await?;
        Ok(SignedIn {
            account: account.ok_or(Denied::NotSignedIn)?,
            fresh: session
                .verified_ms
                .is_some_and(|verified_ms| now - verified_ms < lifetimes.session_fresh_ms),
            session,
        })
    }

    fn has_ended(&self, session: &SessionRecord, now: UnixMs) -> bool {
        let lifetimes = &self.config.lifetimes;
        now - session.seen_ms >= lifetimes.session_idle_ms
            || now - session.created_ms >= lifetimes.session_absolute_ms
            // Opened in what is the future since the clock was set back: it would live for longer than it may.
            || session.created_ms - now > CLOCKS_DIFFER_MS
    }

    /// The living sessions of the person signed in, the latest used first.
    ///
    /// # Errors
    /// [`Denied::Store`] where the store fails.
    pub async fn sessions(&self, me: &SignedIn) -> Result<Vec<SessionRecord>, Denied> {
        let now = self.clock.now_ms();
        let mut list = self.store.sessions_of(me.account.user).await?;
        list.retain(|session| !self.has_ended(session, now));
        Ok(list)
    }

    /// Ends every other session of the person signed in, and says how many. Needs no fresh look: it only takes away, and
    /// who does it in a stolen session is put out the same way.
    ///
    /// # Errors
    /// [`Denied::NotSignedIn`]; [`Denied::Store`] where the store fails.
    pub async fn end_other_sessions(&self, token: Option<&SessionToken>) -> Result<u64, Denied> {
        let me = self.signed_in(token).await?;
        let keep = &me.session.token_hash;
        Ok(self.store.end_other_sessions(me.account.user, keep).await?)
    }

    /// Like [`Self::signed_in`], with nobody signed in being fine.
    pub(super) async fn maybe_signed_in(
        &self,
        token: Option<&SessionToken>,
    ) -> Result<Option<SignedIn>, Denied> {
        match self.signed_in(token).await {
            Ok(signed_in) => Ok(Some(signed_in)),
            Err(Denied::NotSignedIn) => Ok(None),
            Err(denied) => Err(denied),
        }
    }

    /// Ends the session, if there is one.
    ///
    /// # Errors
    /// [`Denied::Store`] where the store fails.
    pub async fn sign_out(&self, token: Option<&SessionToken>) -> Result<(), Denied> {
        if let Some(token) = token {
            self.store.end_session(&token.hash()).await?;
        }
        Ok(())
    }
}
