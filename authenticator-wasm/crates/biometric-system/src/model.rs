//! The model port: what the three networks are, checked by digest before use, and how they are run.

pub mod manifest;
mod network;

use std::fmt;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::presentation_attack_detection::texture;
use crate::signal_processing::picture::Picture;
use crate::signal_processing::{alignment, detection, features};
pub use manifest::{Manifest, ModelEntry, OperatingPoint, manifest};
pub(crate) use network::Network;

/// The three networks, loaded. Digests, licences, operating point and thresholds stand in `models.json`.
pub struct BiometricSystem {
    detector: Network,
    extractor: Network,
    presentation_attack_detector: Network,
}

/// The contents of the model files, by role.
#[derive(Clone, Copy)]
pub struct ModelFiles<'a> {
    /// Finds faces.
    pub detector: &'a [u8],
    /// Turns a face into features.
    pub extractor: &'a [u8],
    /// Tells the texture of a living face from that of a print or a screen.
    pub presentation_attack_detector: &'a [u8],
}

/// Why the models were not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// The built-in manifest cannot be read.
    Manifest,
    /// The detector's SHA-256 is not the manifest's: nothing of the file was parsed.
    DetectorDigest,
    /// The extractor's SHA-256 is not the manifest's: nothing of the file was parsed.
    ExtractorDigest,
    /// The presentation attack detector's SHA-256 is not the manifest's: nothing of the file was parsed.
    PresentationAttackDetectorDigest,
    /// The runtime cannot load a file although its digest is right.
    Runtime,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manifest => "the model manifest cannot be read",
            Self::DetectorDigest => "the detector file is not the one in the manifest",
            Self::ExtractorDigest => "the extractor file is not the one in the manifest",
            Self::PresentationAttackDetectorDigest => {
                "the presentation attack detector file is not the one in the manifest"
            }
            Self::Runtime => "the model runtime cannot load a model",
        })
    }
}

impl std::error::Error for LoadError {}

impl BiometricSystem {
    /// Loads the models from the contents of their files, after checking all digests.
    ///
    /// # Errors
    /// [`LoadError`]; no byte is parsed unless all digests are right.
    pub fn load(files: ModelFiles<'_>) -> Result<Self, LoadError> {
        let manifest = manifest().ok_or(LoadError::Manifest)?;
        for (role, bytes, error) in [
            ("detector", files.detector, LoadError::DetectorDigest),
            ("extractor", files.extractor, LoadError::ExtractorDigest),
            (
                "presentation-attack-detector",
                files.presentation_attack_detector,
                LoadError::PresentationAttackDetectorDigest,
            ),
        ] {
            let entry = manifest.model(role).ok_or(LoadError::Manifest)?;
            if entry.sha256 != sha256_hex(bytes) {
                return Err(error);
            }
        }
        let load = |bytes| Network::load(bytes).ok_or(LoadError::Runtime);
        Ok(Self {
            detector: load(files.detector)?,
            extractor: load(files.extractor)?,
            presentation_attack_detector: load(files.presentation_attack_detector)?,
        })
    }

    /// Runs the networks once on black; false when one of them does not work. Optional: called while
    /// the camera starts, it takes what a browser puts off until the first use of the code (about a
    /// second of compilation) off the first real frame.
    pub fn warm_up(&self) -> bool {
        let (side, crop) = (detection::LONG_SIDE, alignment::SIDE);
        let black = Picture {
            width: side,
            height: side,
            scale: 1.0,
            bgr: vec![0.0; 3 * side * side].into(),
            grey: Vec::new().into(),
        };
        let nobody = detection::detect(self, &black).is_some_and(|faces| faces.is_empty());
        let planes = vec![0.0; 3 * crop * crop];
        let outputs = self
            .extractor
            .run(&planes, [3, crop, crop], &[features::OUTPUT]);
        let length = outputs.and_then(|lists| lists.first().map(|list| list.len()));
        nobody && length == Some(features::LENGTH) && texture::warm_up(self)
    }

    pub(crate) fn detector(&self) -> &Network {
        &self.detector
    }

    pub(crate) fn extractor(&self) -> &Network {
        &self.extractor
    }

    pub(crate) fn presentation_attack_detector(&self) -> &Network {
        &self.presentation_attack_detector
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing_is_the_published_one() {
        assert_eq!(
            sha256_hex(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn files_that_are_not_the_manifests_are_refused() {
        let files = ModelFiles {
            detector: b"not a model",
            extractor: b"not a model",
            presentation_attack_detector: b"not a model",
        };
        assert_eq!(
            BiometricSystem::load(files).err(),
            Some(LoadError::DetectorDigest)
        );
    }
}
