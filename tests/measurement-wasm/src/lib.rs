//! The biometric system as a WASM module that measures itself: full looks, times by stage, features for accuracy.
//!
//! Only `cargo xtask bench face` builds it. It hands out features, which the product never does.

use biometric_system::test_support::stages;
use biometric_system::{BiometricSystem, Frame, ModelFiles};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// The loaded networks.
#[wasm_bindgen]
pub struct Measurement {
    system: BiometricSystem,
}

#[wasm_bindgen]
impl Measurement {
    /// Loads the networks. Undefined when a file is not the manifest's.
    pub fn load(
        detector: &[u8],
        extractor: &[u8],
        presentation_attack_detector: &[u8],
    ) -> Option<Self> {
        let files = ModelFiles {
            detector,
            extractor,
            presentation_attack_detector,
        };
        let system = BiometricSystem::load(files).ok()?;
        Some(Self { system })
    }

    /// A full look at one frame (RGBA): detection, alignment, quality, extraction and texture. The features of the face nearest
    /// to the centre, of unit length; empty when there is no face.
    pub fn look(&self, width: u32, height: u32, rgba: Vec<u8>) -> Vec<f32> {
        self.features(width, height, rgba, &mut |_| {}, stages::LONG_SIDE)
            .unwrap_or_default()
    }

    /// Milliseconds of each stage of a full look, in the order of [`stage_names`]; shorter when there is no face.
    pub fn stages(&self, width: u32, height: u32, rgba: Vec<u8>, long_side: usize) -> Vec<f64> {
        let (mut times, mut last) = (Vec::with_capacity(STAGES.len()), now());
        let mut lap = |_: &str| {
            let at = now();
            times.push(at - last);
            last = at;
        };
        let _ = self.features(width, height, rgba, &mut lap, long_side);
        times
    }

    fn features(
        &self,
        width: u32,
        height: u32,
        rgba: Vec<u8>,
        lap: &mut dyn FnMut(&str),
        long_side: usize,
    ) -> Option<Vec<f32>> {
        let frame = Frame::new(width, height, rgba, 0.0).ok()?;
        let picture = stages::shrink(&frame, long_side);
        lap("shrink");
        let face = stages::detect(&self.system, &frame, &picture)?;
        lap("detect");
        let crop = stages::align(&frame, &face)?;
        lap("align");
        let _ = std::hint::black_box(stages::is_good(&frame, &face, &crop));
        lap("quality");
        let features = stages::extract(&self.system, &crop)?;
        lap("extract");
        stages::texture(&self.system, &frame, &face)?;
        lap("texture");
        Some(features.as_slice().to_vec())
    }
}

const STAGES: [&str; 6] = ["shrink", "detect", "align", "quality", "extract", "texture"];

/// The stages of a full look, as [`Measurement::stages`] orders them.
#[wasm_bindgen]
pub fn stage_names() -> Vec<String> {
    STAGES.map(str::to_owned).to_vec()
}
