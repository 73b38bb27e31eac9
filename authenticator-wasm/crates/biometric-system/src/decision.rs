//! Decision subsystem: the one place where a comparison becomes yes or no, and yes becomes a value.

use std::fmt;

use crate::comparison;
use crate::data_storage::Reference;
use crate::model;
use crate::presentation_attack_detection::{Layer, Report, continuity, head_turn, light};
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
    report: Report,
}

impl UserVerified {
    /// The only ceremony this proof is good for.
    pub fn ceremony(&self) -> CeremonyId {
        self.ceremony
    }

    /// Which layers of presentation attack detection ran and passed.
    pub fn presentation_attack_detection(&self) -> &Report {
        &self.report
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

/// What a run is for; an enrolment asks for two turns and shows no colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Enrolment,
    Verification,
}

/// What the layers of presentation attack detection found in one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) head_turn: head_turn::Verdict,
    pub(crate) continuity: continuity::Verdict,
    pub(crate) light: light::Verdict,
    /// Of the whole course, for the report.
    pub(crate) transcript: [u8; 32],
}

/// What the comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Match,
    NoMatch,
    /// There was nothing to compare, or nothing to compare it with.
    Impossible,
}

/// The layers that passed when everything passed; None when anything refuses. The only place where the
/// findings come together: every refusal wins over every acceptance, and what did not run is no acceptance.
fn fuse(purpose: Purpose, comparison: Comparison, evidence: Evidence) -> Option<Vec<Layer>> {
    let head_turn::Verdict::Turned(turns) = evidence.head_turn else {
        return None;
    };
    let light = match evidence.light {
        light::Verdict::NotRun | light::Verdict::NotMeasurable => false,
    };
    let turns_needed = match (purpose, light) {
        (Purpose::Verification, false) => 3,
        (Purpose::Verification, true) | (Purpose::Enrolment, _) => 2,
    };
    let accepted = comparison == Comparison::Match
        && evidence.continuity == continuity::Verdict::OnePerson
        && turns >= turns_needed;
    let layers = [(Layer::HeadTurn, true), (Layer::Light, light)];
    let passed = layers
        .into_iter()
        .filter_map(|(layer, passed)| passed.then_some(layer));
    accepted.then(|| passed.collect())
}

/// Compares a run with the reference once, at the manifest's operating point, and fuses that with what the
/// other layers found.
pub(crate) fn decide(
    ceremony: CeremonyId,
    purpose: Purpose,
    reference: &Reference,
    probe: Option<&Features>,
    evidence: Evidence,
) -> Decision {
    match fuse(purpose, compare(reference, probe), evidence) {
        Some(layers) => Decision::Accepted(UserVerified {
            ceremony,
            report: Report::new(layers, evidence.transcript),
        }),
        None => Decision::Refused,
    }
}

fn compare(reference: &Reference, probe: Option<&Features>) -> Comparison {
    // Without a manifest there is no threshold, and without a threshold nobody is accepted.
    let Some(point) = model::manifest().map(|manifest| manifest.operating_point()) else {
        return Comparison::Impossible;
    };
    match probe {
        Some(probe) if reference.fits_this_pipeline() => {
            if comparison::cosine(reference.features(), probe) >= point.threshold {
                Comparison::Match
            } else {
                Comparison::NoMatch
            }
        }
        _ => Comparison::Impossible,
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
        let evidence = Evidence {
            head_turn: head_turn::Verdict::Turned(3),
            continuity: continuity::Verdict::OnePerson,
            light: light::Verdict::NotRun,
            transcript: [9; 32],
        };
        match decide(ceremony, Purpose::Verification, reference, probe, evidence) {
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
            report: Report::new(vec![Layer::HeadTurn], [9; 32]),
        };
        assert_eq!(
            format!("{:?}", Decision::Accepted(verified)),
            "Accepted(UserVerified)"
        );
    }
}
