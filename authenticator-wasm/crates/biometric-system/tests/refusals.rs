//! What must never be accepted: changed model files, and frames without one upright living face.

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

use biometric_system::model::manifest;
use biometric_system::{
    BiometricSystem, CeremonyId, Decision, Enrolment, EnrolmentError, FEATURE_LENGTH, Frame,
    Guidance, Light, LoadError, ModelFiles, Reference, Step, Verification,
};
use y4m::Video;

#[test]
fn the_genuine_models_work() {
    assert!(models::load().warm_up());
}

#[test]
fn one_flipped_bit_in_a_model_is_refused() {
    const ROLES: [&str; 3] = ["detector", "extractor", "presentation-attack-detector"];
    const ERRORS: [LoadError; 3] = [
        LoadError::DetectorDigest,
        LoadError::ExtractorDigest,
        LoadError::PresentationAttackDetectorDigest,
    ];
    let genuine = ROLES.map(models::read);
    let load = |files: [&[u8]; 3]| {
        let [detector, extractor, presentation_attack_detector] = files;
        BiometricSystem::load(ModelFiles {
            detector,
            extractor,
            presentation_attack_detector,
        })
        .err()
    };
    let all = || [0, 1, 2].map(|i: usize| genuine[i].as_slice());
    for (i, error) in ERRORS.into_iter().enumerate() {
        let length = genuine[i].len();
        for at in [0, length / 3, length - 1] {
            let mut flipped = genuine[i].clone();
            flipped[at] ^= 1;
            let mut files = all();
            files[i] = &flipped;
            assert_eq!(load(files), Some(error), "{} byte {at}", ROLES[i]);
        }
        let mut files = all();
        files[i] = &genuine[i][..length - 1];
        assert_eq!(load(files), Some(error), "{} too short", ROLES[i]);
        // Genuine, but in another's place.
        let mut files = all();
        files[i] = &genuine[(i + 1) % 3];
        assert_eq!(load(files), Some(error), "{} exchanged", ROLES[i]);
    }
}

/// Offers frames to both kinds of run; none may be captured. The last step of the verification.
fn never_captured(system: &BiometricSystem, frames: impl Fn() -> Vec<Frame>) -> Step {
    let mut enrolment = Enrolment::start(CeremonyId::new([1; 32]));
    for frame in frames() {
        let step = enrolment.offer(system, frame);
        assert_eq!((step.captured, step.complete), (0, false));
    }
    assert_eq!(enrolment.finish().err(), Some(EnrolmentError::Incomplete));
    let mut verification = Verification::start(CeremonyId::new([2; 32]), 0, Light::Offered);
    let mut last = None;
    for frame in frames() {
        let step = verification.offer(system, frame);
        assert_eq!((step.captured, step.complete), (0, false));
        last = Some(step);
    }
    last.expect("at least one frame")
}

/// Frames of one size whose bytes come from `byte`, 100 ms apart.
fn frames(width: u32, height: u32, count: u32, mut byte: impl FnMut(u32) -> u8) -> Vec<Frame> {
    (0..count)
        .map(|i| {
            let rgba = (0..width * height * 4).map(|_| byte(i)).collect();
            Frame::new(width, height, rgba, f64::from(i) * 100.0).unwrap()
        })
        .collect()
}

#[test]
fn blank_noisy_and_degenerate_frames_give_nothing() {
    let system = models::load();
    for (width, height) in [(640, 480), (1, 1), (16, 16), (1, 4096), (4096, 1), (31, 33)] {
        // A changing shade, so that it does not count as frozen.
        let step = never_captured(system, || frames(width, height, 5, |i| (i * 40) as u8));
        assert_eq!(step.guidance, Guidance::NoFace, "{width}x{height}");
    }
    let seed = std::env::var("SEED").map_or(0x5eed, |seed| seed.parse().expect("a number"));
    println!("SEED={seed}");
    never_captured(system, || {
        let mut state: u64 = seed;
        frames(320, 240, 8, |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        })
    });
}

