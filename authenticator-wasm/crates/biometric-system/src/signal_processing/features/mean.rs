//! The mean of the extractor's output over many people: the middle that directions are measured from.

use std::sync::LazyLock;

use serde::Deserialize;

use super::LENGTH;

/// Made by `cargo run --release --package evaluation -- mean DIR`; says itself from which data.
const FEATURES_MEAN_JSON: &str = include_str!("../../../features_mean.json");

static MEAN: LazyLock<Option<Mean>> = LazyLock::new(|| {
    let mean: Mean = serde_json::from_str(FEATURES_MEAN_JSON).ok()?;
    let sound = mean.mean.len() == LENGTH && mean.mean.iter().all(|x| x.is_finite());
    sound.then_some(mean)
});

#[derive(Deserialize)]
struct Mean {
    /// The pipeline version that it belongs to.
    #[allow(dead_code, reason = "read by a test only")]
    pipeline: String,
    mean: Vec<f32>,
}

/// The mean. None only if the built-in file is broken, which a test rules out.
pub(super) fn mean() -> Option<&'static [f32]> {
    Some(MEAN.as_ref()?.mean.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_mean_belongs_to_this_pipeline() {
        let mean = MEAN.as_ref().unwrap();
        let manifest = crate::model::manifest().unwrap();
        assert_eq!(mean.pipeline, manifest.pipeline);
        // A mean of unit vectors lies inside the unit ball, and not in its centre: else it would be no use.
        let norm = mean.mean.iter().map(|x| x * x).sum::<f32>().sqrt();
        assert!((0.05..0.95).contains(&norm), "{norm}");
    }
}
