//! Errors as RFC 9457 problem documents with a stable `code`. The detail goes to the log, not to the caller.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::authentication_server::Refusal;
use crate::relying_party::Denied;
use crate::store::StoreError;

/// Stable names of the errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Not the JSON that the call takes.
    MalformedRequest,
    /// More than 64 kB.
    BodyTooLarge,
    /// The ceremony is unknown, expired or used.
    CeremonyUnknown,
    /// Another account has the name.
    UsernameTaken,
    /// The application around the server allows no such account.
    RegistrationNotAllowed,
    /// The response did not pass. Which check refused is not told.
    VerificationFailed,
    /// The credential is not registered; the member `statement` tells the agent so.
    UnknownCredential,
    /// No session.
    NotSignedIn,
    /// The last user verification is too long ago.
    SessionStale,
    /// Slow down.
    TooManyRequests,
    /// No such thing, or not yours.
    NotFound,
    /// The call did not come from the relying party's own pages.
    ForbiddenOrigin,
    /// Our fault.
    Internal,
    /// The store is busy, full or out of reach; the same call may succeed soon.
    Unavailable,
}

/// What [`Code::Unavailable`] tells a caller to wait, in seconds: longer than a restart of a database or the end of a
/// busy moment, shorter than a person's patience.
const RETRY_UNAVAILABLE_S: u64 = 2;

impl Code {
    /// Every code.
    pub const ALL: [Self; 13] = [
        Self::MalformedRequest,
        Self::BodyTooLarge,
        Self::CeremonyUnknown,
        Self::UsernameTaken,
        Self::RegistrationNotAllowed,
        Self::VerificationFailed,
        Self::UnknownCredential,
        Self::NotSignedIn,
        Self::SessionStale,
        Self::TooManyRequests,
        Self::NotFound,
        Self::ForbiddenOrigin,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The `code` member.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedRequest => "malformed-request",
            Self::BodyTooLarge => "body-too-large",
            Self::CeremonyUnknown => "ceremony-unknown",
            Self::UsernameTaken => "username-taken",
            Self::RegistrationNotAllowed => "registration-not-allowed",
            Self::VerificationFailed => "verification-failed",
            Self::UnknownCredential => "unknown-credential",
            Self::NotSignedIn => "not-signed-in",
            Self::SessionStale => "session-stale",
            Self::TooManyRequests => "too-many-requests",
            Self::NotFound => "not-found",
            Self::ForbiddenOrigin => "forbidden-origin",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::MalformedRequest => "The request is malformed",
            Self::BodyTooLarge => "The request body is too large",
            Self::CeremonyUnknown => "The ceremony is unknown, expired or used",
            Self::UsernameTaken => "The account name is taken",
            Self::RegistrationNotAllowed => "An account of this name is not allowed",
            Self::VerificationFailed => "The response was not accepted",
            Self::UnknownCredential => "The credential is not registered",
            Self::NotSignedIn => "Not signed in",
            Self::SessionStale => "Sign in again first",
            Self::TooManyRequests => "Too many requests",
            Self::NotFound => "Not found",
            Self::ForbiddenOrigin => "Not from this origin",
            Self::Internal => "Internal error",
            Self::Unavailable => "Unavailable for the moment; try again",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::MalformedRequest | Self::CeremonyUnknown => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UsernameTaken => StatusCode::CONFLICT,
            Self::RegistrationNotAllowed
            | Self::VerificationFailed
            | Self::SessionStale
            | Self::ForbiddenOrigin => StatusCode::FORBIDDEN,
            Self::UnknownCredential | Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// A problem document.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    statement: Option<String>,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// The deregistration statement, for [`Code::UnknownCredential`].
    fn with_statement(statement: String) -> Self {
        Self {
            statement: Some(statement),
            ..Self::from(Code::UnknownCredential)
        }
    }

    /// [`Code::TooManyRequests`], with the seconds to wait.
    pub(super) fn too_many_requests(retry_after_s: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::from(Code::TooManyRequests)
        }
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self {
            code,
            statement: None,
            retry_after_s: None,
        }
    }
}

/// The one place that decides what a caller learns.
impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let code = match denied {
            Denied::InvalidName(_) | Denied::Refused(Refusal::Malformed(_)) => {
                Code::MalformedRequest
            }
            Denied::NameTaken => Code::UsernameTaken,
            Denied::RegistrationNotAllowed => Code::RegistrationNotAllowed,
            Denied::NotSignedIn => Code::NotSignedIn,
            Denied::SessionStale => Code::SessionStale,
            Denied::NotFound => Code::NotFound,
            Denied::Refused(Refusal::CeremonyUnknown) => Code::CeremonyUnknown,
            Denied::Refused(Refusal::Failed(_) | Refusal::Webauthn(_)) => Code::VerificationFailed,
            Denied::Refused(Refusal::UnknownCredential { statement, .. }) => {
                return Self::with_statement(statement);
            }
            Denied::Store(ref error @ StoreError::Unavailable(_))
            | Denied::Refused(Refusal::Store(ref error @ StoreError::Unavailable(_))) => {
                tracing::warn!(%error, "unavailable");
                return Self {
                    retry_after_s: Some(RETRY_UNAVAILABLE_S),
                    ..Self::from(Code::Unavailable)
                };
            }
            Denied::Refused(
                error @ (Refusal::Store(_) | Refusal::Random(_) | Refusal::Internal(_)),
            ) => {
                tracing::error!(%error, "internal");
                Code::Internal
            }
            error @ (Denied::Store(_) | Denied::Random(_) | Denied::Hook(_)) => {
                tracing::error!(%error, "internal");
                Code::Internal
            }
        };
        Self::from(code)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut document = json!({
            "type": "about:blank",
            "title": self.code.title(),
            "status": self.status_code().as_u16(),
            "code": self.code.as_str(),
        });
        if let (Some(statement), Some(members)) = (&self.statement, document.as_object_mut()) {
            members.insert("statement".into(), json!(statement));
        }
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        response.insert_header((CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        response.body(document.to_string())
    }
}
