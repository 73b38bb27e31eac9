//! The stable names of the errors, one row each.

use actix_web::http::StatusCode;

/// Stable names of the errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Not the JSON that the call takes.
    MalformedRequest,
    /// More than 64 kB.
    BodyTooLarge,
    /// The address is longer than 8 kB.
    UriTooLong,
    /// Not `application/json`.
    UnsupportedMediaType,
    /// The request did not come to its end in time.
    RequestTimeout,
    /// The path takes other methods; the header `Allow` names them.
    MethodNotAllowed,
    /// The ceremony is unknown, expired or used.
    CeremonyUnknown,
    /// The account name breaks a rule of names.
    UsernameInvalid,
    /// Another account has the name.
    UsernameTaken,
    /// The application around the server allows no such account.
    RegistrationNotAllowed,
    /// The response is in order, but the deployment does not take this kind of authenticator.
    AuthenticatorNotAllowed,
    /// The response did not pass. Which check refused is not told.
    VerificationFailed,
    /// The credential is not registered; the member `statement` tells the agent so.
    UnknownCredential,
    /// Whoever holds the credential failed too often and has to wait.
    CredentialWaits,
    /// Whoever holds the credential failed so often that it signs in nobody, until the operator says so.
    CredentialDisabled,
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
    /// The store is busy or away; nothing was changed.
    Unavailable,
    /// Our fault.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 22] = [
        Self::MalformedRequest,
        Self::BodyTooLarge,
        Self::UriTooLong,
        Self::UnsupportedMediaType,
        Self::RequestTimeout,
        Self::MethodNotAllowed,
        Self::CeremonyUnknown,
        Self::UsernameInvalid,
        Self::UsernameTaken,
        Self::RegistrationNotAllowed,
        Self::AuthenticatorNotAllowed,
        Self::VerificationFailed,
        Self::UnknownCredential,
        Self::CredentialWaits,
        Self::CredentialDisabled,
        Self::NotSignedIn,
        Self::SessionStale,
        Self::TooManyRequests,
        Self::NotFound,
        Self::ForbiddenOrigin,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The `code` member.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        self.row().0
    }

    pub(super) fn title(self) -> &'static str {
        self.row().2
    }

    /// What a status without a problem document becomes; `None` for those that need no words.
    pub(in crate::http) fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::BAD_REQUEST => Some(Self::MalformedRequest),
            StatusCode::NOT_FOUND => Some(Self::NotFound),
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::MethodNotAllowed),
            StatusCode::REQUEST_TIMEOUT => Some(Self::RequestTimeout),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::BodyTooLarge),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::UnsupportedMediaType),
            StatusCode::SERVICE_UNAVAILABLE => Some(Self::Unavailable),
            status if status.is_server_error() => Some(Self::Internal),
            _ => None,
        }
    }

    #[rustfmt::skip] // One row each.
    fn row(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::MalformedRequest => (StatusCode::BAD_REQUEST, "malformed-request", "The request is malformed"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The request body is too large"),
            Self::UriTooLong => (StatusCode::URI_TOO_LONG, "uri-too-long", "The address is too long"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The request body must be application/json"),
            Self::RequestTimeout => (StatusCode::REQUEST_TIMEOUT, "request-timeout", "The request took too long"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "The path does not take this method"),
            Self::CeremonyUnknown => (StatusCode::BAD_REQUEST, "ceremony-unknown", "The ceremony is unknown, expired or used"),
            Self::UsernameInvalid => (StatusCode::BAD_REQUEST, "username-invalid", "The account name cannot be used"),
            Self::UsernameTaken => (StatusCode::CONFLICT, "username-taken", "The account name is taken"),
            Self::RegistrationNotAllowed => (StatusCode::FORBIDDEN, "registration-not-allowed", "An account of this name is not allowed"),
            Self::AuthenticatorNotAllowed => (StatusCode::FORBIDDEN, "authenticator-not-allowed", "This kind of authenticator is not allowed here"),
            Self::VerificationFailed => (StatusCode::FORBIDDEN, "verification-failed", "The response was not accepted"),
            Self::UnknownCredential => (StatusCode::NOT_FOUND, "unknown-credential", "The credential is not registered"),
            Self::CredentialWaits => (StatusCode::TOO_MANY_REQUESTS, "credential-waits", "Too many failed attempts with this credential"),
            Self::CredentialDisabled => (StatusCode::FORBIDDEN, "credential-disabled", "The credential was disabled after too many failed attempts"),
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not-signed-in", "Not signed in"),
            Self::SessionStale => (StatusCode::FORBIDDEN, "session-stale", "Sign in again first"),
            Self::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::ForbiddenOrigin => (StatusCode::FORBIDDEN, "forbidden-origin", "Not from this origin"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again in a moment"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
        }
    }
}
