//! Decision subsystem: the one place where a comparison becomes yes or no, and yes becomes a value.

use std::fmt;

use crate::comparison;
use crate::data_storage::Reference;
use crate::model;
use crate::signal_processing::features::Features;

/// The ceremony a run belongs to. The caller chooses 32 bytes that no other ceremony has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CeremonyId([u8; 32]);

impl CeremonyId {
    /// Names a ceremony by 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes it was named by.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Proof that the enrolled person was before the camera in one named ceremony.
///
/// Made in this module only, never cloned, and meant to be consumed by the signing step.
#[must_use]
pub struct UserVerified {
    ceremony: CeremonyId,
}

impl UserVerified {
    /// The only ceremony this proof is good for.
    pub fn ceremony(&self) -> CeremonyId {
        self.ceremony
    }
}

impl fmt::Debug for UserVerified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserVerified")
    }
}

/// The outcome of one comparison. The score is not part of it (scores allow hill climbing).
#[derive(Debug)]
#[must_use]
pub enum Decision {
    /// The look matches the reference.
    Accepted(UserVerified),
    /// It does not, or something was amiss; the reason stays inside.
    Refused,
}

/// Compares a look with the reference once, at the manifest's operating point.
pub(crate) fn decide(
    ceremony: CeremonyId,
    reference: &Reference,
    probe: Option<&Features>,
) -> Decision {
    // Without a manifest there is no threshold, and without a threshold nobody is accepted.
    let Some(point) = model::manifest().map(|manifest| manifest.operating_point()) else {
        return Decision::Refused;
    };
    match probe {
        Some(probe)
            if reference.fits_this_pipeline()
                && comparison::cosine(reference.features(), probe) >= point.threshold =>
        {
            Decision::Accepted(UserVerified { ceremony })
        }
        _ => Decision::Refused,
    }
}
