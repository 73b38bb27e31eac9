//! Real face videos through the whole biometric system, as a camera would deliver them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "a test"
)]

#[path = "support/models.rs"]
mod models;
#[path = "support/y4m.rs"]
mod y4m;

use biometric_system::{
    BiometricSystem, CeremonyId, Decision, Enrolment, EnrolmentError, Guidance, Reference, Step,
    UserVerified, Verification,
};
use y4m::Video;

fn ceremony(tag: u8) -> CeremonyId {
    CeremonyId::new([tag; 32])
}

/// Enrols on one pass of a video.
fn enrol(
    system: &BiometricSystem,
    name: &str,
) -> Result<(Reference, UserVerified), EnrolmentError> {
    let video = Video::open(name);
    let mut enrolment = Enrolment::start(ceremony(1));
    let mut captured = 0;
    for frame in video.play() {
        let step = enrolment.offer(system, frame);
        assert!(
            step.captured >= captured,
            "the enrolment of one person never starts again"
        );
        captured = step.captured;
        if step.complete {
            assert_eq!(step.captured, step.needed);
            break;
        }
    }
    enrolment.finish()
}

/// Plays a video to a verification until the look is complete; the verification and its steps.
fn look(system: &BiometricSystem, name: &str) -> (Verification, Vec<Step>) {
    let mut verification = Verification::start(ceremony(2));
    let mut steps = Vec::new();
    for frame in Video::open(name).play() {
        steps.push(verification.offer(system, frame));
        if steps.last().is_some_and(|step| step.complete) {
            break;
        }
    }
    (verification, steps)
}

#[test]
fn the_enrolled_man_is_accepted_and_another_is_refused() {
    let system = models::load();
    let (reference, verified) = enrol(system, "cap12").expect("the man of cap12 enrols");
    assert_eq!(verified.ceremony(), ceremony(1));

    // A reference that went through storage decides like the fresh one.
    let bytes = reference.to_bytes();
    let reference = Reference::from_bytes(bytes.expose_secret("test")).unwrap();

    let (verification, steps) = look(system, "cap13");
    assert!(steps.last().unwrap().complete, "no look at cap13");
    let first_good = steps.iter().position(|s| s.captured > 0).unwrap();
    assert!(
        steps.len() - first_good <= 10,
        "a look takes more than ten good frames"
    );
    match verification.decide(&reference) {
        Decision::Accepted(verified) => assert_eq!(verified.ceremony(), ceremony(2)),
        Decision::Refused => panic!("the enrolled man is refused on his second take"),
    }

    let (verification, steps) = look(system, "franck");
    assert!(steps.last().unwrap().complete, "no look at franck");
    assert!(matches!(verification.decide(&reference), Decision::Refused));

    // A look that was never finished is refused too.
    let unfinished = Verification::start(ceremony(4));
    assert!(matches!(unfinished.decide(&reference), Decision::Refused));
}

/// No frame of the video may become a capture, in an enrolment or a verification.
fn never_captured(name: &str, guidance: Guidance) {
    let system = models::load();
    let (_, steps) = look(system, name);
    assert!(
        steps
            .iter()
            .all(|step| step.captured == 0 && !step.complete)
    );
    assert_eq!(steps.last().unwrap().guidance, guidance);
    let mut enrolment = Enrolment::start(ceremony(3));
    for frame in Video::open(name).play().take(60) {
        assert_eq!(enrolment.offer(system, frame).captured, 0);
    }
    assert_eq!(enrolment.finish().err(), Some(EnrolmentError::Incomplete));
}

#[test]
fn two_faces_are_never_captured() {
    never_captured("two-faces", Guidance::SeveralFaces);
}

#[test]
fn a_frozen_picture_is_never_captured() {
    never_captured("frozen", Guidance::FrozenPicture);
}

#[test]
fn no_face_is_never_captured() {
    never_captured("no-face", Guidance::NoFace);
}

#[test]
fn a_second_person_cannot_slip_into_an_enrolment() {
    let system = models::load();
    let (first, second) = (Video::open("cap12"), Video::open("franck"));
    let mut enrolment = Enrolment::start(ceremony(5));
    let mut at_ms = 0.0;
    let mut captured = 0;
    for i in 0..first.len() {
        captured = enrolment.offer(system, first.frame(i, at_ms)).captured;
        at_ms += 1000.0 / first.frames_per_second;
        if captured == 3 {
            break;
        }
    }
    assert_eq!(captured, 3, "the first man gives three captures");
    let mut started_again = false;
    for i in 0..second.len() {
        let step = enrolment.offer(system, second.frame(i, at_ms));
        at_ms += 1000.0 / second.frames_per_second;
        started_again |= step.captured == 0;
        assert!(
            started_again || step.captured == 3,
            "a capture of the second man was added"
        );
    }
    assert!(started_again);
}
