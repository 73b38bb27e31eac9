//! Which authenticators a deployment takes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::attestation::AttestationRoots;
use crate::user_verification::UserVerification;

/// What registrations ask of attestation (WebAuthn Level 3 section 5.4.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attestation {
    /// Conveyance `none`: none is asked for. One that comes all the same must be in order.
    #[default]
    None,
    /// Conveyance `direct`, and a response without a statement is refused. Taken is packed self attestation (section
    /// 8.2), which proves that whoever registers holds the private key, and nothing about the device.
    Direct,
}

impl Attestation {
    /// The value of the options' member `attestation`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Direct => "direct",
        }
    }
}

impl fmt::Display for Attestation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no conveyance that this server knows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("attestation is none or direct")]
pub struct UnknownAttestation;

impl FromStr for Attestation {
    type Err = UnknownAttestation;

    fn from_str(name: &str) -> Result<Self, UnknownAttestation> {
        [Self::None, Self::Direct]
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or(UnknownAttestation)
    }
}

/// Which authenticators may register and sign in, and what they must show. A registration always needs user
/// verification.
///
/// An AAGUID is the word of the authenticator: without attestation that leads to a root it keeps out people who use
/// another kind by mistake, not people who mean to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthenticatorPolicy {
    /// The models that are taken; any where empty. Asked again at each sign-in, so that a model taken off the list is
    /// shut out at once.
    pub aaguids: BTreeSet<Uuid>,
    /// What registrations ask of attestation.
    pub attestation: Attestation,
    /// Where set, conveyance is `direct` and only packed attestation by certificates that lead to one of these roots
    /// is taken (section 8.2): neither none nor self attestation, and no other format.
    pub attestation_roots: Option<AttestationRoots>,
    /// Whether a sign-in needs user verification. A session that was opened without is never fresh, so that what needs
    /// a fresh one needs user verification whatever this says. So do credentials of our own AAGUID.
    pub user_verification: UserVerification,
}

impl AuthenticatorPolicy {
    /// What registrations ask for.
    pub(crate) fn conveyance(&self) -> Attestation {
        match self.attestation_roots {
            Some(_) => Attestation::Direct,
            None => self.attestation,
        }
    }

    /// Whether credentials of this model are taken.
    pub(crate) fn admits(&self, aaguid: Uuid) -> bool {
        self.aaguids.is_empty() || self.aaguids.contains(&aaguid)
    }
}
