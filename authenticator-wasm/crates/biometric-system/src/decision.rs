//! Decision subsystem: the one place where a comparison becomes yes or no, and yes becomes a value.

use std::fmt;

use crate::comparison;
use crate::data_storage::Reference;
use crate::model;
use crate::presentation_attack_detection::{
    Layer, Report, capture_sanity, continuity, head_turn, light, texture_verdict,
};
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
    pub(crate) capture: capture_sanity::Verdict,
    pub(crate) texture: texture_verdict::Verdict,
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

/// Turns of the head that a purpose needs, with the light layer passed or not. A verification without it needs one
/// more; an enrolment shows no colours.
pub(crate) const fn turns_needed(purpose: Purpose, light: bool) -> u8 {
    match (purpose, light) {
        (Purpose::Verification, false) => 3,
        (Purpose::Verification, true) | (Purpose::Enrolment, _) => 2,
    }
}

/// The layers that passed when everything passed; None when anything refuses. The only place where the
/// findings come together: every refusal wins over every acceptance, and what did not run is no acceptance.
fn fuse(purpose: Purpose, comparison: Comparison, evidence: Evidence) -> Option<Vec<Layer>> {
    let light = match evidence.light {
        light::Verdict::Passed => true,
        light::Verdict::NotRun | light::Verdict::NotMeasurable => false,
        light::Verdict::Contradicted => return None,
    };
    let turned = match evidence.head_turn {
        head_turn::Verdict::Turned(turns) => turns >= turns_needed(purpose, light),
        head_turn::Verdict::Wrong => false,
    };
    let accepted = comparison == Comparison::Match
        && evidence.capture == capture_sanity::Verdict::NoLoop
        && evidence.texture == texture_verdict::Verdict::Live
        && evidence.continuity == continuity::Verdict::OnePerson
        && turned;
    let mut layers = vec![Layer::Texture, Layer::HeadTurn];
    if light {
        layers.push(Layer::Light);
    }
    accepted.then_some(layers)
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

    const GOOD: Evidence = Evidence {
        capture: capture_sanity::Verdict::NoLoop,
        texture: texture_verdict::Verdict::Live,
        head_turn: head_turn::Verdict::Turned(3),
        continuity: continuity::Verdict::OnePerson,
        light: light::Verdict::NotRun,
        transcript: [9; 32],
    };

    fn accepted(reference: &Reference, probe: Option<&Features>) -> bool {
        let ceremony = CeremonyId::new([7; 32]);
        match decide(ceremony, Purpose::Verification, reference, probe, GOOD) {
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
    fn a_reference_of_another_pipeline_matches_nobody() {
        let pipeline = &model::manifest().unwrap().pipeline;
        let of = |pipeline: &str| Reference::of_pipeline(pipeline, at_cosine(1.0));
        assert!(accepted(&of(pipeline), Some(&at_cosine(1.0))));
        for other in ["", "1", &format!("{pipeline}0")] {
            assert!(!accepted(&of(other), Some(&at_cosine(1.0))), "{other}");
        }
    }

    /// All combinations of all verdicts. Written as a list of what is accepted; everything else is not.
    #[test]
    fn every_refusal_wins_over_every_acceptance() {
        use capture_sanity::Verdict::{Loop, NoLoop};
        use continuity::Verdict::{Broken, OnePerson};
        use head_turn::Verdict::{Turned, Wrong};
        use light::Verdict::{Contradicted, NotMeasurable, NotRun, Passed};
        use texture_verdict::Verdict::{Live, NotLive, TooFew};

        const TURNS: [head_turn::Verdict; 6] =
            [Turned(0), Turned(1), Turned(2), Turned(3), Turned(4), Wrong];
        const ACCEPTED: [(Purpose, light::Verdict, &[usize], &str); 6] = [
            (
                Purpose::Verification,
                Passed,
                &[2, 3, 4],
                "texture head-turn light",
            ),
            (Purpose::Verification, NotRun, &[3, 4], "texture head-turn"),
            (
                Purpose::Verification,
                NotMeasurable,
                &[3, 4],
                "texture head-turn",
            ),
            (
                Purpose::Enrolment,
                Passed,
                &[2, 3, 4],
                "texture head-turn light",
            ),
            (Purpose::Enrolment, NotRun, &[2, 3, 4], "texture head-turn"),
            (
                Purpose::Enrolment,
                NotMeasurable,
                &[2, 3, 4],
                "texture head-turn",
            ),
        ];
        let mut count = 0;
        for purpose in [Purpose::Enrolment, Purpose::Verification] {
            for comparison in [
                Comparison::Match,
                Comparison::NoMatch,
                Comparison::Impossible,
            ] {
                for capture in [NoLoop, Loop] {
                    for texture in [Live, NotLive, TooFew] {
                        for continuity in [OnePerson, Broken] {
                            for (number, head_turn) in TURNS.into_iter().enumerate() {
                                for light in [NotRun, NotMeasurable, Passed, Contradicted] {
                                    let evidence = Evidence {
                                        capture,
                                        texture,
                                        head_turn,
                                        continuity,
                                        light,
                                        transcript: [0; 32],
                                    };
                                    let good = (comparison, capture, texture, continuity)
                                        == (Comparison::Match, NoLoop, Live, OnePerson);
                                    let row = ACCEPTED.iter().find(|(p, l, turns, _)| {
                                        good && (*p, *l) == (purpose, light)
                                            && turns.contains(&number)
                                    });
                                    let fused = fuse(purpose, comparison, evidence).map(|layers| {
                                        layers
                                            .iter()
                                            .map(|l| l.as_str())
                                            .collect::<Vec<_>>()
                                            .join(" ")
                                    });
                                    assert_eq!(
                                        fused.as_deref(),
                                        row.map(|(.., layers)| *layers),
                                        "{purpose:?} {comparison:?} {evidence:?}"
                                    );
                                    count += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(count, 2 * 3 * 2 * 3 * 2 * 6 * 4);
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
