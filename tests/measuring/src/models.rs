//! Loads the installed models.

use std::path::Path;

use biometric_system::model::{Manifest, manifest};
use biometric_system::{BiometricSystem, ModelFiles};

/// The built-in manifest.
///
/// # Errors
/// A sentence when it cannot be read.
pub fn built_in() -> Result<&'static Manifest, String> {
    manifest().ok_or_else(|| "the built-in model manifest cannot be read".to_owned())
}

/// The biometric system with the models of `target/models`.
///
/// # Errors
/// A model is not installed, or is not the one in the manifest.
pub fn load() -> Result<BiometricSystem, String> {
    BiometricSystem::load(ModelFiles {
        detector: &read("detector")?,
        extractor: &read("extractor")?,
        presentation_attack_detector: &read("presentation-attack-detector")?,
    })
    .map_err(|error| error.to_string())
}

fn read(role: &str) -> Result<Vec<u8>, String> {
    let model = built_in()?.model(role);
    let file = &model
        .ok_or_else(|| format!("the manifest has no {role}"))?
        .file;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/models");
    std::fs::read(folder.join(file))
        .map_err(|error| format!("target/models/{file}: {error}: run `cargo xtask setup`"))
}
