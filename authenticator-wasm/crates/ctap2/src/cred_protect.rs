//! `credProtect` (CTAP 2.1, 12.1): what must come before the use of a credential.

use crate::cbor::{CborError, Fields};

/// Identifier of the extension.
pub const IDENTIFIER: &str = "credProtect";

/// The protection of one credential; each level includes those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredProtect {
    /// Level 1: nothing. The level of a credential for which none was asked.
    #[default]
    UserVerificationOptional,
    /// Level 2: user verification, unless the platform names the credential.
    UserVerificationOptionalWithCredentialIdList,
    /// Level 3: user verification.
    UserVerificationRequired,
}

impl CredProtect {
    /// The level's number, 1 to 3.
    #[must_use]
    pub const fn level(self) -> u64 {
        match self {
            Self::UserVerificationOptional => 1,
            Self::UserVerificationOptionalWithCredentialIdList => 2,
            Self::UserVerificationRequired => 3,
        }
    }

    /// The level with this number.
    ///
    /// # Errors
    /// [`CborError::Invalid`] when there is none: a policy that is not understood cannot be kept.
    pub const fn from_level(level: u64) -> Result<Self, CborError> {
        match level {
            1 => Ok(Self::UserVerificationOptional),
            2 => Ok(Self::UserVerificationOptionalWithCredentialIdList),
            3 => Ok(Self::UserVerificationRequired),
            _ => Err(CborError::Invalid(IDENTIFIER)),
        }
    }

    /// The level that a relying party names in creation options (`credentialProtectionPolicy`), if it is one.
    #[must_use]
    pub fn from_policy(policy: &str) -> Option<Self> {
        match policy {
            "userVerificationOptional" => Some(Self::UserVerificationOptional),
            "userVerificationOptionalWithCredentialIDList" => {
                Some(Self::UserVerificationOptionalWithCredentialIdList)
            }
            "userVerificationRequired" => Some(Self::UserVerificationRequired),
            _ => None,
        }
    }

    pub(crate) fn take(inputs: &mut Fields) -> Result<Option<Self>, CborError> {
        let level = inputs.unsigned(IDENTIFIER, IDENTIFIER)?;
        level.map(Self::from_level).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::CredProtect;

    #[test]
    fn the_levels_are_numbered_and_named() {
        let mut before = None;
        for (level, policy) in [
            (1, "userVerificationOptional"),
            (2, "userVerificationOptionalWithCredentialIDList"),
            (3, "userVerificationRequired"),
        ] {
            let named = CredProtect::from_policy(policy).unwrap();
            assert_eq!(named.level(), level);
            assert_eq!(CredProtect::from_level(level), Ok(named));
            assert!(before < Some(named));
            before = Some(named);
        }
        for level in [0, 4, u64::MAX] {
            assert!(CredProtect::from_level(level).is_err());
        }
        assert_eq!(CredProtect::from_policy("UserVerificationRequired"), None);
    }
}
