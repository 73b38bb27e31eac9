//! Errors as RFC 9457 problem documents with a stable `code`. The detail goes to the log, not to the caller.

mod code;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

pub use code::Code;

use crate::authentication_server::Refusal;
use crate::relying_party::Denied;
use crate::store::StoreError;

/// The media type of a problem document (RFC 9457 section 6.1).
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// What [`Code::Unavailable`] tells a caller to wait, in seconds: longer than a restart of a database or the end of a
/// busy moment, shorter than a person's patience.
pub(super) const RETRY_UNAVAILABLE_S: u64 = 2;

/// A problem document.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    statement: Option<String>,
    retry_after_s: Option<u64>,
    of_store: bool,
}

impl Problem {
    /// The deregistration statement, for [`Code::UnknownCredential`].
    fn with_statement(statement: String) -> Self {
        Self {
            statement: Some(statement),
            ..Self::from(Code::UnknownCredential)
        }
    }

    /// A problem that is over after some seconds.
    pub(super) fn retry_after(code: Code, seconds: u64) -> Self {
        Self {
            retry_after_s: Some(seconds),
            ..Self::from(code)
        }
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Whether the store brought it about.
    pub(super) fn is_of_store(&self) -> bool {
        self.of_store
    }

    /// The document.
    pub(super) fn body(&self) -> String {
        let mut document = json!({
            "type": "about:blank",
            "title": self.code.title(),
            "status": self.code.status().as_u16(),
            "code": self.code.as_str(),
        });
        if let (Some(statement), Some(members)) = (&self.statement, document.as_object_mut()) {
            members.insert("statement".into(), json!(statement));
        }
        document.to_string()
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self {
            code,
            statement: None,
            retry_after_s: None,
            of_store: false,
        }
    }
}

/// The one place that decides what a caller learns.
impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let of_store = matches!(
            denied,
            Denied::Store(_) | Denied::Refused(Refusal::Store(_))
        );
        Self {
            of_store,
            ..Self::of(denied)
        }
    }
}

impl Problem {
    fn of(denied: Denied) -> Self {
        let code = match denied {
            Denied::InvalidName(_) => Code::UsernameInvalid,
            Denied::Refused(Refusal::Malformed(_)) => Code::MalformedRequest,
            Denied::NameTaken => Code::UsernameTaken,
            Denied::Refused(Refusal::NotAllowed(_)) => Code::AuthenticatorNotAllowed,
            Denied::RegistrationNotAllowed => Code::RegistrationNotAllowed,
            Denied::NotSignedIn => Code::NotSignedIn,
            Denied::SessionStale => Code::SessionStale,
            Denied::NotFound => Code::NotFound,
            Denied::Refused(Refusal::CeremonyUnknown) => Code::CeremonyUnknown,
            Denied::Refused(Refusal::Failed(_) | Refusal::FailedElsewhere(_)) => {
                Code::VerificationFailed
            }
            Denied::Refused(Refusal::CredentialWaits { seconds }) => {
                return Self::retry_after(Code::CredentialWaits, seconds);
            }
            Denied::Refused(Refusal::CredentialDisabled) => Code::CredentialDisabled,
            Denied::Refused(Refusal::UnknownCredential { statement, .. }) => {
                return Self::with_statement(statement);
            }
            Denied::Store(ref error @ StoreError::Unavailable(_))
            | Denied::Refused(Refusal::Store(ref error @ StoreError::Unavailable(_))) => {
                tracing::warn!(%error, "unavailable");
                return Self::retry_after(Code::Unavailable, RETRY_UNAVAILABLE_S);
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
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((CONTENT_TYPE, MEDIA_TYPE));
        response.insert_header((CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        response.body(self.body())
    }
}
