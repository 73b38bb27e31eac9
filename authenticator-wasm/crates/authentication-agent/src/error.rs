//! What went wrong, sorted by what the relying party's page may learn about it.

use core::fmt;

use ctap2::{CborError, Status};

/// A refusal. Outward it is its [`Error::code`]; the detail names a rule, never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error {
    code: Code,
    detail: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    NotAllowed,
    InvalidState,
    Security,
    NotSupported,
    Constraint,
    Data,
    Syntax,
    Unknown,
}

impl Error {
    /// The stable code that crosses the message port: `not-allowed`, `invalid-state`, `security`,
    /// `not-supported`, `constraint`, `data`, `syntax` or `unknown`. They follow the DOMException names of
    /// WebAuthn Level 3, 5.1.3 and 5.1.4 (`data` stands for TypeError and EncodingError).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.code {
            Code::NotAllowed => "not-allowed",
            Code::InvalidState => "invalid-state",
            Code::Security => "security",
            Code::NotSupported => "not-supported",
            Code::Constraint => "constraint",
            Code::Data => "data",
            Code::Syntax => "syntax",
            Code::Unknown => "unknown",
        }
    }

    /// The rule that was broken, for the agent's own log.
    #[must_use]
    pub const fn detail(&self) -> &'static str {
        self.detail
    }

    pub(crate) const fn not_allowed(detail: &'static str) -> Self {
        Self::new(Code::NotAllowed, detail)
    }

    pub(crate) const fn invalid_state(detail: &'static str) -> Self {
        Self::new(Code::InvalidState, detail)
    }

    pub(crate) const fn security(detail: &'static str) -> Self {
        Self::new(Code::Security, detail)
    }

    pub(crate) const fn not_supported(detail: &'static str) -> Self {
        Self::new(Code::NotSupported, detail)
    }

    pub(crate) const fn constraint(detail: &'static str) -> Self {
        Self::new(Code::Constraint, detail)
    }

    pub(crate) const fn data(detail: &'static str) -> Self {
        Self::new(Code::Data, detail)
    }

    pub(crate) const fn syntax(detail: &'static str) -> Self {
        Self::new(Code::Syntax, detail)
    }

    pub(crate) const fn unknown(detail: &'static str) -> Self {
        Self::new(Code::Unknown, detail)
    }

    const fn new(code: Code, detail: &'static str) -> Self {
        Self { code, detail }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.detail)
    }
}

impl core::error::Error for Error {}

/// How the client answers for its authenticator (WebAuthn Level 3, 5.1.3 step 22 and 5.1.4 step 19).
impl From<Status> for Error {
    fn from(status: Status) -> Self {
        match status {
            Status::CredentialExcluded => Self::invalid_state("credential is excluded"),
            Status::UnsupportedAlgorithm => Self::not_supported("no algorithm in common"),
            Status::InvalidOption | Status::UnsupportedOption => {
                Self::constraint("option cannot be met")
            }
            Status::NoCredentials => Self::not_allowed("no credential fits"),
            Status::OperationDenied => Self::not_allowed("not verified for this ceremony"),
            _ => Self::unknown("authenticator failed"),
        }
    }
}

impl From<CborError> for Error {
    fn from(_: CborError) -> Self {
        Self::unknown("CBOR")
    }
}
