//! CTAP2 status codes that this authenticator can answer with (CTAP 2.1, 8.2).

use crate::cbor::CborError;

/// One byte that stands in front of every answer; all but [`Status::Ok`] are refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// CTAP2_OK.
    Ok = 0x00,
    /// CTAP1_ERR_INVALID_COMMAND.
    InvalidCommand = 0x01,
    /// CTAP1_ERR_INVALID_PARAMETER.
    InvalidParameter = 0x02,
    /// CTAP1_ERR_INVALID_LENGTH.
    InvalidLength = 0x03,
    /// CTAP2_ERR_CBOR_UNEXPECTED_TYPE.
    CborUnexpectedType = 0x11,
    /// CTAP2_ERR_INVALID_CBOR.
    InvalidCbor = 0x12,
    /// CTAP2_ERR_MISSING_PARAMETER.
    MissingParameter = 0x14,
    /// CTAP2_ERR_CREDENTIAL_EXCLUDED.
    CredentialExcluded = 0x19,
    /// CTAP2_ERR_UNSUPPORTED_ALGORITHM.
    UnsupportedAlgorithm = 0x26,
    /// CTAP2_ERR_OPERATION_DENIED.
    OperationDenied = 0x27,
    /// CTAP2_ERR_KEY_STORE_FULL.
    KeyStoreFull = 0x28,
    /// CTAP2_ERR_UNSUPPORTED_OPTION.
    UnsupportedOption = 0x2B,
    /// CTAP2_ERR_INVALID_OPTION.
    InvalidOption = 0x2C,
    /// CTAP2_ERR_KEEPALIVE_CANCEL.
    KeepaliveCancel = 0x2D,
    /// CTAP2_ERR_NO_CREDENTIALS.
    NoCredentials = 0x2E,
    /// CTAP2_ERR_USER_ACTION_TIMEOUT.
    UserActionTimeout = 0x2F,
    /// CTAP2_ERR_NOT_ALLOWED.
    NotAllowed = 0x30,
    /// CTAP2_ERR_PIN_AUTH_INVALID.
    PinAuthInvalid = 0x33,
    /// CTAP2_ERR_REQUEST_TOO_LARGE.
    RequestTooLarge = 0x39,
    /// CTAP2_ERR_INVALID_SUBCOMMAND.
    InvalidSubcommand = 0x3E,
    /// CTAP1_ERR_OTHER.
    Other = 0x7F,
}

impl Status {
    /// The byte on the wire.
    #[must_use]
    #[allow(
        clippy::as_conversions,
        reason = "reads the discriminant of a fieldless repr(u8) enum"
    )]
    pub const fn to_byte(self) -> u8 {
        self as u8
    }
}

impl From<CborError> for Status {
    fn from(error: CborError) -> Self {
        match error {
            CborError::UnexpectedType(_) => Self::CborUnexpectedType,
            CborError::Missing(_) => Self::MissingParameter,
            CborError::Invalid(_) => Self::InvalidParameter,
            _ => Self::InvalidCbor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CborError, Status};

    #[test]
    fn cbor_faults_map_to_the_codes_of_ctap_8_2() {
        let byte = |error| Status::from(error).to_byte();
        assert_eq!(byte(CborError::Truncated), 0x12);
        assert_eq!(byte(CborError::KeyOrder), 0x12);
        assert_eq!(byte(CborError::UnexpectedType("rp")), 0x11);
        assert_eq!(byte(CborError::Missing("rp")), 0x14);
        assert_eq!(byte(CborError::Invalid("rp")), 0x02);
    }
}
