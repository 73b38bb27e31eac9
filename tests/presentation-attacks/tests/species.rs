//! A few presentations of each species against the real biometric system. `cargo xtask attacks` runs many.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test"
)]

use std::sync::LazyLock;

use biometric_system::test_support::verdicts;
use biometric_system::{CeremonyId, Light};
use presentation_attacks::material::Person;
use presentation_attacks::random::Random;
use presentation_attacks::session::{self, Course};
use presentation_attacks::species::{Lab, Species};

/// Fixed, so that a failure can be repeated; `cargo xtask attacks --seed` takes any.
const SEED: u64 = 3;

fn lab() -> &'static Lab {
    static LAB: LazyLock<Lab> =
        LazyLock::new(|| Lab::open(SEED).unwrap_or_else(|error| panic!("{error}")));
    &LAB
}

/// Presents number `number` of a species: to the one man and the other by turns.
fn present(species: Species, number: usize) -> (Course, Person) {
    let lab = lab();
    let victim = if number.is_multiple_of(2) {
        Person::First
    } else {
        Person::Second
    };
    let mut random = Random::part(SEED + number as u64, species.as_str());
    let (seed, ceremony) = (random.bits(), CeremonyId::new(random.bytes()));
    let mut presentation = lab.present(species, victim, seed);
    let light = Light::Offered;
    let course = session::look(
        &lab.system,
        &mut *presentation,
        ceremony,
        light,
        seed,
        &mut |_| {},
    );
    (course, victim)
}

/// How many of `count` presentations are accepted.
fn accepted(species: Species, count: usize) -> usize {
    let accepted = |number: &usize| {
        let (course, victim) = present(species, *number);
        let reference = lab().reference(victim);
        let verdicts = verdicts(&course.verification, reference).unwrap_or_default();
        let accepted = course.accepted(reference);
        if accepted != (species == Species::BonaFide) {
            // All but the score, which is last.
            println!(
                "{} {number}: {:?}",
                species.as_str(),
                &verdicts[..verdicts.len().saturating_sub(1)]
            );
        }
        accepted
    };
    let accepted = (0..count).filter(accepted).count();
    println!(
        "{}: {accepted} of {count} accepted (seed {SEED})",
        species.as_str()
    );
    accepted
}

/// The second man's turns are drawn: the refusals below are not for want of a head that turns.
#[test]
fn live_persons_are_accepted() {
    assert_eq!(accepted(Species::BonaFide, 3), 3);
}

/// The same look of each man, against his own reference and against the other's: every layer passes, so it is the
/// comparison that refuses.
#[test]
fn a_living_stranger_is_refused_by_the_comparison_alone() {
    for number in [0, 1] {
        let (own, man) = present(Species::BonaFide, number);
        let (same, _) = present(Species::BonaFide, number);
        assert!(own.accepted(lab().reference(man)), "{number}");
        assert!(!same.accepted(lab().reference(man.other())), "{number}");
    }
}

#[test]
fn prints_are_refused() {
    assert_eq!(accepted(Species::Print, 2), 0);
    assert_eq!(accepted(Species::BentPrint, 2), 0);
}

#[test]
fn screens_are_refused() {
    assert_eq!(accepted(Species::ScreenReplay, 2), 0);
}

#[test]
fn what_was_recorded_is_refused() {
    assert_eq!(accepted(Species::OldSession, 2), 0);
    assert_eq!(accepted(Species::Loop, 2), 0);
}

#[test]
fn changed_video_is_refused() {
    assert_eq!(accepted(Species::AdaptiveInjection, 2), 0);
    assert_eq!(accepted(Species::FaceSwap, 2), 0);
}

#[test]
fn a_presentation_follows_from_its_seed() {
    let lab = lab();
    let pictures = |seed| {
        let mut presentation = lab.present(Species::BentPrint, Person::First, seed);
        let screen = presentation_attacks::Screen {
            prompt: biometric_system::Guidance::TurnLeft,
            light: Some([200, 90, 90]),
        };
        (0..3)
            .map(|i| presentation.picture(f64::from(i) * 400.0, screen))
            .collect::<Vec<_>>()
    };
    assert!(pictures(5) == pictures(5));
    assert!(pictures(5) != pictures(6));
}
