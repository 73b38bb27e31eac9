//! The flag bits of authenticator data that carry a statement (WebAuthn Level 3, 6.1).

use crate::cbor::CborError;

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;

/// User present, user verified, backup eligible, backed up.
///
/// This crate cannot know whether a person was verified: whoever sets `user_verified` must hold the
/// proof. In this product that is one function of the authentication agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// UP (bit 0).
    pub user_present: bool,
    /// UV (bit 2).
    pub user_verified: bool,
    /// BE (bit 3).
    pub backup_eligible: bool,
    /// BS (bit 4); only with BE.
    pub backup_state: bool,
}

impl Flags {
    /// The bits in their places; AT and ED are added by the encoder.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        let mut byte = 0;
        if self.user_present {
            byte |= UP;
        }
        if self.user_verified {
            byte |= UV;
        }
        if self.backup_eligible {
            byte |= BE;
        }
        if self.backup_state {
            byte |= BS;
        }
        byte
    }

    /// Reads the bits, AT and ED already removed.
    ///
    /// # Errors
    /// [`CborError::Invalid`] for a reserved bit, or BS without BE (6.1.3: "not allowed").
    pub fn from_byte(byte: u8) -> Result<Self, CborError> {
        let flags = Self {
            user_present: byte & UP != 0,
            user_verified: byte & UV != 0,
            backup_eligible: byte & BE != 0,
            backup_state: byte & BS != 0,
        };
        let reserved = byte & !(UP | UV | BE | BS) != 0;
        if reserved || (flags.backup_state && !flags.backup_eligible) {
            return Err(CborError::Invalid("flags"));
        }
        Ok(flags)
    }
}
