//! The manifest `models.json`, built in: one entry per model, and the operating points with their evidence.

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
    #[serde(rename = "operatingPoints")]
    operating_points: OperatingPoints,
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

/// All measured operating points, exactly one of them in use.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<ListedPoint>")]
struct OperatingPoints {
    all: Vec<OperatingPoint>,
    in_use: OperatingPoint,
}

#[derive(Deserialize)]
struct ListedPoint {
    #[serde(flatten)]
    point: OperatingPoint,
    #[serde(rename = "inUse", default)]
    in_use: bool,
}

impl TryFrom<Vec<ListedPoint>> for OperatingPoints {
    type Error = &'static str;

    fn try_from(list: Vec<ListedPoint>) -> Result<Self, Self::Error> {
        let mut used = list.iter().filter(|listed| listed.in_use);
        match (used.next(), used.next()) {
            (Some(used), None) => Ok(Self {
                in_use: used.point,
                all: list.iter().map(|listed| listed.point).collect(),
            }),
            // With two there would be a choice, with none no threshold at all.
            _ => Err("not exactly one operating point is in use"),
        }
    }
}

impl Manifest {
    /// The threshold of the texture layer.
    pub fn presentation_attack_detection(&self) -> TextureThreshold {
        self.presentation_attack_detection
    }

    /// The operating point in use.
    pub fn operating_point(&self) -> OperatingPoint {
        self.operating_points.in_use
    }

    /// All operating points that were measured, the one in use among them.
    pub fn operating_points(&self) -> &[OperatingPoint] {
        &self.operating_points.all
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

    #[test]
    fn a_lower_false_match_rate_has_a_higher_threshold() {
        let points = manifest().unwrap().operating_points();
        assert!(points.len() >= 2);
        for pair in points.windows(2) {
            assert!(pair[0].fmr > pair[1].fmr && pair[0].threshold < pair[1].threshold);
        }
    }

    #[test]
    fn exactly_one_operating_point_is_in_use() {
        let read = |json: &str| serde_json::from_str::<OperatingPoints>(json);
        let (used, other) = (
            r#"{"fmr": 1e-5, "threshold": 0.5, "inUse": true}"#,
            r#"{"fmr": 1e-4, "threshold": 0.4}"#,
        );
        let points = read(&format!("[{other}, {used}]")).unwrap();
        assert!((points.in_use.threshold - 0.5).abs() < 1e-6 && points.all.len() == 2);
        assert!(read(&format!("[{other}]")).is_err());
        assert!(read(&format!("[{used}, {used}]")).is_err());
        assert!(read("[]").is_err());
    }
}
