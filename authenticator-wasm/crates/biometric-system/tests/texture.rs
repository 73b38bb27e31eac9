//! The texture layer on real video of living people: the median of any five frames passes, in other light too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test"
)]

#[path = "support/models.rs"]
mod models;
#[path = "support/y4m.rs"]
mod y4m;

use biometric_system::Frame;
use biometric_system::model::manifest;
use biometric_system::test_support::live_probability;
use y4m::Video;

/// Every so many frames of a video are judged: 0.4 s apart.
const STEP: usize = 6;
/// Frames of a look.
const LOOK: usize = 5;

/// Brighter (below 1) or darker (above 1).
fn in_other_light(rgba: &[u8], gamma: f32) -> Vec<u8> {
    let table: Vec<u8> = (0..=255_u8)
        .map(|value| ((f32::from(value) / 255.0).powf(gamma) * 255.0).round() as u8)
        .collect();
    let value = |(at, value): (usize, &u8)| {
        if at % 4 == 3 {
            *value
        } else {
            table[usize::from(*value)]
        }
    };
    rgba.iter().enumerate().map(value).collect()
}

#[test]
fn living_people_pass_in_every_window_and_light() {
    let threshold = manifest()
        .unwrap()
        .presentation_attack_detection()
        .threshold;
    let system = models::load();
    for name in ["cap12", "cap13", "franck"] {
        let video = Video::open(name);
        for gamma in [0.5, 1.0, 2.0] {
            let probabilities: Vec<f32> = (0..video.len())
                .step_by(STEP)
                .filter_map(|index| {
                    let pixels = in_other_light(&video.rgba(index), gamma);
                    let frame = Frame::new(video.width, video.height, pixels, 0.0).unwrap();
                    live_probability(system, &frame)
                })
                .collect();
            assert!(probabilities.len() >= 20, "{name}: too few faces");
            for (at, look) in probabilities.windows(LOOK).enumerate() {
                let mut look = look.to_vec();
                look.sort_by(f32::total_cmp);
                assert!(
                    look[LOOK / 2] >= threshold,
                    "{name}, gamma {gamma}, window {at}"
                );
            }
        }
    }
}

#[test]
fn a_frame_without_a_face_says_nothing() {
    let grey = Frame::new(640, 480, vec![128; 640 * 480 * 4], 0.0).unwrap();
    assert_eq!(live_probability(models::load(), &grey), None);
}
