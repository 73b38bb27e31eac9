//! What the camera, the storage and the model files hand to the biometric system.

use std::cell::OnceCell;
use std::path::PathBuf;

use biometric_system::model::manifest;
use biometric_system::{
    BiometricSystem, CeremonyId, Decision, Enrolment, Frame, Light, ModelFiles, Reference,
    Verification,
};

use super::Target;
use crate::seeds;

/// Biometric references as they stand in a record.
pub(super) const REFERENCE: Target = Target {
    name: "reference",
    run: |bytes| {
        if let Ok(reference) = Reference::from_bytes(bytes) {
            assert_eq!(reference.to_bytes().expose_secret("compared"), bytes);
        }
    },
    seeds: || vec![seeds::reference()],
};

/// Frames of any size, content and time, with the real models, into an enrolment and a verification.
///
/// Input: width and height (one byte each), a byte that spoils the length, eight bytes of time, then pixels that
/// are repeated over the picture; a second frame follows with sides exchanged.
pub(super) const FRAME: Target = Target {
    name: "frame",
    run: |bytes| {
        let Some((&[width, height, spoilt], rest)) = bytes.split_first_chunk() else {
            return;
        };
        let Some((time, tile)) = rest.split_first_chunk() else {
            return;
        };
        let at_ms = f64::from_le_bytes(*time);
        let (width, height) = (u32::from(width), u32::from(height));
        let ceremony = CeremonyId::new([7; 32]);
        let mut enrolment = Enrolment::start(ceremony);
        let mut verification = Verification::start(ceremony, u32::from(spoilt), Light::Offered);
        for (width, height, at_ms) in [(width, height, at_ms), (height, width, at_ms + 70.0)] {
            let length = usize::try_from(width * height * 4).expect("at most 260 kB");
            let length = if spoilt == 1 { length + 1 } else { length };
            let pixels: Vec<u8> = tile
                .iter()
                .chain(&[0])
                .copied()
                .cycle()
                .take(length)
                .collect();
            for which in 0..2 {
                let Ok(frame) = Frame::new(width, height, pixels.clone(), at_ms) else {
                    return;
                };
                let step = with_system(|system| match which {
                    0 => enrolment.offer(system, frame),
                    _ => verification.offer(system, frame),
                });
                assert!(step.captured <= step.needed);
            }
        }
        assert!(enrolment.finish().is_err(), "two frames enrol nobody");
        let decision = verification.decide(&seeds::own_reference());
        assert!(matches!(decision, Decision::Refused));
    },
    seeds: seeds::frames,
};

/// Bytes in place of a model file, behind the check of the digest.
pub(super) const MODEL: Target = Target {
    name: "model",
    run: |bytes| {
        let _ = biometric_system::test_support::parse_model(bytes);
    },
    // A small model, or one mutation would take as long as a thousand others.
    seeds: || vec![model_file("detector")],
};

fn with_system<T>(run: impl FnOnce(&BiometricSystem) -> T) -> T {
    thread_local! {
        static SYSTEM: OnceCell<BiometricSystem> = const { OnceCell::new() };
    }
    SYSTEM.with(|system| {
        run(system.get_or_init(|| {
            let files = ["detector", "extractor", "presentation-attack-detector"].map(model_file);
            let [detector, extractor, presentation_attack_detector] = &files;
            let files = ModelFiles {
                detector,
                extractor,
                presentation_attack_detector,
            };
            BiometricSystem::load(files).expect("models load")
        }))
    })
}

fn model_file(role: &str) -> Vec<u8> {
    let manifest = manifest().expect("built-in manifest");
    let file = &manifest.model(role).expect("a model for each role").file;
    let folder = PathBuf::from(std::env::var_os("MIEN_FUZZ_MODELS").unwrap_or_default());
    let path = folder.join(file);
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask setup`", path.display()))
}
