//! The manifest `models.json`, built in: one entry per model, and the operating point with its evidence.

use std::sync::LazyLock;

use serde::Deserialize;

/// The file that also tells `cargo xtask setup` where to fetch the models.
const MODELS_JSON: &str = include_str!("../../models.json");

static MANIFEST: LazyLock<Option<Manifest>> =
    LazyLock::new(|| serde_json::from_str(MODELS_JSON).ok());

/// The built-in manifest. None only if `models.json` is broken, which a test rules out.
pub fn manifest() -> Option<&'static Manifest> {
    MANIFEST.as_ref()
}

/// Everything `models.json` says that the running system needs.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    /// Version of the whole signal path; references of another version cannot be compared.
    pub pipeline: String,
    /// The models, by role.
    pub models: Vec<ModelEntry>,
    #[serde(rename = "operatingPoint")]
    operating_point: OperatingPoint,
    #[serde(rename = "presentationAttackDetection")]
    presentation_attack_detection: TextureThreshold,
}

/// One model file.
#[derive(Debug, Deserialize)]
pub struct ModelEntry {
    /// `detector`, `extractor` or `presentation-attack-detector`.
    pub role: String,
    /// Name and version of the network.
    pub name: String,
    /// File name under the models folder.
    pub file: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file in lower-case hex.
    pub sha256: String,
    /// Licence of the weights.
    pub licence: String,
}

/// Where accept and refuse part.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct OperatingPoint {
    /// Least cosine that is accepted.
    pub threshold: f32,
    /// False match rate that was aimed at.
    pub fmr: f64,
}

/// Where the texture layer of presentation attack detection parts live from not live.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct TextureThreshold {
    /// Least probability of a live face that passes, 0 to 1.
    pub threshold: f32,
}

impl Manifest {
    /// The threshold of the texture layer.
    pub fn presentation_attack_detection(&self) -> TextureThreshold {
        self.presentation_attack_detection
    }

    /// The operating point.
    pub fn operating_point(&self) -> OperatingPoint {
        self.operating_point
    }

    /// The model with the given role.
    pub fn model(&self, role: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|model| model.role == role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_is_complete() {
        let manifest = manifest().unwrap();
        for role in ["detector", "extractor", "presentation-attack-detector"] {
            let model = manifest.model(role).unwrap();
            assert_eq!(model.sha256.len(), 64, "{role}");
            assert!(model.bytes > 0 && !model.licence.is_empty(), "{role}");
        }
        let point = manifest.operating_point();
        assert!((0.2..0.9).contains(&point.threshold));
        assert!(point.fmr <= 1e-4);
        let texture = manifest.presentation_attack_detection();
        assert!(texture.threshold > 0.0 && texture.threshold < 1.0);
        assert!((1..=255).contains(&manifest.pipeline.len()));
    }
}
