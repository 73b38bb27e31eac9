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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal_processing::features::LENGTH;

    /// A unit vector at the given cosine to the first axis.
    fn at_cosine(cosine: f32) -> Features {
        let mut values = vec![0.0; LENGTH];
        values[0] = cosine;
        values[1] = (1.0 - cosine * cosine).sqrt();
        Features::normalised(values).unwrap()
    }

    fn accepted(reference: &Reference, probe: Option<&Features>) -> bool {
        let ceremony = CeremonyId::new([7; 32]);
        match decide(ceremony, reference, probe) {
            Decision::Accepted(verified) => verified.ceremony() == ceremony,
            Decision::Refused => false,
        }
    }

    #[test]
    fn yes_and_no_part_at_the_threshold_of_the_manifest() {
        let reference = Reference::new(at_cosine(1.0));
        let threshold = model::manifest().unwrap().operating_point().threshold;
        assert!(accepted(&reference, Some(&at_cosine(1.0))));
        assert!(accepted(&reference, Some(&at_cosine(threshold + 0.001))));
        assert!(!accepted(&reference, Some(&at_cosine(threshold - 0.001))));
        assert!(!accepted(&reference, Some(&at_cosine(-1.0))));
        assert!(!accepted(&reference, None));
    }

    #[test]
    fn debug_shows_no_ceremony() {
        let verified = UserVerified {
            ceremony: CeremonyId::new([7; 32]),
        };
        assert_eq!(
            format!("{:?}", Decision::Accepted(verified)),
            "Accepted(UserVerified)"
        );
    }
}
