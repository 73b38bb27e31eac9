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
#[path = "support/player.rs"]
mod player;
#[path = "support/y4m.rs"]
mod y4m;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use biometric_system::presentation_attack_detection::Layer;
use biometric_system::{
    CeremonyId, Decision, Enrolment, EnrolmentError, Guidance, Light, Reference, Step, Verification,
};
use player::{Act, Player, STEP_MS};
use y4m::Video;

fn ceremony(tag: u8) -> CeremonyId {
    CeremonyId::new([tag; 32])
}

/// The reference of the man of "cap12", through storage and back.
fn reference() -> &'static Reference {
    static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
        let mut man = Player::new();
        let (outcome, steps) = player::enrol(models::load(), ceremony(1), 400, |guidance| {
            man.picture(Act::asked(guidance))
        });
        let (reference, verified) = outcome.expect("the man of cap12 enrols");
        assert_eq!(verified.ceremony(), ceremony(1));
        let layers = verified.presentation_attack_detection().layers();
        assert_eq!(layers, [Layer::Texture, Layer::HeadTurn]);
        assert!(
            steps
                .windows(2)
                .all(|pair| pair[0].captured <= pair[1].captured)
        );
        assert!(steps.iter().all(|step| step.light.is_none()));
        let bytes = reference.to_bytes();
        Reference::from_bytes(bytes.expose_secret("test")).unwrap()
    });
    &REFERENCE
}

/// The sides asked for in a look, in their order.
fn sides(steps: &[Step]) -> Vec<Act> {
    let mut sides: Vec<Act> = Vec::new();
    let mut last = Act::Ahead;
    for step in steps {
        let act = Act::asked(step.guidance);
        if act != Act::Ahead && act != last {
            sides.push(act);
        }
        last = act;
    }
    sides
}

#[test]
fn the_enrolled_man_is_accepted_in_every_order_of_turns() {
    let mut orders = BTreeMap::new();
    for attempt in 0..40 {
        let mut probe = Verification::start(ceremony(2), attempt, Light::Declined);
        // Which turn comes first is seen after a few frames; the whole look is played for new orders only.
        let first = {
            let mut man = Player::new();
            (0..14)
                .map(|i| {
                    let frame = player::frame(man.picture(Act::Ahead), f64::from(i) * STEP_MS);
                    Act::asked(probe.offer(models::load(), frame).guidance)
                })
                .find(|act| *act != Act::Ahead)
                .expect("a prompt to turn")
        };
        if orders.contains_key(&(first == Act::Left)) {
            continue;
        }
        let (verification, steps) = player::obedient(models::load(), ceremony(2), attempt);
        let asked = sides(&steps);
        assert_eq!((asked.len(), asked[0]), (3, first));
        assert!(
            steps
                .windows(2)
                .all(|pair| pair[0].captured <= pair[1].captured)
        );
        let last = steps.last().unwrap();
        assert_eq!((last.captured, last.needed), (4, Verification::NEEDED));
        assert!(
            (steps.len() as f64) * STEP_MS < 12_000.0,
            "the look is slow"
        );
        match verification.decide(reference()) {
            Decision::Accepted(verified) => {
                assert_eq!(verified.ceremony(), ceremony(2));
                let layers = verified.presentation_attack_detection().layers();
                assert_eq!(layers, [Layer::Texture, Layer::HeadTurn]);
            }
            Decision::Refused => panic!("the enrolled man is refused, turning {asked:?}"),
        }
        orders.insert(first == Act::Left, asked);
        if orders.len() == 2 {
            return;
        }
    }
    panic!("not every order came up");
}

#[test]
fn a_look_with_colours_shows_each_for_its_time_and_falls_back_to_a_third_turn() {
    // The man in the video sat before another screen: he answers no colours.
    let mut man = Player::new();
    let mut verification = Verification::start(ceremony(3), 0, Light::Offered);
    let steps = player::verify(models::load(), &mut verification, STEP_MS, |guidance| {
        man.picture(Act::asked(guidance))
    });
    let mut colours: Vec<_> = steps.iter().filter_map(|step| step.light).collect();
    assert!(
        (46..=50).contains(&colours.len()),
        "{} frames lit",
        colours.len()
    );
    colours.dedup();
    assert_eq!(colours.len(), 8);
    assert_eq!(steps.last().unwrap().light, None);
    assert_eq!(sides(&steps).len(), 3);
    match verification.decide(reference()) {
        Decision::Accepted(verified) => {
            let layers = verified.presentation_attack_detection().layers();
            assert_eq!(layers, [Layer::Texture, Layer::HeadTurn]);
        }
        Decision::Refused => panic!("refused where the light cannot be measured"),
    }
}

/// Plays to a look without colours until it is over; it must be refused.
fn refused(tag: u8, step_ms: f64, picture: impl FnMut(Guidance) -> Vec<u8>) -> Vec<Step> {
    let mut verification = Verification::start(ceremony(tag), 0, Light::Declined);
    let steps = player::verify(models::load(), &mut verification, step_ms, picture);
    assert!(matches!(
        verification.decide(reference()),
        Decision::Refused
    ));
    steps
}