#[test]
fn a_face_that_stands_on_its_head_or_lies_on_its_side_gives_nothing() {
    let system = models::load();
    let video = Video::open("cap13");
    let (width, height) = (video.width as usize, video.height as usize);
    type Turn = fn(usize, usize, usize, usize) -> usize;
    let turns: [(u32, u32, Turn); 2] = [
        (video.width, video.height, |x, y, w, h| {
            (h - 1 - y) * w + (w - 1 - x)
        }),
        (video.height, video.width, |x, y, w, h| (h - 1 - x) * w + y),
    ];
    for (new_width, new_height, from) in turns {
        never_captured(system, || {
            (0..6)
                .map(|i| {
                    let upright = video.rgba(i);
                    let mut rgba = Vec::with_capacity(upright.len());
                    for y in 0..new_height as usize {
                        for x in 0..new_width as usize {
                            let at = from(x, y, width, height) * 4;
                            rgba.extend_from_slice(&upright[at..at + 4]);
                        }
                    }
                    Frame::new(new_width, new_height, rgba, i as f64 * 66.0).unwrap()
                })
                .collect()
        });
    }
}

#[test]
fn time_that_goes_back_or_stands_still_gives_nothing() {
    let system = models::load();
    let video = Video::open("cap13");
    never_captured(system, || (0..6).map(|i| video.frame(i, 500.0)).collect());
    never_captured(system, || {
        (0..6)
            .map(|i| video.frame(i, 500.0 - i as f64 * 66.0))
            .collect()
    });
}

#[test]
fn the_largest_frames_are_taken_and_hold_nothing() {
    let system = models::load();
    let step = never_captured(system, || frames(4096, 4096, 1, |_| 77));
    assert_eq!(step.guidance, Guidance::NoFace);
}

#[test]
fn half_a_face_is_never_captured() {
    let system = models::load();
    let video = Video::open("cap13");
    never_captured(system, || {
        (0..8)
            .map(|i| {
                let mut rgba = video.rgba(i);
                // The man stands in the middle: everything from there on to the right is hidden.
                for row in rgba.chunks_exact_mut(640 * 4) {
                    row[250 * 4..].fill(30 + i as u8);
                }
                Frame::new(640, 480, rgba, i as f64 * 66.0).unwrap()
            })
            .collect()
    });
}

/// A reference of this pipeline, of nobody in particular.
fn anybody() -> Reference {
    let pipeline = &manifest().expect("built-in manifest").pipeline;
    let mut bytes = b"MBR1".to_vec();
    bytes.push(pipeline.len() as u8);
    bytes.extend_from_slice(pipeline.as_bytes());
    let values = [(1.0 / FEATURE_LENGTH as f32).sqrt(); FEATURE_LENGTH];
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    Reference::from_bytes(&bytes).expect("a reference")
}

/// Every second pixel of every second row.
fn halved(rgba: &[u8]) -> Vec<u8> {
    let rows = rgba.chunks_exact(640 * 4).step_by(2);
    rows.flat_map(|row| row.chunks_exact(8).flat_map(|pair| pair[..4].to_vec()))
        .collect()
}

#[test]
fn a_frame_size_that_changes_in_the_middle_ends_in_a_refusal() {
    let system = models::load();
    let video = Video::open("cap13");
    let mut verification = Verification::start(CeremonyId::new([2; 32]), 0, Light::Offered);
    let mut complete = false;
    for i in 0..60 {
        let at_ms = i as f64 * 66.0;
        let frame = if i % 20 < 10 {
            video.frame(i, at_ms)
        } else {
            Frame::new(320, 240, halved(&video.rgba(i)), at_ms).unwrap()
        };
        complete |= verification.offer(system, frame).complete;
    }
    // The face jumps to half its size and place: nobody moves like that.
    assert!(complete);
    let reference = anybody();
    assert!(matches!(verification.decide(&reference), Decision::Refused));
}
