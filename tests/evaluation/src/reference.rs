//! `evaluation reference DIR`: our signal path beside OpenCV's, on pictures whose results OpenCV has written.

use std::fs;

use biometric_system::test_support::{extractor_output_at, measure};
use serde::Deserialize;

use crate::arguments::Arguments;
use crate::{Result, models, picture};

/// Least cosine between our features and OpenCV's.
const LEAST: f32 = 0.995;

#[derive(Deserialize)]
struct Reference {
    images: Vec<Image>,
}

#[derive(Deserialize)]
struct Image {
    image: String,
    landmarks: [[f32; 2]; 5],
    features: Vec<f32>,
}

/// Compares on every picture of `DIR/reference.json` what the extractor says, from OpenCV's landmarks and from
/// our own. Before centring: OpenCV does not centre.
///
/// # Errors
/// A file cannot be read, or a cosine is below [`LEAST`].
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let file = arguments.folder.join("reference.json");
    let json = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let reference: Reference =
        serde_json::from_str(&json).map_err(|error| format!("{}: {error}", file.display()))?;
    let system = models::load()?;
    let (mut aligned, mut whole) = (Vec::new(), Vec::new());
    for image in &reference.images {
        let no_face = || format!("{}: no face", image.image);
        let frame = picture::read(&arguments.folder.join(&image.image)).ok_or_else(no_face)?;
        let found = measure(&system, &frame).ok_or_else(no_face)?;
        for (list, landmarks) in [
            (&mut aligned, image.landmarks),
            (&mut whole, found.landmarks),
        ] {
            let output = extractor_output_at(&system, &frame, landmarks).ok_or_else(no_face)?;
            list.push((cosine(&output, &image.features), image.image.as_str()));
        }
    }
    let least = [
        ("OpenCV's landmarks", aligned),
        ("our own landmarks", whole),
    ]
    .map(|(name, list)| describe(name, list));
    let below = least.iter().filter(|least| **least < LEAST).count();
    if below > 0 {
        Err(format!("cosine to OpenCV's features below {LEAST}"))
    } else {
        Ok(())
    }
}

/// Prints how near a list of cosines is to one; answers with the least.
fn describe(name: &str, mut list: Vec<(f32, &str)>) -> f32 {
    list.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some(&(least, worst)) = list.first() else {
        return f32::NEG_INFINITY;
    };
    println!(
        "{} pictures, {name}: cosine to OpenCV's features at least {least:.5} ({worst}), median {:.5}",
        list.len(),
        list[list.len() / 2].0
    );
    least
}

/// Of vectors of any length.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
