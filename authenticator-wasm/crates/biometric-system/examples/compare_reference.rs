//! Compares this signal path with OpenCV's on images whose landmarks and features OpenCV has written.
//!
//! `cargo run --release -p biometric-system --features test-support --example compare_reference -- DIR`
//! where DIR holds `reference.json` and the images it names. Fails below a cosine of 0.995.

#[path = "support/images.rs"]
mod images;
#[path = "../tests/support/models.rs"]
mod models;

use std::path::PathBuf;

use biometric_system::test_support::measure;
use serde::Deserialize;

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

fn main() {
    let dir = PathBuf::from(
        std::env::args()
            .nth(1)
            .expect("usage: compare_reference DIR"),
    );
    let json = std::fs::read_to_string(dir.join("reference.json")).expect("reference.json");
    let reference: Reference = serde_json::from_str(&json).expect("reference.json");
    let system = models::load();
    let mut cosines = Vec::new();
    let mut furthest = 0.0_f32;
    for image in &reference.images {
        let found = measure(system, &images::read(&dir.join(&image.image))).expect("a face");
        let dot: f32 = found
            .features
            .iter()
            .zip(&image.features)
            .map(|(a, b)| a * b)
            .sum();
        for (ours, theirs) in found.landmarks.iter().zip(&image.landmarks) {
            furthest = furthest.max((ours[0] - theirs[0]).hypot(ours[1] - theirs[1]));
        }
        if dot < 0.998 {
            println!(
                "{} {dot:.4} {:?} {:?} {:?} {:?}",
                image.image, found.bounds, found.landmarks, image.landmarks, found.faces
            );
        }
        cosines.push(dot);
    }
    cosines.sort_by(f32::total_cmp);
    let (least, median) = (cosines[0], cosines[cosines.len() / 2]);
    println!(
        "{} images: cosine min {least:.5} median {median:.5}; landmarks at most {furthest:.2} pixels apart",
        cosines.len()
    );
    assert!(least >= 0.995, "this signal path is not OpenCV's");
}