#[test]
fn another_man_is_refused_at_once_when_he_takes_over() {
    let (mut man, other) = (Player::new(), Video::open("franck"));
    let mut turned = false;
    let mut i = 0;
    let steps = refused(4, STEP_MS, |guidance| {
        turned |= Act::asked(guidance) != Act::Ahead;
        if turned && Act::asked(guidance) == Act::Ahead {
            i += 1;
            other.rgba(i % other.len())
        } else {
            man.picture(Act::asked(guidance))
        }
    });
    assert!(steps.last().unwrap().captured < Verification::NEEDED);
}

#[test]
fn turning_to_the_other_side_is_refused() {
    let mut man = Player::new();
    let steps = refused(5, STEP_MS, |guidance| {
        man.picture(Act::asked(guidance).other_side())
    });
    assert_eq!(
        steps.last().unwrap().captured,
        1,
        "only the look ahead counts"
    );
}

#[test]
fn who_only_looks_ahead_is_refused_when_the_time_is_over() {
    let mut man = Player::new();
    let steps = refused(6, 500.0, |_| man.picture(Act::Ahead));
    assert!(steps.len() as f64 * 500.0 > 30_000.0);
}

#[test]
fn a_picture_tilted_as_asked_is_refused() {
    let mut man = Player::new();
    let mut tilt: f32 = 0.0;
    refused(7, 200.0, |guidance| {
        let aim = match Act::asked(guidance) {
            Act::Ahead => 0.0,
            Act::Left => 35.0,
            Act::Right => -35.0,
        };
        tilt += (aim - tilt).clamp(-14.0, 14.0);
        tilted(&man.picture(Act::Ahead), tilt)
    });
}

/// The picture as a sheet turned by `degrees` about the upright axis through the face, seen from about eight
/// eye distances.
fn tilted(rgba: &[u8], degrees: f32) -> Vec<u8> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (centre_x, centre_y, far) = (300.0, 240.0, 600.0);
    let mut out = vec![90; rgba.len()];
    for y in 0..480 {
        for x in 0..640 {
            // The point of the sheet that the ray through this pixel meets.
            let (u, v) = (x as f32 - centre_x, y as f32 - centre_y);
            let across = u * far / (far * cos - u * sin);
            let down = v * (far + across * sin) / far;
            let (from_x, from_y) = ((across + centre_x).round(), (down + centre_y).round());
            if (0.0..640.0).contains(&from_x) && (0.0..480.0).contains(&from_y) {
                let from = (from_y as usize * 640 + from_x as usize) * 4;
                let to = (y * 640 + x) * 4;
                out[to..to + 4].copy_from_slice(&rgba[from..from + 4]);
            }
        }
    }
    out
}

#[test]
fn a_recording_in_a_loop_is_refused() {
    let video = Video::open("cap13");
    let mut i = 0;
    let steps = refused(8, STEP_MS, |_| {
        i += 1;
        video.rgba(i % 20)
    });
    assert!(steps.len() < 30, "{} frames", steps.len());
}

/// No frame of the video may become a capture, in an enrolment or a verification.
fn never_captured(name: &str, guidance: Guidance) {
    let system = models::load();
    let mut verification = Verification::start(ceremony(9), 0, Light::Offered);
    let mut last = Guidance::Good;
    for frame in Video::open(name).play() {
        let step = verification.offer(system, frame);
        assert_eq!((step.captured, step.complete, step.light), (0, false, None));
        last = step.guidance;
    }
    assert_eq!(last, guidance);
    let mut enrolment = Enrolment::start(ceremony(3));
    for frame in Video::open(name).play().take(40) {
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
fn an_enrolment_without_turns_fails_when_the_time_is_over() {
    let mut man = Player::new();
    let mut enrolment = Enrolment::start(ceremony(10));
    let mut complete = false;
    for i in 0..130 {
        let frame = player::frame(man.picture(Act::Ahead), f64::from(i) * 500.0);
        let step = enrolment.offer(models::load(), frame);
        assert!(step.captured <= 3);
        complete |= step.complete;
    }
    assert!(complete);
    assert_eq!(enrolment.finish().err(), Some(EnrolmentError::TimedOut));
}

#[test]
fn a_second_person_cannot_slip_into_an_enrolment() {
    let (mut man, second) = (Player::new(), Video::open("franck"));
    let mut enrolment = Enrolment::start(ceremony(5));
    let mut at_ms = 0.0;
    let mut captured = 0;
    while captured < 3 && at_ms < 8000.0 {
        let frame = player::frame(man.picture(Act::Ahead), at_ms);
        captured = enrolment.offer(models::load(), frame).captured;
        at_ms += STEP_MS;
    }
    assert_eq!(captured, 3, "the first man gives three captures");
    let mut i = 0;
    let mut started_again = false;
    for _ in 0..100 {
        i += 1;
        let step = enrolment.offer(models::load(), second.frame(i, at_ms));
        at_ms += STEP_MS;
        started_again |= step.captured == 0;
        assert!(
            started_again || step.captured == 3,
            "a capture of the second man was added"
        );
    }
}
