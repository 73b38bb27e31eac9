//! Extractors for the handlers of the application around us: who is signed in.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::problem::{Code, Problem};
use super::{Service, cookies, guard};
use crate::authentication_server::UserId;
use crate::clock::UnixMs;
use crate::relying_party::{Denied, SignedIn};
use crate::store::Account;

/// The person signed in, as an argument of a handler.
///
/// Without a living session the handler does not run, and the caller gets a problem document: 401 `not-signed-in`.
/// A request that may change something (any method but GET, HEAD and OPTIONS) must also come from a page of the
/// relying party, else 403 `forbidden-origin`: the cookie alone would let a page of a neighbouring host act in the
/// person's name. Needs [`configure`](super::configure) on the same application; without it every call fails with
/// 500 `internal`.
///
/// Holds neither the session's token nor its hash.
#[derive(Clone, Debug)]
pub struct AuthenticatedUser {
    account: Account,
    verified_ms: Option<UnixMs>,
    fresh: bool,
}

impl From<SignedIn> for AuthenticatedUser {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            account: signed_in.account,
            verified_ms: signed_in.session.verified_ms,
            fresh: signed_in.fresh,
        }
    }
}

impl AuthenticatedUser {
    /// User handle: the key for rows of your own about this person. Stays the same while the account exists, and
    /// is never given to another one.
    pub fn id(&self) -> UserId {
        self.account.user
    }

    /// Account name, as the person wrote it. Not HTML: escape it where you show it.
    pub fn name(&self) -> &str {
        &self.account.name
    }

    /// Display name, as the person wrote it. Not HTML.
    pub fn display_name(&self) -> &str {
        &self.account.display_name
    }

    /// When the person was last verified, in milliseconds since 1970. Nothing where the session was opened without
    /// user verification, which `AuthenticatorPolicy::user_verification` may allow: then somebody held the
    /// authenticator, and nothing says who.
    pub fn verified_ms(&self) -> Option<UnixMs> {
        self.verified_ms
    }

    /// Whether the person was verified, and not only present, when the session was opened.
    pub fn is_verified(&self) -> bool {
        self.verified_ms.is_some()
    }

    /// Whether that is recent enough (`Lifetimes::session_fresh_ms`) for what must not be done by whoever finds a
    /// device unlocked.
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }
}

impl FromRequest for AuthenticatedUser {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(signed_in(&request).await?.into()) })
    }
}

/// Like [`AuthenticatedUser`], and verified a moment ago, whatever policy sign-ins have; else 403 `session-stale`, which
/// tells a page to ask for another sign-in first. For what a person would regret: payments, changes of address, deletions.
#[derive(Clone, Debug)]
pub struct FreshlyVerifiedUser(AuthenticatedUser);

impl Deref for FreshlyVerifiedUser {
    type Target = AuthenticatedUser;

    fn deref(&self) -> &AuthenticatedUser {
        &self.0
    }
}

impl FromRequest for FreshlyVerifiedUser {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let fresh = signed_in(&request).await?.require_fresh()?;
            Ok(Self(fresh.into()))
        })
    }
}

async fn signed_in(request: &HttpRequest) -> Result<SignedIn, Problem> {
    let Some(service) = request.app_data::<Data<Service>>() else {
        tracing::error!(
            "a handler asks who is signed in, but `configure` was not called on its application"
        );
        return Err(Code::Internal.into());
    };
    guard::check_change(service, request)?;
    let token = cookies::session(request, service.config());
    let found: Result<SignedIn, Denied> = service.relying_party().signed_in(token.as_ref()).await;
    Ok(found?)
}
