//! `evaluation reference DIR`: our signal path beside OpenCV's, on pictures whose results OpenCV has written.

use std::fs;

use biometric_system::test_support::{extractor_output_at, measure};
use serde::Deserialize;

use crate::arguments::Arguments;
use crate::{Result, picture};
use measuring::models;

/// Least cosine between our features and OpenCV's.
const LEAST: f32 = 0.995;
/// One picture in so many may come out differently because of a tie.
const TIES: usize = 40;

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
/// A file cannot be read, a cosine from OpenCV's landmarks is below [`LEAST`], or more than one picture in
/// [`TIES`] from our own.
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
    let (count, below) = (
        reference.images.len(),
        describe("OpenCV's landmarks", aligned),
    );
    // The detector's best candidates may tie within a thousandth, their points being pixels apart; then the last
    // bit of the JPEG decoder decides. From the pixels of OpenCV's own decoder the result is OpenCV's.
    let astray = describe("our own landmarks", whole);
    if below > 0 || astray * TIES > count {
        Err(format!("cosine to OpenCV's features below {LEAST}"))
    } else {
        Ok(())
    }
}

/// Prints how near a list of cosines is to one; answers with how many are below [`LEAST`].
fn describe(name: &str, mut list: Vec<(f32, &str)>) -> usize {
    list.sort_by(|a, b| a.0.total_cmp(&b.0));
    let below = list.iter().filter(|(cosine, _)| *cosine < LEAST).count();
    if let Some((least, worst)) = list.first() {
        println!(
            "{} pictures, {name}: cosine to OpenCV's features at least {least:.5} ({worst}), median {:.5}; {below} below {LEAST}",
            list.len(),
            list[list.len() / 2].0
        );
    }
    below
}

/// Of vectors of any length.
fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
