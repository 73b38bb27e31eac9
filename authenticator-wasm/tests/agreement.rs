//! The same code gives the same numbers natively and as WASM in a real browser, on real models and real frames.
//!
//! The native numbers and the frames come from the example `golden` of `biometric-system`; `cargo xtask test`
//! runs it first and switches the feature on that this test needs.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests; the lint knows only functions marked #[test]"
)]

use biometric_system::test_support::{live_probability, measure};
use biometric_system::{BiometricSystem, Frame, ModelFiles};
use serde::Deserialize;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Largest difference of a feature, of the texture value, and of a landmark in pixels.
const FEATURE: f32 = 1e-4;
const LIVE: f32 = 1e-4;
const LANDMARK: f32 = 1e-2;

macro_rules! target {
    ($path:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/", $path))
    };
}

const GOLDEN: &[u8] = target!("golden/agreement.json");
const PIXELS: [&[u8]; 4] = [
    target!("golden/0.rgba"),
    target!("golden/1.rgba"),
    target!("golden/2.rgba"),
    target!("golden/3.rgba"),
];
const MODELS: ModelFiles<'_> = ModelFiles {
    detector: target!("models/face_detection_yunet_2023mar.onnx"),
    extractor: target!("models/face_recognition_sface_2021dec_rounded.onnx"),
    presentation_attack_detector: target!("models/minifasnet_v2_int8bq.onnx"),
};

#[derive(Deserialize)]
struct Native {
    width: u32,
    height: u32,
    landmarks: [[f32; 2]; 5],
    features: Vec<f32>,
    live: f32,
}

#[wasm_bindgen_test]
fn the_browser_gives_what_native_code_gives() {
    let natives: Vec<Native> = serde_json::from_slice(GOLDEN).expect("agreement.json");
    assert_eq!(natives.len(), PIXELS.len());
    let system = BiometricSystem::load(MODELS).expect("models load");
    for (native, pixels) in natives.iter().zip(PIXELS) {
        let frame = Frame::new(native.width, native.height, pixels.to_vec(), 0.0).expect("frame");
        let here = measure(&system, &frame).expect("a face, here too");
        let landmarks = here.landmarks.as_flattened();
        let apart = farthest(landmarks, native.landmarks.as_flattened());
        assert!(apart <= LANDMARK, "landmarks are {apart} pixels apart");
        let apart = farthest(&here.features, &native.features);
        assert!(apart <= FEATURE, "features are {apart} apart");
        let live = live_probability(&system, &frame).expect("a texture value, here too");
        let apart = (live - native.live).abs();
        assert!(apart <= LIVE, "texture values are {apart} apart");
    }
}

/// The largest difference of two lists; infinite when one is longer or a number is none.
fn farthest(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return f32::INFINITY;
    }
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |most, each| {
        if each.is_nan() {
            f32::INFINITY
        } else {
            most.max(each)
        }
    })
}
