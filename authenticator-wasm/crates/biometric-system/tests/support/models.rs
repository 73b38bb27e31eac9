//! Loads the installed models for a test or an example.

#![allow(dead_code, reason = "each test and example uses a part")]

use std::path::PathBuf;
use std::sync::LazyLock;

use biometric_system::model::manifest;
use biometric_system::{BiometricSystem, ModelFiles};

/// The file of a model, from `target/models`.
pub(crate) fn read(role: &str) -> Vec<u8> {
    let file = &manifest()
        .expect("built-in manifest")
        .model(role)
        .expect("role")
        .file;
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../target/models")
        .join(file);
    std::fs::read(&path)
        .unwrap_or_else(|e| panic!("{}: {e}: run `cargo xtask setup`", path.display()))
}

/// The models, loaded once for all tests of a binary.
pub(crate) fn load() -> &'static BiometricSystem {
    static SYSTEM: LazyLock<BiometricSystem> = LazyLock::new(|| {
        BiometricSystem::load(ModelFiles {
            detector: &read("detector"),
            extractor: &read("extractor"),
            presentation_attack_detector: &read("presentation-attack-detector"),
        })
        .expect("models load")
    });
    &SYSTEM
}
